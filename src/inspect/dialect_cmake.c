/* Commands of CMake as the shell lines that they come to. Source: cmake-language(7), cmake-commands(7). */
#include "inspect/dialect_work.h"

#include "base/ascii.h"

enum { ARGUMENTS_MAX = 512, CODE_DEPTH = 4 };

struct argument {
	struct str text;
	bool quoted;
};

struct cmake {
	struct dialect_text *out;
	struct str text;
	size_t at;
	uint32_t line;
	unsigned int depth;	/* of code within install(CODE) and the like */
	struct argument v[ARGUMENTS_MAX];
	size_t n;
};

static void convert(struct dialect_text *out, struct str text, uint32_t line, unsigned int depth);

static char peek(const struct cmake *c, size_t ahead)
{
	return c->at + ahead < c->text.len ? c->text.ptr[c->at + ahead] : '\0';
}

static void take(struct cmake *c)
{
	c->line += peek(c, 0) == '\n';
	c->at++;
}

/* [=[ ... ]=]; false: there is none here. */
static bool read_bracket(struct cmake *c, struct str *text)
{
	size_t level = 0, from;

	while (peek(c, 1 + level) == '=')
		level++;
	if (peek(c, 0) != '[' || peek(c, 1 + level) != '[')
		return false;
	c->at += level + 2;
	for (from = c->at; c->at < c->text.len; take(c)) {
		size_t n = 0;

		while (peek(c, 0) == ']' && n < level && peek(c, 1 + n) == '=')
			n++;
		if (peek(c, 0) == ']' && n == level && peek(c, 1 + n) == ']')
			break;
	}
	*text = str_of(c->text.ptr + from, c->at - from);
	c->at = c->at + level + 2 < c->text.len ? c->at + level + 2 : c->text.len;
	return true;
}

static void skip_comment(struct cmake *c)
{
	struct str text;

	c->at++;
	if (read_bracket(c, &text))
		return;
	while (c->at < c->text.len && peek(c, 0) != '\n')
		c->at++;
}

static void read_argument(struct cmake *c)
{
	struct argument a = { .quoted = peek(c, 0) == '"' };
	size_t from;

	if (peek(c, 0) == '[' && read_bracket(c, &a.text)) {
		a.quoted = true;
	} else {
		c->at += a.quoted;
		for (from = c->at; c->at < c->text.len; take(c)) {
			if (a.quoted ? peek(c, 0) == '"' : memchr(" \t\r\n()\"#", peek(c, 0), 8) != NULL)
				break;
			if (peek(c, 0) == '\\' && c->at + 1 < c->text.len)
				take(c);
		}
		a.text = str_of(c->text.ptr + from, c->at - from);
		c->at += a.quoted && c->at < c->text.len;
	}
	if (c->n < ARGUMENTS_MAX)
		c->v[c->n++] = a;
}

/* Up to the parenthesis that closes the command. */
static void read_arguments(struct cmake *c)
{
	size_t open = 1;

	for (c->n = 0; c->at < c->text.len;) {
		const char ch = peek(c, 0);

		if (ch == '#') {
			skip_comment(c);
		} else if (ch == '(' || ch == ')') {
			c->at++;
			open += ch == '(' ? 1 : (size_t)-1;
			if (open == 0)
				return;
		} else if (ch == ' ' || ch == '\t' || ch == '\r' || ch == '\n') {
			take(c);
		} else {
			read_argument(c);
		}
	}
}

/* --- what commands come to --- */

/* One word of shell: ${X} means the same there. */
static void add_word(struct cmake *c, const struct argument *a)
{
	struct buf *const to = &c->out->text;
	const bool generated = str_find_str(a->text, STR("$<")) != (size_t)-1;

	if (a->quoted)
		buf_add_char(to, '"');
	for (size_t i = 0; i < a->text.len; i++) {
		const char ch = a->text.ptr[i];

		if (str_starts(str_from_at(a->text, i), STR("$ENV{"))) {
			buf_add_char(to, '$');
			i += 3;
		} else if (ch == '\n') {
			dialect_add_newline(c->out, c->line);
		} else if (ch == ';' && !a->quoted) {
			buf_add_char(to, ' ');	/* a list is words */
		} else {
			if (ch == '`' || (generated && !a->quoted && (ch == '<' || ch == '>' || ch == '$')))
				buf_add_char(to, '\\');
			buf_add_char(to, ch);
		}
	}
	if (a->quoted)
		buf_add_char(to, '"');
}

static void add_text(struct cmake *c, const char *text)
{
	buf_add_cstr(&c->out->text, text);
}

static void end_line(struct cmake *c)
{
	dialect_add_newline(c->out, c->line);
}

static bool is_variable(struct str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!ascii_is_word(name.ptr[i]))
			return false;
	return name.len && ascii_is_word_start(name.ptr[0]);
}

