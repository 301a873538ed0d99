#include "inspect/package.h"

#include <jansson.h>

static bool is_one_of(const char *member, const char *const *names)
{
	for (; *names; names++)
		if (strcmp(*names, member) == 0)
			return true;
	return false;
}

/* Shown, or asked for when the package is made. */
static bool is_shown(const char *member)
{
	static const char *const names[] = {
		"name", "version", "description", "keywords", "homepage", "bugs", "repository", "license", "licenses",
		"author", "contributors", "maintainers", "funding", "icon", "readme", "readmeFilename", "gitHead",
		"private", "files", "engines", "dist", "_id", "_from", "_resolved", "_integrity", "_shasum", "_npmUser",
		"_npmVersion", "_nodeVersion", NULL,
	};

	return is_one_of(member, names);
}

/* Of these a part may be missing: then less is done. */
static bool may_lack(const char *member)
{
	static const char *const names[] = { "scripts", "devDependencies", NULL };

	return is_one_of(member, names);
}

/* What does harm by not being there. */
static bool holds_back(const char *member)
{
	static const char *const names[] = {
		"dependencies", "overrides", "resolutions", "pnpm", "gypfile", "main", "exports", "type", "binary",
		"packageManager", NULL,
	};

	return is_one_of(member, names);
}

/* echo and a fixed text. */
static bool only_speaks(const json_t *script)
{
	const char *const text = json_string_value(script);

	return text && strncmp(text, "echo ", 5) == 0 && strpbrk(text, ";|&$`<>()\n\r") == NULL;
}

/* Whether all that the release's member says is in the tag's too; scripts that only say something may be new. */
static bool is_within(json_t *release, const json_t *tag, bool scripts)
{
	const char *name;
	json_t *value;

	if (!json_is_object(release))
		return false;
	json_object_foreach(release, name, value) {
		const json_t *const same = json_object_get(tag, name);

		if (!(same && json_equal(value, same)) && !(scripts && only_speaks(value)))
			return false;
	}
	return true;
}

static bool adds_nothing(json_t *release, json_t *tag)
{
	const char *member;
	json_t *value;

	if (!json_is_object(release) || !json_is_object(tag))
		return false;
	json_object_foreach(release, member, value) {
		const json_t *const same = json_object_get(tag, member);

		if (!is_shown(member) && !(same && json_equal(value, same)) &&
		    !(may_lack(member) && is_within(value, same, strcmp(member, "scripts") == 0)))
			return false;
	}
	json_object_foreach(tag, member, value)
		if (holds_back(member) && !json_object_get(release, member))
			return false;
	return true;
}

bool package_adds_nothing(struct str release, struct str tag)
{
	/* A member that stands there twice is one thing to one reader and another to the next. */
	json_t *const now = json_loadb(release.ptr, release.len, JSON_REJECT_DUPLICATES, NULL);
	json_t *const before = json_loadb(tag.ptr, tag.len, JSON_REJECT_DUPLICATES, NULL);
	const bool nothing = now && before && adds_nothing(now, before);

	json_decref(now);
	json_decref(before);
	return nothing;
}
