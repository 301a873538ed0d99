/* File names: the name and the version that an artifact's file name holds. */
#include <ctype.h>

#include "base/ascii.h"
#include "input/nametokens.h"
#include "input/tagname.h"

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
	struct stem stem = { .s = str_base(file) };
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
		letter = letter || !ascii_is_digit(s.ptr[i]);
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
		const bool known = token_is(tok, CLASS_RELEASE) || token_is(tok, CLASS_UNRELEASED);
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
			const bool marked = i > 0 && !t->v[i].sep && token_is_mark(&t->v[i - 1]);
			const size_t first = marked ? i - 1 : i;
			const char sep = first ? t->v[first].sep : '-';
			if (!token_is_number(t, i) || !sep || !strchr(passes[p].seps, sep))
				continue;
			*end = version_end(t, i, &numbers);
			if (numbers >= passes[p].numbers && (!passes[p].whole || *end == t->n))
				return i;
		}
	}
	/* tzdata2024a, xfig3.2: glued; but libfoo2 has no version */
	for (size_t i = 1; i < t->n; i++) {
		if (!token_is_number(t, i) || t->v[i].sep || token_is_number(t, i - 1))
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
	while (at > 0 && token_is_mark(&t->v[at - 1]))
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
