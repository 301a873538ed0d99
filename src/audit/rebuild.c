#include "audit/rebuild_work.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "rebuild/judge.h"
#include "rebuild/judge_outputs.h"
#include "rebuild/trace_json.h"
#include "rebuild/variation.h"

static int read_whole(const char *path, struct buf *to, struct error *err)
{
	const int fd_raw = open(path, O_RDONLY | O_CLOEXEC);
	AUTO_FD int fd = fd_raw;
	ssize_t n = 0;

	while (fd >= 0 && to->len <= LIMIT_RECIPE && (n = read(fd, buf_reserve(to, 64 * KIB), 64 * KIB)) > 0)
		to->len += (size_t)n;
	if (fd < 0 || n < 0)
		return error_errno(err, "%s", path);
	return to->len > LIMIT_RECIPE ? error_set(err, ERROR_TOO_LARGE, "%s: too large for a recipe", path) : 0;
}

int rebuild_recipe(const struct rebuild_options *o, const struct tree *t, struct buf *out, struct error *err)
{
	const struct str text = o->recipe ? recipe_builtin(str_from(o->recipe)) : recipe_detect(t);

	if (text.len) {
		buf_add_str(out, text);
		return 0;
	}
	if (o->recipe)
		return read_whole(o->recipe, out, err);
	error_set(err, ERROR_INPUT, "no built-in recipe fits what lies in the release's first folder");
	return error_hint(err, "write one (see tarproof-rebuild(1)) and give it with --recipe FILE");
}

static int read_recipe(struct rebuilding *b, struct error *err)
{
	AUTO_BUF struct buf text = BUF_INIT;

	if (rebuild_recipe(b->o, &b->r->artifact_tree, &text, err) < 0)
		return -1;
	if (recipe_parse(&b->recipe, &b->r->arena, buf_str(&text), err) < 0)
		return error_prefix(err, "recipe %s", b->o->recipe ? b->o->recipe : "");
	b->info->recipe = b->recipe.name;
	buf_reset(&text);
	recipe_print(&b->recipe, &text);
	b->info->recipe_text = arena_str(&b->r->arena, buf_str(&text));
	return 0;
}

/* --- builds --- */

static int build_tick(void *ctx, struct str label, enum phase phase, struct str line, struct error *err)
{
	const struct rebuilding *const b = ctx;
	AUTO_BUF struct buf doing = BUF_INIT;

	buf_addf(&doing, "%.*s: %s  %.*s", STR_FMT(label), phase_name(phase), STR_FMT(str_first(str_trim(line), 100)));
	return b->s->tick(b->s->ctx, buf_cstr(&doing), err);
}

struct build_plan rebuild_plan(struct rebuilding *b, const struct export_source *source, struct str label)
{
	const struct rebuild_options *const o = b->o;
	struct build_plan p = {
		.scratch = b->scratch, .source = source, .recipe = &b->recipe, .settings = &settings_plain,
		.traced = !o->no_trace, .epoch = b->epoch, .label = label, .shell_on_failure = o->shell,
		.limits = { (uint64_t)o->memory * MIB, (uint64_t)o->disk * MIB, o->processes, o->build_timeout },
		.tick = build_tick, .ctx = b,
	};

	memcpy(p.phases, o->phases, sizeof(p.phases));
	return p;
}

static void say_incomplete(struct rebuilding *b, const struct build *done);

void rebuild_record(struct rebuilding *b, const struct build *done)
{
	struct rebuild_info *const info = b->info;
	struct build_run *run;

	info->builds = memory_grow(info->builds, info->builds_n, &info->builds_cap, sizeof(*info->builds));
	run = &info->builds[info->builds_n++];
	*run = done->run;
	run->label = arena_str(&b->r->arena, done->run.label);
	run->log = b->o->keep ? arena_str(&b->r->arena, done->folder) : STR("");
	for (int i = 0; i < PHASE_COUNT; i++)
		run->phases[i].why = arena_str(&b->r->arena, done->run.phases[i].why);
	run->first_left_out = arena_str(&b->r->arena, done->run.first_left_out);
	say_incomplete(b, done);
}

