/* Tag names: names are cut into words and numbers, and compared piece by piece.
 * A tag is read as PREFIX VERSION TAIL; the prefix says how well the name fits, version and
 * tail say how well the version does. */
#include "input/tagname.h"

#include <ctype.h>

#include "input/nametokens.h"

/* From the weakest to the best; 0 is "does not fit". */
enum version_fit {
	VERSION_NO,
	VERSION_LOOSE,		/* a leading zero, a dash where the other has a dot */
	VERSION_VARIANT,	/* 1.2-npm */
	VERSION_SPELLING,	/* 1.2.0 for 1.2, 1.2-beta1 for 1.2b1 */
	VERSION_DATED,		/* 1.2-20220414 */
	VERSION_RELEASE,	/* 1.2-final for 1.2, or the reverse */
	VERSION_EXACT,
	VERSION_FITS
};

enum name_fit {
	NAME_NO,
	NAME_OTHER,	/* another word: perhaps another component */
	NAME_IMPORT,	/* upstream/1.2 */
	NAME_RELATED,	/* the same but for what distributions add: libfoo-perl, foo2 */
	NAME_NONE,	/* v1.2 */
	NAME_SCOPED,	/* @scope/foo@1.2 */
	NAME_SAME,
	NAME_FITS
};

/* --- versions --- */

struct version {
	struct tokens t;
	size_t from;	/* behind a leading "v" */
	size_t core;	/* end of the numbers and words that must match; release words follow */
};

static bool version_read(struct str s, struct version *v)
{
	if (!tokens_read(s, &v->t))
		return false;
	v->from = 0;
	while (v->from < v->t.n && token_is_mark(&v->t.v[v->from]))
		v->from++;
	v->core = v->t.n;
	while (v->core > v->from && token_is(&v->t.v[v->core - 1], CLASS_RELEASE))
		v->core--;
	return token_is_number(&v->t, v->from);
}

/* The version upstream gave, from what Debian made of it (deb-version(7), and the habits
 * of repacking that its Developers' Reference, section 6.7.8, names). */
static struct str version_upstream(struct str s)
{
	const size_t colon = str_find(s, ':');
	if (colon != NOT_FOUND)
		s = str_from_at(s, colon + 1);
	const struct str really = STR("+really");
	const size_t at = str_find_str(s, really);
	if (at != NOT_FOUND)
		s = str_from_at(s, at + really.len);
	struct tokens t;
	if (!tokens_read(s, &t))
		return s;
	for (size_t i = 1; i < t.n; i++) {
		const struct token *tok = &t.v[i];
		/* "+~cs1.2" counts the components that are packed together. */
		if (tok->kind != TOKEN_WORD || !tok->sep ||
		    !(words_have("dfsg ds repack repacked debian deb nmu", tok->text) ||
		      (tok->sep == '~' && words_have("cs", tok->text))))
			continue;
		const struct str before = t.v[i - 1].text;
		return str_first(s, (size_t)(before.ptr - s.ptr) + before.len);
	}
	return s;
}

static struct str without_zeros(struct str s)
{
	while (s.len > 1 && s.ptr[0] == '0')
		s = str_from_at(s, 1);
	return s;
}

static bool is_zero(const struct tokens *t, size_t i)
{
	return token_is_number(t, i) && str_eq(without_zeros(t->v[i].text), STR("0"));
}

/* "b1" is short for "beta1"; a bare "b" is a patch letter. */
static bool is_short_for(const struct tokens *a, size_t i, const struct tokens *b, size_t j)
{
	static const char *const pairs[] = { "a alpha", "b beta", "c rc", "pre preview" };
	if (!token_is_number(a, i + 1) || !token_is_number(b, j + 1))
		return false;
	for (size_t k = 0; k < sizeof(pairs) / sizeof(pairs[0]); k++)
		if (words_have(pairs[k], a->v[i].text) && words_have(pairs[k], b->v[j].text))
			return true;
	return false;
}

static enum version_fit token_fit(const struct tokens *a, size_t i, const struct tokens *b,
				  size_t j)
{
	const struct token *const x = &a->v[i], *const y = &b->v[j];
	if (x->kind != y->kind)
		return VERSION_NO;
	if (str_case_eq(x->text, y->text))
		return VERSION_EXACT;
	if (x->kind == TOKEN_WORD)
		return is_short_for(a, i, b, j) ? VERSION_SPELLING : VERSION_NO;
	/* 2024.01 and 2024.1; a longer filling is another numbering. */
	if (x->text.len > 2 || y->text.len > 2)
		return VERSION_NO;
	return str_eq(without_zeros(x->text), without_zeros(y->text)) ? VERSION_LOOSE : VERSION_NO;
}

