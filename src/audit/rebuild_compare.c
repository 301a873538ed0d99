/* The build from the tag against the build from the release: outputs, why they differ, and what each did alone. */
#include "audit/rebuild_work.h"

#include "base/cleanup.h"
#include "rebuild/behaviour.h"
#include "rebuild/inputs.h"

static bool is_program(const struct output_tree *t, struct str path)
{
	const struct output *const o = output_find(t, path);

	return o && o->type == OUTPUT_FILE &&
	       ((o->mode & 0111) || str_ends(path, STR(".so")) || str_find_str(path, STR(".so.")) != (size_t)-1 ||
		str_ends(path, STR(".a")));
}

static enum severity severity_of(const struct rebuilding *b, const struct output_difference *d)
{
	const bool program = is_program(&b->release_build.outputs, d->path);

	switch (d->relation) {
	case OUTPUT_ONLY_SECOND: return program ? SEVERITY_HIGH : SEVERITY_LOW;
	case OUTPUT_DIFFERENT:
		if (!str_eq(d->cause, STR("unknown")) && !str_starts(d->cause, STR("other source")))
			return SEVERITY_INFO;
		return program ? SEVERITY_MEDIUM : SEVERITY_LOW;
	case OUTPUT_ONLY_FIRST: case OUTPUT_MODE: case OUTPUT_TYPE: return SEVERITY_LOW;
	case OUTPUT_EQUAL: case OUTPUT_NORMALISED: break;
	}
	return SEVERITY_INFO;
}

static void report_program(struct rebuilding *b, const struct output_difference *d, enum severity s)
{
	struct finding *const f = d->relation == OUTPUT_ONLY_SECOND ?
		result_find(b->r, RULE_TP401, d->path, "only the build from the release installs it") :
		result_find(b->r, RULE_TP401, d->path, "differs between the builds at %.*s; cause: %.*s",
			    STR_FMT(d->where), STR_FMT(d->cause));

	f->severity = s;
}

/* What is no program is told in one finding for each kind of difference: the comparison lists them all. */
static void report_others(struct rebuilding *b, const struct output_comparison *c, enum output_relation relation,
			  enum severity severity, const char *words)
{
	enum { SHOWN = 6 };
	struct finding *f = NULL;
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		n += c->differences[i].relation == relation && severity_of(b, &c->differences[i]) == severity;
	for (size_t i = 0; i < c->n && n; i++) {
		const struct output_difference *const d = &c->differences[i];

		if (d->relation != relation || severity_of(b, d) != severity)
			continue;
		if (!f) {
			f = result_find(b->r, RULE_TP401, STR(""), "%s: %zu %s", words, n, n == 1 ? "file" : "files");
			f->severity = severity;
		}
		if (f->evidence_n < SHOWN)
			finding_evidence(b->r, f, arena_strf(&b->r->arena, "%.*s%s%.*s%s%.*s", STR_FMT(d->path),
					 d->where.len ? " at " : "", STR_FMT(d->where), d->cause.len ? "; cause: " : "",
					 STR_FMT(d->cause)));
	}
}

static void report_differences(struct rebuilding *b, const struct output_comparison *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (severity_of(b, &c->differences[i]) >= SEVERITY_MEDIUM)
			report_program(b, &c->differences[i], severity_of(b, &c->differences[i]));
	report_others(b, c, OUTPUT_ONLY_SECOND, SEVERITY_LOW, "installed by the build from the release alone");
	report_others(b, c, OUTPUT_ONLY_FIRST, SEVERITY_LOW, "installed by the build from the tag alone");
	report_others(b, c, OUTPUT_DIFFERENT, SEVERITY_LOW, "differing between the builds, but no programs");
	report_others(b, c, OUTPUT_DIFFERENT, SEVERITY_INFO, "differing for a reason that is known");
	report_others(b, c, OUTPUT_MODE, SEVERITY_LOW, "of other permissions");
	report_others(b, c, OUTPUT_TYPE, SEVERITY_LOW, "of another type, or links to another place");
}

