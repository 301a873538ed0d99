#include "input/repo.h"

#include <stdlib.h>
#include <sys/stat.h>

#include <git2.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "input/loose.h"
#include "input/objects.h"

struct repo {
	git_repository *lib;
	git_odb *odb;
	char *objects;		/* the folder of objects */
	bool loose[256];	/* whether it has a folder for ids that begin with this byte */
	struct tick tick;
};

static int failed(struct error *err, const char *what)
{
	const git_error *e = git_error_last();

	return error_set(err, ERROR_ORIGIN, "%s: %s", what, e ? e->message : "unknown error");
}

/* Reads no configuration but the repository's own, and of that no command is ever run. */
static void library_setup(void)
{
	static const char *const extensions[] = {
		"partialclone", "worktreeconfig", "preciousobjects", "relativeworktrees", "noop",
	};

	git_libgit2_init();
	for (int level = GIT_CONFIG_LEVEL_PROGRAMDATA; level <= GIT_CONFIG_LEVEL_GLOBAL; level++)
		git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
	git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions,
			 sizeof(extensions) / sizeof(extensions[0]));
	/* Whose repository it is does not matter, since nothing of it is run. */
	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 0);
	git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, (size_t)LIMIT_PACK_WINDOW);
	git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, (size_t)LIMIT_PACK_MAPPED);
}

static int open_failed(const char *path, struct error *err)
{
	const git_error *e = git_error_last();
	const char *text = e ? e->message : "unknown error";
	struct stat st;

	if (stat(path, &st) < 0) {
		error_errno(err, "%s", path);
		return error_hint(err, "check the path; a URL needs --fetch");
	}
	error_set(err, ERROR_ORIGIN, "%s: not a git repository that can be read (%s)", path, text);
	if (strstr(text, "objectformat"))
		return error_hint(err, "repositories with SHA-256 ids are not supported yet: "
				  "use --tree with a listing of a SHA-1 mirror");
	return error_hint(err, "give a working copy, a bare repository or a worktree; without a "
			  "repository, use --tree with the output of "
			  "`git ls-tree -r -l --full-tree TAG`");
}

/* libgit2 opens these without looking: a FIFO in their place would block for ever. */
static int check_files(const char *path, struct error *err)
{
	static const char *const names[] = {
		"config", "packed-refs", "objects/info/alternates", ".git/config",
		".git/packed-refs", ".git/objects/info/alternates",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		AUTO_BUF struct buf full = BUF_INIT;
		struct stat st;

		buf_addf(&full, "%s/%s", path, names[i]);
		if (stat(buf_cstr(&full), &st) < 0 || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))
			continue;
		error_set(err, ERROR_ORIGIN, "%s is no regular file", buf_cstr(&full));
		return error_hint(err, "make a fresh clone");
	}
	return 0;
}

/* Most repositories are packed: then no file has to be looked for with each object. */
static void look_for_loose(struct repo *r)
{
	for (unsigned int i = 0; i < 256; i++) {
		AUTO_BUF struct buf path = BUF_INIT;

		buf_addf(&path, "%s/%02x", r->objects, i);
		r->loose[i] = access(buf_cstr(&path), F_OK) == 0;
	}
}

struct repo *repo_open(const char *path, struct error *err)
{
	struct repo *r = memory_zalloc(sizeof(*r));
	AUTO_BUF struct buf objects = BUF_INIT;

	library_setup();
	if (check_files(path, err) < 0) {
		repo_free(r);
		return NULL;
	}
	if (git_repository_open_ext(&r->lib, path, GIT_REPOSITORY_OPEN_NO_SEARCH, NULL) < 0) {
		open_failed(path, err);
	} else if (git_repository_odb(&r->odb, r->lib) < 0) {
		failed(err, path);
	} else {
		buf_addf(&objects, "%sobjects", repo_path(r));
		r->objects = objects.ptr;
		objects = BUF_INIT;
		look_for_loose(r);
		return r;
	}
	repo_free(r);
	return NULL;
}

void repo_free(struct repo *r)
{
	if (!r)
		return;
	memory_free(r->objects);
	git_odb_free(r->odb);
	git_repository_free(r->lib);
	git_libgit2_shutdown();
	memory_free(r);
}

