/* Git objects: walking commits by date. objects.c also parses commits, tags and trees, for
 * repo_peel(), repo_commit() and repo_tree() of repo.h.
 * Borrows the repository.
 * Knows nothing of libgit2. */
#ifndef INPUT_OBJECTS_H
#define INPUT_OBJECTS_H

#include "input/repo.h"

struct commit_walk;

/* `commit` is what is looked for, committed at `commit_time`. */
struct commit_walk *commit_walk_new(struct repo *r, const struct oid *commit, int64_t commit_time);
void commit_walk_push(struct commit_walk *w, const struct oid *oid);
/* Whether it is reached from what was pushed. */
enum tri commit_walk_find(struct commit_walk *w);
void commit_walk_free(struct commit_walk *w);

#endif
