#include "rebuild/cause.h"

#include <elf.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "base/bytes.h"
#include "base/cleanup.h"
#include "rebuild/normalise.h"

/* What is left of two contents without their common beginning and end. */
struct differing {
	struct str first, second;
	size_t at;		/* offset of both */
};

static struct differing differ(struct str a, struct str b)
{
	const size_t shorter = a.len < b.len ? a.len : b.len;
	size_t head = 0, tail = 0;

	while (head < shorter && a.ptr[head] == b.ptr[head])
		head++;
	while (tail < shorter - head && a.ptr[a.len - 1 - tail] == b.ptr[b.len - 1 - tail])
		tail++;
	return (struct differing){ str_of(a.ptr + head, a.len - head - tail),
				   str_of(b.ptr + head, b.len - head - tail), head };
}

/* The same, widened to what surrounds it: words that began before the first byte that differs. */
static struct str widened(struct str whole, struct str part, size_t by)
{
	const size_t from = (size_t)(part.ptr - whole.ptr), begin = from > by ? from - by : 0;
	const size_t end = from + part.len + by < whole.len ? from + part.len + by : whole.len;

	return str_of(whole.ptr + begin, end - begin);
}

/* --- where --- */

struct section {
	struct str name, content;
};

/* The section of that number of a 64-bit ELF file; false: no more, or not well-formed. */
static bool elf_section(struct str f, size_t index, struct section *out)
{
	uint64_t table, entry, count, names, at, size, name;
	const char *s, *strings;

	if (f.len < 64 || memcmp(f.ptr, "\177ELF\2\1", 6) != 0)
		return false;
	table = bytes_little(f.ptr + 40, 8);
	entry = bytes_little(f.ptr + 58, 2);
	count = bytes_little(f.ptr + 60, 2);
	names = bytes_little(f.ptr + 62, 2);
	if (index >= count || names >= count || entry < 64 || table > f.len || entry * count > f.len - table)
		return false;
	strings = f.ptr + table + entry * names;
	s = f.ptr + table + entry * index;
	at = bytes_little(strings + 24, 8) + bytes_little(s, 4);
	if (at >= f.len || !memchr(f.ptr + at, '\0', f.len - (size_t)at))
		return false;
	name = at;
	at = bytes_little(s + 24, 8);
	size = bytes_little(s + 4, 4) == SHT_NOBITS ? 0 : bytes_little(s + 32, 8);
	if (at > f.len || size > f.len - at)
		return false;
	out->name = str_from(f.ptr + name);
	out->content = str_of(f.ptr + at, (size_t)size);
	return true;
}

static bool section_named(struct str f, struct str name, struct section *out)
{
	for (size_t i = 0; elf_section(f, i, out); i++)
		if (str_eq(out->name, name))
			return true;
	return false;
}

/* The first sections that differ, by name; the first of them becomes what is looked at. */
static bool elf_differ(struct str *a, struct str *b, struct buf *where)
{
	const struct str first = *a, second = *b;
	struct section s, t;
	unsigned int n = 0;

	for (size_t i = 0; elf_section(first, i, &s); i++) {
		if (s.name.len == 0 || (section_named(second, s.name, &t) && str_eq(s.content, t.content)))
			continue;
		if (!section_named(second, s.name, &t))
			t.content = STR("");
		/* Names of sections, and tables of strings, follow from the rest. */
		if (n == 0 && s.content.len && t.content.len) {
			*a = s.content;
			*b = t.content;
		}
		if (n < 4)
			buf_addf(where, "%s%.*s", n ? ", " : "section ", STR_FMT(str_first(s.name, 60)));
		n++;
	}
	if (n > 4)
		buf_addf(where, " and %u more", n - 4);
	return n > 0;
}

/* One member of an ar file at *at; false at the end. */
static bool ar_member(struct str f, size_t *at, struct section *out)
{
	uint64_t size = 0;

	if (f.len < *at + 60 || f.ptr[*at + 58] != '`')
		return false;
	for (size_t i = 48; i < 58 && ascii_is_digit(f.ptr[*at + i]); i++)
		size = size * 10 + (uint64_t)(f.ptr[*at + i] - '0');
	out->name = str_trim(str_of(f.ptr + *at, 16));
	if (size > f.len - *at - 60)
		return false;
	out->content = str_of(f.ptr + *at + 60, (size_t)size);
	*at += 60 + (size_t)size + (size & 1);
	return true;
}

static bool ar_differ(struct str *a, struct str *b, struct buf *where)
{
	size_t at = 8, other = 8;
	struct section s, t;

	if (!str_starts(*a, STR("!<arch>\n")) || !str_starts(*b, STR("!<arch>\n")))
		return false;
	while (ar_member(*a, &at, &s) && ar_member(*b, &other, &t)) {
		if (str_eq(s.content, t.content) || str_eq(s.name, STR("/")))
			continue;
		buf_addf(where, "member %.*s", STR_FMT(s.name));
		*a = s.content;
		*b = t.content;
		if (str_starts(s.content, STR("\177ELF"))) {
			buf_add_cstr(where, ", ");
			elf_differ(a, b, where);
		}
		return true;
	}
	return false;
}

static bool is_text(struct str s)
{
	return !memchr(s.ptr, '\0', s.len < 65536 ? s.len : 65536);
}

static void place(struct str whole, const struct differing *d, struct buf *where)
{
	size_t line = 1;

	if (!is_text(whole)) {
		buf_addf(where, "byte %zu", d->at);
		return;
	}
	for (size_t i = 0; i < d->at; i++)
		line += whole.ptr[i] == '\n';
	buf_addf(where, "line %zu", line);
}

