/* The commits since the previous tag: what merges brought in by themselves, who is renamed, whose
 * commits lack the signature that his others have. */
#include "input/gitcheck_parts.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "base/map.h"
#include "input/history.h"
#include "input/treediff.h"

enum { MERGE_PARENTS = 8, SHOWN = 8, LINES_SHOWN = 5, LARGE = 8 * 1024 * 1024 };

/* --- merges --- */

struct merging {
	struct gitcheck *c;
	const struct commit_links *commit;
	struct oid trees[MERGE_PARENTS];	/* of its parents */
	size_t found, resolved;			/* resolved: perhaps conflicts, in files... */
	struct str example;
};

static int read_side(struct gitcheck *c, const struct tree_side *s, struct buf *to,
		     struct error *err)
{
	enum object_type type;
	uint64_t size;

	if (!tree_side_is_file(s) || !repo_header(c->repo, &s->oid, &type, &size) || size > LARGE)
		return 0;
	return repo_object(c->repo, &s->oid, LARGE, &type, to, err);
}

/* The lines of a file that none of its parents has. */
struct new_lines {
	size_t n;
	struct str shown[LINES_SHOWN];
};

static void find_new_lines(const struct map *known, struct str text, struct new_lines *out)
{
	struct str line;

	*out = (struct new_lines){ .n = 0 };
	while (str_next_line(&text, &line)) {
		line = str_trim(line);
		if (line.len < 3 || map_get(known, line))
			continue;
		if (out->n < LINES_SHOWN)
			out->shown[out->n] = line;
		out->n++;
	}
}

/* Whether a parent's tree holds this content under another path: a merge that moves a project into
 * a folder, or follows a folder that was renamed. */
static int moved(struct merging *m, const struct oid *oid, bool *out, struct error *err)
{
	*out = false;
	for (size_t i = 0; !*out && i < m->commit->parents_n; i++) {
		AUTO_ARENA struct arena scratch = ARENA_INIT;
		AUTO_BUF struct buf absent = BUF_INIT;
		struct tree tree = TREE_INIT;
		const int r = repo_tree(m->c->repo, &scratch, &m->trees[i], STR(""), &tree, &absent, err);

		for (size_t k = 0; r == 0 && !*out && k < tree.n; k++)
			*out = oid_eq(&tree.v[k].oid, oid);
		tree_release(&tree);
		if (r < 0)
			return -1;
	}
	return 0;
}

/* Where no parent has the file, or all have the same, there was no conflict to resolve. */
static bool no_conflict(const struct merging *m, const struct tree_difference *d)
{
	for (size_t i = 1; i < m->commit->parents_n; i++)
		if (d->old[i].present != d->old[0].present ||
		    (d->old[0].present && !oid_eq(&d->old[i].oid, &d->old[0].oid)))
			return false;
	return true;
}

/* "merge ... `has` that its parents hold alike"; NULL when enough were shown. */
static struct finding *report_merge(struct merging *m, const struct tree_difference *d, const char *has)
{
	struct gitcheck *c = m->c;
	char hex[OID_HEX + 1];

	if (++m->found > SHOWN)
		return NULL;
	hex_encode(m->commit->oid.bytes, OID_SIZE, hex);
	return result_find(&c->found, RULE_TP021, d->path, "merge %.12s since the previous tag, %.*s, %s that %s", hex,
			   STR_FMT(c->previous->name), has, d->old[0].present ? "its parents hold alike" :
			   "none of its parents has");
}

