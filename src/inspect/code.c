#include "base/ascii.h"
#include "inspect/code_work.h"
#include "inspect/command.h"

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
	{ STR("decompress"), PYTHON, CALL_DECODES },
	{ STR("gzip.open"), PYTHON, CALL_DECODES | CALL_READS },
	{ STR("lzma.open"), PYTHON, CALL_DECODES | CALL_READS },
	{ STR("bz2.open"), PYTHON, CALL_DECODES | CALL_READS },
	{ STR("read_text"), PYTHON, CALL_READS }, { STR("Path"), PYTHON, CALL_READS },
	{ STR("pickle.loads"), PYTHON, CALL_LOADS }, { STR("pickle.load"), PYTHON, CALL_LOADS },
	{ STR("urlopen"), PYTHON, CALL_FETCHES }, { STR("requests.get"), PYTHON, CALL_FETCHES },
	{ STR("write"), PYTHON, CALL_WRITES }, { STR("write_bytes"), PYTHON, CALL_WRITES },
	{ STR("ctypes.CDLL"), PYTHON, CALL_OPENS },
	{ STR("ctypes.cdll.LoadLibrary"), PYTHON, CALL_OPENS }, { STR("fetch"), JS, CALL_FETCHES },
	{ STR("http.get"), JS, CALL_FETCHES }, { STR("https.get"), JS, CALL_FETCHES },
	{ STR("get"), JS, CALL_FETCHES }, { STR("https.request"), JS, CALL_FETCHES },
	{ STR("http.request"), JS, CALL_FETCHES }, { STR("unzipSync"), JS, CALL_DECODES },
	{ STR("inflateRawSync"), JS, CALL_DECODES }, { STR("Worker"), JS, CALL_RUNS },
	{ STR("Script"), JS, CALL_RUNS }, { STR("runInContext"), JS, CALL_RUNS },
	{ STR("execFileSync"), JS, CALL_RUNS }, { STR("getresponse"), PYTHON, CALL_FETCHES },
	{ STR("recv"), PYTHON, CALL_FETCHES },
	{ STR("urlretrieve"), PYTHON, CALL_FETCHES | CALL_WRITES },
	{ STR("decrypt"), PYTHON, CALL_DECODES }, { STR("os.execl"), PYTHON, CALL_RUNS },
	{ STR("os.execv"), PYTHON, CALL_RUNS }, { STR("os.execvp"), PYTHON, CALL_RUNS },
	{ STR("os.startfile"), PYTHON, CALL_RUNS }, { STR("runpy.run_path"), PYTHON, CALL_RUNS },
	{ STR("copyfileobj"), PYTHON, CALL_WRITES }, { STR("writeFileSync"), JS, CALL_WRITES },
	{ STR("process.dlopen"), JS, CALL_OPENS },
	{ STR("chr"), PYTHON | PERL, CALL_DECODES }, { STR("pack"), PERL, CALL_DECODES },
	{ STR("Function"), JS, CALL_RUNS }, { STR("execSync"), JS, CALL_RUNS }, { STR("spawnSync"), JS, CALL_RUNS },
	{ STR("execFile"), JS, CALL_RUNS }, { STR("spawn"), JS, CALL_RUNS }, { STR("child_process.exec"), JS, CALL_RUNS },
	{ STR("runInThisContext"), JS, CALL_RUNS }, { STR("runInNewContext"), JS, CALL_RUNS },
	{ STR("_compile"), JS, CALL_RUNS }, { STR("atob"), JS, CALL_DECODES },
	{ STR("fromCharCode"), JS, CALL_DECODES }, { STR("fromCharCode.apply"), JS, CALL_DECODES },
	{ STR("fromCodePoint"), JS, CALL_DECODES }, { STR("inflateSync"), JS, CALL_DECODES },
	{ STR("gunzipSync"), JS, CALL_DECODES }, { STR("brotliDecompressSync"), JS, CALL_DECODES },
	{ STR("readFileSync"), JS, CALL_READS }, { STR("open"), PYTHON, CALL_READS },
	{ STR("read_bytes"), PYTHON, CALL_READS }, { STR("decode_base64"), PERL, CALL_DECODES },
	{ STR("unpack"), PERL, CALL_DECODES },
	{ STR("uncompress"), PERL, CALL_DECODES }, { STR("memGunzip"), PERL, CALL_DECODES },
	{ STR("execute_process"), CMAKE, CALL_RUNS | CALL_SHELL }, { STR("exec_program"), CMAKE, CALL_RUNS | CALL_SHELL },
	{ STR("run_command"), MESON, CALL_RUNS | CALL_SHELL },
};

