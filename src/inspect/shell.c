#include "inspect/shell_work.h"

void *shell_grow(struct arena *a, void *v, size_t n, size_t *cap, size_t size)
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

struct list *shell_inner(struct shell *s, struct str text, int64_t line)
{
	if (s->depth >= SHELL_DEPTH_MAX)
		return NULL;
	return shell_parse(s->arena, text, (struct shell_options){ line, s->depth + 1 });
}

void shell_skip_blanks(struct shell *s)
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

static void skip_lines(struct shell *s)
{
	for (;;) {
		shell_skip_blanks(s);
		if (at_end(s) || *s->p != '\n')
			return;
		take(s);
		shell_line_end(s);
	}
}

/* The word as it stands when it is plain and unquoted, else empty: for reserved words. */
static struct str plain(const struct word *w)
{
	return w->n == 1 && !w->v[0].quoted ? shell_plain(w) : STR("");
}

static struct redirection *add_redirection(struct shell *s, struct command *c)
{
	c->redirections = shell_grow(s->arena, c->redirections, c->redirections_n, &c->redirections_cap,
			       sizeof(*c->redirections));
	c->redirections[c->redirections_n] = (struct redirection){ .fd = -1 };
	return &c->redirections[c->redirections_n++];
}

/* The mark is the word with all quotes gone. */
static struct str mark_of(struct shell *s, const struct word *w, bool *quoted)
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

static bool read_redirection(struct shell *s, struct command *c)
{
	const char *p = s->p;
	struct redirection r = { .fd = -1 };
	struct redirection *to;
	size_t n = 0;
	bool heredoc, strip;

	if (p < s->end && *p >= '0' && *p <= '9' && p + 1 < s->end && (p[1] == '<' || p[1] == '>'))
		r.fd = *p++ - '0';
	if (p >= s->end || (*p != '<' && *p != '>') || (p + 1 < s->end && p[1] == '('))
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
	shell_skip_blanks(s);
	shell_word(s, &r.target);
	if (!heredoc) {
		to = add_redirection(s, c);
	} else {
		to = arena_alloc(s->arena, sizeof(*to));
		c->heredocs = shell_grow(s->arena, c->heredocs, c->heredocs_n, &c->heredocs_cap,
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
	struct str first, name;
	size_t n = 0;

	if (w->n == 0 || w->v[0].kind != PART_TEXT || w->v[0].quoted)
		return false;
	first = w->v[0].text;
	if (first.len == 0 || !ascii_is_word_start(first.ptr[0]))
		return false;
	while (n < first.len && ascii_is_word(first.ptr[n]))
		n++;
	name = str_first(first, n);
	/* One of an array. */
	if (n < first.len && first.ptr[n] == '[')
		n += str_find(str_from_at(first, n), ']') + 1;
	if (n + 1 < first.len && first.ptr[n] == '+' && first.ptr[n + 1] == '=')
		n++;
	if (n >= first.len || first.ptr[n] != '=')
		return false;
	out->name = name;
	out->value = *w;
	out->value.v[0].text = str_from_at(first, n + 1);
	return true;
}

static void add_body(struct shell *s, struct command *c, struct list *l)
{
	c->bodies = shell_grow(s->arena, c->bodies, c->bodies_n, &c->bodies_cap, sizeof(*c->bodies));
	c->bodies[c->bodies_n++] = l;
}

static void add_word(struct shell *s, struct command *c, const struct word *w)
{
	c->words = shell_grow(s->arena, c->words, c->words_n, &c->words_cap, sizeof(*c->words));
	c->words[c->words_n++] = *w;
}

static void skip_word(struct shell *s, const char *name)
{
	const size_t len = strlen(name);

	if ((size_t)(s->end - s->p) >= len && memcmp(s->p, name, len) == 0)
		s->p += len;
}

/* Whether the word ahead is this reserved one. */
static bool ahead_is(const struct shell *s, const char *name)
{
	const size_t len = strlen(name);

	return !at_end(s) && *s->p == *name && (size_t)(s->end - s->p) >= len &&
	       memcmp(s->p, name, len) == 0 && (s->p + len == s->end || ends_word(s->p[len]));
}

static bool ahead_is_one_of(const struct shell *s, const char *const *names)
{
	for (; names && *names; names++)
		if (strcmp(*names, ")") == 0 || strcmp(*names, ";;") == 0 ?
		    (size_t)(s->end - s->p) >= strlen(*names) &&
		    memcmp(s->p, *names, strlen(*names)) == 0 : ahead_is(s, *names))
			return true;
	return false;
}

static void parse_case(struct shell *s, struct command *c)
{
	static const char *const until[] = { ";;", "esac", NULL };
	struct word w;

	skip_lines(s);
	if (shell_word(s, &w))
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
			shell_skip_blanks(s);
			if (!shell_word(s, &w) && !at_end(s) && *s->p != ')' && *s->p != '\n')
				s->p++;
		}
		if (peek(s, 0) == ')')
			s->p++;
		add_body(s, c, shell_list(s, until));
		if (peek(s, 0) == ';')
			skip_word(s, ";;");
	}
	skip_word(s, "esac");
}

