/* Options that say which tag an artifact is held against, for the commands that compare.
 * Borrow their texts from the command line.
 * Know nothing of any one command. */
#ifndef CLI_ORIGIN_OPTIONS_H
#define CLI_ORIGIN_OPTIONS_H

#include "audit/audit.h"
#include "base/memory.h"
#include "cli/command.h"

struct origin_options_given {
	const char *git, *tag, *tree;
	bool fetch;
	struct option_list submodules;	/* "PATH=REPO" each */
	const char *submodules_dir;
};

#define ORIGIN_AT(whole, part, field) .offset = offsetof(whole, part.field)

/* Rows of an option table for a command whose struct `whole` has these options as `part`. */
#define ORIGIN_ROWS(whole, part)                                                                                    \
	{ .section = "Origin", .name = "git", .type = OPTION_TEXT, .arg = "REPO", ORIGIN_AT(whole, part, git),     \
	  .complete = COMPLETE_FOLDER, .help = "the repository: a clone, bare or not; a URL with --fetch" },        \
	{ .name = "tag", .type = OPTION_TEXT, .arg = "REV", ORIGIN_AT(whole, part, tag), .initial = "auto",        \
	  .help = "the tag or revision; auto finds the tag by the artifact" },                                      \
	{ .name = "tree", .type = OPTION_TEXT, .arg = "LISTING", ORIGIN_AT(whole, part, tree),                     \
	  .complete = COMPLETE_FILE,                                                                                \
	  .help = "instead of a repository: a file made by `git ls-tree -r -l --full-tree TAG`" },                  \
	{ .name = "fetch", .type = OPTION_FLAG, ORIGIN_AT(whole, part, fetch),                                     \
	  .help = "let git fetch the tag from REPO over the network" },                                             \
	{ .name = "submodule", .type = OPTION_LIST, .arg = "PATH=REPO", ORIGIN_AT(whole, part, submodules),        \
	  .complete = COMPLETE_FOLDER, .help = "the repository of the submodule at PATH" },                         \
	{ .name = "submodules", .type = OPTION_TEXT, .arg = "DIR", ORIGIN_AT(whole, part, submodules_dir),         \
	  .complete = COMPLETE_FOLDER,                                                                              \
	  .help = "a folder of repositories, found by the last part of a submodule's path or URL" },

/* Checks them, and fills in what an audit is told of its origin; arrays go to the arena. */
int origin_options_take(const struct invocation *in, const struct origin_options_given *o, struct arena *arena,
			struct audit_options *audit, struct error *err);

#endif
