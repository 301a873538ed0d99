/* Nearest: which known name was meant by a mistyped one.
 * Borrows the names that are offered.
 * Knows nothing of options, commands or rules. */
#ifndef CLI_NEAREST_H
#define CLI_NEAREST_H

/* Edits (insertion, deletion, exchange, swap of neighbours) between two names, ASCII case
 * ignored; 1 when one is the beginning of the other. Names are cut at 64 bytes. */
unsigned int nearest_distance(const char *a, const char *b);
/* Whether so many edits of a name of that length are still likely to be a slip. */
int nearest_plausible(const char *typed, unsigned int distance);

struct nearest {
	const char *typed;
	const char *name;	/* the nearest so far that is plausible, or NULL */
	unsigned int distance;
};

#define NEAREST_INIT(text) ((struct nearest){ .typed = (text) })

/* The first one offered wins a tie. */
void nearest_offer(struct nearest *n, const char *name);

#endif
