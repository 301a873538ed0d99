/* Rebuilding: what was built, how the outputs compare, which variation breaks it, as plain data.
 * All strings and arrays live in the result's arena.
 * Knows nothing of how a build is run. */
#ifndef MODEL_REBUILD_H
#define MODEL_REBUILD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/str.h"

enum phase {
	PHASE_BOOTSTRAP,	/* makes configure and its kin; only for what a release would bring along */
	PHASE_CONFIGURE,
	PHASE_BUILD,
	PHASE_TEST,
	PHASE_INSTALL,		/* into $DESTDIR */
	PHASE_DIST,		/* the next release, into $DISTDIR */
	PHASE_COUNT
};

/* "bootstrap", "configure", ... */
const char *phase_name(enum phase p);
/* False when the name is none. */
bool phase_parse(struct str name, enum phase *out);

enum phase_state {
	PHASE_SKIPPED,		/* not asked for, or the recipe has no steps for it */
	PHASE_PASSED,
	PHASE_FAILED,
	PHASE_STOPPED,		/* by a limit */
};

/* "skipped", "passed", "failed", "stopped". */
const char *phase_state_name(enum phase_state s);

struct phase_run {
	enum phase_state state;
	int exit_status;	/* as a shell gives it; of a failed one */
	double seconds;
	struct str why;		/* of a failed or stopped one: what went wrong */
};

/* How often something happened, by the trace. */
struct trace_totals {
	uint64_t processes, programs, reads, writes, pipes, connects, denied, lost;
};

struct build_run {
	struct str label;	/* "tag", "release", "release, varied: ..." */
	struct phase_run phases[PHASE_COUNT];
	bool complete;		/* every phase that was asked for passed */
	bool traced;
	struct trace_totals trace;
	uint64_t left_out;	/* files of the source that could not be written */
	struct str first_left_out;
	uint64_t outputs, output_bytes;
	struct str log;		/* folder of logs that was kept; or empty */
};

/* How an output of one build relates to the other's. */
enum output_relation {
	OUTPUT_EQUAL,
	OUTPUT_NORMALISED,	/* equal after what `normalised` says */
	OUTPUT_DIFFERENT,
	OUTPUT_MODE,		/* content equal, permissions differ */
	OUTPUT_TYPE,		/* file here, link or folder there; or links to other places */
	OUTPUT_ONLY_FIRST,
	OUTPUT_ONLY_SECOND,
};

enum { OUTPUT_RELATIONS = OUTPUT_ONLY_SECOND + 1 };

/* "equal", "normalised", "different", "mode", "type", "only_first", "only_second". */
const char *output_relation_name(enum output_relation r);

struct output_difference {
	struct str path;
	enum output_relation relation;
	bool folder;		/* it is one, and its permissions differ */
	bool has_first, has_second;	/* digests are known */
	struct sha256 first, second;
	struct str normalised;	/* what had to be ignored: "build id, debug link"; or empty */
	struct str where;	/* "section .rodata", "member foo.o", "line 12"; or empty */
	struct str cause;	/* "timestamp", "build path", "order", "version stamp", "unknown" */
};

struct output_comparison {
	struct str first, second;	/* labels of what was compared */
	uint64_t counts[OUTPUT_RELATIONS];
	struct output_difference *differences;	/* by path; equal ones are left out */
	size_t n;
};

/* A set of variations that breaks reproducibility, and of which nothing can be left out. */
struct variation_set {
	struct str *names;
	size_t n;
	struct str *paths;	/* outputs that it changes */
	size_t paths_n;
};

struct variation_result {
	bool asked;
	unsigned int builds;	/* that the search took, the plain ones included */
	struct str *tried;	/* names of the variations */
	size_t tried_n;
	bool unstable;		/* two builds with nothing varied differ already */
	struct variation_set *sets;
	size_t sets_n;
};

/* One file that a build installed. */
struct output_file {
	struct str path;
	uint64_t size;
	struct sha256 sha256;
};

/* What was asked of one file: where it came from, or what came of it. */
struct provenance {
	struct str path;	/* as asked for; empty: nothing was */
	struct str *inputs;	/* files of the source that may have flowed into it */
	size_t inputs_n;
	struct str *outputs;	/* installed files that it may have flowed into */
	size_t outputs_n;
};

/* Files that were replaced by noise, and what that changed. */
struct ablation {
	bool asked;
	uint64_t files;		/* that were replaced */
	unsigned int builds;
	struct str *feeding;	/* files without which the outputs are others */
	size_t feeding_n;
};

/* Something that one build did and the other did not. */
struct done {
	struct str what;	/* "build: write src/hello.o" */
	struct str command;	/* of whoever did it */
};

struct rebuild_info {
	struct str recipe;	/* its name */
	struct str recipe_text;
	struct build_run *builds;
	size_t builds_n, builds_cap;
	struct output_comparison *comparisons;
	size_t comparisons_n, comparisons_cap;
	struct done *only_release, *only_tag;
	size_t only_release_n, only_tag_n;
	struct variation_result variation;
	struct ablation ablation;
	struct provenance provenance;
	struct output_file *outputs;	/* of the build from the release, by path */
	size_t outputs_n;
};

#endif
