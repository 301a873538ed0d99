#include "inspect/dialect.h"

#include "base/ascii.h"
#include "inspect/dialect_work.h"

/* Quotes within quotes within arguments: what is deeper is taken as it stands. */
enum { FRAMES_MAX = 256 };

int64_t dialect_line(const struct dialect_text *d, int64_t line)
{
	if (line < 1 || d->lines_n == 0)
		return 0;
	return d->lines[(size_t)line <= d->lines_n ? (size_t)line - 1 : d->lines_n - 1];
}

void dialect_release(struct dialect_text *d)
{
	buf_release(&d->text);
	memory_free(d->lines);
	*d = (struct dialect_text){ .lines = NULL };
}

void dialect_mark_line(struct dialect_text *d, uint32_t source_line)
{
	d->lines = memory_grow(d->lines, d->lines_n, &d->lines_cap, sizeof(*d->lines));
	d->lines[d->lines_n++] = source_line;
}

void dialect_add_newline(struct dialect_text *d, uint32_t next_source_line)
{
	buf_add_char(&d->text, '\n');
	dialect_mark_line(d, next_source_line);
}

/* --- m4 --- */

struct m4 {
	struct dialect_text *out;
	const char *p, *end;
	uint32_t line;
	unsigned int depth;	/* of [ ] */
	unsigned int frame[FRAMES_MAX];	/* calls of macros: the depth of their parenthesis */
	unsigned int parens[FRAMES_MAX];	/* plain ones open within the argument */
	size_t frames;
};

/* Macros bear a prefix or are written in capitals; others are functions of awk or C. */
static bool is_macro_name(struct str name)
{
	static const char *const prefixes[] = { "m4_", "gl_", "gt_", "ax_", "lt_", "am_", "ac_", "as_",
						"jm_", "AC_", "AM_", NULL };

	for (size_t i = 0; prefixes[i]; i++)
		if (str_starts(name, str_from(prefixes[i])))
			return true;
	for (size_t i = 0; i < name.len; i++)
		if (name.ptr[i] >= 'a' && name.ptr[i] <= 'z')
			return str_find(name, '_') != (size_t)-1 && name.ptr[0] >= 'A' &&
			       name.ptr[0] <= 'Z';
	return name.len > 1;
}

