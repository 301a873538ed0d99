#include "inspect/inspect.h"

#include <pthread.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "inspect/bytecode.h"
#include "inspect/chain.h"
#include "inspect/copied.h"
#include "inspect/difference.h"
#include "inspect/named.h"
#include "inspect/package.h"
#include "inspect/rule_check.h"
#include "inspect/statement.h"
#include "inspect/subject.h"
#include "inspect/weigh.h"

/* Texts of no known language that are read because a build runs them. */
#define TEXT_READ (1 * MIB)

struct inspector {
	const struct known_store *known;
	pthread_mutex_t lock;
	struct facts **facts;	/* in no particular order: entries hold the numbers, from NATURES on */
	size_t n, cap;
};

/* With an arena for each content: most need none, and no thread waits for another. */
static struct facts *facts_new(void)
{
	struct facts *const f = memory_zalloc(sizeof(*f));

	f->notes.arena = memory_zalloc(sizeof(*f->notes.arena));
	return f;
}

static void facts_drop(struct facts *f)
{
	struct arena *const arena = f->notes.arena;

	facts_release(f);
	memory_free(f);
	arena_release(arena);
	memory_free(arena);
}

static uint32_t facts_keep(struct inspector *i, struct facts *f)
{
	i->facts = memory_grow(i->facts, i->n, &i->cap, sizeof(struct facts *));
	i->facts[i->n++] = f;
	return (uint32_t)i->n - 1 + NATURES;
}

struct inspector *inspector_new(const struct known_store *known)
{
	struct inspector *i = memory_zalloc(sizeof(*i));

	i->known = known;
	pthread_mutex_init(&i->lock, NULL);
	return i;
}

void inspector_free(struct inspector *i)
{
	if (!i)
		return;
	for (size_t k = 0; k < i->n; k++)
		facts_drop(i->facts[k]);
	memory_free(i->facts);
	pthread_mutex_destroy(&i->lock);
	memory_free(i);
}

/* The number below NATURES tells the nature of a content with nothing more to say. */
static const struct facts *facts_numbered(const struct inspector *i, uint32_t number)
{
	return number >= NATURES && number - NATURES < i->n ? i->facts[number - NATURES] : NULL;
}

uint32_t inspector_look(void *ctx, struct str path, const struct oid *oid, struct str content, bool *keep)
{
	struct inspector *const i = ctx;
	struct facts *f;
	uint32_t number;
	bool any;

	if (i->known && known_content(i->known, oid, NULL))
		return NATURE_UNKNOWN;
	f = facts_new();
	any = facts_of(f->notes.arena, path, content, f);
	*keep = f->kept;
	if (!any) {
		number = f->nature;
		facts_drop(f);
		return number;
	}
	pthread_mutex_lock(&i->lock);
	number = facts_keep(i, f);
	pthread_mutex_unlock(&i->lock);
	return number;
}

bool inspector_is_opaque(const struct inspector *i, const struct entry *e)
{
	const struct facts *const f = facts_numbered(i, e->facts);

	return f && f->kept && !f->text;
}

enum use inspector_use(const struct inspector *i, struct str path, const struct entry *e)
{
	const struct facts *const f = e ? facts_numbered(i, e->facts) : NULL;
	const enum nature nature = f ? f->nature : e && e->facts < NATURES ? (enum nature)e->facts : NATURE_UNKNOWN;

	if (nature == NATURE_BINARY)
		return USE_BINARY;
	if (nature == NATURE_PROGRAM || role_of(path, STR(""), true).language != LANGUAGE_NONE)
		return USE_PROGRAM;
	return USE_DATA;
}

bool inspector_in_tests(struct str path)
{
	return role_in_tests(path);
}

/* --- from facts to findings --- */

struct conclusion {
	struct inspector *inspector;
	struct result *r;
	const struct inspect_sources *s;
	struct subject *v;
	size_t n, cap;
	struct subjects all;	/* the same, indexed */
};

/* Made from a template of the same name that is there too. */
static bool has_template(const struct conclusion *c, struct str path)
{
	AUTO_BUF struct buf template = BUF_INIT;

	buf_add_str(&template, path);
	buf_add_cstr(&template, ".in");
	return subject_at(&c->all, buf_str(&template)) != NULL;
}

static void look_at_names(struct conclusion *c, const struct subject *s)
{
	struct finding *f;

	if (!s->kind.implicit || !s->compared ||
	    (s->relation != RELATION_ADDED &&
	     (s->relation != RELATION_MODIFIED || (s->facts && s->facts->text) || !s->facts)))
		return;
	f = result_find(c->r, RULE_TP215, entry_path(s->entry), "is %s, and %s",
			s->relation == RELATION_ADDED ? "only in the release" : "another file than the tag's",
			s->kind.implicit);
	if (s->published || has_template(c, entry_path(s->entry)))
		f->severity = SEVERITY_LOW;
	else if (s->kind.role == ROLE_DOCUMENT)
		f->severity = SEVERITY_MEDIUM;
	else if (s->kind.role == ROLE_BUILD && s->kind.language != LANGUAGE_SHELL)
		f->severity = SEVERITY_CRITICAL;
}