void repo_set_tick(struct repo *r, struct tick tick)
{
	r->tick = tick;
}

const char *repo_path(const struct repo *r)
{
	return git_repository_commondir(r->lib);
}

bool repo_is_shallow(const struct repo *r)
{
	return git_repository_is_shallow(r->lib) == 1;
}

static void to_git(git_oid *to, const struct oid *from)
{
	memcpy(to->id, from->bytes, OID_SIZE);
}

static void from_git(struct oid *to, const git_oid *from)
{
	memcpy(to->bytes, from->id, OID_SIZE);
}

static bool type_from_git(git_object_t from, enum object_type *to)
{
	if (from == GIT_OBJECT_COMMIT)
		*to = OBJECT_COMMIT;
	else if (from == GIT_OBJECT_TREE)
		*to = OBJECT_TREE;
	else if (from == GIT_OBJECT_BLOB)
		*to = OBJECT_BLOB;
	else if (from == GIT_OBJECT_TAG)
		*to = OBJECT_TAG;
	else
		return false;
	return true;
}

/* Cuts "TYPE SIZE\0" off a loose object. */
static bool take_header(struct str *text, enum object_type *type, uint64_t *size)
{
	static const char *const names[] = {
		[OBJECT_COMMIT] = "commit", [OBJECT_TREE] = "tree", [OBJECT_BLOB] = "blob",
		[OBJECT_TAG] = "tag",
	};
	const size_t nul = str_find(*text, '\0'), blank = str_find(*text, ' ');

	if (nul == (size_t)-1 || blank > nul)
		return false;
	*size = 0;
	for (size_t i = blank + 1; i < nul; i++) {
		if (text->ptr[i] < '0' || text->ptr[i] > '9' || *size >> 59)
			return false;
		*size = *size * 10 + (uint64_t)(text->ptr[i] - '0');
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!str_eq(str_first(*text, blank), str_from(names[i])))
			continue;
		*type = (enum object_type)i;
		*text = str_from_at(*text, nul + 1);
		return true;
	}
	return false;
}

static int read_loose(struct repo *r, const struct oid *oid, uint64_t max, enum object_type *type,
		      struct buf *to, struct error *err)
{
	AUTO_BUF struct buf raw = BUF_INIT;
	const int got = loose_read(r->objects, oid, max, false, &raw, err);
	struct str text = buf_str(&raw);
	uint64_t size;

	if (got <= 0)
		return got;
	if (!take_header(&text, type, &size) || size != text.len)
		return error_set(err, ERROR_ORIGIN, "a loose object has a malformed header");
	if (size > max)
		return error_set(err, ERROR_TOO_LARGE, "a loose object is larger than %llu bytes",
				 (unsigned long long)max);
	buf_add_str(to, text);
	return 1;
}

static int read_packed(struct repo *r, const struct oid *oid, uint64_t max, enum object_type *type,
		       struct buf *to, struct error *err)
{
	git_odb_object *object = NULL;
	git_object_t lib_type;
	git_oid id;
	char hex[OID_HEX + 1];
	size_t size;
	int status, got = 1;

	to_git(&id, oid);
	/* A few KB may unpack to many GiB: the size is asked for first. */
	status = git_odb_read_header(&size, &lib_type, r->odb, &id);
	if (status == 0 && size <= max)
		status = git_odb_read(&object, r->odb, &id);
	if (status == GIT_ENOTFOUND)
		return 0;
	hex_encode(oid->bytes, OID_SIZE, hex);
	if (status < 0) {
		failed(err, "object");
		error_prefix(err, "%s", hex);
		return error_hint(err, "the repository is damaged: run `git fsck`, or clone again");
	}
	if (size > max)
		got = error_set(err, ERROR_TOO_LARGE, "object %s is larger than %llu bytes", hex,
				(unsigned long long)max);
	else if (!type_from_git(git_odb_object_type(object), type))
		got = error_set(err, ERROR_ORIGIN, "object %s is of an unknown type", hex);
	else
		buf_add(to, git_odb_object_data(object), git_odb_object_size(object));
	git_odb_object_free(object);
	return got;
}

int repo_object(struct repo *r, const struct oid *oid, uint64_t max, enum object_type *type,
		struct buf *to, struct error *err)
{
	int got;

