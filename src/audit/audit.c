#include "audit/audit_work.h"

#include <sched.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/memory.h"
#include "compare/compare.h"
#include "input/history.h"

static void begin_phase(struct audit *a, const char *name)
{
	const double t = clock_now();
	const size_t max = sizeof(a->r->timings) / sizeof(a->r->timings[0]);

	if (a->phase && a->r->timings_n < max)
		a->r->timings[a->r->timings_n++] = (struct timing){ a->phase, t - a->phase_started };
	a->phase = name;
	a->phase_started = t;
}

/* Whether to stop, and why: asked by any thread. */
static int stop_tick(void *ctx, struct error *err)
{
	const struct audit *a = ctx;

	if (a->o->stop && *a->o->stop)
		return error_set(err, ERROR_INTERRUPTED, "interrupted");
	if (a->o->timeout && clock_now() - a->started > a->o->timeout) {
		error_set(err, ERROR_INTERRUPTED, "not done after %u seconds", a->o->timeout);
		return error_hint(err, "give more time with --timeout");
	}
	return 0;
}

/* Shows what is being done, some ten times a second; for the one thread that works. */
static int show(struct audit *a, const struct audit_progress *p, struct error *err)
{
	double t;

	if (stop_tick(a, err) < 0)
		return -1;
	t = clock_now();
	if (a->o->progress && t - a->last_progress > 0.1) {
		a->last_progress = t;
		a->o->progress(a->o->progress_ctx, p);
	}
	return 0;
}

static int tick(void *ctx, struct error *err)
{
	struct audit *a = ctx;

	return show(a, &(struct audit_progress){ .phase = a->phase, .done = atomic_load(&a->done),
						 .total = a->r->artifact.size }, err);
}

static unsigned int processors(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) == 0 && CPU_COUNT(&set) > 0)
		return (unsigned int)CPU_COUNT(&set);
	return 1;
}

static unsigned int jobs(const struct audit *a)
{
	return a->o->jobs ? a->o->jobs : processors();
}

static struct artifact_options artifact_options(struct audit *a)
{
	return (struct artifact_options){
		.path = a->o->artifact,
		.jobs = jobs(a),
		.all_sha256 = a->o->all_sha256,
		.store = a->store,
		.tick = { tick, a },
		.done = &a->done,
		.look = a->inspector ? inspector_look : NULL,
		.look_ctx = a->inspector,
	};
}

static int read_artifact(struct audit *a, bool with_origin, struct error *err)
{
	struct artifact_options o = artifact_options(a);

	o.expect = (struct expectation){ with_origin ? &a->r->origin_tree : NULL, origin_file_size,
					 &a->origin };
	o.ahead = a->ahead;
	a->ahead = NULL;
	begin_phase(a, "reading");
	return artifact_read(&o, a->r, &a->facts, err);
}

/* Best first; of equals the one that was nearer in name. */
static void rank_candidates(struct audit *a)
{
	struct candidate *v = a->r->candidates;

	for (size_t i = 0; i < a->r->candidates_n; i++) {
		struct tree t = TREE_INIT;
		struct error ignored = ERROR_INIT;

		if (origin_candidate_tree(&a->origin, &v[i], &t, &ignored) == 0)
			v[i].explained = compare_count_identical(&a->r->artifact_tree, &t);
		tree_release(&t);
	}
	for (size_t i = 1; i < a->r->candidates_n; i++) {
		const struct candidate c = v[i];
		size_t k = i;

		for (; k > 0 && v[k - 1].explained < c.explained; k--)
			v[k] = v[k - 1];
		v[k] = c;
	}
}

/* Without an origin nothing is explained. */
static void count_artifact(struct result *r)
{
	for (size_t i = 0; i < r->artifact_tree.n; i++) {
		const struct entry *e = &r->artifact_tree.v[i];

		r->totals.artifact.files += e->type == ENTRY_FILE;
		r->totals.artifact.bytes += e->type == ENTRY_FILE ? e->size : 0;
		r->totals.links += e->type == ENTRY_LINK;
	}
	r->totals.explained[STRENGTH_NONE] = r->totals.artifact;
}

/* What npm and the like upload: whoever holds a token may, and the tag is all that ties it to the repository. */
static void harden_untagged(struct audit *a)
{
	struct result *r = a->r;
	const bool registry = str_eq(r->artifact.lead, STR("package/")) ||
			      str_ends(r->artifact.name, STR(".crate")) || str_ends(r->artifact.name, STR(".gem"));

	for (size_t i = 0; registry && a->origin.tags.n && i < r->findings_n; i++)
		if (r->findings[i].rule == RULE_TP012)
			r->findings[i].severity = SEVERITY_CRITICAL;
}

