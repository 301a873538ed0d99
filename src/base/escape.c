#include "base/escape.h"

size_t escape_utf8(struct str s, unsigned int *code)
{
	const unsigned char *p = (const unsigned char *)s.ptr;
	size_t n;
	unsigned int c;

	if (s.len == 0)
		return 0;
	c = p[0];
	if (c < 0x80)
		n = 1;
	else if (c >= 0xc2 && c <= 0xdf)
		n = 2, c &= 0x1f;
	else if ((c & 0xf0) == 0xe0)
		n = 3, c &= 0x0f;
	else if (c >= 0xf0 && c <= 0xf4)
		n = 4, c &= 0x07;
	else
		return 0;
	if (s.len < n)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	/* Overlong forms, surrogates, beyond Unicode. */
	if ((n == 3 && c < 0x800) || (n == 4 && c < 0x10000) ||
	    (c >= 0xd800 && c <= 0xdfff) || c > 0x10ffff)
		return 0;
	*code = c;
	return n;
}

/* Code points that change how their neighbours look, or can't be seen. */
static bool is_deceptive(unsigned int c)
{
	static const struct { unsigned int from, to; } ranges[] = {
		{ 0x0000, 0x001f }, { 0x007f, 0x009f }, { 0x00ad, 0x00ad },
		{ 0x034f, 0x034f }, { 0x061c, 0x061c }, { 0x115f, 0x1160 },
		{ 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x200b, 0x200f },
		{ 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0x3164, 0x3164 },
		{ 0xd800, 0xf8ff }, { 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff },
		{ 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb }, { 0xe0000, 0x10ffff },
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (c >= ranges[i].from && c <= ranges[i].to)
			return true;
	return false;
}

void escape_terminal(struct buf *to, struct str s)
{
	while (s.len) {
		unsigned int c = 0;
		const size_t n = escape_utf8(s, &c);

		if (n == 0)
			buf_addf(to, "\\x%02x", (unsigned char)s.ptr[0]);
		else if (c == '\\')
			buf_add_cstr(to, "\\\\");
		else if (c == '\n')
			buf_add_cstr(to, "\\n");
		else if (c == '\t')
			buf_add_cstr(to, "\\t");
		else if (is_deceptive(c))
			buf_addf(to, "\\u{%x}", c);
		else
			buf_add(to, s.ptr, n);
		s = str_from_at(s, n ? n : 1);
	}
}

void escape_json(struct buf *to, struct str s)
{
	buf_add_char(to, '"');
	while (s.len) {
		unsigned int c = 0;
		const size_t n = escape_utf8(s, &c);

		/* Many readers of JSON stop at NUL. */
		if (n == 0 || c == 0)
			buf_addf(to, "\\\\x%02x", (unsigned char)s.ptr[0]);
		else if (c == '\\')
			buf_add_cstr(to, "\\\\\\\\");
		else if (c == '"')
			buf_add_cstr(to, "\\\"");
		else if (c == '\n')
			buf_add_cstr(to, "\\n");
		else if (c == '\t')
			buf_add_cstr(to, "\\t");
		else if (c < 0x20 || c == 0x7f || (n > 1 && c <= 0xffff && is_deceptive(c)))
			buf_addf(to, "\\u%04x", c);
		else if (n == 4 && is_deceptive(c))
			buf_addf(to, "\\u%04x\\u%04x", 0xd800 + ((c - 0x10000) >> 10),
				 0xdc00 + ((c - 0x10000) & 0x3ff));
		else
			buf_add(to, s.ptr, n);
		s = str_from_at(s, n ? n : 1);
	}
	buf_add_char(to, '"');
}
