#include "base/sha1_guard.h"

#include <string.h>

/* Counter-cryptanalysis: M. Stevens, "Counter-cryptanalysis", CRYPTO 2013. A collision attack
 * ends in a block M whose partner M' = M ^ (a message difference), with another chaining value
 * before it, leads to the same chaining value after it. Only a few dozen differences are known to
 * be of use, and each leaves the two computations with the same state at a middle step: from there
 * the partner's chaining values follow. Where they meet those of M, M is from an attack.
 *
 * That costs more than the hash, so the relations of sha1_vectors.h sort out first nearly all
 * blocks, eight at once; what is left waits until there are eight of them again. */

typedef uint32_t lanes __attribute__((vector_size(4 * SHA1_LANES)));
typedef uint32_t half_lanes __attribute__((vector_size(4 * SHA1_LANES / 2), may_alias));
typedef int32_t signed_lanes __attribute__((vector_size(4 * SHA1_LANES)));

#define UNROLL _Pragma("GCC unroll 16")
#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* n is 1 .. 31. Macros, for a function that returns such a vector has no settled ABI. */
#define ROTATE(x, n) ((x) << (n) | (x) >> (32 - (n)))
#define SELECT(mask, a, b) (((mask) & (a)) | (~(mask) & (b)))

/* The message expansion. `wide`: the processor has vectors of all lanes. If not, gcc 12 would carry
 * such vectors from turn to turn in the stack, at half the speed. */
ALWAYS_INLINE void expand(lanes *w, unsigned last, bool wide)
{
	half_lanes *const h = (half_lanes *)w;

	if (wide) {
UNROLL
		for (unsigned t = 16; t <= last; t++) {
			const lanes x = w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16];

			w[t] = ROTATE(x, 1);
		}
		return;
	}
	for (unsigned i = 2 * 16; i < 2 * (last + 1); i++) {
		const half_lanes x = h[i - 2 * 3] ^ h[i - 2 * 8] ^ h[i - 2 * 14] ^ h[i - 2 * 16];

		h[i] = ROTATE(x, 1);
	}
}

/* Adds to *out the vectors whose relation r the lanes do not obey. (The bit is spread by shifts, as
 * gcc 12 compares vectors wider than the processor's word by word.) */
ALWAYS_INLINE void test(lanes *out, const struct sha1_relation *r, const lanes *w, unsigned shift,
			bool differ)
{
	const lanes x = (w[r->t] ^ w[r->u] << shift) << r->to_top;
	const lanes set = (lanes)((signed_lanes)x >> 31);
	lanes vectors;

	memcpy(&vectors, r->vectors, sizeof(vectors));
	*out |= (differ ? ~set : set) & vectors;
}

/* What the shared relations leave: for each lane, the vectors that may have made its block. The
 * first 16 words are there; the rest, up to SHA1_LAST_WORD, is filled in. */
ALWAYS_INLINE void sieve(const struct sha1_vectors *v, lanes *w, uint32_t *left, bool wide)
{
	lanes out = {0};

	expand(w, SHA1_LAST_WORD, wide);
	for (unsigned i = 0, n = 0; n < v->n_runs; n++) {
		const struct sha1_run run = v->run[n];

		if (run.differ)
			for (; i < run.end; i++)
				test(&out, &v->relation[i], w, run.shift, true);
		else
			for (; i < run.end; i++)
				test(&out, &v->relation[i], w, run.shift, false);
	}
	out = ~out;
	memcpy(left, &out, sizeof(out));
}

struct chaining {
	lanes w[SHA1_WORDS];
};

/* What a step adds to its message word, to e and to the turned a. */
ALWAYS_INLINE void round_value(lanes *out, unsigned t, const lanes *b, const lanes *c,
			       const lanes *d)
{
	if (t < 20)
		*out = (*d ^ (*b & (*c ^ *d))) + UINT32_C(0x5a827999);
	else if (t < 40)
		*out = (*b ^ *c ^ *d) + UINT32_C(0x6ed9eba1);
	else if (t < 60)
		*out = ((*b & *c) | (*d & (*b | *c))) + UINT32_C(0x8f1bbcdc);
	else
		*out = (*b ^ *c ^ *d) + UINT32_C(0xca62c1d6);
}

/* Steps from .. to-1 of SHA-1 (FIPS 180-4, 6.1.2). */
ALWAYS_INLINE void forwards(struct chaining *s, const lanes *w, unsigned from, unsigned to)
{
	lanes a = s->w[0], b = s->w[1], c = s->w[2], d = s->w[3], e = s->w[4], f;

	for (unsigned t = from; t < to; t++) {
		round_value(&f, t, &b, &c, &d);
		f += ROTATE(a, 5) + e + w[t];
		e = d;
		d = c;
		c = ROTATE(b, 30);
		b = a;
		a = f;
	}
	*s = (struct chaining){{a, b, c, d, e}};
}

