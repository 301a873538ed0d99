/* Repositories: refs and objects of a git repository that nobody need trust.
 * Owns its libgit2 handles. Runs nothing: no hook, no filter, no command of a configuration.
 * Objects are read raw and parsed here; replace refs and grafts are never followed.
 * Knows nothing of artifacts. Source of the object formats: gitformat-pack(5), git-mktree(1),
 * git-mktag(1), git's Documentation/technical. */
#ifndef INPUT_REPO_H
#define INPUT_REPO_H

#include "input/convert.h"
#include "input/tick.h"
#include "model/result.h"

struct repo;

struct repo *repo_open(const char *path, struct error *err);
void repo_free(struct repo *r);
/* Asked at every object that is read, by whichever thread reads it. */
void repo_set_tick(struct repo *r, struct tick tick);
/* Where the repository itself is ("/x/y/.git"). */
const char *repo_path(const struct repo *r);

enum object_type { OBJECT_COMMIT, OBJECT_TREE, OBJECT_BLOB, OBJECT_TAG };

/* Appends the object's content: 1, or 0 when it is not in the repository, or -1. */
int repo_object(struct repo *r, const struct oid *oid, uint64_t max, enum object_type *type,
		struct buf *to, struct error *err);
bool repo_has(struct repo *r, const struct oid *oid);
/* Type and size without the content; false when it is not in the repository. */
bool repo_header(struct repo *r, const struct oid *oid, enum object_type *type, uint64_t *size);

struct tag_ref {
	struct str name;	/* without refs/tags/ */
	struct oid target;	/* the tag object, or what a lightweight tag names */
	struct oid peeled;	/* what it leads to, where the refs file says so */
	bool has_peeled;
};

/* All of refs/tags, sorted by name, names in the arena. The array is the caller's to
 * memory_free(). */
int repo_tags(struct repo *r, struct arena *a, struct tag_ref **out, size_t *n, struct error *err);
/* The same of another folder of refs ("refs/replace/"), which the names are without. */
int repo_refs(struct repo *r, struct arena *a, const char *folder, struct tag_ref **out, size_t *n,
	      struct error *err);
/* A ref by its full name ("refs/heads/main"): 1, 0 when there is none, or -1. */
int repo_ref(struct repo *r, const char *name, struct oid *out, struct error *err);
/* An object by 4 to 40 hexadecimal digits: 1, 0 when none or several fit. */
int repo_abbrev(struct repo *r, struct str hex, struct oid *out);

/* What a tag leads to. */
struct tag_facts {
	bool annotated;
	struct str own_name;		/* the name inside the first tag object */
	enum signature_kind signature;	/* of the first tag object */
	unsigned int depth;		/* tag objects on the way */
	struct oid commit;
	const char *ends_in;		/* NULL, or "a tree", "a file": what it names instead of a commit */
};

/* Follows tag objects to the commit. ERROR_ORIGIN when there is none at the end. */
int repo_peel(struct repo *r, struct arena *a, const struct oid *target, struct tag_facts *out,
	      struct error *err);

struct commit {
	struct oid oid, tree;
	struct commit_facts facts;	/* tags left empty */
	enum signature_kind signature;
};

int repo_commit(struct repo *r, struct arena *a, const struct oid *oid, struct commit *out,
		struct error *err);

/* Appends a tree's files, links and gitlinks, with `prefix` before each path. Where a tree is
 * absent (partial clone) it is named in `absent`, and 0 is returned all the same. */
int repo_tree(struct repo *r, struct arena *a, const struct oid *tree, struct str prefix,
	      struct tree *out, struct buf *absent, struct error *err);

/* Whether a branch (refs/heads, refs/remotes) holds the commit; TRI_UNKNOWN in a shallow clone
 * that may hide it, or beyond LIMIT_WALK. Commits older than the commit's date less 30 days are
 * not followed. */
enum tri repo_on_branch(struct repo *r, const struct oid *commit, int64_t commit_time);

/* What makes git show something else than the objects say; as findings. */
int repo_oddities(struct repo *r, struct result *result, struct error *err);
bool repo_is_shallow(const struct repo *r);

#endif
