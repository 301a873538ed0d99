#include "input/history.h"

#include "base/cleanup.h"
#include "base/limits.h"
#include "base/map.h"
#include "input/commitrange.h"
#include "input/pathtrie.h"
#include "input/tagobject.h"
#include "input/treediff.h"

/* --- the walk --- */

/* Paths whose history goes on from one commit. */
struct group {
	struct commit_links c;
	uint32_t *paths;
	size_t n, cap;
	uint32_t serial;	/* of the set of paths */
};

#define NO_PARENT UINT8_MAX

struct walk {
	struct repo *repo;
	struct arena *arena;	/* the result's */
	struct arena ids;	/* commits of groups; keys of both maps */
	struct pathtrie *trie;
	bool added;
	struct group **heap;	/* the youngest commit at 0 */
	size_t heap_n, heap_cap;
	struct map index;	/* commit -> 1 + address of its group, 0 once it was walked */
	uint32_t serials, chosen;
	uint8_t *parent;	/* of each path: the first parent that has it */
	bool *differs;		/* of each path: in the comparison at hand */
	struct oid *changed_by, *added_by;	/* of each path */
	bool *has_changed, *replaced, *has_added;
	size_t walked;
	bool complete;
};

static void heap_push(struct walk *w, struct group *g)
{
	size_t i = w->heap_n;

	w->heap = memory_grow(w->heap, w->heap_n, &w->heap_cap, sizeof(struct group *));
	w->heap_n++;
	for (; i > 0 && w->heap[(i - 1) / 2]->c.time < g->c.time; i = (i - 1) / 2)
		w->heap[i] = w->heap[(i - 1) / 2];
	w->heap[i] = g;
}

static struct group *heap_pop(struct walk *w)
{
	struct group *const top = w->heap[0], *const last = w->heap[--w->heap_n];
	size_t i = 0;

	for (size_t child; (child = 2 * i + 1) < w->heap_n; i = child) {
		if (child + 1 < w->heap_n && w->heap[child + 1]->c.time > w->heap[child]->c.time)
			child++;
		if (w->heap[child]->c.time <= last->c.time)
			break;
		w->heap[i] = w->heap[child];
	}
	if (w->heap_n)
		w->heap[i] = last;
	return top;
}

static void group_free(struct group *g)
{
	memory_free(g->paths);
	memory_free(g);
}

/* Two groups meet where their histories do, as long as commits are younger than their parents;
 * else a commit is walked once for each, with the same outcome. */
static struct group *group_at(struct walk *w, const struct commit_links *c)
{
	uint64_t *known = map_get(&w->index, str_of(c->oid.bytes, OID_SIZE));
	struct group *g;

	if (known && *known)
		return (struct group *)(uintptr_t)*known;
	g = memory_zalloc(sizeof(*g));
	g->c = *c;
	if (!known)
		known = map_put(&w->index, arena_str(&w->ids, str_of(c->oid.bytes, OID_SIZE)), 0);
	*known = (uint64_t)(uintptr_t)g;
	heap_push(w, g);
	return g;
}

static void group_add(struct walk *w, struct group *g, uint32_t path)
{
	g->paths = memory_grow(g->paths, g->n, &g->cap, sizeof(*g->paths));
	g->paths[g->n++] = path;
	g->serial = ++w->serials;
}

/* All paths of a group go on together, as they nearly always do. */
static void group_move(struct walk *w, struct group *from, const struct commit_links *to)
{
	struct group *g = group_at(w, to);

	if (g->n == 0) {
		memory_free(g->paths);
		g->paths = from->paths;
		g->cap = from->cap;
		g->n = from->n;
		g->serial = from->serial;
		from->paths = NULL;
		from->cap = 0;
	} else {
		for (size_t i = 0; i < from->n; i++)
			group_add(w, g, from->paths[i]);
	}
	from->n = 0;
}

static int compare(struct walk *w, struct group *g, const struct oid *tree,
		   const struct path_difference **v, size_t *n, struct error *err)
{
	if (w->chosen != g->serial)
		pathtrie_choose(w->trie, g->paths, g->n);
	w->chosen = g->serial;
	return pathtrie_compare(w->trie, &g->c.tree, tree, v, n, err);
}

