/* What decides for whom a build is another one, and what is put into compilers and linkers. */
#include "inspect/script_work.h"

/* $USER, $(id -un) and the like. */
static bool asks_for_user(const struct word *word)
{
	for (size_t i = 0; i < word->n; i++) {
		const struct part *const p = &word->v[i];
		const struct command *const c = p->kind == PART_COMMAND && p->list && p->list->n ?
						p->list->v[0].v[0] : NULL;
		const struct str name = c && c->words_n && c->words[0].n ? c->words[0].v[0].text : STR("");

		if (p->kind == PART_VARIABLE && (str_eq(p->text, STR("USER")) || str_eq(p->text, STR("LOGNAME"))))
			return true;
		if (str_eq(name, STR("id")) || str_eq(name, STR("whoami")) || str_eq(name, STR("logname")))
			return true;
	}
	return false;
}

/* case $(id -un) in buildd): the user under whom a distribution builds. */
void script_see_builders(struct script_work *w, const struct command *c, int64_t line, struct str text)
{
	static const struct str builders[] = {
		STR("buildd"), STR("pbuilder"), STR("sbuild"), STR("mockbuild"), STR("abuild"), STR("nixbld"),
	};

	if (c->words_n != 1 || c->name.len || !asks_for_user(&c->words[0]))
		return;
	for (size_t i = 0; i < sizeof(builders) / sizeof(builders[0]); i++)
		if (str_find_str(text, builders[i]) != (size_t)-1) {
			script_tell(w, RULE_TP210, line, text, "what happens depends on the user under whom "
				    "distributions build");
			return;
		}
}

/* Words of a test that make the build another one for somebody, some time or some place. */
void script_see_conditions(struct script_work *w, const struct argv *a, int64_t line, struct str text)
{
	static const struct { const char *part; enum severity severity; } parts[] = {
		{ "debian/rules", SEVERITY_MEDIUM }, { "RPM_ARCH", SEVERITY_MEDIUM },
		{ "DEB_BUILD_ARCH", SEVERITY_MEDIUM }, { "RPM_BUILD_ROOT", SEVERITY_MEDIUM },
		{ "/.dockerenv", SEVERITY_MEDIUM }, { "/proc/1/cgroup", SEVERITY_MEDIUM },
		{ "date +%s", SEVERITY_MEDIUM }, { "$CI\"", SEVERITY_LOW }, { "${CI", SEVERITY_LOW },
		{ "GITHUB_ACTIONS", SEVERITY_MEDIUM }, { "`whoami", SEVERITY_LOW },
		{ "$(whoami", SEVERITY_LOW }, { "id -un", SEVERITY_LOW }, { "$LOGNAME", SEVERITY_LOW },
		{ "$USER\"", SEVERITY_LOW }, { "buildd", SEVERITY_LOW },
	};
	if (!str_eq(a->base, STR("test")) && !str_eq(a->base, STR("[")) && !str_eq(a->base, STR("[[")))
		return;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (str_find_str(text, str_from(parts[i].part)) != (size_t)-1) {
			script_tell(w, RULE_TP210, line, text, "what happens depends on who builds it, where or when")
				->severity = parts[i].severity;
			return;
		}
}

/* cc, gcc-12, x86_64-linux-gnu-g++, $(CXX), libtool --mode=compile and the like. */
static bool compiles(struct str command)
{
	static const struct str ends[] = {
		STR("cc"), STR("++"), STR("clang"), STR("CC"), STR("CXX"), STR("COMPILE"), STR("LINK"), STR("libtool"),
		STR("LIBTOOL"), STR("ld"), STR("LD"), STR("CPP"), STR("cpp"),
	};

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (str_ends(command, ends[i]))
			return true;
	return str_find_str(command, STR("cc-")) != (size_t)-1 || str_find_str(command, STR("++-")) != (size_t)-1 ||
	       str_find_str(command, STR("clang-")) != (size_t)-1 || str_find(command, COMMAND_UNKNOWN) != (size_t)-1;
}

