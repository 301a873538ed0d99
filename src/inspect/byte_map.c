#include <stdint.h>

#include "inspect/decode.h"

/* A set of tr expanded: its bytes in the order in which they pair with the other set's. A set may be
 * longer than 256, by repeats and by naming a byte twice; what lies beyond this never changes a map. */
enum { SET_MAX = 4096 };

struct set {
	uint8_t v[SET_MAX];
	size_t n;
	bool fill;		/* holds a [c*], which grows until the set is as long as the other */
	size_t fill_at;
	uint8_t fill_byte;
};

/* An operand after its escapes: an escaped byte is never an operator. */
struct unescaped {
	uint8_t v[SET_MAX];
	bool escaped[SET_MAX];
	size_t n;
};

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/* The byte after a backslash at s[*i], which is moved past it. */
static uint8_t unescape_one(struct str s, size_t *i)
{
	static const char letters[] = "abfnrtv";
	static const char values[] = "\a\b\f\n\r\t\v";
	const char c = s.ptr[(*i)++];
	const char *const at = c ? strchr(letters, c) : NULL;
	unsigned int value = 0;

	if (at)
		return (uint8_t)values[at - letters];
	if (!is_octal(c))
		return (uint8_t)c;
	value = (unsigned int)(c - '0');
	/* A third digit that would lead beyond a byte stands for itself. */
	for (int digits = 1; digits < 3 && *i < s.len && is_octal(s.ptr[*i]); digits++) {
		const unsigned int next = value * 8 + (unsigned int)(s.ptr[*i] - '0');

		if (next > UINT8_MAX)
			break;
		value = next;
		++*i;
	}
	return (uint8_t)value;
}

static bool unescape(struct str s, struct unescaped *u)
{
	u->n = 0;
	for (size_t i = 0; i < s.len; u->n++) {
		if (u->n == SET_MAX)
			return false;
		/* A backslash at the very end stands for itself. */
		u->escaped[u->n] = s.ptr[i] == '\\' && i + 1 < s.len;
		if (u->escaped[u->n]) {
			i++;
			u->v[u->n] = unescape_one(s, &i);
		} else {
			u->v[u->n] = (uint8_t)s.ptr[i++];
		}
	}
	return true;
}

static bool operator_at(const struct unescaped *u, size_t i, char c)
{
	return i < u->n && u->v[i] == (uint8_t)c && !u->escaped[i];
}

static bool add(struct set *s, unsigned int byte)
{
	if (s->n == SET_MAX)
		return false;
	s->v[s->n++] = (uint8_t)byte;
	return true;
}

static bool add_range(struct set *s, unsigned int from, unsigned int to)
{
	for (unsigned int c = from; c <= to; c++)
		if (!add(s, c))
			return false;
	return from <= to;
}

/* Classes in the C locale. */
static bool in_class(struct str name, unsigned int c)
{
	const bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z';
	const bool digit = c >= '0' && c <= '9', graph = c > ' ' && c < 0x7f;
	const bool hex = (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
	const bool blank = c == ' ' || c == '\t';
	const struct {
		struct str name;
		bool in;
	} classes[] = {
		{ STR("alnum"), upper || lower || digit },
		{ STR("alpha"), upper || lower },
		{ STR("blank"), blank },
		{ STR("cntrl"), c < ' ' || c == 0x7f },
		{ STR("digit"), digit },
		{ STR("graph"), graph },
		{ STR("lower"), lower },
		{ STR("print"), graph || c == ' ' },
		{ STR("punct"), graph && !upper && !lower && !digit },
		{ STR("space"), blank || (c >= '\n' && c <= '\r') },
		{ STR("upper"), upper },
		{ STR("xdigit"), digit || hex },
	};

	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++)
		if (str_eq(classes[i].name, name))
			return classes[i].in;
	return false;
}

static bool add_class(struct set *s, struct str name)
{
	bool any = false;

	for (unsigned int c = 0; c <= UINT8_MAX; c++)
		if (in_class(name, c)) {
			if (!add(s, c))
				return false;
			any = true;
		}
	return any;
}

enum parsed { PARSED_NOT, PARSED_YES, PARSED_BAD };

/* [:class:] and [=c=] at i, which is moved past it. */
static enum parsed parse_class(const struct unescaped *u, size_t *i, struct set *s)
{
	const size_t from = *i + 2;
	const char delimiter = operator_at(u, *i + 1, ':') ? ':' :
			       operator_at(u, *i + 1, '=') ? '=' : 0;

	if (!delimiter)
		return PARSED_NOT;
	for (size_t end = from; end + 1 < u->n; end++) {
		if (!operator_at(u, end, delimiter) || !operator_at(u, end + 1, ']'))
			continue;
		if (delimiter == ':') {
			if (!add_class(s, str_of(u->v + from, end - from)))
				return PARSED_BAD;
		} else if (end - from != 1 || !add(s, u->v[from])) {
			return PARSED_BAD;
		}
		*i = end + 2;
		return PARSED_YES;
	}
	return PARSED_NOT;
}

