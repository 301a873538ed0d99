#include "input/tally.h"

#include "base/cleanup.h"

void tally_add(struct arena *a, struct tally *t, struct str path, int64_t offset, struct str seen)
{
	AUTO_BUF struct buf line = BUF_INIT;

	if (t->n++ == 0) {
		t->offset = offset;
		t->path = arena_str(a, path);
	}
	if (t->evidence_n == TALLY_EVIDENCE)
		return;
	/* The end of a long path tells more than its start. */
	if (path.len > TALLY_EXCERPT)
		buf_add_str(&line, STR("..."));
	buf_add_str(&line, str_from_at(path, path.len > TALLY_EXCERPT ? path.len - TALLY_EXCERPT : 0));
	if (seen.len && path.len)
		buf_add_str(&line, STR(": "));
	buf_add_str(&line, str_first(seen, TALLY_EXCERPT));
	t->evidence[t->evidence_n++] = arena_str(a, buf_str(&line));
}

struct finding *tally_report(struct result *r, const struct tally *t, enum rule_id rule,
			     enum severity severity, const char *what)
{
	struct finding *f;

	if (t->n == 0)
		return NULL;
	if (t->n == 1)
		f = result_find(r, rule, t->path, "%s", what);
	else
		f = result_find(r, rule, t->path, "%s; %llu of this kind, this one is the first",
				what, (unsigned long long)t->n);
	f->severity = severity;
	f->offset = t->offset;
	for (size_t i = 0; i < t->evidence_n; i++)
		finding_evidence(r, f, t->evidence[i]);
	return f;
}
