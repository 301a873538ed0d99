/* Loose objects: files below objects/ that hold one zlib stream each. Read here instead of by
 * libgit2, whose reader (1.5) never ends on a stream that is cut off.
 * Owns nothing.
 * Source: gitrepository-layout(5); an object is "TYPE SIZE\0" and its content, deflated, and its
 * id the SHA-1 of that. */
#ifndef INPUT_LOOSE_H
#define INPUT_LOOSE_H

#include "base/error.h"
#include "model/entry.h"

/* Appends header and content of the object below the folder `objects`: 1, 0 when it is not
 * there, or -1 with err (damaged, another id, ERROR_TOO_LARGE beyond `max`). With `header_only`
 * no more than the header is promised, and the id is not checked. */
int loose_read(const char *objects, const struct oid *oid, uint64_t max, bool header_only,
	       struct buf *to, struct error *err);

#endif
