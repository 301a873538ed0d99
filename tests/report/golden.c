#include "golden.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"

#ifndef TESTS_DIR
#define TESTS_DIR "tests"
#endif

const char *golden_source_path(const char *below, char *path, size_t size)
{
	const char *const srcdir = getenv("srcdir");

	if (srcdir && *srcdir)
		snprintf(path, size, "%s/%s", srcdir, below);
	else
		snprintf(path, size, "%s/../%s", TESTS_DIR, below);
	return path;
}

static void write_file(const char *path, struct str text)
{
	AUTO_FILE FILE *f = fopen(path, "w");

	cr_assert(f && fwrite(text.ptr, 1, text.len, f) == text.len, "can't write %s", path);
}

static bool read_file(const char *path, struct buf *to)
{
	AUTO_FILE FILE *f = fopen(path, "r");
	size_t n = 1;

	while (f && n > 0) {
		n = fread(buf_reserve(to, 65536), 1, 65536, f);
		to->len += n;
		to->ptr[to->len] = '\0';
	}
	return f != NULL;
}

static void replace(struct str text, const char *const *changing, struct buf *to)
{
	while (text.len) {
		const char *const *one = changing;

		while (one && *one && !str_starts(text, str_from(*one)))
			one++;
		if (one && *one) {
			buf_add_cstr(to, "@CHANGING@");
			text = str_from_at(text, strlen(*one));
		} else {
			buf_add_char(to, text.ptr[0]);
			text = str_from_at(text, 1);
		}
	}
}

void golden_compare(const char *name, struct str text, const char *const *changing)
{
	const char *const update = getenv("TARPROOF_UPDATE_GOLDEN");
	AUTO_BUF struct buf want = BUF_INIT, got = BUF_INIT, below = BUF_INIT;
	char path[4096];

	buf_addf(&below, "tests/report/%s.golden", name);
	golden_source_path(buf_cstr(&below), path, sizeof(path));
	replace(text, changing, &got);
	if (update && strcmp(update, "1") == 0) {
		write_file(path, buf_str(&got));
		return;
	}
	cr_assert(read_file(path, &want), "can't read %s; TARPROOF_UPDATE_GOLDEN=1 makes it", path);
	if (!str_eq(buf_str(&want), buf_str(&got))) {
		buf_reset(&below);
		buf_addf(&below, "%s.actual", name);
		write_file(buf_cstr(&below), buf_str(&got));
		cr_assert_fail("%s differs from %s", buf_cstr(&below), path);
	}
}
