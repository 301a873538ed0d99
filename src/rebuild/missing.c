#include "rebuild/missing.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/limits.h"

/* Programs that stand in packages of another name, on Debian. */
static const struct {
	const char *program, *package;
} packages[] = {
	{ "autoreconf", "autoconf" }, { "aclocal", "automake" }, { "autopoint", "autopoint" },
	{ "libtoolize", "libtool" }, { "cc", "gcc" }, { "c++", "g++" }, { "gcc", "gcc" }, { "ninja", "ninja-build" },
	{ "node", "nodejs" }, { "msgfmt", "gettext" }, { "makeinfo", "texinfo" }, { "pod2man", "perl" },
	{ "xsltproc", "xsltproc" }, { "rst2man", "python3-docutils" }, { "sphinx-build", "python3-sphinx" },
	{ "yacc", "bison" }, { "lex", "flex" },
};

static const char *package_of(struct str program)
{
	for (size_t i = 0; i < sizeof(packages) / sizeof(packages[0]); i++)
		if (str_eq(program, str_from(packages[i].program)))
			return packages[i].package;
	return NULL;
}

static bool is_debian(void)
{
	return access("/var/lib/dpkg/status", R_OK) == 0;
}

static bool has_program(struct str name)
{
	static const char *const places[] = { "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin" };
	char path[512];

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(path, sizeof(path), "%s/%.*s", places[i], STR_FMT(str_first(name, 400)));
		if (access(path, X_OK) == 0)
			return true;
	}
	return false;
}

static bool has_module(struct str name)
{
	static const char *const places[] = {
		"/usr/lib/x86_64-linux-gnu/pkgconfig", "/usr/lib/aarch64-linux-gnu/pkgconfig", "/usr/lib64/pkgconfig",
		"/usr/lib/pkgconfig", "/usr/share/pkgconfig", "/usr/local/lib/pkgconfig",
	};
	char path[512];

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(path, sizeof(path), "%s/%.*s.pc", places[i], STR_FMT(str_first(name, 400)));
		if (access(path, R_OK) == 0)
			return true;
	}
	return false;
}

int missing_check(const struct str *needs, size_t n, struct error *err)
{
	AUTO_BUF struct buf missing = BUF_INIT, install = BUF_INIT;

	for (size_t i = 0; i < n; i++) {
		const bool module = str_starts(needs[i], STR("pc:"));
		const struct str name = module ? str_from_at(needs[i], 3) : needs[i];
		const char *const package = package_of(name);

		if (module ? has_module(name) : has_program(name))
			continue;
		buf_addf(&missing, "%s%.*s", missing.len ? ", " : "", STR_FMT(name));
		if (package || !module)
			buf_addf(&install, " %.*s", STR_FMT(package ? str_from(package) : name));
	}
	if (missing.len == 0)
		return 0;
	error_set(err, ERROR_SYSTEM, "the build needs what is not installed: %.*s",
		  STR_FMT(str_first(buf_str(&missing), 400)));
	if (is_debian() && install.len)
		error_hint(err, "apt-get install%.*s", STR_FMT(str_first(buf_str(&install), 400)));
	else
		error_hint(err, "install it, or give another recipe with --recipe");
	return -1;
}

/* --- what a log says --- */

/* The word before (or after) a mark in a line, without quotes and colons. */
static struct str word_around(struct str line, size_t at, size_t mark_len, bool before)
{
	static const char edges[] = " \t:'\"`()[],;";
	struct str s = before ? str_first(line, at) : str_from_at(line, at + mark_len);
	size_t n = 0;

	while (s.len && strchr(edges, before ? s.ptr[s.len - 1] : s.ptr[0]))
		s = before ? str_first(s, s.len - 1) : str_from_at(s, 1);
	while (n < s.len && !strchr(edges, before ? s.ptr[s.len - 1 - n] : s.ptr[n]))
		n++;
	return before ? str_from_at(s, s.len - n) : str_first(s, n);
}

enum missing_kind { MISSING_PROGRAM, MISSING_MODULE, MISSING_HEADER, MISSING_PYTHON };

static const struct {
	struct str mark;
	bool before;		/* the name stands before the mark */
	enum missing_kind kind;
} marks[] = {
	{ STR(": command not found"), true, MISSING_PROGRAM },
	{ STR(": not found"), true, MISSING_PROGRAM },
	{ STR("fatal error: "), false, MISSING_HEADER },
	{ STR("No package '"), false, MISSING_MODULE },
	{ STR("Dependency \""), false, MISSING_MODULE },
	{ STR("No module named '"), false, MISSING_PYTHON },
};

static struct str say(struct arena *a, enum missing_kind kind, struct str name)
{
	const char *const package = package_of(name);

	switch (kind) {
	case MISSING_PROGRAM:
		if (!is_debian())
			break;
		return arena_strf(a, "the program %.*s is missing: apt-get install %.*s", STR_FMT(name),
				  STR_FMT(package ? str_from(package) : name));
	case MISSING_MODULE:
		return arena_strf(a, "pkg-config does not know %.*s%s", STR_FMT(name), !is_debian() ? "" :
				  ": install the package that has its .pc file (apt-file search, or lib...-dev)");
	case MISSING_HEADER:
		return arena_strf(a, "the header %.*s is missing", STR_FMT(name));
	case MISSING_PYTHON:
		return arena_strf(a, "the Python module %.*s is missing%s%.*s", STR_FMT(name),
				  is_debian() ? ": apt-get install python3-" : "", is_debian() ? (int)name.len : 0,
				  name.ptr);
	}
	return arena_strf(a, "the program %.*s is missing", STR_FMT(name));
}

/* Lines that name an error, of which the first is mostly the cause. */
static bool is_error(struct str line)
{
	return str_find_str(line, STR("error:")) != (size_t)-1 || str_find_str(line, STR("Error:")) != (size_t)-1 ||
	       str_find_str(line, STR("ERROR:")) != (size_t)-1 || str_find_str(line, STR("*** ")) != (size_t)-1;
}

struct str missing_in_log(struct arena *a, const char *log)
{
	const int fd_raw = open(log, O_RDONLY | O_CLOEXEC);
	AUTO_FD int fd = fd_raw;
	AUTO_BUF struct buf text = BUF_INIT;
	struct str rest, line, last = STR(""), error = STR("");
	off_t size = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
	ssize_t n;

	if (size <= 0)
		return STR("it printed nothing");
	/* What failed stands near the end. */
	lseek(fd, size > (off_t)MIB ? size - (off_t)MIB : 0, SEEK_SET);
	n = read(fd, buf_reserve(&text, MIB), MIB);
	text.len = n > 0 ? (size_t)n : 0;
	rest = buf_str(&text);
	while (str_next_line(&rest, &line)) {
		for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
			const size_t at = str_find_str(line, marks[i].mark);
			const struct str name = at == (size_t)-1 ? STR("") :
						word_around(line, at, marks[i].mark.len, marks[i].before);

			/* configure asks for headers and goes on without. */
			if (name.len && name.len < 100 && !str_starts(line, STR("checking ")) &&
			    (marks[i].kind != MISSING_PROGRAM || !memchr(name.ptr, '/', name.len)))
				return say(a, marks[i].kind, name);
		}
		if (error.len == 0 && is_error(line))
			error = line;
		if (str_trim(line).len)
			last = line;
	}
	return arena_str(a, str_first(str_trim(error.len ? error : last), 300));
}
