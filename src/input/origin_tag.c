#include "input/origin.h"

#include "input/gitfetch.h"

static struct str hex_of(struct arena *a, const struct oid *oid)
{
	char hex[OID_HEX + 1];

	hex_encode(oid->bytes, OID_SIZE, hex);
	return arena_str(a, str_from(hex));
}

static struct tag_view *tag_by_name(struct origin *g, struct str name)
{
	for (size_t i = 0; i < g->tags.n; i++)
		if (str_eq(g->tags.v[i].name, name))
			return &g->tags.v[i];
	return NULL;
}

/* A tag that was chosen at a URL is brought here. */
int origin_fetch_tag(struct origin *g, struct str tag, struct error *err)
{
	struct tag_view *t;

	if (gitfetch_tag(g->o->git, tag, &g->result->arena, &g->cache, err) < 0)
		return -1;
	if (!g->repo)
		g->repo = origin_open_repo(g, g->cache.ptr, err);
	t = g->repo ? tag_by_name(g, tag) : NULL;
	return g->repo ? (t ? 0 : error_set(err, ERROR_ORIGIN, "the tag vanished")) : -1;
}

static int take_commit(struct origin *g, const struct oid *oid, struct error *err)
{
	struct origin_info *info = &g->result->origin;

	if (repo_commit(g->repo, &g->result->arena, oid, &g->commit, err) < 0)
		return -1;
	info->commit = hex_of(&g->result->arena, oid);
	info->tree = hex_of(&g->result->arena, &g->commit.tree);
	info->commit_time = g->commit.facts.committer_time;
	info->commit_signature = g->commit.signature;
	g->result->has_origin = true;
	return 0;
}

static void note_other_tags(struct origin *g, const struct tag_view *chosen)
{
	struct origin_info *info = &g->result->origin;
	struct arena *a = &g->result->arena;
	struct str *names;
	size_t n = 0;

	tagchoice_peel_all(&g->tags);
	names = arena_alloc(a, (g->tags.n + 1) * sizeof(*names));
	for (size_t i = 0; i < g->tags.n; i++) {
		const struct tag_view *t = &g->tags.v[i];

		if (!t->no_commit && oid_eq(&t->commit, &g->commit.oid))
			names[n++] = t->name;
	}
	g->commit.facts.tags = names;
	g->commit.facts.tags_n = n;
	info->other_tags = arena_alloc(a, (n + 1) * sizeof(*names));
	for (size_t i = 0; i < n; i++)
		if (!chosen || !str_eq(names[i], chosen->name))
			info->other_tags[info->other_tags_n++] = names[i];
}

/* git takes such tags; no release of a project is one. */
static int without_commit(struct origin *g, const struct tag_view *t, const char *what, struct error *err)
{
	result_find(g->result, RULE_TP010, t->name, "the tag names %s instead of a commit: there is no author, no date and "
		    "no history", what)->severity = SEVERITY_HIGH;
	result_not_checked(g->result, true, STR("everything against the tag"), "it names no commit");
	error_set(err, ERROR_UNRESOLVED, "tag %.*s names %s, not a commit", STR_FMT(t->name), what);
	return error_hint(err, "ask the project; name a commit with --tag to compare with that");
}

static int take_tag(struct origin *g, const struct tag_view *t, const char *how, struct error *err)
{
	struct origin_info *info = &g->result->origin;
	struct result *r = g->result;
	struct tag_facts facts;
	struct oid branch;
	struct str ref;

	if (!g->repo && origin_fetch_tag(g, t->name, err) < 0)
		return -1;
	if (repo_peel(g->repo, &r->arena, &t->target, &facts, err) < 0)
		return facts.ends_in ? without_commit(g, t, facts.ends_in, err) :
				       error_prefix(err, "tag %.*s", STR_FMT(t->name));
	info->tag = t->name;
	info->how = str_from(how);
	info->tag_oid = hex_of(&r->arena, &t->target);
	info->tag_kind = facts.annotated ? "annotated" : "lightweight";
	info->tag_signature = facts.signature;
	if (facts.annotated && !str_eq(facts.own_name, t->name))
		finding_evidence(r, result_find(r, RULE_TP001, t->name,
				 "the tag object was made for another name"), facts.own_name);
	if (facts.depth > 1)
		result_find(r, RULE_TP010, t->name, "the tag leads to its commit through %u tag objects",
			    facts.depth);
	ref = arena_strf(&r->arena, "refs/heads/%.*s", STR_FMT(t->name));
	if (repo_ref(g->repo, ref.ptr, &branch, err) == 1 && !oid_eq(&branch, &facts.commit))
		finding_evidence(r, result_find(r, RULE_TP007, t->name,
				 "a branch on another commit has the tag's name"),
				 hex_of(&r->arena, &branch));
	if (take_commit(g, &facts.commit, err) < 0)
		return error_prefix(err, "tag %.*s", STR_FMT(t->name));
	note_other_tags(g, t);
	return 0;
}

/* What --tag says: a tag's name, else a full ref or an id. A branch by its short name is not
 * taken: it may bear a tag's name and move. */
