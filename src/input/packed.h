/* Packed artifacts: a compressed tar, zip, rpm or gem, read in one pass into an intake.
 * Borrows intake and source.
 * Knows nothing of how entries are compared. */
#ifndef INPUT_PACKED_H
#define INPUT_PACKED_H

#include <stdatomic.h>

#include "input/intake.h"
#include "input/source.h"
#include "input/decode.h"

/* What is known of the stream as a whole once it was read. */
struct packed_facts {
	const char *container;		/* "tar", "cpio", "zip", "rpm", "gem" */
	const struct codec *codec;	/* NULL: none, or decoded by the archive library */
	bool has_stream;		/* stored and content digests below are known */
	struct decode_end stored;
	uint64_t content_size;
	struct sha256 content_sha256;
	bool has_structure;		/* the raw headers were all understood */
	struct sha256 structure;	/* SHA-256 of the stream without the files' contents */
	char archive_commit[65];	/* pax comment of `git archive`, "" if none */
};

struct packed_options {
	unsigned int decode_threads;
	uint64_t stored;	/* size of the file, for zip and rpm */
	_Atomic uint64_t *done;	/* bytes read of it so far, for zip and rpm; or NULL */
	bool plain;		/* set inside: it is not compressed, and the artifact itself */
	bool whole;		/* the artifact itself, not a part of it: digests are wanted */
	struct str name;	/* of the artifact, to choose among the archives of a .src.rpm */
};

/* A tar in whatever compression. */
struct packed_stream;
/* Begins to decode, in threads of its own and as far ahead as memory is allowed for. NULL on error. */
struct packed_stream *packed_stream_open(struct source src, unsigned int decode_threads,
					 struct error *err);
/* Once for each. */
int packed_stream_read(struct packed_stream *p, struct intake *in, const struct packed_options *o,
		       struct packed_facts *f, struct error *err);
/* At any time; NULL is allowed. */
void packed_stream_free(struct packed_stream *p);

/* Zip and rpm, by file descriptor. */
int packed_read_direct(struct intake *in, int fd, const char *format,
		       const struct packed_options *o, struct packed_facts *f, struct error *err);
/* What stands at the start of a tar. */
struct packed_start {
	char archive_commit[65];	/* pax comment of `git archive`, "" if none */
	char first_name[101];		/* of the first member, cut off after 100 bytes; "" if none */
};

/* Reads no further than it must. */
int packed_peek(struct source src, struct packed_start *out, struct error *err);

#endif
