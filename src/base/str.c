#include "base/str.h"

#include <stdint.h>
#include <stdio.h>

#include "base/memory.h"

bool str_is_one_of(struct str s, const struct str *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(list[i], s))
			return true;
	return false;
}

int str_cmp(struct str a, struct str b)
{
	const size_t n = a.len < b.len ? a.len : b.len;
	const int c = n ? memcmp(a.ptr, b.ptr, n) : 0;

	if (c != 0)
		return c;
	return a.len < b.len ? -1 : a.len > b.len;
}

static unsigned char lower(char c)
{
	const unsigned char u = (unsigned char)c;

	return u >= 'A' && u <= 'Z' ? (unsigned char)(u + 32) : u;
}

bool str_case_eq(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.ptr[i]) != lower(b.ptr[i]))
			return false;
	return true;
}

size_t str_find(struct str s, char c)
{
	const char *p = s.len ? memchr(s.ptr, c, s.len) : NULL;

	return p ? (size_t)(p - s.ptr) : SIZE_MAX;
}

size_t str_rfind(struct str s, char c)
{
	for (size_t i = s.len; i > 0; i--)
		if (s.ptr[i - 1] == c)
			return i - 1;
	return SIZE_MAX;
}

struct str str_base(struct str path)
{
	return str_from_at(path, str_rfind(path, '/') + 1);	/* -1 + 1 is 0 */
}

/* The byte of a short needle that texts hold least often: signs before capitals before the rest. */
static size_t rarest(struct str needle)
{
	size_t best = 0;
	int best_rank = 0;

	for (size_t i = 0; i < needle.len; i++) {
		const char c = needle.ptr[i];
		const bool sign = c == '~' || c == '#' || c == '+' || c == '@' || c == '|' || c == '!';
		const int rank = sign ? 3 : c >= 'A' && c <= 'Z' ? 2 : c == '.';

		if (rank > best_rank) {
			best_rank = rank;
			best = i;
		}
	}
	return best_rank ? best : SIZE_MAX;
}

size_t str_find_str(struct str s, struct str needle)
{
	enum { SHORT = 16 };
	size_t anchor;
	const char *p;

	if (needle.len == 0)
		return 0;
	if (s.len < needle.len)
		return SIZE_MAX;
	anchor = needle.len <= SHORT ? rarest(needle) : SIZE_MAX;
	if (anchor == SIZE_MAX) {
		p = memmem(s.ptr, s.len, needle.ptr, needle.len);
		return p ? (size_t)(p - s.ptr) : SIZE_MAX;
	}
	/* memmem of short needles goes byte by byte, memchr does not. */
	for (size_t at = 0, last = s.len - needle.len; at <= last; at++) {
		p = memchr(s.ptr + at + anchor, needle.ptr[anchor], last - at + 1);
		if (!p)
			break;
		at = (size_t)(p - s.ptr) - anchor;
		if (memcmp(s.ptr + at, needle.ptr, needle.len) == 0)
			return at;
	}
	return SIZE_MAX;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
	while (s.len && is_blank(s.ptr[0]))
		s = str_from_at(s, 1);
	while (s.len && is_blank(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

static bool next_until(struct str *rest, struct str *part, char c)
{
	size_t end;

	if (rest->len == 0)
		return false;
	end = str_find(*rest, c);
	if (end == SIZE_MAX) {
		*part = *rest;
		*rest = str_from_at(*rest, rest->len);
	} else {
		*part = str_first(*rest, end);
		*rest = str_from_at(*rest, end + 1);
	}
	return true;
}

bool str_next_line(struct str *rest, struct str *line)
{
	return next_until(rest, line, '\n');
}

bool str_next_component(struct str *rest, struct str *part)
{
	return next_until(rest, part, '/');
}

bool str_next_item(struct str *rest, char separator, struct str *item)
{
	const size_t end = str_find(*rest, separator);

	if (rest->len == 0)
		return false;
	*item = str_first(*rest, end);
	*rest = str_from_at(*rest, end == (size_t)-1 ? rest->len : end + 1);
	return true;
}

bool str_next_word(struct str *rest, struct str *word)
{
	size_t end = 0;

	while (rest->len && is_blank(rest->ptr[0]))
		*rest = str_from_at(*rest, 1);
	if (rest->len == 0)
		return false;
	while (end < rest->len && !is_blank(rest->ptr[end]))
		end++;
	*word = str_first(*rest, end);
	*rest = str_from_at(*rest, end);
	return true;
}

char *buf_reserve(struct buf *b, size_t more)
{
	if (b->cap - b->len <= more) {
		size_t cap = b->cap ? b->cap * 2 : 64;

		while (cap - b->len <= more)
			cap *= 2;
		b->ptr = memory_realloc(b->ptr, cap);
		b->cap = cap;
	}
	return b->ptr + b->len;
}

void buf_add(struct buf *b, const void *ptr, size_t len)
{
	char *to = buf_reserve(b, len);

	if (len)
		memcpy(to, ptr, len);
	b->len += len;
	b->ptr[b->len] = '\0';
}

void buf_add_str(struct buf *b, struct str s)
{
	buf_add(b, s.ptr, s.len);
}

void buf_add_cstr(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_add_char(struct buf *b, char c)
{
	char *const to = buf_reserve(b, 1);

	to[0] = c;
	to[1] = '\0';
	b->len++;
}

void buf_vaddf(struct buf *b, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		return;
	vsnprintf(buf_reserve(b, (size_t)n), (size_t)n + 1, fmt, ap);
	b->len += (size_t)n;
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(b, fmt, ap);
	va_end(ap);
}

void buf_reset(struct buf *b)
{
	b->len = 0;
	if (b->ptr)
		b->ptr[0] = '\0';
}

void buf_release(struct buf *b)
{
	memory_free(b->ptr);
	*b = BUF_INIT;
}

const char *buf_cstr(const struct buf *b)
{
	return b->ptr ? b->ptr : "";
}
