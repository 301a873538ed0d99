#include "inspect/decode_text.h"

#include <stdint.h>

#include "base/ascii.h"
#include "base/escape.h"
#include "base/limits.h"

/* What is looked at of a text: a program shows itself early, and the cost stays bounded. */
#define LOOKED_AT (64 * KIB)

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Length of the character of plain text at the head of s; 0: none. *foreign: it is not of ASCII. */
static size_t plain_char(struct str s, bool *foreign)
{
	const unsigned char c = (unsigned char)s.ptr[0];
	unsigned int code;

	*foreign = c >= 0x80;
	if (*foreign)
		return escape_utf8(s, &code);
	return (c >= ' ' && c != 0x7f) || (c >= '\t' && c <= '\r' && c != '\v') ? 1 : 0;
}

static bool is_letter_or_so(char c)
{
	return c >= ' ' && c < 0x7f;
}

/* `noise`: bytes in lines that begin with # that may be anything. */
static bool is_plain(struct str s, size_t noise)
{
	size_t foreign = 0;
	bool comment = true, is_foreign;

	for (size_t i = 0; i < s.len;) {
		size_t n;

		if (is_letter_or_so(s.ptr[i]) && i && s.ptr[i - 1] != '\n') {
			i++;
			continue;
		}
		n = plain_char(str_from_at(s, i), &is_foreign);
		/* A character that the end cuts off is none of the text's faults. */
		if (n == 0 && s.len - i < 4 && is_foreign)
			break;
		if (i == 0 || s.ptr[i - 1] == '\n')
			comment = s.ptr[i] == '#';
		foreign += is_foreign ? n : 0;
		if (n == 0 && (!comment || noise == 0))
			return false;
		noise -= n == 0;
		if (foreign > 8 + i / 10)
			return false;
		i += n ? n : 1;
	}
	return s.len > 0;
}

bool text_is_plain(struct str s)
{
	return is_plain(s, 0);
}

bool text_is_code(struct str s)
{
	return is_plain(s, 16 + s.len / 8);
}

/* Signs of shell, each counted once at most; those of SURE_SIGNS occur in no prose. */
enum {
	SIGN_COMMAND = 1,	/* a known command word where a command stands */
	SIGN_COMMANDS = 2,	/* ... and another one */
	SIGN_REDIRECT = 4,	/* > or < and a word, after a command */
	SIGN_PIPE = 8,		/* | and a known command */
	SIGN_EXPANSION = 16,	/* $name, ${...}, $(...) */
	SIGN_ASSIGN = 32,	/* name=value where a command stands */
	SIGN_LIST = 64,		/* && or || and a command word, or ;; */
	SIGN_CLOSING = 128,	/* then, do, fi, done, esac where a command stands */
	SIGN_DESCRIPTOR = 256,	/* 2>&1, 2>/dev/null */
	SURE_SIGNS = SIGN_PIPE | SIGN_DESCRIPTOR | SIGN_REDIRECT | SIGN_EXPANSION | SIGN_LIST |
		     SIGN_CLOSING,
};

static bool is_command(struct str word)
{
	static const struct str commands[] = {
		STR(":"), STR("["), STR("."), STR("awk"), STR("base64"), STR("bash"), STR("bunzip2"),
		STR("bzip2"), STR("case"), STR("cat"), STR("cc"), STR("cd"), STR("chmod"), STR("cp"),
		STR("curl"), STR("cut"), STR("dd"), STR("echo"), STR("env"), STR("eval"), STR("exec"),
		STR("exit"), STR("export"), STR("find"), STR("for"), STR("gcc"), STR("grep"),
		STR("gunzip"), STR("gzip"), STR("head"), STR("if"), STR("install"), STR("kill"),
		STR("ld"), STR("ln"), STR("ls"), STR("make"), STR("mkdir"), STR("mktemp"), STR("mv"),
		STR("nc"), STR("nohup"), STR("od"), STR("openssl"), STR("patch"), STR("perl"),
		STR("printf"), STR("python"), STR("python3"), STR("read"), STR("rm"), STR("sed"),
		STR("set"), STR("sh"), STR("sleep"), STR("sort"), STR("source"), STR("tail"),
		STR("tar"), STR("test"), STR("touch"), STR("tr"), STR("trap"), STR("uname"),
		STR("uniq"), STR("unset"), STR("wget"), STR("while"), STR("xargs"), STR("xxd"),
		STR("xz"), STR("zstd"), STR("[["), STR("true"), STR("false"), STR("wait"), STR("id"),
	};
	const size_t slash = str_rfind(word, '/');

	if (slash != (size_t)-1 && slash + 1 < word.len && word.ptr[0] == '/')
		word = str_from_at(word, slash + 1);
	return STR_IS_ONE_OF(word, commands);
}

static bool is_closing(struct str word)
{
	static const struct str words[] = {
		STR("then"), STR("do"), STR("fi"), STR("done"), STR("esac"), STR("else"),
	};

	return STR_IS_ONE_OF(word, words);
}

