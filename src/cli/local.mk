tarproof_SOURCES = src/cli/main.c

# Everything else is in the library, where tests can reach it.
libtarproof_a_SOURCES += \
	src/cli/cli.c src/cli/cli.h \
	src/cli/auditing.c src/cli/auditing.h \
	src/cli/cmd_check.c \
	src/cli/cmd_completion.c \
	src/cli/cmd_explain.c \
	src/cli/cmd_help.c \
	src/cli/cmd_rebuild.c \
	src/cli/cmd_rules.c \
	src/cli/cmd_scan.c \
	src/cli/cmd_version.c \
	src/cli/command.c src/cli/command.h \
	src/cli/commands.def \
	src/cli/complete.h \
	src/cli/complete_bash.c \
	src/cli/complete_fish.c \
	src/cli/complete_zsh.c \
	src/cli/help.c src/cli/help.h \
	src/cli/nearest.c src/cli/nearest.h \
	src/cli/option.c src/cli/option.h \
	src/cli/origin_options.c src/cli/origin_options.h \
	src/cli/output.c src/cli/output.h \
	src/cli/progress.c src/cli/progress.h \
	src/cli/signals.c src/cli/signals.h \
	src/cli/terminal.c src/cli/terminal.h
