#include "inspect/shell_work.h"

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

static void read_heredoc(struct shell *s, size_t i)
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
	s->waiting[i]->expands = !s->quoted[i];
	if (!s->quoted[i])
		s->waiting[i]->heredoc = unescape_heredoc(s->arena, s->waiting[i]->heredoc);
	s->waiting[i]->program = shell_inner(s, s->waiting[i]->heredoc, line);
}

void shell_line_end(struct shell *s)
{
	for (size_t i = 0; i < s->waiting_n; i++)
		read_heredoc(s, i);
	s->waiting_n = 0;
}

/* --- words --- */

static struct part *add_part(struct shell *s, struct word *w, enum part_kind kind)
{
	w->v = shell_grow(s->arena, w->v, w->n, &w->cap, sizeof(*w->v));
	w->v[w->n] = (struct part){ .kind = kind };
	return &w->v[w->n++];
}

/* Literal bytes; neighbours of the same kind of quoting become one part. */
static void add_text(struct shell *s, struct word *w, const char *ptr, size_t len, bool quoted)
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

static void read_backquotes(struct shell *s, struct word *w, bool quoted)
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
	part->list = shell_inner(s, str_of(to, n), line);
}

/* After "$(" or "<(": up to the parenthesis that closes it. */
static void read_substitution(struct shell *s, struct word *w, bool quoted, bool file)
{
	static const char *const until[] = { ")", NULL };
	struct list *list = NULL;
	struct part *part;

	if (s->depth < SHELL_DEPTH_MAX) {
		s->depth++;
		list = shell_list(s, until);
		s->depth--;
	}
	if (peek(s, 0) == ')')
		s->p++;
	part = add_part(s, w, PART_COMMAND);
	part->quoted = quoted;
	part->file = file;
	part->list = list;
}

/* Up to the bracket that closes what was opened; quotes are passed over. */
static struct str read_balanced(struct shell *s, char open, char close)
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

/* Variables and commands in what ${name:-...} stands for when the variable has no value. */
static void read_otherwise(struct shell *s, size_t at, struct word *w)
{
	const struct str rest = w->v[at].rest;
	struct shell inner = { .arena = s->arena, .p = rest.ptr + 1, .end = rest.ptr + rest.len,
			       .line = s->line, .depth = s->depth + 1 };
	struct word one, *all = NULL;

	if (str_find(rest, '$') == (size_t)-1 && str_find(rest, '`') == (size_t)-1)
		return;
	while (!at_end(&inner)) {
		if (!shell_word(&inner, &one)) {
			take(&inner);
			continue;
		}
		for (size_t i = 0; i < one.n; i++) {
			if (one.v[i].kind != PART_COMMAND && one.v[i].kind != PART_VARIABLE)
				continue;
			if (!all) {
				all = arena_alloc(s->arena, sizeof(*all));
				all->line = s->line;
			}
			*add_part(s, all, one.v[i].kind) = one.v[i];
		}
	}
	w->v[at].otherwise = all;
}

static void read_braced(struct shell *s, struct word *w, bool quoted)
{
	struct str inner = read_balanced(s, '{', '}');
	struct part *const part = add_part(s, w, PART_VARIABLE);
	size_t n = 0;

	part->quoted = quoted;
	if (inner.len > 1 && (inner.ptr[0] == '#' || inner.ptr[0] == '!')) {
		part->indirect = inner.ptr[0] == '!';
		inner = str_from_at(inner, 1);
	}
	if (inner.len && ascii_is_word_start(inner.ptr[0]))
		while (n < inner.len && ascii_is_word(inner.ptr[n]))
			n++;
	else
		n = inner.len ? 1 : 0;
	part->text = str_first(inner, n);
	part->rest = str_from_at(inner, n);
	if (part->rest.len > 3 && strchr(":-=+?", part->rest.ptr[0]) && s->depth < SHELL_DEPTH_MAX)
		read_otherwise(s, w->n - 1, w);
}

static void read_dollar(struct shell *s, struct word *w, bool quoted)
{
	const char next = peek(s, 1);
	const char *begin;

	if (next == '(' && peek(s, 2) == '(') {
		s->p += 2;
		read_balanced(s, '(', ')');
		add_part(s, w, PART_OTHER)->quoted = quoted;
	} else if (next == '(') {
		s->p += 2;
		read_substitution(s, w, quoted, false);
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
static char read_escape(struct shell *s)
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

static void read_dollar_quote(struct shell *s, struct word *w)
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

static void read_double_quotes(struct shell *s, struct word *w)
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

/* The words of NAME=( ... ), with a blank between them. There are no arrays in arrays. */
static void read_array(struct shell *s, struct word *w)
{
	struct word item;
	bool first = true;

	s->in_array = true;
	for (s->p++; !at_end(s) && *s->p != ')';) {
		shell_skip_blanks(s);
		if (at_end(s) || *s->p == ')')
			break;
		if (!shell_word(s, &item)) {
			take(s);
			continue;
		}
		if (!first)
			add_text(s, w, " ", 1, true);
		first = false;
		for (size_t i = 0; i < item.n; i++)
			if (item.v[i].kind == PART_TEXT)
				add_text(s, w, item.v[i].text.ptr, item.v[i].text.len, true);
			else
				*add_part(s, w, PART_TEXT) = item.v[i];
	}
	s->in_array = false;
	if (!at_end(s))
		s->p++;
}

static bool ends_in_equals(const struct word *w)
{
	const struct part *const last = w->n ? &w->v[w->n - 1] : NULL;

	return last && last->kind == PART_TEXT && !last->quoted && last->text.len > 1 &&
	       ascii_is_word_start(last->text.ptr[0]) && last->text.ptr[last->text.len - 1] == '=';
}

/* Nothing but itself, wherever it stands in a word. */
static bool is_bare(char c)
{
	return ascii_is_word(c) || c == '-' || c == '.' || c == '/' || c == ':' || c == ',' || c == '+' ||
	       c == '%' || c == '@' || c == '[' || c == ']' || c == '*';
}

bool shell_word(struct shell *s, struct word *w)
{
	const char *const begin = s->p;

	*w = (struct word){ .line = s->line };
	while (!at_end(s) && (!ends_word(*s->p) || at_process(s))) {
		const char c = *s->p;

		if (at_process(s)) {
			s->p += 2;
			read_substitution(s, w, false, true);
		} else if (c == '\'') {
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
			const char *const from = s->p++;

			/* On to what may mean something; '=' may begin an array. */
			while (c != '=' && !at_end(s) && is_bare(*s->p))
				s->p++;
			add_text(s, w, from, (size_t)(s->p - from), false);
			if (c == '=' && peek(s, 0) == '(' && w->n == 1 && ends_in_equals(w) && !s->in_array)
				read_array(s, w);
		}
	}
	return s->p > begin;
}
