#include "cli/complete.h"

#include "base/cleanup.h"

void complete_quote(struct buf *out, const char *text)
{
	buf_add_char(out, '\'');
	for (; *text; text++)
		if (*text == '\'')
			buf_add_cstr(out, "'\\''");
		else
			buf_add_char(out, *text);
	buf_add_char(out, '\'');
}

void complete_words(struct buf *out, const struct choice_set *set)
{
	for (size_t i = 0; set->name(i); i++)
		buf_addf(out, "%s%s", i ? " " : "", set->name(i));
}

/* What comes before the tables. bash cuts words at '=' by default (COMP_WORDBREAKS), so that
 * "--color=al" comes as three words; where it does not, the value is cut off here. Works
 * without the bash-completion package. */
static const char head[] =
"# bash completion for tarproof, made by `tarproof completion bash`\n"
"\n"
"# Files (or, with -d, folders) that begin with $cur.\n"
"_tarproof_files()\n"
"{\n"
"	local line\n"
"	compopt -o filenames 2>/dev/null\n"
"	while IFS= read -r line; do\n"
"		COMPREPLY+=(\"$prefix$line\")\n"
"	done < <(compgen \"${1:--f}\" -- \"$cur\")\n"
"}\n"
"\n"
"# Of the words given those that begin with $cur.\n"
"_tarproof_words()\n"
"{\n"
"	local line\n"
"	while IFS= read -r line; do\n"
"		COMPREPLY+=(\"$prefix$line\")\n"
"	done < <(compgen -W \"$1\" -- \"$cur\")\n"
"}\n"
"\n"
"_tarproof()\n"
"{\n"
"	local cur=${COMP_WORDS[COMP_CWORD]} prev= prefix= command= ended= i\n"
"	COMPREPLY=()\n"
"	if ((COMP_CWORD > 0)); then\n"
"		prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
"	fi\n"
"	for ((i = 1; i < COMP_CWORD; i++)); do\n"
"		case ${COMP_WORDS[i]} in\n"
"		--) ended=yes ;;\n"
"		-*) ;;\n"
"		*) command=${command:-${COMP_WORDS[i]}} ;;\n"
"		esac\n"
"	done\n"
"	if [[ $cur == = ]]; then\n"
"		cur=\n"
"	elif [[ $prev == = ]] && ((COMP_CWORD > 1)); then\n"
"		prev=${COMP_WORDS[COMP_CWORD - 2]}\n"
"	elif [[ $cur == --*=* ]]; then\n"
"		prev=${cur%%=*}\n"
"		prefix=$prev=\n"
"		cur=${cur#*=}\n"
"	fi\n"
"	if [[ -n $ended ]]; then\n"
"		prev=\n"
"	fi\n"
"	case $command,$prev in\n";

static void value_offer(struct buf *out, enum completion_kind kind, const struct choice_set *set)
{
	AUTO_BUF struct buf words = BUF_INIT;

	if (set) {
		complete_words(&words, set);
		buf_add_cstr(out, "_tarproof_words ");
		complete_quote(out, buf_cstr(&words));
	} else if (kind == COMPLETE_FILE) {
		buf_add_cstr(out, "_tarproof_files");
	} else if (kind == COMPLETE_FOLDER) {
		buf_add_cstr(out, "_tarproof_files -d");
	} else {
		buf_add_cstr(out, ":");
	}
}

/* The cases by which an option's value is offered. */
static void values(struct buf *out, const struct command *c)
{
	for (const struct option_row *row = c->options; row->name; row++) {
		if (row->hidden || !option_takes_value(row))
			continue;
		buf_addf(out, "	%s,--%s", c->name, row->name);
		if (row->letter)
			buf_addf(out, " | %s,-%c", c->name, row->letter);
		buf_add_cstr(out, ")\n		");
		value_offer(out, row->complete, row->choices);
		buf_add_cstr(out, "\n		return ;;\n");
	}
}

static void options(struct buf *out, const struct option_row *table)
{
	const char *blank = "";

	for (const struct option_row *row = table; row->name; row++) {
		if (row->hidden)
			continue;
		buf_addf(out, "%s--%s", blank, row->name);
		if (row->letter)
			buf_addf(out, " -%c", row->letter);
		blank = " ";
	}
}

/* What a command takes besides: its options after a dash, else its operand. */
static void command_case(struct buf *out, const char *name, const struct option_row *table,
			 const struct operand *operand)
{
	buf_addf(out, "	%s,-*,)\n		_tarproof_words '", name);
	options(out, table);
	buf_addf(out, "' ;;\n	%s,*)\n		", name);
	value_offer(out, operand->complete, operand->choices);
	buf_add_cstr(out, " ;;\n");
}

void complete_bash(struct buf *out)
{
	const struct operand command = { .choices = &command_names };

	buf_add_cstr(out, head);
	for (size_t i = 0; commands[i]; i++)
		values(out, commands[i]);
	buf_add_cstr(out, "	esac\n	case $command,$cur,$ended in\n");
	command_case(out, "", global_options, &command);
	for (size_t i = 0; commands[i]; i++)
		command_case(out, commands[i]->name, commands[i]->options, &commands[i]->operand);
	buf_add_cstr(out, "	esac\n}\ncomplete -F _tarproof tarproof\n");
}
