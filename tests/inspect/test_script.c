#include "inspect/script.h"

#include <criterion/criterion.h>

#include "base/cleanup.h"
#include <stdlib.h>

/* The notes of a text from that severity on as "TP206:3 TP207:1 ", by rule and line. */
static void expect_from(enum severity least, enum dialect dialect, const char *text, const char *notes)
{
	struct arena arena = ARENA_INIT;
	struct notes list = {.arena = &arena};
	struct buf got = BUF_INIT;
	struct script script;

	script_examine(&arena, str_from(text), dialect, &list, &script);
	for (size_t i = 0; i < list.n; i++)
		if (list.v[i].severity >= least)
			buf_addf(&got, "%s:%d ", rules[list.v[i].rule].id, (int)list.v[i].line);
	cr_assert_str_eq(buf_cstr(&got), notes, "%s\ngives %s", text, buf_cstr(&got));
	buf_release(&got);
	script_release(&script);
	notes_release(&list);
	arena_release(&arena);
}

static void expect_as(enum dialect dialect, const char *text, const char *notes)
{
	expect_from(SEVERITY_MEDIUM, dialect, text, notes);
}

static void expect(const char *text, const char *notes)
{
	expect_as(DIALECT_SHELL, text, notes);
}

static void expect_low(const char *text, const char *notes)
{
	expect_from(SEVERITY_LOW, DIALECT_SHELL, text, notes);
}

Test(script, tells_pipes_into_a_shell)
{
	expect_low("date | sh", "TP205:1 ");
	expect_low("generate | bash -", "TP205:1 ");
	expect_low("generate | ${CONFIG_SHELL-/bin/sh}", "TP205:1 ");
	expect_low("x=sh\ngenerate | $x", "TP205:2 ");
	expect_low("x=s; y=h\ngenerate | $x$y", "TP205:2 ");
	expect_low("generate | python3 -", "TP205:1 ");
	expect_low("generate | . /dev/stdin", "TP205:1 ");
	expect_low("say() { sh; }\ngenerate | say", "TP205:2 ");
	expect_low("generate | (cd x; sh)", "TP205:1 ");
	expect_low("generate | xargs -n 1 sh -c", "TP205:1 ");
	expect_low("generate | while read -r l; do eval \"$l\"; done", "TP205:1 ");
}

Test(script, pipes_of_which_the_errors_vanish_are_worse)
{
	expect("generate | $SHELL -s", "");
	expect("a\ngenerate | $SHELL -s 2>/dev/null", "TP205:2 ");
}

Test(script, leaves_programs_in_plain_sight_alone)
{
	expect_low("echo 'puts $auto_path' | tclsh", "");
	expect_low("printf 'exit\\n' | sh", "");
	expect_low("generate | while read -r l; do echo \"$l\"; done", "");
	expect_low("generate | xargs rm", "");
}

Test(script, follows_what_is_decoded_to_where_it_runs)
{
	expect("xz -dc x >y\nexec 9<y\nsh <&9", "TP206:3 ");
	expect("dd if=x of=y bs=1 skip=7\n. ./y", "TP206:2 ");
	expect("xz -dc x | tee y\nmv y z\nsh z", "TP206:3 ");
	expect("log() { xz -dc $1; }\nlog x | sh", "TP206:2 ");
	expect("x\"\"z${IFS}-dc<x|s\"h\"", "TP206:1 ");
	expect("rev x | sh; od x | awk '{ printf \"%c\", $1 }' | sh", "TP206:1 TP206:1 ");
	expect("sed 's/[~@]//g' >y <<E\ne~c@ho\nE\nsh y", "TP206:4 ");
	expect("openssl req -x509 -days 9 -out server.crt\nmake server.crt", "");
}

Test(script, follows_bash_where_it_goes_beyond_posix)
{
	expect(". <(base64 -d x)\nbash < <(xz -dc y)", "TP206:1 TP206:2 ");
	expect("cmp <(gzip -c -1 x) x.gz\ngunzip x.gz\n", "");
	expect("tools=(\nbase64\nbash # and more\n)\ndeclare -a more=(xz sh)\n", "");
	expect("c=(xz -dc x)\n\"${c[@]}\" | sh", "TP206:2 ");
}

Test(script, follows_output_into_variables_and_files_of_unknown_name)
{
	expect("x=$(base64 -d y)\neval $x", "TP206:2 ");
	expect("x=$(base64 -d y)\nz=\"$x\"\neval \"a; $z\"", "TP206:3 ");
	expect("for p in 'base64 -d' 'base64 -D'; do y=$(echo x | (eval \"$p\")); eval \"f() { $p; }\"; done", "");
	expect("base64 -d x >\"$dir/u.$$\"\n. \"$dir/u.$$\"", "TP206:2 ");
	expect("base64 -d x >\"$dir/u.$$\"\n. \"$to/u.$$\"", "");
	expect("base64 -d x >\"$1/u\"\n. \"$1/u\"", "");
	expect("t=`mktemp -d`\nbase64 -d x >$t/u\nsh $t/u", "TP206:3 ");
	expect("base64 -d x >\"$dir/name.$$\"\n. \"$dir/name.$$\"", "TP206:2 ");
	expect("gzip -dc x >y\nawk '{ print }' y\n", "");
	expect("gzip -dc x >y\nawk -f y z\n", "TP206:2 ");
	expect("printf \"\\\\$(printf %03o \"$(wc -c <x)\")\" | sh", "TP206:1 ");
}

