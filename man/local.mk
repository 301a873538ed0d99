dist_man_MANS += \
	man/tarproof.1 \
	man/tarproof-check.1 \
	man/tarproof-completion.1 \
	man/tarproof-explain.1 \
	man/tarproof-rebuild.1 \
	man/tarproof-rules.1 \
	man/tarproof-scan.1

# Made by the program out of its rules, as the completions are.
nodist_man_MANS = man/tarproof-rules.7
CLEANFILES += man/tarproof-rules.7

man/tarproof-rules.7: tarproof$(EXEEXT)
	$(AM_V_GEN)arguments='rules --format mdoc' comment='.\"'; $(by_the_program)

dist_check_SCRIPTS += tests/check-man
TESTS += tests/check-man
