/* Facts about files that upstream tool projects published and everyone copies (gnulib, gettext,
 * automake, libtool, autoconf, autoconf-archive): exact contents, who owns a name, highest serials.
 * Read from a text file that is made by a documented command; the store owns its mapping.
 * Knows nothing of artifacts or tags. */
#ifndef INSPECT_KNOWN_H
#define INSPECT_KNOWN_H

#include "base/error.h"
#include "model/entry.h"

struct known_store;

struct known_name {
	const char *project;	/* owner of the basename, such as "gnulib" */
	int64_t serial;		/* the highest ever published; -1: never had one */
	bool release_only;	/* made when the tool is released (libtool.m4, ltmain.sh, ...): its
				 * contents are in no history, so unknown content says little */
};

/* Opens the store: $TARPROOF_KNOWN, else the installed one. NULL with err. */
struct known_store *known_open(struct error *err);
void known_close(struct known_store *k);
/* Whether exactly this content was published; *project (may be NULL) says by whom. */
bool known_content(const struct known_store *k, const struct oid *oid, const char **project);
/* What is known of a basename ("build-to-host.m4"); false when nobody owns it. */
bool known_name(const struct known_store *k, struct str basename, struct known_name *out);
/* Name and version of the store, for the result. */
struct str known_version(const struct known_store *k);

#endif
