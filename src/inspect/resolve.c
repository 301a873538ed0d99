#include "inspect/resolve.h"

#include "base/ascii.h"
#include "base/cleanup.h"

/* Values of a variable, or of what a function is called with; bytes of a value that cost as much as a lookup. */
enum { RESOLVE_DEPTH = 8, RESOLVE_STEPS = 1000, RESOLVE_TEXT = 16384, VALUES_MAX = 16, ARGUMENTS_MAX = 64,
       TEXT_COST = 64, COLLECT_DEPTH = 200, ARGV_MAX = 64 };

static void collect(struct variables *v, const struct list *l, unsigned int depth);

static void put(struct variables *v, struct str name, const struct word *w, int64_t line)
{
	struct value *value, *at;
	uint64_t *place;
	size_t n = 0;

	if (name.len == 0)
		return;
	place = map_put(&v->values, name, 0);
	at = (struct value *)(uintptr_t)*place;
	value = arena_alloc(v->arena, sizeof(*value));
	*value = (struct value){ .name = name, .word = w, .line = line };
	if (!at) {
		*place = (uint64_t)(uintptr_t)value;
		return;
	}
	for (; at->next; at = at->next)
		if (++n >= (name.ptr[0] == PARAMETERS_SIGN ? ARGUMENTS_MAX : VALUES_MAX))
			return;
	at->next = value;
}

static void collect_word(struct variables *v, const struct word *w, unsigned int depth)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct part *const p = &w->v[i];

		if (p->kind == PART_COMMAND && p->list)
			collect(v, p->list, depth + 1);
		if (p->otherwise) {
			collect_word(v, p->otherwise, depth);
			put(v, p->text, p->otherwise, w->line);
		}
		/* ${name=value}, ${name:=value} and ${name-value} give a value by default. */
		if (p->kind == PART_VARIABLE && p->rest.len > 1) {
			struct str rest = p->rest;

			if (rest.ptr[0] == ':')
				rest = str_from_at(rest, 1);
			if (rest.len > 1 && (rest.ptr[0] == '=' || rest.ptr[0] == '-')) {
				struct word *const value = arena_alloc(v->arena, sizeof(*value));

				value->v = arena_alloc(v->arena, sizeof(*value->v));
				value->v[0] = (struct part){ .kind = PART_TEXT,
							     .text = str_from_at(rest, 1) };
				value->n = 1;
				value->line = w->line;
				put(v, p->text, value, w->line);
			}
		}
	}
}

/* export NAME=value and the like. */
static void collect_declared(struct variables *v, const struct word *w, int64_t line)
{
	const struct str first = w->n && w->v[0].kind == PART_TEXT ? w->v[0].text : STR("");
	const size_t n = str_find(first, '=');
	struct word *value;

	if (n == (size_t)-1 || n == 0)
		return;
	value = arena_alloc(v->arena, sizeof(*value));
	*value = *w;
	value->v = arena_alloc(v->arena, w->n * sizeof(*value->v));
	memcpy(value->v, w->v, w->n * sizeof(*value->v));
	value->v[0].text = str_from_at(first, n + 1);
	put(v, str_first(first, n), value, line);
}

/* read NAME <file: the output of a command that reads the file. */
static void collect_read(struct variables *v, const struct command *c)
{
	struct command *const cat = arena_alloc(v->arena, sizeof(*cat));
	struct list *const l = arena_alloc(v->arena, sizeof(*l));
	struct word *const value = arena_alloc(v->arena, sizeof(*value));

	*cat = *c;
	cat->seen = NULL;
	cat->words = arena_alloc(v->arena, sizeof(*cat->words));
	cat->words[0].v = arena_alloc(v->arena, sizeof(struct part));
	cat->words[0].v[0].text = STR("cat");
	cat->words[0].n = cat->words_n = 1;
	l->v = arena_alloc(v->arena, sizeof(*l->v));
	l->v[0].v = arena_alloc(v->arena, sizeof(*l->v[0].v));
	l->v[0].v[0] = cat;
	l->v[0].n = l->n = 1;
	value->v = arena_alloc(v->arena, sizeof(*value->v));
	value->v[0] = (struct part){ .kind = PART_COMMAND, .list = l };
	value->n = 1;
	value->line = c->line;
	for (size_t i = 1; i < c->words_n; i++)
		put(v, shell_plain(&c->words[i]), value, c->line);
}

