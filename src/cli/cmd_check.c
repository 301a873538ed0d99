#include "cli/auditing.h"

#include "base/cleanup.h"
#include "cli/origin_options.h"

struct check_options {
	struct auditing_options auditing;	/* first, as its rows ask */
	struct origin_options_given origin;
};

static int check_run(const struct invocation *in, struct error *err)
{
	AUTO_ARENA struct arena arena = ARENA_INIT;
	const struct check_options *o = in->options;
	struct audit_options audit = { .scan = false };

	if (origin_options_take(in, &o->origin, &arena, &audit, err))
		return -1;
	return auditing_run(in, &o->auditing, &audit, err);
}

static const struct option_row options[] = {
	ORIGIN_ROWS(struct check_options, origin)

	AUDITING_ROWS
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
