#include "input/attributes.h"

#include <stdint.h>

#include "base/map.h"
#include "base/memory.h"
#include "input/attrline.h"
#include "input/wildmatch.h"

/* As in git 2.39: a file of this many bytes or more is skipped. */
#define FILE_MAX_BYTES ((size_t)100 * 1024 * 1024)

/* Names whose state changes what git archive writes; macros that lead to them follow. */
enum {
	NAME_TEXT, NAME_CRLF, NAME_EOL, NAME_WORKING_TREE_ENCODING, NAME_IDENT, NAME_FILTER,
	NAME_EXPORT_IGNORE, NAME_EXPORT_SUBST, NAME_TARGETS,
};

static const struct str target_names[NAME_TARGETS] = {
	[NAME_TEXT] = { "text", 4 },
	[NAME_CRLF] = { "crlf", 4 },
	[NAME_EOL] = { "eol", 3 },
	[NAME_WORKING_TREE_ENCODING] = { "working-tree-encoding", 21 },
	[NAME_IDENT] = { "ident", 5 },
	[NAME_FILTER] = { "filter", 6 },
	[NAME_EXPORT_IGNORE] = { "export-ignore", 13 },
	[NAME_EXPORT_SUBST] = { "export-subst", 12 },
};

static const struct str builtin_macros = { "[attr]binary -diff -merge -text\n", 32 };

/* A word of a line whose name matters. */
struct state {
	uint32_t name;		/* NAME_... or, from NAME_TARGETS on, a macro's number */
	enum attribute_state state;
	struct str value;
};

struct states {
	struct state *v;
	size_t n;
};

enum match_kind {
	MATCH_NAME,		/* the last component is this text */
	MATCH_SUFFIX,		/* it ends in this text ("*" and a literal) */
	MATCH_NAME_GLOB,	/* it matches this pattern */
	MATCH_PATH,		/* the path below the file's directory matches this pattern */
};

struct rule {
	enum match_kind kind;
	bool directory;		/* only directories ("name/") */
	unsigned int line;	/* from 1 */
	struct str text;	/* without the "/" at either end; for MATCH_SUFFIX without "*" */
	size_t literal;		/* bytes of it before the first wildcard */
	struct states states;	/* never empty */
};

/* One .gitattributes file. */
struct frame {
	struct str dir, file, content;
	struct rule *rules;	/* in the order of the file; only those that matter */
	size_t n, cap;
};

struct attributes {
	struct arena arena;	/* contents, values, states */
	struct frame *frames;
	size_t n, cap;
	struct map by_dir;	/* directory to frame; keys lie in the arena */
	size_t longest_dir;
	struct map names;	/* relevant names to numbers */
	struct states *macros;	/* by number less NAME_TARGETS */
	size_t macros_n, macros_cap;
	bool any;
};

/* git reads the file as a C string, so its first NUL ends it. */
static struct str content_readable(struct str content)
{
	const size_t nul = str_find(content, '\0');

	if (content.len >= FILE_MAX_BYTES)
		return STR("");
	return nul == (size_t)-1 ? content : str_first(content, nul);
}

/* Those of the words whose names are known, in their order. */
static struct states states_collect(struct attributes *a, struct str words)
{
	struct state found[ATTRLINE_MAX / 2];
	struct states out = { NULL, 0 };
	struct attrword word;

	while (attrline_next(&words, &word)) {
		const uint64_t *const number = map_get(&a->names, word.name);

		if (number)
			found[out.n++] = (struct state){ (uint32_t)*number, word.state, word.value };
	}
	if (out.n == 0)
		return out;
	out.v = arena_alloc(&a->arena, out.n * sizeof(*out.v));
	memcpy(out.v, found, out.n * sizeof(*out.v));
	return out;
}

static void rule_set_pattern(struct rule *rule, struct str pattern)
{
	const size_t literal = wildmatch_literal(pattern);

	rule->directory = str_ends(pattern, STR("/"));
	if (rule->directory)
		pattern.len--;
	rule->text = pattern;
	rule->literal = literal < pattern.len ? literal : pattern.len;
	if (str_find(pattern, '/') != (size_t)-1) {
		rule->kind = MATCH_PATH;
		if (pattern.ptr[0] == '/') {
			rule->text = str_from_at(pattern, 1);
			rule->literal--;
		}
	} else if (rule->literal == pattern.len) {
		rule->kind = MATCH_NAME;
	} else if (pattern.ptr[0] == '*' &&
		   wildmatch_literal(str_from_at(pattern, 1)) == pattern.len - 1) {
		rule->kind = MATCH_SUFFIX;
		rule->text = str_from_at(pattern, 1);
	} else {
		rule->kind = MATCH_NAME_GLOB;
	}
}

