#include "input/directory.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input/pack.h"
#include "input/reading.h"
#include "support/run.h"
#include "support/skip.h"

TestSuite(directory, .init = scratch_begin, .fini = scratch_end, .timeout = 60);

Test(directory, everything_below_it_is_read)
{
	AUTO_BUF struct buf large = BUF_INIT;

	pack_noise(&large, 3 * MIB + 1, 1);
	file_text("d/README", "hello");
	file_text("d/empty", "");
	file_write("d/sub/deep/large", large.ptr, large.len);
	sh("chmod 755 d/README; ln -s README d/link; ln -s /etc/passwd d/out; mkfifo d/pipe; mkdir d/nothing;"
	   "printf x >\"$(printf 'd/\\377\\n')\"");
	{
		AUTO_READING struct reading g = reading_of("d");

		reading_is_fine(&g, 7);
		reading_holds(&g, "README", STR("hello"));
		reading_holds(&g, "empty", STR(""));
		reading_holds(&g, "sub/deep/large", buf_str(&large));
		cr_assert(entry_executable(reading_entry(&g, "README")));
		cr_assert_eq(reading_entry(&g, "pipe")->type, ENTRY_SPECIAL);
		cr_assert_str_eq(reading_entry(&g, "link")->target, "README");
		cr_assert_eq(reading_count(&g, RULE_TP103, "pipe"), 1);
		cr_assert_eq(reading_count(&g, RULE_TP108, "out"), 1);
		cr_assert_eq(reading_count(&g, RULE_TP107, NULL), 0);
		cr_assert(str_eq(g.r.artifact.format, STR("directory")));
		cr_assert_eq(g.r.artifact.lead.len, 0);
		cr_assert_eq(g.r.artifact.entries, 10);
		cr_assert_not(g.r.artifact.has_sha256);
	}
}

Test(directory, its_own_repository_is_left_out_and_said_so)
{
	file_text("d/a/.git/config", "a file of the release, for all we know");
	file_text("d/.git/config", "");
	file_text("d/README", "hello");
	{
		AUTO_READING struct reading g = reading_of("d");

		reading_is_fine(&g, 2);
		reading_entry(&g, "a/.git/config");
		cr_assert_eq(g.r.not_checked_n, 1);
		cr_assert(str_eq(g.r.not_checked[0].what, STR(".git")));
		cr_assert_not(g.r.not_checked[0].incomplete);
	}
}

Test(directory, one_folder_in_it_is_no_lead)
{
	file_text("d/src/a.c", "a");
	{
		AUTO_READING struct reading g = reading_of("d");

		reading_is_fine(&g, 1);
		reading_holds(&g, "src/a.c", STR("a"));
	}
}

Test(directory, empty_one_has_no_entries)
{
	sh("mkdir d");
	{
		AUTO_READING struct reading g = reading_of("d");

		reading_is_fine(&g, 0);
	}
}

static void fails_for_nobody(const char *what)
{
	sh("chmod 755 . d");
	if (geteuid() == 0)
		cr_assert(setegid(65534) == 0 && seteuid(65534) == 0);
	{
		AUTO_READING struct reading g = reading_of("d");

		reading_failed(&g, ERROR_SYSTEM, what, "");
	}
	if (getuid() == 0)
		cr_assert(seteuid(0) == 0);
}

Test(directory, unreadable_file_is_an_error_of_the_system)
{
	file_text("d/README", "hello");
	file_text("d/secret", "hello");
	sh("chmod 000 d/secret");
	fails_for_nobody("secret");
}

Test(directory, unreadable_folder_is_an_error_of_the_system)
{
	file_text("d/README", "hello");
	file_text("d/sub/secret", "hello");
	sh("chmod 000 d/sub");
	fails_for_nobody("sub");
}

Test(directory, folders_without_end_are_refused)
{
	sh("p=d; i=0; while [ $i -lt 300 ]; do p=$p/d; i=$((i+1)); done; mkdir -p $p");
	{
		AUTO_READING struct reading g = reading_of("d");

		reading_failed(&g, ERROR_INPUT, "folders within each other", "");
	}
}

/* Files of sysfs give less than their size says, as one does that is cut while it is read. */
Test(directory, file_that_changes_meanwhile_is_an_error)
{
	if (!file_exists("/sys/kernel/mm/transparent_hugepage/enabled"))
		SKIP("no sysfs here");
	{
		AUTO_READING struct reading g = reading_of("/sys/kernel/mm/transparent_hugepage");

		reading_failed(&g, ERROR_INPUT, "changed while it was read", "");
	}
}

struct countdown {
	int left;
};

static int tick(void *ctx, struct error *err)
{
	struct countdown *c = ctx;

	return c->left-- > 0 ? 0 : error_set(err, ERROR_INTERRUPTED, "stopped by the test");
}

Test(directory, stops_when_it_is_told_to)
{
	struct countdown c = { 1 };

	sh("mkdir d; cd d; seq 1 2000 | xargs touch");
	{
		AUTO_READING struct reading g = reading_with("d", (struct artifact_options){
			.tick = { tick, &c } });

		reading_failed(&g, ERROR_INTERRUPTED, "stopped by the test", "");
	}
}
