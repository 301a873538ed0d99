#include "inspect/named.h"

#include "base/cleanup.h"
#include "base/limits.h"

struct named {
	struct result *r;
	const struct subjects *all;
};

/* Data of the tests and documents, which nothing but their use says to be programs. A version that a script takes
 * over by evaluating it says no more than what it says. */
static bool is_data(const struct subject *s, const struct script_name *name)
{
	enum role by_name;

	if (s->nature == NATURE_BINARY)
		return true;
	/* What is run is part of the build, whatever it was before. */
	by_name = role_of(entry_path(s->entry), STR(""), true).role;
	if (by_name != ROLE_TEST && by_name != ROLE_DOCUMENT && !str_ends(entry_path(s->entry), STR(".jar")))
		return false;
	return s->nature == NATURE_TEXT ||
	       (s->nature == NATURE_WORDS && !(name->caps & CAP_FILE));
}

/* What runs before make does. */
static bool configures(const struct subject *s)
{
	return s->kind.role == ROLE_BUILD &&
	       (s->kind.language == LANGUAGE_M4 ||
		str_eq(str_base(entry_path(s->entry)), STR("configure")));
}

/* A source of the same name is in the release, anywhere: a build can make the object from it. */
static bool has_source(const struct named *c, struct str object)
{
	static const struct str ends[] = { STR(".c"), STR(".S"), STR(".s"), STR(".asm"), STR(".cc"), STR(".cpp"), STR(".cxx"),
					   STR(".xs") };
	const struct str base = str_base(object), stem = str_first(base, str_find(base, '.'));

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		AUTO_BUF struct buf name = BUF_INIT;

		buf_add_str(&name, stem);
		buf_add_str(&name, ends[i]);
		if (map_get(&c->all->by_base, buf_str(&name)))
			return true;
	}
	return false;
}

/* What a Windows program needs to be linked with a library of the system or of others; it holds names alone. */
static bool is_import_library(struct str path)
{
	return str_ends(path, STR(".dll.a")) || str_ends(path, STR(".lib"));
}

/* A file `s` that `by` names in a way that takes it into the program, or runs it. */
static void tell_named(const struct named *c, const struct subject *by, const struct script_name *name,
		       const struct subject *s)
{
	const struct str path = entry_path(s->entry), user = entry_path(by->entry);
	const bool binary = s->nature == NATURE_BINARY;
	struct finding *f;

	if (by->kind.role == ROLE_SOURCE && (name->caps & CAP_LINK)) {
		if (s->kind.role == ROLE_TEST && is_data(s, name))
			result_find(c->r, RULE_TP506, user, "takes %.*s, which is data of the tests, into the program",
				    STR_FMT(path))->line = name->line;
	} else if (binary && s->facts && s->facts->blob.machine_code && (name->caps & CAP_LINK)) {
		f = result_find(c->r, RULE_TP505, path, "is an object file of the release, and %.*s:%lld links it",
				STR_FMT(user), (long long)name->line);
		if (has_source(c, path) || is_import_library(path))
			f->severity = SEVERITY_MEDIUM;
	} else if (!(name->caps & CAP_PROGRAM)) {
		return;
	} else if (configures(by) && s->kind.role == ROLE_TEST && s->kind.language == LANGUAGE_SHELL) {
		result_find(c->r, RULE_TP506, path, "belongs to the tests, and %.*s:%lld runs it before anything is built",
			    STR_FMT(user), (long long)name->line);
	} else if (is_data(s, name)) {
		f = result_find(c->r, RULE_TP506, path, "is data by name and content, and %.*s:%lld runs it",
				STR_FMT(user), (long long)name->line);
		if (binary)
			f->severity = SEVERITY_HIGH;
	}
}

void named_find(struct result *r, const struct subjects *all)
{
	const struct named c = { .r = r, .all = all };

	for (size_t i = 0; i < all->n; i++) {
		const struct subject *const by = &all->v[i], *last = NULL;
		const struct facts *const f = by->facts;

		if (!f || !f->has_script || (by->kind.role != ROLE_BUILD && by->kind.role != ROLE_SOURCE))
			continue;
		for (size_t k = 0; k < f->script.names_n; k++) {
			const struct script_name *const name = &f->script.names[k];
			const struct subject *const named = name->caps & (CAP_LINK | CAP_PROGRAM) ?
							    subject_named(all, name->name) : NULL;

			if (!named || named == last)
				continue;
			last = named;
			tell_named(&c, by, name, named);
		}
	}
}
