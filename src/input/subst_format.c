#include <stdio.h>
#include <time.h>

#include "base/memory.h"
#include "input/subst.h"

static unsigned char at(struct str s, size_t i)
{
	return i < s.len ? (unsigned char)s.ptr[i] : 0;
}

static void put(struct plan *p, struct str s)
{
	if (p->out->len - p->base + s.len > p->max)
		p->failed = true;
	else
		buf_add_str(p->out, s);
}

static void cut(struct plan *p, size_t length)
{
	p->out->len = length;
	if (p->out->ptr)
		p->out->ptr[length] = '\0';
}

static bool hole_may_be_empty(const struct hole *h)
{
	return h->kind != HOLE_ABBREV && h->kind != HOLE_EITHER;
}

/* `written`: what to write when no holes are asked for. */
static void put_hole(struct plan *p, struct hole hole, struct str written)
{
	if (p->abbrev) {
		put(p, written);
		return;
	}
	if (p->n == SUBST_MAX_HOLES) {
		p->failed = true;
		return;
	}
	hole.at = p->out->len;
	p->holes = memory_grow(p->holes, p->n, &p->cap, sizeof(*p->holes));
	p->holes[p->n++] = hole;
}

static void put_abbrev(struct plan *p, struct str oid)
{
	put_hole(p, (struct hole){ .kind = HOLE_ABBREV, .text = oid }, str_first(oid, p->abbrev));
}

static void put_parents(struct plan *p, bool abbreviated)
{
	for (size_t i = 0; i < p->facts->parents_n && !p->failed; i++) {
		if (i > 0)
			put(p, STR(" "));
		if (abbreviated)
			put_abbrev(p, p->facts->parents[i]);
		else
			put(p, p->facts->parents[i]);
	}
}

static struct str trim_end(struct str s)
{
	while (s.len && strchr(" \t\r\n", s.ptr[s.len - 1]))
		s.len--;
	return s;
}

static struct str skip_blank_lines(struct str s)
{
	struct str rest = s, line;

	while (str_next_line(&rest, &line) && trim_end(line).len == 0)
		s = rest;
	return s;
}

/* Cuts the next line of the subject off; false behind it. */
static bool next_subject_line(struct str *rest, struct str *line)
{
	if (!str_next_line(rest, line))
		return false;
	*line = trim_end(*line);
	return line->len > 0;
}

void format_prepare(struct plan *p)
{
	const struct str all = p->facts->message;
	struct str line;

	p->message = str_first(all, str_find(all, '\0'));
	p->subject = skip_blank_lines(p->message);
	p->body = p->subject;
	while (next_subject_line(&p->body, &line))
		;
	p->body = skip_blank_lines(p->body);
}

static void put_subject(struct plan *p)
{
	struct str rest = p->subject, line;

	for (bool first = true; next_subject_line(&rest, &line); first = false) {
		if (!first)
			put(p, STR(" "));
		put(p, line);
	}
}

/* %f: runs of anything but letters, digits, "." and "_" become one "-"; runs of "." one of
 * them; none of "." and "-" at the end, no "-" at the start. */
static void put_sanitized(struct plan *p, struct str s)
{
	const size_t start = p->out->len;
	bool gap = false;

	for (size_t i = 0; i < s.len && !p->failed; i++) {
		const char c = s.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || c == '.' || c == '_')) {
			gap = true;
			continue;
		}
		if (gap && p->out->len > start)
			put(p, STR("-"));
		gap = false;
		put(p, str_of(&c, 1));
		while (c == '.' && at(s, i + 1) == '.')
			i++;
	}
	while (p->out->len > start && strchr(".-", p->out->ptr[p->out->len - 1]))
		cut(p, p->out->len - 1);
}

struct stamp {
	int64_t time;
	int offset;		/* minutes */
};

