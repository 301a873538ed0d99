#include "report/text_group.h"

#include "base/cleanup.h"

const struct entry *group_entry(const struct change *c)
{
	return c->artifact ? c->artifact : c->origin;
}

bool group_sized(const struct change *c)
{
	const struct entry *const e = group_entry(c);

	return e->type == ENTRY_FILE && (c->artifact || (e->flags & ENTRY_HAS_SIZE));
}

/* The first `depth` folders of `dir`, which ends in '/' or is empty. */
static struct str first_folders(struct str dir, size_t depth)
{
	for (size_t i = 0; i < dir.len; i++) {
		if (depth == 0)
			return str_first(dir, i);
		depth -= dir.ptr[i] == '/';
	}
	return dir;
}

struct group_name group_name_of_path(struct str path, size_t depth)
{
	const size_t slash = str_rfind(path, '/');
	const struct str dir = str_first(path, slash + 1);
	const struct str base = str_from_at(path, slash + 1);
	const size_t dot = str_rfind(base, '.');
	struct group_name name = { .dir = first_folders(dir, depth) };

	name.deep = name.dir.len < dir.len;
	/* A dot in front makes a hidden file, no extension. */
	if (dot != (size_t)-1 && dot > 0)
		name.ext = str_from_at(base, dot);
	return name;
}

struct group_name group_name(const struct change *c, size_t depth)
{
	if (c->relation == RELATION_SUBMODULE && c->artifact && c->origin &&
	    c->origin->type == ENTRY_GITLINK)
		return (struct group_name){ .dir = entry_path(c->origin), .whole = true };
	return group_name_of_path(entry_path(group_entry(c)), depth);
}

static void add_name(struct buf *key, struct group_name name)
{
	buf_add_char(key, (char)('0' + name.deep + 2 * name.whole));
	buf_add_str(key, name.dir);
	buf_add_char(key, '\0');
	buf_add_str(key, name.ext);
	buf_add_char(key, '\0');
}

/* Everything that a common line states of its members. No path holds a NUL. */
static void make_key(struct buf *key, const struct change *c, size_t depth)
{
	const struct explanation *e = c->explanation;

	buf_reset(key);
	buf_add_char(key, (char)(e ? '0' + (int)e->strength : '0'));
	buf_add_char(key, (char)('0' + (c->artifact ? c->artifact->type : 9)));
	buf_add_char(key, (char)('0' + (c->origin ? c->origin->type : 9)));
	if (c->relation == RELATION_MODE_CHANGED && c->artifact && c->origin)
		buf_addf(key, "%04o %04o", c->artifact->mode, c->origin->mode);
	add_name(key, group_name(c, depth));
	if (c->relation == RELATION_MOVED && c->origin) {
		add_name(key, group_name_of_path(entry_path(c->origin), depth));
	} else if (e) {
		buf_add_cstr(key, e->by ? e->by : "");
		buf_add_char(key, '\0');
		buf_add_str(key, e->detail);
	}
}

static void add_lines(int64_t *sum, int64_t n)
{
	if (*sum < 0 || n < 0 || *sum > INT64_MAX - n)
		*sum = -1;
	else
		*sum += n;
}

static size_t find_group(struct grouping *g, struct str key)
{
	const uint64_t *known = map_get(&g->map, key);

	if (known)
		return (size_t)*known;
	map_put(&g->map, arena_str(&g->keys, key), g->groups_n);
	g->groups = memory_grow(g->groups, g->groups_n, &g->groups_cap, sizeof(*g->groups));
	g->groups[g->groups_n] = (struct group){ .sized = true };
	return g->groups_n++;
}

void grouping_init(struct grouping *g, const struct change *changes, const size_t *members,
		   size_t n, size_t depth)
{
	AUTO_BUF struct buf key = BUF_INIT;

	*g = (struct grouping){ .map = MAP_INIT, .keys = ARENA_INIT };
	g->of = memory_alloc(n * sizeof(*g->of));
	for (size_t i = 0; i < n; i++) {
		const struct change *const c = &changes[members[i]];
		struct group *group;

		make_key(&key, c, depth);
		g->of[i] = find_group(g, buf_str(&key));
		group = &g->groups[g->of[i]];
		group->files++;
		group->sized = group->sized && group_sized(c);
		group->bytes += group_entry(c)->size;
		add_lines(&group->added, c->lines_added);
		add_lines(&group->removed, c->lines_removed);
	}
	for (size_t i = 0; i < g->groups_n; i++)
		g->lines += g->groups[i].files >= GROUP_MIN ? 1 : g->groups[i].files;
}

void grouping_release(struct grouping *g)
{
	memory_free(g->groups);
	memory_free(g->of);
	map_release(&g->map);
	arena_release(&g->keys);
}
