#include "input/origin.h"

#include <sys/stat.h>

#include "base/cleanup.h"
#include "input/gitfetch.h"
#include "input/listing.h"
#include "input/submodules.h"

static void peel_local(void *ctx, struct tag_view *t)
{
	struct origin *g = ctx;
	struct tag_facts facts;
	struct error ignored = ERROR_INIT;
	enum object_type type;
	uint64_t size;

	if (repo_header(g->repo, &t->target, &type, &size) && type == OBJECT_COMMIT) {
		t->commit = t->target;
		return;
	}
	t->no_commit = repo_peel(g->repo, &g->result->arena, &t->target, &facts, &ignored) < 0;
	if (!t->no_commit)
		t->commit = facts.commit;
}

static int load_local_tags(struct origin *g, struct error *err)
{
	AUTO_FREE struct tag_ref *refs = NULL;
	size_t n;

	if (repo_tags(g->repo, &g->result->arena, &refs, &n, err) < 0)
		return -1;
	g->tags = (struct tag_set){ .v = memory_zalloc(n * sizeof(*g->tags.v)), .n = n,
				    .peel = peel_local, .peel_ctx = g };
	for (size_t i = 0; i < n; i++)
		g->tags.v[i] = (struct tag_view){ .name = refs[i].name, .target = refs[i].target,
						  .commit = refs[i].peeled,
						  .peeled = refs[i].has_peeled };
	return 0;
}

static int load_remote_tags(struct origin *g, struct error *err)
{
	AUTO_FREE struct remote_tag *refs = NULL;
	size_t n;

	if (gitfetch_tags(g->o->git, &g->result->arena, &refs, &n, err) < 0)
		return -1;
	g->tags = (struct tag_set){ .v = memory_zalloc(n * sizeof(*g->tags.v)), .n = n };
	for (size_t i = 0; i < n; i++)
		g->tags.v[i] = (struct tag_view){ .name = refs[i].name, .target = refs[i].target,
						  .commit = refs[i].commit, .peeled = true };
	return 0;
}

struct repo *origin_open_repo(struct origin *g, const char *path, struct error *err)
{
	struct repo *r = repo_open(path, err);

	if (r)
		repo_set_tick(r, g->o->tick);
	return r;
}

int origin_open(struct origin *g, const struct origin_options *o, struct result *r,
		struct error *err)
{
	*g = (struct origin){ .o = o, .result = r };
	r->origin.repository = arena_str(&r->arena, str_from(o->git ? o->git : o->tree));
	r->origin.kind = o->git ? "repository" : "listing";
	r->origin.tag_kind = "none";
	if (o->tree)
		return 0;
	if (gitfetch_is_url(o->git)) {
		struct stat st;

		if (o->fetch)
			return load_remote_tags(g, err);
		if (stat(o->git, &st) < 0) {
			error_set(err, ERROR_USAGE, "%s is a URL", o->git);
			return error_hint(err, "add --fetch to let git fetch the tag from there, or "
					  "clone it first");
		}
	}
	g->repo = origin_open_repo(g, o->git, err);
	return g->repo ? load_local_tags(g, err) : -1;
}

void origin_release(struct origin *g)
{
	for (size_t i = 0; i < g->parts_n; i++) {
		attributes_free(g->parts[i].attributes);
		if (g->parts[i].repo != g->repo)
			repo_free(g->parts[i].repo);
	}
	memory_free(g->parts);
	memory_free(g->tags.v);
	repo_free(g->repo);
	*g = (struct origin){ .o = NULL };
}

static bool is_hostile_name(struct str name)
{
	if (str_eq(name, STR("..")) || str_eq(name, STR(".")) || name.len == 0 ||
	    str_case_eq(name, STR(".git")) || str_case_eq(name, STR("git~1")))
		return true;
	for (size_t i = 0; i < name.len; i++)
		if ((unsigned char)name.ptr[i] < 0x20 || name.ptr[i] == 0x7f)
			return true;
	return false;
}

static void check_paths(struct result *r)
{
	for (size_t i = 0; i < r->origin_tree.n; i++) {
		const struct str path = entry_path(&r->origin_tree.v[i]);
		struct str rest = path, part;
		bool hostile = path.len == 0 || str_ends(path, STR("/"));

		while (!hostile && str_next_component(&rest, &part))
			hostile = is_hostile_name(part);
		if (hostile)
			result_find(r, RULE_TP013, path, "the tag's tree holds a hostile name");
	}
}

