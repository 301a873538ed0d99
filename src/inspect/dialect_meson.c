/* Commands of meson's build files as the shell lines that they come to. Source: the Meson reference manual. */
#include "inspect/dialect_work.h"

#include "base/ascii.h"

enum { WORDS_MAX = 256, NAME_MAX_LEN = 256 };

struct token {
	struct str text;
	bool string;
};

struct meson {
	struct dialect_text *out;
	struct str text;
	size_t at;
	uint32_t line;
	struct str assigned;	/* NAME of "NAME = " */
};

/* Of a call: its arguments by place, and those by name that matter. */
struct call {
	struct token word[WORDS_MAX];
	size_t n;
	struct token input, output;
	bool captures;
};

static char peek(const struct meson *m, size_t ahead)
{
	return m->at + ahead < m->text.len ? m->text.ptr[m->at + ahead] : '\0';
}

static void take(struct meson *m)
{
	m->line += peek(m, 0) == '\n';
	m->at++;
}

static struct str read_string(struct meson *m)
{
	const bool triple = peek(m, 1) == '\'' && peek(m, 2) == '\'';
	size_t from;

	m->at += triple ? 3 : 1;
	for (from = m->at; m->at < m->text.len; take(m)) {
		if (peek(m, 0) == '\'' && (!triple || (peek(m, 1) == '\'' && peek(m, 2) == '\'')))
			break;
		if (!triple && peek(m, 0) == '\n')
			break;
		if (!triple && peek(m, 0) == '\\' && m->at + 1 < m->text.len)
			take(m);
	}
	{
		const struct str s = str_of(m->text.ptr + from, m->at - from);

		m->at = m->at + (triple ? 3 : 1) < m->text.len ? m->at + (triple ? 3 : 1) : m->text.len;
		return s;
	}
}

/* A name; what follows a dot is a method, which is passed over. */
static struct str read_identifier(struct meson *m)
{
	const size_t from = m->at;

	while (ascii_is_word(peek(m, 0)))
		m->at++;
	return str_of(m->text.ptr + from, m->at - from);
}

static void add_word(struct meson *m, const struct token *t)
{
	struct buf *const to = &m->out->text;

	if (!t->string) {
		buf_addf(to, "\"${%.*s}\"", STR_FMT(t->text));
		return;
	}
	buf_add_char(to, '\'');
	for (size_t i = 0; i < t->text.len; i++) {
		const char c = t->text.ptr[i];

		if (c == '\n') {
			dialect_add_newline(m->out, m->line);
		} else if (c == '\\' && i + 1 < t->text.len && (t->text.ptr[i + 1] == '\'' || t->text.ptr[i + 1] == '\\')) {
			buf_add_cstr(to, t->text.ptr[++i] == '\'' ? "'\\''" : "\\");
		} else if (c == '\'') {
			buf_add_cstr(to, "'\\''");
		} else {
			buf_add_char(to, c);
		}
	}
	buf_add_char(to, '\'');
}

/* Up to the parenthesis that closes the call, `command: [...]` among its words. */
static void read_call(struct meson *m, struct call *c)
{
	size_t open = 1;
	struct str keyword = STR("");

	while (m->at < m->text.len) {
		const char ch = peek(m, 0);
		struct token t = { .string = ch == '\'' };

		if (ch == '#') {
			while (m->at < m->text.len && peek(m, 0) != '\n')
				m->at++;
			continue;
		}
		if (ch == '(' || ch == '[')
			open++;
		if ((ch == ')' || ch == ']') && --open == 0) {
			m->at++;
			return;
		}
		if (ch == ',' && open == 1)
			keyword = STR("");
		if (t.string) {
			t.text = read_string(m);
		} else if (ascii_is_word_start(ch)) {
			t.text = read_identifier(m);
			if (peek(m, 0) == '.') {
				m->at++;
				read_identifier(m);
			}
			for (size_t n = 0; open == 1 && n < 2; n++)
				if (peek(m, n) == ':') {
					keyword = t.text;
					t.text = STR("");
				}
		} else {
			take(m);
		}
		if (t.text.len == 0)
			continue;
		if (str_eq(keyword, STR("input")) && c->input.text.len == 0)
			c->input = t;
		else if (str_eq(keyword, STR("output")) && c->output.text.len == 0)
			c->output = t;
		else if (str_eq(keyword, STR("capture")))
			c->captures = str_eq(t.text, STR("true"));
		else if ((keyword.len == 0 || str_eq(keyword, STR("command"))) && c->n < WORDS_MAX)
			c->word[c->n++] = t;
	}
}