unsigned int code_call_kind(enum language language, struct str name)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		const struct str row = calls[i].name;

		if (!(calls[i].languages & 1u << language) || !str_ends(name, row))
			continue;
		/* A method of that name is something else: re.compile(), query.exec(), map.get(). */
		if (name.len == row.len ||
		    (name.ptr[name.len - row.len - 1] == '.' && !str_eq(row, STR("compile")) &&
		     !str_eq(row, STR("exec")) && !str_eq(row, STR("eval")) && !str_eq(row, STR("get"))) ||
		    name.ptr[name.len - row.len - 1] == ':')
			return calls[i].what;
	}
	return 0;
}

static struct str excerpt(const struct code *c, size_t from)
{
	const struct str rest = str_from_at(c->text, from);
	const size_t end = str_find(rest, '\n');

	return str_trim(str_first(rest, end == (size_t)-1 ? rest.len : end));
}

struct note *code_tell(struct code *c, enum rule_id rule, int64_t line, size_t from, const char *message)
{
	struct note *const n = note_add(c->notes, rule, "%s", message);

	n->line = line;
	note_evidence(c->notes, n, excerpt(c, from));
	return n;
}

static void open_call(struct code *c, unsigned int what, size_t from)
{
	/* What was decoded and written before. */
	if ((what & (CALL_RUNS | CALL_OPENS)) && c->written) {
		code_tell(c, c->written & CALL_DECODES ? RULE_TP220 : RULE_TP212, c->line, from,
			  "what was decoded or fetched goes into a file, and a program is run")->severity = SEVERITY_MEDIUM;
		c->written = 0;
	}
	/* get(url, function (r) { eval(r) }) */
	for (size_t i = 0; (what & CALL_RUNS) && i < c->calls_n; i++)
		if (c->call[i].what & CALL_FETCHES) {
			code_tell_run(c, CALL_FETCHES, c->line, from);
			break;
		}
	c->statement |= what & (CALL_DECODES | CALL_FETCHES);
	if ((what & CALL_WRITES) && (what & CALL_FETCHES))
		c->written = CALL_FETCHES;
	code_see_decoded(c, what);
	if (what && c->calls_n < CALLS_MAX) {
		c->call[c->calls_n].what = what;
		c->call[c->calls_n].line = c->line;
		c->call[c->calls_n].from = from;
		c->call[c->calls_n].shell = STR("");
		c->call[c->calls_n].dash_c = false;
		c->open_at[c->calls_n++] = c->open;
	}
}

static void begin_call(struct code *c, struct str name, size_t from)
{
	unsigned int what = code_call_kind(c->language, name);

	/* A function that returns what it decoded. */
	what |= code_taint(c, name);
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
			code_add_name(c, script.names[i].name, script.names[i].caps, script.names[i].language);
	c->out->incomplete = c->out->incomplete || script.incomplete;
	script_release(&script);
	arena_release(&scratch);
}

/* A command in a string of JSON and the like. */
void code_read_command(struct code *c, struct str s)
{
	struct buf plain = BUF_INIT;

	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '\\' && i + 1 < s.len)
			i++;
		buf_add_char(&plain, s.ptr[i]);
	}
	s = buf_str(&plain);
	if (s.len < SHELL_TEXT_MAX)
		read_shell(c, s);
	buf_release(&plain);
}

/* A string: perhaps shell text, perhaps 'base64' of Buffer.from(x, 'base64'). */
void code_see_string(struct code *c, struct str s)
{
	code_see_file(c, s);
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
			code_add_name(c, s, CAP_EXECUTE | CAP_PROGRAM, LANGUAGE_CMAKE);
		if (str_ends(s, STR(".o")) || str_ends(s, STR(".a")) || str_ends(s, STR(".so")) ||
		    str_ends(s, STR(".obj")) || str_ends(s, STR(".lib")))
			code_add_name(c, s, CAP_LINK, LANGUAGE_NONE);
	}
	/* open(X, "| sh") */
	if (c->language == LANGUAGE_PERL && s.len && s.ptr[0] == '|') {
		struct str rest = str_from_at(s, 1), word;

		c->pipes_to_shell = c->pipes_to_shell || (str_next_word(&rest, &word) &&
							  command_kind(command_base(word)) & COMMAND_SHELL);
	}
	/* binding.gyp: what a command prints. */
	if (c->language == LANGUAGE_PYTHON && (str_starts(s, STR("<!(")) || str_starts(s, STR("<!@("))))
		code_read_command(c, str_from_at(s, str_find(s, '(') + 1));
	if (c->language == LANGUAGE_JAVASCRIPT &&
	    (str_eq(s, STR("base64")) || str_eq(s, STR("hex"))) && c->open) {
		code_see_decoded(c, CALL_DECODES);
	}
	/* CMake's commands are read as shell, whole. */
	if (c->language != LANGUAGE_CMAKE && c->language != LANGUAGE_MESON && s.len > 8 && s.len < SHELL_TEXT_MAX &&
	    command_named_in(s) &&
	    (str_find(s, '|') != (size_t)-1 || str_find(s, '`') != (size_t)-1)) {
		read_shell(c, s);
	}
}

