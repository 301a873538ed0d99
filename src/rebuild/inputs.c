#include "rebuild/inputs.h"

#include <unistd.h>

#include "base/cleanup.h"
#include "base/digest.h"
#include "rebuild/export.h"
#include "rebuild/programs.h"

static bool differ(const struct inputs_case *c, struct str path)
{
	struct sha256 first, second;

	if (!export_digest(c->second, "build", path, &second))
		return false;
	return !export_digest(c->first, "build", path, &first) || memcmp(&first, &second, sizeof(first)) != 0;
}

/* What follows from other inputs. */
static bool is_object(struct str path)
{
	static const struct str ends[] = {
		STR(".o"), STR(".lo"), STR(".a"), STR(".la"), STR(".so"), STR(".s"), STR(".obj"), STR(".T"), STR(".lai"),
	};

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (str_ends(path, ends[i]))
			return true;
	return str_find_str(path, STR("/.libs/")) != (size_t)-1 || str_find_str(path, STR(".so.")) != (size_t)-1;
}

struct following {
	const struct inputs_case *c;
	const struct flow *f;
	uint8_t *seen;		/* paths */
	uint32_t *todo;
	size_t n;
};

static void push(struct following *w, uint32_t path)
{
	if (path == TRACE_NONE || w->seen[path])
		return;
	w->seen[path] = 1;
	w->todo[w->n++] = path;
}

/* All that a compiler, copier or other tool read to make what it wrote; a shell reads too much of everything. */
static void follow_writer(struct following *w, uint32_t task)
{
	const struct trace *const t = w->c->trace;
	const uint32_t actor = w->f->actor[task];
	bool known = false;

	for (uint32_t k = actor; k < t->tasks_n && !known; k++)
		known = w->f->actor[k] == actor && t->tasks[k].executed &&
			str_starts(trace_text(t, t->tasks[k].program), STR("/usr/")) &&
			!(program_kind(t, &t->tasks[k]) & (PROGRAM_SHELL | PROGRAM_BUILDER));
	if (!known)
		return;
	for (uint32_t k = w->f->actor_start[actor]; k < w->f->actor_start[actor + 1]; k++) {
		const struct trace_event *const e = &t->events[w->f->by_actor[k]];

		if (e->kind == EVENT_READ && !(e->flags & EVENT_MISSING))
			push(w, e->path);
	}
}

static bool is_compiled(const struct following *w, uint32_t path)
{
	const uint32_t writer = flow_writer(w->f, path, SIZE_MAX);

	return writer != TRACE_NONE && w->c->trace->tasks[writer].executed &&
	       (program_kind(w->c->trace, &w->c->trace->tasks[writer]) & PROGRAM_TOOLCHAIN);
}

static void follow(struct following *w, uint32_t path)
{
	const struct trace *const t = w->c->trace;

	for (uint32_t k = w->f->path_start[path]; k < w->f->path_start[path + 1]; k++) {
		const struct trace_event *const e = &t->events[w->f->by_path[k]];

		if (e->kind == EVENT_WRITE && e->path == path)
			follow_writer(w, e->task);
		else if ((e->kind == EVENT_RENAME || e->kind == EVENT_LINK) && e->other == path)
			push(w, e->path);
	}
}

size_t inputs_differing(const struct inputs_case *c, const struct flow *f, struct str output, struct arena *a,
			struct str *out, size_t max)
{
	const struct str name = arena_strf(a, "/dest/%.*s", STR_FMT(output));
	const uint64_t *const start = map_get(&c->trace->path_index, name);
	struct following w = {
		.c = c, .f = f, .seen = memory_zalloc(c->trace->paths_n + 1),
		.todo = memory_alloc((c->trace->paths_n + 1) * sizeof(*w.todo)),
	};
	size_t n = 0;

	if (start)
		push(&w, (uint32_t)*start);
	while (w.n && n < max) {
		const uint32_t path = w.todo[--w.n];
		const struct str text = trace_text(c->trace, path);

		if (str_starts(text, c->build_path) && text.len > c->build_path.len && !is_object(text) &&
		    !is_compiled(&w, path) && differ(c, str_from_at(text, c->build_path.len + 1)))
			out[n++] = str_from_at(text, c->build_path.len + 1);
		follow(&w, path);
	}
	memory_free(w.seen);
	memory_free(w.todo);
	return n;
}
