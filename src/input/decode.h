/* Decoding: one compressed byte stream to plain bytes, member after member.
 * A decoder owns its library state and an input buffer; it borrows the source.
 * Knows nothing of archives. Source of the formats: RFC 1952 (gzip), bzip2 1.0 manual,
 * xz-file-format.txt 1.2 and lzma-file-format.txt, lzip manual, RFC 8878 (zstd), compress(1). */
#ifndef INPUT_DECODE_H
#define INPUT_DECODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/error.h"
#include "input/source.h"

struct decoder;

/* Bytes that codec_find() wants to see. */
enum { CODEC_PROBE = 16 };

enum codec_result {
	CODEC_MORE,		/* wants more input, or has more output */
	CODEC_MEMBER_END,	/* one member (stream, frame) is complete and its checks are right */
	CODEC_FAILED,		/* `err` is set */
};

/* Views on the decoder's input and the caller's output; a step moves both on. */
struct codec_io {
	const uint8_t *in;
	size_t in_len;
	bool in_end;		/* no input comes after `in` */
	uint8_t *out;
	size_t out_len;
};

struct codec {
	const char *name;	/* "gzip"; as in artifact.format after "tar." it is `suffix` */
	const char *suffix;	/* "gz" */
	bool (*probe)(const uint8_t *p, size_t n);
	/* Makes the state for one artifact; `threads` may be used by the codec itself. */
	void *(*open)(unsigned int threads, struct error *err);
	/* Makes it ready for one more member. */
	int (*restart)(void *state, struct error *err);
	enum codec_result (*step)(void *state, struct codec_io *io, struct error *err);
	void (*close)(void *state);
	bool padded;		/* zeros may stand between members (xz: "Stream Padding") */
};

/* By the magic number at the start; NULL: not compressed. */
const struct codec *codec_find(const uint8_t *p, size_t n);

/* What is known once the end was reached. */
struct decode_end {
	uint64_t stored;		/* bytes read from the source */
	struct sha256 sha256;		/* of them */
	unsigned int members;
	uint64_t trailing_offset;	/* where bytes begin that no member holds */
	uint64_t trailing_len;		/* 0: none (padding by zeros is not counted) */
	uint8_t trailing[CODEC_PROBE];	/* the first of them; zeros beyond their end */
};

/* `codec` NULL passes bytes through. NULL with err when it can't be set up. */
struct decoder *decoder_new(struct source src, const struct codec *codec, unsigned int threads,
			    struct error *err);
/* Fills `out` as far as possible: the number of bytes, 0 at the end, -1 with err (truncated,
 * corrupt, over a limit). */
ssize_t decoder_read(struct decoder *d, uint8_t *out, size_t n, struct error *err);
/* After decoder_read() returned 0. */
void decoder_end(struct decoder *d, struct decode_end *end);
void decoder_free(struct decoder *d);

/* The decoders there are; each file of codec_*.c holds those of one library. */
extern const struct codec codec_gzip, codec_bzip2, codec_xz, codec_lzma, codec_lzip, codec_zstd,
	codec_compress;

#endif
