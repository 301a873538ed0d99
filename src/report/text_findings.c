#include "report/text.h"

/* Findings of one rule and severity, and lines of evidence, that are shown unless all was
 * asked for. */
enum { ALIKE_SHOWN = 10, EVIDENCE_SHOWN = 8 };

/* How many findings there are, or are left, of each kind. */
struct tally {
	size_t n[SEVERITY_COUNT][RULE_COUNT];
};

enum paint text_severity_paint(enum severity s)
{
	static const enum paint paints[SEVERITY_COUNT] = {
		PAINT_DIM, PAINT_CYAN, PAINT_YELLOW, PAINT_RED, PAINT_RED,
	};

	return paints[s];
}

static void count_findings(const struct result *r, struct tally *tally)
{
	*tally = (struct tally){ 0 };
	for (size_t i = 0; i < r->findings_n; i++)
		tally->n[r->findings[i].severity][r->findings[i].rule]++;
}

static void add_severity(const struct text *t, enum severity s)
{
	static const char *const words[SEVERITY_COUNT] = {
		"info    ", "low     ", "MEDIUM  ", "HIGH    ", "CRITICAL",
	};

	text_paint(t, text_severity_paint(s), words[s]);
}

static void add_place(const struct text *t, const struct finding *f, bool head)
{
	if (f->path.len)
		text_path(t, f->path, head ? TEXT_NAME / 2 : TEXT_PATH, head);
	if (f->line > 0) {
		buf_add_cstr(t->out, f->path.len ? ":" : "line ");
		buf_addf(t->out, "%lld", (long long)f->line);
	} else if (f->offset >= 0) {
		buf_add_cstr(t->out, f->path.len ? " at byte " : "at byte ");
		text_number(t, (uint64_t)f->offset);
	}
}

static bool has_place(const struct finding *f)
{
	return f->path.len || f->line > 0 || f->offset >= 0;
}

/* One finding, or `times` alike of which this is the first, on one line. */
static void add_line(const struct text *t, const struct finding *f, size_t times)
{
	const size_t from = t->out->len;
	const size_t width = t->o->width >= 60 ? t->o->width : TEXT_LINE;
	size_t used;

	buf_add_cstr(t->out, "  ");
	add_severity(t, f->severity);
	buf_addf(t->out, "  %s %s  ", rules[f->rule].id, rules[f->rule].slug);
	if (times > 1) {
		text_number(t, times);
		buf_add_cstr(t->out, " times, first: ");
	}
	if (has_place(f)) {
		add_place(t, f, true);
		buf_add_cstr(t->out, ": ");
	}
	used = t->out->len - from + STR(" [+999 bytes]").len;
	text_input(t, f->message, used + 40 < width ? width - used : 40, true);
	buf_add_char(t->out, '\n');
}

static void add_rest(const struct text *t, const struct tally *left, bool shown_any)
{
	size_t by[SEVERITY_COUNT] = { 0 }, all = 0;
	const char *between = ": ";

	for (size_t s = 0; s < SEVERITY_COUNT; s++)
		for (size_t i = 0; i < RULE_COUNT; i++)
			by[s] += left->n[s][i];
	for (size_t s = 0; s < SEVERITY_COUNT; s++)
		all += by[s];
	if (all == 0)
		return;
	buf_add_cstr(t->out, shown_any ? "  and " : "  ");
	text_number(t, all);
	buf_add_cstr(t->out, shown_any ? " more" : "");
	buf_add_cstr(t->out, all == 1 ? " finding below" : " findings below");
	for (size_t s = SEVERITY_COUNT; s-- > 0;) {
		if (by[s] == 0)
			continue;
		buf_add_cstr(t->out, between);
		text_number(t, by[s]);
		buf_addf(t->out, " %s", severity_name((enum severity)s));
		between = ", ";
	}
	buf_add_char(t->out, '\n');
}

/* The least severity that has a line at the top; what is below is only counted there. */
static enum severity head_from(const struct text *t)
{
	return t->o->fail_on < SEVERITY_MEDIUM ? t->o->fail_on : SEVERITY_MEDIUM;
}

