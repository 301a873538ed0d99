/* Files that were read, written and taken away, addresses that were called, calls that were refused. */
#include "rebuild/judge_work.h"

#include <unistd.h>

#include "base/cleanup.h"
#include "rebuild/export.h"

static const char *phase_of(const struct judge *j, uint32_t task)
{
	return phase_name((enum phase)j->t->tasks[task].phase);
}

static bool is_building(const struct judge *j, uint32_t task)
{
	const uint8_t p = j->t->tasks[task].phase;

	return p == PHASE_CONFIGURE || p == PHASE_BUILD || p == PHASE_INSTALL;
}

/* --- reading --- */

/* Whether the file's content went on to anything that runs, compiles or installs it. */
static bool goes_on(const struct judge *j, uint32_t path)
{
	const unsigned int acts = PROGRAM_SHELL | PROGRAM_INTERPRETER | PROGRAM_TOOLCHAIN | PROGRAM_DECODER |
				  PROGRAM_CUTTER;
	struct flow_marks m;
	bool found = false;

	flow_forward(&j->flow, path, &m);
	for (size_t i = 0; i < j->t->tasks_n && !found; i++)
		found = m.actors[j->flow.actor[i]] && (j->kinds[i] & acts);
	flow_marks_release(&m);
	return found;
}

/* Data of the tests that is opened before there is anything to test: 0 of 33 configures, 0 of 30 builds. */
static void see_test_data(struct judge *j, const struct trace_event *e)
{
	const unsigned int about = judge_about(j, e->path), kind = j->kinds[e->task];
	const struct str path = judge_relative(j, trace_text(j->t, e->path));
	enum severity s = SEVERITY_INFO;

	if (!is_building(j, e->task) || !(about & SOURCE_THERE) || judge_was_made(j, e->path, SIZE_MAX) ||
	    ((kind & PROGRAM_SHELL) && judge_is_redirection(j, e)))
		return;
	if ((about & SOURCE_BINARY) && (about & SOURCE_TEST))
		s = SEVERITY_HIGH;
	else if ((about & SOURCE_DATA) && (about & SOURCE_TEST))
		s = SEVERITY_LOW;
	else if ((about & SOURCE_OPAQUE) && (kind & (PROGRAM_DECODER | PROGRAM_CUTTER | PROGRAM_SHELL)))
		s = SEVERITY_HIGH;
	if (s == SEVERITY_INFO)
		return;
	/* Copied to where tests will look for it, or looked at, and no more. */
	if ((kind & (PROGRAM_COPIER | PROGRAM_LOOKER | PROGRAM_BUILDER)) && !goes_on(j, e->path))
		return;
	judge_say(j, RULE_TP402, s, path, e->task, "%s: %.*s reads %s", phase_of(j, e->task),
		  STR_FMT(judge_program(j, e->task)),
		  (about & SOURCE_TEST) ? "data of the tests" : "an opaque file of the source");
}

/* A shell or another interpreter that reads a file itself: sources, includes or imports it, or takes lines from it. */
static void see_sourced(struct judge *j, const struct trace_event *e, size_t at)
{
	const struct str path = trace_text(j->t, e->path);

	if (!(j->kinds[e->task] & (PROGRAM_SHELL | PROGRAM_INTERPRETER)) || (e->flags & EVENT_INHERITED) ||
	    !judge_relative(j, path).len || !judge_was_made(j, e->path, at) || judge_is_redirection(j, e) ||
	    !is_building(j, e->task))
		return;
	judge_made(j, e->task, e->path, at, false);
}

static bool is_machine_code(const struct judge *j, struct str relative)
{
	static const struct str heads[] = { STR("\177ELF"), STR("!<arch>\n"), STR("MZ"), STR("!<thin>\n") };
	const int fd_raw = export_open(j->c->folder, "build", relative);
	AUTO_FD int fd = fd_raw;
	char head[8];
	const ssize_t n = fd < 0 ? 0 : read(fd, head, sizeof(head));
	for (size_t i = 0; n > 0 && i < sizeof(heads) / sizeof(heads[0]); i++)
		if (str_starts(str_of(head, (size_t)n), heads[i]))
			return true;
	return false;
}