Test(script, says_when_it_leads_too_far)
{
	AUTO_BUF struct buf text = BUF_INIT;
	AUTO_ARENA struct arena arena = ARENA_INIT;
	struct notes list = { .arena = &arena };
	struct script script;

	/* Calls cost nothing, however many; long texts that are evaluated do. */
	buf_add_cstr(&text, "f() { eval \"$1\"; }\n");
	for (int i = 0; i < 20000; i++)
		buf_add_cstr(&text, "f a b\n");
	buf_add_cstr(&text, "xz -dc x | sh\n");
	script_examine(&arena, buf_str(&text), DIALECT_SHELL, &list, &script);
	cr_assert(!script.incomplete);
	cr_assert_eq(list.n, 1);
	script_release(&script);
	buf_reset(&text);
	buf_add_cstr(&text, "x='");
	for (int i = 0; i < 100; i++)
		buf_add_cstr(&text, "sed s/a/b/; ");
	buf_add_cstr(&text, "'\n");
	for (int i = 0; i < 3000; i++)
		buf_addf(&text, "eval \"$x %d\"\n", i);
	script_examine(&arena, buf_str(&text), DIALECT_SHELL, &list, &script);
	cr_assert(script.incomplete);
	script_release(&script);
	script_examine(&arena, str_first(buf_str(&text), 100), DIALECT_SHELL, &list, &script);
	cr_assert_not(script.incomplete);
	script_release(&script);
	notes_release(&list);
}

Test(script, tells_whom_a_build_is_another_one_for)
{
	expect("case $(id -un) in buildd|pbuilder) x ;; esac", "TP210:1 ");
	expect("case $USER in mockbuild) x ;; esac", "TP210:1 ");
	expect("for USER in buildd; do case $x in abuild) y;; esac; done", "");
	expect("case $(id -un) in root) x ;; esac", "");
}

Test(script, tells_what_puts_commands_into_the_build)
{
	expect("sed -e 's|^LTCC=.*|&; : > x|' libtool > libtool.new && mv libtool.new libtool", "TP219:1 ");
	expect("sed -i 's/^CC = /&`id`/' src/Makefile", "TP219:1 ");
	expect_as(DIALECT_MAKE, "all:\n\tsed -i 's/^A=.*/&$$(shell x)/' $(top_builddir)/Makefile\n", "TP219:2 ");
	expect("perl -pi -e 's/x/y; z/' libtool", "TP219:1 ");
	expect("\nbase64 -d t >> src/Makefile", "TP219:2 ");
	expect("gzip -dc x.gz > data; sed s/a/b/ Makefile.in > Makefile", "");
	expect("sed -i 's\"^A=.*\"&; x\"' Makefile", "TP219:1 ");
	expect("sed -i '/^all:/a\\\n\tx' Makefile", "TP219:1 ");
	expect("sed -i '3i\\\\tx' Makefile", "TP219:1 ");
	expect("sed -i '1i\\# made by x' Makefile; sed -e '/a/c\\B = c' Makefile.in > Makefile", "");
	expect("sed -i 's/hardcode=.*/hardcode=no/; s,a,b,' libtool", "");
	expect_from(SEVERITY_LOW, DIALECT_SHELL, "sed -e /x/d Makefile | $MAKE -f - am--depfiles", "");
	expect_from(SEVERITY_LOW, DIALECT_SHELL, "sed -e /x/d Makefile | $am_make -f -\nsed -e /x/d y | make -f -", "");
	expect("sed 's/^/;/' lines > x; sed -n 's/;/x/p' Makefile", "");
}

Test(script, tells_what_the_tree_puts_before_the_system)
{
	expect("PATH=$srcdir/t:$PATH", "TP211:1 ");
	expect("PATH=$PATH:/usr/ucb", "");
	expect_as(DIALECT_MAKE, "SHELL = ./t/run\nall: ; x\n", "TP211:1 ");
	expect_as(DIALECT_MAKE, "SHELL = /bin/sh\nSHELL := $(shell which bash)\n", "");
	expect_as(DIALECT_MAKE, "F = -B$(top_srcdir)/t\n\t\n   \n", "TP211:1 ");
	expect_as(DIALECT_MAKE, "all:\n-include $(HOME)/.x.mk\n", "TP210:2 ");
	expect_as(DIALECT_MAKE, "$(eval $(shell base64 -d x))\n", "TP206:1 ");
}

