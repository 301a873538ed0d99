/* Compressed data without any header: raw LZMA, LZMA2 and deflate, with the defaults of their programs.
 * The content buffer is the caller's to release.
 * Knows nothing of what the content is. */
#ifndef INSPECT_DECODE_RAW_H
#define INSPECT_DECODE_RAW_H

#include <stdint.h>

#include "base/str.h"

enum raw_kind { RAW_LZMA1, RAW_LZMA2, RAW_DEFLATE, RAW_KINDS };

/* Whether raw data may begin so; false is certain. At least two bytes are needed. */
bool raw_may_begin(enum raw_kind kind, struct str bytes);

/* Decodes up to `max` bytes, and stops early when the first `probe` (0: none are looked at) bytes are no
 * text and no known format. True when content came out without an error; *ended: the end mark was there;
 * *used: bytes consumed. */
bool raw_decode(enum raw_kind kind, struct str bytes, size_t max, bool probe, struct buf *content,
		bool *ended, size_t *used);

/* The command that does the same. */
struct str raw_command(enum raw_kind kind);

#endif
