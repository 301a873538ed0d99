#include "rebuild/variation.h"

#include <sched.h>

#define YEAR ((int64_t)366 * 24 * 3600)

const struct settings settings_plain = {
	.user = "builder", .home = "/home/builder", .host = "builder", .domain = "example.org",
	.uid = 1000, .gid = 1000, .umask = 022,
	.build_path = "/build/source",
	.path = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
	.time_zone = "UTC", .locale = "C.UTF-8",
};

unsigned int settings_processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == 0 && CPU_COUNT(&set) > 0 ? (unsigned int)CPU_COUNT(&set) : 1;
}

static void vary_time(struct settings *s)
{
	s->clock += 3 * 24 * 3600 + 7 * 3600 + 11 * 60 + 13;
}

static void vary_year(struct settings *s)
{
	s->clock += YEAR;
}

static void vary_time_zone(struct settings *s)
{
	s->time_zone = "<+14>-14";
}

static void vary_locale(struct settings *s)
{
	s->locale = "C";
}

static void vary_umask(struct settings *s)
{
	s->umask = 002;
}

static void vary_user(struct settings *s)
{
	s->user = "somebody";
	s->uid = 2345;
	s->gid = 2346;
}

static void vary_home(struct settings *s)
{
	s->home = "/home/of/somebody/else";
}

static void vary_host(struct settings *s)
{
	s->host = "elsewhere";
	s->domain = "example.net";
}

static void vary_build_path(struct settings *s)
{
	s->build_path = "/build/another/place/second-source";
}

static void vary_path(struct settings *s)
{
	s->path = "/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin:/opt/nothing/bin";
}

static void vary_processors(struct settings *s)
{
	s->processors = 1;
}

static void vary_jobs(struct settings *s)
{
	s->jobs = settings_processors() > 1 ? 1 : 4;
}

static void vary_addresses(struct settings *s)
{
	s->fixed_addresses = true;
}

static void vary_kernel(struct settings *s)
{
	s->old_kernel = true;
}

static void vary_file_order(struct settings *s)
{
	s->backwards = true;
}

static void vary_environment(struct settings *s)
{
	s->noise = true;
}

static void vary_epoch(struct settings *s)
{
	s->epoch += YEAR;
}

static void vary_compiler(struct settings *s)
{
	s->compiler = "clang";
}

static void bait_container(struct settings *s)
{
	s->container = true;
}

static void bait_ci(struct settings *s)
{
	s->ci = true;
}

static void bait_debian(struct settings *s)
{
	s->debian = true;
}

static void bait_rpm(struct settings *s)
{
	s->rpm = true;
}

static void bait_buildd(struct settings *s)
{
	s->user = "buildd";
	s->uid = 1234;
	s->gid = 1234;
}

const struct variation variations[] = {
	{ "time", "the clock is three days and some hours ahead", false, false, vary_time },
	{ "year", "the clock is a year ahead", false, true, vary_year },
	{ "time-zone", "the time zone is 14 hours east", false, false, vary_time_zone },
	{ "locale", "the locale is plain C", false, false, vary_locale },
	{ "umask", "new files can be written by the group", false, false, vary_umask },
	{ "user", "another user with other numbers", false, false, vary_user },
	{ "home", "another home folder", false, false, vary_home },
	{ "host", "another name of host and domain", false, false, vary_host },
	{ "build-path", "another folder, of another length", false, false, vary_build_path },
	{ "path", "another order in PATH", false, false, vary_path },
	{ "processors", "one processor", false, false, vary_processors },
	{ "jobs", "another number of parallel jobs", false, false, vary_jobs },
	{ "addresses", "memory is laid out the same at each run", false, false, vary_addresses },
	{ "kernel", "the kernel calls itself version 2.6", false, false, vary_kernel },
	{ "file-order", "folders list their files in another order", false, false, vary_file_order },
	{ "environment", "variables that nothing should look at", false, false, vary_environment },
	{ "epoch", "SOURCE_DATE_EPOCH is a year later", false, false, vary_epoch },
	{ "compiler", "clang compiles", true, false, vary_compiler },
	{ "bait-ci", "variables that say it is continuous integration", false, true, bait_ci },
	{ "bait-debian", "debian/rules is there, as where a Debian package is built", false, true, bait_debian },
	{ "bait-rpm", "RPM_ARCH and its kin, as where an RPM package is built", false, true, bait_rpm },
	{ "bait-buildd", "the user is called buildd", false, true, bait_buildd },
	{ "bait-container", "files that say it is a container", false, true, bait_container },
};

const size_t variations_n = sizeof(variations) / sizeof(variations[0]);

const struct variation *variation_find(struct str name)
{
	for (size_t i = 0; i < variations_n; i++)
		if (str_eq(name, str_from(variations[i].name)))
			return &variations[i];
	return NULL;
}