static bool dot_or_bar(char sep)
{
	return sep == '.' || sep == '_';
}

/* A ".0" at the end of the numbers may be left out when two of them stay: "2" for 2.0 is
 * often a tag that moves. */
static bool may_skip_zero(const struct tokens *t, size_t i, unsigned int numbers)
{
	if (numbers < 2 || !is_zero(t, i) || !token_is_number(t, i - 1) || !dot_or_bar(t->v[i].sep))
		return false;
	while (token_is_number(t, i) && dot_or_bar(t->v[i].sep))
		if (!is_zero(t, i++))
			return false;
	return true;
}

/* Whether the separator before token i is the one that this name uses for a dot: the
 * first between two numbers, as in 1_2_3 or 1-2-3. */
static bool is_dot(const struct tokens *t, size_t i, size_t first)
{
	const char sep = t->v[i].sep;
	return sep == t->v[first + 1].sep && (sep == '.' || sep == '_' || sep == '-');
}

static enum version_fit fit_min(enum version_fit a, enum version_fit b)
{
	return a < b ? a : b;
}

/* Matches the core of the version with the tag from token `at` on; *next is where the tag
 * goes on, *numbers how many numbers agreed. */
static enum version_fit core_fit(const struct version *v, const struct tokens *tag, size_t at,
				 size_t *next, unsigned int *numbers)
{
	enum version_fit fit = VERSION_EXACT;
	size_t a = v->from, b = at;
	*numbers = 0;
	while (a < v->core || b < tag->n) {
		const enum version_fit here = a < v->core && b < tag->n ?
			token_fit(&v->t, a, tag, b) : VERSION_NO;
		if (here == VERSION_NO && a < v->core && may_skip_zero(&v->t, a, *numbers)) {
			fit = fit_min(fit, VERSION_SPELLING);
			a++;
			continue;
		}
		if (here == VERSION_NO && b < tag->n && may_skip_zero(tag, b, *numbers)) {
			fit = fit_min(fit, VERSION_SPELLING);
			b++;
			continue;
		}
		if (a == v->core)
			break;
		if (here == VERSION_NO)
			return VERSION_NO;
		fit = fit_min(fit, here);
		if (token_is_number(tag, b)) {
			const bool run = *numbers > 0 && token_is_number(&v->t, a - 1) &&
				token_is_number(tag, b - 1);
			if (run && is_dot(&v->t, a, v->from) != is_dot(tag, b, at))
				fit = fit_min(fit, VERSION_LOOSE);
			++*numbers;
		}
		a++;
		b++;
	}
	*next = b;
	return fit;
}

static bool is_date(struct str s)
{
	return s.len == 8 && (str_starts(s, STR("19")) || str_starts(s, STR("20"))) &&
		s.ptr[4] <= '1' && s.ptr[6] <= '3';
}

static bool tokens_have(const struct tokens *t, struct str word)
{
	for (size_t i = 0; i < t->n; i++)
		if (str_case_eq(t->v[i].text, word))
			return true;
	return false;
}

/* How much what stands behind the version takes away. Sets *named when it is a part of the
 * name ("4.17.21-es" of lodash-es). */
static enum version_fit tail_fit(const struct version *v, const struct tokens *name,
				 const struct tokens *tag, size_t next, bool *named)
{
	bool same = tag->n - next == v->t.n - v->core;
	for (size_t i = next; same && i < tag->n; i++)
		same = str_case_eq(tag->v[i].text, v->t.v[v->core + i - next].text);
	if (same)
		return VERSION_EXACT;
	enum version_fit fit = next == tag->n ? VERSION_RELEASE : VERSION_EXACT;
	for (size_t i = next; i < tag->n; i++) {
		const struct token *tok = &tag->v[i];
		const bool apart = tok->sep != '\0';
		if (tok->kind == TOKEN_NUMBER) {
			if (!is_date(tok->text) || !(tok->sep == '-' || tok->sep == '_') ||
			    i + 1 < tag->n)
				return VERSION_NO;
			fit = fit_min(fit, VERSION_DATED);
		} else if (token_is(tok, CLASS_RELEASE)) {
			fit = fit_min(fit, VERSION_RELEASE);
		} else if (!apart || tok->text.len == 0 || token_is(tok, CLASS_UNRELEASED) ||
			   token_is(tok, CLASS_PACKAGING)) {
			return VERSION_NO;
		} else if (tok->text.len > 1 && tokens_have(name, tok->text)) {
			*named = name->n > 1;
			fit = fit_min(fit, *named ? VERSION_EXACT : VERSION_RELEASE);
		} else if (token_is(tok, CLASS_VARIANT)) {
			fit = fit_min(fit, VERSION_VARIANT);
		} else {
			return VERSION_NO;
		}
	}
	return fit;
}