enum { INPUTS_SHOWN = 4 };

/* Where nothing in the content itself says why: the sources that are others in the release. */
static void find_inputs(struct rebuilding *b, const struct flow *flow, struct output_difference *d)
{
	const struct inputs_case c = {
		&b->release_build.trace, str_from(settings_plain.build_path), b->tag_build.folder.ptr,
		b->release_build.folder.ptr,
	};
	AUTO_BUF struct buf text = BUF_INIT;
	struct str inputs[INPUTS_SHOWN];
	size_t n;

	if (d->relation != OUTPUT_DIFFERENT || !str_eq(d->cause, STR("unknown")))
		return;
	n = inputs_differing(&c, flow, d->path, &b->r->arena, inputs, INPUTS_SHOWN);
	for (size_t i = 0; i < n; i++)
		buf_addf(&text, "%s%.*s", i ? ", " : "other source: ", STR_FMT(inputs[i]));
	if (n == INPUTS_SHOWN)
		buf_add_cstr(&text, ", ...");
	if (n)
		d->cause = arena_str(&b->r->arena, buf_str(&text));
}

struct str rebuild_version(const struct result *r)
{
	struct str name = r->artifact.lead;
	const size_t dash = str_rfind(name, '-');

	if (dash == (size_t)-1)
		return STR("");
	name = str_from_at(name, dash + 1);
	return name.len && name.ptr[name.len - 1] == '/' ? str_first(name, name.len - 1) : name;
}

/* What only one of the two builds ran and wrote. Tools of other versions do other things, so it is shown, not judged. */
static void compare_behaviour(struct rebuilding *b)
{
	const struct str path = str_from(settings_plain.build_path), home = str_from(settings_plain.home);
	struct rebuild_info *const info = b->info;
	struct behaviour tag, release;
	struct behaviour_difference d;
	struct arena *const a = &b->r->arena;

	if (b->o->no_trace)
		return;
	behaviour_init(&tag, &b->tag_build.trace, path, home);
	behaviour_init(&release, &b->release_build.trace, path, home);
	behaviour_compare(&tag, &tag, &release, a, &d);
	info->only_release = arena_alloc(a, (d.extra_n + 1) * sizeof(*info->only_release));
	info->only_tag = arena_alloc(a, (d.missing_n + 1) * sizeof(*info->only_tag));
	for (size_t i = 0; i < d.extra_n; i++)
		info->only_release[info->only_release_n++] = (struct done){ d.extra[i].exact, d.extra[i].command };
	/* What makes the sources ready is there for the tag alone. */
	for (size_t i = 0; i < d.missing_n; i++)
		if (!str_starts(d.missing[i].text, STR("bootstrap: ")))
			info->only_tag[info->only_tag_n++] = (struct done){ d.missing[i].exact, d.missing[i].command };
	behaviour_release(&tag);
	behaviour_release(&release);
}

void rebuild_compare(struct rebuilding *b)
{
	struct rebuild_info *const info = b->info;
	const struct output_context x = {
		str_from(settings_plain.build_path), str_from(settings_plain.build_path), rebuild_version(b->r),
	};
	struct output_comparison *c;
	struct flow flow;

	info->comparisons = memory_grow(info->comparisons, info->comparisons_n, &info->comparisons_cap,
					sizeof(*info->comparisons));
	c = &info->comparisons[info->comparisons_n++];
	*c = (struct output_comparison){ .first = STR("tag"), .second = STR("release") };
	output_compare(&b->tag_build.outputs, &b->release_build.outputs, &x, &b->r->arena, c);
	flow_init(&flow, &b->release_build.trace);
	for (size_t i = 0; i < c->n; i++) {
		struct output_difference *const d = &c->differences[i];

		d->path = arena_str(&b->r->arena, d->path);
		find_inputs(b, &flow, d);
	}
	flow_release(&flow);
	report_differences(b, c);
	compare_behaviour(b);
}
