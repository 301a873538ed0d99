/* The tag beside the earlier tags of its scheme: how they were made, and with which keys. */
#include "input/gitcheck_parts.h"

#include "base/cleanup.h"
#include "base/limits.h"

/* Fewer tags than this show no habit. */
enum { HABIT = 4 };

static bool annotated(const struct tag_view *t)
{
	return !oid_eq(&t->target, &t->commit);
}

static struct str names_of(struct gitcheck *c)
{
	const struct tag_order *o = &c->order;

	return arena_strf(c->arena, "%zu earlier tags, from %.*s to %.*s", o->n,
			  STR_FMT(o->earlier[o->n - 1]->name), STR_FMT(o->earlier[0]->name));
}

/* Whether all earlier tags are signed. */
static int all_signed(struct gitcheck *c, bool *all, struct error *err)
{
	*all = true;
	for (size_t i = 0; *all && i < c->order.n; i++) {
		AUTO_ARENA struct arena scratch = ARENA_INIT;
		struct tag_object t;

		if (i == LIMIT_TAGS)
			break;
		if (tag_object_read(c->repo, &scratch, &c->order.earlier[i]->target, &t, err) < 0)
			return -1;
		*all = t.signature != SIGNATURE_NONE;
	}
	return 0;
}

/* Tools of package registries make lightweight tags now and then, among people who sign nothing. */
static int turned_lightweight(struct gitcheck *c, struct error *err)
{
	struct finding *f;
	bool all_are_signed;

	for (size_t i = 0; i < c->order.n; i++)
		if (!annotated(c->order.earlier[i]))
			return 0;
	if (all_signed(c, &all_are_signed, err) < 0)
		return -1;
	f = result_find(&c->found, RULE_TP015, c->tag->name,
			"the tag is lightweight, all earlier ones are annotated%s",
			all_are_signed ? " and signed" : "");
	f->severity = all_are_signed ? SEVERITY_HIGH : SEVERITY_MEDIUM;
	finding_evidence(&c->found, f, names_of(c));
	return 0;
}

int gitcheck_kind(struct gitcheck *c, struct error *err)
{
	bool all = true;

	if (!c->tag || c->order.n < HABIT)
		return 0;
	if (!annotated(c->tag))
		return turned_lightweight(c, err);
	if (c->object.signature != SIGNATURE_NONE)
		return 0;
	if (all_signed(c, &all, err) < 0)
		return -1;
	if (all)
		finding_evidence(&c->found, result_find(&c->found, RULE_TP016, c->tag->name,
				 "the tag is not signed, all earlier ones are"), names_of(c));
	return 0;
}

/* What earlier tags say of a key and of who used it. */
struct key_use {
	size_t keyed;		/* earlier tags whose key is known */
	const struct tag_view *nearest;	/* of them */
	struct str nearest_key;
	bool used, by_tagger;	/* the tagger signed one of them, with another key */
};

static int look_for_key(struct gitcheck *c, struct key_use *use, struct error *err)
{
	*use = (struct key_use){ .keyed = 0 };
	for (size_t i = 0; !use->used && i < c->order.n && i < LIMIT_TAGS; i++) {
		AUTO_ARENA struct arena scratch = ARENA_INIT;
		struct tag_object t;

		if (!annotated(c->order.earlier[i]))
			continue;
		if (tag_object_read(c->repo, &scratch, &c->order.earlier[i]->target, &t, err) < 0)
			return -1;
		if (!t.key.len)
			continue;
		if (use->keyed++ == 0) {
			use->nearest = c->order.earlier[i];
			use->nearest_key = arena_str(c->arena, t.key);
		}
		use->used = str_eq(t.key, c->object.key);
		use->by_tagger = use->by_tagger || (t.has_tagger && c->object.has_tagger &&
			history_same_person(&t.tagger, &c->object.tagger));
	}
	return 0;
}

int gitcheck_key(struct gitcheck *c, struct error *err)
{
	struct key_use use;
	struct finding *f;

	if (!c->tag || !c->object.key.len)
		return 0;
	if (look_for_key(c, &use, err) < 0)
		return -1;
	if (use.used || !use.keyed)
		return 0;
	f = result_find(&c->found, RULE_TP020, c->tag->name,
			"no earlier tag is signed with this tag's key; %.*s %s",
			STR_FMT(str_first(c->object.tagger.name, HISTORY_SUBJECT_MAX)),
			use.by_tagger ? "signed earlier tags with another one" : "signed none of them");
	finding_evidence(&c->found, f, arena_strf(c->arena, "this tag: %.*s%s%.*s",
			 STR_FMT(c->object.key), c->object.fingerprint.len ? ", fingerprint " : "",
			 STR_FMT(c->object.fingerprint)));
	finding_evidence(&c->found, f, arena_strf(c->arena, "%.*s: %.*s", STR_FMT(use.nearest->name),
						  STR_FMT(use.nearest_key)));
	return 0;
}

/* --- dates --- */

enum { DAY = 24 * 3600, TAG_OLDER = DAY, TAG_LATER = 365 * DAY };

int gitcheck_dates(struct gitcheck *c, struct error *err)
{
	const int64_t commit = c->g->commit.facts.committer_time;
	const struct commit_facts *f = &c->g->commit.facts;

	if (c->tag && c->object.has_tagger) {
		const int64_t later = c->object.tagger.time - commit;

		if (later < -TAG_OLDER || later > TAG_LATER)
			result_find(&c->found, RULE_TP023, c->tag->name,
				    "the tag is dated %lld days %s its commit",
				    (long long)((later < 0 ? -later : later) / DAY),
				    later < 0 ? "before" : "after");
	}
	for (size_t i = 0; i < f->parents_n && i < COMMIT_PARENTS_MAX; i++) {
		AUTO_ARENA struct arena scratch = ARENA_INIT;
		struct commit_links parent;
		struct oid oid;
		int got = 0;

		if (hex_decode(f->parents[i], oid.bytes, OID_SIZE))
			got = commit_links_read(c->repo, &scratch, &oid, &parent, err);
		if (got < 0)
			return -1;
		if (got > 0 && parent.time - commit > DAY)
			result_find(&c->found, RULE_TP023, c->tag ? c->tag->name : STR(""),
				    "the tagged commit is dated %lld days before its parent",
				    (long long)((parent.time - commit) / DAY));
	}
	return 0;
}
