#include "inspect/shell.h"

#include "base/ascii.h"

/* A text in work. Commands substituted by backquotes are unescaped first and so have a text of their own;
 * all else is read where it stands. */
struct parser {
	struct arena *arena;
	const char *p, *end;
	int64_t line;
	unsigned int depth;
	/* Here-documents whose text begins after the next line end. */
	struct redirection *waiting[8];
	struct str mark[8];
	bool strip[8], quoted[8];
	size_t waiting_n;
};

static struct list *parse_list(struct parser *s, const char *const *until);
static struct list *parse_inner(struct parser *s, struct str text, int64_t line);

/* Arrays in the arena: what is outgrown stays there until the arena goes. */
static void *grow(struct arena *a, void *v, size_t n, size_t *cap, size_t size)
{
	void *more;

	if (n < *cap)
		return v;
	*cap = *cap ? *cap * 2 : 1;
	more = arena_alloc(a, *cap * size);
	if (n)
		memcpy(more, v, n * size);
	return more;
}

static bool at_end(const struct parser *s)
{
	return s->p >= s->end;
}

static char peek(const struct parser *s, size_t ahead)
{
	return (size_t)(s->end - s->p) > ahead ? s->p[ahead] : '\0';
}

static char take(struct parser *s)
{
	const char c = *s->p++;

	s->line += c == '\n';
	return c;
}

