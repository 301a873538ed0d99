#include "inspect/code.h"

#include "base/ascii.h"
#include "inspect/command.h"
#include "inspect/script.h"

/* Calls within calls that are followed; strings that are read as shell text. */
enum { CALLS_MAX = 64, TAINTED_MAX = 64, SHELL_TEXT_MAX = 65536 };

enum { CALL_RUNS = 1 << 0, CALL_DECODES = 1 << 1, CALL_SHELL = 1 << 2 };

struct call_row {
	const char *name;	/* the last components of a dotted name */
	unsigned int languages;	/* 1 << LANGUAGE_... */
	unsigned int what;
};

#define PYTHON (1u << LANGUAGE_PYTHON)
#define PERL (1u << LANGUAGE_PERL)
#define JS (1u << LANGUAGE_JAVASCRIPT)
#define CMAKE (1u << LANGUAGE_CMAKE)
#define MESON (1u << LANGUAGE_MESON)
#define RUST (1u << LANGUAGE_RUST)

/* Standard libraries of the languages. */
static const struct call_row calls[] = {
	{ "exec", PYTHON | PERL, CALL_RUNS }, { "eval", PYTHON | JS | PERL, CALL_RUNS },
	{ "compile", PYTHON, CALL_RUNS }, { "os.system", PYTHON, CALL_RUNS },
	{ "os.popen", PYTHON, CALL_RUNS }, { "system", PYTHON | PERL, CALL_RUNS },
	{ "subprocess.run", PYTHON, CALL_RUNS }, { "subprocess.call", PYTHON, CALL_RUNS },
	{ "subprocess.Popen", PYTHON, CALL_RUNS }, { "subprocess.check_output", PYTHON, CALL_RUNS },
	{ "subprocess.check_call", PYTHON, CALL_RUNS }, { "Popen", PYTHON, CALL_RUNS },
	{ "check_call", PYTHON, CALL_RUNS }, { "check_output", PYTHON, CALL_RUNS },
	{ "popen", PYTHON, CALL_RUNS }, { "marshal.loads", PYTHON, CALL_DECODES },
	{ "b64decode", PYTHON, CALL_DECODES }, { "b32decode", PYTHON, CALL_DECODES },
	{ "b85decode", PYTHON, CALL_DECODES }, { "a85decode", PYTHON, CALL_DECODES },
	{ "decodebytes", PYTHON, CALL_DECODES }, { "zlib.decompress", PYTHON, CALL_DECODES },
	{ "lzma.decompress", PYTHON, CALL_DECODES }, { "bz2.decompress", PYTHON, CALL_DECODES },
	{ "gzip.decompress", PYTHON, CALL_DECODES }, { "unhexlify", PYTHON, CALL_DECODES },
	{ "fromhex", PYTHON, CALL_DECODES }, { "codecs.decode", PYTHON, CALL_DECODES },
	{ "builtins.exec", PYTHON, CALL_RUNS }, { "builtins.eval", PYTHON, CALL_RUNS },
	{ "chr", PYTHON | PERL, CALL_DECODES }, { "pack", PERL, CALL_DECODES },
	{ "Function", JS, CALL_RUNS }, { "execSync", JS, CALL_RUNS }, { "spawnSync", JS, CALL_RUNS },
	{ "execFile", JS, CALL_RUNS }, { "spawn", JS, CALL_RUNS }, { "child_process.exec", JS, CALL_RUNS },
	{ "runInThisContext", JS, CALL_RUNS }, { "runInNewContext", JS, CALL_RUNS },
	{ "_compile", JS, CALL_RUNS }, { "atob", JS, CALL_DECODES },
	{ "fromCharCode", JS, CALL_DECODES }, { "inflateSync", JS, CALL_DECODES },
	{ "gunzipSync", JS, CALL_DECODES }, { "brotliDecompressSync", JS, CALL_DECODES },
	{ "decode_base64", PERL, CALL_DECODES }, { "unpack", PERL, CALL_DECODES },
	{ "uncompress", PERL, CALL_DECODES }, { "memGunzip", PERL, CALL_DECODES },
	{ "execute_process", CMAKE, CALL_RUNS | CALL_SHELL }, { "exec_program", CMAKE, CALL_RUNS | CALL_SHELL },
	{ "run_command", MESON, CALL_RUNS | CALL_SHELL },
};