/* No tag: the artifact is read all the same, so that the candidates can be ranked by it. */
static int without_tag(struct audit *a, struct error *err)
{
	const struct error unresolved = *err;

	if (read_artifact(a, false, err) < 0)
		return -1;
	begin_phase(a, "ranking");
	rank_candidates(a);
	count_artifact(a->r);
	harden_untagged(a);
	*err = unresolved;
	return -1;
}

/* For what is needed last: let it have the processor time that nothing else wants. */
static void yield_to_others(void)
{
#ifdef SCHED_IDLE
	const struct sched_param p = { .sched_priority = 0 };

	pthread_setschedparam(pthread_self(), SCHED_IDLE, &p);
#endif
}

static void *branch_main(void *ctx)
{
	struct audit *a = ctx;

	yield_to_others();
	a->r->origin.on_branch = origin_on_branch(&a->origin);
	if (a->inspector)
		a->gitcheck = gitcheck_run(&a->origin, GITCHECK_QUICK);
	return NULL;
}

static void judge(struct audit *a)
{
	struct result *r = a->r;
	bool suspect = false, incomplete = false, review = false;

	for (size_t i = 0; i < r->findings_n; i++)
		suspect = suspect || r->findings[i].severity >= a->o->fail_on;
	for (size_t i = 0; i < r->not_checked_n; i++)
		incomplete = incomplete || r->not_checked[i].incomplete;
	/* Anything but proven files and identical links (a device, say) is for the reader. */
	if (!a->o->scan)
		review = r->totals.explained[STRENGTH_PROVEN].files +
			 r->totals.link_relation[RELATION_IDENTICAL] < r->artifact_tree.n;
	/* A scan asks what there is to see, and lower findings are for who looks for them. */
	for (size_t i = 0; a->o->scan && i < r->findings_n; i++)
		review = review || r->findings[i].severity >= SEVERITY_MEDIUM;
	if (suspect)
		r->verdict = VERDICT_SUSPECT;
	else if (incomplete)
		r->verdict = VERDICT_INCOMPLETE;
	else
		r->verdict = review ? VERDICT_REVIEW : VERDICT_CLEAN;
}

/* A release that was made from a commit beside the tag's, on a branch of the same repository,
 * and in which every file is proven to be the tag's: only history differs. (libsodium 1.0.18.) */
static void soften_archive_commit(struct audit *a)
{
	struct result *r = a->r;

	for (size_t i = 0; i < r->findings_n; i++)
		if (r->findings[i].rule == RULE_TP003 &&
		    !str_eq(r->artifact.archive_commit, r->origin.commit) &&
		    r->totals.explained[STRENGTH_PROVEN].files == r->totals.artifact.files &&
		    origin_archive_commit_on_branch(&a->origin))
			r->findings[i].severity = SEVERITY_LOW;
}

/* Files whose history is asked for: opaque ones that the tag holds. */
enum { HISTORY_PATHS_MAX = 1000 };

static void look_at_history(struct audit *a)
{
	struct result *r = a->r;
	struct arena arena = ARENA_INIT;
	struct str *paths = NULL;
	struct history_question q = { .window = HISTORY_WEEK };
	struct error ignored = ERROR_INIT;
	struct history h;
	size_t cap = 0;

	for (size_t i = 0; i < r->changes_n && q.paths_n < HISTORY_PATHS_MAX; i++) {
		const struct change *const c = &r->changes[i];

		if (!c->artifact || !c->origin || c->relation != RELATION_IDENTICAL ||
		    !inspector_is_opaque(a->inspector, c->artifact))
			continue;
		paths = memory_grow(paths, q.paths_n, &cap, sizeof(*paths));
		paths[q.paths_n++] = entry_path(c->origin);
	}
	q.paths = paths;
	if (q.paths_n && a->origin.repo && r->origin.tag_oid.len &&
	    hex_decode(r->origin.tag_oid, q.tag.bytes, OID_SIZE) &&
	    history_of(a->origin.repo, &arena, &q, &h, &ignored) == 0)
		for (size_t i = 0; i < h.paths_n; i++) {
			struct history_note n;

			if (history_assess(&h, i, &arena, &n))
				result_find(r, n.rule, h.paths[i].path, "%.*s", STR_FMT(n.message))->severity =
					n.severity;
		}
	memory_free(paths);
	arena_release(&arena);
}

static int inspect(struct audit *a, struct error *err)
{
	const struct inspect_sources s = {
		.read = audit_read_content, .read_origin = audit_read_origin, .ctx = a,
		.jobs = jobs(a), .tick = tick,
	};
	int status;

	begin_phase(a, "inspecting");
	if (!a->known)
		result_not_checked(a->r, false, STR("copies of published files"), "%s", a->known_err.message);
	status = inspector_conclude(a->inspector, a->r, &s, err);
	if (status == 0 && a->r->has_origin)
		look_at_history(a);
	return status;
}

