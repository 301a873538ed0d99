#include "input/submodules.h"

#include <sys/stat.h>

#include "base/cleanup.h"

/* The URL that the tag's own .gitmodules gives a path; empty when it gives none. */
static struct str url_of(struct str gitmodules, struct str path)
{
	struct str line, at_path = STR(""), url = STR("");

	while (str_next_line(&gitmodules, &line)) {
		const size_t equals = str_find(line, '=');
		const struct str key = str_trim(str_first(line, equals));
		const struct str value = str_trim(str_from_at(line, equals + 1));

		if (str_starts(key, STR("["))) {
			if (str_eq(at_path, path) && url.len)
				return url;
			at_path = url = STR("");
		} else if (equals != (size_t)-1 && str_eq(key, STR("path"))) {
			at_path = value;
		} else if (equals != (size_t)-1 && str_eq(key, STR("url"))) {
			url = value;
		}
	}
	return str_eq(at_path, path) ? url : STR("");
}

static struct str last_component(struct str s)
{
	size_t slash;

	while (s.len && s.ptr[s.len - 1] == '/')
		s.len--;
	slash = str_rfind(s, '/');
	if (slash == (size_t)-1)
		slash = str_rfind(s, ':');
	if (slash != (size_t)-1)
		s = str_from_at(s, slash + 1);
	if (str_ends(s, STR(".git")) && s.len > 4)
		s.len -= 4;
	return s;
}

/* A folder of --submodules DIR, by the last component of the path or of the URL. */
static bool in_folder(struct origin *g, struct str name, struct str *out)
{
	static const char *const endings[] = { "", ".git" };
	struct stat st;

	if (name.len == 0 || str_eq(name, STR("..")) || str_eq(name, STR(".")))
		return false;
	for (size_t i = 0; i < 2; i++) {
		*out = arena_strf(&g->result->arena, "%s/%.*s%s", g->o->submodules_dir,
				  STR_FMT(name), endings[i]);
		if (stat(out->ptr, &st) == 0)
			return true;
	}
	return false;
}

static bool find_repository(struct origin *g, const struct origin_part *p, struct str path,
			    struct str *out)
{
	const struct str file = arena_strf(&g->result->arena, "%.*s.gitmodules",
					   STR_FMT(p->prefix));
	AUTO_BUF struct buf text = BUF_INIT;
	struct error ignored = ERROR_INIT;
	enum object_type type;

	for (size_t i = 0; i < g->o->submodules_n; i++)
		if (str_eq(str_from(g->o->submodules[i].path), path)) {
			*out = str_from(g->o->submodules[i].repository);
			return true;
		}
	if (!g->o->submodules_dir)
		return false;
	for (size_t i = 0; i < g->result->origin_tree.n; i++) {
		const struct entry *e = &g->result->origin_tree.v[i];

		if (str_eq(entry_path(e), file) && e->type == ENTRY_FILE)
			repo_object(p->repo, &e->oid, LIMIT_ATTRIBUTES_FILE, &type, &text, &ignored);
	}
	return in_folder(g, last_component(path), out) ||
	       in_folder(g, last_component(url_of(buf_str(&text),
						  str_from_at(path, p->prefix.len))), out);
}

static int load_one(struct origin *g, size_t index, struct error *err)
{
	struct result *r = g->result;
	const struct str path = entry_path(&r->origin_tree.v[index]);
	const struct oid oid = r->origin_tree.v[index].oid;
	const struct str prefix = arena_strf(&r->arena, "%.*s/", STR_FMT(path));
	const size_t depth = g->parts_n;
	struct commit commit;
	struct str where;
	struct repo *repo;

	if (!find_repository(g, origin_part_of(g, path), path, &where))
		return 0;
	if (depth > LIMIT_DEPTH)
		return error_set(err, ERROR_ORIGIN, "too many submodules");
	repo = repo_open(where.ptr, err);
	if (!repo)
		return error_prefix(err, "submodule %s", path.ptr);
	repo_set_tick(repo, g->o->tick);
	if (repo_commit(repo, &r->arena, &oid, &commit, err) < 0) {
		char hex[OID_HEX + 1];

		repo_free(repo);
		hex_encode(oid.bytes, OID_SIZE, hex);
		result_not_checked(r, true, path, "commit %s of the submodule is not in %.*s", hex,
				   STR_FMT(where));
		*err = ERROR_INIT;
		return 0;
	}
	/* The gitlink makes room for what it stands for. */
	r->origin_tree.v[index].flags |= ENTRY_SUBMODULE;
	return origin_add_part(g, repo, &commit, prefix, err);
}

int submodules_load(struct origin *g, struct error *err)
{
	struct tree *t = &g->result->origin_tree;
	size_t kept = 0;

	/* Parts are appended, so that submodules within submodules come up as well. */
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].type == ENTRY_GITLINK && load_one(g, i, err) < 0)
			return -1;
	/* Those that were replaced go; a nested one that was not keeps its mark and stays. */
	for (size_t i = 0; i < t->n; i++) {
		const struct entry *e = &t->v[i];
		bool replaced = false;

		for (size_t k = 1; e->type == ENTRY_GITLINK && k < g->parts_n; k++)
			replaced = replaced || (g->parts[k].prefix.len == e->path_len + 1u &&
						str_starts(g->parts[k].prefix, entry_path(e)));
		if (!replaced)
			t->v[kept++] = *e;
	}
	t->n = kept;
	return 0;
}
