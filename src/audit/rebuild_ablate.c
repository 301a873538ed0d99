/* Ablation: noise in the place of opaque files and of data of the tests; what is installed must not care. */
#include "audit/rebuild_work.h"

#include "base/cleanup.h"
#include "rebuild/judge.h"
#include "rebuild/search.h"

/* Sets of the search have 64 members at most, so files are searched in groups first. */
enum { GROUPS = 64 };

struct ablating {
	struct rebuilding *b;
	const struct entry **files;	/* that are replaced */
	size_t n, cap;
	const struct entry *const *now;	/* those among which is searched */
	size_t now_n;
	uint64_t set;			/* of groups of `now` that are replaced in this build */
};

/* The group of a file among those that are searched. */
static size_t group_of(const struct ablating *a, size_t i)
{
	const size_t groups = a->now_n < GROUPS ? a->now_n : GROUPS;

	return i * groups / a->now_n;
}

static bool is_replaced(const struct ablating *a, const struct entry *e)
{
	for (size_t i = 0; i < a->now_n; i++)
		if (a->now[i] == e)
			return (a->set >> group_of(a, i)) & 1;
	return false;
}

/* The same at each run; text stays text, so that a tool that wants lines finds some. */
static void add_noise(struct buf *to, struct str like)
{
	const bool text = !memchr(like.ptr, '\0', like.len);
	uint64_t x = 0x9e3779b97f4a7c15u ^ like.len;
	char *const at = buf_reserve(to, like.len);

	for (size_t i = 0; i < like.len; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		at[i] = !text ? (char)(x >> 32) : like.ptr[i] == '\n' ? '\n' : (char)('a' + (x >> 32) % 26);
	}
	to->len += like.len;
}

static int read_replaced(void *ctx, const struct entry *e, struct buf *to)
{
	const struct ablating *const a = ctx;
	AUTO_BUF struct buf content = BUF_INIT;

	if (!is_replaced(a, e))
		return a->b->release.read(a->b->release.ctx, e, to);
	if (a->b->release.read(a->b->release.ctx, e, &content) != 1)
		return 0;
	if (content.len)
		add_noise(to, buf_str(&content));
	return 1;
}

/* An output that is nothing but a file of the source: it was copied, which is what it is for. */
static bool is_copy(struct ablating *a, const struct output_difference *d)
{
	for (size_t i = 0; i < a->n; i++) {
		AUTO_BUF struct buf content = BUF_INIT;
		struct sha256 sha256;

		if (!str_eq(str_base(entry_path(a->files[i])), str_base(d->path)) ||
		    a->b->release.read(a->b->release.ctx, a->files[i], &content) != 1)
			continue;
		digest_of(content.ptr, content.len, &sha256);
		if (d->has_first && memcmp(sha256.bytes, d->first.bytes, SHA256_SIZE) == 0)
			return true;
	}
	return false;
}

static int breaks(void *ctx, uint64_t set, struct error *err)
{
	struct ablating *const a = ctx;
	const struct export_source source = { a->b->release.tree, read_replaced, a, a->b->release.mtime };
	struct build_plan plan = rebuild_plan(a->b, &source, STR("release, without data"));
	struct output_comparison c = { .n = 0 };
	const struct output_context x = { STR(""), STR(""), STR("") };
	struct build done;
	int broken = -1;

	a->set = set;
	plan.traced = false;
	plan.shell_on_failure = false;
	a->b->info->ablation.builds++;
	if (build_run(&done, &plan, err) == 0) {
		broken = !done.run.complete;
		output_compare(&a->b->release_build.outputs, &done.outputs, &x, &a->b->r->arena, &c);
		for (size_t i = 0; i < c.n && !broken; i++)
			broken = !is_copy(a, &c.differences[i]);
	}
	build_release(&done, a->b->o->keep);
	return broken;
}

static void choose(struct ablating *a)
{
	const struct tree *const t = &a->b->r->artifact_tree;

	for (size_t i = 0; i < t->n; i++) {
		const unsigned int about = a->b->s->about(a->b->s->ctx, entry_path(&t->v[i]), true);

		if (t->v[i].type != ENTRY_FILE || t->v[i].size == 0 ||
		    !((about & SOURCE_OPAQUE) || ((about & SOURCE_TEST) && (about & SOURCE_DATA))))
			continue;
		a->files = memory_grow(a->files, a->n, &a->cap, sizeof(*a->files));
		a->files[a->n++] = &t->v[i];
	}
}

/* One set of files without which the outputs are others, down to single ones. */
static int narrow(struct ablating *a, struct error *err)
{
	const struct search s = { breaks, a };
	const struct entry **kept = NULL;

	for (;;) {
		const size_t groups = a->now_n < GROUPS ? a->now_n : GROUPS;
		const uint64_t all = groups == 64 ? UINT64_MAX : (1ull << groups) - 1;
		uint64_t minimal;
		size_t n = 0;

		if (search_minimal(&s, all, &minimal, err) < 0)
			return -1;
		kept = arena_alloc(&a->b->r->arena, (a->now_n + 1) * sizeof(*kept));
		for (size_t i = 0; i < a->now_n; i++)
			if ((minimal >> group_of(a, i)) & 1)
				kept[n++] = a->now[i];
		if (n == a->now_n || a->now_n <= GROUPS) {
			a->now = kept;
			a->now_n = n;
			return 0;
		}
		a->now = kept;
		a->now_n = n;
	}
}

static void report(struct ablating *a)
{
	struct ablation *const r = &a->b->info->ablation;

	r->feeding = arena_alloc(&a->b->r->arena, (a->now_n + 1) * sizeof(*r->feeding));
	for (size_t i = 0; i < a->now_n; i++) {
		r->feeding[r->feeding_n++] = entry_path(a->now[i]);
		result_find(a->b->r, RULE_TP422, entry_path(a->now[i]), a->now_n > 1 ?
			    "what is installed changes when this file and others are replaced by noise" :
			    "what is installed changes when this file is replaced by noise");
	}
}

int rebuild_ablate(struct rebuilding *b, struct error *err)
{
	struct ablating a = { .b = b };
	int broken;

	if (!b->o->ablate || !b->release_build.run.complete)
		return 0;
	choose(&a);
	b->info->ablation.asked = true;
	b->info->ablation.files = a.n;
	a.now = a.files;
	a.now_n = a.n;
	broken = a.n ? breaks(&a, UINT64_MAX, err) : 0;
	if (broken > 0) {
		broken = narrow(&a, err);
		if (broken == 0)
			report(&a);
	}
	memory_free(a.files);
	return broken < 0 ? -1 : 0;
}