static int rebuild_tick(void *ctx, const char *doing, struct error *err)
{
	struct audit *a = ctx;

	return show(a, &(struct audit_progress){ .phase = a->phase, .doing = doing }, err);
}

static int rebuild(struct audit *a, struct error *err)
{
	const struct rebuild_sources s = {
		.read_release = audit_read_release, .read_origin = audit_read_origin, .about = audit_about_source, .names = audit_source_names,
		.tick = rebuild_tick, .ctx = a,
	};

	begin_phase(a, "rebuilding");
	return rebuild_run(a->o->rebuild, &s, a->r, err);
}

static int compare_and_explain(struct audit *a, struct error *err)
{
	struct result *r = a->r;

	begin_phase(a, "comparing");
	compare_trees(r);
	if (tick(a, err) < 0)
		return -1;
	begin_phase(a, "explaining");
	if (origin_explain(&a->origin, a->store, err) < 0)
		return -1;
	r->origin.git_archive = origin_git_archive(&a->origin,
				a->facts.has_structure ? &a->facts.structure : NULL);
	if (a->inspector && inspect(a, err) < 0)
		return -1;
	result_count(r);
	soften_archive_commit(a);
	if (r->totals.artifact.files == 0)
		result_not_checked(r, true, STR("the artifact"), "it holds no files: there is nothing "
				   "to compare");
	return 0;
}

/* Content and structure alone: everything is put to the inspector. */
static int scan(struct audit *a, struct error *err)
{
	struct result *r = a->r;

	if (read_artifact(a, false, err) < 0)
		return -1;
	if (a->inspector && inspect(a, err) < 0)
		return -1;
	count_artifact(r);
	return 0;
}

static int run(struct audit *a, struct error *err)
{
	const struct artifact_options ahead = artifact_options(a);
	struct result *r = a->r;

	begin_phase(a, "opening");
	if (artifact_peek(a->o->artifact, r, err) < 0)
		return -1;
	if (a->o->scan)
		return scan(a, err);
	a->ahead = artifact_start(&ahead);
	if (origin_open(&a->origin, &a->origin_options, r, err) < 0)
		return -1;
	if (origin_choose(&a->origin, err) < 0)
		return err->code == ERROR_UNRESOLVED ? without_tag(a, err) : -1;
	begin_phase(a, "tag");
	if (origin_load(&a->origin, err) < 0)
		return -1;
	a->branch_running = pthread_create(&a->branch_thread, NULL, branch_main, a) == 0;
	if (read_artifact(a, true, err) < 0)
		return -1;
	if (compare_and_explain(a, err) < 0)
		return -1;
	if (a->branch_running)
		pthread_join(a->branch_thread, NULL);
	a->branch_running = false;
	gitcheck_report(a->gitcheck, r);
	if (r->origin.on_branch == TRI_NO)
		result_find(r, RULE_TP002, r->origin.tag, "no branch holds the tagged commit");
	return a->o->rebuild ? rebuild(a, err) : 0;
}

int audit_run(const struct audit_options *o, struct result *r, struct error *err)
{
	struct audit a = {
		.o = o, .r = r, .store = content_store_new(), .started = clock_now(),
		.origin_options = {
			.git = o->git, .tree = o->tree, .tag = o->tag, .fetch = o->fetch,
			.submodules = o->submodules, .submodules_n = o->submodules_n,
			.submodules_dir = o->submodules_dir, .tick = { stop_tick, &a },
		},
	};
	int status;

	if (!o->no_inspect) {
		a.known = known_open(&a.known_err);
		a.inspector = inspector_new(a.known);
	}
	status = run(&a, err);
	artifact_stop(a.ahead);
	inspector_free(a.inspector);
	known_close(a.known);
	if (a.branch_running)
		pthread_join(a.branch_thread, NULL);
	gitcheck_free(a.gitcheck);
	begin_phase(&a, NULL);
	result_finish_findings(r);
	judge(&a);
	if (status < 0)
		r->verdict = VERDICT_INCOMPLETE;
	origin_release(&a.origin);
	content_store_free(a.store);
	return status;
}

int audit_exit_status(const struct result *r)
{
	switch (r->verdict) {
	case VERDICT_SUSPECT:
		return 1;
	case VERDICT_INCOMPLETE:
		return 3;
	case VERDICT_CLEAN:
	case VERDICT_REVIEW:
		break;
	}
	return 0;
}

int audit_recipe(const char *artifact, const struct rebuild_options *o, struct buf *out, struct error *err)
{
	const struct audit_options options = { .artifact = artifact, .scan = true, .no_inspect = true };
	struct result r;
	int status;

	result_init(&r);
	status = audit_run(&options, &r, err);
	if (status == 0)
		status = rebuild_recipe(o, &r.artifact_tree, out, err);
	result_release(&r);
	return status;
}