/* Reads the rules of a file anew, by the names that are known now. */
static void frame_read(struct attributes *a, struct frame *f)
{
	struct str rest = content_readable(f->content), text;

	f->n = 0;
	for (unsigned int number = 1; str_next_line(&rest, &text); number++) {
		struct attrline line;

		if (!attrline_parse(&a->arena, text, f->dir.len == 0, &line) || line.macro)
			continue;
		const struct states states = states_collect(a, line.words);

		if (states.n == 0)
			continue;
		f->rules = memory_grow(f->rules, f->n, &f->cap, sizeof(*f->rules));
		struct rule *const rule = &f->rules[f->n++];

		*rule = (struct rule){ .line = number, .states = states };
		rule_set_pattern(rule, line.name);
		a->any = true;
	}
}

/* Learns the macros of one text. Two passes, as a macro may name one that follows. */
static void macros_read(struct attributes *a, struct str content)
{
	for (int pass = 0; pass < 2; pass++) {
		struct str rest = content, text;

		while (str_next_line(&rest, &text)) {
			struct attrline line;

			if (!attrline_parse(&a->arena, text, true, &line) || !line.macro)
				continue;
			if (pass == 1) {
				const size_t i = (size_t)*map_get(&a->names, line.name);

				if (i >= NAME_TARGETS)
					a->macros[i - NAME_TARGETS] =
						states_collect(a, line.words);
				continue;
			}
			if (*map_put(&a->names, line.name, NAME_TARGETS + a->macros_n) !=
			    NAME_TARGETS + a->macros_n)
				continue;
			a->macros = memory_grow(a->macros, a->macros_n, &a->macros_cap,
						sizeof(*a->macros));
			a->macros[a->macros_n++] = (struct states){ NULL, 0 };
		}
	}
}

struct attributes *attributes_new(void)
{
	struct attributes *const a = memory_zalloc(sizeof(*a));

	a->arena = ARENA_INIT;
	a->by_dir = MAP_INIT;
	a->names = MAP_INIT;
	for (size_t i = 0; i < NAME_TARGETS; i++)
		map_put(&a->names, target_names[i], i);
	macros_read(a, builtin_macros);
	return a;
}

void attributes_free(struct attributes *a)
{
	if (!a)
		return;
	for (size_t i = 0; i < a->n; i++)
		memory_free(a->frames[i].rules);
	memory_free(a->frames);
	memory_free(a->macros);
	map_release(&a->by_dir);
	map_release(&a->names);
	arena_release(&a->arena);
	memory_free(a);
}

void attributes_add(struct attributes *a, struct str dir, struct str content)
{
	const struct str key = arena_str(&a->arena, dir);
	const size_t i = (size_t)*map_put(&a->by_dir, key, a->n);

	if (i == a->n) {
		a->frames = memory_grow(a->frames, a->n, &a->cap, sizeof(*a->frames));
		a->frames[a->n++] = (struct frame){ .dir = key };
	}
	struct frame *const f = &a->frames[i];

	f->file = dir.len ? arena_strf(&a->arena, "%.*s/.gitattributes", STR_FMT(dir)) :
			    STR(".gitattributes");
	f->content = arena_str(&a->arena, content);
	if (dir.len > a->longest_dir)
		a->longest_dir = dir.len;
	if (dir.len) {
		frame_read(a, f);
		return;
	}
	macros_read(a, content_readable(f->content));
	for (size_t k = 0; k < a->n; k++)
		frame_read(a, &a->frames[k]);
}

bool attributes_any(const struct attributes *a)
{
	return a->any;
}

/* One question: the path, and what was decided so far. */
struct query {
	const struct attributes *a;
	struct str path, name;	/* name: the last component */
	bool is_dir;
	size_t open;		/* target names not decided yet */
	bool decided[NAME_TARGETS];
	bool *macros_decided;	/* NULL until a macro is met */
	struct attribute found[NAME_TARGETS];
};

