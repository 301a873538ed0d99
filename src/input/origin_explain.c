#include "input/origin.h"

#include "base/cleanup.h"
#include "base/limits.h"
#include "input/gitarchive.h"
#include "input/githash.h"
#include "input/gitfetch.h"
#include "input/lines.h"

struct explaining {
	struct origin *g;
	struct result *r;
	struct content_store *store;
	struct buf blob, stored;	/* scratch for each file */
};

/* --- reading both sides --- */

static void not_at_hand(struct explaining *x, const struct entry *o)
{
	char hex[OID_HEX + 1];

	hex_encode(o->oid.bytes, OID_SIZE, hex);
	result_not_checked(x->r, true, entry_path(o), "its content in the tag (%s) is not in the "
			   "repository: fetch it, as in `git fetch --refetch`", hex);
}

/* The origin's content into x->blob: 1, 0 when it is not at hand or too large, -1. */
static int read_blob(struct explaining *x, const struct entry *o, struct error *err)
{
	enum object_type type;
	int got;

	buf_reset(&x->blob);
	got = repo_object(origin_part_of(x->g, entry_path(o))->repo, &o->oid, LIMIT_BLOB, &type,
			  &x->blob, err);
	if (got == 0)
		not_at_hand(x, o);
	if (got < 0 && err->code == ERROR_TOO_LARGE) {
		result_not_checked(x->r, true, entry_path(o), "its content in the tag is too large to "
				   "be compared line by line");
		got = 0;
	}
	return got;
}

/* The artifact's content into x->stored; false when it was not kept or is too large. */
static bool read_stored(struct explaining *x, const struct entry *a)
{
	struct error ignored = ERROR_INIT;

	buf_reset(&x->stored);
	return a->content != CONTENT_NONE &&
	       content_read(x->store, a->content, LIMIT_BLOB, &x->stored, &ignored) == 0;
}

/* --- attributes --- */

static struct str describe(struct arena *a, const struct path_attributes *at, unsigned int how)
{
	AUTO_BUF struct buf b = BUF_INIT;

	if (how & CONVERTED_EOL)
		buf_addf(&b, "line endings (%s)", at->eol.state == ATTRIBUTE_VALUE ? "eol" : "crlf");
	if (how & CONVERTED_ENCODING)
		buf_addf(&b, "%sencoding %.*s", b.len ? ", " : "",
			 STR_FMT(at->working_tree_encoding.value));
	if (how & CONVERTED_IDENT)
		buf_addf(&b, "%s$Id$ expanded", b.len ? ", " : "");
	if (how & CONVERTED_SUBST)
		buf_addf(&b, "%s$Format:$ expanded", b.len ? ", " : "");
	return arena_str(a, buf_str(&b));
}

static void cite(struct result *r, struct explanation *e, struct str prefix,
		 const struct attribute *at, const char *name)
{
	if (at->line)
		explanation_evidence(r, e, arena_strf(&r->arena, "%.*s%.*s:%u: %s%s%.*s",
						      STR_FMT(prefix), STR_FMT(at->file), at->line,
						      name, at->value.len ? "=" : "",
						      STR_FMT(at->value)));
}

static bool explain_attributes(struct explaining *x, struct change *c,
			       const struct path_attributes *at)
{
	struct origin_part *p = origin_part_of(x->g, entry_path(c->origin));
	struct explanation *e;
	unsigned int how = 0;
	enum convert_match match;

	if (!convert_applies(at))
		return false;
	match = convert_matches(at, &p->commit.facts, &c->origin->oid, buf_str(&x->blob),
				buf_str(&x->stored), &how);
	if (match == CONVERT_NO)
		return false;
	e = result_explanation(x->r, "attributes", match == CONVERT_EXACT ? STRENGTH_PROVEN :
			       STRENGTH_PLAUSIBLE, describe(&x->r->arena, at, how));
	if (how & CONVERTED_EOL) {
		cite(x->r, e, p->prefix, &at->text, "text");
		cite(x->r, e, p->prefix, &at->crlf, "crlf");
		cite(x->r, e, p->prefix, &at->eol, "eol");
	}
	if (how & CONVERTED_ENCODING)
		cite(x->r, e, p->prefix, &at->working_tree_encoding, "working-tree-encoding");
	if (how & CONVERTED_IDENT)
		cite(x->r, e, p->prefix, &at->ident, "ident");
	if (how & CONVERTED_SUBST)
		cite(x->r, e, p->prefix, &at->export_subst, "export-subst");
	c->relation = RELATION_TRANSFORMED;
	c->explanation = e;
	return true;
}

