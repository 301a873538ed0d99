/* Files of many formats, small and right, with places for what does not belong there.
 * Buffers are the caller's, and are appended to. An empty part stands for nothing.
 * Knows nothing of what is found in them. */
#ifndef TESTS_INSPECT_BLOBS_H
#define TESTS_INSPECT_BLOBS_H

#include "inspect/blob.h"

#define MARKER STR("PWNED-MARKER")

void put16(struct buf *to, unsigned int n, bool big);
void put32(struct buf *to, uint32_t n, bool big);

void make_png(struct buf *to, struct str private, struct str behind_pixels, struct str tail);
void make_jpeg(struct buf *to, struct str app15, struct str tail);
void make_gif(struct buf *to, struct str tail);
void make_wav(struct buf *to, struct str chunk, struct str junk, struct str tail);
void make_flac(struct buf *to, struct str padding);
void make_mp3(struct buf *to, struct str priv);
void make_ttf(struct buf *to, struct str table, struct str tail);
void make_woff(struct buf *to, struct str private);
void make_gmo(struct buf *to, struct str tail);
void make_wasm(struct buf *to, const char *section, struct str content);
/* An object file with nothing in it but its tables. */
void make_elf(struct buf *to, struct str tail);
/* Two stored members, "a.txt" and "b.txt"; `local` is the second one's name in its own header. */
void make_zip(struct buf *to, const char *local, struct str gap, struct str comment);
void make_sqlite(struct buf *to, struct str free_page);

struct seen {
	struct arena arena;
	struct notes notes;
	struct blob blob;
};

/* The seen one must stay where it is until seen_release(). */
void see(struct seen *s, const char *path, struct str bytes);
/* The first note of a rule; NULL. */
const struct note *seen_note(const struct seen *s, enum rule_id rule);
void seen_release(struct seen *s);

#endif
