/* "json": the whole result, as result.schema.json describes it. A key whose value is unknown or
 * does not apply is left out; null stands for a missing origin alone. */
#include "config.h"

#include <stdio.h>

#include "report/json.h"
#include "report/json_rebuild.h"
#include "report/report.h"
#include "report/ruleset.h"

static void put_oid(struct json *w, const char *key, const struct oid *oid)
{
	char hex[OID_HEX + 1];

	hex_encode(oid->bytes, OID_SIZE, hex);
	json_put_str(w, key, str_from(hex));
}

static void put_tri(struct json *w, const char *key, enum tri value)
{
	if (value != TRI_UNKNOWN)
		json_put_bool(w, key, value == TRI_YES);
}

static void put_parts(struct json *w, const struct artifact_info *a)
{
	json_key(w, "parts");
	json_begin_array(w);
	for (size_t i = 0; i < a->parts_n; i++) {
		const struct part *p = &a->parts[i];

		json_begin_object(w);
		json_put_bool(w, "audited", p->audited);
		json_put_str(w, "name", p->name);
		json_put_text(w, "role", str_from(p->role));
		json_put_sha256(w, "sha256", &p->sha256);
		json_put_uint(w, "size", p->size);
		json_end_object(w);
	}
	json_end_array(w);
}

static void put_artifact(struct json *w, const struct artifact_info *a)
{
	json_key(w, "artifact");
	json_begin_object(w);
	json_put_text(w, "archive_commit", a->archive_commit);
	if (a->has_content_sha256)
		json_put_sha256(w, "content_sha256", &a->content_sha256);
	if (a->content_size)
		json_put_uint(w, "content_size", a->content_size);
	json_put_uint(w, "entries", a->entries);
	json_put_text(w, "format", a->format);
	json_put_str(w, "lead", a->lead);
	json_put_str(w, "name", a->name);
	put_parts(w, a);
	if (a->has_sha256)
		json_put_sha256(w, "sha256", &a->sha256);
	if (a->size)
		json_put_uint(w, "size", a->size);
	json_end_object(w);
}

static void put_candidates(struct json *w, const struct result *r)
{
	if (r->candidates_n == 0)
		return;
	json_key(w, "candidates");
	json_begin_array(w);
	for (size_t i = 0; i < r->candidates_n; i++) {
		const struct candidate *c = &r->candidates[i];

		json_begin_object(w);
		json_put_text(w, "commit", c->commit);
		json_put_uint(w, "explained", c->explained);
		json_put_str(w, "tag", c->tag);
		json_put_text(w, "why", c->why);
		json_end_object(w);
	}
	json_end_array(w);
}

static const char *type_name(const struct entry *e)
{
	static const char *const names[] = {
		[ENTRY_FILE] = "file",
		[ENTRY_LINK] = "link",
		[ENTRY_GITLINK] = "submodule",
		[ENTRY_SPECIAL] = "special",
	};

	return names[e->type];
}

static void put_mode(struct json *w, const char *key, const struct entry *e)
{
	char octal[8];

	snprintf(octal, sizeof(octal), "%04o", e->mode & 07777u);
	json_put_str(w, key, str_from(octal));
}

static void put_explanation(struct json *w, const struct explanation *e)
{
	if (!e)
		return;
	json_key(w, "explanation");
	json_begin_object(w);
	json_put_text(w, "by", str_from(e->by));
	json_put_text(w, "detail", e->detail);
	json_put_strings(w, "evidence", e->evidence, e->evidence_n);
	json_put_str(w, "strength", str_from(strength_name(e->strength)));
	json_end_object(w);
}

/* The tag's side, as far as it differs from the artifact's. */
static void put_file_origin(struct json *w, const struct entry *a, const struct entry *o)
{
	if ((o->flags & ENTRY_HAS_OID) && !((a->flags & ENTRY_HAS_OID) && oid_eq(&a->oid, &o->oid)))
		put_oid(w, "origin_git_oid", &o->oid);
	if (o->mode != 0 && entry_executable(a) != entry_executable(o))
		put_mode(w, "origin_mode", o);
	if (!str_eq(entry_path(a), entry_path(o)))
		json_put_str(w, "origin_path", entry_path(o));
	if ((o->flags & ENTRY_HAS_SIZE) && a->size != o->size)
		json_put_uint(w, "origin_size", o->size);
	if (o->type == ENTRY_LINK && o->target && a->type != ENTRY_LINK)
		json_put_str(w, "origin_target", str_from(o->target));
	if (a->type != o->type)
		json_put_str(w, "origin_type", str_from(type_name(o)));
}

