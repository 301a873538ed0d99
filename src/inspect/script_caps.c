#include "inspect/script_work.h"

struct note *script_tell(struct script_work *w, enum rule_id rule, int64_t line, struct str text,
			 const char *message)
{
	struct note *n;

	/* A command and the text that it evaluates stand in the same place: that is said once. */
	for (size_t i = w->notes->n; i-- > w->notes_before && w->notes->n - i <= SAME_PLACE;)
		if (w->notes->v[i].rule == rule && w->notes->v[i].line == line)
			return &w->notes->v[i];
	n = note_add(w->notes, rule, "%s", message);
	n->line = line;
	note_evidence(w->notes, n, str_trim(text));
	return n;
}

bool script_map(struct script_work *w, const struct argv *a, struct byte_map *map)
{
	struct str options = STR(""), sets[2] = { STR(""), STR("") };
	size_t n = 0;

	for (size_t i = 1; i < a->n; i++) {
		if (n == 0 && a->v[i].len > 1 && a->v[i].ptr[0] == '-' &&
		    strchr("cCdst", a->v[i].ptr[1]))
			options = str_from_at(a->v[i], 1);
		else if (n < 2 && !str_eq(a->v[i], STR("--")))
			sets[n++] = a->v[i];
	}
	if (n == 0 || (sets[0].len && memchr(sets[0].ptr, COMMAND_UNKNOWN, sets[0].len)) ||
	    (sets[1].len && memchr(sets[1].ptr, COMMAND_UNKNOWN, sets[1].len)) ||
	    !byte_map_parse(options, sets[0], sets[1], map))
		return false;
	map->spec = arena_strf(w->arena, "tr%s%.*s '%.*s' '%.*s'", options.len ? " -" : "",
			       STR_FMT(options), STR_FMT(sets[0]), STR_FMT(sets[1]));
	return true;
}

bool script_may_be_program(struct str text)
{
	return text.len > 4 && str_find(text, ' ') != (size_t)-1 && command_named_in(text);
}

struct script_text *script_text(struct script_work *w, struct str text, int64_t line, unsigned int depth)
{
	uint64_t *const place = map_put(&w->texts, text, 0);
	struct script_text *t = (struct script_text *)(uintptr_t)*place;

	if (t)
		return t;
	t = arena_alloc(w->arena, sizeof(*t));
	*place = (uint64_t)(uintptr_t)t;
	if (depth < TEXT_DEPTH && w->budget <= text.len)
		w->out->incomplete = true;
	else if (depth < TEXT_DEPTH) {
		w->budget -= text.len;
		t->list = shell_parse(w->arena, text, (struct shell_options){ line, depth });
	}
	return t;
}

/* A text that is run as a program, or may be. */
static unsigned int text_caps(struct script_work *w, struct str text, int64_t line, unsigned int depth)
{
	if (text.len < 2 || depth >= TEXT_DEPTH)
		return 0;
	return script_list_caps(w, script_text(w, text, line, depth)->list, depth + 1);
}

/* What is asked of a word: what its data went through, with or without what a text in it would do as a command. */
enum question { OUTPUT_AND_TEXTS, OUTPUT_ALONE };

static unsigned int word_caps(struct script_work *w, const struct word *word, enum question q, unsigned int depth);

static unsigned int variable_caps(struct script_work *w, struct str name, enum question q, unsigned int depth)
{
	const struct value *const value = variable_values(&w->vars, name);
	uint64_t *known;
	unsigned int caps = 0;

	if (!value || depth >= TEXT_DEPTH)
		return 0;
	known = map_put(&w->var_caps[q], value->name, 0);
	if (*known)
		return (unsigned int)(*known - 1);
	*known = 1;
	for (const struct value *v = value; v; v = v->next)
		caps |= word_caps(w, v->word, q, depth + 1);
	*map_put(&w->var_caps[q], value->name, 0) = caps + 1;
	return caps;
}

/* ${!name}: of the variables that its values name. */
static unsigned int indirect_caps(struct script_work *w, struct str name, enum question q, unsigned int depth)
{
	unsigned int caps = 0;

	for (const struct value *v = variable_values(&w->vars, name); v; v = v->next)
		caps |= variable_caps(w, word_text(&w->vars, v->word, 0, NULL), q, depth + 1);
	return caps;
}

