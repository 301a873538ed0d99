/* Tar lint: judges raw headers of a tar, where programs would read them in different ways or no
 * packer writes them so.
 * Owns what it counts, in an arena of its own; findings are made of it at the end, since it works in
 * another thread than the result.
 * Knows nothing of how the stream is walked, nor of origins. Sources: see tarfield.h; what programs
 * make of odd headers was tried with GNU tar, bsdtar and Python's tarfile. */
#ifndef INPUT_TARLINT_H
#define INPUT_TARLINT_H

#include "input/tally.h"
#include "input/tarfield.h"

enum tarlint_kind {
	TARLINT_TYPE_UNKNOWN,	/* a type letter that no format has */
	TARLINT_TYPE_VOLUME,	/* a piece of a multi-volume archive, or its label */
	TARLINT_TYPE_ODD,	/* contiguous, sparse, dump folder and the like */
	TARLINT_SPARSE_PAX,	/* sparse by pax records */
	TARLINT_NAMES_DIFFER,	/* two extended headers name it differently */
	TARLINT_NAMES_TWICE,	/* ... and alike */
	TARLINT_GLOBAL_NAME,	/* a global header names or sizes all that follow */
	TARLINT_REPEATED,	/* two extended headers of a kind for one member */
	TARLINT_DANGLING,	/* extended headers without a member */
	TARLINT_PAX_MALFORMED,
	TARLINT_PREFIX,		/* a name prefix where only some programs look for one */
	TARLINT_PREFIX_TIMES,	/* ... or GNU's two times in its place */
	TARLINT_SIZE_DIFFERS,	/* pax and header have different sizes */
	TARLINT_SIZE_ON_LINK,	/* content of a type that has none */
	TARLINT_SIZE_ON_FOLDER,	/* ... where POSIX lets it say how much the folder may hold */
	TARLINT_FILE_SLASH,	/* a file with a folder's name */
	TARLINT_NO_NUMBER,	/* a numeric field but the size */
	TARLINT_SIZE_NEGATIVE,
	TARLINT_SIZE_BINARY,	/* in base-256 without need */
	TARLINT_ID_BINARY,
	TARLINT_NAMELESS,
	TARLINT_SUM_SIGNED,
	TARLINT_LOST,		/* headers can't be followed from here on */
	TARLINT_SLACK,		/* bytes where zeros belong */
	TARLINT_KINDS,
};

struct tarlint {
	struct arena arena;
	struct tally v[TARLINT_KINDS];
	uint64_t slack;		/* bytes of TARLINT_SLACK */
	uint64_t paddings;	/* contents that something has to follow up to a whole record */
	uint64_t uncounted;	/* members that libarchive does not give out */
	/* What extended headers say of the next member. */
	struct buf pax_name, pax_link, gnu_name, gnu_link;
	unsigned int pax_n, gnu_name_n, gnu_link_n;
	bool has_pax_name, has_pax_link, sparse;
	uint64_t pax_size;	/* UINT64_MAX: none */
	uint64_t meta_offset;	/* of the first of these headers */
};

void tarlint_init(struct tarlint *l);
void tarlint_release(struct tarlint *l);

/* Any header, before the next two: fields that all types have. */
void tarlint_header(struct tarlint *l, const uint8_t record[TAR_RECORD], uint64_t offset);
/* An extended header (type 'x', 'g', 'X', 'L' or 'K') with its content; `offset` is where its
 * header began in the stream. */
void tarlint_meta(struct tarlint *l, char type, struct str content, uint64_t offset);
/* The header of a member, at `offset` in the stream; its size is a number. */
void tarlint_member(struct tarlint *l, const uint8_t record[TAR_RECORD], uint64_t size,
		    uint64_t offset);
/* Bytes after a content, up to a whole record: at `offset`. */
void tarlint_padding(struct tarlint *l, const uint8_t *p, size_t n, uint64_t offset);
/* One more of a kind about the header at `offset`. */
void tarlint_note(struct tarlint *l, enum tarlint_kind kind, const uint8_t record[TAR_RECORD],
		  uint64_t offset, const char *seen);
/* The end of the archive, at `offset`. */
void tarlint_end(struct tarlint *l, uint64_t offset);
/* Makes the findings. */
void tarlint_report(const struct tarlint *l, struct result *r);

#endif
