/* Shapes: whether bytes are, from the first on, a well-formed instance of a format that has no
 * checksum over all of it. Each checks tables and chains against the length, so that nothing has
 * such a shape by chance.
 * Borrows the bytes. Knows nothing of notes. */
#ifndef INSPECT_BLOB_SHAPES_H
#define INSPECT_BLOB_SHAPES_H

#include <stdint.h>

#include "base/str.h"

/* Executables and objects; true only when the tables lie within the bytes. */
bool shape_elf(struct str b);
bool shape_pe(struct str b);
bool shape_macho(struct str b);
bool shape_coff(struct str b);
bool shape_class(struct str b, uint64_t *end);
bool shape_wasm(struct str b);

/* Archives with at least one member. *end: where the structure ends; what follows is no part of it. */
bool shape_tar(struct str b, uint64_t *end);
bool shape_ar(struct str b, uint64_t *end);
bool shape_cpio(struct str b, uint64_t *end);
/* True when its directory leads to members; all of the bytes are the zip's. */
bool shape_zip(struct str b);

#endif
