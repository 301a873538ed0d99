/* Roles: what a file is for, by its content first, then by name and place.
 * Constant tables and pure functions.
 * Knows nothing of what the file does. */
#ifndef INSPECT_ROLE_H
#define INSPECT_ROLE_H

#include <stdbool.h>

#include "base/str.h"

enum role {
	ROLE_BUILD,	/* a build reads or runs it: configure, macros, makefiles, setup.py, ... */
	ROLE_TEST,	/* part of the tests */
	ROLE_SCRIPT,	/* a program that no build file is known to run */
	ROLE_SOURCE,
	ROLE_DOCUMENT,
	ROLE_DATA,
};

/* How its text is to be read. */
enum language {
	LANGUAGE_NONE,
	LANGUAGE_SHELL,
	LANGUAGE_M4,
	LANGUAGE_MAKE,
	LANGUAGE_CMAKE,
	LANGUAGE_MESON,
	LANGUAGE_PYTHON,
	LANGUAGE_PERL,
	LANGUAGE_JAVASCRIPT,
	LANGUAGE_RUST,
	LANGUAGE_JSON,
	LANGUAGE_TOML,
	LANGUAGE_C,
	LANGUAGE_OTHER_PROGRAM,
};

struct file_kind {
	enum role role;
	enum language language;
	/* A tool takes it up because it lies there under this name: which, else NULL. Alarming only where
	 * the tag does not have it. */
	const char *implicit;
};

/* `text`: the content is text. */
struct file_kind role_of(struct str path, struct str bytes, bool text);
/* What an interpreter of that name (the last component of its path) runs; NONE: not known. */
enum language role_interpreted(struct str interpreter);
/* Whether the path lies in a folder of tests, examples or fuzzing data. */
bool role_in_tests(struct str path);

#endif
