#include "cli/nearest.h"

#include <stddef.h>
#include <string.h>

enum { LONGEST = 64 };

static char fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static unsigned int least(unsigned int a, unsigned int b, unsigned int c)
{
	const unsigned int ab = a < b ? a : b;

	return ab < c ? ab : c;
}

unsigned int nearest_distance(const char *a, const char *b)
{
	const size_t an = strnlen(a, LONGEST), bn = strnlen(b, LONGEST);
	const size_t shorter = an < bn ? an : bn;
	/* Three rows of the table of the optimal string alignment. */
	unsigned int rows[3][LONGEST + 1];
	size_t same = 0;

	while (same < shorter && fold(a[same]) == fold(b[same]))
		same++;
	if (same == an && same == bn)
		return 0;
	if (same == shorter && shorter >= 2)
		return 1;
	for (size_t j = 0; j <= bn; j++)
		rows[0][j] = (unsigned int)j;
	for (size_t i = 1; i <= an; i++) {
		unsigned int *row = rows[i % 3];
		const unsigned int *up = rows[(i + 2) % 3], *up2 = rows[(i + 1) % 3];

		row[0] = (unsigned int)i;
		for (size_t j = 1; j <= bn; j++) {
			const unsigned int differ = fold(a[i - 1]) != fold(b[j - 1]);

			row[j] = least(up[j] + 1, row[j - 1] + 1, up[j - 1] + differ);
			if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) &&
			    fold(a[i - 2]) == fold(b[j - 1]) && up2[j - 2] + 1 < row[j])
				row[j] = up2[j - 2] + 1;
		}
	}
	return rows[an % 3][bn];
}

int nearest_plausible(const char *typed, unsigned int distance)
{
	const size_t len = strnlen(typed, LONGEST);

	return distance <= (len <= 2 ? 0 : len <= 5 ? 2 : len / 3 + 1);
}

void nearest_offer(struct nearest *n, const char *name)
{
	const unsigned int distance = nearest_distance(n->typed, name);

	if (!nearest_plausible(n->typed, distance) || (n->name && distance >= n->distance))
		return;
	n->name = name;
	n->distance = distance;
}
