#include "input/objects.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "base/map.h"

/* --- headers of commits and tags --- */

bool object_next_header(struct str *rest, struct str *key, struct str *value)
{
	struct str line;
	size_t blank;

	if (!str_next_line(rest, &line) || line.len == 0)
		return false;
	blank = str_find(line, ' ');
	if (blank == (size_t)-1)
		blank = line.len;
	*key = str_first(line, blank);
	*value = str_from_at(line, blank + 1);
	while (rest->len && rest->ptr[0] == ' ') {
		str_next_line(rest, &line);
		value->len = (size_t)(line.ptr + line.len - value->ptr);
	}
	return true;
}

enum signature_kind object_signature(struct str text)
{
	if (str_find_str(text, STR("-----BEGIN PGP SIGNATURE-----")) != (size_t)-1 ||
	    str_find_str(text, STR("-----BEGIN PGP MESSAGE-----")) != (size_t)-1)
		return SIGNATURE_PGP;
	if (str_find_str(text, STR("-----BEGIN SSH SIGNATURE-----")) != (size_t)-1)
		return SIGNATURE_SSH;
	if (str_find_str(text, STR("-----BEGIN SIGNED MESSAGE-----")) != (size_t)-1)
		return SIGNATURE_X509;
	return SIGNATURE_NONE;
}

static int malformed(struct error *err, const struct oid *oid, const char *what)
{
	char hex[OID_HEX + 1];

	hex_encode(oid->bytes, OID_SIZE, hex);
	return error_set(err, ERROR_ORIGIN, "object %s: %s", hex, what);
}

static int absent(struct error *err, const struct oid *oid)
{
	malformed(err, oid, "is not in the repository (shallow or partial clone?)");
	return error_hint(err, "fetch it, as in `git fetch --unshallow` or `git fetch --refetch`");
}

int repo_peel(struct repo *r, struct arena *a, const struct oid *target, struct tag_facts *out,
	      struct error *err)
{
	struct oid at = *target;

	*out = (struct tag_facts){ .depth = 0 };
	for (;;) {
		AUTO_BUF struct buf text = BUF_INIT;
		struct str rest, key, value;
		enum object_type type;
		bool has_target = false;
		const int got = repo_object(r, &at, LIMIT_BLOB, &type, &text, err);

		if (got <= 0)
			return got < 0 ? -1 : absent(err, &at);
		if (type == OBJECT_COMMIT) {
			out->commit = at;
			return 0;
		}
		out->ends_in = type == OBJECT_TREE ? "a tree" : type == OBJECT_TAG ? NULL : "a file";
		if (type != OBJECT_TAG)
			return malformed(err, &at, "the tag names no commit but a tree or a file");
		if (++out->depth > LIMIT_DEPTH)
			return malformed(err, &at, "too many tags of tags");
		out->annotated = true;
		if (out->depth == 1)
			out->signature = object_signature(buf_str(&text));
		rest = buf_str(&text);
		while (object_next_header(&rest, &key, &value)) {
			if (str_eq(key, STR("object")) && !has_target)
				has_target = hex_decode(value, at.bytes, OID_SIZE);
			else if (str_eq(key, STR("tag")) && out->depth == 1)
				out->own_name = arena_str(a, value);
		}
		if (!has_target)
			return malformed(err, &at, "is a malformed tag");
	}
}

/* Far from the ends of the type, so that a caller may add to it. */
static int64_t parse_number(struct str s)
{
	int64_t v = 0;
	const bool negative = str_starts(s, STR("-"));

	for (size_t i = negative ? 1 : 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9' || v > INT64_MAX / 100)
			break;
		v = v * 10 + (s.ptr[i] - '0');
	}
	return negative ? -v : v;
}

