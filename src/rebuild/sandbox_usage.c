#include "rebuild/sandbox_work.h"

#include <dirent.h>
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

/* Pages that are not backed by a file or shared with others. */
static uint64_t memory_of(const char *pid)
{
	char path[300], text[128];
	unsigned long size = 0, resident = 0, shared = 0;
	ssize_t n = -1;
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/statm", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, text, sizeof(text) - 1);
		close(fd);
	}
	text[n > 0 ? n : 0] = '\0';
	if (sscanf(text, "%lu %lu %lu", &size, &resident, &shared) != 3 || shared > resident)
		return 0;
	return (uint64_t)(resident - shared) * (uint64_t)sysconf(_SC_PAGESIZE);
}

void sandbox_usage(pid_t first, struct sandbox_usage *out)
{
	char wanted[64], other[64], number[16];
	struct dirent *d;
	DIR *dir;

	*out = (struct sandbox_usage){ 0, 0 };
	snprintf(number, sizeof(number), "%d", (int)first);
	dir = first > 0 && namespace_of(number, wanted, sizeof(wanted)) ? opendir("/proc") : NULL;
	while (dir && (d = readdir(dir))) {
		if (!ascii_is_digit(d->d_name[0]) || !namespace_of(d->d_name, other, sizeof(other)) ||
		    strcmp(wanted, other) != 0)
			continue;
		out->processes++;
		out->memory += memory_of(d->d_name);
	}
	if (dir)
		closedir(dir);
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
		return 0;
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
		if (!plan->folders[i].read_only)
			sum += disk_below(AT_FDCWD, plan->folders[i].outside, 0);
	return sum;
}
