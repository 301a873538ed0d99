/* For tools/make-known: what the store says of each content. A program and not a script, so that the
 * store and the detectors normalise with the same code.
 * Reads what `git cat-file --batch='%(objectname) %(objectsize) %(rest)'` prints, where %(rest) is a
 * basename; prints "<id> <basename> <serial, or -> <normalised digest, or ->", and for each core macro
 * that a macro file defines "= = = <digest of the definition>". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "inspect/macro.h"

static int fail(const char *what)
{
	fprintf(stderr, "known-facts: %s\n", what);
	return 1;
}

static void print_definitions(struct str text)
{
	struct macro_file f;
	char digest[MACRO_DIGEST + 1];

	macro_read(text, &f);
	for (size_t i = 0; i < f.defs_n; i++) {
		if (macro_is_core(f.defs[i].name) &&
		    macro_digest(macro_call(text, &f.defs[i]), true, digest))
			printf("= = = %s\n", digest);
	}
	macro_file_release(&f);
}

int main(void)
{
	AUTO_BUF struct buf content = BUF_INIT;
	char oid[64], name[4096];
	unsigned long long size;

	while (scanf("%63s %llu %4095[^\n]", oid, &size, name) == 3) {
		if (getchar() != '\n' || size > LIMIT_BLOB)
			return fail("not the output of git cat-file, or a content that is too large");
		buf_reset(&content);
		char *to = buf_reserve(&content, (size_t)size + 1);
		if (fread(to, 1, (size_t)size + 1, stdin) != (size_t)size + 1)
			return fail("cut off");
		const struct str text = str_of(to, (size_t)size);
		const bool is_m4 = str_ends(str_from(name), STR(".m4"));
		const int64_t serial = macro_serial(text, NULL);
		char digest[MACRO_DIGEST + 1];
		if (!macro_digest(text, is_m4, digest))
			strcpy(digest, "-");
		if (serial < 0)
			printf("%s %s - %s\n", oid, name, digest);
		else
			printf("%s %s %lld %s\n", oid, name, (long long)serial, digest);
		if (is_m4)
			print_definitions(text);
	}
	return feof(stdin) && !fflush(stdout) ? 0 : fail("unexpected input");
}
