/* Ticks: how long work is told to stop.
 * Borrows its context.
 * Knows nothing of why. */
#ifndef INPUT_TICK_H
#define INPUT_TICK_H

#include "base/error.h"

/* Called every now and then; -1 with err (ERROR_INTERRUPTED) ends the work. */
struct tick {
	int (*call)(void *ctx, struct error *err);	/* NULL: never ends */
	void *ctx;
};

static inline int tick_call(const struct tick *t, struct error *err)
{
	return t->call ? t->call(t->ctx, err) : 0;
}

#endif
