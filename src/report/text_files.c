#include "report/text.h"

#include <stdio.h>

#include "report/text_group.h"

/* A list longer than this is told by fewer folders. */
enum { LIST_LINES = 60 };

static const char *const titles[RELATION_COUNT] = {
	[RELATION_IDENTICAL] = "Identical",
	[RELATION_TRANSFORMED] = "Transformed by git attributes",
	[RELATION_MODE_CHANGED] = "Mode changed",
	[RELATION_MOVED] = "Moved (content elsewhere in the tag)",
	[RELATION_SUBMODULE] = "In a submodule that was not given",
	[RELATION_TYPE_CHANGED] = "Type changed",
	[RELATION_MODIFIED] = "Modified",
	[RELATION_ADDED] = "Added (not in the tag)",
	[RELATION_MISSING] = "Missing (only in the tag)",
	[RELATION_MISSING_BY_ATTRIBUTE] = "Missing by export-ignore",
};

/* The lists, in the order in which they are worth reading. */
static const enum relation order[RELATION_COUNT] = {
	RELATION_MODIFIED, RELATION_TYPE_CHANGED, RELATION_MODE_CHANGED, RELATION_ADDED,
	RELATION_MOVED, RELATION_TRANSFORMED, RELATION_MISSING, RELATION_MISSING_BY_ATTRIBUTE,
	RELATION_SUBMODULE, RELATION_IDENTICAL,
};

static void add_row(const struct text *t, const char *name, const struct count *c, uint64_t links)
{
	buf_addf(t->out, "  %-36s", name);
	text_number_column(t, c->files, 11);
	text_size_column(t, true, c->bytes);
	if (t->r->totals.links)
		text_number_column(t, links, 9);
	buf_add_char(t->out, '\n');
}

static void add_relation(const struct text *t, enum relation r)
{
	const struct totals *const all = &t->r->totals;
	struct count c = all->relation[r];

	/* What is missing is counted with its links; here they have a column of their own. */
	if (r >= RELATION_MISSING)
		c.files -= all->link_relation[r];
	if (c.files || all->link_relation[r])
		add_row(t, titles[r], &c, all->link_relation[r]);
}

void text_totals(const struct text *t)
{
	static const char *const strengths[STRENGTH_COUNT] = {
		"... not explained", "... plausible", "... proven (with identical ones)",
	};
	const struct totals *const all = &t->r->totals;

	if (!t->r->has_origin)
		return;
	text_heading(t, "Totals");
	buf_addf(t->out, "%*s%*s%s\n", 43, "files", text_verbose(t) ? 19 : 12, "size",
		 all->links ? "    links" : "");
	for (int r = 0; r < RELATION_MISSING; r++)
		add_relation(t, (enum relation)r);
	add_row(t, "All of the artifact", &all->artifact, all->links);
	for (int s = STRENGTH_COUNT; s-- > 0;) {
		if (all->explained[s].files == 0)
			continue;
		buf_addf(t->out, "    %-34s", strengths[s]);
		text_number_column(t, all->explained[s].files, 11);
		text_size_column(t, true, all->explained[s].bytes);
		buf_add_char(t->out, '\n');
	}
	add_relation(t, RELATION_MISSING);
	add_relation(t, RELATION_MISSING_BY_ATTRIBUTE);
}

static void add_group_name(const struct text *t, struct group_name name)
{
	if (name.dir.len)
		text_path(t, name.dir, TEXT_PATH, false);
	if (name.whole) {
		buf_add_cstr(t->out, "/**");
		return;
	}
	buf_add_cstr(t->out, name.deep ? "**/*" : "*");
	if (name.ext.len)
		text_input(t, name.ext, TEXT_NAME, false);
	else
		buf_add_cstr(t->out, " (no extension)");
}

static const char *type_words(const struct entry *e)
{
	static const char *const words[] = {
		[ENTRY_FILE] = "a file", [ENTRY_LINK] = "a symbolic link",
		[ENTRY_GITLINK] = "a submodule", [ENTRY_SPECIAL] = "a special file",
	};

	return words[e->type];
}

static void add_explanation(const struct text *t, const struct change *c)
{
	const struct explanation *e = c->explanation;

	/* Where a moved file comes from says it all. */
	if (!e || (c->relation == RELATION_MOVED && c->origin))
		return;
	buf_addf(t->out, "  (%s by ", e->strength == STRENGTH_NONE ? "not explained" :
		 strength_name(e->strength));
	text_input(t, str_from(e->by), TEXT_NAME, false);
	if (e->detail.len) {
		buf_add_cstr(t->out, ": ");
		text_input(t, e->detail, TEXT_NAME, false);
	}
	buf_add_char(t->out, ')');
}

/* What follows the path: how the two sides differ, and why. */
static void add_difference(const struct text *t, const struct change *c)
{
	const struct entry *const a = c->artifact, *const o = c->origin;

	if (c->relation == RELATION_TYPE_CHANGED && a && o)
		buf_addf(t->out, "  (%s in the tag, %s here)", type_words(o), type_words(a));
	else if (c->relation == RELATION_MODE_CHANGED && a && o)
		buf_addf(t->out, "  (%04o in the tag, %04o here)", o->mode & 07777u,
			 a->mode & 07777u);
	else if (group_entry(c)->type != ENTRY_FILE && group_entry(c)->type != ENTRY_LINK)
		buf_addf(t->out, "  (%s)", type_words(group_entry(c)));
	add_explanation(t, c);
	buf_add_char(t->out, '\n');
	for (size_t i = 0; text_verbose(t) && c->explanation && i < c->explanation->evidence_n;
	     i++) {
		buf_add_cstr(t->out, "            | ");
		text_input(t, c->explanation->evidence[i], TEXT_LINE, false);
		buf_add_char(t->out, '\n');
	}
}

