/* What the converters to shell text have in common.
 * They fill the caller's text.
 * For these alone. */
#ifndef INSPECT_DIALECT_WORK_H
#define INSPECT_DIALECT_WORK_H

#include "base/memory.h"
#include "inspect/dialect.h"

/* Says where the text's line at hand comes from, once for each. */
void dialect_mark_line(struct dialect_text *d, uint32_t source_line);
/* Ends the line; the next one comes from there. */
void dialect_add_newline(struct dialect_text *d, uint32_t next_source_line);

#endif
