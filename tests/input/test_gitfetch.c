#include "input/gitfetch.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "support/repo.h"
#include "support/run.h"

static struct arena arena;

/* A repository "r" that serves partial clones, the cache below "cache". */
static void begin(void)
{
	scratch_begin();
	make_hello("r");
	sh("git -C r tag light; git clone -q --bare r served.git; cd served.git;"
	   "git config uploadpack.allowFilter true; git config uploadpack.allowAnySHA1InWant true;"
	   "mkdir ../cache");
	setenv("XDG_CACHE_HOME", arena_strf(&arena, "%s/cache", scratch()).ptr, 1);
}

static void end(void)
{
	arena_release(&arena);
	scratch_end();
}

TestSuite(gitfetch, .init = begin, .fini = end);

static const char *served(void)
{
	return arena_strf(&arena, "file://%s/served.git", scratch()).ptr;
}

Test(gitfetch, urls_are_told_from_paths)
{
	static const char *const urls[] = {
		"https://example.org/x.git", "ssh://git@example.org/x", "file:///x", "git@example.org:x",
		"host:path", "ext::sh -c x", "-x://y",
	};
	static const char *const paths[] = {
		"", "x", "/x", "./a:b", "a/b:c", "../x.git", ":x",
	};

	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++)
		cr_assert(gitfetch_is_url(urls[i]), "%s", urls[i]);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		cr_assert(!gitfetch_is_url(paths[i]), "%s", paths[i]);
}

Test(gitfetch, tags_are_listed_with_their_commits)
{
	AUTO_FREE struct remote_tag *tags = NULL;
	const struct oid commit = oid_of("r", "HEAD"), tag = oid_of("r", "v1.2");
	struct error err = ERROR_INIT;
	size_t n;

	cr_assert_eq(gitfetch_tags(served(), &arena, &tags, &n, &err), 0, "%s", err.message);
	cr_assert_eq(n, 2);
	cr_assert_str_eq(tags[0].name.ptr, "light");
	cr_assert(oid_eq(&tags[0].target, &commit) && oid_eq(&tags[0].commit, &commit));
	cr_assert_str_eq(tags[1].name.ptr, "v1.2");
	cr_assert(oid_eq(&tags[1].target, &tag) && oid_eq(&tags[1].commit, &commit));
}

Test(gitfetch, repository_without_tags_lists_none)
{
	struct remote_tag *tags;
	struct error err = ERROR_INIT;
	size_t n;

	sh("git init -q --bare none.git");
	cr_assert_eq(gitfetch_tags(arena_strf(&arena, "file://%s/none.git", scratch()).ptr, &arena, &tags,
				   &n, &err), 0);
	cr_assert_eq(n, 0);
}

static struct str fetched(void)
{
	struct error err = ERROR_INIT;
	struct str path;

	cr_assert_eq(gitfetch_tag(served(), STR("v1.2"), &arena, &path, &err), 0, "%s", err.message);
	return path;
}

Test(gitfetch, tag_comes_without_contents_and_contents_when_asked_for)
{
	const struct oid blob = oid_of("r", "HEAD:README"), main_c = oid_of("r", "HEAD:src/main.c");
	const struct oid tag = oid_of("r", "v1.2");
	const struct str path = fetched();
	struct error err = ERROR_INIT;
	struct tag_facts facts;
	struct repo *r;

	cr_assert(str_starts(path, arena_strf(&arena, "%s/cache/tarproof/git/", scratch())));
	r = repo_open(path.ptr, &err);
	cr_assert_not_null(r, "%s", err.message);
	cr_assert_eq(repo_peel(r, &arena, &tag, &facts, &err), 0, "%s", err.message);
	cr_assert(!repo_has(r, &blob));
	cr_assert(!repo_has(r, &main_c));
	cr_assert_eq(gitfetch_objects(served(), path, &blob, 1, &err), 0, "%s", err.message);
	repo_free(r);
	r = repo_open(path.ptr, &err);
	cr_assert(repo_has(r, &blob));
	cr_assert(!repo_has(r, &main_c));
	repo_free(r);
	/* Once more: the cache is there. */
	cr_assert(str_eq(fetched(), path));
}

Test(gitfetch, what_was_fetched_is_seen_by_an_open_repository)
{
	const struct oid blob = oid_of("r", "HEAD:README");
	const struct str path = fetched();
	AUTO_BUF struct buf text = BUF_INIT;
	struct error err = ERROR_INIT;
	enum object_type type;
	struct repo *r = repo_open(path.ptr, &err);

	cr_assert_not_null(r);
	cr_assert(!repo_has(r, &blob));
	cr_assert_eq(gitfetch_objects(served(), path, &blob, 1, &err), 0, "%s", err.message);
	cr_assert_eq(repo_object(r, &blob, 1000, &type, &text, &err), 1);
	repo_free(r);
}

