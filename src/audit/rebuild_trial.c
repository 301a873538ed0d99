#include "audit/rebuild_trial.h"

#include "base/cleanup.h"
#include "rebuild/variation.h"

size_t trial_names(struct arena *a, uint64_t set, struct str **out)
{
	size_t n = 0;

	*out = arena_alloc(a, (variations_n + 1) * sizeof(**out));
	for (size_t i = 0; i < variations_n; i++)
		if (set & (1ull << i))
			(*out)[n++] = str_from(variations[i].name);
	return n;
}

void trial_join(struct buf *to, const struct str *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_addf(to, "%s%.*s", i ? " and " : "", STR_FMT(names[i]));
}

/* The epoch is there to be written into outputs as a time, and for nothing else. */
static bool is_more_than_time(const struct trial *t)
{
	for (size_t i = 0; i < t->outputs.n; i++)
		if (!str_eq(t->outputs.differences[i].cause, STR("timestamp")) &&
		    !str_eq(t->outputs.differences[i].cause, STR("build id")))
			return true;
	return false;
}

static bool is_bait(uint64_t set)
{
	for (size_t i = 0; i < variations_n; i++)
		if ((set & (1ull << i)) && !variations[i].bait)
			return false;
	return true;
}

enum { PATHS_SHOWN = 8 };

void trial_report_outputs(struct rebuilding *b, uint64_t set, const struct trial *t)
{
	struct arena *const a = &b->r->arena;
	AUTO_BUF struct buf names = BUF_INIT;
	struct variation_set found = { .paths = arena_alloc(a, (t->outputs.n + 1) * sizeof(*found.paths)) };
	struct variation_result *const r = &b->info->variation;
	const bool epoch = set == 1ull << (size_t)(variation_find(STR("epoch")) - variations);
	struct finding *f;

	found.n = trial_names(a, set, &found.names);
	for (size_t i = 0; i < t->outputs.n; i++)
		found.paths[found.paths_n++] = t->outputs.differences[i].path;
	trial_join(&names, found.names, found.n);
	if (epoch && is_more_than_time(t)) {
		f = result_find(b->r, RULE_TP423, STR(""), "%zu of the outputs depend on SOURCE_DATE_EPOCH", found.paths_n);
	} else {
		f = result_find(b->r, RULE_TP415, STR(""), "%zu of the outputs depend on %s", found.paths_n, buf_cstr(&names));
		if (is_bait(set) && is_more_than_time(t))
			f->severity = SEVERITY_HIGH;
	}
	for (size_t i = 0; i < t->outputs.n && i < PATHS_SHOWN; i++) {
		const struct output_difference *const d = &t->outputs.differences[i];

		finding_evidence(b->r, f, arena_strf(a, "%.*s%s%.*s%s%.*s", STR_FMT(d->path), d->where.len ? " at " : "",
				 STR_FMT(d->where), d->cause.len ? "; cause: " : "", STR_FMT(d->cause)));
	}
	r->sets[r->sets_n++] = found;
}

static bool in_tests(const struct behaviour_difference *d)
{
	for (size_t i = 0; i < d->extra_n; i++)
		if (!str_starts(d->extra[i].text, STR("test: ")))
			return false;
	for (size_t i = 0; i < d->missing_n; i++)
		if (!str_starts(d->missing[i].text, STR("test: ")))
			return false;
	return true;
}

static void add_evidence(struct rebuilding *b, struct finding *f, const char *words, const struct behaviour_line *v,
			 size_t n)
{
	enum { SHOWN = 4 };

	for (size_t i = 0; i < n && i < SHOWN; i++)
		finding_evidence(b->r, f, arena_strf(&b->r->arena, "%s: %.*s (by %.*s)", words, STR_FMT(v[i].text),
				 STR_FMT(str_first(v[i].command, 120))));
}

void trial_report_behaviour(struct rebuilding *b, uint64_t set, const struct trial *t)
{
	AUTO_BUF struct buf names = BUF_INIT;
	struct finding *f;
	struct str *list;
	const size_t n = trial_names(&b->r->arena, set, &list);

	trial_join(&names, list, n);
	f = result_find(b->r, RULE_TP414, STR(""), "with %s varied the build does what it does not do else: %zu more "
			"and %zu fewer of what it ran and wrote", buf_cstr(&names), t->behaviour.extra_n,
			t->behaviour.missing_n);
	f->severity = is_bait(set) ? SEVERITY_HIGH : SEVERITY_MEDIUM;
	if (in_tests(&t->behaviour))
		f->severity = (enum severity)(f->severity - 1);
	add_evidence(b, f, "only then", t->behaviour.extra, t->behaviour.extra_n);
	add_evidence(b, f, "not then", t->behaviour.missing, t->behaviour.missing_n);
}
