#include "base/ascii.h"
#include "inspect/code_work.h"
#include "inspect/command.h"

enum { CALL_RUNS = 1 << 0, CALL_DECODES = 1 << 1, CALL_SHELL = 1 << 2, CALL_READS = 1 << 3 };

struct call_row {
	struct str name;	/* the last components of a dotted name */
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
	{ STR("exec"), PYTHON | PERL, CALL_RUNS }, { STR("eval"), PYTHON | JS | PERL, CALL_RUNS },
	{ STR("compile"), PYTHON, CALL_RUNS }, { STR("os.system"), PYTHON, CALL_RUNS },
	{ STR("os.popen"), PYTHON, CALL_RUNS }, { STR("system"), PYTHON | PERL, CALL_RUNS },
	{ STR("subprocess.run"), PYTHON, CALL_RUNS }, { STR("subprocess.call"), PYTHON, CALL_RUNS },
	{ STR("subprocess.Popen"), PYTHON, CALL_RUNS }, { STR("subprocess.check_output"), PYTHON, CALL_RUNS },
	{ STR("subprocess.check_call"), PYTHON, CALL_RUNS }, { STR("Popen"), PYTHON, CALL_RUNS },
	{ STR("check_call"), PYTHON, CALL_RUNS }, { STR("check_output"), PYTHON, CALL_RUNS },
	{ STR("popen"), PYTHON, CALL_RUNS }, { STR("marshal.loads"), PYTHON, CALL_DECODES },
	{ STR("b64decode"), PYTHON, CALL_DECODES }, { STR("b32decode"), PYTHON, CALL_DECODES },
	{ STR("b85decode"), PYTHON, CALL_DECODES }, { STR("a85decode"), PYTHON, CALL_DECODES },
	{ STR("decodebytes"), PYTHON, CALL_DECODES }, { STR("zlib.decompress"), PYTHON, CALL_DECODES },
	{ STR("lzma.decompress"), PYTHON, CALL_DECODES }, { STR("bz2.decompress"), PYTHON, CALL_DECODES },
	{ STR("gzip.decompress"), PYTHON, CALL_DECODES }, { STR("unhexlify"), PYTHON, CALL_DECODES },
	{ STR("fromhex"), PYTHON, CALL_DECODES }, { STR("codecs.decode"), PYTHON, CALL_DECODES },
	{ STR("builtins.exec"), PYTHON, CALL_RUNS }, { STR("builtins.eval"), PYTHON, CALL_RUNS },
	{ STR("getattr"), PYTHON, CALL_RUNS },
	{ STR("chr"), PYTHON | PERL, CALL_DECODES }, { STR("pack"), PERL, CALL_DECODES },
	{ STR("Function"), JS, CALL_RUNS }, { STR("execSync"), JS, CALL_RUNS }, { STR("spawnSync"), JS, CALL_RUNS },
	{ STR("execFile"), JS, CALL_RUNS }, { STR("spawn"), JS, CALL_RUNS }, { STR("child_process.exec"), JS, CALL_RUNS },
	{ STR("runInThisContext"), JS, CALL_RUNS }, { STR("runInNewContext"), JS, CALL_RUNS },
	{ STR("_compile"), JS, CALL_RUNS }, { STR("atob"), JS, CALL_DECODES },
	{ STR("fromCharCode"), JS, CALL_DECODES }, { STR("fromCharCode.apply"), JS, CALL_DECODES },
	{ STR("fromCodePoint"), JS, CALL_DECODES }, { STR("inflateSync"), JS, CALL_DECODES },
	{ STR("gunzipSync"), JS, CALL_DECODES }, { STR("brotliDecompressSync"), JS, CALL_DECODES },
	{ STR("readFileSync"), JS, CALL_READS }, { STR("open"), PYTHON, CALL_READS },
	{ STR("read_bytes"), PYTHON, CALL_READS }, { STR("decode_base64"), PERL, CALL_DECODES }, { STR("unpack"), PERL, CALL_DECODES },
	{ STR("uncompress"), PERL, CALL_DECODES }, { STR("memGunzip"), PERL, CALL_DECODES },
	{ STR("execute_process"), CMAKE, CALL_RUNS | CALL_SHELL }, { STR("exec_program"), CMAKE, CALL_RUNS | CALL_SHELL },
	{ STR("run_command"), MESON, CALL_RUNS | CALL_SHELL },
};

