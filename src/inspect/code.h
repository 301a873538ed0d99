/* Programs other than shell, that a build may run: Python, Perl, JavaScript, CMake, meson, Rust, package files.
 * Notes lie in their arena.
 * Knows nothing of places but a file's name. */
#ifndef INSPECT_CODE_H
#define INSPECT_CODE_H

#include "inspect/note.h"
#include "inspect/role.h"

void code_examine(enum language language, struct str path, struct str text, struct notes *notes);

#endif
