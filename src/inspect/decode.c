#include "inspect/decode.h"

#include "base/cleanup.h"
#include "base/limits.h"
#include "inspect/decode_base.h"
#include "inspect/decode_carve.h"
#include "inspect/decode_magic.h"
#include "inspect/decode_text.h"
#include "inspect/decode_work.h"
#include "inspect/unpack.h"

/* Changes of constant and random ranges that suggest carving; less content than this can't show it. */
enum { CONTENT_MIN = 8 };

bool attempt_spend(struct attempt *a, size_t bytes)
{
	if (bytes > a->budget || a->seen_n == DECODE_RESULTS_MAX)
		return false;
	a->budget -= bytes;
	return true;
}

bool trail_add(struct trail *t, struct str command)
{
	if (t->n == DECODE_STEPS_MAX)
		return false;
	t->step[t->n++] = command;
	return true;
}

/* FNV-1a: only to visit a result once. A collision hides one of two results of the same content. */
static uint64_t fingerprint(struct str s)
{
	uint64_t h = 0xcbf29ce484222325 ^ s.len;

	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (uint8_t)s.ptr[i]) * 0x100000001b3;
	return h;
}

static bool is_new(struct attempt *a, struct str bytes)
{
	const uint64_t h = fingerprint(bytes);

	for (size_t i = 0; i < a->seen_n; i++)
		if (a->seen[i] == h)
			return false;
	if (a->seen_n == DECODE_RESULTS_MAX)
		return false;
	a->seen[a->seen_n++] = h;
	return true;
}

void attempt_report(struct attempt *a, const struct view *v, struct str bytes, const struct trail *t,
		    const char *format)
{
	struct decoded d = { .bytes = str_first(bytes, a->max), .format = format,
			     .steps_n = t->n, .key = t->key };
	struct view inner = { .bytes = d.bytes, .trail = *t, .depth = v->depth + 1 };

	if (!is_new(a, d.bytes))
		return;
	memcpy(d.steps, t->step, sizeof(d.steps));
	a->visit(a->ctx, &d);
	if (!text_is_code(d.bytes))
		attempt_view(a, &inner);
}

static struct str unpack_command(const char *format)
{
	static const struct {
		const char *format;
		struct str command;
	} commands[] = {
		{ "gzip", STR("gzip -dc") },
		{ "bzip2", STR("bzip2 -dc") },
		{ "xz", STR("xz -dc") },
		{ "zstd", STR("zstd -dc") },
		{ "lzip", STR("lzip -dc") },
		{ "lzma", STR("xz --format=lzma -dc") },
	};

	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (strcmp(commands[i].format, format) == 0)
			return commands[i].command;
	return STR("python3 -c 'import sys,zlib;"
		   "sys.stdout.buffer.write(zlib.decompress(sys.stdin.buffer.read()))'");
}

/* Whether what came out can't be there by chance. */
static bool is_sure(const struct unpacked *u, struct str bytes, unsigned int streams)
{
	const struct str content = buf_str(&u->content);
	const char *format;

	if (u->streams <= streams || !content.len)
		return false;
	if (strcmp(u->format, "zlib") != 0 && strcmp(u->format, "lzma") != 0 &&
	    strcmp(u->format, "zstd") != 0)
		return true;
	if (u->state != UNPACK_VALID)
		return false;
	return text_program(content, true) || unpack_confirms(content, &format) ||
	       (strcmp(u->format, "lzma") != 0 && unpack_confirms(bytes, &format));
}

bool attempt_settle(struct attempt *a, const struct view *v, struct str bytes, const struct trail *t,
		    unsigned int streams, unsigned int counts)
{
	struct unpacked u;
	struct trail packed = *t;
	const char *format = NULL;
	bool sure;

	if (bytes.len < CONTENT_MIN)
		return false;
	unpack(bytes, a->max, &u);
	sure = u.state != UNPACK_NOT_PACKED && is_sure(&u, bytes, streams) &&
	       trail_add(&packed, unpack_command(u.format));
	attempt_spend(a, u.content.len < a->budget ? u.content.len : a->budget);
	if (sure) {
		attempt_report(a, v, buf_str(&u.content), &packed, u.format);
		if (u.state == UNPACK_VALID_REST) {
			struct view rest = { .bytes = str_from_at(bytes, u.rest_offset), .trail = *t,
					     .depth = v->depth + 1 };

			if (trail_add(&rest.trail, arena_strf(&a->arena, "tail -c +%llu",
							      (unsigned long long)u.rest_offset + 1)))
				attempt_view(a, &rest);
		}
	}
	unpacked_release(&u);
	if (sure)
		return true;
	if ((counts & COUNTS_SHAPE) && u.state == UNPACK_NOT_PACKED && unpack_confirms(bytes, &format)) {
		attempt_report(a, v, bytes, t, format);
		return true;
	}
	format = counts & COUNTS_TEXT ? text_program(bytes, false) : NULL;
	if (format)
		attempt_report(a, v, bytes, t, format);
	return format != NULL;
}

/* Goes on with what a transform of the whole made of a view. */
static void go_on(struct attempt *a, const struct view *v, const struct buf *made, struct str command,
		  bool turned, bool carved)
{
	struct view next = { .bytes = buf_str(made), .trail = v->trail, .depth = v->depth + 1,
			     .turned = v->turned || turned, .carved = v->carved || carved };

	if (!made->len || !trail_add(&next.trail, command) || !attempt_spend(a, made->len))
		return;
	if (!attempt_settle(a, v, next.bytes, &next.trail, 0, COUNTS_SHAPE | COUNTS_TEXT))
		attempt_view(a, &next);
}