/* What a compiler or linker takes out of the source as it is. */
static void see_object(struct judge *j, const struct trace_event *e)
{
	const unsigned int about = judge_about(j, e->path), kind = j->kinds[e->task];
	const struct str path = judge_relative(j, trace_text(j->t, e->path));

	if (!(about & SOURCE_BINARY) || !is_building(j, e->task) || judge_was_made(j, e->path, SIZE_MAX) ||
	    !(kind & (PROGRAM_ASSEMBLER | PROGRAM_LINKER | PROGRAM_FRONT_END)))
		return;
	/* A picture that becomes part of a program is what it says it is. */
	judge_say(j, RULE_TP407, (about & (SOURCE_OPAQUE | SOURCE_TEST)) || is_machine_code(j, path) ?
		  SEVERITY_HIGH : SEVERITY_LOW, path, e->task, "%s: %.*s takes this binary file of the source in",
		  phase_of(j, e->task), STR_FMT(judge_program(j, e->task)));
}

static const struct str secrets[] = {
	STR("/.ssh/"), STR("/.gnupg/"), STR("/.netrc"), STR("/.aws/"), STR("/.config/gh/"), STR("/.docker/"),
	STR("/.git-credentials"), STR("/.pypirc"), STR("/.kube/"), STR("/.mozilla/"), STR("/.password-store"),
	STR("/.bash_history"), STR("/etc/shadow"), STR("/etc/gshadow"), STR("/etc/sudoers"), STR("/etc/ssl/private/"),
	STR("/etc/ssh/ssh_host_"),
};

/* A program of the system that was not asked to: network libraries look for passwords when they are loaded. */
static bool is_own_habit(const struct judge *j, uint32_t task, struct str secret)
{
	const struct trace_task *const t = &j->t->tasks[task];
	const struct str name = str_base(str_first(secret, secret.len - (secret.ptr[secret.len - 1] == '/')));
	struct str script;

	return t->executed && str_starts(trace_text(j->t, t->program), STR("/usr/")) &&
	       !(j->kinds[task] & (PROGRAM_SHELL | PROGRAM_COPIER | PROGRAM_LOOKER | PROGRAM_CUTTER)) &&
	       str_find_str(t->argv, name) == (size_t)-1 &&
	       (!program_script(j->t, t, &script) || str_starts(script, STR("/usr/")));
}

static void see_secret(struct judge *j, const struct trace_event *e)
{
	const struct str path = trace_text(j->t, e->path);

	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
		if (!judge_relative(j, path).len && str_find_str(path, secrets[i]) != (size_t)-1) {
			judge_say(j, RULE_TP410, is_own_habit(j, e->task, secrets[i]) ? SEVERITY_LOW : SEVERITY_HIGH, path,
				  e->task, "%s: %.*s looks for what is secret", phase_of(j, e->task),
				  STR_FMT(judge_program(j, e->task)));
			return;
		}
}

/* Where programs find out whether they are watched, or where they are: 0 of 63. */
static void see_probe(struct judge *j, const struct trace_event *e)
{
	static const struct str probes[] = {
		STR("/.dockerenv"), STR("/run/.containerenv"), STR("/proc/1/"), STR("/proc/self/status"),
		STR("/proc/self/cgroup"), STR("/proc/self/mountinfo"), STR("/proc/modules"), STR("/proc/kallsyms"),
	};
	const struct str path = trace_text(j->t, e->path);
	const bool browses = j->kinds[e->task] & (PROGRAM_BUILDER | PROGRAM_INTERPRETER | PROGRAM_TOOLCHAIN);

	/* What language runtimes ask about themselves. */
	if (browses && !str_starts(path, STR("/proc/1/")) && !str_starts(path, STR("/.dockerenv")))
		return;
	for (size_t i = 0; i < sizeof(probes) / sizeof(probes[0]); i++)
		if (str_starts(path, probes[i]))
			judge_say(j, RULE_TP418, judge_in_tests(j, e->task, SEVERITY_MEDIUM), path, e->task,
				  "%s: %.*s asks where it runs", phase_of(j, e->task),
				  STR_FMT(judge_program(j, e->task)));
}

/* --- writing --- */

/* What an event writes; TRACE_NONE: nothing. */
static uint32_t target(const struct trace_event *e)
{
	if (e->kind == EVENT_WRITE)
		return e->path;
	return e->kind == EVENT_RENAME || e->kind == EVENT_LINK || e->kind == EVENT_SYMLINK ? e->other : TRACE_NONE;
}

