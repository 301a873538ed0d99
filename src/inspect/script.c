#include "inspect/script_work.h"

/* Names of files that are kept of one script. */
enum { NAMES_MAX = 20000, RUNNERS_MAX = 8, SUFFIX_MAX = 5 };

static void walk(struct script_work *w, const struct list *l, unsigned int depth);
static void walk_word(struct script_work *w, const struct word *word, unsigned int depth);

/* --- what is kept --- */

static void see_marker(struct script_work *w, const struct argv *a, int64_t line)
{
	struct script *const o = w->out;
	struct str pattern = STR("");

	for (size_t i = 1; i < a->n && pattern.len == 0; i++) {
		if (str_eq(a->v[i], STR("-e")) && i + 1 < a->n)
			pattern = a->v[++i];
		else if (a->v[i].len && a->v[i].ptr[0] != '-')
			pattern = a->v[i];
	}
	if (pattern.len < 4 || memchr(pattern.ptr, COMMAND_UNKNOWN, pattern.len))
		return;
	for (size_t i = 0; i < o->markers_n; i++)
		if (str_eq(o->markers[i].pattern, pattern))
			return;
	o->markers = memory_grow(o->markers, o->markers_n, &o->markers_cap, sizeof(*o->markers));
	o->markers[o->markers_n++] = (struct script_marker){
		arena_str(w->arena, pattern),
		command_has_option(a, 'E', "extended-regexp") || command_has_option(a, 'P', NULL) ||
			str_eq(a->base, STR("egrep")),
		command_has_option(a, 'F', "fixed-strings"), line,
	};
}

void script_see_program(struct script_work *w, struct str name, unsigned int caps, enum language language, int64_t line)
{
	if (w->out->names_n >= NAMES_MAX || name.len < 3 || name.len > 200 || name.ptr[0] == '-' ||
	    name.ptr[0] == '/' || memchr(name.ptr, '\n', name.len) || memchr(name.ptr, ' ', name.len))
		return;
	script_add_name(w->out, w->arena, name, line, caps, language);
}

void script_see_name(struct script_work *w, struct str name, unsigned int caps, int64_t line)
{
	script_see_program(w, name, caps, LANGUAGE_NONE, line);
}

static void add_map(struct script_work *w, const struct byte_map *map, int64_t line, struct str text)
{
	struct script *const o = w->out;

	for (size_t i = 0; i < o->maps_n; i++)
		if (memcmp(o->maps[i].map.to, map->to, sizeof(map->to)) == 0)
			return;
	o->maps = memory_grow(o->maps, o->maps_n, &o->maps_cap, sizeof(*o->maps));
	o->maps[o->maps_n] = (struct script_map){ *map, line, byte_map_permutes(map) };
	if (o->maps[o->maps_n++].permutes)
		script_tell(w, RULE_TP207, line, text, "bytes are exchanged for one another by a fixed map");
}

/* A text that is a program, or may be (`prose`), is walked as one, once. */
static void walk_text(struct script_work *w, struct str text, bool prose, int64_t line, unsigned int depth)
{
	struct script_text *t;

	if (depth >= TEXT_DEPTH || !script_may_be_program(text))
		return;
	t = script_text(w, text, line, depth);
	if (t->turn == w->turn)
		return;
	t->turn = w->turn;
	w->prose += prose;
	walk(w, t->list, depth + 1);
	w->prose -= prose;
}

/* What is told of a command in the first of its ways. */
static void tell_simple(struct script_work *w, const struct pipeline *p, const struct argv *a,
			unsigned int caps, int64_t line)
{
	struct byte_map map;

	if (caps & CAP_DISCOVER)
		script_tell(w, RULE_TP208, line, p->text, "files of the whole tree are searched for a text");
	if ((caps & CAP_COMPUTED) && p->n > 1)
		script_tell(w, RULE_TP209, line, p->text, "the name of a decompressor is worked out");
	if (caps & CAP_NETWORK)
		script_tell(w, RULE_TP212, line, p->text, "something is fetched");
	if (str_eq(a->base, STR("tr")) && script_map(w, a, &map))
		add_map(w, &map, line, script_joined(w, a, 0));
	script_see_conditions(w, a, line, p->text);
	script_see_flags(w, a, line, p->text);
	script_see_edits(w, a, line, p->text);
	for (size_t i = 1; i < a->n; i++)
		script_see_name(w, a->v[i], caps, line);
}

