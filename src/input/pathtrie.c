#include "input/pathtrie.h"

#include "base/cleanup.h"
#include "base/limits.h"
#include "base/map.h"
#include "input/objects.h"

#define NONE UINT32_MAX

struct side {
	uint32_t visit;		/* the reading of a folder that found it; 0: none */
	bool folder;
	struct oid oid;
};

struct node {
	struct str name;
	uint32_t parent, child, sibling;	/* child: the first */
	uint32_t children;			/* their number */
	uint32_t path;				/* NONE but where a path ends */
	uint32_t choice;			/* the choice that it is a part of */
	struct side side[2];
};

/* Trees read lately: the tree of a commit is compared with its parent's, and then that one with the
 * next. */
enum { CACHE_SIZE = 64 };
/* Up to here children are compared one by one, which is faster than looking them up. */
enum { FEW_CHILDREN = 6 };

struct cached {
	struct oid oid;
	struct buf text;
	bool used;
};

struct pathtrie {
	struct repo *repo;
	struct node *nodes;	/* the root at 0 */
	size_t n, cap;
	uint32_t *leaves;	/* of each path */
	struct map index;	/* parent and name -> node */
	struct arena keys;
	struct buf key;		/* scratch */
	uint32_t choice, visit;
	unsigned int depth;
	struct path_difference *found;
	size_t found_n, found_cap;
	struct cached cache[CACHE_SIZE];	/* by the first byte of the id */
};

static struct str key_of(struct pathtrie *t, uint32_t parent, struct str name)
{
	buf_reset(&t->key);
	buf_add(&t->key, &parent, sizeof(parent));
	buf_add_str(&t->key, name);
	return buf_str(&t->key);
}

static uint32_t add_node(struct pathtrie *t, uint32_t parent, struct str name)
{
	t->nodes = memory_grow(t->nodes, t->n, &t->cap, sizeof(*t->nodes));
	t->nodes[t->n] = (struct node){ .name = name, .parent = parent, .child = NONE,
					.sibling = NONE, .path = NONE };
	if (parent != NONE) {
		t->nodes[t->n].sibling = t->nodes[parent].child;
		t->nodes[parent].child = (uint32_t)t->n;
		t->nodes[parent].children++;
	}
	return (uint32_t)t->n++;
}

static void add_path(struct pathtrie *t, struct str path, uint32_t index)
{
	struct str part;
	uint32_t at = 0;

	while (str_next_component(&path, &part)) {
		const struct str k = key_of(t, at, part);
		const uint64_t *found = map_get(&t->index, k);

		if (found) {
			at = (uint32_t)*found;
		} else {
			const uint32_t node = add_node(t, at, part);

			map_put(&t->index, arena_str(&t->keys, k), node);
			at = node;
		}
	}
	t->nodes[at].path = index;
	t->leaves[index] = at;
}

struct pathtrie *pathtrie_new(struct repo *r, const struct str *paths, size_t n)
{
	struct pathtrie *t = memory_zalloc(sizeof(*t));

	t->repo = r;
	t->leaves = memory_zalloc((n + 1) * sizeof(*t->leaves));
	add_node(t, NONE, STR(""));
	for (size_t i = 0; i < n; i++)
		add_path(t, paths[i], (uint32_t)i);
	return t;
}

void pathtrie_free(struct pathtrie *t)
{
	for (size_t i = 0; i < CACHE_SIZE; i++)
		buf_release(&t->cache[i].text);
	map_release(&t->index);
	arena_release(&t->keys);
	buf_release(&t->key);
	memory_free(t->leaves);
	memory_free(t->found);
	memory_free(t->nodes);
	memory_free(t);
}

void pathtrie_choose(struct pathtrie *t, const uint32_t *paths, size_t n)
{
	t->choice++;
	for (size_t i = 0; i < n; i++)
		for (uint32_t at = t->leaves[paths[i]]; at != NONE && t->nodes[at].choice != t->choice;
		     at = t->nodes[at].parent)
			t->nodes[at].choice = t->choice;
}

static int read_tree(struct pathtrie *t, const struct oid *oid, struct str *out, struct error *err)
{
	struct cached *c = &t->cache[oid->bytes[0] % CACHE_SIZE];
	enum object_type type;
	int got;

	if (!c->used || !oid_eq(&c->oid, oid)) {
		c->used = false;
		buf_reset(&c->text);
		got = repo_object(t->repo, oid, LIMIT_BLOB, &type, &c->text, err);
		if (got <= 0 || type != OBJECT_TREE)
			return got < 0 ? -1 : 0;
		c->used = true;
		c->oid = *oid;
	}
	*out = buf_str(&c->text);
	return 1;
}

static struct node *child_named(struct pathtrie *t, uint32_t folder, struct str name)
{
	const uint64_t *found;

	if (t->nodes[folder].children > FEW_CHILDREN) {
		found = map_get(&t->index, key_of(t, folder, name));
		return found ? &t->nodes[*found] : NULL;
	}
	for (uint32_t i = t->nodes[folder].child; i != NONE; i = t->nodes[i].sibling)
		if (str_eq(t->nodes[i].name, name))
			return &t->nodes[i];
	return NULL;
}

/* Notes what a tree holds at the chosen names of a folder. */
static int scan(struct pathtrie *t, uint32_t folder, const struct oid *oid, unsigned int side,
		uint32_t visit, struct error *err)
{
	struct str rest, name;
	unsigned int mode;
	struct oid child;
	const int got = oid ? read_tree(t, oid, &rest, err) : 1;

	if (got <= 0 || !oid)
		return got;
	while (rest.len && object_next_entry(&rest, &mode, &name, &child)) {
		struct node *n = child_named(t, folder, name);

		if (n && n->choice == t->choice)
			n->side[side] = (struct side){ visit, (mode & 0170000) == 0040000, child };
	}
	return 1;
}

static void add_difference(struct pathtrie *t, uint32_t path, bool in_b)
{
	t->found = memory_grow(t->found, t->found_n, &t->found_cap, sizeof(*t->found));
	t->found[t->found_n++] = (struct path_difference){ path, in_b };
}

static int compare(struct pathtrie *t, uint32_t folder, const struct oid *a, const struct oid *b,
		   struct error *err)
{
	const uint32_t visit = ++t->visit;
	int got = ++t->depth > LIMIT_DEPTH ? 0 : scan(t, folder, a, 0, visit, err);

	if (got > 0)
		got = scan(t, folder, b, 1, visit, err);
	for (uint32_t i = t->nodes[folder].child; got > 0 && i != NONE; i = t->nodes[i].sibling) {
		const struct node *n = &t->nodes[i];
		const bool in_a = n->side[0].visit == visit, in_b = n->side[1].visit == visit;
		const struct side *x = &n->side[0], *y = &n->side[1];

		if (n->choice != t->choice || !in_a ||
		    (in_b && x->folder == y->folder && oid_eq(&x->oid, &y->oid)))
			continue;
		if (n->path != NONE && !x->folder)
			add_difference(t, n->path, in_b && !y->folder);
		else if (n->child != NONE && x->folder)
			got = compare(t, i, &x->oid, in_b && y->folder ? &y->oid : NULL, err);
	}
	t->depth--;
	return got;
}

int pathtrie_compare(struct pathtrie *t, const struct oid *a, const struct oid *b,
		     const struct path_difference **out, size_t *n, struct error *err)
{
	int got = 1;

	t->found_n = 0;
	if (!b || !oid_eq(a, b))
		got = compare(t, 0, a, b, err);
	*out = t->found;
	*n = t->found_n;
	return got;
}
