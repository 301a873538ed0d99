/* Settings: everything around a build that may differ from one machine to the next.
 * Plain data; texts are constants.
 * Knows nothing of what a build does. */
#ifndef REBUILD_SETTINGS_H
#define REBUILD_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct settings {
	const char *user, *home, *host, *domain;
	uid_t uid;
	gid_t gid;
	mode_t umask;
	const char *build_path;		/* the folder of the source, within the sandbox */
	const char *path;		/* PATH */
	const char *time_zone;		/* TZ */
	const char *locale;		/* LC_ALL */
	unsigned int processors;	/* 0: all */
	unsigned int jobs;		/* -j; 0: as many as there are processors */
	bool fixed_addresses, old_kernel;
	bool backwards;			/* files are made in the reverse order, on a file system that shows it */
	int64_t clock;			/* seconds that the clock is ahead */
	int64_t epoch;			/* seconds added to SOURCE_DATE_EPOCH */
	bool noise;			/* variables that nothing should look at */
	bool ci;			/* CI, GITHUB_ACTIONS, ... are set */
	bool debian;			/* a debian/rules is there, and what dpkg-buildpackage sets */
	bool rpm;			/* what rpmbuild sets */
	bool container;			/* files that say it is a container */
	const char *compiler;		/* CC; NULL: what the build finds */
};

/* How many processors this machine lets us use. */
unsigned int settings_processors(void);

/* What is used when nothing is varied. */
extern const struct settings settings_plain;

#endif
