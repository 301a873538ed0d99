/* Git attributes: which ones hold for a path, out of a tree's .gitattributes files.
 * Owns copies of the files' contents. Built once, then read-only (any number of threads).
 * Knows nothing of repositories, nor of what an attribute does to content (see convert.h).
 * Source of the format: gitattributes(5), gitignore(5) for the patterns. */
#ifndef INPUT_ATTRIBUTES_H
#define INPUT_ATTRIBUTES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

enum attribute_state {
	ATTRIBUTE_UNSPECIFIED,	/* not mentioned, or "!name" */
	ATTRIBUTE_UNSET,	/* "-name" */
	ATTRIBUTE_SET,		/* "name" */
	ATTRIBUTE_VALUE,	/* "name=value" */
};

struct attribute {
	enum attribute_state state;
	struct str value;	/* for ATTRIBUTE_VALUE */
	struct str file;	/* the .gitattributes file that decided, as "a/b/.gitattributes" */
	unsigned int line;	/* its line there, from 1; 0 when unspecified */
};

/* The attributes that change what `git archive` writes. */
struct path_attributes {
	struct attribute text, crlf, eol, working_tree_encoding, ident, filter;
	struct attribute export_ignore, export_subst;
};

struct attributes;

struct attributes *attributes_new(void);
void attributes_free(struct attributes *a);
/* Adds the file that stands in directory `dir` ("" for the root, else "a/b" without a slash at
 * the end). Files may come in any order. Malformed lines are skipped as git skips them. */
void attributes_add(struct attributes *a, struct str dir, struct str content);
/* Whether any file was added that mentions one of the attributes above (a quick way out). */
bool attributes_any(const struct attributes *a);
/* What holds for `path` ("a/b/c", no slash at the end); `is_dir` for directories. Looks at this
 * path alone: git archive prunes a whole directory that is export-ignored, so callers ask for
 * each parent as well. */
void attributes_get(const struct attributes *a, struct str path, bool is_dir,
		    struct path_attributes *out);

#endif
