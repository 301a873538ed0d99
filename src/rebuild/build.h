/* Builds: a source, a recipe and settings become outputs, logs and a trace.
 * A build owns its scratch folder and its trace until build_release().
 * Knows nothing of where its source comes from, nor of what is made of the outputs. */
#ifndef REBUILD_BUILD_H
#define REBUILD_BUILD_H

#include "rebuild/export.h"
#include "rebuild/output.h"
#include "rebuild/recipe.h"
#include "rebuild/sandbox.h"
#include "rebuild/settings.h"

struct build_plan {
	const char *scratch;		/* a folder of this machine that exists */
	const struct export_source *source;
	const struct recipe *recipe;
	const struct settings *settings;
	bool phases[PHASE_COUNT];	/* those to be run, as far as the recipe has them */
	bool traced;
	int64_t epoch;			/* SOURCE_DATE_EPOCH */
	struct sandbox_limits limits;
	struct str label;
	bool shell_on_failure;		/* a shell in the sandbox for whoever sits at the terminal */
	int (*tick)(void *ctx, struct str label, enum phase phase, struct str line, struct error *err);
	void *ctx;
};

struct build {
	struct str folder;		/* on this machine; empty: gone */
	struct trace trace;
	struct arena arena;
	struct build_run run;		/* texts in the arena */
	struct output_tree outputs;	/* what was installed */
	struct output_tree dist;	/* what `make dist` made */
};

/* 0 when it was run, whether or not it failed (see run.complete); -1 with err when it could not be. Release it
 * in either case. */
int build_run(struct build *b, const struct build_plan *plan, struct error *err);
/* The log of a phase on this machine. */
void build_log_path(const struct build *b, enum phase phase, struct buf *out);
/* `keep`: its folder stays. */
void build_release(struct build *b, bool keep);
/* -1 with what this machine lacks to build with these settings. */
int build_check_settings(const struct settings *s, struct error *err);
/* -1 with what is missing: programs and modules that the recipe needs, on Debian by package. */
int build_check_needs(const struct recipe *r, struct error *err);

#endif
