#include "inspect/macro.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/limits.h"

static bool same(bool is_m4, const char *a, const char *b)
{
	char x[MACRO_DIGEST + 1], y[MACRO_DIGEST + 1];

	return macro_digest(str_from(a), is_m4, x) && macro_digest(str_from(b), is_m4, y) &&
	       strcmp(x, y) == 0;
}

static struct macro_file read_text(struct str text)
{
	struct macro_file f;

	macro_read(text, &f);
	return f;
}

static bool defines(const struct macro_file *f, const char *name, int64_t line)
{
	for (size_t i = 0; i < f->defs_n; i++) {
		if (str_eq(f->defs[i].name, str_from(name)) && f->defs[i].line == line)
			return true;
	}
	return false;
}

static bool uses(const struct macro_file *f, const char *name)
{
	for (size_t i = 0; i < f->uses_n; i++) {
		if (str_eq(f->uses[i].name, str_from(name)))
			return true;
	}
	return false;
}

Test(macro, serials_are_read_in_every_form_that_is_in_use)
{
	int64_t line;

	cr_assert_eq(macro_serial(STR("# thing.m4 serial 30\n"), &line), 30);
	cr_assert_eq(line, 1);
	cr_assert_eq(macro_serial(STR("dnl text\n\n#serial 7\n"), &line), 7);
	cr_assert_eq(line, 3);
	cr_assert_eq(macro_serial(STR("# serial 12 (tool-0.29)\n"), NULL), 12);
	cr_assert_eq(macro_serial(STR("dnl thing.m4 serial 4\n"), NULL), 4);
	cr_assert_eq(macro_serial(STR("# serial 2.3\n"), NULL), 2);
	cr_assert_eq(macro_serial(STR("##  serial 5\r\n"), NULL), 5);
}

Test(macro, prose_about_serials_is_none)
{
	cr_assert_eq(macro_serial(STR("# since serial\n# one of serial 5\nserial 6\n"), NULL), -1);
	cr_assert_eq(macro_serial(STR("#serial\n# serial x\n"), NULL), -1);
	cr_assert_eq(macro_serial(STR("dnlserial 4\n"), NULL), -1);
}

Test(macro, a_serial_of_many_digits_does_not_overflow)
{
	cr_assert_gt(macro_serial(STR("# serial 99999999999999999999999999999999999\n"), NULL), 0);
}

Test(macro, serials_far_down_are_not_read)
{
	struct buf text = BUF_INIT;

	for (int i = 0; i < 50; i++)
		buf_add_char(&text, '\n');
	buf_add_cstr(&text, "# serial 3\n");
	cr_assert_eq(macro_serial(buf_str(&text), NULL), -1);
	buf_release(&text);
}

Test(macro, definitions_are_found_with_their_lines_at_any_depth)
{
	struct macro_file f = read_text(STR("AC_DEFUN([ONE_A], [x])\n"
					    "m4_ifdef([Q],\n"
					    "[AC_DEFUN_ONCE([[ONE_B]],[y])])\n"
					    "AU_ALIAS( OLD_ONE , [NEW])\n"
					    "m4_copy_force([X_ORIG], [X_COPY])\n"));

	cr_assert_eq(f.defs_n, 4);
	cr_assert(defines(&f, "ONE_A", 1));
	cr_assert(defines(&f, "ONE_B", 3));
	cr_assert(defines(&f, "OLD_ONE", 4));
	cr_assert(defines(&f, "X_COPY", 5));
	macro_file_release(&f);
}

Test(macro, comments_define_and_use_nothing)
{
	struct macro_file f = read_text(STR("# AC_DEFUN([A_B], [x])\ndnl AC_DEFUN([A_C], [x])\n"
					    "AC_DEFUN([A_D], [\n# GL_NOT(1)\nGL_YES\n])\n"));

	cr_assert_eq(f.defs_n, 1);
	cr_assert(defines(&f, "A_D", 3));
	cr_assert(uses(&f, "GL_YES"));
	cr_assert_not(uses(&f, "GL_NOT"));
	macro_file_release(&f);
}

