#include "rebuild/flow.h"

/* The path that an event puts content into, or takes it from; a pipe counts as one. */
static uint32_t written(const struct trace_event *e)
{
	switch ((enum event_kind)e->kind) {
	case EVENT_WRITE:
	case EVENT_PIPE_WRITE: return e->path;
	case EVENT_RENAME:
	case EVENT_LINK: return e->other;
	case EVENT_READ: case EVENT_SYMLINK: case EVENT_UNLINK: case EVENT_MODE: case EVENT_TIMES:
	case EVENT_PIPE_READ: case EVENT_CONNECT: case EVENT_DENIED: case EVENT_MEMFD: case EVENT_KINDS: break;
	}
	return TRACE_NONE;
}

static uint32_t taken(const struct trace_event *e)
{
	if ((e->kind == EVENT_READ && !(e->flags & EVENT_MISSING)) || e->kind == EVENT_PIPE_READ ||
	    e->kind == EVENT_RENAME || e->kind == EVENT_LINK)
		return e->path;
	return TRACE_NONE;
}

/* A rename moves content without anybody reading it. */
static bool carries(const struct trace_event *e)
{
	return e->kind == EVENT_RENAME || e->kind == EVENT_LINK;
}

static void index_by_path(struct flow *f)
{
	const struct trace *const t = f->trace;
	uint32_t *at = memory_zalloc((t->paths_n + 2) * sizeof(*at));

	f->by_path = memory_alloc((2 * t->events_n + 1) * sizeof(*f->by_path));
	f->path_start = memory_zalloc((t->paths_n + 2) * sizeof(*f->path_start));
	for (size_t i = 0; i < t->events_n; i++) {
		const uint32_t from = taken(&t->events[i]), to = written(&t->events[i]);

		if (from != TRACE_NONE)
			f->path_start[from + 1]++;
		if (to != TRACE_NONE && to != from)
			f->path_start[to + 1]++;
	}
	for (size_t i = 0; i < t->paths_n; i++)
		f->path_start[i + 1] += f->path_start[i];
	memcpy(at, f->path_start, (t->paths_n + 1) * sizeof(*at));
	for (size_t i = 0; i < t->events_n; i++) {
		const uint32_t from = taken(&t->events[i]), to = written(&t->events[i]);

		if (from != TRACE_NONE)
			f->by_path[at[from]++] = (uint32_t)i;
		if (to != TRACE_NONE && to != from)
			f->by_path[at[to]++] = (uint32_t)i;
	}
	memory_free(at);
}

static void index_by_actor(struct flow *f)
{
	const struct trace *const t = f->trace;
	uint32_t *at = memory_zalloc((t->tasks_n + 2) * sizeof(*at));

	f->actor = memory_alloc((t->tasks_n + 1) * sizeof(*f->actor));
	for (size_t i = 0; i < t->tasks_n; i++) {
		const uint32_t parent = t->tasks[i].parent;

		f->actor[i] = t->tasks[i].executed && parent != TRACE_NONE && t->tasks[parent].pid == t->tasks[i].pid ?
			      f->actor[parent] : (uint32_t)i;
	}
	f->by_actor = memory_alloc((t->events_n + 1) * sizeof(*f->by_actor));
	f->actor_start = memory_zalloc((t->tasks_n + 2) * sizeof(*f->actor_start));
	for (size_t i = 0; i < t->events_n; i++)
		f->actor_start[f->actor[t->events[i].task] + 1]++;
	for (size_t i = 0; i < t->tasks_n; i++)
		f->actor_start[i + 1] += f->actor_start[i];
	memcpy(at, f->actor_start, (t->tasks_n + 1) * sizeof(*at));
	for (size_t i = 0; i < t->events_n; i++)
		f->by_actor[at[f->actor[t->events[i].task]]++] = (uint32_t)i;
	memory_free(at);
}

void flow_init(struct flow *f, const struct trace *t)
{
	*f = (struct flow){ .trace = t };
	index_by_path(f);
	index_by_actor(f);
}

void flow_release(struct flow *f)
{
	memory_free(f->actor);
	memory_free(f->by_path);
	memory_free(f->by_actor);
	memory_free(f->path_start);
	memory_free(f->actor_start);
	*f = (struct flow){ .trace = NULL };
}

