#include <criterion/criterion.h>

#include "base/cleanup.h"
#include "input/convert.h"

#define OID "0123456789abcdef0123456789abcdef01234567"
#define TREE "89abcdef0123456789abcdef0123456789abcdef"
#define PARENT1 "1111111111111111111111111111111111111111"
#define PARENT2 "2222222222222222222222222222222222222222"
#define BLOB "00112233445566778899aabbccddeeff00112233"

static struct str parents[] = { { PARENT1, 40 }, { PARENT2, 40 } };
static struct str tags[] = { { "v1.2", 4 }, { "stable", 6 } };

static const struct commit_facts facts = {
	.oid = { OID, 40 }, .tree = { TREE, 40 }, .parents = parents, .parents_n = 2,
	.author_name = { "A. U. Thor", 10 }, .author_email = { "author@example.org", 18 },
	.committer_name = { "C. O. Mitter", 12 }, .committer_email = { "c@example.org", 13 },
	.author_time = 1700000000, .author_offset = 330,
	.committer_time = 1700000060, .committer_offset = 0,
	.message = { "First line\nsecond: line!  \n\n\nBody\n\nMore\n", 40 },
	.tags = tags, .tags_n = 2,
};

static struct attribute attribute(const char *text)
{
	if (!text)
		return (struct attribute){ .state = ATTRIBUTE_UNSPECIFIED };
	if (strcmp(text, "+") == 0)
		return (struct attribute){ .state = ATTRIBUTE_SET };
	if (strcmp(text, "-") == 0)
		return (struct attribute){ .state = ATTRIBUTE_UNSET };
	return (struct attribute){ .state = ATTRIBUTE_VALUE, .value = str_from(text) };
}

static struct oid blob_id(void)
{
	struct oid oid;

	cr_assert(hex_decode(STR(BLOB), oid.bytes, OID_SIZE));
	return oid;
}

/* Expects that git archive turns `in` into `expected`, and that it is recognized. */
static void expect_export(const struct path_attributes *attrs, struct str in, struct str expected)
{
	AUTO_BUF struct buf out = BUF_INIT;
	const struct oid oid = blob_id();
	unsigned int how = 99, how_matched = 99;

	buf_add_cstr(&out, "before");
	convert_export(attrs, &facts, &oid, in, 7, &out, &how);
	const struct str got = str_from_at(buf_str(&out), 6);

	cr_expect(str_eq(got, expected), "of '%.*s': '%.*s', not '%.*s'", STR_FMT(in),
		  STR_FMT(got), STR_FMT(expected));
	cr_expect_eq(convert_matches(attrs, &facts, &oid, in, expected, &how_matched),
		     CONVERT_EXACT, "of '%.*s'", STR_FMT(in));
	cr_expect_eq(how != 0, !str_eq(in, expected) || (how & CONVERTED_IDENT));
	cr_expect_eq(how, how_matched);
}

struct eol_case {
	const char *text, *crlf, *eol;
	bool converts, converts_mixed;
};

static const struct eol_case eol_cases[] = {
	{ "+", NULL, NULL, false, false },
	{ "+", NULL, "crlf", true, true },
	{ "+", NULL, "lf", false, false },
	{ NULL, NULL, "crlf", true, true },
	{ "-", NULL, "crlf", false, false },
	{ "auto", NULL, "crlf", true, false },
	{ "auto", NULL, NULL, false, false },
	{ "input", NULL, "crlf", true, true },
	{ "other", "-", "crlf", false, false },
	{ "other", NULL, "crlf", true, true },
	{ NULL, "auto", "crlf", true, false },
	{ NULL, "input", NULL, false, false },
	{ NULL, "-", "crlf", false, false },
	{ NULL, "+", NULL, false, false },
	{ "auto", "-", "crlf", true, false },
	{ "+", NULL, "CRLF", false, false },
};

Test(convert, line_ends_follow_text_crlf_and_eol)
{
	for (size_t i = 0; i < sizeof(eol_cases) / sizeof(eol_cases[0]); i++) {
		const struct eol_case *const c = &eol_cases[i];
		const struct path_attributes attrs = {
			.text = attribute(c->text), .crlf = attribute(c->crlf),
			.eol = attribute(c->eol),
		};

		cr_expect_eq(convert_applies(&attrs), c->converts, "case %zu", i);
		expect_export(&attrs, STR("a\nb\n"), c->converts ? STR("a\r\nb\r\n") : STR("a\nb\n"));
		expect_export(&attrs, STR("a\r\nb\n"),
			      c->converts_mixed ? STR("a\r\nb\r\n") : STR("a\r\nb\n"));
		expect_export(&attrs, STR(""), STR(""));
	}
}