/* Commands that give variables values. */
static void collect_builtin(struct variables *v, const struct command *c)
{
	static const struct str declaring[] = {
		STR("declare"), STR("export"), STR("local"), STR("readonly"), STR("typeset"),
	};
	const struct str name = shell_plain(&c->words[0]);

	if (STR_IS_ONE_OF(name, declaring))
		for (size_t i = 1; i < c->words_n; i++)
			collect_declared(v, &c->words[i], c->line);
	else if (str_eq(name, STR("printf")) && c->words_n > 3 && str_eq(shell_plain(&c->words[1]), STR("-v")))
		for (size_t i = 3; i < c->words_n; i++)
			put(v, shell_plain(&c->words[2]), &c->words[i], c->line);
	else if ((str_eq(name, STR("read")) || str_eq(name, STR("mapfile")) || str_eq(name, STR("readarray"))) &&
		 (c->redirections_n || c->heredocs_n))
		collect_read(v, c);
}

static void name_parameters(struct variables *v, struct str name, struct list *l, unsigned int depth);

static void name_parameters_of(struct variables *v, struct str name, struct word *w, unsigned int depth)
{
	for (size_t i = 0; i < w->n; i++) {
		struct part *const p = &w->v[i];

		if (p->kind == PART_COMMAND)
			name_parameters(v, name, p->list, depth + 1);
		else if (p->kind == PART_VARIABLE && p->text.len == 1 &&
			 (p->text.ptr[0] == '@' || p->text.ptr[0] == '*' ||
			  (ascii_is_digit(p->text.ptr[0]) && p->text.ptr[0] != '0')))
			p->text = name;
		if (p->otherwise)
			name_parameters_of(v, name, p->otherwise, depth + 1);
	}
}

/* $1, $@ and the like, which are this function's own. */
static void name_parameters(struct variables *v, struct str name, struct list *l, unsigned int depth)
{
	if (!l || depth > COLLECT_DEPTH)
		return;
	for (size_t i = 0; i < l->n; i++)
		for (size_t k = 0; k < l->v[i].n; k++) {
			struct command *const c = l->v[i].v[k];

			for (size_t n = 0; n < c->assignments_n; n++)
				name_parameters_of(v, name, &c->assignments[n].value, depth);
			for (size_t n = 0; n < c->words_n; n++)
				name_parameters_of(v, name, &c->words[n], depth);
			for (size_t n = 0; n < c->redirections_n; n++)
				name_parameters_of(v, name, &c->redirections[n].target, depth);
			for (size_t n = 0; n < c->heredocs_n; n++)
				name_parameters(v, name, c->heredocs[n]->program, depth + 1);
			for (size_t n = 0; n < c->bodies_n && c->kind != COMMAND_FUNCTION; n++)
				name_parameters(v, name, c->bodies[n], depth + 1);
		}
}

static void collect_function(struct variables *v, const struct command *c)
{
	const struct str name = arena_strf(v->arena, "%c%.*s", PARAMETERS_SIGN, STR_FMT(c->name));

	*map_put(&v->functions, c->name, 0) = (uint64_t)(uintptr_t)c->bodies[0];
	name_parameters(v, name, c->bodies[0], 0);
}

/* An argument that says more than a plain word: a value that is worked out, or the name of a file. */
static bool says_more(const struct word *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->v[i].kind != PART_TEXT || str_find(w->v[i].text, '.') != (size_t)-1 ||
		    str_find(w->v[i].text, '/') != (size_t)-1)
			return true;
	return false;
}

static void note_call(struct variables *v, const struct command *c)
{
	struct call *call;

	for (size_t i = 1; i < c->words_n; i++)
		if (says_more(&c->words[i])) {
			call = arena_alloc(v->arena, sizeof(*call));
			*call = (struct call){ c, v->calls };
			v->calls = call;
			return;
		}
}

/* What functions are called with. */
static void collect_calls(struct variables *v)
{
	AUTO_BUF struct buf name = BUF_INIT;

	for (const struct call *call = v->calls; call; call = call->next) {
		const struct command *const c = call->command;
		const struct str function = shell_plain(&c->words[0]);

		if (!variable_function(v, function))
			continue;
		buf_reset(&name);
		buf_addf(&name, "%c%.*s", PARAMETERS_SIGN, STR_FMT(function));
		for (size_t i = 1; i < c->words_n; i++)
			if (says_more(&c->words[i]))
				put(v, arena_str(v->arena, buf_str(&name)), &c->words[i], c->line);
	}
	v->calls = NULL;
}