/* eval "x=\$$name", eval "\${$name}", eval "x=\"$value\"": a name, or a value that is assigned. */
static bool is_operand(const struct word *word, size_t i)
{
	static const char *const ends[] = { "$", "${", "=", "=\"", "='", NULL };
	const struct part *const before = i ? &word->v[i - 1] : NULL;

	for (size_t k = 0; before && before->kind == PART_TEXT && ends[k]; k++)
		if (str_ends(before->text, str_from(ends[k])))
			return true;
	return false;
}

static unsigned int part_caps(struct script_work *w, const struct part *p, enum question q, unsigned int depth)
{
	unsigned int caps = 0;

	if (p->kind == PART_COMMAND && p->list)
		return script_list_caps(w, p->list, depth + 1);
	if (p->kind != PART_VARIABLE || depth >= TEXT_DEPTH)
		return 0;
	if (p->indirect)
		caps |= indirect_caps(w, p->text, q, depth);
	if (p->otherwise)
		caps |= word_caps(w, p->otherwise, q, depth + 1);
	return caps | variable_caps(w, p->text, q, depth);
}

static unsigned int word_caps(struct script_work *w, const struct word *word, enum question q, unsigned int depth)
{
	unsigned int caps = 0;

	for (size_t i = 0; i < word->n; i++)
		caps |= part_caps(w, &word->v[i], q, depth);
	if (q == OUTPUT_AND_TEXTS && word->n && word->v[0].kind == PART_TEXT &&
	    script_may_be_program(word->v[0].text))
		caps |= text_caps(w, word_text(&w->vars, word, 0, NULL), word->line, depth + 1);
	return caps;
}

unsigned int script_part_caps(struct script_work *w, const struct part *p, unsigned int depth)
{
	return part_caps(w, p, OUTPUT_AND_TEXTS, depth);
}

unsigned int script_word_caps(struct script_work *w, const struct word *word, unsigned int depth)
{
	return word_caps(w, word, OUTPUT_AND_TEXTS, depth);
}

unsigned int script_output_caps(struct script_work *w, const struct word *word, unsigned int depth)
{
	return word_caps(w, word, OUTPUT_ALONE, depth);
}

unsigned int script_program_caps(struct script_work *w, const struct word *word, unsigned int depth)
{
	unsigned int caps = 0;

	for (size_t i = 0; i < word->n; i++)
		if (!is_operand(word, i))
			caps |= part_caps(w, &word->v[i], OUTPUT_ALONE, depth);
	return caps;
}

struct str script_joined(struct script_work *w, const struct argv *a, size_t first)
{
	struct buf text = BUF_INIT;
	struct str copy;

	for (size_t i = first; i < a->n; i++) {
		if (i > first)
			buf_add_char(&text, ' ');
		buf_add_str(&text, a->v[i]);
	}
	copy = arena_str(w->arena, buf_str(&text));
	buf_release(&text);
	return copy;
}

/* $(NAME) in a text for make is a reference, no command. */
static bool is_reference(const struct list *l)
{
	const struct command *c;

	if (!l || l->n != 1 || l->v[0].n != 1)
		return !l || l->n == 0;
	c = l->v[0].v[0];
	if (c->kind != COMMAND_SIMPLE || c->words_n != 1 || c->words[0].n != 1 ||
	    c->words[0].v[0].kind != PART_TEXT)
		return false;
	for (size_t i = 0; i < c->words[0].v[0].text.len; i++)
		if (c->words[0].v[0].text.ptr[i] >= 'a' && c->words[0].v[0].text.ptr[i] <= 'z')
			return false;
	return true;
}

/* The name alone is worked out by a command: $(echo $file | sed 's/.*\.//'). */
bool script_is_computed(const struct script_work *w, const struct command *c)
{
	const struct word *word = c->words_n ? &c->words[0] : NULL;

	for (unsigned int depth = 0; word && depth < TEXT_DEPTH; depth++) {
		const struct value *value;

		if (word->n != 1)
			break;
		if (word->v[0].kind == PART_COMMAND)
			return !is_reference(word->v[0].list);
		if (word->v[0].kind != PART_VARIABLE)
			return false;
		value = variable_values(&w->vars, word->v[0].text);
		word = value ? value->word : NULL;
	}
	/* Pieces put together: one of them is worked out. */
	for (size_t i = 0; word && word->n > 1 && i < word->n; i++)
		if (word->v[i].kind == PART_COMMAND && !is_reference(word->v[i].list))
			return true;
	return false;
}

