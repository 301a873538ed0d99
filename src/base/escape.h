/* Escaping: the only ways by which bytes of the input reach a reader.
 * Appends to the caller's buffer; owns nothing.
 * Knows nothing of what the bytes mean. */
#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H

#include "base/str.h"

/* For a terminal. Printable UTF-8 stays. Control characters (C0, DEL, C1), bidirectional
 * controls, zero-width, line and paragraph separators, tags, variation selectors and
 * private-use characters become \u{HEX}, other bytes \xHH, backslash becomes \\ .
 * LF and TAB become \n and \t. */
void escape_terminal(struct buf *to, struct str s);

/* A JSON string with its quotes (RFC 8259, section 7), always valid UTF-8. What is not valid
 * UTF-8 is written as the four characters \xHH, and a backslash of the input as two, so that
 * the original bytes can be had back; both before JSON's own escaping, in every string of a
 * result. Deceptive characters (see above) are written as \uXXXX. */
void escape_json(struct buf *to, struct str s);

/* One code point of UTF-8 (RFC 3629) at s: its bytes (1 to 4), or 0 when invalid or s is empty. */
size_t escape_utf8(struct str s, unsigned int *code);

#endif
