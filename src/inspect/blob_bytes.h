/* Numbers out of bytes that nobody aligned or checked. A read beyond the end gives zero, so that a
 * parser compares lengths once, where it matters, and never reads foreign memory.
 * Borrows what it is given. */
#ifndef INSPECT_BLOB_BYTES_H
#define INSPECT_BLOB_BYTES_H

#include <stdint.h>

#include "base/str.h"

/* Whether `len` bytes lie at `at`. */
static inline bool holds(struct str b, uint64_t at, uint64_t len)
{
	return at <= b.len && len <= b.len - at;
}

static inline unsigned int byte_at(struct str b, uint64_t at)
{
	return at < b.len ? (uint8_t)b.ptr[at] : 0;
}

static inline uint32_t le16(struct str b, uint64_t at)
{
	return holds(b, at, 2) ? byte_at(b, at) | byte_at(b, at + 1) << 8 : 0;
}

static inline uint32_t be16(struct str b, uint64_t at)
{
	return holds(b, at, 2) ? byte_at(b, at) << 8 | byte_at(b, at + 1) : 0;
}

static inline uint32_t le32(struct str b, uint64_t at)
{
	return holds(b, at, 4) ? le16(b, at) | le16(b, at + 2) << 16 : 0;
}

static inline uint32_t be32(struct str b, uint64_t at)
{
	return holds(b, at, 4) ? be16(b, at) << 16 | be16(b, at + 2) : 0;
}

static inline uint64_t le64(struct str b, uint64_t at)
{
	return holds(b, at, 8) ? le32(b, at) | (uint64_t)le32(b, at + 4) << 32 : 0;
}

static inline uint64_t be64(struct str b, uint64_t at)
{
	return holds(b, at, 8) ? (uint64_t)be32(b, at) << 32 | be32(b, at + 4) : 0;
}

/* The part [at, at + len), cut to what is there. */
static inline struct str part(struct str b, uint64_t at, uint64_t len)
{
	if (at >= b.len)
		return (struct str){ NULL, 0 };
	return (struct str){ b.ptr + at, (size_t)(len < b.len - at ? len : b.len - at) };
}

static inline bool bytes_at(struct str b, uint64_t at, struct str wanted)
{
	return holds(b, at, wanted.len) && str_eq(part(b, at, wanted.len), wanted);
}

/* Offset of the first byte from `at` on that is not zero; b.len when there is none. */
static inline size_t after_zeros(struct str b, size_t at)
{
	while (at < b.len && b.ptr[at] == 0)
		at++;
	return at;
}

/* A number of a fixed field: leading blanks, digits of `base` (8 or 10 or 16), then blanks or NULs.
 * False when it is none or does not fit 63 bits. */
bool field_number(struct str field, unsigned int base, uint64_t *out);

#endif
