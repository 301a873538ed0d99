/* Judges whether bytes are the text of a program: shell above all, and other script languages.
 * Borrows what it is given.
 * Knows nothing of how the bytes were come by. */
#ifndef INSPECT_DECODE_TEXT_H
#define INSPECT_DECODE_TEXT_H

#include "base/str.h"

/* Printable ASCII with blanks and line ends, and at most a few other characters of UTF-8. */
bool text_is_plain(struct str s);

/* The same, but lines that begin with # may hold anything, up to 16 bytes and an eighth of the text in all:
 * what a shell skips may be noise. */
bool text_is_code(struct str s);

/* The name of the language ("shell script", "perl script", ...) or NULL. Strict: several signs of
 * different kinds that belong to one language, in a text (text_is_code()) of at least 24 bytes or two lines.
 * `checked`: the way to these bytes has proved itself (a checksum, an end mark of 32 bits), so that
 * they need only look like a program, at any length. */
const char *text_program(struct str s, bool checked);

#endif
