#include <criterion/criterion.h>

#include "base/cleanup.h"
#include "input/attributes.h"
#include "input/wildmatch.h"

static void cleanup_attributes(struct attributes **a)
{
	attributes_free(*a);
}

#define AUTO_ATTRIBUTES CLEANUP(cleanup_attributes)

static struct path_attributes ask(const struct attributes *a, const char *path)
{
	struct path_attributes out;
	size_t len = strlen(path);
	const bool is_dir = len && path[len - 1] == '/';

	attributes_get(a, str_of(path, len - is_dir), is_dir, &out);
	return out;
}

/* "set", "unset", "unspecified" or the value, of the attribute "text". */
static const char *text_of(const struct attributes *a, const char *path)
{
	static char value[64];
	const struct attribute text = ask(a, path).text;

	switch (text.state) {
	case ATTRIBUTE_SET:
		return "set";
	case ATTRIBUTE_UNSET:
		return "unset";
	case ATTRIBUTE_VALUE:
		snprintf(value, sizeof(value), "%.*s", STR_FMT(text.value));
		return value;
	case ATTRIBUTE_UNSPECIFIED:
		break;
	}
	return "unspecified";
}

struct pattern_case {
	const char *line, *path;
	bool matches;
};

static const struct pattern_case pattern_cases[] = {
	{ "a text", "a", true },
	{ "a text", "x/a", true },
	{ "a text", "ab", false },
	{ "/a text", "a", true },
	{ "/a text", "x/a", false },
	{ "x/a text", "x/a", true },
	{ "x/a text", "y/x/a", false },
	{ "x/ text", "x/", true },
	{ "x/ text", "x", false },
	{ "x/ text", "x/a", false },
	{ "x/y/ text", "x/y/", true },
	{ "*/ text", "x/", true },
	{ "*.c text", "x/y.c", true },
	{ "*.c text", ".c", true },
	{ "*.c text", "y.cc", false },
	{ "a*c text", "abbc", true },
	{ "x/*.c text", "x/y.c", true },
	{ "x/*.c text", "x/y/z.c", false },
	{ "**/a text", "a", true },
	{ "**/a text", "x/y/a", true },
	{ "x/**/a text", "x/a", true },
	{ "x/**/a text", "x/y/z/a", true },
	{ "x/**/a text", "x/ya", false },
	{ "x/** text", "x/y/z", true },
	{ "x/** text", "x/", false },
	{ "x/y**z text", "x/y/z", false },
	{ "x/y**z text", "x/yabz", true },
	{ "x/y** text", "x/y/z", true },	/* as "**" follows the literal part */
	{ "x/*y** text", "x/y/z", false },
	{ "?.c text", "x.c", true },
	{ "x?y/b text", "x/y/b", false },
	{ "[a-c]x text", "bx", true },
	{ "[!a-c]x text", "bx", false },
	{ "[^a-c]x text", "dx", true },
	{ "[]a]x text", "]x", true },
	{ "[a-]x text", "-x", true },
	{ "[[:digit:]a]x text", "7x", true },
	{ "[[:nonsense:]]x text", ":x", false },
	{ "x[/]y/z text", "x/y/z", false },
	{ "[a text", "[a", false },
	{ "\\*a text", "*a", true },
	{ "\\*a text", "xa", false },
	{ "a\\ text", "a", false },
	{ "\"a b\" text", "a b", true },
	{ "\"\\141\\tb\" text", "a\tb", true },
	{ "\"a\"text", "a", true },
	{ "\"a text", "\"a", true },
	{ "\"a\\000b\" text", "a", true },
	{ "!a text", "!a", false },
	{ "\\!a text", "!a", true },
	{ "#a text", "#a", false },
	{ "\\#a text", "#a", true },
	{ " \ta text", "a", true },
	{ "a text\r", "a", true },
	{ "a bad!name text", "a", false },
	{ "a =x text", "a", false },
	{ "A text", "a", false },
};

Test(attributes, pattern_matches_as_in_git)
{
	for (size_t i = 0; i < sizeof(pattern_cases) / sizeof(pattern_cases[0]); i++) {
		const struct pattern_case *const c = &pattern_cases[i];
		AUTO_ATTRIBUTES struct attributes *a = attributes_new();

		attributes_add(a, STR(""), str_from(c->line));
		cr_expect_str_eq(text_of(a, c->path), c->matches ? "set" : "unspecified",
				 "'%s' for '%s'", c->line, c->path);
	}
}

Test(attributes, state_of_each_form_is_read)
{
	AUTO_ATTRIBUTES struct attributes *a = attributes_new();

	attributes_add(a, STR(""), STR("a text\nb -text\nc text=auto\nd text\nd !text\ne text=\n"
				       "f -text=x\ng text=a=b\n"));
	cr_expect_str_eq(text_of(a, "a"), "set");
	cr_expect_str_eq(text_of(a, "b"), "unset");
	cr_expect_str_eq(text_of(a, "c"), "auto");
	cr_expect_str_eq(text_of(a, "d"), "unspecified");
	cr_expect_str_eq(text_of(a, "e"), "");
	cr_expect_str_eq(text_of(a, "f"), "unset");
	cr_expect_str_eq(text_of(a, "g"), "a=b");
}

Test(attributes, later_line_and_later_word_win)
{
	AUTO_ATTRIBUTES struct attributes *a = attributes_new();

	attributes_add(a, STR(""), STR("* text\n*.c -text\nz text -text\n"));
	cr_expect_str_eq(text_of(a, "x.c"), "unset");
	cr_expect_str_eq(text_of(a, "x.h"), "set");
	cr_expect_str_eq(text_of(a, "z"), "unset");
}