/* Words that end the words of a command. */
static bool is_keyword(const struct argument *a)
{
	static const struct str words[] = {
		STR("COMMAND"), STR("WORKING_DIRECTORY"), STR("TIMEOUT"), STR("RESULT_VARIABLE"), STR("RESULTS_VARIABLE"),
		STR("OUTPUT_VARIABLE"), STR("ERROR_VARIABLE"), STR("INPUT_FILE"), STR("OUTPUT_FILE"), STR("ERROR_FILE"),
		STR("OUTPUT_QUIET"), STR("ERROR_QUIET"), STR("OUTPUT_STRIP_TRAILING_WHITESPACE"),
		STR("ERROR_STRIP_TRAILING_WHITESPACE"), STR("ENCODING"), STR("COMMAND_ECHO"), STR("COMMAND_ERROR_IS_FATAL"),
		STR("ECHO_OUTPUT_VARIABLE"), STR("ECHO_ERROR_VARIABLE"), STR("COMMENT"), STR("DEPENDS"), STR("VERBATIM"),
		STR("OUTPUT"), STR("BYPRODUCTS"), STR("TARGET"), STR("POST_BUILD"), STR("PRE_BUILD"), STR("PRE_LINK"),
		STR("USES_TERMINAL"), STR("JOB_POOL"), STR("MAIN_DEPENDENCY"), STR("IMPLICIT_DEPENDS"), STR("DEPFILE"),
		STR("COMMAND_EXPAND_LISTS"), STR("APPEND"), STR("SOURCES"),
	};

	return !a->quoted && STR_IS_ONE_OF(a->text, words);
}

/* What follows a keyword; NULL: it is not there. */
static const struct argument *value_of(const struct cmake *c, const char *keyword)
{
	for (size_t i = 0; i + 1 < c->n; i++)
		if (str_eq(c->v[i].text, str_from(keyword)))
			return &c->v[i + 1];
	return NULL;
}

/* The words of the COMMAND at `i`; returns where they end. `cmake -E env`, `cmake -E time` run another one. */
static size_t add_command(struct cmake *c, size_t i)
{
	bool first = true;

	i++;
	if (i + 2 < c->n && str_eq(c->v[i].text, STR("${CMAKE_COMMAND}")) && str_eq(c->v[i + 1].text, STR("-E")))
		i += 2;
	/* A script of its own. */
	if (i + 2 < c->n && str_eq(c->v[i].text, STR("${CMAKE_COMMAND}")) && str_eq(c->v[i + 1].text, STR("-P"))) {
		i += 2;
		add_text(c, "source ");
	}
	for (; i < c->n && !is_keyword(&c->v[i]); i++) {
		if (!first)
			buf_add_char(&c->out->text, ' ');
		add_word(c, &c->v[i]);
		first = false;
	}
	return i;
}

/* All commands at once, each one's output is the next one's input. */
static void add_pipeline(struct cmake *c)
{
	const struct argument *const variable = value_of(c, "OUTPUT_VARIABLE"), *const input = value_of(c, "INPUT_FILE"),
			     *const output = value_of(c, "OUTPUT_FILE");
	const bool captured = variable && is_variable(variable->text);
	bool first = true;

	if (captured) {
		buf_add_str(&c->out->text, variable->text);
		add_text(c, "=\"$(");
	}
	for (size_t i = 0; i < c->n;) {
		if (!str_eq(c->v[i].text, STR("COMMAND"))) {
			i++;
			continue;
		}
		add_text(c, first ? "" : " | ");
		i = add_command(c, i);
		if (first && input) {
			add_text(c, " <");
			add_word(c, input);
		}
		first = false;
	}
	if (output) {
		add_text(c, " >");
		add_word(c, output);
	}
	add_text(c, captured ? ")\"" : "");
	end_line(c);
}

static void add_commands(struct cmake *c)
{
	for (size_t i = 0; i < c->n;) {
		if (!str_eq(c->v[i].text, STR("COMMAND"))) {
			i++;
			continue;
		}
		i = add_command(c, i);
		end_line(c);
	}
}

static void add_assignment(struct cmake *c, struct str name, size_t from, const char *before, const char *after)
{
	if (!is_variable(name))
		return;
	buf_add_str(&c->out->text, name);
	add_text(c, before);
	for (size_t i = from; i < c->n; i++) {
		const struct argument plain = { c->v[i].text, false };

		if (i > from)
			buf_add_char(&c->out->text, ' ');
		add_word(c, &plain);
	}
	add_text(c, after);
	end_line(c);
}

