/* Programs that were run: shells that read pipes, decoders, what the build or the release itself brought along. */
#include "rebuild/judge_work.h"

#include "base/cleanup.h"

/* The first programs of a configure made by autoconf up to 2.69 are shells that are asked, by a pipe, what they can
 * do (17 of 33 configures measured, all among the first five). */
enum { PROLOGUE = 60 };

/* Whether anything opaque, or data of the tests, may have flowed into a path; which. */
static bool holds_data(const struct judge *j, const struct flow_marks *m, uint32_t *which)
{
	for (size_t i = 0; i < j->t->paths_n; i++) {
		const unsigned int about = m->paths[i] ? judge_about(j, (uint32_t)i) : 0;

		if ((about & SOURCE_OPAQUE) || ((about & SOURCE_TEST) && (about & SOURCE_DATA))) {
			*which = (uint32_t)i;
			return true;
		}
	}
	return false;
}

static bool holds_kind(const struct judge *j, const struct flow_marks *m, unsigned int kind)
{
	for (size_t i = 0; i < j->t->tasks_n; i++)
		if (m->actors[j->flow.actor[i]] && (j->kinds[i] & kind))
			return true;
	return false;
}

/* Programs before this one in its phase. */
static size_t position(const struct judge *j, uint32_t task)
{
	size_t n = 0;

	for (uint32_t i = 0; i < task; i++)
		n += j->t->tasks[i].executed && j->t->tasks[i].phase == j->t->tasks[task].phase;
	return n;
}

static void see_interpreter(struct judge *j, uint32_t task)
{
	const struct trace_task *const t = &j->t->tasks[task];
	const struct str in = trace_text(j->t, t->in), name = judge_program(j, task);
	const struct str subject = STR("");
	const char *const where = phase_name((enum phase)t->phase);
	struct flow_marks m;
	uint32_t data = TRACE_NONE;
	bool decoded, fed;

	if (!program_reads_input(j->t, t) || t->in == TRACE_NONE)
		return;
	flow_backward(&j->flow, t->in, SIZE_MAX, &m);
	decoded = holds_kind(j, &m, PROGRAM_DECODER);
	fed = holds_data(j, &m, &data);
	if (trace_is_pipe(j->t, t->in)) {
		if (decoded || fed)
			judge_say(j, RULE_TP403, judge_in_tests(j, task, SEVERITY_CRITICAL), subject, task,
				  "%s: %.*s reads its program from a pipe that %s%.*s fills", where, STR_FMT(name),
				  fed ? "" : "a decoder",
				  STR_FMT(fed ? judge_relative(j, trace_text(j->t, data)) : STR("")));
		else if (judge_fed_by(j, task, ~0u))
			judge_say(j, RULE_TP403, judge_in_tests(j, task, SEVERITY_HIGH), subject, task,
				  "%s: %.*s reads its program from a pipe that another program fills", where,
				  STR_FMT(name));
		else if (position(j, task) > PROLOGUE)
			judge_say(j, RULE_TP403, judge_in_tests(j, task, SEVERITY_LOW), subject, task,
				  "%s: %.*s reads its program from a pipe that a script fills", where, STR_FMT(name));
	} else if (judge_relative(j, in).len && (decoded || fed)) {
		judge_say(j, RULE_TP403, judge_in_tests(j, task, SEVERITY_CRITICAL), judge_relative(j, in), task,
			  "%s: %.*s reads its program from this file, which %s", where, STR_FMT(name),
			  decoded ? "a decoder wrote" : "is made of data");
	}
	flow_marks_release(&m);
}

/* Files of the system that a decoder unpacks (manual pages, say) are no part of the release. */
static bool reads_release(const struct judge *j, uint32_t task)
{
	const uint32_t actor = j->flow.actor[task];

	if (trace_is_pipe(j->t, j->t->tasks[task].in))
		return true;
	for (uint32_t k = j->flow.actor_start[actor]; k < j->flow.actor_start[actor + 1]; k++) {
		const struct trace_event *const e = &j->t->events[j->flow.by_actor[k]];

		if (e->kind == EVENT_READ && (judge_about(j, e->path) & SOURCE_THERE))
			return true;
	}
	return false;
}