/* Sends the paths that parent number `i` holds alike on to it. 1, 0 when it can't be read. */
static int try_parent(struct walk *w, struct group *g, size_t i, struct error *err)
{
	const struct path_difference *v;
	struct commit_links parent;
	struct group *to = NULL;
	size_t n, kept = 0;
	int got = commit_links_read(w->repo, &w->ids, &g->c.parents[i], &parent, err);

	if (got > 0)
		got = compare(w, g, &parent.tree, &v, &n, err);
	if (got <= 0)
		return got;
	if (n == 0) {
		group_move(w, g, &parent);
		return 1;
	}
	for (size_t k = 0; k < n; k++) {
		w->differs[v[k].path] = true;
		if (v[k].in_b && w->parent[v[k].path] == NO_PARENT)
			w->parent[v[k].path] = (uint8_t)i;
	}
	for (size_t k = 0; k < g->n; k++) {
		const uint32_t path = g->paths[k];

		if (w->differs[path]) {
			g->paths[kept++] = path;
			w->differs[path] = false;
			continue;
		}
		if (!to)
			to = group_at(w, &parent);
		w->parent[path] = NO_PARENT;
		group_add(w, to, path);
	}
	if (kept < g->n)
		g->serial = ++w->serials;
	g->n = kept;
	return 1;
}

/* What no parent holds alike was changed by the group's commit. */
static int changed_here(struct walk *w, struct group *g, struct error *err)
{
	for (size_t k = 0; k < g->n; k++) {
		const uint32_t path = g->paths[k];
		const uint8_t i = w->parent[path];
		struct commit_links parent;
		int got;

		w->parent[path] = NO_PARENT;
		if (!w->has_changed[path]) {
			w->changed_by[path] = g->c.oid;
			w->replaced[path] = i != NO_PARENT;
		}
		w->has_changed[path] = true;
		if (!w->added)
			continue;
		if (i == NO_PARENT) {
			w->has_added[path] = true;
			w->added_by[path] = g->c.oid;
			continue;
		}
		got = commit_links_read(w->repo, &w->ids, &g->c.parents[i], &parent, err);
		if (got < 0)
			return -1;
		group_add(w, group_at(w, &parent), path);
	}
	return 0;
}

static int step(struct walk *w, struct group *g, struct error *err)
{
	int got = 1;

	for (size_t i = 0; got > 0 && g->n && i < g->c.parents_n; i++)
		got = try_parent(w, g, i, err);
	if (got > 0)
		return changed_here(w, g, err);
	/* A parent is not at hand: of these paths nothing more is known. */
	w->complete = false;
	return got;
}

/* Commits that are read whatever their dates say. */
enum { READ_ANYWAY = 500 };

static int walk(struct walk *w, size_t max, int64_t since, struct error *err)
{
	int r = 0;

	while (r == 0 && w->heap_n && w->walked < max &&
	       (w->walked < READ_ANYWAY || w->heap[0]->c.time >= since)) {
		struct group *g = heap_pop(w);

		*map_get(&w->index, str_of(g->c.oid.bytes, OID_SIZE)) = 0;
		w->walked++;
		r = step(w, g, err);
		group_free(g);
	}
	if (w->heap_n)
		w->complete = false;
	while (w->heap_n)
		group_free(heap_pop(w));
	return r;
}

/* --- what a commit did --- */

enum { SNIFF = 8000, LARGE = 8 * 1024 * 1024 };

bool history_is_text(struct str s)
{
	size_t odd = 0;

	s = str_first(s, SNIFF);
	for (size_t i = 0; i < s.len; i++) {
		const unsigned char c = (unsigned char)s.ptr[i];

		if (c == 0)
			return false;
		odd += (c < 0x20 && !(c >= '\b' && c <= '\r') && c != 0x1b) || c == 0x7f;
	}
	return odd * 32 <= s.len;
}

struct touching {
	struct walk *w;
	struct history_commit *out;
	struct buf blob;
};

