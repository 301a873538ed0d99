/* Commands as they stand in pipelines: what they are given, what comes of it, and which of them run their input. */
#include "inspect/script_work.h"

/* A descriptor, as see_descriptors() knows it. */
static struct str descriptor(struct script_work *w, struct str number)
{
	return arena_strf(w->arena, "&%.*s", STR_FMT(number));
}

/* exec 9<file: what is read from the descriptor later. */
static void see_descriptors(struct script_work *w, const struct command *c)
{
	for (size_t i = 0; i < c->redirections_n; i++) {
		const struct redirection *const r = &c->redirections[i];
		unsigned int caps;

		if (r->op[0] != '<' || r->op[1] == '&')
			continue;
		caps = script_file_caps(w, word_text(&w->vars, &r->target, 0, NULL));
		if (caps)
			*map_put(&w->file_caps, arena_strf(w->arena, "&%d", r->fd), 0) |= caps;
	}
}

/* What is filled into a here-document: its text was read as a program. */
static unsigned int filled_in_caps(struct script_work *w, const struct list *l, unsigned int depth)
{
	unsigned int caps = 0;

	for (size_t i = 0; l && depth < TEXT_DEPTH && i < l->n; i++)
		for (size_t k = 0; k < l->v[i].n; k++) {
			const struct command *const c = l->v[i].v[k];

			for (size_t n = 0; n < c->words_n; n++)
				caps |= script_output_caps(w, &c->words[n], depth + 1);
			for (size_t n = 0; n < c->assignments_n; n++)
				caps |= script_output_caps(w, &c->assignments[n].value, depth + 1);
		}
	return caps;
}

/* Data that a command is given by name or on its standard input. */
static unsigned int input_caps(struct script_work *w, const struct command *c, const struct argv *a,
			       unsigned int depth)
{
	unsigned int caps = 0;

	for (size_t i = 1; i < c->words_n; i++)
		for (size_t k = 0; k < c->words[i].n; k++)
			caps |= script_part_caps(w, &c->words[i].v[k], depth + 1);
	for (size_t i = 0; i < c->heredocs_n; i++)
		if (c->heredocs[i]->expands)
			caps |= filled_in_caps(w, c->heredocs[i]->program, depth + 1);
	for (size_t i = 1; i < a->n; i++)
		caps |= script_file_caps(w, a->v[i]);
	for (size_t i = 1; i < c->words_n && w->file_caps.n; i++)
		caps |= script_parameter_file_caps(w, &c->words[i]);
	for (size_t i = 0; i < c->redirections_n; i++) {
		const struct redirection *const r = &c->redirections[i];

		if (strcmp(r->op, "<&") == 0)
			caps |= script_file_caps(w, descriptor(w, word_text(&w->vars, &r->target, 0, NULL)));
		else if (r->op[0] == '<')
			caps |= CAP_FILE | script_file_caps(w, word_text(&w->vars, &r->target, 0, NULL)) |
				script_word_caps(w, &r->target, depth + 1);
	}
	return caps;
}

static void fill_in(struct script_work *w, struct command *c)
{
	struct argv argv[ALTERNATIVES];
	struct command_seen *const s = arena_alloc(w->arena, sizeof(*s));
	bool more = c->kind == COMMAND_SIMPLE;

	while (more && s->ways_n < ALTERNATIVES) {
		more = false;
		command_argv(&w->vars, c, s->ways_n, &argv[s->ways_n], &more);
		s->ways_n++;
	}
	if (s->ways_n)
		s->way = arena_alloc(w->arena, s->ways_n * sizeof(*s->way));
	for (size_t i = 0; i < s->ways_n; i++)
		s->way[i].argv = argv[i];
	c->seen = s;
}

/* What the first command of each pipeline does with its input: that of who calls the function. */
bool script_list_runs_stdin(struct script_work *w, const struct list *l, unsigned int depth)
{
	for (size_t i = 0; l && depth < TEXT_DEPTH && i < l->n; i++)
		if (script_see(w, l->v[i].v[0], depth)->runs)
			return true;
	return false;
}