Test(script, leaves_shells_with_scripts_alone)
{
	expect("generate | sh script.sh", "");
	expect("generate | sh -c 'cat'", "");
	expect("sh configure; $SHELL ./config.status; . ./env.sh", "");
	expect("xz -dc a.tar.xz | tar xf -", "");
	expect("find . | xargs rm", "");
}

Test(script, flags_what_is_decoded_and_run)
{
	expect("xz -dc x | sh", "TP206:1 ");
	expect("base64 -d <x | tail -c +9 | bash", "TP206:1 ");
	expect("eval \"$(printf '\\\\145\\\\143\\\\150\\\\157\\\\040\\\\170\\\\171\\\\172')\"", "TP206:1 ");
	expect("eval `openssl enc -d -aes-256-cbc -in x`", "TP206:1 ");
	expect("curl -s $url | sh", "TP212:1 ");
	expect("xz -dc x > y; sh y", "TP206:1 ");
	expect("xz -dc x > y; chmod +x y; ./y", "TP206:1 ");
	expect("f() { xz -dc \"$1\"; }\nf x | sh", "TP206:2 ");
	expect("c='xz -dc'\n$c x | sh", "TP206:2 ");
	expect("sh -c \"`gzip -dc x`\"", "TP206:1 ");
}

Test(script, flags_permutations_of_bytes_alone)
{
	expect("tr 'abc' 'bca' <x", "TP207:1 ");
	expect("m='tr \"\\t \" \" \\t\"'\neval $m <x", "TP207:1 ");
	expect("a='\\t \\-_'; b=' \\t_\\-'\ntr \"$a\" \"$b\" <x", "TP207:2 ");
	expect("tr 'a-z' 'A-Z' <x; tr -d '\\r'; tr ' ' '\\n'; tr -cs A-Za-z '\\012'", "");
}

Test(script, flags_searches_of_the_tree)
{
	expect("grep -aErls x $srcdir/", "TP208:1 ");
	expect("$GREP -R x .", "TP208:1 ");
	expect("grep -v -e -rest x; grep x file; $FGREP -e -pthread y", "");
}

/* As in xz 5.6, with names of its own. */
Test(script, joins_a_chain_over_variables)
{
	static const char text[] = "AC_DEFUN([ax_X],[\n"
				   "ax_f=`grep -rls \"#{4}x\" $srcdir/ 2>/dev/null`\n"
				   "ax_m='tr \"ab\" \"ba\"'\n"
				   "ax_[$1]_p=`echo $ax_f | sed \"s/.*\\.//g\"`\n"
				   "ax_[$1]_c='cat $ax_f | eval $ax_m | $ax_[$1]_p -d 2>/dev/null'\n"
				   "AC_CONFIG_COMMANDS([x], [eval $ax_g | $SHELL 2>/dev/null],\n"
				   "  [ax_g=\"eval \\$ax_[$1]_c\"])\n"
				   "])\n";

	expect_as(DIALECT_M4, text, "TP208:2 TP207:3 TP209:5 TP208:6 TP209:6 TP206:6 ");
}

Test(script, reads_makefiles)
{
	expect_as(DIALECT_MAKE, "X = xz -dc\nall:\n\t@$(X) t/x.xz | $(SHELL)\n", "TP206:3 ");
	expect_as(DIALECT_MAKE, "Y := $(shell base64 -d x | sh)\n", "TP206:1 ");
	expect_as(DIALECT_MAKE, "dist:\n\txz -dc $(distdir).tar.xz | $(am__untar)\n", "");
}

Test(script, knows_statements_of_autoconf_word_for_word)
{
	expect("{ $as_echo \"$as_bourne_compatible\"\"$as_required\" | as_run=a \"$as_shell\"; }", "");
	expect("$AWK -f \"$ac_tmp/subs.awk\" | $SHELL", "");
	expect_low("$AWK -f \"$ac_tmp/other.awk\" | $SHELL", "TP205:1 ");
}

Test(script, asks_who_builds)
{
	expect("test -f debian/rules && x", "TP210:1 ");
	expect("if test \"x$RPM_ARCH\" = x; then y; fi", "TP210:1 ");
	expect("echo debian/rules", "");
}

Test(script, takes_hostile_text_in_linear_time)
{
	const size_t n = 400000;
	char *const text = malloc(n + 1);
	static const char *const pieces[] = { "$(", "`a`", "${x", "'", "a=$b;", "a|", "<<E ", "\\", "eval ", "x=$x$x " };

	for (size_t k = 0; k < sizeof(pieces) / sizeof(pieces[0]); k++) {
		const size_t len = strlen(pieces[k]);
		struct arena arena = ARENA_INIT;
		struct notes list = {.arena = &arena};
		struct script script;

		for (size_t i = 0; i < n; i++)
			text[i] = pieces[k][i % len];
		text[n] = '\0';
		script_examine(&arena, str_of(text, n), (enum dialect)(k % 3), &list, &script);
		script_release(&script);
		notes_release(&list);
		arena_release(&arena);
	}
	free(text);
}
