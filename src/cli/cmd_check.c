#include "cli/auditing.h"

#include "base/cleanup.h"
#include "base/memory.h"

struct check_options {
	struct auditing_options auditing;	/* first, as its rows ask */
	const char *git, *tag, *tree;
	bool fetch;
	struct option_list submodules;	/* "PATH=REPO" each */
	const char *submodules_dir;
};

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

static int check_run(const struct invocation *in, struct error *err)
{
	AUTO_ARENA struct arena arena = ARENA_INIT;
	const struct check_options *o = in->options;
	struct audit_options audit = {
		.git = o->git, .tree = o->tree, .tag = o->tag, .fetch = o->fetch,
		.submodules_dir = o->submodules_dir,
	};

	if (origin_check(in, err) || submodules_parse(&o->submodules, &arena, &audit, err))
		return -1;
	return auditing_run(in, &o->auditing, &audit, err);
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
