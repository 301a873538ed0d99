#include "cli/auditing.h"

struct scan_options {
	struct auditing_options auditing;
};

static int scan_run(const struct invocation *in, struct error *err)
{
	const struct scan_options *o = in->options;
	struct audit_options audit = { .scan = true };

	return auditing_run(in, &o->auditing, &audit, err);
}

static const struct option_row options[] = {
	AUDITING_ROWS
	OPTION_HELP_ROW,
	OPTIONS_END,
};

const struct command command_scan = {
	.name = "scan",
	.operand = { .name = "ARTIFACT", .complete = COMPLETE_FILE },
	.summary = "look into a release or a folder alone, without an origin",
	.about = "Looks for what hides or runs hidden programs in an archive or a folder: build scripts that "
		 "decode and run data, opaque files that decode to programs, odd archive structure. What "
		 "only a comparison with the tag can tell is left out. Nothing of it is run.",
	.examples = "tarproof scan foo-1.2.tar.xz\n"
		    "tarproof scan ~/src/foo --fail-on medium\n",
	.options = options,
	.options_size = sizeof(struct scan_options),
	.run = scan_run,
};
