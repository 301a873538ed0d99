/* package.json: what npm acts upon.
 * Pure functions on texts; the only user of the JSON library in the program.
 * Knows nothing of files. */
#ifndef INSPECT_PACKAGE_H
#define INSPECT_PACKAGE_H

#include <stdbool.h>

#include "base/str.h"

/* Whether the release's file differs from the tag's only in what npm and others show, and in scripts and
 * dependencies of developers that it lacks. False when either is no JSON object. Source: package.json(5). */
bool package_adds_nothing(struct str release, struct str tag);

#endif
