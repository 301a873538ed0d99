/* A trace as JSON lines: one object a program, then one an event, in the order in which they were seen.
 * Borrows everything.
 * Knows nothing of what events mean. */
#ifndef REBUILD_TRACE_JSON_H
#define REBUILD_TRACE_JSON_H

#include "rebuild/trace.h"

/* Appends a line for each task ("task") and each event ("event"), all with the build's label. */
void trace_json(const struct trace *t, struct str label, struct buf *out);

#endif
