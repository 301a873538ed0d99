/* Tag names: which tag is meant by an artifact's name and version (tagname_split() is in
 * filename.c).
 * Pure functions over names.
 * Knows nothing of repositories. */
#ifndef INPUT_TAGNAME_H
#define INPUT_TAGNAME_H

#include <stdbool.h>

#include "base/memory.h"
#include "base/str.h"

struct artifact_name {
	struct str name;	/* "xz", "json-c", "libusb"; may be empty */
	struct str version;	/* "5.6.1", "10.0p1", "2.1.12-stable"; empty when none was seen */
};

/* Splits a file name ("xz-5.6.1.tar.gz", "curl_8.14.1.orig.tar.gz", "foo-1.2-3.src.rpm",
 * "foo_1.2-1.dsc", "chalk-5.3.0.tgz", "serde-1.0.crate", "v1.2.tar.gz", "foo-1.2/") or a leading
 * folder ("xz-5.6.1/"). Strings live in the arena. Returns false when no version is in it. */
bool tagname_split(struct arena *a, struct str file, struct artifact_name *out);

/* Ranks up to this one rest on the version alone: a name that is not the artifact's stands in
 * front of it ("other-1.2"), which in a repository of many components is another component. */
enum { TAGNAME_WEAK = 4 };

/* How well a tag (short name, without refs/tags/) fits: 0 does not; the greater the better.
 * Tags of one rank are equally likely, so that two of them on different commits are a doubt.
 * What decides, the weightiest first:
 *   1. whether another name stands in front (TAGNAME_WEAK);
 *   2. the version as given, before the one without Debian's additions (1.2+dfsg, 1:1.2);
 *   3. the version's spelling: exact; with or without a word for release (1.2-final); with a
 *      date behind it; .0 more or less, beta1 for b1; another build (1.2-npm); a leading zero
 *      or a dash for a dot;
 *   4. the name in front: the same (foo-1.2), the same in a scope (@scope/foo@1.2), none
 *      (v1.2), one without a distribution's additions (foo for libfoo-perl), an import
 *      (upstream/1.2). A name beats none, for in a repository of many components a bare
 *      version is the version of another one, or of all.
 * 0 as well: pre-releases of the version, other versions, a distribution's tags. */
unsigned int tagname_rank(const struct artifact_name *n, struct str tag);

/* For tags that do not fit: how near one is to what was looked for, for a list of candidates.
 * Greater is nearer; 0 is nothing in common. */
unsigned int tagname_nearness(const struct artifact_name *n, struct str tag);

#endif
