/* The two halves of reading an artifact: any single one (artifact.c), and a .dsc with its parts (artifact_dsc.c).
 * Everything goes to the caller's result.
 * For these two alone. */
#ifndef INPUT_ARTIFACT_WORK_H
#define INPUT_ARTIFACT_WORK_H

#include "input/artifact.h"
#include "input/packed.h"

/* One reading: options and what every part of it needs. */
struct reading {
	const struct artifact_options *o;
	struct result *r;
	struct hashing_options hashing;
	struct expectation expect;
	bool surprised;			/* see intake.h: it has to be read once more */
	struct packed_stream *stream;	/* of the artifact itself, when it was begun before */
	struct artifact_facts *facts;
};

/* Of artifact.c: one file that is an archive, into the tree, below `prefix`; */
int artifact_read_packed(struct reading *g, int fd, struct str prefix, bool whole,
		       struct packed_facts *f, struct str *lead, struct error *err);
/* ... what is known of its stream; */
void artifact_note_stream(struct reading *g, const struct packed_facts *f, bool is_artifact);
/* ... the SHA-256 of all of a file. */
int artifact_hash_file(int fd, struct sha256 *out, struct error *err);

/* Of artifact_dsc.c: all of a file that begins like a .dsc and is small enough to be one; nothing of any other; */
int artifact_dsc_text(int fd, struct buf *to, struct error *err);
/* ... its parts, into the tree; */
int artifact_read_dsc(struct reading *g, struct str text, struct error *err);
/* ... the file whose start tells most: of a .dsc its orig tarball, else the artifact itself. Takes over fd. */
int artifact_dsc_peek(struct result *r, int fd, struct error *err);

#endif