static void look_at_difference(struct conclusion *c, const struct subject *s)
{
	AUTO_BUF struct buf release = BUF_INIT, tag = BUF_INIT;
	bool versions, settled, package, comments;
	struct finding *f;
	int64_t line = 0;

	if (s->kind.role != ROLE_BUILD || s->relation != RELATION_MODIFIED || !s->compared ||
	    (s->change && s->change->explanation &&
	     s->change->explanation->strength == STRENGTH_PROVEN))
		return;
	if (!c->s->read || !c->s->read_origin || !s->change->origin ||
	    c->s->read(c->s->ctx, s->entry, &release) != 1 ||
	    c->s->read_origin(c->s->ctx, s->change->origin, &tag) != 1) {
		f = result_find(c->r, RULE_TP214, entry_path(s->entry), "is another build file than the tag's; "
				"how it differs could not be seen without the tag's own");
		f->severity = SEVERITY_LOW;
		return;
	}
	package = str_eq(str_base(entry_path(s->entry)), STR("package.json"));
	/* Within m4's quotes, in C and in strings a # begins no comment. */
	comments = s->kind.language == LANGUAGE_MAKE || s->kind.language == LANGUAGE_TOML;
	versions = !package && difference_is_stamp(buf_str(&release), buf_str(&tag), comments);
	settled = package && package_adds_nothing(buf_str(&release), buf_str(&tag));
	f = result_find(c->r, RULE_TP214, entry_path(s->entry), "is another build file than the tag's%s",
			settled ? ", without any script, dependency or program that the tag's lacks" :
			versions ? ": a version, a comment or what setuptools adds alone differs" :
			s->published ? ", but one that a tool's project published" : "");
	if (s->published || versions || settled)
		f->severity = SEVERITY_LOW;
	finding_evidence(c->r, f, difference_first(buf_str(&release), buf_str(&tag), &line));
	f->line = line;
}

/* --- all together --- */

