/* Artifacts read for a test, and questions about what came out.
 * A reading owns its result and its store of contents.
 * Knows nothing of how artifacts are made (pack.h). */
#ifndef TESTS_INPUT_READING_H
#define TESTS_INPUT_READING_H

#include "base/cleanup.h"
#include "input/artifact.h"

struct reading {
	int status;
	struct error err;
	struct result r;
	struct artifact_facts facts;
	struct content_store *store;
};

/* With two workers and no origin, unless options say otherwise (their path and store are set). */
struct reading reading_of(const char *path);
struct reading reading_with(const char *path, struct artifact_options o);
/* Of bytes, in a file of that name in the current folder. */
struct reading reading_bytes(const char *name, struct str bytes);
void reading_release(struct reading *g);
#define AUTO_READING CLEANUP(reading_release)

/* Asserts that it was read, with so many entries in the tree. */
void reading_is_fine(const struct reading *g, size_t entries);
/* Asserts that it is an error of that code, with these words in message and hint. */
void reading_failed(const struct reading *g, enum error_code code, const char *message,
		    const char *hint);
/* The entry of a path; asserts that it is there. */
const struct entry *reading_entry(const struct reading *g, const char *path);
/* Asserts that a file of this content is there. */
void reading_holds(const struct reading *g, const char *path, struct str content);
/* The nth finding of a rule, from 0; NULL when there are fewer. */
const struct finding *reading_finding(const struct reading *g, enum rule_id rule, size_t n);
/* How many findings of a rule there are, of any path (NULL) or of one. */
size_t reading_count(const struct reading *g, enum rule_id rule, const char *path);

/* The id of a blob, by libgit2. */
struct oid blob_id(struct str content);

#endif
