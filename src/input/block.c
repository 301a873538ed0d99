#include "input/block.h"

#include "base/memory.h"

/* Who found the pool empty goes on when so many blocks are free, so that a fast thread and a slow one do
 * not change places at every block. A small part, since others may hold blocks until they get more. */
static bool has_enough(const struct block_pool *p)
{
	return p->free_n >= (p->max + 3) / 4;
}

void block_pool_init(struct block_pool *p, unsigned int max)
{
	*p = (struct block_pool){ .max = max };
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->freed, NULL);
}

void block_pool_release(struct block_pool *p)
{
	while (p->free) {
		struct block *next = p->free->next_free;

		memory_free(p->free);
		p->free = next;
	}
	pthread_cond_destroy(&p->freed);
	pthread_mutex_destroy(&p->lock);
}

struct block *block_get(struct block_pool *p)
{
	struct block *b = NULL;

	pthread_mutex_lock(&p->lock);
	if (!p->free && p->made == p->max)
		while (!p->cancelled && !has_enough(p))
			pthread_cond_wait(&p->freed, &p->lock);
	if (!p->cancelled && p->free) {
		b = p->free;
		p->free = b->next_free;
		p->free_n--;
	} else if (!p->cancelled) {
		b = memory_alloc(sizeof(*b));
		b->pool = p;
		p->made++;
	}
	pthread_mutex_unlock(&p->lock);
	if (b) {
		atomic_init(&b->refs, 1);
		b->len = 0;
	}
	return b;
}

void block_pool_cancel(struct block_pool *p)
{
	pthread_mutex_lock(&p->lock);
	p->cancelled = true;
	pthread_cond_broadcast(&p->freed);
	pthread_mutex_unlock(&p->lock);
}

void block_unref(struct block *b)
{
	struct block_pool *p;

	if (!b || atomic_fetch_sub_explicit(&b->refs, 1, memory_order_acq_rel) != 1)
		return;
	p = b->pool;
	pthread_mutex_lock(&p->lock);
	b->next_free = p->free;
	p->free = b;
	p->free_n++;
	if (has_enough(p))
		pthread_cond_signal(&p->freed);
	pthread_mutex_unlock(&p->lock);
}
