#include "base/sha1_vectors.h"

#include <criterion/criterion.h>

static uint32_t rotate(uint32_t x, unsigned n)
{
	return x << n | x >> (32 - n);
}

static void expect_expanded(const uint32_t *w)
{
	for (int t = 16; t < SHA1_STEPS; t++)
		cr_assert_eq(w[t], rotate(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1));
}

Test(sha1_vectors, differences_obey_the_message_expansion)
{
	for (unsigned i = 0; i < SHA1_VECTORS; i++) {
		const struct sha1_vector *const v = &sha1_vectors()->vector[i];

		expect_expanded(v->disturbance + 5);
		expect_expanded(v->message);
	}
}

Test(sha1_vectors, sixteen_disturbances_are_as_the_class_says)
{
	for (unsigned i = 0; i < SHA1_VECTORS; i++) {
		const struct sha1_vector *const v = &sha1_vectors()->vector[i];

		for (unsigned k = 0; k < 16; k++) {
			const uint32_t side = v->b ? 1u << (v->b - 1) : 1u << 31;
			const uint32_t d = k == 15				? 1u << v->b
					   : v->type == 2 && (k == 1 || k == 3) ? side
										: 0;

			cr_assert_eq(v->disturbance[5 + v->k + k], d, "%u: %u", i, k);
		}
	}
}

/* A local collision starts at each disturbance, and nothing else changes the message. */
Test(sha1_vectors, message_differences_are_local_collisions)
{
	for (unsigned i = 0; i < SHA1_VECTORS; i++) {
		const struct sha1_vector *const v = &sha1_vectors()->vector[i];

		for (unsigned t = 0; t < SHA1_STEPS; t++) {
			const uint32_t *const d = v->disturbance + 5 + t;

			cr_assert_eq(v->message[t], d[0] ^ rotate(d[-1], 5) ^ d[-2] ^
							    rotate(d[-3], 30) ^ rotate(d[-4], 30) ^
							    rotate(d[-5], 30));
		}
	}
}

Test(sha1_vectors, state_is_the_same_at_the_free_step)
{
	for (unsigned i = 0; i < SHA1_VECTORS; i++) {
		const struct sha1_vector *const v = &sha1_vectors()->vector[i];

		cr_assert(v->free_step == SHA1_FREE_EARLY || v->free_step == SHA1_FREE_LATE);
		for (int t = v->free_step - 5; t < v->free_step; t++)
			cr_assert_eq(v->disturbance[5 + t], 0);
	}
}

/* The difference that the SHAttered blocks have is II(52,0) (Stevens, Bursztein, Karpman,
 * Albertini, Markov, "The first collision for full SHA-1", CRYPTO 2017, table 1). */
Test(sha1_vectors, has_the_difference_of_shattered)
{
	const struct sha1_vector *const v = &sha1_vectors()->vector[27];

	cr_assert(v->type == 2 && v->k == 52 && v->b == 0);
	cr_assert_eq(v->message[0], 0x7346dc91 ^ 0x7f46dc93);
	cr_assert_eq(v->message[1], 0x66b67e11 ^ 0xa6b67e01);
	cr_assert_eq(v->message[15], 0xbce046d2 ^ 0x04e046c2);
}

/* Relations read bits in which the vector's messages differ, of words in reach of the sieve. */
Test(sha1_vectors, relations_are_between_changed_bits)
{
	const struct sha1_vectors *const all = sha1_vectors();

	cr_assert_gt(all->n_relations, SHA1_SHARED_RELATIONS);
	for (unsigned n = 0; n < all->n_relations; n++) {
		const struct sha1_relation *const r = &all->relation[n];

		cr_assert(r->t <= SHA1_LAST_WORD && r->u <= SHA1_LAST_WORD);
		for (unsigned i = 0; i < SHA1_VECTORS; i++) {
			const uint32_t *const m = all->vector[i].message;

			if (r->vectors[0] >> i & 1)
				cr_assert((m[r->t] & m[r->u] << r->shift) << r->to_top >> 31);
		}
	}
}

/* Fewer would make the guard slow: a random block passes k relations once in 2^k. Of their search
 * for conditions Stevens and Shumow kept 7 to 15 for each vector. */
Test(sha1_vectors, each_has_seven_relations_or_more)
{
	const struct sha1_vectors *const all = sha1_vectors();

	for (unsigned i = 0; i < SHA1_VECTORS; i++) {
		unsigned n = 0;

		for (unsigned k = 0; k < all->n_relations; k++)
			n += all->relation[k].vectors[0] >> i & 1;
		cr_assert(n >= 7 && n <= 15, "%u has %u", i, n);
	}
}
