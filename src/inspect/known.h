/* Facts about files that upstream tool projects published and everyone copies (gnulib, gettext,
 * automake, libtool, autoconf, autoconf-archive, ...): exact contents, who owns a name, highest serials.
 * Read from text files that tools/make-known makes (data/known/README); the store owns its mappings,
 * and nothing is parsed but what is asked for. Any number of threads may ask.
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

/* Opens the store: the folder $TARPROOF_KNOWN, else the source tree's when the program was not
 * installed (data/known beside the program, or up to two folders above), else the installed one.
 * NULL with err. */
struct known_store *known_open(struct error *err);
/* Opens the store in this folder. */
struct known_store *known_open_at(const char *folder, struct error *err);
void known_close(struct known_store *k);
/* Whether exactly this content was published; *project (may be NULL) says by whom. */
bool known_content(const struct known_store *k, const struct oid *oid, const char **project);
/* Whether a content was published that differs from this one in comments, serial or blank lines
 * alone (macro_normalise(), as a macro file and as any other). */
bool known_normalised(const struct known_store *k, struct str text);
/* Whether a core macro (macro_is_core()) was published with this very definition, as macro_call()
 * gives it. */
bool known_definition(const struct known_store *k, struct str call);
/* What is known of a basename ("build-to-host.m4"); false when nobody owns it. */
bool known_name(const struct known_store *k, struct str basename, struct known_name *out);
/* Name, date of the newest commit it knows, and digest of the store, for the result. */
struct str known_version(const struct known_store *k);
/* That date alone, "2026-08-22". */
struct str known_date(const struct known_store *k);

#endif
