#include "model/result.h"

#include <stdlib.h>

#include "base/cleanup.h"

static const char *const relation_names[RELATION_COUNT] = {
	[RELATION_IDENTICAL] = "identical",
	[RELATION_TRANSFORMED] = "transformed",
	[RELATION_MODE_CHANGED] = "mode_changed",
	[RELATION_MOVED] = "moved",
	[RELATION_SUBMODULE] = "submodule",
	[RELATION_TYPE_CHANGED] = "type_changed",
	[RELATION_MODIFIED] = "modified",
	[RELATION_ADDED] = "added",
	[RELATION_MISSING] = "missing",
	[RELATION_MISSING_BY_ATTRIBUTE] = "missing_by_attribute",
};

const char *relation_name(enum relation r)
{
	return relation_names[r];
}

const char *strength_name(enum strength s)
{
	static const char *const names[STRENGTH_COUNT] = { "unexplained", "plausible", "proven" };

	return names[s];
}

const char *signature_name(enum signature_kind k)
{
	static const char *const names[] = { "none", "pgp", "ssh", "x509" };

	return names[k];
}

const char *verdict_name(enum verdict v)
{
	static const char *const names[] = { "clean", "review", "suspect", "incomplete" };

	return names[v];
}

void result_init(struct result *r)
{
	*r = (struct result){ .arena = ARENA_INIT };
}

void result_release(struct result *r)
{
	tree_release(&r->artifact_tree);
	tree_release(&r->origin_tree);
	memory_free(r->changes);
	memory_free(r->findings);
	memory_free(r->not_checked);
	memory_free(r->artifact.parts);
	if (r->rebuild) {
		memory_free(r->rebuild->builds);
		memory_free(r->rebuild->comparisons);
	}
	arena_release(&r->arena);
	*r = (struct result){ .arena = ARENA_INIT };
}

static struct str vformat(struct arena *a, const char *fmt, va_list ap)
{
	AUTO_BUF struct buf b = BUF_INIT;

	buf_vaddf(&b, fmt, ap);
	return arena_str(a, buf_str(&b));
}

struct finding *result_find(struct result *r, enum rule_id rule, struct str path,
			    const char *fmt, ...)
{
	struct finding *f;
	va_list ap;

	r->findings = memory_grow(r->findings, r->findings_n, &r->findings_cap, sizeof(*f));
	f = &r->findings[r->findings_n++];
	*f = (struct finding){
		.rule = rule, .severity = rules[rule].severity,
		.path = arena_str(&r->arena, path), .offset = -1, .length = -1,
	};
	va_start(ap, fmt);
	f->message = vformat(&r->arena, fmt, ap);
	va_end(ap);
	return f;
}

/* Lines are few: the array is copied on each append, so that no capacity is needed. */
static struct str *append_line(struct arena *a, struct str *v, size_t *n, struct str line)
{
	struct str *more = arena_alloc(a, (*n + 1) * sizeof(*more));

	if (*n)
		memcpy(more, v, *n * sizeof(*more));
	more[(*n)++] = arena_str(a, line);
	return more;
}

void finding_evidence(struct result *r, struct finding *f, struct str line)
{
	f->evidence = append_line(&r->arena, f->evidence, &f->evidence_n, line);
}

void result_not_checked(struct result *r, bool incomplete, struct str what, const char *fmt, ...)
{
	struct not_checked *n;
	va_list ap;

	r->not_checked = memory_grow(r->not_checked, r->not_checked_n, &r->not_checked_cap,
				     sizeof(*n));
	n = &r->not_checked[r->not_checked_n++];
	n->incomplete = incomplete;
	n->what = arena_str(&r->arena, what);
	va_start(ap, fmt);
	n->why = vformat(&r->arena, fmt, ap);
	va_end(ap);
}

struct part *result_part(struct result *r, struct str name, const char *role)
{
	struct artifact_info *a = &r->artifact;

	a->parts = memory_grow(a->parts, a->parts_n, &a->parts_cap, sizeof(*a->parts));
	a->parts[a->parts_n] = (struct part){ .name = arena_str(&r->arena, name), .role = role };
	return &a->parts[a->parts_n++];
}

struct change *result_change(struct result *r)
{
	r->changes = memory_grow(r->changes, r->changes_n, &r->changes_cap, sizeof(*r->changes));
	r->changes[r->changes_n] = (struct change){ .lines_added = -1, .lines_removed = -1 };
	return &r->changes[r->changes_n++];
}

struct explanation *result_explanation(struct result *r, const char *by, enum strength strength,
				       struct str detail)
{
	struct explanation *e = arena_alloc(&r->arena, sizeof(*e));

	e->by = by;
	e->strength = strength;
	e->detail = arena_str(&r->arena, detail);
	return e;
}

void explanation_evidence(struct result *r, struct explanation *e, struct str line)
{
	e->evidence = append_line(&r->arena, e->evidence, &e->evidence_n, line);
}

static int worst_first(const void *x, const void *y)
{
	const struct finding *a = x, *b = y;
	int c;

	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	c = str_cmp(a->path, b->path);
	if (c != 0)
		return c;
	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	if (a->offset != b->offset)
		return a->offset < b->offset ? -1 : 1;
	return str_cmp(a->message, b->message);
}

static void fingerprint(struct finding *f)
{
	struct digest_state s;
	struct sha256 digest;

	digest_init(&s);
	digest_update(&s, rules[f->rule].id, strlen(rules[f->rule].id) + 1);
	digest_update(&s, f->path.ptr, f->path.len);
	digest_update(&s, "", 1);
	for (size_t i = 0; i < f->evidence_n; i++) {
		digest_update(&s, f->evidence[i].ptr, f->evidence[i].len);
		digest_update(&s, "", 1);
	}
	digest_final(&s, &digest);
	hex_encode(digest.bytes, 16, f->fingerprint);
}

void result_finish_findings(struct result *r)
{
	for (size_t i = 0; i < r->findings_n; i++)
		fingerprint(&r->findings[i]);
	if (r->findings_n)
		qsort(r->findings, r->findings_n, sizeof(*r->findings), worst_first);
}

static void count_change(struct totals *t, const struct change *c)
{
	const struct entry *e = c->artifact ? c->artifact : c->origin;
	enum strength strength = c->explanation ? c->explanation->strength : STRENGTH_NONE;

	if (e->type == ENTRY_LINK) {
		t->link_relation[c->relation]++;
		t->links += c->artifact != NULL;
		/* What is missing is counted in paths of the tag, links included. */
		t->relation[c->relation].files += !c->artifact;
		return;
	}
	if (e->type != ENTRY_FILE)
		return;
	t->relation[c->relation].files++;
	t->relation[c->relation].bytes += e->size;
	if (!c->artifact)
		return;
	t->artifact.files++;
	t->artifact.bytes += e->size;
	if (c->relation == RELATION_IDENTICAL)
		strength = STRENGTH_PROVEN;
	t->explained[strength].files++;
	t->explained[strength].bytes += e->size;
}

void result_count(struct result *r)
{
	r->totals = (struct totals){ .links = 0 };
	for (size_t i = 0; i < r->changes_n; i++)
		count_change(&r->totals, &r->changes[i]);
}