static void collect_command(struct variables *v, const struct command *c, unsigned int depth)
{
	for (size_t i = 0; i < c->assignments_n; i++) {
		put(v, c->assignments[i].name, &c->assignments[i].value, c->line);
		collect_word(v, &c->assignments[i].value, depth);
	}
	for (size_t i = 0; i < c->words_n; i++)
		collect_word(v, &c->words[i], depth);
	/* for name in words */
	for (size_t i = 0; c->kind == COMMAND_COMPOUND && c->name.len && i < c->words_n; i++)
		put(v, c->name, &c->words[i], c->line);
	if (c->kind == COMMAND_FUNCTION && c->name.len && c->bodies_n)
		collect_function(v, c);
	if (c->kind == COMMAND_SIMPLE && c->words_n > 1) {
		collect_builtin(v, c);
		note_call(v, c);
	}
	for (size_t i = 0; i < c->bodies_n; i++)
		collect(v, c->bodies[i], depth + 1);
	for (size_t i = 0; i < c->redirections_n; i++)
		collect_word(v, &c->redirections[i].target, depth);
	for (size_t i = 0; i < c->heredocs_n; i++)
		collect(v, c->heredocs[i]->program, depth + 1);
}

static void collect(struct variables *v, const struct list *l, unsigned int depth)
{
	if (!l || depth > COLLECT_DEPTH)
		return;
	for (size_t i = 0; i < l->n; i++)
		for (size_t k = 0; k < l->v[i].n; k++)
			collect_command(v, l->v[i].v[k], depth);
}

void variables_collect(struct variables *v, struct list *l)
{
	collect(v, l, 0);
	collect_calls(v);
}

void variables_release(struct variables *v)
{
	map_release(&v->values);
	map_release(&v->functions);
}

const struct value *variable_values(const struct variables *v, struct str name)
{
	const uint64_t *const place = name.len ? map_get(&v->values, name) : NULL;

	return place ? (const struct value *)(uintptr_t)*place : NULL;
}

const struct list *variable_function(const struct variables *v, struct str name)
{
	const uint64_t *const place = name.len ? map_get(&v->functions, name) : NULL;

	return place ? (const struct list *)(uintptr_t)*place : NULL;
}

/* Which of several values to take, variable by variable: a number with a mixed base. */
struct choice {
	size_t n;
	bool more;
	unsigned int steps;	/* variables looked up: values may name each other without end */
};

static void add_word(const struct variables *v, const struct word *w, struct choice *c, struct buf *to,
		     unsigned int depth);

/* Variables that hold programs by convention stay as names: their values are set from outside. */
static bool is_program_variable(struct str name)
{
	static const struct str names[] = {
		STR("SHELL"), STR("CONFIG_SHELL"), STR("as_shell"), STR("SH"), STR("BASH"), STR("GREP"), STR("EGREP"),
		STR("FGREP"), STR("AWK"), STR("0"),
	};

	return STR_IS_ONE_OF(name, names);
}

/* A parameter, which is another one in each function. */
static bool is_parameter(struct str name)
{
	return name.len == 0 || (!ascii_is_word_start(name.ptr[0]) && name.ptr[0] != '$');
}

static void add_unknown(struct str name, struct buf *to)
{
	buf_add_char(to, COMMAND_UNKNOWN);
	if (!is_parameter(name))
		buf_add_str(to, name);
	buf_add_char(to, COMMAND_UNKNOWN);
}

static void add_variable(const struct variables *v, const struct part *p, struct choice *c,
			 struct buf *to, unsigned int depth)
{
	const struct value *value = variable_values(v, p->text);
	const size_t before = to->len;
	size_t values = 0, skip;

	if (is_program_variable(p->text)) {
		buf_add_char(to, '$');
		buf_add_str(to, p->text);
		return;
	}
	/* Nobody sets it: it separates words. */
	if (!value && str_eq(p->text, STR("IFS"))) {
		buf_add_char(to, ' ');
		return;
	}
	for (const struct value *at = value; at; at = at->next)
		values++;
	if (v->budget && *v->budget)
		--*v->budget;
	if (values == 0 || p->text.ptr[0] == PARAMETERS_SIGN || depth >= RESOLVE_DEPTH || ++c->steps > RESOLVE_STEPS ||
	    (v->budget && *v->budget == 0)) {
		add_unknown(p->text, to);
		return;
	}
	skip = c->n % values;
	c->more = c->more || skip + 1 < values;
	c->n /= values;
	for (; skip; skip--)
		value = value->next;
	add_word(v, value->word, c, to, depth + 1);
	/* The output of a command: by the name it has here. */
	if (to->len == before + 2 && to->ptr[before] == COMMAND_UNKNOWN) {
		to->len = before;
		add_unknown(p->text, to);
	}
}