static void put_date(struct plan *p, struct stamp when, unsigned char part)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	static const char days[] = "SunMonTueWedThuFriSat";
	time_t local = (time_t)(when.time + (int64_t)when.offset * 60);
	struct tm tm;

	if (!gmtime_r(&local, &tm)) {
		local = 0;
		when.offset = 0;
		gmtime_r(&local, &tm);
	}
	const int minutes = when.offset < 0 ? -when.offset : when.offset;
	const int zone = (minutes / 60 * 100 + minutes % 60) * (when.offset < 0 ? -1 : 1);
	const char *const day = &days[3 * tm.tm_wday], *const month = &months[3 * tm.tm_mon];
	const int year = tm.tm_year + 1900;
	char date[64], clock[32], zoned[16], text[160];

	snprintf(date, sizeof(date), "%04d-%02d-%02d", year, tm.tm_mon + 1, tm.tm_mday);
	snprintf(clock, sizeof(clock), "%02d:%02d:%02d", tm.tm_hour, tm.tm_min, tm.tm_sec);
	snprintf(zoned, sizeof(zoned), "%+05d", zone);
	if (part == 's')
		snprintf(text, sizeof(text), "%s", date);
	else if (part == 'i')
		snprintf(text, sizeof(text), "%s %s %s", date, clock, zoned);
	else if (part == 'I')
		snprintf(text, sizeof(text), "%sT%s", date, clock);
	else if (part == 'D')
		snprintf(text, sizeof(text), "%.3s, %d %.3s %d %s %s", day, tm.tm_mday, month,
			 year, clock, zoned);
	else	/* git leaves out -0001, its mark for "no zone" */
		snprintf(text, sizeof(text), "%.3s %.3s %d %s %d%s%s", day, month, tm.tm_mday,
			 clock, year, zone == -1 ? "" : " ", zone == -1 ? "" : zoned);
	put(p, str_from(text));
	if (part != 'I')
		return;
	snprintf(text, sizeof(text), "%c%02d:%02d", when.offset < 0 ? '-' : '+', minutes / 60,
		 minutes % 60);
	if (zone != 0)
		put(p, str_from(text));
	else	/* "Z" since git 2.45 */
		put_hole(p, (struct hole){ .kind = HOLE_EITHER, .text = STR("+00:00"),
					   .other = STR("Z") }, STR("+00:00"));
}

/* "%a." and "%c.". Returns the bytes read, 0 for a placeholder that git does not know. */
static size_t put_person(struct plan *p, struct str format, bool author)
{
	const struct commit_facts *const f = p->facts;
	const struct str name = author ? f->author_name : f->committer_name;
	const struct str email = author ? f->author_email : f->committer_email;
	const struct str local = str_first(email, str_find(email, '@'));
	const struct stamp when = author ?
		(struct stamp){ f->author_time, f->author_offset } :
		(struct stamp){ f->committer_time, f->committer_offset };
	const unsigned char part = at(format, 1);
	char text[32];

	if (part == 0 || !strchr("nNeElLtdDriIsh", part))
		return 0;
	if (part == 'n')
		put(p, name);
	else if (part == 'e')
		put(p, email);
	else if (part == 'l')
		put(p, local);
	else if (part == 'N')
		put_hole(p, (struct hole){ .kind = HOLE_NAME, .text = name }, name);
	else if (part == 'E')
		put_hole(p, (struct hole){ .kind = HOLE_EMAIL, .text = email }, email);
	else if (part == 'L')
		put_hole(p, (struct hole){ .kind = HOLE_EMAIL, .text = local }, local);
	else if (part == 'h')
		p->failed = true;
	else if (part == 'r')
		put_hole(p, (struct hole){ .kind = HOLE_RELATIVE },
			 author ? STR("%ar") : STR("%cr"));
	else if (part == 't')
		put(p, str_of(text, (size_t)snprintf(text, sizeof(text), "%lld",
						     (long long)when.time)));
	else
		put_date(p, when, part);
	return 2;
}

/* Offset of the ")" that ends a placeholder, or (size_t)-1. What is too long is not looked for,
 * as that would take quadratic time, but given up. */
static size_t find_end(struct plan *p, struct str s)
{
	const size_t end = str_find(str_first(s, SUBST_MAX_ARGUMENTS), ')');

	if (end == (size_t)-1 && s.len > SUBST_MAX_ARGUMENTS)
		p->failed = true;
	return end;
}

