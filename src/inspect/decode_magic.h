/* How formats begin: a cheap look at a few bytes that says whether more is worth it, and what is known of
 * headers beforehand, for finding a key from them.
 * Constant data. Proves nothing (unpack_confirms() does). */
#ifndef INSPECT_DECODE_MAGIC_H
#define INSPECT_DECODE_MAGIC_H

#include <stdint.h>

#include "base/str.h"

enum { MAGIC_HEAD = 64, MAGIC_KNOWN = 16 };

/* Whether these first bytes (MAGIC_HEAD of them are enough) may be a container or machine code. */
bool magic_promises(struct str head);
/* The same for the first four bytes: false is certain. */
bool magic_may_begin(const uint8_t first[4]);
/* Offset of the next strong magic number from `from` on; (size_t)-1: none. */
size_t magic_find(struct str bytes, size_t from);

/* Bytes of a zstd frame header, its magic number included, by its descriptor, the fifth byte (RFC 8878,
 * 3.1.1.1). */
size_t magic_zstd_header(uint8_t descriptor);

/* A header of which some bytes are known beforehand. */
struct magic_header {
	uint8_t bytes[MAGIC_KNOWN];
	uint16_t known;		/* bit i: byte i is known */
};

/* The i-th of them; NULL when there are no more. */
const struct magic_header *magic_header(size_t i);

#endif