Test(macro, dnl_with_arguments_is_no_comment)
{
	struct macro_file f = read_text(STR("dnl(AC_DEFUN([A_B], [x]))\n"));

	cr_assert(defines(&f, "A_B", 1), "m4 expands the arguments before it drops the line");
	cr_assert(f.requoted);
	macro_file_release(&f);
}

Test(macro, changes_of_quotes_are_told)
{
	struct macro_file f = read_text(STR("changequote(<<, >>)dnl\n"));

	cr_assert(f.requoted);
	macro_file_release(&f);
}

Test(macro, a_definition_for_want_of_one_is_guarded)
{
	struct macro_file f = read_text(STR("m4_ifndef([AC_X], [m4_defun([AC_X], [a])])\n"
					    "m4_ifndef([AC_Y], [m4_defun([AC_X], [b])])\n"
					    "m4_defun([AC_Y], [c])\n"));

	cr_assert_eq(f.defs_n, 3);
	cr_assert(f.defs[0].guarded);
	cr_assert_not(f.defs[1].guarded);
	cr_assert_not(f.defs[2].guarded);
	macro_file_release(&f);
}

Test(macro, the_call_that_defines_ends_at_its_parenthesis)
{
	const struct str text = STR("x AC_DEFUN([A], [b)], ( # ]) c\n)) y AC_DEFUN([B], [");
	struct macro_file f = read_text(text);

	cr_assert_eq(f.defs_n, 2);
	cr_assert(str_eq(macro_call(text, &f.defs[0]), STR("AC_DEFUN([A], [b)], ( # ]) c\n))")));
	cr_assert_eq(macro_call(text, &f.defs[1]).len, 0, "it never ends");
	macro_file_release(&f);
}

Test(macro, comments_serials_and_blank_lines_do_not_count)
{
	cr_assert(same(true, "# a.m4 serial 3\n# Copyright 2020\nAC_DEFUN([A], [b])\n",
		       "dnl serial 30\n\nAC_DEFUN([A], [b])\n# end\n"));
	cr_assert(same(false, "#! /bin/sh\n# Copyright 2020\necho a\n", "#!/usr/bin/sh\n\necho a"));
}

Test(macro, text_that_m4_may_act_on_counts)
{
	const char *const clean = "AC_DEFUN([A], [\nb\n])\n";

	cr_assert_not(same(true, clean, "AC_DEFUN([A], [\n# ]) m4_esyscmd([id])\nb\n])\n"),
		      "brackets in quotes count, comment or not");
	cr_assert_not(same(true, clean, "AC_DEFUN([A], [\ndnl x\nb\n])\n"),
		      "in a test program it may be left over");
	cr_assert_not(same(true, clean, "dnl(m4_esyscmd([id]))\nAC_DEFUN([A], [\nb\n])\n"));
	cr_assert_not(same(true, clean, "AC_DEFUN([A], # x\n[\nb\n])\n"));
	cr_assert_not(same(true, "AC_A(\n[b])\n", "AC_A(\n# x\n[b])\n"));
	cr_assert_not(same(true, "changecom\nA\n", "changecom\n# x\nA\n"));
}

Test(macro, text_that_a_shell_or_make_may_act_on_counts)
{
	cr_assert_not(same(false, "a\nb\n", "a\n# c\nb\n"), "a here-document may be open");
	cr_assert_not(same(false, "a \\\nb\n", "a \\\n\nb\n"));
	cr_assert_not(same(false, "# a\nb:\n", "# a \\\nb:\n"), "make goes on with the comment");
	cr_assert_not(same(false, "#!/bin/sh\na\n", "#!/bin/bash\na\n"));
	cr_assert_not(same(false, "#!/bin/sh\na\n", "#!/bin/sh -x\na\n"));
	cr_assert_not(same(false, "#!/usr/bin/perl\na\n", "#!/usr/bin/perl\n# coding: x\na\n"));
	cr_assert_not(same(false, "# x\na\n", "# x -*- eval: (f) -*-\na\n"));
	cr_assert_not(same(false, "a\n", "a \n"));
}