static int report_lines(struct merging *m, const struct tree_difference *d,
			const struct new_lines *lines, struct error *err)
{
	struct gitcheck *c = m->c;
	char hex[OID_HEX + 1];
	struct finding *f;
	bool elsewhere = false;

	if (!no_conflict(m, d)) {
		hex_encode(m->commit->oid.bytes, OID_SIZE, hex);
		if (m->resolved++ == 0)
			m->example = arena_strf(c->arena, "%.12s %.*s: %.*s", hex, STR_FMT(d->path),
						STR_FMT(str_first(lines->shown[0], 100)));
		return 0;
	}
	if (!d->old[0].present && moved(m, &d->now.oid, &elsewhere, err) < 0)
		return -1;
	f = elsewhere ? NULL :
	    report_merge(m, d, arena_strf(c->arena, "has %zu line%s of its own in a file", lines->n,
					  lines->n == 1 ? "" : "s").ptr);
	for (size_t i = 0; f && i < lines->n && i < LINES_SHOWN; i++)
		finding_evidence(&c->found, f, arena_str(c->arena, str_first(lines->shown[i], 160)));
	return 0;
}

/* A binary file of a merge that no side of it has, and that no conflict explains. */
static int merged_binary(struct merging *m, const struct tree_difference *d, struct error *err)
{
	AUTO_BUF struct buf now = BUF_INIT;
	bool elsewhere = false;

	if (!no_conflict(m, d))
		return 0;
	if (read_side(m->c, &d->now, &now, err) < 0)
		return -1;
	if (history_is_text(buf_str(&now)))
		return 0;
	if (moved(m, &d->now.oid, &elsewhere, err) < 0)
		return -1;
	if (!elsewhere)
		report_merge(m, d, "brings a binary file");
	return 0;
}

static int merged(void *ctx, const struct tree_difference *d, struct error *err)
{
	struct merging *m = ctx;
	struct buf old[MERGE_PARENTS] = { BUF_INIT };
	AUTO_BUF struct buf now = BUF_INIT;
	struct map known = MAP_INIT;
	struct new_lines lines;
	int got;

	if (!tree_side_is_file(&d->now))
		return 0;
	if (!gitcheck_is_build_file(d->path) && !(d->now.mode & 0100))
		return merged_binary(m, d, err);
	got = read_side(m->c, &d->now, &now, err);
	for (size_t i = 0; got >= 0 && i < m->commit->parents_n; i++) {
		struct str rest, line;

		got = read_side(m->c, &d->old[i], &old[i], err);
		rest = buf_str(&old[i]);
		while (str_next_line(&rest, &line))
			map_put(&known, str_trim(line), 1);
	}
	if (got >= 0) {
		find_new_lines(&known, buf_str(&now), &lines);
		got = lines.n ? report_lines(m, d, &lines, err) : 0;
	}
	map_release(&known);
	for (size_t i = 0; i < MERGE_PARENTS; i++)
		buf_release(&old[i]);
	return got < 0 ? -1 : 0;
}

/* The trees of a merge's parents: 1, 0 when one is not at hand, -1. */
static int read_parents(struct merging *m, struct error *err)
{
	int got = 1;

	for (size_t k = 0; got > 0 && k < m->commit->parents_n; k++) {
		AUTO_ARENA struct arena scratch = ARENA_INIT;
		struct commit_links parent;

		got = commit_links_read(m->c->repo, &scratch, &m->commit->parents[k], &parent, err);
		m->trees[k] = parent.tree;
	}
	return got;
}

static void report_rest(const struct merging *m)
{
	struct gitcheck *c = m->c;
	struct finding *f;

	if (m->found > SHOWN)
		result_find(&c->found, RULE_TP021, STR(""), "merges since the previous tag, %.*s, have "
			    "lines of their own in %zu more build files", STR_FMT(c->previous->name),
			    m->found - SHOWN);
	if (!m->resolved)
		return;
	f = result_find(&c->found, RULE_TP021, STR(""), "merges since the previous tag, %.*s, have lines "
			"of their own in %zu build file%s whose sides differ: resolved conflicts?",
			STR_FMT(c->previous->name), m->resolved, m->resolved == 1 ? "" : "s");
	f->severity = SEVERITY_LOW;
	finding_evidence(&c->found, f, m->example);
}