/* Opened only so that its time becomes another one. */
static bool is_touch(const struct judge *j, const struct trace_event *e)
{
	return e->kind == EVENT_WRITE && (e->flags & EVENT_APPEND) &&
	       str_eq(trace_text(j->t, j->t->tasks[e->task].program), STR("/usr/bin/touch"));
}

/* Whether what was written came from the file itself (an edit), and compilers, shells or interpreters read it. What is
 * generated from other files is kept in some repositories, and made anew. */
static bool is_made_of_itself(const struct judge *j, uint32_t path)
{
	const unsigned int acts = PROGRAM_FRONT_END | PROGRAM_SHELL | PROGRAM_INTERPRETER | PROGRAM_ASSEMBLER | PROGRAM_BUILDER;
	bool edited = false, acted = false;
	struct flow_marks m;

	flow_backward(&j->flow, path, SIZE_MAX, &m);
	for (uint32_t k = j->flow.path_start[path]; k < j->flow.path_start[path + 1]; k++) {
		const struct trace_event *const e = &j->t->events[j->flow.by_path[k]];

		if (e->kind == EVENT_READ)
			edited = edited || m.actors[j->flow.actor[e->task]];
		acted = acted || (e->kind == EVENT_READ && (j->kinds[e->task] & acts));
		edited = edited || (e->kind == EVENT_RENAME && e->path == path);
	}
	flow_marks_release(&m);
	return edited && acted;
}

static size_t writes_of(const struct judge *j, uint32_t path)
{
	size_t n = 0;

	for (uint32_t k = j->flow.path_start[path]; k < j->flow.path_start[path + 1]; k++) {
		const struct trace_event *const e = &j->t->events[j->flow.by_path[k]];

		n += target(e) == path && !(e->flags & EVENT_INHERITED) && !is_touch(j, e);
	}
	return n;
}

static bool is_as_before(const struct judge *j, struct str relative)
{
	struct sha256 sha256;

	return export_digest(j->c->folder, "build", relative, &sha256) && j->c->same(j->c->ctx, relative, &sha256);
}

/* What configure makes of a template that lies beside it may lie there ready. */
static bool has_template(const struct judge *j, struct str relative)
{
	AUTO_BUF struct buf name = BUF_INIT;

	buf_addf(&name, "%.*s.in", STR_FMT(relative));
	return (j->c->about(j->c->ctx, buf_str(&name)) & SOURCE_IN_TAG) != 0;
}

/* A file that the tag holds, changed while it is built: 0 of 63. The build from the tag makes again what a release
 * brings along, so it is not asked. */
static void see_source_written(struct judge *j, const struct trace_event *e, uint32_t path)
{
	const unsigned int about = judge_about(j, path);
	const struct str relative = judge_relative(j, trace_text(j->t, path));
	enum severity s = judge_in_tests(j, e->task, judge_in_tests(j, e->task, SEVERITY_CRITICAL));

	if (!j->c->of_release || !(about & SOURCE_IN_TAG) || is_touch(j, e) ||
	    j->t->tasks[e->task].phase == PHASE_BOOTSTRAP || j->t->tasks[e->task].phase == PHASE_DIST)
		return;
	/* Put there once, with the same content: there was no time at which it said anything else. */
	if (writes_of(j, path) == 1 && (e->flags & EVENT_EXISTED) && is_as_before(j, relative))
		return;
	if (j->t->tasks[e->task].phase == PHASE_CONFIGURE && has_template(j, relative))
		s = SEVERITY_LOW;
	else if (!is_as_before(j, relative) && !is_made_of_itself(j, path))
		s = judge_in_tests(j, e->task, SEVERITY_MEDIUM);
	judge_say(j, RULE_TP405, s, relative, e->task, "%s: %.*s writes over a file of the tag",
		  phase_of(j, e->task), STR_FMT(judge_program(j, e->task)));
}

static bool is_object(struct str path)
{
	return (str_ends(path, STR(".o")) || str_ends(path, STR(".lo")) || str_ends(path, STR(".obj"))) &&
	       str_find_str(str_base(path), STR("conftest")) == (size_t)-1;
}

