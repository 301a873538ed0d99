/* What the commands that audit have in common: options of report and run, progress, exit status.
 * Borrows everything.
 * Knows nothing of origins. */
#ifndef CLI_AUDITING_H
#define CLI_AUDITING_H

#include "audit/audit.h"
#include "cli/command.h"

struct auditing_options {
	const char *output;
	unsigned int format;	/* index into report_formats */
	bool all_files, reproducible, quiet, no_progress, no_inspect;
	unsigned int verbose;
	unsigned int color;	/* enum color_mode */
	unsigned int fail_on;	/* enum severity */
	unsigned int jobs, timeout;	/* 0: by the machine; none */
};

extern const struct choice_set auditing_formats, auditing_severities, auditing_colors;

/* Rows of an option table for a command whose options begin with a struct auditing_options. */
#define AUDITING_AT(field) .offset = offsetof(struct auditing_options, field)
#define AUDITING_ROWS                                                                              \
	{ .section = "Report", .name = "output", .letter = 'o', .type = OPTION_TEXT, .arg = "FILE", \
	  AUDITING_AT(output), .complete = COMPLETE_FILE, .initial = "-",                          \
	  .initial_note = "-, standard output", .help = "write the report to FILE" },              \
	{ .name = "format", .letter = 'f', .type = OPTION_CHOICE, .arg = "FORMAT", AUDITING_AT(format), \
	  .choices = &auditing_formats, .initial = "text", .help = "what the report looks like" }, \
	{ .name = "all-files", .type = OPTION_FLAG, AUDITING_AT(all_files),                        \
	  .help = "list identical files too, with their SHA-256" },                                \
	{ .name = "reproducible", .type = OPTION_FLAG, AUDITING_AT(reproducible),                  \
	  .help = "leave out what differs from run to run (timings)" },                            \
	{ .name = "quiet", .letter = 'q', .type = OPTION_FLAG, AUDITING_AT(quiet),                 \
	  .help = "print the verdict and the findings alone, and no progress" },                   \
	{ .name = "verbose", .letter = 'v', .type = OPTION_COUNT, AUDITING_AT(verbose),            \
	  .help = "print every file and all evidence" },                                           \
	{ .name = "color", .type = OPTION_CHOICE, .arg = "WHEN", AUDITING_AT(color),               \
	  .choices = &auditing_colors, .initial = "auto", .help = "colour the text report" },      \
	{ .name = "no-progress", .type = OPTION_FLAG, AUDITING_AT(no_progress),                    \
	  .help = "show no progress on a terminal" },                                              \
                                                                                                   \
	{ .section = "Running", .name = "fail-on", .type = OPTION_CHOICE, .arg = "SEVERITY",       \
	  AUDITING_AT(fail_on), .choices = &auditing_severities, .initial = "high",                \
	  .help = "exit with 1 for findings from this severity on" },                              \
	{ .name = "jobs", .letter = 'j', .type = OPTION_NUMBER, .arg = "N", AUDITING_AT(jobs), .min = 1, \
	  .max = 256, .initial_note = "one a processor", .help = "threads" },                      \
	{ .name = "timeout", .type = OPTION_NUMBER, .arg = "SECONDS", AUDITING_AT(timeout), .min = 1, \
	  .max = 31536000, .initial_note = "none", .help = "give up after so many seconds" },      \
	{ .name = "no-inspect", .type = OPTION_FLAG, AUDITING_AT(no_inspect),                      \
	  .help = "do not look into contents" },

/* Runs the audit and writes its report. `audit` has what is to be audited; the rest is filled in. */
int auditing_run(const struct invocation *in, const struct auditing_options *o,
		 struct audit_options *audit, struct error *err);

#endif