void object_person(struct arena *a, struct str s, struct str *name, struct str *email,
			 int64_t *seconds, int *offset)
{
	const size_t close = str_rfind(s, '>');
	const size_t open = str_find(s, '<');
	struct str rest, word;

	if (open == (size_t)-1 || close == (size_t)-1 || close < open)
		return;
	*name = arena_str(a, str_trim(str_first(s, open)));
	*email = arena_str(a, str_of(s.ptr + open + 1, close - open - 1));
	rest = str_from_at(s, close + 1);
	if (str_next_word(&rest, &word))
		*seconds = parse_number(word);
	if (str_next_word(&rest, &word) && word.len == 5) {
		const int hhmm = (int)parse_number(str_from_at(word, 1));

		*offset = (hhmm / 100 * 60 + hhmm % 100) * (word.ptr[0] == '-' ? -1 : 1);
	}
}

/* All parents of a commit, whose headers are in `text`. */
static void parse_parents(struct arena *a, struct str text, struct commit_facts *f)
{
	struct str rest = text, key, value;
	size_t n = 0;

	while (n < LIMIT_PARENTS && object_next_header(&rest, &key, &value))
		n += str_eq(key, STR("parent"));
	f->parents = arena_alloc(a, n * sizeof(*f->parents));
	rest = text;
	while (f->parents_n < n && object_next_header(&rest, &key, &value))
		if (str_eq(key, STR("parent")))
			f->parents[f->parents_n++] = arena_str(a, value);
}

int repo_commit(struct repo *r, struct arena *a, const struct oid *oid, struct commit *out,
		struct error *err)
{
	AUTO_BUF struct buf text = BUF_INIT;
	struct commit_facts *f = &out->facts;
	struct str rest, key, value;
	enum object_type type;
	char hex[OID_HEX + 1];
	bool has_tree = false;
	const int got = repo_object(r, oid, LIMIT_BLOB, &type, &text, err);

	*out = (struct commit){ .oid = *oid };
	if (got <= 0)
		return got < 0 ? -1 : absent(err, oid);
	if (type != OBJECT_COMMIT)
		return malformed(err, oid, "is no commit");
	hex_encode(oid->bytes, OID_SIZE, hex);
	f->oid = arena_str(a, str_from(hex));
	rest = buf_str(&text);
	parse_parents(a, rest, f);
	while (object_next_header(&rest, &key, &value)) {
		if (str_eq(key, STR("tree")) && !has_tree) {
			has_tree = hex_decode(value, out->tree.bytes, OID_SIZE);
			f->tree = arena_str(a, value);
		} else if (str_eq(key, STR("author"))) {
			object_person(a, value, &f->author_name, &f->author_email, &f->author_time,
				     &f->author_offset);
		} else if (str_eq(key, STR("committer"))) {
			object_person(a, value, &f->committer_name, &f->committer_email,
				     &f->committer_time, &f->committer_offset);
		} else if (str_eq(key, STR("gpgsig"))) {
			out->signature = object_signature(value);
		} else if (str_eq(key, STR("encoding"))) {
			f->encoding = arena_str(a, value);
		}
	}
	f->message = arena_str(a, rest);
	return has_tree ? 0 : malformed(err, oid, "is a malformed commit");
}

/* --- trees --- */

struct tree_walk {
	struct repo *repo;
	struct arena *arena;
	struct tree *out;
	struct buf *absent;
	struct buf path;
	size_t path_bytes;	/* of all paths so far */
	size_t folders;		/* so far: those without files count as well */
	unsigned int depth;
};

static int walk_tree(struct tree_walk *w, const struct oid *oid, struct error *err);

static void add_entry(struct tree_walk *w, unsigned int mode, const struct oid *oid)
{
	struct entry *e = tree_add(w->out);
	const struct str path = arena_str(w->arena, buf_str(&w->path));

	w->path_bytes += path.len;
	e->path = path.ptr;
	e->path_len = (uint32_t)path.len;
	e->oid = *oid;
	e->flags = ENTRY_HAS_OID;
	e->type = (mode & 0170000) == 0120000 ? ENTRY_LINK :
		  (mode & 0170000) == 0160000 ? ENTRY_GITLINK : ENTRY_FILE;
	/* Old trees hold 100664 and the like: git knows executable or not. */
	e->mode = e->type != ENTRY_FILE ? 0 : mode & 0100 ? 0755 : 0644;
}

