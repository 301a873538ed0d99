#include "input/gitfetch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/limits.h"

extern char **environ;

bool gitfetch_is_url(const char *s)
{
	const struct str v = str_from(s);
	const size_t colon = str_find(v, ':'), slash = str_find(v, '/');

	if (str_find_str(v, STR("://")) != (size_t)-1)
		return true;
	/* host:path, as scp writes it; "./a:b" is a path. */
	return colon != (size_t)-1 && colon > 0 && (slash == (size_t)-1 || colon < slash);
}

/* The environment of git: no configuration but the cache's own, no prompt, no locale. */
static char **git_environment(struct arena *a)
{
	static const char *const set[] = {
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_TERMINAL_PROMPT=0",
		"GIT_ASKPASS=/bin/false", "SSH_ASKPASS=/bin/false", "GIT_NO_REPLACE_OBJECTS=1",
		"GIT_OPTIONAL_LOCKS=0", "LC_ALL=C", "GIT_PROTOCOL_FROM_USER=0",
	};
	size_t n = 0, kept = 0;
	char **env;

	while (environ[n])
		n++;
	env = arena_alloc(a, (n + sizeof(set) / sizeof(set[0]) + 1) * sizeof(*env));
	for (size_t i = 0; i < n; i++)
		if (strncmp(environ[i], "GIT_", 4) != 0 && strncmp(environ[i], "LC_", 3) != 0)
			env[kept++] = environ[i];
	for (size_t i = 0; i < sizeof(set) / sizeof(set[0]); i++)
		env[kept++] = (char *)(uintptr_t)set[i];
	return env;
}

static int wait_for(pid_t pid, struct str messages, struct error *err)
{
	struct str line = STR("");
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return error_errno(err, "git");
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGINT || WTERMSIG(status) == SIGTERM))
		return error_set(err, ERROR_INTERRUPTED, "git was stopped");
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
		error_set(err, ERROR_SYSTEM, "the git program was not found");
		return error_hint(err, "install git, or give a local repository");
	}
	while (str_next_line(&messages, &line))
		if (str_starts(line, STR("fatal: ")) || str_starts(line, STR("error: ")))
			break;
	error_set(err, ERROR_TRANSIENT, "git failed: %.*s",
		  STR_FMT(str_first(str_trim(line), 600)));
	return error_hint(err, "check the URL and the network, then try again");
}

/* Runs git with the arguments after its own safe ones; its output is appended to `out`, its
 * messages are what an error quotes. */
static int run_git(const char *const *args, struct buf *out, struct error *err)
{
	static const char *const first[] = {
		"git", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false",
		"-c", "protocol.ext.allow=never", "-c", "protocol.file.allow=always",
		"-c", "credential.helper=", "-c", "gc.auto=0", "-c", "maintenance.auto=false",
		"-c", "fetch.fsckObjects=false", "-c", "advice.detachedHead=false",
	};
	AUTO_ARENA struct arena arena = ARENA_INIT;
	AUTO_BUF struct buf text = BUF_INIT;
	AUTO_FREE const char **argv = NULL;
	posix_spawn_file_actions_t actions;
	size_t n = 0, cap = 0;
	int pipes[2], r;
	ssize_t got;
	pid_t pid;

	for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++) {
		argv = memory_grow(argv, n, &cap, sizeof(*argv));
		argv[n++] = first[i];
	}
	for (size_t i = 0; i == 0 || args[i - 1]; i++) {
		argv = memory_grow(argv, n, &cap, sizeof(*argv));
		argv[n++] = args[i];
	}
	if (pipe2(pipes, O_CLOEXEC) < 0)
		return error_errno(err, "pipe");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, pipes[1], 1);
	posix_spawn_file_actions_adddup2(&actions, pipes[1], 2);
	r = posix_spawnp(&pid, "git", &actions, NULL, (char *const *)(uintptr_t)argv,
			 git_environment(&arena));
	posix_spawn_file_actions_destroy(&actions);
	close(pipes[1]);
	if (r != 0) {
		close(pipes[0]);
		errno = r;
		error_errno(err, "git");
		return error_hint(err, "install git, or give a local repository");
	}
	while ((got = read(pipes[0], buf_reserve(&text, 64 * KIB), 64 * KIB)) > 0 ||
	       (got < 0 && errno == EINTR))
		if (got > 0 && text.len < LIMIT_LISTING)
			text.len += (size_t)got;
	close(pipes[0]);
	r = wait_for(pid, buf_str(&text), err);
	if (r == 0 && out)
		buf_add_str(out, buf_str(&text));
	return r;
}

int gitfetch_tags(const char *url, struct arena *a, struct remote_tag **out, size_t *n,
		  struct error *err)
{
	AUTO_BUF struct buf text = BUF_INIT;
	struct str rest, line;
	size_t cap = 0;