static void put_file(struct json *w, const struct change *c)
{
	/* A path that is not in the artifact is described by what the tag holds. */
	const struct entry *e = c->artifact ? c->artifact : c->origin;

	json_begin_object(w);
	put_explanation(w, c->explanation);
	if (e->flags & ENTRY_HAS_OID)
		put_oid(w, "git_oid", &e->oid);
	if (c->lines_added >= 0)
		json_put_int(w, "lines_added", c->lines_added);
	if (c->lines_removed >= 0)
		json_put_int(w, "lines_removed", c->lines_removed);
	if (c->artifact || e->mode != 0)
		put_mode(w, "mode", e);
	if (c->artifact && c->origin)
		put_file_origin(w, c->artifact, c->origin);
	json_put_str(w, "path", entry_path(e));
	json_put_str(w, "relation", str_from(relation_name(c->relation)));
	if (e->sha256)
		json_put_sha256(w, "sha256", e->sha256);
	if (c->artifact || (e->flags & ENTRY_HAS_SIZE))
		json_put_uint(w, "size", e->size);
	if (e->target)
		json_put_str(w, "target", str_from(e->target));
	json_put_str(w, "type", str_from(type_name(e)));
	json_end_object(w);
}

static void put_files(struct json *w, const struct result *r, bool all)
{
	json_key(w, "files");
	json_begin_array(w);
	for (size_t i = 0; i < r->changes_n; i++) {
		const struct change *c = &r->changes[i];

		if ((all || c->relation != RELATION_IDENTICAL) && (c->artifact || c->origin))
			put_file(w, c);
	}
	json_end_array(w);
}

static void put_finding(struct json *w, const struct finding *f)
{
	json_begin_object(w);
	json_put_strings(w, "evidence", f->evidence, f->evidence_n);
	json_put_text(w, "fingerprint", str_from(f->fingerprint));
	if (f->length >= 0)
		json_put_int(w, "length", f->length);
	if (f->line > 0)
		json_put_int(w, "line", f->line);
	json_put_str(w, "message", f->message);
	if (f->offset >= 0)
		json_put_int(w, "offset", f->offset);
	json_put_text(w, "path", f->path);
	json_put_str(w, "rule", str_from(rules[f->rule].id));
	json_put_str(w, "severity", str_from(severity_name(f->severity)));
	json_put_str(w, "slug", str_from(rules[f->rule].slug));
	json_end_object(w);
}

static void put_findings(struct json *w, const struct result *r)
{
	json_key(w, "findings");
	json_begin_array(w);
	for (size_t i = 0; i < r->findings_n; i++)
		put_finding(w, &r->findings[i]);
	json_end_array(w);
}

static void put_not_checked(struct json *w, const struct result *r)
{
	json_key(w, "not_checked");
	json_begin_array(w);
	for (size_t i = 0; i < r->not_checked_n; i++) {
		json_begin_object(w);
		json_put_bool(w, "incomplete", r->not_checked[i].incomplete);
		json_put_str(w, "what", r->not_checked[i].what);
		json_put_str(w, "why", r->not_checked[i].why);
		json_end_object(w);
	}
	json_end_array(w);
}

static void put_signature(struct json *w, const struct origin_info *o)
{
	json_key(w, "signature");
	json_begin_object(w);
	json_put_str(w, "commit", str_from(signature_name(o->commit_signature)));
	json_put_str(w, "tag", str_from(signature_name(o->tag_signature)));
	json_put_bool(w, "verified", false);
	json_end_object(w);
}

static void put_origin(struct json *w, const struct result *r)
{
	const struct origin_info *o = &r->origin;

	if (!r->has_origin) {
		json_put_null(w, "origin");
		return;
	}
	json_key(w, "origin");
	json_begin_object(w);
	json_put_text(w, "chosen_by", o->how);
	json_put_text(w, "commit", o->commit);
	/* Without a commit (a listing) neither its time nor its signature is known. */
	if (o->commit.len)
		json_put_int(w, "commit_time", o->commit_time);
	put_tri(w, "git_archive", o->git_archive);
	json_put_text(w, "kind", str_from(o->kind));
	put_tri(w, "on_branch", o->on_branch);
	json_put_strings(w, "other_tags", o->other_tags, o->other_tags_n);
	json_put_str(w, "repository", o->repository);
	if (o->commit.len)
		put_signature(w, o);
	json_put_text(w, "tag", o->tag);
	json_put_text(w, "tag_kind", str_from(o->tag_kind));
	json_put_text(w, "tag_oid", o->tag_oid);
	json_put_text(w, "tree", o->tree);
	json_end_object(w);
}