static void add_line_counts(const struct text *t, enum relation r, int64_t added, int64_t removed)
{
	char words[64] = "";

	if (r != RELATION_MODIFIED && r != RELATION_TRANSFORMED)
		return;
	if (added >= 0 && removed >= 0)
		snprintf(words, sizeof(words), "+%lld -%lld", (long long)added,
			 (long long)removed);
	else if (r == RELATION_TRANSFORMED)
		return;
	buf_addf(t->out, "  %11s", words);
}

static void add_file(const struct text *t, const struct change *c)
{
	const struct entry *const e = group_entry(c);

	if (text_verbose(t))
		buf_add_cstr(t->out, "  ");
	else
		buf_addf(t->out, "  %13s", "");
	text_size_column(t, group_sized(c), e->size);
	add_line_counts(t, c->relation, c->lines_added, c->lines_removed);
	buf_add_cstr(t->out, "  ");
	text_path(t, entry_path(e), TEXT_PATH, false);
	if (e->type == ENTRY_LINK && e->target) {
		buf_add_cstr(t->out, " -> ");
		text_path(t, str_from(e->target), TEXT_PATH, false);
	}
	if (c->relation == RELATION_MOVED && c->origin) {
		buf_add_cstr(t->out, "  <- ");
		text_path(t, entry_path(c->origin), TEXT_PATH, false);
	}
	add_difference(t, c);
}

static void add_group(const struct text *t, const struct change *c, const struct group *g,
		      size_t depth)
{
	static const char *const nouns[] = { "file", "link", "submodule", "special file" };
	const enum entry_type type = (enum entry_type)group_entry(c)->type;

	text_count_column(t, g->files, nouns[type], 15);
	text_size_column(t, g->sized, g->bytes);
	add_line_counts(t, c->relation, g->added, g->removed);
	buf_add_cstr(t->out, "  ");
	add_group_name(t, group_name(c, depth));
	if (c->relation == RELATION_MOVED && c->origin) {
		buf_add_cstr(t->out, "  <- ");
		add_group_name(t, group_name_of_path(entry_path(c->origin), depth));
	}
	add_difference(t, c);
}

static void list(const struct text *t, const size_t *members, size_t n)
{
	static const size_t depths[] = { GROUP_FULL_DEPTH, 3, 2, 1, 0 };
	const size_t last = sizeof(depths) / sizeof(depths[0]) - 1;
	const struct change *const changes = t->r->changes;
	struct grouping g;
	size_t i = 0;

	grouping_init(&g, changes, members, n, depths[0]);
	while (g.lines > LIST_LINES && !text_verbose(t) && i < last) {
		grouping_release(&g);
		grouping_init(&g, changes, members, n, depths[++i]);
	}
	for (size_t k = 0; k < n; k++) {
		const struct change *const c = &changes[members[k]];
		struct group *const group = &g.groups[g.of[k]];

		if (text_verbose(t) || group->files < GROUP_MIN)
			add_file(t, c);
		else if (!group->shown)
			add_group(t, c, group, depths[i]);
		group->shown = true;
	}
	grouping_release(&g);
}

static void add_title(const struct text *t, enum relation r)
{
	uint64_t files = 0, bytes = 0, others = 0, none;

	for (size_t s = 0; s < STRENGTH_COUNT; s++) {
		files += t->files[r][s].files;
		bytes += t->files[r][s].bytes;
		others += t->others[r][s];
	}
	text_heading(t, titles[r]);
	buf_add_cstr(t->out, ": ");
	if (files) {
		text_count(t, files, "file");
		buf_add_cstr(t->out, ", ");
		text_size(t, bytes);
	}
	if (others) {
		buf_add_cstr(t->out, files ? ", and " : "");
		text_count(t, others, files ? "other entry" : "entry");
	}
	none = t->files[r][STRENGTH_NONE].files + t->others[r][STRENGTH_NONE];
	if (none && none < files + others) {
		buf_add_cstr(t->out, "; first the ");
		text_number(t, none);
		buf_add_cstr(t->out, " not explained");
	}
	buf_add_char(t->out, '\n');
}

static size_t select_members(const struct text *t, enum relation r, size_t *members)
{
	size_t n = 0;

	/* What nothing explains comes first. */
	for (int s = 0; s < STRENGTH_COUNT; s++) {
		if (t->files[r][s].files == 0 && t->others[r][s] == 0)
			continue;
		for (size_t i = 0; i < t->r->changes_n; i++) {
			const struct change *const c = &t->r->changes[i];

			if (c->relation == r && group_entry(c) && (int)text_strength(c) == s)
				members[n++] = i;
		}
	}
	return n;
}

void text_files(const struct text *t)
{
	size_t *members;

	if (!t->r->has_origin)
		return;
	members = memory_alloc(t->r->changes_n * sizeof(*members));
	for (size_t i = 0; i < RELATION_COUNT; i++) {
		const bool wanted = order[i] != RELATION_IDENTICAL || t->o->all_files;
		const size_t n = wanted ? select_members(t, order[i], members) : 0;

		if (n == 0)
			continue;
		add_title(t, order[i]);
		list(t, members, n);
	}
	memory_free(members);
}
