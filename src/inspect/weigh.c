#include "inspect/weigh.h"

#include "base/cleanup.h"

static bool is_script_rule(enum rule_id rule)
{
	return rule >= RULE_TP205 && rule <= RULE_TP225 && rule != RULE_TP216 &&
	       rule != RULE_TP217 && rule != RULE_TP218;
}

/* What a build does not run can do less harm, and does odd things for good reasons. */
static enum severity by_role(enum severity s, enum role role)
{
	if (role == ROLE_BUILD)
		return s;
	if (role == ROLE_SCRIPT || role == ROLE_SOURCE)
		return s >= SEVERITY_CRITICAL ? SEVERITY_MEDIUM :
		       s >= SEVERITY_HIGH ? SEVERITY_LOW : SEVERITY_INFO;
	return s >= SEVERITY_CRITICAL ? SEVERITY_LOW : SEVERITY_INFO;
}

/* A package's own install scripts are the project's choice where the tag has them. */
static enum severity severity_of(const struct subject *s, const struct note *n)
{
	const bool same = subject_in_origin(s);

	if (n->rule == RULE_TP223 || n->rule == RULE_TP224 || n->rule == RULE_TP225) {
		/* A program that only the tree has is more than a tool's usual setting. */
		if (same)
			return n->rule == RULE_TP225 || (n->rule == RULE_TP224 && n->severity == SEVERITY_MEDIUM) ?
			       SEVERITY_MEDIUM : SEVERITY_INFO;
		return s->compared && n->severity < SEVERITY_HIGH ? SEVERITY_HIGH : n->severity;
	}
	/* A helper that the tag holds too, run by some target: seen once in 174 clean releases. */
	if (n->rule == RULE_TP205 && s->run && (same || !s->compared))
		return SEVERITY_LOW;
	/* A few bytes behind a file of the tests, which the tag holds as well: too few to carry much, and
	 * what tests of readers are made of. */
	if (n->rule == RULE_TP302 && n->severity <= SEVERITY_MEDIUM && n->length < 40 &&
	    s->kind.role == ROLE_TEST && (same || !s->compared))
		return SEVERITY_INFO;
	/* In what neither a build nor a compiler is known to read: nmap's scripts carry exploits. */
	if (n->rule == RULE_TP325 && n->severity == SEVERITY_HIGH && s->kind.role == ROLE_DATA)
		return SEVERITY_MEDIUM;
	/* Most targets that fetch are for maintainers alone. */
	if (n->rule == RULE_TP212 && n->severity == SEVERITY_LOW && s->kind.language == LANGUAGE_MAKE)
		return SEVERITY_INFO;
	/* Blocks of their own are what the tests of readers are made of. */
	if (n->rule == RULE_TP306 && s->kind.role == ROLE_TEST && (same || !s->compared))
		return SEVERITY_LOW;
	/* Who reads a text is misled by what it looks like; who reads a program, by what it does. */
	if (n->rule == RULE_TP323 && s->kind.role != ROLE_BUILD && s->kind.language == LANGUAGE_NONE)
		return SEVERITY_LOW;
	/* A file of JavaScript has no other way to bring wasm along. */
	if (n->rule == RULE_TP325 && s->kind.language == LANGUAGE_JAVASCRIPT && n->severity == SEVERITY_MEDIUM)
		return SEVERITY_LOW;
	/* What is decoded and run hides wherever it stands; tests of encoders do it, and say so. */
	if (n->rule == RULE_TP220)
		return s->kind.role == ROLE_TEST || s->kind.role == ROLE_DOCUMENT ? SEVERITY_LOW :
		       n->severity == SEVERITY_MEDIUM ? by_role(n->severity, s->kind.role) : n->severity;
	if (n->rule == RULE_TP206 && s->compared && !same)
		return n->severity;
	/* Tests run while packages are built, and none of 206 clean releases runs there what it decoded. */
	if (n->rule == RULE_TP206 && s->kind.role == ROLE_TEST)
		return n->severity > SEVERITY_HIGH ? SEVERITY_HIGH : n->severity;
	if (n->rule == RULE_TP206 && s->kind.role == ROLE_SCRIPT && n->severity == SEVERITY_CRITICAL)
		return SEVERITY_MEDIUM;
	/* Tests run while packages are built: for whom they do so is worth a line. */
	if (n->rule == RULE_TP210 && n->severity >= SEVERITY_MEDIUM && s->kind.role == ROLE_TEST)
		return SEVERITY_LOW;
	if (is_script_rule(n->rule))
		return by_role(n->severity, s->kind.role);
	return n->severity;
}