/* The word at the head of s: up to a blank or an operator. */
static struct str head_word(struct str s)
{
	size_t n = 0;

	while (n < s.len && !is_blank(s.ptr[n]) && !strchr(";|&()<>`\"'\r\n", s.ptr[n]))
		n++;
	return str_first(s, n);
}

static struct str skip_blanks(struct str s)
{
	while (s.len && is_blank(s.ptr[0]))
		s = str_from_at(s, 1);
	return s;
}

static bool is_assignment(struct str word)
{
	size_t n = 0;

	while (n < word.len && ascii_is_word(word.ptr[n]))
		n++;
	return n > 0 && n < word.len && word.ptr[n] == '=' && !(word.ptr[0] >= '0' && word.ptr[0] <= '9');
}

/* What a command at the head of s says; *first collects the first command of the text. */
static unsigned int signs_of_command(struct str s, struct str *first)
{
	const struct str word = head_word(s);

	if (is_closing(word))
		return SIGN_CLOSING;
	if (is_assignment(word))
		return SIGN_ASSIGN;
	if (!is_command(word) ||
	    (word.len == 1 && s.len > 1 && !is_blank(s.ptr[1]) && s.ptr[1] != '\n' && s.ptr[1] != '\r'))
		return 0;
	if (!first->len)
		*first = word;
	return SIGN_COMMAND | (str_eq(*first, word) ? 0 : SIGN_COMMANDS);
}

static unsigned int signs_of_expansion(struct str rest)
{
	const char c = rest.len > 1 ? rest.ptr[1] : 0;

	return ascii_is_letter(c) || c == '_' || c == '{' || c == '(' || c == '@' ? SIGN_EXPANSION : 0;
}

/* rest begins with > or <. */
static unsigned int signs_of_redirect(struct str line, struct str rest, bool in_command)
{
	const size_t at = line.len - rest.len;
	struct str target = str_from_at(rest, 1);

	if (target.len && target.ptr[0] == rest.ptr[0])
		target = str_from_at(target, 1);
	if (at > 0 && line.ptr[at - 1] == '2' &&
	    (str_starts(target, STR("&1")) || str_starts(skip_blanks(target), STR("/dev/null"))))
		return SIGN_DESCRIPTOR;
	target = skip_blanks(target);
	if (!in_command || !target.len || !(ascii_is_word(target.ptr[0]) || strchr("/.$\"'~", target.ptr[0])))
		return 0;
	/* After a command word with a blank or a descriptor: no comparison, no markup. */
	return (at > 0 && is_blank(line.ptr[at - 1])) ||
	       (at > 1 && line.ptr[at - 1] == '1' && is_blank(line.ptr[at - 2])) ? SIGN_REDIRECT : 0;
}

static unsigned int shell_line(struct str line, struct str *first)
{
	struct str rest = skip_blanks(line);
	unsigned int signs, now;

	if (!rest.len || rest.ptr[0] == '#')
		return 0;
	signs = signs_of_command(rest, first);
	for (; rest.len; rest = str_from_at(rest, 1)) {
		const char c = rest.ptr[0];

		if (c == '$') {
			signs |= signs_of_expansion(rest);
		} else if (c == '>' || c == '<') {
			signs |= signs_of_redirect(line, rest, signs & SIGN_COMMAND);
		} else if (strchr(";|&(`{!", c)) {
			const bool twice = rest.len > 1 && rest.ptr[1] == c;

			if (twice)
				rest = str_from_at(rest, 1);
			now = signs_of_command(skip_blanks(str_from_at(rest, 1)), first);
			if ((now & SIGN_COMMAND) && c == '|' && !twice)
				signs |= SIGN_PIPE;
			if ((now & SIGN_COMMAND) && (c == '|' || c == '&') && twice)
				signs |= SIGN_LIST;
			signs |= now;
		}
	}
	return signs;
}

static unsigned int bits(unsigned int v)
{
	return (unsigned int)__builtin_popcount(v);
}

static bool is_shell(struct str s, bool checked)
{
	struct str rest = s, line, first = { NULL, 0 };
	unsigned int signs = 0;
	size_t lines = 0, commands = 0;

	while (str_next_line(&rest, &line)) {
		const struct str code = skip_blanks(line);
		struct str own = { NULL, 0 };

		if (!code.len || code.ptr[0] == '#')
			continue;
		signs |= shell_line(line, &first);
		lines++;
		commands += signs_of_command(code, &own) != 0;
	}
	if (!(signs & SIGN_COMMAND) || !(signs & SURE_SIGNS))
		return false;
	if (checked)
		return true;
	/* A letter or a patch may quote commands; a script has little else. */
	if (commands * 4 < lines)
		return false;
	/* ": > x" and "cat x | sh" are as short as a payload gets; prose has none of the sure signs. */
	return bits(signs) >= 3 || (signs & (SIGN_REDIRECT | SIGN_PIPE | SIGN_DESCRIPTOR));
}

