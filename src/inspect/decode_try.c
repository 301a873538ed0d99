#include "inspect/decode_work.h"

#include "base/cleanup.h"
#include "base/limits.h"
#include "inspect/decode_magic.h"
#include "inspect/decode_raw.h"
#include "inspect/decode_text.h"
#include "inspect/unpack.h"

enum {
	/* Bytes from which the head of a result is made; some of them may be deleted. */
	HEAD_FROM = 512,
	/* Text must go on for so long before all of it is made. */
	HEAD_TEXT = 32,
	/* A decoded text differs from what it was in one of so many bytes at least. */
	TEXT_SHARE = 16,
	/* Where "ustar" stands in a tar archive's first header. */
	USTAR_AT = 257,
	USTAR_LEN = 5,
	/* A header in front of the real content is at most so long. */
	SKIP_MAX = 4096,
	SKIPS_MAX = 8,
	/* Keys that are tried in pairs, and at every offset of a header, at most. */
	PAIR_KEYS = 8,
	/* Periods of a key that is found from a header. */
	PERIOD_MAX = 8,
};

static bool may_be_text(struct str head)
{
	return head.len >= 8 && text_is_code(str_first(head, HEAD_TEXT));
}

static bool plain_byte(unsigned int c)
{
	return (c >= ' ' && c < 0x7f) || (c >= '\t' && c <= '\r');
}

static bool promises_tar(const struct byte_change *c, struct str bytes)
{
	uint8_t name[USTAR_AT + USTAR_LEN];

	/* A key of several bytes counts from the first byte on; the others need no more than these. */
	if ((c->kind == CHANGE_XOR || c->kind == CHANGE_ADD) && c->key_n > 1)
		return change_apply(c, bytes, sizeof(name), name) == sizeof(name) &&
		       memcmp(name + USTAR_AT, "ustar", USTAR_LEN) == 0;
	return change_apply(c, str_from_at(bytes, USTAR_AT), USTAR_LEN, name) == USTAR_LEN &&
	       memcmp(name, "ustar", USTAR_LEN) == 0;
}

/* Whether the first bytes of what the change makes are worth making the rest; *text: as text alone. */
static bool promises(const struct byte_change *c, struct str bytes, bool text_too, bool *text)
{
	uint8_t head[HEAD_FROM];
	size_t n = change_apply(c, bytes, 4, head);
	struct str s;

	*text = false;
	if (n == 4 && !magic_may_begin(head) &&
	    !(text_too && plain_byte(head[0]) && plain_byte(head[1]) && plain_byte(head[2]) &&
	      plain_byte(head[3])))
		return promises_tar(c, bytes);
	n = change_apply(c, bytes, n == 4 ? MAGIC_HEAD : HEAD_FROM, head);
	s = str_first(str_of(head, n), MAGIC_HEAD);
	*text = text_too && may_be_text(s);
	return *text || magic_promises(s) || promises_tar(c, bytes);
}

/* Whether a change can have made what is looked for of the view. A text that merging bytes leaves, or that
 * was nearly all there before, is no decoded one. */
static bool can_matter(struct view *v, const struct byte_change *c, bool text)
{
	bool merges;
	size_t extent;

	for (size_t i = 0; !v->counted && i < v->bytes.len; i++)
		v->count[(uint8_t)v->bytes.ptr[i]]++;
	v->counted = true;
	extent = change_extent(c, v->count, &merges);
	return text ? !merges && extent >= v->bytes.len / TEXT_SHARE : extent > 0;
}

static void make(const struct byte_change *c, struct str bytes, struct buf *to)
{
	uint8_t *const p = (uint8_t *)buf_reserve(to, bytes.len);

	to->len = change_apply(c, bytes, bytes.len, p);
}

/* One change, or two (`second` may be NULL), of which `both` is the sum. */
struct trial {
	const struct byte_change *both, *first, *second;
	const struct decode_key *key;
};

static bool trial_trail(struct attempt *a, const struct trial *t, struct trail *to)
{
	to->key = to->key ? to->key : t->key;
	return trail_add(to, change_command(t->first, &a->arena)) &&
	       (!t->second || trail_add(to, change_command(t->second, &a->arena)));
}

/* Whether a format began here before and after: then a change of other bytes proves nothing by the shape. */
static bool keeps_frame(struct str before, struct str after)
{
	const struct str ustar = str_first(str_from_at(before, USTAR_AT), USTAR_LEN);

	return (magic_promises(str_first(before, MAGIC_HEAD)) &&
		str_eq(str_first(before, 4), str_first(after, 4))) ||
	       (str_eq(ustar, STR("ustar")) &&
		str_eq(ustar, str_first(str_from_at(after, USTAR_AT), USTAR_LEN)));
}