/* One text in work. */
struct code {
	enum language language;
	struct notes *notes;
	struct str text;
	size_t at;
	int64_t line;
	/* Calls that are open. */
	struct {
		unsigned int what;
		int64_t line;
		size_t from;
		struct str shell;	/* the string before, when it is a shell's name */
		bool dash_c;
	} call[CALLS_MAX];
	size_t calls_n, open;		/* `open` counts all parentheses */
	size_t open_at[CALLS_MAX];
	struct str assigned;		/* NAME of the "NAME =" that the statement began with */
	struct str last;		/* the last plain identifier */
	struct str tainted[TAINTED_MAX];	/* names that hold what was decoded */
	size_t tainted_n;
};

static unsigned int call_kind(enum language language, struct str name)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		const struct str row = str_from(calls[i].name);

		if (!(calls[i].languages & 1u << language) || !str_ends(name, row))
			continue;
		/* A method of that name is something else: re.compile(), query.exec(). */
		if (name.len == row.len ||
		    (name.ptr[name.len - row.len - 1] == '.' && !str_eq(row, STR("compile")) &&
		     !str_eq(row, STR("exec")) && !str_eq(row, STR("eval"))) ||
		    name.ptr[name.len - row.len - 1] == ':')
			return calls[i].what;
	}
	return 0;
}

static bool is_tainted(const struct code *c, struct str name)
{
	for (size_t i = 0; i < c->tainted_n; i++)
		if (str_eq(c->tainted[i], name))
			return true;
	return false;
}

static struct str excerpt(const struct code *c, size_t from)
{
	const struct str rest = str_from_at(c->text, from);
	const size_t end = str_find(rest, '\n');

	return str_trim(str_first(rest, end == (size_t)-1 ? rest.len : end));
}

static void tell(struct code *c, enum rule_id rule, int64_t line, size_t from, const char *message)
{
	struct note *const n = note_add(c->notes, rule, "%s", message);

	n->line = line;
	note_evidence(c->notes, n, excerpt(c, from));
}

/* What was decoded is within the arguments of a call that runs it. */
static void see_decoded(struct code *c)
{
	for (size_t i = c->calls_n; i-- > 0;)
		if (c->call[i].what & CALL_RUNS) {
			tell(c, RULE_TP220, c->call[i].line, c->call[i].from,
			     "text is decoded and run as a program");
			c->call[i].what = 0;
			return;
		}
}

static void begin_call(struct code *c, struct str name, size_t from)
{
	const unsigned int what = call_kind(c->language, name);

	if (what & CALL_DECODES) {
		see_decoded(c);
		if (c->assigned.len && c->tainted_n < TAINTED_MAX)
			c->tainted[c->tainted_n++] = c->assigned;
	}
	if (what && c->calls_n < CALLS_MAX) {
		c->call[c->calls_n].what = what;
		c->call[c->calls_n].line = c->line;
		c->call[c->calls_n].from = from;
		c->call[c->calls_n].shell = STR("");
		c->call[c->calls_n].dash_c = false;
		c->open_at[c->calls_n++] = c->open;
	}
}

/* A string: perhaps shell text, perhaps 'base64' of Buffer.from(x, 'base64'). */
static void see_string(struct code *c, struct str s)
{
	if (c->calls_n && (c->call[c->calls_n - 1].what & CALL_SHELL)) {
		if (command_kind(command_base(s)) & COMMAND_SHELL)
			c->call[c->calls_n - 1].shell = s;
		else if (c->call[c->calls_n - 1].shell.len && str_eq(s, STR("-c")))
			c->call[c->calls_n - 1].dash_c = true;
		else if (c->call[c->calls_n - 1].dash_c) {
			tell(c, RULE_TP221, c->call[c->calls_n - 1].line, c->call[c->calls_n - 1].from,
			     "a text is given to a shell while the build is set up");
			c->call[c->calls_n - 1].dash_c = false;
		}
	}
	if (c->language == LANGUAGE_JAVASCRIPT &&
	    (str_eq(s, STR("base64")) || str_eq(s, STR("hex"))) && c->open) {
		see_decoded(c);
		if (c->assigned.len && c->tainted_n < TAINTED_MAX)
			c->tainted[c->tainted_n++] = c->assigned;
	}
	if (s.len > 8 && s.len < SHELL_TEXT_MAX && command_named_in(s) &&
	    (str_find(s, '|') != (size_t)-1 || str_find(s, '`') != (size_t)-1)) {
		struct arena scratch = ARENA_INIT;
		const size_t before = c->notes->n;
		struct script script;

		script_examine(&scratch, s, DIALECT_SHELL, c->notes, &script);
		for (size_t i = before; i < c->notes->n; i++)
			c->notes->v[i].line += c->line - 1;
		script_release(&script);
		arena_release(&scratch);
	}
}

