/* A submodule's repository, as the user names it.
 * Borrows its strings.
 * Knows nothing of how it is read. */
#ifndef MODEL_SUBMODULE_H
#define MODEL_SUBMODULE_H

struct submodule {
	const char *path;	/* where the gitlink stands in the tree, as "modules/foo" */
	const char *repository;
};

#endif
