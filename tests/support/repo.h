/* Git repositories for tests, made by the git program in the scratch folder (see run.h).
 * Folders are named as seen from there.
 * Knows nothing of what a test wants of them. */
#ifndef SUPPORT_REPO_H
#define SUPPORT_REPO_H

#include "model/entry.h"

/* An empty repository with a work tree, on branch main. */
void make_repo(const char *dir);
/* A day passes, and everything in the work tree is committed as it is. */
void make_commit(const char *dir, const char *message);
/* A day passes, and the last commit gets an annotated tag. */
void make_tag(const char *dir, const char *name);
/* A repository "r" with README and src/main.c, and an annotated tag v1.2 on its commit. */
void make_hello(const char *dir);
/* Writes any bytes as an object, checked by nobody. */
struct oid make_object(const char *dir, const char *type, const void *data, size_t n);
struct oid make_object_text(const char *dir, const char *type, const char *text);
/* Appends an entry to the content of a tree object. */
void add_tree_entry(struct buf *tree, const char *mode, const char *name, const struct oid *oid);

/* `git rev-parse`. */
struct oid oid_of(const char *dir, const char *revision);
struct oid oid_from(const char *hex);
/* For a "%s": one of a few static texts that take turns. */
const char *oid_text(const struct oid *oid);
/* Where a loose object lies. */
char *object_path(const char *dir, const struct oid *oid);

#endif
