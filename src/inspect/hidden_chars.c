/* Characters that don't show. Code points and classes: the Unicode Standard, chapters 23.2 (layout
 * controls), 23.4 (variation selectors), 23.9 (tags); bidirectional controls: UAX #9, 2. */
#include "inspect/hidden_work.h"

#include "base/cleanup.h"
#include "base/escape.h"
#include "base/limits.h"
#include "inspect/decode_text.h"

enum {
	/* Runs of so many carry data; the longest in ordinary texts is 2. */
	SELECTORS_MIN = 8,
	TAGS_MIN = 8,
	ZERO_WIDTH_MIN = 3,
	/* So many zero-width characters of two kinds are bits of something. */
	BITS_MIN = 64,
};

enum kind { KIND_OTHER, KIND_SELECTOR, KIND_TAG, KIND_ZERO_WIDTH, KIND_BIDI };

static enum kind kind_of(unsigned int c)
{
	if ((c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef))
		return KIND_SELECTOR;
	if (c >= 0xe0000 && c <= 0xe007f)
		return KIND_TAG;
	if ((c >= 0x200b && c <= 0x200f) || (c >= 0x2060 && c <= 0x2064) || c == 0xfeff || c == 0x180e)
		return KIND_ZERO_WIDTH;
	if ((c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
		return KIND_BIDI;
	return KIND_OTHER;
}

/* The first byte from `at` on that may begin a character of one of the kinds, or the length. */
static size_t next_suspect(struct str s, size_t at)
{
	uint64_t words[4];

	for (;;) {
		const size_t stop = s.len - at < sizeof(words) ? s.len : at + sizeof(words);

		if (stop == s.len && at == s.len)
			return at;
		if (stop - at == sizeof(words)) {
			memcpy(words, s.ptr + at, sizeof(words));
			if (((words[0] | words[1] | words[2] | words[3]) & 0x8080808080808080) == 0) {
				at = stop;
				continue;
			}
		}
		for (; at < stop; at++) {
			const unsigned char c = (unsigned char)s.ptr[at];

			/* U+180E; U+2000 and on; U+F000 and on; U+E0000 and on. */
			if (c == 0xe1 || c == 0xe2 || c == 0xef || c == 0xf3)
				return at;
		}
	}
}

static bool is_rtl(unsigned int c)
{
	return (c >= 0x590 && c <= 0x8ff) || (c >= 0xfb1d && c <= 0xfdff) || (c >= 0xfe70 && c <= 0xfefc) ||
	       (c >= 0x10800 && c <= 0x10fff) || (c >= 0x1e800 && c <= 0x1efff);
}

/* A run of characters of one kind. */
struct run {
	size_t at, end;
	size_t n;
	unsigned int first, second;	/* the first code point, and the first other one (0: none) */
	struct buf values;		/* a byte for each: its number among its kind */
};

static unsigned int value_of(unsigned int c)
{
	if (c >= 0xe0100)
		return c - 0xe0100 + 16;
	return c >= 0xe0000 ? c - 0xe0000 : c >= 0xfe00 && c <= 0xfe0f ? c - 0xfe00 : 0;
}

static void measure_run(struct str text, enum kind kind, struct run *r)
{
	unsigned int c;
	size_t n;

	r->end = r->at;
	while ((n = escape_utf8(str_from_at(text, r->end), &c)) > 0 && kind_of(c) == kind) {
		if (r->n++ == 0)
			r->first = c;
		else if (c != r->first && !r->second)
			r->second = c;
		buf_add_char(&r->values, kind == KIND_ZERO_WIDTH ? (char)(c == r->first ? 0 : 1) :
								   (char)(uint8_t)value_of(c));
		r->end += n;
	}
}

/* Two values below 16 for each byte, for payloads that use the short selectors alone. */
static bool join_digits(struct str values, struct buf *to)
{
	for (size_t i = 0; i + 1 < values.len; i += 2) {
		if ((values.ptr[i] | values.ptr[i + 1]) & 0xf0)
			return false;
		buf_add_char(to, (char)(values.ptr[i] << 4 | values.ptr[i + 1]));
	}
	return true;
}

static void join_bits(struct str values, bool invert, struct buf *to)
{
	for (size_t i = 0; i + 8 <= values.len; i += 8) {
		unsigned int byte = 0;

		for (size_t k = 0; k < 8; k++)
			byte = byte << 1 | ((unsigned int)values.ptr[i + k] ^ invert);
		buf_add_char(to, (char)(uint8_t)byte);
	}
}

static struct note *run_note(struct hidden *h, const struct run *r, enum rule_id rule, const char *what)
{
	struct note *const n = note_add(h->notes, rule, "%zu %s in a row", r->n, what);

	n->line = hidden_line(h, r->at);
	n->offset = (int64_t)r->at;
	n->length = (int64_t)(r->end - r->at);
	return n;
}

static void invisible_run(struct hidden *h, const struct run *r, const char *what)
{
	AUTO_BUF struct buf digits = BUF_INIT;
	struct str bytes = buf_str(&r->values);
	struct note *n;

	if (!text_is_plain(bytes) && join_digits(bytes, &digits))
		bytes = buf_str(&digits);
	if (h->n_invisible++ < LIMIT_HIDDEN_NOTES) {
		n = run_note(h, r, RULE_TP321, what);
		note_evidence(h->notes, n, bytes);
	}
	if (h->decoded && text_is_plain(bytes))
		h->decoded(h->ctx, hidden_line(h, r->at), what, bytes);
}

static void zero_width_run(struct hidden *h, const struct run *r)
{
	struct note *n = NULL;

	if (h->n_zero_width++ < LIMIT_HIDDEN_NOTES)
		n = run_note(h, r, RULE_TP322, "zero-width characters");
	if (r->n < BITS_MIN || !r->second)
		return;
	for (unsigned int invert = 0; invert < 2; invert++) {
		AUTO_BUF struct buf bytes = BUF_INIT;

		join_bits(buf_str(&r->values), invert, &bytes);
		if (!text_is_plain(buf_str(&bytes)))
			continue;
		if (n) {
			n->severity = SEVERITY_HIGH;
			note_evidence(h->notes, n, buf_str(&bytes));
		}
		if (h->decoded)
			h->decoded(h->ctx, hidden_line(h, r->at), "zero-width characters", buf_str(&bytes));
		return;
	}
	if (n)
		n->severity = SEVERITY_MEDIUM;
}

/* A flag of a region: U+1F3F4, up to six tags, the cancel tag (UTS #51, ED-14a). */
static bool is_flag(struct str text, const struct run *r)
{
	return r->n <= 7 && r->at >= 4 && memcmp(text.ptr + r->at - 4, "\xf0\x9f\x8f\xb4", 4) == 0 &&
	       r->end >= 4 && memcmp(text.ptr + r->end - 4, "\xf3\xa0\x81\xbf", 4) == 0;
}

static size_t run_from(struct hidden *h, size_t at, enum kind kind)
{
	struct run r = { .at = at, .values = BUF_INIT };

	measure_run(h->text, kind, &r);
	if (kind == KIND_SELECTOR && r.n >= SELECTORS_MIN)
		invisible_run(h, &r, "variation selectors");
	else if (kind == KIND_TAG && r.n >= TAGS_MIN && !is_flag(h->text, &r))
		invisible_run(h, &r, "tag characters");
	else if (kind == KIND_ZERO_WIDTH && r.n >= ZERO_WIDTH_MIN)
		zero_width_run(h, &r);
	buf_release(&r.values);
	return r.end;
}

/* What bidirectional controls do in a line. */
struct bidi {
	size_t controls, openers;
	bool unbalanced;	/* one that nothing closes, or that closes nothing */
	bool has_rtl;		/* letters of a script that runs from right to left */
	bool overrides;
};

static struct bidi bidi_of(struct str line)
{
	struct bidi b = { .controls = 0 };
	size_t embeddings = 0, isolates = 0;
	unsigned int c;

	for (size_t i = 0, n; i < line.len; i += n) {
		n = escape_utf8(str_from_at(line, i), &c);
		if (n < 2) {
			n = 1;
			continue;
		}
		b.has_rtl |= is_rtl(c);
		if (kind_of(c) != KIND_BIDI)
			continue;
		b.controls++;
		b.overrides |= c == 0x202d || c == 0x202e;
		b.unbalanced |= (c == 0x202c && !embeddings) || (c == 0x2069 && !isolates);
		if (c == 0x202c)
			embeddings -= embeddings > 0;
		else if (c == 0x2069)
			isolates -= isolates > 0;
		else if (c >= 0x2066)
			isolates++;
		else
			embeddings++;
		b.openers += c != 0x202c && c != 0x2069;
	}
	b.unbalanced |= embeddings + isolates > 0;
	return b;
}

/* In a message catalogue, and around letters that run from right to left, the controls have a purpose. What
 * closes and opens nothing has no effect. */
static enum severity bidi_severity(const struct bidi *b, bool catalogue)
{
	if (catalogue || !b->openers || (b->has_rtl && !b->unbalanced && !b->overrides))
		return SEVERITY_INFO;
	return b->has_rtl ? SEVERITY_LOW : SEVERITY_MEDIUM;
}

/* Looks at the whole line of a control; returns where it ends. */
static size_t bidi_line(struct hidden *h, size_t at, bool catalogue)
{
	const char *const text = h->text.ptr;
	const char *const lf = memchr(text + at, '\n', h->text.len - at);
	const size_t end = lf ? (size_t)(lf - text) : h->text.len;
	const char *const before = memrchr(text, '\n', at);
	const size_t begin = before ? (size_t)(before - text) + 1 : 0;
	const struct str line = str_of(text + begin, end - begin);
	const struct bidi b = bidi_of(line);
	struct note *n;

	if (h->n_bidi++ < LIMIT_HIDDEN_NOTES) {
		n = note_add(h->notes, RULE_TP323, "%zu bidirectional controls in a line%s", b.controls,
			     b.unbalanced ? ", not balanced" : "");
		n->severity = bidi_severity(&b, catalogue);
		n->line = hidden_line(h, at);
		n->offset = (int64_t)at;
		note_evidence(h->notes, n, str_from_at(line, at - begin > 40 ? at - begin - 40 : 0));
	}
	return end;
}

void hidden_chars(struct hidden *h)
{
	const struct str text = h->text;
	bool catalogue = false;
	size_t bidi_to = 0;
	unsigned int c;

	for (size_t i = next_suspect(text, 0), n; i < text.len; i = next_suspect(text, i + n)) {
		enum kind kind;

		n = escape_utf8(str_from_at(text, i), &c);
		kind = n ? kind_of(c) : KIND_OTHER;
		n = n ? n : 1;
		if (kind == KIND_BIDI && bidi_to == 0)
			catalogue = str_find_str(text, STR("\nmsgid \"")) != (size_t)-1;
		if (kind == KIND_BIDI && i >= bidi_to)
			bidi_to = bidi_line(h, i, catalogue);
		else if (kind != KIND_OTHER && kind != KIND_BIDI)
			n = run_from(h, i, kind) - i;
	}
}