static void try_change(struct attempt *a, struct view *v, const struct trial *t)
{
	AUTO_BUF struct buf b = BUF_INIT;
	struct trail trail = v->trail;
	/* Text that is changed to other text proves little; a key that was given is a reason to look. */
	const bool given = t->key && (t->key->kind != KEY_MAP || byte_map_permutes(t->key->map));
	bool text;

	if (!promises(t->both, v->bytes, v->binary || given, &text))
		return;
	if (text && !v->binary && text_program(v->bytes, false))
		return;
	if ((v->packed || text) && !can_matter(v, t->both, text))
		return;
	if (!attempt_spend(a, v->bytes.len))
		return;
	make(t->both, v->bytes, &b);
	if (trial_trail(a, t, &trail))
		attempt_settle(a, v, buf_str(&b), &trail, v->streams,
			       text ? COUNTS_SHAPE | COUNTS_TEXT :
			       keeps_frame(v->bytes, buf_str(&b)) ? COUNTS_CHECKED : COUNTS_SHAPE);
}

static void try_single(struct attempt *a, struct view *v, const struct byte_change *c,
		       const struct decode_key *key)
{
	try_change(a, v, &(struct trial){ .both = c, .first = c, .key = key });
}

/* Calls `each` with every change that a key stands for, until it returns false. */
static void key_changes(const struct decode_key *key, bool all_offsets,
			void (*each)(void *ctx, const struct byte_change *c, const struct decode_key *key),
			void *ctx)
{
	struct byte_change c;

	if (key->kind == KEY_MAP) {
		change_map(key->map, &c);
		each(ctx, &c, key);
		if (change_inverse(key->map, &c))
			each(ctx, &c, key);
		return;
	}
	for (size_t i = 0; i < (all_offsets ? key->bytes.len : 1) && i < KEY_BYTES_MAX; i++) {
		if (key->kind == KEY_XOR ? change_xor(key->bytes, i, &c) :
					   change_add(key->bytes, i, false, &c))
			each(ctx, &c, key);
		if (key->kind == KEY_ADD && change_add(key->bytes, i, true, &c))
			each(ctx, &c, key);
	}
}

struct both {
	struct attempt *a;
	struct view *v;
	const struct byte_change *first;	/* of a pair */
	const struct decode_key *first_key;
};

static void try_key(void *ctx, const struct byte_change *c, const struct decode_key *key)
{
	const struct both *const b = ctx;

	try_single(b->a, b->v, c, key);
}

static void try_second(void *ctx, const struct byte_change *c, const struct decode_key *key)
{
	const struct both *const b = ctx;
	struct byte_change sum = { .kind = CHANGE_TABLE };

	(void)key;
	if (c->kind != CHANGE_TABLE)
		return;
	for (int i = 0; i < 256; i++)
		sum.to[i] = b->first->to[i] < 0 ? (int16_t)-1 : c->to[b->first->to[i]];
	try_change(b->a, b->v, &(struct trial){ .both = &sum, .first = b->first, .second = c,
						.key = b->first_key });
}

static void try_first(void *ctx, const struct byte_change *c, const struct decode_key *key)
{
	const struct both *const outer = ctx;
	struct both b = *outer;

	if (c->kind != CHANGE_TABLE)
		return;
	b.first = c;
	b.first_key = key;
	for (size_t i = 0; i < b.a->keys_n; i++)
		key_changes(&b.a->keys[i], false, try_second, &b);
}

/* Finds a repeating key from a header whose bytes are known: each known byte gives one byte of the key,
 * and those beyond the first turn must agree. */
static bool key_from_header(const struct magic_header *h, struct str bytes, size_t period, uint8_t *key)
{
	bool known[PERIOD_MAX] = { false };
	unsigned int any = 0;
	size_t n = 0;

	for (size_t i = 0; i < MAGIC_KNOWN && i < bytes.len; i++) {
		const uint8_t k = (uint8_t)bytes.ptr[i] ^ h->bytes[i];

		if (!(h->known >> i & 1))
			continue;
		if (known[i % period] && key[i % period] != k)
			return false;
		n += !known[i % period];
		known[i % period] = true;
		key[i % period] = k;
		any |= k;
	}
	return n == period && any;
}