Test(macro, only_rules_that_do_nothing_may_end_a_makefile)
{
	cr_assert(same(false, "a: b\n\tc\n", "a: b\n\tc\ninstall-x:;\ninstall-y:;\n"));
	cr_assert_not(same(false, "a: b\n\tc\n", "a: b\n\tc\nb:;\n"), "b would be made no more");
	cr_assert_not(same(false, "a: b\n\tc\n", "a: b\n\tc\nx:; id\n"));
	cr_assert_not(same(false, "a: b\n\tc\n", "x:;\na: b\n\tc\n"), "only at the end");
	cr_assert_not(same(false, "a: b\n\tc\n", "a: b\n\tc\nx.o:;\n"));
	cr_assert_not(same(false, "a \\\n", "a \\\nx:;\n"));
	cr_assert_not(same(false, "#!/bin/sh\na\n", "#!/bin/sh\na\nx:;\n"));
}

Test(macro, macros_and_scripts_never_have_the_same_digest)
{
	char m4[MACRO_DIGEST + 1], sh[MACRO_DIGEST + 1];

	cr_assert(macro_digest(STR("a\n"), true, m4));
	cr_assert(macro_digest(STR("a\n"), false, sh));
	cr_assert_str_neq(m4, sh);
	cr_assert_not(macro_digest(STR("# nothing\n\n"), true, m4));
	cr_assert_not(macro_digest(STR(""), false, sh));
}

Test(macro, names_beyond_the_limit_are_told)
{
	struct buf text = BUF_INIT;

	for (size_t i = 0; i <= LIMIT_MACRO_NAMES; i++)
		buf_addf(&text, "AC_DEFUN([A%zu])\n", i);
	struct macro_file f = read_text(buf_str(&text));
	cr_assert(f.limit);
	cr_assert_eq(f.defs_n, LIMIT_MACRO_NAMES);
	macro_file_release(&f);
	buf_release(&text);
}

Test(macro, hostile_shapes_take_linear_time, .timeout = 60)
{
	static const char *const units[] = { "[", "(", "]", "AC_DEFUN([", "dnl", "m4_ifndef([",
					     "# serial ", "a:;\n", "m4_copy_force(", "\\\n" };

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		struct buf text = BUF_INIT;
		char digest[MACRO_DIGEST + 1];
		while (text.len < 4 * MIB)
			buf_add_cstr(&text, units[i]);
		struct macro_file f = read_text(buf_str(&text));
		macro_digest(buf_str(&text), true, digest);
		macro_digest(buf_str(&text), false, digest);
		macro_file_release(&f);
		buf_release(&text);
	}
}

/* Each call on memory of exactly its length, so that a sanitizer sees a byte too far. */
static void read_all(struct str text)
{
	char *exact = malloc(text.len ? text.len : 1);
	char digest[MACRO_DIGEST + 1];

	memcpy(exact, text.ptr, text.len);
	const struct str s = str_of(exact, text.len);
	struct macro_file f = read_text(s);
	for (size_t i = 0; i < f.defs_n; i++)
		macro_call(s, &f.defs[i]);
	macro_file_release(&f);
	macro_digest(s, true, digest);
	macro_digest(s, false, digest);
	free(exact);
}

Test(macro, any_cut_and_any_flipped_bit_is_read)
{
	const struct str text =
		STR("#! /usr/bin/sh\n# a.m4 serial 3\ndnl x\nAC_DEFUN([A_B], [C_D(1)\n# e\n])\n"
		    "m4_ifndef([A],[m4_defun([A],[b])])dnl\nm4_copy_force([a], [b])\nf \\\n\ng:;\n");

	for (size_t i = 0; i <= text.len; i++)
		read_all(str_first(text, i));
	for (size_t i = 0; i < text.len * 8; i++) {
		struct buf flipped = BUF_INIT;
		buf_add_str(&flipped, text);
		flipped.ptr[i / 8] = (char)(flipped.ptr[i / 8] ^ (1 << (i % 8)));
		read_all(buf_str(&flipped));
		buf_release(&flipped);
	}
}
