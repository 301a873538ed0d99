/* Decoding attempts on opaque content: with what the release's own scripts hold (byte maps, keys,
 * offsets) and with what is commonly tried (XOR and add keys, reversal, carving).
 * A result counts only when unpack_confirms() or a parse as program text says so.
 * Knows nothing of where keys come from. */
#ifndef INSPECT_DECODE_H
#define INSPECT_DECODE_H

#include <stdint.h>

#include "base/memory.h"
#include "base/str.h"

enum { DECODE_STEPS_MAX = 8 };

/* A byte map as of `tr`: what each byte becomes; -1: deleted. */
struct byte_map {
	int16_t to[256];
	struct str spec;	/* the two sets as written, such as: "\t \-_" " \t_\-" */
};

/* Parses the operands of tr (POSIX: escapes, ranges, classes, -d, -s, -c). `options` are its option
 * letters. False when it is no map of bytes. */
bool byte_map_parse(struct str options, struct str set1, struct str set2, struct byte_map *out);
/* A map that permutes one set of bytes (the sets equal, the bytes moved): what hides, and no case or
 * line end conversion. */
bool byte_map_permutes(const struct byte_map *m);

struct decode_key {
	enum { KEY_MAP, KEY_XOR, KEY_ADD } kind;
	const struct byte_map *map;	/* KEY_MAP */
	struct str bytes;		/* KEY_XOR, KEY_ADD: repeated over the content */
	struct str where;		/* "m4/x.m4:12", or empty: tried by rule */
};

struct decoded {
	struct str bytes;		/* valid during the visit */
	const char *format;		/* what confirmed it: "xz", "elf", "shell script", ... */
	struct str steps[DECODE_STEPS_MAX];	/* each a command that reads stdin and writes stdout,
					 * so that a person can repeat it: tr '...' '...', xz -dc, ... */
	size_t steps_n;
	const struct decode_key *key;	/* one of those given, or NULL */
};

/* Tries everything on one content; each confirmed result goes to `visit`. Never more than `max` bytes a
 * result, and a bounded number of attempts. */
void decode_attempt(struct str bytes, const struct decode_key *keys, size_t keys_n, size_t max,
		    void (*visit)(void *ctx, const struct decoded *d), void *ctx);

/* Number of changes between constant and random ranges, in windows of 512 and of 1024 bytes:
 * ALTERNATIONS_MIN or more mean that something is to be carved out. */
enum { ALTERNATIONS_MIN = 6 };
unsigned int decode_alternations(struct str bytes);

#endif
