#include "inspect/copied.h"

#include <criterion/criterion.h>

#include "inspect/macro.h"
#include "support/repo.h"
#include "support/run.h"

#define ID_A "1111111111111111111111111111111111111111"
#define ID_OTHER "3333333333333333333333333333333333333333"

#define MACRO "# thing.m4 serial 5\nAC_DEFUN([AL_THING], [echo thing])\n"
#define CORE "m4_define([AC_OUTPUT], [m4_defn([AC_OUTPUT])])"

static struct known_store *store;
static struct arena arena;
static struct notes notes;

static void write_digest(const char *path, const char *text)
{
	char digest[MACRO_DIGEST + 2];

	cr_assert(macro_digest(str_from(text), true, digest));
	strcat(digest, "\n");
	file_text(path, digest);
}

static void begin(void)
{
	struct error err = ERROR_INIT;

	scratch_begin();
	file_text("known/names", "# tarproof-known 2026-01-02 0\n# a alpha\n# b beta\n"
				 "compile b - -\nlibthing.m4 b 9 r\nthing.m4 a 5 -\n");
	file_text("known/contents", ID_A " a\n");
	write_digest("known/normalised", MACRO);
	write_digest("known/definitions", CORE);
	store = known_open_at("known", &err);
	cr_assert(store, "%s", err.message);
	notes.arena = &arena;
}

static void end(void)
{
	known_close(store);
	notes_release(&notes);
	arena_release(&arena);
	scratch_end();
}

TestSuite(copied, .init = begin, .fini = end);

/* The first note; NULL: none. */
static const struct note *examine_as(const char *id, const char *path, const char *text,
				     enum copied_origin origin)
{
	const struct oid oid = oid_from(id);

	notes.n = 0;
	copied_examine(store, str_from(path), str_from(text), &oid, origin, &notes);
	return notes.n ? &notes.v[0] : NULL;
}

static const struct note *examine(const char *path, const char *text)
{
	return examine_as(ID_OTHER, path, text, COPIED_NOT_IN_TAG);
}

Test(copied, a_changed_macro_that_is_not_in_the_tag_is_critical)
{
	const struct note *n = examine("m4/thing.m4", MACRO "echo more\n");

	cr_assert(n);
	cr_assert_eq(n->rule, RULE_TP201);
	cr_assert_eq(n->severity, SEVERITY_CRITICAL);
	cr_assert_eq(notes.n, 1);
	cr_assert(strstr(n->message.ptr, "alpha"));
	cr_assert(strstr(n->message.ptr, "2026-01-02"));
}

Test(copied, a_changed_script_that_is_not_in_the_tag_is_critical)
{
	const struct note *n = examine("build-aux/compile", "#! /bin/sh\nid\n");

	cr_assert(n && n->rule == RULE_TP201 && n->severity == SEVERITY_CRITICAL);
}

Test(copied, evidence_tells_serial_and_macros)
{
	const struct note *n = examine("thing.m4", MACRO "x\n");

	cr_assert_eq(n->evidence_n, 2);
	cr_assert_str_eq(n->evidence[0].ptr, "serial 5 (line 1); highest of alpha: 5");
	cr_assert_str_eq(n->evidence[1].ptr, "line 2: defines AL_THING");
}

Test(copied, a_published_content_is_quiet_under_any_name)
{
	cr_assert_null(examine_as(ID_A, "m4/thing.m4", "anything", COPIED_NOT_IN_TAG));
	cr_assert_null(examine_as(ID_A, "m4/libthing.m4", "anything", COPIED_NOT_IN_TAG));
}

Test(copied, a_name_that_nobody_owns_is_quiet)
{
	cr_assert_null(examine("m4/own.m4", "AC_DEFUN([OWN], [id])\n"));
	cr_assert_null(examine("thing.m4/compile.c", "id"));
}