static void add_file_command(struct cmake *c)
{
	const struct str what = c->n ? c->v[0].text : STR("");

	if (c->n > 2 && (str_eq(what, STR("READ")) || str_eq(what, STR("STRINGS")))) {
		const struct str name = c->v[2].text;

		c->n = 2;
		add_assignment(c, name, 1, "=\"$(cat ", ")\"");
	} else if (c->n > 2 && (str_eq(what, STR("WRITE")) || str_eq(what, STR("APPEND")))) {
		const struct argument file = c->v[1];

		add_text(c, "echo");
		for (size_t i = 2; i < c->n; i++) {
			buf_add_char(&c->out->text, ' ');
			add_word(c, &c->v[i]);
		}
		add_text(c, " >");
		add_word(c, &file);
		end_line(c);
	} else if (c->n > 2 && str_eq(what, STR("DOWNLOAD"))) {
		add_text(c, "curl ");
		add_word(c, &c->v[1]);
		add_text(c, " >");
		add_word(c, &c->v[2]);
		end_line(c);
	}
}

static void add_code(struct cmake *c, struct str code)
{
	struct buf plain = BUF_INIT;

	for (size_t i = 0; i < code.len; i++) {
		i += code.ptr[i] == '\\' && i + 1 < code.len;
		buf_add_char(&plain, code.ptr[i]);
	}
	if (c->depth < CODE_DEPTH)
		convert(c->out, buf_str(&plain), c->line, c->depth + 1);
	buf_release(&plain);
}

static void add_statement(struct cmake *c, struct str name)
{
	if (str_case_eq(name, STR("execute_process"))) {
		add_pipeline(c);
	} else if (str_case_eq(name, STR("add_custom_command")) || str_case_eq(name, STR("add_custom_target")) ||
		   str_case_eq(name, STR("add_test"))) {
		add_commands(c);
	} else if (str_case_eq(name, STR("find_program")) && c->n > 1) {
		const struct argument *const names = value_of(c, "NAMES");

		c->v[1] = names ? *names : c->v[1];
		c->n = 2;
		add_assignment(c, c->v[0].text, 1, "=\"", "\"");
	} else if (str_case_eq(name, STR("set")) && c->n > 1) {
		add_assignment(c, c->v[0].text, 1, "=\"", "\"");
	} else if (str_case_eq(name, STR("string")) && c->n > 4 && str_eq(c->v[0].text, STR("REPLACE"))) {
		add_assignment(c, c->v[3].text, 4, "=\"", "\"");
	} else if (str_case_eq(name, STR("string")) && c->n > 5 && str_eq(c->v[1].text, STR("REPLACE"))) {
		add_assignment(c, c->v[4].text, 5, "=\"", "\"");
	} else if (str_case_eq(name, STR("file"))) {
		add_file_command(c);
	} else if (str_case_eq(name, STR("include")) && c->n && str_find(c->v[0].text, '.') != (size_t)-1) {
		add_text(c, "source ");
		add_word(c, &c->v[0]);
		end_line(c);
	} else if (str_case_eq(name, STR("configure_file")) && c->n > 1) {
		add_text(c, "cat ");
		add_word(c, &c->v[0]);
		add_text(c, " >");
		add_word(c, &c->v[1]);
		end_line(c);
	} else if (str_case_eq(name, STR("cmake_language")) && c->n > 2 && str_eq(c->v[0].text, STR("EVAL"))) {
		add_text(c, "eval ");
		add_word(c, &c->v[2]);
		end_line(c);
	}
	for (size_t i = 0; i + 1 < c->n; i++)
		if (str_eq(c->v[i].text, STR("CODE")) && c->v[i + 1].quoted)
			add_code(c, c->v[i + 1].text);
}

static void convert(struct dialect_text *out, struct str text, uint32_t line, unsigned int depth)
{
	struct cmake *const c = memory_zalloc(sizeof(*c));

	c->out = out;
	c->text = text;
	c->line = line;
	c->depth = depth;
	while (c->at < c->text.len) {
		const size_t from = c->at;
		struct str name;
		uint32_t begin;

		if (peek(c, 0) == '#') {
			skip_comment(c);
			continue;
		}
		while (ascii_is_word(peek(c, 0)))
			c->at++;
		name = str_of(c->text.ptr + from, c->at - from);
		if (name.len == 0) {
			take(c);
			continue;
		}
		while (peek(c, 0) == ' ' || peek(c, 0) == '\t')
			c->at++;
		if (peek(c, 0) != '(')
			continue;
		c->at++;
		begin = c->line;
		read_arguments(c);
		/* Notes are at the line where the command begins. */
		if (depth == 0)
			out->lines[out->lines_n - 1] = begin;
		add_statement(c, name);
	}
	memory_free(c);
}

void dialect_cmake(struct str source, struct dialect_text *out)
{
	dialect_mark_line(out, 1);
	convert(out, source, 1, 0);
}
