/* "in-toto": an unsigned attestation of what was audited and built, to be signed by whoever answers for it.
 * Source: in-toto Attestation Framework, Statement v1 (https://github.com/in-toto/attestation). */
#include "config.h"

#include "report/json.h"
#include "report/json_rebuild.h"
#include "report/report.h"

static void put_subject(struct json *w, struct str name, const struct sha256 *digest)
{
	json_begin_object(w);
	json_key(w, "digest");
	json_begin_object(w);
	json_put_sha256(w, "sha256", digest);
	json_end_object(w);
	json_put_str(w, "name", name);
	json_end_object(w);
}

/* The artifact, and each file that the build from it installs. */
static void put_subjects(struct json *w, const struct result *r)
{
	json_key(w, "subject");
	json_begin_array(w);
	if (r->artifact.has_sha256)
		put_subject(w, r->artifact.name, &r->artifact.sha256);
	for (size_t i = 0; r->rebuild && i < r->rebuild->outputs_n; i++)
		put_subject(w, r->rebuild->outputs[i].path, &r->rebuild->outputs[i].sha256);
	json_end_array(w);
}

static void put_origin(struct json *w, const struct result *r)
{
	if (!r->has_origin)
		return;
	json_key(w, "origin");
	json_begin_object(w);
	json_put_text(w, "commit", r->origin.commit);
	json_put_text(w, "repository", r->origin.repository);
	json_put_text(w, "tag", r->origin.tag);
	json_put_text(w, "tree", r->origin.tree);
	json_end_object(w);
}

static void put_findings(struct json *w, const struct result *r)
{
	uint64_t counts[SEVERITY_COUNT] = { 0 };

	for (size_t i = 0; i < r->findings_n; i++)
		counts[r->findings[i].severity]++;
	json_key(w, "findings");
	json_begin_object(w);
	json_put_uint(w, "critical", counts[SEVERITY_CRITICAL]);
	json_put_uint(w, "high", counts[SEVERITY_HIGH]);
	json_put_uint(w, "info", counts[SEVERITY_INFO]);
	json_put_uint(w, "low", counts[SEVERITY_LOW]);
	json_put_uint(w, "medium", counts[SEVERITY_MEDIUM]);
	json_end_object(w);
}

static void render(const struct result *r, const struct report_options *o, struct buf *out)
{
	struct json w;

	json_init(&w, out);
	json_begin_object(&w);
	json_put_str(&w, "_type", STR("https://in-toto.io/Statement/v1"));
	json_key(&w, "predicate");
	json_begin_object(&w);
	put_findings(&w, r);
	json_put_uint(&w, "not_checked", r->not_checked_n);
	put_origin(&w, r);
	json_put_rebuild(&w, r->rebuild, o->reproducible);
	json_put_str(&w, "tool", STR("tarproof " PACKAGE_VERSION));
	json_put_str(&w, "verdict", str_from(verdict_name(r->verdict)));
	json_end_object(&w);
	json_put_str(&w, "predicateType", STR("urn:tarproof:predicate:audit:1"));
	put_subjects(&w, r);
	json_end_object(&w);
	buf_add_char(out, '\n');
}

const struct report_format report_intoto = {
	.name = "in-toto",
	.summary = "an unsigned in-toto statement with subjects and digests",
	.render = render,
};