/* git archive never colours, but for what asks for it always, which is not known here. */
static size_t read_color(struct plan *p, struct str format)
{
	static const struct str names[] = {
		{ "red", 3 }, { "green", 5 }, { "blue", 4 }, { "reset", 5 },
	};
	const struct str rest = str_from_at(format, 1);

	if (at(rest, 0) == '(') {
		const size_t end = find_end(p, rest);

		if (end != (size_t)-1 && str_starts(rest, STR("(always,")))
			p->failed = true;
		return end == (size_t)-1 ? 0 : end + 2;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_starts(rest, names[i]))
			return 1 + names[i].len;
	return 0;
}

/* Wrapping and padding need the widths of characters: recognized, but not done. */
static size_t read_layout(struct plan *p, struct str format)
{
	const size_t open = str_find(str_first(format, 4), '(');

	if (open == (size_t)-1)
		return 0;
	const size_t end = find_end(p, format);

	if (end == (size_t)-1 || end < open)
		return 0;
	for (size_t i = 1; i < open; i++)
		if (!strchr("<>|", format.ptr[i]))
			return 0;
	p->failed = true;
	return end + 1;
}

/* One option of "%(describe:...)" and the "," behind it; the bytes, or 0 when it is none. */
static size_t describe_option(struct str s)
{
	static const struct str names[] = {
		{ "tags", 4 }, { "abbrev", 6 }, { "exclude", 7 }, { "match", 5 },
	};
	size_t end = 0;

	while (end < s.len && s.ptr[end] != ',' && s.ptr[end] != ')')
		end++;
	if (end == s.len)
		return 0;
	const struct str option = str_first(s, end);
	const struct str name = str_first(option, str_find(option, '='));
	const struct str value = str_from_at(option, name.len + 1);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!str_eq(names[i], name) || (i > 0 && value.len == 0))
			continue;
		for (size_t k = 0; i == 1 && k < value.len; k++)
			if (value.ptr[k] < '0' || value.ptr[k] > '9')
				return 0;
		return end + (s.ptr[end] == ',');
	}
	return 0;
}

static size_t put_describe(struct plan *p, struct str format)
{
	size_t i = sizeof("(describe") - 1;
	const size_t end = find_end(p, format);

	if (end == (size_t)-1)
		return 0;
	if (at(format, i) == ':') {
		const struct str options = str_first(format, end + 1);


		i++;
		for (size_t n; (n = describe_option(str_from_at(options, i))) > 0;)
			i += n;
	}
	if (at(format, i) != ')')
		return 0;
	const struct str source = str_of(format.ptr - 1, i + 2);

	put_hole(p, (struct hole){ .kind = HOLE_DESCRIBE, .text = source }, source);
	return i + 1;
}

static size_t put_signature(struct plan *p, struct str format)
{
	static const enum hole_kind kinds[] = {
		HOLE_SIGNED, HOLE_TRUST, HOLE_KEY, HOLE_KEY, HOLE_KEY,
	};
	static const char letters[] = "?TKFPSG";
	const char *const letter = at(format, 1) ? strchr(letters, at(format, 1)) : NULL;

	if (!letter)
		return 0;
	const size_t i = (size_t)(letter - letters);

	if (i < sizeof(kinds) / sizeof(kinds[0]))
		put_hole(p, (struct hole){ .kind = kinds[i] }, str_of(format.ptr - 1, 3));
	else	/* the signer's name, gpg's messages */
		p->failed = true;
	return 2;
}

static size_t put_message(struct plan *p, struct str format)
{
	const unsigned char c = at(format, 0);

	if (c == 0 || !strchr("Bsfb", c))
		return 0;
	/* All blanks, it may cost time without output. */
	p->looked_at += p->message.len;
	if (p->looked_at > p->max + SUBST_MAX_GROWTH)
		p->failed = true;
	else if (c == 'B')
		put(p, p->message);
	else if (c == 's')
		put_subject(p);
	else if (c == 'f')
		put_sanitized(p, str_first(p->subject, str_find(p->subject, '\n')));
	else
		put(p, p->body);
	return 1;
}