static bool asks_to_decompress(const struct argv *a)
{
	for (size_t i = 1; i < a->n; i++)
		if (str_eq(a->v[i], STR("-d")) || str_eq(a->v[i], STR("-dc")) ||
		    str_eq(a->v[i], STR("-cd")) || str_eq(a->v[i], STR("--decompress")))
			return true;
	return false;
}

/* sed 's/[~@]//g' */
static bool deletes_everywhere(const struct argv *a)
{
	for (size_t i = 1; i < a->n; i++)
		if (str_starts(a->v[i], STR("s")) && str_ends(a->v[i], STR("//g")) && a->v[i].len > 5 &&
		    a->v[i].ptr[2] != '^' && a->v[i].ptr[a->v[i].len - 4] != '$')
			return true;
	return false;
}

const struct part *script_only_part(const struct word *word)
{
	const struct part *found = NULL;

	for (size_t i = 0; i < word->n; i++) {
		if (word->v[i].kind == PART_TEXT && word->v[i].text.len == 0)
			continue;
		if (found)
			return NULL;
		found = &word->v[i];
	}
	return found;
}

/* What calling the function does, worked out once: padding with calls must not use up what there is to spend. */
static unsigned int function_caps(struct script_work *w, struct str name, const struct list *body, unsigned int depth)
{
	uint64_t *const known = map_put(&w->function_caps, name, 0);
	unsigned int caps;

	if (*known)
		return (unsigned int)(*known - 1);
	*known = 1;
	caps = script_list_caps(w, body, depth);
	*map_put(&w->function_caps, name, 0) = caps + 1;
	return caps;
}

unsigned int script_command_caps(struct script_work *w, const struct command *c, const struct argv *a,
				 const struct list *function, unsigned int depth)
{
	unsigned int caps = command_caps(a);
	struct byte_map map;

	if (w->budget)
		w->budget--;
	if (str_eq(a->base, STR("tr")) && script_map(w, a, &map) && byte_map_permutes(&map))
		caps |= CAP_MAP;
	if (a->kind & COMMAND_EVALS)
		caps |= text_caps(w, script_joined(w, a, 1), c->line, depth + 1);
	/* The text of the script itself, changed before it is used. */
	if (c->heredocs_n && str_eq(a->base, STR("sed")) && deletes_everywhere(a))
		caps |= CAP_DECODE;
	if (script_is_computed(w, c) && asks_to_decompress(a))
		caps |= CAP_COMPUTED | CAP_DECODE;
	if (function && depth < TEXT_DEPTH)
		caps |= function_caps(w, a->base, function, depth + 2);
	if (a->kind & COMMAND_READS)
		caps |= CAP_FILE;
	return caps;
}

/* What went into the file of that name. */
unsigned int script_file_caps(const struct script_work *w, struct str name)
{
	const uint64_t *const caps = name.len ? map_get(&w->file_caps, name) : NULL;

	return caps ? (unsigned int)*caps : 0;
}

/* "$1": what went into any of the files of which the function is told. */
unsigned int script_parameter_file_caps(const struct script_work *w, const struct word *word)
{
	const struct part *const p = script_only_part(word);
	unsigned int caps = 0;

	if (!p || p->kind != PART_VARIABLE || p->text.len < 2 || p->text.ptr[0] != PARAMETERS_SIGN)
		return 0;
	for (const struct value *v = variable_values(&w->vars, p->text); v; v = v->next)
		caps |= script_file_caps(w, word_text(&w->vars, v->word, 0, NULL));
	return caps;
}

struct str script_caps_text(struct arena *a, unsigned int caps)
{
	static const struct { unsigned int cap; const char *text; } names[] = {
		{ CAP_DISCOVER, "found by its content" }, { CAP_MAP, "changed byte by byte" },
		{ CAP_COMPUTED, "decoded by a command whose name is worked out" },
		{ CAP_UNPACK, "decompressed" }, { CAP_DECODE, "decoded" }, { CAP_CARVE, "cut out" }, { CAP_NETWORK, "fetched" },
	};
	struct buf text = BUF_INIT;
	struct str copy;

	if (caps & CAP_COMPUTED)
		caps &= ~(unsigned int)(CAP_DECODE | CAP_UNPACK);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (caps & names[i].cap)
			buf_addf(&text, "%s%s", text.len ? ", " : "", names[i].text);
	copy = arena_str(a, buf_str(&text));
	buf_release(&text);
	return copy;
}