static bool m4_quadrigraph(struct m4 *s)
{
	static const struct { const char *from, *to; } table[] = {
		{ "@<:@", "[" }, { "@:>@", "]" }, { "@S|@", "$" }, { "@%:@", "#" },
		{ "@{:@", "(" }, { "@:}@", ")" }, { "@&t@", "" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const size_t len = strlen(table[i].from);

		if ((size_t)(s->end - s->p) >= len && memcmp(s->p, table[i].from, len) == 0) {
			buf_add_cstr(&s->out->text, table[i].to);
			s->p += len;
			return true;
		}
	}
	return false;
}

/* A word: perhaps `dnl`, perhaps the call of a macro. */
static void m4_word(struct m4 *s)
{
	const char *const begin = s->p;
	bool call, includes;
	struct str name;

	while (s->p < s->end && ascii_is_word(*s->p))
		s->p++;
	name = str_of(begin, (size_t)(s->p - begin));
	if (str_eq(name, STR("dnl"))) {
		while (s->p < s->end && *s->p != '\n')
			s->p++;
		return;
	}
	call = s->p < s->end && *s->p == '(';
	includes = call && (str_eq(name, STR("m4_include")) || str_eq(name, STR("m4_sinclude")));
	buf_add_str(&s->out->text, includes ? STR("source ") : name);
	if (call && is_macro_name(name) && s->frames < FRAMES_MAX &&
	    !(s->p + 1 < s->end && s->p[1] == ')')) {
		s->frame[s->frames] = s->depth;
		s->parens[s->frames++] = 0;
		s->p++;
		if (!includes)
			dialect_add_newline(s->out, s->line);
	}
}

/* Brackets, commas and parentheses; false: it is none that means something here. */
static bool m4_mark(struct m4 *s, char c)
{
	const size_t top = s->frames;
	const bool at_call = top && s->frame[top - 1] == s->depth;

	if (c == '[') {
		/* Each call takes off the quotes of its arguments, reading the result once more takes
		 * off another pair. */
		if (++s->depth > s->frames + 1)
			buf_add_char(&s->out->text, c);
	} else if (c == ']' && s->depth) {
		if (s->depth-- > s->frames + 1)
			buf_add_char(&s->out->text, c);
		while (s->frames && s->frame[s->frames - 1] > s->depth)
			s->frames--;	/* never closed */
	} else if (c == '(' && at_call) {
		s->parens[top - 1]++;
		buf_add_char(&s->out->text, c);
	} else if (c == ')' && at_call && s->parens[top - 1]) {
		s->parens[top - 1]--;
		buf_add_char(&s->out->text, c);
	} else if (c == ')' && at_call) {
		s->frames--;
		dialect_add_newline(s->out, s->line);
	} else if (c == ',' && at_call && s->parens[top - 1] == 0) {
		dialect_add_newline(s->out, s->line);
	} else {
		return false;
	}
	s->p++;
	return true;
}

void dialect_m4(struct str source, struct dialect_text *out)
{
	struct m4 s = { .out = out, .p = source.ptr, .end = source.ptr + source.len, .line = 1 };

	dialect_mark_line(out, 1);
	while (s.p < s.end) {
		const char c = *s.p;

		if (c == '\n') {
			s.p++;
			dialect_add_newline(out, ++s.line);
		} else if (c == '@' && m4_quadrigraph(&s)) {
			continue;
		} else if (c == '$' && s.depth && s.p + 1 < s.end && s.p[1] >= '1' && s.p[1] <= '9') {
			buf_addf(&out->text, "M4ARG%c", s.p[1]);
			s.p += 2;
		} else if (ascii_is_word(c)) {
			m4_word(&s);
		} else if (!m4_mark(&s, c)) {
			buf_add_char(&out->text, c);
			s.p++;
		}
	}
}

/* --- make --- */

static size_t closing(struct str s, size_t at, char open, char close)
{
	size_t depth = 0;

	for (size_t i = at; i < s.len; i++) {
		depth += s.ptr[i] == open;
		if (s.ptr[i] == close && --depth == 0)
			return i;
	}
	return s.len;
}

/* How deep references of make are converted; what is deeper is left out. */
enum { MAKE_DEPTH_MAX = 16, AUTOMATIC_MAX = 4096, AUTOMATIC_ALL = 1 << 20 };

/* Where the work is: the rule of which a recipe's $@ and $< speak. */
struct make {
	struct dialect_text *out;
	struct str targets, prerequisites;
	size_t filled_in;	/* bytes for which $@ and the like stood, at most AUTOMATIC_ALL */
};

static void make_convert(struct make *m, struct str s, uint32_t line, unsigned int depth);

/* $(foreach name,list,text): the text is what runs. */
static struct str last_argument(struct str s)
{
	for (int i = 0; i < 2; i++)
		s = str_from_at(s, str_find(s, ',') + 1);
	return s;
}

/* $@, $< and $^ of a rule that says which they are; others have no name. */
static void make_automatic(struct make *m, char name, uint32_t line)
{
	/* These have none of their own. */
	struct make plain = { .out = m->out };
	struct str of = name == '@' ? m->targets : name == '<' || name == '^' ? m->prerequisites : STR(""), word;

	if (of.len == 0 || of.len > AUTOMATIC_MAX || (m->filled_in += of.len) > AUTOMATIC_ALL ||
	    str_find(of, '%') != (size_t)-1 || !str_next_word(&of, &word)) {
		buf_add_cstr(&m->out->text, "${make_}");
		return;
	}
	do {
		make_convert(&plain, word, line, MAKE_DEPTH_MAX - 1);
		buf_add_cstr(&m->out->text, name == '^' && of.len ? " " : "");
	} while (name == '^' && str_next_word(&of, &word));
}

/* A name of make's as one of the shell's. */
static void add_name(struct make *m, struct str name)
{
	for (size_t i = 0; i < name.len; i++)
		buf_add_char(&m->out->text, ascii_is_word(name.ptr[i]) ? name.ptr[i] : '_');
}

/* $(...) or ${...} from `at`, the bracket; the offset after it. */
static size_t make_reference(struct make *m, struct str s, size_t at, uint32_t line,
			     unsigned int depth)
{
	const char open = s.ptr[at], close = open == '(' ? ')' : '}';
	const size_t stop = closing(s, at, open, close);
	struct str inner = str_of(s.ptr + at + 1, stop - at - 1), name;
	size_t n = 0;

	while (n < inner.len && (ascii_is_word(inner.ptr[n]) || strchr(".-+%", inner.ptr[n])))
		n++;
	name = str_first(inner, n);
	if (str_eq(name, STR("shell")) && n < inner.len) {
		buf_add_cstr(&m->out->text, "$(");
		make_convert(m, str_from_at(inner, n + 1), line, depth + 1);
		buf_add_char(&m->out->text, ')');
	} else if (n < inner.len && (inner.ptr[n] == ' ' || inner.ptr[n] == ',')) {
		/* A function: what it is given may hold commands. */
		inner = str_from_at(inner, n + 1);
		make_convert(m, str_eq(name, STR("foreach")) ? last_argument(inner) : inner, line, depth + 1);
	} else {
		buf_add_cstr(&m->out->text, "${");
		add_name(m, name);
		buf_add_char(&m->out->text, '}');
	}
	return stop < s.len ? stop + 1 : s.len;
}

static void make_convert(struct make *m, struct str s, uint32_t line, unsigned int depth)
{
	if (depth > MAKE_DEPTH_MAX)
		return;
	for (size_t i = 0; i < s.len;) {
		const char c = s.ptr[i], next = i + 1 < s.len ? s.ptr[i + 1] : '\0';

		if (c == '\n') {
			dialect_add_newline(m->out, ++line);
			i++;
		} else if (c != '$' || !next) {
			const size_t from = i++;

			while (i < s.len && s.ptr[i] != '$' && s.ptr[i] != '\n')
				i++;
			buf_add(&m->out->text, s.ptr + from, i - from);
		} else if (next == '$') {
			buf_add_char(&m->out->text, '$');
			i += 2;
		} else if (next == '(' || next == '{') {
			i = make_reference(m, s, i + 1, line, depth);
		} else if (ascii_is_word(next)) {
			buf_addf(&m->out->text, "${%c}", next);
			i += 2;
		} else {
			make_automatic(m, next, line);
			i += 2;
		}
	}
}

/* The next line with those that continue it, still joined by their backslashes. */
static bool next_logical(struct str *rest, struct str *line)
{
	struct str one;

	if (!str_next_line(rest, line))
		return false;
	while (line->len && line->ptr[line->len - 1] == '\\' && str_next_line(rest, &one))
		line->len = (size_t)(one.ptr + one.len - line->ptr);
	return true;
}

static uint32_t count_lines(struct str s)
{
	uint32_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += s.ptr[i] == '\n';
	return n;
}

/* Offset of the operator of "NAME op value" (its length in *op_len), or -1. */
static size_t assignment_at(struct str s, size_t *op_len)
{
	size_t n = 0, end;

	/* "export X = 1", "override X = 1" */
	if (str_starts(s, STR("export ")) || str_starts(s, STR("override ")))
		n = str_find(s, ' ') + 1;
	while (n < s.len && !strchr(" \t:=?+!", s.ptr[n]))
		n++;
	end = n;
	while (n < s.len && (s.ptr[n] == ' ' || s.ptr[n] == '\t'))
		n++;
	if (end == 0 || n >= s.len)
		return (size_t)-1;
	*op_len = s.ptr[n] == '=' ? 1 : n + 1 < s.len && s.ptr[n + 1] == '=' ? 2 :
		  n + 2 < s.len && s.ptr[n] == ':' && s.ptr[n + 1] == ':' && s.ptr[n + 2] == '=' ? 3 : 0;
	return *op_len ? n : (size_t)-1;
}

/* NAME='value', so that its text is there as it will be put into a recipe. */
static void make_assignment(struct make *m, struct str line, size_t at, size_t op_len,
			    uint32_t number)
{
	const struct str name = str_trim(str_first(line, at)), value = str_from_at(line, at + op_len);
	struct dialect_text converted = { .lines = NULL };
	struct make inner = { .out = &converted };

	add_name(m, name);
	if (line.ptr[at] == '!') {
		buf_add_cstr(&m->out->text, "=$(");
		make_convert(m, value, number, 0);
		dialect_add_newline(m->out, number);	/* it may end in a comment */
		buf_add_char(&m->out->text, ')');
		return;
	}
	make_convert(&inner, str_trim(value), number, 0);
	buf_add_cstr(&m->out->text, "='");
	for (size_t i = 0, n; i < converted.text.len; i += n + 1) {
		const char *const from = converted.text.ptr + i;

		for (n = 0; i + n < converted.text.len && from[n] != '\'' && from[n] != '\n'; n++)
			;
		buf_add(&m->out->text, from, n);
		if (i + n == converted.text.len)
			break;
		if (from[n] == '\'')
			buf_add_cstr(&m->out->text, "'\\''");
		else
			dialect_add_newline(m->out, number);
	}
	buf_add_char(&m->out->text, '\'');
	dialect_release(&converted);
}

static bool is_directive(struct str line)
{
	static const char *const words[] = { "if", "else", "endif", "ifeq", "ifneq", "ifdef", "ifndef",
					     "endef", "define", "export", "unexport", "vpath", NULL };
	struct str word, rest = line;

	if (!str_next_word(&rest, &word))
		return true;
	for (size_t i = 0; words[i]; i++)
		if (str_eq(word, str_from(words[i])))
			return true;
	return false;
}

static void make_line(struct make *m, struct str line, uint32_t number, bool in_define)
{
	static const struct str includes[] = { STR("include"), STR("-include"), STR("sinclude") };
	size_t op_len, at;

	if (line.len && line.ptr[0] == '\t') {
		line = str_from_at(line, 1);
		while (line.len && strchr("@+- \t", line.ptr[0]))
			line = str_from_at(line, 1);
		make_convert(m, line, number, 0);
		return;
	}
	if (str_trim(line).len == 0 || str_trim(line).ptr[0] == '#')
		return;
	at = assignment_at(line, &op_len);
	if (in_define) {
		make_convert(m, line, number, 0);
	} else if (at != (size_t)-1) {
		make_assignment(m, line, at, op_len, number);
	} else if (!is_directive(line)) {
		/* A rule, or an include: references are expanded at once, commands may follow. */
		const size_t semicolon = str_find(line, ';'), colon = str_find(line, ':');
		struct str rest = line, word;

		if (str_next_word(&rest, &word) && STR_IS_ONE_OF(word, includes)) {
			/* Each file is made first where there is a rule, and read as a part of this one. */
			while (str_next_word(&rest, &word)) {
				buf_add_cstr(&m->out->text, "source ");
				make_convert(m, word, number, 0);
				dialect_add_newline(m->out, number);
			}
		} else if (colon != (size_t)-1) {
			m->targets = str_first(line, colon);
			m->prerequisites = str_from_at(str_first(line, semicolon), colon + 1);
		}

		if (str_find_str(line, STR("$(shell")) != (size_t)-1) {
			buf_add_cstr(&m->out->text, str_starts(line, STR("$(eval")) ? "eval " : "echo ");
			make_convert(m, str_first(line, semicolon == (size_t)-1 ? line.len : semicolon),
				     number, 0);
		}
		if (semicolon != (size_t)-1) {
			dialect_add_newline(m->out, number);
			make_convert(m, str_from_at(line, semicolon + 1), number, 0);
		}
	}
}

void dialect_make(struct str source, struct dialect_text *out)
{
	struct str rest = source, line;
	bool in_define = false;
	struct make m = { .out = out };
	uint32_t number = 1;

	dialect_mark_line(out, 1);
	while (next_logical(&rest, &line)) {
		if (str_starts(line, STR("define ")))
			in_define = true;
		else if (str_starts(line, STR("endef")))
			in_define = false;
		make_line(&m, line, number, in_define && !str_starts(line, STR("define ")));
		number += count_lines(line) + 1;
		dialect_add_newline(out, number);
	}
}
