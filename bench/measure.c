/* measure [-n RUNS] COMMAND...: runs shell commands in turn (A, B, A, B, ...), RUNS times each,
 * after one run of each that does not count, and prints a line for each: medians of wall time
 * and processor time (seconds), and the greatest resident memory of one process (KiB) over all
 * runs. With two or more, each line ends in the ratio of its median wall time to the first's.
 * A COMMAND is run by sh; standard output is dropped. In front of it may stand "NAME=WORD " for the
 * table, then "STATUS=N " for the exit status expected (0 when not given; "any").
 * Exit status: 0; 1 when a command ended otherwise; 2 on errors. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_COMMANDS = 16, MAX_RUNS = 1000 };

struct command {
	const char *text;
	int name_len;		/* of the name that stands before it, 0: none */
	const char *name;
	int status;		/* expected; -1: any */
	double wall[MAX_RUNS], cpu[MAX_RUNS];
	long rss;		/* KiB, the greatest seen */
};

static struct command commands[MAX_COMMANDS];

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

/* The child: the command in a shell whose own children are counted in its resource usage. */
static void run_child(const char *text)
{
	const int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0)
		_exit(126);
	execl("/bin/sh", "sh", "-c", text, (char *)NULL);
	_exit(127);
}

/* A helper process stands between, so that RUSAGE_CHILDREN holds this one run alone: its
 * numbers come back through a pipe. Returns the exit status of the command, or -1. */
static int run(const char *text, double *wall, double *cpu, long *rss)
{
	struct { double wall, cpu; long rss; int status; } r = { 0, 0, 0, -1 };
	int fds[2];
	pid_t helper;
	ssize_t n;

	if (pipe(fds) < 0)
		return -1;
	helper = fork();
	if (helper == 0) {
		const double start = now();
		struct rusage u;
		const pid_t child = fork();
		int status = 0;

		if (child == 0)
			run_child(text);
		if (child < 0 || waitpid(child, &status, 0) < 0)
			_exit(2);
		r.wall = now() - start;
		getrusage(RUSAGE_CHILDREN, &u);
		r.cpu = seconds(u.ru_utime) + seconds(u.ru_stime);
		r.rss = u.ru_maxrss;
		r.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		_exit(write(fds[1], &r, sizeof(r)) == (ssize_t)sizeof(r) ? 0 : 2);
	}
	close(fds[1]);
	n = helper < 0 ? -1 : read(fds[0], &r, sizeof(r));
	close(fds[0]);
	if (helper > 0)
		waitpid(helper, NULL, 0);
	*wall = r.wall;
	*cpu = r.cpu;
	*rss = r.rss;
	return n == (ssize_t)sizeof(r) ? r.status : -1;
}

static int ascending(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double median(double *v, int n)
{
	qsort(v, (size_t)n, sizeof(*v), ascending);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

/* Splits "NAME=WORD " and "STATUS=N " off the command. */
static void parse_command(struct command *c, const char *text)
{
	char *end;

	if (strncmp(text, "NAME=", 5) == 0) {
		c->name = text + 5;
		c->name_len = (int)strcspn(c->name, " ");
		text = c->name + c->name_len;
		text += *text == ' ';
	}
	if (strncmp(text, "STATUS=any ", 11) == 0) {
		c->status = -1;
		text += 11;
	} else if (strncmp(text, "STATUS=", 7) == 0) {
		c->status = (int)strtol(text + 7, &end, 10);
		text = end;
	}
	c->text = text;
	if (!c->name) {
		c->name = text;
		c->name_len = (int)strlen(text);
	}
}

/* Runs each command once; `i` is the place for the numbers, -1 for none. */
static int run_all(int n, int i)
{
	for (int k = 0; k < n; k++) {
		struct command *c = &commands[k];
		double wall, cpu;
		long rss;
		const int status = run(c->text, &wall, &cpu, &rss);

		if (status < 0 || (c->status >= 0 && status != c->status)) {
			fprintf(stderr, "measure: status %d from: %s\n", status, c->text);
			return -1;
		}
		if (i < 0)
			continue;
		c->wall[i] = wall;
		c->cpu[i] = cpu;
		if (rss > c->rss)
			c->rss = rss;
	}
	return 0;
}

int main(int argc, char **argv)
{
	int runs = 5, first = 1, n;
	double base = 0;

	if (argc > 2 && strcmp(argv[1], "-n") == 0) {
		runs = atoi(argv[2]);
		first = 3;
	}
	n = argc - first;
	if (n < 1 || n > MAX_COMMANDS || runs < 1 || runs > MAX_RUNS) {
		fputs("usage: measure [-n RUNS] COMMAND...\n", stderr);
		return 2;
	}
	for (int k = 0; k < n; k++)
		parse_command(&commands[k], argv[first + k]);
	for (int i = -1; i < runs; i++)
		if (run_all(n, i) < 0)
			return 1;
	puts("   wall s    cpu s   peak KiB   ratio  command");
	for (int k = 0; k < n; k++) {
		struct command *c = &commands[k];
		const double wall = median(c->wall, runs);

		if (k == 0)
			base = wall;
		printf("%9.3f %8.3f %10ld %7.2f  %.*s\n", wall, median(c->cpu, runs), c->rss,
		       base > 0 ? wall / base : 0, c->name_len, c->name);
	}
	return 0;
}
