/* .envrc: what direnv runs on entering the folder, and with it some editors.
 * Notes go to the caller's list.
 * Knows nothing of the tag. */
#ifndef INSPECT_DIRENV_H
#define INSPECT_DIRENV_H

#include "inspect/note.h"

/* TP224 at the first command that neither belongs to direnv's own library nor only sets, asks or says something.
 * Source: direnv-stdlib(1). */
void direnv_examine(struct str text, struct notes *notes);

#endif
