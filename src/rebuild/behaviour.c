#include "rebuild/behaviour.h"

#include "base/ascii.h"
#include "base/cleanup.h"
#include "rebuild/programs.h"

/* Numbers (of processes, times) become '#'. */
static struct str without_numbers(struct arena *a, struct str s)
{
	AUTO_BUF struct buf to = BUF_INIT;

	for (size_t i = 0; i < s.len; i++) {
		if (!ascii_is_digit(s.ptr[i]))
			buf_add_char(&to, s.ptr[i]);
		else if (i == 0 || !ascii_is_digit(s.ptr[i - 1]))
			buf_add_char(&to, '#');
	}
	return arena_str(a, buf_str(&to));
}

static void add_path(struct buf *to, struct str path, struct str build_path, struct str home)
{
	if (str_starts(path, build_path) && path.len > build_path.len) {
		buf_add_str(to, str_from_at(path, build_path.len + 1));
	} else if (str_starts(path, home)) {
		buf_add_char(to, '~');
		buf_add_str(to, str_from_at(path, home.len));
	} else {
		buf_add_str(to, path);
	}
}

static void add_line(struct behaviour *b, const struct trace *t, uint32_t task, struct str text)
{
	AUTO_BUF struct buf command = BUF_INIT;
	const struct str plain = without_numbers(&b->arena, text);
	struct behaviour_line *l;

	if (map_get(&b->index, plain))
		return;
	trace_command(t, task, &command);
	b->v = memory_grow(b->v, b->n, &b->cap, sizeof(*b->v));
	l = &b->v[b->n++];
	l->text = plain;
	l->exact = arena_str(&b->arena, text);
	l->command = arena_str(&b->arena, str_first(buf_str(&command), 200));
	map_put(&b->index, l->text, b->n);
}

/* Folders for temporary files are nobody's business, but names in them that others can guess are. */
static bool is_temporary(const struct trace_event *e, struct str path)
{
	const bool shared = str_starts(path, STR("/tmp/")) || str_starts(path, STR("/var/tmp/"));

	return str_starts(path, STR("/dev/")) || str_starts(path, STR("/proc/")) || str_starts(path, STR("pipe:")) ||
	       (shared && ((e->flags & (EVENT_EXCLUSIVE | EVENT_EXISTED)) ||
			   str_rfind(path, '/') > (str_starts(path, STR("/tmp/")) ? 4u : 8u)));
}

/* `renamed`: for each path, whether it was only the first name of another one. */
static void add_event(struct behaviour *b, const struct trace *t, const struct trace_event *e, const bool *renamed,
		      struct str build_path, struct str home, struct buf *line)
{
	const uint32_t path = e->kind == EVENT_WRITE ? e->path :
			      e->kind == EVENT_RENAME || e->kind == EVENT_LINK || e->kind == EVENT_SYMLINK ? e->other :
			      TRACE_NONE;

	if (path == TRACE_NONE || is_temporary(e, trace_text(t, path)) || (e->flags & EVENT_INHERITED) ||
	    renamed[path])
		return;
	buf_reset(line);
	buf_addf(line, "%s: write ", phase_name((enum phase)t->tasks[e->task].phase));
	add_path(line, trace_text(t, path), build_path, home);
	add_line(b, t, e->task, buf_str(line));
}

static void add_task(struct behaviour *b, const struct trace *t, uint32_t i, struct str build_path, struct str home,
		     struct buf *line)
{
	const struct trace_task *const task = &t->tasks[i];
	const struct str program = trace_text(t, task->program);
	struct str script;

	/* How a compiler divides its work is its own business; what it writes is not. */
	if (!task->executed || str_starts(program, STR("/tmp/")) ||
	    (str_starts(program, STR("/usr/")) && (program_kind(t, task) & PROGRAM_TOOLCHAIN)))
		return;
	buf_reset(line);
	buf_addf(line, "%s: run ", phase_name((enum phase)task->phase));
	/* The folder that a system's program was found in is PATH's doing. */
	if (str_starts(program, build_path))
		add_path(line, program, build_path, home);
	else
		buf_add_str(line, str_base(program));
	if (program_script(t, task, &script)) {
		buf_add_char(line, ' ');
		add_path(line, script, build_path, home);
	}
	add_line(b, t, i, buf_str(line));
}