/* --- Git LFS (git-lfs specification, "The Pointer") --- */

static bool lfs_pointer(struct str blob, struct sha256 *oid)
{
	const struct str first = STR("version https://git-lfs.github.com/spec/v1");
	struct str line;

	if (blob.len > 1024 || !str_starts(blob, first))
		return false;
	while (str_next_line(&blob, &line))
		if (str_starts(line, STR("oid sha256:")))
			return hex_decode(str_from_at(line, strlen("oid sha256:")), oid->bytes,
					  SHA256_SIZE);
	return false;
}

static bool explain_lfs(struct explaining *x, struct change *c)
{
	struct sha256 wanted;

	if (!lfs_pointer(buf_str(&x->blob), &wanted) || !c->artifact->sha256 ||
	    memcmp(wanted.bytes, c->artifact->sha256->bytes, SHA256_SIZE) != 0)
		return false;
	c->relation = RELATION_TRANSFORMED;
	c->explanation = result_explanation(x->r, "git-lfs", STRENGTH_PROVEN,
					    STR("the content that the Git LFS pointer names by SHA-256"));
	return true;
}

static int explain_modified(struct explaining *x, struct change *c, struct error *err)
{
	struct origin_part *p = origin_part_of(x->g, entry_path(c->origin));
	struct path_attributes at;
	int got;

	if (c->artifact->type != ENTRY_FILE || (c->artifact->flags & ENTRY_COLLISION))
		return 0;
	got = read_blob(x, c->origin, err);
	if (got <= 0)
		return got;
	if (explain_lfs(x, c))
		return 0;
	/* Content that is elsewhere in the tag was not kept, but is there. */
	if (!read_stored(x, c->artifact)) {
		enum object_type type;

		buf_reset(&x->stored);
		got = repo_object(p->repo, &c->artifact->oid, LIMIT_BLOB, &type, &x->stored, err);
		if (got <= 0)
			return got < 0 && err->code != ERROR_TOO_LARGE ? -1 : 0;
	}
	attributes_get(p->attributes, str_from_at(entry_path(c->origin), p->prefix.len), false, &at);
	if (explain_attributes(x, c, &at))
		return 0;
	if (!lines_count(buf_str(&x->blob), buf_str(&x->stored), &c->lines_added,
			      &c->lines_removed))
		c->lines_added = c->lines_removed = -1;
	return 0;
}

/* --- links --- */

/* The path that a link leads to within the tree; false when it leaves it. */
static bool resolve(struct str link, struct str target, struct buf *out)
{
	const size_t slash = str_rfind(link, '/');
	struct str part;

	buf_reset(out);
	if (str_starts(target, STR("/")))
		return false;
	buf_add_str(out, str_first(link, slash == (size_t)-1 ? 0 : slash));
	while (str_next_component(&target, &part)) {
		if (part.len == 0 || str_eq(part, STR(".")))
			continue;
		if (str_eq(part, STR(".."))) {
			const size_t up = str_rfind(buf_str(out), '/');

			if (out->len == 0)
				return false;
			out->len = up == (size_t)-1 ? 0 : up;
			continue;
		}
		if (out->len)
			buf_add_char(out, '/');
		buf_add_str(out, part);
	}
	return true;
}

/* A symbolic link of the tag that is a file here: with the link's text (as git writes it where
 * links are not supported), or with the content of the file it leads to. */
static int explain_link_as_file(struct explaining *x, struct change *c, struct error *err)
{
	AUTO_BUF struct buf path = BUF_INIT;
	const struct entry *to;
	struct str link = entry_path(c->origin), target;
	int got;

	if (c->origin->type != ENTRY_LINK || c->artifact->type != ENTRY_FILE ||
	    (c->artifact->flags & ENTRY_COLLISION))
		return 0;
	if (oid_eq(&c->origin->oid, &c->artifact->oid)) {
		c->explanation = result_explanation(x->r, "link-as-file", STRENGTH_PROVEN,
						    STR("the symbolic link's target, stored as text"));
		return 0;
	}
	if (!x->g->repo)
		return 0;
	/* A link may lead to a link. */
	for (int hops = 0; hops < 16; hops++) {
		to = tree_find(&x->r->origin_tree, link);
		if (!to || to->type != ENTRY_LINK)
			break;
		got = read_blob(x, to, err);
		if (got <= 0)
			return got;
		target = buf_str(&x->blob);
		if (!resolve(link, target, &path))
			return 0;
		link = arena_str(&x->r->arena, buf_str(&path));
	}
	to = tree_find(&x->r->origin_tree, link);
	if (to && to->type == ENTRY_FILE && oid_eq(&to->oid, &c->artifact->oid)) {
		c->explanation = result_explanation(x->r, "link-as-file", STRENGTH_PROVEN,
						    STR("content of the file that the link leads to"));
		explanation_evidence(x->r, (struct explanation *)(uintptr_t)c->explanation, link);
	}
	return 0;
}

