/* m4 macro files as bytes: what they define and use, their serial, and a form without comments.
 * All texts lie in the input or in the caller's arena.
 * Knows nothing of paths, of published files, or of what a macro does. */
#ifndef INSPECT_MACRO_H
#define INSPECT_MACRO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/memory.h"
#include "base/str.h"

/* How a definition was written. */
enum macro_how {
	MACRO_DEFUN,		/* AC_DEFUN, AC_DEFUN_ONCE, m4_defun, m4_defun_once */
	MACRO_DEFINE,		/* m4_define, define, m4_pushdef, pushdef */
	MACRO_OBSOLETE,		/* AU_DEFUN, AU_ALIAS */
};

struct macro_def {
	struct str name;	/* within the input */
	size_t offset;		/* of the word that defines it */
	int64_t line;		/* from 1 */
	enum macro_how how;
	bool guarded;		/* within m4_ifndef of the same name, outside quotes */
};

struct macro_use {
	struct str name;	/* within the input; each name once */
	int64_t line;		/* of the first place */
};

struct macro_file {
	int64_t serial;		/* -1: none */
	int64_t serial_line;	/* 0: none */
	struct macro_def *defs;
	size_t defs_n, defs_cap;
	struct macro_use *uses;
	size_t uses_n, uses_cap;
	bool undefines;		/* undefines or renames a core macro (macro_is_core()) */
	bool requoted;		/* changes m4's quotes or comments: all else may be wrong after it */
	bool limit;		/* more definitions or uses than LIMIT_MACRO_NAMES; the rest is lost */
};

/* Reads all of it: comments (`#`, `dnl`) are skipped as m4 does outside quotes, and words in them
 * are no uses inside quotes either. Definitions are found at any depth. Linear, no recursion. */
void macro_read(struct str text, struct macro_file *out);
void macro_file_release(struct macro_file *f);

/* Macros of autoconf and its companions that many configure scripts run: who redefines one gets in
 * without a change to configure.ac. */
bool macro_is_core(struct str name);
/* The whole call that defines it, from the word to the closing parenthesis; empty when that is not
 * found within 64 KiB. */
struct str macro_call(struct str text, const struct macro_def *d);

/* The serial of a line of the first 50: "# NAME.m4 serial N", "# serial N", "#serial N", "dnl ...".
 * Of a dotted one its first number. -1: none. `line` may be NULL. */
int64_t macro_serial(struct str text, int64_t *line);

/* The text without what can't change what it does, for telling 'changed in comments only'.
 * - `is_m4`: comment lines (`#`, `dnl`) outside all quotes and parentheses, where m4 is sure to drop
 *   them; nothing after the quotes or comments were changed.
 * - else: comment lines before the first other line. Further down a `#` may stand in a here-document
 *   or a quoted string.
 * - both: blank lines. /usr/bin/ and /bin/ are one folder in the first line's `#!`. And at the end of
 *   a makefile, rules that do nothing for a name that nothing else in it has. A line behind a backslash,
 *   a comment that ends in one, `#!` lines and comments that editors or interpreters obey (`-*-`, vim:,
 *   coding) stay.
 * Serial and copyright years go with the comments that they stand in. Appends to `to`. */
void macro_normalise(struct str text, bool is_m4, struct buf *to);

enum { MACRO_DIGEST = 24 };	/* hexadecimal digits: 96 bits, a second preimage is out of reach */

/* The first digits of SHA-1 over a word for the kind and the normalised text. False when nothing is
 * left of the text, or when its SHA-1 bears marks of an attack: such a digest says nothing. */
bool macro_digest(struct str text, bool is_m4, char out[MACRO_DIGEST + 1]);

#endif
