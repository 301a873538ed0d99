#include "cli/option.h"

#include <stdint.h>

#include "base/cleanup.h"
#include "base/memory.h"
#include "cli/nearest.h"

struct parser {
	const struct option_row *table;
	char *into;
	int argc, at;		/* argv[at] is looked at */
	char *const *argv;
	struct option_parsed *parsed;
	struct error *err;
};

static void list_add(struct option_list *l, const char *value)
{
	l->v = memory_grow(l->v, l->n, &l->cap, sizeof(*l->v));
	l->v[l->n++] = value;
}

void option_list_release(struct option_list *l)
{
	memory_free(l->v);
	*l = (struct option_list){ NULL, 0, 0 };
}

size_t choice_count(const struct choice_set *set)
{
	size_t n = 0;

	while (set->name(n))
		n++;
	return n;
}

size_t choice_find(const struct choice_set *set, const char *name)
{
	for (size_t i = 0; set->name(i); i++)
		if (strcmp(set->name(i), name) == 0)
			return i;
	return (size_t)-1;
}

void choice_list(const struct choice_set *set, struct buf *out)
{
	for (size_t i = 0; set->name(i); i++)
		buf_addf(out, "%s%s", i ? ", " : "", set->name(i));
}

static int choice_error(const struct option_row *row, const char *shown, const char *value,
			struct error *err)
{
	AUTO_BUF struct buf names = BUF_INIT;
	struct nearest best = NEAREST_INIT(value);

	choice_list(row->choices, &names);
	for (size_t i = 0; row->choices->name(i); i++)
		nearest_offer(&best, row->choices->name(i));
	error_set(err, ERROR_USAGE, "option %s: \"%.200s\" is none of %s", shown, value,
		  buf_cstr(&names));
	if (best.name)
		error_hint(err, "did you mean \"%s\"?", best.name);
	return -1;
}

/* Decimal digits alone: no sign, no blank, no suffix. */
static bool number_parse(const char *text, unsigned int min, unsigned int max, unsigned int *out)
{
	uint64_t n = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		n = n * 10 + (uint64_t)(*text - '0');
		if (n > max)
			return false;
	}
	*out = (unsigned int)n;
	return n >= min;
}

/* `shown` is the option as the user wrote it. */
static int value_set(const struct option_row *row, char *into, const char *shown,
		     const char *value, struct error *err)
{
	void *place = into + row->offset;
	size_t choice;

	if (option_takes_value(row) && !*value)
		return error_set(err, ERROR_USAGE, "option %s: the value %s is empty", shown,
				 row->arg);
	switch (row->type) {
	case OPTION_TEXT:
		*(const char **)place = value;
		return 0;
	case OPTION_LIST:
		list_add(place, value);
		return 0;
	case OPTION_NUMBER:
		if (number_parse(value, row->min, row->max, place))
			return 0;
		return error_set(err, ERROR_USAGE,
				 "option %s: \"%.200s\" is not a whole number from %u to %u",
				 shown, value, row->min, row->max);
	case OPTION_CHOICE:
		choice = choice_find(row->choices, value);
		if (choice == (size_t)-1)
			return choice_error(row, shown, value, err);
		*(unsigned int *)place = (unsigned int)choice;
		return 0;
	case OPTION_FLAG:
		*(bool *)place = true;
		return 0;
	case OPTION_COUNT:
		++*(unsigned int *)place;
		return 0;
	case OPTION_HELP:
		break;
	}
	return 0;
}

static int initial_set(const struct option_row *table, char *into, struct error *err)
{
	for (const struct option_row *row = table; row->name; row++)
		if (row->initial && value_set(row, into, row->name, row->initial, err)) {
			err->code = ERROR_INTERNAL;
			return error_prefix(err, "default");
		}
	return 0;
}

static const struct option_row *row_by_name(const struct option_row *table, struct str name)
{
	for (const struct option_row *row = table; row->name; row++)
		if (str_eq(str_from(row->name), name))
			return row;
	return NULL;
}

static const struct option_row *row_by_letter(const struct option_row *table, char letter)
{
	for (const struct option_row *row = table; row->name; row++)
		if (row->letter && row->letter == letter)
			return row;
	return NULL;
}