/* --- names --- */

struct compact {
	size_t len;
	char text[2 * NAME_MAX_BYTES];	/* room for a dot before each byte */
};

static void compact_add(struct compact *c, struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		c->text[c->len++] = (char)tolower((unsigned char)s.ptr[i]);
}

/* Lower case without separators, so that c-ares and CARES agree. A separator before a number
 * stays, as a dot, so that foo-2 and foo2 do not. */
static void compact_full(const struct tokens *t, size_t from, size_t to, struct compact *c)
{
	c->len = 0;
	for (size_t i = from; i < to; i++) {
		if (i > from && t->v[i].kind == TOKEN_NUMBER && t->v[i].sep)
			c->text[c->len++] = '.';
		compact_add(c, t->v[i].text);
	}
}

/* What stays of a name without what distributions put around it: moose of libmoose-perl,
 * xz of xz-utils, png of libpng1.6. */
static void compact_essence(const struct tokens *t, size_t from, size_t to, struct compact *c)
{
	c->len = 0;
	while (to > from && t->v[to - 1].kind == TOKEN_NUMBER)
		to--;
	for (size_t i = from; i < to; i++) {
		const struct token *tok = &t->v[i];
		const bool of_affix = i > from && tok->kind == TOKEN_NUMBER && !tok->sep &&
			token_is(&t->v[i - 1], CLASS_AFFIX);
		if (of_affix || token_is(tok, CLASS_AFFIX))
			continue;
		const bool lib = i == from && tok->text.len > 4 &&
			str_case_eq(str_first(tok->text, 3), STR("lib"));
		compact_add(c, str_from_at(tok->text, lib ? 3 : 0));
	}
}

static bool compact_eq(const struct compact *a, struct str b)
{
	return a->len > 0 && str_eq(str_of(a->text, a->len), b);
}

/* Whether tag tokens [from, to) are the name; `end` is where the version begins. */
static bool is_name(const struct compact *name, const struct tokens *tag, size_t from, size_t to,
		    size_t end)
{
	struct compact c;
	compact_full(tag, from, to, &c);
	const struct str s = str_of(c.text, c.len);
	if (compact_eq(name, s))
		return true;
	/* foov1.2 */
	return to == end && to > from && tag->v[end].sep == '\0' && str_ends(s, STR("v")) &&
		compact_eq(name, str_first(s, s.len - 1));
}

static enum name_fit words_fit(const struct tokens *name, const struct tokens *tag, size_t from,
			       size_t to)
{
	for (size_t i = from; i < to; i++)
		if (tag->v[i].kind == TOKEN_NUMBER && (i == from || tag->v[i].sep))
			return NAME_NO;	/* a number of its own: another version */
	struct compact a, b;
	compact_essence(name, 0, name->n, &a);
	compact_essence(tag, from, to, &b);
	if (a.len >= 2 && compact_eq(&a, str_of(b.text, b.len)))
		return NAME_RELATED;
	for (size_t i = from; i < to; i++)
		if (token_is(&tag->v[i], CLASS_UNRELEASED) || token_is(&tag->v[i], CLASS_PACKAGING))
			return NAME_NO;
	return NAME_OTHER;
}

/* How the words before the version, tokens [0, end), fit the name. */
static enum name_fit prefix_fit(const struct tokens *name, const struct tokens *tag, size_t end)
{
	struct compact c;
	compact_full(name, 0, name->n, &c);
	bool import = false;
	size_t from = 0, to;
	/* Try the name before each mark is taken away, for it may be a part of the name. */
	for (;; from++) {
		for (to = end;; to--) {
			if (is_name(&c, tag, from, to, end))
				return import ? NAME_IMPORT : NAME_SAME;
			if (to == from || !token_is_mark(&tag->v[to - 1]))
				break;
		}
		if (from >= to)
			return import ? NAME_IMPORT : NAME_NONE;
		if (token_is(&tag->v[from], CLASS_IMPORT))
			import = true;
		else if (!token_is_mark(&tag->v[from]))
			break;
	}
	size_t last = to - 1;
	while (last > from && !tag->v[last].path)
		last--;
	if (last == from || !(is_name(&c, tag, last, to, end) || is_name(&c, tag, last, end, end)))
		return words_fit(name, tag, from, to);
	for (size_t i = from; i < last; i++)
		if (token_is(&tag->v[i], CLASS_UNRELEASED) || token_is(&tag->v[i], CLASS_PACKAGING))
			return NAME_NO;
	return NAME_SCOPED;
}