/* Whether all that reads from a pipe only unpacks an archive. */
static bool only_unpacks(const struct judge *j, uint32_t pipe)
{
	bool any = false;

	for (uint32_t k = j->flow.path_start[pipe]; k < j->flow.path_start[pipe + 1]; k++) {
		const struct trace_event *const e = &j->t->events[j->flow.by_path[k]];

		if (e->kind != EVENT_PIPE_READ || !j->t->tasks[e->task].executed)
			continue;
		if (!(j->kinds[e->task] & PROGRAM_COPIER))
			return false;
		any = true;
	}
	return any;
}

static void see_decoder(struct judge *j, uint32_t task)
{
	const struct trace_task *const t = &j->t->tasks[task];
	struct str subject = STR(""), argument;

	if (!(j->kinds[task] & PROGRAM_DECODER) || t->phase == PHASE_TEST || t->phase == PHASE_BOOTSTRAP ||
	    t->phase == PHASE_DIST || !trace_is_pipe(j->t, t->out) ||
	    !reads_release(j, task))
		return;
	for (size_t i = 1; trace_argument(t, i, &argument); i++)
		if (argument.len && argument.ptr[0] != '-')
			subject = argument;
	judge_say(j, RULE_TP413, only_unpacks(j, t->out) ? SEVERITY_INFO : SEVERITY_HIGH, subject, task,
		  "%s: %.*s decodes into a pipe", phase_name((enum phase)t->phase),
		  STR_FMT(judge_program(j, task)));
}

/* A path as an argument names it, as one of the trace; TRACE_NONE: it does not occur there. */
static uint32_t path_of(struct judge *j, const struct trace_task *t, struct str argument)
{
	struct str full = argument;
	const uint64_t *known;

	while (str_starts(argument, STR("./")))
		argument = str_from_at(argument, 2);
	if (argument.len && argument.ptr[0] != '/')
		full = arena_strf(&j->arena, "%.*s/%.*s",
				  STR_FMT(trace_text(j->t, t->directory)), STR_FMT(argument));
	known = map_get(&j->t->path_index, full);
	return known ? (uint32_t)*known : TRACE_NONE;
}

static bool is_ours(const struct judge *j, struct str path)
{
	return judge_relative(j, path).len || str_starts(path, STR("/tmp/")) || str_starts(path, STR("/var/tmp/")) ||
	       str_starts(path, STR("/dev/shm/")) || str_starts(path, j->c->home);
}

/* A program or script that came into being during the build. */
void judge_made(struct judge *j, uint32_t task, uint32_t program, size_t before, bool run)
{
	const struct str path = trace_text(j->t, program), relative = judge_relative(j, path);
	const struct str subject = relative.len ? relative : path;
	const uint32_t writer = flow_writer(&j->flow, program, before);
	struct flow_marks m;
	uint32_t data;

	/* Machine code out of a linker; a preprocessor, say, only passes text on. */
	if (writer == TRACE_NONE || !is_ours(j, path) || (j->kinds[writer] & (PROGRAM_LINKER | PROGRAM_ASSEMBLER)))
		return;
	flow_backward(&j->flow, program, before, &m);
	if (holds_kind(j, &m, PROGRAM_DECODER))
		judge_say(j, RULE_TP404, judge_in_tests(j, task, SEVERITY_CRITICAL), subject, task,
			  run ? "%s: runs what a decoder wrote" : "%s: reads what a decoder wrote",
			  phase_name((enum phase)j->t->tasks[task].phase));
	else if (run && holds_data(j, &m, &data))
		judge_say(j, RULE_TP404, judge_in_tests(j, task, SEVERITY_HIGH), subject, task,
			  "%s: runs what was made of %.*s", phase_name((enum phase)j->t->tasks[task].phase),
			  STR_FMT(judge_relative(j, trace_text(j->t, data))));
	else if (run && j->c->names && !j->c->names(j->c->ctx, str_base(path)))
		judge_say(j, RULE_TP404, judge_in_tests(j, task, SEVERITY_MEDIUM), subject, task,
			  "%s: runs a file that the build made and that no file of the source names",
			  phase_name((enum phase)j->t->tasks[task].phase));
	flow_marks_release(&m);
}