/* Paths to be followed, with the event from (or up to) which they count. */
struct todo {
	struct step {
		uint32_t path;
		size_t from;
	} *v;
	size_t n, cap;
};

static void push(struct todo *w, struct flow_marks *m, uint32_t path, size_t from)
{
	if (path == TRACE_NONE || m->paths[path])
		return;
	m->paths[path] = 1;
	w->v = memory_grow(w->v, w->n, &w->cap, sizeof(*w->v));
	w->v[w->n++] = (struct step){ path, from };
}

static void marks_init(const struct flow *f, struct flow_marks *m)
{
	m->paths = memory_zalloc(f->trace->paths_n + 1);
	m->actors = memory_zalloc(f->trace->tasks_n + 1);
}

/* What an actor wrote after an event. A pipe's ends are known from their opening, which says nothing of when they
 * were used. */
static void forward_actor(const struct flow *f, struct todo *w, struct flow_marks *m, uint32_t actor, size_t from)
{
	if (m->actors[actor])
		return;
	m->actors[actor] = 1;
	for (uint32_t k = f->actor_start[actor]; k < f->actor_start[actor + 1]; k++) {
		const struct trace_event *const e = &f->trace->events[f->by_actor[k]];
		const uint32_t to = carries(e) ? TRACE_NONE : written(e);

		if (to != TRACE_NONE && (f->by_actor[k] >= from || trace_is_pipe(f->trace, to) || e->kind == EVENT_WRITE))
			push(w, m, to, f->by_actor[k] > from ? f->by_actor[k] : from);
	}
}

void flow_forward(const struct flow *f, uint32_t path, struct flow_marks *m)
{
	struct todo w = { NULL, 0, 0 };

	marks_init(f, m);
	push(&w, m, path, 0);
	while (w.n) {
		const struct step s = w.v[--w.n];
		const bool pipe = trace_is_pipe(f->trace, s.path);

		for (uint32_t k = f->path_start[s.path]; k < f->path_start[s.path + 1]; k++) {
			const struct trace_event *const e = &f->trace->events[f->by_path[k]];

			if ((f->by_path[k] < s.from && !pipe) || taken(e) != s.path)
				continue;
			if (carries(e))
				push(&w, m, e->other, f->by_path[k]);
			else
				forward_actor(f, &w, m, f->actor[e->task], f->by_path[k]);
		}
	}
	memory_free(w.v);
}

static void backward_actor(const struct flow *f, struct todo *w, struct flow_marks *m, uint32_t actor, size_t before)
{
	if (m->actors[actor])
		return;
	m->actors[actor] = 1;
	for (uint32_t k = f->actor_start[actor]; k < f->actor_start[actor + 1]; k++) {
		const struct trace_event *const e = &f->trace->events[f->by_actor[k]];
		const uint32_t from = carries(e) ? TRACE_NONE : taken(e);

		if (from != TRACE_NONE && f->by_actor[k] < before)
			push(w, m, from, 0);
	}
}

/* When a file is opened says nothing of when it is written: shells open the output of a program before the program
 * opens its input. So only the end bounds what counts. */
void flow_backward(const struct flow *f, uint32_t path, size_t before, struct flow_marks *m)
{
	struct todo w = { NULL, 0, 0 };

	marks_init(f, m);
	push(&w, m, path, 0);
	while (w.n) {
		const struct step s = w.v[--w.n];

		for (uint32_t k = f->path_start[s.path]; k < f->path_start[s.path + 1]; k++) {
			const struct trace_event *const e = &f->trace->events[f->by_path[k]];

			if (written(e) != s.path || f->by_path[k] >= before)
				continue;
			if (carries(e))
				push(&w, m, e->path, 0);
			else
				backward_actor(f, &w, m, f->actor[e->task], before);
		}
	}
	memory_free(w.v);
}

void flow_marks_release(struct flow_marks *m)
{
	memory_free(m->paths);
	memory_free(m->actors);
	*m = (struct flow_marks){ NULL, NULL };
}

uint32_t flow_writer(const struct flow *f, uint32_t path, size_t before)
{
	uint32_t writer = TRACE_NONE;

	for (uint32_t k = f->path_start[path]; k < f->path_start[path + 1]; k++) {
		const struct trace_event *const e = &f->trace->events[f->by_path[k]];

		if (f->by_path[k] < before && written(e) == path && !(e->flags & EVENT_INHERITED))
			writer = e->task;
	}
	return writer;
}
