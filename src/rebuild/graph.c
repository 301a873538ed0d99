#include "rebuild/graph.h"

#include "base/escape.h"
#include "rebuild/programs.h"

/* A quoted string; what JSON escapes, DOT takes as it stands. */
static void put_text(struct buf *out, struct str s)
{
	escape_json(out, s);
}

static bool is_shown(struct str path)
{
	return !str_starts(path, STR("/usr/")) && !str_starts(path, STR("/etc/")) && !str_starts(path, STR("/lib")) &&
	       !str_starts(path, STR("/dev/")) && !str_starts(path, STR("/proc/")) && !str_starts(path, STR("/bin/"));
}

static void put_node(const struct flow *f, uint32_t path, struct str build_path, struct buf *out)
{
	struct str text = trace_text(f->trace, path);

	if (str_starts(text, build_path) && text.len > build_path.len)
		text = str_from_at(text, build_path.len + 1);
	buf_addf(out, "  f%u [shape=%s, label=", path, str_starts(text, STR("pipe:")) ? "point" : "box");
	put_text(out, text);
	buf_add_cstr(out, "];\n");
}

/* The last program that ran in a process. */
static uint32_t last_of(const struct flow *f, uint32_t actor)
{
	uint32_t last = actor;

	for (uint32_t i = actor; i < f->trace->tasks_n; i++)
		if (f->actor[i] == actor)
			last = i;
	return last;
}

static void put_actor(const struct flow *f, uint32_t actor, struct buf *out)
{
	const struct trace_task *const t = &f->trace->tasks[last_of(f, actor)];
	struct str argument = STR("");
	struct buf label = BUF_INIT;

	buf_add_str(&label, program_name(f->trace, t));
	if (program_script(f->trace, t, &argument))
		buf_addf(&label, " %.*s", STR_FMT(str_base(argument)));
	buf_addf(out, "  p%u [shape=ellipse, label=", actor);
	put_text(out, buf_str(&label));
	buf_add_cstr(out, "];\n");
	buf_release(&label);
}

static void put_edge(const struct flow *f, const struct flow_marks *m, const struct trace_event *e, struct buf *out)
{
	const uint32_t actor = f->actor[e->task];
	const bool carried = e->kind == EVENT_RENAME || e->kind == EVENT_LINK;

	if (e->path == TRACE_NONE || !m->paths[e->path] || !is_shown(trace_text(f->trace, e->path)))
		return;
	if (carried && e->other != TRACE_NONE && m->paths[e->other])
		buf_addf(out, "  f%u -> f%u;\n", e->path, e->other);
	else if (!m->actors[actor])
		return;
	else if (e->kind == EVENT_WRITE || e->kind == EVENT_PIPE_WRITE)
		buf_addf(out, "  p%u -> f%u;\n", actor, e->path);
	else if ((e->kind == EVENT_READ && !(e->flags & EVENT_MISSING)) || e->kind == EVENT_PIPE_READ)
		buf_addf(out, "  f%u -> p%u;\n", e->path, actor);
}

void graph_dot(const struct flow *f, const struct flow_marks *m, struct str build_path, struct buf *out)
{
	buf_add_cstr(out, "digraph provenance {\n  rankdir=LR;\n");
	for (uint32_t i = 0; i < f->trace->paths_n; i++)
		if (m->paths[i] && is_shown(trace_text(f->trace, i)))
			put_node(f, i, build_path, out);
	for (uint32_t i = 0; i < f->trace->tasks_n; i++)
		if (m->actors[i])
			put_actor(f, i, out);
	for (size_t i = 0; i < f->trace->events_n; i++)
		put_edge(f, m, &f->trace->events[i], out);
	buf_add_cstr(out, "}\n");
}
