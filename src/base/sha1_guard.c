#include "base/sha1_lanes.h"

/* Counter-cryptanalysis: M. Stevens, "Counter-cryptanalysis", CRYPTO 2013. A collision attack
 * ends in a block M whose partner M' = M ^ (a message difference), with another chaining value
 * before it, leads to the same chaining value after it. Only a few dozen differences are known to
 * be of use, and each leaves the two computations with the same state at a middle step: from there
 * the partner's chaining values follow. Where they meet those of M, M is from an attack.
 *
 * That costs more than the hash, so the relations of sha1_vectors.h sort out first nearly all
 * blocks, eight at once; what is left waits until there are eight of them again. */

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

/* What the shared relations leave: for each lane, the vectors that may have made its block. w is
 * expanded to SHA1_LAST_WORD at least. */
ALWAYS_INLINE void sieve(const struct sha1_vectors *v, const lanes *w, uint32_t *left)
{
	lanes out = {0};

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

/* The expanded words of the blocks, and what the sieve leaves of each. */
ALWAYS_INLINE void load_and_sieve(const struct sha1_vectors *v, const uint8_t *const *block, lanes *w,
				  uint32_t *left, bool wide)
{
	load_blocks(w, block, wide);
	expand(w, SHA1_LAST_WORD, wide);
	sieve(v, w, left);
}

/* The same, and each lane's chaining value goes on to the next. */
ALWAYS_INLINE void compress_and_sieve(const struct sha1_vectors *v, const uint8_t *const *block,
				      lanes *w, uint32_t (*chain)[SHA1_LANES], uint32_t *left,
				      bool wide)
{
	struct chaining before, s;

	load_blocks(w, block, wide);
	expand(w, SHA1_STEPS - 1, wide);
	sieve(v, w, left);
	memcpy(&before, chain, sizeof(before));
	s = before;
	forwards(&s, w, 0, 20);
	forwards(&s, w, 20, 40);
	forwards(&s, w, 40, 60);
	forwards(&s, w, 60, SHA1_STEPS);
	for (unsigned i = 0; i < SHA1_WORDS; i++)
		s.w[i] += before.w[i];
	memcpy(chain, &s, sizeof(s));
}

/* The code for one kind of processor. */
struct code {
	void (*load_and_sieve)(const struct sha1_vectors *v, const uint8_t *const *block, lanes *w,
			       uint32_t *left);
	void (*compress_and_sieve)(const struct sha1_vectors *v, const uint8_t *const *block,
				   lanes *w, uint32_t (*chain)[SHA1_LANES], uint32_t *left);
	void (*recompute)(const struct sha1_guard *g, bool *hit);
	bool wide;
};

#define CODE(name, attributes, is_wide)                                                            \
	attributes static void load_and_sieve_##name(const struct sha1_vectors *v,                 \
						     const uint8_t *const *block, lanes *w,        \
						     uint32_t *left)                               \
	{                                                                                          \
		load_and_sieve(v, block, w, left, is_wide);                                        \
	}                                                                                          \
	attributes static void compress_and_sieve_##name(                                          \
		const struct sha1_vectors *v, const uint8_t *const *block, lanes *w,               \
		uint32_t (*chain)[SHA1_LANES], uint32_t *left)                                     \
	{                                                                                          \
		compress_and_sieve(v, block, w, chain, left, is_wide);                             \
	}                                                                                          \
	attributes static void recompute_##name(const struct sha1_guard *g, bool *hit)             \
	{                                                                                          \
		recompute(g, hit, is_wide);                                                        \
	}                                                                                          \
	static const struct code name = {load_and_sieve_##name, compress_and_sieve_##name,         \
					 recompute_##name, is_wide}

CODE(any, , false);
#if defined(__x86_64__)
CODE(avx2, __attribute__((target("avx2"))), true);
/* Still vectors of 256 bits, for the turn and the three-operand logic that came with AVX-512. */
CODE(avx512vl, __attribute__((target("avx2,avx512f,avx512vl"))), true);
#endif

static const struct code *code(void)
{
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl"))
		return &avx512vl;
	if (__builtin_cpu_supports("avx2"))
		return &avx2;
#endif
	return &any;
}

bool sha1_guard_has_wide_lanes(void)
{
	return code()->wide;
}

void sha1_guard_init(struct sha1_guard *g)
{
	memset(g, 0, sizeof(*g));
	g->vectors = sha1_vectors();
}

static void settle_waiting(struct sha1_guard *g)
{
	bool hit[SHA1_LANES];

	code()->recompute(g, hit);
	for (unsigned i = 0; i < g->n_waiting; i++)
		*g->collision[i] |= hit[i];
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

static void put_aside(struct sha1_guard *g, const uint32_t *before, const uint32_t *after,
		      const lanes *w, size_t lane, unsigned vector, bool *collision)
{
	const unsigned n = g->n_waiting++;

	for (unsigned t = 0; t < SHA1_BLOCK / 4; t++)
		g->block[t][n] = w[t][lane];
	for (unsigned i = 0; i < SHA1_WORDS; i++) {
		g->before[i][n] = before[i];
		g->after[i][n] = after[i];
	}
	g->suspect[n] = (uint8_t)vector;
	g->collision[n] = collision;
	if (g->n_waiting == SHA1_LANES)
		settle_waiting(g);
}

/* The vectors that the sieve left of one block. */
static void look_closer(struct sha1_guard *g, const uint32_t *before, const uint32_t *after,
			const lanes *w, size_t lane, uint32_t left, bool *collision)
{
	for (; left; left &= left - 1) {
		const unsigned vector = (unsigned)__builtin_ctz(left);

		if (is_suspect(g->vectors, &g->vectors->vector[vector], w, lane))
			put_aside(g, before, after, w, lane, vector, collision);
	}
}

void sha1_guard_check(struct sha1_guard *g, const uint32_t (*chain)[SHA1_WORDS],
		      const uint8_t *blocks, size_t n, bool *collision)
{
	const uint8_t *block[SHA1_LANES];
	uint32_t left[SHA1_LANES];
	lanes w[SHA1_LAST_WORD + 1];

	if (n == 0)
		return;
	/* Lanes that are not needed look at the first block, and are not asked. */
	for (size_t i = 0; i < SHA1_LANES; i++)
		block[i] = blocks + (i < n ? i : 0) * SHA1_BLOCK;
	code()->load_and_sieve(g->vectors, block, w, left);
	for (size_t i = 0; i < n; i++)
		look_closer(g, chain[i], chain[i + 1], w, i, left[i], collision);
}

void sha1_guard_compress(struct sha1_guard *g, uint32_t (*chain)[SHA1_LANES],
			 const uint8_t *const *block, bool *const *collision)
{
	uint32_t left[SHA1_LANES], before[SHA1_WORDS][SHA1_LANES];
	lanes w[SHA1_STEPS];

	memcpy(before, chain, sizeof(before));
	code()->compress_and_sieve(g->vectors, block, w, chain, left);
	for (size_t i = 0; i < SHA1_LANES; i++) {
		uint32_t from[SHA1_WORDS], to[SHA1_WORDS];

		if (!left[i] || !collision[i])
			continue;
		for (unsigned k = 0; k < SHA1_WORDS; k++) {
			from[k] = before[k][i];
			to[k] = chain[k][i];
		}
		look_closer(g, from, to, w, i, left[i], collision[i]);
	}
}

void sha1_guard_final(struct sha1_guard *g)
{
	if (g->n_waiting > 0)
		settle_waiting(g);
}
