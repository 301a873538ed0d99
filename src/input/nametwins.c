#include "input/nametwins.h"

#include "base/cleanup.h"
#include "base/escape.h"
#include "base/map.h"
#include "input/namelint.h"

/* Pairs are told apart by what the tag has of them. */
enum twins {
	TWINS_BOTH,		/* the tag has both, or they have one content, or there is no tag */
	TWINS_NONE_CASE,	/* it has neither; they differ by case only */
	TWINS_NONE,		/* ... by more */
	TWINS_ONE,		/* one is the tag's, the other is not */
	TWINS_KINDS,
};

struct twinning {
	struct result *r;
	const struct tree *origin;
	struct tally pairs[TWINS_KINDS];
	struct tally shadowed, shadowed_known, shadowing;
};

/* Letters that look like ASCII ones in common fonts (from Unicode's confusables.txt, Greek and
 * Cyrillic only, in order). */
static const struct {
	unsigned short code;
	char like;
} confusable[] = {
	{ 0x391, 'a' }, { 0x392, 'b' }, { 0x395, 'e' }, { 0x396, 'z' }, { 0x397, 'h' }, { 0x399, 'i' },
	{ 0x39a, 'k' }, { 0x39c, 'm' }, { 0x39d, 'n' }, { 0x39f, 'o' }, { 0x3a1, 'p' }, { 0x3a4, 't' },
	{ 0x3a5, 'y' }, { 0x3a7, 'x' }, { 0x3bf, 'o' }, { 0x3f2, 'c' }, { 0x3f3, 'j' }, { 0x3f9, 'c' },
	{ 0x405, 's' }, { 0x406, 'i' }, { 0x408, 'j' }, { 0x410, 'a' }, { 0x412, 'b' }, { 0x415, 'e' },
	{ 0x41a, 'k' }, { 0x41c, 'm' }, { 0x41d, 'h' }, { 0x41e, 'o' }, { 0x420, 'p' }, { 0x421, 'c' },
	{ 0x422, 't' }, { 0x425, 'x' }, { 0x430, 'a' }, { 0x435, 'e' }, { 0x43e, 'o' }, { 0x440, 'p' },
	{ 0x441, 'c' }, { 0x443, 'y' }, { 0x445, 'x' }, { 0x455, 's' }, { 0x456, 'i' }, { 0x458, 'j' },
	{ 0x4ae, 'y' }, { 0x4bb, 'h' }, { 0x4c0, 'i' }, { 0x4cf, 'l' }, { 0x501, 'd' }, { 0x51b, 'q' },
	{ 0x51d, 'w' },
};

static unsigned int look_alike(unsigned int code)
{
	size_t from = 0, to = sizeof(confusable) / sizeof(confusable[0]);

	/* Full-width forms of ASCII. */
	if (code >= 0xff01 && code <= 0xff5e)
		code -= 0xff01 - '!';
	while (from < to) {
		const size_t middle = from + (to - from) / 2;

		if (confusable[middle].code == code)
			return (unsigned int)confusable[middle].like;
		if (confusable[middle].code < code)
			from = middle + 1;
		else
			to = middle;
	}
	return code;
}

/* Lower case, for the scripts that have one and where it is a matter of adding. */
static unsigned int lower(unsigned int c)
{
	if ((c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7) ||
	    (c >= 0x391 && c <= 0x3a9) || (c >= 0x410 && c <= 0x42f))
		return c + 0x20;
	if (c >= 0x400 && c <= 0x40f)
		return c + 0x50;
	if ((c >= 0x100 && c <= 0x137) || (c >= 0x14a && c <= 0x177) || (c >= 0x460 && c <= 0x4bf))
		return c | 1;
	return c;
}

/* Canonical decomposition of Latin-1 letters, in lower case (Unicode's UnicodeData.txt): the base
 * and the combining mark, 0 for those that have none. */
