# Made by the program itself out of its tables. Each is named as it is installed.
bashcompletiondir = $(datadir)/bash-completion/completions
zshcompletiondir = $(datadir)/zsh/site-functions
fishcompletiondir = $(datadir)/fish/vendor_completions.d
nodist_bashcompletion_DATA = completions/tarproof
nodist_zshcompletion_DATA = completions/_tarproof
nodist_fishcompletion_DATA = completions/tarproof.fish

CLEANFILES += completions/tarproof completions/_tarproof completions/tarproof.fish
dist_check_SCRIPTS += completions/check-completions
TESTS += completions/check-completions

# A program built for another machine does not run here: the file then says so, and holds nothing.
make_completion = \
	$(MKDIR_P) completions && \
	case `./tarproof$(EXEEXT) --version 2>/dev/null` in \
	tarproof*) ./tarproof$(EXEEXT) completion $$shell >$@.tmp ;; \
	*) echo "$@: left empty: tarproof does not run on this machine" >&2; \
	   echo "\# Left empty by a cross build: tarproof completion $$shell makes it." >$@.tmp ;; \
	esac && mv $@.tmp $@

completions/tarproof: tarproof$(EXEEXT)
	$(AM_V_GEN)shell=bash; $(make_completion)

completions/_tarproof: tarproof$(EXEEXT)
	$(AM_V_GEN)shell=zsh; $(make_completion)

completions/tarproof.fish: tarproof$(EXEEXT)
	$(AM_V_GEN)shell=fish; $(make_completion)