static char at(const struct code *c, size_t ahead)
{
	return c->at + ahead < c->text.len ? c->text.ptr[c->at + ahead] : '\0';
}

static void read_string(struct code *c, char quote)
{
	const bool triple = c->language == LANGUAGE_PYTHON && at(c, 1) == quote && at(c, 2) == quote;
	const int64_t line = c->line;
	size_t from;

	c->at += triple ? 3 : 1;
	from = c->at;
	while (c->at < c->text.len) {
		const char ch = at(c, 0);

		if (ch == '\n') {
			c->line++;
			if (!triple && quote != '`' && c->language != LANGUAGE_CMAKE &&
			    c->language != LANGUAGE_PERL && c->language != LANGUAGE_RUST)
				break;
		}
		if (ch == '\\' && c->at + 1 < c->text.len) {
			c->line += at(c, 1) == '\n';
			c->at += 2;
			continue;
		}
		if (ch == quote && (!triple || (at(c, 1) == quote && at(c, 2) == quote))) {
			const int64_t now = c->line;

			c->line = line;
			see_string(c, str_of(c->text.ptr + from, c->at - from));
			c->line = now;
			c->at += triple ? 3 : 1;
			return;
		}
		c->at++;
	}
}

static void skip_line(struct code *c)
{
	while (c->at < c->text.len && at(c, 0) != '\n')
		c->at++;
}

static bool skip_comment(struct code *c)
{
	const bool hash = c->language == LANGUAGE_PYTHON || c->language == LANGUAGE_PERL ||
			  c->language == LANGUAGE_CMAKE || c->language == LANGUAGE_MESON;

	if (hash && at(c, 0) == '#') {
		skip_line(c);
		return true;
	}
	if (!hash && at(c, 0) == '/' && at(c, 1) == '/') {
		skip_line(c);
		return true;
	}
	if (!hash && at(c, 0) == '/' && at(c, 1) == '*') {
		for (c->at += 2; c->at < c->text.len; c->at++) {
			c->line += at(c, 0) == '\n';
			if (at(c, 0) == '*' && at(c, 1) == '/')
				break;
		}
		c->at = c->at + 2 < c->text.len ? c->at + 2 : c->text.len;
		return true;
	}
	return false;
}

/* The name of a variable, a function, or module.function. */
static void read_name(struct code *c)
{
	const size_t from = c->at;
	struct str name;
	size_t ahead = 0;

	while (c->at < c->text.len && (ascii_is_word(at(c, 0)) || at(c, 0) == '.' ||
				       (at(c, 0) == ':' && at(c, 1) == ':') ||
				       (at(c, 0) == ':' && c->text.ptr[c->at - 1] == ':')))
		c->at++;
	name = str_of(c->text.ptr + from, c->at - from);
	while (at(c, ahead) == ' ')
		ahead++;
	if (at(c, ahead) == '(' && (ahead == 0 || c->language != LANGUAGE_PYTHON)) {
		begin_call(c, name, from);
		return;
	}
	if (at(c, ahead) == '=' && at(c, ahead + 1) != '=' && c->open == 0)
		c->assigned = name;
	if (c->language == LANGUAGE_PERL && call_kind(LANGUAGE_PERL, name) & CALL_RUNS &&
	    at(c, ahead) == '$') {
		/* eval $ENV{X}; eval $decoded; */
		const struct str rest = str_from_at(c->text, c->at + ahead + 1);
		size_t n = 0;

		while (n < rest.len && ascii_is_word(rest.ptr[n]))
			n++;
		if (str_eq(str_first(rest, n), STR("ENV")))
			tell(c, RULE_TP222, c->line, from, "a value of the environment is run as a program");
		else if (is_tainted(c, str_first(rest, n)))
			tell(c, RULE_TP220, c->line, from, "text is decoded and run as a program");
	}
	/* Perl's functions need no parentheses. */
	if (c->language == LANGUAGE_PERL && call_kind(LANGUAGE_PERL, name) & CALL_DECODES) {
		if (c->last.len && call_kind(LANGUAGE_PERL, c->last) & CALL_RUNS)
			tell(c, RULE_TP220, c->line, from, "text is decoded and run as a program");
		if (c->assigned.len && c->tainted_n < TAINTED_MAX)
			c->tainted[c->tainted_n++] = c->assigned;
	}
	c->last = name;
	if (is_tainted(c, name) && !str_eq(name, c->assigned))
		see_decoded(c);
}

