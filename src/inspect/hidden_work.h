/* What the passes of hidden_scan() share.
 * Borrows the text; decoded bytes are the passes' own.
 * For hidden*.c alone. */
#ifndef INSPECT_HIDDEN_WORK_H
#define INSPECT_HIDDEN_WORK_H

#include "inspect/hidden.h"

/* Least lengths of what can carry something: digits of base64, of hexadecimal, numbers of an array. */
enum { BASE64_MIN = 200, HEX_MIN = 256, ARRAY_MIN = 256 };

struct hidden {
	struct str text;
	struct notes *notes;
	void (*decoded)(void *ctx, int64_t line, const char *encoding, struct str bytes);
	void *ctx;
	/* Counting lines goes on from where it was: offsets are asked for in rising order within a pass. */
	size_t counted_to;
	int64_t counted;
	uint64_t unpacked;	/* bytes that came out of containers, for LIMIT_HIDDEN_UNPACKED */
	/* Notes of each kind so far, for LIMIT_HIDDEN_NOTES. */
	unsigned int n_invisible, n_zero_width, n_bidi, n_encoded;
};

/* The line of an offset, from 1. */
int64_t hidden_line(struct hidden *h, size_t offset);
/* Begins counting anew, for another pass. */
void hidden_rewind(struct hidden *h);

/* Notes, and hands on, decoded bytes that are a program, a container or machine code; false: they are none. */
bool hidden_judge(struct hidden *h, size_t offset, size_t length, const char *encoding, struct str bytes);

/* The passes. */
void hidden_chars(struct hidden *h);	/* characters that don't show, bidirectional controls */
void hidden_tokens(struct hidden *h);	/* long words of base64, base32, hexadecimal; arrays of numbers */
void hidden_lines(struct hidden *h);	/* data in pieces, line by line; uuencode; blanks at line ends */

void hidden_ascii85(struct hidden *h);	/* between <~ and ~> */

/* Numbers around offset `at`, not before `from`; returns where they end. */
size_t hidden_array(struct hidden *h, size_t from, size_t at);

#endif