/* --- why --- */

enum { LINES_MAX = 20000 };

static int by_bytes(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static size_t split(struct str s, struct str **out)
{
	size_t n = 0, cap = 0;
	struct str line;

	*out = NULL;
	while (n <= LINES_MAX && str_next_line(&s, &line)) {
		*out = memory_grow(*out, n, &cap, sizeof(**out));
		(*out)[n++] = line;
	}
	return n;
}

/* The same lines in another order. */
static bool is_order(struct str a, struct str b)
{
	AUTO_FREE struct str *v = NULL;
	AUTO_FREE struct str *w = NULL;
	const size_t n = split(a, &v), m = split(b, &w);

	if (n != m || n < 2 || n > LINES_MAX)
		return false;
	qsort(v, n, sizeof(*v), by_bytes);
	qsort(w, m, sizeof(*w), by_bytes);
	for (size_t i = 0; i < n; i++)
		if (!str_eq(v[i], w[i]))
			return false;
	return true;
}

static bool has(struct str s, struct str what)
{
	return what.len && str_find_str(s, what) != (size_t)-1;
}

static bool is_month_or_day(struct str s)
{
	static const struct str names[] = {
		STR("Jan"), STR("Feb"), STR("Mar"), STR("Apr"), STR("May"), STR("Jun"), STR("Jul"), STR("Aug"),
		STR("Sep"), STR("Oct"), STR("Nov"), STR("Dec"),
		STR("Mon"), STR("Tue"), STR("Wed"), STR("Thu"), STR("Fri"), STR("Sat"), STR("Sun"),
	};

	return STR_IS_ONE_OF(str_first(s, 3), names);
}

/* A clock, a date with its year, or seconds since 1970 of these decades. */
static bool has_time(struct str s)
{
	for (size_t i = 0; i + 5 <= s.len; i++) {
		const char *const p = s.ptr + i;
		size_t digits = 0;

		if (i && ascii_is_digit(p[-1]))
			continue;
		while (i + digits < s.len && ascii_is_digit(p[digits]))
			digits++;
		if (digits == 2 && i + 8 <= s.len && p[2] == ':' && ascii_is_digit(p[3]) && p[5] == ':')
			return true;
		if ((digits == 4 || digits == 8) && (memcmp(p, "19", 2) == 0 || memcmp(p, "20", 2) == 0))
			return true;
		if (digits == 10 && p[0] == '1')
			return true;
	}
	return false;
}

/* Words of letters, digits and what stands within dates. */
static struct str next_token(struct str *rest)
{
	size_t n = 0;

	while (rest->len && !ascii_is_word(rest->ptr[0]))
		*rest = str_from_at(*rest, 1);
	while (n < rest->len && ascii_is_word(rest->ptr[n]))
		n++;
	const struct str token = str_first(*rest, n);

	*rest = str_from_at(*rest, n);
	return token;
}

static bool is_number(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!ascii_is_digit(s.ptr[i]))
			return false;
	return s.len > 0;
}

/* Whether two texts differ in numbers, months and days alone. */
static bool differ_in_numbers(struct str a, struct str b)
{
	while (a.len && b.len) {
		const struct str s = next_token(&a), t = next_token(&b);

		if (!str_eq(s, t) && !(is_number(s) && is_number(t)) &&
		    !(is_month_or_day(s) && is_month_or_day(t)))
			return false;
	}
	return a.len == b.len || (str_trim(a).len == 0 && str_trim(b).len == 0);
}

/* The line in which a part begins. */
static struct str line_of(struct str whole, struct str part)
{
	size_t from = (size_t)(part.ptr - whole.ptr), end = from;

	while (from > 0 && whole.ptr[from - 1] != '\n')
		from--;
	while (end < whole.len && whole.ptr[end] != '\n')
		end++;
	return str_of(whole.ptr + from, end - from);
}

/* "Generated by NAME 1.2": what made a file signs it with its own version. */
static bool names_tool(struct str line)
{
	static const struct str words[] = { STR("enerated by "), STR("enerated from "), STR("roduced by "), STR("reated by ") };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (has(line, words[i]))
			return true;
	return false;
}

static struct str why(struct str a, struct str b, const struct differing *d, const struct output_context *x)
{
	const struct str wide_a = widened(a, d->first, 80), wide_b = widened(b, d->second, 80);

	if (!str_eq(x->first_path, x->second_path) && (has(wide_a, x->first_path) || has(wide_b, x->second_path)))
		return STR("build path");
	if (is_text(a) && is_order(widened(a, d->first, 200), widened(b, d->second, 200)))
		return STR("order");
	if (is_text(a) && is_order(a, b))
		return STR("order");
	if (has_time(wide_a) && has_time(wide_b) && differ_in_numbers(d->first, d->second))
		return STR("timestamp");
	if (d->first.len + d->second.len < 64 && (has(wide_a, x->version) || has(wide_b, x->version)))
		return STR("version stamp");
	if (names_tool(line_of(a, d->first)) && names_tool(line_of(b, d->second)))
		return STR("version stamp");
	return STR("unknown");
}

void cause_of(struct str first, struct str second, const struct output_context *x, struct arena *a,
	      struct str *where, struct str *cause)
{
	AUTO_BUF struct buf text = BUF_INIT;
	struct differing d;

	if (!ar_differ(&first, &second, &text))
		elf_differ(&first, &second, &text);
	d = differ(first, second);
	if (text.len == 0)
		place(first, &d, &text);
	*where = arena_str(a, buf_str(&text));
	*cause = why(first, second, &d, x);
}
