#include "inspect/difference.h"

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

/* Whether only tokens of a version differ, line by line. */
static bool only_versions_differ(struct str a, struct str b)
{
	struct str x, y;
	size_t differ = 0;

	for (;;) {
		const bool more = str_next_line(&a, &x);

		if (str_next_line(&b, &y) != more)
			return false;
		if (!more)
			return differ > 0;
		if (str_eq(x, y))
			continue;
		differ++;
		if (!same_but_versions(x, y))
			return false;
	}
}

/* What setuptools appends to setup.cfg in every source distribution. */
static bool only_egg_info_added(struct str release, struct str tag)
{
	const struct str added = STR("[egg_info]\ntag_build = \ntag_date = 0");
	struct str rest;

	tag = str_trim(tag);
	if (!str_starts(release, tag))
		return false;
	rest = str_trim(str_from_at(release, tag.len));
	return str_eq(rest, added);
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
