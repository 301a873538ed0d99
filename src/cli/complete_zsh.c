#include "cli/complete.h"

#include "base/cleanup.h"

/* Text inside of a specification of _arguments or _describe, itself within single quotes. */
static void zsh_text(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\'') {
			buf_add_cstr(out, "'\\''");
			continue;
		}
		if (strchr("[]:\\", *text))
			buf_add_char(out, '\\');
		/* "`" and "$" mean nothing here. */
		buf_add_char(out, *text);
	}
}

/* ":NAME:ACTION" of a value or an operand. */
static void zsh_action(struct buf *out, const char *name, enum completion_kind kind,
		       const struct choice_set *set)
{
	buf_add_char(out, ':');
	zsh_text(out, name);
	buf_add_char(out, ':');
	if (set && set->summary) {
		buf_add_cstr(out, "((");
		for (size_t i = 0; set->name(i); i++) {
			buf_addf(out, "%s%s\\:\"", i ? " " : "", set->name(i));
			for (const char *c = set->summary(i); *c; c++) {
				if (*c == '\'') {
					buf_add_cstr(out, "'\\''");
					continue;
				}
				if (strchr("\"`$\\", *c))
					buf_add_char(out, '\\');
				/* A colon would end the action, quoted or not. */
				buf_add_char(out, *c == ':' ? ',' : *c);
			}
			buf_add_char(out, '"');
		}
		buf_add_cstr(out, "))");
	} else if (set) {
		buf_add_char(out, '(');
		complete_words(out, set);
		buf_add_char(out, ')');
	} else if (kind == COMPLETE_FILE) {
		buf_add_cstr(out, "_files");
	} else if (kind == COMPLETE_FOLDER) {
		buf_add_cstr(out, "_files -/");
	} else {
		buf_add_char(out, ' ');
	}
}

/* One specification: '(-o --output)'{-o+,--output=}'[help]:FILE:_files' */
static void zsh_option(struct buf *out, const struct option_row *row)
{
	const bool repeats = row->type == OPTION_LIST || row->type == OPTION_COUNT;
	const char *after = option_takes_value(row) ? "=" : "";

	buf_add_cstr(out, " \\\n			");
	if (row->type == OPTION_HELP)
		buf_add_cstr(out, "'(- *)'");
	else if (repeats)
		buf_add_cstr(out, "'*'");
	else if (row->letter)
		buf_addf(out, "'(-%c --%s)'", row->letter, row->name);
	if (row->letter)
		buf_addf(out, "{-%c%s,--%s%s}'[", row->letter, *after ? "+" : "", row->name, after);
	else
		buf_addf(out, "'--%s%s[", row->name, after);
	zsh_text(out, row->help);
	buf_add_char(out, ']');
	if (option_takes_value(row))
		zsh_action(out, row->arg, row->complete, row->choices);
	buf_add_char(out, '\'');
}

static void zsh_arguments(struct buf *out, const struct option_row *table)
{
	buf_add_cstr(out, "_arguments -s -S");
	for (const struct option_row *row = table; row->name; row++)
		if (!row->hidden)
			zsh_option(out, row);
}

static void zsh_command(struct buf *out, const struct command *c)
{
	const struct operand *o = &c->operand;

	buf_addf(out, "	%s)\n		", c->name);
	zsh_arguments(out, c->options);
	if (o->name) {
		buf_add_cstr(out, " \\\n			'1");
		zsh_action(out, o->name, o->complete, o->choices);
		buf_add_char(out, '\'');
	}
	buf_add_cstr(out, "\n		;;\n");
}

void complete_zsh(struct buf *out)
{
	buf_add_cstr(out,
		     "#compdef tarproof\n"
		     "# zsh completion for tarproof, made by `tarproof completion zsh`\n\n"
		     "_tarproof()\n{\n"
		     "	local curcontext=$curcontext state line ret=1\n"
		     "	local -A opt_args\n\n"
		     "	_arguments -C -S \\\n"
		     "		'(- *)'{-h,--help}'[show this help]' \\\n"
		     "		'(- *)'{-V,--version}'[show the version]' \\\n"
		     "		'1");
	zsh_action(out, "COMMAND", COMPLETE_NOTHING, &command_names);
	buf_add_cstr(out,
		     "' \\\n		'*::argument:->argument' && ret=0\n"
		     "	[[ $state == argument ]] || return ret\n"
		     "	curcontext=${curcontext%:*}-$words[1]:\n"
		     "	case $words[1] in\n");
	for (size_t i = 0; commands[i]; i++)
		zsh_command(out, commands[i]);
	buf_add_cstr(out,
		     "	esac\n}\n\n"
		     "if [[ $funcstack[1] == _tarproof ]]; then\n"
		     "	_tarproof \"$@\"\n"
		     "else\n"
		     "	compdef _tarproof tarproof\n"
		     "fi\n");
}