	if (tick_call(&r->tick, err) < 0)
		return -1;
	got = r->loose[oid->bytes[0]] ? read_loose(r, oid, max, type, to, err) : 0;
	return got ? got : read_packed(r, oid, max, type, to, err);
}

bool repo_has(struct repo *r, const struct oid *oid)
{
	git_oid id;

	to_git(&id, oid);
	return git_odb_exists_ext(r->odb, &id, GIT_ODB_LOOKUP_NO_REFRESH) == 1;
}

bool repo_header(struct repo *r, const struct oid *oid, enum object_type *type, uint64_t *size)
{
	AUTO_BUF struct buf raw = BUF_INIT;
	struct error ignored = ERROR_INIT;
	git_object_t lib_type;
	struct str text;
	git_oid id;
	size_t n;
	const int loose = !r->loose[oid->bytes[0]] ? 0 :
			  loose_read(r->objects, oid, LIMIT_BLOB, true, &raw, &ignored);

	text = buf_str(&raw);
	if (loose)
		return loose > 0 && take_header(&text, type, size);
	to_git(&id, oid);
	if (git_odb_read_header(&n, &lib_type, r->odb, &id) < 0)
		return false;
	*size = n;
	return type_from_git(lib_type, type);
}

struct tag_list {
	struct arena *arena;
	size_t prefix;		/* bytes of the full name that are left out */
	struct tag_ref *v;
	size_t n, cap;
};

static int add_tag(git_reference *ref, void *ctx)
{
	struct tag_list *l = ctx;
	const git_oid *target = git_reference_target(ref), *peeled;

	if (target) {
		struct tag_ref *t;

		l->v = memory_grow(l->v, l->n, &l->cap, sizeof(*l->v));
		t = &l->v[l->n++];
		t->name = arena_str(l->arena, str_from_at(str_from(git_reference_name(ref)),
							  l->prefix));
		from_git(&t->target, target);
		peeled = git_reference_target_peel(ref);
		t->has_peeled = peeled != NULL;
		if (peeled)
			from_git(&t->peeled, peeled);
	}
	git_reference_free(ref);
	return 0;
}

static int foreach_ref(struct repo *r, const char *glob,
		       int (*call)(git_reference *ref, void *ctx), void *ctx, struct error *err)
{
	git_reference_iterator *it = NULL;
	git_reference *ref = NULL;
	int status = git_reference_iterator_glob_new(&it, r->lib, glob);

	while (status == 0 && (status = git_reference_next(&ref, it)) == 0)
		status = call(ref, ctx);
	git_reference_iterator_free(it);
	return status == GIT_ITEROVER ? 0 : failed(err, glob);
}

static int by_name(const void *a, const void *b)
{
	const struct tag_ref *x = a, *y = b;

	return str_cmp(x->name, y->name);
}

int repo_refs(struct repo *r, struct arena *a, const char *folder, struct tag_ref **out, size_t *n,
	      struct error *err)
{
	struct tag_list l = { .arena = a, .prefix = strlen(folder) };
	AUTO_BUF struct buf glob = BUF_INIT;
	int status;

	buf_addf(&glob, "%s*", folder);
	status = foreach_ref(r, buf_cstr(&glob), add_tag, &l, err);

	if (l.n)
		qsort(l.v, l.n, sizeof(*l.v), by_name);
	*out = l.v;
	*n = l.n;
	return status;
}

int repo_tags(struct repo *r, struct arena *a, struct tag_ref **out, size_t *n, struct error *err)
{
	return repo_refs(r, a, "refs/tags/", out, n, err);
}

int repo_ref(struct repo *r, const char *name, struct oid *out, struct error *err)
{
	git_reference *ref = NULL, *direct = NULL;
	int status = git_reference_lookup(&ref, r->lib, name);

	if (status == GIT_ENOTFOUND || status == GIT_EINVALIDSPEC)
		return 0;
	if (status == 0)
		status = git_reference_resolve(&direct, ref);
	if (status == 0)
		from_git(out, git_reference_target(direct));
	git_reference_free(direct);
	git_reference_free(ref);
	return status == 0 ? 1 : failed(err, name);
}

