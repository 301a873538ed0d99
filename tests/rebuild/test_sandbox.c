#include "config.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "rebuild/export.h"
#include "rebuild/missing.h"
#include "rebuild/sandbox.h"
#include "support/run.h"
#include "support/skip.h"

static void begin(void)
{
	scratch_begin();
	must_end_within(240);
}

TestSuite(sandbox, .init = begin, .fini = scratch_end);
TestSuite(exporting, .init = begin, .fini = scratch_end);
TestSuite(missing, .init = scratch_begin, .fini = scratch_end);

static const char *const environment[] = { "PATH=/usr/bin:/bin", NULL };

/* A sandbox with one folder, "box" of the scratch folder, as /box. */
static struct sandbox_plan plan(void)
{
	struct sandbox_plan p = {
		.folders_n = 1, .directory = "/box", .user = "builder", .home = "/home/builder", .host = "host",
		.domain = "example.org", .uid = 1000, .gid = 1000, .umask = 022, .environment = environment,
	};

	sandbox_identity(&p.real_uid, &p.real_gid);
	sh("mkdir -p box && chmod 777 box && chmod 755 .");
	p.folders[0].outside = sh_out("pwd -P && true");
	p.folders[0].outside = sh_out("echo '%s/box'", p.folders[0].outside);
	p.folders[0].inside = "/box";
	return p;
}

