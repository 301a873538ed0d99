/* Tag names: names are cut into words and numbers, and compared piece by piece.
 * A tag is read as PREFIX VERSION TAIL; the prefix says how well the name fits, version and
 * tail say how well the version does. Adding a scheme is usually one word in words[]. */
#include "input/tagname.h"

#include <ctype.h>
#include <stdint.h>

#define NAME_MAX_BYTES 255	/* what a file system takes as one name; longer ones fit nothing */
#define TOKENS_MAX 64
#define NOT_FOUND SIZE_MAX

enum token_kind { TOKEN_WORD, TOKEN_NUMBER };

struct token {
	enum token_kind kind;
	char sep;		/* the last separator before it; 0 when glued to what is before */
	bool path;		/* a '/' is among the separators before it */
	struct str text;	/* borrowed */
};

struct tokens {
	size_t n;
	struct token v[TOKENS_MAX];
};

enum word_class {
	CLASS_UNKNOWN,
	CLASS_MARK,		/* announces a version, says nothing else; not after it */
	CLASS_RELEASE,		/* "this is the release", in front or behind */
	CLASS_IMPORT,		/* a packager's import of the release: not upstream's own commit */
	CLASS_UNRELEASED,	/* before, after or beside the release: another commit */
	CLASS_PACKAGING,	/* a distribution's own release */
	CLASS_VARIANT,		/* another build of the same release */
	CLASS_AFFIX,		/* put around a name by distributions */
};

static const struct {
	const char *words;
	enum word_class class;
} words[] = {
	{ "v ver version versions r rev n tag tags eng", CLASS_MARK },
	{ "rel release releases released stable final ga rtm", CLASS_RELEASE },
	{ "upstream import imported vendor", CLASS_IMPORT },
	{ "rc alpha beta pre prerelease preview dev devel snapshot snap nightly test testing wip "
	  "draft candidate freeze bp branchpoint branch base root start begin end before after "
	  "post merge merged merging master main trunk head git svn cvs hg bzr old orig broken "
	  "backup archive experimental eol", CLASS_UNRELEASED },
	{ "debian deb ubuntu fedora centos rhel epel el fc rpm suse opensuse gentoo archlinux "
	  "alpine nixos freebsd netbsd openbsd homebrew brew conda mageia pkg package packaging "
	  "pristine ppa", CLASS_PACKAGING },
	{ "npm signed dist src source sources tarball lts", CLASS_VARIANT },
	{ "lib perl python py pypy node nodejs js golang github com ruby rust php haskell ocaml "
	  "java r utils util tools autoconf gnu", CLASS_AFFIX },
};

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

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Bytes above ASCII count as letters: they never separate. */
static bool is_letter(char c)
{
	return isalpha((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* False when there is too much of it to be a name. */
static bool tokens_read(struct str s, struct tokens *t)
{
	t->n = 0;
	if (s.len > NAME_MAX_BYTES)
		return false;
	for (size_t i = 0; i < s.len;) {
		if (t->n == TOKENS_MAX)
			return false;
		struct token *tok = &t->v[t->n++];
		*tok = (struct token){ .kind = TOKEN_WORD };
		for (; i < s.len && !is_digit(s.ptr[i]) && !is_letter(s.ptr[i]); i++) {
			tok->sep = s.ptr[i];
			tok->path = tok->path || s.ptr[i] == '/';
		}
		const size_t start = i;
		const bool digits = i < s.len && is_digit(s.ptr[i]);
		while (i < s.len && (digits ? is_digit(s.ptr[i]) : is_letter(s.ptr[i])))
			i++;
		/* A separator at the end leaves an empty word, which fits nothing: "1.2-". */
		tok->kind = digits ? TOKEN_NUMBER : TOKEN_WORD;
		tok->text = str_of(s.ptr + start, i - start);
	}
	return true;
}

static bool list_has(const char *list, struct str word)
{
	struct str rest = str_from(list), w;
	while (str_next_word(&rest, &w))
		if (str_case_eq(w, word))
			return true;
	return false;
}

/* Whether a word is of a class; "r" is of two. */
static bool word_is(const struct token *t, enum word_class class)
{
	if (t->kind != TOKEN_WORD)
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].class == class && list_has(words[i].words, t->text))
			return true;
	return false;
}

static bool is_mark(const struct token *t)
{
	return word_is(t, CLASS_MARK) || word_is(t, CLASS_RELEASE);
}

static bool is_number(const struct tokens *t, size_t i)
{
	return i < t->n && t->v[i].kind == TOKEN_NUMBER;
}

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
	while (v->from < v->t.n && is_mark(&v->t.v[v->from]))
		v->from++;
	v->core = v->t.n;
	while (v->core > v->from && word_is(&v->t.v[v->core - 1], CLASS_RELEASE))
		v->core--;
	return is_number(&v->t, v->from);
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
		    !(list_has("dfsg ds repack repacked debian deb nmu", tok->text) ||
		      (tok->sep == '~' && list_has("cs", tok->text))))
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
	return is_number(t, i) && str_eq(without_zeros(t->v[i].text), STR("0"));
}