	*out = NULL;
	*n = 0;
	/* No repository that the current folder happens to lie in: its configuration may name
	 * commands for this very URL. */
	if (run_git((const char *const[]){ "--git-dir=/dev/null", "ls-remote", "--tags", "--", url,
					   NULL }, &text, err) < 0)
		return -1;
	rest = buf_str(&text);
	while (str_next_line(&rest, &line)) {
		const size_t tab = str_find(line, '\t');
		struct str name = str_from_at(line, tab + 1);
		struct remote_tag t;

		if (tab != OID_HEX || !hex_decode(str_first(line, tab), t.target.bytes, OID_SIZE) ||
		    !str_starts(name, STR("refs/tags/")))
			continue;
		name = str_from_at(name, strlen("refs/tags/"));
		if (str_ends(name, STR("^{}"))) {
			name.len -= 3;
			if (*n && str_eq((*out)[*n - 1].name, name))
				(*out)[*n - 1].commit = t.target;
			continue;
		}
		t.commit = t.target;
		t.name = arena_str(a, name);
		*out = memory_grow(*out, *n, &cap, sizeof(**out));
		(*out)[(*n)++] = t;
	}
	return 0;
}

static int make_folders(char *path, struct error *err)
{
	for (char *p = path + 1; *p; p++) {
		int r;

		if (*p != '/')
			continue;
		*p = '\0';
		r = mkdir(path, 0700);
		*p = '/';
		if (r < 0 && errno != EEXIST) {
			error_errno(err, "cache folder %s", path);
			return error_hint(err, "set XDG_CACHE_HOME to a folder that can be written");
		}
	}
	return 0;
}

/* One cache repository for each URL. */
static int cache_path(const char *url, struct arena *a, struct str *out, struct error *err)
{
	const char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	struct sha256 digest;
	char hex[SHA256_HEX + 1];
	AUTO_BUF struct buf path = BUF_INIT;

	if (xdg && xdg[0] == '/')
		buf_addf(&path, "%s/tarproof/git/", xdg);
	else if (home && home[0] == '/')
		buf_addf(&path, "%s/.cache/tarproof/git/", home);
	else
		return error_set(err, ERROR_SYSTEM, "no folder for the cache"),
		       error_hint(err, "set HOME or XDG_CACHE_HOME");
	if (make_folders(path.ptr, err) < 0)
		return -1;
	digest_of(url, strlen(url), &digest);
	hex_encode(digest.bytes, SHA256_SIZE, hex);
	buf_addf(&path, "%.32s.git", hex);
	*out = arena_str(a, buf_str(&path));
	return 0;
}

int gitfetch_tag(const char *url, struct str tag, struct arena *a, struct str *path,
		 struct error *err)
{
	const struct str spec = arena_strf(a, "+refs/tags/%.*s:refs/tags/%.*s", STR_FMT(tag),
					   STR_FMT(tag));
	struct str url_config;

	if (cache_path(url, a, path, err) < 0)
		return -1;
	if (run_git((const char *const[]){ "init", "-q", "--bare", "--template=", path->ptr, NULL },
		    NULL, err) < 0)
		return error_prefix(err, "cache");
	/* A promisor remote, so that git knows why contents are missing. */
	url_config = arena_strf(a, "remote.origin.url=%s", url);
	return run_git((const char *const[]){ "-C", path->ptr, "-c", url_config.ptr,
					      "-c", "remote.origin.promisor=true",
					      "-c", "remote.origin.partialclonefilter=blob:none",
					      "fetch", "-q", "--depth=1",
					      "--filter=blob:none", "--no-tags", "--no-write-fetch-head",
					      "origin", spec.ptr, NULL }, NULL, err) < 0 ?
	       error_prefix(err, "%s", url) : 0;
}

int gitfetch_objects(const char *url, struct str path, const struct oid *v, size_t n,
		     struct error *err)
{
	enum { AT_ONCE = 500 };

	for (size_t from = 0; from < n; from += AT_ONCE) {
		AUTO_ARENA struct arena a = ARENA_INIT;
		const size_t count = n - from < AT_ONCE ? n - from : AT_ONCE;
		const char **args = arena_alloc(&a, (count + 16) * sizeof(*args));
		size_t k = 0;

		args[k++] = "-C";
		args[k++] = path.ptr;
		args[k++] = "-c";
		args[k++] = "fetch.negotiationAlgorithm=noop";
		args[k++] = "fetch";
		args[k++] = "-q";
		args[k++] = "--no-tags";
		args[k++] = "--no-write-fetch-head";
		args[k++] = "--filter=blob:none";
		args[k++] = "--";
		args[k++] = url;
		for (size_t i = 0; i < count; i++) {
			char hex[OID_HEX + 1];

			hex_encode(v[from + i].bytes, OID_SIZE, hex);
			args[k++] = arena_str(&a, str_from(hex)).ptr;
		}
		if (run_git(args, NULL, err) < 0)
			return error_prefix(err, "%s", url);
	}
	return 0;
}
