/* What the tests of artifacts are made of: bytes, packed in any way, in memory.
 * Owns nothing; buffers are the caller's, and are appended to.
 * Knows nothing of how they are read. */
#ifndef TESTS_INPUT_PACK_H
#define TESTS_INPUT_PACK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* Bytes of no pattern, the same for each seed; and lines of words, which compress well. */
void pack_noise(struct buf *to, size_t n, uint64_t seed);
void pack_prose(struct buf *to, size_t n, uint64_t seed);

/* One member (stream, frame) of each format; all with the checks that the format has. */
void pack_gzip(struct str in, struct buf *to);
void pack_bzip2(struct str in, struct buf *to);
void pack_xz(struct str in, struct buf *to);
void pack_lzma(struct str in, struct buf *to);
void pack_lzip(struct str in, struct buf *to);
void pack_zstd(struct str in, struct buf *to);
/* By libarchive; not for nothing at all. */
void pack_compress(struct str in, struct buf *to);

/* A header record of ustar; `type` as in POSIX. `size` is that of the content that follows. */
void tar_header(struct buf *to, const char *name, char type, uint64_t size, unsigned int mode,
		const char *target);
/* Puts the right sum into the record that begins at `at`. */
void tar_sum(struct buf *to, size_t at);
void tar_pad(struct buf *to);
void tar_file(struct buf *to, const char *name, struct str content);
/* A pax header of type 'x' or 'g'; `records` as they are. */
void tar_pax(struct buf *to, char type, struct str records);
void pax_record(struct buf *to, const char *keyword, struct str value);
/* Two records of zeros. */
void tar_end(struct buf *to);

/* Whether a program is installed. */
bool pack_have(const char *program);

#endif
