#include "rebuild/recipe.h"

enum section { SECTION_NONE, SECTION_PHASES, SECTION_ENVIRONMENT = PHASE_COUNT + 1, SECTION_NEEDS };

/* The section that a line opens: *is_heading false when it opens none. */
static int heading(struct str line, bool *is_heading, struct error *err)
{
	struct str name;

	*is_heading = line.len > 1 && line.ptr[0] == '[' && line.ptr[line.len - 1] == ']';
	if (!*is_heading)
		return SECTION_NONE;
	name = str_of(line.ptr + 1, line.len - 2);
	for (int i = 0; i < PHASE_COUNT; i++)
		if (str_eq(name, str_from(phase_name((enum phase)i))))
			return SECTION_PHASES + i;
	if (str_eq(name, STR("environment")))
		return SECTION_ENVIRONMENT;
	if (str_eq(name, STR("needs")))
		return SECTION_NEEDS;
	error_set(err, ERROR_INPUT, "no section is called \"%.*s\"", STR_FMT(str_first(name, 60)));
	return error_hint(err, "sections: bootstrap, configure, build, test, install, dist, environment, needs");
}

static int add_setting(struct recipe *r, struct arena *a, struct str line, struct error *err)
{
	const size_t equals = str_find(line, '=');

	if (equals == (size_t)-1 || equals == 0)
		return error_set(err, ERROR_INPUT, "not NAME=VALUE");
	r->environment = memory_grow(r->environment, r->environment_n, &r->environment_cap,
				     sizeof(*r->environment));
	r->environment[r->environment_n++] = arena_str(a, line);
	return 0;
}

static void add_needs(struct recipe *r, struct arena *a, struct str line)
{
	struct str word;

	while (str_next_word(&line, &word)) {
		r->needs = memory_grow(r->needs, r->needs_n, &r->needs_cap, sizeof(*r->needs));
		r->needs[r->needs_n++] = arena_str(a, word);
	}
}

static int take_line(struct recipe *r, struct arena *a, int section, struct buf *steps,
		     struct str line, struct error *err)
{
	const struct str trimmed = str_trim(line);

	if (section >= SECTION_PHASES && section < SECTION_PHASES + PHASE_COUNT) {
		buf_add_str(&steps[section - SECTION_PHASES], line);
		buf_add_char(&steps[section - SECTION_PHASES], '\n');
		return 0;
	}
	if (trimmed.len == 0 || trimmed.ptr[0] == '#')
		return 0;
	if (section == SECTION_ENVIRONMENT)
		return add_setting(r, a, trimmed, err);
	if (section == SECTION_NEEDS)
		return add_needs(r, a, trimmed), 0;
	if (str_starts(trimmed, STR("name = "))) {
		r->name = arena_str(a, str_from_at(trimmed, 7));
		return 0;
	}
	return error_set(err, ERROR_INPUT, "stands before the first [section]");
}

int recipe_parse(struct recipe *r, struct arena *a, struct str text, struct error *err)
{
	struct buf steps[PHASE_COUNT] = { BUF_INIT };
	int section = SECTION_NONE, number = 0, status = 0;
	struct str line;

	*r = (struct recipe){ .name = STR("recipe") };
	while (status == 0 && str_next_line(&text, &line)) {
		bool is_heading;
		int next;

		number++;
		next = heading(line, &is_heading, err);
		if (is_heading && next < 0)
			status = -1;
		else if (is_heading)
			section = next;
		else
			status = take_line(r, a, section, steps, line, err);
	}
	if (status < 0)
		error_prefix(err, "line %d", number);
	for (int i = 0; i < PHASE_COUNT; i++) {
		r->steps[i] = arena_str(a, str_trim(buf_str(&steps[i])));
		buf_release(&steps[i]);
	}
	return status;
}

void recipe_release(struct recipe *r)
{
	memory_free(r->environment);
	memory_free(r->needs);
	*r = (struct recipe){ .name = STR("") };
}

void recipe_print(const struct recipe *r, struct buf *out)
{
	buf_addf(out, "name = %.*s\n", STR_FMT(r->name));
	for (int i = 0; i < PHASE_COUNT; i++)
		if (r->steps[i].len)
			buf_addf(out, "\n[%s]\n%.*s\n", phase_name((enum phase)i), STR_FMT(r->steps[i]));
	if (r->environment_n)
		buf_add_cstr(out, "\n[environment]\n");
	for (size_t i = 0; i < r->environment_n; i++)
		buf_addf(out, "%.*s\n", STR_FMT(r->environment[i]));
	if (r->needs_n)
		buf_add_cstr(out, "\n[needs]\n");
	for (size_t i = 0; i < r->needs_n; i++)
		buf_addf(out, "%.*s\n", STR_FMT(r->needs[i]));
}
