/* Bytes written with characters: base64, base32, ascii85, hexadecimal, uuencode.
 * The buffers are the caller's.
 * Knows nothing of what the bytes are. */
#ifndef INSPECT_DECODE_BASE_H
#define INSPECT_DECODE_BASE_H

#include <stdint.h>

#include "base/str.h"

/* One more than the value of a digit of base64, both alphabets (RFC 4648, 4 and 5); 0: none. */
extern const uint8_t base64_values[256];

/* The value; -1: none. */
static inline int base64_digit(char c)
{
	return base64_values[(unsigned char)c] - 1;
}

/* A decoder that takes its text in pieces: what wraps lines or splits strings needs no copy. */
struct base64_state {
	unsigned int bits;	/* of `n_bits` bits that wait, at most 6 */
	unsigned int n_bits;
	bool padded;		/* the last piece ended in padding: the next digit begins anew */
};

#define BASE64_INIT ((struct base64_state){ 0, 0, false })

/* Blanks and line ends are skipped; padding ends a group of four wherever it stands. False at any other
 * character. */
bool base64_add(struct base64_state *s, struct str piece, struct buf *to);

/* An even number of hexadecimal digits, blanks and line ends skipped. *half carries a digit from piece to
 * piece, -1 at first. */
bool hex_add(int *half, struct str piece, struct buf *to);

/* base32 (RFC 4648, 6) in pieces; its groups are of eight digits, and the state is base64's. */
bool base32_is_digit(char c);
bool base32_add(struct base64_state *s, struct str piece, struct buf *to);

/* All of the text, with or without <~ and ~> around (Adobe's form, btoa's 'z'). */
bool ascii85_decode(struct str text, struct buf *to);

/* One line of uuencode (POSIX, uuencode, "Historical Algorithm"). False when it is none; *last: the line
 * of length 0. */
bool uu_line(struct str line, struct buf *to, bool *last);

#endif