static void read_string(struct code *c, char quote)
{
	const bool triple = c->language == LANGUAGE_PYTHON && code_at(c, 1) == quote && code_at(c, 2) == quote;
	const int64_t line = c->line;
	size_t from;

	c->at += triple ? 3 : 1;
	from = c->at;
	while (c->at < c->text.len) {
		const char ch = code_at(c, 0);

		if (ch == '\n') {
			c->line++;
			if (!triple && quote != '`' && c->language != LANGUAGE_CMAKE &&
			    c->language != LANGUAGE_PERL && c->language != LANGUAGE_RUST)
				break;
		}
		if (ch == '\\' && c->at + 1 < c->text.len) {
			c->line += code_at(c, 1) == '\n';
			c->at += 2;
			continue;
		}
		if (ch == quote && (!triple || (code_at(c, 1) == quote && code_at(c, 2) == quote))) {
			const int64_t now = c->line;

			c->line = line;
			code_see_string(c, str_of(c->text.ptr + from, c->at - from));
			c->line = now;
			c->at += triple ? 3 : 1;
			return;
		}
		c->at++;
	}
}

static void skip_line(struct code *c)
{
	while (c->at < c->text.len && code_at(c, 0) != '\n')
		c->at++;
}

static bool skip_comment(struct code *c)
{
	const bool hash = c->language == LANGUAGE_PYTHON || c->language == LANGUAGE_PERL ||
			  c->language == LANGUAGE_CMAKE || c->language == LANGUAGE_MESON;

	if (hash && code_at(c, 0) == '#') {
		skip_line(c);
		return true;
	}
	if (!hash && code_at(c, 0) == '/' && code_at(c, 1) == '/') {
		skip_line(c);
		return true;
	}
	if (!hash && code_at(c, 0) == '/' && code_at(c, 1) == '*') {
		for (c->at += 2; c->at < c->text.len; c->at++) {
			c->line += code_at(c, 0) == '\n';
			if (code_at(c, 0) == '*' && code_at(c, 1) == '/')
				break;
		}
		c->at = c->at + 2 < c->text.len ? c->at + 2 : c->text.len;
		return true;
	}
	return false;
}

/* What `name` begins, where it is a word of the language. */
static void read_word(struct code *c, struct str name)
{
	const struct str rest = str_first(str_from_at(c->text, c->at + 1), 256);
	size_t n = 0;

	if (c->open == c->block_open && str_eq(name, STR("return")))
		c->returns = true;
	if ((c->language == LANGUAGE_PYTHON && (str_eq(name, STR("def")) || str_eq(name, STR("as")))) ||
	    (c->language == LANGUAGE_JAVASCRIPT && str_eq(name, STR("function")))) {
		while (n < rest.len && ascii_is_word(rest.ptr[n]))
			n++;
		if (str_eq(name, STR("as")))
			code_name_file(c, str_first(rest, n));
		else
			c->function = str_first(rest, n);
	}
}