/* --- all of them --- */

/* How much of the tag is missing: sizes stand in no tree. */
static void note_size(struct explaining *x, struct change *c)
{
	struct entry *e = tree_find(&x->r->origin_tree, entry_path(c->origin));

	if (origin_file_size(x->g, e, &e->size))
		e->flags |= ENTRY_HAS_SIZE;
}

static int explain_one(struct explaining *x, struct change *c, struct error *err)
{
	switch (c->relation) {
	case RELATION_MODIFIED:
		return x->g->repo ? explain_modified(x, c, err) : 0;
	case RELATION_TYPE_CHANGED:
		return explain_link_as_file(x, c, err);
	case RELATION_MOVED:
		c->explanation = result_explanation(x->r, "moved", STRENGTH_PLAUSIBLE,
						    arena_strf(&x->r->arena, "same content as %.*s",
							       STR_FMT(entry_path(c->origin))));
		return 0;
	case RELATION_MODE_CHANGED:
		c->explanation = result_explanation(x->r, "mode", STRENGTH_PLAUSIBLE,
						    entry_executable(c->artifact) ?
						    STR("content identical, made executable") :
						    STR("content identical, no longer executable"));
		return 0;
	case RELATION_IDENTICAL:
	case RELATION_TRANSFORMED:
	case RELATION_SUBMODULE:
	case RELATION_ADDED:
		return 0;
	case RELATION_MISSING:
	case RELATION_MISSING_BY_ATTRIBUTE:
		note_size(x, c);
		return 0;
	}
	return 0;
}

/* Contents that were left out by --fetch and are needed now, all at once. */
static int fetch_needed(struct explaining *x, struct error *err)
{
	AUTO_FREE struct oid *v = NULL;
	size_t n = 0, cap = 0;

	if (!x->g->cache.len)
		return 0;
	for (size_t i = 0; i < x->r->changes_n; i++) {
		const struct change *c = &x->r->changes[i];

		if ((c->relation != RELATION_MODIFIED && c->relation != RELATION_TYPE_CHANGED) ||
		    c->origin->type == ENTRY_GITLINK || repo_has(x->g->repo, &c->origin->oid))
			continue;
		v = memory_grow(v, n, &cap, sizeof(*v));
		v[n++] = c->origin->oid;
	}
	return n ? gitfetch_objects(x->g->o->git, x->g->cache, v, n, err) : 0;
}

static void note_submodule(struct result *r, const struct entry *gitlink, size_t n)
{
	char hex[OID_HEX + 1];

	if (!gitlink)
		return;
	hex_encode(gitlink->oid.bytes, OID_SIZE, hex);
	result_not_checked(r, true, entry_path(gitlink),
			   "%zu file%s below the submodule at commit %s: give its repository with "
			   "--submodule %s=REPO", n, n == 1 ? "" : "s", hex, gitlink->path);
}

/* Submodules that were not given, each with how many files lie below it. */
static void note_submodules(struct result *r)
{
	const struct entry *gitlink = NULL;
	size_t n = 0;

	/* What lies below one comes in a row, but for files that are known from elsewhere. */
	for (size_t i = 0; i < r->changes_n; i++) {
		const struct change *c = &r->changes[i];

		if (c->relation != RELATION_SUBMODULE)
			continue;
		if (c->origin != gitlink) {
			note_submodule(r, gitlink, n);
			gitlink = c->origin;
			n = 0;
		}
		n++;
	}
	note_submodule(r, gitlink, n);
}