bool object_next_entry(struct str *rest, unsigned int *mode, struct str *name, struct oid *oid)
{
	const size_t blank = str_find(*rest, ' ');
	size_t nul;

	*mode = 0;
	if (blank == (size_t)-1 || blank == 0 || blank > 7)
		return false;
	for (size_t i = 0; i < blank; i++) {
		if (rest->ptr[i] < '0' || rest->ptr[i] > '7')
			return false;
		*mode = *mode << 3 | (unsigned int)(rest->ptr[i] - '0');
	}
	*rest = str_from_at(*rest, blank + 1);
	nul = str_find(*rest, '\0');
	if (nul == (size_t)-1 || nul == 0 || rest->len - nul - 1 < OID_SIZE)
		return false;
	*name = str_first(*rest, nul);
	memcpy(oid->bytes, rest->ptr + nul + 1, OID_SIZE);
	*rest = str_from_at(*rest, nul + 1 + OID_SIZE);
	return true;
}

static int walk_entries(struct tree_walk *w, const struct oid *oid, struct str rest,
			struct error *err)
{
	while (rest.len) {
		const size_t before = w->path.len;
		struct oid child;
		struct str name;
		unsigned int mode;
		int r = 0;

		if (!object_next_entry(&rest, &mode, &name, &child))
			return malformed(err, oid, "is a malformed tree");
		buf_add_str(&w->path, name);
		if (w->path.len > LIMIT_PATH)
			return malformed(err, oid, "holds a path that is too long");
		if ((mode & 0170000) == 0040000) {
			buf_add_char(&w->path, '/');
			r = walk_tree(w, &child, err);
		} else {
			add_entry(w, mode, &child);
		}
		w->path.len = before;
		w->path.ptr[before] = '\0';
		if (r < 0)
			return -1;
		if (w->out->n > LIMIT_ENTRIES || w->path_bytes > LIMIT_PATHS_TOTAL)
			return malformed(err, oid, "the tree has too many entries");
	}
	return 0;
}

static int walk_tree(struct tree_walk *w, const struct oid *oid, struct error *err)
{
	AUTO_BUF struct buf text = BUF_INIT;
	enum object_type type;
	const int got = repo_object(w->repo, oid, LIMIT_BLOB, &type, &text, err);
	int r;

	if (got < 0)
		return -1;
	if (got == 0) {
		buf_addf(w->absent, "%s\n", w->path.len ? buf_cstr(&w->path) : "(the top folder)");
		return 0;
	}
	if (type != OBJECT_TREE)
		return malformed(err, oid, "is no tree");
	if (++w->depth > LIMIT_DEPTH)
		return malformed(err, oid, "has too many folders within each other");
	if (++w->folders > LIMIT_FOLDERS)
		return malformed(err, oid, "the tree has too many folders");
	r = walk_entries(w, oid, buf_str(&text), err);
	w->depth--;
	return r;
}

int repo_tree(struct repo *r, struct arena *a, const struct oid *tree, struct str prefix,
	      struct tree *out, struct buf *absent_trees, struct error *err)
{
	struct tree_walk w = { .repo = r, .arena = a, .out = out, .absent = absent_trees };
	int status;

	buf_add_str(&w.path, prefix);
	status = walk_tree(&w, tree, err);
	buf_release(&w.path);
	return status;
}

/* --- walking commits, those made just after the one looked for first: its children are there --- */

struct walk_item {
	struct oid oid;
	uint64_t distance;	/* seconds after the one looked for, or far when before it */
	struct oid *parents;	/* in the walk's arena */
	size_t parents_n;
};

struct commit_walk {
	struct repo *repo;
	struct oid sought;
	int64_t sought_time;
	struct arena arena;	/* ids seen, parents */
	struct map seen;
	struct walk_item *heap;	/* the nearest at 0 */
	size_t n, cap;
	bool incomplete;	/* a commit could not be read */
};

/* What is older than the commit looked for comes after all that is younger. */
#define BEFORE ((uint64_t)1 << 62)