/* "b1" is short for "beta1"; a bare "b" is a patch letter. */
static bool is_short_for(const struct tokens *a, size_t i, const struct tokens *b, size_t j)
{
	static const char *const pairs[] = { "a alpha", "b beta", "c rc", "pre preview" };
	if (!is_number(a, i + 1) || !is_number(b, j + 1))
		return false;
	for (size_t k = 0; k < sizeof(pairs) / sizeof(pairs[0]); k++)
		if (list_has(pairs[k], a->v[i].text) && list_has(pairs[k], b->v[j].text))
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
	if (numbers < 2 || !is_zero(t, i) || !is_number(t, i - 1) || !dot_or_bar(t->v[i].sep))
		return false;
	while (is_number(t, i) && dot_or_bar(t->v[i].sep))
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
		if (is_number(tag, b)) {
			const bool run = *numbers > 0 && is_number(&v->t, a - 1) &&
				is_number(tag, b - 1);
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
		} else if (word_is(tok, CLASS_RELEASE)) {
			fit = fit_min(fit, VERSION_RELEASE);
		} else if (!apart || tok->text.len == 0 || word_is(tok, CLASS_UNRELEASED) ||
			   word_is(tok, CLASS_PACKAGING)) {
			return VERSION_NO;
		} else if (tok->text.len > 1 && tokens_have(name, tok->text)) {
			*named = name->n > 1;
			fit = fit_min(fit, *named ? VERSION_EXACT : VERSION_RELEASE);
		} else if (word_is(tok, CLASS_VARIANT)) {
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
			word_is(&t->v[i - 1], CLASS_AFFIX);
		if (of_affix || word_is(tok, CLASS_AFFIX))
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
		if (word_is(&tag->v[i], CLASS_UNRELEASED) || word_is(&tag->v[i], CLASS_PACKAGING))
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
			if (to == from || !is_mark(&tag->v[to - 1]))
				break;
		}
		if (from >= to)
			return import ? NAME_IMPORT : NAME_NONE;
		if (word_is(&tag->v[from], CLASS_IMPORT))
			import = true;
		else if (!is_mark(&tag->v[from]))
			break;
	}
	size_t last = to - 1;
	while (last > from && !tag->v[last].path)
		last--;
	if (last == from || !(is_name(&c, tag, last, to, end) || is_name(&c, tag, last, end, end)))
		return words_fit(name, tag, from, to);
	for (size_t i = from; i < last; i++)
		if (word_is(&tag->v[i], CLASS_UNRELEASED) || word_is(&tag->v[i], CLASS_PACKAGING))
			return NAME_NO;
	return NAME_SCOPED;
}

/* Whether a number right before token `at` is a part of the version in truth: 1.2 in 3.1.2,
 * but not 10.42 in pcre2-10.42. */