/* Many of a kind in one folder of the tests are what a project tests, where one is what somebody put there. They
 * are told still: whoever hides one among many has brought many. */
static enum severity among_others(const struct subjects *all, const struct subject *s, const struct note *n,
				  enum severity severity)
{
	enum { MANY = 4 };
	const bool zip = n->rule == RULE_TP304 || n->rule == RULE_TP305;

	if ((n->rule != RULE_TP307 && !zip) || s->kind.role != ROLE_TEST ||
	    (s->compared && !subject_in_origin(s)) || subjects_alike(all, s, n->rule, MANY) < MANY)
		return severity;
	return zip && severity > SEVERITY_LOW ? SEVERITY_LOW : severity == SEVERITY_MEDIUM ? SEVERITY_INFO : severity;
}

struct finding *weigh_note(struct result *r, const struct subject *s, const struct note *n)
{
	struct finding *const f = result_find(r, n->rule, entry_path(s->entry), "%.*s",
					      STR_FMT(n->message));

	f->severity = severity_of(s, n);
	f->line = n->line;
	f->offset = n->offset;
	f->length = n->length;
	for (size_t i = 0; i < n->evidence_n; i++)
		finding_evidence(r, f, n->evidence[i]);
	return f;
}

/* What alike notes have in common. */
static struct str kind_of(const struct note *n, struct buf *to)
{
	buf_reset(to);
	buf_addf(to, "%d %d %.*s", (int)n->rule, (int)n->severity, STR_FMT(n->message));
	return buf_str(to);
}

/* What a format for sending files says that it is: tests keep their data so. */
static bool is_usual(const struct subject *s, const struct note *n)
{
	return n->rule == RULE_TP325 && n->severity == SEVERITY_LOW && s->kind.role == ROLE_TEST;
}

/* Alike notes of one file are one finding with their number. */
static void add_findings(struct result *r, const struct subjects *all, const struct subject *s)
{
	const struct notes *const notes = &s->facts->notes;
	AUTO_ARENA struct arena arena = ARENA_INIT;
	AUTO_BUF struct buf kind = BUF_INIT;
	struct map alike = MAP_INIT;

	for (size_t i = 0; i < notes->n; i++) {
		uint64_t *const known = map_get(&alike, kind_of(&notes->v[i], &kind));

		if (known)
			++*known;
		else
			map_put(&alike, arena_str(&arena, buf_str(&kind)), 1);
	}
	for (size_t i = 0; i < notes->n; i++) {
		uint64_t *const n = map_get(&alike, kind_of(&notes->v[i], &kind));
		struct finding *f;

		if (*n == 0 || is_usual(s, &notes->v[i]))
			continue;
		f = weigh_note(r, s, &notes->v[i]);
		f->severity = among_others(all, s, &notes->v[i], f->severity);
		if (*n > 1)
			finding_evidence(r, f, arena_strf(&r->arena, "and %llu more such places in the file",
							  (unsigned long long)*n - 1));
		*n = 0;
	}
	map_release(&alike);
}

/* Byte maps, searches and pipes into a shell, two of them in one build file. */
static void add_up_signs(struct result *r, const struct subject *s)
{
	static const enum rule_id signs[] = { RULE_TP205, RULE_TP207, RULE_TP208 };
	const struct notes *const notes = &s->facts->notes;
	struct finding *f;
	size_t kinds = 0;

	for (size_t k = 0; k < sizeof(signs) / sizeof(signs[0]); k++)
		for (size_t i = 0; i < notes->n; i++)
			if (notes->v[i].rule == signs[k] && (notes->v[i].severity >= SEVERITY_MEDIUM ||
			    (signs[k] == RULE_TP205 && notes->v[i].severity == SEVERITY_LOW))) {
				kinds++;
				break;
			}
	for (size_t i = 0; i < notes->n; i++)
		if (notes->v[i].rule == RULE_TP206 && notes->v[i].severity == SEVERITY_CRITICAL)
			return;	/* they were joined already */
	if (kinds < 2 || s->kind.role != ROLE_BUILD)
		return;
	f = result_find(r, RULE_TP213, entry_path(s->entry), "does %zu things that no clean build file was "
			"seen to do", kinds);
	for (size_t i = 0; i < notes->n; i++)
		if (notes->v[i].rule >= RULE_TP205 && notes->v[i].rule <= RULE_TP208 &&
		    notes->v[i].evidence_n)
			finding_evidence(r, f, notes->v[i].evidence[0]);
}

void weigh_notes(struct result *r, const struct subjects *all, const struct subject *s)
{
	add_findings(r, all, s);
	add_up_signs(r, s);
}
