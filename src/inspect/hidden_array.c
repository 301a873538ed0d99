/* Arrays of numbers in source text, of any language that separates them by commas or blanks. */
#include "inspect/hidden_work.h"

#include "base/ascii.h"
#include "base/cleanup.h"
#include "base/limits.h"

/* A comment among numbers is at most so long: looking for the ends of many must stay linear. */
enum { COMMENT_MAX = 1024, DIGITS_MAX = 20 };

static bool is_between(char c)
{
	return c == ' ' || c == ',' || c == '{' || c == '}' || (c >= '\t' && c <= '\r');
}

struct numbers {
	uint64_t *v;
	size_t n, cap;
	bool pairs;	/* all are two hexadecimal digits without a prefix */
	bool letters;	/* ... of which some are letters */
	bool commas;
};

/* Skips what may stand between numbers: blanks, commas, braces, comments of C. */
static size_t skip_between(struct str s, size_t i, struct numbers *to)
{
	for (;;) {
		const char *end = NULL;
		size_t most;

		for (; i < s.len && is_between(s.ptr[i]); i++)
			to->commas |= s.ptr[i] == ',';
		if (s.len - i < 2 || s.ptr[i] != '/')
			return i;
		most = s.len - i < COMMENT_MAX ? s.len - i : COMMENT_MAX;
		if (s.ptr[i + 1] == '/')
			end = memchr(s.ptr + i, '\n', most);
		else if (s.ptr[i + 1] == '*' && (end = memmem(s.ptr + i + 2, most - 2, "*/", 2)))
			end++;
		if (!end)
			return i;
		i = (size_t)(end - s.ptr) + 1;
	}
}

/* Pairs of digits were read as hexadecimal, until it shows that they are not. */
static void pairs_to_decimal(struct numbers *to)
{
	for (size_t i = 0; i < to->n; i++)
		to->v[i] = (to->v[i] >> 4) * 10 + (to->v[i] & 15);
	to->pairs = false;
}

/* One number at i; returns where it ends, i when there is none that fits the others. */
static size_t read_number(struct str s, size_t i, struct numbers *to)
{
	const bool minus = i < s.len && s.ptr[i] == '-';
	const size_t from = i + minus;
	const bool prefixed = from < s.len && s.len - from >= 3 && s.ptr[from] == '0' &&
			      (s.ptr[from + 1] | 0x20) == 'x';
	const size_t begin = from + (prefixed ? 2 : 0);
	size_t at = begin;
	uint64_t hex = 0, decimal = 0, value;
	bool letters = false, pair;

	for (; at < s.len && at - begin < DIGITS_MAX && ascii_hex_value(s.ptr[at]) >= 0; at++) {
		hex = hex << 4 | (uint64_t)ascii_hex_value(s.ptr[at]);
		decimal = decimal * 10 + (uint64_t)ascii_hex_value(s.ptr[at]);
		letters |= !ascii_is_digit(s.ptr[at]);
	}
	pair = !prefixed && !minus && at - begin == 2;
	letters &= !prefixed;
	/* Digits without a prefix are hexadecimal only where all are pairs. */
	if (at == begin || at - begin == DIGITS_MAX || (letters && !(pair && to->pairs)) ||
	    (to->letters && !pair))
		return i;
	if (to->pairs && !pair)
		pairs_to_decimal(to);
	to->letters |= letters;
	value = prefixed || to->pairs ? hex : decimal;
	value = minus ? (uint64_t)(uint8_t)-value : value;
	while (at < s.len && at - from < DIGITS_MAX + 4 &&
	       ((s.ptr[at] | 0x20) == 'u' || (s.ptr[at] | 0x20) == 'l'))
		at++;
	to->v = memory_grow(to->v, to->n, &to->cap, sizeof(*to->v));
	to->v[to->n++] = value;
	return at;
}

static size_t read_numbers(struct str s, size_t i, struct numbers *to)
{
	size_t end = i;

	to->pairs = true;
	while (to->n < LIMIT_HIDDEN_NUMBERS) {
		const size_t begin = skip_between(s, i, to);

		i = read_number(s, begin, to);
		if (i == begin)
			break;
		end = i;
	}
	if (to->pairs && !to->letters && to->commas)
		pairs_to_decimal(to);
	return end;
}

static void judge_numbers(struct hidden *h, const struct numbers *numbers, size_t from, size_t end)
{
	uint64_t all = 0;
	size_t width;

	for (size_t i = 0; i < numbers->n; i++)
		all |= numbers->v[i];
	width = all <= UINT8_MAX ? 1 : all <= UINT16_MAX ? 2 : all <= UINT32_MAX ? 4 : 8;
	if (numbers->n * width < (numbers->pairs ? HEX_MIN / 2 : ARRAY_MIN))
		return;
	for (unsigned int big = 0; big < (width > 1 ? 2 : 1); big++) {
		AUTO_BUF struct buf bytes = BUF_INIT;
		char *const to = buf_reserve(&bytes, numbers->n * width);

		for (size_t i = 0; i < numbers->n; i++)
			for (size_t k = 0; k < width; k++)
				to[i * width + k] =
					(char)(uint8_t)(numbers->v[i] >> 8 * (big ? width - 1 - k : k));
		bytes.len = numbers->n * width;
		hidden_judge(h, from, end - from, numbers->pairs ? "hexadecimal" : "array of numbers",
			     buf_str(&bytes));
	}
}

static bool is_of_number(char c)
{
	const char lower = (char)(c | 0x20);

	return is_between(c) || ascii_hex_value(c) >= 0 || lower == 'x' || lower == 'u' || lower == 'l' || c == '-';
}

size_t hidden_array(struct hidden *h, size_t from, size_t at)
{
	struct numbers numbers = { .n = 0 };
	/* What this block is part of was looked at then, whatever came of it. */
	const size_t next = at + 16;
	size_t end;

	/* Back over what may belong to it. */
	while (at > from && is_of_number(h->text.ptr[at - 1]))
		at--;
	/* What it begins with may be the end of a word. */
	while (at < h->text.len && !ascii_is_digit(h->text.ptr[at]) &&
	       !(ascii_hex_value(h->text.ptr[at]) >= 0 && at > 0 && is_between(h->text.ptr[at - 1])))
		at++;
	at -= at > from && at < h->text.len && h->text.ptr[at - 1] == '-';
	end = read_numbers(h->text, at, &numbers);
	judge_numbers(h, &numbers, at, end);
	memory_free(numbers.v);
	return end > next ? end : at > next ? at : next;
}
