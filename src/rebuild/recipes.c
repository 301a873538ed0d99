/* The built-in recipes, and what tells that one fits. */
#include "rebuild/recipe.h"

#define MARKS_MAX 4

struct builtin {
	const char *name;
	const char *marks[MARKS_MAX];	/* any of these in the root of the source */
	const char *text;
};

/* In the order in which they are tried: a project that has several is mostly developed with the first. */
static const struct builtin builtins[] = {
	{ "autotools", { "configure.ac", "configure.in", "configure" },
	  "name = autotools\n"
	  "[bootstrap]\n"
	  "if [ ! -f configure ]; then\n"
	  "\tautoreconf -fi || if [ -f autogen.sh ]; then NOCONFIGURE=1 sh ./autogen.sh; else exit 1; fi\n"
	  "fi\n"
	  "[configure]\n"
	  "# One that was written by hand knows few options.\n"
	  "if grep -q ac_cv_ configure; then\n"
	  "\t./configure --prefix=/usr --sysconfdir=/etc --localstatedir=/var --disable-dependency-tracking\n"
	  "else\n"
	  "\t./configure --prefix=/usr\n"
	  "fi\n"
	  "[build]\n"
	  "make -j \"$JOBS\"\n"
	  "[test]\n"
	  "if make -n check >/dev/null 2>&1; then make check; fi\n"
	  "[install]\n"
	  "make install DESTDIR=\"$DESTDIR\"\n"
	  "[dist]\n"
	  "if make -n dist >/dev/null 2>&1; then\n"
	  "\tmake dist\n"
	  "\tfor made in *.tar.*; do tar -xf \"$made\" -C \"$DISTDIR\" --strip-components=1; break; done\n"
	  "fi\n"
	  "[needs]\n"
	  "sh make cc\n" },
	{ "meson", { "meson.build" },
	  "name = meson\n"
	  "[configure]\n"
	  "meson setup tarproof-build --prefix=/usr --buildtype=debugoptimized --wrap-mode=nodownload\n"
	  "[build]\n"
	  "ninja -C tarproof-build -j \"$JOBS\"\n"
	  "[test]\n"
	  "meson test -C tarproof-build\n"
	  "[install]\n"
	  "DESTDIR=\"$DESTDIR\" meson install -C tarproof-build --no-rebuild\n"
	  "[needs]\n"
	  "meson ninja cc\n" },
	{ "cmake", { "CMakeLists.txt" },
	  "name = cmake\n"
	  "[configure]\n"
	  "cmake -S . -B tarproof-build -DCMAKE_INSTALL_PREFIX=/usr -DCMAKE_BUILD_TYPE=RelWithDebInfo\n"
	  "[build]\n"
	  "cmake --build tarproof-build -j \"$JOBS\"\n"
	  "[test]\n"
	  "ctest --test-dir tarproof-build\n"
	  "[install]\n"
	  "DESTDIR=\"$DESTDIR\" cmake --install tarproof-build\n"
	  "[needs]\n"
	  "cmake make cc\n" },
	{ "python", { "pyproject.toml", "setup.py" },
	  "name = python\n"
	  "[build]\n"
	  "# PEP 517: the project's own backend makes the wheel; nothing is fetched.\n"
	  "mkdir -p tarproof-build\n"
	  "WHEELS=tarproof-build python3 -c '\n"
	  "import importlib, os, sys, tomllib\n"
	  "system = {}\n"
	  "if os.path.exists(\"pyproject.toml\"):\n"
	  "    with open(\"pyproject.toml\", \"rb\") as f:\n"
	  "        system = tomllib.load(f).get(\"build-system\", {})\n"
	  "sys.path[:0] = [os.path.abspath(p) for p in system.get(\"backend-path\", [])]\n"
	  "name, _, attribute = system.get(\"build-backend\", \"setuptools.build_meta:__legacy__\").partition(\":\")\n"
	  "backend = importlib.import_module(name)\n"
	  "for part in attribute.split(\".\") if attribute else []:\n"
	  "    backend = getattr(backend, part)\n"
	  "sys.argv = [\"setup.py\"]\n"
	  "backend.build_wheel(os.environ[\"WHEELS\"])\n"
	  "'\n"
	  "[test]\n"
	  "python3 -m pytest\n"
	  "[install]\n"
	  "mkdir -p \"$DESTDIR/wheel\"\n"
	  "for wheel in tarproof-build/*.whl; do\n"
	  "\tcp \"$wheel\" \"$DESTDIR\"\n"
	  "\tpython3 -m zipfile -e \"$wheel\" \"$DESTDIR/wheel\"\n"
	  "done\n"
	  "[needs]\n"
	  "python3\n" },
	{ "npm", { "package.json" },
	  "name = npm\n"
	  "[build]\n"
	  "# What would be published; the scripts that npm runs before are part of it.\n"
	  "mkdir -p /tmp/.cache\n"
	  "npm pack --offline --pack-destination /tmp/.cache\n"
	  "[test]\n"
	  "npm test\n"
	  "[install]\n"
	  "for pack in /tmp/.cache/*.tgz; do\n"
	  "\tcp \"$pack\" \"$DESTDIR\"\n"
	  "\ttar -xf \"$pack\" -C \"$DESTDIR\"\n"
	  "done\n"
	  "[environment]\n"
	  "npm_config_audit=false\n"
	  "npm_config_fund=false\n"
	  "npm_config_update_notifier=false\n"
	  "[needs]\n"
	  "npm node tar\n" },
	{ "perl", { "Makefile.PL" },
	  "name = perl\n"
	  "[configure]\n"
	  "perl Makefile.PL INSTALLDIRS=vendor NO_PACKLIST=1 NO_PERLLOCAL=1\n"
	  "[build]\n"
	  "make -j \"$JOBS\"\n"
	  "[test]\n"
	  "make test\n"
	  "[install]\n"
	  "make install DESTDIR=\"$DESTDIR\"\n"
	  "[dist]\n"
	  "make dist\n"
	  "for made in *.tar.gz; do tar -xf \"$made\" -C \"$DISTDIR\" --strip-components=1; break; done\n"
	  "[environment]\n"
	  "PERL_MM_USE_DEFAULT=1\n"
	  "[needs]\n"
	  "perl make\n" },
	{ "perl-build", { "Build.PL" },
	  "name = perl-build\n"
	  "[configure]\n"
	  "perl Build.PL --installdirs vendor\n"
	  "[build]\n"
	  "./Build\n"
	  "[test]\n"
	  "./Build test\n"
	  "[install]\n"
	  "./Build install --destdir \"$DESTDIR\" --create_packlist 0\n"
	  "[environment]\n"
	  "PERL_MM_USE_DEFAULT=1\n"
	  "[needs]\n"
	  "perl\n" },
	{ "make", { "Makefile", "GNUmakefile", "makefile" },
	  "name = make\n"
	  "[build]\n"
	  "make -j \"$JOBS\"\n"
	  "[test]\n"
	  "if make -n check >/dev/null 2>&1; then make check; elif make -n test >/dev/null 2>&1; then make test; fi\n"
	  "[install]\n"
	  "make install DESTDIR=\"$DESTDIR\" PREFIX=/usr prefix=/usr\n"
	  "[needs]\n"
	  "make cc\n" },
};

struct str recipe_detect(const struct tree *t)
{
	for (size_t i = 0; i < sizeof(builtins) / sizeof(builtins[0]); i++)
		for (size_t k = 0; k < MARKS_MAX && builtins[i].marks[k]; k++)
			if (tree_find(t, str_from(builtins[i].marks[k])))
				return str_from(builtins[i].text);
	return STR("");
}

struct str recipe_builtin(struct str name)
{
	for (size_t i = 0; i < sizeof(builtins) / sizeof(builtins[0]); i++)
		if (str_eq(name, str_from(builtins[i].name)))
			return str_from(builtins[i].text);
	return STR("");
}
