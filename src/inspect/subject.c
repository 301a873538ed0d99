#include "inspect/subject.h"

bool subject_in_origin(const struct subject *s)
{
	return s->compared && (s->relation == RELATION_IDENTICAL ||
			       s->relation == RELATION_TRANSFORMED ||
			       s->relation == RELATION_MODE_CHANGED);
}

/* What follows the last variable and the folders that say nothing. */
static struct str plain_name(struct str name)
{
	for (size_t i = name.len; i-- > 0;)
		if (name.ptr[i] == COMMAND_UNKNOWN || name.ptr[i] == '}' || name.ptr[i] == '"' ||
		    name.ptr[i] == '@') {
			name = str_from_at(name, i + 1);
			break;
		}
	while (str_starts(name, STR("./")) || str_starts(name, STR("/")))
		name = str_from_at(name, name.ptr[0] == '/' ? 1 : 2);
	while (str_starts(name, STR("../")))
		name = str_from_at(name, 3);
	return name;
}

static bool ends_with(struct str path, struct str name)
{
	return str_ends(path, name) && (path.len == name.len || path.ptr[path.len - name.len - 1] == '/');
}

const struct subject *subject_named(const struct subject *v, size_t n, struct str name)
{
	const struct subject *found = NULL;

	name = plain_name(name);
	if (name.len < 2)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		const struct str path = entry_path(v[i].entry);

		if (str_eq(path, name))
			return &v[i];
		if (ends_with(path, name)) {
			if (found)
				return NULL;
			found = &v[i];
		}
	}
	return found;
}

void subject_mark_run(struct subject *v, size_t n, struct str name)
{
	name = plain_name(name);
	if (name.len < 3 || memchr(name.ptr, '*', name.len))
		return;
	for (size_t i = 0; i < n; i++)
		if (ends_with(entry_path(v[i].entry), name) && v[i].kind.role == ROLE_SCRIPT) {
			v[i].kind.role = ROLE_BUILD;
			v[i].run = true;
		}
}
