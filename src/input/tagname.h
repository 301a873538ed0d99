/* Tag names: which tag is meant by an artifact's name and version.
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

/* How well a tag (short name, without refs/tags/) fits: 0 does not; the greater the better.
 * Tags of one rank are equally likely, so that two of them on different commits are a doubt. */
unsigned int tagname_rank(const struct artifact_name *n, struct str tag);

/* For tags that do not fit: how near one is to what was looked for, for a list of candidates.
 * Greater is nearer; 0 is nothing in common. */
unsigned int tagname_nearness(const struct artifact_name *n, struct str tag);

#endif