/* Other languages: words that stand at the head of a line, and words that stand anywhere. */
struct language {
	const char *name;
	struct str heads[10];
	struct str anywhere[14];
};

static const struct language languages[] = {
	{ "python script",
	  { STR("import "), STR("from "), STR("def "), STR("class "), STR("try:"), STR("exec("),
	    STR("print("), STR("with open("), STR("if __name__") },
	  { STR("os.system("), STR("subprocess."), STR("__import__("), STR(" import "), STR("):\n"),
	    STR(".decode("), STR("open("), STR("import os"), STR("import sys"), STR("exec(") } },
	{ "perl script",
	  { STR("use strict"), STR("use warnings"), STR("my $"), STR("my @"), STR("sub "), STR("package "),
	    STR("system("), STR("eval "), STR("print "), STR("open(") },
	  { STR("my $"), STR("=~ "), STR("@_"), STR("qw("), STR("unlink "), STR("system("), STR("shift;"),
	    STR("unpack("), STR("use strict"), STR("@ARGV"), STR("$ENV{") } },
	{ "javascript",
	  { STR("const "), STR("let "), STR("var "), STR("function "), STR("async "), STR("import "),
	    STR("(function"), STR("module.exports"), STR("eval("), STR("!function") },
	  { STR("require("), STR("function("), STR("=> {"), STR("=>{"), STR("eval("), STR("process."),
	    STR("child_process"), STR("Buffer.from("), STR("document."), STR("window."), STR("new Function"),
	    STR("execSync("), STR("writeFileSync("), STR("function ") } },
	{ "php script",
	  { STR("<?php") },
	  { STR("eval("), STR("$_"), STR("base64_decode("), STR("function "), STR("<?php"), STR("echo ") } },
	{ "c source",
	  { STR("#include <"), STR("#include \""), STR("static "), STR("int "), STR("void "), STR("#define ") },
	  { STR(";\n"), STR("#include <"), STR(");\n"), STR("return "), STR("->"), STR("sizeof(") } },
	{ "makefile",
	  { STR("all:"), STR("clean:"), STR(".PHONY"), STR("install:"), STR("\t@"), STR("CFLAGS") },
	  { STR("$(CC)"), STR("$(MAKE)"), STR("$@"), STR("\n\t"), STR("$(srcdir)") } },
	{ "awk script",
	  { STR("BEGIN {"), STR("BEGIN{"), STR("END {"), STR("END{") },
	  { STR("printf"), STR("$0"), STR("substr("), STR("getline"), STR("system("), STR("$1") } },
};

static bool speaks(const struct language *l, struct str s, bool checked)
{
	struct str rest = s, line;
	unsigned int heads = 0, anywhere = 0;

	while (str_next_line(&rest, &line))
		for (size_t i = 0; i < sizeof(l->heads) / sizeof(*l->heads); i++)
			if (l->heads[i].len && str_starts(line, l->heads[i]))
				heads |= 1u << i;
	if (!heads)
		return false;
	for (size_t i = 0; i < sizeof(l->anywhere) / sizeof(*l->anywhere); i++)
		if (l->anywhere[i].len && str_find_str(s, l->anywhere[i]) != (size_t)-1)
			anywhere |= 1u << i;
	return bits(heads) + bits(anywhere) >= (checked ? 2 : 3) && anywhere;
}

/* Letters, digits and the like by far outweigh the rest in any program. */
static bool reads_like_text(struct str s)
{
	size_t words = 0;

	for (size_t i = 0; i < s.len; i++)
		words += ascii_is_word(s.ptr[i]) || is_blank(s.ptr[i]) || s.ptr[i] == '\n';
	return words * 5 >= s.len * 3;
}

static bool has_interpreter(struct str s)
{
	struct str rest = s, line;

	return str_starts(s, STR("#!")) && str_next_line(&rest, &line) &&
	       (str_find_str(line, STR("/bin/")) != (size_t)-1 || str_starts(line, STR("#! /")) ||
		str_starts(line, STR("#!/"))) && line.len < 128;
}

const char *text_program(struct str s, bool checked)
{
	const struct str looked = str_first(s, LOOKED_AT);
	size_t lines = 0;

	if (!text_is_code(s))
		return NULL;
	for (size_t i = 0; i < looked.len; i++)
		lines += looked.ptr[i] == '\n';
	if (!checked && looked.len < 24 && lines < 2)
		return NULL;
	if (!reads_like_text(looked) && !checked)
		return NULL;
	/* Data, not a program, whatever its strings hold. */
	if (looked.ptr[0] == '{' && str_find_str(str_first(looked, 16), STR("\"")) != (size_t)-1)
		return NULL;
	if (has_interpreter(looked))
		return "script";
	if (looked.ptr[0] == '<' && !str_starts(looked, STR("<?php")))
		return NULL;
	for (size_t i = 0; i < sizeof(languages) / sizeof(*languages); i++)
		if (speaks(&languages[i], looked, checked))
			return languages[i].name;
	return is_shell(looked, checked) ? "shell script" : NULL;
}
