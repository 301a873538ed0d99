#include "input/namelint.h"

#include "base/cleanup.h"
#include "base/escape.h"

/* What file systems take: longer components fail everywhere, longer paths in many places. */
enum { COMPONENT_MAX = 255, PATH_PORTABLE = 1000 };
/* An emoji flag of a region is a base and up to seven tags. */
enum { FLAG_BASE = 0x1f3f4, FLAG_TAGS = 7, KEYCAP = 0x20e3 };

void namelint_init(struct namelint *l, struct result *r, const struct tree *origin)
{
	*l = (struct namelint){ .r = r, .origin = origin };
}

struct range {
	unsigned int from, to;
};

static bool in_ranges(const struct range *v, size_t n, unsigned int code)
{
	for (size_t i = 0; i < n; i++)
		if (code >= v[i].from && code <= v[i].to)
			return true;
	return false;
}

/* Unicode 15: Default_Ignorable_Code_Point, without what is_bidi_control() has, and two blanks
 * that are drawn as nothing. */
bool is_invisible(unsigned int code)
{
	static const struct range ranges[] = {
		{ 0xad, 0xad }, { 0x34f, 0x34f }, { 0x115f, 0x1160 }, { 0x17b4, 0x17b5 },
		{ 0x180b, 0x180f }, { 0x200b, 0x200d }, { 0x2060, 0x2065 }, { 0x206a, 0x206f },
		{ 0x2800, 0x2800 }, { 0x3164, 0x3164 }, { 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff },
		{ 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb }, { 0x1bca0, 0x1bca3 },
		{ 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff },
	};

	return in_ranges(ranges, sizeof(ranges) / sizeof(ranges[0]), code);
}

/* Unicode 15: Bidi_Control, and the separators that break lines. */
bool is_bidi_control(unsigned int code)
{
	static const struct range ranges[] = {
		{ 0x61c, 0x61c }, { 0x200e, 0x200f }, { 0x2028, 0x202e }, { 0x2066, 0x2069 },
	};

	return in_ranges(ranges, sizeof(ranges) / sizeof(ranges[0]), code);
}

/* The marks that give a neutral character a direction are part of how some scripts are written;
 * what embeds, overrides and isolates is not. */
static bool is_bidi_mark(unsigned int code)
{
	return code == 0x61c || code == 0x200e || code == 0x200f;
}

static bool is_right_to_left(unsigned int code)
{
	return (code >= 0x590 && code <= 0x8ff && code != 0x61c) ||
	       (code >= 0xfb1d && code <= 0xfdff) || (code >= 0xfe70 && code <= 0xfefc);
}

static bool is_selector(unsigned int code)
{
	return code >= 0xfe00 && code <= 0xfe0f;
}

static bool is_tag(unsigned int code)
{
	return code >= 0xe0000 && code <= 0xe007f;
}

/* What a name is made of, code point by code point; bytes that are no UTF-8 count as letters. */
struct glance {
	bool control, bidi, mark, right_to_left, hidden, not_utf8, backslash;
};

static unsigned int next_code(struct str *s, struct glance *g)
{
	unsigned int code;
	size_t n = escape_utf8(*s, &code);

	if (n == 0) {
		g->not_utf8 = true;
		code = 0xfffd;
		n = 1;
	}
	*s = str_from_at(*s, n);
	return code;
}

/* Invisible characters are orthography between letters beyond ASCII (Persian, Khmer, Indic
 * scripts), and in emoji: a selector, joiners, the tags of a flag. */
static bool is_orthography(unsigned int before, unsigned int after, size_t run, bool selectors,
			   bool tags)
{
	if (before < 0x80)
		return selectors && run == 1 && after == KEYCAP;
	if (tags)
		return before == FLAG_BASE && run <= FLAG_TAGS;
	return run <= 2 && (after >= 0x80 || (selectors && run == 1));
}

static struct glance glance_at(struct str name)
{
	struct glance g = { .control = false };
	unsigned int before = 0, code = name.len ? next_code(&name, &g) : 0;

	while (code || name.len) {
		size_t run = 0;
		bool selectors = true, tags = true;

		for (; is_invisible(code); run++) {
			selectors = selectors && is_selector(code);
			tags = tags && is_tag(code);
			code = name.len ? next_code(&name, &g) : 0;
		}
		if (run && !is_orthography(before, code, run, selectors, tags))
			g.hidden = true;
		if (code == 0 && name.len == 0)
			break;
		g.control = g.control || code < 0x20 || (code >= 0x7f && code < 0xa0);
		g.mark = g.mark || is_bidi_mark(code);
		g.bidi = g.bidi || (is_bidi_control(code) && !is_bidi_mark(code));
		g.right_to_left = g.right_to_left || is_right_to_left(code);
		g.backslash = g.backslash || code == '\\';
		before = code;
		code = name.len ? next_code(&name, &g) : 0;
	}
	return g;
}

