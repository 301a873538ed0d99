#include "input/commitrange.h"

#include "base/cleanup.h"
#include "base/limits.h"
#include "base/map.h"
#include "input/objects.h"

static int64_t parse_time(struct str person)
{
	struct str rest = str_from_at(person, str_rfind(person, '>') + 1), word;
	int64_t v = 0;

	if (!str_next_word(&rest, &word))
		return 0;
	for (size_t i = 0; i < word.len && word.ptr[i] >= '0' && word.ptr[i] <= '9'; i++)
		if (v < INT64_MAX / 100)
			v = v * 10 + (word.ptr[i] - '0');
	return v;
}

int commit_links_read(struct repo *r, struct arena *a, const struct oid *oid,
		      struct commit_links *out, struct error *err)
{
	AUTO_BUF struct buf text = BUF_INIT;
	struct oid parents[COMMIT_PARENTS_MAX];
	struct str rest, key, value;
	enum object_type type;
	bool has_tree = false;
	const int got = repo_object(r, oid, LIMIT_BLOB, &type, &text, err);

	*out = (struct commit_links){ .oid = *oid };
	if (got <= 0)
		return got;
	if (type != OBJECT_COMMIT)
		return 0;
	rest = buf_str(&text);
	while (object_next_header(&rest, &key, &value)) {
		if (str_eq(key, STR("tree")) && !has_tree) {
			has_tree = hex_decode(value, out->tree.bytes, OID_SIZE);
		} else if (str_eq(key, STR("parent"))) {
			if (out->parents_n < COMMIT_PARENTS_MAX)
				out->parents_n += hex_decode(value, parents[out->parents_n].bytes,
							     OID_SIZE);
		} else if (str_eq(key, STR("committer"))) {
			out->time = parse_time(value);
			break;
		}
	}
	out->parents = arena_alloc(a, (out->parents_n + 1) * sizeof(*out->parents));
	memcpy(out->parents, parents, out->parents_n * sizeof(*parents));
	return has_tree;
}

/* --- ranges --- */

enum { SEEN_TIP = 1, SEEN_BASE = 2 };

struct range_node {
	struct commit_links c;
	unsigned int seen;	/* SEEN_... */
	bool queued;
};

struct range_walk {
	struct repo *repo;
	struct arena *arena;
	struct map index;	/* id -> node */
	struct range_node *nodes;
	size_t n, cap;
	size_t *heap;		/* the youngest node at 0 */
	size_t heap_n, heap_cap;
	size_t open;		/* queued nodes that the base is not known to have */
	bool complete;
};

static void push(struct range_walk *w, size_t node)
{
	size_t i = w->heap_n;

	w->heap = memory_grow(w->heap, w->heap_n, &w->heap_cap, sizeof(*w->heap));
	w->heap_n++;
	for (; i > 0 && w->nodes[w->heap[(i - 1) / 2]].c.time < w->nodes[node].c.time; i = (i - 1) / 2)
		w->heap[i] = w->heap[(i - 1) / 2];
	w->heap[i] = node;
	w->nodes[node].queued = true;
	w->open += !(w->nodes[node].seen & SEEN_BASE);
}

static size_t pop(struct range_walk *w)
{
	const size_t top = w->heap[0], last = w->heap[--w->heap_n];
	size_t i = 0;

	for (size_t child; (child = 2 * i + 1) < w->heap_n; i = child) {
		if (child + 1 < w->heap_n &&
		    w->nodes[w->heap[child + 1]].c.time > w->nodes[w->heap[child]].c.time)
			child++;
		if (w->nodes[w->heap[child]].c.time <= w->nodes[last].c.time)
			break;
		w->heap[i] = w->heap[child];
	}
	if (w->heap_n)
		w->heap[i] = last;
	w->nodes[top].queued = false;
	w->open -= !(w->nodes[top].seen & SEEN_BASE);
	return top;
}

/* Marks a commit; it is looked at again when that is news. */
static int mark(struct range_walk *w, const struct oid *oid, unsigned int seen, struct error *err)
{
	const uint64_t *found = map_get(&w->index, str_of(oid->bytes, OID_SIZE));
	struct range_node *node;
	size_t i;

	if (!found) {
		struct commit_links c;
		const int got = commit_links_read(w->repo, w->arena, oid, &c, err);

		if (got <= 0) {
			w->complete = false;
			return got;
		}
		w->nodes = memory_grow(w->nodes, w->n, &w->cap, sizeof(*w->nodes));
		w->nodes[w->n] = (struct range_node){ c, seen, false };
		map_put(&w->index, arena_str(w->arena, str_of(oid->bytes, OID_SIZE)), w->n);
		push(w, w->n++);
		return 0;
	}
	i = (size_t)*found;
	node = &w->nodes[i];
	if ((node->seen | seen) == node->seen)
		return 0;
	if (node->queued)
		w->open -= !(node->seen & SEEN_BASE) && (seen & SEEN_BASE);
	node->seen |= seen;
	if (!node->queued)
		push(w, i);
	return 0;
}

static int range_walk(struct range_walk *w, const struct oid *tip, const struct oid *base,
		      size_t max, struct error *err)
{
	if (mark(w, tip, SEEN_TIP, err) < 0 || mark(w, base, SEEN_BASE, err) < 0)
		return -1;
	while (w->open) {
		const size_t at = pop(w);

		if (w->n > max) {
			w->complete = false;
			break;
		}
		for (size_t i = 0; i < w->nodes[at].c.parents_n; i++)
			if (mark(w, &w->nodes[at].c.parents[i], w->nodes[at].seen, err) < 0)
				return -1;
	}
	return 0;
}

int commit_range(struct repo *r, struct arena *a, const struct oid *tip, const struct oid *base,
		 size_t max, struct commit_range *out, struct error *err)
{
	struct range_walk w = { .repo = r, .arena = a, .complete = true };
	const int status = range_walk(&w, tip, base, max, err);

	*out = (struct commit_range){ .v = memory_alloc((w.n + 1) * sizeof(*out->v)),
				      .complete = w.complete };
	for (size_t i = 0; i < w.n; i++)
		if (w.nodes[i].seen == SEEN_TIP)
			out->v[out->n++] = w.nodes[i].c;
	map_release(&w.index);
	memory_free(w.nodes);
	memory_free(w.heap);
	return status;
}