/* An object that the compiler made, and that something else puts another one in place of. */
static void see_object_written(struct judge *j, const struct trace_event *e, uint32_t path, size_t at)
{
	const struct str relative = judge_relative(j, trace_text(j->t, path));
	const uint32_t before = flow_writer(&j->flow, path, at);

	/* A program that was linked, and is patched in place. */
	const bool patched = before != TRACE_NONE && (j->kinds[before] & PROGRAM_LINKER) && e->kind == EVENT_WRITE &&
			     (e->flags & EVENT_APPEND) && (e->flags & EVENT_EXISTED) && !is_touch(j, e);

	if ((!is_object(relative) && !patched) || before == TRACE_NONE || !is_building(j, e->task) ||
	    !(j->kinds[before] & PROGRAM_TOOLCHAIN) || (j->kinds[e->task] & PROGRAM_TOOLCHAIN))
		return;
	judge_say(j, RULE_TP406, SEVERITY_HIGH, relative, e->task, "%s: %.*s puts something in the place of an object "
		  "that %.*s had written", phase_of(j, e->task), STR_FMT(judge_program(j, e->task)),
		  STR_FMT(judge_program(j, before)));
}

/* A name in a folder for everybody that another program can guess. */
static bool is_guessable(const struct trace_event *e, struct str path)
{
	const struct str name = str_from_at(path, str_starts(path, STR("/tmp/")) ? 5 : 9);

	return e->kind == EVENT_WRITE && str_find(name, '/') == (size_t)-1 && !(e->flags & EVENT_EXCLUSIVE) &&
	       !(e->flags & EVENT_EXISTED);
}

static void see_outside(struct judge *j, const struct trace_event *e, uint32_t id)
{
	const struct str path = trace_text(j->t, id);
	const bool shared = str_starts(path, STR("/tmp/")) || str_starts(path, STR("/var/tmp/"));
	enum severity s = shared ? SEVERITY_MEDIUM : SEVERITY_HIGH;

	if (judge_relative(j, path).len || str_eq(path, j->c->build_path) || str_starts(path, STR("/dest/")) || str_starts(path, STR("/dist/")) ||
	    str_starts(path, STR("/dev/")) || str_starts(path, STR("/proc/self/")) ||
	    str_starts(path, STR("/tmp/.cache/")) || path.len == 0 || path.ptr[0] != '/' ||
	    str_starts(path, STR("/memfd:")))
		return;
	if (shared && !is_guessable(e, path))
		return;
	if (j->kinds[e->task] & PROGRAM_KEEPER)
		s = SEVERITY_LOW;
	judge_say(j, RULE_TP409, judge_in_tests(j, e->task, s), path, e->task,
		  "%s: %.*s writes outside of the build's folder", phase_of(j, e->task),
		  STR_FMT(judge_program(j, e->task)));
}

static bool among_tests(struct str relative)
{
	static const struct str names[] = { STR("test"), STR("tests"), STR("t"), STR("testsuite"), STR("check") };
	struct str part;

	while (str_next_component(&relative, &part))
		if (STR_IS_ONE_OF(part, names))
			return true;
	return false;
}

/* What `make check` does to what will be installed. */
static void see_test_writing(struct judge *j, const struct trace_event *e, uint32_t id, size_t at)
{
	const struct str path = trace_text(j->t, id), relative = judge_relative(j, path);
	const uint32_t before = flow_writer(&j->flow, id, at);
	const bool installed = str_starts(path, STR("/dest/"));

	if (j->t->tasks[e->task].phase != PHASE_TEST || is_touch(j, e) || (!relative.len && !installed) || among_tests(relative) ||
	    (j->kinds[e->task] & (PROGRAM_TOOLCHAIN | PROGRAM_BUILDER)))
		return;
	if (installed || (before != TRACE_NONE && j->t->tasks[before].phase < PHASE_TEST))
		judge_say(j, RULE_TP412, SEVERITY_HIGH, relative.len ? relative : path, e->task,
			  "test: %.*s changes what the build had made", STR_FMT(judge_program(j, e->task)));
	else if (before == TRACE_NONE && (e->flags & EVENT_EXISTED))
		judge_say(j, RULE_TP412, SEVERITY_HIGH, relative, e->task,
			  "test: %.*s changes a file of the source outside of the tests",
			  STR_FMT(judge_program(j, e->task)));
	else if (before == TRACE_NONE)
		judge_say(j, RULE_TP412, SEVERITY_LOW, relative, e->task,
			  "test: %.*s makes a file outside of the tests' folder", STR_FMT(judge_program(j, e->task)));
}