static bool rule_matches_path(const struct rule *rule, struct str below)
{
	if (!str_starts(below, str_first(rule->text, rule->literal)))
		return false;
	if (rule->literal == rule->text.len)
		return below.len == rule->literal;
	/* As in git, the wildcards see only what follows the literal part: "a**" is "a" and then
	 * a "**" that stands at a start, so it does cross slashes. */
	return wildmatch(str_from_at(rule->text, rule->literal),
			 str_from_at(below, rule->literal), true);
}

static bool rule_matches(const struct rule *rule, const struct query *q, struct str below)
{
	if (rule->directory && !q->is_dir)
		return false;
	switch (rule->kind) {
	case MATCH_NAME:
		return str_eq(rule->text, q->name);
	case MATCH_SUFFIX:
		return str_ends(q->name, rule->text);
	case MATCH_NAME_GLOB:
		return str_starts(q->name, str_first(rule->text, rule->literal)) &&
		       wildmatch(rule->text, q->name, false);
	case MATCH_PATH:
		return rule_matches_path(rule, below);
	}
	return false;
}

/* Takes one state unless its name was decided; true when a macro's states are to follow. */
static bool query_take(struct query *q, const struct state *s, const struct frame *f,
		       unsigned int line)
{
	if (s->name >= NAME_TARGETS) {
		const size_t i = s->name - NAME_TARGETS;

		if (!q->macros_decided)
			q->macros_decided = memory_zalloc(q->a->macros_n);
		if (q->macros_decided[i])
			return false;
		q->macros_decided[i] = true;
		return s->state == ATTRIBUTE_SET;
	}
	if (q->decided[s->name])
		return false;
	q->decided[s->name] = true;
	q->open--;
	if (s->state != ATTRIBUTE_UNSPECIFIED)
		q->found[s->name] = (struct attribute){ s->state, s->value, f->file, line };
	return false;
}

/* A line's states from last to first, each macro's right behind it. Its own stack, since macros
 * of a hostile file may be nested as deep as the file has lines. */
static void query_apply(struct query *q, const struct rule *rule, const struct frame *f)
{
	struct states *stack = NULL;
	size_t depth = 0, cap = 0;
	struct states now = rule->states;

	for (;;) {
		if (now.n == 0) {
			if (depth == 0)
				break;
			now = stack[--depth];
			continue;
		}
		const struct state *const s = &now.v[--now.n];

		if (!query_take(q, s, f, rule->line))
			continue;
		stack = memory_grow(stack, depth, &cap, sizeof(*stack));
		stack[depth++] = now;
		now = q->a->macros[s->name - NAME_TARGETS];
	}
	memory_free(stack);
}

static void query_frame(struct query *q, struct str dir)
{
	const uint64_t *const i = map_get(&q->a->by_dir, dir);

	if (!i)
		return;
	const struct frame *const f = &q->a->frames[*i];
	const struct str below = str_from_at(q->path, dir.len ? dir.len + 1 : 0);

	for (size_t k = f->n; k > 0 && q->open > 0; k--)
		if (rule_matches(&f->rules[k - 1], q, below))
			query_apply(q, &f->rules[k - 1], f);
}

void attributes_get(const struct attributes *a, struct str path, bool is_dir,
		    struct path_attributes *out)
{
	struct query q = { .a = a, .path = path, .is_dir = is_dir, .open = NAME_TARGETS };
	size_t slash = str_rfind(path, '/');

	q.name = slash == (size_t)-1 ? path : str_from_at(path, slash + 1);
	while (a->any && slash != (size_t)-1 && q.open > 0) {
		if (slash <= a->longest_dir)
			query_frame(&q, str_first(path, slash));
		slash = str_rfind(str_first(path, slash), '/');
	}
	if (a->any && q.open > 0)
		query_frame(&q, STR(""));
	memory_free(q.macros_decided);
	*out = (struct path_attributes){
		.text = q.found[NAME_TEXT], .crlf = q.found[NAME_CRLF],
		.eol = q.found[NAME_EOL],
		.working_tree_encoding = q.found[NAME_WORKING_TREE_ENCODING],
		.ident = q.found[NAME_IDENT], .filter = q.found[NAME_FILTER],
		.export_ignore = q.found[NAME_EXPORT_IGNORE],
		.export_subst = q.found[NAME_EXPORT_SUBST],
	};
}
