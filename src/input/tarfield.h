/* Tar fields: what single records of a tar mean, without any state.
 * Owns nothing; views point into the caller's bytes.
 * Knows nothing of streams. Source: POSIX.1-2017 pax "ustar Interchange Format" and "pax Extended
 * Header", GNU tar manual "Basic Tar Format". */
#ifndef INPUT_TARFIELD_H
#define INPUT_TARFIELD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum { TAR_RECORD = 512 };

/* Fields of a header record: offset and length. */
enum {
	TAR_NAME = 0, TAR_NAME_LEN = 100,
	TAR_UID = 108, TAR_GID = 116, TAR_ID_LEN = 8,
	TAR_SIZE = 124, TAR_SIZE_LEN = 12,
	TAR_SUM = 148, TAR_SUM_LEN = 8,
	TAR_TYPE = 156,
	TAR_LINK = 157, TAR_LINK_LEN = 100,
	TAR_MAGIC = 257, TAR_MAGIC_LEN = 8,
	TAR_DEVICES = 329,
	TAR_PREFIX = 345, TAR_PREFIX_LEN = 155,
};

/* The largest size that the 11 octal digits of a header hold. */
#define TAR_OCTAL_MAX ((uint64_t)077777777777)

/* A numeric field: octal, or base-256 (GNU). False when it is neither or negative. */
bool tar_number(const uint8_t *field, size_t n, uint64_t *out);
/* Whether the record's checksum is right (signed sums are not accepted). */
bool tar_checksum_ok(const uint8_t record[TAR_RECORD]);
/* The same by sums of signed bytes, as some old programs made them. */
bool tar_checksum_signed_ok(const uint8_t record[TAR_RECORD]);
/* A text field up to its first NUL. */
struct str tar_text(const uint8_t *field, size_t n);
/* Whether all bytes are zero. */
bool tar_is_zero(const uint8_t *p, size_t n);

/* Cuts the next record off *records: 1, 0 at the end, -1 when what follows is no record. */
int pax_next(struct str *records, struct str *keyword, struct str *value);
/* The value of a keyword in the records of a pax header; false when it is not there. */
bool pax_find(struct str records, struct str keyword, struct str *value);
/* A decimal value without sign; false when it is none or beyond 2^62. */
bool pax_number(struct str value, uint64_t *out);

#endif
