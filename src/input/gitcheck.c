#include "input/gitcheck_parts.h"

#include "base/cleanup.h"
#include "base/limits.h"
#include "input/objects.h"

/* What builds read or run, beside anything that is executable. */
static bool ends_with_any(struct str name, const char *const *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_ends(name, str_from(v[i])))
			return true;
	return false;
}

bool gitcheck_is_build_file(struct str path)
{
	static const char *const endings[] = {
		".ac", ".am", ".m4", ".mk", ".mak", ".cmake", ".sh", ".bash", ".in", ".gyp", ".gypi",
		".bat", ".cmd", ".ps1", ".nix", ".spec", ".bzl", ".gradle", ".pl", ".py", ".rb",
	};
	static const char *const names[] = {
		"configure", "CMakeLists.txt", "meson.build", "meson_options.txt", "package.json",
		"Cargo.toml", "build.rs", "BUILD", "BUILD.bazel", "SConstruct", "SConscript", "wscript",
		"bootstrap", "autogen", "Rakefile", "binding.gyp", "pyproject.toml", "setup.cfg",
		"GNUmakefile", "makefile", "go.mod", "pom.xml",
	};
	const struct str name = str_base(path);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq(name, str_from(names[i])))
			return true;
	return str_starts(name, STR("Makefile")) ||
	       ends_with_any(name, endings, sizeof(endings) / sizeof(endings[0]));
}

/* The entry of one name. */
static int find_name(struct gitcheck *c, const struct oid *tree, struct str name,
		     unsigned int *mode, struct oid *out, struct error *err)
{
	AUTO_BUF struct buf text = BUF_INIT;
	enum object_type type;
	struct str rest, at;
	const int got = repo_object(c->repo, tree, LIMIT_BLOB, &type, &text, err);

	if (got <= 0 || type != OBJECT_TREE)
		return got < 0 ? -1 : 0;
	rest = buf_str(&text);
	while (rest.len && object_next_entry(&rest, mode, &at, out))
		if (str_eq(at, name))
			return 1;
	return 0;
}

int gitcheck_file(struct gitcheck *c, const struct oid *tree, struct str path, struct buf *to,
		  struct error *err)
{
	struct oid at = *tree;
	unsigned int mode = 0040000;
	enum object_type type;
	struct str part;
	int got = 1;

	while (got > 0 && str_next_component(&path, &part))
		got = (mode & 0170000) == 0040000 ? find_name(c, &at, part, &mode, &at, err) : 0;
	if (got <= 0 || (mode & 0170000) != 0100000)
		return got < 0 ? -1 : 0;
	got = repo_object(c->repo, &at, LIMIT_ATTRIBUTES_FILE, &type, to, err);
	return got < 0 && err->code == ERROR_TOO_LARGE ? 0 : got;
}

int gitcheck_attribute(struct gitcheck *c, struct str what, bool *out, struct error *err)
{
	const struct tree *t = &c->g->result->origin_tree;

	*out = false;
	for (size_t i = 0; !*out && i < t->n; i++) {
		const struct entry *e = &t->v[i];
		AUTO_BUF struct buf text = BUF_INIT;
		enum object_type type;

		if (e->type != ENTRY_FILE || (e->flags & ENTRY_SUBMODULE) ||
		    !str_ends(entry_path(e), STR(".gitattributes")))
			continue;
		if (repo_object(c->repo, &e->oid, LIMIT_ATTRIBUTES_FILE, &type, &text, err) < 0 &&
		    err->code != ERROR_TOO_LARGE)
			return -1;
		*out = str_find_str(buf_str(&text), what) != (size_t)-1;
	}
	return 0;
}

static const struct tag_view *find_tag(struct origin *g)
{
	const struct str name = g->result->origin.tag;

	for (size_t i = 0; name.len && i < g->tags.n; i++)
		if (str_eq(g->tags.v[i].name, name))
			return &g->tags.v[i];
	return NULL;
}

static int find_previous(struct gitcheck *c, struct error *err)
{
	const struct tag_view *p;

	if (!c->tag)
		return 0;
	if (tag_object_read(c->repo, c->arena, &c->tag->target, &c->object, err) < 0)
		return -1;
	tagorder_find(c->arena, &c->g->tags, c->tag->name, &c->order);
	p = c->order.previous;
	if (!p)
		return 0;
	if (repo_commit(c->repo, c->arena, &p->commit, &c->previous_commit, err) < 0)
		return -1;
	c->previous = p;
	return 0;
}

static int check(struct gitcheck *c)
{
	static const struct {
		int (*call)(struct gitcheck *c, struct error *err);
		const char *what;
	} checks[] = {
		{ find_previous, "the tag before" },
		{ gitcheck_replaced, "replaced objects" },
		{ gitcheck_subst, "text put into scripts by export-subst" },
		{ gitcheck_kind, "how earlier tags were made" },
		{ gitcheck_key, "the keys of earlier tags" },
		{ gitcheck_dates, "dates of tag and commit" },
		{ gitcheck_tree, "what changed since the tag before" },
		{ gitcheck_submodules, "submodules of the tag before" },
		{ gitcheck_range, "commits since the tag before" },
	};

	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		struct error err = ERROR_INIT;

		if (checks[i].call(c, &err) == 0)
			continue;
		if (err.code == ERROR_INTERRUPTED)
			return -1;
		result_not_checked(&c->found, false, str_from(checks[i].what), "%s", err.message);
	}
	return 0;
}

struct gitcheck *gitcheck_run(struct origin *g, enum gitcheck_depth depth)
{
	struct gitcheck *c;

	/* What was fetched is one commit without its surroundings. */
	if (!g->repo || g->cache.len)
		return NULL;
	c = memory_zalloc(sizeof(*c));
	result_init(&c->found);
	c->g = g;
	c->repo = g->repo;
	c->depth = depth;
	c->arena = &c->found.arena;
	c->tag = find_tag(g);
	check(c);
	return c;
}

void gitcheck_report(const struct gitcheck *c, struct result *r)
{
	for (size_t i = 0; c && i < c->found.findings_n; i++) {
		const struct finding *from = &c->found.findings[i];
		struct finding *to = result_find(r, from->rule, from->path, "%.*s",
						 STR_FMT(from->message));

		to->severity = from->severity;
		to->line = from->line;
		for (size_t k = 0; k < from->evidence_n; k++)
			finding_evidence(r, to, from->evidence[k]);
	}
	for (size_t i = 0; c && i < c->found.not_checked_n; i++)
		result_not_checked(r, c->found.not_checked[i].incomplete, c->found.not_checked[i].what,
				   "%.*s", STR_FMT(c->found.not_checked[i].why));
}

void gitcheck_free(struct gitcheck *c)
{
	if (!c)
		return;
	result_release(&c->found);
	memory_free(c);
}
