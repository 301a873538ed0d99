#include "input/history.h"

enum { DAY = 24 * 3600 };

bool history_assess(const struct history *h, size_t path, struct arena *a,
		    struct history_note *out)
{
	const struct path_history *p = &h->paths[path];
	const struct history_commit *c = p->changed;
	const char *who;
	struct str first;
	int64_t minutes;
	bool binary;

	/* A tag that is older than its commits says nothing of haste. */
	if (!c || !(c->author_is_tagger || c->committer_is_tagger) || c->before_tag < 0 ||
	    c->before_tag >= DAY)
		return false;
	binary = p->replaced && c->binary_only && !c->merge;
	who = h->has_tagger ? "who made the tag" : "who committed the tagged commit";
	first = str_first(c->oid, 12);
	minutes = c->before_tag / 60;
	out->rule = binary ? RULE_TP026 : RULE_TP027;
	out->severity = rules[out->rule].severity;
	out->message = arena_strf(a, "%s %lld h %02lld min before the tag by %s%s: commit %.*s, %.*s",
				  p->replaced ? "changed" : "added", (long long)(minutes / 60),
				  (long long)(minutes % 60), who,
				  binary ? ", in a commit without any text" : "", STR_FMT(first),
				  STR_FMT(c->subject));
	return true;
}
