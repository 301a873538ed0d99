dist_man_MANS += \
	man/tarproof.1 \
	man/tarproof-check.1 \
	man/tarproof-completion.1 \
	man/tarproof-explain.1 \
	man/tarproof-rules.1 \
	man/tarproof-scan.1

dist_check_SCRIPTS += tests/check-man
TESTS += tests/check-man
