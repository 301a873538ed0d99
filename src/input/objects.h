/* Git objects: what stands in commits, tags and trees, and walking commits by date. objects.c
 * also has repo_peel(), repo_commit() and repo_tree() of repo.h.
 * Borrows the repository.
 * Knows nothing of libgit2. */
#ifndef INPUT_OBJECTS_H
#define INPUT_OBJECTS_H

#include "input/repo.h"

/* Cuts the next header of a commit or tag off: "key value", continued on lines that start with a
 * blank. The message, which follows an empty line, is left in *rest; false when it is reached. */
bool object_next_header(struct str *rest, struct str *key, struct str *value);
/* The kind of the armour that stands in a text. */
enum signature_kind object_signature(struct str text);
/* "Name <email> SECONDS +HHMM"; copies go to the arena. What is malformed leaves all as it was. */
void object_person(struct arena *a, struct str s, struct str *name, struct str *email,
		   int64_t *seconds, int *offset);
/* Cuts one entry of a tree off: "MODE NAME\0" and 20 bytes. False when it is malformed. */
bool object_next_entry(struct str *rest, unsigned int *mode, struct str *name, struct oid *oid);

struct commit_walk;

/* `commit` is what is looked for, committed at `commit_time`. */
struct commit_walk *commit_walk_new(struct repo *r, const struct oid *commit, int64_t commit_time);
void commit_walk_push(struct commit_walk *w, const struct oid *oid);
/* Whether it is reached from what was pushed. */
enum tri commit_walk_find(struct commit_walk *w);
void commit_walk_free(struct commit_walk *w);

#endif
