#include "config.h"

#include <criterion/criterion.h>

#include "base/cleanup.h"
#include "rebuild/behaviour.h"
#include "rebuild/flow.h"
#include "rebuild/programs.h"

/* A program that is run, with its arguments. */
static uint32_t run(struct trace *t, uint32_t parent, int pid, enum phase phase, const char *program, size_t n,
		    const char *const *argv)
{
	const uint32_t task = trace_task(t, parent, pid, phase);
	AUTO_BUF struct buf text = BUF_INIT;

	for (size_t i = 0; i < n; i++)
		buf_add(&text, argv[i], strlen(argv[i]) + 1);
	t->tasks[task].executed = true;
	t->tasks[task].program = trace_path(t, str_from(program));
	t->tasks[task].directory = trace_path(t, STR("/build/source"));
	t->tasks[task].argv = arena_str(&t->arena, buf_str(&text));
	return task;
}

#define RUN(t, parent, pid, program, ...)                                                                     \
	run(t, parent, pid, PHASE_BUILD, program,                                                             \
	    sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *), (const char *const[]){ __VA_ARGS__ })

static void event(struct trace *t, uint32_t task, enum event_kind kind, const char *path)
{
	trace_add(t, task, kind, 0, trace_path(t, str_from(path)), TRACE_NONE);
}

static bool has(const struct trace *t, const struct flow_marks *m, const char *path)
{
	const uint64_t *const known = map_get(&t->path_index, str_from(path));

	return known && m->paths[*known];
}

Test(flow, goes_through_files_and_pipes_and_renames)
{
	struct flow_marks m;
	struct flow f;
	struct trace t;
	uint32_t a, b, c;

	trace_init(&t);
	a = RUN(&t, TRACE_NONE, 10, "/usr/bin/xz", "xz", "-dc", "blob");
	event(&t, a, EVENT_READ, "/build/source/blob");
	event(&t, a, EVENT_PIPE_WRITE, "pipe:[1]");
	b = RUN(&t, TRACE_NONE, 11, "/usr/bin/sed", "sed", "p");
	event(&t, b, EVENT_PIPE_READ, "pipe:[1]");
	event(&t, b, EVENT_WRITE, "/build/source/tmp");
	trace_add(&t, b, EVENT_RENAME, 0, trace_path(&t, STR("/build/source/tmp")), trace_path(&t, STR("/build/source/out")));
	c = RUN(&t, TRACE_NONE, 12, "/usr/bin/cp", "cp", "other", "copy");
	event(&t, c, EVENT_READ, "/build/source/other");
	event(&t, c, EVENT_WRITE, "/build/source/copy");
	flow_init(&f, &t);
	flow_backward(&f, trace_path(&t, STR("/build/source/out")), SIZE_MAX, &m);
	cr_expect(has(&t, &m, "/build/source/blob"));
	cr_expect(!has(&t, &m, "/build/source/other"));
	flow_marks_release(&m);
	flow_forward(&f, trace_path(&t, STR("/build/source/blob")), &m);
	cr_expect(has(&t, &m, "/build/source/out"));
	cr_expect(!has(&t, &m, "/build/source/copy"));
	flow_marks_release(&m);
	flow_release(&f);
	trace_release(&t);
}

Test(flow, what_is_read_later_does_not_flow_into_what_was_run_before)
{
	struct flow_marks m;
	struct flow f;
	struct trace t;
	uint32_t shell, script;

	trace_init(&t);
	shell = RUN(&t, TRACE_NONE, 10, "/usr/bin/sh", "sh", "configure");
	event(&t, shell, EVENT_WRITE, "/build/source/config.status");
	script = RUN(&t, shell, 11, "/usr/bin/sh", "sh", "config.status");
	event(&t, shell, EVENT_READ, "/build/source/later");
	flow_init(&f, &t);
	flow_backward(&f, trace_path(&t, STR("/build/source/config.status")), t.tasks[script].at, &m);
	cr_expect(!has(&t, &m, "/build/source/later"));
	flow_marks_release(&m);
	flow_release(&f);
	trace_release(&t);
}

static unsigned int kind_of(const char *program, size_t n, const char *const *argv)
{
	struct trace t;
	unsigned int kind;
	uint32_t task;

	trace_init(&t);
	task = run(&t, TRACE_NONE, 1, PHASE_BUILD, program, n, argv);
	kind = program_kind(&t, &t.tasks[task]);
	trace_release(&t);
	return kind;
}