static void read_code(struct code *c)
{
	while (c->at < c->text.len) {
		const char ch = at(c, 0);

		if (skip_comment(c))
			continue;
		if (ch == '\n' || ch == ';') {
			c->line += ch == '\n';
			if (c->open == 0) {
				c->assigned = STR("");
				c->last = STR("");
			}
			c->at++;
		} else if (ch == '"' || ch == '\'' || (ch == '`' && c->language == LANGUAGE_JAVASCRIPT)) {
			read_string(c, ch);
		} else if (ch == '(') {
			c->open++;
			c->at++;
		} else if (ch == ')') {
			c->open -= c->open > 0;
			while (c->calls_n && c->open_at[c->calls_n - 1] >= c->open)
				c->calls_n--;
			c->at++;
		} else if (ascii_is_word(ch)) {
			/* CMake's arguments are bare words too. */
			const size_t from = c->at;

			read_name(c);
			if (c->language == LANGUAGE_CMAKE && c->open)
				see_string(c, str_of(c->text.ptr + from, c->at - from));
		} else if (ch == '-' && c->language == LANGUAGE_CMAKE && at(c, 1) == 'c' && c->open &&
			   !ascii_is_word(at(c, 2))) {
			see_string(c, STR("-c"));
			c->at += 2;
		} else {
			c->at++;
		}
	}
}

/* "name": "value" pairs of package.json that npm runs when the package is installed. */
static void read_package(struct code *c)
{
	static const char *const keys[] = { "\"preinstall\"", "\"install\"", "\"postinstall\"", NULL };
	const size_t scripts = str_find_str(c->text, STR("\"scripts\""));
	const struct str rest = scripts == (size_t)-1 ? STR("") : str_from_at(c->text, scripts);
	const struct str body = str_first(rest, str_find(rest, '}'));

	for (size_t i = 0; keys[i]; i++) {
		const size_t k = str_find_str(body, str_from(keys[i]));
		int64_t line = 1;

		if (k == (size_t)-1)
			continue;
		for (size_t n = 0; n < scripts + k; n++)
			line += c->text.ptr[n] == '\n';
		tell(c, RULE_TP223, line, scripts + k, "a command runs when the package is installed");
	}
}

/* Lines of settings that name programs to be run: files by the end of their path. */
static const struct { const char *end, *key; } settings[] = {
	{ "config.toml", "rustc-wrapper" }, { "config.toml", "rustc-workspace-wrapper" },
	{ "config.toml", "linker" }, { "config.toml", "runner" }, { "config.toml", "rustc" },
	{ "config", "rustc-wrapper" }, { "config", "runner" }, { "config", "linker" },
	{ "entry_points.txt", "[distutils.commands]" },
	{ "entry_points.txt", "[distutils.setup_keywords]" },
	{ ".npmrc", "script-shell" }, { ".npmrc", "node-options" },
	{ "tasks.json", "\"folderOpen\"" },
};

static void read_setting(struct code *c, struct str key)
{
	struct str rest = c->text, line;

	for (int64_t number = 1; str_next_line(&rest, &line); number++) {
		line = str_trim(line);
		if (key.ptr[0] == '"' ? str_find_str(line, key) == (size_t)-1 :
		    !str_starts(line, key) || (line.len > key.len && ascii_is_word(line.ptr[key.len])))
			continue;
		tell(c, RULE_TP224, number, (size_t)(line.ptr - c->text.ptr),
		     "a setting names a program to be run");
	}
}

static void read_settings(struct code *c, struct str path)
{
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		if (str_ends(path, str_from(settings[i].end)))
			read_setting(c, str_from(settings[i].key));
}

static void read_pth(struct code *c)
{
	struct str rest = c->text, line;
	int64_t number = 0;

	while (str_next_line(&rest, &line)) {
		number++;
		if (str_starts(line, STR("import ")) || str_starts(line, STR("import\t")))
			tell(c, RULE_TP225, number, (size_t)(line.ptr - c->text.ptr),
			     "python runs this line at every start");
	}
}

void code_examine(enum language language, struct str path, struct str text, struct notes *notes)
{
	struct code c = { .language = language, .notes = notes, .text = text, .line = 1 };

	if (str_ends(path, STR(".pth"))) {
		read_pth(&c);
		return;
	}
	if (str_ends(path, STR("package.json")))
		read_package(&c);
	read_settings(&c, path);
	if (language == LANGUAGE_PYTHON || language == LANGUAGE_PERL || language == LANGUAGE_JAVASCRIPT ||
	    language == LANGUAGE_CMAKE || language == LANGUAGE_MESON || language == LANGUAGE_RUST)
		read_code(&c);
}
