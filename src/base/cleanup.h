/* Cleanup attributes for handles, so that no function needs `goto out`.
 * A variable declared with one of them owns its handle until scope ends.
 * Knows only the C library; libraries declare their own next to their use. */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

#include <stdio.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/str.h"

static inline void cleanup_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void cleanup_file(FILE **f)
{
	if (*f)
		fclose(*f);
}

static inline void cleanup_free(void *p)
{
	void **ptr = p;

	memory_free(*ptr);
}

#define CLEANUP(f) __attribute__((cleanup(f)))
#define AUTO_FD CLEANUP(cleanup_fd)
#define AUTO_FILE CLEANUP(cleanup_file)
#define AUTO_FREE CLEANUP(cleanup_free)
#define AUTO_BUF CLEANUP(buf_release)
#define AUTO_ARENA CLEANUP(arena_release)

#endif
