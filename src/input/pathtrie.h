/* A trie of paths: which of many paths differ between two trees, reading each folder once and no
 * folder of equal id.
 * Owns its nodes; borrows the paths.
 * Knows nothing of commits. */
#ifndef INPUT_PATHTRIE_H
#define INPUT_PATHTRIE_H

#include "input/repo.h"

struct pathtrie;

struct pathtrie *pathtrie_new(struct repo *r, const struct str *paths, size_t n);
void pathtrie_free(struct pathtrie *t);

struct path_difference {
	uint32_t path;		/* index */
	bool in_b;		/* in the second tree too, with other content */
};

/* Chooses the paths (by index) that comparisons look at. */
void pathtrie_choose(struct pathtrie *t, const uint32_t *paths, size_t n);
/* Finds the chosen paths that tree `a` holds and tree `b` (NULL: an empty one) does not hold alike;
 * modes don't count. The array is the trie's, until the next comparison. 1, 0 when a tree is not in the
 * repository, -1 with err. */
int pathtrie_compare(struct pathtrie *t, const struct oid *a, const struct oid *b,
		     const struct path_difference **out, size_t *n, struct error *err);

#endif
