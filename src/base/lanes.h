/* Sixteen bytes at once, in vectors of the compiler.
 * Pure functions. */
#ifndef BASE_LANES_H
#define BASE_LANES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { LANES = 16 };
typedef uint8_t lanes __attribute__((vector_size(LANES)));

/* Of a mask as comparisons give it: 0xff or 0 in each lane. */
static inline bool lanes_all(lanes mask)
{
	uint64_t half[2];

	memcpy(half, &mask, sizeof(half));
	return (half[0] & half[1]) == UINT64_MAX;
}

static inline bool lanes_any(lanes mask)
{
	uint64_t half[2];

	memcpy(half, &mask, sizeof(half));
	return (half[0] | half[1]) != 0;
}

#endif
