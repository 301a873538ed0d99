/* Zip archives as blobs. For blob_containers.c and blob.c.
 * Borrows the look. Knows nothing of the members' content. */
#ifndef INSPECT_BLOB_ZIP_H
#define INSPECT_BLOB_ZIP_H

#include "inspect/blob_look.h"

/* Whether the bytes end in a zip's directory, whatever they begin with. */
bool zip_ends(struct str b);
void zip_examine(struct look *l);

#endif