Test(gitfetch, hundreds_of_objects_come_in_turns)
{
	const struct str path = fetched();
	struct error err = ERROR_INIT;
	struct oid v[700];
	AUTO_BUF struct buf ids = BUF_INIT;

	sh("cd served.git; for i in $(seq 700); do echo $i; done >l; split -l 1 -a 3 l b.;"
	   "git hash-object -w b.* >../ids; rm -f b.* l");
	file_read("ids", &ids);
	for (size_t i = 0; i < 700; i++)
		cr_assert(hex_decode(str_of(ids.ptr + i * 41, 40), v[i].bytes, OID_SIZE));
	cr_assert_eq(gitfetch_objects(served(), path, v, 700, &err), 0, "%s", err.message);
	sh("git -C '%s' cat-file -e %s; git -C '%s' cat-file -e %s", path.ptr, oid_text(&v[0]),
	   path.ptr, oid_text(&v[699]));
}

Test(gitfetch, absent_tag_and_absent_object_are_errors)
{
	const struct oid none = { { 5 } };
	struct error err = ERROR_INIT;
	struct str path;

	cr_assert_eq(gitfetch_tag(served(), STR("v9"), &arena, &path, &err), -1);
	cr_assert_eq(err.code, ERROR_TRANSIENT);
	path = fetched();
	err = ERROR_INIT;
	cr_assert_eq(gitfetch_objects(served(), path, &none, 1, &err), -1);
	cr_assert_not_null(strstr(err.message, served()), "%s", err.message);
}

Test(gitfetch, unreachable_url_may_be_tried_again)
{
	const char *const url = arena_strf(&arena, "file://%s/nowhere.git", scratch()).ptr;
	struct remote_tag *tags;
	struct error err = ERROR_INIT;
	struct str path;
	size_t n;

	cr_assert_eq(gitfetch_tags(url, &arena, &tags, &n, &err), -1);
	cr_assert_eq(err.code, ERROR_TRANSIENT);
	cr_assert_not_null(strstr(err.message, "git failed"));
	cr_assert_neq(err.hint[0], '\0');
	cr_assert_eq(gitfetch_tag(url, STR("v1"), &arena, &path, &err), -1);
	cr_assert_eq(err.code, ERROR_TRANSIENT);
	cr_assert_not_null(strstr(err.message, url), "%s", err.message);
}

Test(gitfetch, cache_that_can_not_be_written_is_an_error)
{
	struct error err = ERROR_INIT;
	struct str path;

	file_text("plain", "");
	setenv("XDG_CACHE_HOME", arena_strf(&arena, "%s/plain", scratch()).ptr, 1);
	cr_assert_eq(gitfetch_tag(served(), STR("v1.2"), &arena, &path, &err), -1);
	cr_assert_eq(err.code, ERROR_SYSTEM);
	cr_assert_not_null(strstr(err.hint, "XDG_CACHE_HOME"));
	/* In place of the cache's repository there is a file. */
	setenv("XDG_CACHE_HOME", arena_strf(&arena, "%s/cache", scratch()).ptr, 1);
	path = fetched();
	sh("rm -rf '%s'; : >'%s'", path.ptr, path.ptr);
	cr_assert_eq(gitfetch_tag(served(), STR("v1.2"), &arena, &path, &err), -1);
	cr_assert_not_null(strstr(err.message, "cache: git failed"), "%s", err.message);
}

Test(gitfetch, cache_stands_in_the_home_folder_or_nowhere)
{
	struct error err = ERROR_INIT;
	struct str path;

	setenv("XDG_CACHE_HOME", "relative", 1);
	path = fetched();
	cr_assert(str_starts(path, arena_strf(&arena, "%s/.cache/tarproof/git/", scratch())), "%s",
		  path.ptr);
	unsetenv("HOME");
	cr_assert_eq(gitfetch_tag(served(), STR("v1.2"), &arena, &path, &err), -1);
	cr_assert_eq(err.code, ERROR_SYSTEM);
	cr_assert_not_null(strstr(err.hint, "HOME"));
}

Test(gitfetch, missing_git_is_told)
{
	const char *const url = served(), *path = arena_str(&arena, str_from(getenv("PATH"))).ptr;
	struct remote_tag *tags;
	struct error err = ERROR_INIT;
	size_t n;

	setenv("PATH", "/nowhere", 1);
	cr_assert_eq(gitfetch_tags(url, &arena, &tags, &n, &err), -1);
	setenv("PATH", path, 1);
	cr_assert_eq(err.code, ERROR_SYSTEM);
	cr_assert_not_null(strstr(err.hint, "install git"));
}

Test(gitfetch, git_that_was_stopped_is_an_interruption)
{
	const char *const url = served();
	struct remote_tag *tags;
	struct error err = ERROR_INIT;
	size_t n;

	sh("mkdir bin; printf '#!/bin/sh\\nkill -TERM $$\\n' >bin/git; chmod +x bin/git");
	setenv("PATH", arena_strf(&arena, "%s/bin:%s", scratch(), getenv("PATH")).ptr, 1);
	cr_assert_eq(gitfetch_tags(url, &arena, &tags, &n, &err), -1);
	cr_assert_eq(err.code, ERROR_INTERRUPTED);
	sh("printf '#!/bin/sh\\nexit 127\\n' >bin/git");
	cr_assert_eq(gitfetch_tags(url, &arena, &tags, &n, &err), -1);
	cr_assert_eq(err.code, ERROR_SYSTEM);
}