static void try_turned(struct attempt *a, const struct view *v)
{
	AUTO_BUF struct buf b = BUF_INIT;
	char *const to = buf_reserve(&b, v->bytes.len);

	for (size_t i = 0; i < v->bytes.len; i++)
		to[i] = v->bytes.ptr[v->bytes.len - 1 - i];
	b.len = v->bytes.len;
	go_on(a, v, &b, STR("python3 -c 'import sys;"
			    "sys.stdout.buffer.write(sys.stdin.buffer.read()[::-1])'"), true, false);
}

static void try_carved(struct attempt *a, const struct view *v)
{
	struct carve plan[CARVES_MAX];
	size_t n;

	/* Ranges too short for the windows show themselves by coming at regular distances. */
	n = carve_plan(v->bytes, plan);
	if (n > 0 && decode_alternations(v->bytes) < ALTERNATIONS_MIN)
		n = plan[0].keep ? 1 : 0;
	/* The ways are alike: what one shows, the next would show again. */
	for (size_t i = 0, seen = a->seen_n; i < n && a->seen_n == seen; i++) {
		AUTO_BUF struct buf b = BUF_INIT;

		carve_apply(&plan[i], v->bytes, &b);
		go_on(a, v, &b, carve_command(&plan[i], &a->arena), false, true);
	}
}

/* The whole as base64 or ascii85. */
static void try_written(struct attempt *a, const struct view *v)
{
	AUTO_BUF struct buf b = BUF_INIT;
	struct base64_state state = BASE64_INIT;

	if (base64_add(&state, v->bytes, &b)) {
		go_on(a, v, &b, STR("base64 -d"), false, false);
		return;
	}
	buf_reset(&b);
	if (ascii85_decode(v->bytes, &b))
		go_on(a, v, &b, STR("python3 -c 'import sys,base64;d=sys.stdin.buffer.read().strip();"
				    "d=d[2:] if d[:2]==b\"<~\" else d;d=d[:-2] if d[-2:]==b\"~>\" else d;"
				    "sys.stdout.buffer.write(base64.a85decode(d))'"), false, false);
}

/* Looks at a view that begins as a compressed format does; *rest is what its valid streams leave. False
 * when all of it is right, so that nothing else need be tried. */
static bool look_packed(struct attempt *a, struct view *v, uint64_t *rest)
{
	struct unpacked u;
	struct view inner = { .trail = v->trail, .depth = v->depth + 1 };

	unpack(v->bytes, a->max, &u);
	v->packed = u.state != UNPACK_NOT_PACKED;
	v->streams = u.streams;
	*rest = u.state == UNPACK_VALID_REST ? u.rest_offset :
		u.state == UNPACK_THEN_CORRUPT ? u.bad_offset : 0;
	inner.bytes = buf_str(&u.content);
	if (attempt_spend(a, u.content.len) && u.state == UNPACK_VALID && !text_is_plain(inner.bytes) &&
	    trail_add(&inner.trail, unpack_command(u.format)))
		attempt_view(a, &inner);
	unpacked_release(&u);
	return u.state != UNPACK_VALID;
}

static void try_rest(struct attempt *a, const struct view *v, uint64_t at)
{
	struct view rest = { .bytes = str_from_at(v->bytes, (size_t)at), .trail = v->trail,
			     .depth = v->depth + 1 };

	if (trail_add(&rest.trail, arena_strf(&a->arena, "tail -c +%llu", (unsigned long long)at + 1)))
		attempt_view(a, &rest);
}

void attempt_view(struct attempt *a, struct view *v)
{
	const size_t seen = a->seen_n;
	const char *format;
	uint64_t rest = 0;

	if (v->bytes.len < CONTENT_MIN || v->depth >= DECODE_DEPTH)
		return;
	v->binary = !text_is_plain(v->bytes);
	if (magic_promises(str_first(v->bytes, MAGIC_HEAD)) && !look_packed(a, v, &rest))
		return;
	/* What is right as it stands hides nothing by a change of its bytes. */
	if (!v->packed && unpack_confirms(v->bytes, &format))
		return;
	if (v->binary && !v->carved)
		try_carved(a, v);
	attempt_changes(a, v);
	attempt_raw(a, v);
	attempt_skip(a, v);
	if (!v->binary)
		try_written(a, v);
	/* What was found in the whole is in its rest too. */
	if (rest && a->seen_n == seen)
		try_rest(a, v, rest);
	if (!v->turned && v->depth + 1 < DECODE_DEPTH && !v->packed)
		try_turned(a, v);
}

void decode_attempt(struct str bytes, const struct decode_key *keys, size_t keys_n, size_t max,
		    void (*visit)(void *ctx, const struct decoded *d), void *ctx)
{
	struct attempt a = {
		.keys = keys, .keys_n = keys_n, .max = max, .visit = visit, .ctx = ctx,
		.arena = ARENA_INIT, .budget = LIMIT_DECODE_BUDGET + 16 * bytes.len,
		.raw_left = LIMIT_DECODE_RAW,
	};
	struct view v = { .bytes = bytes };

	attempt_view(&a, &v);
	arena_release(&a.arena);
}
