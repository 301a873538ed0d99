/* What was built, and how the outputs compare. */
#include "report/text.h"

static void add_totals(const struct text *t, const struct build_run *b)
{
	buf_add_cstr(t->out, "      ");
	text_count(t, b->outputs, "file");
	buf_add_cstr(t->out, " installed, ");
	text_size(t, b->output_bytes);
	if (b->traced) {
		buf_add_cstr(t->out, "; ");
		text_count(t, b->trace.programs, "program");
		buf_add_cstr(t->out, " run, ");
		text_count(t, b->trace.reads, "file");
		buf_add_cstr(t->out, " read, ");
		text_number(t, b->trace.writes);
		buf_add_cstr(t->out, " written");
	}
	buf_add_char(t->out, '\n');
	if (b->log.len) {
		buf_add_cstr(t->out, "      kept in ");
		text_path(t, b->log, TEXT_PATH, true);
		buf_add_char(t->out, '\n');
	}
}

static void add_build(const struct text *t, const struct build_run *b)
{
	bool any = false;

	buf_add_cstr(t->out, "  from the ");
	text_input(t, b->label, TEXT_NAME, false);
	buf_add_cstr(t->out, ":");
	for (int i = 0; i < PHASE_COUNT; i++) {
		const struct phase_run *const p = &b->phases[i];

		if (p->state == PHASE_SKIPPED)
			continue;
		buf_addf(t->out, "%s %s ", any ? "," : "", phase_name((enum phase)i));
		any = true;
		if (p->state != PHASE_PASSED)
			text_paint(t, PAINT_YELLOW, phase_state_name(p->state));
		else if (t->o->reproducible)
			buf_add_cstr(t->out, "passed");
		else
			buf_addf(t->out, "%.1f s", p->seconds);
	}
	buf_add_char(t->out, '\n');
	add_totals(t, b);
}

static const char *relation_words(enum output_relation r)
{
	static const char *const words[] = {
		[OUTPUT_EQUAL] = "equal", [OUTPUT_NORMALISED] = "equal but for times and ids",
		[OUTPUT_DIFFERENT] = "different", [OUTPUT_MODE] = "of other permissions",
		[OUTPUT_TYPE] = "of another type", [OUTPUT_ONLY_FIRST] = "only in the first",
		[OUTPUT_ONLY_SECOND] = "only in the second",
	};

	return words[r];
}

static void add_difference(const struct text *t, const struct output_difference *d)
{
	buf_add_cstr(t->out, "      ");
	text_path(t, d->path, TEXT_PATH, false);
	buf_addf(t->out, "  %s", relation_words(d->relation));
	if (d->where.len) {
		buf_add_cstr(t->out, " at ");
		text_input(t, d->where, TEXT_NAME, false);
	}
	if (d->normalised.len) {
		buf_add_cstr(t->out, ": ");
		text_input(t, d->normalised, TEXT_NAME, false);
	} else if (d->cause.len) {
		buf_add_cstr(t->out, "; cause: ");
		text_input(t, d->cause, TEXT_NAME, false);
	}
	buf_add_char(t->out, '\n');
}

/* What a list leaves out. */
static void add_more(const struct text *t, const char *indent, size_t n)
{
	if (n == 0)
		return;
	buf_addf(t->out, "%s... and ", indent);
	text_number(t, n);
	buf_add_cstr(t->out, " more (-v shows all)\n");
}

enum { DIFFERENCES_SHOWN = 12 };

static void add_comparison(const struct text *t, const struct output_comparison *c)
{
	const size_t shown = text_verbose(t) || c->n <= DIFFERENCES_SHOWN ? c->n : DIFFERENCES_SHOWN - 2;
	bool any = false;

	buf_add_cstr(t->out, "  outputs, ");
	text_input(t, c->first, TEXT_NAME, false);
	buf_add_cstr(t->out, " against ");
	text_input(t, c->second, TEXT_NAME, false);
	buf_add_cstr(t->out, ":");
	for (int i = 0; i < OUTPUT_RELATIONS; i++) {
		if (c->counts[i] == 0)
			continue;
		buf_add_cstr(t->out, any ? ", " : " ");
		text_number(t, c->counts[i]);
		buf_addf(t->out, " %s", relation_words((enum output_relation)i));
		any = true;
	}
	buf_add_char(t->out, '\n');
	for (size_t i = 0; i < shown; i++)
		add_difference(t, &c->differences[i]);
	add_more(t, "      ", c->n - shown);
}

