/* Notes: what a detector says of one content, before anyone knows where else it matters.
 * The list's arena owns all texts.
 * Knows nothing of the artifact, of relations to the tag, or of what becomes a finding. */
#ifndef INSPECT_NOTE_H
#define INSPECT_NOTE_H

#include <stdint.h>

#include "base/memory.h"
#include "model/rule.h"

enum { NOTE_EVIDENCE_MAX = 6, NOTE_EXCERPT = 160 };

struct note {
	enum rule_id rule;
	enum severity severity;	/* the rule's by default */
	int64_t line;		/* from 1; 0: none */
	int64_t offset;		/* bytes from 0; -1: none */
	int64_t length;		/* bytes; -1: none */
	struct str message;	/* one line, without the path */
	struct str evidence[NOTE_EVIDENCE_MAX];	/* excerpts of at most NOTE_EXCERPT bytes */
	size_t evidence_n;
};

struct notes {
	struct arena *arena;
	struct note *v;
	size_t n, cap;
	unsigned int languages;	/* programs within programs of which the innermost is being read */
};

/* Appends a note; the message is copied. Valid until the next call. */
struct note *note_add(struct notes *l, enum rule_id rule, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Appends evidence, cut to NOTE_EXCERPT bytes and copied; what goes beyond NOTE_EVIDENCE_MAX is left
 * out. */
void note_evidence(struct notes *l, struct note *n, struct str excerpt);
void notes_release(struct notes *l);

#endif
