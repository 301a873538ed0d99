#include "model/result.h"

#include <criterion/criterion.h>

static void with_result(void (*check)(struct result *r))
{
	struct result r;

	result_init(&r);
	check(&r);
	result_release(&r);
}

/* A change of two regular files of `size` bytes; NULL for the side that is not there. */
static void change(struct result *r, enum relation relation, bool artifact, bool origin,
		   uint64_t size, enum entry_type type)
{
	struct entry *e = arena_alloc(&r->arena, sizeof(*e));
	struct change *c = result_change(r);

	e->size = size;
	e->type = (uint8_t)type;
	c->relation = relation;
	c->artifact = artifact ? e : NULL;
	c->origin = origin ? e : NULL;
}

static void check_counts(struct result *r)
{
	change(r, RELATION_IDENTICAL, true, true, 10, ENTRY_FILE);
	change(r, RELATION_ADDED, true, false, 5, ENTRY_FILE);
	change(r, RELATION_MISSING, false, true, 7, ENTRY_FILE);
	change(r, RELATION_IDENTICAL, true, true, 3, ENTRY_LINK);
	change(r, RELATION_MISSING, false, true, 3, ENTRY_LINK);
	change(r, RELATION_ADDED, true, false, 0, ENTRY_SPECIAL);
	result_count(r);
	cr_assert_eq(r->totals.artifact.files, 2);
	cr_assert_eq(r->totals.artifact.bytes, 15);
	cr_assert_eq(r->totals.relation[RELATION_MISSING].files, 2, "a link is missing as well");
	cr_assert_eq(r->totals.relation[RELATION_MISSING].bytes, 7);
	cr_assert_eq(r->totals.explained[STRENGTH_PROVEN].files, 1);
	cr_assert_eq(r->totals.explained[STRENGTH_NONE].bytes, 5);
	cr_assert_eq(r->totals.links, 1);
	cr_assert_eq(r->totals.link_relation[RELATION_MISSING], 1);
	result_count(r);
	cr_assert_eq(r->totals.artifact.files, 2, "counting again starts from zero");
}

Test(result, every_file_is_counted_once_and_links_apart)
{
	with_result(check_counts);
}

static void check_order(struct result *r)
{
	result_find(r, RULE_TP107, STR(""), "info");
	result_find(r, RULE_TP101, STR("b"), "high b");
	result_find(r, RULE_TP101, STR("a"), "high a");
	result_find(r, RULE_TP102, STR("z"), "critical");
	result_finish_findings(r);
	cr_assert_eq(r->findings[0].rule, RULE_TP102);
	cr_assert(str_eq(r->findings[1].path, STR("a")));
	cr_assert(str_eq(r->findings[2].path, STR("b")));
	cr_assert_eq(r->findings[3].rule, RULE_TP107);
}

Test(result, worst_findings_come_first_then_paths)
{
	with_result(check_order);
}

/* The fingerprint of one finding with the given facts. */
static void fingerprint(char out[33], const char *path, const char *message, const char *evidence)
{
	struct result r;
	struct finding *f;

	result_init(&r);
	f = result_find(&r, RULE_TP101, str_from(path), "%s", message);
	finding_evidence(&r, f, str_from(evidence));
	result_finish_findings(&r);
	memcpy(out, r.findings[0].fingerprint, 33);
	result_release(&r);
}

Test(finding, fingerprint_depends_on_facts_not_on_wording)
{
	char a[33], b[33];

	fingerprint(a, "p", "one wording", "fact");
	cr_assert_eq(strlen(a), 32);
	fingerprint(b, "p", "another wording", "fact");
	cr_assert_str_eq(a, b);
	fingerprint(b, "p", "one wording", "other fact");
	cr_assert_str_neq(a, b);
	fingerprint(b, "q", "one wording", "fact");
	cr_assert_str_neq(a, b);
}

static void check_copies(struct result *r)
{
	char path[] = "pa\xff", line[] = "line";
	struct finding *f = result_find(r, RULE_TP101, str_from(path), "%s", path);

	finding_evidence(r, f, str_from(line));
	finding_evidence(r, f, STR(""));
	result_not_checked(r, true, str_from(path), "%s", line);
	memset(path, 'x', 3);
	memset(line, 'x', 4);
	cr_assert(str_eq(f->path, STR("pa\xff")));
	cr_assert(str_eq(f->message, STR("pa\xff")));
	cr_assert_eq(f->evidence_n, 2);
	cr_assert(str_eq(f->evidence[0], STR("line")));
	cr_assert(str_eq(r->not_checked[0].what, STR("pa\xff")));
	cr_assert(r->not_checked[0].incomplete);
}

Test(result, keeps_copies_of_what_it_is_told)
{
	with_result(check_copies);
}

static void check_defaults(struct result *r)
{
	const struct finding *f = result_find(r, RULE_TP102, STR("x"), "m");
	const struct change *c = result_change(r);

	cr_assert_eq(f->severity, SEVERITY_CRITICAL);
	cr_assert_eq(f->offset, -1);
	cr_assert_eq(f->length, -1);
	cr_assert_eq(f->line, 0);
	cr_assert_eq(c->lines_added, -1);
	cr_assert_null(c->explanation);
}

Test(result, new_findings_and_changes_say_unknown)
{
	with_result(check_defaults);
}

Test(result, every_enumerator_has_a_name)
{
	for (int i = 0; i < RELATION_COUNT; i++)
		cr_assert_not_null(relation_name((enum relation)i));
	for (int i = 0; i < STRENGTH_COUNT; i++)
		cr_assert_not_null(strength_name((enum strength)i));
	cr_assert_str_eq(verdict_name(VERDICT_INCOMPLETE), "incomplete");
	cr_assert_str_eq(signature_name(SIGNATURE_X509), "x509");
}

static void check_many(struct result *r)
{
	for (int i = 0; i < 20000; i++)
		result_find(r, RULE_TP101, STR("p"), "%d", i);
	result_finish_findings(r);
	cr_assert_eq(r->findings_n, 20000);
	cr_assert(str_eq(r->findings[0].message, STR("0")));
}

Test(result, holds_many_findings)
{
	with_result(check_many);
}