/* `command`: of which it is an argument; empty: in the value of a variable. */
static void see_flag(struct script_work *w, struct str s, struct str command, int64_t line, struct str text)
{
	const char *message = NULL;
	enum severity severity = SEVERITY_MEDIUM;

	if (s.len < 4 || (s.ptr[0] != '-' && s.ptr[0] != '@' && s.ptr[0] != 'L' &&
			  str_find_str(s, STR("-Wl,")) == (size_t)-1))
		return;
	if (str_starts(s, STR("-B")) && s.len > 3 && (command.len == 0 || compiles(command)) && strchr(".$\x01", s.ptr[2]) &&
	    str_find_str(s, STR("/../")) == (size_t)-1) {
		script_tell(w, RULE_TP211, line, text, "the compiler looks for its parts in the tree")->severity =
			SEVERITY_MEDIUM;
		return;
	}
	if (str_starts(s, STR("-fplugin=")) && s.len > 9 && s.ptr[9] != '/') {
		script_tell(w, RULE_TP211, line, text, "the compiler is given a plugin out of the tree");
		return;
	}
	if (str_find_str(s, STR("-Wl,--wrap")) != (size_t)-1 ||
	    str_find_str(s, STR("-Wl,--defsym")) != (size_t)-1)
		message = "the linker is told to replace a function";
	else if ((str_starts(s, STR("-Wl,@")) && s.len > 5 && s.ptr[5] != ' ') || (str_starts(s, STR("@")) && s.len > 2 &&
						 s.ptr[s.len - 1] != '@'))
		message = str_starts(s, STR("@")) ? NULL : "the linker is given a file of options";
	else if (str_starts(s, STR("-specs=")) && s.len > 7 && s.ptr[7] != '/')
		message = "the compiler is given specs by name";
	else if (str_starts(s, STR("LD_PRELOAD=")) && s.len > 11)
		message = "a library is put before all others";
	/* A name without a folder is looked for where the system has such files. */
	if (message && (s.ptr[0] == 'L' || str_starts(s, STR("-specs="))) &&
	    str_find(s, '/') == (size_t)-1)
		severity = SEVERITY_LOW;
	if (message)
		script_tell(w, RULE_TP211, line, text, message)->severity = severity;
}

void script_see_flags(struct script_work *w, const struct argv *a, int64_t line, struct str text)
{
	bool compiling = false, stdin_source = false, from_language = false, preprocesses = false;
	bool makes_code = false;

	/* Words about flags. */
	if ((a->kind & (COMMAND_READS | COMMAND_GREP)) || str_eq(a->base, STR("echo")))
		return;
	for (size_t i = 0; i < a->n; i++) {
		see_flag(w, a->v[i], a->v[0], line, text);
		compiling = compiling || str_eq(a->v[i], STR("-c"));
		makes_code = makes_code || str_ends(a->v[i], STR(",code"));
		preprocesses = preprocesses || str_eq(a->v[i], STR("-E"));
		stdin_source = stdin_source || str_eq(a->v[i], STR("-"));
		from_language = from_language || str_eq(a->v[i], STR("-x"));
	}
	if (str_ends(a->base, STR("objcopy")) && makes_code)
		script_tell(w, RULE_TP211, line, text, "data is made an object file, as code")->severity =
			SEVERITY_MEDIUM;
	if (compiling && stdin_source && from_language && !preprocesses &&
	    str_find_str(text, STR("/dev/null")) == (size_t)-1)
		script_tell(w, RULE_TP211, line, text, "the compiler reads its source from a pipe")->severity =
			SEVERITY_MEDIUM;
}

/* automake's lists of what is packed, installed or deleted: nothing there is linked. */
static bool only_lists(struct str variable)
{
	static const struct str ends[] = {
		STR("EXTRA_DIST"), STR("DISTFILES"), STR("CLEANFILES"), STR("_DATA"), STR("_SCRIPTS"), STR("_HEADERS"),
		STR("TESTS"), STR("DIST_COMMON"),
	};

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (str_ends(variable, ends[i]))
			return true;
	return false;
}