Test(gitfetch, lines_of_git_that_make_no_sense_are_passed_over)
{
	AUTO_FREE struct remote_tag *tags = NULL;
	const char *const url = served();
	struct error err = ERROR_INIT;
	size_t n;

	sh("mkdir bin; cat >bin/git <<'END'\n#!/bin/sh\ncat <<'EOF'\nwarning: x\n"
	   "1111111111111111111111111111111111111111\trefs/heads/main\n"
	   "1111111111111111111111111111111111111111\trefs/tags/a^{}\n"
	   "z111111111111111111111111111111111111111\trefs/tags/b\n"
	   "2222222222222222222222222222222222222222\trefs/tags/c\n"
	   "3333333333333333333333333333333333333333\trefs/tags/d^{}\n\nEOF\nEND\nchmod +x bin/git");
	setenv("PATH", arena_strf(&arena, "%s/bin:%s", scratch(), getenv("PATH")).ptr, 1);
	cr_assert_eq(gitfetch_tags(url, &arena, &tags, &n, &err), 0);
	cr_assert_eq(n, 1);
	cr_assert_str_eq(tags[0].name.ptr, "c");
	cr_assert_eq(tags[0].commit.bytes[0], 0x22);
}

/* Whatever a URL says, nothing but git's own transports is run. */
Test(gitfetch, urls_run_nothing)
{
	static const char *const urls[] = {
		"--upload-pack=touch PWNED;://x", "-u:x", "--exec=touch PWNED:x",
		"ext::sh -c 'touch PWNED'", "ext::touch PWNED", "fd::17", "pwn::x",
		"ssh://-oProxyCommand=touch%20PWNED/x", "-oProxyCommand=touch PWNED:x",
		"git+ssh://-oProxyCommand=touch PWNED/x",
	};

	sh("mkdir bin; printf '#!/bin/sh\\n: >%s/PWNED\\n' >bin/git-remote-pwn; chmod +x bin/*",
	   scratch());
	setenv("PATH", arena_strf(&arena, "%s/bin:%s", scratch(), getenv("PATH")).ptr, 1);
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		const struct oid none = { { 1 } };
		struct remote_tag *tags;
		struct error err = ERROR_INIT;
		struct str path;
		size_t n;

		cr_assert_eq(gitfetch_tags(urls[i], &arena, &tags, &n, &err), -1, "%s", urls[i]);
		cr_assert_eq(gitfetch_tag(urls[i], STR("v1"), &arena, &path, &err), -1, "%s", urls[i]);
		cr_assert_eq(gitfetch_objects(urls[i], arena_strf(&arena, "%s/r", scratch()), &none, 1,
					      &err), -1, "%s", urls[i]);
		cr_assert(!file_exists("PWNED"), "%s", urls[i]);
		cr_assert(!file_exists("r/PWNED"), "%s", urls[i]);
	}
}

Test(gitfetch, tag_names_are_no_options)
{
	struct error err = ERROR_INIT;
	struct str path;

	gitfetch_tag(served(), STR("--upload-pack=touch PWNED"), &arena, &path, &err);
	gitfetch_tag(served(), STR("x:refs/heads/y"), &arena, &path, &err);
	cr_assert(!file_exists("PWNED"));
}

/* Who runs tarproof in an unpacked folder does not run what its .git/config says. */
Test(gitfetch, configuration_of_the_current_folder_is_not_read)
{
	AUTO_FREE struct remote_tag *tags = NULL;
	const char *const url = served();
	struct error err = ERROR_INIT;
	struct str path;
	size_t n;

	sh("git init -q here; cd here; git config remote.%s.url %s; git config remote.%s.uploadpack "
	   "'touch %s/PWNED; git-upload-pack'; git config url.ext::x.insteadOf file://; "
	   "git config protocol.ext.allow always", url, url, url, scratch());
	cr_assert_eq(chdir("here"), 0);
	cr_assert_eq(gitfetch_tags(url, &arena, &tags, &n, &err), 0, "%s", err.message);
	cr_assert_eq(gitfetch_tag(url, STR("v1.2"), &arena, &path, &err), 0, "%s", err.message);
	cr_assert(!file_exists("../PWNED"));
}

Test(gitfetch, environment_of_the_caller_changes_nothing)
{
	AUTO_FREE struct remote_tag *tags = NULL;
	struct error err = ERROR_INIT;
	size_t n;

	setenv("GIT_DIR", "/nowhere", 1);
	setenv("GIT_CONFIG_COUNT", "1", 1);
	setenv("GIT_CONFIG_KEY_0", "url.ext::x.insteadOf", 1);
	setenv("GIT_CONFIG_VALUE_0", "file://", 1);
	cr_assert_eq(gitfetch_tags(served(), &arena, &tags, &n, &err), 0, "%s", err.message);
	cr_assert_eq(n, 2);
}
