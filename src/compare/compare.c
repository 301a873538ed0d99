#include "compare/compare.h"

#include "base/map.h"

struct comparison {
	struct result *r;
	struct map by_oid;		/* content of the origin's files: index of the first path */
	const struct entry **gitlinks;	/* sorted by path, like the tree */
	size_t gitlinks_n, gitlinks_cap;
};

static void index_origin(struct comparison *c)
{
	const struct tree *t = &c->r->origin_tree;

	for (size_t i = 0; i < t->n; i++) {
		const struct entry *e = &t->v[i];

		if (e->type == ENTRY_GITLINK) {
			c->gitlinks = memory_grow(c->gitlinks, c->gitlinks_n, &c->gitlinks_cap,
						  sizeof(*c->gitlinks));
			c->gitlinks[c->gitlinks_n++] = e;
		} else if (e->type == ENTRY_FILE) {
			map_put(&c->by_oid, str_of(e->oid.bytes, OID_SIZE), i);
		}
	}
}

/* The gitlink that a path lies below, or NULL. */
static const struct entry *gitlink_above(const struct comparison *c, struct str path)
{
	for (size_t k = 1; c->gitlinks_n && k < path.len; k++) {
		const struct str above = str_first(path, k);
		size_t low = 0, high = c->gitlinks_n;

		if (path.ptr[k] != '/')
			continue;
		while (low < high) {
			const size_t middle = low + (high - low) / 2;
			const int order = str_cmp(above, entry_path(c->gitlinks[middle]));

			if (order == 0)
				return c->gitlinks[middle];
			if (order < 0)
				high = middle;
			else
				low = middle + 1;
		}
	}
	return NULL;
}

static void add_change(struct comparison *c, enum relation relation, const struct entry *artifact,
		       const struct entry *origin)
{
	struct change *x = result_change(c->r);

	x->relation = relation;
	x->artifact = artifact;
	x->origin = origin;
}

static void only_in_artifact(struct comparison *c, const struct entry *e)
{
	const struct entry *gitlink = gitlink_above(c, entry_path(e));
	const uint64_t *at = NULL;

	/* An empty file is nowhere in particular: "moved" would say nothing about it. */
	if (e->type == ENTRY_FILE && e->size &&
	    (e->flags & (ENTRY_HAS_OID | ENTRY_COLLISION)) == ENTRY_HAS_OID)
		at = map_get(&c->by_oid, str_of(e->oid.bytes, OID_SIZE));
	if (at)
		add_change(c, RELATION_MOVED, e, &c->r->origin_tree.v[*at]);
	else if (gitlink)
		add_change(c, RELATION_SUBMODULE, e, gitlink);
	else
		add_change(c, RELATION_ADDED, e, NULL);
}

static void only_in_origin(struct comparison *c, const struct entry *e)
{
	if (e->type == ENTRY_GITLINK)
		return;
	add_change(c, e->flags & ENTRY_EXPORT_IGNORE ? RELATION_MISSING_BY_ATTRIBUTE :
		   RELATION_MISSING, NULL, e);
}

static void in_both(struct comparison *c, const struct entry *a, const struct entry *o)
{
	enum relation relation;

	if (a->type != o->type)
		relation = RELATION_TYPE_CHANGED;
	else if (!(a->flags & ENTRY_HAS_OID) || !oid_eq(&a->oid, &o->oid) ||
		 (a->flags & ENTRY_COLLISION))
		relation = RELATION_MODIFIED;
	else if (a->type == ENTRY_FILE && entry_executable(a) != entry_executable(o))
		relation = RELATION_MODE_CHANGED;
	else
		relation = RELATION_IDENTICAL;
	add_change(c, relation, a, o);
}

void compare_trees(struct result *r)
{
	struct comparison c = { .r = r };
	const struct tree *a = &r->artifact_tree, *o = &r->origin_tree;
	size_t i = 0, j = 0;

	index_origin(&c);
	while (i < a->n || j < o->n) {
		const int order = i == a->n ? 1 : j == o->n ? -1 :
				  str_cmp(entry_path(&a->v[i]), entry_path(&o->v[j]));

		if (order < 0)
			only_in_artifact(&c, &a->v[i++]);
		else if (order > 0)
			only_in_origin(&c, &o->v[j++]);
		else
			in_both(&c, &a->v[i++], &o->v[j++]);
	}
	memory_free(c.gitlinks);
	map_release(&c.by_oid);
}

uint64_t compare_count_identical(const struct tree *artifact, const struct tree *origin)
{
	uint64_t n = 0;

	for (size_t i = 0, j = 0; i < artifact->n && j < origin->n;) {
		const struct entry *a = &artifact->v[i], *o = &origin->v[j];
		const int order = str_cmp(entry_path(a), entry_path(o));

		n += order == 0 && (a->flags & ENTRY_HAS_OID) && oid_eq(&a->oid, &o->oid);
		i += order <= 0;
		j += order >= 0;
	}
	return n;
}
