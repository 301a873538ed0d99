/* Paths of a sandbox: what a path in a process's memory leads to, as the kernel will find it.
 * Borrows the trace, which keeps the text.
 * Knows nothing of system calls. */
#ifndef REBUILD_TRACER_PATH_H
#define REBUILD_TRACER_PATH_H

#include "rebuild/trace.h"

/* The path at `address` in the memory of `pid`, relative to its descriptor `dir` (or AT_FDCWD), below the open folder
 * `root`; *exists: it is there now. A last symbolic link is gone through with `follow`. TRACE_NONE, and counted as
 * unreadable, when the process has ended or hides it. */
uint32_t tracer_path(struct trace *t, int root, int pid, int dir, uint64_t address, bool follow, bool *exists);
/* Process-private and device files: what their names say is all there is to say. */
bool tracer_path_is_lexical(struct str path);

#endif
