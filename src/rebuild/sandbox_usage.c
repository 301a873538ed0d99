#include "rebuild/sandbox_work.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/cleanup.h"
#include "base/limits.h"

static bool namespace_of(const char *pid, char *to, size_t size)
{
	char path[300];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%s/ns/pid", pid);
	n = readlink(path, to, size - 1);
	to[n > 0 ? n : 0] = '\0';
	return n > 0;
}

static size_t slurp(const char *pid, const char *name, char *to, size_t size)
{
	char path[300];
	int fd;
	ssize_t n = -1;

	snprintf(path, sizeof(path), "/proc/%s/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, to, size - 1);
		close(fd);
	}
	to[n > 0 ? n : 0] = '\0';
	return n > 0 ? (size_t)n : 0;
}

static uint64_t kilobytes(const char *text, const char *key)
{
	const char *const at = strstr(text, key);

	return at ? strtoull(at + strlen(key), NULL, 10) * 1024 : 0;
}

/* Memory that files don't back, a page that several share divided among them. */
static uint64_t memory_of(const char *pid)
{
	char text[4096];
	unsigned long size = 0, resident = 0, shared = 0;

	if (slurp(pid, "smaps_rollup", text, sizeof(text)) && strstr(text, "\nPss_Anon:"))
		return kilobytes(text, "\nPss_Anon:") + kilobytes(text, "\nPss_Shmem:");
	slurp(pid, "statm", text, sizeof(text));
	if (sscanf(text, "%lu %lu %lu", &size, &resident, &shared) != 3 || shared > resident)
		return 0;
	return (uint64_t)(resident - shared) * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* Files without a name that were counted. */
struct counted {
	struct {
		dev_t dev;
		ino_t ino;
	} v[1024];
	size_t n;
};

static bool is_counted(struct counted *c, const struct stat *st)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i].dev == st->st_dev && c->v[i].ino == st->st_ino)
			return true;
	if (c->n < sizeof(c->v) / sizeof(c->v[0])) {
		c->v[c->n].dev = st->st_dev;
		c->v[c->n++].ino = st->st_ino;
	}
	return false;
}

/* Space that no folder shows: files that are open and have no name, in memory or on disk. */
static void add_unlinked(const char *pid, struct counted *c, struct sandbox_usage *out)
{
	char path[300], link[64];
	struct dirent *d;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	dir = opendir(path);
	while (dir && (d = readdir(dir))) {
		struct stat st;
		const ssize_t n = readlinkat(dirfd(dir), d->d_name, link, sizeof(link) - 1);

		if (n <= 0 || fstatat(dirfd(dir), d->d_name, &st, 0) < 0 || !S_ISREG(st.st_mode) || st.st_nlink ||
		    is_counted(c, &st))
			continue;
		link[n] = '\0';
		if (strncmp(link, "/memfd:", 7) == 0)
			out->memory += (uint64_t)st.st_blocks * 512;
		else
			out->unlinked += (uint64_t)st.st_blocks * 512;
	}
	if (dir)
		closedir(dir);
}

void sandbox_usage(pid_t first, struct sandbox_usage *out)
{
	char wanted[64], other[64], number[16];
	struct counted counted = { .n = 0 };
	struct dirent *d;
	DIR *dir;

	*out = (struct sandbox_usage){ 0, 0, 0 };
	snprintf(number, sizeof(number), "%d", (int)first);
	dir = first > 0 && namespace_of(number, wanted, sizeof(wanted)) ? opendir("/proc") : NULL;
	while (dir && (d = readdir(dir))) {
		if (!ascii_is_digit(d->d_name[0]) || !namespace_of(d->d_name, other, sizeof(other)) ||
		    strcmp(wanted, other) != 0)
			continue;
		out->processes++;
		out->memory += memory_of(d->d_name);
		add_unlinked(d->d_name, &counted, out);
	}
	if (dir)
		closedir(dir);
}

unsigned int sandbox_threads_of(uid_t uid)
{
	DIR *const dir = opendir("/proc");
	unsigned int n = 0;
	struct dirent *d;

	while (dir && (d = readdir(dir))) {
		struct stat st;
		char text[4096];
		const char *at;

		if (!ascii_is_digit(d->d_name[0]) || fstatat(dirfd(dir), d->d_name, &st, 0) < 0 || st.st_uid != uid ||
		    !slurp(d->d_name, "status", text, sizeof(text)))
			continue;
		at = strstr(text, "\nThreads:");
		n += at ? (unsigned int)strtoul(at + 9, NULL, 10) : 1;
	}
	if (dir)
		closedir(dir);
	return n;
}

static uint64_t disk_below(int parent, const char *name, unsigned int depth)
{
	const int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	uint64_t sum = 0;
	struct dirent *d;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		/* What is kept from being looked at is taken for too much. */
		return fd < 0 && errno == EACCES ? UINT64_MAX / 4 : 0;
	}
	while ((d = readdir(dir))) {
		struct stat st;

		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0 ||
		    fstatat(fd, d->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		sum += (uint64_t)st.st_blocks * 512;
		if (S_ISDIR(st.st_mode) && depth < LIMIT_DEPTH)
			sum += disk_below(fd, d->d_name, depth + 1);
	}
	closedir(dir);
	return sum;
}

uint64_t sandbox_disk(const struct sandbox_plan *plan)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < plan->folders_n; i++)
		sum += disk_below(AT_FDCWD, plan->folders[i].outside, 0);
	return sum;
}
