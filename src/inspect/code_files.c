/* What a file says as a whole: settings, package files, .pth, build.rs, data that is taken in. */
#include "inspect/code_work.h"

#include "base/ascii.h"

/* Puts the work at an offset; lines are counted from where it was, or anew when that lies behind it. */
static void go_to(struct code *c, size_t to)
{
	if (to < c->at) {
		c->at = 0;
		c->line = 1;
	}
	for (; c->at < to; c->at++)
		c->line += c->text.ptr[c->at] == '\n';
}

/* Rust's build.rs: a program that it writes, or data that it takes in, run under a name that is worked out or
 * by a shell. */
void code_read_rust_build(struct code *c)
{
	const size_t at_command = str_find_str(c->text, STR("Command::new("));
	const struct str name = str_from_at(c->text, at_command == (size_t)-1 ? c->text.len :
					    at_command + strlen("Command::new("));
	const bool data = str_find_str(c->text, STR("include_bytes!")) != (size_t)-1 ||
			  str_find_str(c->text, STR("include_str!")) != (size_t)-1;
	const bool made_program = str_find_str(c->text, STR("from_mode(0o7")) != (size_t)-1 &&
				  str_find_str(c->text, STR("write(")) != (size_t)-1;

	if (name.len == 0 || !((data && str_starts(name, STR("\"sh\""))) ||
			       ((data || made_program) && name.ptr[0] != '"')))
		return;
	go_to(c, at_command);
	code_tell(c, RULE_TP220, c->line, at_command, "the build runs a program that it brings along as data");
}

/* Data that C (#embed) and assembly (.incbin) take into the program. */
void code_read_embedded(struct code *c)
{
	enum { LINE_MAX_READ = 4096 };
	static const char *const marks[] = { "#embed", ".incbin", NULL };

	for (size_t i = 0; marks[i]; i++) {
		size_t from = 0, at;

		while ((at = str_find_str(str_from_at(c->text, from), str_from(marks[i]))) != (size_t)-1) {
			struct str rest = str_first(str_from_at(c->text, from + at + strlen(marks[i])), LINE_MAX_READ);
			const struct str line = str_first(rest, str_find(rest, '\n'));
			const size_t quote = str_find(line, '"');

			rest = str_from_at(line, quote == (size_t)-1 ? line.len : quote + 1);
			go_to(c, from + at);
			code_add_name(c, str_first(rest, str_find(rest, rest.len && rest.ptr[0] == '\\' ? '\\' : '"')),
				 CAP_LINK, LANGUAGE_NONE);
			from += at + strlen(marks[i]);
			if (c->out->names_n >= 64)
				return;
		}
	}
}

/* The next string, without its quotes, its escapes as they are. */
static struct str json_string(struct str s)
{
	const size_t quote = str_find(s, '"');
	size_t end;

	s = str_from_at(s, quote == (size_t)-1 ? s.len : quote + 1);
	for (end = 0; end < s.len && s.ptr[end] != '"'; end++)
		end += s.ptr[end] == '\\' && end + 1 < s.len;
	return str_first(s, end);
}

/* "name": "value" pairs of package.json that npm runs when the package is installed. */
void code_read_package(struct code *c)
{
	static const char *const keys[] = { "\"preinstall\"", "\"install\"", "\"postinstall\"", NULL };
	const size_t scripts = str_find_str(c->text, STR("\"scripts\""));
	const struct str rest = scripts == (size_t)-1 ? STR("") : str_from_at(c->text, scripts);
	const struct str body = str_first(rest, str_find(rest, '}'));

	for (size_t i = 0; keys[i]; i++) {
		const size_t k = str_find_str(body, str_from(keys[i]));

		if (k == (size_t)-1)
			continue;
		go_to(c, scripts + k);
		code_tell(c, RULE_TP223, c->line, scripts + k, "a command runs when the package is installed");
		code_read_command(c, json_string(str_from_at(body, k + strlen(keys[i]))));
	}
}

/* Lines of settings that name programs to be run: files by the end of their path, what the line begins with
 * (or holds, of a key in quotes), and what makes it more than a habit of the tool's users. */
static const struct { const char *end, *key, *and; } settings[] = {
	{ "config.toml", "rustc-wrapper", "/" }, { "config.toml", "rustc-workspace-wrapper", "/" },
	{ "config.toml", "linker", "/" }, { "config.toml", "runner", "/" },
	{ "config.toml", "rustc", "/" },
	{ "config", "rustc-wrapper", "/" }, { "config", "runner", "/" }, { "config", "linker", "/" },
	{ "entry_points.txt", "[distutils.commands]", NULL },
	{ "entry_points.txt", "[distutils.setup_keywords]", NULL },
	{ ".npmrc", "script-shell", NULL }, { ".npmrc", "node-options", NULL },
	{ "tasks.json", "\"folderOpen\"", NULL },
	{ ".gdbinit", "shell", "shell" }, { ".gdbinit", "!", "!" },
	{ "Doxyfile", "FILTER_PATTERNS", "sh -c" }, { "Doxyfile", "INPUT_FILTER", "sh -c" },
	{ ".tex", "\\immediate\\write18", "write18" },
	{ "conf.py", "os.system(", "(" }, { "conf.py", "os.popen(", "(" },
};

/* Of a longer name: rustc-wrapper behind rustc. */
static bool goes_on(struct str rest)
{
	return rest.len && (ascii_is_word(rest.ptr[0]) || rest.ptr[0] == '-');
}

static void read_setting(struct code *c, struct str key, const char *and)
{
	struct str rest = c->text, line;

	for (int64_t number = 1; str_next_line(&rest, &line); number++) {
		line = str_trim(line);
		if (key.ptr[0] == '"' ? str_find_str(line, key) == (size_t)-1 :
		    !str_starts(line, key) || goes_on(str_from_at(line, key.len)))
			continue;
		if (str_ends(line, STR("=")) && str_find(line, '=') == line.len - 1)
			continue;	/* set to nothing */
		code_tell(c, RULE_TP224, number, (size_t)(line.ptr - c->text.ptr),
		     and && str_find_str(line, str_from(and)) != (size_t)-1 ?
		     "a setting names a program that no installation brings" :
		     "a setting names a program to be run");
		if (!and || str_find_str(line, str_from(and)) == (size_t)-1)
			c->notes->v[c->notes->n - 1].severity = SEVERITY_LOW;
	}
}

void code_read_settings(struct code *c, struct str path)
{
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		if (str_ends(path, str_from(settings[i].end)))
			read_setting(c, str_from(settings[i].key), settings[i].and);
}

void code_read_pth(struct code *c)
{
	struct str rest = c->text, line;
	int64_t number = 0;

	while (str_next_line(&rest, &line)) {
		number++;
		if (str_starts(line, STR("import ")) || str_starts(line, STR("import\t")))
			code_tell(c, RULE_TP225, number, (size_t)(line.ptr - c->text.ptr),
			     "python runs this line at every start");
	}
}
