#include "inspect/difference.h"

#include "base/ascii.h"
#include "base/cleanup.h"

/* Digits, dots and letters that may be part of a version or a date. */
static bool is_version_byte(char c)
{
	return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == '_' || c == '~';
}

/* Whether two lines are the same once runs of digits with what belongs to versions are taken out; words
 * such as "-dev" may come and go behind a number. */
static bool same_but_versions(struct str a, struct str b)
{
	size_t i = 0, k = 0;

	for (;;) {
		const size_t before_i = i, before_k = k;

		while (i < a.len && is_version_byte(a.ptr[i]))
			i++;
		while (k < b.len && is_version_byte(b.ptr[k]))
			k++;
		if ((i > before_i) != (k > before_k) && i < a.len && k < b.len &&
		    a.ptr[i] != b.ptr[k])
			return false;
		if (i > before_i && k > before_k && (i - before_i > 40 || k - before_k > 40))
			return false;
		/* dev, rc, alpha, git and the like after a number */
		if (i > before_i || k > before_k) {
			while (i < a.len && a.ptr[i] >= 'A' && a.ptr[i] != b.ptr[k < b.len ? k : 0] &&
			       i - before_i < 60)
				i++;
			while (k < b.len && b.ptr[k] >= 'A' && (i >= a.len || b.ptr[k] != a.ptr[i]) &&
			       k - before_k < 60)
				k++;
			while (i < a.len && is_version_byte(a.ptr[i]))
				i++;
			while (k < b.len && is_version_byte(b.ptr[k]))
				k++;
		}
		if (i >= a.len || k >= b.len)
			return i >= a.len && k >= b.len;
		if (a.ptr[i++] != b.ptr[k++])
			return false;
	}
}

/* "${PROJECT_VERSION}", @VERSION@ and the like at the head of s; empty: none. */
static struct str version_variable(struct str s)
{
	const char open = s.len > 1 ? s.ptr[0] : '\0';
	const struct str name = str_from_at(s, open == '@' ? 1 : 2);
	const size_t n = str_find(name, open == '@' ? '@' : s.len > 1 && s.ptr[1] == '{' ? '}' : ')');

	if ((open != '@' && !(open == '$' && (s.ptr[1] == '{' || s.ptr[1] == '('))) || n == (size_t)-1 ||
	    str_find_str(str_first(name, n), STR("VERSION")) == (size_t)-1)
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
	for (from = to = i; to < release.len && ((release.ptr[to] >= '0' && release.ptr[to] <= '9') ||
						 release.ptr[to] == '.');)
		to++;
	return variable.len && to > from &&
	       str_eq(str_from_at(release, to), str_from_at(tag, i + variable.len));
}

/* The next line that does something: no comment of one line, nor an empty one. */
static bool next_line(struct str *rest, struct str *line)
{
	while (str_next_line(rest, line)) {
		const struct str text = str_trim(*line);

		if (text.len && (text.ptr[0] != '#' || str_starts(text, STR("#!")) ||
				 text.ptr[text.len - 1] == '\\'))
			return true;
	}
	return false;
}

/* Whether only tokens of a version and comments differ, line by line; `a` is the release's. */
static bool only_versions_differ(struct str a, struct str b)
{
	struct str x, y;

	for (;;) {
		const bool more = next_line(&a, &x);

		if (next_line(&b, &y) != more)
			return false;
		if (!more)
			return true;
		if (str_eq(x, y))
			continue;
		if (!same_but_versions(x, y) && !version_filled_in(x, y))
			return false;
	}
}

/* Settings as setuptools writes them anew: without comments and empty lines, blanks at the ends or around
 * the first '='. */
static void settings_of(struct str text, struct buf *to)
{
	struct str line;

	while (next_line(&text, &line)) {
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

bool difference_is_stamp(struct str release, struct str tag)
{
	return only_versions_differ(release, tag) || only_egg_info_added(release, tag);
}

struct str difference_first(struct str a, struct str b, int64_t *line)
{
	struct str x, y;

	for (*line = 1; str_next_line(&a, &x); (*line)++)
		if (!str_next_line(&b, &y) || !str_eq(x, y))
			return str_trim(x);
	return STR("");
}
