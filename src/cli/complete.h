/* Completions: one script for each shell, out of the tables of commands and options.
 * Appends to the caller's buffer.
 * Knows nothing of files: what shells look up themselves is left to them. */
#ifndef CLI_COMPLETE_H
#define CLI_COMPLETE_H

#include "cli/command.h"

void complete_bash(struct buf *out);
void complete_zsh(struct buf *out);
void complete_fish(struct buf *out);

/* Appends the text within single quotes, as sh and zsh read them (fish: see there). */
void complete_quote(struct buf *out, const char *text);
/* The names of the choices, separated by blanks: none of them has one. */
void complete_words(struct buf *out, const struct choice_set *set);

#endif
