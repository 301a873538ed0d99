/* The part of a result that says what was built. */
#include "report/json_rebuild.h"

static void put_phase(struct json *w, enum phase phase, const struct phase_run *p, bool reproducible)
{
	json_begin_object(w);
	json_put_str(w, "name", str_from(phase_name(phase)));
	if (!reproducible) {
		json_key(w, "seconds");
		json_seconds(w, p->seconds);
	}
	json_put_str(w, "state", str_from(phase_state_name(p->state)));
	if (p->state == PHASE_FAILED)
		json_put_int(w, "status", p->exit_status);
	json_put_text(w, "why", p->why);
	json_end_object(w);
}

static void put_trace(struct json *w, const struct trace_totals *t)
{
	json_key(w, "trace");
	json_begin_object(w);
	json_put_uint(w, "connects", t->connects);
	json_put_uint(w, "denied", t->denied);
	json_put_uint(w, "lost", t->lost);
	json_put_uint(w, "pipes", t->pipes);
	json_put_uint(w, "processes", t->processes);
	json_put_uint(w, "programs", t->programs);
	json_put_uint(w, "reads", t->reads);
	json_put_uint(w, "writes", t->writes);
	json_end_object(w);
}

static void put_build(struct json *w, const struct build_run *b, bool reproducible)
{
	json_begin_object(w);
	json_put_bool(w, "complete", b->complete);
	json_put_text(w, "kept_in", b->log);
	json_put_str(w, "label", b->label);
	json_put_uint(w, "output_bytes", b->output_bytes);
	json_put_uint(w, "outputs", b->outputs);
	json_key(w, "phases");
	json_begin_array(w);
	for (int i = 0; i < PHASE_COUNT; i++)
		if (b->phases[i].state != PHASE_SKIPPED)
			put_phase(w, (enum phase)i, &b->phases[i], reproducible);
	json_end_array(w);
	/* How often files are looked for differs from run to run. */
	if (b->traced && !reproducible)
		put_trace(w, &b->trace);
	json_end_object(w);
}

static void put_difference(struct json *w, const struct output_difference *d)
{
	json_begin_object(w);
	json_put_text(w, "cause", d->cause);
	if (d->has_first)
		json_put_sha256(w, "first", &d->first);
	json_put_text(w, "normalised", d->normalised);
	json_put_str(w, "path", d->path);
	json_put_str(w, "relation", str_from(output_relation_name(d->relation)));
	if (d->has_second)
		json_put_sha256(w, "second", &d->second);
	json_put_text(w, "where", d->where);
	json_end_object(w);
}

static void put_comparison(struct json *w, const struct output_comparison *c)
{
	/* In byte order of their names. */
	static const enum output_relation order[] = {
		OUTPUT_DIFFERENT, OUTPUT_EQUAL, OUTPUT_MODE, OUTPUT_NORMALISED, OUTPUT_ONLY_FIRST,
		OUTPUT_ONLY_SECOND, OUTPUT_TYPE,
	};

	json_begin_object(w);
	json_key(w, "counts");
	json_begin_object(w);
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		json_put_uint(w, output_relation_name(order[i]), c->counts[order[i]]);
	json_end_object(w);
	json_key(w, "differences");
	json_begin_array(w);
	for (size_t i = 0; i < c->n; i++)
		put_difference(w, &c->differences[i]);
	json_end_array(w);
	json_put_str(w, "first", c->first);
	json_put_str(w, "second", c->second);
	json_end_object(w);
}

static void put_variation(struct json *w, const struct variation_result *v)
{
	if (!v->asked)
		return;
	json_key(w, "variation");
	json_begin_object(w);
	json_put_uint(w, "builds", v->builds);
	json_key(w, "sets");
	json_begin_array(w);
	for (size_t i = 0; i < v->sets_n; i++) {
		json_begin_object(w);
		json_put_strings(w, "outputs", v->sets[i].paths, v->sets[i].paths_n);
		json_put_strings(w, "variations", v->sets[i].names, v->sets[i].n);
		json_end_object(w);
	}
	json_end_array(w);
	json_put_strings(w, "tried", v->tried, v->tried_n);
	json_put_bool(w, "unstable", v->unstable);
	json_end_object(w);
}

static void put_ablation(struct json *w, const struct ablation *a)
{
	if (!a->asked)
		return;
	json_key(w, "ablation");
	json_begin_object(w);
	json_put_uint(w, "builds", a->builds);
	json_put_strings(w, "feeding", a->feeding, a->feeding_n);
	json_put_uint(w, "files", a->files);
	json_end_object(w);
}

static void put_done(struct json *w, const char *key, const struct done *v, size_t n)
{
	json_key(w, key);
	json_begin_array(w);
	for (size_t i = 0; i < n; i++) {
		json_begin_object(w);
		json_put_str(w, "command", v[i].command);
		json_put_str(w, "what", v[i].what);
		json_end_object(w);
	}
	json_end_array(w);
}

static void put_outputs(struct json *w, const struct rebuild_info *info)
{
	json_key(w, "outputs");
	json_begin_array(w);
	for (size_t i = 0; i < info->outputs_n; i++) {
		json_begin_object(w);
		json_put_str(w, "path", info->outputs[i].path);
		json_put_sha256(w, "sha256", &info->outputs[i].sha256);
		json_put_uint(w, "size", info->outputs[i].size);
		json_end_object(w);
	}
	json_end_array(w);
}

static void put_provenance(struct json *w, const struct provenance *p)
{
	if (!p->path.len)
		return;
	json_key(w, "provenance");
	json_begin_object(w);
	json_put_strings(w, "inputs", p->inputs, p->inputs_n);
	json_put_strings(w, "outputs", p->outputs, p->outputs_n);
	json_put_str(w, "path", p->path);
	json_end_object(w);
}

void json_put_rebuild(struct json *w, const struct rebuild_info *info, bool reproducible)
{
	if (!info)
		return;
	json_key(w, "rebuild");
	json_begin_object(w);
	put_ablation(w, &info->ablation);
	json_key(w, "builds");
	json_begin_array(w);
	for (size_t i = 0; i < info->builds_n; i++)
		put_build(w, &info->builds[i], reproducible);
	json_end_array(w);
	json_key(w, "comparisons");
	json_begin_array(w);
	for (size_t i = 0; i < info->comparisons_n; i++)
		put_comparison(w, &info->comparisons[i]);
	json_end_array(w);
	put_done(w, "only_release", info->only_release, info->only_release_n);
	put_done(w, "only_tag", info->only_tag, info->only_tag_n);
	put_outputs(w, info);
	put_provenance(w, &info->provenance);
	json_put_str(w, "recipe", info->recipe);
	json_put_text(w, "recipe_text", info->recipe_text);
	put_variation(w, &info->variation);
	json_end_object(w);
}
