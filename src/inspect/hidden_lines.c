/* Data in pieces: what one line after the other carries. */
#include "inspect/hidden_work.h"

#include "base/ascii.h"
#include "base/cleanup.h"
#include "base/limits.h"
#include "inspect/decode_base.h"
#include "inspect/decode_text.h"

enum {
	/* The shortest piece in quotes, and without; lines that may lie between two pieces. */
	QUOTED_MIN = 8,
	BARE_MIN = 32,
	GAP_MAX = 24,
	PREFIX_MAX = 48,
	SLOTS = 4,
	/* Blanks at line ends: fewer lines, or fewer bits, are bad habits. */
	BLANK_LINES_MIN = 16,
	BLANK_BITS_MIN = 128,
};

/* Pieces that stand in the same surroundings. */
struct slot {
	struct str prefix;		/* what comes before the piece in its line */
	bool quoted;
	int64_t last;			/* line of the last piece; 0: unused */
	size_t at, end;			/* where in the text */
	size_t digits;
	bool only_hex, only_base32;
	struct base64_state state, state32;
	struct buf base64, base32;
	int half;
	struct buf hex;
};

struct pieces {
	struct slot slot[SLOTS];
};

struct blanks {
	size_t lines, spaces, tabs, at, end;
	struct buf kinds;		/* 0: space, 1: tab */
};

/* Prefixes that differ only in a number are the same: x1 = "...", x2 = "...". */
static bool same_prefix(struct str a, struct str b)
{
	size_t i = 0, k = 0;

	for (;;) {
		while (i < a.len && a.ptr[i] >= '0' && a.ptr[i] <= '9')
			i++;
		while (k < b.len && b.ptr[k] >= '0' && b.ptr[k] <= '9')
			k++;
		if (i == a.len || k == b.len)
			return i == a.len && k == b.len;
		if (a.ptr[i++] != b.ptr[k++])
			return false;
	}
}

static void slot_flush(struct hidden *h, struct slot *s)
{
	if (s->last && s->only_hex && s->digits >= HEX_MIN)
		hidden_judge(h, s->at, s->end - s->at, "hexadecimal in pieces", buf_str(&s->hex));
	else if (s->last && s->digits >= BASE64_MIN &&
		 !(s->only_base32 && hidden_judge(h, s->at, s->end - s->at, "base32 in pieces",
						  buf_str(&s->base32))))
		hidden_judge(h, s->at, s->end - s->at, "base64 in pieces", buf_str(&s->base64));
	buf_reset(&s->base64);
	buf_reset(&s->base32);
	buf_reset(&s->hex);
	s->state = s->state32 = BASE64_INIT;
	s->half = -1;
	s->digits = 0;
	s->last = 0;
	s->only_hex = s->only_base32 = true;
}

struct piece {
	struct str prefix, digits;
	bool quoted;
};

/* An ordinary word, of which texts are full: small letters after at most one capital, or capitals. */
static bool is_ordinary(struct str s)
{
	size_t capitals = 0, small = 0;

	for (size_t i = 0; i < s.len; i++) {
		capitals += s.ptr[i] >= 'A' && s.ptr[i] <= 'Z';
		small += s.ptr[i] >= 'a' && s.ptr[i] <= 'z';
	}
	return s.len < BARE_MIN && capitals + small == s.len &&
	       (small == 0 || capitals == 0 || (capitals == 1 && s.ptr[0] <= 'Z'));
}

/* What may follow a string at the end of a line, and what ends a string. */
enum { AFTER = 1, QUOTE = 2 };

static const uint8_t classes[256] = {
	[','] = AFTER, [';'] = AFTER, ['+'] = AFTER, ['\\'] = AFTER, [')'] = AFTER, [']'] = AFTER,
	[' '] = AFTER, ['\t'] = AFTER, ['\r'] = AFTER,
	['"'] = QUOTE, ['\''] = QUOTE, ['`'] = QUOTE,
};

static unsigned int class_before(struct str line, size_t end)
{
	return end ? classes[(unsigned char)line.ptr[end - 1]] : 0;
}