/* `name` without dashes: of "--name", and of "-name", a common slip. */
static int unknown_hint(const struct parser *p, struct str name)
{
	AUTO_BUF struct buf copy = BUF_INIT;
	struct nearest best;

	buf_add_str(&copy, str_first(name, 100));
	best = NEAREST_INIT(buf_cstr(&copy));
	for (const struct option_row *row = p->table; row->name; row++)
		if (!row->hidden)
			nearest_offer(&best, row->name);
	if (best.name)
		error_hint(p->err, "did you mean --%s?", best.name);
	return -1;
}

/* Gives the row its value: `attached` when there is one, else the next argument. */
static int row_take(struct parser *p, const struct option_row *row, const char *shown,
		    const char *attached)
{
	if (row->type == OPTION_HELP) {
		p->parsed->help = true;
		return 0;
	}
	if (!option_takes_value(row))
		return value_set(row, p->into, shown, "", p->err);
	if (!attached) {
		if (p->at + 1 >= p->argc)
			return error_set(p->err, ERROR_USAGE, "option %s needs a value: %s %s",
					 shown, shown, row->arg);
		attached = p->argv[++p->at];
	}
	return value_set(row, p->into, shown, attached, p->err);
}

/* "--name", "--name=value" */
static int long_parse(struct parser *p, const char *arg)
{
	const char *equals = strchr(arg, '=');
	const struct str name = str_of(arg + 2, equals ? (size_t)(equals - arg) - 2 :
							 strlen(arg + 2));
	const struct option_row *row = row_by_name(p->table, name);
	char shown[64];

	if (!row) {
		error_set(p->err, ERROR_USAGE, "unknown option --%.*s",
			  name.len < 200 ? (int)name.len : 200, name.ptr);
		return unknown_hint(p, name);
	}
	snprintf(shown, sizeof(shown), "--%s", row->name);
	if (equals && !option_takes_value(row))
		return error_set(p->err, ERROR_USAGE,
				 "option %s takes no value, but \"%.200s\" was given", shown,
				 equals + 1);
	return row_take(p, row, shown, equals ? equals + 1 : NULL);
}

/* "-q", "-qv", "-oFILE", "-qoFILE" */
static int letters_parse(struct parser *p, const char *arg)
{
	for (const char *c = arg + 1; *c && !p->parsed->help; c++) {
		const struct option_row *row = row_by_letter(p->table, *c);
		const char shown[] = { '-', *c, '\0' };

		if (!row) {
			if (c == arg + 1)
				error_set(p->err, ERROR_USAGE, "unknown option %.200s", arg);
			else
				error_set(p->err, ERROR_USAGE, "unknown option -%c in %.200s", *c,
					  arg);
			return arg[2] ? unknown_hint(p, str_from(arg + 1)) : -1;
		}
		if (option_takes_value(row))
			return row_take(p, row, shown, c[1] ? c + 1 : NULL);
		if (row_take(p, row, shown, NULL))
			return -1;
	}
	return 0;
}

int options_parse(const struct option_row *table, int argc, char *const *argv,
		  bool stop_at_operand, void *into, struct option_parsed *parsed,
		  struct error *err)
{
	struct parser p = { .table = table, .into = into, .argc = argc, .at = 1, .argv = argv,
			    .parsed = parsed, .err = err };
	bool ended = false;	/* by "--" */

	*parsed = (struct option_parsed){ .next = argc };
	if (initial_set(table, into, err))
		return -1;
	for (; p.at < argc && !parsed->help; p.at++) {
		const char *arg = argv[p.at];
		int failed = 0;

		if (!ended && strcmp(arg, "--") == 0) {
			ended = true;
		} else if (!ended && arg[0] == '-' && arg[1] == '-') {
			failed = long_parse(&p, arg);
		} else if (!ended && arg[0] == '-' && arg[1]) {
			failed = letters_parse(&p, arg);
		} else if (stop_at_operand) {
			parsed->next = p.at;
			return 0;
		} else {
			list_add(&parsed->operands, arg);
		}
		if (failed)
			return -1;
	}
	return 0;
}

void options_release(const struct option_row *table, void *into)
{
	for (const struct option_row *row = table; row->name; row++)
		if (row->type == OPTION_LIST) {
			void *list = (char *)into + row->offset;

			option_list_release(list);
		}
}
