/* Files that a build names: object files of the release that are linked, and data that is run.
 * Borrows all facts; findings go to the result.
 * Knows nothing of how scripts and blobs are read. */
#ifndef INSPECT_NAMED_H
#define INSPECT_NAMED_H

#include "inspect/inspect.h"
#include "inspect/subject.h"

void named_find(struct result *r, const struct subjects *all);

#endif