static uint64_t distance_to(int64_t time, int64_t sought)
{
	return time >= sought ? (uint64_t)(time - sought) : BEFORE + (uint64_t)(sought - time);
}

struct commit_walk *commit_walk_new(struct repo *r, const struct oid *commit, int64_t commit_time)
{
	struct commit_walk *w = memory_zalloc(sizeof(*w));

	w->repo = r;
	w->sought = *commit;
	w->sought_time = commit_time;
	return w;
}

void commit_walk_free(struct commit_walk *w)
{
	memory_free(w->heap);
	map_release(&w->seen);
	arena_release(&w->arena);
	memory_free(w);
}

static void heap_push(struct commit_walk *w, struct walk_item item)
{
	size_t i = w->n;

	w->heap = memory_grow(w->heap, w->n, &w->cap, sizeof(*w->heap));
	w->n++;
	while (i > 0 && w->heap[(i - 1) / 2].distance > item.distance) {
		w->heap[i] = w->heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	w->heap[i] = item;
}

static struct walk_item heap_pop(struct commit_walk *w)
{
	const struct walk_item top = w->heap[0], last = w->heap[--w->n];
	size_t i = 0;

	for (;;) {
		size_t child = 2 * i + 1;

		if (child >= w->n)
			break;
		if (child + 1 < w->n && w->heap[child + 1].distance < w->heap[child].distance)
			child++;
		if (w->heap[child].distance >= last.distance)
			break;
		w->heap[i] = w->heap[child];
		i = child;
	}
	if (w->n)
		w->heap[i] = last;
	return top;
}

void commit_walk_push(struct commit_walk *w, const struct oid *oid)
{
	AUTO_BUF struct buf text = BUF_INIT;
	struct walk_item item = { .oid = *oid };
	struct error ignored = ERROR_INIT;
	AUTO_FREE struct oid *parents = NULL;
	struct str rest, key, value, word;
	enum object_type type;
	int64_t time = 0;
	size_t cap = 0;

	if (map_get(&w->seen, str_of(oid->bytes, OID_SIZE)))
		return;
	map_put(&w->seen, arena_str(&w->arena, str_of(oid->bytes, OID_SIZE)), 1);
	if (repo_object(w->repo, oid, LIMIT_BLOB, &type, &text, &ignored) != 1 ||
	    type != OBJECT_COMMIT) {
		w->incomplete = true;
		return;
	}
	rest = buf_str(&text);
	while (object_next_header(&rest, &key, &value)) {
		if (str_eq(key, STR("parent")) && item.parents_n < LIMIT_PARENTS) {
			parents = memory_grow(parents, item.parents_n, &cap, sizeof(*parents));
			item.parents_n += hex_decode(value, parents[item.parents_n].bytes, OID_SIZE);
		}
		if (!str_eq(key, STR("committer")))
			continue;
		value = str_from_at(value, str_rfind(value, '>') + 1);
		if (str_next_word(&value, &word))
			time = parse_number(word);
		break;
	}
	item.distance = distance_to(time, w->sought_time);
	item.parents = arena_alloc(&w->arena, item.parents_n * sizeof(*parents) + 1);
	if (parents)
		memcpy(item.parents, parents, item.parents_n * sizeof(*parents));
	heap_push(w, item);
}

/* A descendant is younger than its ancestor, but for clocks that were wrong. */
enum { CLOCK_SKEW = 30 * 24 * 3600 };

enum tri commit_walk_find(struct commit_walk *w)
{
	for (size_t walked = 0; w->n; walked++) {
		const struct walk_item item = heap_pop(w);

		if (oid_eq(&item.oid, &w->sought))
			return TRI_YES;
		if (walked > LIMIT_WALK)
			return TRI_UNKNOWN;
		if (item.distance > BEFORE + CLOCK_SKEW)
			break;
		for (size_t i = 0; i < item.parents_n; i++) {
			if (oid_eq(&item.parents[i], &w->sought))
				return TRI_YES;
			commit_walk_push(w, &item.parents[i]);
		}
	}
	return w->incomplete ? TRI_UNKNOWN : TRI_NO;
}