static unsigned int decompose(unsigned int c, unsigned int *mark)
{
	static const char base[] = "aaaaaa\0ceeeeiiii\0nooooo\0\0uuuuy\0y";
	static const unsigned char marks[] = {
		0x00, 0x01, 0x02, 0x03, 0x08, 0x0a, 0, 0x27, 0x00, 0x01, 0x02, 0x08, 0x00, 0x01, 0x02,
		0x08, 0, 0x03, 0x00, 0x01, 0x02, 0x03, 0x08, 0, 0, 0x00, 0x01, 0x02, 0x08, 0x01, 0, 0x08,
	};

	*mark = 0;
	if (c < 0xe0 || c > 0xff || !base[c - 0xe0])
		return c;
	*mark = 0x300u + marks[c - 0xe0];
	return (unsigned char)base[c - 0xe0];
}

static void add_code(struct buf *key, unsigned int c)
{
	if (c < 0x80) {
		buf_add_char(key, (char)c);
		return;
	}
	/* Any injective form does. */
	buf_add_char(key, (char)0xff);
	buf_add(key, &c, sizeof(c));
}

/* A dot or blank at the end of a component is lost on Windows, and unseen anywhere. */
static void end_component(struct buf *key, size_t from)
{
	while (key->len > from + 1 &&
	       (key->ptr[key->len - 1] == ' ' || key->ptr[key->len - 1] == '.'))
		key->len--;
}

/* What a name looks like: in lower case, without what can't be seen, decomposed, look-alikes as
 * ASCII. */
static void make_key(struct buf *key, struct str path)
{
	size_t from = 0;

	buf_reset(key);
	while (path.len) {
		unsigned int code = (unsigned char)path.ptr[0], mark = 0;
		size_t n = 1;

		if (code >= 0x80) {
			n = escape_utf8(path, &code);
			code = n ? code : 0x110000u + (unsigned char)path.ptr[0];
			n = n ? n : 1;
		}
		path = str_from_at(path, n);
		if (is_invisible(code) || is_bidi_control(code))
			continue;
		if (code == '/') {
			end_component(key, from);
			from = key->len;
		}
		add_code(key, decompose(look_alike(lower(look_alike(code))), &mark));
		if (mark)
			add_code(key, mark);
	}
	end_component(key, from);
}

/* The common case: ASCII, of which only letters change. */
static bool make_ascii_key(struct buf *key, struct str path)
{
	char *to;
	unsigned char any = 0;

	buf_reset(key);
	to = buf_reserve(key, path.len + 1);
	for (size_t i = 0; i < path.len; i++) {
		const unsigned char c = (unsigned char)path.ptr[i];

		any |= c;
		to[i] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
	}
	key->len = path.len;
	key->ptr[key->len] = '\0';
	return any < 0x80 && !str_ends(path, STR(" ")) && !str_ends(path, STR(".")) &&
	       str_find_str(path, STR("./")) == (size_t)-1 &&
	       str_find_str(path, STR(" /")) == (size_t)-1;
}

static bool same_content(const struct entry *a, const struct entry *b)
{
	return a->type == b->type && (a->flags & ENTRY_HAS_OID) && (b->flags & ENTRY_HAS_OID) &&
	       oid_eq(&a->oid, &b->oid);
}

static enum twins judge(const struct twinning *t, const struct entry *a, const struct entry *b)
{
	const bool in_a = origin_has_path(t->origin, entry_path(a));
	const bool in_b = origin_has_path(t->origin, entry_path(b));

	if (!t->origin || (in_a && in_b) || same_content(a, b))
		return TWINS_BOTH;
	if (in_a || in_b)
		return TWINS_ONE;
	return str_case_eq(entry_path(a), entry_path(b)) ? TWINS_NONE_CASE : TWINS_NONE;
}

