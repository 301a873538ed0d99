#include "input/tagorder.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "base/cleanup.h"
#include "input/nametokens.h"

/* A tag's name, read as PREFIX VERSION. */
struct version_tag {
	const struct tag_view *tag;
	struct str prefix;
	struct token *v;	/* the version; a date or "release" behind it is left out */
	size_t n;
	bool final;
};

static bool is_date(const struct token *t)
{
	return t->kind == TOKEN_NUMBER && t->text.len == 8 &&
	       (str_starts(t->text, STR("19")) || str_starts(t->text, STR("20")));
}

/* "1.2b3", but not "1.2b", whose letter counts patches. */
static bool is_candidate(const struct version_tag *t, size_t i)
{
	return token_is(&t->v[i], CLASS_UNRELEASED) ||
	       (t->v[i].kind == TOKEN_WORD && words_have("a b c", t->v[i].text) && i + 1 < t->n &&
		t->v[i + 1].kind == TOKEN_NUMBER);
}

static bool is_patch(const struct token *t)
{
	return t->kind == TOKEN_WORD && (t->text.len == 1 || words_have("pl patch", t->text));
}

/* A word behind the version that names another thing than this version: "1.2-windows". */
static struct str other_name(const struct version_tag *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].kind == TOKEN_WORD && !is_candidate(t, i) && !is_patch(&t->v[i]) &&
		    !token_is(&t->v[i], CLASS_RELEASE))
			return t->v[i].text;
	return STR("");
}

/* Where the version begins: at the first number that is not a part of a name ("pcre2-10.42"). */
static size_t version_start(const struct tokens *t)
{
	size_t glued = NOT_FOUND;

	for (size_t i = 0; i < t->n; i++) {
		if (!token_is_number(t, i))
			continue;
		if (i == 0 || t->v[i].sep || token_is_mark(&t->v[i - 1]))
			return i;
		if (glued == NOT_FOUND)
			glued = i;
	}
	return glued;
}

/* `like`: a tag whose prefix is asked for, or NULL. */
static bool read_tag(struct arena *a, const struct tag_view *tag, const struct version_tag *like,
		     struct version_tag *out)
{
	struct tokens t;
	size_t from, to;

	if (like && !(tag->name.len > like->prefix.len && ascii_is_digit(tag->name.ptr[like->prefix.len]) &&
		      str_case_eq(str_first(tag->name, like->prefix.len), like->prefix)))
		return false;
	if (!tokens_read(tag->name, &t))
		return false;
	from = version_start(&t);
	if (from == NOT_FOUND)
		return false;
	to = t.n;
	while (to > from + 1 && (token_is(&t.v[to - 1], CLASS_RELEASE) || is_date(&t.v[to - 1])))
		to--;
	*out = (struct version_tag){
		.tag = tag, .n = to - from, .final = true,
		.prefix = str_first(tag->name, (size_t)(t.v[from].text.ptr - tag->name.ptr)),
		.v = arena_alloc(a, (to - from) * sizeof(*out->v)),
	};
	memcpy(out->v, t.v + from, out->n * sizeof(*out->v));
	for (size_t i = 0; i < out->n; i++)
		out->final = out->final && !is_candidate(out, i);
	return true;
}

static char dot_of(const struct version_tag *v)
{
	return v->n > 1 && v->v[1].kind == TOKEN_NUMBER ? v->v[1].sep : 0;
}

static bool same_scheme(const struct version_tag *a, const struct version_tag *b)
{
	const char x = dot_of(a), y = dot_of(b);

	return str_case_eq(a->prefix, b->prefix) && (x == y || !x || !y) &&
	       str_case_eq(other_name(a), other_name(b));
}

static int number_cmp(struct str a, struct str b)
{
	while (a.len > 1 && a.ptr[0] == '0')
		a = str_from_at(a, 1);
	while (b.len > 1 && b.ptr[0] == '0')
		b = str_from_at(b, 1);
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return str_cmp(a, b);
}

static int word_cmp(struct str a, struct str b)
{
	if (str_case_eq(a, b))
		return 0;
	/* Case must not decide: rc after Beta. */
	for (size_t i = 0; i < a.len && i < b.len; i++) {
		const int x = (unsigned char)a.ptr[i] | 0x20, y = (unsigned char)b.ptr[i] | 0x20;

		if (x != y)
			return x < y ? -1 : 1;
	}
	return a.len < b.len ? -1 : a.len > b.len;
}

/* Where a version has come to: a candidate is before its end, a patch level behind, and a further
 * number behind that. */
static int place(const struct version_tag *v, size_t i)
{
	if (i >= v->n)
		return 1;
	if (v->v[i].kind == TOKEN_NUMBER)
		return 3;
	return is_candidate(v, i) ? 0 : 2;
}

static int version_cmp(const struct version_tag *a, const struct version_tag *b)
{
	for (size_t i = 0; i < a->n || i < b->n; i++) {
		const int x = place(a, i), y = place(b, i);
		int r;

		if (x != y)
			return x < y ? -1 : 1;
		r = x == 3 ? number_cmp(a->v[i].text, b->v[i].text) :
			     word_cmp(a->v[i].text, b->v[i].text);
		if (r)
			return r;
	}
	return 0;
}

static int nearest_first(const void *a, const void *b)
{
	const struct version_tag *x = a, *y = b;
	const int r = version_cmp(y, x);

	return r ? r : str_cmp(x->tag->name, y->tag->name);
}

void tagorder_find(struct arena *a, const struct tag_set *tags, struct str tag,
		   struct tag_order *out)
{
	AUTO_ARENA struct arena scratch = ARENA_INIT;
	AUTO_FREE struct version_tag *found = NULL;
	const struct tag_view chosen = { .name = tag };
	struct version_tag self, v;
	size_t n = 0, cap = 0;

	*out = (struct tag_order){ .n = 0 };
	if (!read_tag(&scratch, &chosen, NULL, &self))
		return;
	for (size_t i = 0; i < tags->n; i++) {
		if (tags->v[i].no_commit || !read_tag(&scratch, &tags->v[i], &self, &v) ||
		    !same_scheme(&self, &v) || version_cmp(&v, &self) >= 0)
			continue;
		found = memory_grow(found, n, &cap, sizeof(*found));
		found[n++] = v;
	}
	if (n)
		qsort(found, n, sizeof(*found), nearest_first);
	out->final = self.final;
	out->earlier = arena_alloc(a, (n + 1) * sizeof(*out->earlier));
	for (size_t i = 0; i < n; i++) {
		out->earlier[out->n++] = found[i].tag;
		if (!out->previous && (found[i].final || !self.final))
			out->previous = found[i].tag;
	}
}
