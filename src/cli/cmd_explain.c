#include "cli/command.h"

#include "base/cleanup.h"
#include "cli/nearest.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "model/rule.h"

enum { WIDTH = 80, NEAREST = 3 };

static const char *rule_id(size_t i)
{
	return i < RULE_COUNT ? rules[i].id : NULL;
}

static const char *rule_summary(size_t i)
{
	return rules[i].summary;
}

static const struct choice_set rule_ids = { rule_id, rule_summary };

/* How far a rule is from what was typed: a part of the slug is near. */
static unsigned int rule_distance(const struct rule *r, const char *typed)
{
	const unsigned int id = nearest_distance(typed, r->id);
	const unsigned int slug = nearest_distance(typed, r->slug);

	if (strlen(typed) >= 3 && strstr(r->slug, typed))
		return 0;
	return id < slug ? id : slug;
}

/* The hint names the nearest rules, best first. */
static int unknown_rule(const char *typed, struct error *err)
{
	AUTO_BUF struct buf names = BUF_INIT;
	unsigned int found = 0;

	for (unsigned int distance = 0; distance < 32 && found < NEAREST; distance++)
		for (size_t i = 0; i < RULE_COUNT && found < NEAREST; i++)
			if (rule_distance(&rules[i], typed) == distance &&
			    nearest_plausible(typed, distance))
				buf_addf(&names, "%s%s (%s)", found++ ? ", " : "", rules[i].id,
					 rules[i].slug);
	error_set(err, ERROR_USAGE, "there is no rule \"%.200s\"", typed);
	if (found)
		return error_hint(err, "did you mean %s?", buf_cstr(&names));
	return error_hint(err, "`tarproof rules` lists them all");
}

static void paragraph(struct buf *out, const char *heading, const char *text)
{
	buf_addf(out, "\n%s\n  ", heading);
	text_wrap(out, str_from(text), 2, 2, WIDTH);
	buf_add_char(out, '\n');
}

static int explain_run(const struct invocation *in, struct error *err)
{
	AUTO_BUF struct buf out = BUF_INIT;
	const struct rule *r = rule_find(str_from(in->operand));

	if (!r)
		return unknown_rule(in->operand, err);
	buf_addf(&out, "%s %s (%s)\n", r->id, r->slug, severity_name(r->severity));
	text_wrap(&out, str_from(r->summary), 0, 0, WIDTH);
	buf_add_char(&out, '\n');
	paragraph(&out, "Why it matters", r->why);
	paragraph(&out, "How to settle it", r->settle);
	return output_write(NULL, buf_str(&out), err) ? -1 : STATUS_CLEAN;
}

static const struct option_row options[] = {
	OPTION_HELP_ROW,
	OPTIONS_END,
};

const struct command command_explain = {
	.name = "explain",
	.operand = { .name = "RULE", .choices = &rule_ids },
	.summary = "say what a rule means and how to settle it",
	.about = "Says what a rule means, why it matters, and how to settle a finding by hand. "
		 "RULE is an id or a slug.",
	.examples = "tarproof explain TP102\n"
		    "tarproof explain path-escapes\n",
	.options = options,
	.run = explain_run,
};
