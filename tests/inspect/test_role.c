#include "inspect/role.h"

#include <criterion/criterion.h>

static void expect(const char *path, const char *text, enum role role, enum language language)
{
	const struct file_kind k = role_of(str_from(path), str_from(text), true);

	cr_assert_eq(k.role, role, "%s: role %d", path, (int)k.role);
	cr_assert_eq(k.language, language, "%s: language %d", path, (int)k.language);
}

Test(role, by_name)
{
	expect("configure", "", ROLE_BUILD, LANGUAGE_SHELL);
	expect("m4/x.m4", "", ROLE_BUILD, LANGUAGE_M4);
	expect("src/Makefile.in", "", ROLE_BUILD, LANGUAGE_MAKE);
	expect("src/Makefile.linux", "", ROLE_SCRIPT, LANGUAGE_MAKE);
	expect("src/Makefile.py", "", ROLE_SOURCE, LANGUAGE_PYTHON);
	expect("x.pc.in", "", ROLE_BUILD, LANGUAGE_NONE);
	expect("src/x.c", "", ROLE_SOURCE, LANGUAGE_C);
	expect("tests/x.sh", "", ROLE_TEST, LANGUAGE_SHELL);
	expect("tests/Makefile.am", "", ROLE_BUILD, LANGUAGE_MAKE);
	expect("doc/x.html", "", ROLE_DOCUMENT, LANGUAGE_NONE);
	expect("x.bin", "", ROLE_DATA, LANGUAGE_NONE);
}

Test(role, by_content)
{
	expect("tools/x", "#!/usr/bin/env python3.11\n", ROLE_SCRIPT, LANGUAGE_PYTHON);
	expect("tools/x", "#! /bin/sh\n# scriptversion=2020\n", ROLE_BUILD, LANGUAGE_SHELL);
	expect("tools/x", "# x\nAC_DEFUN([X], [])\n", ROLE_BUILD, LANGUAGE_M4);
	expect("x.sh.in", "#!@SHELL@\n", ROLE_SCRIPT, LANGUAGE_SHELL);
	expect("tests/x", "# -*- sh -*-\n", ROLE_TEST, LANGUAGE_SHELL);
	expect("tests/x", "# -*- coding: utf-8; mode: Python; -*-\n", ROLE_TEST, LANGUAGE_PYTHON);
	expect("tests/x", "# sh -*- text -*-\n-*- sh -*-\n", ROLE_TEST, LANGUAGE_NONE);
	expect("t/x.t", "use strict;\n", ROLE_TEST, LANGUAGE_PERL);
	expect("t/x.t", "  $ hg init\n  x | y\n", ROLE_TEST, LANGUAGE_NONE);
}

Test(role, what_is_taken_up_by_its_name)
{
	cr_assert_not_null(role_of(STR("GNUmakefile"), STR(""), true).implicit);
	cr_assert_not_null(role_of(STR("cmake/FindZLIB.cmake"), STR(""), true).implicit);
	cr_assert_null(role_of(STR("cmake/FindHello.cmake"), STR(""), true).implicit);
	cr_assert_null(role_of(STR("tests/GNUmakefile"), STR(""), true).implicit, "tests take up their own");
	cr_assert_not_null(role_of(STR("gradle/wrapper/gradle-wrapper.jar"), STR(""), false).implicit);
}

Test(role, folders_of_tests)
{
	cr_assert(role_in_tests(STR("a/unit-tests_data/x")));
	cr_assert(role_in_tests(STR("t/x")));
	cr_assert_not(role_in_tests(STR("tests")), "a file of that name is in no folder");
	cr_assert_not(role_in_tests(STR("contest/x")));
}
