/* Zip tap: the raw structure of a zip beside the library that unpacks it. A zip names every member
 * twice, and programs differ in which of the two they believe.
 * Makes findings in the caller's result.
 * Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3 to 4.5. */
#ifndef INPUT_ZIPTAP_H
#define INPUT_ZIPTAP_H

#include "base/error.h"
#include "model/result.h"

/* Compares central directory and local headers, and accounts for every byte between them.
 * `fd` may be positioned anywhere. */
int ziptap_check(struct result *r, int fd, uint64_t size, struct error *err);

#endif
