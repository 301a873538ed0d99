#include "rebuild/trace.h"

#include "base/limits.h"

const char *event_kind_name(enum event_kind k)
{
	static const char *const names[] = {
		"read", "write", "rename", "link", "symlink", "unlink", "mode", "times", "pipe_read",
		"pipe_write", "connect", "denied", "memfd",
	};

	return names[k];
}

void trace_init(struct trace *t)
{
	*t = (struct trace){ .arena = ARENA_INIT, .path_index = MAP_INIT, .seen = MAP_INIT };
}

void trace_release(struct trace *t)
{
	arena_release(&t->arena);
	memory_free(t->tasks);
	memory_free(t->events);
	memory_free(t->paths);
	map_release(&t->path_index);
	map_release(&t->seen);
	trace_init(t);
}

uint32_t trace_path(struct trace *t, struct str path)
{
	const uint64_t *known = map_get(&t->path_index, path);

	if (known)
		return (uint32_t)*known;
	if (t->paths_n >= LIMIT_TRACE_PATHS) {
		t->full = true;
		return TRACE_NONE;
	}
	path = arena_str(&t->arena, path);
	t->paths = memory_grow(t->paths, t->paths_n, &t->paths_cap, sizeof(*t->paths));
	t->paths[t->paths_n] = path;
	map_put(&t->path_index, path, t->paths_n);
	return (uint32_t)t->paths_n++;
}

uint32_t trace_task(struct trace *t, uint32_t parent, int pid, enum phase phase)
{
	struct trace_task *task;

	t->tasks = memory_grow(t->tasks, t->tasks_n, &t->tasks_cap, sizeof(*t->tasks));
	task = &t->tasks[t->tasks_n];
	*task = (struct trace_task){
		.parent = parent, .pid = pid, .at = t->events_n, .phase = (uint8_t)phase, .program = TRACE_NONE,
		.directory = TRACE_NONE, .in = TRACE_NONE, .out = TRACE_NONE,
	};
	if (parent != TRACE_NONE) {
		task->program = t->tasks[parent].program;
		task->argv = t->tasks[parent].argv;
	}
	return (uint32_t)t->tasks_n++;
}

/* Whether the event says what one before it said already. The order of writes and renames matters. */
static bool is_repeated(struct trace *t, const struct trace_event *e)
{
	const size_t before = t->seen.n;
	struct {
		uint32_t task, path;
		uint32_t kind;
	} key = { e->task, e->path, e->kind };
	struct str kept;

	if (e->kind != EVENT_READ && e->kind != EVENT_PIPE_READ && e->kind != EVENT_PIPE_WRITE)
		return false;
	if (map_get(&t->seen, str_of(&key, sizeof(key))))
		return true;
	kept = arena_str(&t->arena, str_of(&key, sizeof(key)));
	map_put(&t->seen, kept, 1);
	return t->seen.n == before;
}

void trace_add(struct trace *t, uint32_t task, enum event_kind kind, unsigned int flags, uint32_t path,
	       uint32_t other)
{
	const struct trace_event e = {
		.task = task, .path = path, .other = other, .kind = (uint8_t)kind, .flags = (uint8_t)flags,
	};

	if (t->events_n >= LIMIT_TRACE_EVENTS) {
		t->full = true;
		return;
	}
	if (is_repeated(t, &e))
		return;
	t->events = memory_grow(t->events, t->events_n, &t->events_cap, sizeof(*t->events));
	t->events[t->events_n++] = e;
}

struct str trace_text(const struct trace *t, uint32_t path)
{
	return path < t->paths_n ? t->paths[path] : STR("");
}

bool trace_is_pipe(const struct trace *t, uint32_t path)
{
	return str_starts(trace_text(t, path), STR("pipe:"));
}

bool trace_argument(const struct trace_task *task, size_t number, struct str *out)
{
	struct str rest = task->argv;

	while (str_next_item(&rest, '\0', out))
		if (number-- == 0)
			return true;
	return false;
}

void trace_command(const struct trace *t, uint32_t task, struct buf *out)
{
	struct str argument;

	if (task == TRACE_NONE)
		return;
	for (size_t i = 0; trace_argument(&t->tasks[task], i, &argument); i++) {
		if (i)
			buf_add_char(out, ' ');
		buf_add_str(out, argument);
	}
}

void trace_count(const struct trace *t, struct trace_totals *out)
{
	uint64_t *const counts[EVENT_KINDS] = {
		[EVENT_READ] = &out->reads, [EVENT_WRITE] = &out->writes, [EVENT_RENAME] = &out->writes,
		[EVENT_PIPE_READ] = &out->pipes, [EVENT_CONNECT] = &out->connects,
		[EVENT_DENIED] = &out->denied,
	};

	*out = (struct trace_totals){ .lost = t->unreadable };
	for (size_t i = 0; i < t->tasks_n; i++) {
		out->programs += t->tasks[i].executed;
		out->processes += !t->tasks[i].executed || t->tasks[i].parent == TRACE_NONE ||
				  t->tasks[t->tasks[i].parent].pid != t->tasks[i].pid;
	}
	for (size_t i = 0; i < t->events_n; i++)
		if (counts[t->events[i].kind] && !(t->events[i].flags & EVENT_MISSING))
			++*counts[t->events[i].kind];
}
