/* Contents, and what there is to say of them, for the inspector and for builds. */
#include "audit/audit_work.h"

#include "base/limits.h"
#include "rebuild/judge.h"

int audit_read_content(void *ctx, const struct entry *e, struct buf *to)
{
	struct audit *a = ctx;
	struct error ignored = ERROR_INIT;

	if (e->content != CONTENT_NONE)
		return content_read(a->store, e->content, LIMIT_BLOB, to, &ignored) == 0;
	/* What the tag holds was not kept. */
	return origin_blob(&a->origin, e, to);
}

int audit_read_origin(void *ctx, const struct entry *e, struct buf *to)
{
	struct audit *a = ctx;

	return origin_blob(&a->origin, e, to);
}

int audit_read_release(void *ctx, const struct entry *e, struct buf *to)
{
	struct audit *a = ctx;
	const struct entry *o;

	if (audit_read_content(ctx, e, to))
		return 1;
	/* Kept elsewhere: the tag's file of the same content at another path. */
	for (size_t i = 0; i < a->r->changes_n; i++)
		if (a->r->changes[i].artifact == e && (o = a->r->changes[i].origin) && (e->flags & ENTRY_HAS_OID) &&
		    oid_eq(&o->oid, &e->oid))
			return origin_blob(&a->origin, o, to);
	return 0;
}

/* What there is to say of a file of a source that is built: of the artifact, or of the tag. */
unsigned int audit_about_source(void *ctx, struct str path, bool of_release)
{
	const struct audit *a = ctx;
	const struct entry *const e = tree_find(of_release ? &a->r->artifact_tree : &a->r->origin_tree, path);
	const struct entry *const o = tree_find(&a->r->origin_tree, path);
	const struct entry *const known = tree_find(&a->r->artifact_tree, path);
	unsigned int about = SOURCE_THERE;

	if (!e)
		return 0;
	if (o && (e == o || ((e->flags & ENTRY_HAS_OID) && (o->flags & ENTRY_HAS_OID) && oid_eq(&e->oid, &o->oid))))
		about |= SOURCE_IN_TAG;
	if (!a->inspector)
		return about;
	switch (inspector_use(a->inspector, path, known)) {
	case USE_PROGRAM: break;
	case USE_DATA: about |= SOURCE_DATA; break;
	case USE_BINARY: about |= SOURCE_DATA | SOURCE_BINARY; break;
	}
	if (known && inspector_is_opaque(a->inspector, known))
		about |= SOURCE_OPAQUE;
	return about | (inspector_in_tests(path) ? SOURCE_TEST : 0u);
}

/* Looks through what the artifact's build files and scripts say. */
bool audit_source_names(void *ctx, struct str word)
{
	struct audit *a = ctx;
	struct buf text = BUF_INIT;
	bool found = false;

	for (size_t i = 0; i < a->r->artifact_tree.n && !found; i++) {
		const struct entry *const e = &a->r->artifact_tree.v[i];

		if (e->type != ENTRY_FILE || e->size > LIMIT_NAMING || !a->inspector ||
		    inspector_use(a->inspector, entry_path(e), e) != USE_PROGRAM)
			continue;
		buf_reset(&text);
		found = audit_read_release(a, e, &text) == 1 && str_find_str(buf_str(&text), word) != (size_t)-1;
	}
	buf_release(&text);
	return found;
}
