/* Programs other than shell, that a build may run: Python, Perl, JavaScript, CMake, meson, Rust, package files;
 * and data that C and assembly take in.
 * Notes and names lie in the notes' arena.
 * Knows nothing of places but a file's name. */
#ifndef INSPECT_CODE_H
#define INSPECT_CODE_H

#include "inspect/note.h"
#include "inspect/role.h"
#include "inspect/script.h"

/* Adds notes, and to `out` the names of files that are linked or run. */
void code_examine(enum language language, struct str path, struct str text, struct notes *notes,
		  struct script *out);

#endif
