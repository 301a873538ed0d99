#include "config.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <signal.h>

#include "base/cleanup.h"
#include "golden.h"
#include "report/json.h"
#include "report/report.h"
#include "report/ruleset.h"
#include "sample.h"
#include "schema.h"

static void render(void (*sample)(struct result *r), struct report_options o, struct buf *out)
{
	struct result r;

	sample(&r);
	report_find(STR("json"))->render(&r, &o, out);
	result_release(&r);
}

static void compare(const char *name, void (*sample)(struct result *r))
{
	AUTO_BUF struct buf out = BUF_INIT;
	char ruleset[RULESET_SIZE];

	render(sample, (struct report_options){ .reproducible = true }, &out);
	ruleset_name(ruleset);
	golden_compare(name, buf_str(&out),
		       (const char *const[]){ ruleset, "\"" PACKAGE_VERSION "\"", NULL });
}

static json_t *parse(void (*sample)(struct result *r), struct report_options o)
{
	AUTO_BUF struct buf out = BUF_INIT;
	json_error_t error;
	json_t *v;

	render(sample, o, &out);
	v = json_loadb(out.ptr, out.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
	cr_assert(v, "line %d: %s", error.line, error.text);
	return v;
}

static void is_valid(void (*sample)(struct result *r), struct report_options o)
{
	AUTO_BUF struct buf out = BUF_INIT;
	char path[4096], why[512] = "";

	render(sample, o, &out);
	golden_source_path("src/report/result.schema.json", path, sizeof(path));
	cr_expect_eq(schema_check(out.ptr, out.len, path, why, sizeof(why)), 0, "%s", why);
}

Test(report_intoto, names_the_artifact_and_what_it_installs_as_subjects)
{
	AUTO_BUF struct buf out = BUF_INIT;
	struct result r;
	json_t *v, *subjects;

	sample_built(&r);
	report_find(STR("in-toto"))->render(&r, &(struct report_options){ .reproducible = true }, &out);
	result_release(&r);
	v = json_loadb(out.ptr, out.len, JSON_REJECT_DUPLICATES, NULL);
	cr_assert(v);
	cr_expect_str_eq(json_string_value(json_object_get(v, "_type")), "https://in-toto.io/Statement/v1");
	subjects = json_object_get(v, "subject");
	cr_assert_eq(json_array_size(subjects), 2);
	cr_expect_str_eq(json_string_value(json_object_get(json_array_get(subjects, 1), "name")), "usr/bin/hello");
	cr_expect_eq(strlen(json_string_value(json_object_get(json_object_get(json_array_get(subjects, 1), "digest"),
							       "sha256"))), SHA256_HEX);
	json_decref(v);
}

Test(report_json, looks_as_it_should_for_a_hostile_release)
{
	compare("hostile.json", sample_hostile);
}

Test(report_json, looks_as_it_should_when_no_tag_is_clear)
{
	compare("unresolved.json", sample_unresolved);
}

Test(report_json, is_what_the_schema_says)
{
	const struct report_options all = { .all_files = true };

	is_valid(sample_dist, all);
	is_valid(sample_hostile, all);
	is_valid(sample_clean, all);
	is_valid(sample_built, all);
	is_valid(sample_unresolved, all);
	is_valid(result_init, all);
	is_valid(sample_hostile, (struct report_options){ .reproducible = true });
}

static void check_sorted(json_t *v)
{
	const char *key, *last = NULL;
	json_t *member;
	size_t i;

	json_object_foreach(v, key, member) {
		cr_assert(!last || strcmp(last, key) < 0, "%s stands after %s", key, last);
		last = key;
		check_sorted(member);
	}
	json_array_foreach(v, i, member)
		check_sorted(member);
}

Test(report_json, has_its_keys_in_order)
{
	json_t *const v = parse(sample_hostile, (struct report_options){ .all_files = true });

	check_sorted(v);
	json_decref(v);
}

static json_t *find_file(json_t *v, const char *path)
{
	size_t i;
	json_t *file;

	json_array_foreach(json_object_get(v, "files"), i, file)
		if (strcmp(json_string_value(json_object_get(file, "path")), path) == 0)
			return file;
	return NULL;
}

static const char *text_of(json_t *file, const char *key)
{
	const char *const text = json_string_value(json_object_get(file, key));

	return text ? text : "(none)";
}

Test(report_json, keeps_bytes_that_are_no_text)
{
	json_t *const v = parse(sample_hostile, (struct report_options){ .all_files = false });

	cr_expect(find_file(v, "latin-\\xe9.txt"));
	cr_expect(find_file(v, "line\nbreak\ttab"));
	cr_expect(find_file(v, "\342\200\256" "cod.exe"));
	cr_expect(find_file(v, "evil\033[2J\033]0;owned\a.m4"));
	json_decref(v);
}

Test(report_json, tells_how_the_tag_differs)
{
	json_t *const v = parse(sample_hostile, (struct report_options){ .all_files = false });

	cr_expect_str_eq(text_of(find_file(v, "run.sh"), "origin_mode"), "0755");
	cr_expect_str_eq(text_of(find_file(v, "run.sh"), "mode"), "0664");
	cr_expect_str_eq(text_of(find_file(v, "new/\"quoted\" name.c"), "origin_path"),
			 "old/name.c");
	cr_expect_str_eq(text_of(find_file(v, "COPYING"), "origin_type"), "link");
	cr_expect_str_eq(text_of(find_file(v, "COPYING"), "origin_target"), "../LICENSE");
	cr_expect_str_eq(text_of(find_file(v, "modules/lib/d0/f"), "origin_path"), "modules/lib");
	cr_expect_str_eq(text_of(find_file(v, "out"), "target"), "/etc/passwd");
	cr_expect_str_eq(text_of(find_file(v, "tests/run"), "relation"), "missing");
	json_decref(v);
}

Test(report_json, lists_identical_files_only_when_asked)
{
	json_t *const few = parse(sample_clean, (struct report_options){ .all_files = false });
	json_t *const all = parse(sample_clean, (struct report_options){ .all_files = true });

	cr_expect_eq(json_array_size(json_object_get(few, "files")), 0);
	cr_expect_eq(json_array_size(json_object_get(all, "files")), 12);
	json_decref(few);
	json_decref(all);
}

Test(report_json, leaves_out_timings_when_reproducible)
{
	const struct report_options reproducible = { .reproducible = true };
	json_t *const with = parse(sample_clean, (struct report_options){ .all_files = false });
	json_t *const without = parse(sample_clean, reproducible);
	json_t *const first = json_array_get(json_object_get(with, "timings"), 0);

	cr_expect_float_eq(json_real_value(json_object_get(first, "seconds")), 0.1134, 1e-9);
	cr_expect_null(json_object_get(without, "timings"));
	json_decref(with);
	json_decref(without);
}

Test(report_json, has_null_for_a_missing_origin)
{
	json_t *const v = parse(sample_unresolved, (struct report_options){ .all_files = false });

	cr_expect(json_is_null(json_object_get(v, "origin")));
	cr_expect_eq(json_array_size(json_object_get(v, "candidates")), 2);
	json_decref(v);
}

Test(report_json, ends_with_one_newline)
{
	AUTO_BUF struct buf out = BUF_INIT;

	render(sample_clean, (struct report_options){ .all_files = false }, &out);
	cr_assert(str_ends(buf_str(&out), STR("\n}\n")));
}

Test(json_writer, indents_and_closes)
{
	AUTO_BUF struct buf out = BUF_INIT;
	struct json w;

	json_init(&w, &out);
	json_begin_object(&w);
	json_key(&w, "a");
	json_begin_array(&w);
	json_end_array(&w);
	json_key(&w, "b");
	json_begin_array(&w);
	json_int(&w, -1);
	json_begin_object(&w);
	json_end_object(&w);
	json_end_array(&w);
	json_put_null(&w, "bb");
	json_put_text(&w, "c", STR(""));
	json_key(&w, "d");
	json_seconds(&w, 1.5);
	json_end_object(&w);
	cr_assert_str_eq(buf_cstr(&out), "{\n  \"a\": [],\n  \"b\": [\n    -1,\n    {}\n  ],\n"
			 "  \"bb\": null,\n"
			 "  \"d\": 1.500000\n}");
}

Test(json_writer, fails_loudly_on_keys_out_of_order, .signal = SIGABRT)
{
	AUTO_BUF struct buf out = BUF_INIT;
	struct json w;

	json_init(&w, &out);
	json_begin_object(&w);
	json_put_bool(&w, "b", true);
	json_put_bool(&w, "a", true);
}

static int check(const char *json, char *why, size_t size)
{
	char path[4096];

	golden_source_path("src/report/result.schema.json", path, sizeof(path));
	return schema_check(json, strlen(json), path, why, size);
}

Test(schema, refuses_what_is_not_a_result)
{
	char why[256];

	cr_expect_eq(check("{", why, sizeof(why)), -1);
	cr_expect_eq(check("[]", why, sizeof(why)), -1);
	cr_expect(strstr(why, "object"), "%s", why);
	cr_expect_eq(check("{}", why, sizeof(why)), -1);
	cr_expect(strstr(why, "lacks"), "%s", why);
}

/* Parses the hostile sample, lets `spoil` change it, and expects a complaint with `word`. */
static void refuses(void (*spoil)(json_t *v), const char *word)
{
	json_t *const v = parse(sample_hostile, (struct report_options){ .all_files = false });
	char why[256] = "", *json;

	spoil(v);
	json = json_dumps(v, 0);
	cr_expect_eq(check(json, why, sizeof(why)), -1);
	cr_expect(strstr(why, word), "%s", why);
	free(json);
	json_decref(v);
}

static void add_unknown(json_t *v)
{
	json_object_set_new(json_object_get(v, "tool"), "novel", json_true());
}

static void change_verdict(json_t *v)
{
	json_object_set_new(v, "verdict", json_string("splendid"));
}

static void change_type(json_t *v)
{
	json_t *const file = json_array_get(json_object_get(v, "files"), 3);

	json_object_set_new(file, "size", json_string("1"));
}

static void drop_required(json_t *v)
{
	json_object_del(json_array_get(json_object_get(v, "findings"), 0), "rule");
}

Test(schema, refuses_what_it_does_not_describe)
{
	refuses(add_unknown, "/tool/novel: is not in the schema");
	refuses(change_verdict, "splendid");
	refuses(change_type, "/files/3/size: is no integer");
	refuses(drop_required, "/findings/0: lacks rule");
}
