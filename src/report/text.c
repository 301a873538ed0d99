/* "text": for a person at a terminal. The first ten lines hold what matters; details follow. */
#include "report/text.h"

enum { HEAD_LINES = 10, RESIDUE_KINDS = 3 };

enum strength text_strength(const struct change *c)
{
	if (c->relation == RELATION_IDENTICAL)
		return STRENGTH_PROVEN;
	return c->explanation ? c->explanation->strength : STRENGTH_NONE;
}

const char *text_origin_word(const struct text *t)
{
	if (t->r->origin.kind && strcmp(t->r->origin.kind, "listing") == 0)
		return "listing";
	return t->r->origin.tag.len ? "tag" : "commit";
}

static void count_changes(struct text *t)
{
	for (size_t i = 0; i < t->r->changes_n; i++) {
		const struct change *const c = &t->r->changes[i];
		const struct entry *const e = c->artifact ? c->artifact : c->origin;
		const enum strength s = text_strength(c);

		if (e && e->type == ENTRY_FILE) {
			t->files[c->relation][s].files++;
			t->files[c->relation][s].bytes += e->size;
		} else if (e) {
			t->others[c->relation][s]++;
		}
	}
}

static void add_verdict(const struct text *t)
{
	static const char *const words[] = { "CLEAN", "REVIEW", "SUSPECT", "INCOMPLETE" };
	static const enum paint paints[] = {
		PAINT_GREEN, PAINT_YELLOW, PAINT_RED, PAINT_YELLOW,
	};

	buf_add_cstr(t->out, "tarproof: ");
	text_paint(t, paints[t->r->verdict], words[t->r->verdict]);
	buf_add_cstr(t->out, "  ");
	text_path(t, t->r->artifact.name, TEXT_NAME, true);
}

/* "annotated, PGP signature not verified" */
static void add_tag_kind(const struct text *t)
{
	static const char *const kinds[] = { NULL, "PGP", "SSH", "X.509" };
	const struct origin_info *const o = &t->r->origin;
	const char *const tag = kinds[o->tag_signature], *const commit = kinds[o->commit_signature];

	buf_add_cstr(t->out, " (");
	if (o->tag.len && o->tag_kind) {
		text_input(t, str_from(o->tag_kind), TEXT_NAME, true);
		buf_add_cstr(t->out, ", ");
	}
	if (tag)
		buf_addf(t->out, "%s signature not verified)", tag);
	else if (commit)
		buf_addf(t->out, "%s signature of the commit not verified)", commit);
	else
		buf_add_cstr(t->out, "not signed)");
}

static void add_against(const struct text *t)
{
	const struct origin_info *const o = &t->r->origin;

	if (!t->r->has_origin) {
		buf_add_cstr(t->out, ", compared with no tag");
		return;
	}
	buf_add_cstr(t->out, " against ");
	if (o->tag.len) {
		text_path(t, o->tag, TEXT_NAME, true);
	} else if (o->commit.len) {
		buf_add_cstr(t->out, "commit ");
		text_input(t, str_first(o->commit, 12), TEXT_NAME, true);
	} else {
		buf_add_cstr(t->out, "the listing ");
		text_path(t, o->repository, TEXT_NAME, true);
	}
	/* A listing does not say how its tag was made. */
	if (o->commit.len)
		add_tag_kind(t);
}

/* " (130 added, 3 modified)": the residue by relation, no more kinds than fit a line. */
static void add_residue(const struct text *t)
{
	static const struct { enum relation relation; const char *word; } words[] = {
		{ RELATION_ADDED, "added" }, { RELATION_MODIFIED, "modified" },
		{ RELATION_TYPE_CHANGED, "of another type" },
		{ RELATION_MODE_CHANGED, "of another mode" }, { RELATION_MOVED, "moved" },
		{ RELATION_TRANSFORMED, "transformed" },
		{ RELATION_SUBMODULE, "in submodules not given" },
	};
	uint64_t left = t->r->totals.explained[STRENGTH_NONE].files;
	int shown = 0;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const uint64_t n = t->files[words[i].relation][STRENGTH_NONE].files;

		if (n == 0 || shown == RESIDUE_KINDS)
			continue;
		buf_add_cstr(t->out, shown++ ? ", " : " (");
		text_number(t, n);
		buf_addf(t->out, " %s", words[i].word);
		left -= n;
	}
	if (left && shown) {
		buf_add_cstr(t->out, ", ");
		text_number(t, left);
		buf_add_cstr(t->out, " otherwise");
	}
	if (shown)
		buf_add_char(t->out, ')');
}

static void add_missing(const struct text *t)
{
	const uint64_t missing = t->r->totals.relation[RELATION_MISSING].files;
	uint64_t others = 0;

	for (int r = RELATION_IDENTICAL + 1; r < RELATION_MISSING; r++)
		others += t->others[r][STRENGTH_NONE];
	if (others) {
		buf_add_cstr(t->out, "; ");
		text_count(t, others, "link or special file");
		buf_add_cstr(t->out, " not explained");
	}
	if (missing) {
		buf_add_cstr(t->out, "; ");
		text_count(t, missing, "file");
		buf_addf(t->out, " of the %s missing", text_origin_word(t));
	}
}

