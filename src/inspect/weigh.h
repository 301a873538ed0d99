/* Weighing: what was noted of a content becomes findings, as bad as what the file is for makes it.
 * Borrows all; findings go to the result.
 * Knows nothing of how anything was found. */
#ifndef INSPECT_WEIGH_H
#define INSPECT_WEIGH_H

#include "inspect/subject.h"

/* One note, at its place in the file. */
struct finding *weigh_note(struct result *r, const struct subject *s, const struct note *n);
/* All notes of a file that has facts: alike ones as one, and what they add up to. */
void weigh_notes(struct result *r, const struct subjects *all, const struct subject *s);

#endif