/* The first entry that does not come before `path`. */
static size_t lower_bound(const struct tree *t, struct str path)
{
	size_t from = 0, to = t->n;

	while (from < to) {
		const size_t middle = from + (to - from) / 2;

		if (str_cmp(entry_path(&t->v[middle]), path) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

bool origin_has_path(const struct tree *origin, struct str path)
{
	AUTO_BUF struct buf folder = BUF_INIT;
	size_t at;

	if (!origin || path.len == 0)
		return false;
	if (tree_find(origin, path))
		return true;
	for (size_t i = 1; i < path.len; i++) {
		const struct entry *e = path.ptr[i] == '/' ? tree_find(origin, str_first(path, i)) : NULL;

		if (e && e->type == ENTRY_GITLINK)
			return true;
	}
	buf_add_str(&folder, path);
	buf_add_char(&folder, '/');
	at = lower_bound(origin, buf_str(&folder));
	return at < origin->n && str_starts(entry_path(&origin->v[at]), buf_str(&folder));
}

/* A component as case-blind file systems see it: HFS+ passes over some characters, Windows over
 * blanks and dots at the end and what follows a colon. Only its first bytes matter here. */
static bool is_dot_git(struct str part)
{
	char plain[16];
	size_t n = 0;
	struct glance ignored;

	while (part.len && n < sizeof(plain)) {
		const unsigned int code = next_code(&part, &ignored);

		if (is_invisible(code) || is_bidi_control(code))
			continue;
		if (code == ':')
			break;
		plain[n++] = (char)(code < 0x80 ? code : 0x7f);
	}
	while (n && (plain[n - 1] == '.' || plain[n - 1] == ' '))
		n--;
	return str_case_eq(str_of(plain, n), STR(".git")) ||
	       str_case_eq(str_of(plain, n), STR("git~1"));
}

/* What makes git run a command, below its folder; samples of hooks are never run. */
static bool is_git_power(struct str below)
{
	const struct str base = str_base(below);
	struct str part;

	if (str_case_eq(base, STR("config")) || str_case_eq(base, STR("config.worktree")))
		return true;
	if (str_ends(base, STR(".sample")))
		return false;
	while (str_next_component(&below, &part))
		if (str_case_eq(part, STR("hooks")) && below.len)
			return true;
	return false;
}

static void check_repository(struct namelint *l, struct str path, struct str shown, bool is_folder)
{
	struct str rest = path, part;
	struct tally *t = NULL;

	while (!t && str_next_component(&rest, &part)) {
		if (str_eq(part, STR(".hg")))
			t = str_eq(rest, STR("hgrc")) ? &l->hooks : NULL;
		else if (part.len >= 4 && is_dot_git(part))
			t = rest.len == 0 && !is_folder ? &l->gitfile :
			    is_git_power(rest) ? &l->hooks : &l->repository;
	}
	if (t)
		tally_add(&l->r->arena, t, shown, -1, STR(""));
}

/* Names that Windows keeps for devices, with or without an extension. */
static bool is_reserved(struct str part)
{
	static const char *const names[] = { "con", "prn", "aux", "nul" };
	const struct str stem = str_first(part, str_find(part, '.'));

	if (stem.len == 4 && stem.ptr[3] >= '1' && stem.ptr[3] <= '9')
		return str_case_eq(str_first(stem, 3), STR("com")) ||
		       str_case_eq(str_first(stem, 3), STR("lpt"));
	for (size_t i = 0; stem.len == 3 && i < sizeof(names) / sizeof(names[0]); i++)
		if (str_case_eq(stem, str_from(names[i])))
			return true;
	return false;
}

static bool is_unportable(struct str part)
{
	const char last = part.len ? part.ptr[part.len - 1] : 'x';

	return last == '.' || last == ' ' || (part.len && part.ptr[0] == ' ') ||
	       part.len > COMPONENT_MAX || is_reserved(part);
}

/* "..\", "\.." and a drive lead elsewhere on Windows. */
static bool leads_out_on_windows(struct str path)
{
	struct str rest = path;

	if (path.len >= 2 && path.ptr[1] == ':' &&
	    ((path.ptr[0] | 0x20) >= 'a' && (path.ptr[0] | 0x20) <= 'z') &&
	    (path.len == 2 || path.ptr[2] == '\\' || path.ptr[2] == '/'))
		return true;
	if (str_starts(path, STR("\\")))
		return true;
	while (rest.len) {
		const size_t end = str_find(rest, '\\');

		if (str_eq(str_first(rest, end), STR("..")) ||
		    str_ends(str_first(rest, end), STR("/..")))
			return true;
		rest = end == (size_t)-1 ? STR("") : str_from_at(rest, end + 1);
	}
	return false;
}

/* What a quick look at the bytes tells; most names need no other. */
struct bytes {
	bool odd;		/* anything but printable ASCII, or a backslash */
	bool repository;	/* a component may be a repository's folder */
};

static struct bytes bytes_of(struct str s)
{
	struct bytes b = { .odd = false };
	unsigned char before = '/';

	for (size_t i = 0; i < s.len; i++) {
		const unsigned char c = (unsigned char)s.ptr[i];

		b.odd = b.odd || c < 0x20 || c >= 0x7f || c == '\\';
		b.repository = b.repository || c == '~' ||
			       (before == '/' && c == '.' && i + 1 < s.len &&
				((s.ptr[i + 1] | 0x20) == 'g' || s.ptr[i + 1] == 'h'));
		before = c;
	}
	b.repository = b.repository || b.odd;
	return b;
}

static void check_characters(struct namelint *l, struct str shown, bool tags)
{
	const struct glance g = glance_at(shown);
	struct arena *a = &l->r->arena;

	if (g.control)
		tally_add(a, &l->control[tags], shown, -1, STR(""));
	if (g.bidi || g.hidden || (g.mark && !g.right_to_left))
		tally_add(a, &l->deceptive[tags], shown, -1, STR(""));
	if (g.backslash && leads_out_on_windows(shown))
		tally_add(a, &l->separators, shown, -1, STR(""));
	else if ((g.backslash || g.not_utf8) && !tags)
		tally_add(a, &l->unportable, shown, -1, STR(""));
}

void namelint_see(struct namelint *l, struct str path, size_t strip, bool is_folder)
{
	const struct str shown = path.len > strip ? str_from_at(path, strip) : path;
	const size_t slash = str_rfind(path, '/');
	const struct str dir = str_first(path, slash == (size_t)-1 ? 0 : slash + 1);
	/* A folder's own name is looked at once for a row of its files. */
	struct str fresh = str_eq(dir, l->seen) ? str_from_at(path, dir.len) : path, part;
	const struct bytes b = bytes_of(path);
	bool unportable = path.len > PATH_PORTABLE;

	l->seen = dir;
	/* Below a repository's folder every file counts, whatever came before. */
	if (b.repository)
		check_repository(l, path, shown, is_folder);
	if (b.odd && bytes_of(fresh).odd)
		check_characters(l, shown, origin_has_path(l->origin, shown));
	else if (shown.len > 1 && shown.ptr[1] == ':' && leads_out_on_windows(shown))
		tally_add(&l->r->arena, &l->separators, shown, -1, STR(""));
	while (!unportable && str_next_component(&fresh, &part))
		unportable = is_unportable(part);
	if (unportable && !origin_has_path(l->origin, shown))
		tally_add(&l->r->arena, &l->unportable, shown, -1, STR(""));
}

void namelint_report(struct namelint *l)
{
	struct result *r = l->r;

	tally_report(r, &l->control[0], RULE_TP110, SEVERITY_HIGH,
		     "its name holds control characters");
	tally_report(r, &l->control[1], RULE_TP110, SEVERITY_MEDIUM,
		     "its name holds control characters, as in the tag");
	tally_report(r, &l->deceptive[0], RULE_TP111, SEVERITY_HIGH,
		     "its name holds characters that can't be seen or turn text around");
	tally_report(r, &l->deceptive[1], RULE_TP111, SEVERITY_MEDIUM,
		     "its name holds characters that can't be seen or turn text around, as in the tag");
	tally_report(r, &l->hooks, RULE_TP114, SEVERITY_CRITICAL,
		     "is configuration or a hook of a repository: looking around there runs commands");
	tally_report(r, &l->repository, RULE_TP114, SEVERITY_MEDIUM,
		     "belongs to a repository's own folder");
	tally_report(r, &l->gitfile, RULE_TP114, SEVERITY_LOW,
		     "makes its folder a checkout of a repository elsewhere");
	tally_report(r, &l->separators, RULE_TP125, SEVERITY_MEDIUM,
		     "leads out of the archive where backslashes separate folders");
	tally_report(r, &l->unportable, RULE_TP125, SEVERITY_INFO,
		     "its name can't be unpacked everywhere as it is");
}