/* The same steps undone, from step from-1 down to step `to`. */
ALWAYS_INLINE void backwards(struct chaining *s, const lanes *w, unsigned from, unsigned to)
{
	lanes a = s->w[0], b = s->w[1], c = s->w[2], d = s->w[3], e = s->w[4], f;

	for (unsigned t = from; t-- > to;) {
		const lanes sum = a;

		a = b;
		b = ROTATE(c, 2);
		c = d;
		d = e;
		round_value(&f, t, &b, &c, &d);
		e = sum - f - ROTATE(a, 5) - w[t];
	}
	*s = (struct chaining){{a, b, c, d, e}};
}

/* *hit: lanes where the partner by the suspected vector ends in the same chaining value. */
ALWAYS_INLINE void recompute(const struct sha1_guard *g, bool *hit, bool wide)
{
	lanes w[SHA1_STEPS], late = {0}, missed = {0}, before[SHA1_WORDS], after[SHA1_WORDS];
	struct chaining real, down, up;

	memcpy(w, g->block, sizeof(g->block));
	memcpy(before, g->before, sizeof(before));
	memcpy(after, g->after, sizeof(after));
	expand(w, SHA1_STEPS - 1, wide);
	for (unsigned i = 0; i < SHA1_WORDS; i++)
		real.w[i] = after[i] - before[i];
	backwards(&real, w, SHA1_STEPS, SHA1_FREE_LATE);
	down = real;
	backwards(&real, w, SHA1_FREE_LATE, SHA1_FREE_EARLY);
	up = real;

	for (unsigned i = 0; i < SHA1_LANES; i++) {
		const struct sha1_vector *const v = &g->vectors->vector[g->suspect[i]];

		late[i] = v->free_step == SHA1_FREE_LATE ? UINT32_MAX : 0;
		for (unsigned t = 0; t < 16; t++)
			w[t][i] ^= v->message[t];
	}
	expand(w, SHA1_STEPS - 1, wide);
	/* A lane joins in at its free step; what it did before that is dropped. */
	struct chaining start = down;

	backwards(&down, w, SHA1_FREE_LATE, SHA1_FREE_EARLY);
	for (unsigned i = 0; i < SHA1_WORDS; i++)
		down.w[i] = SELECT(late, down.w[i], real.w[i]);
	backwards(&down, w, SHA1_FREE_EARLY, 0);
	forwards(&up, w, SHA1_FREE_EARLY, SHA1_FREE_LATE);
	for (unsigned i = 0; i < SHA1_WORDS; i++)
		up.w[i] = SELECT(late, start.w[i], up.w[i]);
	forwards(&up, w, SHA1_FREE_LATE, SHA1_STEPS);
	for (unsigned i = 0; i < SHA1_WORDS; i++)
		missed |= (down.w[i] + up.w[i]) ^ after[i];
	for (unsigned i = 0; i < SHA1_LANES; i++)
		hit[i] = missed[i] == 0;
}

/* The same code for processors with AVX2 and for all; for these the compiler makes do with narrower
 * vectors, and moves between lanes would cost more than to load each word alone. */
static void sieve_any(const struct sha1_vectors *v, const uint8_t *const *block, lanes *w,
		      uint32_t *left)
{
	for (unsigned i = 0; i < SHA1_LANES; i++)
		for (unsigned t = 0; t < 16; t++) {
			const uint8_t *const b = block[i] + 4 * t;

			w[t][i] = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 |
				  (uint32_t)b[2] << 8 | b[3];
		}
	sieve(v, w, left, false);
}

static void recompute_any(const struct sha1_guard *g, bool *hit)
{
	recompute(g, hit, false);
}

#if defined(__x86_64__)
#if defined(__has_builtin)
#if __has_builtin(__builtin_shufflevector)
#define SHUFFLE(type, a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#endif
#endif
#ifndef SHUFFLE
#define SHUFFLE(type, a, b, ...) __builtin_shuffle(a, b, (type){__VA_ARGS__})
#endif

typedef uint8_t bytes __attribute__((vector_size(4 * SHA1_LANES)));