/* --- the rest --- */

static bool is_loopback(struct str address)
{
	return str_starts(address, STR("inet 127.")) || str_starts(address, STR("inet6 [::1]")) ||
	       str_starts(address, STR("inet 0.0.0.0"));
}

static void see_connect(struct judge *j, const struct trace_event *e)
{
	const struct str address = trace_text(j->t, e->path);
	/* Without a server for names, the C library asks this machine. */
	const bool name = is_loopback(address) && str_ends(address, STR(":53"));

	if (!str_starts(address, STR("inet")))
		return;
	if (is_loopback(address) && !name)
		return;
	judge_say(j, RULE_TP408, judge_in_tests(j, e->task, SEVERITY_HIGH), address, e->task, name ?
		  "%s: %.*s looks up a name in the network" : "%s: %.*s tries to reach the network",
		  phase_of(j, e->task), STR_FMT(judge_program(j, e->task)));
}

static void see_denied(struct judge *j, const struct trace_event *e)
{
	/* What runtimes try and do without. */
	static const struct str usual[] = {
		STR("unshare"), STR("clone"), STR("io_uring_setup"), STR("perf_event_open"), STR("userfaultfd"),
		STR("kcmp"), STR("socket"), STR("sethostname"),
	};
	const struct str call = trace_text(j->t, e->path);

	judge_say(j, RULE_TP419, judge_in_tests(j, e->task, STR_IS_ONE_OF(call, usual) ? SEVERITY_LOW : SEVERITY_HIGH),
		  call, e->task, "%s: %.*s calls %.*s(), which no build needs; refused", phase_of(j, e->task),
		  STR_FMT(judge_program(j, e->task)), STR_FMT(call));
}

/* What was run, was not made by a compiler, and is taken away afterwards. */
static void see_taken_away(struct judge *j, const struct trace_event *e, size_t at)
{
	const struct str relative = judge_relative(j, trace_text(j->t, e->path));
	const uint32_t writer = flow_writer(&j->flow, e->path, at);

	if (writer == TRACE_NONE || (j->kinds[writer] & PROGRAM_TOOLCHAIN) || !is_building(j, e->task) ||
	    str_starts(str_base(relative), STR("conf")))
		return;
	for (size_t i = 0; i < j->t->tasks_n; i++)
		if (j->t->tasks[i].executed && j->t->tasks[i].program == e->path &&
		    j->t->tasks[i].phase != PHASE_BOOTSTRAP) {
			judge_say(j, RULE_TP411, SEVERITY_MEDIUM, relative.len ? relative : trace_text(j->t, e->path),
				  e->task, "%s: removes a program that the build had made and run",
				  phase_of(j, e->task));
			return;
		}
}

static void see(struct judge *j, const struct trace_event *e, size_t at)
{
	const uint32_t path = target(e);

	if (path != TRACE_NONE && !(e->flags & EVENT_INHERITED)) {
		see_source_written(j, e, path);
		see_object_written(j, e, path, at);
		see_outside(j, e, path);
		see_test_writing(j, e, path, at);
	}
	switch ((enum event_kind)e->kind) {
	case EVENT_READ:
		see_secret(j, e);
		if (e->flags & EVENT_MISSING)
			break;
		see_test_data(j, e);
		see_sourced(j, e, at);
		see_object(j, e);
		see_probe(j, e);
		break;
	case EVENT_CONNECT: see_connect(j, e); break;
	case EVENT_DENIED: see_denied(j, e); break;
	case EVENT_UNLINK: see_taken_away(j, e, at); break;
	case EVENT_WRITE: case EVENT_RENAME: case EVENT_LINK: case EVENT_SYMLINK: case EVENT_MODE:
	case EVENT_TIMES: case EVENT_PIPE_READ: case EVENT_PIPE_WRITE: case EVENT_MEMFD: case EVENT_KINDS: break;
	}
}

void judge_files(struct judge *j)
{
	for (size_t i = 0; i < j->t->events_n; i++)
		if (j->t->tasks[j->t->events[i].task].phase != PHASE_BOOTSTRAP)
			see(j, &j->t->events[i], i);
}