static void see_simple(struct script_work *w, const struct pipeline *p, struct command *c,
		       unsigned int depth)
{
	const struct command_seen *const seen = script_see(w, c, 0);
	const int64_t line = script_line(w, c->line);

	for (size_t n = 0; n < seen->ways_n; n++) {
		const struct argv *const a = &seen->way[n].argv;
		const unsigned int caps = seen->way[n].caps;

		w->out->caps |= caps;
		if (caps & CAP_DISCOVER)
			see_marker(w, a, line);
		script_see_runner(w, p, c, a, depth);
		if (a->n && str_find(a->v[0], '/') != (size_t)-1)
			/* What begins with no #! a shell runs itself. */
			script_see_program(w, a->v[0], CAP_EXECUTE | CAP_DIRECT, LANGUAGE_SHELL, line);
		if (n > 0)
			continue;
		tell_simple(w, p, a, caps, line);
		/* sh -c 'text', trap 'text', AC_... arguments and the like are programs of their own. */
		for (size_t i = 1; i < a->n; i++)
			walk_text(w, a->v[i], true, c->line, depth);
		if (a->kind & COMMAND_EVALS)
			walk_text(w, script_joined(w, a, 1), false, c->line, depth);
	}
}

/* grep -l in a substitution: a file is chosen by its content. */
static void see_assignment(struct script_work *w, const struct assignment *as, struct str text, unsigned int depth)
{
	const int64_t line = script_line(w, as->value.line);

	for (size_t i = 0; i < as->value.n; i++) {
		const struct part *const p = &as->value.v[i];

		if (p->otherwise)
			walk_word(w, p->otherwise, depth + 1);
		if (p->kind != PART_COMMAND || !p->list)
			continue;
		for (size_t k = 0; k < p->list->n; k++) {
			const struct command_seen *const seen = script_see(w, p->list->v[k].v[0], 0);
			const struct argv *const a = seen->ways_n ? &seen->way[0].argv : NULL;

			if (a && a->n && (str_ends(a->base, STR("grep")) || str_ends(a->v[0], STR("GREP"))) &&
			    command_has_option(a, 'l', "files-with-matches")) {
				see_marker(w, a, line);
				if (!(command_caps(a) & CAP_DISCOVER))
					script_tell(w, RULE_TP208, line, text, "a file is chosen by what it "
					     "contains")->severity = SEVERITY_LOW;
			}
		}
		walk(w, p->list, depth + 1);
	}
	script_see_path(w, as, line, text);
	if (as->value.n) {
		const struct str value = word_text(&w->vars, &as->value, 0, NULL);

		if (as->value.v[0].kind == PART_TEXT || as->value.n > 1)
			script_see_value(w, as->name, value, line, text);
		walk_text(w, value, true, as->value.line, depth);
	}
}

/* All of it is known, or has a name at least; or name.`date`: known but for its end. */
static bool is_told_apart(struct str name)
{
	enum { KNOWN_MIN = 5 };

	for (size_t i = 0; i < name.len; i++) {
		const size_t close = name.ptr[i] == COMMAND_UNKNOWN ?
				     str_find(str_from_at(name, i + 1), COMMAND_UNKNOWN) : 1;

		if (close == 0)
			return i >= KNOWN_MIN && i + 2 == name.len;
		if (name.ptr[i] == COMMAND_UNKNOWN && close != (size_t)-1)
			i += close + 1;
	}
	return true;
}

/* It is run as "name" or as "./name". */
static void add_output(struct script_work *w, struct str name, unsigned int caps, int64_t line)
{
	if (str_starts(name, STR("./")))
		name = str_from_at(name, 2);
	if ((caps & CAP_UNDO) && script_is_build_program(name))
		script_tell(w, RULE_TP219, line, name, "what was decoded goes into a file that the build runs");
	if (!caps || name.len == 0 || str_starts(name, STR("/dev/")) || !is_told_apart(name))
		return;
	*map_put(&w->file_caps, name, 0) |= caps;
	*map_put(&w->file_caps, arena_strf(w->arena, "./%.*s", STR_FMT(name)), 0) |= caps;
}

/* Commands that are given the name of what they write. */
static void see_named_output(struct script_work *w, const struct argv *a, unsigned int caps, int64_t line)
{
	const struct str last = a->n > 1 ? a->v[a->n - 1] : STR("");

	if (str_eq(a->base, STR("dd")))
		for (size_t i = 1; i < a->n; i++)
			if (str_starts(a->v[i], STR("of=")))
				add_output(w, str_from_at(a->v[i], 3), caps, line);
	if (str_eq(a->base, STR("tee")))
		add_output(w, last, caps, line);
	/* gunzip x.gz makes x. */
	for (size_t i = 1; (caps & CAP_UNPACK) && (a->kind & (COMMAND_UNPACKS | COMMAND_UNPACKS_D)) && i < a->n; i++) {
		const size_t dot = str_rfind(a->v[i], '.');

		if (dot != (size_t)-1 && a->v[i].len - dot <= SUFFIX_MAX)
			add_output(w, str_first(a->v[i], dot), caps, line);
	}
	if (str_eq(a->base, STR("cp")) || str_eq(a->base, STR("mv")) || str_eq(a->base, STR("ln")) ||
	    str_eq(a->base, STR("install")))
		for (size_t i = 1; i + 1 < a->n; i++)
			add_output(w, last, script_file_caps(w, a->v[i]), line);
	for (size_t i = 1; i + 1 < a->n; i++)
		if (str_eq(a->v[i], STR("-out")) || str_eq(a->v[i], STR("-o")))
			add_output(w, a->v[i + 1], caps, line);
}

