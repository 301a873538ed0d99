#include "base/sha1_vectors.h"

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* An attack follows a disturbance vector: where bit b of D[t] is set, step t flips bit b of the
 * register that it writes, and the five steps after it flip message bits so that nothing else
 * changes (a local collision; Chabaud and Joux, CRYPTO '98). The vectors worth an attacker's while
 * fall in two classes, I(k,b) and II(k,b): S. Manuel, "Classification and generation of
 * disturbance vectors for collision attacks against SHA-1", 2011. The 32 here are the ones chosen
 * by M. Stevens and D. Shumow, "Speeding up detection of SHA-1 collision attacks using unavoidable
 * attack conditions", USENIX Security 2017.
 *
 * That paper found the conditions that each vector puts on message bits by a search through all
 * differential paths. Here they come from a shorter argument, for each bit of each step alone;
 * the result was compared with the paper's: no condition here goes beyond theirs. */
static const struct {
	uint8_t type, k, b;
} CHOSEN[SHA1_VECTORS] = {
	{1, 43, 0}, {1, 44, 0}, {1, 45, 0}, {1, 46, 0}, {1, 46, 2}, {1, 47, 0}, {1, 47, 2},
	{1, 48, 0}, {1, 48, 2}, {1, 49, 0}, {1, 49, 2}, {1, 50, 0}, {1, 50, 2}, {1, 51, 0},
	{1, 51, 2}, {1, 52, 0}, {2, 45, 0}, {2, 46, 0}, {2, 46, 2}, {2, 47, 0}, {2, 48, 0},
	{2, 49, 0}, {2, 49, 2}, {2, 50, 0}, {2, 50, 2}, {2, 51, 0}, {2, 51, 2}, {2, 52, 0},
	{2, 53, 0}, {2, 54, 0}, {2, 55, 0}, {2, 56, 0},
};

enum {
	/* Before this step an attack may leave the pattern of local collisions. */
	FIRST_WORD = 35,
	BITS = 32,
	/* A sign is that of a disturbance, or, from WORD_SIGNS on, of a message bit. */
	WORD_SIGNS = SHA1_STEPS * BITS,
	SIGNS = 2 * WORD_SIGNS,
	PAIRS_MAX = 1024,
};

static uint32_t rotate(uint32_t x, unsigned n)
{
	return x << n % 32 | x >> (32 - n) % 32;
}

static void vector_fill(struct sha1_vector *v, unsigned type, unsigned k, unsigned b)
{
	uint32_t *const d = v->disturbance + 5;
	const int first = (int)k;

	v->type = (uint8_t)type;
	v->k = (uint8_t)k;
	v->b = (uint8_t)b;
	d[k + 15] = rotate(1, b);
	if (type == 2)
		d[k + 1] = d[k + 3] = rotate(UINT32_C(1) << 31, b);
	/* The message expansion, which is linear, forwards and backwards. */
	for (int t = first + 16; t < SHA1_STEPS; t++)
		d[t] = rotate(d[t - 3] ^ d[t - 8] ^ d[t - 14] ^ d[t - 16], 1);
	for (int t = first - 1; t >= -5; t--)
		d[t] = rotate(d[t + 16], 31) ^ d[t + 13] ^ d[t + 8] ^ d[t + 2];
	for (int t = 0; t < SHA1_STEPS; t++)
		v->message[t] = d[t] ^ rotate(d[t - 1], 5) ^ d[t - 2] ^
				rotate(d[t - 3] ^ d[t - 4] ^ d[t - 5], 30);
	/* The state before a step is made of what the five steps before it wrote. */
	v->free_step = SHA1_FREE_LATE;
	for (int t = SHA1_FREE_LATE - 5; t < SHA1_FREE_LATE; t++)
		if (d[t])
			v->free_step = SHA1_FREE_EARLY;
}

/* Equal and opposite signs, as a union-find forest: each sign has a parent, and `opposite` says
 * whether they differ. */
struct forest {
	uint16_t parent[SIGNS];
	uint8_t opposite[SIGNS];
};

static void forest_init(struct forest *f)
{
	for (unsigned i = 0; i < SIGNS; i++) {
		f->parent[i] = (uint16_t)i;
		f->opposite[i] = 0;
	}
}

static unsigned forest_root(const struct forest *f, unsigned i, unsigned *opposite)
{
	*opposite = 0;
	while (f->parent[i] != i) {
		*opposite ^= f->opposite[i];
		i = f->parent[i];
	}
	return i;
}

/* False when they were tied before. */
static bool forest_join(struct forest *f, unsigned i, unsigned j, unsigned opposite)
{
	unsigned from_i, from_j;
	const unsigned a = forest_root(f, i, &from_i), b = forest_root(f, j, &from_j);

	if (a == b)
		return false;
	f->parent[a] = (uint16_t)b;
	f->opposite[a] = (uint8_t)(from_i ^ from_j ^ opposite);
	return true;
}

/* What meets at one bit of one step, in this order: the disturbance that the step makes; the
 * registers that it adds, with their disturbances of earlier steps (a, turned by 5; b, c, d, which
 * go through the round's function; e); and the message bit. */
enum slot { SLOT_NEW, SLOT_A, SLOT_B, SLOT_C, SLOT_D, SLOT_E, SLOT_WORD, SLOTS };

struct place {
	unsigned t, bit;
	unsigned on; /* slots with a difference, as bits */
	uint16_t sign[SLOTS];
};

static bool disturbed(const struct sha1_vector *v, unsigned t, unsigned bit)
{
	return v->disturbance[5 + t] >> bit & 1;
}

static struct place place_at(const struct sha1_vector *v, unsigned t, unsigned bit)
{
	static const struct {
		uint8_t age, turn;
	} source[SLOT_WORD] = {{0, 0}, {1, 27}, {2, 0}, {3, 2}, {4, 2}, {5, 2}};
	struct place p = {.t = t, .bit = bit};

	for (unsigned s = 0; s < SLOT_WORD; s++) {
		const unsigned at = t - source[s].age, from = (bit + source[s].turn) % BITS;

		p.on |= (unsigned)disturbed(v, at, from) << s;
		p.sign[s] = (uint16_t)(at * BITS + from);
	}
	p.on |= (v->message[t] >> bit & 1) << SLOT_WORD;
	p.sign[SLOT_WORD] = (uint16_t)(WORD_SIGNS + t * BITS + bit);
	return p;
}

/* Two disturbances side by side may be one with a carry, so that their signs say little. */
static bool is_twin(const struct sha1_vector *v, unsigned t, unsigned bit)
{
	return disturbed(v, t, bit) && ((bit < 31 && disturbed(v, t, bit + 1)) ||
					(bit > 0 && disturbed(v, t, bit - 1)));
}

static bool meets_twin(const struct sha1_vector *v, const struct place *p)
{
	for (unsigned s = 0; s < SLOT_WORD; s++)
		if (is_twin(v, p->sign[s] / BITS, p->sign[s] % BITS))
			return true;
	return false;
}

/* Nor do they at a bit below one that a twin reaches: it may borrow from there. */
static bool is_blurred(const struct sha1_vector *v, const struct place *p)
{
	if (meets_twin(v, p))
		return true;
	if (p->bit == 31)
		return false;
	const struct place above = place_at(v, p->t, p->bit + 1);

	return meets_twin(v, &above);
}

/* The round's function on single bits x (from bit 2), y, z. */
static int round_function(unsigned t, unsigned xyz)
{
	const unsigned x = xyz >> 2 & 1, y = xyz >> 1 & 1, z = xyz & 1;

	if (t < 40 || t >= 60)
		return (int)(x ^ y ^ z);
	return (int)((x & y) | (x & z) | (y & z));
}

static int sign_of(const struct place *p, unsigned negative, enum slot s)
{
	if (!(p->on >> s & 1))
		return 0;
	return negative >> s & 1 ? -1 : 1;
}

/* Can the differences at a place add up when those of the slots `negative` are -1, the others
 * that are on +1? */
static bool is_possible(const struct place *p, unsigned negative)
{
	const int rest = sign_of(p, negative, SLOT_NEW) - sign_of(p, negative, SLOT_A) -
			 sign_of(p, negative, SLOT_E) - sign_of(p, negative, SLOT_WORD);
	const unsigned flip = (p->on >> SLOT_B & 1) << 2 | (p->on >> SLOT_C & 1) << 1 |
			      (p->on >> SLOT_D & 1);
	const unsigned falls = (negative >> SLOT_B & 1) << 2 | (negative >> SLOT_C & 1) << 1 |
			       (negative >> SLOT_D & 1);

	for (unsigned before = 0; before < 8; before++) {
		/* A bit with the difference -1 is 1 before and 0 after. */
		if ((before & flip) != falls)
			continue;
		const int f = round_function(p->t, before ^ flip) - round_function(p->t, before);

		/* At the highest bit +1 and -1 are the same. */
		if (p->bit == 31 ? (rest - f) % 2 == 0 : rest == f)
			return true;
	}
	return false;
}

/* Ties the signs that are equal, or opposite, in all possible cases. */
static void tie_at_place(struct forest *forest, const struct place *p)
{
	unsigned equal[SLOTS] = {0}, opposite[SLOTS] = {0};

	for (unsigned negative = p->on;; negative = (negative - 1) & p->on) {
		for (unsigned s = 0; s < SLOTS && is_possible(p, negative); s++) {
			equal[s] |= negative >> s & 1 ? negative : ~negative;
			opposite[s] |= negative >> s & 1 ? ~negative : negative;
		}
		if (negative == 0)
			break;
	}
	for (unsigned i = 0; i < SLOTS; i++)
		for (unsigned j = i + 1; j < SLOTS; j++) {
			const bool eq = equal[i] >> j & 1, op = opposite[i] >> j & 1;

			if ((p->on >> i & 1) && (p->on >> j & 1) && eq != op)
				forest_join(forest, p->sign[i], p->sign[j], op);
		}
}

/* Is the message bit here the answer to a single disturbance? */
static bool is_sole(const struct sha1_vector *v, unsigned t, unsigned bit)
{
	const struct place p = place_at(v, t, bit);
	const unsigned sources = p.on & ~(1u << SLOT_WORD);

	return sources != 0 && (sources & (sources - 1)) == 0;
}

/* Steps t+1 and t+5 add the register that a twin changed, turned but else as it is: whatever its
 * carry, the message bits that answer the pair have the same signs in both. */
static void tie_twin(struct forest *forest, const struct sha1_vector *v, unsigned t, unsigned bit)
{
	const unsigned near = (bit + 5) % BITS, far = (bit + 30) % BITS;

	if (near == 31 || far == 31)
		return;
	for (unsigned i = 0; i < 2; i++)
		if (!is_sole(v, t + 1, near + i) || !is_sole(v, t + 5, far + i))
			return;
	for (unsigned i = 0; i < 2 && near + i < 31 && far + i < 31; i++)
		forest_join(forest, WORD_SIGNS + (t + 1) * BITS + near + i,
			    WORD_SIGNS + (t + 5) * BITS + far + i, 0);
}

static void tie_signs(struct forest *forest, const struct sha1_vector *v)
{
	forest_init(forest);
	for (unsigned t = FIRST_WORD; t <= SHA1_LAST_WORD; t++)
		for (unsigned bit = 0; bit < BITS; bit++) {
			const struct place p = place_at(v, t, bit);

			if (p.on && !is_blurred(v, &p))
				tie_at_place(forest, &p);
		}
	for (unsigned t = FIRST_WORD - 1; t + 5 <= SHA1_LAST_WORD; t++)
		for (unsigned bit = 0; bit < 31; bit++)
			if (disturbed(v, t, bit) && disturbed(v, t, bit + 1))
				tie_twin(forest, v, t, bit);
}

/* Two message bits whose signs some vectors tie. */
struct pair {
	uint16_t i, j;
	uint8_t opposite;
	uint32_t all;  /* the vectors */
	uint32_t used; /* those of them for which no chain of earlier pairs says the same */
};

struct pairs {
	struct pair pair[PAIRS_MAX];
	unsigned n;
};

static void pairs_add(struct pairs *p, unsigned i, unsigned j, unsigned opposite, uint32_t vector)
{
	for (unsigned n = 0; n < p->n; n++) {
		struct pair *const old = &p->pair[n];

		if (old->i == i && old->j == j && old->opposite == opposite) {
			old->all |= vector;
			return;
		}
	}
	assert(p->n < PAIRS_MAX);
	p->pair[p->n++] = (struct pair){(uint16_t)i, (uint16_t)j, (uint8_t)opposite, vector, 0};
}

static void pairs_of_vector(struct pairs *p, const struct sha1_vector *v, uint32_t vector)
{
	struct forest forest;
	uint16_t bits[SHA1_STEPS * BITS];
	unsigned n = 0, from_i, from_j;

	tie_signs(&forest, v);
	for (unsigned t = FIRST_WORD; t <= SHA1_LAST_WORD; t++)
		for (unsigned bit = 0; bit < BITS; bit++)
			if (v->message[t] >> bit & 1)
				bits[n++] = (uint16_t)(WORD_SIGNS + t * BITS + bit);
	for (unsigned i = 0; i < n; i++)
		for (unsigned j = i + 1; j < n; j++)
			if (forest_root(&forest, bits[i], &from_i) ==
			    forest_root(&forest, bits[j], &from_j))
				pairs_add(p, bits[i], bits[j], from_i ^ from_j, vector);
}

/* A spanning forest for each vector, of pairs that it shares with as many others as possible: so
 * the fewest relations serve them all (Kruskal's algorithm, by falling number of vectors). */
static void pairs_choose(struct pairs *p)
{
	struct forest forest;

	for (unsigned v = 0; v < SHA1_VECTORS; v++) {
		forest_init(&forest);
		for (int shared = SHA1_VECTORS; shared > 0; shared--)
			for (unsigned n = 0; n < p->n; n++) {
				struct pair *const pair = &p->pair[n];

				if ((pair->all >> v & 1) &&
				    __builtin_popcount(pair->all) == shared &&
				    forest_join(&forest, pair->i, pair->j, 0))
					pair->used |= UINT32_C(1) << v;
			}
	}
}

/* The sign of a difference is that of the bit before it, so opposite signs are different bits. */
static struct sha1_relation relation_of(const struct pair *p)
{
	unsigned i = p->i - WORD_SIGNS, j = p->j - WORD_SIGNS;

	if (i % BITS < j % BITS) {
		const unsigned swap = i;

		i = j;
		j = swap;
	}
	struct sha1_relation r = {
		.t = (uint8_t)(i / BITS),
		.u = (uint8_t)(j / BITS),
		.shift = (uint8_t)(i % BITS - j % BITS),
		.to_top = (uint8_t)(31 - i % BITS),
		.differ = p->opposite,
	};

	for (unsigned lane = 0; lane < SHA1_LANES; lane++)
		r.vectors[lane] = p->used;
	return r;
}

static void relation_append(struct sha1_vectors *out, const struct pair *p)
{
	const unsigned index = out->n_relations++;

	assert(index < SHA1_RELATIONS_MAX);
	out->relation[index] = relation_of(p);
	if (index < SHA1_SHARED_RELATIONS)
		return;
	for (uint32_t rest = p->used; rest; rest &= rest - 1) {
		struct sha1_vector *const v = &out->vector[__builtin_ctz(rest)];

		assert(v->n_rest < SHA1_REST_MAX);
		v->rest[v->n_rest++] = (uint8_t)index;
	}
}

/* Always takes the pair that brings down most the expected number of vectors left to a random
 * block, of which half the rest obeys each relation. */
static void relations_order(struct sha1_vectors *out, struct pairs *p)
{
	uint32_t left[SHA1_VECTORS];

	for (unsigned v = 0; v < SHA1_VECTORS; v++)
		left[v] = UINT32_C(1) << 24;
	for (;;) {
		struct pair *best = NULL;
		uint32_t best_gain = 0;

		for (unsigned n = 0; n < p->n; n++) {
			uint32_t gain = 0;

			for (uint32_t rest = p->pair[n].used; rest; rest &= rest - 1)
				gain += left[__builtin_ctz(rest)];
			if (gain > best_gain) {
				best = &p->pair[n];
				best_gain = gain;
			}
		}
		if (!best)
			return;
		for (uint32_t rest = best->used; rest; rest &= rest - 1)
			left[__builtin_ctz(rest)] /= 2;
		relation_append(out, best);
		best->used = 0;
	}
}

static struct sha1_vectors table;

static bool is_same_run(const struct sha1_relation *a, const struct sha1_relation *b)
{
	return a->shift == b->shift && a->differ == b->differ;
}

/* Brings together the shared relations that are tested in the same way. */
static void relations_group(struct sha1_vectors *v)
{
	for (unsigned begin = 0, end; begin < SHA1_SHARED_RELATIONS; begin = end) {
		const struct sha1_relation first = v->relation[begin];

		end = begin + 1;
		for (unsigned i = end; i < SHA1_SHARED_RELATIONS; i++)
			if (is_same_run(&first, &v->relation[i])) {
				const struct sha1_relation swap = v->relation[end];

				v->relation[end++] = v->relation[i];
				v->relation[i] = swap;
			}
		assert(v->n_runs < SHA1_RUNS_MAX);
		v->run[v->n_runs++] = (struct sha1_run){end, first.shift, first.differ};
	}
}

static void table_fill(void)
{
	struct pairs pairs = {.n = 0};

	for (unsigned i = 0; i < SHA1_VECTORS; i++) {
		struct sha1_vector *const v = &table.vector[i];

		vector_fill(v, CHOSEN[i].type, CHOSEN[i].k, CHOSEN[i].b);
		pairs_of_vector(&pairs, v, UINT32_C(1) << i);
	}
	pairs_choose(&pairs);
	relations_order(&table, &pairs);
	relations_group(&table);
}

const struct sha1_vectors *sha1_vectors(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, table_fill);
	return &table;
}