Test(attributes, deeper_file_wins_over_root)
{
	AUTO_ATTRIBUTES struct attributes *a = attributes_new();

	attributes_add(a, STR("x/y"), STR("*.c !text\n/b text=b\n"));
	attributes_add(a, STR("x"), STR("*.c -text\ny/*.h -text\n"));
	attributes_add(a, STR(""), STR("* text\n"));
	cr_expect_str_eq(text_of(a, "a.c"), "set");
	cr_expect_str_eq(text_of(a, "x/a.c"), "unset");
	cr_expect_str_eq(text_of(a, "x/y/a.c"), "unspecified");
	cr_expect_str_eq(text_of(a, "x/y/a.h"), "unset");
	cr_expect_str_eq(text_of(a, "x/y/b"), "b");
	cr_expect_str_eq(text_of(a, "x/y/z/b"), "set");
	cr_expect_str_eq(text_of(a, "xx/a.c"), "set");
}

Test(attributes, file_and_line_that_decided_are_named)
{
	AUTO_ATTRIBUTES struct attributes *a = attributes_new();

	attributes_add(a, STR("x/y"), STR("# c\n\n*.c ident\n"));
	attributes_add(a, STR(""), STR("[attr]m export-ignore\n*.c m\n"));
	const struct path_attributes got = ask(a, "x/y/a.c");

	cr_expect(str_eq(got.ident.file, STR("x/y/.gitattributes")));
	cr_expect_eq(got.ident.line, 3);
	cr_expect(str_eq(got.export_ignore.file, STR(".gitattributes")));
	cr_expect_eq(got.export_ignore.line, 2);
	cr_expect_eq(got.text.line, 0);
}

Test(attributes, binary_is_built_in)
{
	AUTO_ATTRIBUTES struct attributes *a = attributes_new();

	attributes_add(a, STR("x"), STR("*.png binary\n*.jpg !binary\n"));
	attributes_add(a, STR(""), STR("* text=auto\n*.jpg binary\n"));
	cr_expect_str_eq(text_of(a, "x/a.png"), "unset");
	cr_expect_str_eq(text_of(a, "x/a.jpg"), "auto");
	cr_expect_str_eq(text_of(a, "a.jpg"), "unset");
}

Test(attributes, macros_nest_and_the_last_definition_counts)
{
	AUTO_ATTRIBUTES struct attributes *a = attributes_new();

	attributes_add(a, STR("x"), STR("a one\nb -one\n"));
	attributes_add(a, STR(""), STR("[attr]one two\n[attr]two -text\n[attr]two text=input one\n"
				       "b two\n"));
	cr_expect_str_eq(text_of(a, "x/a"), "input");
	cr_expect_str_eq(text_of(a, "x/b"), "input");
	cr_expect_str_eq(text_of(a, "x/c"), "unspecified");
}

Test(attributes, macro_in_a_nested_file_is_skipped)
{
	AUTO_ATTRIBUTES struct attributes *a = attributes_new();

	attributes_add(a, STR("x"), STR("[attr]m text\na m\n"));
	cr_expect_str_eq(text_of(a, "x/a"), "unspecified");
	cr_expect_not(attributes_any(a));
}

Test(attributes, overlong_line_and_what_follows_a_nul_are_skipped)
{
	AUTO_ATTRIBUTES struct attributes *a = attributes_new();
	AUTO_BUF struct buf content = BUF_INIT;

	buf_add_cstr(&content, "a text");
	while (content.len < 2047)
		buf_add_char(&content, ' ');
	buf_add_cstr(&content, "\nb text ");
	while (content.len < 2047 + 1 + 2048)
		buf_add_char(&content, ' ');
	buf_add(&content, "\nc text\nd text\0\ne text\n", 23);
	attributes_add(a, STR(""), buf_str(&content));
	cr_expect_str_eq(text_of(a, "a"), "set");
	cr_expect_str_eq(text_of(a, "b"), "unspecified");
	cr_expect_str_eq(text_of(a, "c"), "set");
	cr_expect_str_eq(text_of(a, "d"), "set");
	cr_expect_str_eq(text_of(a, "e"), "unspecified");
}

Test(attributes, nothing_relevant_is_a_quick_way_out)
{
	AUTO_ATTRIBUTES struct attributes *a = attributes_new();

	attributes_add(a, STR(""), STR("*.c diff=cpp whitespace=tab\n"));
	cr_expect_not(attributes_any(a));
	attributes_add(a, STR(""), STR("*.c diff=cpp export-subst\n"));
	cr_expect(attributes_any(a));
	cr_expect_eq(ask(a, "a.c").export_subst.state, ATTRIBUTE_SET);
}

Test(attributes, chain_of_many_macros_needs_no_deep_stack, .timeout = 20)
{
	AUTO_ATTRIBUTES struct attributes *a = attributes_new();
	AUTO_BUF struct buf content = BUF_INIT;

	for (int i = 0; i < 50000; i++)
		buf_addf(&content, "[attr]m%d m%d\n", i, i + 1);
	buf_add_cstr(&content, "[attr]m50000 text\n* m0\n");
	attributes_add(a, STR(""), buf_str(&content));
	cr_expect_str_eq(text_of(a, "a"), "set");
}

Test(attributes, many_stars_end_in_reasonable_time, .timeout = 20)
{
	AUTO_BUF struct buf pattern = BUF_INIT, text = BUF_INIT;

	for (int i = 0; i < 400; i++)
		buf_add_cstr(&pattern, "**/*a");
	buf_add_char(&pattern, 'b');
	for (int i = 0; i < 10000; i++)
		buf_add_cstr(&text, "aaa/");
	cr_expect_not(wildmatch(buf_str(&pattern), buf_str(&text), true));
	cr_expect_not(wildmatch(buf_str(&pattern), buf_str(&text), false));
}