static const struct change *change_of(const struct result *r, struct str path)
{
	size_t low = 0, high = r->changes_n;

	while (low < high) {
		const size_t middle = (low + high) / 2;
		const struct change *const c = &r->changes[middle];
		const int order = str_cmp(path, entry_path(c->artifact ? c->artifact : c->origin));

		if (order == 0)
			return c;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* What was too large to be looked at on its way. */
static uint32_t look_now(struct conclusion *c, const struct entry *e)
{
	AUTO_BUF struct buf content = BUF_INIT;
	bool keep;

	if (e->size > LIMIT_BLOB || !c->s->read || c->s->read(c->s->ctx, e, &content) != 1) {
		result_not_checked(c->r, false, entry_path(e), "its content is too large to be inspected");
		return FACTS_NONE;
	}
	return inspector_look(c->inspector, entry_path(e), &e->oid, buf_str(&content), &keep);
}

static void add_subject(struct conclusion *c, struct entry *e)
{
	const struct change *const change = c->r->has_origin ? change_of(c->r, entry_path(e)) : NULL;
	struct subject *s;

	if (e->facts == FACTS_LATER)
		e->facts = look_now(c, e);
	c->v = memory_grow(c->v, c->n, &c->cap, sizeof(*c->v));
	s = &c->v[c->n++];
	*s = (struct subject){ .entry = e, .change = change, .compared = change != NULL,
			       .relation = change ? change->relation : RELATION_ADDED };
	s->facts = facts_numbered(c->inspector, e->facts);
	s->nature = s->facts ? s->facts->nature : e->facts < NATURES ? (enum nature)e->facts : NATURE_UNKNOWN;
	s->kind = role_of(entry_path(e), STR(""), !s->facts || s->facts->text);
	if (s->facts && s->facts->text && s->kind.language != s->facts->language) {
		/* Known by its content alone. */
		s->kind.language = s->facts->language;
		if (s->kind.role == ROLE_DATA || s->kind.role == ROLE_DOCUMENT)
			s->kind.role = s->facts->language == LANGUAGE_M4 ? ROLE_BUILD :
				       role_in_tests(entry_path(e)) ? ROLE_TEST : ROLE_SCRIPT;
	}
	if (c->inspector->known && (e->flags & ENTRY_HAS_OID))
		s->published = known_content(c->inspector->known, &e->oid, NULL);
}

static void look_at_copy(struct conclusion *c, const struct subject *s)
{
	struct arena arena = ARENA_INIT;
	struct notes notes = { .arena = &arena };
	AUTO_BUF struct buf content = BUF_INIT;
	const struct str path = entry_path(s->entry);
	struct known_name name;

	if (!c->inspector->known || s->published || !(s->entry->flags & ENTRY_HAS_OID) ||
	    !known_name(c->inspector->known, str_base(path), &name) ||
	    s->entry->size > LIMIT_BLOB || !c->s->read ||
	    c->s->read(c->s->ctx, s->entry, &content) != 1)
		return;
	copied_examine(c->inspector->known, path, buf_str(&content), &s->entry->oid,
		       !s->compared ? COPIED_NO_TAG :
		       subject_in_origin(s) || s->relation == RELATION_MOVED ? COPIED_IN_TAG : COPIED_NOT_IN_TAG,
		       &notes);
	for (size_t i = 0; i < notes.n; i++)
		weigh_note(c->r, s, &notes.v[i]);
	notes_release(&notes);
	arena_release(&arena);
}

/* A text of no known language is what it is read as. */
static void read_as(struct conclusion *c, struct subject *s, enum language language)
{
	AUTO_BUF struct buf content = BUF_INIT;
	struct facts *f;

	if (!c->s->read || s->entry->size > TEXT_READ || c->s->read(c->s->ctx, s->entry, &content) != 1) {
		result_not_checked(c->r, true, entry_path(s->entry), "the build runs it, and its content, which shows no "
				   "language, was not kept");
		s->nature = NATURE_UNKNOWN;
		return;
	}
	s->kind.language = language;
	s->kind.role = ROLE_BUILD;
	s->run = true;
	f = facts_new();
	if (!facts_as(f->notes.arena, entry_path(s->entry), buf_str(&content), language, f)) {
		facts_drop(f);
		return;
	}
	facts_keep(c->inspector, f);
	s->facts = f;
}

static bool is_unread(const struct subject *s)
{
	return s->kind.language == LANGUAGE_NONE && (s->nature == NATURE_TEXT || s->nature == NATURE_WORDS);
}

/* The same script under several paths, and what a build file names, is part of the build. */
static void spread_role(struct conclusion *c, const struct subject *by, unsigned int depth)
{
	enum { DEPTH_MAX = 16 };
	const struct facts *const f = by->facts;

	if (!f || !f->has_script || by->kind.role != ROLE_BUILD || depth > DEPTH_MAX)
		return;
	for (size_t k = 0; k < f->script.names_n; k++) {
		const struct script_name *const name = &f->script.names[k];
		struct subject *s;
		size_t at = 0;

		if (!(name->caps & CAP_EXECUTE))
			continue;
		while ((s = subject_next_named(&c->all, name->name, &at))) {
			subject_mark_run(s);
			if (name->language == LANGUAGE_NONE || !is_unread(s) ||
			    ((name->caps & CAP_DIRECT) && !entry_executable(s->entry)))
				continue;
			read_as(c, s, name->language);
			/* Those before it were looked at already. */
			spread_role(c, s, depth + 1);
		}
	}
}

static void spread_roles(struct conclusion *c)
{
	for (size_t i = 0; i < c->n; i++)
		spread_role(c, &c->v[i], 0);
}

int inspector_conclude(struct inspector *i, struct result *r, const struct inspect_sources *s,
		       struct error *err)
{
	struct conclusion c = { .inspector = i, .r = r, .s = s };
	struct rule_check rules_of = { .r = r, .all = &c.all, .s = s };
	int status = 0;

	/* The tree is sorted, and so the subjects are. */
	for (size_t k = 0; k < r->artifact_tree.n; k++)
		if (r->artifact_tree.v[k].type == ENTRY_FILE)
			add_subject(&c, &r->artifact_tree.v[k]);
	subjects_index(&c.all, c.v, c.n);
	spread_roles(&c);
	for (size_t k = 0; k < c.n && status == 0; k++) {
		struct subject *const subject = &c.v[k];

		if (subject->facts) {
			weigh_notes(r, &c.all, subject);
			if (subject->facts->script.incomplete)
				result_not_checked(r, true, entry_path(subject->entry), "it leads to more commands than "
						   "are followed: what the rest does is not known");
		}
		look_at_names(&c, subject);
		statement_check(r, subject, s);
		bytecode_check(r, &c.all, subject);
		rule_check(&rules_of, subject);
		look_at_copy(&c, subject);
		look_at_difference(&c, subject);
		if (k % 256 == 0 && s->tick)
			status = s->tick(s->ctx, err);
	}
	if (status == 0)
		status = chains_find(r, &c.all, s, err);
	if (status == 0)
		named_find(r, &c.all);
	subjects_release(&c.all);
	memory_free(c.v);
	rule_check_release(&rules_of);
	return status;
}