static void add_done(const struct text *t, const char *of, const struct done *v, size_t n)
{
	enum { SHOWN = 4 };
	const size_t shown = text_verbose(t) || n <= SHOWN ? n : SHOWN;

	if (n == 0)
		return;
	buf_addf(t->out, "  only the build from %s did ", of);
	text_number(t, n);
	buf_add_cstr(t->out, n == 1 ? " thing:\n" : " things:\n");
	for (size_t i = 0; i < shown; i++) {
		buf_add_cstr(t->out, "      ");
		text_input(t, v[i].what, TEXT_NAME, false);
		buf_add_cstr(t->out, "  by ");
		text_input(t, v[i].command, TEXT_NAME, false);
		buf_add_char(t->out, '\n');
	}
	add_more(t, "      ", n - shown);
}

static void add_names(const struct text *t, const struct str *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		buf_add_cstr(t->out, i ? ", " : "");
		text_input(t, names[i], TEXT_PATH, false);
	}
}

static void add_variations(const struct text *t, const struct variation_result *v)
{
	if (!v->asked)
		return;
	buf_add_cstr(t->out, "  reproducibility: ");
	if (v->unstable)
		buf_add_cstr(t->out, "two builds with nothing varied differ already");
	else if (v->sets_n == 0)
		buf_add_cstr(t->out, "the same outputs whatever was varied");
	else
		buf_add_cstr(t->out, "depends on what is varied");
	buf_addf(t->out, " (%u builds)\n      varied: ", v->builds);
	add_names(t, v->tried, v->tried_n);
	buf_add_char(t->out, '\n');
	for (size_t i = 0; i < v->sets_n; i++) {
		const struct variation_set *const s = &v->sets[i];

		buf_add_cstr(t->out, "      broken by ");
		add_names(t, s->names, s->n);
		buf_add_cstr(t->out, s->n > 1 ? " together, in " : ", in ");
		add_names(t, s->paths, s->paths_n < 5 || text_verbose(t) ? s->paths_n : 5);
		if (s->paths_n > 5 && !text_verbose(t))
			buf_addf(t->out, " and %zu more", s->paths_n - 5);
		buf_add_char(t->out, '\n');
	}
}

static void add_ablation(const struct text *t, const struct ablation *a)
{
	if (!a->asked)
		return;
	buf_add_cstr(t->out, "  ablation: ");
	if (a->files == 0) {
		buf_add_cstr(t->out, "there are no opaque files and no data of tests to replace\n");
		return;
	}
	text_count(t, a->files, "file");
	buf_addf(t->out, " (opaque ones and data of the tests) replaced by noise, %u builds: ", a->builds);
	if (a->feeding_n == 0) {
		buf_add_cstr(t->out, "the outputs are the same\n");
		return;
	}
	buf_add_cstr(t->out, "the outputs need ");
	add_names(t, a->feeding, a->feeding_n);
	buf_add_char(t->out, '\n');
}

enum { FLOWS_SHOWN = 20 };

static void add_flows(const struct text *t, const char *words, const struct str *v, size_t n)
{
	const size_t shown = text_verbose(t) || n <= FLOWS_SHOWN ? n : FLOWS_SHOWN;

	if (n == 0)
		return;
	buf_addf(t->out, "      %s\n", words);
	for (size_t i = 0; i < shown; i++) {
		buf_add_cstr(t->out, "        ");
		text_path(t, v[i], TEXT_PATH, false);
		buf_add_char(t->out, '\n');
	}
	add_more(t, "        ", n - shown);
}

static void add_provenance(const struct text *t, const struct provenance *p)
{
	if (!p->path.len)
		return;
	buf_add_cstr(t->out, "  provenance of ");
	text_path(t, p->path, TEXT_PATH, true);
	buf_add_cstr(t->out, p->inputs_n + p->outputs_n ? ":\n" : ": nothing\n");
	add_flows(t, "files of the source that may have flowed into it:", p->inputs, p->inputs_n);
	add_flows(t, "installed files that it may have flowed into:", p->outputs, p->outputs_n);
}

void text_rebuild(const struct text *t)
{
	const struct rebuild_info *const info = t->r->rebuild;

	if (!info)
		return;
	text_heading(t, "Rebuild");
	buf_add_cstr(t->out, " by the recipe ");
	text_input(t, info->recipe, TEXT_NAME, true);
	buf_add_char(t->out, '\n');
	/* What a search for variations built says little in itself. */
	for (size_t i = 0; i < info->builds_n; i++)
		if (i < 2 || !info->builds[i].complete || text_verbose(t))
			add_build(t, &info->builds[i]);
	for (size_t i = 0; i < info->comparisons_n; i++)
		add_comparison(t, &info->comparisons[i]);
	add_done(t, "the release", info->only_release, info->only_release_n);
	add_done(t, "the tag", info->only_tag, info->only_tag_n);
	add_variations(t, &info->variation);
	add_ablation(t, &info->ablation);
	add_provenance(t, &info->provenance);
}