/* Placeholders that need more than a look at their first byte. */
static size_t put_long(struct plan *p, struct str format)
{
	unsigned char byte;

	switch (at(format, 0)) {
	case 'x':
		if (!hex_decode(str_first(str_from_at(format, 1), 2), &byte, 1))
			return 0;
		put(p, str_of(&byte, 1));
		return 3;
	case 'C':
		return read_color(p, format);
	case 'w':
		return at(format, 1) == '(' ? read_layout(p, format) : 0;
	case '<':
	case '>':
		return read_layout(p, format);
	case 'G':
		return put_signature(p, format);
	case 'g':	/* of a reflog: there is none, so these are empty */
		return at(format, 1) && strchr("dDsnNeE", at(format, 1)) ? 2 : 0;
	case '(':
		if (str_starts(format, STR("(describe")))
			return put_describe(p, format);
		if (str_starts(format, STR("(trailers")) || str_starts(format, STR("(decorate")))
			p->failed = true;
		return 0;
	default:
		return put_message(p, format);
	}
}

/* One placeholder, without its "%". Returns the bytes read; 0 leaves it as it is. */
static size_t put_placeholder(struct plan *p, struct str format)
{
	const struct commit_facts *const f = p->facts;
	const unsigned char c = at(format, 0);

	if (c == 'a' || c == 'c')
		return put_person(p, format, c == 'a');
	if (c == 'n')
		put(p, STR("\n"));
	else if (c == 'H')
		put(p, f->oid);
	else if (c == 'T')
		put(p, f->tree);
	else if (c == 'h' || c == 't')
		put_abbrev(p, c == 'h' ? f->oid : f->tree);
	else if (c == 'P' || c == 'p')
		put_parents(p, c == 'p');
	else if (c == 'm')
		put(p, STR(">"));
	else if (c == 'e')
		put(p, f->encoding);
	else if (c == 'd')
		put_hole(p, (struct hole){ .kind = HOLE_DECORATION_PAREN }, STR("%d"));
	else if (c == 'D')
		put_hole(p, (struct hole){ .kind = HOLE_DECORATION }, STR("%D"));
	else
		return put_long(p, format);
	return 1;
}

/* "%-": without text, the line feeds before it go, even those before "$Format:". */
static void cut_line_feeds(struct plan *p)
{
	const size_t from = p->n ? p->holes[p->n - 1].at : p->base;

	while (p->out->len > from && p->out->ptr[p->out->len - 1] == '\n')
		cut(p, p->out->len - 1);
}

/* "%+x", "%-x" and "% x": a byte before what is not empty, or a cut before what is. */
static size_t put_magic(struct plan *p, struct str format)
{
	const char magic = format.ptr[0];
	const size_t holes = p->n, length = p->out->len;

	if (at(format, 1) == 'w')
		return 0;
	if (magic != '-')
		put(p, magic == '+' ? STR("\n") : STR(" "));
	const size_t start = p->out->len;
	const size_t consumed = put_placeholder(p, str_from_at(format, 1));

	if (p->failed)
		return consumed + 1;
	if (p->n == holes && p->out->len == start) {
		cut(p, length);
		if (magic == '-')
			cut_line_feeds(p);
	} else if (p->n > holes && hole_may_be_empty(&p->holes[holes])) {
		if (magic == '-') {
			p->failed = true;
			return consumed + 1;
		}
		cut(p, length);
		p->holes[holes].at = length;
		p->holes[holes].before = magic == '+' ? '\n' : ' ';
	}
	return consumed + 1;
}

void format_expand(struct plan *p, struct str format)
{
	const size_t nul = str_find(format, '\0');

	/* A C string to git. */
	if (nul != (size_t)-1)
		format.len = nul;
	while (!p->failed) {
		const struct str text = str_first(format, str_find(format, '%'));
		size_t consumed;

		put(p, text);
		if (text.len == format.len)
			return;
		format = str_from_at(format, text.len + 1);
		if (at(format, 0) == '%') {
			put(p, STR("%"));
			format = str_from_at(format, 1);
			continue;
		}
		const unsigned char c = at(format, 0);

		if (c == '+' || c == '-' || c == ' ')
			consumed = put_magic(p, format);
		else
			consumed = put_placeholder(p, format);
		if (consumed == 0)
			put(p, STR("%"));
		format = str_from_at(format, consumed);
	}
}
