#include "input/treediff.h"

#include "base/limits.h"
#include "input/objects.h"

struct walk {
	struct repo *repo;
	size_t n;		/* old trees; the new one comes behind them */
	treediff_call call;
	void *ctx;
	struct buf path;
	unsigned int depth;
	size_t read;		/* trees so far */
};

/* One tree while it is read. */
struct cursor {
	struct buf text;
	struct str rest;
	struct str name;
	struct tree_side at;	/* not present: at the end */
};

static bool is_folder(const struct tree_side *s)
{
	return s->present && (s->mode & 0170000) == 0040000;
}

static void cursor_next(struct cursor *c)
{
	c->at.present = c->rest.len && object_next_entry(&c->rest, &c->at.mode, &c->name, &c->at.oid);
}

static int cursor_open(struct walk *w, struct cursor *c, const struct oid *tree, struct error *err)
{
	enum object_type type;
	char hex[OID_HEX + 1];
	const int got = ++w->read > LIMIT_TREEDIFF ? 0 :
			repo_object(w->repo, tree, LIMIT_BLOB, &type, &c->text, err);

	if (got < 0)
		return -1;
	hex_encode(tree->bytes, OID_SIZE, hex);
	if (w->read > LIMIT_TREEDIFF)
		return error_set(err, ERROR_TOO_LARGE, "trees differ in too many folders");
	if (got == 0 || type != OBJECT_TREE)
		return error_set(err, ERROR_ORIGIN, "tree %s is not in the repository", hex);
	c->rest = buf_str(&c->text);
	cursor_next(c);
	return 0;
}

/* Git's order within one tree: as if a folder's name ended in '/'. */
static int cursor_cmp(const struct cursor *a, const struct cursor *b)
{
	const size_t n = a->name.len < b->name.len ? a->name.len : b->name.len;
	const int r = n ? memcmp(a->name.ptr, b->name.ptr, n) : 0;
	unsigned char x, y;

	if (r)
		return r;
	x = n < a->name.len ? (unsigned char)a->name.ptr[n] : is_folder(&a->at) ? '/' : 0;
	y = n < b->name.len ? (unsigned char)b->name.ptr[n] : is_folder(&b->at) ? '/' : 0;
	return x != y ? (x < y ? -1 : 1) : a->name.len < b->name.len ? -1 : a->name.len > b->name.len;
}

static bool same(const struct tree_side *a, const struct tree_side *b)
{
	if (!a->present || !b->present)
		return a->present == b->present;
	/* Old trees hold 100664 and the like. */
	return oid_eq(&a->oid, &b->oid) && (a->mode & 0170100) == (b->mode & 0170100);
}

static int walk_folder(struct walk *w, const struct tree_side *sides, struct error *err);

/* What stands at one name: in `sides` for each old tree and the new one. */
static int walk_name(struct walk *w, struct str name, const struct tree_side *sides,
		     struct error *err)
{
	const size_t before = w->path.len;
	const struct tree_side *now = &sides[w->n];
	bool folder = is_folder(now);
	int r;

	for (size_t i = 0; i < w->n; i++) {
		if (same(&sides[i], now))
			return 0;
		folder = folder || is_folder(&sides[i]);
	}
	buf_add_str(&w->path, name);
	if (w->path.len > LIMIT_PATH)
		return error_set(err, ERROR_TOO_LARGE, "a tree holds a path that is too long");
	if (folder) {
		buf_add_char(&w->path, '/');
		r = walk_folder(w, sides, err);
	} else {
		const struct tree_difference d = { buf_str(&w->path), *now,
						   w->n ? sides : NULL };

		r = w->call(w->ctx, &d, err);
	}
	w->path.len = before;
	w->path.ptr[before] = '\0';
	return r;
}

static int walk_cursors(struct walk *w, struct cursor *v, struct tree_side *at, struct error *err)
{
	for (;;) {
		const struct cursor *least = NULL;
		struct cursor first;
		int r;

		for (size_t i = 0; i <= w->n; i++)
			if (v[i].at.present && (!least || cursor_cmp(&v[i], least) < 0))
				least = &v[i];
		if (!least)
			return 0;
		first = *least;
		for (size_t i = 0; i <= w->n; i++) {
			at[i] = (struct tree_side){ .present = false };
			if (!v[i].at.present || cursor_cmp(&v[i], &first) != 0)
				continue;
			at[i] = v[i].at;
			cursor_next(&v[i]);
		}
		r = walk_name(w, first.name, at, err);
		if (r)
			return r;
	}
}

static int walk_folder(struct walk *w, const struct tree_side *sides, struct error *err)
{
	struct cursor *v;
	struct tree_side *at;
	int r = 0;

	if (++w->depth > LIMIT_DEPTH)
		return error_set(err, ERROR_TOO_LARGE, "too many folders within each other");
	v = memory_zalloc((w->n + 1) * sizeof(*v));
	at = memory_zalloc((w->n + 1) * sizeof(*at));
	for (size_t i = 0; i <= w->n && r == 0; i++)
		if (is_folder(&sides[i]))
			r = cursor_open(w, &v[i], &sides[i].oid, err);
	if (r == 0)
		r = walk_cursors(w, v, at, err);
	for (size_t i = 0; i <= w->n; i++)
		buf_release(&v[i].text);
	memory_free(at);
	memory_free(v);
	w->depth--;
	return r;
}

int treediff(struct repo *repo, const struct oid *old, size_t n, const struct oid *now,
	     treediff_call call, void *ctx, struct error *err)
{
	struct walk w = { .repo = repo, .n = n, .call = call, .ctx = ctx };
	struct tree_side *sides = memory_zalloc((n + 1) * sizeof(*sides));
	bool equal = false;
	int r = 0;

	for (size_t i = 0; i <= n; i++)
		sides[i] = (struct tree_side){ true, 0040000, i < n ? old[i] : *now };
	for (size_t i = 0; i < n; i++)
		equal = equal || same(&sides[i], &sides[n]);
	if (!equal)
		r = walk_folder(&w, sides, err);
	buf_release(&w.path);
	memory_free(sides);
	return r;
}
