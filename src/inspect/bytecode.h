/* Compiled Python that python takes instead of the source beside it.
 * Adds findings to the result; borrows the rest. */
#ifndef INSPECT_BYTECODE_H
#define INSPECT_BYTECODE_H

#include "inspect/subject.h"

/* Looks at one file, whatever it is. Source: PEP 3147 (where it lies) and PEP 552 (its header). */
void bytecode_check(struct result *r, const struct subjects *all, const struct subject *s);

#endif
