#include "inspect/statement.h"

#include "base/ascii.h"
#include "base/cleanup.h"

/* The next group of digits, as "2", "47", "3" of v2.47.3. */
static bool next_number(struct str *rest, struct str *number)
{
	size_t from = 0, to;

	while (from < rest->len && !ascii_is_digit(rest->ptr[from]))
		from++;
	for (to = from; to < rest->len && ascii_is_digit(rest->ptr[to]);)
		to++;
	*number = str_of(rest->ptr + from, to - from);
	*rest = str_from_at(*rest, to);
	return to > from;
}

/* The tag's name holds the version's numbers, one after the other. */
static bool tag_fits(struct str tag, struct str version)
{
	struct str from, number;

	for (from = tag; next_number(&tag, &number); from = tag) {
		struct str a = from, b = version, x, y;
		bool fits = true;

		while (fits && next_number(&b, &y))
			fits = next_number(&a, &x) && str_eq(x, y);
		if (fits)
			return true;
	}
	return false;
}

void statement_check(struct result *r, const struct subject *s, const struct inspect_sources *sources)
{
	const struct origin_info *const o = &r->origin;
	AUTO_BUF struct buf content = BUF_INIT;
	struct str path = entry_path(s->entry), said;
	struct finding *f = NULL;

	if (!s->compared || s->entry->size > 4096 || !sources->read ||
	    (!str_eq(path, STR(".cargo_vcs_info.json")) && !str_eq(path, STR(".tarball-version"))) ||
	    sources->read(sources->ctx, s->entry, &content) != 1)
		return;
	said = str_trim(buf_str(&content));
	if (path.ptr[1] == 'c') {
		const size_t at = str_find_str(said, STR("\"sha1\": \""));

		said = at == (size_t)-1 ? STR("") : str_first(str_from_at(said, at + 9), 40);
		if (said.len == 40 && o->commit.len == 40 && !str_eq(said, o->commit))
			f = result_find(r, RULE_TP217, path, "names another commit than the tag's");
	} else if (o->tag.len && ascii_is_digit(said.len ? said.ptr[0] : ' ') && !tag_fits(o->tag, said)) {
		f = result_find(r, RULE_TP217, path, "names another version than the tag");
	}
	if (f)
		finding_evidence(r, f, str_first(said, NOTE_EXCERPT));
}
