/* What runs: a text, a file, or what comes out of a pipe, and what that went through before. */
#include "inspect/code.h"
#include "inspect/idiom.h"
#include "inspect/script_work.h"

static void add_sink(struct script_work *w, unsigned int caps, int64_t line, struct str text)
{
	struct script *const o = w->out;

	o->sinks = memory_grow(o->sinks, o->sinks_n, &o->sinks_cap, sizeof(*o->sinks));
	o->sinks[o->sinks_n++] = (struct script_sink){ line, caps, arena_str(w->arena,
							str_first(str_trim(text), 400)) };
}

/* Whether what a command says of its errors is thrown away. */
static bool hides_errors(const struct script_work *w, const struct command *c)
{
	for (size_t i = 0; i < c->redirections_n; i++) {
		const struct redirection *const r = &c->redirections[i];

		if (r->op[0] == '>' && (r->fd == 2 || strcmp(r->op, ">&") == 0) &&
		    str_eq(word_text(&w->vars, &r->target, 0, NULL), STR("/dev/null")))
			return true;
	}
	return false;
}

void script_tell_execution(struct script_work *w, const struct pipeline *p, const struct command *c, unsigned int caps,
			   bool from_pipe, bool in_sight)
{
	const unsigned int how = caps & (CAP_UNDO | CAP_DISCOVER | CAP_NETWORK);
	const bool hidden = hides_errors(w, c);
	const int64_t line = script_line(w, c->line);
	struct note *n;

	if ((!how && !from_pipe) || idiom_is_known(p->text))
		return;
	caps |= CAP_EXECUTE | (hidden ? CAP_HIDDEN : 0);
	if (how == CAP_NETWORK) {
		/* That it is fetched was said. */
		n = script_tell(w, RULE_TP212, line, p->text, "");
		n->message = arena_strf(w->notes->arena, "what is fetched is run as a program%s",
					hidden ? ", with its errors thrown away" : "");
		n->severity = SEVERITY_HIGH;
		n->evidence_n = 0;
	} else if (how) {
		n = note_add(w->notes, RULE_TP206, "data is run as a program after it was %.*s%s",
			     STR_FMT(script_caps_text(w->arena, how)),
			     hidden ? ", with its errors thrown away" : "");
		if (how == CAP_UNPACK || how == CAP_CARVE)
			n->severity = SEVERITY_HIGH;
	} else {
		n = note_add(w->notes, RULE_TP205, "text is piped into a shell%s",
			     hidden ? ", with its errors thrown away" : "");
		/* The program is a text that a reader can see being made, unless somebody cares to hide it. */
		n->severity = in_sight ? SEVERITY_INFO : hidden ? SEVERITY_MEDIUM : SEVERITY_LOW;
	}
	n->line = line;
	note_evidence(w->notes, n, str_trim(p->text));
	add_sink(w, caps, line, p->text);
	w->out->caps |= caps;
}

void script_see_input_name(struct script_work *w, struct command *c, int64_t line)
{
	const struct command_seen *const seen = script_see(w, c, 0);
	const enum language other = seen->ways_n ? role_interpreted(seen->way[0].argv.base) : LANGUAGE_NONE;

	for (size_t i = 0; i < c->redirections_n; i++)
		if (strcmp(c->redirections[i].op, "<") == 0 && c->redirections[i].fd <= 0)
			script_see_program(w, word_text(&w->vars, &c->redirections[i].target, 0, NULL),
					   CAP_EXECUTE | CAP_PROGRAM, other != LANGUAGE_NONE ? other : LANGUAGE_SHELL, line);
}

void script_see_read_names(struct script_work *w, const struct pipeline *p, size_t n, int64_t line)
{
	for (size_t i = 0; i < n; i++) {
		const struct command_seen *const seen = script_see(w, p->v[i], 0);

		for (size_t k = 1; seen->ways_n && k < seen->way[0].argv.n; k++) {
			struct str name = seen->way[0].argv.v[k];

			if (str_starts(name, STR("if=")))
				name = str_from_at(name, 3);
			script_see_name(w, name, CAP_EXECUTE | CAP_PROGRAM | CAP_FILE, line);
		}
	}
}

static void see_read_names_of_word(struct script_work *w, const struct word *word, int64_t line,
				   unsigned int depth)
{
	for (size_t i = 0; i < word->n && depth < TEXT_DEPTH; i++) {
		const struct part *const p = &word->v[i];

		if (p->kind == PART_COMMAND)
			for (size_t k = 0; p->list && k < p->list->n; k++)
				script_see_read_names(w, &p->list->v[k], p->list->v[k].n, line);
		else if (p->kind == PART_VARIABLE && p->text.len && !map_get(&w->run_vars, p->text)) {
			/* Once each, as values may name each other. */
			map_put(&w->run_vars, p->text, 1);
			for (const struct value *v = variable_values(&w->vars, p->text); v; v = v->next)
				see_read_names_of_word(w, v->word, line, depth + 1);
		}
	}
}