static bool is_cut(const struct tokens *tag, size_t at, enum name_fit fit)
{
	if (at == 0 || !is_number(tag, at - 1))
		return false;
	const char sep = tag->v[at].sep;
	return sep == '.' || (fit != NAME_SAME && is_number(tag, at + 1) &&
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
		const unsigned int rank = is_number(tag, i) ? rank_at(&v, name, tag, i) : 0;
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
		if (!is_number(&t, at) || is_cut(&t, at, NAME_NONE))
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
		else if (is_number(&v.t, a) && is_number(&t, b))
			score += number_closeness(v.t.v[a].text, t.v[b].text);
		score += (unsigned int)prefix_fit(&name, &t, at);
		best = score > best ? score : best;
	}
	/* Above all what fits. */
	return best + (tagname_rank(n, tag) > 0 ? 100 * TOKENS_MAX : 0);
}

/* --- file names --- */

/* How a file name ends, and what that says of the rest. */
static const struct {
	const char *suffix;
	bool revision;	/* a packager's revision stands before it */
	bool debian;	/* NAME_VERSION */
} suffixes[] = {
	{ ".src.rpm", true, false }, { ".rpm", true, false },
	{ ".dsc", true, true }, { ".debian.tar", true, true }, { ".diff", true, true },
	{ ".tar", false, false }, { ".gz", false, false }, { ".xz", false, false },
	{ ".bz2", false, false }, { ".zst", false, false }, { ".lz", false, false },
	{ ".lzma", false, false }, { ".Z", false, false }, { ".tgz", false, false },
	{ ".txz", false, false }, { ".tbz", false, false }, { ".tbz2", false, false },
	{ ".tzst", false, false }, { ".tlz", false, false }, { ".zip", false, false },
	{ ".7z", false, false }, { ".crate", false, false }, { ".gem", false, false },
	{ ".whl", false, false }, { ".jar", false, false }, { ".nupkg", false, false },
	{ ".asc", false, false }, { ".sig", false, false },
};

struct stem {
	struct str s;
	bool revision;
	bool debian;
};

static struct stem stem_of(struct str file)
{
	while (str_ends(file, STR("/")))
		file = str_first(file, file.len - 1);
	const size_t slash = str_rfind(file, '/');
	struct stem stem = { .s = slash == NOT_FOUND ? file : str_from_at(file, slash + 1) };
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]);) {
		const struct str suffix = str_from(suffixes[i].suffix);
		if (stem.s.len <= suffix.len || stem.revision ||
		    !str_case_eq(str_from_at(stem.s, stem.s.len - suffix.len), suffix)) {
			i++;
			continue;
		}
		stem.s = str_first(stem.s, stem.s.len - suffix.len);
		stem.revision = suffixes[i].revision;
		stem.debian = suffixes[i].debian;
		i = 0;
	}
	/* foo_1.2.orig, foo_1.2.orig-component (dpkg-source(1), format 3.0) */
	const size_t orig = str_find_str(stem.s, STR(".orig"));
	if (orig != NOT_FOUND && (orig + 5 == stem.s.len || stem.s.ptr[orig + 5] == '-')) {
		stem.s = str_first(stem.s, orig);
		stem.debian = true;
	}
	const size_t dash = str_rfind(stem.s, '-');
	if (stem.revision && dash != NOT_FOUND)
		stem.s = str_first(stem.s, dash);
	return stem;
}

/* What an abbreviated commit looks like: GitHub names folders so. */
static bool is_hash(struct str s)
{
	bool letter = false;
	for (size_t i = 0; i < s.len; i++) {
		if (!isxdigit((unsigned char)s.ptr[i]))
			return false;
		letter = letter || !is_digit(s.ptr[i]);
	}
	return letter && s.len >= 7;
}

