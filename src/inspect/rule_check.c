#include "inspect/rule_check.h"

#include "base/cleanup.h"
#include "base/limits.h"
#include "inspect/generated.h"

/* Sources of rules besides Makefile.am itself: what it includes, and what configure puts in. */
static bool is_rule_source(struct str path)
{
	return str_ends(path, STR(".am")) || str_ends(path, STR(".mk")) || str_ends(path, STR(".make")) ||
	       str_ends(path, STR(".ac")) || str_ends(path, STR(".m4")) || str_ends(path, STR(".include")) ||
	       str_ends(path, STR("configure.in"));
}

/* All of them, one after the other; NULL when one can't be seen: with a listing, the contents of what is
 * identical are not at hand. */
static const struct buf *other_sources(struct rule_check *c)
{
	for (size_t i = 0; !c->has_others && i < c->all->n; i++) {
		AUTO_BUF struct buf content = BUF_INIT;

		if (!is_rule_source(entry_path(c->all->v[i].entry)))
			continue;
		c->unseen = c->others.len + c->all->v[i].entry->size > LIMIT_BLOB ||
					 c->s->read(c->s->ctx, c->all->v[i].entry, &content) != 1;
		if (c->unseen)
			break;
		buf_add_str(&c->others, buf_str(&content));
		buf_add_char(&c->others, '\n');
	}
	c->has_others = true;
	return c->unseen ? NULL : &c->others;
}

/* Makefiles that are included call their folder %D% or %reldir%. */
static bool mentions_in_folder(struct str text, struct str target)
{
	static const struct str folders[] = { STR("%D%"), STR("%reldir%") };
	const size_t slash = str_rfind(target, '/');

	for (size_t i = 0; slash != (size_t)-1 && i < sizeof(folders) / sizeof(folders[0]); i++) {
		AUTO_BUF struct buf name = BUF_INIT;

		buf_add_str(&name, folders[i]);
		buf_add_str(&name, str_from_at(target, slash));
		if (generated_mentions(text, buf_str(&name)))
			return true;
	}
	return false;
}

void rule_check(struct rule_check *c, const struct subject *s)
{
	AUTO_BUF struct buf made = BUF_INIT, source = BUF_INIT, name = BUF_INIT;
	const struct str path = entry_path(s->entry);
	const struct subject *am;
	struct generated_rules walk;
	size_t budget = LIMIT_RULES_LOOKED_THROUGH;
	struct str target;

	if (!str_ends(path, STR("Makefile.in")) || subject_in_origin(s) || !c->s->read)
		return;
	buf_add_str(&name, str_first(path, path.len - strlen("in")));
	buf_add_cstr(&name, "am");
	am = subject_at(c->all, buf_str(&name));
	if (!am || s->entry->size > LIMIT_BLOB || am->entry->size > LIMIT_BLOB ||
	    c->s->read(c->s->ctx, s->entry, &made) != 1 || !generated_by_automake(buf_str(&made)) ||
	    c->s->read(c->s->ctx, am->entry, &source) != 1)
		return;
	walk = (struct generated_rules){ .rest = buf_str(&made) };
	while (generated_next_target(&walk, &target)) {
		const struct buf *others;
		size_t cost = source.len;

		if (cost <= budget && generated_mentions(buf_str(&source), target)) {
			budget -= cost;
			continue;
		}
		others = other_sources(c);
		if (!others)
			return;
		cost += others->len;
		if (cost > budget) {
			result_not_checked(c->r, false, path, "too many rules to be looked for in their sources");
			return;
		}
		budget -= cost;
		if (generated_mentions(buf_str(others), target) || mentions_in_folder(buf_str(others), target))
			continue;
		result_find(c->r, RULE_TP218, path, "holds a rule for %.*s, which no Makefile.am or macro has",
			    STR_FMT(str_first(target, NOTE_EXCERPT)))->line = walk.line;
		return;
	}
}

void rule_check_release(struct rule_check *c)
{
	buf_release(&c->others);
}
