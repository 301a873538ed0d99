#include "inspect/difference.h"

#include "base/ascii.h"
#include "base/cleanup.h"

/* Words that stand in versions: 1.2-rc1, 1.2b3, 1.2.dev0, 1.2+git. */
static bool is_version_word(struct str word)
{
	static const struct str words[] = {
		STR("v"), STR("a"), STR("b"), STR("rc"), STR("alpha"), STR("beta"), STR("pre"), STR("dev"), STR("git"),
		STR("post"), STR("p"), STR("snapshot"), STR("final"), STR("unreleased"), STR("devel"), STR("cvs"), STR("svn"),
		STR("vcs"),
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_case_eq(word, words[i]))
			return true;
	return false;
}

/* Digits, what separates them in versions and dates, and such words. `behind_number`: what comes before ends
 * in a digit, so that it may have none itself, or be empty. */
static bool is_version(struct str s, bool behind_number)
{
	size_t digits = 0, i = 0;

	if (s.len > 40)
		return false;
	while (i < s.len) {
		size_t n = i;

		while (n < s.len && ascii_is_letter(s.ptr[n]))
			n++;
		if (n > i && !is_version_word(str_of(s.ptr + i, n - i)))
			return false;
		if (n == i && !ascii_is_digit(s.ptr[i]) && !strchr(".-+~_", s.ptr[i]))
			return false;
		digits += n == i && ascii_is_digit(s.ptr[i]);
		i = n > i ? n : i + 1;
	}
	return digits > 0 || behind_number;
}

static bool is_alnum(char c)
{
	return ascii_is_letter(c) || ascii_is_digit(c);
}

/* Whether two lines are the same but for one version or date. */
static bool same_but_version(struct str a, struct str b)
{
	size_t begin = 0, end = 0;
	bool behind_number;

	while (begin < a.len && begin < b.len && a.ptr[begin] == b.ptr[begin])
		begin++;
	while (end < a.len - begin && end < b.len - begin && a.ptr[a.len - 1 - end] == b.ptr[b.len - 1 - end])
		end++;
	/* Whole words and numbers. */
	while (begin && is_alnum(a.ptr[begin - 1]))
		begin--;
	while (end && is_alnum(a.ptr[a.len - end]))
		end--;
	behind_number = begin > 1 && strchr(".-+~_", a.ptr[begin - 1]) && ascii_is_digit(a.ptr[begin - 2]);
	return is_version(str_of(a.ptr + begin, a.len - begin - end), behind_number) &&
	       is_version(str_of(b.ptr + begin, b.len - begin - end), behind_number);
}

/* "${PROJECT_VERSION}", @VERSION@ and the like at the head of s; empty: none. */
static struct str version_variable(struct str s)
{
	const char open = s.len > 1 ? s.ptr[0] : '\0';
	const struct str name = str_from_at(s, open == '@' ? 1 : 2);
	const size_t n = str_find(name, open == '@' ? '@' : s.len > 1 && s.ptr[1] == '{' ? '}' : ')');

	if ((open != '@' && !(open == '$' && (s.ptr[1] == '{' || s.ptr[1] == '('))) || n == (size_t)-1 ||
	    !str_ends(str_first(name, n), STR("VERSION")))
		return STR("");
	for (size_t i = 0; i < n; i++)
		if (!ascii_is_word(name.ptr[i]))
			return STR("");
	return str_first(s, (size_t)(name.ptr - s.ptr) + n + 1);
}

/* Whether the release has a number where the tag has the name of a variable for the version, and no more. */
static bool version_filled_in(struct str release, struct str tag)
{
	size_t i = 0, from, to;
	struct str variable;

	while (i < release.len && i < tag.len && release.ptr[i] == tag.ptr[i])
		i++;
	variable = version_variable(str_from_at(tag, i));
	for (from = to = i; to < release.len && (ascii_is_digit(release.ptr[to]) || release.ptr[to] == '.');)
		to++;
	return variable.len && to > from &&
	       str_eq(str_from_at(release, to), str_from_at(tag, i + variable.len));
}

struct lines {
	struct str rest;
	bool comments;	/* of one line begin with # */
	bool indented;	/* ... and may stand behind blanks */
	bool goes_on;	/* the last line ended in a backslash */
};

/* The next line; where there are comments, the next one that is none and not empty. What follows a line that
 * goes on belongs to it. */
static bool next_line(struct lines *l, struct str *line)
{
	while (str_next_line(&l->rest, line)) {
		const struct str text = str_trim(*line);
		const bool goes_on = text.len && text.ptr[text.len - 1] == '\\';
		const bool hash = (l->indented ? str_starts(text, STR("#")) : str_starts(*line, STR("#"))) &&
				  !str_starts(text, STR("#!"));

		if (l->comments && !l->goes_on && (text.len == 0 || (hash && !goes_on)))
			continue;
		l->goes_on = goes_on;
		return true;
	}
	return false;
}

/* What follows the comments at the very beginning, which stand in no string or quotes. Python takes the name of
 * an encoding from there. */
static struct str behind_head(struct str text)
{
	struct str rest = text, line;

	while (str_next_line(&rest, &line) && str_starts(line, STR("# ")) &&
	       str_find_str(line, STR("coding")) == (size_t)-1 && line.ptr[line.len - 1] != '\\')
		text = rest;
	return text;
}

/* Whether only versions, and comments where there are any, differ, line by line. */
static bool only_versions_differ(struct str release, struct str tag, bool comments)
{
	struct lines a = { .rest = behind_head(release), .comments = comments };
	struct lines b = { .rest = behind_head(tag), .comments = comments };
	struct str x, y;

	for (;;) {
		const bool more = next_line(&a, &x);

		if (next_line(&b, &y) != more)
			return false;
		if (!more)
			return true;
		if (!str_eq(x, y) && !same_but_version(x, y) && !version_filled_in(x, y))
			return false;
	}
}

/* Settings as setuptools writes them anew: without comments and empty lines, blanks at the ends or around
 * the first '='. */
static void settings_of(struct str text, struct buf *to)
{
	struct lines lines = { .rest = text, .comments = true, .indented = true };
	struct str line;

	while (next_line(&lines, &line)) {
		size_t equals;

		line = str_trim(line);
		equals = str_find(line, '=');
		if (equals != (size_t)-1) {
			buf_add_str(to, str_trim(str_first(line, equals)));
			buf_add_char(to, '=');
			line = str_trim(str_from_at(line, equals + 1));
		}
		buf_add_str(to, line);
		buf_add_char(to, '\n');
	}
}

/* What setuptools appends to setup.cfg in every source distribution. */
static bool only_egg_info_added(struct str release, struct str tag)
{
	AUTO_BUF struct buf now = BUF_INIT, before = BUF_INIT;

	if (str_find_str(release, STR("[egg_info]")) == (size_t)-1)
		return false;
	settings_of(release, &now);
	settings_of(tag, &before);
	return str_starts(buf_str(&now), buf_str(&before)) &&
	       str_eq(str_from_at(buf_str(&now), before.len), STR("[egg_info]\ntag_build=\ntag_date=0\n"));
}

bool difference_is_stamp(struct str release, struct str tag, bool comments)
{
	return only_versions_differ(release, tag, comments) || only_egg_info_added(release, tag);
}

struct str difference_first(struct str a, struct str b, int64_t *line)
{
	struct str x, y;

	for (*line = 1; str_next_line(&a, &x); (*line)++)
		if (!str_next_line(&b, &y) || !str_eq(x, y))
			return str_trim(x);
	return STR("");
}
