/* Changes of single bytes: maps, XOR and addition with a key, reversed bits and digits.
 * Owns nothing; commands lie in the arena that is given.
 * Knows nothing of formats. */
#ifndef INSPECT_DECODE_BYTES_H
#define INSPECT_DECODE_BYTES_H

#include <stdint.h>

#include "base/memory.h"
#include "inspect/decode.h"

enum { KEY_BYTES_MAX = 256 };

struct byte_change {
	enum { CHANGE_TABLE, CHANGE_BITS, CHANGE_DIGITS, CHANGE_XOR, CHANGE_ADD } kind;
	int16_t to[256];		/* all but XOR and ADD; -1: deleted */
	uint8_t key[KEY_BYTES_MAX];	/* XOR and ADD: byte i goes with key[i % key_n] */
	size_t key_n;
};

/* The bits of each byte, or its two hexadecimal digits, the other way round. */
void change_bits(struct byte_change *c);
void change_digits(struct byte_change *c);
void change_map(const struct byte_map *m, struct byte_change *c);
/* The reverse; false when the map has none, or is its own. */
bool change_inverse(const struct byte_map *m, struct byte_change *c);
/* With the key turned so that it begins with its byte `offset`; `minus` subtracts. False when the key is
 * empty, too long or changes nothing. */
bool change_xor(struct str key, size_t offset, struct byte_change *c);
bool change_add(struct str key, size_t offset, bool minus, struct byte_change *c);

/* Changes the first `n` bytes of `from` into `to` (room for n); returns how many came out. */
size_t change_apply(const struct byte_change *c, struct str from, size_t n, uint8_t *to);
/* How many bytes the change makes a difference to in content that holds so many of each. *merges: two
 * bytes of it become one, so that no way leads back. XOR and ADD change all and merge none. */
size_t change_extent(const struct byte_change *c, const size_t count[256], bool *merges);
/* A command that does it. It is made of what the change does, never of a script's own words. */
struct str change_command(const struct byte_change *c, struct arena *a);

#endif
