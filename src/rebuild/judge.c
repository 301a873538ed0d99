#include "rebuild/judge_work.h"

#include <stdarg.h>

#include "base/cleanup.h"

struct str judge_relative(const struct judge *j, struct str path)
{
	const struct str root = j->c->build_path;

	if (!str_starts(path, root) || path.len <= root.len || path.ptr[root.len] != '/')
		return STR("");
	return str_from_at(path, root.len + 1);
}

unsigned int judge_about(const struct judge *j, uint32_t path)
{
	const struct str relative = judge_relative(j, trace_text(j->t, path));

	return relative.len ? j->c->about(j->c->ctx, relative) : 0;
}

/* "configure: /bin/sh ./configure -> xz -d" */
static void add_commands(struct judge *j, struct finding *f, uint32_t task)
{
	enum { CHAIN = 4 };
	struct buf line = BUF_INIT;

	for (unsigned int depth = 0; depth < CHAIN && task != TRACE_NONE;) {
		const struct trace_task *const t = &j->t->tasks[task];

		if (t->executed) {
			buf_reset(&line);
			buf_addf(&line, "%s: ", depth ? "run by" : phase_name((enum phase)t->phase));
			trace_command(j->t, task, &line);
			finding_evidence(j->c->r, f, str_first(buf_str(&line), 300));
			depth++;
		}
		task = t->parent;
	}
	buf_release(&line);
}

/* A finding of that rule and subject; NULL. The build from the tag is judged last: what both do is said of the release. */
static struct finding *find(struct result *r, enum rule_id rule, struct str subject)
{
	for (size_t i = 0; i < r->findings_n; i++)
		if (r->findings[i].rule == rule && str_eq(r->findings[i].path, subject))
			return &r->findings[i];
	return NULL;
}

/* Of several the worst is told, so that a harmless one does not hide another. */
void judge_say(struct judge *j, enum rule_id rule, enum severity severity, struct str subject, uint32_t task,
	       const char *fmt, ...)
{
	struct finding *f = find(j->c->r, rule, subject);
	AUTO_BUF struct buf message = BUF_INIT;
	va_list ap;

	if (f && f->severity >= severity)
		return;
	va_start(ap, fmt);
	buf_vaddf(&message, fmt, ap);
	va_end(ap);
	if (!j->c->of_release)
		buf_add_cstr(&message, " (in the build from the tag)");
	if (!f)
		f = result_find(j->c->r, rule, subject, "%s", buf_cstr(&message));
	else
		f->message = arena_str(&j->c->r->arena, buf_str(&message));
	f->evidence_n = 0;
	f->severity = severity;
	add_commands(j, f, task);
}

enum severity judge_in_tests(const struct judge *j, uint32_t task, enum severity s)
{
	return j->t->tasks[task].phase == PHASE_TEST && s > SEVERITY_INFO ? (enum severity)(s - 1) : s;
}

struct str judge_program(const struct judge *j, uint32_t task)
{
	return task == TRACE_NONE ? STR("") : program_name(j->t, &j->t->tasks[task]);
}

static bool fed_by(const struct judge *j, uint32_t task, unsigned int kinds, unsigned int depth)
{
	const uint32_t in = j->t->tasks[task].in;

	if (depth > 16 || !trace_is_pipe(j->t, in))
		return false;
	for (uint32_t k = j->flow.path_start[in]; k < j->flow.path_start[in + 1]; k++) {
		const struct trace_event *const e = &j->t->events[j->flow.by_path[k]];

		if (e->kind == EVENT_PIPE_WRITE && e->task != task &&
		    ((j->kinds[e->task] & kinds) || fed_by(j, e->task, kinds, depth + 1)))
			return true;
	}
	return false;
}

bool judge_fed_by(const struct judge *j, uint32_t task, unsigned int kinds)
{
	return fed_by(j, task, kinds, 0);
}

bool judge_is_redirection(const struct judge *j, const struct trace_event *e)
{
	/* Some shells open it before they start the program, in their own process. */
	for (uint32_t k = j->flow.path_start[e->path]; k < j->flow.path_start[e->path + 1]; k++) {
		const struct trace_event *const other = &j->t->events[j->flow.by_path[k]];

		if (other > e && (other->flags & EVENT_INHERITED) && other->kind == e->kind)
			return true;
	}
	return false;
}

bool judge_was_made(const struct judge *j, uint32_t path, size_t before)
{
	return flow_writer(&j->flow, path, before) != TRACE_NONE;
}

/* What excuses a program holds for those of the system, and for those that a linker of it made; a name alone excuses
 * nothing. */
static unsigned int kind_of(const struct judge *j, uint32_t task)
{
	const struct trace_task *const t = &j->t->tasks[task];
	const unsigned int kind = program_kind(j->t, t);
	const unsigned int blames = PROGRAM_SHELL | PROGRAM_INTERPRETER | PROGRAM_DECODER | PROGRAM_CUTTER | PROGRAM_DOCUMENTS;
	static const struct str system[] = {
		STR("/usr/"), STR("/bin/"), STR("/sbin/"), STR("/lib"), STR("/opt/"), STR("/nix/"), STR("/gnu/"),
	};
	uint32_t writer;

	for (size_t i = 0; i < sizeof(system) / sizeof(system[0]); i++)
		if (str_starts(trace_text(j->t, t->program), system[i]))
			return kind;
	writer = t->program == TRACE_NONE ? TRACE_NONE : flow_writer(&j->flow, t->program, t->at);
	return writer != TRACE_NONE && (j->kinds[writer] & PROGRAM_LINKER) ? kind : kind & blames;
}

void judge_trace(const struct judge_case *c)
{
	struct judge j = { .c = c, .t = c->trace, .arena = ARENA_INIT };

	flow_init(&j.flow, c->trace);
	j.kinds = memory_zalloc((c->trace->tasks_n + 1) * sizeof(*j.kinds));
	for (size_t i = 0; i < c->trace->tasks_n; i++)
		if (c->trace->tasks[i].executed)
			j.kinds[i] = kind_of(&j, (uint32_t)i);
	judge_runs(&j);
	judge_files(&j);
	memory_free(j.kinds);
	flow_release(&j.flow);
	arena_release(&j.arena);
}
