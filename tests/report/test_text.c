#include <criterion/criterion.h>
#include <time.h>

#include "base/cleanup.h"
#include "golden.h"
#include "report/report.h"
#include "report/words.h"
#include "sample.h"

static const struct report_options plain = { .fail_on = SEVERITY_HIGH };

static void render(void (*sample)(struct result *r), const struct report_options *o,
		   struct buf *out)
{
	struct result r;

	sample(&r);
	report_find(STR("text"))->render(&r, o, out);
	result_release(&r);
}

static void compare(const char *name, void (*sample)(struct result *r), struct report_options o)
{
	AUTO_BUF struct buf out = BUF_INIT;
	const char *changing[RULE_COUNT + 1] = { NULL };

	/* The wording of a rule may change without a new golden file. */
	for (size_t i = 0; i < RULE_COUNT; i++)
		changing[i] = rules[i].settle;
	render(sample, &o, &out);
	golden_compare(name, buf_str(&out), changing);
}

static struct str first_lines(struct str text, size_t n)
{
	struct str rest = text, line;

	while (n-- && str_next_line(&rest, &line))
		;
	return str_first(text, text.len - rest.len);
}

static bool has(struct str text, const char *what)
{
	return str_find_str(text, str_from(what)) != (size_t)-1;
}

static bool has_line(struct str text, const char *start)
{
	struct str line;

	while (str_next_line(&text, &line))
		if (str_starts(line, str_from(start)))
			return true;
	return false;
}

Test(report_text, looks_as_it_should_for_a_release_by_make_dist)
{
	compare("dist.text", sample_dist, plain);
}

Test(report_text, looks_as_it_should_for_a_hostile_release)
{
	compare("hostile.text", sample_hostile, plain);
}

Test(report_text, shows_everything_when_verbose)
{
	struct report_options o = plain;

	o.verbosity = 1;
	o.all_files = true;
	compare("hostile-verbose.text", sample_hostile, o);
}

Test(report_text, shortens_messages_at_the_top_to_the_terminal_and_says_so)
{
	struct report_options o = plain;
	AUTO_BUF struct buf out = BUF_INIT;
	struct str head;

	o.width = 100;
	render(sample_hostile, &o, &out);
	head = first_lines(buf_str(&out), 10);
	cr_expect(has(head, "two members of this path"));
	cr_expect(has(head, " [+66 bytes]\n"));
	cr_expect_not(has(head, "this is reversed"));
	cr_expect(has(buf_str(&out), "this is reversed"));
}

Test(report_text, wraps_prose_at_the_width_of_the_terminal)
{
	struct report_options o = plain;
	AUTO_BUF struct buf out = BUF_INIT;
	struct str rest, line;

	o.verbosity = 1;
	o.width = 60;
	render(sample_unresolved, &o, &out);
	rest = buf_str(&out);
	while (str_next_line(&rest, &line))
		if (str_starts(line, STR("              ")))
			cr_assert(line.len <= 60, "%.*s", STR_FMT(line));
}

Test(report_text, quiet_is_the_verdict_and_what_fails)
{
	struct report_options o = plain;

	o.verbosity = -1;
	compare("hostile-quiet.text", sample_hostile, o);
}

Test(report_text, looks_as_it_should_for_a_release_that_was_built)
{
	compare("built.text", sample_built, plain);
}

Test(report_text, looks_as_it_should_when_all_is_identical)
{
	compare("clean.text", sample_clean, plain);
}

Test(report_text, ranks_the_candidates_when_no_tag_is_clear)
{
	compare("unresolved.text", sample_unresolved, plain);
}

Test(report_text, colours_change_nothing_but_colours)
{
	struct report_options o = plain;
	AUTO_BUF struct buf with = BUF_INIT, without = BUF_INIT, stripped = BUF_INIT;

	render(sample_hostile, &o, &without);
	o.color = true;
	render(sample_hostile, &o, &with);
	cr_assert(has(buf_str(&with), "\033[1;31mCRITICAL\033[0m"));
	for (size_t i = 0; i < with.len; i++) {
		if (with.ptr[i] == '\033')
			while (with.ptr[i] != 'm')
				i++;
		else
			buf_add_char(&stripped, with.ptr[i]);
	}
	cr_assert(str_eq(buf_str(&stripped), buf_str(&without)));
}

Test(report_text, lets_no_byte_of_the_input_through_unescaped)
{
	AUTO_BUF struct buf out = BUF_INIT;
	struct report_options o = plain;

	for (o.verbosity = -1; o.verbosity <= 2; o.verbosity++)
		render(sample_hostile, &o, &out);
	for (size_t i = 0; i < out.len; i++) {
		const unsigned char c = (unsigned char)out.ptr[i];

		cr_assert(c == '\n' || (c >= 0x20 && c < 0x7f), "byte %02x at %zu", c, i);
	}
	cr_assert_not(has_line(buf_str(&out), "CLEAN"));
}