static void parse_loop(struct shell *s, struct command *c, bool is_for)
{
	static const char *const to_do[] = { "do", "done", NULL }, *const done[] = { "done", NULL };
	struct word w;

	if (is_for) {
		shell_skip_blanks(s);
		if (shell_word(s, &w))
			c->name = plain(&w);
		skip_lines(s);
		skip_word(s, "in");
		for (;;) {
			shell_skip_blanks(s);
			if (at_end(s) || *s->p == '\n' || *s->p == ';' || !shell_word(s, &w))
				break;
			add_word(s, c, &w);
		}
		while (peek(s, 0) == ';')
			s->p++;
		skip_lines(s);
	} else {
		add_body(s, c, shell_list(s, to_do));
	}
	skip_word(s, "do");
	add_body(s, c, shell_list(s, done));
	skip_word(s, "done");
}

static void parse_if(struct shell *s, struct command *c)
{
	static const char *const until[] = { "then", "elif", "else", "fi", NULL };

	for (;;) {
		add_body(s, c, shell_list(s, until));
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

static void redirections_after(struct shell *s, struct command *c)
{
	for (;;) {
		shell_skip_blanks(s);
		if (at_end(s) || !read_redirection(s, c))
			return;
	}
}

/* A command that begins with a reserved word or a parenthesis; false: it is a simple one. */
static bool parse_compound(struct shell *s, struct command *c)
{
	static const char *const paren[] = { ")", NULL }, *const brace[] = { "}", NULL };

	if (s->depth >= SHELL_DEPTH_MAX)
		return false;
	s->depth++;
	c->kind = COMMAND_COMPOUND;
	if (*s->p == '(') {
		s->p++;
		c->kind = COMMAND_GROUP;
		add_body(s, c, shell_list(s, paren));
		if (peek(s, 0) == ')')
			s->p++;
	} else if (ahead_is(s, "{")) {
		s->p++;
		c->kind = COMMAND_GROUP;
		add_body(s, c, shell_list(s, brace));
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
static bool parse_function(struct shell *s, struct command *c, const struct word *w)
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
		l->v = shell_grow(s->arena, l->v, 0, &l->cap, sizeof(*l->v));
		l->n = 1;
		l->v[0].v = shell_grow(s->arena, NULL, 0, &l->v[0].cap, sizeof(*l->v[0].v));
		l->v[0].v[0] = body;
		l->v[0].n = 1;
		add_body(s, c, l);
	}
	return true;
}

static struct command *parse_command(struct shell *s)
{
	struct command *const c = arena_alloc(s->arena, sizeof(*c));

	c->line = s->line;
	if (parse_compound(s, c))
		return c;
	for (;;) {
		struct assignment a;
		struct word w;

		shell_skip_blanks(s);
		if (at_end(s) || *s->p == '\n')
			break;
		/* &>: bash's; what it is to others is no better. */
		s->p += peek(s, 0) == '&' && peek(s, 1) == '>';
		if (read_redirection(s, c))
			continue;
		if ((is_meta(*s->p) && !at_process(s)) || !shell_word(s, &w))
			break;
		if (c->words_n == 0 && c->assignments_n == 0 && plain(&w).len &&
		    parse_function(s, c, &w))
			return c;
		if (c->words_n == 0 && split_assignment(&w, &a)) {
			c->assignments = shell_grow(s->arena, c->assignments, c->assignments_n,
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

static void parse_pipeline(struct shell *s, struct list *l)
{
	struct pipeline line = { .text = str_of(s->p, 0) };

	for (;;) {
		struct command *c;

		shell_skip_blanks(s);
		while (ahead_is(s, "!")) {
			s->p++;
			shell_skip_blanks(s);
		}
		if (at_end(s))
			break;
		c = parse_command(s);
		if (!is_empty(c)) {
			line.v = shell_grow(s->arena, line.v, line.n, &line.cap, sizeof(*line.v));
			line.v[line.n++] = c;
		}
		shell_skip_blanks(s);
		if (peek(s, 0) != '|' || peek(s, 1) == '|')
			break;
		s->p++;
		if (peek(s, 0) == '&')
			s->p++;
		skip_lines(s);
	}
	if (line.n) {
		line.text.len = (size_t)(s->p - line.text.ptr);
		l->v = shell_grow(s->arena, l->v, l->n, &l->cap, sizeof(*l->v));
		l->v[l->n++] = line;
	}
}

struct list *shell_list(struct shell *s, const char *const *until)
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
	struct shell s = { .arena = a, .p = text.ptr, .end = text.ptr ? text.ptr + text.len : NULL,
			    .line = o.line, .depth = o.depth };
	struct list *const l = shell_list(&s, NULL);

	shell_line_end(&s);
	return l;
}