static void try_headers(struct attempt *a, struct view *v)
{
	const struct magic_header *h;

	for (size_t i = 0; (h = magic_header(i)); i++)
		for (size_t period = 2; period <= PERIOD_MAX; period++) {
			uint8_t key[PERIOD_MAX];
			struct byte_change c;

			if (key_from_header(h, v->bytes, period, key) &&
			    change_xor(str_of(key, period), 0, &c))
				try_single(a, v, &c, NULL);
		}
}

void attempt_changes(struct attempt *a, struct view *v)
{
	struct both b = { .a = a, .v = v };
	struct byte_change c;
	const size_t seen = a->seen_n;

	for (size_t i = 0; i < a->keys_n; i++)
		key_changes(&a->keys[i], true, try_key, &b);
	if (a->keys_n <= PAIR_KEYS && a->seen_n == seen)
		for (size_t i = 0; i < a->keys_n; i++)
			key_changes(&a->keys[i], false, try_first, &b);
	/* A format that is in place tells that nothing was done to the whole. */
	if (!v->binary || v->packed || v->depth + 1 >= DECODE_DEPTH)
		return;
	for (unsigned int k = 1; k < 256; k++) {
		const uint8_t key = (uint8_t)k;

		if (change_xor(str_of(&key, 1), 0, &c))
			try_single(a, v, &c, NULL);
		if (change_add(str_of(&key, 1), 0, false, &c))
			try_single(a, v, &c, NULL);
	}
	change_bits(&c);
	try_single(a, v, &c, NULL);
	change_digits(&c);
	try_single(a, v, &c, NULL);
	try_headers(a, v);
}

/* One raw stream at `at`. */
static bool try_stream(struct attempt *a, const struct view *v, struct str bytes, size_t at,
		       enum raw_kind kind, const struct trail *so_far)
{
	AUTO_BUF struct buf content = BUF_INIT;
	struct trail t = *so_far;
	const struct str from = str_from_at(bytes, at);
	const char *format;
	bool ended;
	size_t used;

	if (!raw_may_begin(kind, from) || a->raw_left == 0 || a->seen_n == DECODE_RESULTS_MAX)
		return false;
	a->raw_left--;
	if (!raw_decode(kind, from, a->max, true, &content, &ended, &used))
		return false;
	attempt_spend(a, content.len < a->budget ? content.len : a->budget);
	/* LZMA's end mark leaves 32 bits of zeros in the range coder; LZMA2's and deflate's is a few bits. */
	format = text_program(buf_str(&content), ended && used == from.len && kind == RAW_LZMA1);
	if (!format && !unpack_confirms(buf_str(&content), &format))
		return false;
	if (at && !trail_add(&t, arena_strf(&a->arena, "tail -c +%zu", at + 1)))
		return false;
	if (!trail_add(&t, raw_command(kind)))
		return false;
	attempt_report(a, v, buf_str(&content), &t, format);
	return true;
}

/* Raw streams in bytes that a change made of a view, or that the view holds. */
static void try_streams(struct attempt *a, const struct view *v, struct str bytes, const struct trail *t)
{
	for (int kind = 0; kind < RAW_KINDS; kind++)
		try_stream(a, v, bytes, 0, (enum raw_kind)kind, t);
	if (!v->carved)
		return;
	for (size_t at = 1; at < bytes.len && a->raw_left; at++) {
		try_stream(a, v, bytes, at, RAW_LZMA1, t);
		try_stream(a, v, bytes, at, RAW_LZMA2, t);
	}
	for (size_t at = magic_find(bytes, 1), n = 0; at != (size_t)-1 && n < SKIPS_MAX;
	     at = magic_find(bytes, at + 1), n++) {
		struct trail skip = *t;

		if (trail_add(&skip, arena_strf(&a->arena, "tail -c +%zu", at + 1)))
			attempt_settle(a, v, str_from_at(bytes, at), &skip, 0, COUNTS_SHAPE);
	}
}

static void try_key_streams(void *ctx, const struct byte_change *c, const struct decode_key *key)
{
	const struct both *const b = ctx;
	const struct trial t = { .both = c, .first = c, .key = key };
	struct trail trail = b->v->trail;
	AUTO_BUF struct buf made = BUF_INIT;
	uint8_t head[MAGIC_HEAD];
	const struct str first = str_of(head, change_apply(c, b->v->bytes, sizeof(head), head));
	bool go = b->v->carved;

	for (int kind = 0; kind < RAW_KINDS; kind++)
		go |= raw_may_begin((enum raw_kind)kind, first);
	if (!go || !attempt_spend(b->a, b->v->bytes.len))
		return;
	make(c, b->v->bytes, &made);
	if (trial_trail(b->a, &t, &trail))
		try_streams(b->a, b->v, buf_str(&made), &trail);
}

