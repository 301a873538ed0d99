/* Recipes: how a project is built, as shell text for each phase.
 * A recipe's strings live in the arena it was read into.
 * Knows nothing of sandboxes, nor of where a source comes from. */
#ifndef REBUILD_RECIPE_H
#define REBUILD_RECIPE_H

#include "base/error.h"
#include "base/memory.h"
#include "model/entry.h"
#include "model/rebuild.h"

struct recipe {
	struct str name;
	struct str steps[PHASE_COUNT];	/* shell text, run with `sh -e`; empty: nothing to do */
	struct str *environment;	/* "NAME=VALUE" */
	size_t environment_n, environment_cap;
	struct str *needs;		/* programs, and modules of pkg-config as "pc:NAME" */
	size_t needs_n, needs_cap;
};

/* Reads a recipe file: lines of "[section]" and what belongs to it. ERROR_INPUT names the line. */
int recipe_parse(struct recipe *r, struct arena *a, struct str text, struct error *err);
void recipe_release(struct recipe *r);
/* The recipe as a file that recipe_parse() reads to the same recipe. */
void recipe_print(const struct recipe *r, struct buf *out);

/* The text of the built-in recipe whose marks lie in a tree's root; empty: none fits. */
struct str recipe_detect(const struct tree *t);
/* A built-in recipe by its name; empty: there is none. */
struct str recipe_builtin(struct str name);

#endif
