#include "model/entry.h"

#include <stdlib.h>

#include "base/memory.h"

struct entry *tree_add(struct tree *t)
{
	t->v = memory_grow(t->v, t->n, &t->cap, sizeof(*t->v));
	t->v[t->n] = (struct entry){ .content = CONTENT_NONE };
	return &t->v[t->n++];
}

static int by_path(const void *a, const void *b)
{
	return str_cmp(entry_path(a), entry_path(b));
}

/* Merge sort, since the order of addition decides between equal paths and qsort() is not
 * stable everywhere. Both halves of v[0, n) are merged through `spare`. */
static void merge_sort(struct entry *v, struct entry *spare, size_t n)
{
	const size_t half = n / 2;
	size_t i = 0, j = half, k = 0;

	if (n < 2)
		return;
	merge_sort(v, spare, half);
	merge_sort(v + half, spare, n - half);
	if (by_path(&v[half - 1], &v[half]) <= 0)
		return;
	memcpy(spare, v, half * sizeof(*v));
	while (i < half && j < n)
		v[k++] = by_path(&spare[i], &v[j]) <= 0 ? spare[i++] : v[j++];
	while (i < half)
		v[k++] = spare[i++];
}

void tree_sort(struct tree *t, void (*dropped)(void *ctx, const struct entry *first,
					       const struct entry *last), void *ctx)
{
	struct entry *spare = memory_alloc((t->n / 2 + 1) * sizeof(*spare));
	size_t kept = 0;

	merge_sort(t->v, spare, t->n);
	memory_free(spare);
	for (size_t i = 0; i < t->n; i++) {
		if (i + 1 < t->n && by_path(&t->v[i], &t->v[i + 1]) == 0) {
			if (dropped)
				dropped(ctx, &t->v[i], &t->v[i + 1]);
			continue;
		}
		t->v[kept++] = t->v[i];
	}
	t->n = kept;
}

struct entry *tree_find(const struct tree *t, struct str path)
{
	const struct entry key = { .path = path.ptr, .path_len = (uint32_t)path.len };

	return t->n ? bsearch(&key, t->v, t->n, sizeof(*t->v), by_path) : NULL;
}

void tree_release(struct tree *t)
{
	memory_free(t->v);
	*t = TREE_INIT;
}