static void see_output(struct script_work *w, const struct command *c, unsigned int caps)
{
	const int64_t line = script_line(w, c->line);

	caps &= ~(unsigned int)CAP_FILE;
	if (c->seen && c->seen->ways_n && (caps || w->file_caps.n))
		see_named_output(w, &c->seen->way[0].argv, caps, line);
	if (!caps)
		return;
	for (size_t i = 0; i < c->redirections_n; i++) {
		const struct redirection *const r = &c->redirections[i];

		if (r->op[0] != '>' || r->fd > 1 || r->op[1] == '&')
			continue;
		add_output(w, word_text(&w->vars, &r->target, 0, NULL), caps, line);
	}
}

/* The commands that a word holds. */
static void walk_word(struct script_work *w, const struct word *word, unsigned int depth)
{
	for (size_t i = 0; i < word->n; i++) {
		if (word->v[i].kind == PART_COMMAND)
			walk(w, word->v[i].list, depth + 1);
		if (word->v[i].otherwise)
			walk_word(w, word->v[i].otherwise, depth + 1);
	}
}

static void walk_command(struct script_work *w, const struct pipeline *p, struct command *c,
			 unsigned int depth)
{
	for (size_t i = 0; i < c->assignments_n; i++)
		see_assignment(w, &c->assignments[i], p->text, depth);
	script_see_startup(w, p, c);
	if (c->kind == COMMAND_SIMPLE && c->words_n)
		see_simple(w, p, c, depth);
	else if (c->kind == COMMAND_COMPOUND)
		script_see_builders(w, c, script_line(w, c->line), str_first(p->text, 400));
	for (size_t i = 0; i < c->words_n; i++)
		walk_word(w, &c->words[i], depth);
	for (size_t i = 0; i < c->redirections_n; i++)
		walk_word(w, &c->redirections[i].target, depth);
	for (size_t i = 0; i < c->bodies_n; i++)
		walk(w, c->bodies[i], depth + 1);
	if (c->heredocs_n) {
		const bool document = !script_see(w, c, 0)->runs;

		w->documents += document;
		for (size_t i = 0; i < c->heredocs_n; i++)
			walk(w, c->heredocs[i]->program, depth + 1);
		w->documents -= document;
	}
}

/* echo 'text': the program stands there for everyone to read. */
static bool is_literal(const struct command *c)
{
	if (c->kind != COMMAND_SIMPLE || c->words_n < 2 || c->words[0].n != 1 ||
	    (!str_eq(c->words[0].v[0].text, STR("echo")) && !str_eq(c->words[0].v[0].text, STR("printf"))))
		return false;
	for (size_t i = 0; i < c->words_n; i++)
		if (c->words[i].n != 1 || c->words[i].v[0].kind != PART_TEXT)
			return false;
	return true;
}

/* The command by itself, whatever its arguments went through. */
static bool undoes(const struct command_seen *s)
{
	return s->ways_n && (s->way[0].caps & CAP_UNDO);
}

static void see_process(struct script_work *w, const struct pipeline *p, const struct word *word, unsigned int caps)
{
	for (size_t i = 0; i < word->n; i++) {
		const struct part *const part = &word->v[i];

		if (part->file && part->list && part->list->n && script_list_runs_stdin(w, part->list, 0))
			script_tell_execution(w, p, part->list->v[0].v[0], caps, false, false);
	}
}

/* > >(sh), tee >(sh) */
static void see_processes(struct script_work *w, const struct pipeline *p, const struct command *c, unsigned int caps)
{
	for (size_t i = 0; i < c->words_n; i++)
		see_process(w, p, &c->words[i], caps);
	for (size_t i = 0; i < c->redirections_n; i++)
		see_process(w, p, &c->redirections[i].target, caps);
}

static bool is_make(const struct command_seen *s)
{
	return s->ways_n && command_is_make(s->way[0].argv.base);
}

