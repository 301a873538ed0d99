/* The inspector: looks at every content while it passes, and says in the end what it all means.
 * Owns what it found; findings go to the result.
 * Knows nothing of archives, repositories or formats of reports. */
#ifndef INSPECT_INSPECT_H
#define INSPECT_INSPECT_H

#include "base/error.h"
#include "inspect/known.h"
#include "model/result.h"

struct inspector;

/* What the inspector asks others for, at the end. Any may be NULL. */
struct inspect_sources {
	/* The content of a file of the artifact or of the origin, appended: 1, or 0 when it can't be had. */
	int (*read)(void *ctx, const struct entry *e, struct buf *to);
	int (*read_origin)(void *ctx, const struct entry *e, struct buf *to);
	void *ctx;
	unsigned int jobs;	/* threads for what is read after the reading; 0: one */
	/* -1 with err: stop. */
	int (*tick)(void *ctx, struct error *err);
};

/* `known` may be NULL: contents that a tool's project published are not looked into. It outlives the inspector. */
struct inspector *inspector_new(const struct known_store *known);
void inspector_free(struct inspector *i);
/* For hashing: `ctx` is the inspector; any thread. */
uint32_t inspector_look(void *ctx, struct str path, const struct oid *oid, struct str content, bool *keep);
/* Whether the file's content is opaque: of no known format, or not as its format wants it. */
bool inspector_is_opaque(const struct inspector *i, const struct entry *e);
/* What a file is for whoever builds: a program or a text for people, data, binary data. */
enum use { USE_PROGRAM, USE_DATA, USE_BINARY };

/* `e`: the file in the artifact; NULL where it has none of that path, and the name has to do. */
enum use inspector_use(const struct inspector *i, struct str path, const struct entry *e);
/* Whether the path lies among tests. */
bool inspector_in_tests(struct str path);
/* After the trees were compared (or, without an origin, read): makes the findings. */
int inspector_conclude(struct inspector *i, struct result *r, const struct inspect_sources *s,
		       struct error *err);

#endif