static int check_merges(struct gitcheck *c, const struct commit_range *range, struct error *err)
{
	struct merging m = { .c = c };
	size_t merges = 0;

	for (size_t i = 0; i < range->n; i++) {
		int got;

		m.commit = &range->v[i];
		if (m.commit->parents_n < 2 || m.commit->parents_n > MERGE_PARENTS)
			continue;
		if (++merges > LIMIT_QUICK_MERGES && c->depth == GITCHECK_QUICK)
			continue;
		got = read_parents(&m, err);
		if (got > 0)
			got = treediff(c->repo, m.trees, m.commit->parents_n, &m.commit->tree, merged, &m,
				       err);
		if (got < 0)
			return -1;
	}
	if (merges > LIMIT_QUICK_MERGES && c->depth == GITCHECK_QUICK)
		result_not_checked(&c->found, false, STR("merges since the previous tag"),
				   "%zu of %zu were looked at", LIMIT_QUICK_MERGES, merges);
	report_rest(&m);
	return 0;
}

/* --- people --- */

struct committer {
	struct str email, name;
	size_t with, without;		/* commits with and without a signature */
	const struct commit_links *last;	/* the last one without */
};

struct people {
	struct gitcheck *c;
	struct map emails;		/* of authors and committers: 1 + index in `committers` */
	struct committer *v;
	size_t n, cap;
};

static struct committer *person(struct people *p, struct str email, struct str name)
{
	const struct str key = str_first(email, HISTORY_SUBJECT_MAX);
	const uint64_t *known = map_get(&p->emails, key);
	struct str own;

	if (known)
		return &p->v[*known];
	own = arena_str(p->c->arena, key);
	map_put(&p->emails, own, p->n);
	p->v = memory_grow(p->v, p->n, &p->cap, sizeof(*p->v));
	p->v[p->n] = (struct committer){ .email = own,
					.name = arena_str(p->c->arena,
							  str_first(name, HISTORY_SUBJECT_MAX)) };
	return &p->v[p->n++];
}

static int meet_people(struct people *p, const struct commit_range *range, struct error *err)
{
	for (size_t i = 0; i < range->n; i++) {
		AUTO_ARENA struct arena scratch = ARENA_INIT;
		struct committer *who;
		struct commit c;

		if (repo_commit(p->c->repo, &scratch, &range->v[i].oid, &c, err) < 0)
			return -1;
		person(p, c.facts.author_email, c.facts.author_name);
		who = person(p, c.facts.committer_email, c.facts.committer_name);
		if (c.signature != SIGNATURE_NONE) {
			who->with++;
			continue;
		}
		who->last = &range->v[i];
		who->without++;
	}
	return 0;
}

/* Of so many signed commits so few are unsigned. */
enum { SIGNED_MIN = 6, UNSIGNED_MAX = 2 };

static int is_build_file(void *ctx, const struct tree_difference *d, struct error *err)
{
	(void)ctx;
	(void)err;
	return gitcheck_is_build_file(d->path);
}

/* Whether a commit with one parent changes a build file: 1 or 0, -1. What is not at hand is not known to. */
static int changes_build(struct gitcheck *c, const struct commit_links *commit, struct error *err)
{
	AUTO_ARENA struct arena scratch = ARENA_INIT;
	struct commit_links parent;
	int got;

	if (commit->parents_n != 1)
		return 0;
	got = commit_links_read(c->repo, &scratch, &commit->parents[0], &parent, err);
	return got <= 0 ? got : treediff(c->repo, &parent.tree, 1, &commit->tree, is_build_file, NULL, err);
}

static int check_signatures(struct people *p, struct error *err)
{
	struct gitcheck *c = p->c;

	for (size_t i = 0; i < p->n; i++) {
		const struct committer *who = &p->v[i];
		char hex[OID_HEX + 1];
		struct finding *f;
		int build;

		if (who->with < SIGNED_MIN || who->without == 0 || who->without > UNSIGNED_MAX)
			continue;
		hex_encode(who->last->oid.bytes, OID_SIZE, hex);
		f = result_find(&c->found, RULE_TP025, c->tag->name,
				"%zu of %zu commits by <%.*s> since the previous tag, %.*s, are signed", who->with,
				who->with + who->without, STR_FMT(who->email), STR_FMT(c->previous->name));
		finding_evidence(&c->found, f, arena_strf(c->arena, "not signed: %.12s", hex));
		build = who->without == 1 ? changes_build(c, who->last, err) : 0;
		if (build < 0)
			return -1;
		if (build)
			f->severity = SEVERITY_MEDIUM;
	}
	return 0;
}