static unsigned int call_kind(enum language language, struct str name)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		const struct str row = calls[i].name;

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

void code_tell(struct code *c, enum rule_id rule, int64_t line, size_t from, const char *message)
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
			code_tell(c, RULE_TP220, c->call[i].line, c->call[i].from,
			     "text is decoded and run as a program");
			c->call[i].what = 0;
			return;
		}
}

void code_add_name(struct code *c, struct str name, unsigned int caps)
{
	if (name.len >= 3 && name.len <= 200 && c->out->names_n < NAMES_MAX)
		script_add_name(c->out, c->notes->arena, name, c->line, caps);
}

static void open_call(struct code *c, unsigned int what, size_t from);

static void begin_call(struct code *c, struct str name, size_t from)
{
	const unsigned int what = call_kind(c->language, name);

	if (c->language == LANGUAGE_CMAKE) {
		c->includes = str_case_eq(name, STR("include"));
		if (str_case_eq(name, STR("string")) || str_case_eq(name, STR("file"))) {
			const struct str rest = str_trim(str_from_at(c->text, from + name.len));
			const struct str words = str_trim(str_from_at(str_first(rest, 64), 1));

			c->works_out = c->works_out || str_starts(words, STR("ASCII")) ||
				       str_starts(words, STR("READ")) || str_starts(words, STR("STRINGS"));
		}
	}
	open_call(c, what, from);
}

/* A file's content is within the arguments of a call that runs it. */
static void see_content(struct code *c, struct str file)
{
	for (size_t i = c->calls_n; i-- > 0 && file.len;)
		if (c->call[i].what & CALL_RUNS) {
			code_add_name(c, file, CAP_PROGRAM | CAP_FILE);
			return;
		}
}

/* A variable that a file's content went to. */
static void see_variable(struct code *c, struct str name)
{
	for (size_t i = 0; i < c->contents_n; i++)
		if (str_eq(c->content[i].variable, name))
			see_content(c, c->content[i].file);
}

/* A string within the call that reads a file: the last one is its name, or the end of it. */
static void see_file(struct code *c, struct str s)
{
	for (size_t i = c->calls_n; i-- > 0;) {
		if (!(c->call[i].what & CALL_READS))
			continue;
		/* An encoding or a mode. */
		if (str_find(s, '.') == (size_t)-1)
			return;
		see_content(c, s);
		if (c->assigned.len && c->contents_n < TAINTED_MAX) {
			c->content[c->contents_n].variable = c->assigned;
			c->content[c->contents_n++].file = s;
		}
		return;
	}
}

