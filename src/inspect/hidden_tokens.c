/* Long words of digits: one fast pass over blocks of 16 bytes finds where one may be. */
#include "inspect/hidden_work.h"

#include "base/ascii.h"
#include "base/cleanup.h"
#include "base/lanes.h"
#include "inspect/decode_base.h"

/* A word of base64 goes on behind an escaped line end, as in strings of JSON and C. */
static size_t escaped_line_end(struct str text, size_t at)
{
	size_t n = 0;

	while (text.len - at >= 2 && text.ptr[at] == '\\' &&
	       (text.ptr[at + 1] == 'n' || text.ptr[at + 1] == 'r')) {
		at += 2;
		n += 2;
	}
	return n;
}

enum digits { DIGITS_BASE64, DIGITS_BASE32, DIGITS_HEX };

static bool all_of(struct str s, bool (*is_digit)(char))
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_digit(s.ptr[i]))
			return false;
	return true;
}

/* Reads a word from `from` on in its pieces. *digits: how many it has, of the narrowest kind. */
static size_t word_end(struct str text, size_t from, size_t *digits, enum digits *kind)
{
	bool hex = true, base32 = true;
	size_t i = from, skip;

	*digits = 0;
	do {
		struct str piece = { text.ptr + i, 0 };

		while (i < text.len && base64_digit(text.ptr[i]) >= 0)
			i++;
		piece.len = (size_t)(text.ptr + i - piece.ptr);
		*digits += piece.len;
		hex = hex && all_of(piece, ascii_is_hex);
		base32 = base32 && all_of(piece, base32_is_digit);
		skip = escaped_line_end(text, i);
		i += skip;
	} while (skip && i < text.len && base64_digit(text.ptr[i]) >= 0);
	while (i < text.len && text.ptr[i] == '=')
		i++;
	*kind = hex ? DIGITS_HEX : base32 ? DIGITS_BASE32 : DIGITS_BASE64;
	return i;
}

static void decode_word(struct hidden *h, size_t from, size_t end, enum digits kind)
{
	static const char *const names[] = { "base64", "base32", "hexadecimal" };
	AUTO_BUF struct buf bytes = BUF_INIT;
	struct base64_state state = BASE64_INIT;
	const struct str text = h->text;
	int half = -1;

	for (size_t i = from; i < end; i++) {
		const size_t skip = escaped_line_end(str_first(text, end), i);
		size_t piece = i + skip;

		while (piece < end && text.ptr[piece] != '\\')
			piece++;
		if (kind == DIGITS_HEX)
			hex_add(&half, str_of(text.ptr + i + skip, piece - i - skip), &bytes);
		else
			(kind == DIGITS_BASE32 ? base32_add : base64_add)(&state, str_of(text.ptr + i + skip,
									 piece - i - skip), &bytes);
		i = piece - 1;
	}
	if (!hidden_judge(h, from, end - from, names[kind], buf_str(&bytes)) && kind == DIGITS_BASE32)
		decode_word(h, from, end, DIGITS_BASE64);
}

/* The word around a block; returns where it ends. */
static size_t word_at(struct hidden *h, size_t done, size_t at)
{
	size_t digits, end, from = at;
	enum digits kind;

	while (from > done && base64_digit(h->text.ptr[from - 1]) >= 0)
		from--;
	end = word_end(h->text, from, &digits, &kind);
	if (kind == DIGITS_HEX && digits >= HEX_MIN)
		decode_word(h, from, end, kind);
	else if (digits >= BASE64_MIN)
		decode_word(h, from, end, kind == DIGITS_HEX ? DIGITS_BASE64 : kind);
	return end;
}

void hidden_tokens(struct hidden *h)
{
	const struct str text = h->text;
	size_t words_to = 0, arrays_to = 0;

	for (size_t at = 0; text.len - at >= LANES; at += LANES) {
		lanes v, lower, letter, digit, number, blank;

		if (at + LANES <= words_to)
			continue;
		memcpy(&v, text.ptr + at, sizeof(v));
		letter = (lanes)(((v | 0x20) - 'a') < 26);
		digit = (lanes)((v - '0') < 10);
		if (at >= words_to && lanes_all(letter | digit | (lanes)(v == '+') | (lanes)(v == '/'))) {
			words_to = word_at(h, words_to, at);
			continue;
		}
		lower = v | 0x20;
		blank = (lanes)(v == ' ') | (lanes)(v - '\t' < 5);
		number = digit | blank | (lanes)(lower - 'a' < 6) | (lanes)(lower == 'x') |
			 (lanes)(lower == 'u') | (lanes)(lower == 'l') | (lanes)(v == ',');
		if (at >= arrays_to && lanes_all(number) && !lanes_all(blank))
			arrays_to = hidden_array(h, arrays_to, at);
	}
}
