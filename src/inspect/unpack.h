/* Compressed data of one layer, unpacked and checked stream by stream.
 * The content buffer is the caller's to release.
 * Knows nothing of archives' members. Formats: gzip (RFC 1952), zlib (RFC 1950), bzip2, .xz, .lzma
 * ("alone"), lzip, zstd. */
#ifndef INSPECT_UNPACK_H
#define INSPECT_UNPACK_H

#include <stdint.h>

#include "base/str.h"

enum unpack_state {
	UNPACK_NOT_PACKED,	/* none of the formats */
	UNPACK_VALID,		/* all of it, checksums included */
	UNPACK_VALID_REST,	/* ... and bytes follow that are no such stream (padding is none) */
	UNPACK_THEN_CORRUPT,	/* at least one valid stream, then one that is corrupt or cut off */
	UNPACK_CORRUPT,		/* the first stream is corrupt */
	UNPACK_TRUNCATED,	/* the first stream is right as far as it goes */
	UNPACK_UNSUPPORTED,	/* a feature that this library does not know: not corrupt */
	UNPACK_LIMIT,		/* it grew beyond `max` */
};

struct unpacked {
	enum unpack_state state;
	const char *format;	/* "xz", "gzip", ...; NULL: none */
	unsigned int streams;	/* valid ones */
	uint64_t bad_offset;	/* where the first stream that is not valid begins */
	uint64_t rest_offset, rest_len;
	uint64_t size;		/* of the content of all streams, as far as they are right */
	struct buf content;	/* the first `keep` bytes of that */
};

/* `max`: bytes of content at most; a ratio of more than LIMIT_RATIO counts as UNPACK_LIMIT too. Of these
 * only the first `keep` are kept. */
void unpack_part(struct str bytes, size_t keep, size_t max, struct unpacked *out);
/* All of it is kept. */
void unpack(struct str bytes, size_t max, struct unpacked *out);
void unpacked_release(struct unpacked *u);

/* True when the bytes are, all of them, a container whose checksum or structure can't be there by
 * chance (gzip, bzip2, xz, lzip, zstd with a check, zip or tar with members, ELF with sane tables, ...).
 * *format says which. The judge of decoding attempts: strict. */
bool unpack_confirms(struct str bytes, const char **format);

#endif