static void open_call(struct code *c, unsigned int what, size_t from)
{
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

/* A text that a shell is given, at the line where the work is. */
static void read_shell(struct code *c, struct str s)
{
	struct arena scratch = ARENA_INIT;
	const size_t before = c->notes->n;
	struct script script;

	script_examine(&scratch, s, DIALECT_SHELL, c->notes, &script);
	for (size_t i = before; i < c->notes->n; i++)
		c->notes->v[i].line += c->line - 1;
	for (size_t i = 0; i < script.names_n; i++)
		if (script.names[i].caps & CAP_EXECUTE)
			code_add_name(c, script.names[i].name, script.names[i].caps);
	script_release(&script);
	arena_release(&scratch);
}

static void read_code(struct code *c);

/* A command in a string of JSON and the like; node -e 'program' is read as that too. */
void code_read_command(struct code *c, struct str s)
{
	struct buf plain = BUF_INIT;
	size_t program;

	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '\\' && i + 1 < s.len)
			i++;
		buf_add_char(&plain, s.ptr[i]);
	}
	s = buf_str(&plain);
	if (s.len < SHELL_TEXT_MAX)
		read_shell(c, s);
	program = str_find_str(s, STR("node -e "));
	if (program != (size_t)-1) {
		struct code inner = { .language = LANGUAGE_JAVASCRIPT, .notes = c->notes, .out = c->out,
				      .text = str_from_at(s, program + 8), .line = c->line };

		/* The quotes are the shell's. */
		if (inner.text.len && (inner.text.ptr[0] == '"' || inner.text.ptr[0] == '\''))
			inner.text = str_from_at(inner.text, 1);
		read_code(&inner);
	}
	buf_release(&plain);
}

