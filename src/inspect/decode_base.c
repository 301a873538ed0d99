#include "inspect/decode_base.h"

#include "base/ascii.h"

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

const uint8_t base64_values[256] = {
	[0x20] = 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 63, 0, 63, 0, 64,
	[0x30] = 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 0, 0, 0, 0, 0, 0,
	[0x40] = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
	[0x50] = 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 0, 0, 0, 0, 64,
	[0x60] = 0, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41,
	[0x70] = 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 0, 0, 0, 0, 0,
};

bool base64_add(struct base64_state *s, struct str piece, struct buf *to)
{
	uint8_t *const begin = (uint8_t *)buf_reserve(to, piece.len + 1);
	uint8_t *out = begin;

	for (size_t i = 0; i < piece.len; i++) {
		const char c = piece.ptr[i];
		const int digit = base64_digit(c);

		if (digit >= 0) {
			if (s->padded)
				*s = BASE64_INIT;
			s->bits = (s->bits << 6 | (unsigned int)digit) & 0xffff;
			s->n_bits += 6;
			if (s->n_bits >= 8) {
				s->n_bits -= 8;
				*out++ = (uint8_t)(s->bits >> s->n_bits);
			}
		} else if (c == '=') {
			s->padded = true;
		} else if (!is_space(c)) {
			return false;
		}
	}
	to->len += (size_t)(out - begin);
	return true;
}

bool base32_is_digit(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7');
}

bool base32_add(struct base64_state *s, struct str piece, struct buf *to)
{
	for (size_t i = 0; i < piece.len; i++) {
		const char c = piece.ptr[i];

		if (base32_is_digit(c)) {
			if (s->padded)
				*s = BASE64_INIT;
			s->bits = (s->bits << 5 | (unsigned int)(c >= 'A' ? c - 'A' : c - '2' + 26)) & 0xffff;
			s->n_bits += 5;
			if (s->n_bits >= 8) {
				s->n_bits -= 8;
				buf_add_char(to, (char)(uint8_t)(s->bits >> s->n_bits));
			}
		} else if (c == '=') {
			s->padded = true;
		} else if (!is_space(c)) {
			return false;
		}
	}
	return true;
}

bool hex_add(int *half, struct str piece, struct buf *to)
{
	uint8_t *const begin = (uint8_t *)buf_reserve(to, piece.len / 2 + 1);
	uint8_t *out = begin;

	for (size_t i = 0; i < piece.len; i++) {
		const int digit = ascii_hex_value(piece.ptr[i]);

		if (digit < 0) {
			if (!is_space(piece.ptr[i]))
				return false;
		} else if (*half < 0) {
			*half = digit;
		} else {
			*out++ = (uint8_t)(*half << 4 | digit);
			*half = -1;
		}
	}
	to->len += (size_t)(out - begin);
	return true;
}

/* Writes the first n bytes of a group of five digits. */
static bool ascii85_group(uint64_t value, size_t n, struct buf *to)
{
	if (value > UINT32_MAX)
		return false;
	for (size_t i = 0; i < n; i++)
		buf_add_char(to, (char)(uint8_t)(value >> (24 - 8 * i)));
	return true;
}

bool ascii85_decode(struct str text, struct buf *to)
{
	uint64_t value = 0;
	size_t n = 0;

	text = str_trim(text);
	if (str_starts(text, STR("<~")))
		text = str_from_at(text, 2);
	if (str_ends(text, STR("~>")))
		text.len -= 2;
	for (size_t i = 0; i < text.len; i++) {
		const char c = text.ptr[i];

		if (is_space(c))
			continue;
		if (c == 'z' && n == 0) {
			buf_add(to, "\0\0\0\0", 4);
			continue;
		}
		if (c < '!' || c > 'u')
			return false;
		value = value * 85 + (uint64_t)(c - '!');
		if (++n < 5)
			continue;
		if (!ascii85_group(value, 4, to))
			return false;
		value = 0;
		n = 0;
	}
	if (n == 1)
		return false;
	if (n == 0)
		return true;
	for (size_t i = n; i < 5; i++)
		value = value * 85 + 84;
	return ascii85_group(value, n - 1, to);
}

bool uu_line(struct str line, struct buf *to, bool *last)
{
	size_t n, groups;

	if (line.len && line.ptr[line.len - 1] == '\r')
		line.len--;
	if (!line.len || line.ptr[0] < ' ' || line.ptr[0] > '`')
		return false;
	n = ((size_t)line.ptr[0] - ' ') & 63;
	groups = (n + 2) / 3;
	*last = n == 0;
	/* Blanks at the end may have been stripped; one character more is a checksum of some writers. */
	if (line.len > 1 + 4 * groups + 2)
		return false;
	for (size_t g = 0; g < groups; g++) {
		unsigned int v = 0;

		for (size_t i = 1 + 4 * g; i < 5 + 4 * g; i++) {
			const char c = i < line.len ? line.ptr[i] : ' ';

			if (c < ' ' || c > '`')
				return false;
			v = v << 6 | (((unsigned int)c - ' ') & 63);
		}
		for (size_t i = 0; i < 3 && 3 * g + i < n; i++)
			buf_add_char(to, (char)(uint8_t)(v >> (16 - 8 * i)));
	}
	return true;
}