/* --- .mailmap (gitmailmap(5)) --- */

/* Whether a line gives somebody who committed another name, or the address of another one who
 * did: "NAME <SHOWN> NAME <OF THE COMMIT>", all but the last optional. */
static bool renames(const struct people *p, struct str line)
{
	const size_t first = str_find(line, '<');
	const size_t open = str_rfind(line, '<'), close = str_rfind(line, '>');
	const uint64_t *who, *as;
	struct str name, shown;

	if (str_starts(line, STR("#")) || open == (size_t)-1 || close == (size_t)-1 || close < open)
		return false;
	who = map_get(&p->emails, str_trim(str_of(line.ptr + open + 1, close - open - 1)));
	if (!who)
		return false;
	name = str_trim(str_first(line, first));
	if (name.len && !str_case_eq(name, p->v[*who].name))
		return true;
	shown = str_from_at(line, first + 1);
	as = first == open ? NULL : map_get(&p->emails, str_first(shown, str_find(shown, '>')));
	return as && !str_case_eq(p->v[*as].name, p->v[*who].name);
}

static int check_mailmap(struct people *p, struct error *err)
{
	struct gitcheck *c = p->c;
	AUTO_BUF struct buf before = BUF_INIT, now = BUF_INIT;
	const struct str file = STR(".mailmap");
	struct map known = MAP_INIT;
	struct finding *f = NULL;
	struct str rest, line;
	int got = gitcheck_file(c, &c->g->commit.tree, file, &now, err);

	if (got > 0)
		got = gitcheck_file(c, &c->previous_commit.tree, file, &before, err);
	if (got < 0)
		return -1;
	rest = buf_str(&before);
	while (str_next_line(&rest, &line))
		map_put(&known, str_trim(line), 1);
	rest = str_eq(buf_str(&before), buf_str(&now)) ? STR("") : buf_str(&now);
	while (str_next_line(&rest, &line)) {
		line = str_trim(line);
		if (map_get(&known, line) || !renames(p, line))
			continue;
		if (!f)
			f = result_find(&c->found, RULE_TP022, file, "since the previous tag, %.*s, it "
					"gives another name to who committed since then",
					STR_FMT(c->previous->name));
		if (f->evidence_n < SHOWN)
			finding_evidence(&c->found, f, arena_str(c->arena, str_first(line, 160)));
	}
	map_release(&known);
	return 0;
}

int gitcheck_range(struct gitcheck *c, struct error *err)
{
	AUTO_ARENA struct arena links = ARENA_INIT;
	struct people p = { .c = c };
	struct commit_range range = { .v = NULL };
	int r;

	if (!c->previous)
		return 0;
	r = commit_range(c->repo, &links, &c->g->commit.oid, &c->previous_commit.oid,
			 c->depth == GITCHECK_QUICK ? LIMIT_QUICK_RANGE : LIMIT_RANGE, &range, err);
	if (r == 0 && !range.complete) {
		result_not_checked(&c->found, false, STR("commits since the previous tag"), "there are too "
				   "many of them, or some are not in the repository");
		memory_free(range.v);
		return 0;
	}
	if (r == 0)
		r = check_merges(c, &range, err);
	if (r == 0)
		r = meet_people(&p, &range, err);
	if (r == 0)
		r = check_signatures(&p, err);
	if (r == 0)
		r = check_mailmap(&p, err);
	map_release(&p.emails);
	memory_free(p.v);
	memory_free(range.v);
	return r;
}