static void check_pairs(struct twinning *t)
{
	AUTO_ARENA struct arena keys = ARENA_INIT;
	AUTO_BUF struct buf key = BUF_INIT;
	struct map seen = MAP_INIT;

	for (size_t i = 0; i < t->r->artifact_tree.n; i++) {
		const struct entry *e = &t->r->artifact_tree.v[i], *first;
		const uint64_t *at;

		if (!make_ascii_key(&key, entry_path(e)))
			make_key(&key, entry_path(e));
		at = map_get(&seen, buf_str(&key));
		if (!at) {
			map_put(&seen, arena_str(&keys, buf_str(&key)), i);
			continue;
		}
		first = &t->r->artifact_tree.v[*at];
		tally_add(&t->r->arena, &t->pairs[judge(t, first, e)], entry_path(e), -1,
			  entry_path(first));
	}
	map_release(&seen);
}

/* What make looks for, first to last (GNU make's manual; BSD make knows the last two only). */
static const char *const makefiles[] = { "GNUmakefile", "makefile", "Makefile" };
enum { MAKEFILES = sizeof(makefiles) / sizeof(makefiles[0]) };

static const struct entry *beside(const struct twinning *t, struct str dir, const char *name)
{
	AUTO_BUF struct buf path = BUF_INIT;

	buf_add_str(&path, dir);
	buf_add_cstr(&path, name);
	return tree_find(&t->r->artifact_tree, buf_str(&path));
}

static void check_makefile(struct twinning *t, const struct entry *e, struct str dir, size_t rank)
{
	struct arena *a = &t->r->arena;
	const struct str path = entry_path(e);
	const bool known = !t->origin || origin_has_path(t->origin, path);

	for (size_t i = rank + 1; i < MAKEFILES; i++) {
		const struct entry *lower_rank = beside(t, dir, makefiles[i]);

		if (lower_rank && !same_content(e, lower_rank)) {
			tally_add(a, known ? &t->shadowed_known : &t->shadowed, path, -1,
				  entry_path(lower_rank));
			return;
		}
	}
	if (!known && (beside(t, dir, "Makefile.in") || beside(t, dir, "Makefile.am")))
		tally_add(a, &t->shadowing, path, -1, STR(""));
}

static void check_makefiles(struct twinning *t)
{
	for (size_t i = 0; i < t->r->artifact_tree.n; i++) {
		const struct entry *e = &t->r->artifact_tree.v[i];
		const struct str path = entry_path(e);

		for (size_t k = 0; k + 1 < MAKEFILES; k++) {
			const size_t n = strlen(makefiles[k]);

			if (str_ends(path, str_from(makefiles[k])) &&
			    (path.len == n || path.ptr[path.len - n - 1] == '/'))
				check_makefile(t, e, str_first(path, path.len - n), k);
		}
	}
}

void nametwins_check(struct result *r, const struct tree *origin)
{
	struct twinning t = { .r = r, .origin = origin };

	check_pairs(&t);
	check_makefiles(&t);
	tally_report(r, &t.pairs[TWINS_ONE], RULE_TP112, SEVERITY_HIGH,
		     "is not in the tag and looks like a name that is");
	tally_report(r, &t.pairs[TWINS_NONE], RULE_TP112, SEVERITY_MEDIUM,
		     "looks like another name, and neither is in the tag");
	tally_report(r, &t.pairs[TWINS_NONE_CASE], RULE_TP112, SEVERITY_LOW,
		     "differs by case only from another name, and neither is in the tag");
	tally_report(r, &t.pairs[TWINS_BOTH], RULE_TP112, SEVERITY_INFO,
		     "looks like another name");
	tally_report(r, &t.shadowed, RULE_TP113, SEVERITY_HIGH,
		     "is not in the tag, and make takes it instead of the makefile beside it");
	tally_report(r, &t.shadowed_known, RULE_TP113, SEVERITY_INFO,
		     "is taken by make instead of the makefile beside it");
	tally_report(r, &t.shadowing, RULE_TP113, SEVERITY_LOW,
		     "is not in the tag, and make will take it instead of the Makefile that is made there");
}