/* Eight words of eight blocks each, from rows of blocks to columns of lanes. */
ALWAYS_INLINE void transpose(lanes *w, const uint8_t *const *block, size_t offset)
{
	lanes r[8], s[8];

UNROLL
	for (unsigned i = 0; i < 8; i++)
		memcpy(&r[i], block[i] + offset, sizeof(r[i]));
UNROLL
	for (unsigned i = 0; i < 8; i += 2) {
		s[i] = SHUFFLE(lanes, r[i], r[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
		s[i + 1] = SHUFFLE(lanes, r[i], r[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
	}
UNROLL
	for (unsigned i = 0; i < 8; i += 4)
		for (unsigned k = 0; k < 2; k++) {
			const lanes a = s[i + k], b = s[i + 2 + k];

			r[i + 2 * k] = SHUFFLE(lanes, a, b, 0, 1, 8, 9, 4, 5, 12, 13);
			r[i + 2 * k + 1] = SHUFFLE(lanes, a, b, 2, 3, 10, 11, 6, 7, 14, 15);
		}
UNROLL
	for (unsigned i = 0; i < 4; i++) {
		w[i] = SHUFFLE(lanes, r[i], r[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
		w[i + 4] = SHUFFLE(lanes, r[i], r[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
	}
}

/* SHA-1 reads words with the highest byte first. */
ALWAYS_INLINE void swap_bytes(lanes *w)
{
	const bytes b = (bytes)*w;

	*w = (lanes)SHUFFLE(bytes, b, b, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12, 19,
			    18, 17, 16, 23, 22, 21, 20, 27, 26, 25, 24, 31, 30, 29, 28);
}

__attribute__((target("avx2"))) static void
sieve_avx2(const struct sha1_vectors *v, const uint8_t *const *block, lanes *w, uint32_t *left)
{
	transpose(w, block, 0);
	transpose(w + 8, block, 32);
UNROLL
	for (unsigned t = 0; t < 16; t++)
		swap_bytes(&w[t]);
	sieve(v, w, left, true);
}

__attribute__((target("avx2"))) static void recompute_avx2(const struct sha1_guard *g,
							    bool *hit)
{
	recompute(g, hit, true);
}

static bool has_avx2(void)
{
	return __builtin_cpu_supports("avx2");
}
#else
#define sieve_avx2 sieve_any
#define recompute_avx2 recompute_any

static bool has_avx2(void)
{
	return false;
}
#endif

void sha1_guard_init(struct sha1_guard *g)
{
	memset(g, 0, sizeof(*g));
	g->vectors = sha1_vectors();
}

static void settle_waiting(struct sha1_guard *g)
{
	bool hit[SHA1_LANES];

	(has_avx2() ? recompute_avx2 : recompute_any)(g, hit);
	for (unsigned i = 0; i < g->n_waiting; i++)
		g->collision |= hit[i];
	g->n_waiting = 0;
}

/* Does the block in this lane obey the vector's own relations too? */
static bool is_suspect(const struct sha1_vectors *all, const struct sha1_vector *v, const lanes *w,
		       size_t lane)
{
	for (unsigned i = 0; i < v->n_rest; i++) {
		const struct sha1_relation *const r = &all->relation[v->rest[i]];

		const uint32_t x = (w[r->t][lane] ^ w[r->u][lane] << r->shift) << r->to_top;

		if (x >> 31 != r->differ)
			return false;
	}
	return true;
}

static void put_aside(struct sha1_guard *g, const uint32_t (*chain)[SHA1_WORDS], const lanes *w,
		      size_t lane, unsigned vector)
{
	const unsigned n = g->n_waiting++;

	for (unsigned t = 0; t < SHA1_BLOCK / 4; t++)
		g->block[t][n] = w[t][lane];
	for (unsigned i = 0; i < SHA1_WORDS; i++) {
		g->before[i][n] = chain[lane][i];
		g->after[i][n] = chain[lane + 1][i];
	}
	g->suspect[n] = (uint8_t)vector;
	if (g->n_waiting == SHA1_LANES)
		settle_waiting(g);
}

void sha1_guard_check(struct sha1_guard *g, const uint32_t (*chain)[SHA1_WORDS],
		      const uint8_t *blocks, size_t n)
{
	const uint8_t *block[SHA1_LANES];
	uint32_t left[SHA1_LANES];
	lanes w[SHA1_LAST_WORD + 1];

	if (n == 0)
		return;
	/* Lanes that are not needed look at the first block, and are not asked. */
	for (size_t i = 0; i < SHA1_LANES; i++)
		block[i] = blocks + (i < n ? i : 0) * SHA1_BLOCK;
	(has_avx2() ? sieve_avx2 : sieve_any)(g->vectors, block, w, left);
	for (size_t i = 0; i < n; i++)
		for (uint32_t rest = left[i]; rest; rest &= rest - 1) {
			const unsigned vector = (unsigned)__builtin_ctz(rest);

			if (is_suspect(g->vectors, &g->vectors->vector[vector], w, i))
				put_aside(g, chain, w, i, vector);
		}
}

bool sha1_guard_final(struct sha1_guard *g)
{
	if (g->n_waiting > 0)
		settle_waiting(g);
	return g->collision;
}