/* while read x; do eval "$x"; done */
static bool evaluates_what_it_reads(const struct command *c)
{
	struct str name = STR("");

	for (size_t b = 0; b < c->bodies_n; b++)
		for (size_t i = 0; c->bodies[b] && i < c->bodies[b]->n; i++) {
			const struct command *const at = c->bodies[b]->v[i].v[0];
			const struct part *const first = at->words_n > 1 ? script_only_part(&at->words[0]) : NULL;
			const struct part *const last = first ? script_only_part(&at->words[at->words_n - 1]) : NULL;

			if (at->kind != COMMAND_SIMPLE || !last || first->kind != PART_TEXT)
				continue;
			if (str_eq(first->text, STR("read")) && last->kind == PART_TEXT)
				name = last->text;
			else if (name.len && last->kind == PART_VARIABLE && str_eq(last->text, name) &&
				 (str_eq(first->text, STR("eval")) ||
				  command_kind(command_base(first->text)) & COMMAND_SHELL))
				return true;
		}
	return false;
}

/* eval $command, where the command is such a one. */
static bool evaluates_stdin(const struct argv *a)
{
	struct str text = a->n > 1 ? a->v[1] : STR(""), word, words[8];
	struct argv inner;
	size_t n = 0;

	if (!str_eq(a->base, STR("eval")))
		return false;
	while (n < sizeof(words) / sizeof(words[0]) && str_next_word(&text, &word))
		words[n++] = word;
	inner = argv_of(words, n);
	return command_runs_stdin(&inner);
}

const struct command_seen *script_see(struct script_work *w, struct command *c, unsigned int depth)
{
	struct command_seen *s;
	unsigned int caps = 0;
	bool runs = false;

	if (!c->seen)
		fill_in(w, c);
	s = c->seen;
	if (s->turn == w->turn)
		return s;
	if (c->kind != COMMAND_SIMPLE && c->kind != COMMAND_FUNCTION) {
		for (size_t i = 0; i < c->bodies_n; i++)
			caps |= script_list_caps(w, c->bodies[i], depth + 1);
		runs = evaluates_what_it_reads(c);
		for (size_t i = 0; i < c->bodies_n && c->kind == COMMAND_GROUP; i++)
			runs = runs || script_list_runs_stdin(w, c->bodies[i], depth + 1);
	}
	for (size_t i = 0; i < s->ways_n; i++) {
		struct command_way *const way = &s->way[i];
		const struct list *const function = variable_function(&w->vars, way->argv.base);

		way->caps = script_command_caps(w, c, &way->argv, function, depth);
		/* A value that was cut out of something is no program that was. */
		caps |= way->caps | (input_caps(w, c, &way->argv, depth) & ~(unsigned int)CAP_CARVE);
		runs = runs || command_runs_stdin(&way->argv) || evaluates_stdin(&way->argv) ||
		       script_list_runs_stdin(w, function, depth + 2);
		if (str_eq(way->argv.base, STR("exec")) && way->argv.n == 1)
			see_descriptors(w, c);
	}
	s->caps = caps;
	s->runs = runs;
	s->turn = w->turn;
	return s;
}

static unsigned int pipeline_caps(struct script_work *w, const struct pipeline *p, unsigned int depth)
{
	unsigned int caps = 0;

	for (size_t i = 0; i < p->n; i++) {
		const struct command_seen *const s = script_see(w, p->v[i], depth);

		caps |= s->caps;
		if (s->runs && i > 0)
			caps |= CAP_EXECUTE;
	}
	return caps;
}

unsigned int script_list_caps(struct script_work *w, const struct list *l, unsigned int depth)
{
	unsigned int caps = 0;

	if (!l || depth > 2 * TEXT_DEPTH)
		return 0;
	for (size_t i = 0; i < l->n && w->budget; i++)
		caps |= pipeline_caps(w, &l->v[i], depth);
	return caps;
}
