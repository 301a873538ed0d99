/* Progress: one line on a terminal, redrawn in place, erased at the end.
 * The struct is the caller's; writes to one descriptor.
 * Knows nothing of what is being done. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct progress {
	int fd;			/* a terminal */
	bool on;
	const char *phase;	/* the one drawn last; its text is constant */
	double began, phase_began, drawn;	/* seconds of the monotonic clock */
	uint64_t phase_from;	/* bytes done when the phase began */
	unsigned int shown;	/* columns now on the terminal */
};

/* Draws nothing, ever, unless `wanted` and the descriptor is a terminal. */
void progress_begin(struct progress *p, int fd, bool wanted);
/* Draws at most ten times a second, and not in a job's first moments, since a line that
 * flashes up tells nobody anything. Bytes; total 0: not known. */
void progress_update(struct progress *p, const char *phase, uint64_t done, uint64_t total);
/* Of a job that counts nothing: what it is about, with text of the input. */
void progress_doing(struct progress *p, struct str doing);
void progress_end(struct progress *p);

/* The line itself, without LF: "reading  42%  118.3 MiB/s  0:03 left". `seconds` is how long
 * the phase has taken for `read` bytes. */
void progress_line(struct buf *out, const char *phase, uint64_t done, uint64_t total,
		   uint64_t read, double seconds);

#endif
