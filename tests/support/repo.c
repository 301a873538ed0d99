#include "support/repo.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "support/run.h"

static void tick(void)
{
	static long seconds = 1700000000;
	char date[64];

	seconds += 86400;
	snprintf(date, sizeof(date), "@%ld +0000", seconds);
	setenv("GIT_AUTHOR_DATE", date, 1);
	setenv("GIT_COMMITTER_DATE", date, 1);
}

void make_repo(const char *dir)
{
	sh("git init -q --template= '%s'; git -C '%s' symbolic-ref HEAD refs/heads/main", dir, dir);
}

void make_commit(const char *dir, const char *message)
{
	tick();
	sh("cd '%s'; git add --all --force .; git commit -q --allow-empty -m '%s'", dir, message);
}

void make_tag(const char *dir, const char *name)
{
	tick();
	sh("git -C '%s' tag -a -m 'Release' '%s'", dir, name);
}

void make_hello(const char *dir)
{
	char path[512];

	make_repo(dir);
	snprintf(path, sizeof(path), "%s/README", dir);
	file_text(path, "Hello, a program that greets.\n");
	snprintf(path, sizeof(path), "%s/src/main.c", dir);
	file_text(path, "int main(void)\n{\n\treturn 0;\n}\n");
	make_commit(dir, "First");
	make_tag(dir, "v1.2");
}

struct oid make_object(const char *dir, const char *type, const void *data, size_t n)
{
	file_write("object.tmp", data, n);
	return oid_from(sh_out("git -C '%s' hash-object --literally -w -t %s --stdin <object.tmp",
			       dir, type));
}

struct oid make_object_text(const char *dir, const char *type, const char *text)
{
	return make_object(dir, type, text, strlen(text));
}

void add_tree_entry(struct buf *tree, const char *mode, const char *name, const struct oid *oid)
{
	buf_addf(tree, "%s %s", mode, name);
	buf_add_char(tree, '\0');
	buf_add(tree, oid->bytes, OID_SIZE);
}

struct oid oid_from(const char *hex)
{
	struct oid oid;

	cr_assert(hex_decode(str_from(hex), oid.bytes, OID_SIZE), "%s", hex);
	return oid;
}

struct oid oid_of(const char *dir, const char *revision)
{
	return oid_from(sh_out("git -C '%s' rev-parse --verify '%s'", dir, revision));
}

const char *oid_text(const struct oid *oid)
{
	static char text[8][OID_HEX + 1];
	static unsigned int turn;
	char *const t = text[turn++ % 8];

	hex_encode(oid->bytes, OID_SIZE, t);
	return t;
}

char *object_path(const char *dir, const struct oid *oid)
{
	const char *hex = oid_text(oid);

	return sh_out("echo \"$(git -C '%s' rev-parse --git-common-dir | sed 's,^[^/],%s/&,')/objects/%.2s/%s\"",
		      dir, dir, hex, hex + 2);
}
