/* Chains: which script, with which map or marker, makes what of which opaque file.
 * Borrows all facts; findings go to the result.
 * Knows nothing of how scripts and blobs are read. */
#ifndef INSPECT_CHAIN_H
#define INSPECT_CHAIN_H

#include "inspect/inspect.h"
#include "inspect/subject.h"

int chains_find(struct result *r, const struct subjects *all, const struct inspect_sources *s,
		struct error *err);

#endif