static void see_made_by_build(struct judge *j, uint32_t task)
{
	const struct trace_task *const t = &j->t->tasks[task];
	struct str script;
	unsigned int about;
	uint32_t path;

	judge_made(j, task, t->program, t->at, true);
	if (!program_script(j->t, t, &script) || (path = path_of(j, t, script)) == TRACE_NONE)
		return;
	judge_made(j, task, path, t->at, true);
	about = judge_about(j, path);
	if ((about & SOURCE_THERE) && ((about & SOURCE_BINARY) || ((about & SOURCE_TEST) && (about & SOURCE_DATA))) &&
	    !judge_was_made(j, path, t->at))
		judge_say(j, RULE_TP402, judge_in_tests(j, task, SEVERITY_HIGH), judge_relative(j, trace_text(j->t, path)),
			  task, "%s: %.*s takes data for its program", phase_name((enum phase)t->phase),
			  STR_FMT(judge_program(j, task)));
}

/* Machine code that came with the source, or a file of it that takes the place of a shell. */
static void see_from_source(struct judge *j, uint32_t task)
{
	const struct trace_task *const t = &j->t->tasks[task];
	const struct str relative = judge_relative(j, trace_text(j->t, t->program));
	struct str first = STR(""), second = STR("");
	unsigned int about;

	if (relative.len == 0 || judge_was_made(j, t->program, SIZE_MAX))
		return;
	about = judge_about(j, t->program);
	if (!(about & SOURCE_THERE))
		return;
	if (about & SOURCE_BINARY)
		judge_say(j, RULE_TP407, judge_in_tests(j, task, SEVERITY_HIGH), relative, task,
			  "%s: runs a program that came with the source as machine code",
			  phase_name((enum phase)t->phase));
	trace_argument(t, 1, &first);
	trace_argument(t, 2, &second);
	if ((str_eq(first, STR("-c")) && str_find(second, ' ') != (size_t)-1) ||
	    str_eq(str_base(first), STR("configure")) || str_eq(str_base(first), STR("config.status")))
		judge_say(j, RULE_TP420, judge_in_tests(j, task, SEVERITY_HIGH), relative, task,
			  "%s: a file of the source is run as a shell", phase_name((enum phase)t->phase));
}

static void see_plugin(struct judge *j, uint32_t task)
{
	const struct trace_task *const t = &j->t->tasks[task];
	struct str a, path;
	uint32_t id;

	if (!(j->kinds[task] & (PROGRAM_FRONT_END | PROGRAM_DRIVER)))
		return;
	for (size_t i = 1; trace_argument(t, i, &a); i++) {
		if (!str_starts(a, STR("-fplugin=")) && !str_starts(a, STR("-fpass-plugin=")))
			continue;
		path = str_from_at(a, str_find(a, '=') + 1);
		id = path_of(j, t, path);
		if (str_starts(path, STR("/usr/")))
			continue;
		judge_say(j, RULE_TP407, id != TRACE_NONE && flow_writer(&j->flow, id, SIZE_MAX) != TRACE_NONE ?
			  SEVERITY_MEDIUM : SEVERITY_HIGH, path, task, "%s: the compiler is told to load this plugin",
			  phase_name((enum phase)t->phase));
	}
}

static bool writes_nowhere(const struct judge *j, uint32_t task)
{
	for (unsigned int depth = 0; depth < 4 && task != TRACE_NONE; depth++) {
		if (program_has_argument(&j->t->tasks[task], STR("/dev/null")) ||
		    program_has_argument(&j->t->tasks[task], STR("-fsyntax-only")))
			return true;
		task = j->t->tasks[task].parent;
	}
	return false;
}

