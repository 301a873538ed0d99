/* Objects of the tag that a replace reference stands for (git-replace(1)): what git shows of this
 * tag in this repository is not what the ids say. */
#include "input/gitcheck_parts.h"

#include "base/cleanup.h"
#include "base/limits.h"
#include "base/map.h"
#include "input/objects.h"

struct replaced {
	struct gitcheck *c;
	struct map ids;		/* of replaced objects */
	size_t folders, found;
};

enum { SHOWN = 20 };

static void say(struct replaced *x, const struct oid *oid, const char *what, struct str path)
{
	const uint64_t *known = map_get(&x->ids, str_of(oid->bytes, OID_SIZE));
	char hex[OID_HEX + 1];

	if (!known || ++x->found > SHOWN)
		return;
	hex_encode(oid->bytes, OID_SIZE, hex);
	finding_evidence(&x->c->found, result_find(&x->c->found, RULE_TP017, path,
			 "git shows another object in place of the tag's %s", what),
			 arena_strf(x->c->arena, "refs/replace/%s", hex));
}

static int folder(struct replaced *x, const struct oid *tree, struct buf *path, unsigned int depth,
		  struct error *err)
{
	AUTO_BUF struct buf text = BUF_INIT;
	const size_t before = path->len;
	enum object_type type;
	struct str rest, name;
	unsigned int mode;
	struct oid oid;
	int got = depth > LIMIT_DEPTH || ++x->folders > LIMIT_TREEDIFF ? 0 :
		  repo_object(x->c->repo, tree, LIMIT_BLOB, &type, &text, err);

	if (got <= 0 || type != OBJECT_TREE)
		return got < 0 ? -1 : 0;
	rest = buf_str(&text);
	while (got >= 0 && rest.len && object_next_entry(&rest, &mode, &name, &oid)) {
		const bool is_folder = (mode & 0170000) == 0040000;

		buf_add_str(path, name);
		say(x, &oid, is_folder ? "folder" : "file", buf_str(path));
		buf_add_char(path, '/');
		if (is_folder && path->len < LIMIT_PATH)
			got = folder(x, &oid, path, depth + 1, err);
		path->len = before;
	}
	return got < 0 ? -1 : 0;
}

int gitcheck_replaced(struct gitcheck *c, struct error *err)
{
	struct replaced x = { .c = c };
	AUTO_FREE struct tag_ref *refs = NULL;
	AUTO_FREE struct oid *ids = NULL;
	AUTO_BUF struct buf path = BUF_INIT;
	const struct str tag = c->tag ? c->tag->name : STR("");
	size_t n;
	int r;

	if (repo_refs(c->repo, c->arena, "refs/replace/", &refs, &n, err) < 0)
		return -1;
	if (n == 0)
		return 0;
	ids = memory_alloc(n * sizeof(*ids));
	for (size_t i = 0; i < n; i++)
		if (hex_decode(refs[i].name, ids[i].bytes, OID_SIZE))
			map_put(&x.ids, str_of(ids[i].bytes, OID_SIZE), 1);
	if (c->tag && !oid_eq(&c->tag->target, &c->g->commit.oid))
		say(&x, &c->tag->target, "tag object", tag);
	say(&x, &c->g->commit.oid, "commit", tag);
	say(&x, &c->g->commit.tree, "tree", tag);
	r = folder(&x, &c->g->commit.tree, &path, 0, err);
	map_release(&x.ids);
	return r;
}