Test(convert, auto_leaves_binaries_and_any_cr_alone)
{
	const struct path_attributes attrs = {
		.text = attribute("auto"), .eol = attribute("crlf"),
	};

	expect_export(&attrs, STR("a\n\0"), STR("a\n\0"));
	expect_export(&attrs, STR("a\rb\n"), STR("a\rb\n"));
	expect_export(&attrs, STR("a\n\x01"), STR("a\n\x01"));
	expect_export(&attrs, STR("a\n\x7f"), STR("a\n\x7f"));
	expect_export(&attrs, STR("a\n\x1a"), STR("a\r\n\x1a"));
	expect_export(&attrs, STR("\b\t\x1b\f\xff\n"), STR("\b\t\x1b\f\xff\r\n"));
}

static const struct {
	const char *in, *out;
} ident_cases[] = {
	{ "$Id$", "$Id: " BLOB " $" },
	{ "x $Id$ y $Id$\n", "x $Id: " BLOB " $ y $Id: " BLOB " $\n" },
	{ "$Id: anything$", "$Id: " BLOB " $" },
	{ "$Id: anything $", "$Id: " BLOB " $" },
	{ "$Id:$", "$Id: " BLOB " $" },
	{ "$Id: $", "$Id: " BLOB " $" },
	{ "$Id: of another system $", "$Id: of another system $" },
	{ "$Id:x y$Id$", "$Id:x y$Id: " BLOB " $" },
	{ "$Id:\tx\ty$", "$Id: " BLOB " $" },
	{ "$Id: x\n$Id$", "$Id: x\n$Id: " BLOB " $" },
	{ "$Id: open", "$Id: open" },
	{ "$Idx$ $id$ $Id", "$Idx$ $id$ $Id" },
	{ "$$Id$$", "$$Id: " BLOB " $$" },
};

Test(convert, ident_is_expanded_but_not_that_of_other_systems)
{
	const struct path_attributes attrs = { .ident = attribute("+") };

	for (size_t i = 0; i < sizeof(ident_cases) / sizeof(ident_cases[0]); i++)
		expect_export(&attrs, str_from(ident_cases[i].in), str_from(ident_cases[i].out));
}

Test(convert, encodings_are_written_with_the_marks_that_git_writes)
{
	struct path_attributes attrs = { .working_tree_encoding = attribute("UTF-16LE-BOM") };

	expect_export(&attrs, STR("a\xc3\xa9"), STR("\xff\xfe" "a\0\xe9\0"));
	attrs.working_tree_encoding = attribute("utf16be-bom");
	expect_export(&attrs, STR("a"), STR("\xfe\xff\0a"));
	attrs.working_tree_encoding = attribute("UTF-16LE");
	expect_export(&attrs, STR("a"), STR("a\0"));
	attrs.working_tree_encoding = attribute("latin-1");
	expect_export(&attrs, STR("\xc3\xa9"), STR("\xe9"));
	attrs.working_tree_encoding = attribute("UTF8");
	expect_export(&attrs, STR("\xc3\xa9"), STR("\xc3\xa9"));
	cr_expect_not(convert_applies(&attrs));
}

Test(convert, what_cannot_be_encoded_stays_as_it_is)
{
	struct path_attributes attrs = { .working_tree_encoding = attribute("latin-1") };

	expect_export(&attrs, STR("\xe6\x97\xa5"), STR("\xe6\x97\xa5"));
	expect_export(&attrs, STR("ok\xff"), STR("ok\xff"));
	attrs.working_tree_encoding = attribute("no-such-encoding");
	expect_export(&attrs, STR("a"), STR("a"));
}

Test(convert, line_ends_come_before_the_encoding_and_substitution_last)
{
	const struct path_attributes attrs = {
		.eol = attribute("crlf"), .working_tree_encoding = attribute("UTF-16LE"),
		.export_subst = attribute("+"),
	};

	expect_export(&attrs, STR("\n$Format:%H$"),
		      STR("\r\0\n\0$\0F\0o\0r\0m\0a\0t\0:\0%\0H\0$\0"));
}

