/* Decoding attempts on many contents, several at a time.
 * Results are handed over in the order of the contents, whichever thread was first.
 * Knows nothing of files. */
#ifndef INSPECT_ATTEMPTS_H
#define INSPECT_ATTEMPTS_H

#include "base/error.h"
#include "inspect/decode.h"

enum attempts_content {
	ATTEMPTS_NONE,		/* it can't be had */
	ATTEMPTS_WHOLE,
	ATTEMPTS_UNPACKED,	/* what it unpacks to is tried as well */
};

struct attempts {
	const struct decode_key *keys;
	size_t keys_n;
	size_t max;		/* bytes of a result */
	unsigned int jobs;	/* threads, 1 and up */
	/* Appends content number i; called by one thread at a time. */
	enum attempts_content (*content)(void *ctx, size_t i, struct buf *to);
	/* A result of content number i, by the caller's thread; valid during the call. */
	void (*visit)(void *ctx, size_t i, const struct decoded *d);
	/* -1 with err: stop. May be NULL. */
	int (*tick)(void *ctx, struct error *err);
	void *ctx, *tick_ctx;
};

/* 0, or what tick said. */
int attempts_run(const struct attempts *a, size_t n, struct error *err);

#endif
