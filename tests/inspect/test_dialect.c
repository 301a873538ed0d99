#include "inspect/dialect.h"

#include <criterion/criterion.h>

static void expect(void (*convert)(struct str, struct dialect_text *), const char *source,
		   const char *text)
{
	struct dialect_text d = {.lines = NULL};

	convert(str_from(source), &d);
	cr_assert_str_eq(buf_cstr(&d.text), text, "%s gives %s", source, buf_cstr(&d.text));
	dialect_release(&d);
}

Test(dialect, m4_takes_quotes_off_and_arguments_apart)
{
	expect(dialect_m4, "AC_DEFUN([x],[a [b] c])", "AC_DEFUN\nx\na b c\n");
	expect(dialect_m4, "AC_DEFUN([x],[AC_Y([z], [p | q])])", "AC_DEFUN\nx\nAC_Y\nz\n p | q\n\n");
	expect(dialect_m4, "AC_DEFUN([x],[gl_[$1]_y=\"$[1]\"])", "AC_DEFUN\nx\ngl_M4ARG1_y=\"$1\"\n");
}

Test(dialect, m4_drops_dnl_and_writes_out_quadrigraphs)
{
	expect(dialect_m4, "a dnl b | sh\nc", "a \nc");
	expect(dialect_m4, "@<:@x@:>@ @S|@y @%:@z@&t@", "[x] $y #z");
}

Test(dialect, m4_leaves_functions_of_awk_alone)
{
	expect(dialect_m4, "awk '{printf(\"%c\", substr(a, 1))}'", "awk '{printf(\"%c\", substr(a, 1))}'");
}

Test(dialect, make_gives_recipes_and_values)
{
	expect(dialect_make, "X = a $(Y) $$z\n", "X='a ${Y} $z'\n");
	expect(dialect_make, "all: b\n\t@-c $(D) $$e $@\n", "\nc ${D} $e all\n");
	expect(dialect_make, "%.o: %.c\n\tx $@ $<\na: b c\n\ty $^ $*\n", "\nx ${make_} ${make_}\n\ny b c ${make_}\n");
	expect(dialect_make, "include a.mk $(X)\n", "source a.mk\nsource ${X}\n\n");
	expect(dialect_make, "X := $(shell a | b)\n", "X='$(a | b)'\n");
	expect(dialect_make, "t: ; x | sh\n", "\n x | sh\n");
	expect(dialect_make, "X != y | sh\n", "X=$( y | sh\n)\n");
	expect(dialect_make, "define R\nx $(Y)\nendef\n", "\nx ${Y}\n\n");
}

Test(dialect, knows_where_each_line_stands)
{
	struct dialect_text d = {.lines = NULL};

	dialect_m4(STR("a\nAC_X([b],\n[c\nd])\ne"), &d);
	/* a, AC_X, b, "", c, d, "", e */
	cr_assert_eq(dialect_line(&d, 1), 1);
	cr_assert_eq(dialect_line(&d, 3), 2);
	cr_assert_eq(dialect_line(&d, (int64_t)d.lines_n), 5);
	dialect_release(&d);
	dialect_make(STR("x: y\n\ta \\\n\tb\n\tc\n"), &d);
	cr_assert_eq(dialect_line(&d, 2), 2);
	cr_assert_eq(dialect_line(&d, 4), 4);
	dialect_release(&d);
}

Test(dialect, survives_being_cut_off)
{
	static const char m4[] = "AC_DEFUN([x],[[[a]] $1 @<:@ AC_Y(b,(c),[d dnl e\n]) ])";
	static const char make[] = "define a\n$(b $(c $(shell d)))\nendef\ne += $(f:g=h) ${i} $\nj: k; l\n\tm\\\n\tn\n";

	for (size_t n = 0; n < sizeof(m4); n++) {
		struct dialect_text d = {.lines = NULL};

		dialect_m4(str_of(m4, n), &d);
		dialect_release(&d);
	}
	for (size_t n = 0; n < sizeof(make); n++) {
		struct dialect_text d = {.lines = NULL};

		dialect_make(str_of(make, n), &d);
		dialect_release(&d);
	}
}
