#include "support/run.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

static char folder[512];
static struct arena outputs;	/* what sh_out() gave */

static void fix_environment(void)
{
	static const char *const set[][2] = {
		{ "LC_ALL", "C" }, { "TZ", "UTC" },
		{ "GIT_CONFIG_GLOBAL", "/dev/null" }, { "GIT_CONFIG_SYSTEM", "/dev/null" },
		{ "GIT_CONFIG_NOSYSTEM", "1" },
		{ "GIT_AUTHOR_NAME", "A. U. Thor" }, { "GIT_AUTHOR_EMAIL", "author@example.org" },
		{ "GIT_COMMITTER_NAME", "C. O. Mitter" },
		{ "GIT_COMMITTER_EMAIL", "committer@example.org" },
		{ "GIT_AUTHOR_DATE", "@1700000000 +0000" },
		{ "GIT_COMMITTER_DATE", "@1700000000 +0000" },
	};
	static const char *const unset[] = {
		"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY",
		"GIT_NAMESPACE", "GIT_CEILING_DIRECTORIES", "TAR_OPTIONS", "XDG_CACHE_HOME",
	};

	for (size_t i = 0; i < sizeof(set) / sizeof(set[0]); i++)
		setenv(set[i][0], set[i][1], 1);
	for (size_t i = 0; i < sizeof(unset) / sizeof(unset[0]); i++)
		unsetenv(unset[i]);
	setenv("HOME", folder, 1);
}

void scratch_begin(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(folder, sizeof(folder), "%s/tarproof-test-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	cr_assert_not_null(mkdtemp(folder), "mkdtemp: %s", strerror(errno));
	cr_assert_eq(chdir(folder), 0);
	umask(022);
	fix_environment();
}

void scratch_end(void)
{
	AUTO_BUF struct buf line = BUF_INIT;

	arena_release(&outputs);
	if (chdir("/") != 0 || !*folder)
		return;
	buf_addf(&line, "chmod -R u+rwX '%s'; rm -rf '%s'", folder, folder);
	cr_assert_eq(system(buf_cstr(&line)), 0);
}

const char *scratch(void)
{
	return folder;
}

void sh(const char *fmt, ...)
{
	AUTO_BUF struct buf line = BUF_INIT;
	va_list ap;

	buf_add_cstr(&line, "set -e; ");
	va_start(ap, fmt);
	buf_vaddf(&line, fmt, ap);
	va_end(ap);
	cr_assert_eq(system(buf_cstr(&line)), 0, "%s", buf_cstr(&line));
}

char *sh_out(const char *fmt, ...)
{
	AUTO_BUF struct buf line = BUF_INIT;
	AUTO_BUF struct buf out = BUF_INIT;
	va_list ap;
	FILE *f;
	size_t n;

	buf_add_cstr(&line, "set -e; ");
	va_start(ap, fmt);
	buf_vaddf(&line, fmt, ap);
	va_end(ap);
	f = popen(buf_cstr(&line), "r");
	cr_assert_not_null(f);
	while ((n = fread(buf_reserve(&out, 4096), 1, 4096, f)) > 0)
		out.len += n;
	cr_assert_eq(pclose(f), 0, "%s", buf_cstr(&line));
	while (out.len && out.ptr[out.len - 1] == '\n')
		out.len--;
	return (char *)(uintptr_t)arena_str(&outputs, buf_str(&out)).ptr;
}

void file_write(const char *path, const void *data, size_t n)
{
	AUTO_BUF struct buf parent = BUF_INIT;
	AUTO_FILE FILE *f = NULL;

	buf_add_cstr(&parent, path);
	for (size_t i = 1; i < parent.len; i++) {
		if (parent.ptr[i] != '/')
			continue;
		parent.ptr[i] = '\0';
		cr_assert(mkdir(parent.ptr, 0777) == 0 || errno == EEXIST, "%s", parent.ptr);
		parent.ptr[i] = '/';
	}
	f = fopen(path, "wb");
	cr_assert_not_null(f, "%s: %s", path, strerror(errno));
	cr_assert_eq(fwrite(data, 1, n, f), n);
}

void file_text(const char *path, const char *text)
{
	file_write(path, text, strlen(text));
}

bool file_exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

void file_read(const char *path, struct buf *to)
{
	AUTO_FILE FILE *f = fopen(path, "rb");
	size_t n;

	cr_assert_not_null(f, "%s: %s", path, strerror(errno));
	while ((n = fread(buf_reserve(to, 65536), 1, 65536, f)) > 0)
		to->len += n;
}

void must_end_within(unsigned int seconds)
{
	alarm(seconds);
}
