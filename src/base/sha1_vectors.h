/* The disturbance vectors of collision attacks on SHA-1, and which message bits each of them ties.
 * One constant table for the process, worked out at the first call.
 * Knows nothing of hashing or of vector instructions (sha1_guard.h). */
#ifndef BASE_SHA1_VECTORS_H
#define BASE_SHA1_VECTORS_H

#include <stdbool.h>
#include <stdint.h>

enum {
	SHA1_STEPS = 80,
	SHA1_VECTORS = 32,
	SHA1_LANES = 8, /* blocks that are looked at together */
	SHA1_RELATIONS_MAX = 256,
	SHA1_REST_MAX = 32,
	SHA1_RUNS_MAX = 16,
	/* So many relations are worth testing for all vectors at once: with these, a random block
	 * keeps a vector in one of six cases. Measured: 64 to 96 are about as fast. */
	SHA1_SHARED_RELATIONS = 80,
	/* Every vector has a free step here: at 65 if it can, else at 58. */
	SHA1_FREE_EARLY = 58,
	SHA1_FREE_LATE = 65,
	/* No relation reads a word of the expanded message after this one. */
	SHA1_LAST_WORD = 64,
};

struct sha1_vector {
	uint8_t type, k, b; /* Manuel's I(k,b) or II(k,b); type is 1 or 2 */
	/* Its relations after the first SHA1_SHARED_RELATIONS. */
	uint8_t n_rest, rest[SHA1_REST_MAX];
	/* Step before which the two computations of an attack have the same state. */
	uint8_t free_step;
	uint32_t disturbance[5 + SHA1_STEPS]; /* of steps -5 .. 79 */
	uint32_t message[SHA1_STEPS];	      /* XOR of the two expanded messages */
};

/* In an attack by one of `vectors`, the highest bit of (W[t] ^ W[u] << shift) << to_top is
 * `differ`. */
struct sha1_relation {
	/* The same for each lane of a vector instruction, which takes it from memory so. */
	uint32_t vectors[SHA1_LANES];
	uint8_t t, u, shift, to_top;
	bool differ;
};

/* A run of shared relations that have shift and differ in common. */
struct sha1_run {
	unsigned end; /* number of the relation after the last; the next run begins there */
	unsigned shift;
	bool differ;
};

struct sha1_vectors {
	struct sha1_vector vector[SHA1_VECTORS];
	/* First the shared ones, which rule out most. */
	struct sha1_relation relation[SHA1_RELATIONS_MAX];
	unsigned n_relations;
	struct sha1_run run[SHA1_RUNS_MAX]; /* of the shared relations */
	unsigned n_runs;
};

/* Safe from any thread. */
const struct sha1_vectors *sha1_vectors(void);

#endif
