/* What the release says of itself: the commit in .cargo_vcs_info.json, the version in .tarball-version.
 * Borrows everything.
 * Sources: cargo's manual, "cargo package"; gnulib's git-version-gen. */
#ifndef INSPECT_STATEMENT_H
#define INSPECT_STATEMENT_H

#include "inspect/inspect.h"
#include "inspect/subject.h"

/* Looks at one file, whatever it is: a finding where it names another origin than the tag. */
void statement_check(struct result *r, const struct subject *s, const struct inspect_sources *sources);

#endif
