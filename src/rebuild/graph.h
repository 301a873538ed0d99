/* Graphs: what flowed where, for Graphviz.
 * Borrows the flow; appends to the caller's buffer.
 * Knows nothing of why somebody asks. The DOT language: https://graphviz.org/doc/info/lang.html */
#ifndef REBUILD_GRAPH_H
#define REBUILD_GRAPH_H

#include "rebuild/flow.h"

/* Files and programs that are marked, with an arrow for each reading and writing. Paths below `build_path` are shown
 * relative to it; files of the system are left out. */
void graph_dot(const struct flow *f, const struct flow_marks *m, struct str build_path, struct buf *out);

#endif
