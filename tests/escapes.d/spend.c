/* Takes more than a build may have, one way each, within a build that tests/escapes starts.
 * Ends with 0 only when it could keep for a while what it took: no limit held. What it takes is bounded. */
#define MIB (1024 * 1024)

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Longer than it takes to be seen: disks are looked at every two seconds. */
enum { KEEP = 5 };

static char piece[MIB];

static int keep(void)
{
	puts("kept");
	fflush(stdout);
	sleep(KEEP);
	return 0;
}

/* Writes so many MiB; false when that fails. */
static int fill(int fd, int mib)
{
	if (fd < 0)
		return 0;
	for (int i = 0; i < mib; i++)
		if (write(fd, piece, sizeof(piece)) != (ssize_t)sizeof(piece))
			return 0;
	return 1;
}

static int memory(int flags)
{
	char *const p = mmap(NULL, 300 * MIB, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return 1;
	memset(p, 1, 300 * MIB);
	return keep();
}

static int memory_of_many(void)
{
	for (int i = 0; i < 8; i++)
		if (fork() == 0) {
			char *const p = malloc(40 * MIB);

			if (p)
				memset(p, 1, 40 * MIB);
			pause();
		}
	return keep();
}

static int memory_without_map(void)
{
	/* Files of 20 MiB, as no file may be larger than the disk limit. */
	for (int i = 0; i < 15; i++)
		if (!fill(memfd_create("m", 0), 20))
			return 1;
	return keep();
}

/* Files in a folder, each smaller than the limit. */
static int files(const char *folder, int n, int unlinked)
{
	char path[300];

	for (int i = 0; i < n; i++) {
		int fd;

		snprintf(path, sizeof(path), "%s/spent%d", folder, i);
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
		if (!fill(fd, 20) || (unlinked && unlink(path) < 0))
			return 1;
		if (!unlinked)
			close(fd);
	}
	return keep();
}

/* In a folder that nobody may look into. */
static int hidden_files(void)
{
	mkdir("hidden", 0700);
	if (chdir("hidden") < 0 || chmod(".", 0300) < 0)
		return 1;
	return files(".", 12, 0);
}

static int processes(void)
{
	int n = 0;

	for (int i = 0; i < 300; i++) {
		const pid_t pid = fork();

		if (pid == 0)
			pause();
		n += pid > 0;
	}
	printf("%d processes\n", n);
	return n > 100 ? keep() : 1;
}

/* No relative of the build: two forks and a session of its own, nothing open. */
static void leave_one_behind(void)
{
	if (fork() != 0) {
		wait(NULL);
		return;
	}
	setsid();
	if (fork() != 0)
		_exit(0);
	for (int fd = 0; fd < 256; fd++)
		close(fd);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	sleep(600);
	_exit(0);
}

/* Folders in folders, deeper than any path can name, and some that resist being removed. */
static int resist(const char *out)
{
	mkdir("shut", 0700);
	if (symlink(out, "shut/out") < 0 || symlink(out, "out") < 0)
		return 1;
	mkdir("shut/in", 0700);
	chmod("shut/in", 0);
	chmod("shut", 0500);
	if (chdir("/tmp") < 0)
		return 1;
	for (int i = 0; i < 3000; i++)
		if (mkdir("deep", 0700) < 0 || chdir("deep") < 0)
			return 1;
	chmod(".", 0);
	return 0;
}

static int spend(const char *how)
{
	if (strcmp(how, "memory-private") == 0)
		return memory(MAP_PRIVATE);
	if (strcmp(how, "memory-shared") == 0)
		return memory(MAP_SHARED);
	if (strcmp(how, "memory-many") == 0)
		return memory_of_many();
	if (strcmp(how, "memory-memfd") == 0)
		return memory_without_map();
	if (strcmp(how, "memory-shm") == 0)
		return files("/dev/shm", 15, 0);
	if (strcmp(how, "memory-dev") == 0)
		return files("/dev", 15, 0);
	if (strcmp(how, "disk-one") == 0)
		return fill(open("one", O_WRONLY | O_CREAT, 0600), 200) ? keep() : 1;
	if (strcmp(how, "disk-many") == 0)
		return files(".", 12, 0);
	if (strcmp(how, "disk-unlinked") == 0)
		return files(".", 12, 1);
	if (strcmp(how, "disk-hidden") == 0)
		return hidden_files();
	if (strcmp(how, "processes") == 0)
		return processes();
	if (strcmp(how, "time") == 0) {
		leave_one_behind();
		sleep(8);
		return 0;
	}
	if (strcmp(how, "daemon") == 0) {
		leave_one_behind();
		return 0;
	}
	if (strcmp(how, "kill-all") == 0) {
		kill(-1, SIGKILL);
		sleep(1);
		return 0;
	}
	return 2;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	return strcmp(argv[1], "resist") == 0 ? resist(argc > 2 ? argv[2] : "/") : spend(argv[1]);
}