void behaviour_init(struct behaviour *b, const struct trace *t, struct str build_path, struct str home)
{
	AUTO_BUF struct buf line = BUF_INIT;
	AUTO_FREE bool *renamed = memory_zalloc(t->paths_n + 1);

	*b = (struct behaviour){ .arena = ARENA_INIT, .index = MAP_INIT };
	for (uint32_t i = 0; i < t->tasks_n; i++)
		add_task(b, t, i, build_path, home, &line);
	for (size_t i = 0; i < t->events_n; i++)
		if (t->events[i].kind == EVENT_RENAME && t->events[i].path != TRACE_NONE)
			renamed[t->events[i].path] = true;
	for (size_t i = 0; i < t->events_n; i++)
		add_event(b, t, &t->events[i], renamed, build_path, home, &line);
}

void behaviour_release(struct behaviour *b)
{
	memory_free(b->v);
	map_release(&b->index);
	arena_release(&b->arena);
	*b = (struct behaviour){ .arena = ARENA_INIT, .index = MAP_INIT };
}

/* --- comparing --- */

static bool does(const struct behaviour *b, struct str text)
{
	return map_get(&b->index, text) != NULL;
}

enum { RANDOM = 6 };	/* letters that mktemp() makes up */

/* Calls `f` with each text in which six letters or digits in a row at the end of a word were made alike. */
static bool each_shape(struct str text, struct arena *a, bool (*f)(void *ctx, struct str shape), void *ctx)
{
	size_t run = 0;

	for (size_t i = 0; i <= text.len; i++) {
		const bool word = i < text.len && (ascii_is_letter(text.ptr[i]) || ascii_is_digit(text.ptr[i]));

		if (!word && run >= RANDOM) {
			struct str shape = arena_str(a, text);

			memset((char *)(uintptr_t)shape.ptr + i - RANDOM, '?', RANDOM);
			if (f(ctx, shape))
				return true;
		}
		run = word ? run + 1 : 0;
	}
	return false;
}

static bool put_shape(void *ctx, struct str shape)
{
	map_put(ctx, shape, 1);
	return false;
}

static bool has_shape(void *ctx, struct str shape)
{
	return map_get(ctx, shape) != NULL;
}

static void add_shapes(const struct behaviour *b, const struct behaviour *other, struct map *shapes, struct arena *a)
{
	for (size_t i = 0; i < b->n; i++)
		if (!does(other, b->v[i].text))
			each_shape(b->v[i].exact, a, put_shape, shapes);
}

static struct behaviour_line keep(const struct behaviour_line *l, struct arena *a)
{
	return (struct behaviour_line){ arena_str(a, l->text), arena_str(a, l->exact), arena_str(a, l->command) };
}

void behaviour_compare(const struct behaviour *plain, const struct behaviour *again, const struct behaviour *other,
		       struct arena *a, struct behaviour_difference *out)
{
	AUTO_ARENA struct arena scratch = ARENA_INIT;
	struct map shapes = MAP_INIT, shapes_of_other = MAP_INIT;

	*out = (struct behaviour_difference){
		.extra = arena_alloc(a, (other->n + 1) * sizeof(*out->extra)),
		.missing = arena_alloc(a, (plain->n + 1) * sizeof(*out->missing)),
	};
	add_shapes(plain, plain == again ? other : again, &shapes, &scratch);
	add_shapes(plain == again ? other : again, plain, plain == again ? &shapes_of_other : &shapes, &scratch);
	for (size_t i = 0; i < other->n; i++)
		if (!does(plain, other->v[i].text) && !does(again, other->v[i].text) &&
		    !each_shape(other->v[i].exact, &scratch, has_shape, &shapes))
			out->extra[out->extra_n++] = keep(&other->v[i], a);
	for (size_t i = 0; i < plain->n; i++)
		if (does(again, plain->v[i].text) && !does(other, plain->v[i].text) &&
		    !each_shape(plain->v[i].exact, &scratch, has_shape, &shapes_of_other))
			out->missing[out->missing_n++] = keep(&plain->v[i], a);
	map_release(&shapes);
	map_release(&shapes_of_other);
}
