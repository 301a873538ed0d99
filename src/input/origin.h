/* Origins: a tag (or a listing) as the tree that an artifact is compared with, and what the
 * tag's own attributes and links say about files that differ from it.
 * Owns the repositories it opened; strings go to the result's arena.
 * Knows nothing of how an artifact is read. */
#ifndef INPUT_ORIGIN_H
#define INPUT_ORIGIN_H

#include "input/content.h"
#include "input/repo.h"
#include "input/tagchoice.h"
#include "model/submodule.h"

struct origin_options {
	const char *git;	/* repository or URL; or NULL with `tree` */
	const char *tree;	/* listing */
	const char *tag;	/* NULL or "auto": by the artifact */
	bool fetch;
	const struct submodule *submodules;
	size_t submodules_n;
	const char *submodules_dir;
	struct tick tick;	/* may be called by several threads */
};

/* One tree of the origin: the tag's, or a submodule's at its place in it. */
struct origin_part {
	struct str prefix;		/* "" or "modules/foo/" */
	struct repo *repo;
	struct commit commit;
	struct attributes *attributes;
};

struct origin {
	const struct origin_options *o;
	struct result *result;
	struct repo *repo;		/* NULL with a listing */
	struct str cache;		/* repository that was fetched into, or empty */
	struct tag_set tags;
	struct origin_part *parts;	/* the first is the tag's own */
	size_t parts_n, parts_cap;
	struct commit commit;
};

int origin_open(struct origin *g, const struct origin_options *o, struct result *r,
		struct error *err);
void origin_release(struct origin *g);

/* Sets result->origin. ERROR_UNRESOLVED with result->candidates (not yet ranked) when no tag is
 * clear. Uses result->artifact.{name,archive_commit}. */
int origin_choose(struct origin *g, struct error *err);
/* Fills and sorts result->origin_tree; findings and NOT CHECKED of the tree and repository. */
int origin_load(struct origin *g, struct error *err);
/* The tree of one candidate, sorted, without attributes or submodules. */
int origin_candidate_tree(struct origin *g, const struct candidate *c, struct tree *out,
			  struct error *err);
/* An `expectation` of the tag's tree (see intake.h), for as long as the origin is open. */
bool origin_file_size(void *ctx, const struct entry *e, uint64_t *size);
/* Whether a branch holds the commit. May run in a thread beside the others. */
enum tri origin_on_branch(struct origin *g);

/* Whether the commit that the archive names is another one of this repository, on a branch. */
bool origin_archive_commit_on_branch(struct origin *g);

/* Explains changes by the tag itself: attributes, links stored as files, LFS pointers, moves;
 * counts lines. Relations become `transformed` where that is proven or plausible. */
int origin_explain(struct origin *g, struct content_store *store, struct error *err);
/* The blob of an entry of the origin's tree (or of one with the same path and id), appended. False when it
 * can't be had. */
bool origin_blob(struct origin *g, const struct entry *e, struct buf *to);
/* Whether the artifact's stream is byte by byte what `git archive` gives. */
enum tri origin_git_archive(struct origin *g, const struct sha256 *structure);

/* Between the files of this module. origin.c: the part that a path belongs to; a repository that
 * asks g->o->tick. origin_tag.c: brings a tag of a URL into the cache, and opens that. */
struct origin_part *origin_part_of(struct origin *g, struct str path);
struct repo *origin_open_repo(struct origin *g, const char *path, struct error *err);
int origin_fetch_tag(struct origin *g, struct str tag, struct error *err);

#endif
