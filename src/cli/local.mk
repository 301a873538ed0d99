tarproof_SOURCES = \
	src/cli/main.c
