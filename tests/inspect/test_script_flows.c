/* Ways in which a shell comes to run what was decompressed or decoded, one line each. */
#include "inspect/script.h"

#include <criterion/criterion.h>

static bool runs_decoded(const char *text)
{
	struct arena arena = ARENA_INIT;
	struct notes notes = { .arena = &arena };
	struct script script;
	bool found = false;

	script_examine(&arena, str_from(text), DIALECT_SHELL, &notes, &script);
	for (size_t i = 0; i < notes.n; i++)
		found = found || (notes.v[i].rule == RULE_TP206 && notes.v[i].severity >= SEVERITY_HIGH);
	script_release(&script);
	notes_release(&notes);
	arena_release(&arena);
	return found;
}

Test(script_flows, are_seen)
{
	static const char *const texts[] = {
		"xz -dc $srcdir/tests/a.xz > $tmp/run\nsh $tmp/run\n",
		"xz -dc \"$srcdir/tests/a.xz\" > \"$ac_tmp/x.sh\"\n. \"$ac_tmp/x.sh\"\n",
		"xz -dc \"$srcdir/tests/a.xz\" > \"$ac_tmp/x\"\nchmod +x \"$ac_tmp/x\"\n\"$ac_tmp/x\"\n",
		"T=`mktemp`\nxz -dc \"$srcdir/tests/a.xz\" > \"$T\"\n. \"$T\"\n",
		"T=$(mktemp -d)\nxz -dc \"$srcdir/tests/a.xz\" > \"$T/a\"\nsh $T/a\n",
		"base64 -d < ${srcdir}/doc/x.txt > ${builddir}/conf.tmp\nsh ${builddir}/conf.tmp\n",
		"d() { cat | xz -dc; }\nd < tests/a.xz | sh\n",
		"d() { xz -dc \"$1\"; }\nd tests/a.xz | sh\n",
		"r() { eval \"$1\"; }\nr \"$(xz -dc tests/a.xz)\"\n",
		"r() { eval \"$@\"; }\nr \"`xz -dc tests/a.xz`\"\n",
		"r() { sh -c \"$*\"; }\nr \"`xz -dc tests/a.xz`\"\n",
		"r() { . \"$1\"; }\nxz -dc tests/a.xz > conftest.1\nr ./conftest.1\n",
		"xz -dc tests/a.xz | { read x; eval \"$x\"; }\n",
		"xz -dc tests/a.xz | while IFS= read -r l; do sh -c \"$l\"; done\n",
		"xz -dc tests/a.xz > conftest.1\nread x < conftest.1\neval \"$x\"\n",
		"xz -dc tests/a.xz > conftest.1\nx=`cat conftest.1`\neval \"$x\"\n",
		"xz -dc tests/a.xz > conftest.1\ncat conftest.1 | sh\n",
		"xz -dc tests/a.xz > conftest.1\nsh < conftest.1\n",
		"sh <<EOF\n$(xz -dc tests/a.xz)\nEOF\n",
		"sh <<EOF\n`xz -dc tests/a.xz`\nEOF\n",
		"x=`xz -dc tests/a.xz`\nsh <<EOF\n$x\nEOF\n",
		"x=`xz -dc tests/a.xz`\ncat <<EOF | sh\n$x\nEOF\n",
		"x=`xz -dc tests/a.xz`\nbash <<<\"$x\"\n",
		"cp tests/a.gz conftest.gz\ngunzip conftest.gz\nsh conftest\n",
		"cp tests/a.xz x.xz && xz -d x.xz && sh ./x\n",
		"xz -dk tests/a.xz && sh tests/a\n",
		"bunzip2 -k tests/a.bz2; . tests/a\n",
		"xz -dc tests/a.xz | nohup sh\n",
		"xz -dc tests/a.xz | setsid sh\n",
		"xz -dc tests/a.xz | timeout 5 sh\n",
		"xz -dc tests/a.xz | sudo sh\n",
		"xz -dc tests/a.xz | sudo -u root sh\n",
		"xz -dc tests/a.xz | env sh\n",
		"xz -dc tests/a.xz | env -i PATH=$PATH sh\n",
		"xz -dc tests/a.xz | command sh\n",
		"xz -dc tests/a.xz | exec sh\n",
		"xz -dc tests/a.xz | busybox sh\n",
		"xz -dc tests/a.xz | nice -n 5 sh\n",
		"xz -dc tests/a.xz | stdbuf -oL bash\n",
		"xz -dc tests/a.xz | time sh\n",
		"xz -dc tests/a.xz | env -u X bash -s\n",
		"xz -dc tests/a.xz | /usr/bin/env bash\n",
		"xz -dc tests/a.xz | ionice -c3 sh\n",
		"xz -dc tests/a.xz | exec -a kw sh\n",
		"xz -dc tests/a.xz | setsid -w bash -\n",
		"xz -dc tests/a.xz > conftest.x\nnohup sh conftest.x\n",
		"xz -dc tests/a.xz > conftest.x\nsetsid sh conftest.x\n",
		"xz -dc tests/a.xz > conftest.x\ntimeout 5s sh conftest.x\n",
		"xz -dc tests/a.xz > conftest.x\nenv A=1 sh conftest.x\n",
		"xz -dc tests/a.xz > conftest.x\nbusybox sh conftest.x\n",
		"xz -dc tests/a.xz > conftest.x\nnice -n 5 sh conftest.x\n",
		"xz -dc tests/a.xz > conftest.x\ncommand sh conftest.x\n",
		"xz -dc tests/a.xz > conftest.x\nexec sh conftest.x\n",
		"xz -dc tests/a.xz > conftest.x\nsudo -E sh conftest.x\n",
		"nohup sh -c \"$(xz -dc tests/a.xz)\" &\n",
		"xz -dc tests/a.xz > >(sh)\n",
		"xz -dc tests/a.xz | tee >(sh) >/dev/null\n",
		"sh <(xz -dc tests/a.xz)\n",
		". <(xz -dc tests/a.xz)\n",
		"xz -dc tests/a.xz &> x1.tmp\nsh x1.tmp\n",
		"mkfifo p1.fifo\nxz -dc tests/a.xz > p1.fifo &\nsh p1.fifo\n",
		"exec 3< tests/a.xz\nxz -dc <&3 | sh\n",
		"xz -dc tests/a.xz > xx.1; exec 5<xx.1; sh <&5\n",
		"sh /dev/fd/3 3<<EOF\n$(xz -dc tests/a.xz)\nEOF\n",
		"a[0]=$(xz -dc tests/a.xz)\neval \"${a[0]}\"\n",
		"a=(\"$(xz -dc tests/a.xz)\")\neval \"${a[@]}\"\n",
		"printf -v x %s \"$(xz -dc tests/a.xz)\"\neval \"$x\"\n",
		"x=$(xz -dc tests/a.xz)\ntrap \"$x\" EXIT\n",
		"trap \"eval \\\"\\$(xz -dc tests/a.xz)\\\"\" 0\n",
		"export X=\"$(xz -dc tests/a.xz)\"\nsh -c \"$X\"\n",
		"x=$(xz -dc tests/a.xz)\ny=x\neval \"${!y}\"\n",
		"f() { local x=$(xz -dc tests/a.xz); eval \"$x\"; }\nf\n",
		": ${x:=$(xz -dc tests/a.xz)}\neval \"$x\"\n",
		"eval \"${x:-$(xz -dc tests/a.xz)}\"\n",
		"xz -dc tests/a.xz > conftest.e\nBASH_ENV=conftest.e bash -c true\n",
		"xz -dc tests/a.xz > conftest.e\nexport ENV=./conftest.e\nsh -i -c true\n",
		"xz -dc tests/a.xz | make -f -\n",
		"xz -dc tests/a.xz > conftest.mk\nmake -f conftest.mk\n",
		"make --eval=\"$(xz -dc tests/a.xz)\"\n",
		"python3 -c \"$(xz -dc tests/a.xz)\"\n",
		"perl -e \"`xz -dc tests/a.xz`\"\n",
		"xz -dc tests/a.xz | awk -f - /dev/null\n",
		"awk \"$(xz -dc tests/a.xz)\" /dev/null\n",
		"xz -dc tests/a.xz | tclsh\n",
		"dd if=tests/a.xz bs=1 skip=100 2>/dev/null | xz -d | sh\n",
		"xz -dc tests/a.xz > c.tmp\ninstall -m755 c.tmp helper.bin\n./helper.bin\n",
		"xz -dc tests/a.xz | xargs -0 sh -c\n",
		"$(xz -dc tests/a.xz)\n",
		"x=`xz -dc tests/a.xz`; $x\n",
		"xz -dc x | xargs -I% sh -c %", "xz -dc x | awk '{ system($0) }'", "xz -dc x | awk '{ print | \"sh\" }'",
		"tar xJOf x m | sh", "s=`command -v bash || command -v sh`; d=`type -p xz`\n$d -dc <x | \"$s\"",
		"mapfile -t L < <(xz -dc x); eval \"${L[0]}\"",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		cr_expect(runs_decoded(texts[i]), "%s", texts[i]);
}

Test(script_flows, are_not_seen_where_there_are_none)
{
	static const char *const texts[] = {
		"xz -dc $srcdir/tests/a.xz > $tmp/data.txt\nsh $tmp/run\n",
		"xz -dc $srcdir/tests/a.xz > $out\nsh $script\n",
		"xz -dc tests/a.xz | env LC_ALL=C sort\n",
		"xz -dc tests/a.xz | timeout 5 cat\n",
		/* a name that is looked up, output that is data, a document that no shell is given */
		"xz -dc x | command -v sh", "eval \"x=`xz -dc y`\"", "x=`xz -dc y`; eval \"z=\\\"$x\\\"\"", "eval \"x=\\$$(xz -dc y)\"",
		"x=`xz -dc y`\ntest -n \"$x\" && echo \"$x\"",
		"cat >z <<EOF\n$(xz -dc y)\nEOF",
		"f() { echo \"$1\"; }\nf \"$(xz -dc y)\"",
		"awk -v x=\"$(xz -dc y)\" '{ print x }' z",
		"python3 tool.py \"$(xz -dc y)\"",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		cr_expect(!runs_decoded(texts[i]), "%s", texts[i]);
}
