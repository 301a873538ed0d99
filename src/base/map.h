/* A map from byte strings to numbers, by XXH3 with a secret seed.
 * Borrows its keys: they must outlive it. Equality is by all bytes of the key.
 * Knows nothing of what keys and values mean. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdint.h>

#include "base/str.h"

struct map_slot {
	struct str key;		/* ptr NULL: free */
	uint64_t value;
};

struct map {
	struct map_slot *slots;	/* a power of two of them, at most 3/4 used */
	size_t cap, n;
	uint64_t seed;		/* drawn at random at the first insertion, since keys are
				 * hostile; order of iteration is never shown */
};

#define MAP_INIT ((struct map){ NULL, 0, 0, 0 })

/* The value's place, NULL when the key is not there. Valid until the next map_put(). */
uint64_t *map_get(const struct map *m, struct str key);
/* The value's place for the key, made with value `initial` when it was not there. */
uint64_t *map_put(struct map *m, struct str key, uint64_t initial);
void map_release(struct map *m);

#endif