static bool is_text_side(struct touching *t, const struct tree_side *s)
{
	struct error ignored = ERROR_INIT;
	enum object_type type;
	uint64_t size;

	if (!tree_side_is_file(s))
		return true;
	if (!repo_header(t->w->repo, &s->oid, &type, &size) || size > LARGE)
		return false;
	buf_reset(&t->blob);
	return repo_object(t->w->repo, &s->oid, LARGE, &type, &t->blob, &ignored) == 1 &&
	       history_is_text(buf_str(&t->blob));
}

static int touch(void *ctx, const struct tree_difference *d, struct error *err)
{
	struct touching *t = ctx;
	struct history_commit *c = t->out;
	const struct tree_side none = { .present = false };
	const struct tree_side *old = d->old ? d->old : &none;

	(void)err;
	if (old->present && d->now.present && oid_eq(&old->oid, &d->now.oid))
		return 0;
	if (c->touched_n < HISTORY_TOUCHED_MAX)
		c->touched[c->touched_n] = arena_str(t->w->arena, d->path);
	c->touched_n++;
	if (c->binary_only)
		c->binary_only = !is_text_side(t, d->now.present ? &d->now : old);
	return c->touched_n >= LIMIT_TOUCHED;
}

static int touched(struct walk *w, const struct commit_links *c, struct history_commit *out,
		   struct error *err)
{
	struct touching t = { .w = w, .out = out };
	struct commit_links parent;
	int r = 0;

	if (c->parents_n)
		r = commit_links_read(w->repo, &w->ids, &c->parents[0], &parent, err);
	if (r < 0 || (c->parents_n && r == 0))
		return r;
	out->binary_only = true;
	r = treediff(w->repo, &parent.tree, c->parents_n ? 1 : 0, &c->tree, touch, &t, err);
	if (r || out->touched_n == 0)
		out->binary_only = false;
	buf_release(&t.blob);
	return r < 0 && err->code != ERROR_INTERRUPTED ? 0 : r < 0 ? -1 : 0;
}

static struct str subject_of(struct arena *a, struct str message)
{
	struct str line;

	while (str_next_line(&message, &line)) {
		line = str_trim(line);
		if (line.len)
			return arena_str(a, str_first(line, HISTORY_SUBJECT_MAX));
	}
	return STR("");
}

static struct history_person person_of(struct arena *a, struct str name, struct str email,
				       int64_t time)
{
	return (struct history_person){ arena_str(a, str_first(name, HISTORY_SUBJECT_MAX)),
					arena_str(a, str_first(email, HISTORY_SUBJECT_MAX)), time };
}

static int describe(struct walk *w, const struct oid *oid, const struct history_person *tagger,
		    struct history_commit *out, struct error *err)
{
	AUTO_ARENA struct arena scratch = ARENA_INIT;
	struct commit_links links;
	struct commit c;

	if (commit_links_read(w->repo, &w->ids, oid, &links, err) < 0 ||
	    repo_commit(w->repo, &scratch, oid, &c, err) < 0)
		return -1;
	*out = (struct history_commit){
		.oid = arena_str(w->arena, c.facts.oid),
		.author = person_of(w->arena, c.facts.author_name, c.facts.author_email,
				    c.facts.author_time),
		.committer = person_of(w->arena, c.facts.committer_name, c.facts.committer_email,
				       c.facts.committer_time),
		.subject = subject_of(w->arena, c.facts.message),
		.signature = c.signature,
		.merge = links.parents_n > 1,
	};
	out->author_is_committer = history_same_person(&out->author, &out->committer);
	out->author_is_tagger = history_same_person(&out->author, tagger);
	out->committer_is_tagger = history_same_person(&out->committer, tagger);
	out->before_tag = tagger->time - out->committer.time;
	return out->merge ? 0 : touched(w, &links, out, err);
}

/* --- the answer --- */

static int tagger_of(struct repo *r, struct arena *a, const struct history_question *q,
		     struct commit *commit, struct history *out, struct error *err)
{
	struct tag_object tag;
	struct tag_facts facts;
	const int got = tag_object_read(r, a, &q->tag, &tag, err);