/* A source that no file holds. Preprocessing one is usual (11 of 33 configures), compiling one is not (0 of 63). */
static void see_source_from_pipe(struct judge *j, uint32_t task)
{
	const struct trace_task *const t = &j->t->tasks[task];

	if (!(j->kinds[task] & PROGRAM_FRONT_END) || !program_has_argument(t, STR("-")) ||
	    program_has_argument(t, STR("-E")) || writes_nowhere(j, task))
		return;
	judge_say(j, RULE_TP417, t->phase == PHASE_BUILD || t->phase == PHASE_INSTALL ? SEVERITY_HIGH : SEVERITY_LOW,
		  STR(""), task, "%s: the compiler reads a source from a pipe", phase_name((enum phase)t->phase));
}

static void see_preloaded(struct judge *j, uint32_t task, struct str path)
{
	const struct trace_task *const t = &j->t->tasks[task];
	const uint32_t id = path_of(j, t, path);
	const uint32_t writer = id == TRACE_NONE ? TRACE_NONE : flow_writer(&j->flow, id, SIZE_MAX);

	/* The system's, ours to vary the clock among them. */
	if (path.len == 0 || str_starts(path, STR("/usr/")) || str_starts(path, STR("/lib")))
		return;
	judge_say(j, RULE_TP416, writer != TRACE_NONE && (j->kinds[writer] & PROGRAM_LINKER) ? SEVERITY_LOW : SEVERITY_HIGH,
		  path, task, "%s: put into every program by the loader", phase_name((enum phase)t->phase));
}

static void see_preload(struct judge *j, uint32_t task)
{
	struct str rest = j->t->tasks[task].preload, setting;

	while (str_next_item(&rest, '\0', &setting)) {
		struct str list;

		if (!str_starts(setting, STR("LD_PRELOAD=")) && !str_starts(setting, STR("LD_AUDIT=")))
			continue;
		list = str_from_at(setting, str_find(setting, '=') + 1);
		while (list.len) {
			size_t n = 0;

			while (n < list.len && list.ptr[n] != ':' && list.ptr[n] != ' ')
				n++;
			see_preloaded(j, task, str_first(list, n));
			list = str_from_at(list, n + 1);
		}
	}
}

/* Commands that documents hold: filters, write18, code of a configuration. */
static void see_document(struct judge *j, uint32_t task)
{
	const struct trace_task *const t = &j->t->tasks[task];
	const uint32_t parent = t->parent;
	struct str text = STR("");
	uint32_t from = parent;

	while (from != TRACE_NONE && !j->t->tasks[from].executed)
		from = j->t->tasks[from].parent;
	if (from == TRACE_NONE || !(j->kinds[from] & PROGRAM_DOCUMENTS) || j->t->tasks[from].pid == t->pid)
		return;
	trace_argument(t, 2, &text);
	if (!(judge_about(j, t->program) & SOURCE_THERE) &&
	    !((j->kinds[task] & PROGRAM_SHELL) && (strpbrk(arena_str(&j->arena, text).ptr, "|;<>&$`") ||
						   str_find_str(text, STR("./")) != (size_t)-1)))
		return;
	judge_say(j, RULE_TP425, SEVERITY_HIGH, STR(""), task, "%s: %.*s runs a command that a document holds",
		  phase_name((enum phase)t->phase), STR_FMT(judge_program(j, from)));
}

void judge_runs(struct judge *j)
{
	for (uint32_t i = 0; i < j->t->tasks_n; i++) {
		if (!j->t->tasks[i].executed)
			continue;
		see_preload(j, i);
		/* What made the sources ready is the developer's tools at work. */
		if (j->t->tasks[i].phase == PHASE_BOOTSTRAP)
			continue;
		see_interpreter(j, i);
		see_decoder(j, i);
		see_made_by_build(j, i);
		see_from_source(j, i);
		see_plugin(j, i);
		see_source_from_pipe(j, i);
		see_document(j, i);
	}
}