static const struct {
	const char *in, *out;
} subst_cases[] = {
	{ "$Format:%H %T$", OID " " TREE },
	{ "$Format:%h|%t|%p$", "0123456|89abcde|1111111 2222222" },
	{ "$Format:%P$", PARENT1 " " PARENT2 },
	{ "$Format:%an <%ae> %al$", "A. U. Thor <author@example.org> author" },
	{ "$Format:%aN <%aE> %aL$", "A. U. Thor <author@example.org> author" },
	{ "$Format:%cn <%ce> %cl$", "C. O. Mitter <c@example.org> c" },
	{ "$Format:%ad$", "Wed Nov 15 03:43:20 2023 +0530" },
	{ "$Format:%aD$", "Wed, 15 Nov 2023 03:43:20 +0530" },
	{ "$Format:%ai$", "2023-11-15 03:43:20 +0530" },
	{ "$Format:%aI$", "2023-11-15T03:43:20+05:30" },
	{ "$Format:%as %at$", "2023-11-15 1700000000" },
	{ "$Format:%cd$", "Tue Nov 14 22:14:20 2023 +0000" },
	{ "$Format:%cI$", "2023-11-14T22:14:20+00:00" },
	{ "$Format:%s$", "First line second: line!" },
	{ "$Format:%f$", "First-line" },
	{ "$Format:%b$", "Body\n\nMore\n" },
	{ "$Format:%B$", "First line\nsecond: line!  \n\n\nBody\n\nMore\n" },
	{ "$Format:%%%n%x41%xzz$", "%\nA%xzz" },
	{ "$Format:%N%Q%a%az%$", "%N%Q%a%az%" },
	{ "$Format:%m%e%gd%C(red)%Creset%C(auto)x$", ">x" },
	{ "a\n\n$Format:%-e$b", "ab" },
	{ "a$Format:% s%+e%+x42$b", "a First line second: line!\nBb" },
	{ "$Format:$x$Format:%H", "x$Format:%H" },
	{ "$$Format:a$$", "$a$" },
	{ "$Format:a\n%as$", "a\n2023-11-15" },
	{ "$format:%H$", "$format:%H$" },
};

Test(convert, placeholders_are_expanded)
{
	const struct path_attributes attrs = { .export_subst = attribute("+") };

	for (size_t i = 0; i < sizeof(subst_cases) / sizeof(subst_cases[0]); i++)
		expect_export(&attrs, str_from(subst_cases[i].in), str_from(subst_cases[i].out));
}

struct match_case {
	const char *in, *stored;
	enum convert_match match;
};

