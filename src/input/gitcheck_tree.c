/* What changed in the tree since the previous tag, where the kind of change itself is odd. */
#include "input/gitcheck_parts.h"

#include "base/cleanup.h"
#include "base/limits.h"
#include "input/history.h"
#include "input/treediff.h"

enum { SHOWN = 8, LARGE = 8 * 1024 * 1024, LFS_MAX = 1024 };

struct comparing {
	struct gitcheck *c;
	bool lfs;		/* the tag uses Git LFS */
	size_t executable;	/* data that became so */
	struct str *swapped;	/* paths of LFS pointers to other content of the same size */
	size_t swapped_n, swapped_cap;
};

static struct str since(struct gitcheck *c)
{
	return c->previous->name;
}

/* The start of a blob; empty when it is not at hand. */
static int read_blob(struct gitcheck *c, const struct oid *oid, struct buf *to, struct error *err)
{
	enum object_type type;
	uint64_t size;

	if (!repo_header(c->repo, oid, &type, &size) || size > LARGE)
		return 0;
	return repo_object(c->repo, oid, LARGE, &type, to, err);
}

static bool runs(struct str content)
{
	return str_starts(content, STR("#!")) || str_starts(content, STR("\177ELF")) ||
	       str_starts(content, STR("MZ"));
}

static int became_executable(struct comparing *x, const struct tree_difference *d,
			     struct error *err)
{
	AUTO_BUF struct buf text = BUF_INIT;

	if (!tree_side_is_file(&d->old[0]) || !tree_side_is_file(&d->now) || d->old[0].mode & 0100 ||
	    !(d->now.mode & 0100))
		return 0;
	if (read_blob(x->c, &d->now.oid, &text, err) < 0)
		return -1;
	/* With a build, what is executable is run by its name even without "#!". */
	if (runs(buf_str(&text)) || gitcheck_is_build_file(d->path))
		return 0;
	if (++x->executable <= SHOWN)
		result_find(&x->c->found, RULE_TP019, d->path,
			    "data became executable since the previous tag, %.*s",
			    STR_FMT(since(x->c)));
	return 0;
}

/* --- Git LFS (git-lfs specification, "The Pointer") --- */

static bool lfs_pointer(struct str blob, struct str *oid, struct str *size)
{
	struct str line;

	*oid = *size = STR("");
	if (blob.len > LFS_MAX || !str_starts(blob, STR("version https://git-lfs.github.com/spec/")))
		return false;
	while (str_next_line(&blob, &line)) {
		if (str_starts(line, STR("oid ")))
			*oid = str_from_at(line, 4);
		else if (str_starts(line, STR("size ")))
			*size = str_from_at(line, 5);
	}
	return oid->len && size->len;
}

static int swapped(struct comparing *x, const struct tree_difference *d, struct error *err)
{
	AUTO_BUF struct buf before = BUF_INIT, now = BUF_INIT;
	struct str a, b, a_size, b_size;
	enum object_type type;
	uint64_t size;

	if (!x->lfs || !tree_side_is_file(&d->old[0]) || !tree_side_is_file(&d->now) ||
	    !repo_header(x->c->repo, &d->now.oid, &type, &size) || size > LFS_MAX)
		return 0;
	if (read_blob(x->c, &d->old[0].oid, &before, err) < 0 ||
	    read_blob(x->c, &d->now.oid, &now, err) < 0)
		return -1;
	if (!lfs_pointer(buf_str(&before), &a, &a_size) || !lfs_pointer(buf_str(&now), &b, &b_size) ||
	    str_eq(a, b) || !str_eq(a_size, b_size) || x->swapped_n >= SHOWN)
		return 0;
	x->swapped = memory_grow(x->swapped, x->swapped_n, &x->swapped_cap, sizeof(*x->swapped));
	x->swapped[x->swapped_n++] = arena_str(x->c->arena, d->path);
	return 0;
}

static int compared(void *ctx, const struct tree_difference *d, struct error *err)
{
	struct comparing *x = ctx;

	return became_executable(x, d, err) < 0 ? -1 : swapped(x, d, err);
}

/* Whether a commit changed any text but pointers. */
static int changed_text(void *ctx, const struct tree_difference *d, struct error *err)
{
	struct comparing *x = ctx;
	AUTO_BUF struct buf text = BUF_INIT;
	struct str oid, size;

	if (!tree_side_is_file(&d->now))
		return 1;
	if (read_blob(x->c, &d->now.oid, &text, err) < 0)
		return -1;
	return history_is_text(buf_str(&text)) && !lfs_pointer(buf_str(&text), &oid, &size);
}

static int report_swapped(struct comparing *x, struct error *err)
{
	struct gitcheck *c = x->c;
	const struct history_question q = { c->g->commit.oid, x->swapped, x->swapped_n, false, 0, 0 };
	struct history h;

	if (x->swapped_n == 0)
		return 0;
	if (history_of(c->repo, c->arena, &q, &h, err) < 0)
		return -1;
	for (size_t i = 0; i < h.paths_n; i++) {
		const struct history_commit *by = h.paths[i].changed;
		struct commit_links commit, parent;
		struct finding *f;
		struct oid oid;
		int text = 0;

		if (by && !by->merge && hex_decode(by->oid, oid.bytes, OID_SIZE) &&
		    commit_links_read(c->repo, c->arena, &oid, &commit, err) > 0 &&
		    commit.parents_n &&
		    commit_links_read(c->repo, c->arena, &commit.parents[0], &parent, err) > 0)
			text = treediff(c->repo, &parent.tree, 1, &commit.tree, changed_text, x, err);
		if (text < 0)
			return -1;
		f = result_find(&c->found, RULE_TP024, h.paths[i].path,
				"points at other content of the same size since the previous tag, %.*s",
				STR_FMT(since(c)));
		if (text > 0)
			f->severity = SEVERITY_LOW;
		if (by)
			finding_evidence(&c->found, f, arena_strf(c->arena, "commit %.12s, %.*s%s",
					 by->oid.ptr, STR_FMT(by->subject), text > 0 ? "" :
					 " (changes no text)"));
	}
	return 0;
}

int gitcheck_tree(struct gitcheck *c, struct error *err)
{
	struct comparing x = { .c = c };
	int r;

	if (!c->previous)
		return 0;
	if (gitcheck_attribute(c, STR("filter=lfs"), &x.lfs, err) < 0)
		return -1;
	r = treediff(c->repo, &c->previous_commit.tree, 1, &c->g->commit.tree, compared, &x, err);
	if (x.executable > SHOWN)
		result_find(&c->found, RULE_TP019, STR(""), "%zu more files of data became executable "
			    "since the previous tag, %.*s", x.executable - SHOWN, STR_FMT(since(c)));
	if (r == 0)
		r = report_swapped(&x, err);
	memory_free(x.swapped);
	return r;
}
