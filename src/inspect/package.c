#include "inspect/package.h"

#include <jansson.h>

static bool is_acted_upon(const char *member)
{
	static const char *const members[] = {
		"scripts", "dependencies", "optionalDependencies", "peerDependencies", "bundleDependencies",
		"bundledDependencies", "overrides", "bin", "directories", "gypfile", "workspaces", "config",
	};

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (strcmp(members[i], member) == 0)
			return true;
	return false;
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
		return tag && json_equal(release, tag);
	json_object_foreach(release, name, value) {
		const json_t *const same = json_object_get(tag, name);

		if (!(same && json_equal(value, same)) && !(scripts && only_speaks(value)))
			return false;
	}
	return true;
}

static bool adds_nothing(json_t *release, const json_t *tag)
{
	const char *member;
	json_t *value;

	if (!json_is_object(release) || !json_is_object(tag))
		return false;
	json_object_foreach(release, member, value)
		if (is_acted_upon(member) &&
		    !is_within(value, json_object_get(tag, member), strcmp(member, "scripts") == 0))
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
