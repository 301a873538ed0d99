/* What the families of formats share: one look at one content, and the table rows by which blob.c
 * finds who knows it.
 * Borrows path and bytes; notes go to the caller's list.
 * For blob.c and blob_*.c alone. */
#ifndef INSPECT_BLOB_LOOK_H
#define INSPECT_BLOB_LOOK_H

#include "inspect/blob.h"
#include "inspect/blob_bytes.h"

struct look {
	struct str path, bytes;
	struct notes *notes;
	struct blob *out;
	/* Notes of look_private() so far: low ones, others. What has hundreds has them for show. */
	unsigned int n_private[2];
	const char *packed_code;	/* machine code that is compressed; NULL: none */
	bool inner;		/* within another content: what is within this one is not looked at */
};

/* Extensions by what a reader expects behind them. */
enum blob_class {
	CLASS_OTHER,
	CLASS_TEXT,
	CLASS_IMAGE,
	CLASS_MEDIA,
	CLASS_DOCUMENT,
	CLASS_FONT,
	CLASS_DATA,
	CLASS_ARCHIVE,
	CLASS_PROGRAM,
};

struct blob_format {
	const char *name;
	enum blob_class class;
	/* Cheap: by the first bytes, or as exact as the format needs. */
	bool (*begins)(struct str b);
	/* Sets the state (it is BLOB_VALID before) and gives notes; NULL: there is no more to say,
	 * the state is BLOB_UNSUPPORTED. */
	void (*examine)(struct look *l);
};

/* Tables that end with a row without a name. */
extern const struct blob_format blob_packed[], blob_archives[], blob_programs[], blob_images[],
	blob_media[], blob_documents[], blob_fonts[], blob_data[], blob_pickles[], blob_behind[];

/* Lower-case extension of the path's last component, without the dot; empty when there is none. */
struct str look_extension(const struct look *l, char room[16]);

/* The format is broken at `at`: state and TP303. `what` is a clause: "the checksum of ... is wrong". */
void look_corrupt(struct look *l, uint64_t at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The format ends at `end`, and more follows: TP302 as heavy as what follows looks, and the state
 * BLOB_REST. Nothing when only zeros follow. */
void look_rest(struct look *l, uint64_t end);
/* A note on the bytes [at, at + len), with an excerpt of them. */
struct note *look_note(struct look *l, enum rule_id rule, uint64_t at, uint64_t len,
		       const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* The same, for a block left to private use: TP306, medium from `medium_from` bytes on.
 * Nothing when too many were told. */
void look_private(struct look *l, uint64_t at, uint64_t len, uint64_t medium_from,
		  const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* Whether all of the bytes are a pickle of any protocol, text ones included. */
bool pickle_holds(struct str b);

/* What bytes are when they begin something that acts: "a shell script", "an xz stream", ...; NULL. */
const char *look_payload(struct str b);
/* The CRC-32 of zip, gzip and PNG. */
uint32_t look_crc32(struct str b);
/* Printable bytes of a four-character code, others as dots. `room` takes 5 bytes. */
const char *look_code(struct str b, uint64_t at, char room[5]);
/* Whether a list of NUL-terminated words "abcd\0efgh\0" holds the word. */
bool look_listed(const char *words, struct str word);

#endif