void text_findings_head(const struct text *t, size_t lines)
{
	const struct result *r = t->r;
	struct tally left;
	size_t n = 0, shown = 0;
	bool each;

	if (r->findings_n == 0) {
		buf_add_cstr(t->out, "  no findings\n");
		return;
	}
	count_findings(r, &left);
	while (n < r->findings_n && r->findings[n].severity >= head_from(t))
		n++;
	each = n + (n < r->findings_n) <= lines;
	for (size_t i = 0; i < n; i++) {
		const struct finding *f = &r->findings[i];
		size_t *const alike = &left.n[f->severity][f->rule];

		/* Where they don't all fit, each kind is shown by its first, so that many of
		 * one kind can't push another out of sight. */
		if (*alike == 0 || (!each && shown + 1 >= lines))
			continue;
		add_line(t, f, each ? 1 : *alike);
		*alike = each ? *alike - 1 : 0;
		shown++;
	}
	add_rest(t, &left, shown > 0);
}

void text_findings_failing(const struct text *t)
{
	for (size_t i = 0; i < t->r->findings_n; i++)
		if (t->r->findings[i].severity >= t->o->fail_on)
			add_line(t, &t->r->findings[i], 1);
}

static void add_evidence(const struct text *t, const struct finding *f)
{
	const size_t n = text_verbose(t) || f->evidence_n <= EVIDENCE_SHOWN ? f->evidence_n :
			 EVIDENCE_SHOWN - 1;

	for (size_t i = 0; i < n; i++) {
		buf_add_cstr(t->out, "            | ");
		text_input(t, f->evidence[i], TEXT_LINE, false);
		buf_add_char(t->out, '\n');
	}
	if (n < f->evidence_n) {
		buf_add_cstr(t->out, "            ");
		text_number(t, f->evidence_n - n);
		buf_add_cstr(t->out, " more lines, shown with -v\n");
	}
}

static void add_details(const struct text *t, const struct finding *f)
{
	buf_add_cstr(t->out, "  ");
	add_severity(t, f->severity);
	buf_addf(t->out, "  %s %s", rules[f->rule].id, rules[f->rule].slug);
	if (has_place(f))
		buf_add_cstr(t->out, "  ");
	add_place(t, f, false);
	if (f->length >= 0) {
		buf_add_cstr(t->out, " (");
		text_count(t, (uint64_t)f->length, "byte");
		buf_add_char(t->out, ')');
	}
	buf_add_char(t->out, '\n');
	text_paragraph(t, 12, f->message);
	add_evidence(t, f);
	if (text_verbose(t)) {
		buf_add_cstr(t->out, "            To settle it:\n");
		text_paragraph(t, 14, str_from(rules[f->rule].settle));
	}
	if (f->fingerprint[0]) {
		buf_add_cstr(t->out, "            fingerprint ");
		text_input(t, str_from(f->fingerprint), TEXT_NAME, true);
		buf_add_char(t->out, '\n');
	}
}

void text_findings(const struct text *t)
{
	const struct result *r = t->r;
	struct tally seen = { 0 }, all;

	if (r->findings_n == 0)
		return;
	count_findings(r, &all);
	text_heading(t, "Findings, worst first");
	buf_add_cstr(t->out, " (`tarproof explain RULE` says why each matters)\n");
	for (size_t i = 0; i < r->findings_n; i++) {
		const struct finding *f = &r->findings[i];
		const size_t n = ++seen.n[f->severity][f->rule];

		if (text_verbose(t) || n <= ALIKE_SHOWN)
			add_details(t, f);
		if (!text_verbose(t) && n > ALIKE_SHOWN && n == all.n[f->severity][f->rule]) {
			buf_add_cstr(t->out, "  ");
			add_severity(t, f->severity);
			buf_addf(t->out, "  %s %s  ", rules[f->rule].id, rules[f->rule].slug);
			text_number(t, n - ALIKE_SHOWN);
			buf_add_cstr(t->out, " more, shown with -v\n");
		}
	}
}
