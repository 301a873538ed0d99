#include "cli/auditing.h"

#include <unistd.h>

#include "base/cleanup.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "cli/terminal.h"
#include "report/report.h"

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

const struct choice_set auditing_formats = { format_name, format_summary };
const struct choice_set auditing_severities = { severity_at, NULL };
const struct choice_set auditing_colors = { color_name, NULL };

static void progress_show(void *ctx, const struct audit_progress *p)
{
	if (p->doing)
		progress_doing(ctx, str_from(p->doing));
	else
		progress_update(ctx, p->phase, p->done, p->total);
}

static int report_write(const struct auditing_options *o, const struct result *r, struct error *err)
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
static int audit_report(const struct auditing_options *o, const struct audit_options *audit,
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

int auditing_run(const struct invocation *in, const struct auditing_options *o,
		 struct audit_options *audit, struct error *err)
{
	struct progress progress;
	struct result result;
	int status;

	if (output_check(o->output, in->operand, err))
		return -1;
	audit->artifact = in->operand;
	audit->jobs = o->jobs;
	audit->timeout = o->timeout;
	audit->all_sha256 = o->all_files;
	audit->no_inspect = o->no_inspect;
	audit->fail_on = (enum severity)o->fail_on;
	audit->progress = progress_show;
	audit->progress_ctx = &progress;
	audit->stop = signals_watch();
	progress_begin(&progress, STDERR_FILENO, !o->quiet && !o->no_progress);
	result_init(&result);
	status = audit_report(o, audit, &result, &progress, err);
	result_release(&result);
	return status;
}