/* Filters are never run; what they would have done is not known. */
static void note_filters(struct origin *g)
{
	struct result *r = g->result;
	size_t n = 0, lfs = 0;
	struct str example = STR("");

	for (size_t i = 0; g->parts_n && i < r->changes_n; i++) {
		const struct change *c = &r->changes[i];
		const struct origin_part *p;
		struct path_attributes at;

		if (!c->artifact || !c->origin || c->origin->type != ENTRY_FILE)
			continue;
		p = origin_part_of(g, entry_path(c->origin));
		if (!attributes_any(p->attributes))
			continue;
		attributes_get(p->attributes, str_from_at(entry_path(c->origin), p->prefix.len), false,
			       &at);
		if (at.filter.state != ATTRIBUTE_VALUE)
			continue;
		if (str_eq(at.filter.value, STR("lfs"))) {
			lfs += c->relation == RELATION_IDENTICAL;
			continue;
		}
		if (n++ == 0)
			example = arena_strf(&r->arena, "%.*s:%u: filter=%.*s",
					     STR_FMT(at.filter.file), at.filter.line,
					     STR_FMT(at.filter.value));
	}
	if (n)
		finding_evidence(r, result_find(r, RULE_TP008, STR(".gitattributes"),
				 "a filter program is asked for on %zu file%s", n,
				 n == 1 ? "" : "s"), example);
	if (lfs)
		result_not_checked(r, false, STR("Git LFS"), "%zu file%s identical to the tag, where "
				   "a pointer to content outside git is stored", lfs,
				   lfs == 1 ? " is" : "s are");
}

int origin_explain(struct origin *g, struct content_store *store, struct error *err)
{
	struct explaining x = { .g = g, .r = g->result, .store = store };
	int r = fetch_needed(&x, err);
	bool modified = false;

	for (size_t i = 0; r == 0 && i < x.r->changes_n; i++) {
		modified = modified || x.r->changes[i].relation == RELATION_MODIFIED;
		r = explain_one(&x, &x.r->changes[i], err);
	}
	note_submodules(x.r);
	note_filters(g);
	if (!g->repo && modified)
		result_not_checked(x.r, false, STR("git attributes"), "a listing carries none: files "
				   "that attributes change come out as modified; use --git");
	buf_release(&x.blob);
	buf_release(&x.stored);
	return r;
}

/* --- git archive --- */

/* Whether git archive would have written exactly what is there. */
static enum tri as_exported(struct origin *g, const struct change *c)
{
	struct origin_part *p = &g->parts[0];
	AUTO_BUF struct buf blob = BUF_INIT, out = BUF_INIT;
	struct path_attributes at;
	struct error ignored = ERROR_INIT;
	enum object_type type;
	unsigned int how = 0;

	if (c->relation == RELATION_TRANSFORMED || c->relation == RELATION_MISSING_BY_ATTRIBUTE)
		return c->relation != RELATION_TRANSFORMED ||
		       c->explanation->strength == STRENGTH_PROVEN ? TRI_YES : TRI_UNKNOWN;
	if (c->relation != RELATION_IDENTICAL)
		return TRI_NO;
	if (c->origin->type != ENTRY_FILE || !attributes_any(p->attributes))
		return TRI_YES;
	attributes_get(p->attributes, entry_path(c->origin), false, &at);
	if (!convert_applies(&at))
		return TRI_YES;
	if (repo_object(g->repo, &c->origin->oid, LIMIT_BLOB, &type, &blob, &ignored) != 1)
		return TRI_UNKNOWN;
	convert_export(&at, &p->commit.facts, &c->origin->oid, buf_str(&blob), 7, &out, &how);
	return str_eq(buf_str(&blob), buf_str(&out)) ? TRI_YES : TRI_NO;
}

enum tri origin_git_archive(struct origin *g, const struct sha256 *structure)
{
	struct result *r = g->result;
	struct gitarchive a = {
		.origin = &r->origin_tree, .artifact = &r->artifact_tree,
		.prefix = r->artifact.lead, .commit = r->artifact.archive_commit,
		.mtime = g->commit.facts.committer_time,
	};
	struct sha256 wanted;
	bool unknown = false;

	if (!g->repo || !structure || g->parts_n != 1)
		return TRI_UNKNOWN;
	/* Without a commit it would have been made from a bare tree, with the time of that day. */
	if (r->artifact.archive_commit.len == 0)
		return TRI_NO;
	for (size_t i = 0; i < r->changes_n; i++) {
		const enum tri same = as_exported(g, &r->changes[i]);

		if (same == TRI_NO)
			return TRI_NO;
		unknown = unknown || same == TRI_UNKNOWN;
	}
	if (unknown)
		return TRI_UNKNOWN;
	/* What tar.umask was set to shows in any file; who may not read may not execute. */
	for (size_t i = 0; i < r->artifact_tree.n; i++)
		if (r->artifact_tree.v[i].type == ENTRY_FILE)
			a.umask = ~(unsigned int)r->artifact_tree.v[i].mode & 066;
	a.umask |= (a.umask & 044) >> 2;
	if (!gitarchive_structure(&a, &wanted))
		return TRI_UNKNOWN;
	return memcmp(wanted.bytes, structure->bytes, SHA256_SIZE) == 0 ? TRI_YES : TRI_NO;
}
