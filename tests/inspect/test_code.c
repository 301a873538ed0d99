#include "inspect/code.h"

#include <criterion/criterion.h>

/* The notes of a text from low on as "TP220:3 ", and names as "a.o:L " (linked) or "x:R " (run). */
static void expect(enum language language, const char *path, const char *text, const char *all)
{
	struct arena arena = ARENA_INIT;
	struct notes list = {.arena = &arena};
	struct script out = {.caps = 0};
	struct buf got = BUF_INIT;

	code_examine(language, str_from(path), str_from(text), &list, &out);
	for (size_t i = 0; i < list.n; i++)
		if (list.v[i].severity >= SEVERITY_LOW)
			buf_addf(&got, "%s:%d ", rules[list.v[i].rule].id, (int)list.v[i].line);
	for (size_t i = 0; i < out.names_n; i++)
		buf_addf(&got, "%.*s:%s ", STR_FMT(out.names[i].name),
			 out.names[i].caps & CAP_LINK ? "L" : "R");
	cr_assert_str_eq(buf_cstr(&got), all, "%s\ngives %s", text, buf_cstr(&got));
	buf_release(&got);
	script_release(&out);
	notes_release(&list);
	arena_release(&arena);
}

Test(code, python_that_decodes_and_runs)
{
	expect(LANGUAGE_PYTHON, "setup.py", "import x\nexec(base64.b64decode('eA=='))\n", "TP220:2 ");
	expect(LANGUAGE_PYTHON, "setup.py", "t = bytes.fromhex('00')\nexec(t)\n", "TP220:2 ");
	expect(LANGUAGE_PYTHON, "setup.py", "getattr(m, 'sys' + 'tem')(bytes.fromhex('00'))\n", "TP220:1 ");
	expect(LANGUAGE_PYTHON, "setup.py", "eval(\"\".join(map(chr, [58, 32])))\n", "TP220:1 ");
	expect(LANGUAGE_PYTHON, "setup.py", "x = chr(3)\nre.compile(chr(3))\ngetattr(a, 'b')(1)\n", "");
}

Test(code, javascript_that_decodes_and_runs)
{
	expect(LANGUAGE_JAVASCRIPT, "a.js", "eval(Buffer.from('3a', 'hex'))\n", "TP220:1 ");
	expect(LANGUAGE_JAVASCRIPT, "a.js", "require('c')['ex' + 'ec'](String.fromCharCode.apply(null, t))\n", "TP220:1 ");
	expect(LANGUAGE_JAVASCRIPT, "a.js", "(() => {\n const d = atob(s);\n eval(d) })()\n", "TP220:3 ");
	expect(LANGUAGE_JAVASCRIPT, "a.js", "(0,eval)(String.fromCharCode(...d))\n", "TP220:1 ");
	expect(LANGUAGE_JAVASCRIPT, "a.js", "f(() => { const d = atob(s); });\nconst e = 1; eval(e);\n}}})\n", "");
	expect(LANGUAGE_JAVASCRIPT, "a.js", "require('https').get(u, r => { eval(r) })\n", "TP212:1 ");
	expect(LANGUAGE_JAVASCRIPT, "a.js", "fetch(u).then(r => r.text()).then(eval)\n", "TP212:1 ");
	expect(LANGUAGE_JAVASCRIPT, "a.js", "m.get(u, r => { eval(r) }); fetch(u); execSync('x')\n", "");
	expect(LANGUAGE_JAVASCRIPT, "a.js", "a['b'](String.fromCharCode(1)); x = a[i + 1](atob(s))\n", "");
}

Test(code, perl_that_exchanges_letters_and_evaluates)
{
	expect(LANGUAGE_PERL, "A.pm", "my $t = <DATA>; $t =~ tr{A-Za-z}{N-ZA-Mn-za-m}; eval $t;\n", "TP220:1 ");
	expect(LANGUAGE_PERL, "A.pm", "$x =~ tr/_/./;\nsystem('git', $x);\n$y =~ tr/a-z/A-Z/; eval $y;\n", "");
}

Test(code, cmake_texts_that_were_worked_out)
{
	expect(LANGUAGE_CMAKE, "CMakeLists.txt", "string(ASCII 58 X)\nexecute_process(COMMAND sh -c \"${X}\")\n", "TP220:2 ");
	expect(LANGUAGE_CMAKE, "CMakeLists.txt", "execute_process(COMMAND sh -c \"echo\")\n", "TP221:1 ");
	expect(LANGUAGE_CMAKE, "CMakeLists.txt", "include(${D}/t/x.bin)\ntarget_link_libraries(a PRIVATE ${D}/b.o)\n",
	       "${D}/t/x.bin:R ${D}/b.o:L ");
	expect(LANGUAGE_CMAKE, "CMakeLists.txt", "include(GNUInstallDirs)\nexecute_process(COMMAND ${X} -c y)\n", "");
}

Test(code, commands_of_packages)
{
	expect(LANGUAGE_JSON, "package.json",
	       "{ \"scripts\": {\n \"postinstall\": \"node -e \\\"eval(Buffer.from('aa','hex'))\\\"\" } }\n", "TP223:2 TP220:2 ");
	expect(LANGUAGE_JSON, "package.json", "{ \"scripts\": { \"install\": \"echo eA== | base64 -d | sh\" } }\n",
	       "TP223:1 TP206:1 eA==:R ");
	expect(LANGUAGE_PYTHON, "binding.gyp", "{ 'x': '<!(sh t/a.bin)' }\n", "t/a.bin:R ");
}

Test(code, rust_builds_that_bring_a_program)
{
	expect(LANGUAGE_RUST, "build.rs", "const T: &[u8] = include_bytes!(\"t\");\nCommand::new(\"sh\");\n", "TP220:2 ");
	expect(LANGUAGE_RUST, "build.rs", "fs::write(&f, T);\nPermissions::from_mode(0o755);\nCommand::new(&f);\n", "TP220:3 ");
	expect(LANGUAGE_RUST, "build.rs", "Command::new(\"sh\");\nlet p = Command::new(path);\n", "");
}

Test(code, data_that_becomes_part_of_a_program)
{
	expect(LANGUAGE_C, "a.c", "int t[] = {\n#embed \"../t/x.dat\" limit(5)\n};\n", "../t/x.dat:L ");
	expect(LANGUAGE_C, "a.S", "\t.incbin \"t/y.dat\", 1, 2\n", "t/y.dat:L ");
}

Test(code, settings_that_name_programs)
{
	expect(LANGUAGE_TOML, ".cargo/config.toml", "[build]\nrustc-wrapper = \"t/wrap\"\nlinker = \"clang\"\n", "TP224:2 TP224:3 ");
	expect(LANGUAGE_OTHER_PROGRAM, ".gdbinit", "set print pretty on\nshell : > x\n", "TP224:2 ");
	expect(LANGUAGE_OTHER_PROGRAM, "Doxyfile", "INPUT_FILTER =\nINPUT_FILTER = \"sh -c x\"\n", "TP224:2 ");
	expect(LANGUAGE_OTHER_PROGRAM, "a.tex", "\\immediate\\write18{x}\nwrite18\n", "TP224:1 ");
}