Test(copied, the_same_in_the_tag_is_information)
{
	const struct note *n = examine_as(ID_OTHER, "thing.m4", "# serial 9\nid\n", COPIED_IN_TAG);

	cr_assert_eq(notes.n, 2);
	cr_assert_eq(n->severity, SEVERITY_INFO);
	cr_assert_eq(notes.v[1].severity, SEVERITY_INFO);
}

Test(copied, without_a_tag_it_is_low)
{
	const struct note *n = examine_as(ID_OTHER, "thing.m4", "# serial 9\nid\n", COPIED_NO_TAG);

	cr_assert_eq(n->severity, SEVERITY_LOW);
	cr_assert_eq(notes.v[1].severity, SEVERITY_LOW);
}

Test(copied, other_comments_and_another_serial_are_information)
{
	const struct note *n = examine("thing.m4", "# thing.m4 serial 30\n# Copyright 2030\n\n"
						   "AC_DEFUN([AL_THING], [echo thing])\n");

	cr_assert_eq(n->rule, RULE_TP201);
	cr_assert_eq(n->severity, SEVERITY_INFO);
	cr_assert_eq(notes.v[1].rule, RULE_TP202);
	cr_assert_eq(notes.v[1].severity, SEVERITY_INFO);
}

Test(copied, comments_alone_are_quiet)
{
	cr_assert_null(examine("compile", "# nothing\n\n# at all\n"));
	cr_assert_null(examine("thing.m4", ""));
}

Test(copied, a_serial_above_all_published_ones_is_high)
{
	examine("thing.m4", "# thing.m4 serial 6\nAC_DEFUN([AL_THING], [id])\n");
	cr_assert_eq(notes.n, 2);
	cr_assert_eq(notes.v[1].rule, RULE_TP202);
	cr_assert_eq(notes.v[1].severity, SEVERITY_HIGH);
	cr_assert_eq(notes.v[1].line, 1);
	cr_assert(strstr(notes.v[0].message.ptr, "newer"));
}

Test(copied, a_script_that_calls_itself_newer_is_told_and_stays_critical)
{
	const struct note *n = examine("compile", "#! /bin/sh\nscriptversion=2026-03-04.01\nid\n");

	cr_assert(strstr(n->message.ptr, "newer"));
	cr_assert_eq(n->severity, SEVERITY_CRITICAL);
	n = examine("compile", "#! /bin/sh\nscriptversion=2025-03-04.01\nid\n");
	cr_assert_not(strstr(n->message.ptr, "newer"));
}

Test(copied, what_is_made_at_each_release_is_context)
{
	const struct note *n = examine("m4/libthing.m4", "# serial 9\nid\n");

	cr_assert_eq(notes.n, 1);
	cr_assert_eq(n->severity, SEVERITY_INFO);
}

Test(copied, a_redefined_core_macro_is_medium)
{
	const struct note *n = examine("m4/own.m4", "\nAC_DEFUN([AC_OUTPUT], [id])\n");

	cr_assert(n && n->rule == RULE_TP203);
	cr_assert_eq(n->severity, SEVERITY_MEDIUM);
	cr_assert_eq(n->line, 2);
}

Test(copied, a_core_macro_redefined_as_published_is_quiet)
{
	cr_assert_null(examine("aclocal.m4", "# generated\n" CORE "\n"));
	cr_assert_null(examine("aclocal.m4", "m4_ifndef([AC_OUTPUT], [m4_defun([AC_OUTPUT], [id])])\n"));
	cr_assert(examine("aclocal.m4", "m4_undefine([AC_OUTPUT])\n"
					"m4_ifndef([AC_OUTPUT], [m4_defun([AC_OUTPUT], [id])])\n"));
}

Test(copied, aclocal_may_hold_what_automake_and_libtool_define)
{
	cr_assert_null(examine("aclocal.m4", "AC_DEFUN([AM_INIT_AUTOMAKE], [x])\n"
					     "AC_DEFUN([LT_INIT], [x])\n"));
	cr_assert(examine("m4/own.m4", "AC_DEFUN([AM_INIT_AUTOMAKE], [x])\n"));
}
