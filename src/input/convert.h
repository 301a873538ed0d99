/* Conversion: what `git archive` writes for a blob, given its attributes.
 * Pure functions over bytes.
 * Knows nothing of repositories or archives; runs no filter and reads no configuration (git's
 * defaults hold: core.autocrlf=false, core.eol=lf).
 * Source: gitattributes(5), git-archive(1), PRETTY FORMATS of git-log(1). */
#ifndef INPUT_CONVERT_H
#define INPUT_CONVERT_H

#include <stdint.h>

#include "base/error.h"
#include "base/str.h"
#include "input/attributes.h"
#include "model/entry.h"

/* The facts that $Format:...$ of export-subst can name. All text as in the commit object. */
struct commit_facts {
	struct str oid, tree;			/* hexadecimal */
	struct str *parents;			/* hexadecimal */
	size_t parents_n;
	struct str author_name, author_email, committer_name, committer_email;
	int64_t author_time, committer_time;	/* seconds since 1970 */
	int author_offset, committer_offset;	/* minutes east of UTC */
	struct str message;			/* subject, blank line, body */
	struct str encoding;			/* of the header "encoding"; mostly empty */
	struct str *tags;			/* names of the tags on this commit, without refs/tags/ */
	size_t tags_n;
};

enum {
	CONVERTED_EOL = 1 << 0,
	CONVERTED_ENCODING = 1 << 1,
	CONVERTED_IDENT = 1 << 2,
	CONVERTED_SUBST = 1 << 3,
};

/* Whether convert_export() could change content at all, so that a blob need not be read. */
bool convert_applies(const struct path_attributes *attrs);

/* Appends to `out` what git archive writes for the blob `in`, and sets *how to CONVERTED_...
 * bits of what changed it. For export-subst every placeholder that follows from the facts
 * alone is expanded; abbreviated ids are taken with `abbrev` digits. */
void convert_export(const struct path_attributes *attrs, const struct commit_facts *facts,
		    const struct oid *blob, struct str in, unsigned int abbrev,
		    struct buf *out, unsigned int *how);

enum convert_match {
	CONVERT_NO,		/* not what git archive writes */
	CONVERT_PLAUSIBLE,	/* ... but for placeholders whose text depends on the repository or
				 * the machine: refs (%d, %D, describe), names that a .mailmap
				 * changed, relative dates, signatures. Theirs has the right form;
				 * no tag is named but those of the commit, except in describe's
				 * TAG-N-gHEX, where HEX is of this commit */
	CONVERT_EXACT,		/* byte for byte, for some length of each abbreviated id (git adds
				 * digits to those that are ambiguous) */
};

/* Whether `stored` (from the artifact) is what git archive writes for the blob `in`. */
enum convert_match convert_matches(const struct path_attributes *attrs,
				   const struct commit_facts *facts, const struct oid *blob,
				   struct str in, struct str stored, unsigned int *how);

#endif
