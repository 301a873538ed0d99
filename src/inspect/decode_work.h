/* What the parts of a decoding attempt share: how far it has come, and what it may still spend.
 * The attempt owns the commands' texts; views borrow their bytes.
 * For decode.c and decode_try.c alone. */
#ifndef INSPECT_DECODE_WORK_H
#define INSPECT_DECODE_WORK_H

#include <stdint.h>

#include "inspect/decode.h"
#include "inspect/decode_bytes.h"

enum { DECODE_RESULTS_MAX = 32, DECODE_DEPTH = 3 };

/* The commands so far. */
struct trail {
	struct str step[DECODE_STEPS_MAX];
	size_t n;
	const struct decode_key *key;	/* the first of those given that was used */
};

struct attempt {
	const struct decode_key *keys;
	size_t keys_n;
	size_t max;
	void (*visit)(void *ctx, const struct decoded *d);
	void *ctx;
	struct arena arena;
	size_t budget;		/* bytes that may still be changed or unpacked */
	unsigned int raw_left;	/* raw streams that may still be tried */
	uint64_t seen[DECODE_RESULTS_MAX];
	size_t seen_n;		/* results visited */
};

/* Content at one place of the search. */
struct view {
	struct str bytes;
	struct trail trail;
	unsigned int depth;	/* transforms of the whole that led here, below DECODE_DEPTH */
	bool turned, carved;	/* not done twice */
	bool binary;		/* no plain text */
	bool packed;		/* begins as a compressed format does */
	unsigned int streams;	/* ... and so many of its streams are right */
	bool counted;		/* `count` holds how often each byte occurs */
	size_t count[256];
};

/* False when it is spent. */
bool attempt_spend(struct attempt *a, size_t bytes);
bool trail_add(struct trail *t, struct str command);

/* Visits `bytes`, what lies in them, or nothing, as they confirm themselves or not. `streams`: so many valid
 * compressed streams prove nothing, since they were there before; `counts` says what else does. */
enum counts { COUNTS_CHECKED = 0, COUNTS_SHAPE = 1, COUNTS_TEXT = 2 };
bool attempt_settle(struct attempt *a, const struct view *v, struct str bytes, const struct trail *t,
		    unsigned int streams, unsigned int counts);
/* Visits a content that is confirmed already, and looks into it. */
void attempt_report(struct attempt *a, const struct view *v, struct str bytes, const struct trail *t,
		    const char *format);
/* Everything that is tried on one view (decode.c). */
void attempt_view(struct attempt *a, struct view *v);

/* All changes of single bytes: the keys given, and those by rule (decode_try.c). */
void attempt_changes(struct attempt *a, struct view *v);
/* Raw compressed streams: as it stands and under each key; carved content at every offset. */
void attempt_raw(struct attempt *a, const struct view *v);
/* Known formats that begin within the first bytes. */
void attempt_skip(struct attempt *a, const struct view *v);

#endif
