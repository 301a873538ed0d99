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

completions/tarproof: tarproof$(EXEEXT)
	$(AM_V_GEN)arguments='completion bash' comment='#'; $(by_the_program)

completions/_tarproof: tarproof$(EXEEXT)
	$(AM_V_GEN)arguments='completion zsh' comment='#'; $(by_the_program)

completions/tarproof.fish: tarproof$(EXEEXT)
	$(AM_V_GEN)arguments='completion fish' comment='#'; $(by_the_program)
