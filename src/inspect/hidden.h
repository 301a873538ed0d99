/* Hidden content of text: encoded data long enough to carry something, and characters that do not show.
 * Knows nothing of paths or languages. */
#ifndef INSPECT_HIDDEN_H
#define INSPECT_HIDDEN_H

#include "inspect/note.h"

/* One pass over a text for all of it: runs of variation selectors and other invisible code points,
 * bidirectional controls, trailing blanks that carry bits, base64, hexadecimal, uuencode and C arrays.
 * Encoded data is decoded and handed to `decoded` (with its line) where it is more than noise: program
 * text, a container, machine code. Linear in the length. */
void hidden_scan(struct str text, struct notes *notes,
		 void (*decoded)(void *ctx, int64_t line, const char *encoding, struct str bytes),
		 void *ctx);

#endif