static void say_incomplete(struct rebuilding *b, const struct build *done)
{
	for (int i = 0; i < PHASE_COUNT; i++) {
		const struct phase_run *const p = &done->run.phases[i];

		if (p->state == PHASE_FAILED && i != PHASE_TEST)
			result_not_checked(b->r, true, arena_strf(&b->r->arena, "the build from the %.*s",
					   STR_FMT(done->run.label)), "%s failed with status %d: %.*s",
					   phase_name((enum phase)i), p->exit_status, STR_FMT(p->why));
		else if (p->state == PHASE_STOPPED)
			result_not_checked(b->r, true, arena_strf(&b->r->arena, "the build from the %.*s",
					   STR_FMT(done->run.label)), "%s was stopped: it %.*s",
					   phase_name((enum phase)i), STR_FMT(p->why));
	}
	if (done->run.complete && done->run.outputs == 0 && b->o->phases[PHASE_INSTALL])
		result_not_checked(b->r, true, arena_strf(&b->r->arena, "the build from the %.*s",
				   STR_FMT(done->run.label)), "it installed nothing");
	if (done->run.left_out)
		result_not_checked(b->r, false, arena_strf(&b->r->arena, "the build from the %.*s",
				   STR_FMT(done->run.label)), "%llu files of the source were left out; the first: %.*s",
				   (unsigned long long)done->run.left_out, STR_FMT(done->run.first_left_out));
	if (done->trace.full)
		result_not_checked(b->r, true, STR("the trace"), "more happened than is kept: later events are lost");
	if (done->trace.unreadable)
		result_not_checked(b->r, false, STR("the trace"), "of %llu events the arguments could not be read",
				   (unsigned long long)done->trace.unreadable);
}

/* --- what the builds did --- */

struct about_source {
	const struct rebuilding *b;
	bool of_release;
};

static unsigned int about(void *ctx, struct str path)
{
	const struct about_source *const s = ctx;

	return s->b->s->about(s->b->s->ctx, path, s->of_release);
}

/* Whether the release has exactly this content at the path. */
static bool is_content(void *ctx, struct str path, const struct sha256 *sha256)
{
	const struct about_source *const s = ctx;
	const struct entry *const e = tree_find(&s->b->r->artifact_tree, path);
	AUTO_BUF struct buf content = BUF_INIT;
	struct sha256 digest;

	if (!e || e->type != ENTRY_FILE || s->b->s->read_release(s->b->s->ctx, e, &content) != 1)
		return false;
	digest_of(content.ptr, content.len, &digest);
	return memcmp(digest.bytes, sha256->bytes, SHA256_SIZE) == 0;
}

static bool names(void *ctx, struct str word)
{
	const struct about_source *const s = ctx;

	return s->b->s->names(s->b->s->ctx, word);
}

static void judge(struct rebuilding *b, const struct build *done, bool of_release)
{
	struct about_source source = { b, of_release };
	const struct judge_case c = {
		.trace = &done->trace, .r = b->r, .build_path = str_from(settings_plain.build_path),
		.home = str_from(settings_plain.home), .folder = done->folder.ptr, .of_release = of_release,
		.about = about, .names = names, .same = is_content, .ctx = &source,
	};

	if (done->run.traced)
		judge_trace(&c);
}

static bool find_source(void *ctx, struct str name, struct str *path)
{
	const struct about_source *const s = ctx;
	const struct tree *const t = &s->b->r->artifact_tree;
	bool found = false;

	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].type == ENTRY_FILE && str_eq(str_base(entry_path(&t->v[i])), name)) {
			if (found)
				return false;
			*path = entry_path(&t->v[i]);
			found = true;
		}
	return found;
}

/* What the tag holds and the release has as it is must be in the next release as it is. */
static bool dist_differs(void *ctx, struct str path, const struct sha256 *sha256)
{
	const struct about_source *const s = ctx;

	return (s->b->s->about(s->b->s->ctx, path, true) & SOURCE_IN_TAG) && !is_content(ctx, path, sha256);
}

static void judge_left(struct rebuilding *b, const struct build *done)
{
	struct about_source source = { b, true };
	const struct judge_outputs_case c = {
		.r = b->r, .folder = done->folder.ptr, .outputs = &done->outputs, .dist = &done->dist,
		.find = find_source, .differs = dist_differs, .ctx = &source,
	};

	judge_outputs(&c);
}