/* The file that an interpreter runs; empty: none is named. */
static struct str program_file(const struct argv *a)
{
	const bool java = str_eq(a->base, STR("java"));

	if (command_is_awk(a->base) || command_is_make(a->base)) {
		const struct str *const file = command_program_file(a);

		return file ? *file : STR("");
	}
	for (size_t i = 1; i < a->n; i++) {
		if (java && str_eq(a->v[i], STR("-jar")))
			return i + 1 < a->n ? a->v[i + 1] : STR("");
		if (!java && (a->kind & COMMAND_STDIN) && a->v[i].len && a->v[i].ptr[0] != '-')
			return a->v[i];
		if (!java && a->v[i].len > 1 && strchr("ecm", a->v[i].ptr[a->v[i].len - 1]))
			break;
	}
	return STR("");
}

/* The file that a shell runs; what follows it are its arguments. */
static struct str shell_file(const struct argv *a)
{
	for (size_t i = 1; i < a->n; i++) {
		const struct str word = a->v[i];

		if (word.len == 0 || (word.ptr[0] != '-' && word.ptr[0] != '+'))
			return word;
		if (word.ptr[word.len - 1] == 'c' || word.ptr[word.len - 1] == 's')
			return STR("");
		i += word.ptr[word.len - 1] == 'o';
	}
	return STR("");
}

/* What is run where a word is a program: a text that decodes is a command, and runs what it runs itself. */
static unsigned int text_run_caps(struct script_work *w, const struct word *word, unsigned int depth)
{
	const unsigned int all = script_word_caps(w, word, depth + 1);

	return script_program_caps(w, word, depth + 1) | (all & CAP_EXECUTE ? all : 0);
}

/* <(...): the output of a command, by a name of a file. */
static bool is_file_of(const struct word *word)
{
	return word->n == 1 && word->v[0].file;
}

/* The words of an interpreter's command that are programs: awk's first one, and what follows -c and the like. */
static unsigned int program_text_caps(struct script_work *w, const struct command *c, const struct argv *a,
				      unsigned int depth)
{
	const bool awk = command_is_awk(a->base);
	struct str before = STR("");
	unsigned int caps = 0;

	for (size_t i = 1; i < c->words_n; i++) {
		const struct word *const word = &c->words[i];
		const struct str text = word->n && word->v[0].kind == PART_TEXT ? word->v[0].text : STR("");
		const bool option = text.len > 1 && text.ptr[0] == '-', valued = before.len == 2 && before.ptr[0] == '-';

		if (str_starts(text, STR("--eval=")) || str_eq(before, STR("--eval")) ||
		    (awk ? !option && !(valued && strchr("vFf", before.ptr[1])) :
			   valued && strchr("cer", before.ptr[1]))) {
			caps |= script_output_caps(w, word, depth + 1);
			if (awk)
				break;
		}
		before = text;
	}
	return caps;
}

enum { OPTION_MAX = 5, LANGUAGES_MAX = 3 };

static enum language language_of(struct str base)
{
	if (str_starts(base, STR("python")) || str_eq(base, STR("$PYTHON")))
		return LANGUAGE_PYTHON;
	if (str_eq(base, STR("perl")) || str_eq(base, STR("$PERL")))
		return LANGUAGE_PERL;
	return str_eq(base, STR("node")) || str_eq(base, STR("nodejs")) ? LANGUAGE_JAVASCRIPT : LANGUAGE_NONE;
}

/* -c, -Sc; -e, -ne: what follows is a program. */
static bool precedes_program(enum language language, struct str option)
{
	const char last = option.len > 1 && option.len <= OPTION_MAX && option.ptr[0] == '-' ?
			  option.ptr[option.len - 1] : '\0';

	if (language == LANGUAGE_PERL)
		return (last == 'e' || last == 'E') && option.ptr[1] != 'M' && option.ptr[1] != 'I';
	return language == LANGUAGE_PYTHON ? last == 'c' : last == 'e' || last == 'p';
}

/* python3 -c 'program' and the like: read as what it is. */
static void see_other_language(struct script_work *w, const struct argv *a, int64_t line)
{
	const enum language language = language_of(a->base);
	const size_t before = w->notes->n;
	size_t i = 1;

	while (language != LANGUAGE_NONE && i < a->n && !precedes_program(language, a->v[i]))
		i++;
	if (language == LANGUAGE_NONE || ++i >= a->n)
		return;
	if (w->budget <= a->v[i].len || w->notes->languages >= LANGUAGES_MAX) {
		w->out->incomplete = true;
		return;
	}
	w->budget -= a->v[i].len;
	/* Shell within Python within shell: each is walked on its own. */
	w->notes->languages++;
	code_examine(language, STR(""), a->v[i], w->notes, w->out);
	w->notes->languages--;
	for (size_t n = before; n < w->notes->n; n++)
		w->notes->v[n].line = line;
}

static bool is_startup_variable(struct str name)
{
	return str_eq(name, STR("BASH_ENV")) || str_eq(name, STR("ENV"));
}

