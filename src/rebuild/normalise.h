/* Normalised views: a content without what says only when and where it was made.
 * Pure functions over bytes.
 * Knows nothing of why contents are compared. Formats: ELF (System V gABI), ar(5), gzip (RFC 1952), zip (PKWARE
 * APPNOTE 4.3), PE/COFF, CPython's .pyc (PEP 552). */
#ifndef REBUILD_NORMALISE_H
#define REBUILD_NORMALISE_H

#include <stdint.h>

#include "base/str.h"

enum {
	NORMALISED_BUILD_ID = 1 << 0,	/* ELF: the note that holds a hash of the whole */
	NORMALISED_DEBUG_LINK = 1 << 1,	/* ELF: the name and checksum of a file of symbols */
	NORMALISED_AR_TIME = 1 << 2,	/* ar: times, owners and modes of members */
	NORMALISED_GZIP_TIME = 1 << 3,	/* gzip: time and operating system */
	NORMALISED_ZIP_TIME = 1 << 4,	/* zip: times of members */
	NORMALISED_PE_TIME = 1 << 5,	/* PE: time stamp and checksum */
	NORMALISED_PYC_TIME = 1 << 6,	/* Python bytecode: time of its source */
	NORMALISED_TAR_TIME = 1 << 7,	/* tar: times and owners of members */
};

/* Overwrites with zeros, in place, what each format says of time and place. Returns which of NORMALISED_...
 * there was something of. Anything that is not well-formed is left as it is. */
unsigned int normalise(uint8_t *p, size_t n);
/* "build id, debug link", of a set. */
void normalise_names(unsigned int set, struct buf *out);

#endif
