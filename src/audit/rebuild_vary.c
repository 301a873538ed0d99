/* Variations: whether the surroundings change what comes out, or what is done. */
#include "audit/rebuild_trial.h"

#include "base/cleanup.h"
#include "rebuild/search.h"
#include "rebuild/variation.h"

enum { FOUND_MAX = 64 };

struct varying {
	struct rebuilding *b;
	struct behaviour plain, again;
	struct trial *trials;
	size_t trials_n, trials_cap;
	struct str *unstable;		/* outputs that differ with nothing varied */
	size_t unstable_n;
	uint64_t found[FOUND_MAX];	/* sets, of the search that runs */
	size_t found_n;
	/* What the search looks for now. */
	bool by_behaviour;
	const struct str *paths;	/* any of these outputs; NULL: any at all */
	size_t paths_n;
};

/* --- which --- */

static bool is_wanted(struct str list, size_t i)
{
	struct str name;

	while (str_next_item(&list, ',', &name)) {
		name = str_trim(name);
		if (str_eq(name, str_from(variations[i].name)) || str_eq(name, STR("all")) ||
		    (str_eq(name, STR("bait")) && variations[i].bait))
			return true;
	}
	return false;
}

static int check_names(struct str list, struct error *err)
{
	AUTO_BUF struct buf known = BUF_INIT;
	struct str name;

	while (str_next_item(&list, ',', &name)) {
		name = str_trim(name);
		if (str_eq(name, STR("all")) || str_eq(name, STR("bait")) || variation_find(name))
			continue;
		for (size_t i = 0; i < variations_n; i++)
			buf_addf(&known, "%s, ", variations[i].name);
		error_set(err, ERROR_USAGE, "option --vary: nothing is called \"%.*s\"", STR_FMT(str_first(name, 60)));
		return error_hint(err, "known: %sall, bait", buf_cstr(&known));
	}
	return 0;
}

static uint64_t wanted(struct str list)
{
	uint64_t set = 0;

	for (size_t i = 0; i < variations_n; i++)
		if (is_wanted(list, i))
			set |= 1ull << i;
	return set;
}

static struct settings settings_of(uint64_t set)
{
	struct settings s = settings_plain;

	for (size_t i = 0; i < variations_n; i++)
		if (set & (1ull << i))
			variations[i].apply(&s);
	return s;
}

static struct str label_of(struct varying *v, uint64_t set)
{
	AUTO_BUF struct buf text = BUF_INIT;

	buf_add_cstr(&text, "release, varied:");
	for (size_t i = 0; i < variations_n; i++)
		if (set & (1ull << i))
			buf_addf(&text, " %s", variations[i].name);
	if (set == 0)
		return STR("release, again");
	return arena_str(&v->b->r->arena, buf_str(&text));
}

/* --- one build --- */

static bool is_unstable(const struct varying *v, struct str path)
{
	for (size_t i = 0; i < v->unstable_n; i++)
		if (str_eq(path, v->unstable[i]))
			return true;
	return false;
}

/* Differences that were there with nothing varied say nothing, and folders are not what is installed. */
static void drop_unstable(struct varying *v, struct output_comparison *c)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->n; i++)
		if (!is_unstable(v, c->differences[i].path) && !c->differences[i].folder)
			c->differences[kept++] = c->differences[i];
	c->n = kept;
}

static int build_varied(struct varying *v, uint64_t set, struct build *to, struct settings *s, struct error *err)
{
	struct build_plan plan = rebuild_plan(v->b, &v->b->release, label_of(v, set));

	*s = settings_of(set);
	plan.settings = s;
	plan.shell_on_failure = false;
	v->b->info->variation.builds++;
	return build_run(to, &plan, err);
}

static void compare(struct varying *v, const struct build *done, const struct settings *s, struct trial *t)
{
	const struct output_context x = {
		str_from(settings_plain.build_path), str_from(s->build_path), rebuild_version(v->b->r),
	};
	struct arena *const a = &v->b->r->arena;
	struct behaviour other;

	output_compare(&v->b->release_build.outputs, &done->outputs, &x, a, &t->outputs);
	for (size_t i = 0; i < t->outputs.n; i++)
		t->outputs.differences[i].path = arena_str(a, t->outputs.differences[i].path);
	drop_unstable(v, &t->outputs);
	behaviour_init(&other, &done->trace, str_from(s->build_path), str_from(s->home));
	behaviour_compare(&v->plain, &v->again, &other, a, &t->behaviour);
	behaviour_release(&other);
}

static int try(struct varying *v, uint64_t set, const struct trial **out, struct error *err)
{
	struct settings s;
	struct build done;
	struct trial *t;

	for (size_t i = 0; i < v->trials_n; i++)
		if (v->trials[i].set == set) {
			*out = &v->trials[i];
			return 0;
		}
	if (build_varied(v, set, &done, &s, err) < 0) {
		build_release(&done, false);
		return -1;
	}
	v->trials = memory_grow(v->trials, v->trials_n, &v->trials_cap, sizeof(*v->trials));
	t = &v->trials[v->trials_n++];
	*t = (struct trial){ .set = set, .failed = !done.run.complete };
	rebuild_record(v->b, &done);
	/* What a build that broke off left says nothing. */
	if (!t->failed)
		compare(v, &done, &s, t);
	build_release(&done, v->b->o->keep);
	*out = t;
	return 0;
}