#define KIND(program, ...) \
	kind_of(program, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *), (const char *const[]){ __VA_ARGS__ })

Test(programs, are_known_by_name_and_arguments)
{
	cr_expect(KIND("/usr/bin/dash", "sh") & PROGRAM_SHELL);
	cr_expect(KIND("/usr/bin/python3.11", "python3") & PROGRAM_INTERPRETER);
	cr_expect(KIND("/usr/bin/x86_64-linux-gnu-gcc-12", "gcc") & PROGRAM_DRIVER);
	cr_expect(KIND("/usr/libexec/gcc/x86_64-linux-gnu/12/cc1", "cc1") & PROGRAM_FRONT_END);
	cr_expect(KIND("/usr/libexec/gcc/x86_64-linux-gnu/12/collect2", "collect2") & PROGRAM_LINKER);
	cr_expect(KIND("/usr/bin/xz", "xz", "-dc", "f") & PROGRAM_DECODER);
	cr_expect(!(KIND("/usr/bin/xz", "xz", "-9", "f") & PROGRAM_DECODER));
	cr_expect(!(KIND("/usr/bin/gzip", "gzip", "-d", "--version") & PROGRAM_DECODER));
	cr_expect(KIND("/usr/bin/base64", "base64", "--decode") & PROGRAM_DECODER);
	cr_expect(KIND("/usr/bin/dash", "/bin/sh", "/usr/bin/gunzip", "f") & PROGRAM_DECODER);
}

static bool reads_input(size_t n, const char *const *argv)
{
	struct trace t;
	uint32_t task;
	bool reads;

	trace_init(&t);
	task = run(&t, TRACE_NONE, 1, PHASE_BUILD, argv[0], n, argv);
	reads = program_reads_input(&t, &t.tasks[task]);
	trace_release(&t);
	return reads;
}

#define READS(...) reads_input(sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *), (const char *const[]){ __VA_ARGS__ })

Test(programs, read_their_program_from_standard_input_where_they_have_no_other)
{
	cr_expect(READS("sh"));
	cr_expect(READS("sh", "-e"));
	cr_expect(READS("bash", "-s", "arg"));
	cr_expect(READS("python3", "-"));
	cr_expect(!READS("sh", "script"));
	cr_expect(!READS("sh", "-c", "true"));
	cr_expect(!READS("sh", "-ec", "true"));
	cr_expect(!READS("perl", "-pe", "s/a/b/"));
	cr_expect(!READS("python3", "-m", "json"));
	cr_expect(!READS("bash", "--version"));
	cr_expect(!READS("cat"));
}

static void behave(struct behaviour *b, const char *const *writes)
{
	struct trace t;
	uint32_t task;

	trace_init(&t);
	task = RUN(&t, TRACE_NONE, 1, "/usr/bin/sed", "sed", "p");
	for (size_t i = 0; writes[i]; i++)
		event(&t, task, EVENT_WRITE, writes[i]);
	behaviour_init(b, &t, STR("/build/source"), STR("/home/builder"));
	trace_release(&t);
}

Test(behaviour, tells_what_was_done_more_and_less)
{
	AUTO_ARENA struct arena a = ARENA_INIT;
	struct behaviour_difference d;
	struct behaviour plain, again, other;

	behave(&plain, (const char *const[]){ "/build/source/a.o", "/build/source/pid17", "/build/source/confAbCdEf/x", NULL });
	behave(&again, (const char *const[]){ "/build/source/a.o", "/build/source/pid99", "/build/source/confGhIjKl/x", NULL });
	behave(&other, (const char *const[]){ "/build/source/PWNED", "/build/source/pid5", "/build/source/confMnOpQr/x", NULL });
	behaviour_compare(&plain, &again, &other, &a, &d);
	cr_assert_eq(d.extra_n, 1);
	cr_expect(str_eq(d.extra[0].text, STR("build: write PWNED")), "%.*s", STR_FMT(d.extra[0].text));
	cr_assert_eq(d.missing_n, 1);
	cr_expect(str_eq(d.missing[0].text, STR("build: write a.o")));
	behaviour_release(&plain);
	behaviour_release(&again);
	behaviour_release(&other);
}
