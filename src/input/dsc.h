/* Debian source packages: the .dsc file that names the parts of one.
 * All strings live in the caller's arena.
 * Source of the format: Debian Policy 5.4 "Debian source package control files". */
#ifndef INPUT_DSC_H
#define INPUT_DSC_H

#include "base/error.h"
#include "base/memory.h"
#include "base/digest.h"

struct dsc_part {
	struct str name;	/* a file name without any '/' */
	const char *role;	/* "orig", "component", "packaging", "signature" */
	struct str component;	/* of "component": the folder it is unpacked to */
	uint64_t size;
	struct sha256 sha256;
};

struct dsc {
	struct str source, version;
	struct dsc_part *parts;
	size_t parts_n, parts_cap;	/* `parts` is the caller's to memory_free() */
};

/* Whether a text looks like a .dsc (signed or not). */
bool dsc_probe(struct str text);
int dsc_parse(struct arena *a, struct str text, struct dsc *out, struct error *err);

#endif
