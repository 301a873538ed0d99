/* Sources: where compressed or plain bytes come from (a file, a member of an archive).
 * Borrows its context.
 * Knows nothing of formats. */
#ifndef INPUT_SOURCE_H
#define INPUT_SOURCE_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

struct source {
	/* Reads up to n bytes: how many, 0 at the end, -1 with err. Called by one thread. */
	ssize_t (*read)(void *ctx, void *to, size_t n, struct error *err);
	void *ctx;
};

/* A file that is read from the start to the end. */
struct source_file {
	int fd;			/* borrowed */
	_Atomic uint64_t *done;	/* bytes read so far are added here, for progress; or NULL */
};

/* Waits out interruptions by signals. */
struct source source_of_file(struct source_file *f);

#endif