/* --- the search --- */

static bool matters(const struct varying *v, const struct output_difference *d)
{
	if (d->relation == OUTPUT_EQUAL)
		return false;
	for (size_t i = 0; i < v->paths_n; i++)
		if (str_eq(v->paths[i], d->path))
			return true;
	return !v->paths;
}

static int breaks(void *ctx, uint64_t set, struct error *err)
{
	struct varying *const v = ctx;
	const struct trial *t;

	if (try(v, set, &t, err) < 0)
		return -1;
	/* What does not build with one of them tells nothing. */
	if (t->failed)
		return 0;
	if (v->by_behaviour)
		return t->behaviour.extra_n || t->behaviour.missing_n;
	for (size_t i = 0; i < t->outputs.n; i++)
		if (matters(v, &t->outputs.differences[i]))
			return 1;
	return 0;
}

/* Finds one smallest set within `all`: 1 when there was one. */
static int find_one(struct varying *v, uint64_t all, uint64_t *set, struct error *err)
{
	const struct search s = { breaks, v };
	const int broken = breaks(v, all, err);

	if (broken <= 0)
		return broken;
	if (search_minimal(&s, all, set, err) < 0)
		return -1;
	if (v->found_n < FOUND_MAX)
		v->found[v->found_n++] = *set;
	return 1;
}

/* One set after the other, each without the ones before. */
static int find_all(struct varying *v, uint64_t all, bool by_behaviour, struct error *err)
{
	uint64_t left = all, set = 0;
	int found;

	v->by_behaviour = by_behaviour;
	v->paths = NULL;
	v->paths_n = 0;
	v->found_n = 0;
	while (left && (found = find_one(v, left, &set, err)) != 0) {
		if (found < 0)
			return -1;
		left &= ~set;
	}
	return 0;
}

static bool is_explained(struct varying *v, struct str path, struct error *err)
{
	const struct trial *t;

	for (size_t i = 0; i < v->found_n; i++) {
		if (try(v, v->found[i], &t, err) < 0)
			return false;
		for (size_t k = 0; k < t->outputs.n; k++)
			if (str_eq(t->outputs.differences[k].path, path))
				return true;
	}
	return false;
}

/* Outputs that all variations together change, and none of the sets that were found: each is searched for itself. */
static int find_rest(struct varying *v, uint64_t all, struct error *err)
{
	const struct trial *whole;
	AUTO_FREE struct str *paths = NULL;
	size_t cap = 0, before = SIZE_MAX;

	for (;;) {
		uint64_t set;
		size_t n = 0;

		if (try(v, all, &whole, err) < 0)
			return -1;
		for (size_t i = 0; i < whole->outputs.n; i++) {
			const struct str path = whole->outputs.differences[i].path;

			if (is_explained(v, path, err))
				continue;
			paths = memory_grow(paths, n, &cap, sizeof(*paths));
			paths[n++] = path;
		}
		if (n == 0)
			return 0;
		if (n >= before) {
			result_not_checked(v->b->r, false, STR("what the outputs depend on"), "%zu that the variations "
					   "change were not traced to some of them; the first is %.*s", n, STR_FMT(paths[0]));
			return 0;
		}
		before = n;
		v->by_behaviour = false;
		v->paths = paths;
		v->paths_n = n;
		/* `paths` may be grown again while the search still uses it: not before the next round. */
		if (find_one(v, all, &set, err) < 0)
			return -1;
	}
}

/* Outputs of another plain build that are others already. */
static void mark_unstable(struct varying *v, const struct output_comparison *c)
{
	struct rebuilding *const b = v->b;
	struct str *all = arena_alloc(&b->r->arena, (v->unstable_n + c->n + 1) * sizeof(*all));
	size_t n = 0;

	for (size_t i = 0; i < v->unstable_n; i++)
		all[n++] = v->unstable[i];
	for (size_t i = 0; i < c->n; i++) {
		const struct output_difference *const d = &c->differences[i];

		if (is_unstable(v, d->path))
			continue;
		all[n++] = arena_str(&b->r->arena, d->path);
		finding_evidence(b->r, result_find(b->r, RULE_TP415, all[n - 1], "differs between builds with nothing varied"),
				 arena_strf(&b->r->arena, "at %.*s; cause: %.*s", STR_FMT(d->where), STR_FMT(d->cause)));
		b->info->variation.unstable = true;
	}
	v->unstable = all;
	v->unstable_n = n;
}

/* Builds once more with nothing varied: at the start for what differs already, and for temporary names; at the end
 * since what depends on the time of day may not have changed before. */