/* Most lines end in no piece, which their ends tell: no sign that may follow a string, and too few digits. */
static bool may_end_in_piece(struct str line, size_t bare_min)
{
	const char *const end = line.ptr + line.len;

	return bare_min < BARE_MIN || classes[(unsigned char)end[-1]] ||
	       (line.len >= BARE_MIN && base64_digit(end[-BARE_MIN / 2]) >= 0 && base64_digit(end[-BARE_MIN / 4]) >= 0);
}

/* The digits at the end of a line, behind a quote and such; false when there are too few. `bare_min`: of
 * those without quotes. */
static bool find_piece(struct str line, size_t bare_min, struct piece *p)
{
	size_t end = line.len, begin;

	while (class_before(line, end) == AFTER)
		end--;
	p->quoted = class_before(line, end) == QUOTE;
	if (p->quoted) {
		end--;
		while (end >= 2 && line.ptr[end - 2] == '\\' &&
		       (line.ptr[end - 1] == 'n' || line.ptr[end - 1] == 'r'))
			end -= 2;
	} else {
		for (end = line.len; end && (line.ptr[end - 1] == '\r' || line.ptr[end - 1] == ' ');)
			end--;
	}
	/* Of base64 at most two, of base32 six. */
	for (begin = end; begin && line.ptr[begin - 1] == '=' && end - begin < 6;)
		begin--;
	while (begin && base64_digit(line.ptr[begin - 1]) >= 0)
		begin--;
	p->prefix = str_first(line, begin);
	p->digits = str_of(line.ptr + begin, end - begin);
	if (begin > PREFIX_MAX || p->digits.len < (p->quoted ? QUOTED_MIN : bare_min))
		return false;
	return !p->quoted ||
	       (begin && class_before(line, begin) == QUOTE && !is_ordinary(p->digits));
}

static void slot_add(struct slot *s, const struct piece *p, int64_t line, size_t at)
{
	if (!s->last) {
		s->prefix = p->prefix;
		s->quoted = p->quoted;
		s->at = at;
	}
	s->last = line;
	s->end = at + p->digits.len;
	for (size_t i = 0; i < p->digits.len; i++) {
		s->only_hex &= ascii_is_hex(p->digits.ptr[i]);
		s->only_base32 &= base32_is_digit(p->digits.ptr[i]) || p->digits.ptr[i] == '=';
		s->digits += p->digits.ptr[i] != '=';
	}
	if (s->only_hex)
		hex_add(&s->half, p->digits, &s->hex);
	if (s->only_base32)
		base32_add(&s->state32, p->digits, &s->base32);
	base64_add(&s->state, p->digits, &s->base64);
}

static void take_piece(struct hidden *h, struct pieces *all, const struct piece *p, int64_t line, size_t at)
{
	struct slot *oldest = &all->slot[0];

	for (size_t i = 0; i < SLOTS; i++) {
		struct slot *const s = &all->slot[i];

		if (s->last && s->quoted == p->quoted && same_prefix(s->prefix, p->prefix)) {
			/* Without quotes, the last piece of many may be short, but none may be missing. */
			if (line - s->last <= (p->quoted ? GAP_MAX : 1)) {
				slot_add(s, p, line, at);
				return;
			}
			slot_flush(h, s);
		}
		if (s->last < oldest->last)
			oldest = s;
	}
	if (!p->quoted && p->digits.len < BARE_MIN)
		return;
	slot_flush(h, oldest);
	slot_add(oldest, p, line, at);
}

static void take_blanks(struct blanks *b, struct str line, size_t at)
{
	size_t end = line.len, begin;

	if (end && line.ptr[end - 1] == '\r')
		end--;
	for (begin = end; begin && (line.ptr[begin - 1] == ' ' || line.ptr[begin - 1] == '\t');)
		begin--;
	if (begin == end || b->kinds.len >= LIMIT_HIDDEN_BLANKS)
		return;
	if (b->lines++ == 0)
		b->at = at + begin;
	b->end = at + end;
	for (size_t i = begin; i < end; i++) {
		b->tabs += line.ptr[i] == '\t';
		b->spaces += line.ptr[i] == ' ';
		buf_add_char(&b->kinds, line.ptr[i] == '\t');
	}
}