/* One line: where every file of the artifact went. */
static void add_accounting(const struct text *t)
{
	const struct totals *const all = &t->r->totals;
	const uint64_t n = all->artifact.files, same = all->relation[RELATION_IDENTICAL].files;
	const uint64_t proven = all->explained[STRENGTH_PROVEN].files;
	const uint64_t plausible = all->explained[STRENGTH_PLAUSIBLE].files;
	const uint64_t none = all->explained[STRENGTH_NONE].files;

	buf_add_cstr(t->out, "  ");
	if (n && same == n) {
		buf_add_cstr(t->out, n == 1 ? "the only file is identical to the " : "all ");
		if (n > 1) {
			text_count(t, n, "file");
			buf_add_cstr(t->out, " are identical to the ");
		}
	} else {
		text_number(t, same);
		buf_add_cstr(t->out, " of ");
		text_count(t, n, "file");
		buf_addf(t->out, " %s identical to the ", same == 1 ? "is" : "are");
	}
	buf_add_cstr(t->out, text_origin_word(t));
	if (proven > same) {
		buf_add_cstr(t->out, ", ");
		text_number(t, proven - same);
		buf_add_cstr(t->out, " more proven");
	}
	if (plausible) {
		buf_add_cstr(t->out, ", ");
		text_number(t, plausible);
		buf_add_cstr(t->out, " plausible");
	}
	if (none) {
		buf_add_cstr(t->out, ", ");
		text_number(t, none);
		buf_add_cstr(t->out, " not explained");
		add_residue(t);
	}
	add_missing(t);
	buf_add_char(t->out, '\n');
}

static void add_no_origin(const struct text *t)
{
	const struct result *const r = t->r;

	buf_add_cstr(t->out, "  ");
	text_count(t, r->artifact.entries, "entry");
	if (r->candidates_n == 0) {
		buf_add_cstr(t->out, " held against nothing: there is no tag to compare with\n");
		return;
	}
	buf_add_cstr(t->out, " held against nothing: no tag is clear. ");
	buf_addf(t->out, "The %s candidate, ", r->candidates_n == 1 ? "only" : "best");
	text_path(t, r->candidates[0].tag, TEXT_NAME / 2, true);
	buf_add_cstr(t->out, ", explains ");
	text_count(t, r->candidates[0].explained, "file");
	buf_add_cstr(t->out, " (see below)\n");
}

static size_t count_incomplete(const struct result *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->not_checked_n; i++)
		n += r->not_checked[i].incomplete;
	return n;
}

/* What keeps the verdict from being more than it is. */
static void add_incomplete(const struct text *t, size_t n)
{
	const struct not_checked *first = t->r->not_checked;

	while (!first->incomplete)
		first++;
	buf_add_cstr(t->out, "  ");
	text_paint(t, PAINT_YELLOW, "NOT CHECKED");
	buf_add_cstr(t->out, "  ");
	text_input(t, first->what, TEXT_NAME / 2, true);
	buf_add_cstr(t->out, ": ");
	text_input(t, first->why, TEXT_NAME, true);
	if (n > 1) {
		buf_add_cstr(t->out, " (and ");
		text_number(t, n - 1);
		buf_add_cstr(t->out, " more below)");
	}
	buf_add_char(t->out, '\n');
}

static void add_head(const struct text *t)
{
	const size_t incomplete = count_incomplete(t->r);

	add_verdict(t);
	add_against(t);
	buf_add_char(t->out, '\n');
	if (t->r->has_origin)
		add_accounting(t);
	else
		add_no_origin(t);
	text_findings_head(t, (size_t)HEAD_LINES - 2 - (incomplete > 0));
	if (incomplete)
		add_incomplete(t, incomplete);
}

static void add_quiet(const struct text *t)
{
	const size_t incomplete = count_incomplete(t->r);

	add_verdict(t);
	add_against(t);
	if (incomplete) {
		buf_add_cstr(t->out, "; ");
		text_count(t, incomplete, "thing");
		buf_add_cstr(t->out, " not checked");
	}
	buf_add_char(t->out, '\n');
	text_findings_failing(t);
}

static void render(const struct result *r, const struct report_options *o, struct buf *out)
{
	struct text t = { .r = r, .o = o, .out = out };

	if (o->verbosity < 0) {
		add_quiet(&t);
		return;
	}
	count_changes(&t);
	add_head(&t);
	text_candidates(&t);
	text_findings(&t);
	text_rebuild(&t);
	text_totals(&t);
	text_files(&t);
	text_not_checked(&t);
	text_artifact(&t);
	text_origin(&t);
	text_timings(&t);
}

const struct report_format report_text = {
	.name = "text",
	.summary = "for a person: what matters in the first ten lines, then details",
	.render = render,
};
