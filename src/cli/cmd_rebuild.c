#include "cli/auditing.h"

#include <stdio.h>

#include "base/cleanup.h"
#include "base/memory.h"
#include "cli/origin_options.h"
#include "cli/output.h"

struct rebuild_command_options {
	struct auditing_options auditing;	/* first, as its rows ask */
	struct origin_options_given origin;
	const char *recipe, *phases, *vary, *trace, *scratch, *provenance, *dot;
	struct option_list against;
	bool no_trace, keep, shell, print_recipe, ablate;
	unsigned int memory, disk, processes, build_timeout;
};

/* "configure,build" into one flag for each. */
static int phases_parse(const char *list, struct rebuild_options *out, struct error *err)
{
	struct str rest = str_from(list), name;
	enum phase phase;

	if (str_eq(rest, STR("all"))) {
		for (int i = 0; i < PHASE_COUNT; i++)
			out->phases[i] = true;
		return 0;
	}
	out->phases[PHASE_BOOTSTRAP] = true;
	while (str_next_item(&rest, ',', &name)) {
		name = str_trim(name);
		if (!phase_parse(name, &phase)) {
			error_set(err, ERROR_USAGE, "option --phases: no phase is called \"%.*s\"",
				  STR_FMT(str_first(name, 60)));
			return error_hint(err, "phases: bootstrap, configure, build, test, install, dist; or all");
		}
		out->phases[phase] = true;
	}
	return 0;
}

static int print_recipe(const struct invocation *in, const struct rebuild_options *o, struct error *err)
{
	AUTO_BUF struct buf text = BUF_INIT;
	const struct rebuild_command_options *given = in->options;

	if (audit_recipe(in->operand, o, &text, err) < 0)
		return -1;
	return output_write(given->auditing.output, buf_str(&text), err);
}

static int rebuild_command_run(const struct invocation *in, struct error *err)
{
	AUTO_ARENA struct arena arena = ARENA_INIT;
	const struct rebuild_command_options *o = in->options;
	struct rebuild_options rebuild = {
		.recipe = o->recipe, .no_trace = o->no_trace, .trace_file = o->trace, .scratch = o->scratch,
		.keep = o->keep, .shell = o->shell, .vary = o->vary, .ablate = o->ablate, .memory = o->memory,
		.provenance = o->provenance, .dot = o->dot,
		.disk = o->disk, .processes = o->processes, .build_timeout = o->build_timeout,
	};
	struct audit_options audit = { .rebuild = &rebuild };

	struct str *against = arena_alloc(&arena, (o->against.n + 1) * sizeof(*against));

	for (size_t i = 0; i < o->against.n; i++)
		against[i] = str_from(o->against.v[i]);
	rebuild.against = against;
	rebuild.against_n = o->against.n;
	if (phases_parse(o->phases, &rebuild, err))
		return -1;
	if (o->dot && !o->provenance)
		return error_set(err, ERROR_USAGE, "--dot needs --provenance PATH");
	if (o->print_recipe)
		return print_recipe(in, &rebuild, err);
	if (origin_options_take(in, &o->origin, &arena, &audit, err))
		return -1;
	return auditing_run(in, &o->auditing, &audit, err);
}

#define AT(member) .offset = offsetof(struct rebuild_command_options, member)

static const struct option_row options[] = {
	ORIGIN_ROWS(struct rebuild_command_options, origin)

	{ .section = "Building", .name = "recipe", .type = OPTION_TEXT, .arg = "FILE|NAME", AT(recipe),
	  .complete = COMPLETE_FILE,
	  .help = "how to build: a recipe file, or a built-in recipe by its name" },
	{ .name = "print-recipe", .type = OPTION_FLAG, AT(print_recipe),
	  .help = "print the recipe that would be used, to be edited and kept; build nothing" },
	{ .name = "phases", .type = OPTION_TEXT, .arg = "LIST", AT(phases), .initial = "configure,build,install",
	  .help = "phases to run: bootstrap, configure, build, test, install, dist; or all" },
	{ .name = "vary", .type = OPTION_TEXT, .arg = "LIST", AT(vary),
	  .help = "build again with these varied, and search what breaks it: names, all, or bait" },
	{ .name = "ablate", .type = OPTION_FLAG, AT(ablate),
	  .help = "build again without opaque files and data of the tests" },
	{ .name = "against", .type = OPTION_LIST, .arg = "BINARY", AT(against), .complete = COMPLETE_FILE,
	  .help = "compare what is installed with a .deb, .rpm, wheel, npm .tgz, tar or folder too" },
	{ .name = "provenance", .type = OPTION_TEXT, .arg = "PATH", AT(provenance),
	  .help = "list what flowed into an installed file, or where a file of the source went" },
	{ .name = "dot", .type = OPTION_TEXT, .arg = "FILE", AT(dot), .complete = COMPLETE_FILE,
	  .help = "write the graph of --provenance to FILE, for Graphviz" },
	{ .name = "trace", .type = OPTION_TEXT, .arg = "FILE", AT(trace), .complete = COMPLETE_FILE,
	  .help = "write what the builds read, wrote and ran to FILE, as JSON lines" },
	{ .name = "no-trace", .type = OPTION_FLAG, AT(no_trace), .help = "do not watch what the builds do" },
	{ .name = "keep", .type = OPTION_FLAG, AT(keep), .help = "leave the folders of the builds, with their logs" },
	{ .name = "shell", .type = OPTION_FLAG, AT(shell),
	  .help = "after a failure, open a shell in the sandbox" },
	{ .name = "scratch", .type = OPTION_TEXT, .arg = "DIR", AT(scratch), .complete = COMPLETE_FOLDER,
	  .initial_note = "$TMPDIR or /var/tmp", .help = "where builds have their folders" },
	{ .name = "memory", .type = OPTION_NUMBER, .arg = "MIB", AT(memory), .min = 64, .max = 16777216,
	  .initial = "4096", .help = "memory of one build" },
	{ .name = "disk", .type = OPTION_NUMBER, .arg = "MIB", AT(disk), .min = 16, .max = 16777216,
	  .initial = "16384", .help = "disk space of one build" },
	{ .name = "processes", .type = OPTION_NUMBER, .arg = "N", AT(processes), .min = 16, .max = 65536,
	  .initial = "1024", .help = "processes of one build at one time" },
	{ .name = "phase-timeout", .type = OPTION_NUMBER, .arg = "SECONDS", AT(build_timeout), .min = 1,
	  .max = 31536000, .initial = "3600", .help = "stop a phase after so many seconds" },

	AUDITING_ROWS
	OPTION_HELP_ROW,
	OPTIONS_END,
};

const struct command command_rebuild = {
	.name = "rebuild",
	.operand = { .name = "ARTIFACT", .complete = COMPLETE_FILE },
	.summary = "build from tag and release in a sandbox, compare what comes out",
	.about = "Audits the release as `check` does, then builds it twice in a sandbox without network: from the tag "
		 "and from the release. What is installed is compared by SHA-256, and what the builds read, wrote and "
		 "ran is judged. Programs of the release are run, but only there.",
	.examples = "tarproof rebuild xz-5.8.1.tar.xz --git ~/src/xz\n"
		    "tarproof rebuild foo-1.2.tar.xz --git ~/src/foo --vary all\n"
		    "tarproof rebuild foo-1.2.tar.xz --print-recipe >foo.recipe\n",
	.options = options,
	.options_size = sizeof(struct rebuild_command_options),
	.run = rebuild_command_run,
};
