#include "rebuild/trace_json.h"

#include "base/escape.h"

static void put(struct buf *out, const char *key, struct str value)
{
	buf_addf(out, ",\"%s\":", key);
	escape_json(out, value);
}

static void put_path(const struct trace *t, struct buf *out, const char *key, uint32_t path)
{
	if (path != TRACE_NONE)
		put(out, key, trace_text(t, path));
}

static void put_task(const struct trace *t, size_t i, struct str label, struct buf *out)
{
	const struct trace_task *const task = &t->tasks[i];
	struct str argument;

	buf_addf(out, "{\"task\":%zu", i);
	if (task->parent != TRACE_NONE)
		buf_addf(out, ",\"parent\":%u", task->parent);
	put(out, "build", label);
	put(out, "phase", str_from(phase_name((enum phase)task->phase)));
	buf_addf(out, ",\"pid\":%d", task->pid);
	if (task->executed) {
		put_path(t, out, "program", task->program);
		put_path(t, out, "directory", task->directory);
		put_path(t, out, "stdin", task->in);
		put_path(t, out, "stdout", task->out);
		buf_add_cstr(out, ",\"argv\":[");
		for (size_t k = 0; trace_argument(task, k, &argument); k++) {
			buf_add_cstr(out, k ? "," : "");
			escape_json(out, argument);
		}
		buf_add_char(out, ']');
	}
	buf_add_cstr(out, "}\n");
}

static void put_event(const struct trace *t, const struct trace_event *e, struct str label, struct buf *out)
{
	buf_addf(out, "{\"event\":\"%s\",\"task\":%u", event_kind_name((enum event_kind)e->kind), e->task);
	put(out, "build", label);
	put_path(t, out, "path", e->path);
	put_path(t, out, "other", e->other);
	if (e->flags & EVENT_EXISTED)
		buf_add_cstr(out, ",\"existed\":true");
	if (e->flags & EVENT_MISSING)
		buf_add_cstr(out, ",\"missing\":true");
	buf_add_cstr(out, "}\n");
}

void trace_json(const struct trace *t, struct str label, struct buf *out)
{
	for (size_t i = 0; i < t->tasks_n; i++)
		put_task(t, i, label, out);
	for (size_t i = 0; i < t->events_n; i++)
		put_event(t, &t->events[i], label, out);
}