/* A text or a picture among them a linker takes amiss; most of a list of files to be packed are such. */
static bool is_mostly_other_files(struct str value)
{
	static const struct str linked[] = {
		STR("o"), STR("a"), STR("so"), STR("obj"), STR("lo"), STR("la"), STR("lib"), STR("c"), STR("cc"), STR("cpp"),
		STR("cxx"), STR("s"), STR("S"), STR("m"), STR("d"), STR("ld"), STR("map"), STR("def"), STR("sym"),
	};
	size_t other = 0, all = 0;
	struct str word;

	while (str_next_word(&value, &word)) {
		const size_t dot = str_rfind(str_base(word), '.');

		if (dot == (size_t)-1 || word.ptr[0] == '-' || str_find(word, '$') != (size_t)-1)
			continue;
		all++;
		other += !STR_IS_ONE_OF(str_from_at(str_base(word), dot + 1), linked);
	}
	return other * 2 > all;
}

/* Flags in the value of a variable, and the files named there. */
void script_see_value(struct script_work *w, struct str variable, struct str value, int64_t line, struct str text)
{
	const bool list = only_lists(variable) || is_mostly_other_files(value);
	struct str word;

	while (str_next_word(&value, &word)) {
		see_flag(w, word, STR(""), line, text);
		if (list)
			continue;
		if (str_ends(word, STR(".o")) || str_ends(word, STR(".a")) || str_ends(word, STR(".so")) ||
		    str_ends(word, STR(".obj")) || str_ends(word, STR(".lo")))
			script_see_name(w, word, CAP_LINK, line);
	}
}

/* Lines of makefiles that make's own language gives a meaning. */
void script_see_make_lines(struct script_work *w, struct str text)
{
	struct str line;

	for (int64_t number = 1; str_next_line(&text, &line); number++) {
		struct str rest = str_trim(line), word;

		if ((line.len && line.ptr[0] == '\t') || !str_next_word(&rest, &word))
			continue;
		rest = str_trim(rest);
		if ((str_eq(word, STR("include")) || str_eq(word, STR("-include")) ||
		     str_eq(word, STR("sinclude"))) &&
		    (str_starts(rest, STR("$(HOME)")) || str_starts(rest, STR("${HOME}")) ||
		     str_starts(rest, STR("~")))) {
			struct note *const n = note_add(w->notes, RULE_TP210,
							"a file of whoever builds is taken in");

			n->severity = SEVERITY_MEDIUM;
			n->line = number;
			note_evidence(w->notes, n, line);
		}
		if (str_eq(word, STR("SHELL")) && rest.len > 2 && (rest.ptr[0] == '=' || rest.ptr[1] == '=')) {
			rest = str_trim(str_from_at(rest, str_find(rest, '=') + 1));
			if (rest.len && rest.ptr[0] != '/' && !str_starts(rest, STR("$(shell")) &&
			    str_find(rest, '/') != (size_t)-1) {
				struct note *const n = note_add(w->notes, RULE_TP211,
								"a file of the tree is the shell of all commands");

				n->severity = SEVERITY_MEDIUM;
				n->line = number;
				note_evidence(w->notes, n, line);
			}
		}
	}
}

static bool begins_in_tree(const struct word *word)
{
	for (size_t i = 0; i < word->n; i++)
		if (word->v[i].kind != PART_TEXT || word->v[i].text.len)
			return word->v[i].kind == PART_VARIABLE && str_ends(word->v[i].text, STR("srcdir"));
	return false;
}

void script_see_path(struct script_work *w, const struct assignment *as, int64_t line, struct str text)
{
	if (str_eq(as->name, STR("PATH")) && begins_in_tree(&as->value))
		script_tell(w, RULE_TP211, line, text, "programs are looked for in the tree first")->severity =
			SEVERITY_MEDIUM;
}