static int take_revision(struct origin *g, const char *rev, struct error *err)
{
	struct str name = str_from(rev);
	const struct tag_view *t;
	struct tag_facts facts;
	struct oid oid;
	int found;

	if (str_starts(name, STR("refs/tags/")))
		name = str_from_at(name, strlen("refs/tags/"));
	t = tag_by_name(g, name);
	if (t)
		return take_tag(g, t, "given", err);
	if (!g->repo) {
		error_set(err, ERROR_ORIGIN, "no tag %s at %s", rev, g->o->git);
		return error_hint(err, "with --fetch only tags can be taken; see them with "
				  "`git ls-remote --tags %s`", g->o->git);
	}
	found = str_starts(name, STR("refs/")) ? repo_ref(g->repo, rev, &oid, err) :
		repo_abbrev(g->repo, name, &oid);
	if (found < 0)
		return -1;
	if (found == 0) {
		const struct str branch = arena_strf(&g->result->arena, "refs/heads/%s", rev);
		const bool is_branch = repo_ref(g->repo, branch.ptr, &oid, err) == 1;

		error_set(err, ERROR_ORIGIN, "no tag %s in %s%s", rev, g->o->git,
			  is_branch ? " (there is a branch of that name)" : "");
		if (is_branch)
			return error_hint(err, "give refs/heads/%s or a commit id if you mean it", rev);
		return error_hint(err, "see `git tag`; fetch tags with `git fetch --tags`; --tag "
				  "auto looks for it by the artifact's name");
	}
	g->result->origin.how = STR("given");
	if (repo_peel(g->repo, &g->result->arena, &oid, &facts, err) < 0 ||
	    take_commit(g, &facts.commit, err) < 0)
		return error_prefix(err, "%s", rev);
	note_other_tags(g, NULL);
	return 0;
}

static int unresolved(struct origin *g, const struct tag_choice *c,
		      const struct artifact_name *name, struct error *err)
{
	struct result *r = g->result;
	struct oid made_from;

	r->candidates = arena_alloc(&r->arena, (c->near_n + 1) * sizeof(*r->candidates));
	for (size_t i = 0; i < c->near_n; i++)
		if (!c->near[i]->no_commit)
			r->candidates[r->candidates_n++] = (struct candidate){
				.tag = c->near[i]->name,
				.commit = hex_of(&r->arena, &c->near[i]->commit),
				.why = str_from(c->why[i]),
			};
	if (!c->several && name->version.len)
		result_find(r, RULE_TP012, r->artifact.name,
			    "no tag of the repository fits version %.*s", STR_FMT(name->version));
	result_not_checked(r, true, STR("everything against the tag"), "%s",
			   c->several ? "more than one tag fits the artifact's name" :
			   g->tags.n == 0 ? "the repository has no tags" :
			   "no tag fits the artifact's name");
	error_set(err, ERROR_UNRESOLVED, c->several ? "more than one tag may be meant" :
		  g->tags.n == 0 ? "the repository has no tags" : "no tag was found for %s",
		  r->artifact.name.ptr);
	if (hex_decode(r->artifact.archive_commit, made_from.bytes, OID_SIZE) && g->repo &&
	    repo_has(g->repo, &made_from))
		return error_hint(err, "name the tag with --tag; the archive was made from commit %.12s, "
				  "which has no tag", r->artifact.archive_commit.ptr);
	return error_hint(err, g->tags.n == 0 ? "fetch them with `git fetch --tags`" :
			  "name the tag with --tag");
}

static void check_archive_commit(struct origin *g)
{
	struct result *r = g->result;

	if (r->artifact.archive_commit.len != OID_HEX ||
	    str_eq(r->artifact.archive_commit, r->origin.commit))
		return;
	finding_evidence(r, result_find(r, RULE_TP003, r->artifact.name,
			 "the archive was made from another commit than that of %s%.*s",
			 r->origin.tag.len ? "tag " : "", STR_FMT(r->origin.tag.len ? r->origin.tag :
								 r->origin.commit)),
			 r->artifact.archive_commit);
}

/* The archive's own commit has a tag, but not the one that its name asks for. */
static void check_name(struct origin *g, const struct tag_view *by_name)
{
	struct result *r = g->result;

	if (by_name && !oid_eq(&by_name->commit, &g->commit.oid))
		finding_evidence(r, result_find(r, RULE_TP003, r->artifact.name,
				 "the name says tag %.*s, the archive was made from tag %.*s",
				 STR_FMT(by_name->name), STR_FMT(r->origin.tag)),
				 r->artifact.archive_commit);
}

int origin_choose(struct origin *g, struct error *err)
{
	struct result *r = g->result;
	struct artifact_name name;
	struct tag_choice choice;
	struct oid commit;
	const bool has_commit = hex_decode(r->artifact.archive_commit, commit.bytes, OID_SIZE);
	int status;

	if (g->o->tree) {
		r->has_origin = true;
		r->origin.how = STR("given");
		return 0;
	}
	if (g->o->tag && strcmp(g->o->tag, "auto") != 0) {
		status = take_revision(g, g->o->tag, err);
	} else {
		if (!tagname_split(&r->arena, r->artifact.name, &name) && r->artifact.lead.len)
			tagname_split(&r->arena, r->artifact.lead, &name);
		tagchoice_find(&g->tags, &name, has_commit ? &commit : NULL, &choice);
		if (!choice.tag)
			return unresolved(g, &choice, &name, err);
		status = take_tag(g, choice.tag, choice.how, err);
		if (status == 0 && strcmp(choice.how, "archive commit") == 0)
			check_name(g, choice.by_name);
	}
	if (status == 0)
		check_archive_commit(g);
	return status;
}
