/* Macro files, makefiles and files of CMake and meson as plain shell text, with the lines where it stands in
 * the source.
 * The caller releases what is filled.
 * Knows nothing of what commands do. Sources: GNU m4 and Autoconf manuals (quoting, quadrigraphs), POSIX
 * make and the GNU make manual. */
#ifndef INSPECT_DIALECT_H
#define INSPECT_DIALECT_H

#include <stdint.h>

#include "base/str.h"

struct dialect_text {
	struct buf text;
	uint32_t *lines;	/* for each line of text: the line of the source */
	size_t lines_n, lines_cap;
};

/* What a macro leaves in configure once it is expanded: quotes are taken off, arguments of macros stand
 * on lines of their own, $1 becomes M4ARG1. */
void dialect_m4(struct str source, struct dialect_text *out);
/* Recipes, $(shell ...) and values of variables; $(X) becomes ${X}, $$ becomes $. */
void dialect_make(struct str source, struct dialect_text *out);
/* Of CMake and meson: the commands that are run, and the variables and files that they and others set. */
void dialect_cmake(struct str source, struct dialect_text *out);
void dialect_meson(struct str source, struct dialect_text *out);
/* The source's line of a line of the text (both from 1). */
int64_t dialect_line(const struct dialect_text *d, int64_t line);
void dialect_release(struct dialect_text *d);

#endif