int repo_abbrev(struct repo *r, struct str hex, struct oid *out)
{
	git_oid shortened, full;

	if (hex.len < 4 || hex.len > OID_HEX || git_oid_fromstrn(&shortened, hex.ptr, hex.len) < 0)
		return 0;
	for (size_t i = 0; i < hex.len; i++)
		if (!strchr("0123456789abcdefABCDEF", hex.ptr[i]))
			return 0;
	if (git_odb_exists_prefix(&full, r->odb, &shortened, hex.len) < 0)
		return 0;
	from_git(out, &full);
	return 1;
}

/* Branch tips for the walk below. */
struct tips {
	struct repo *repo;
	struct commit_walk *walk;
};

static int add_tip(git_reference *ref, void *ctx)
{
	struct tips *t = ctx;
	git_reference *direct = NULL;
	struct oid oid;

	if (git_reference_resolve(&direct, ref) == 0) {
		from_git(&oid, git_reference_target(direct));
		commit_walk_push(t->walk, &oid);
	}
	git_reference_free(direct);
	git_reference_free(ref);
	return 0;
}

enum tri repo_on_branch(struct repo *r, const struct oid *commit, int64_t commit_time)
{
	struct commit_walk *walk = commit_walk_new(r, commit, commit_time);
	struct tips tips = { r, walk };
	struct error ignored = ERROR_INIT;
	enum tri answer = TRI_UNKNOWN;

	if (foreach_ref(r, "refs/heads/*", add_tip, &tips, &ignored) == 0 &&
	    foreach_ref(r, "refs/remotes/*", add_tip, &tips, &ignored) == 0)
		answer = commit_walk_find(walk);
	commit_walk_free(walk);
	return answer == TRI_NO && repo_is_shallow(r) ? TRI_UNKNOWN : answer;
}

static int count_ref(git_reference *ref, void *ctx)
{
	size_t *n = ctx;

	(*n)++;
	git_reference_free(ref);
	return 0;
}

enum { SMALL_FILE = 65536 };

/* The start of a file below the repository; empty when it is not there. */
static void read_small(struct repo *r, const char *name, struct buf *to)
{
	AUTO_BUF struct buf path = BUF_INIT;
	AUTO_FILE FILE *f = NULL;
	struct stat st;

	buf_addf(&path, "%s%s", repo_path(r), name);
	/* A FIFO in its place must not block. */
	if (stat(buf_cstr(&path), &st) < 0 || !S_ISREG(st.st_mode))
		return;
	f = fopen(buf_cstr(&path), "re");
	if (f)
		to->len += fread(buf_reserve(to, SMALL_FILE), 1, SMALL_FILE, f);
}

static bool has_rules(struct str text)
{
	struct str line;

	/* What follows a long comment was not read. */
	if (text.len >= SMALL_FILE)
		return true;
	while (str_next_line(&text, &line)) {
		line = str_trim(line);
		if (line.len && line.ptr[0] != '#')
			return true;
	}
	return false;
}

int repo_oddities(struct repo *r, struct result *result, struct error *err)
{
	AUTO_BUF struct buf text = BUF_INIT;
	size_t replaced = 0;

	if (foreach_ref(r, "refs/replace/*", count_ref, &replaced, err) < 0)
		return -1;
	if (replaced)
		result_find(result, RULE_TP004, STR(""),
			    "the repository holds %zu replace reference%s (ignored)", replaced,
			    replaced == 1 ? "" : "s");
	read_small(r, "info/grafts", &text);
	if (has_rules(buf_str(&text)))
		result_find(result, RULE_TP005, STR(""), "the repository has info/grafts (ignored)");
	buf_reset(&text);
	read_small(r, "objects/info/alternates", &text);
	if (has_rules(buf_str(&text)))
		finding_evidence(result, result_find(result, RULE_TP006, STR(""),
				 "the repository takes objects from another folder"),
				 str_trim(buf_str(&text)));
	buf_reset(&text);
	read_small(r, "info/attributes", &text);
	if (has_rules(buf_str(&text)))
		finding_evidence(result, result_find(result, RULE_TP009, STR(""),
				 "the repository has info/attributes (ignored)"),
				 str_trim(buf_str(&text)));
	return 0;
}