/* [c*n] and [c*] at i, which is moved past it. */
static enum parsed parse_repeat(const struct unescaped *u, size_t *i, struct set *s)
{
	size_t at = *i + 3, count = 0, base = operator_at(u, at, '0') ? 8 : 10;

	if (!operator_at(u, *i + 2, '*'))
		return PARSED_NOT;
	for (; at < u->n && !u->escaped[at] && u->v[at] != ']'; at++) {
		const unsigned int digit = (unsigned int)u->v[at] - '0';

		if (digit >= base)
			return PARSED_BAD;
		count = count * base + digit;
		if (count > SET_MAX)
			count = SET_MAX;
	}
	if (!operator_at(u, at, ']'))
		return PARSED_NOT;
	if (count == 0) {
		if (s->fill)
			return PARSED_BAD;
		s->fill = true;
		s->fill_at = s->n;
		s->fill_byte = u->v[*i + 1];
	}
	/* More than the set can hold pairs with nothing. */
	for (; count > 0 && s->n < SET_MAX; count--)
		add(s, u->v[*i + 1]);
	*i = at + 1;
	return PARSED_YES;
}

static bool parse_set(struct str operand, struct set *s)
{
	struct unescaped u;
	size_t i = 0;

	s->n = 0;
	s->fill = false;
	if (!unescape(operand, &u))
		return false;
	while (i < u.n) {
		enum parsed parsed = PARSED_NOT;

		if (operator_at(&u, i, '[')) {
			parsed = parse_class(&u, &i, s);
			if (parsed != PARSED_YES) {
				const enum parsed repeat = parse_repeat(&u, &i, s);

				/* [:*] and [=*4] repeat a delimiter. */
				parsed = repeat == PARSED_NOT ? parsed : repeat;
			}
		}
		if (parsed == PARSED_BAD)
			return false;
		if (parsed == PARSED_YES)
			continue;
		if (i + 2 < u.n && operator_at(&u, i + 1, '-')) {
			if (!add_range(s, u.v[i], u.v[i + 2]))
				return false;
			i += 3;
		} else if (!add(s, u.v[i++])) {
			return false;
		}
	}
	return true;
}

static void complement(struct set *s)
{
	bool in[256] = { false };

	for (size_t i = 0; i < s->n; i++)
		in[s->v[i]] = true;
	s->n = 0;
	for (unsigned int c = 0; c < 256; c++)
		if (!in[c])
			s->v[s->n++] = (uint8_t)c;
}

/* Makes set 2 at least as long as set 1 (or set 1 as short, for -t). False when it is empty. */
static bool pair_sets(struct set *one, struct set *two, bool truncate)
{
	if (two->fill && two->n < one->n) {
		const size_t more = one->n - two->n;

		memmove(two->v + two->fill_at + more, two->v + two->fill_at, two->n - two->fill_at);
		memset(two->v + two->fill_at, two->fill_byte, more);
		two->n += more;
	}
	if (two->n < one->n && truncate)
		one->n = two->n;
	if (two->n == 0)
		return false;
	if (two->n < one->n) {
		memset(two->v + two->n, two->v[two->n - 1], one->n - two->n);
		two->n = one->n;
	}
	return true;
}

bool byte_map_parse(struct str options, struct str set1, struct str set2, struct byte_map *out)
{
	bool c = false, d = false, s = false, t = false;
	struct set one, two;

	for (size_t i = 0; i < options.len; i++) {
		const char o = options.ptr[i];

		if (o != 'c' && o != 'C' && o != 'd' && o != 's' && o != 't' && o != '-')
			return false;
		c |= o == 'c' || o == 'C';
		d |= o == 'd';
		s |= o == 's';
		t |= o == 't';
	}
	for (int16_t b = 0; b < 256; b++)
		out->to[b] = b;
	out->spec = (struct str){ NULL, 0 };
	if (!parse_set(set1, &one) || one.fill || one.n == 0)
		return false;
	if (c)
		complement(&one);
	if (d) {
		/* A second set is what -s squeezes, which is no matter of single bytes. */
		if ((set2.len > 0) != s)
			return false;
		for (size_t i = 0; i < one.n; i++)
			out->to[one.v[i]] = -1;
		return true;
	}
	if (!parse_set(set2, &two) || !pair_sets(&one, &two, t))
		return false;
	for (size_t i = 0; i < one.n; i++)
		out->to[one.v[i]] = two.v[i];
	return true;
}

static bool is_letter(int c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool byte_map_permutes(const struct byte_map *m)
{
	bool moved[256] = { false }, reached[256] = { false };
	bool only_case = true, only_line_ends = true;
	size_t n = 0;

	for (int b = 0; b < 256; b++) {
		const int to = m->to[b];

		if (to < 0)
			return false;
		if (to == b)
			continue;
		if (reached[to])
			return false;
		moved[b] = reached[to] = true;
		n++;
		only_case &= is_letter(b) && (b ^ to) == ('a' ^ 'A');
		only_line_ends &= b == '\r' || b == '\n';
	}
	return n >= 2 && memcmp(moved, reached, sizeof(moved)) == 0 && !only_case &&
	       !only_line_ends;
}
