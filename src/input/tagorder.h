/* Tag order: which tags are earlier versions of the same thing, by their names.
 * Borrows the tags.
 * Knows nothing of repositories, nor of dates: these are what whoever made the tag says. */
#ifndef INPUT_TAGORDER_H
#define INPUT_TAGORDER_H

#include "input/tagchoice.h"

struct tag_order {
	const struct tag_view **earlier;	/* nearest version first; in the arena */
	size_t n;
	const struct tag_view *previous;	/* the nearest that is as final as the tag: before a
						 * release no candidate or beta counts; or NULL */
	bool final;				/* the tag itself is no candidate or beta */
};

/* Tags of the same scheme as `tag`: the same text in front of the version (any case), the same
 * separator between its first numbers, the same words behind it; with a lower version. Tags that
 * lead to no commit are left out. */
void tagorder_find(struct arena *a, const struct tag_set *tags, struct str tag,
		   struct tag_order *out);

#endif
