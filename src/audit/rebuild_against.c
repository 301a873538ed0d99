/* A binary artifact (a package, a wheel, an installed tree) against what was built. */
#include "audit/rebuild_work.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "input/artifact.h"

struct binary {
	struct result result;
	struct content_store *store;
	struct str folder;	/* on this machine */
};

static int go_on(void *ctx, struct error *err)
{
	(void)ctx;
	(void)err;
	return 0;
}

static int read_content(void *ctx, const struct entry *e, struct buf *to)
{
	struct binary *const x = ctx;
	struct error ignored = ERROR_INIT;

	return e->content != CONTENT_NONE && content_read(x->store, e->content, LIMIT_OUTPUT, to, &ignored) == 0;
}

/* Unpacks it into a folder of its own; what an archive has below one folder lies below that again. */
static int unpack(struct rebuilding *b, struct binary *x, const char *path, struct error *err)
{
	static const struct tree nothing = TREE_INIT;
	_Atomic uint64_t done = 0;
	const struct artifact_options o = {
		.path = path, .jobs = 1, .store = x->store, .done = &done, .tick = { go_on, NULL },
		.expect = { .origin = &nothing },
	};
	const struct export_source source = { &x->result.artifact_tree, read_content, x, 1 };
	struct artifact_facts facts;
	struct export_report report;
	AUTO_FD int fd = -1;
	char *folder;
	int status;

	if (artifact_peek(path, &x->result, err) < 0 || artifact_read(&o, &x->result, &facts, err) < 0)
		return error_prefix(err, "--against");
	folder = (char *)(uintptr_t)arena_strf(&b->r->arena, "%s/tarproof-against-XXXXXX", b->scratch).ptr;
	if (!mkdtemp(folder))
		return error_errno(err, "%s", b->scratch);
	x->folder = str_from(folder);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return error_errno(err, "%s", folder);
	status = export_tree(&source, fd, geteuid(), getegid(), false, &report, err);
	if (status == 0 && report.left_out)
		result_not_checked(b->r, false, str_from(path), "%zu of its files were left out; the first: %.*s",
				   report.left_out, STR_FMT(buf_str(&report.first_left_out)));
	buf_release(&report.first_left_out);
	return status;
}

static size_t common(const struct output_tree *a, const struct output_tree *b, struct str prefix)
{
	AUTO_BUF struct buf path = BUF_INIT;
	size_t n = 0;

	for (size_t i = 0; i < a->n; i++) {
		buf_reset(&path);
		buf_add_str(&path, prefix);
		buf_add_str(&path, a->v[i].path);
		n += a->v[i].type != OUTPUT_FOLDER && output_find(b, buf_str(&path)) != NULL;
	}
	return n;
}

/* The folder below which what was built has the most of its paths: packages begin at "/", or at "usr/", or hold what
 * a recipe unpacks. */
static void move_below(struct output_tree *t, const struct output_tree *built, struct str lead, struct arena *a)
{
	const struct str prefixes[] = { STR(""), lead, STR("usr/"), STR("wheel/"), STR("package/") };
	struct str best = lead;
	size_t most = 0;

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		const size_t n = common(t, built, prefixes[i]);

		if (n > most) {
			most = n;
			best = prefixes[i];
		}
	}
	for (size_t i = 0; best.len && i < t->n; i++)
		t->v[i].path = arena_strf(a, "%.*s%.*s", STR_FMT(best), STR_FMT(t->v[i].path));
}

static void compare(struct rebuilding *b, const struct build *built, const struct output_tree *t, const char *path)
{
	struct rebuild_info *const info = b->info;
	const struct output_context x = { STR(""), STR(""), rebuild_version(b->r) };
	struct output_comparison *c;

	if (!built->run.complete)
		return;
	info->comparisons = memory_grow(info->comparisons, info->comparisons_n, &info->comparisons_cap,
					sizeof(*info->comparisons));
	c = &info->comparisons[info->comparisons_n++];
	*c = (struct output_comparison){ .first = arena_str(&b->r->arena, built->run.label),
					 .second = str_from(path) };
	output_compare(&built->outputs, t, &x, &b->r->arena, c);
	for (size_t i = 0; i < c->n; i++)
		c->differences[i].path = arena_str(&b->r->arena, c->differences[i].path);
}

int rebuild_against(struct rebuilding *b, const char *path, struct error *err)
{
	struct binary x = { .store = content_store_new() };
	struct output_tree t = { .folder = NULL };
	struct error ignored = ERROR_INIT;
	int status;

	result_init(&x.result);
	status = unpack(b, &x, path, err);
	if (status == 0)
		status = output_read(&t, &b->r->arena, x.folder.ptr, err);
	if (status == 0) {
		move_below(&t, &b->release_build.outputs, x.result.artifact.lead, &b->r->arena);
		compare(b, &b->tag_build, &t, path);
		compare(b, &b->release_build, &t, path);
	}
	if (x.folder.len)
		export_remove(x.folder.ptr, &ignored);
	output_release(&t);
	result_release(&x.result);
	content_store_free(x.store);
	return status;
}