	if (got < 0 || repo_peel(r, a, &q->tag, &facts, err) < 0 ||
	    repo_commit(r, a, &facts.commit, commit, err) < 0)
		return -1;
	out->has_tagger = got > 0 && tag.has_tagger;
	out->tagger = tag.tagger;
	if (!out->has_tagger) {
		const struct commit_facts *f = &commit->facts;
		const struct history_person author = person_of(a, f->author_name, f->author_email,
							       f->author_time);
		const struct history_person committer = person_of(a, f->committer_name,
								  f->committer_email,
								  f->committer_time);

		out->tagger = history_person_behind(&author, &committer);
	}
	return 0;
}

static int start(struct walk *w, const struct oid *commit, struct error *err)
{
	const struct path_difference *v;
	struct commit_links links;
	struct group *g;
	size_t n;
	int got = commit_links_read(w->repo, &w->ids, commit, &links, err);

	if (got > 0) {
		g = group_at(w, &links);
		got = pathtrie_compare(w->trie, &links.tree, NULL, &v, &n, err);
		for (size_t i = 0; got > 0 && i < n; i++)
			group_add(w, g, v[i].path);
	}
	if (got == 0)
		w->complete = false;
	return got < 0 ? -1 : 0;
}

static int fill(struct walk *w, const struct history_question *q, struct history *out,
		struct error *err)
{
	struct map done = MAP_INIT;
	int r = 0;

	for (size_t i = 0; r == 0 && i < 2 * q->paths_n; i++) {
		const size_t path = i / 2;
		const bool first = i % 2 == 0;
		const struct oid *oid = first ? &w->changed_by[path] : &w->added_by[path];
		struct history_commit *c;
		uint64_t *known;

		if (!(first ? w->has_changed[path] : w->has_added[path]))
			continue;
		known = map_put(&done, str_of(oid->bytes, OID_SIZE), 0);
		c = (struct history_commit *)(uintptr_t)*known;
		if (!c) {
			c = arena_alloc(w->arena, sizeof(*c));
			*known = (uint64_t)(uintptr_t)c;
			r = describe(w, oid, &out->tagger, c, err);
		}
		if (!first) {
			out->paths[path].added = c;
			continue;
		}
		out->paths[path].changed = c;
		out->paths[path].replaced = w->replaced[path];
	}
	map_release(&done);
	return r;
}

static void walk_release(struct walk *w)
{
	pathtrie_free(w->trie);
	map_release(&w->index);
	arena_release(&w->ids);
	memory_free(w->heap);
	memory_free(w->parent);
	memory_free(w->differs);
	memory_free(w->changed_by);
	memory_free(w->added_by);
	memory_free(w->has_changed);
	memory_free(w->replaced);
	memory_free(w->has_added);
}

int history_of(struct repo *r, struct arena *a, const struct history_question *q,
	       struct history *out, struct error *err)
{
	const size_t n = q->paths_n + 1;
	struct walk w = { .repo = r, .arena = a, .added = q->added, .complete = true };
	struct commit commit;
	int status;

	*out = (struct history){ .paths = arena_alloc(a, n * sizeof(*out->paths)),
				 .paths_n = q->paths_n };
	for (size_t i = 0; i < q->paths_n; i++)
		out->paths[i].path = arena_str(a, q->paths[i]);
	if (q->paths_n > LIMIT_HISTORY_PATHS)
		return error_set(err, ERROR_TOO_LARGE, "the history of too many paths is asked for");
	if (tagger_of(r, a, q, &commit, out, err) < 0)
		return -1;
	w.trie = pathtrie_new(r, q->paths, q->paths_n);
	w.parent = memory_alloc(n);
	memset(w.parent, NO_PARENT, n);
	w.differs = memory_zalloc(n);
	w.changed_by = memory_zalloc(n * OID_SIZE);
	w.added_by = memory_zalloc(n * OID_SIZE);
	w.has_changed = memory_zalloc(n);
	w.replaced = memory_zalloc(n);
	w.has_added = memory_zalloc(n);
	status = start(&w, &commit.oid, err);
	if (status == 0)
		status = walk(&w, q->max ? q->max : LIMIT_HISTORY,
			      q->window ? out->tagger.time - q->window : INT64_MIN, err);
	if (status == 0)
		status = fill(&w, q, out, err);
	out->walked = w.walked;
	out->complete = w.complete;
	walk_release(&w);
	return status;
}
