/* Tar tap: reads the raw headers of a tar stream beside the library that unpacks it, and makes
 * one digest of everything that is not the content of a file ("structure").
 * The state is the caller's; bytes are handed in as they come.
 * Knows nothing of origins, nor what is odd in a header (tarlint.h). Source: POSIX.1-2017 pax "ustar Interchange Format" and "pax Header
 * Block", GNU tar manual "Basic Tar Format". */
#ifndef INPUT_TARTAP_H
#define INPUT_TARTAP_H

#include "base/digest.h"
#include "input/tarlint.h"

enum { OID_COMMENT_MAX = 64 };

enum tartap_state {
	TARTAP_HEADER,		/* collecting a header record */
	TARTAP_META,		/* content of an extended header */
	TARTAP_SPARSE,		/* further records of a GNU sparse map */
	TARTAP_DATA,		/* content of a file, then its padding */
	TARTAP_PADDING,
	TARTAP_END,		/* behind the record of zeros that ends it */
	TARTAP_LOST,		/* not understood: nothing is claimed from here on */
};

struct tartap {
	enum tartap_state state;
	struct digest_state structure;
	uint64_t offset;	/* bytes seen */
	uint64_t left;		/* bytes left of what the state is about */
	uint64_t padding;	/* bytes after it up to a full record */
	uint64_t next_size;	/* size from a pax header for the next member, or UINT64_MAX */
	struct buf meta;	/* content of the extended header being read */
	char meta_type;
	uint64_t record_at;	/* offset of the record being collected */
	uint64_t meta_at;	/* ... of the extended header's */
	uint8_t record[TAR_RECORD];
	unsigned int record_n;
	uint64_t members;	/* headers but for extended ones */
	bool trailing_member;	/* the first of these bytes are a proper header */
	uint64_t trailing_offset, trailing_len;	/* from the first byte not zero behind the end */
	char first_name[101];	/* the name field of the first member, "" before it */
	struct tarlint lint;
	char comment[OID_COMMENT_MAX + 1];	/* "comment" of the first global header, "" if none */
};

void tartap_init(struct tartap *t);
void tartap_feed(struct tartap *t, const uint8_t *data, size_t n);
/* True with the digest when the whole stream was understood and ended properly. */
bool tartap_structure(struct tartap *t, struct sha256 *out);
void tartap_release(struct tartap *t);

#endif