static void add_command(struct meson *m, const struct call *c, size_t from)
{
	for (size_t i = from; i < c->n; i++) {
		const struct token *t = &c->word[i];

		if (str_eq(t->text, STR("@INPUT@")) && c->input.text.len && c->input.text.len < NAME_MAX_LEN)
			t = &c->input;
		else if (str_eq(t->text, STR("@OUTPUT@")) && c->output.text.len && c->output.text.len < NAME_MAX_LEN)
			t = &c->output;
		if (i > from)
			buf_add_char(&m->out->text, ' ');
		add_word(m, t);
	}
}

static void add_call(struct meson *m, struct str name, const struct call *c)
{
	static const struct str scripts[] = {
		STR("add_install_script"), STR("add_postconf_script"), STR("add_dist_script"), STR("run_target"), STR("test"),
	};
	const bool assigns = m->assigned.len != 0;

	if (str_eq(name, STR("run_command"))) {
		if (assigns)
			buf_addf(&m->out->text, "%.*s=\"$(", STR_FMT(m->assigned));
		add_command(m, c, 0);
		buf_add_cstr(&m->out->text, assigns ? ")\"" : "");
	} else if (str_eq(name, STR("find_program")) && assigns && c->n) {
		buf_addf(&m->out->text, "%.*s=", STR_FMT(m->assigned));
		add_word(m, &c->word[0]);
	} else if (str_eq(name, STR("custom_target")) || str_eq(name, STR("configure_file"))) {
		/* A target's name comes first. */
		add_command(m, c, c->n > 1 && str_eq(name, STR("custom_target")) ? 1 : 0);
		if (c->captures && c->output.text.len) {
			buf_add_cstr(&m->out->text, " >");
			add_word(m, &c->output);
		}
	} else if (STR_IS_ONE_OF(name, scripts)) {
		const bool named = str_eq(name, STR("run_target")) || str_eq(name, STR("test"));

		add_command(m, c, named && c->n ? 1 : 0);
	} else {
		return;
	}
	dialect_add_newline(m->out, m->line);
}

void dialect_meson(struct str source, struct dialect_text *out)
{
	struct meson m = { .out = out, .text = source, .line = 1 };
	struct call *const call = memory_alloc(sizeof(*call));

	dialect_mark_line(out, 1);
	while (m.at < m.text.len) {
		const char ch = peek(&m, 0);
		struct token t;

		if (ch == '#') {
			while (m.at < m.text.len && peek(&m, 0) != '\n')
				m.at++;
		} else if (ch == '\'') {
			t = (struct token){ read_string(&m), true };
			if (m.assigned.len) {
				out->lines[out->lines_n - 1] = m.line;
				buf_addf(&out->text, "%.*s=", STR_FMT(m.assigned));
				add_word(&m, &t);
				dialect_add_newline(out, m.line);
			}
		} else if (ascii_is_word_start(ch)) {
			const struct str name = read_identifier(&m);
			const uint32_t begin = m.line;

			while (peek(&m, 0) == ' ')
				m.at++;
			if (peek(&m, 0) == '(') {
				m.at++;
				*call = (struct call){ .n = 0 };
				read_call(&m, call);
				out->lines[out->lines_n - 1] = begin;
				add_call(&m, name, call);
			} else if (peek(&m, 0) == '=' && peek(&m, 1) != '=') {
				m.assigned = name;
			}
		} else {
			if (ch == '\n')
				m.assigned = STR("");
			take(&m);
		}
	}
	memory_free(call);
}
