/* Blocks: shared pieces of a byte stream, counted by reference, out of a bounded pool.
 * A pool owns its blocks; who holds a reference may read a block, nobody writes it any more
 * once it has been passed on. A pool must outlive all references.
 * Knows nothing of what the bytes are. */
#ifndef INPUT_BLOCK_H
#define INPUT_BLOCK_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"

struct block {
	struct block_pool *pool;
	struct block *next_free;
	atomic_uint refs;
	size_t len;		/* bytes used of data, at most LIMIT_BLOCK */
	uint8_t data[LIMIT_BLOCK];
};

struct block_pool {
	pthread_mutex_t lock;
	pthread_cond_t freed;
	struct block *free;	/* list of blocks without references */
	unsigned int free_n;
	unsigned int made, max;	/* blocks allocated, and how many may be */
	bool cancelled;
};

void block_pool_init(struct block_pool *p, unsigned int max);
/* All blocks must have been given back. */
void block_pool_release(struct block_pool *p);
/* A block with one reference and len 0; waits until there is one. NULL after a cancellation. */
struct block *block_get(struct block_pool *p);
/* Lets every present and later block_get() return NULL. */
void block_pool_cancel(struct block_pool *p);

static inline struct block *block_ref(struct block *b)
{
	atomic_fetch_add_explicit(&b->refs, 1, memory_order_relaxed);
	return b;
}

/* NULL is allowed. */
void block_unref(struct block *b);

/* A piece of a block, or of memory that outlives everything (block NULL). */
struct slice {
	struct block *block;	/* holds a reference */
	const uint8_t *ptr;
	size_t len;
};

#endif