int rebuild_write(const char *path, const char *mode, struct str text, struct error *err)
{
	AUTO_FILE FILE *f = fopen(path, mode);

	if (!f || fwrite(text.ptr, 1, text.len, f) != text.len || fflush(f) != 0)
		return error_errno(err, "%s", path);
	return 0;
}

static int write_trace(struct rebuilding *b, const struct build *done, bool first, struct error *err)
{
	AUTO_BUF struct buf text = BUF_INIT;

	if (!b->o->trace_file)
		return 0;
	trace_json(&done->trace, done->run.label, &text);
	return rebuild_write(b->o->trace_file, first ? "we" : "ae", buf_str(&text), err);
}

static int build_one(struct rebuilding *b, struct build *to, const struct export_source *source, struct str label,
		     struct error *err)
{
	const struct build_plan plan = rebuild_plan(b, source, label);

	if (build_run(to, &plan, err) < 0)
		return -1;
	rebuild_record(b, to);
	judge(b, to, source == &b->release);
	if (source == &b->release)
		judge_left(b, to);
	return write_trace(b, to, b->info->builds_n == 1, err);
}

/* --- the whole --- */

static const char *scratch_folder(const struct rebuild_options *o)
{
	const char *const tmp = getenv("TMPDIR");

	if (o->scratch)
		return o->scratch;
	return tmp && tmp[0] == '/' ? tmp : "/var/tmp";
}

static void take_outputs(struct rebuilding *b)
{
	const struct output_tree *const t = &b->release_build.outputs;

	b->info->outputs = arena_alloc(&b->r->arena, (t->n + 1) * sizeof(*b->info->outputs));
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].type == OUTPUT_FILE)
			b->info->outputs[b->info->outputs_n++] = (struct output_file){
				arena_str(&b->r->arena, t->v[i].path), t->v[i].size, t->v[i].sha256,
			};
}

/* Both builds, and what they say. A sandbox that the system refuses is a thing not checked. */
static int build_both(struct rebuilding *b, struct error *err)
{
	if (build_check_needs(&b->recipe, err) < 0)
		return -1;
	if (build_one(b, &b->release_build, &b->release, STR("release"), err) < 0)
		return -1;
	take_outputs(b);
	if (!b->r->has_origin || !b->r->origin.commit.len)
		return 0;
	if (build_one(b, &b->tag_build, &b->tag, STR("tag"), err) < 0)
		return -1;
	if (b->tag_build.run.complete && b->release_build.run.complete)
		rebuild_compare(b);
	return 0;
}

/* What was asked for beside. */
static int look_further(struct rebuilding *b, struct error *err)
{
	for (size_t i = 0; i < b->o->against_n; i++)
		if (rebuild_against(b, b->o->against[i].ptr, err) < 0)
			return -1;
	if (rebuild_provenance(b, err) < 0 || rebuild_vary(b, err) < 0)
		return -1;
	return rebuild_ablate(b, err);
}

int rebuild_run(const struct rebuild_options *o, const struct rebuild_sources *s, struct result *r,
		struct error *err)
{
	struct rebuilding b = {
		.o = o, .s = s, .r = r, .info = arena_alloc(&r->arena, sizeof(*b.info)),
		.scratch = scratch_folder(o),
		.epoch = r->origin.commit_time,
	};
	int status;

	b.release = (struct export_source){ &r->artifact_tree, s->read_release, s->ctx, b.epoch };
	b.tag = (struct export_source){ &r->origin_tree, s->read_origin, s->ctx, b.epoch };
	r->rebuild = b.info;
	status = read_recipe(&b, err);
	if (status == 0)
		status = build_both(&b, err);
	if (status == 0)
		status = look_further(&b, err);
	if (status < 0 && err->code != ERROR_INTERRUPTED && err->code != ERROR_USAGE) {
		result_not_checked(r, true, STR("the rebuild"), "%s%s%s", err->message, err->hint[0] ? "; " : "",
				   err->hint);
		*err = ERROR_INIT;
		status = 0;
	}
	build_release(&b.tag_build, o->keep);
	build_release(&b.release_build, o->keep);
	recipe_release(&b.recipe);
	return status;
}