static void run(const struct sandbox_plan *p, const char *script, struct trace *t, struct sandbox_outcome *out)
{
	AUTO_FD int log = open("log", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	struct error err = ERROR_INIT;

	if (sandbox_run(p, script, log, t, PHASE_BUILD, NULL, out, &err) < 0)
		cr_assert_fail("%s", err.message);
}

static bool can_sandbox(void)
{
	return system("bwrap --unshare-user --unshare-pid --unshare-net --ro-bind / / true 2>/dev/null") == 0;
}

#define NEEDS_SANDBOX() do { if (!can_sandbox()) SKIP("bubblewrap may not make namespaces here"); } while (0)

Test(sandbox, runs_a_script_and_keeps_what_it_prints)
{
	const struct sandbox_plan p = plan();
	struct sandbox_outcome o;
	AUTO_BUF struct buf log = BUF_INIT;

	NEEDS_SANDBOX();
	run(&p, "echo \"$PWD $(id -un) $(hostname)\"; exit 3", NULL, &o);
	cr_expect_eq(o.end, SANDBOX_EXITED);
	cr_expect_eq(o.status, 3);
	file_read("log", &log);
	cr_expect(str_eq(buf_str(&log), STR("/box builder host\n")), "%.*s", STR_FMT(buf_str(&log)));
}

Test(sandbox, ends_at_its_limits)
{
	struct sandbox_plan p = plan();
	struct sandbox_outcome o;

	NEEDS_SANDBOX();
	p.limits.seconds = 1;
	run(&p, "sleep 60", NULL, &o);
	cr_expect_eq(o.end, SANDBOX_TIMEOUT);
	p.limits.seconds = 60;
	p.limits.memory = 64ull << 20;
	run(&p, "head -c 500M /dev/zero | tail >/dev/null; sleep 3", NULL, &o);
	cr_expect_eq(o.end, SANDBOX_MEMORY);
}

static bool did(const struct trace *t, enum event_kind kind, const char *path)
{
	for (size_t i = 0; i < t->events_n; i++)
		if (t->events[i].kind == kind && str_eq(trace_text(t, t->events[i].path), str_from(path)))
			return true;
	return false;
}

Test(sandbox, is_traced)
{
	const struct sandbox_plan p = plan();
	struct sandbox_outcome o;
	struct trace t;
	size_t cats = 0;

	NEEDS_SANDBOX();
	trace_init(&t);
	run(&p, "mkdir d; echo x >d/f; ln -s d l; cat l/f | cat >g; mv g h; rm h; cat nothing || true", &t, &o);
	cr_expect_eq(o.end, SANDBOX_EXITED);
	cr_expect(did(&t, EVENT_WRITE, "/box/d/f"));
	cr_expect(did(&t, EVENT_READ, "/box/d/f"), "links are followed");
	cr_expect(did(&t, EVENT_SYMLINK, "d"));
	cr_expect(did(&t, EVENT_RENAME, "/box/g"));
	cr_expect(did(&t, EVENT_UNLINK, "/box/h"));
	cr_expect(!did(&t, EVENT_READ, "/box/nothing"), "what is not there was not read");
	for (size_t i = 0; i < t.tasks_n; i++)
		cats += t.tasks[i].executed && str_ends(trace_text(&t, t.tasks[i].program), STR("/cat"));
	cr_expect_eq(cats, 3);
	cr_expect_eq(t.unreadable, 0);
	trace_release(&t);
}

/* Ten thousand programs that each open twenty files: every one of them is seen. */
Test(sandbox, loses_no_event_however_many_there_are)
{
	static const char source[] =
		"#include <fcntl.h>\n#include <stdio.h>\n#include <sys/wait.h>\n#include <unistd.h>\n"
		"int main(int argc, char **argv)\n{\n\tchar name[16];\n\tif (argc > 1) {\n"
		"\t\tfor (int i = 0; i < 20; i++) {\n\t\t\tsnprintf(name, sizeof(name), \"f%d\", i);\n"
		"\t\t\tif (open(name, O_RDONLY) < 0)\n\t\t\t\treturn 1;\n\t\t}\n\t\treturn 0;\n\t}\n"
		"\tfor (int i = 0; i < 10000; i++) {\n\t\tif (vfork() == 0) {\n"
		"\t\t\texecl(argv[0], argv[0], \"x\", (char *)0);\n\t\t\t_exit(1);\n\t\t}\n\t\twait(NULL);\n\t}\n"
		"\treturn 0;\n}\n";
	const struct sandbox_plan p = plan();
	size_t programs = 0, opens = 0;
	struct sandbox_outcome o;
	struct trace t;

	NEEDS_SANDBOX();
	file_text("stress.c", source);
	sh("cc -O1 -o box/stress stress.c && cd box && for i in $(seq 0 19); do : >f$i; done");
	trace_init(&t);
	run(&p, "./stress", &t, &o);
	cr_expect_eq(o.end, SANDBOX_EXITED);
	cr_expect_eq(o.status, 0);
	for (size_t i = 0; i < t.tasks_n; i++)
		programs += t.tasks[i].executed && str_eq(trace_text(&t, t.tasks[i].program), STR("/box/stress"));
	for (size_t i = 0; i < t.events_n; i++)
		opens += t.events[i].kind == EVENT_READ &&
			 str_starts(trace_text(&t, t.events[i].path), STR("/box/f"));
	cr_expect_eq(programs, 10001, "%zu programs", programs);
	cr_expect_eq(opens, 200000, "%zu opens", opens);
	cr_expect_eq(t.unreadable, 0);
	cr_expect(!t.full);
	trace_release(&t);
}

Test(sandbox, refuses_and_records_what_no_build_needs)
{
	const struct sandbox_plan p = plan();
	struct sandbox_outcome o;
	struct trace t;

	NEEDS_SANDBOX();
	trace_init(&t);
	run(&p, "unshare -U true && exit 1; mount -t tmpfs x /box && exit 1; exit 0", &t, &o);
	cr_expect_eq(o.end, SANDBOX_EXITED);
	cr_expect_eq(o.status, 0);
	cr_expect(did(&t, EVENT_DENIED, "unshare"));
	trace_release(&t);
}

static int read_text(void *ctx, const struct entry *e, struct buf *to)
{
	(void)ctx;
	(void)e;
	buf_add_cstr(to, "text\n");
	return 1;
}

/* A tree of one path, which may be hostile. */
static int export_path(const char *path, enum entry_type type, const char *target, struct export_report *report)
{
	struct tree t = TREE_INIT;
	const struct export_source s = { &t, read_text, NULL, 1000 };
	struct entry *const e = tree_add(&t);
	struct error err = ERROR_INIT;
	AUTO_FD int fd = -1;
	int status;

	sh("rm -rf out && mkdir out && ln -s .. out/up");
	fd = open("out", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	e->path = path;
	e->path_len = (uint32_t)strlen(path);
	e->type = (uint8_t)type;
	e->mode = 0755;
	e->target = target;
	status = export_tree(&s, fd, geteuid(), getegid(), false, report, &err);
	buf_release(&report->first_left_out);
	tree_release(&t);
	return status;
}

Test(exporting, writes_files_with_their_times_and_permissions)
{
	struct export_report report;
	struct stat st;

	cr_expect_eq(export_path("a/b/c", ENTRY_FILE, NULL, &report), 0);
	cr_assert_eq(stat("out/a/b/c", &st), 0);
	cr_expect_eq(st.st_mode & 0777, 0755);
	cr_expect_eq(st.st_mtime, 1000);
}

Test(exporting, never_leaves_its_folder)
{
	struct export_report report;

	cr_expect_eq(export_path("../x", ENTRY_FILE, NULL, &report), -1);
	cr_expect_eq(export_path("a/../../x", ENTRY_FILE, NULL, &report), -1);
	cr_expect_eq(export_path("up/x", ENTRY_FILE, NULL, &report), -1, "through a link");
	cr_expect_eq(export_path("/not-there", ENTRY_FILE, NULL, &report), 0);
	cr_expect(!file_exists("/not-there"));
	cr_expect(!file_exists("x"));
	cr_expect_eq(export_path("..", ENTRY_FILE, NULL, &report), 0);
	cr_expect_eq(report.left_out, 1);
	cr_expect_eq(export_path("fifo", ENTRY_SPECIAL, NULL, &report), 0);
	cr_expect_eq(report.left_out, 1);
}

Test(exporting, removes_whatever_a_build_left)
{
	struct error err = ERROR_INIT;

	sh("mkdir -p left/a/b && touch left/a/b/c && ln -s / left/root && chmod 000 left/a");
	cr_expect_eq(export_remove("left", &err), 0, "%s", err.message);
	cr_expect(!file_exists("left"));
	cr_expect(file_exists("/usr"));
}

static void says(const char *log, const char *words)
{
	AUTO_ARENA struct arena a = ARENA_INIT;
	struct str why;

	file_text("log", log);
	why = missing_in_log(&a, "log");
	cr_expect(str_find_str(why, str_from(words)) != (size_t)-1, "%.*s", STR_FMT(why));
}

Test(missing, is_named_by_what_a_log_says)
{
	says("checking for x\nsh: 1: autoreconf: not found\n", "the program autoreconf is missing");
	says("foo.c:1:10: fatal error: zlib.h: No such file or directory\n", "the header zlib.h is missing");
	says("No package 'libfoo' found\n", "pkg-config does not know libfoo");
	says("ModuleNotFoundError: No module named 'flit_core'\n", "the Python module flit_core is missing");
	says("configure: error: select TLS backend(s)\nmore\n", "configure: error: select TLS backend(s)");
	says("a\nlast line\n", "last line");
	says("", "it printed nothing");
}