/* How far a version that begins at token `at` goes, and how many numbers are in it. */
static size_t version_end(const struct tokens *t, size_t at, unsigned int *numbers)
{
	size_t i = at;
	bool free = false;	/* behind a '+' or '~' anything may stand */
	*numbers = 0;
	for (; i < t->n; i++) {
		const struct token *tok = &t->v[i];
		free = free || tok->sep == '+' || tok->sep == '~';
		const bool known = word_is(tok, CLASS_RELEASE) || word_is(tok, CLASS_UNRELEASED);
		const bool glued = !tok->sep && tok->text.len <= 2;
		if (tok->kind == TOKEN_NUMBER)
			++*numbers;
		else if (!free && !known && !glued && !(tok->text.len == 1 && i + 1 < t->n))
			break;
	}
	return i;
}

/* Passes over the places where the version may begin, the surest first. */
static const struct {
	const char *seps;
	unsigned int numbers;	/* at least that many */
	bool whole;		/* all that follows is the version */
} passes[] = {
	{ "-@ ", 2, true }, { "-@ ", 2, false }, { "_", 2, true }, { "_", 2, false },
	{ "-@ ", 1, true }, { "_", 1, true },
};

/* The token at which the version begins; *end is behind its last one. */
static size_t version_start(const struct tokens *t, size_t *end)
{
	unsigned int numbers;
	for (size_t p = 0; p < sizeof(passes) / sizeof(passes[0]); p++) {
		for (size_t i = 0; i < t->n; i++) {
			const bool marked = i > 0 && !t->v[i].sep && is_mark(&t->v[i - 1]);
			const size_t first = marked ? i - 1 : i;
			const char sep = first ? t->v[first].sep : '-';
			if (!is_number(t, i) || !sep || !strchr(passes[p].seps, sep))
				continue;
			*end = version_end(t, i, &numbers);
			if (numbers >= passes[p].numbers && (!passes[p].whole || *end == t->n))
				return i;
		}
	}
	/* tzdata2024a, xfig3.2: glued; but libfoo2 has no version */
	for (size_t i = 1; i < t->n; i++) {
		if (!is_number(t, i) || t->v[i].sep || is_number(t, i - 1))
			continue;
		*end = version_end(t, i, &numbers);
		if (*end == t->n && (numbers >= 2 || t->v[i].text.len >= 4))
			return i;
	}
	return NOT_FOUND;
}

/* The name in front of a version: without "release-" and the like, and once where a forge
 * wrote REPOSITORY-TAG. */
static struct str name_of(struct str s, const struct tokens *t, size_t at)
{
	while (at > 0 && is_mark(&t->v[at - 1]))
		at--;
	if (at == 0)
		return (struct str){ NULL, 0 };
	const struct str last = t->v[at - 1].text;
	size_t len = (size_t)(last.ptr - s.ptr) + last.len;
	/* gtk+-3.24: a separator that is not one */
	while (len < s.len && s.ptr[len] == '+')
		len++;
	const struct str name = str_first(s, len);
	const size_t half = len / 2;
	if (len % 2 == 1 && name.ptr[half] == '-' &&
	    str_eq(str_first(name, half), str_from_at(name, half + 1)))
		return str_first(name, half);
	return name;
}

bool tagname_split(struct arena *a, struct str file, struct artifact_name *out)
{
	*out = (struct artifact_name){ { NULL, 0 }, { NULL, 0 } };
	const struct stem stem = stem_of(file);
	const struct str s = stem.s;
	struct tokens t;
	if (!tokens_read(s, &t) || t.n == 0)
		return false;
	const size_t bar = str_find(s, '_');
	if (stem.debian && bar != NOT_FOUND) {
		out->name = arena_str(a, str_first(s, bar));
		out->version = arena_str(a, str_from_at(s, bar + 1));
		return out->version.len > 0;
	}
	size_t end;
	const size_t at = version_start(&t, &end);
	if (at == NOT_FOUND) {
		out->name = arena_str(a, s);
		return false;
	}
	const struct str last = t.v[end - 1].text;
	const char *const start = t.v[at].text.ptr;
	const struct str version = str_of(start, (size_t)(last.ptr + last.len - start));
	out->name = arena_str(a, name_of(s, &t, at));
	if (is_hash(version))
		return false;
	out->version = arena_str(a, version);
	return true;
}
