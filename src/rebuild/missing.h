/* What a build lacks: programs and modules, before it runs and by what its log says.
 * Owns nothing; texts go to the arena.
 * Knows nothing of recipes. */
#ifndef REBUILD_MISSING_H
#define REBUILD_MISSING_H

#include "base/error.h"
#include "base/memory.h"

/* -1 with what is missing of programs, and modules of pkg-config as "pc:NAME". */
int missing_check(const struct str *needs, size_t n, struct error *err);
/* Why a phase failed, in one line: what its log says is missing, with the package that may have it; else the line
 * that looks most like the error. */
struct str missing_in_log(struct arena *a, const char *log);

#endif
