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

void subjects_index(struct subjects *s, struct subject *v, size_t n)
{
	*s = (struct subjects){ .v = v, .n = n };
	s->next = memory_zalloc((n + 1) * sizeof(*s->next));
	/* Backwards, so that each list is in the order of the paths. */
	for (size_t i = n; i-- > 0;) {
		uint64_t *const first = map_put(&s->by_base, str_base(entry_path(v[i].entry)), 0);

		s->next[i] = (uint32_t)*first;
		*first = i + 1;
	}
}

void subjects_release(struct subjects *s)
{
	map_release(&s->by_base);
	memory_free(s->next);
	s->next = NULL;
}

/* The first whose path may end with the name, from 1; 0: none. */
static size_t first_of(const struct subjects *s, struct str name)
{
	const uint64_t *const first = map_get(&s->by_base, str_base(name));

	return first ? (size_t)*first : 0;
}

const struct subject *subject_at(const struct subjects *s, struct str path)
{
	for (size_t i = first_of(s, path); i; i = s->next[i - 1])
		if (str_eq(entry_path(s->v[i - 1].entry), path))
			return &s->v[i - 1];
	return NULL;
}

/* The next after `at` (0: the first) whose path ends with the name, from 1; 0: no more. */
static size_t next_of(const struct subjects *s, struct str name, size_t at)
{
	for (at = at ? s->next[at - 1] : first_of(s, name); at; at = s->next[at - 1])
		if (ends_with(entry_path(s->v[at - 1].entry), name))
			return at;
	return 0;
}

const struct subject *subject_named(const struct subjects *s, struct str name)
{
	const struct subject *found = NULL;

	name = plain_name(name);
	if (name.len < 2)
		return NULL;
	for (size_t i = 0; (i = next_of(s, name, i));) {
		if (str_eq(entry_path(s->v[i - 1].entry), name))
			return &s->v[i - 1];
		if (found)
			return NULL;
		found = &s->v[i - 1];
	}
	return found;
}

/* A source that is run as it stands. */
static bool is_interpreted(enum language l)
{
	return l == LANGUAGE_PYTHON || l == LANGUAGE_PERL || l == LANGUAGE_JAVASCRIPT;
}

struct subject *subject_next_named(const struct subjects *s, struct str name, size_t *at)
{
	name = plain_name(name);
	if (name.len < 3 || memchr(name.ptr, '*', name.len))
		return NULL;
	*at = next_of(s, name, *at);
	return *at ? &s->v[*at - 1] : NULL;
}

void subject_mark_run(struct subject *s)
{
	if (s->kind.role == ROLE_SCRIPT || (s->kind.role == ROLE_SOURCE && is_interpreted(s->kind.language))) {
		s->kind.role = ROLE_BUILD;
		s->run = true;
	}
}

static bool has_note(const struct subject *s, enum rule_id rule)
{
	for (size_t i = 0; s->facts && i < s->facts->notes.n; i++)
		if (s->facts->notes.v[i].rule == rule)
			return true;
	return false;
}

static bool is_below(const struct subject *s, struct str folder)
{
	return str_starts(entry_path(s->entry), folder);
}

static bool is_alike(const struct subject *s, struct str folder, enum rule_id rule)
{
	return str_find(str_from_at(entry_path(s->entry), folder.len), '/') == (size_t)-1 && has_note(s, rule);
}

size_t subjects_alike(const struct subjects *all, const struct subject *s, enum rule_id rule, size_t most)
{
	const struct str path = entry_path(s->entry), folder = str_first(path, path.len - str_base(path).len);
	size_t n = 1;

	/* The folder's files lie side by side, but for folders among them. */
	for (size_t i = (size_t)(s - all->v); i-- > 0 && n < most && is_below(&all->v[i], folder);)
		n += is_alike(&all->v[i], folder, rule);
	for (size_t i = (size_t)(s - all->v) + 1; i < all->n && n < most && is_below(&all->v[i], folder); i++)
		n += is_alike(&all->v[i], folder, rule);
	return n;
}
