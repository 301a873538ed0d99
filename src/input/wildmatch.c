#include "input/wildmatch.h"

#include <stdint.h>

enum { NO_POSITION = -1 };

/* Where to go on when a comparison fails. Two suffice: whatever a match with an earlier star
 * moved further right could reach, one with the later star moved right reaches as well. */
struct retry {
	ptrdiff_t pattern;	/* offset behind the star(s), or NO_POSITION */
	size_t text;		/* from where it was last tried */
	bool after_slash;	/* for "**" and a slash: only behind slashes of the text */
};

struct matcher {
	struct str pattern, text;
	bool pathname;
	struct retry one, any;	/* "*" that stops at slashes; "**" that does not */
	size_t p, t;
};

size_t wildmatch_literal(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		const char c = s.ptr[i];

		if (c == '*' || c == '?' || c == '[' || c == '\\')
			return i;
	}
	return s.len;
}

/* Not <ctype.h>: the locale has no say, and git takes \v and \f for no space. */
static bool class_alpha(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool class_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static bool class_alnum(unsigned char c)
{
	return class_alpha(c) || class_digit(c);
}

static bool class_blank(unsigned char c)
{
	return c == ' ' || c == '\t';
}

static bool class_space(unsigned char c)
{
	return class_blank(c) || c == '\n' || c == '\r';
}

static bool class_cntrl(unsigned char c)
{
	return c < 32 || c == 127;
}

static bool class_print(unsigned char c)
{
	return c >= 32 && c < 127;
}

static bool class_graph(unsigned char c)
{
	return c > 32 && c < 127;
}

static bool class_punct(unsigned char c)
{
	return class_graph(c) && !class_alnum(c);
}

static bool class_lower(unsigned char c)
{
	return c >= 'a' && c <= 'z';
}

static bool class_upper(unsigned char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool class_xdigit(unsigned char c)
{
	return class_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static const struct {
	struct str name;
	bool (*holds)(unsigned char c);
} classes[] = {
	{ { "alnum", 5 }, class_alnum }, { { "alpha", 5 }, class_alpha },
	{ { "blank", 5 }, class_blank }, { { "cntrl", 5 }, class_cntrl },
	{ { "digit", 5 }, class_digit }, { { "graph", 5 }, class_graph },
	{ { "lower", 5 }, class_lower }, { { "print", 5 }, class_print },
	{ { "punct", 5 }, class_punct }, { { "space", 5 }, class_space },
	{ { "upper", 5 }, class_upper }, { { "xdigit", 6 }, class_xdigit },
};

/* The members of "[...]" while they are read: `at` is the current byte of the pattern. */
struct set {
	struct str pattern;
	size_t at;
	unsigned char c;	/* the byte of the text that is asked for */
	unsigned char previous;	/* the member before, where it can begin a range; else 0 */
	bool found;
};

static unsigned char set_byte(const struct set *s, size_t ahead)
{
	return s->at + ahead < s->pattern.len ? (unsigned char)s->pattern.ptr[s->at + ahead] : 0;
}

/* A byte, possibly behind a backslash; false at the end of the pattern. */
static bool set_read_byte(struct set *s, unsigned char *byte)
{
	if (set_byte(s, 0) == '\\')
		s->at++;
	*byte = set_byte(s, 0);
	return *byte != 0;
}

/* "[:name:]" at `at`: 1 when read, 0 when it is none (so "[" is a member), -1 when malformed. */
static int set_read_class(struct set *s)
{
	const struct str rest = str_from_at(s->pattern, s->at + 2);
	const size_t end = str_find(rest, ']');

	if (end == (size_t)-1)
		return -1;
	if (end == 0 || rest.ptr[end - 1] != ':')
		return 0;
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (!str_eq(classes[i].name, str_first(rest, end - 1)))
			continue;
		s->found |= classes[i].holds(s->c);
		s->at += 2 + end;
		return 1;
	}
	return -1;
}

/* One member; leaves `at` on its last byte. False when the set is malformed. */
static bool set_read_member(struct set *s)
{
	const unsigned char byte = set_byte(s, 0), next = set_byte(s, 1);
	unsigned char last;

	if (byte == '-' && s->previous && next && next != ']') {
		s->at++;
		if (!set_read_byte(s, &last))
			return false;
		s->found |= s->previous <= s->c && s->c <= last;
		s->previous = 0;
		return true;
	}
	if (byte == '[' && next == ':') {
		const int read = set_read_class(s);

		if (read < 0)
			return false;
		if (read > 0) {
			s->previous = 0;
			return true;
		}
	}
	if (!set_read_byte(s, &last))
		return false;
	s->found |= last == s->c;
	s->previous = last;
	return true;
}

/* Whether the set at *at (on its "[") holds c; *at goes behind it. -1 when it is malformed, and
 * then the whole pattern matches nothing. */
static int set_match(struct str pattern, size_t *at, unsigned char c)
{
	struct set s = { .pattern = pattern, .at = *at + 1, .c = c };
	bool negated = false;

	if (set_byte(&s, 0) == '!' || set_byte(&s, 0) == '^') {
		negated = true;
		s.at++;
	}
	do {
		if (!set_read_member(&s))
			return -1;
		s.at++;
	} while (set_byte(&s, 0) != ']');
	*at = s.at + 1;
	return s.found != negated;
}

/* Reads a run of stars and notes where to go on when what follows fails. */
static void matcher_stars(struct matcher *m)
{
	const struct str pattern = m->pattern;
	const size_t start = m->p;
	const bool at_start = start == 0 || pattern.ptr[start - 1] == '/';

	while (m->p < pattern.len && pattern.ptr[m->p] == '*')
		m->p++;
	const struct str rest = str_from_at(pattern, m->p);
	const bool slash = str_starts(rest, STR("/"));
	const bool components = m->p - start > 1 && at_start &&
				(rest.len == 0 || slash || str_starts(rest, STR("\\/")));

	if (m->pathname && !components) {
		m->one = (struct retry){ (ptrdiff_t)m->p, m->t, false };
		return;
	}
	/* No components at all are fine, so the slash behind "**" needs no counterpart. */
	if (m->pathname && slash)
		m->p++;
	m->any = (struct retry){ (ptrdiff_t)m->p, m->t, m->pathname && slash };
	m->one.pattern = NO_POSITION;
}

/* Moves the last star that can take more; false when none can. */
static bool matcher_retry(struct matcher *m)
{
	const struct str text = m->text;

	if (m->one.pattern != NO_POSITION && m->one.text < text.len &&
	    text.ptr[m->one.text] != '/') {
		m->p = (size_t)m->one.pattern;
		m->t = ++m->one.text;
		return true;
	}
	m->one.pattern = NO_POSITION;
	if (m->any.pattern == NO_POSITION || m->any.text >= text.len)
		return false;
	if (m->any.after_slash) {
		const size_t slash = str_find(str_from_at(text, m->any.text), '/');

		if (slash == (size_t)-1)
			return false;
		m->any.text += slash;
	}
	m->p = (size_t)m->any.pattern;
	m->t = ++m->any.text;
	return true;
}

/* One byte of text against one item of the pattern: 1, 0, or -1 when nothing can match. */
static int matcher_step(struct matcher *m)
{
	const unsigned char c = (unsigned char)m->text.ptr[m->t];
	unsigned char wanted = (unsigned char)m->pattern.ptr[m->p];

	if (wanted == '[') {
		const int held = set_match(m->pattern, &m->p, c);

		if (held <= 0)
			return held;
		if (m->pathname && c == '/')
			return 0;
		m->t++;
		return 1;
	}
	if (wanted == '?') {
		if (m->pathname && c == '/')
			return 0;
	} else {
		if (wanted == '\\') {
			if (++m->p == m->pattern.len)
				return -1;
			wanted = (unsigned char)m->pattern.ptr[m->p];
		}
		if (wanted != c)
			return 0;
	}
	m->p++;
	m->t++;
	return 1;
}

bool wildmatch(struct str pattern, struct str text, bool pathname)
{
	struct matcher m = {
		.pattern = pattern, .text = text, .pathname = pathname,
		.one = { NO_POSITION, 0, false }, .any = { NO_POSITION, 0, false },
	};

	for (;;) {
		int stepped = 0;

		if (m.p == pattern.len) {
			if (m.t == text.len)
				return true;
		} else if (pattern.ptr[m.p] == '*') {
			matcher_stars(&m);
			continue;
		} else if (m.t < text.len) {
			stepped = matcher_step(&m);
		}
		if (stepped < 0 || (stepped == 0 && !matcher_retry(&m)))
			return false;
	}
}
