#include "inspect/package.h"

#include "base/cleanup.h"
#include "base/map.h"

enum { DEPTH_MAX = 32 };

/* A value of package.json: of which member, under which name there (that of the innermost object). */
struct value {
	struct str member, name, text;
};

struct reader {
	struct str rest;
	struct str member, name;
	size_t depth;
	bool ended;	/* the object did */
	bool broken;
};

static bool is_acted_upon(struct str member)
{
	static const struct str members[] = {
		STR("scripts"), STR("dependencies"), STR("optionalDependencies"), STR("peerDependencies"),
		STR("bundleDependencies"), STR("bundledDependencies"), STR("overrides"), STR("bin"),
		STR("directories"), STR("gypfile"), STR("workspaces"), STR("config"),
	};

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (str_eq(members[i], member))
			return true;
	return false;
}

/* echo and a fixed text. */
static bool only_speaks(const struct value *v)
{
	if (!str_eq(v->member, STR("scripts")) || !str_starts(v->text, STR("echo ")))
		return false;
	for (size_t i = 0; i < v->text.len; i++)
		if (strchr(";|&$`<>()\n", v->text.ptr[i]))
			return false;
	/* A line end of JSON's own. */
	return str_find_str(v->text, STR("\\n")) == (size_t)-1 && str_find_str(v->text, STR("\\u")) == (size_t)-1;
}

/* A string without its quotes, or a word; moves past it. */
static struct str token(struct reader *r)
{
	const bool quoted = r->rest.ptr[0] == '"';
	struct str from = quoted ? str_from_at(r->rest, 1) : r->rest, text;
	size_t n = 0;

	if (quoted)
		while (n < from.len && from.ptr[n] != '"')
			n += from.ptr[n] == '\\' && n + 1 < from.len ? 2 : 1;
	else
		while (n < from.len && !strchr(" \t\r\n,:{}[]\"", from.ptr[n]))
			n++;
	r->broken = r->broken || (quoted && n >= from.len) || (!quoted && n == 0);
	text = str_first(from, n);
	r->rest = str_from_at(from, n + quoted);
	return text;
}

static void skip_blanks(struct reader *r)
{
	while (r->rest.len && strchr(" \t\r\n,", r->rest.ptr[0]) && r->rest.ptr[0])
		r->rest = str_from_at(r->rest, 1);
}

/* The next value that is neither object nor array; false at the end, or where the text is no JSON. */
static bool next_value(struct reader *r, struct value *v)
{
	for (;;) {
		struct str text;
		char c;

		skip_blanks(r);
		if (r->rest.len == 0 || r->ended || r->broken)
			break;
		c = r->rest.ptr[0];
		if (c == '{' || c == '[' || c == '}' || c == ']') {
			r->rest = str_from_at(r->rest, 1);
			if (c == '{' || c == '[')
				r->broken = ++r->depth > DEPTH_MAX;
			else
				r->ended = r->depth-- <= 1;
			continue;
		}
		text = token(r);
		skip_blanks(r);
		if (r->rest.len == 0 || r->rest.ptr[0] != ':') {
			*v = (struct value){ r->member, r->name, text };
			return !r->broken;
		}
		r->rest = str_from_at(r->rest, 1);
		/* "scr\u0069pts" */
		r->broken = r->broken || str_find(text, '\\') != (size_t)-1;
		if (r->depth == 1) {
			r->member = text;
			r->name = STR("");
		} else {
			r->name = text;
		}
	}
	r->broken = r->broken || !r->ended || r->rest.len;
	return false;
}

static bool begins(struct str text, struct reader *r)
{
	*r = (struct reader){ .rest = str_trim(text) };
	return r->rest.len && r->rest.ptr[0] == '{';
}

static void key_of(const struct value *v, struct buf *to)
{
	buf_reset(to);
	buf_add_str(to, v->member);
	buf_add_char(to, '\0');
	buf_add_str(to, v->name);
	buf_add_char(to, '\0');
	buf_add_str(to, v->text);
}

bool package_adds_nothing(struct str release, struct str tag)
{
	AUTO_ARENA struct arena arena = ARENA_INIT;
	AUTO_BUF struct buf key = BUF_INIT;
	struct map known = MAP_INIT;
	struct reader r;
	struct value v;
	bool nothing = begins(tag, &r);

	while (nothing && next_value(&r, &v)) {
		key_of(&v, &key);
		map_put(&known, arena_str(&arena, buf_str(&key)), 1);
	}
	nothing = nothing && !r.broken && begins(release, &r);
	while (nothing && next_value(&r, &v)) {
		key_of(&v, &key);
		nothing = !is_acted_upon(v.member) || only_speaks(&v) || map_get(&known, buf_str(&key));
	}
	map_release(&known);
	return nothing && !r.broken;
}
