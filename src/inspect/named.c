#include "inspect/named.h"

#include "base/cleanup.h"
#include "base/limits.h"

/* What is looked at of a content. */
#define LOOKED_AT (1 * MIB)

struct named {
	struct result *r;
	const struct subjects *all;
	const struct inspect_sources *s;
};

/* A text with a stray byte, as tests of interpreters have it, is one. */
static bool is_mostly_text(struct str s)
{
	size_t other = 0;

	for (size_t i = 0; i < s.len; i++)
		other += (unsigned char)s.ptr[i] < ' ' && (s.ptr[i] < '\t' || s.ptr[i] > '\r');
	return other <= 1 + s.len / 100;
}

/* Data of the tests and documents, which nothing but their use says to be programs. */
static bool is_data(const struct named *c, const struct subject *s, const struct script_name *name)
{
	AUTO_BUF struct buf content = BUF_INIT;

	if (s->facts && !s->facts->text && (s->facts->blob.machine_code || s->entry->size > LOOKED_AT))
		return true;
	if (s->kind.language != LANGUAGE_NONE ||
	    (s->kind.role != ROLE_TEST && s->kind.role != ROLE_DOCUMENT &&
	     !str_ends(entry_path(s->entry), STR(".jar"))))
		return false;
	if (s->entry->size > LOOKED_AT || !c->s->read || c->s->read(c->s->ctx, s->entry, &content) != 1)
		return false;
	if (!is_mostly_text(buf_str(&content)))
		return true;
	if (role_of(entry_path(s->entry), buf_str(&content), true).language != LANGUAGE_NONE)
		return false;
	/* A version that a script takes over by evaluating it says no more than what it says. */
	for (size_t i = 0; i < content.len; i++)
		if (!(name->caps & CAP_FILE) || strchr("`$;|&<>(", content.ptr[i]))
			return true;
	return false;
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
	const bool binary = s->facts && !s->facts->text;
	struct finding *f;

	if (by->kind.role == ROLE_SOURCE && (name->caps & CAP_LINK)) {
		if (s->kind.role == ROLE_TEST && is_data(c, s, name))
			result_find(c->r, RULE_TP506, user, "takes %.*s, which is data of the tests, into the program",
				    STR_FMT(path))->line = name->line;
	} else if (binary && s->facts->blob.machine_code && (name->caps & CAP_LINK)) {
		f = result_find(c->r, RULE_TP505, path, "is an object file of the release, and %.*s:%lld links it",
				STR_FMT(user), (long long)name->line);
		if (has_source(c, path) || is_import_library(path))
			f->severity = SEVERITY_MEDIUM;
	} else if (!(name->caps & CAP_PROGRAM)) {
		return;
	} else if (configures(by) && s->kind.role == ROLE_TEST && s->kind.language == LANGUAGE_SHELL) {
		result_find(c->r, RULE_TP506, path, "belongs to the tests, and %.*s:%lld runs it before anything is built",
			    STR_FMT(user), (long long)name->line);
	} else if (is_data(c, s, name)) {
		f = result_find(c->r, RULE_TP506, path, "is data by name and content, and %.*s:%lld runs it",
				STR_FMT(user), (long long)name->line);
		if (binary)
			f->severity = SEVERITY_HIGH;
	}
}

void named_find(struct result *r, const struct subjects *all, const struct inspect_sources *s)
{
	const struct named c = { .r = r, .all = all, .s = s };

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
