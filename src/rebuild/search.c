#include "rebuild/search.h"

#include <stdbool.h>

#include "base/memory.h"

enum { SETS_MAX = 64 };

struct known {
	uint64_t set;
	int answer;
};

struct asked {
	const struct search *s;
	struct known *v;
	size_t n, cap;
};

static int ask(struct asked *a, uint64_t set, struct error *err)
{
	int answer;

	if (set == 0)
		return 0;
	for (size_t i = 0; i < a->n; i++)
		if (a->v[i].set == set)
			return a->v[i].answer;
	answer = a->s->breaks(a->s->ctx, set, err);
	if (answer < 0)
		return -1;
	a->v = memory_grow(a->v, a->n, &a->cap, sizeof(*a->v));
	a->v[a->n++] = (struct known){ set, answer };
	return answer;
}

/* Cuts a set into n parts of nearly the same size; every part holds something as long as n is not above the
 * number of its members. */
static void cut(uint64_t set, unsigned int n, uint64_t *parts)
{
	const unsigned int size = (unsigned int)__builtin_popcountll(set);
	unsigned int at = 0;

	for (unsigned int i = 0; i < n; i++)
		parts[i] = 0;
	for (unsigned int bit = 0; bit < 64; bit++)
		if (set & (1ull << bit)) {
			parts[(uint64_t)at * n / size] |= 1ull << bit;
			at++;
		}
}

/* One of the parts, or all but one of them, that breaks it: 1 with *next, 0: none. */
static int reduce(struct asked *a, uint64_t set, const uint64_t *parts, unsigned int n, uint64_t *next,
		  bool *to_complement, struct error *err)
{
	for (int complement = 0; complement < 2; complement++)
		for (unsigned int i = 0; i < n; i++) {
			const uint64_t candidate = complement ? set & ~parts[i] : parts[i];
			int answer;

			/* With two parts each is the other's complement. */
			if (complement && n == 2)
				break;
			answer = ask(a, candidate, err);
			if (answer < 0)
				return -1;
			if (answer) {
				*next = candidate;
				*to_complement = complement == 1;
				return 1;
			}
		}
	return 0;
}

int search_minimal(const struct search *s, uint64_t set, uint64_t *minimal, struct error *err)
{
	struct asked a = { .s = s };
	unsigned int n = 2;
	int found = 0;

	while (found >= 0 && __builtin_popcountll(set) > 1) {
		const unsigned int size = (unsigned int)__builtin_popcountll(set);
		uint64_t parts[SETS_MAX], next = set;
		bool to_complement = false;

		cut(set, n, parts);
		found = reduce(&a, set, parts, n, &next, &to_complement, err);
		if (found < 0)
			break;
		if (found) {
			set = next;
			n = to_complement && n > 2 ? n - 1 : 2;
		} else if (n < size) {
			n = n * 2 < size ? n * 2 : size;
		} else {
			break;
		}
		if (n > (unsigned int)__builtin_popcountll(set))
			n = (unsigned int)__builtin_popcountll(set);
	}
	memory_free(a.v);
	*minimal = set;
	return found < 0 ? -1 : 0;
}
