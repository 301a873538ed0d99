#include "input/tagchoice.h"

static void peel(struct tag_set *tags, struct tag_view *t)
{
	if (!t->peeled && tags->peel)
		tags->peel(tags->peel_ctx, t);
	t->peeled = true;
}

void tagchoice_peel_all(struct tag_set *tags)
{
	for (size_t i = 0; i < tags->n; i++)
		peel(tags, &tags->v[i]);
}

static void add_near(struct tag_choice *c, const struct tag_view *t, const char *why)
{
	for (size_t i = 0; i < c->near_n; i++)
		if (c->near[i] == t)
			return;
	if (c->near_n == LIMIT_CANDIDATES)
		return;
	c->near[c->near_n] = t;
	c->why[c->near_n++] = why;
}

/* The best rank that any tag has, and the first tag of it. */
static unsigned int best_by_name(const struct tag_set *tags, const struct artifact_name *name,
				 struct tag_view **first)
{
	unsigned int best = 0;

	*first = NULL;
	for (size_t i = 0; name->version.len && i < tags->n; i++) {
		const unsigned int rank = tagname_rank(name, tags->v[i].name);

		if (rank > best) {
			best = rank;
			*first = &tags->v[i];
		}
	}
	return best;
}

/* Of the tags on a commit the one that fits the name best; the first when none does. */
static struct tag_view *best_on_commit(struct tag_set *tags, const struct artifact_name *name,
				       const struct oid *commit)
{
	struct tag_view *found = NULL;
	unsigned int best = 0;

	tagchoice_peel_all(tags);
	for (size_t i = 0; i < tags->n; i++) {
		struct tag_view *t = &tags->v[i];
		const unsigned int rank = t->no_commit || !oid_eq(&t->commit, commit) ? 0 :
					  1 + tagname_rank(name, t->name);

		if (rank > best) {
			best = rank;
			found = t;
		}
	}
	return found;
}

/* Whether all tags of a rank are on one commit. */
static bool agree(struct tag_set *tags, const struct artifact_name *name, unsigned int rank,
		  struct tag_view *first)
{
	peel(tags, first);
	for (size_t i = 0; i < tags->n; i++) {
		struct tag_view *t = &tags->v[i];

		if (t == first || tagname_rank(name, t->name) != rank)
			continue;
		peel(tags, t);
		if (t->no_commit || first->no_commit || !oid_eq(&t->commit, &first->commit))
			return false;
	}
	return true;
}

/* The nearest tags by name, for a reader to choose from. */
static void collect_near(struct tag_set *tags, const struct artifact_name *name,
			 struct tag_choice *out)
{
	while (out->near_n < LIMIT_CANDIDATES) {
		const struct tag_view *best = NULL;
		unsigned int best_near = 0;

		for (size_t i = 0; i < tags->n; i++) {
			const unsigned int near = tagname_nearness(name, tags->v[i].name);
			bool listed = near <= best_near;

			for (size_t k = 0; !listed && k < out->near_n; k++)
				listed = out->near[k] == &tags->v[i];
			if (!listed) {
				best_near = near;
				best = &tags->v[i];
			}
		}
		if (!best)
			return;
		add_near(out, best, "near in name");
	}
}

void tagchoice_find(struct tag_set *tags, const struct artifact_name *name,
		    const struct oid *archive_commit, struct tag_choice *out)
{
	struct tag_view *by_name, *by_commit = NULL;
	const unsigned int rank = best_by_name(tags, name, &by_name);

	*out = (struct tag_choice){ .by_name = rank > TAGNAME_WEAK ? by_name : NULL };
	if (archive_commit && by_name)
		peel(tags, by_name);
	if (archive_commit && !(by_name && !by_name->no_commit && rank > TAGNAME_WEAK &&
				oid_eq(&by_name->commit, archive_commit)))
		by_commit = best_on_commit(tags, name, archive_commit);
	if (by_commit) {
		out->tag = by_commit;
		out->how = "archive commit";
		return;
	}
	if (rank > TAGNAME_WEAK && agree(tags, name, rank, by_name)) {
		out->tag = by_name;
		out->how = "name";
		return;
	}
	out->several = rank > TAGNAME_WEAK;
	for (size_t i = 0; rank && i < tags->n; i++)
		if (tagname_rank(name, tags->v[i].name) == rank)
			add_near(out, &tags->v[i], rank > TAGNAME_WEAK ? "name and version fit" :
				 "version fits, under another name");
	collect_near(tags, name, out);
	for (size_t i = 0; i < tags->n; i++)
		for (size_t k = 0; k < out->near_n; k++)
			if (out->near[k] == &tags->v[i])
				peel(tags, &tags->v[i]);
}