static const struct match_case match_cases[] = {
	{ "v=$Format:%h$;", "v=0123;", CONVERT_EXACT },
	{ "v=$Format:%h$;", "v=0123456789;", CONVERT_EXACT },
	{ "v=$Format:%h$;", "v=" OID ";", CONVERT_EXACT },
	{ "v=$Format:%h$;", "v=012;", CONVERT_NO },
	{ "v=$Format:%h$;", "v=0123457;", CONVERT_NO },
	{ "v=$Format:%h$;", "v=01234567", CONVERT_NO },
	{ "$Format:%h$0123", "012345670123", CONVERT_EXACT },
	{ "$Format:%H$", "0123456789abcdef0123456789abcdef01234568", CONVERT_NO },
	{ "$Format:%cI$", "2023-11-14T22:14:20Z", CONVERT_EXACT },
	{ "$Format:%aI$", "2023-11-15T03:43:20Z", CONVERT_NO },
	{ "[$Format:%d$]", "[ (HEAD -> main, tag: v1.2, origin/main)]", CONVERT_PLAUSIBLE },
	{ "[$Format:%d$]", "[ (tag: v1.2, tag: stable)]", CONVERT_PLAUSIBLE },
	{ "[$Format:%d$]", "[]", CONVERT_PLAUSIBLE },
	{ "[$Format:%d$]", "[ (tag: v1.3)]", CONVERT_NO },
	{ "[$Format:%d$]", "[ ()]", CONVERT_NO },
	{ "[$Format:%d$]", "[(tag: v1.2)]", CONVERT_NO },
	{ "[$Format:%d$]", "[ (main; rm)]", CONVERT_NO },
	{ "[$Format:%d$]", "[ (refs/tags/v1.3)]", CONVERT_NO },
	{ "'$Format:%D$'", "'HEAD -> main, tag: v1.2'", CONVERT_PLAUSIBLE },
	{ "'$Format:%D$'", "'HEAD, release/1.2'", CONVERT_PLAUSIBLE },
	{ "'$Format:%D$'", "'';x='", CONVERT_NO },
	{ "'$Format:%D$'", "'main\nx'", CONVERT_NO },
	{ "'$Format:%D$'", "'$(id)'", CONVERT_NO },
	{ "$Format:%D$x", "mainy", CONVERT_NO },
	{ "a$Format:%+D$", "a\nmain", CONVERT_PLAUSIBLE },
	{ "a$Format:% D$", "a", CONVERT_PLAUSIBLE },
	{ "a$Format:% D$", "a ", CONVERT_NO },
	{ "$Format:%(describe)$", "v1.2", CONVERT_PLAUSIBLE },
	{ "$Format:%(describe:tags)$", "%(describe:tags)", CONVERT_PLAUSIBLE },
	{ "$Format:%(describe)$", "v1.1-12-g0123456", CONVERT_PLAUSIBLE },
	{ "$Format:%(describe)$", "v1.1-12-g0123457", CONVERT_NO },
	{ "$Format:%(describe)$", "v1.1", CONVERT_NO },
	{ "$Format:%(describe)$", "v1.1-", CONVERT_NO },
	{ "$Format:%aN$", "A. U. Thor", CONVERT_EXACT },
	{ "$Format:%aN$", "Andr\xc3\xa9 Thor", CONVERT_PLAUSIBLE },
	{ "$Format:%aN$", "a\xe2\x80\xae" "b", CONVERT_NO },
	{ "$Format:%aN$", "*/ evil();", CONVERT_NO },
	{ "$Format:%ar$", "1 year, 2 months ago", CONVERT_PLAUSIBLE },
	{ "$Format:%ar$", "some time ago", CONVERT_NO },
	{ "$Format:%G?$", "N", CONVERT_PLAUSIBLE },
	{ "$Format:%w(1)%H$", OID, CONVERT_NO },
	{ "$Format:%h$ $Format:%D$ end\n", "0123456 main end\n", CONVERT_PLAUSIBLE },
	{ "$Format:%h$ $Format:%D$ end\n", "0123456 main End\n", CONVERT_NO },
	{ "$Format:%H$", "$Format:%H$", CONVERT_NO },
};

Test(convert, text_that_names_refs_is_judged_by_its_form)
{
	const struct path_attributes attrs = { .export_subst = attribute("+") };
	const struct oid oid = blob_id();

	for (size_t i = 0; i < sizeof(match_cases) / sizeof(match_cases[0]); i++) {
		const struct match_case *const c = &match_cases[i];
		unsigned int how;

		cr_expect_eq(convert_matches(&attrs, &facts, &oid, str_from(c->in),
					     str_from(c->stored), &how), c->match,
			     "'%s' as '%s'", c->in, c->stored);
	}
}

Test(convert, growth_without_bounds_is_refused, .timeout = 20)
{
	const struct path_attributes attrs = { .export_subst = attribute("+") };
	const struct oid oid = blob_id();
	AUTO_BUF struct buf in = BUF_INIT, out = BUF_INIT;
	unsigned int how;

	buf_add_cstr(&in, "$Format:");
	for (int i = 0; i < 1000000; i++)
		buf_add_cstr(&in, "%B");
	buf_add_char(&in, '$');
	convert_export(&attrs, &facts, &oid, buf_str(&in), 7, &out, &how);
	cr_expect(str_eq(buf_str(&in), buf_str(&out)));
	cr_expect_eq(how, 0);
}

Test(convert, ambiguous_holes_end_in_reasonable_time, .timeout = 20)
{
	const struct path_attributes attrs = { .export_subst = attribute("+") };
	const struct oid oid = blob_id();
	AUTO_BUF struct buf in = BUF_INIT, stored = BUF_INIT;
	unsigned int how;

	buf_add_cstr(&in, "$Format:");
	for (int i = 0; i < 1000; i++)
		buf_add_cstr(&in, "%D");
	buf_add_cstr(&in, "$!");
	for (int i = 0; i < 20000; i++)
		buf_add_char(&stored, 'a');
	cr_expect_eq(convert_matches(&attrs, &facts, &oid, buf_str(&in), buf_str(&stored), &how),
		     CONVERT_NO);
}