static bool is_meta(char c)
{
	return c == '|' || c == '&' || c == ';' || c == '<' || c == '>' || c == '(' || c == ')';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* --- here-documents --- */

/* What the shell makes of the text below an unquoted mark. */
static struct str unescape_heredoc(struct arena *a, struct str raw)
{
	char *const to = arena_alloc(a, raw.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < raw.len; i++) {
		if (raw.ptr[i] == '\\' && i + 1 < raw.len &&
		    (raw.ptr[i + 1] == '$' || raw.ptr[i + 1] == '`' || raw.ptr[i + 1] == '\\'))
			i++;
		to[n++] = raw.ptr[i];
	}
	return str_of(to, n);
}

static bool is_mark(struct str line, struct str mark, bool strip)
{
	while (strip && line.len && line.ptr[0] == '\t')
		line = str_from_at(line, 1);
	return str_eq(line, mark);
}

static void read_heredoc(struct parser *s, size_t i)
{
	const char *const begin = s->p;
	const int64_t line = s->line;
	const char *stop = s->end;

	while (!at_end(s)) {
		const char *const start = s->p;
		const char *nl = memchr(s->p, '\n', (size_t)(s->end - s->p));
		const struct str text = str_of(start, (size_t)((nl ? nl : s->end) - start));

		s->p = nl ? nl + 1 : s->end;
		s->line += nl != NULL;
		if (is_mark(text, s->mark[i], s->strip[i])) {
			stop = start;
			break;
		}
	}
	s->waiting[i]->heredoc = str_of(begin, (size_t)(stop - begin));
	if (!s->quoted[i])
		s->waiting[i]->heredoc = unescape_heredoc(s->arena, s->waiting[i]->heredoc);
	s->waiting[i]->program = parse_inner(s, s->waiting[i]->heredoc, line);
}

static void line_end(struct parser *s)
{
	for (size_t i = 0; i < s->waiting_n; i++)
		read_heredoc(s, i);
	s->waiting_n = 0;
}

/* Blanks, continued lines and comments; not line ends. */
static void skip_blanks(struct parser *s)
{
	while (!at_end(s)) {
		if (is_blank(*s->p)) {
			s->p++;
		} else if (*s->p == '\\' && peek(s, 1) == '\n') {
			s->p += 2;
			s->line++;
		} else if (*s->p == '#') {
			while (!at_end(s) && *s->p != '\n')
				s->p++;
		} else {
			return;
		}
	}
}

static void skip_lines(struct parser *s)
{
	for (;;) {
		skip_blanks(s);
		if (at_end(s) || *s->p != '\n')
			return;
		take(s);
		line_end(s);
	}
}

/* --- words --- */

static struct part *add_part(struct parser *s, struct word *w, enum part_kind kind)
{
	w->v = grow(s->arena, w->v, w->n, &w->cap, sizeof(*w->v));
	w->v[w->n] = (struct part){ .kind = kind };
	return &w->v[w->n++];
}

/* Literal bytes; neighbours of the same kind of quoting become one part. */
static void add_text(struct parser *s, struct word *w, const char *ptr, size_t len, bool quoted)
{
	struct part *last = w->n ? &w->v[w->n - 1] : NULL;

	if (!last || last->kind != PART_TEXT || last->quoted != quoted) {
		last = add_part(s, w, PART_TEXT);
		last->quoted = quoted;
	}
	if (len == 0)
		return;
	if (last->room == 0 && last->text.ptr && last->text.ptr + last->text.len == ptr) {
		last->text.len += len;	/* it goes on where it stands */
		return;
	}
	if (last->room == 0 && last->text.len == 0) {
		last->text = str_of(ptr, len);
		return;
	}
	if (last->room < len) {
		char *const to = arena_alloc(s->arena, 2 * (last->text.len + len));

		memcpy(to, last->text.ptr, last->text.len);
		last->text.ptr = to;
		last->room = last->text.len + 2 * len;
	}
	memcpy((char *)(uintptr_t)last->text.ptr + last->text.len, ptr, len);
	last->text.len += len;
	last->room -= len;
}

/* A text of its own within this one. */
static struct list *parse_inner(struct parser *s, struct str text, int64_t line)
{
	if (s->depth >= SHELL_DEPTH_MAX)
		return NULL;
	return shell_parse(s->arena, text, (struct shell_options){ line, s->depth + 1 });
}

static void read_backquotes(struct parser *s, struct word *w, bool quoted)
{
	const int64_t line = s->line;
	const char *const begin = ++s->p;
	struct part *part;
	char *to;
	size_t n = 0;

	while (!at_end(s) && *s->p != '`')
		if (take(s) == '\\' && !at_end(s))
			take(s);
	to = arena_alloc(s->arena, (size_t)(s->p - begin) + 1);
	for (const char *c = begin; c < s->p; c++) {
		if (*c == '\\' && c + 1 < s->p &&
		    (c[1] == '`' || c[1] == '$' || c[1] == '\\' || (quoted && c[1] == '"')))
			c++;
		to[n++] = *c;
	}
	if (!at_end(s))
		s->p++;
	part = add_part(s, w, PART_COMMAND);
	part->quoted = quoted;
	part->list = parse_inner(s, str_of(to, n), line);
}

/* After "$(": up to the parenthesis that closes it. */
static void read_substitution(struct parser *s, struct word *w, bool quoted)
{
	static const char *const until[] = { ")", NULL };
	struct list *list = NULL;
	struct part *part;

	if (s->depth < SHELL_DEPTH_MAX) {
		s->depth++;
		list = parse_list(s, until);
		s->depth--;
	}
	if (peek(s, 0) == ')')
		s->p++;
	part = add_part(s, w, PART_COMMAND);
	part->quoted = quoted;
	part->list = list;
}

/* Up to the bracket that closes what was opened; quotes are passed over. */
static struct str read_balanced(struct parser *s, char open, char close)
{
	const char *const begin = s->p;
	size_t depth = 1;

	while (!at_end(s)) {
		const char c = take(s);

		if (c == '\\' && !at_end(s))
			take(s);
		else if (c == open)
			depth++;
		else if (c == close && --depth == 0)
			return str_of(begin, (size_t)(s->p - 1 - begin));
	}
	return str_of(begin, (size_t)(s->p - begin));
}

static void read_braced(struct parser *s, struct word *w, bool quoted)
{
	struct str inner = read_balanced(s, '{', '}');
	struct part *const part = add_part(s, w, PART_VARIABLE);
	size_t n = 0;

	part->quoted = quoted;
	if (inner.len > 1 && (inner.ptr[0] == '#' || inner.ptr[0] == '!'))
		inner = str_from_at(inner, 1);
	if (inner.len && ascii_is_word_start(inner.ptr[0]))
		while (n < inner.len && ascii_is_word(inner.ptr[n]))
			n++;
	else
		n = inner.len ? 1 : 0;
	part->text = str_first(inner, n);
	part->rest = str_from_at(inner, n);
}

static void read_dollar(struct parser *s, struct word *w, bool quoted)
{
	const char next = peek(s, 1);
	const char *begin;

	if (next == '(' && peek(s, 2) == '(') {
		s->p += 2;
		read_balanced(s, '(', ')');
		add_part(s, w, PART_OTHER)->quoted = quoted;
	} else if (next == '(') {
		s->p += 2;
		read_substitution(s, w, quoted);
	} else if (next == '{') {
		s->p += 2;
		read_braced(s, w, quoted);
	} else if (ascii_is_word_start(next)) {
		begin = ++s->p;
		while (!at_end(s) && ascii_is_word(*s->p))
			s->p++;
		add_part(s, w, PART_VARIABLE)->text = str_of(begin, (size_t)(s->p - begin));
		w->v[w->n - 1].quoted = quoted;
	} else if (next && strchr("0123456789@*#?$!-", next)) {
		add_part(s, w, PART_VARIABLE)->text = str_of(s->p + 1, 1);
		w->v[w->n - 1].quoted = quoted;
		s->p += 2;
	} else {
		add_text(s, w, s->p, 1, quoted);
		s->p++;
	}
}

/* One escape of $'...', after its backslash. */
static char read_escape(struct parser *s)
{
	static const char names[] = "abefnrtv", values[] = "\a\b\033\f\n\r\t\v";
	const char c = take(s);
	const char *const named = c ? strchr(names, c) : NULL;
	unsigned int v = 0;

	if (named)
		return values[named - names];
	if (c == 'x') {
		for (int i = 0; i < 2 && ascii_hex_value(peek(s, 0)) >= 0; i++)
			v = v * 16 + (unsigned int)ascii_hex_value(take(s));
		return (char)v;
	}
	if (c < '0' || c > '7')
		return c;
	v = (unsigned int)(c - '0');
	for (int i = 0; i < 2 && peek(s, 0) >= '0' && peek(s, 0) <= '7'; i++)
		v = v * 8 + (unsigned int)(take(s) - '0');
	return (char)v;
}

static void read_dollar_quote(struct parser *s, struct word *w)
{
	add_text(s, w, s->p, 0, true);
	s->p += 2;
	while (!at_end(s) && *s->p != '\'') {
		const char *const at = s->p;
		const char c = take(s);

		if (c == '\\' && !at_end(s)) {
			char *const one = arena_alloc(s->arena, 1);

			*one = read_escape(s);
			add_text(s, w, one, 1, true);
		} else {
			add_text(s, w, at, 1, true);
		}
	}
	if (!at_end(s))
		s->p++;
}

static void read_double_quotes(struct parser *s, struct word *w)
{
	s->p++;
	add_text(s, w, s->p, 0, true);
	while (!at_end(s) && *s->p != '"') {
		if (*s->p == '\\' && s->end - s->p > 1) {
			const char c = s->p[1];

			if (c == '\n') {
				s->p += 2;
				s->line++;
				continue;
			}
			if (c == '$' || c == '`' || c == '"' || c == '\\')
				s->p++;
			add_text(s, w, s->p, 1, true);
			take(s);
		} else if (*s->p == '$') {
			read_dollar(s, w, true);
		} else if (*s->p == '`') {
			read_backquotes(s, w, true);
		} else {
			const char *const begin = s->p;

			while (!at_end(s) && !strchr("\\$`\"", *s->p))
				take(s);
			if (s->p == begin)	/* a NUL, which strchr finds */
				take(s);
			add_text(s, w, begin, (size_t)(s->p - begin), true);
		}
	}
	if (!at_end(s))
		s->p++;
}

static bool ends_word(char c)
{
	return is_blank(c) || c == '\n' || is_meta(c);
}

/* False when there is no word here. */
static bool read_word(struct parser *s, struct word *w)
{
	const char *const begin = s->p;

	*w = (struct word){ .line = s->line };
	while (!at_end(s) && !ends_word(*s->p)) {
		const char c = *s->p;

		if (c == '\'') {
			const char *const close = memchr(s->p + 1, '\'', (size_t)(s->end - s->p - 1));
			const char *const text = s->p + 1, *const stop = close ? close : s->end;

			add_text(s, w, text, (size_t)(stop - text), true);
			while (s->p < stop)
				take(s);
			if (close)
				s->p++;
		} else if (c == '"') {
			read_double_quotes(s, w);
		} else if (c == '\\' && peek(s, 1) == '\n') {
			s->p += 2;
			s->line++;
		} else if (c == '\\' && s->end - s->p > 1) {
			add_text(s, w, s->p + 1, 1, true);
			s->p += 2;
		} else if (c == '$' && peek(s, 1) == '\'') {
			read_dollar_quote(s, w);
		} else if (c == '$') {
			read_dollar(s, w, false);
		} else if (c == '`') {
			read_backquotes(s, w, false);
		} else {
			add_text(s, w, s->p, 1, false);
			s->p++;
		}
	}
	return s->p > begin;
}

/* --- commands --- */

/* The word as it stands when it is plain and unquoted, else empty: for reserved words. */
static struct str plain(const struct word *w)
{
	return w->n == 1 && w->v[0].kind == PART_TEXT && !w->v[0].quoted ? w->v[0].text : STR("");
}

static struct redirection *add_redirection(struct parser *s, struct command *c)
{
	c->redirections = grow(s->arena, c->redirections, c->redirections_n, &c->redirections_cap,
			       sizeof(*c->redirections));
	c->redirections[c->redirections_n] = (struct redirection){ .fd = -1 };
	return &c->redirections[c->redirections_n++];
}

/* The mark is the word with all quotes gone. */
static struct str mark_of(struct parser *s, const struct word *w, bool *quoted)
{
	struct str mark = STR("");

	*quoted = false;
	for (size_t i = 0; i < w->n; i++) {
		*quoted = *quoted || w->v[i].quoted;
		mark = arena_strf(s->arena, "%.*s%s%.*s", STR_FMT(mark),
				  w->v[i].kind == PART_VARIABLE ? "$" : "", STR_FMT(w->v[i].text));
	}
	return mark;
}

static bool read_redirection(struct parser *s, struct command *c)
{
	const char *p = s->p;
	struct redirection r = { .fd = -1 };
	struct redirection *to;
	size_t n = 0;
	bool heredoc, strip;

	if (p < s->end && *p >= '0' && *p <= '9' && p + 1 < s->end && (p[1] == '<' || p[1] == '>'))
		r.fd = *p++ - '0';
	if (p >= s->end || (*p != '<' && *p != '>'))
		return false;
	while (p < s->end && n < 3 && (*p == '<' || *p == '>' || *p == '&' || *p == '|' || *p == '-')) {
		/* "<-" and ">-" are no operators, "<<-" is. */
		if (*p == '-' && n != 2)
			break;
		r.op[n++] = *p++;
	}
	s->p = p;
	heredoc = r.op[0] == '<' && r.op[1] == '<' && r.op[2] != '<';
	strip = r.op[2] == '-';
	skip_blanks(s);
	read_word(s, &r.target);
	if (!heredoc) {
		to = add_redirection(s, c);
	} else {
		to = arena_alloc(s->arena, sizeof(*to));
		c->heredocs = grow(s->arena, c->heredocs, c->heredocs_n, &c->heredocs_cap,
				   sizeof(*c->heredocs));
		c->heredocs[c->heredocs_n++] = to;
	}
	*to = r;
	if (heredoc && s->waiting_n < sizeof(s->waiting) / sizeof(s->waiting[0])) {
		const size_t i = s->waiting_n++;

		s->waiting[i] = to;
		s->mark[i] = mark_of(s, &r.target, &s->quoted[i]);
		s->strip[i] = strip;
	}
	return true;
}

/* NAME=... at the start of a command. The value is the rest of the word. */
static bool split_assignment(const struct word *w, struct assignment *out)
{
	struct str first;
	size_t n = 0;

	if (w->n == 0 || w->v[0].kind != PART_TEXT || w->v[0].quoted)
		return false;
	first = w->v[0].text;
	if (first.len == 0 || !ascii_is_word_start(first.ptr[0]))
		return false;
	while (n < first.len && ascii_is_word(first.ptr[n]))
		n++;
	if (n + 1 < first.len && first.ptr[n] == '+' && first.ptr[n + 1] == '=')
		n++;
	if (n >= first.len || first.ptr[n] != '=')
		return false;
	out->name = str_first(first, first.ptr[n - 1] == '+' ? n - 1 : n);
	out->value = *w;
	out->value.v[0].text = str_from_at(first, n + 1);
	return true;
}

static void add_body(struct parser *s, struct command *c, struct list *l)
{
	c->bodies = grow(s->arena, c->bodies, c->bodies_n, &c->bodies_cap, sizeof(*c->bodies));
	c->bodies[c->bodies_n++] = l;
}

static void add_word(struct parser *s, struct command *c, const struct word *w)
{
	c->words = grow(s->arena, c->words, c->words_n, &c->words_cap, sizeof(*c->words));
	c->words[c->words_n++] = *w;
}

static void skip_word(struct parser *s, const char *name)
{
	const size_t len = strlen(name);

	if ((size_t)(s->end - s->p) >= len && memcmp(s->p, name, len) == 0)
		s->p += len;
}

/* Whether the word ahead is this reserved one. */
static bool ahead_is(const struct parser *s, const char *name)
{
	const size_t len = strlen(name);

	return (size_t)(s->end - s->p) >= len && memcmp(s->p, name, len) == 0 &&
	       (s->p + len == s->end || ends_word(s->p[len]));
}

static bool ahead_is_one_of(const struct parser *s, const char *const *names)
{
	for (; names && *names; names++)
		if (strcmp(*names, ")") == 0 || strcmp(*names, ";;") == 0 ?
		    (size_t)(s->end - s->p) >= strlen(*names) &&
		    memcmp(s->p, *names, strlen(*names)) == 0 : ahead_is(s, *names))
			return true;
	return false;
}

static void parse_case(struct parser *s, struct command *c)
{
	static const char *const until[] = { ";;", "esac", NULL };
	struct word w;

	skip_lines(s);
	if (read_word(s, &w))
		add_word(s, c, &w);
	skip_lines(s);
	skip_word(s, "in");
	for (;;) {
		skip_lines(s);
		if (at_end(s) || ahead_is(s, "esac") || *s->p == ')')
			break;
		if (*s->p == '(')
			s->p++;
		/* The patterns. */
		while (!at_end(s) && *s->p != ')' && *s->p != '\n') {
			skip_blanks(s);
			if (!read_word(s, &w) && !at_end(s) && *s->p != ')' && *s->p != '\n')
				s->p++;
		}
		if (peek(s, 0) == ')')
			s->p++;
		add_body(s, c, parse_list(s, until));
		if (peek(s, 0) == ';')
			skip_word(s, ";;");
	}
	skip_word(s, "esac");
}

static void parse_loop(struct parser *s, struct command *c, bool is_for)
{
	static const char *const to_do[] = { "do", "done", NULL }, *const done[] = { "done", NULL };
	struct word w;

	if (is_for) {
		skip_blanks(s);
		if (read_word(s, &w))
			c->name = plain(&w);
		skip_lines(s);
		skip_word(s, "in");
		for (;;) {
			skip_blanks(s);
			if (at_end(s) || *s->p == '\n' || *s->p == ';' || !read_word(s, &w))
				break;
			add_word(s, c, &w);
		}
		while (peek(s, 0) == ';')
			s->p++;
		skip_lines(s);
	} else {
		add_body(s, c, parse_list(s, to_do));
	}
	skip_word(s, "do");
	add_body(s, c, parse_list(s, done));
	skip_word(s, "done");
}

static void parse_if(struct parser *s, struct command *c)
{
	static const char *const until[] = { "then", "elif", "else", "fi", NULL };

	for (;;) {
		add_body(s, c, parse_list(s, until));
		if (ahead_is(s, "then"))
			skip_word(s, "then");
		else if (ahead_is(s, "elif"))
			skip_word(s, "elif");
		else if (ahead_is(s, "else"))
			skip_word(s, "else");
		else
			break;
	}
	skip_word(s, "fi");
}

static void redirections_after(struct parser *s, struct command *c)
{
	for (;;) {
		skip_blanks(s);
		if (at_end(s) || !read_redirection(s, c))
			return;
	}
}

/* A command that begins with a reserved word or a parenthesis; false: it is a simple one. */
static bool parse_compound(struct parser *s, struct command *c)
{
	static const char *const paren[] = { ")", NULL }, *const brace[] = { "}", NULL };

	if (s->depth >= SHELL_DEPTH_MAX)
		return false;
	s->depth++;
	c->kind = COMMAND_COMPOUND;
	if (*s->p == '(') {
		s->p++;
		c->kind = COMMAND_GROUP;
		add_body(s, c, parse_list(s, paren));
		if (peek(s, 0) == ')')
			s->p++;
	} else if (ahead_is(s, "{")) {
		s->p++;
		c->kind = COMMAND_GROUP;
		add_body(s, c, parse_list(s, brace));
		skip_word(s, "}");
	} else if (ahead_is(s, "if")) {
		skip_word(s, "if");
		parse_if(s, c);
	} else if (ahead_is(s, "while") || ahead_is(s, "until")) {
		s->p += 5;
		parse_loop(s, c, false);
	} else if (ahead_is(s, "for")) {
		skip_word(s, "for");
		parse_loop(s, c, true);
	} else if (ahead_is(s, "case")) {
		skip_word(s, "case");
		parse_case(s, c);
	} else {
		c->kind = COMMAND_SIMPLE;
		s->depth--;
		return false;
	}
	s->depth--;
	redirections_after(s, c);
	return true;
}

/* name () command */
static bool parse_function(struct parser *s, struct command *c, const struct word *w)
{
	const char *p = s->p;

	while (p < s->end && is_blank(*p))
		p++;
	if (p >= s->end || *p != '(')
		return false;
	for (p++; p < s->end && is_blank(*p);)
		p++;
	if (p >= s->end || *p != ')' || s->depth >= SHELL_DEPTH_MAX)
		return false;
	s->p = p + 1;
	skip_lines(s);
	c->kind = COMMAND_FUNCTION;
	c->name = plain(w);
	{
		struct command *const body = arena_alloc(s->arena, sizeof(*body));
		struct list *const l = arena_alloc(s->arena, sizeof(*l));

		body->line = s->line;
		if (at_end(s) || !parse_compound(s, body))
			return true;
		l->v = grow(s->arena, l->v, 0, &l->cap, sizeof(*l->v));
		l->n = 1;
		l->v[0].v = grow(s->arena, NULL, 0, &l->v[0].cap, sizeof(*l->v[0].v));
		l->v[0].v[0] = body;
		l->v[0].n = 1;
		add_body(s, c, l);
	}
	return true;
}

static struct command *parse_command(struct parser *s)
{
	struct command *const c = arena_alloc(s->arena, sizeof(*c));

	c->line = s->line;
	if (parse_compound(s, c))
		return c;
	for (;;) {
		struct assignment a;
		struct word w;

		skip_blanks(s);
		if (at_end(s) || *s->p == '\n')
			break;
		if (read_redirection(s, c))
			continue;
		if (is_meta(*s->p) || !read_word(s, &w))
			break;
		if (c->words_n == 0 && c->assignments_n == 0 && plain(&w).len &&
		    parse_function(s, c, &w))
			return c;
		if (c->words_n == 0 && split_assignment(&w, &a)) {
			c->assignments = grow(s->arena, c->assignments, c->assignments_n,
					      &c->assignments_cap, sizeof(*c->assignments));
			c->assignments[c->assignments_n++] = a;
		} else {
			add_word(s, c, &w);
		}
	}
	return c;
}

static bool is_empty(const struct command *c)
{
	return c->kind == COMMAND_SIMPLE && c->words_n == 0 && c->assignments_n == 0 &&
	       c->redirections_n == 0 && c->heredocs_n == 0;
}

static void parse_pipeline(struct parser *s, struct list *l)
{
	struct pipeline line = { .text = str_of(s->p, 0) };

	for (;;) {
		struct command *c;

		skip_blanks(s);
		while (ahead_is(s, "!")) {
			s->p++;
			skip_blanks(s);
		}
		if (at_end(s))
			break;
		c = parse_command(s);
		if (!is_empty(c)) {
			line.v = grow(s->arena, line.v, line.n, &line.cap, sizeof(*line.v));
			line.v[line.n++] = c;
		}
		skip_blanks(s);
		if (peek(s, 0) != '|' || peek(s, 1) == '|')
			break;
		s->p++;
		if (peek(s, 0) == '&')
			s->p++;
		skip_lines(s);
	}
	if (line.n) {
		line.text.len = (size_t)(s->p - line.text.ptr);
		l->v = grow(s->arena, l->v, l->n, &l->cap, sizeof(*l->v));
		l->v[l->n++] = line;
	}
}

/* Up to one of these words (which stays), or to the end. */
static struct list *parse_list(struct parser *s, const char *const *until)
{
	struct list *const l = arena_alloc(s->arena, sizeof(*l));

	for (;;) {
		const char *before;

		skip_lines(s);
		if (at_end(s) || ahead_is_one_of(s, until))
			return l;
		before = s->p;
		if (*s->p == ';' || *s->p == '&' || *s->p == '|') {
			s->p++;
			continue;
		}
		parse_pipeline(s, l);
		/* What starts no command: a stray parenthesis or a word that ends nothing. */
		if (s->p == before)
			take(s);
	}
}

struct list *shell_parse(struct arena *a, struct str text, struct shell_options o)
{
	struct parser s = { .arena = a, .p = text.ptr, .end = text.ptr ? text.ptr + text.len : NULL,
			    .line = o.line, .depth = o.depth };
	struct list *const l = parse_list(&s, NULL);

	line_end(&s);
	return l;
}