/* The name of a variable, a function, or module.function. */
static void read_name(struct code *c)
{
	const size_t from = c->at;
	struct str name;
	size_t ahead = 0;

	while (c->at < c->text.len && (ascii_is_word(code_at(c, 0)) || code_at(c, 0) == '.' ||
				       (code_at(c, 0) == ':' && code_at(c, 1) == ':') ||
				       (code_at(c, 0) == ':' && c->text.ptr[c->at - 1] == ':')))
		c->at++;
	name = str_of(c->text.ptr + from, c->at - from);
	if (c->language == LANGUAGE_PERL && code_read_quote(c, name))
		return;
	if (c->language == LANGUAGE_PERL && code_packs_numbers(c, name))
		return;
	code_see_variable(c, str_first(name, str_find(name, '.')));
	while (code_at(c, ahead) == ' ')
		ahead++;
	if (c->language == LANGUAGE_PERL)
		code_read_perl_name(c, name, from);
	if (code_at(c, ahead) == '(' && (ahead == 0 || c->language != LANGUAGE_PYTHON)) {
		begin_call(c, name, from);
		return;
	}
	if (code_at(c, ahead) == '=' && code_at(c, ahead + 1) != '=' && c->open == c->block_open)
		c->assigned = name;
	/* eval "".join(map(chr, numbers)) */
	if (c->language == LANGUAGE_PYTHON && str_eq(name, STR("chr")))
		code_see_decoded(c, CALL_DECODES);
	/* (0, eval)(x) */
	if (c->language == LANGUAGE_JAVASCRIPT && str_eq(name, STR("eval")) && c->open && code_at(c, 0) == ')' &&
	    code_at(c, 1) == '(') {
		c->open--;
		c->at++;
		c->closed = CALL_RUNS;
	}
	/* fetch(url).then(eval) */
	if (c->language == LANGUAGE_JAVASCRIPT && c->open && str_eq(name, STR("eval")) && (c->statement & CALL_FETCHES))
		code_tell_run(c, CALL_FETCHES, c->line, from);
	read_word(c, name);
	c->last = name;
	if (!str_eq(name, c->assigned)) {
		const struct str variable = str_first(name, str_find(name, '.'));

		code_see_decoded(c, code_taint(c, code_taint(c, name) ? name : variable));
	}
}

static void read_code(struct code *c)
{
	while (c->at < c->text.len) {
		const char ch = code_at(c, 0);

		if (skip_comment(c))
			continue;
		if (ch == '\n' || ch == ';') {
			c->line += ch == '\n';
			if (c->open == c->block_open) {
				c->assigned = STR("");
				c->last = STR("");
				c->file = STR("");
				c->statement = 0;
				c->returns = false;
			}
			c->at++;
		} else if (ch == '"' || ch == '\'' ||
			   (ch == '`' && (c->language == LANGUAGE_JAVASCRIPT || c->language == LANGUAGE_PERL))) {
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
			c->block_open = c->block_open < c->open ? c->block_open : c->open;
			c->closed = 0;
			while (c->calls_n && c->open_at[c->calls_n - 1] >= c->open)
				c->closed = c->call[--c->calls_n].what;
			if (code_at(c, 1) != '(')
				c->closed = 0;
			c->at++;
		} else if (ch == '{' && c->language == LANGUAGE_JAVASCRIPT) {
			/* A block's statements begin anew, within the parentheses of a call too. */
			if (c->blocks_n < BLOCKS_MAX) {
				c->block[c->blocks_n].assigned = c->assigned;
				c->block[c->blocks_n].open = c->block_open;
				c->block_open = c->open;
			}
			c->blocks_n++;
			c->at++;
		} else if (ch == '}' && c->blocks_n) {
			if (--c->blocks_n < BLOCKS_MAX) {
				c->block_open = c->block[c->blocks_n].open;
				c->assigned = c->block[c->blocks_n].assigned;
			}
			c->at++;
		} else if (ch == '[' || ch == ']' || ch == '+') {
			/* object['na' + 'me'](x): a name that stands nowhere is called. */
			if (ch == ']' && c->pieces && code_at(c, 1) == '(' && c->language == LANGUAGE_JAVASCRIPT)
				c->closed = CALL_RUNS;
			c->pieces = ch == '+' ? c->pieces || c->after_string : false;
			c->at++;
		} else if (c->language == LANGUAGE_CMAKE && c->open && !strchr(" \t\r\n()\"#", ch)) {
			/* CMake's arguments are bare words too. */
			const size_t from = c->at;

			while (c->at < c->text.len && !strchr(" \t\r\n()\"#;", code_at(c, 0)))
				c->at++;
			c->at += c->at == from;
			code_see_string(c, str_of(c->text.ptr + from, c->at - from));
		} else if (ch == '^' && c->language != LANGUAGE_JAVASCRIPT && c->at && c->text.ptr[c->at - 1] != '$') {
			/* exec(bytes(b ^ 42 for b in text)) */
			code_see_decoded(c, CALL_DECODES);
			c->at++;
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
