/* The terminal: its width, whether it takes colours, and how errors are printed on it.
 * Owns nothing.
 * Knows nothing of commands. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdbool.h>

#include "base/error.h"
#include "base/str.h"

enum color_mode { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* Columns of the terminal behind the descriptor; 0 when it is none or does not say. */
unsigned int terminal_width(int fd);

/* NO_COLOR (https://no-color.org) and TERM=dumb count for COLOR_AUTO alone: an option is
 * nearer to the user than the environment. */
bool terminal_color(enum color_mode mode, int fd);

/* "tarproof: error: MESSAGE" and "  next: HINT" on standard error, both escaped. Prints
 * nothing for an empty message. */
void terminal_error(const struct error *err);

/* Appends the text word by word, with lines of at most `width` columns where words allow.
 * The line being written holds `column` columns already; further ones start with `indent`
 * blanks. Ends without LF. For our own ASCII text. */
void text_wrap(struct buf *out, struct str text, size_t column, size_t indent, size_t width);

#endif