/* $(command -v name), `which name`: the name, for what it runs. */
static bool add_found(const struct list *l, struct buf *to)
{
	const struct command *const c = l && l->n && l->v[0].n == 1 ? l->v[0].v[0] : NULL;
	const struct str name = c && c->kind == COMMAND_SIMPLE && c->words_n > 1 ? shell_plain(&c->words[0]) : STR("");
	const struct str found = name.len ? shell_plain(&c->words[c->words_n - 1]) : STR("");

	if (found.len == 0 || found.ptr[0] == '-' ||
	    (!str_eq(name, STR("which")) &&
	     !((str_eq(name, STR("command")) || str_eq(name, STR("type"))) && c->words_n > 2)))
		return false;
	buf_add_str(to, found);
	return true;
}

/* $(echo text), `printf %s text`: the text. */
static bool add_echo(const struct variables *v, const struct list *l, struct choice *c, struct buf *to,
		     unsigned int depth)
{
	const struct command *command;
	struct str name;
	size_t first = 1;

	if (!l || l->n != 1 || l->v[0].n != 1 || depth >= RESOLVE_DEPTH)
		return false;
	command = l->v[0].v[0];
	if (command->kind != COMMAND_SIMPLE || command->words_n < 2 || command->words[0].n != 1 ||
	    command->redirections_n || command->words[0].v[0].kind != PART_TEXT)
		return false;
	name = command_base(command->words[0].v[0].text);
	if (!str_eq(name, STR("echo")) && !str_eq(name, STR("printf")))
		return false;
	if (str_eq(name, STR("printf"))) {
		const struct part *const format = &command->words[1].v[0];
		const bool plain = command->words[1].n == 1 && format->kind == PART_TEXT;

		if (plain && (str_eq(format->text, STR("%s")) || str_eq(format->text, STR("%s\\n"))))
			first = 2;
		else if (!plain || str_find(format->text, '%') != (size_t)-1)
			return false;
	}
	for (size_t i = first; i < command->words_n; i++) {
		if (i > first && str_eq(name, STR("echo")))
			buf_add_char(to, ' ');
		add_word(v, &command->words[i], c, to, depth + 1);
	}
	return true;
}

static void add_word(const struct variables *v, const struct word *w, struct choice *c, struct buf *to,
		     unsigned int depth)
{
	for (size_t i = 0; i < w->n && to->len < RESOLVE_TEXT; i++) {
		const struct part *const p = &w->v[i];

		if (p->kind == PART_TEXT) {
			buf_add_str(to, p->text);
			/* Long values, again and again. */
			if (depth && v->budget)
				*v->budget -= *v->budget < p->text.len / TEXT_COST ? *v->budget : p->text.len / TEXT_COST;
		} else if (p->kind == PART_VARIABLE)
			add_variable(v, p, c, to, depth);
		else if (p->kind != PART_COMMAND || p->file || (!add_echo(v, p->list, c, to, depth) &&
							     !add_found(p->list, to)))
			add_unknown(STR(""), to);
	}
}

struct str word_text(const struct variables *v, const struct word *w, size_t n, bool *more)
{
	struct choice c = { .n = n };
	struct buf text = BUF_INIT;
	struct str copy;

	add_word(v, w, &c, &text, 0);
	copy = arena_str(v->arena, buf_str(&text));
	buf_release(&text);
	if (more)
		*more = *more || c.more;
	return copy;
}

static bool splits(const struct word *w)
{
	for (size_t i = 0; i < w->n; i++)
		if ((!w->v[i].quoted && w->v[i].kind != PART_TEXT) || str_eq(w->v[i].rest, STR("[@]")))
			return true;
	return false;
}

void command_argv(const struct variables *v, const struct command *c, size_t n, struct argv *out,
		  bool *more)
{
	struct str words[ARGV_MAX], *copy;
	size_t words_n = 0;

	for (size_t i = 0; i < c->words_n && words_n < ARGV_MAX; i++) {
		struct str text, part;

		/* Nearly all words are one plain text. */
		if (c->words[i].n == 1 && c->words[i].v[0].kind == PART_TEXT) {
			words[words_n++] = c->words[i].v[0].text;
			continue;
		}
		text = word_text(v, &c->words[i], n, more);
		if (!splits(&c->words[i])) {
			words[words_n++] = text;
			continue;
		}
		while (words_n < ARGV_MAX && str_next_word(&text, &part))
			words[words_n++] = part;
	}
	copy = words_n ? arena_alloc(v->arena, words_n * sizeof(*copy)) : NULL;
	if (copy)
		memcpy(copy, words, words_n * sizeof(*copy));
	*out = argv_of(copy, words_n);
}