/* A string: perhaps shell text, perhaps 'base64' of Buffer.from(x, 'base64'). */
static void see_string(struct code *c, struct str s)
{
	see_file(c, s);
	if (c->calls_n && (c->call[c->calls_n - 1].what & CALL_SHELL)) {
		if (command_kind(command_base(s)) & COMMAND_SHELL)
			c->call[c->calls_n - 1].shell = s;
		else if (c->call[c->calls_n - 1].shell.len && str_eq(s, STR("-c")))
			c->call[c->calls_n - 1].dash_c = true;
		else if (c->call[c->calls_n - 1].dash_c) {
			const bool variable = str_starts(s, STR("${")) && str_find(s, '}') == s.len - 1;

			code_tell(c, variable && c->works_out ? RULE_TP220 : RULE_TP221,
			     c->call[c->calls_n - 1].line, c->call[c->calls_n - 1].from,
			     variable && c->works_out ? "a text that was worked out is given to a shell" :
			     "a text is given to a shell while the build is set up");
			c->call[c->calls_n - 1].dash_c = false;
		}
	}
	if (c->language == LANGUAGE_CMAKE && c->open) {
		if (c->includes && str_find(s, '/') != (size_t)-1)
			code_add_name(c, s, CAP_EXECUTE | CAP_PROGRAM);
		if (str_ends(s, STR(".o")) || str_ends(s, STR(".a")) || str_ends(s, STR(".so")) ||
		    str_ends(s, STR(".obj")) || str_ends(s, STR(".lib")))
			code_add_name(c, s, CAP_LINK);
	}
	/* binding.gyp: what a command prints. */
	if (c->language == LANGUAGE_PYTHON && (str_starts(s, STR("<!(")) || str_starts(s, STR("<!@("))))
		code_read_command(c, str_from_at(s, str_find(s, '(') + 1));
	if (c->language == LANGUAGE_JAVASCRIPT &&
	    (str_eq(s, STR("base64")) || str_eq(s, STR("hex"))) && c->open) {
		see_decoded(c);
		if (c->assigned.len && c->tainted_n < TAINTED_MAX)
			c->tainted[c->tainted_n++] = c->assigned;
	}
	if (s.len > 8 && s.len < SHELL_TEXT_MAX && command_named_in(s) &&
	    (str_find(s, '|') != (size_t)-1 || str_find(s, '`') != (size_t)-1)) {
		read_shell(c, s);
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

/* tr{from}{to}, tr/from/to/: exchanges letters for one another. */
static bool permutes(struct str s)
{
	const char open = s.len ? s.ptr[0] : '\0', close = open == '{' ? '}' : open == '(' ? ')' : open;
	struct str sets[2];
	struct byte_map map;

	if (!open || !strchr("{(/|,#!", open))
		return false;
	for (int i = 0; i < 2; i++) {
		size_t end;

		if (i == 0 || open != close)
			s = str_from_at(s, str_find(s, open) + 1);
		end = str_find(s, close);
		if (end == (size_t)-1 || end > 512)
			return false;
		sets[i] = str_first(s, end);
		s = str_from_at(s, end + 1);
	}
	return byte_map_parse(STR(""), sets[0], sets[1], &map) && byte_map_permutes(&map);
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
	see_variable(c, str_first(name, str_find(name, '.')));
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
			code_tell(c, RULE_TP222, c->line, from, "a value of the environment is run as a program");
		else if (is_tainted(c, str_first(rest, n)))
			code_tell(c, RULE_TP220, c->line, from, "text is decoded and run as a program");
	}
	/* $text =~ tr{...}{...} */
	if (c->language == LANGUAGE_PERL && (str_eq(name, STR("tr")) || str_eq(name, STR("y"))) && c->last.len &&
	    permutes(str_from_at(c->text, c->at)) && c->tainted_n < TAINTED_MAX)
		c->tainted[c->tainted_n++] = c->last;
	/* eval "".join(map(chr, numbers)) */
	if (c->language == LANGUAGE_PYTHON && str_eq(name, STR("chr")))
		see_decoded(c);
	/* Perl's functions need no parentheses. */
	if (c->language == LANGUAGE_PERL && call_kind(LANGUAGE_PERL, name) & CALL_DECODES) {
		if (c->last.len && call_kind(LANGUAGE_PERL, c->last) & CALL_RUNS)
			code_tell(c, RULE_TP220, c->line, from, "text is decoded and run as a program");
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
			c->after_string = true;
			continue;
		} else if (ch == '(') {
			/* f(x)(y): what f(x) gives is called with y. */
			if (c->closed)
				open_call(c, c->closed, c->at);
			c->closed = 0;
			c->open++;
			c->at++;
		} else if (ch == ')') {
			c->open -= c->open > 0;
			c->closed = 0;
			while (c->calls_n && c->open_at[c->calls_n - 1] >= c->open)
				c->closed = c->call[--c->calls_n].what;
			if (at(c, 1) != '(')
				c->closed = 0;
			c->at++;
		} else if (ch == '[' || ch == ']' || ch == '+') {
			/* object['na' + 'me'](x): a name that stands nowhere is called. */
			if (ch == ']' && c->pieces && at(c, 1) == '(' && c->language == LANGUAGE_JAVASCRIPT)
				c->closed = CALL_RUNS;
			c->pieces = ch == '+' ? c->pieces || c->after_string : false;
			c->at++;
		} else if (c->language == LANGUAGE_CMAKE && c->open && !strchr(" \t\r\n()\"#", ch)) {
			/* CMake's arguments are bare words too. */
			const size_t from = c->at;

			while (c->at < c->text.len && !strchr(" \t\r\n()\"#;", at(c, 0)))
				c->at++;
			c->at += c->at == from;
			see_string(c, str_of(c->text.ptr + from, c->at - from));
		} else if (ascii_is_word(ch)) {
			read_name(c);
		} else {
			c->at++;
		}
		c->after_string = c->after_string && ch == ' ';
	}
}

void code_examine(enum language language, struct str path, struct str text, struct notes *notes,
		  struct script *out)
{
	struct code c = { .language = language, .notes = notes, .out = out, .text = text, .line = 1 };

	if (str_ends(path, STR(".pth"))) {
		code_read_pth(&c);
		return;
	}
	if (str_ends(path, STR("package.json")))
		code_read_package(&c);
	code_read_settings(&c, path);
	if (language == LANGUAGE_PYTHON || language == LANGUAGE_PERL || language == LANGUAGE_JAVASCRIPT ||
	    language == LANGUAGE_CMAKE || language == LANGUAGE_MESON || language == LANGUAGE_RUST)
		read_code(&c);
	if (language == LANGUAGE_RUST && str_eq(str_base(path), STR("build.rs")))
		code_read_rust_build(&c);
	if (language == LANGUAGE_C)
		code_read_embedded(&c);
}