static void walk_pipeline(struct script_work *w, const struct pipeline *p, unsigned int depth)
{
	unsigned int caps = 0, told = 0;

	for (size_t i = 0; i < p->n; i++) {
		struct command *const c = p->v[i];
		const int64_t line = script_line(w, c->line);
		const struct command_seen *seen;
		unsigned int own;
		bool runs;

		walk_command(w, p, c, depth);
		seen = script_see(w, c, 0);
		own = seen->caps;
		/* A command of a name that is worked out takes what was hidden: a shell, most likely. */
		runs = seen->runs || (i > 0 && undoes(script_see(w, p->v[i - 1], 0)) && script_is_computed(w, c) &&
				      !(own & CAP_COMPUTED));
		/* automake has make read what sed made of a makefile. */
		runs = runs && (!is_make(seen) || ((caps | own) & CAP_UNDO));
		/* Of a pipeline with many shells, the first ones tell enough: each looks at all before it. */
		runs = runs && told++ < RUNNERS_MAX;
		if (runs) {
			script_see_read_names(w, p, i, line);
			script_see_input_name(w, c, line);
		}
		if (runs && i > 0)
			script_tell_execution(w, p, c, caps | own, true, i == 1 && is_literal(p->v[0]));
		else if (runs && (own & (CAP_UNDO | CAP_DISCOVER | CAP_NETWORK)))
			script_tell_execution(w, p, c, own, false, false);
		caps |= own;
		see_processes(w, p, c, caps);
		see_output(w, c, caps);
	}
}

static void walk(struct script_work *w, const struct list *l, unsigned int depth)
{
	if (!l || depth > 200)
		return;
	for (size_t i = 0; i < l->n && w->budget; i++)
		walk_pipeline(w, &l->v[i], depth);
}

/* What is worked out of values, anew in each turn. */
static void release_maps(struct script_work *w)
{
	for (size_t i = 0; i < sizeof(w->var_caps) / sizeof(w->var_caps[0]); i++) {
		map_release(&w->var_caps[i]);
		w->var_caps[i] = MAP_INIT;
	}
	map_release(&w->run_vars);
	w->run_vars = MAP_INIT;
	map_release(&w->function_caps);
	w->function_caps = MAP_INIT;
}

/* What was found in the first turn, but for what went into files. */
static void forget(struct script_work *w)
{
	struct script *const o = w->out;

	w->notes->n = w->notes_before;
	o->maps_n = o->markers_n = o->sinks_n = o->names_n = 0;
	o->caps = 0;
	release_maps(w);
}

void script_examine(struct arena *a, struct str text, enum dialect dialect, struct notes *notes,
		    struct script *out)
{
	struct dialect_text plain = { .lines = NULL };
	struct script_work w = {
		.arena = a, .out = out, .notes = notes, .notes_before = notes->n,
		.vars = { .arena = a }, .dialect = dialect, .budget = BUDGET + 40 * text.len,
		.lookups = BUDGET + text.len, .turn = 1,
	};
	struct list *l;

	*out = (struct script){ .caps = 0 };
	if (dialect == DIALECT_MAKE)
		script_see_make_lines(&w, text);
	w.notes_before = notes->n;
	if (dialect == DIALECT_M4)
		dialect_m4(text, &plain);
	else if (dialect == DIALECT_MAKE)
		dialect_make(text, &plain);
	else if (dialect == DIALECT_CMAKE)
		dialect_cmake(text, &plain);
	else if (dialect == DIALECT_MESON)
		dialect_meson(text, &plain);
	if (dialect != DIALECT_SHELL) {
		w.converted = &plain;
		text = buf_str(&plain.text);
	}
	l = shell_parse(a, text, (struct shell_options){ 1, 0 });
	w.vars.budget = &w.lookups;
	variables_collect(&w.vars, l);
	walk(&w, l, 0);
	/* Once more, now that it is known what went into which file. */
	if (w.file_caps.n) {
		forget(&w);
		w.turn = 2;
		walk(&w, l, 0);
	}
	out->incomplete = out->incomplete || w.budget == 0 || w.lookups == 0;
	variables_release(&w.vars);
	release_maps(&w);
	map_release(&w.file_caps);
	map_release(&w.texts);
	dialect_release(&plain);
}

void script_add_name(struct script *s, struct arena *a, struct str name, int64_t line, unsigned int caps,
		     enum language language)
{
	s->names = memory_grow(s->names, s->names_n, &s->names_cap, sizeof(*s->names));
	s->names[s->names_n++] = (struct script_name){ arena_str(a, name), line, caps, language };
}

void script_release(struct script *s)
{
	memory_free(s->maps);
	memory_free(s->markers);
	memory_free(s->sinks);
	memory_free(s->names);
	*s = (struct script){ .caps = 0 };
}
