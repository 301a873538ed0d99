#include "base/map.h"

#include <sys/random.h>
#include <time.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/memory.h"

static uint64_t random_seed(void)
{
	uint64_t seed;

	if (getrandom(&seed, sizeof(seed), 0) != (ssize_t)sizeof(seed))
		seed = (uint64_t)time(NULL) * 0x9e3779b97f4a7c15u;
	return seed;
}

static struct map_slot *find(const struct map *m, struct str key)
{
	size_t i = XXH3_64bits_withSeed(key.ptr, key.len, m->seed) & (m->cap - 1);

	while (m->slots[i].key.ptr && !str_eq(m->slots[i].key, key))
		i = (i + 1) & (m->cap - 1);
	return &m->slots[i];
}

uint64_t *map_get(const struct map *m, struct str key)
{
	struct map_slot *slot;

	if (m->n == 0)
		return NULL;
	slot = find(m, key);
	return slot->key.ptr ? &slot->value : NULL;
}

static void grow(struct map *m)
{
	struct map old = *m;

	if (old.cap == 0)
		m->seed = random_seed();
	m->cap = old.cap ? old.cap * 2 : 64;
	m->slots = memory_zalloc(m->cap * sizeof(*m->slots));
	for (size_t i = 0; i < old.cap; i++)
		if (old.slots[i].key.ptr)
			*find(m, old.slots[i].key) = old.slots[i];
	memory_free(old.slots);
}

uint64_t *map_put(struct map *m, struct str key, uint64_t initial)
{
	struct map_slot *slot;

	if (m->n >= m->cap / 4 * 3)
		grow(m);
	if (!key.ptr)
		key.ptr = "";
	slot = find(m, key);
	if (!slot->key.ptr) {
		slot->key = key;
		slot->value = initial;
		m->n++;
	}
	return &slot->value;
}

void map_release(struct map *m)
{
	memory_free(m->slots);
	*m = MAP_INIT;
}