struct origin_part *origin_part_of(struct origin *g, struct str path)
{
	struct origin_part *best = &g->parts[0];

	for (size_t i = 1; i < g->parts_n; i++)
		if (str_starts(path, g->parts[i].prefix) &&
		    g->parts[i].prefix.len >= best->prefix.len)
			best = &g->parts[i];
	return best;
}

static void note_absent(struct result *r, struct str list)
{
	struct str line;

	while (str_next_line(&list, &line))
		result_not_checked(r, true, line, "the folder's tree object is not in the repository "
				   "(partial clone): fetch it, as in `git fetch --refetch`");
}

/* Whether an entry is a .gitattributes file, and of which folder of its part. */
static bool is_attributes_file(const struct origin_part *p, const struct entry *e, struct str *dir)
{
	const struct str file = STR(".gitattributes");

	*dir = str_from_at(entry_path(e), p->prefix.len);
	if (e->type != ENTRY_FILE || !str_ends(*dir, file))
		return false;
	dir->len -= file.len;
	if (dir->len == 0)
		return true;
	dir->len--;
	return dir->ptr[dir->len] == '/';
}

/* What was fetched without contents lacks these files: they are fetched together. */
static int fetch_attributes(struct origin *g, const struct origin_part *p, size_t from,
			    struct error *err)
{
	const struct tree *t = &g->result->origin_tree;
	AUTO_FREE struct oid *wanted = NULL;
	size_t n = 0, cap = 0;
	struct str dir;

	if (!g->cache.len || p->repo != g->repo)
		return 0;
	for (size_t i = from; i < t->n; i++) {
		if (!is_attributes_file(p, &t->v[i], &dir) || repo_has(p->repo, &t->v[i].oid))
			continue;
		wanted = memory_grow(wanted, n, &cap, sizeof(*wanted));
		wanted[n++] = t->v[i].oid;
	}
	return n ? gitfetch_objects(g->o->git, g->cache, wanted, n, err) : 0;
}

/* All .gitattributes of one part. */
static int load_attributes(struct origin *g, struct origin_part *p, size_t from, struct error *err)
{
	struct result *r = g->result;

	if (fetch_attributes(g, p, from, err) < 0)
		return -1;
	for (size_t i = from; i < r->origin_tree.n; i++) {
		const struct entry *e = &r->origin_tree.v[i];
		AUTO_BUF struct buf text = BUF_INIT;
		enum object_type type;
		struct str dir;
		int got;

		if (!is_attributes_file(p, e, &dir))
			continue;
		got = repo_object(p->repo, &e->oid, LIMIT_ATTRIBUTES_FILE, &type, &text, err);
		if (got < 0 && err->code != ERROR_TOO_LARGE)
			return -1;
		if (got <= 0)
			result_not_checked(r, true, entry_path(e), "its attributes could not be "
					   "applied: the file is %s", got < 0 ? "too large" :
					   "not in the repository");
		attributes_add(p->attributes, dir, buf_str(&text));
	}
	return 0;
}

/* Marks what git archive leaves out: a path, or a folder with all that is in it. */
static int mark_ignored(struct origin *g, struct origin_part *p, size_t from, struct error *err)
{
	struct result *r = g->result;
	struct str ignored_dir = STR(""), open_dir = STR("");

	for (size_t i = from; attributes_any(p->attributes) && i < r->origin_tree.n; i++) {
		struct entry *e = &r->origin_tree.v[i];
		const struct str path = str_from_at(entry_path(e), p->prefix.len);
		const size_t slash = str_rfind(path, '/');
		const struct str dir = str_first(path, slash == (size_t)-1 ? 0 : slash);
		struct path_attributes at;
		bool in_dir = ignored_dir.len && str_starts(path, ignored_dir) &&
			      path.ptr[ignored_dir.len] == '/';
		bool ignored;

		if (tick_call(&g->o->tick, err) < 0)
			return -1;
		/* Entries come folder by folder, so each folder is asked about once. */
		for (size_t k = 1; !in_dir && !str_eq(dir, open_dir) && k <= dir.len; k++) {
			if (k < dir.len && dir.ptr[k] != '/')
				continue;
			attributes_get(p->attributes, str_first(dir, k), true, &at);
			if (at.export_ignore.state == ATTRIBUTE_SET) {
				ignored_dir = str_first(dir, k);
				in_dir = true;
			}
		}
		open_dir = dir;
		ignored = in_dir;
		if (!ignored) {
			attributes_get(p->attributes, path, false, &at);
			ignored = at.export_ignore.state == ATTRIBUTE_SET;
		}
		if (ignored) {
			e->flags |= ENTRY_EXPORT_IGNORE;
			e->ignored_len = (uint32_t)(p->prefix.len + (in_dir ? ignored_dir.len : path.len));
		}
	}
	return 0;
}

