#include "report/text.h"

#include "report/words.h"

void text_candidates(const struct text *t)
{
	const struct result *const r = t->r;

	if (r->has_origin || r->candidates_n == 0)
		return;
	text_heading(t, "Tags that may be meant, best first");
	buf_add_cstr(t->out, " (files: those that the tag holds with the same content)\n");
	for (size_t i = 0; i < r->candidates_n; i++) {
		const struct candidate *const c = &r->candidates[i];

		text_count_column(t, c->explained, "file", 15);
		buf_add_cstr(t->out, "  ");
		text_path(t, c->tag, TEXT_NAME, false);
		if (c->commit.len) {
			buf_add_cstr(t->out, "  commit ");
			text_input(t, str_first(c->commit, 12), TEXT_NAME, true);
		}
		if (c->why.len) {
			buf_add_cstr(t->out, "  (");
			text_input(t, c->why, TEXT_NAME, false);
			buf_add_char(t->out, ')');
		}
		buf_add_char(t->out, '\n');
	}
	buf_add_cstr(t->out, "  Say which one is meant, as in:\n    tarproof check ");
	text_argument(t, r->artifact.path, "ARTIFACT");
	buf_add_cstr(t->out, " --git ");
	text_argument(t, r->origin.repository, "REPO");
	buf_add_cstr(t->out, " --tag ");
	text_argument(t, r->candidates[0].tag, "NAME");
	buf_add_char(t->out, '\n');
}

void text_not_checked(const struct text *t)
{
	const struct result *const r = t->r;

	if (r->not_checked_n == 0)
		return;
	text_heading(t, "NOT CHECKED");
	buf_add_char(t->out, '\n');
	for (size_t i = 0; i < r->not_checked_n; i++) {
		const struct not_checked *const n = &r->not_checked[i];

		buf_add_cstr(t->out, n->incomplete ? "  ! " : "  - ");
		text_input(t, n->what, TEXT_LINE, false);
		buf_add_cstr(t->out, n->incomplete ? " (was asked for)\n" : "\n");
		text_paragraph(t, 6, n->why);
	}
}

static void add_text(const struct text *t, const char *label, struct str s)
{
	if (s.len == 0)
		return;
	text_label(t, label);
	text_path(t, s, TEXT_PATH, false);
	buf_add_char(t->out, '\n');
}

static void add_sha256(const struct text *t, const char *label, bool known,
		       const struct sha256 *digest)
{
	char hex[SHA256_HEX + 1];

	if (!known)
		return;
	hex_encode(digest->bytes, SHA256_SIZE, hex);
	text_label(t, label);
	buf_addf(t->out, "%s\n", hex);
}

static void add_size(const struct text *t, const char *label, uint64_t bytes)
{
	if (bytes == 0)
		return;
	text_label(t, label);
	text_size(t, bytes);
	buf_add_char(t->out, '\n');
}

static void add_parts(const struct text *t, const struct artifact_info *a)
{
	for (size_t i = 0; i < a->parts_n; i++) {
		const struct part *const p = &a->parts[i];
		char hex[SHA256_HEX + 1];

		hex_encode(p->sha256.bytes, SHA256_SIZE, hex);
		text_label(t, "Part");
		text_path(t, p->name, TEXT_PATH, false);
		buf_add_cstr(t->out, ", ");
		if (p->role) {
			text_input(t, str_from(p->role), TEXT_NAME, true);
			buf_add_cstr(t->out, ", ");
		}
		text_size(t, p->size);
		buf_addf(t->out, ", %s\n", p->audited ? "audited" : "not audited");
		buf_addf(t->out, "  %21s %s\n", "", hex);
	}
}

void text_artifact(const struct text *t)
{
	const struct artifact_info *const a = &t->r->artifact;

	text_heading(t, "Artifact");
	buf_add_char(t->out, '\n');
	add_text(t, "Name", a->name);
	add_text(t, "Format", a->format);
	add_size(t, "Size", a->size);
	add_sha256(t, "SHA-256", a->has_sha256, &a->sha256);
	add_size(t, "Uncompressed", a->content_size);
	add_sha256(t, "Uncompressed SHA-256", a->has_content_sha256, &a->content_sha256);
	text_label(t, "Entries");
	text_number(t, a->entries);
	buf_add_char(t->out, '\n');
	add_text(t, "Leading folder", a->lead);
	add_text(t, "Commit it names", a->archive_commit);
	add_parts(t, a);
}

static const char *signature_words(enum signature_kind k)
{
	static const char *const words[] = { "none", "PGP", "SSH", "X.509" };

	return words[k];
}

static void add_commit(const struct text *t, const struct origin_info *o)
{
	if (o->commit.len == 0)
		return;
	text_label(t, "Commit");
	text_input(t, o->commit, TEXT_NAME, false);
	buf_add_cstr(t->out, ", ");
	words_time(t->out, o->commit_time);
	buf_add_char(t->out, '\n');
	add_text(t, "Tree", o->tree);
	text_label(t, "Signatures");
	buf_addf(t->out, "tag: %s, commit: %s%s\n", signature_words(o->tag_signature),
		 signature_words(o->commit_signature),
		 o->tag_signature || o->commit_signature ? "; not verified" : "");
}

static void add_tag(const struct text *t, const struct origin_info *o)
{
	if (o->tag.len == 0)
		return;
	text_label(t, "Tag");
	text_path(t, o->tag, TEXT_PATH, false);
	if (o->tag_kind) {
		buf_add_cstr(t->out, ", ");
		text_input(t, str_from(o->tag_kind), TEXT_NAME, true);
	}
	buf_add_char(t->out, '\n');
	add_text(t, "Tag object", o->tag_oid);
}

static void add_tri(const struct text *t, const char *label, enum tri value)
{
	static const char *const words[] = {
		[TRI_UNKNOWN] = "not known", [TRI_NO] = "no", [TRI_YES] = "yes",
	};

	text_label(t, label);
	buf_addf(t->out, "%s\n", words[value]);
}

void text_origin(const struct text *t)
{
	const struct origin_info *const o = &t->r->origin;

	if (!t->r->has_origin)
		return;
	text_heading(t, "Origin");
	buf_add_char(t->out, '\n');
	text_label(t, strcmp(text_origin_word(t), "listing") == 0 ? "Listing" : "Repository");
	text_path(t, o->repository, TEXT_PATH, false);
	buf_add_char(t->out, '\n');
	add_tag(t, o);
	add_text(t, "Chosen by", o->how);
	add_commit(t, o);
	add_tri(t, "On a branch", o->on_branch);
	add_tri(t, "Same as git archive", o->git_archive);
	for (size_t i = 0; i < o->other_tags_n; i++)
		add_text(t, i ? "" : "Other tags of it", o->other_tags[i]);
}

void text_timings(const struct text *t)
{
	if (!text_verbose(t) || t->o->reproducible || t->r->timings_n == 0)
		return;
	text_heading(t, "Timings");
	buf_add_char(t->out, '\n');
	for (size_t i = 0; i < t->r->timings_n; i++) {
		const struct timing *const timing = &t->r->timings[i];

		buf_add_cstr(t->out, "  ");
		words_seconds(t->out, timing->seconds);
		buf_add_cstr(t->out, "  ");
		text_input(t, str_from(timing->name), TEXT_NAME, false);
		buf_add_char(t->out, '\n');
	}
}
