/* Memory: allocation that cannot fail, and arenas.
 * An arena owns everything allocated from it until arena_release().
 * Knows nothing of what is stored. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

#include "base/str.h"

/* Like malloc() and friends, but end the program with a message (exit 2) when
 * memory is out. Sizes come from limits.h, so that is never the input's choice. */
void *memory_alloc(size_t size);
void *memory_zalloc(size_t size);
void *memory_realloc(void *old, size_t size);
void memory_free(void *ptr);

/* Grows the array *v (cap elements of `size` bytes) so that it can hold n + 1. */
void *memory_grow(void *v, size_t n, size_t *cap, size_t size);

struct arena {
	struct arena_chunk *head;	/* the chunk in use; older ones behind it */
	size_t used;			/* bytes used of it */
};

#define ARENA_INIT ((struct arena){ NULL, 0 })

/* `size` zeroed bytes, aligned for any object. Not for use by two threads. */
void *arena_alloc(struct arena *a, size_t size);
/* A NUL-terminated copy; the view returned does not count the NUL. */
struct str arena_str(struct arena *a, struct str s);
struct str arena_strf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void arena_release(struct arena *a);

#endif