static void put_timings(struct json *w, const struct result *r)
{
	json_key(w, "timings");
	json_begin_array(w);
	for (size_t i = 0; i < r->timings_n; i++) {
		json_begin_object(w);
		json_put_str(w, "name", str_from(r->timings[i].name));
		json_key(w, "seconds");
		json_seconds(w, r->timings[i].seconds);
		json_end_object(w);
	}
	json_end_array(w);
}

static void put_tool(struct json *w)
{
	char ruleset[RULESET_SIZE];

	ruleset_name(ruleset);
	json_key(w, "tool");
	json_begin_object(w);
	json_put_str(w, "name", STR("tarproof"));
	json_put_str(w, "ruleset", str_from(ruleset));
	json_put_str(w, "version", STR(PACKAGE_VERSION));
	json_end_object(w);
}

/* In byte order of their names, as keys are. */
static const enum relation relations_by_name[RELATION_COUNT] = {
	RELATION_ADDED, RELATION_IDENTICAL, RELATION_MISSING, RELATION_MISSING_BY_ATTRIBUTE,
	RELATION_MODE_CHANGED, RELATION_MODIFIED, RELATION_MOVED, RELATION_SUBMODULE,
	RELATION_TRANSFORMED, RELATION_TYPE_CHANGED,
};

static void put_count(struct json *w, const char *key, const struct count *c)
{
	json_key(w, key);
	json_begin_object(w);
	json_put_uint(w, "bytes", c->bytes);
	json_put_uint(w, "files", c->files);
	json_end_object(w);
}

static void put_link_totals(struct json *w, const struct totals *t)
{
	json_key(w, "links");
	json_begin_object(w);
	json_put_uint(w, "files", t->links);
	json_key(w, "relation");
	json_begin_object(w);
	for (size_t i = 0; i < RELATION_COUNT; i++) {
		json_key(w, relation_name(relations_by_name[i]));
		json_begin_object(w);
		json_put_uint(w, "files", t->link_relation[relations_by_name[i]]);
		json_end_object(w);
	}
	json_end_object(w);
	json_end_object(w);
}

static void put_totals(struct json *w, const struct totals *t)
{
	json_key(w, "totals");
	json_begin_object(w);
	json_put_uint(w, "bytes", t->artifact.bytes);
	json_key(w, "explained");
	json_begin_object(w);
	put_count(w, "plausible", &t->explained[STRENGTH_PLAUSIBLE]);
	put_count(w, "proven", &t->explained[STRENGTH_PROVEN]);
	put_count(w, "unexplained", &t->explained[STRENGTH_NONE]);
	json_end_object(w);
	json_put_uint(w, "files", t->artifact.files);
	put_link_totals(w, t);
	json_key(w, "relation");
	json_begin_object(w);
	for (size_t i = 0; i < RELATION_COUNT; i++)
		put_count(w, relation_name(relations_by_name[i]),
			  &t->relation[relations_by_name[i]]);
	json_end_object(w);
	json_end_object(w);
}

static void render(const struct result *r, const struct report_options *o, struct buf *out)
{
	struct json w;

	json_init(&w, out);
	json_begin_object(&w);
	put_artifact(&w, &r->artifact);
	put_candidates(&w, r);
	put_files(&w, r, o->all_files);
	put_findings(&w, r);
	put_not_checked(&w, r);
	put_origin(&w, r);
	json_put_rebuild(&w, r->rebuild, o->reproducible);
	json_put_str(&w, "schema", STR("tarproof-result/1"));
	if (!o->reproducible)
		put_timings(&w, r);
	put_tool(&w);
	put_totals(&w, &r->totals);
	json_put_str(&w, "verdict", str_from(verdict_name(r->verdict)));
	json_end_object(&w);
	buf_add_char(out, '\n');
}

const struct report_format report_json = {
	.name = "json",
	.summary = "the whole result, for programs (schema tarproof-result/1)",
	.render = render,
};
