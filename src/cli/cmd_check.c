#include "cli/command.h"

#include <stdlib.h>
#include <unistd.h>

#include "audit/audit.h"
#include "base/cleanup.h"
#include "base/memory.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "cli/terminal.h"
#include "report/report.h"

struct check_options {
	const char *git, *tag, *tree;
	bool fetch;
	struct option_list submodules;	/* "PATH=REPO" each */
	const char *submodules_dir;
	const char *output;
	unsigned int format;	/* index into report_formats */
	bool all_files, reproducible, quiet, no_progress;
	unsigned int verbose;
	unsigned int color;	/* enum color_mode */
	unsigned int fail_on;	/* enum severity */
	unsigned int jobs, timeout;	/* 0: by the machine; none */
};

static const char *format_name(size_t i)
{
	return report_formats[i] ? report_formats[i]->name : NULL;
}

static const char *format_summary(size_t i)
{
	return report_formats[i]->summary;
}

static const char *severity_at(size_t i)
{
	return i < SEVERITY_COUNT ? severity_name((enum severity)i) : NULL;
}

static const char *color_name(size_t i)
{
	static const char *const names[] = {
		[COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never",
	};

	return i < sizeof(names) / sizeof(names[0]) ? names[i] : NULL;
}

static const struct choice_set format_names = { format_name, format_summary };
static const struct choice_set severity_names = { severity_at, NULL };
static const struct choice_set color_names = { color_name, NULL };

/* Options that need or exclude each other. */
static int origin_check(const struct invocation *in, struct error *err)
{
	const struct check_options *o = in->options;

	if (o->git && o->tree) {
		error_set(err, ERROR_USAGE, "--git and --tree exclude each other");
		return error_hint(err, "give --git where the repository is at hand: "
				       "a listing says less");
	}
	if (!o->git && !o->tree) {
		error_set(err, ERROR_USAGE,
			  "nothing to compare with: neither --git nor --tree given");
		return error_hint(err, "tarproof check %.150s --git path/to/clone", in->operand);
	}
	if (!o->git && o->fetch) {
		error_set(err, ERROR_USAGE, "--fetch needs --git URL");
		return error_hint(err, "leave --fetch out: with --tree nothing is fetched");
	}
	return 0;
}

/* "PATH=REPO" into its halves; PATH as git writes it, without a slash at its end. */
static int submodule_parse(const char *text, struct arena *arena, struct submodule *out,
			   struct error *err)
{
	const struct str whole = str_from(text);
	const size_t equals = str_find(whole, '=');
	struct str path = str_first(whole, equals == (size_t)-1 ? 0 : equals);

	while (path.len && path.ptr[path.len - 1] == '/')
		path.len--;
	if (path.len == 0 || path.ptr[0] == '/' || !text[equals + 1]) {
		error_set(err, ERROR_USAGE, "option --submodule: \"%.200s\" is not PATH=REPO",
			  text);
		return error_hint(err, "PATH is where the submodule stands in the tag: "
				       "--submodule lib/foo=path/to/foo");
	}
	out->path = arena_str(arena, path).ptr;
	out->repository = text + equals + 1;
	return 0;
}

static int submodules_parse(const struct option_list *given, struct arena *arena,
			    struct audit_options *audit, struct error *err)
{
	struct submodule *v = arena_alloc(arena, (given->n + 1) * sizeof(*v));

	for (size_t i = 0; i < given->n; i++) {
		if (submodule_parse(given->v[i], arena, &v[i], err))
			return -1;
		for (size_t j = 0; j < i; j++)
			if (strcmp(v[i].path, v[j].path) == 0)
				return error_set(err, ERROR_USAGE,
						 "option --submodule: %.200s is given twice",
						 v[i].path);
	}
	audit->submodules = v;
	audit->submodules_n = given->n;
	return 0;
}

static void progress_show(void *ctx, const struct audit_progress *p)
{
	progress_update(ctx, p->phase, p->done, p->total);
}

static int report_write(const struct check_options *o, const struct result *r, struct error *err)
{
	AUTO_BUF struct buf out = BUF_INIT;
	const bool to_stdout = output_is_stdout(o->output);
	const struct report_options report = {
		.color = terminal_color((enum color_mode)o->color, to_stdout ? STDOUT_FILENO : -1),
		.all_files = o->all_files,
		.reproducible = o->reproducible,
		.verbosity = (int)o->verbose - (o->quiet ? 1 : 0),
		.width = to_stdout ? terminal_width(STDOUT_FILENO) : 0,
		.fail_on = (enum severity)o->fail_on,
	};

	report_formats[o->format]->render(r, &report, &out);
	return output_write(o->output, buf_str(&out), err);
}

/* Runs the audit and writes its report. Without a tag there still is something to say. */
static int audit_report(const struct check_options *o, const struct audit_options *audit,
			struct result *r, struct progress *progress, struct error *err)
{
	const int failed = audit_run(audit, r, err);

	progress_end(progress);
	if (failed && err->code != ERROR_UNRESOLVED)
		return -1;
	if (*audit->stop)
		return error_set(err, ERROR_INTERRUPTED, "interrupted");
	if (report_write(o, r, err) || failed)
		return -1;
	return audit_exit_status(r);
}

static int check_run(const struct invocation *in, struct error *err)
{
	AUTO_ARENA struct arena arena = ARENA_INIT;
	const struct check_options *o = in->options;
	struct progress progress;
	struct result result;
	struct audit_options audit = {
		.artifact = in->operand, .git = o->git, .tree = o->tree, .tag = o->tag,
		.fetch = o->fetch, .submodules_dir = o->submodules_dir,
		.jobs = o->jobs, .timeout = o->timeout, .all_sha256 = o->all_files,
		.fail_on = (enum severity)o->fail_on,
		.progress = progress_show, .progress_ctx = &progress,
	};
	int status;

	if (origin_check(in, err) || submodules_parse(&o->submodules, &arena, &audit, err) ||
	    output_check(o->output, in->operand, err))
		return -1;
	audit.stop = signals_watch();
	progress_begin(&progress, STDERR_FILENO, !o->quiet && !o->no_progress);
	result_init(&result);
	status = audit_report(o, &audit, &result, &progress, err);
	result_release(&result);
	return status;
}

#define AT(member) .offset = offsetof(struct check_options, member)

static const struct option_row options[] = {
	{ .section = "Origin", .name = "git", .type = OPTION_TEXT, .arg = "REPO", AT(git),
	  .complete = COMPLETE_FOLDER,
	  .help = "the repository: a clone, bare or not; a URL with --fetch" },
	{ .name = "tag", .type = OPTION_TEXT, .arg = "REV", AT(tag), .initial = "auto",
	  .help = "the tag or revision; auto finds the tag by the artifact" },
	{ .name = "tree", .type = OPTION_TEXT, .arg = "LISTING", AT(tree),
	  .complete = COMPLETE_FILE,
	  .help = "instead of a repository: a file made by `git ls-tree -r -l --full-tree TAG`" },
	{ .name = "fetch", .type = OPTION_FLAG, AT(fetch),
	  .help = "let git fetch the tag from REPO over the network" },
	{ .name = "submodule", .type = OPTION_LIST, .arg = "PATH=REPO", AT(submodules),
	  .complete = COMPLETE_FOLDER,
	  .help = "the repository of the submodule at PATH" },
	{ .name = "submodules", .type = OPTION_TEXT, .arg = "DIR", AT(submodules_dir),
	  .complete = COMPLETE_FOLDER,
	  .help = "a folder of repositories, found by the last part of a submodule's path or URL" },

	{ .section = "Report", .name = "output", .letter = 'o', .type = OPTION_TEXT, .arg = "FILE",
	  AT(output), .complete = COMPLETE_FILE, .initial = "-",
	  .initial_note = "-, standard output", .help = "write the report to FILE" },
	{ .name = "format", .letter = 'f', .type = OPTION_CHOICE, .arg = "FORMAT", AT(format),
	  .choices = &format_names, .initial = "text", .help = "what the report looks like" },
	{ .name = "all-files", .type = OPTION_FLAG, AT(all_files),
	  .help = "list identical files too, with their SHA-256" },
	{ .name = "reproducible", .type = OPTION_FLAG, AT(reproducible),
	  .help = "leave out what differs from run to run (timings)" },
	{ .name = "quiet", .letter = 'q', .type = OPTION_FLAG, AT(quiet),
	  .help = "print the verdict and the findings alone, and no progress" },
	{ .name = "verbose", .letter = 'v', .type = OPTION_COUNT, AT(verbose),
	  .help = "print every file and all evidence" },
	{ .name = "color", .type = OPTION_CHOICE, .arg = "WHEN", AT(color),
	  .choices = &color_names, .initial = "auto", .help = "colour the text report" },
	{ .name = "no-progress", .type = OPTION_FLAG, AT(no_progress),
	  .help = "show no progress on a terminal" },

	{ .section = "Running", .name = "fail-on", .type = OPTION_CHOICE, .arg = "SEVERITY",
	  AT(fail_on), .choices = &severity_names, .initial = "high",
	  .help = "exit with 1 for findings from this severity on" },
	{ .name = "jobs", .letter = 'j', .type = OPTION_NUMBER, .arg = "N", AT(jobs), .min = 1,
	  .max = 256, .initial_note = "one a processor", .help = "threads" },
	{ .name = "timeout", .type = OPTION_NUMBER, .arg = "SECONDS", AT(timeout), .min = 1,
	  .max = 31536000, .initial_note = "none", .help = "give up after so many seconds" },
	OPTION_HELP_ROW,
	OPTIONS_END,
};

const struct command command_check = {
	.name = "check",
	.operand = { .name = "ARTIFACT", .complete = COMPLETE_FILE },
	.summary = "account for every byte of a release against its tag",
	.about = "Compares a release archive with the git tag that it claims to come from. Every "
		 "file is either proven (identical to the tag, or reproduced from it) or put in "
		 "front of you, ranked, with evidence. Nothing of the archive or the repository "
		 "is run.",
	.examples = "tarproof check xz-5.6.1.tar.gz --git ~/src/xz\n"
		    "tarproof check foo-1.2.tar.xz --git foo.git --tag v1.2 -f json -o foo.json\n"
		    "tarproof check foo-1.2.tar.xz --tree foo-1.2.ls-tree\n",
	.options = options,
	.options_size = sizeof(struct check_options),
	.run = check_run,
};
