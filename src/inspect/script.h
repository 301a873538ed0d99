/* Scripts: what a shell text can do, out of its pipelines and the variables between them.
 * All texts lie in the arena given; facts of one file.
 * Knows nothing of other files: those are joined in chain.h. */
#ifndef INSPECT_SCRIPT_H
#define INSPECT_SCRIPT_H

#include "inspect/decode.h"
#include "inspect/note.h"
#include "inspect/role.h"

/* What data went through, or what a command does to it. */
enum {
	CAP_DISCOVER = 1 << 0,	/* a file found by its content or in all of the tree */
	CAP_MAP = 1 << 1,	/* bytes replaced by others: a permutation */
	CAP_DECODE = 1 << 2,	/* base64, hexadecimal, escapes */
	CAP_CARVE = 1 << 3,	/* cut out by offset or marker */
	CAP_COMPUTED = 1 << 4,	/* by a command whose name is worked out */
	CAP_NETWORK = 1 << 5,	/* fetched */
	CAP_EXECUTE = 1 << 6,	/* run as a program */
	CAP_HIDDEN = 1 << 7,	/* ... with its errors thrown away */
	CAP_LINK = 1 << 8,	/* for names: an object file that is linked */
	CAP_FILE = 1 << 9,	/* read from a file of the tree */
	CAP_PROGRAM = 1 << 11,	/* for names: what the file holds is run, by a shell or an interpreter */
	CAP_DIRECT = 1 << 12,	/* for names: by its own name, which wants the right to be executed */
	CAP_UNPACK = 1 << 10,	/* decompressed */
};

/* Undoing what keeps a reader from seeing a program. */
#define CAP_UNDO (CAP_MAP | CAP_DECODE | CAP_CARVE | CAP_COMPUTED | CAP_UNPACK)

enum dialect { DIALECT_SHELL, DIALECT_M4, DIALECT_MAKE, DIALECT_CMAKE, DIALECT_MESON };

struct script_map {
	struct byte_map map;
	int64_t line;
	bool permutes;
};

/* What a script looks for in files. */
struct script_marker {
	struct str pattern;	/* as given to grep */
	bool extended;		/* -E */
	bool fixed;		/* -F */
	int64_t line;
};

/* A place where data is run. */
struct script_sink {
	int64_t line;
	unsigned int caps;	/* of all that led there */
	struct str text;	/* the statement */
};

struct script_name {
	struct str name;	/* of a file, as the script says it */
	int64_t line;
	unsigned int caps;	/* what is done with it in its pipeline */
	enum language language;	/* what it is read as by whoever runs or includes it; NONE: not known */
};

struct script {
	struct script_map *maps;
	size_t maps_n, maps_cap;
	struct script_marker *markers;
	size_t markers_n, markers_cap;
	struct script_sink *sinks;
	size_t sinks_n, sinks_cap;
	struct script_name *names;
	size_t names_n, names_cap;
	unsigned int caps;	/* of the whole text */
	bool incomplete;	/* it leads further than commands are followed */
};

/* Reads the text and tells what is notable in it; `out` is filled, notes are added. */
void script_examine(struct arena *a, struct str text, enum dialect dialect, struct notes *notes,
		    struct script *out);
/* Keeps the name of a file, copied to the arena. */
void script_add_name(struct script *s, struct arena *a, struct str name, int64_t line, unsigned int caps,
		     enum language language);
void script_release(struct script *s);
/* "found in the tree, map, decode" for people. */
struct str script_caps_text(struct arena *a, unsigned int caps);

#endif