Test(report_text, names_critical_and_high_findings_in_the_first_ten_lines)
{
	AUTO_BUF struct buf out = BUF_INIT;
	struct str head;

	render(sample_hostile, &plain, &out);
	head = first_lines(buf_str(&out), 10);
	cr_assert(has(head, "TP102") && has(head, "TP101") && has(head, "TP013"));
	cr_assert(has(head, "and 2 more findings below: 1 low, 1 info"));
	cr_assert(has(head, "NOT CHECKED"));
}

static void large(struct result *r)
{
	sample_large(r, 100000);
}

Test(report_text, many_findings_of_one_kind_can_not_hide_another)
{
	AUTO_BUF struct buf out = BUF_INIT;

	render(large, &plain, &out);
	cr_assert(has(first_lines(buf_str(&out), 10), "the one that must not drown"));
}

Test(report_text, collapsed_lines_account_for_every_file)
{
	AUTO_BUF struct buf out = BUF_INIT;
	struct report_options o = plain;
	struct str rest, line;
	size_t files = 0, lines = 0;
	bool in = false;

	render(large, &o, &out);
	rest = buf_str(&out);
	while (str_next_line(&rest, &line)) {
		if (in && line.len == 0)
			break;
		if (in) {
			line = str_trim(line);
			files += strtoul(line.ptr, NULL, 10);
			lines++;
		}
		in = in || str_starts(line, STR("Added (not in the tag): 10,000 files"));
	}
	cr_assert_eq(files, 10000, "%zu", files);
	cr_assert_leq(lines, 100);
}

Test(report_text, is_the_same_every_time_and_fast)
{
	AUTO_BUF struct buf a = BUF_INIT, b = BUF_INIT;
	struct report_options o = plain;
	struct result r;
	clock_t from;

	large(&r);
	from = clock();
	report_find(STR("text"))->render(&r, &o, &a);
	cr_assert_lt(clock() - from, 3 * CLOCKS_PER_SEC);
	report_find(STR("text"))->render(&r, &o, &b);
	cr_assert(str_eq(buf_str(&a), buf_str(&b)));
	result_release(&r);
}

Test(report_text, appends_to_what_the_buffer_holds)
{
	AUTO_BUF struct buf out = BUF_INIT;

	buf_add_cstr(&out, "before\n");
	render(sample_clean, &plain, &out);
	cr_assert(str_starts(buf_str(&out), STR("before\ntarproof: CLEAN")));
}

Test(report_text, renders_an_empty_result)
{
	AUTO_BUF struct buf out = BUF_INIT;

	render(result_init, &plain, &out);
	cr_assert(out.len > 0);
}

Test(report_words, are_as_a_person_writes_them)
{
	AUTO_BUF struct buf b = BUF_INIT;

	words_number(&b, 86700);
	buf_add_char(&b, '|');
	words_number(&b, 999);
	buf_add_char(&b, '|');
	words_number(&b, UINT64_MAX);
	buf_add_char(&b, '|');
	words_count(&b, 1, "entry");
	buf_add_char(&b, '|');
	words_count(&b, 0, "entry");
	buf_add_char(&b, '|');
	words_time(&b, 0);
	buf_add_char(&b, '|');
	words_time(&b, INT64_MAX);
	cr_assert_str_eq(buf_cstr(&b), "86,700|999|18,446,744,073,709,551,615|1 entry|0 entries|"
			 "1970-01-01 00:00:00 UTC|9223372036854775807 seconds since 1970");
}

Test(report_words, sizes_are_rounded_to_a_unit)
{
	static const struct { uint64_t bytes; const char *words; } rows[] = {
		{ 0, "0 bytes" }, { 1, "1 byte" }, { 1023, "1,023 bytes" }, { 1024, "1.0 KiB" },
		{ 1536, "1.5 KiB" }, { 831488, "812 KiB" }, { 1048575, "1,024 KiB" },
		{ 104857599, "100 MiB" }, { UINT64_MAX, "16.0 EiB" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_BUF struct buf b = BUF_INIT;

		words_size(&b, rows[i].bytes, false);
		cr_expect_str_eq(buf_cstr(&b), rows[i].words);
	}
}

Test(report_formats, are_found_by_name_and_described)
{
	cr_assert_null(report_find(STR("tex")));
	for (size_t i = 0; report_formats[i]; i++) {
		cr_expect_eq(report_find(str_from(report_formats[i]->name)), report_formats[i]);
		cr_expect(report_formats[i]->summary && report_formats[i]->render);
	}
}
