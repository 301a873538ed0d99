#include "cli/origin_options.h"

/* Options that need or exclude each other. */
static int origin_check(const struct invocation *in, const struct origin_options_given *o, struct error *err)
{
	if (o->git && o->tree) {
		error_set(err, ERROR_USAGE, "--git and --tree exclude each other");
		return error_hint(err, "give --git where the repository is at hand: "
				       "a listing says less");
	}
	if (!o->git && !o->tree) {
		error_set(err, ERROR_USAGE,
			  "nothing to compare with: neither --git nor --tree given");
		return error_hint(err, "tarproof %s %.150s --git path/to/clone", in->command->name,
				  in->operand);
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

int origin_options_take(const struct invocation *in, const struct origin_options_given *o, struct arena *arena,
			struct audit_options *audit, struct error *err)
{
	if (origin_check(in, o, err) || submodules_parse(&o->submodules, arena, audit, err))
		return -1;
	audit->git = o->git;
	audit->tree = o->tree;
	audit->tag = o->tag;
	audit->fetch = o->fetch;
	audit->submodules_dir = o->submodules_dir;
	return 0;
}
