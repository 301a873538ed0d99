/* Numbers in bytes, whatever the order of this machine.
 * Pure functions.
 * Knows nothing of lengths: the caller has looked that they are there. */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stddef.h>
#include <stdint.h>

/* An unsigned number of n bytes (up to 8), the lowest first. */
static inline uint64_t bytes_little(const void *p, size_t n)
{
	const uint8_t *const b = p;
	uint64_t v = 0;

	for (size_t i = n; i > 0; i--)
		v = v << 8 | b[i - 1];
	return v;
}

#endif
