/* Blobs: what binary content is, whether its structure holds, and what in it does not belong there.
 * All texts lie in the notes' arena.
 * Knows nothing of scripts, of the tag, or of paths but the one it is given for its extension. */
#ifndef INSPECT_BLOB_H
#define INSPECT_BLOB_H

#include "inspect/note.h"
#include "inspect/unpack.h"

enum blob_state {
	BLOB_TEXT,		/* not binary: nothing else was looked at */
	BLOB_VALID,		/* a known format, and its structure holds */
	BLOB_REST,		/* ... with bytes left over (a note says which) */
	BLOB_CORRUPT,		/* a known format that is broken; `then` tells from where */
	BLOB_UNSUPPORTED,	/* a known format that can't be checked further */
	BLOB_OPAQUE,		/* binary, of no known format */
};

/* The header of compiled Python (PEP 552). */
struct bytecode {
	bool is_python;
	uint32_t flags;
	uint32_t source_size;	/* bytes; of no meaning where the flags say so */
};

struct blob {
	enum blob_state state;
	const char *format;	/* "xz", "elf", "png", ...; NULL: none */
	bool then_corrupt;	/* valid streams come before the corrupt one */
	unsigned int alternations;	/* of what a compressed stream holds; see decode_alternations() */
	struct bytecode bytecode;
	bool machine_code;	/* ELF, PE, Mach-O, ar of such, Java class, wasm: it can be linked or run */
};

/* Looks at all of the content: its notes go to `notes`. `path` is for the extension alone. */
void blob_examine(struct str path, struct str bytes, struct notes *notes, struct blob *out);

/* Opens one layer of a container (compressed stream, tar, zip, ar, cpio, jar, ...) and hands over each
 * member, until `visit` returns false. At most `max` bytes in all. Returns false when it is no
 * container, or stopped at a limit (then *limit is true). */
bool blob_open(struct str bytes, size_t max,
	       bool (*visit)(void *ctx, struct str name, struct str member), void *ctx, bool *limit);

/* Whether the content is text for a detector: no NUL bytes and few control characters. */
bool blob_is_text(struct str bytes);

#endif
