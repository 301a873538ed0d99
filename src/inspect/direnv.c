#include "inspect/direnv.h"

#include "inspect/shell.h"

enum { DEPTH_MAX = 64 };

static bool is_usual(struct str command)
{
	static const struct str names[] = {
		STR("PATH_add"), STR("PATH_rm"), STR("path_add"), STR("path_rm"), STR("MANPATH_add"),
		STR("load_prefix"), STR("use"), STR("layout"), STR("source_env"), STR("source_up"),
		STR("source_env_if_exists"), STR("source_up_if_exists"), STR("source_url"), STR("watch_file"),
		STR("watch_dir"), STR("dotenv"), STR("dotenv_if_exists"), STR("env_vars_required"), STR("find_up"),
		STR("expand_path"), STR("has"), STR("log_status"), STR("log_error"), STR("strict_env"),
		STR("unstrict_env"), STR("direnv_version"), STR("rvm"), STR("on_git_branch"), STR("export"),
		STR("unset"), STR("local"), STR("set"), STR("test"), STR("["), STR("[["), STR("echo"), STR("true"),
		STR("false"), STR(":"), STR("exit"), STR("return"), STR("pwd"), STR("cd"), STR("printf"),
		STR("source"), STR("."), STR("mkdir"), STR("git"), STR("nix_direnv_version"),
		STR("nix_direnv_manual_reload"),
	};

	return STR_IS_ONE_OF(command, names) || str_starts(command, STR("layout_")) || str_starts(command, STR("use_"));
}

static bool writes(const struct command *c)
{
	for (size_t i = 0; i < c->redirections_n; i++)
		if (c->redirections[i].op[0] == '>' && c->redirections[i].op[1] != '&' &&
		    !str_starts(shell_plain(&c->redirections[i].target), STR("/dev/")))
			return true;
	return false;
}

struct search {
	struct str functions[16];
	size_t functions_n;
	const struct pipeline *found;
	int64_t line;
};

static void search_list(struct search *s, const struct list *l, unsigned int depth);

static void search_word(struct search *s, const struct word *w, unsigned int depth)
{
	for (size_t i = 0; depth < DEPTH_MAX && i < w->n; i++) {
		if (w->v[i].kind == PART_COMMAND)
			search_list(s, w->v[i].list, depth + 1);
		if (w->v[i].otherwise)
			search_word(s, w->v[i].otherwise, depth + 1);
	}
}

/* Commands within a here-document, the text of which was read as a program. */
static void search_filled_in(struct search *s, const struct list *l, unsigned int depth)
{
	for (size_t i = 0; l && depth < DEPTH_MAX && i < l->n; i++)
		for (size_t k = 0; k < l->v[i].n; k++)
			for (size_t n = 0; n < l->v[i].v[k]->words_n; n++)
				search_word(s, &l->v[i].v[k]->words[n], depth + 1);
}

static void search_command(struct search *s, const struct pipeline *p, const struct command *c, unsigned int depth)
{
	if (c->kind == COMMAND_FUNCTION && s->functions_n < sizeof(s->functions) / sizeof(s->functions[0]))
		s->functions[s->functions_n++] = c->name;
	if (writes(c) || (c->words_n && c->kind == COMMAND_SIMPLE && !is_usual(shell_plain(&c->words[0])) &&
			  !str_is_one_of(shell_plain(&c->words[0]), s->functions, s->functions_n))) {
		s->found = p;
		s->line = c->line;
		return;
	}
	for (size_t i = 0; i < c->assignments_n; i++)
		search_word(s, &c->assignments[i].value, depth);
	for (size_t i = 0; i < c->words_n; i++)
		search_word(s, &c->words[i], depth);
	for (size_t i = 0; i < c->redirections_n; i++)
		search_word(s, &c->redirections[i].target, depth);
	for (size_t i = 0; i < c->bodies_n; i++)
		search_list(s, c->bodies[i], depth + 1);
	for (size_t i = 0; i < c->heredocs_n; i++)
		if (c->heredocs[i]->expands)
			search_filled_in(s, c->heredocs[i]->program, depth + 1);
}

static void search_list(struct search *s, const struct list *l, unsigned int depth)
{
	for (size_t i = 0; l && depth < DEPTH_MAX && !s->found && i < l->n; i++)
		for (size_t k = 0; !s->found && k < l->v[i].n; k++)
			search_command(s, &l->v[i], l->v[i].v[k], depth);
}

void direnv_examine(struct str text, struct notes *notes)
{
	struct arena scratch = ARENA_INIT;
	struct search s = { .found = NULL };
	struct note *n;

	search_list(&s, shell_parse(&scratch, text, (struct shell_options){ 1, 0 }), 0);
	if (s.found) {
		n = note_add(notes, RULE_TP224, "direnv runs a command on entering the folder that is none of its own");
		n->line = s.line;
		note_evidence(notes, n, str_trim(s.found->text));
	}
	arena_release(&scratch);
}