void script_see_startup(struct script_work *w, const struct pipeline *p, const struct command *c)
{
	unsigned int caps = 0;

	if (!w->file_caps.n)
		return;
	for (size_t i = 0; i < c->assignments_n; i++)
		if (is_startup_variable(c->assignments[i].name))
			caps |= script_file_caps(w, word_text(&w->vars, &c->assignments[i].value, 0, NULL));
	/* export ENV=file */
	for (size_t i = 1; i < c->words_n; i++) {
		const struct str text = word_text(&w->vars, &c->words[i], 0, NULL);
		const size_t n = str_find(text, '=');

		if (n != (size_t)-1 && is_startup_variable(str_first(text, n)))
			caps |= script_file_caps(w, str_from_at(text, n + 1));
	}
	if (caps & CAP_UNDO)
		script_tell_execution(w, p, c, caps, false, false);
}

/* $(...) and $name where a command's name stands. */
static bool name_is_worked_out(const struct script_work *w, const struct command *c)
{
	const struct word *const name = &c->words[0];

	/* Lists of macros look like commands. */
	if (w->prose || w->documents || w->dialect == DIALECT_M4 || !c->words_n)
		return false;
	for (size_t i = 0; i < name->n; i++)
		if (name->v[i].kind == PART_TEXT && name->v[i].text.len)
			return false;
	return true;
}

static enum language included_as(enum dialect d)
{
	return d == DIALECT_MAKE ? LANGUAGE_MAKE : d == DIALECT_M4 ? LANGUAGE_M4 :
	       d == DIALECT_CMAKE ? LANGUAGE_CMAKE : LANGUAGE_NONE;
}

void script_see_runner(struct script_work *w, const struct pipeline *p, const struct command *c, const struct argv *a,
		       unsigned int depth)
{
	const int64_t line = script_line(w, c->line);
	const bool shell = a->kind & COMMAND_SHELL, dot = str_eq(a->base, STR(".")) ||
							    str_eq(a->base, STR("source"));
	unsigned int caps = 0, value = 0;

	if (str_eq(a->base, STR("eval"))) {
		for (size_t i = 1; i < c->words_n; i++)
			see_read_names_of_word(w, &c->words[i], line, 0);
		for (size_t i = 1; i < c->words_n; i++) {
			caps |= text_run_caps(w, &c->words[i], depth);
			value |= script_output_caps(w, &c->words[i], depth + 1);
		}
		/* It is run if it holds what ends a value. */
		if (!(caps & (CAP_UNDO | CAP_DISCOVER | CAP_NETWORK)) && (value & CAP_UNDO) && !idiom_is_known(p->text))
			script_tell(w, RULE_TP206, line, p->text, "what was decoded is a value in what is evaluated")->severity =
				SEVERITY_LOW;
	} else if (str_eq(a->base, STR("trap"))) {
		if (c->words_n > 1)
			caps |= script_output_caps(w, &c->words[1], depth + 1);
	} else if (shell || dot || (a->kind & COMMAND_INTERPRETER)) {
		/* What make is given are targets; m4 and the like read every file as a program. */
		if (str_eq(a->base, STR("m4")))
			for (size_t i = 1; i < a->n; i++)
				caps |= script_file_caps(w, a->v[i]);
		else
			caps |= script_file_caps(w, shell || dot ? shell_file(a) : program_file(a));
		/* Of a file's name only how it was found matters, of a text after -c all. */
		for (size_t i = 1; i < c->words_n && (shell || dot); i++)
			caps |= (shell && command_has_option(a, 'c', NULL)) || is_file_of(&c->words[i]) ?
				text_run_caps(w, &c->words[i], depth) & ~(unsigned int)CAP_FILE :
				script_word_caps(w, &c->words[i], depth + 1) & CAP_DISCOVER;
		for (size_t i = 1; i < c->words_n && (shell || dot); i++)
			caps |= script_parameter_file_caps(w, &c->words[i]);
		if (!shell && !dot) {
			caps |= program_text_caps(w, c, a, depth);
			see_other_language(w, a, line);
		}
		/* What make, m4 and cmake include is written for them, and no program of its own. */
		const enum language included = str_eq(a->base, STR("source")) ? included_as(w->dialect) : LANGUAGE_NONE;

		if (included != LANGUAGE_NONE)
			script_see_program(w, shell_file(a), CAP_EXECUTE, included, line);
		else
			script_see_program(w, shell || dot ? shell_file(a) : program_file(a), CAP_EXECUTE | CAP_PROGRAM,
					   shell || dot ? LANGUAGE_SHELL : role_interpreted(a->base), line);
	} else if (!w->prose) {
		caps = a->n ? script_file_caps(w, a->v[0]) : 0;
		if (name_is_worked_out(w, c))
			caps |= script_output_caps(w, &c->words[0], depth + 1) | script_parameter_file_caps(w, &c->words[0]);
	}
	if (caps & (CAP_UNDO | CAP_DISCOVER | CAP_NETWORK))
		script_tell_execution(w, p, c, caps, false, false);
}