static int build_again(struct varying *v, bool first, struct error *err)
{
	struct rebuilding *const b = v->b;
	struct output_comparison c = { .n = 0 };
	struct settings s;
	struct build again;
	int status = build_varied(v, 0, &again, &s, err);

	if (status == 0) {
		const struct output_context x = { str_from(s.build_path), str_from(s.build_path), rebuild_version(b->r) };

		rebuild_record(b, &again);
		output_compare(&b->release_build.outputs, &again.outputs, &x, &b->r->arena, &c);
		mark_unstable(v, &c);
		if (first)
			behaviour_init(&v->again, &again.trace, str_from(s.build_path), str_from(s.home));
	}
	build_release(&again, b->o->keep);
	return status;
}

/* Variations that this machine can't make are left out, and said. */
static uint64_t possible(struct varying *v, uint64_t set)
{
	for (size_t i = 0; i < variations_n; i++) {
		const struct settings s = settings_of(1ull << i);
		struct error err = ERROR_INIT;

		if ((set & (1ull << i)) && build_check_settings(&s, &err) < 0) {
			result_not_checked(v->b->r, false, arena_strf(&v->b->r->arena, "the variation \"%s\"",
					   variations[i].name), "%s%s%s", err.message, err.hint[0] ? ": " : "", err.hint);
			set &= ~(1ull << i);
		}
	}
	return set;
}

static int fails(void *ctx, uint64_t set, struct error *err)
{
	const struct trial *t;

	return try(ctx, set, &t, err) < 0 ? -1 : t->failed;
}

/* Variations with which it does not build hide the others: of each smallest set of them one is left out, and said. */
static int leave_out_failing(struct varying *v, uint64_t *set, struct error *err)
{
	const struct search s = { fails, v };
	int failing;

	while (*set && (failing = fails(v, *set, err)) != 0) {
		AUTO_BUF struct buf names = BUF_INIT;
		uint64_t minimal;
		struct str *list;
		size_t n;

		if (failing < 0 || search_minimal(&s, *set, &minimal, err) < 0)
			return -1;
		n = trial_names(&v->b->r->arena, minimal, &list);
		trial_join(&names, list, n);
		result_not_checked(v->b->r, false, STR("variations"), "with %s varied it does not build; %.*s is left out",
				   buf_cstr(&names), STR_FMT(list[0]));
		*set &= ~(minimal & -minimal);
	}
	return 0;
}

static int search_outputs(struct varying *v, uint64_t set, struct error *err)
{
	if (set == 0)
		return 0;
	if (find_all(v, set, false, err) < 0 || find_rest(v, set, err) < 0)
		return -1;
	if (v->found_n && build_again(v, false, err) < 0)
		return -1;
	for (size_t i = 0; i < v->found_n; i++) {
		const struct trial *t;
		struct trial stable;

		if (try(v, v->found[i], &t, err) < 0)
			return -1;
		stable = *t;
		drop_unstable(v, &stable.outputs);
		if (stable.outputs.n)
			trial_report_outputs(v->b, v->found[i], &stable);
	}
	return 0;
}

static int search_behaviour(struct varying *v, uint64_t set, struct error *err)
{
	if (v->b->o->no_trace)
		return 0;
	if (find_all(v, set, true, err) < 0)
		return -1;
	for (size_t i = 0; i < v->found_n; i++) {
		const struct trial *t;

		if (try(v, v->found[i], &t, err) < 0)
			return -1;
		trial_report_behaviour(v->b, v->found[i], t);
	}
	return 0;
}

static int search_all(struct varying *v, uint64_t set, struct error *err)
{
	uint64_t others = 0;

	for (size_t i = 0; i < variations_n; i++)
		others |= variations[i].other_outputs ? 1ull << i : 0;
	v->b->info->variation.sets = arena_alloc(&v->b->r->arena, (FOUND_MAX + 1) * sizeof(struct variation_set));
	if (build_again(v, true, err) < 0 || leave_out_failing(v, &set, err) < 0)
		return -1;
	return search_outputs(v, set & ~others, err) < 0 ? -1 : search_behaviour(v, set, err);
}

int rebuild_vary(struct rebuilding *b, struct error *err)
{
	struct varying v = { .b = b };
	struct variation_result *const r = &b->info->variation;
	const struct str list = str_from(b->o->vary);
	uint64_t set;
	int status;

	if (!b->o->vary)
		return 0;
	if (check_names(list, err) < 0)
		return -1;
	if (!b->release_build.run.complete)
		return 0;
	set = possible(&v, wanted(list));
	r->asked = true;
	r->tried_n = trial_names(&b->r->arena, set, &r->tried);
	behaviour_init(&v.plain, &b->release_build.trace, str_from(settings_plain.build_path),
		       str_from(settings_plain.home));
	status = search_all(&v, set, err);
	behaviour_release(&v.plain);
	behaviour_release(&v.again);
	memory_free(v.trials);
	return status;
}