int origin_add_part(struct origin *g, struct repo *repo, const struct commit *commit,
		    struct str prefix, struct error *err)
{
	struct result *r = g->result;
	AUTO_BUF struct buf absent = BUF_INIT;
	const size_t from = r->origin_tree.n;
	struct origin_part *p;

	g->parts = memory_grow(g->parts, g->parts_n, &g->parts_cap, sizeof(*g->parts));
	p = &g->parts[g->parts_n++];
	*p = (struct origin_part){ .prefix = prefix, .repo = repo, .commit = *commit,
				   .attributes = attributes_new() };
	if (repo_tree(repo, &r->arena, &commit->tree, prefix, &r->origin_tree, &absent, err) < 0)
		return -1;
	for (size_t i = from; prefix.len && i < r->origin_tree.n; i++)
		r->origin_tree.v[i].flags |= ENTRY_SUBMODULE;
	note_absent(r, buf_str(&absent));
	if (load_attributes(g, p, from, err) < 0)
		return -1;
	return mark_ignored(g, p, from, err);
}

static void twice(void *ctx, const struct entry *first, const struct entry *last)
{
	(void)first;
	result_find(ctx, RULE_TP013, entry_path(last), "the tag's tree holds this name twice");
}

int origin_load(struct origin *g, struct error *err)
{
	struct result *r = g->result;

	if (g->o->tree) {
		if (listing_read(g->o->tree, &r->arena, &r->origin_tree, err) < 0)
			return -1;
	} else {
		if (repo_oddities(g->repo, r, err) < 0 ||
		    origin_add_part(g, g->repo, &g->commit, STR(""), err) < 0 ||
		    submodules_load(g, err) < 0)
			return -1;
	}
	tree_sort(&r->origin_tree, twice, r);
	check_paths(r);
	return 0;
}

int origin_candidate_tree(struct origin *g, const struct candidate *c, struct tree *out,
			  struct error *err)
{
	AUTO_BUF struct buf absent = BUF_INIT;
	struct commit commit;
	struct oid oid;

	if ((g->cache.len || !g->repo) && origin_fetch_tag(g, c->tag, err) < 0)
		return -1;
	if (!hex_decode(c->commit, oid.bytes, OID_SIZE) ||
	    repo_commit(g->repo, &g->result->arena, &oid, &commit, err) < 0 ||
	    repo_tree(g->repo, &g->result->arena, &commit.tree, STR(""), out, &absent, err) < 0)
		return -1;
	tree_sort(out, NULL, NULL);
	return 0;
}

bool origin_file_size(void *ctx, const struct entry *e, uint64_t *size)
{
	struct origin *g = ctx;
	enum object_type type;

	*size = e->size;
	if (e->flags & ENTRY_HAS_SIZE)
		return true;
	return g->repo && repo_header(origin_part_of(g, entry_path(e))->repo, &e->oid, &type, size);
}

bool origin_archive_commit_on_branch(struct origin *g)
{
	struct error ignored = ERROR_INIT;
	struct commit commit;
	struct oid oid;

	return g->repo && !g->cache.len &&
	       hex_decode(g->result->artifact.archive_commit, oid.bytes, OID_SIZE) &&
	       repo_commit(g->repo, &g->result->arena, &oid, &commit, &ignored) == 0 &&
	       repo_on_branch(g->repo, &oid, commit.facts.committer_time) == TRI_YES;
}

enum tri origin_on_branch(struct origin *g)
{
	if (!g->repo || g->cache.len)
		return TRI_UNKNOWN;
	return repo_on_branch(g->repo, &g->commit.oid, g->commit.facts.committer_time);
}

bool origin_blob(struct origin *g, const struct entry *e, struct buf *to)
{
	const struct origin_part *const part = g->repo ? origin_part_of(g, entry_path(e)) : NULL;
	struct error ignored = ERROR_INIT;
	enum object_type type;

	return part && part->repo && (e->flags & ENTRY_HAS_OID) &&
	       repo_object(part->repo, &e->oid, LIMIT_BLOB, &type, to, &ignored) == 1 &&
	       type == OBJECT_BLOB;
}