/* Whether a number right before token `at` is a part of the version in truth: 1.2 in 3.1.2,
 * but not 10.42 in pcre2-10.42. */
static bool is_cut(const struct tokens *tag, size_t at, enum name_fit fit)
{
	if (at == 0 || !token_is_number(tag, at - 1))
		return false;
	const char sep = tag->v[at].sep;
	return sep == '.' || (fit != NAME_SAME && token_is_number(tag, at + 1) &&
			      tag->v[at + 1].sep == sep);
}

static unsigned int rank_at(const struct version *v, const struct tokens *name,
			    const struct tokens *tag, size_t at)
{
	size_t next;
	unsigned int numbers;
	bool named = false;
	enum version_fit fit = core_fit(v, tag, at, &next, &numbers);
	if (fit != VERSION_NO)
		fit = fit_min(fit, tail_fit(v, name, tag, next, &named));
	if (fit == VERSION_NO)
		return 0;
	enum name_fit nfit = prefix_fit(name, tag, at);
	if (nfit == NAME_NO || is_cut(tag, at, nfit))
		return 0;
	/* One number says too little to bear a doubtful name as well. */
	if (numbers < 2 && (nfit == NAME_OTHER || nfit == NAME_RELATED))
		return 0;
	if (nfit == NAME_OTHER)
		return fit < VERSION_RELEASE ? 0 : fit == VERSION_EXACT ? 2 : 1;
	if (named && nfit == NAME_NONE)
		nfit = NAME_SCOPED;
	return TAGNAME_WEAK + (unsigned int)fit * NAME_FITS + (unsigned int)nfit;
}

static unsigned int rank_version(struct str version, const struct tokens *name,
				 const struct tokens *tag)
{
	struct version v;
	unsigned int best = 0;
	if (!version_read(version, &v))
		return 0;
	for (size_t i = 0; i < tag->n; i++) {
		const unsigned int rank = token_is_number(tag, i) ? rank_at(&v, name, tag, i) : 0;
		best = rank > best ? rank : best;
	}
	return best;
}

unsigned int tagname_rank(const struct artifact_name *n, struct str tag)
{
	/* More than any rank within one of the two groups below. */
	const unsigned int as_given = VERSION_FITS * NAME_FITS;
	struct tokens name, t;
	if (!tokens_read(n->name, &name) || !tokens_read(tag, &t))
		return 0;
	const unsigned int rank = rank_version(n->version, &name, &t);
	if (rank > TAGNAME_WEAK)
		return rank + as_given;
	if (rank > 0)
		return rank + 2;
	const struct str upstream = version_upstream(n->version);
	return upstream.len < n->version.len ? rank_version(upstream, &name, &t) : 0;
}

/* 0 for far apart to 40. */
static unsigned int number_closeness(struct str a, struct str b)
{
	long long v[2] = { 0, 0 };
	const struct str s[2] = { a, b };
	for (size_t k = 0; k < 2; k++) {
		if (s[k].len > 18)
			return 0;
		for (size_t i = 0; i < s[k].len; i++)
			v[k] = 10 * v[k] + (s[k].ptr[i] - '0');
	}
	const long long d = v[0] < v[1] ? v[1] - v[0] : v[0] - v[1];
	return d < 40 ? 40 - (unsigned int)d : 0;
}

unsigned int tagname_nearness(const struct artifact_name *n, struct str tag)
{
	struct tokens name, t;
	struct version v;
	unsigned int best = 0;
	if (!tokens_read(n->name, &name) || !tokens_read(tag, &t) ||
	    !version_read(version_upstream(n->version), &v))
		return 0;
	for (size_t at = 0; at < t.n; at++) {
		if (!token_is_number(&t, at) || is_cut(&t, at, NAME_NONE))
			continue;
		unsigned int score = 0;
		size_t a = v.from, b = at;
		for (; a < v.t.n && b < t.n && token_fit(&v.t, a, &t, b) != VERSION_NO; a++, b++)
			score += 100;
		if (score == 0)
			continue;
		/* Of numbers that differ, the closer; a version that goes on is closer still. */
		if (a == v.t.n)
			score += 50;
		else if (token_is_number(&v.t, a) && token_is_number(&t, b))
			score += number_closeness(v.t.v[a].text, t.v[b].text);
		score += (unsigned int)prefix_fit(&name, &t, at);
		best = score > best ? score : best;
	}
	/* Above all what fits. */
	return best + (tagname_rank(n, tag) > 0 ? 100 * TOKENS_MAX : 0);
}
