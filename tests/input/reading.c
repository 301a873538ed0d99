#include "input/reading.h"

#include <criterion/criterion.h>
#include <git2.h>

#include "support/run.h"

struct oid blob_id(struct str content)
{
	struct oid oid;
	git_oid id;

	git_libgit2_init();
	cr_assert_eq(git_odb_hash(&id, content.len ? content.ptr : "", content.len,
				  GIT_OBJECT_BLOB), 0);
	memcpy(oid.bytes, id.id, OID_SIZE);
	git_libgit2_shutdown();
	return oid;
}

struct reading reading_with(const char *path, struct artifact_options o)
{
	struct reading g = { .err = ERROR_INIT, .store = content_store_new() };

	o.path = path;
	o.store = g.store;
	o.jobs = o.jobs ? o.jobs : 2;
	result_init(&g.r);
	g.status = artifact_read(&o, &g.r, &g.facts, &g.err);
	return g;
}

struct reading reading_of(const char *path)
{
	return reading_with(path, (struct artifact_options){ .jobs = 2 });
}

struct reading reading_bytes(const char *name, struct str bytes)
{
	file_write(name, bytes.len ? bytes.ptr : "", bytes.len);
	return reading_of(name);
}

void reading_release(struct reading *g)
{
	result_release(&g->r);
	content_store_free(g->store);
}

void reading_is_fine(const struct reading *g, size_t entries)
{
	cr_assert_eq(g->status, 0, "%s", g->err.message);
	for (size_t i = 0; g->r.artifact_tree.n != entries && i < g->r.artifact_tree.n; i++)
		fprintf(stderr, "%s\n", g->r.artifact_tree.v[i].path);
	cr_assert_eq(g->r.artifact_tree.n, entries);
}

void reading_failed(const struct reading *g, enum error_code code, const char *message,
		    const char *hint)
{
	cr_assert_eq(g->status, -1, "was read, should say %s", message);
	cr_assert_eq(g->err.code, code, "%d: %s", (int)g->err.code, g->err.message);
	cr_assert(strstr(g->err.message, message), "%s: %s", message, g->err.message);
	cr_assert(strstr(g->err.hint, hint), "%s: %s", g->err.message, g->err.hint);
}

const struct entry *reading_entry(const struct reading *g, const char *path)
{
	const struct entry *e = tree_find(&g->r.artifact_tree, str_from(path));

	cr_assert_not_null(e, "%s", path);
	return e;
}

void reading_holds(const struct reading *g, const char *path, struct str content)
{
	const struct entry *e = reading_entry(g, path);
	const struct oid want = blob_id(content);

	cr_assert_eq(e->type, ENTRY_FILE, "%s", path);
	cr_assert_eq(e->flags & (ENTRY_HAS_OID | ENTRY_HAS_SIZE), ENTRY_HAS_OID | ENTRY_HAS_SIZE,
		     "%s", path);
	cr_assert_eq(e->size, content.len, "%s", path);
	cr_assert(oid_eq(&e->oid, &want), "%s", path);
}

const struct finding *reading_finding(const struct reading *g, enum rule_id rule, size_t n)
{
	for (size_t i = 0; i < g->r.findings_n; i++)
		if (g->r.findings[i].rule == rule && n-- == 0)
			return &g->r.findings[i];
	return NULL;
}

size_t reading_count(const struct reading *g, enum rule_id rule, const char *path)
{
	size_t n = 0;

	for (size_t i = 0; i < g->r.findings_n; i++)
		n += g->r.findings[i].rule == rule &&
		     (!path || str_eq(g->r.findings[i].path, str_from(path)));
	return n;
}