void attempt_raw(struct attempt *a, const struct view *v)
{
	struct view copy = *v;
	struct both b = { .a = a, .v = &copy };

	if (v->packed || !v->binary)
		return;
	try_streams(a, v, v->bytes, &v->trail);
	for (size_t i = 0; i < a->keys_n; i++)
		if (a->keys[i].kind != KEY_MAP || byte_map_permutes(a->keys[i].map))
			key_changes(&a->keys[i], v->carved, try_key_streams, &b);
}

static void try_tail(struct attempt *a, const struct view *v, size_t at, const struct byte_change *c,
		     const struct decode_key *key)
{
	struct view tail = *v;

	tail.bytes = str_from_at(v->bytes, at);
	tail.counted = false;
	memset(tail.count, 0, sizeof(tail.count));
	if (trail_add(&tail.trail, arena_strf(&a->arena, "tail -c +%zu", at + 1)))
		try_single(a, &tail, c, key);
}

/* Content after a header, under one XOR or ADD of a byte: differences of neighbours don't depend on the key. */
static void try_hidden_magic(struct attempt *a, const struct view *v)
{
	static const uint8_t strong[][4] = {
		{ 0xfd, '7', 'z', 'X' }, { 0x7f, 'E', 'L', 'F' }, { 'P', 'K', 3, 4 }, { 0x28, 0xb5, 0x2f, 0xfd },
	};
	const uint8_t *const bytes = (const uint8_t *)v->bytes.ptr;
	unsigned int tries = 0;

	for (size_t m = 0; m < sizeof(strong) / sizeof(*strong); m++) {
		const uint8_t *const w = strong[m];

		for (size_t at = 1; at < SKIP_MAX && at + 6 <= v->bytes.len; at++) {
			const uint8_t *const p = bytes + at;
			const uint8_t x = p[0] ^ w[0], d = (uint8_t)(w[0] - p[0]);
			const bool xored = (p[1] ^ w[1]) == x, added = (uint8_t)(w[1] - p[1]) == d;
			struct byte_change c;

			if ((!xored && !added) || x == 0)
				continue;
			if (xored && (p[2] ^ w[2]) == x && (p[3] ^ w[3]) == x) {
				if (++tries <= SKIPS_MAX && change_xor(str_of(&x, 1), 0, &c))
					try_tail(a, v, at, &c, NULL);
			} else if (added && (uint8_t)(w[2] - p[2]) == d && (uint8_t)(w[3] - p[3]) == d) {
				if (++tries <= SKIPS_MAX && change_add(str_of(&d, 1), 0, false, &c))
					try_tail(a, v, at, &c, NULL);
			}
		}
	}
}

static void try_key_skip(void *ctx, const struct byte_change *c, const struct decode_key *key)
{
	const struct both *const b = ctx;
	uint8_t head[SKIP_MAX + MAGIC_HEAD];
	const struct str s = str_of(head, change_apply(c, b->v->bytes, sizeof(head), head));
	size_t n = 0;

	/* Where bytes are deleted, offsets say nothing of the content. */
	if (s.len != sizeof(head) && s.len != b->v->bytes.len)
		return;
	for (size_t at = magic_find(s, 1); at < SKIP_MAX && n < SKIPS_MAX; at = magic_find(s, at + 1), n++) {
		if (at < b->v->bytes.len && (c->kind == CHANGE_TABLE || c->key_n == 1) &&
		    memcmp(head + at, b->v->bytes.ptr + at, 4) != 0)
			try_tail(b->a, b->v, at, c, key);
	}
}

void attempt_skip(struct attempt *a, const struct view *v)
{
	struct view copy = *v;
	struct both b = { .a = a, .v = &copy };
	const struct str front = str_first(v->bytes, SKIP_MAX + MAGIC_HEAD);
	size_t n = 0;

	if (!v->binary || v->packed || v->carved)
		return;
	for (size_t at = magic_find(front, 1); at < SKIP_MAX && n < SKIPS_MAX;
	     at = magic_find(front, at + 1), n++) {
		struct trail t = v->trail;

		if (trail_add(&t, arena_strf(&a->arena, "tail -c +%zu", at + 1)))
			attempt_settle(a, v, str_from_at(v->bytes, at), &t, 0, COUNTS_SHAPE);
	}
	if (v->depth + 1 < DECODE_DEPTH)
		try_hidden_magic(a, v);
	if (a->keys_n <= LIMIT_DECODE_SKIP_KEYS)
		for (size_t i = 0; i < a->keys_n; i++)
			key_changes(&a->keys[i], false, try_key_skip, &b);
}