/* Text with words of letters, not one byte again and again. */
static bool says_something(struct str s)
{
	bool seen[256] = { false };
	size_t letters = 0, distinct = 0;

	for (size_t i = 0; i < s.len; i++) {
		const unsigned char c = (unsigned char)s.ptr[i];

		letters += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ' ';
		distinct += !seen[c];
		seen[c] = true;
	}
	return text_is_plain(s) && distinct >= 6 && letters * 2 > s.len;
}

/* Tries both meanings of a tab and both orders of bits. */
static void judge_blanks(struct hidden *h, const struct blanks *b)
{
	if (b->lines < BLANK_LINES_MIN || b->kinds.len < BLANK_BITS_MIN ||
	    b->tabs * 10 < b->kinds.len || b->spaces * 10 < b->kinds.len)
		return;
	for (unsigned int way = 0; way < 4; way++) {
		AUTO_BUF struct buf bytes = BUF_INIT;
		struct note *n;

		for (size_t i = 0; i + 8 <= b->kinds.len; i += 8) {
			unsigned int byte = 0;

			for (unsigned int k = 0; k < 8; k++)
				byte |= ((unsigned int)b->kinds.ptr[i + k] ^ (way & 1))
					<< (way & 2 ? k : 7 - k);
			buf_add_char(&bytes, (char)(uint8_t)byte);
		}
		if (!says_something(buf_str(&bytes)))
			continue;
		n = note_add(h->notes, RULE_TP327, "blanks at the ends of %zu lines decode to text", b->lines);
		n->line = hidden_line(h, b->at);
		n->offset = (int64_t)b->at;
		n->length = (int64_t)(b->end - b->at);
		note_evidence(h->notes, n, buf_str(&bytes));
		if (h->decoded)
			h->decoded(h->ctx, n->line, "blanks at line ends", buf_str(&bytes));
		return;
	}
}

/* "begin 644 name" (or begin-base64, which needs no help). */
static bool begins_uuencode(struct str line)
{
	if (!str_starts(line, STR("begin ")) || line.len < 11)
		return false;
	for (size_t i = 6; i < 9; i++)
		if (line.ptr[i] < '0' || line.ptr[i] > '7')
			return false;
	return true;
}

/* Takes the lines of an encoded file off *rest. */
static void take_uuencode(struct hidden *h, size_t at, struct str *rest, int64_t *line_no)
{
	AUTO_BUF struct buf bytes = BUF_INIT;
	struct str after = *rest, line;
	size_t end = at;
	bool last = false;

	while (!last && str_next_line(&after, &line) && uu_line(line, &bytes, &last)) {
		end = (size_t)(line.ptr - h->text.ptr) + line.len;
		*rest = after;
		++*line_no;
	}
	hidden_judge(h, at, end - at, "uuencode", buf_str(&bytes));
}

void hidden_lines(struct hidden *h)
{
	struct pieces all = { .slot[0].half = -1 };
	struct blanks blanks = { .kinds = BUF_INIT };
	struct str rest = h->text, line;
	struct piece p;
	int64_t number = 0, bare = 0;

	for (size_t i = 0; i < SLOTS; i++)
		slot_flush(h, &all.slot[i]);
	while (str_next_line(&rest, &line)) {
		const size_t at = (size_t)(line.ptr - h->text.ptr);
		const size_t bare_min = bare && bare == number ? 1 : BARE_MIN;

		number++;
		if (line.len < 2)
			continue;
		if (line.ptr[line.len - 1] <= ' ')
			take_blanks(&blanks, line, at);
		if (line.ptr[0] == 'b' && begins_uuencode(line))
			take_uuencode(h, at, &rest, &number);
		else if (may_end_in_piece(line, bare_min) && find_piece(line, bare_min, &p)) {
			take_piece(h, &all, &p, number, (size_t)(p.digits.ptr - h->text.ptr));
			bare = p.quoted ? bare : number;
		}
	}
	judge_blanks(h, &blanks);
	for (size_t i = 0; i < SLOTS; i++) {
		slot_flush(h, &all.slot[i]);
		buf_release(&all.slot[i].base64);
		buf_release(&all.slot[i].base32);
		buf_release(&all.slot[i].hex);
	}
	buf_release(&blanks.kinds);
}
