#include "inspect/macro.h"

#include "base/ascii.h"
#include "base/cleanup.h"
#include "base/digest.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/sha1dc.h"

enum { SERIAL_LINES = 50, SERIAL_DIGITS = 15, EMPTY_RULES = 16, CALL_MAX = 64 * 1024 };

/* Where in the text m4 would be, as far as quotes, parentheses and comments go. */
struct place {
	size_t quotes;		/* depth of [ ] */
	size_t parens;		/* depth of ( ) outside quotes */
	bool requoted;
	bool comment;		/* up to the line's end: skipped by m4 */
	bool muted;		/* up to the line's end: within quotes, looks like a comment */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static bool one_of(struct str word, const struct str *set, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(word, set[i]))
			return true;
	}
	return false;
}
#define ONE_OF(word, set) one_of((word), (set), sizeof(set) / sizeof((set)[0]))

/* Words after which nobody but m4 knows what a quote or a comment is. */
static bool changes_syntax(struct str word)
{
	static const struct str words[] = {
		{ "changequote", 11 }, { "m4_changequote", 14 }, { "changecom", 9 },
		{ "m4_changecom", 12 }, { "changeword", 10 },
	};

	return ONE_OF(word, words);
}

/* The next word or single byte from *at on; keeps `p` up to date. An empty word: a byte that is
 * none, or the end. Digits do not begin a word, and belong to the one before them. */
static struct str next_piece(struct str s, size_t *at, struct place *p)
{
	const size_t start = *at;
	const char c = s.ptr[start];

	*at = start + 1;
	if (c == '\n') {
		p->comment = p->muted = false;
		return STR("");
	}
	if (p->comment)
		return STR("");
	if (ascii_is_word_start(c)) {
		while (*at < s.len && ascii_is_word(s.ptr[*at]))
			++*at;
		const struct str word = str_of(s.ptr + start, *at - start);
		if (str_eq(word, STR("dnl"))) {
			/* m4 reads the arguments of `dnl(` first, so that one is no comment. */
			if (*at < s.len && s.ptr[*at] == '(')
				p->requoted = true;
			else if (p->quotes == 0)
				p->comment = true;
			else
				p->muted = true;
			return STR("");
		}
		if (changes_syntax(word))
			p->requoted = true;
		return p->muted ? STR("") : word;
	}
	switch (c) {
	case '[':
		p->quotes++;
		break;
	case ']':
		p->quotes -= p->quotes > 0;
		break;
	case '(':
		p->parens += p->quotes == 0;
		break;
	case ')':
		p->parens -= p->quotes == 0 && p->parens > 0;
		break;
	case '#':
		if (p->quotes == 0)
			p->comment = true;
		else
			p->muted = true;
		break;
	default:
		break;
	}
	return STR("");
}

/* Definitions. */

static bool defines(struct str word, enum macro_how *how)
{
	static const struct str defun[] = {
		{ "AC_DEFUN", 8 }, { "AC_DEFUN_ONCE", 13 }, { "m4_defun", 8 },
		{ "m4_defun_once", 13 }, { "m4_defun_init", 13 },
	};
	static const struct str define[] = {
		{ "m4_define", 9 }, { "define", 6 }, { "m4_pushdef", 10 }, { "pushdef", 7 },
		{ "m4_define_default", 17 }, { "m4_copy_force", 13 }, { "m4_rename_force", 15 },
	};
	static const struct str obsolete[] = { { "AU_DEFUN", 8 }, { "AU_ALIAS", 8 } };

	*how = MACRO_DEFUN;
	if (ONE_OF(word, defun))
		return true;
	*how = MACRO_DEFINE;
	if (ONE_OF(word, define))
		return true;
	*how = MACRO_OBSOLETE;
	return ONE_OF(word, obsolete);
}

static bool is_guard(struct str word)
{
	return str_eq(word, STR("m4_ifndef"));
}

static bool undefines(struct str word)
{
	static const struct str words[] = {
		{ "m4_undefine", 11 }, { "undefine", 8 }, { "m4_rename", 9 }, { "m4_rename_m4", 12 },
	};

	return ONE_OF(word, words);
}

/* The defined name behind "AC_DEFUN" at `at`: "([NAME]", with white space and any number of
 * quotes. m4_copy_force and its like name it second. Empty when it is computed. */
static struct str defined_name(struct str s, size_t at, bool second)
{
	const size_t end = s.len - at > 512 ? at + 512 : s.len;

	if (at >= end || s.ptr[at] != '(')
		return STR("");
	if (second) {
		while (at < end && s.ptr[at] != ',')
			at++;
	}
	at++;
	while (at < end && (is_blank(s.ptr[at]) || s.ptr[at] == '\n' || s.ptr[at] == '['))
		at++;
	const size_t start = at;
	while (at < end && !is_blank(s.ptr[at]) && !strchr("\n[],()`'\"", s.ptr[at]))
		at++;
	return start < end ? str_of(s.ptr + start, at - start) : STR("");
}

/* Words that stand for a macro: called with arguments, or of a macro's shape. */
static bool looks_used(struct str word, bool called)
{
	static const struct str families[] = {
		{ "m4_", 3 }, { "gl_", 3 }, { "gt_", 3 }, { "am_", 3 },
	};
	size_t upper = 0;
	bool underscore = false;

	if (called)
		return word.len >= 3;
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		if (str_starts(word, families[i]))
			return true;
	}
	for (size_t i = 0; i < word.len && !underscore; i++) {
		if (word.ptr[i] >= 'A' && word.ptr[i] <= 'Z')
			upper++;
		else if (word.ptr[i] == '_' && upper >= 2)
			underscore = true;
		else if (word.ptr[i] != '_' || upper)
			return false;
	}
	return underscore;
}

static void add_def(struct macro_file *f, const struct macro_def *d)
{
	if (f->defs_n >= LIMIT_MACRO_NAMES) {
		f->limit = true;
		return;
	}
	f->defs = memory_grow(f->defs, f->defs_n, &f->defs_cap, sizeof(*f->defs));
	f->defs[f->defs_n++] = *d;
}

static void add_use(struct macro_file *f, struct map *seen, struct str name, int64_t line)
{
	if (f->uses_n >= LIMIT_MACRO_NAMES) {
		f->limit = true;
		return;
	}
	if (map_get(seen, name))
		return;
	map_put(seen, name, 1);
	f->uses = memory_grow(f->uses, f->uses_n, &f->uses_cap, sizeof(*f->uses));
	f->uses[f->uses_n++] = (struct macro_use){ name, line };
}

void macro_read(struct str text, struct macro_file *out)
{
	struct place p = { 0 };
	struct map seen = MAP_INIT;
	struct str guarded = STR("");	/* the macro that m4_ifndef asks for here */
	size_t guard_parens = 0;
	int64_t line = 1;

	*out = (struct macro_file){ 0 };
	out->serial = macro_serial(text, &out->serial_line);
	for (size_t at = 0; at < text.len;) {
		const char c = text.ptr[at];
		const struct str word = next_piece(text, &at, &p);
		struct macro_def d = { .line = line };

		if (c == '\n')
			line++;
		if (guarded.len && p.quotes == 0 && p.parens <= guard_parens && c == ')')
			guarded = STR("");
		if (word.len == 0)
			continue;
		if (defines(word, &d.how)) {
			d.name = defined_name(text, at, str_ends(word, STR("_force")));
			d.offset = at - word.len;
			d.guarded = guarded.len && str_eq(guarded, d.name);
			if (d.name.len)
				add_def(out, &d);
		} else if (is_guard(word) && p.quotes == 0) {
			guarded = defined_name(text, at, false);
			guard_parens = p.parens;
		} else if (undefines(word)) {
			out->undefines |= macro_is_core(defined_name(text, at, false));
		} else if (looks_used(word, at < text.len && text.ptr[at] == '(')) {
			add_use(out, &seen, word, line);
		}
	}
	out->requoted = p.requoted;
	map_release(&seen);
}

void macro_file_release(struct macro_file *f)
{
	memory_free(f->defs);
	memory_free(f->uses);
	*f = (struct macro_file){ .serial = -1 };
}

bool macro_is_core(struct str name)
{
	static const struct str core[] = {
		{ "AC_INIT", 7 }, { "AC_OUTPUT", 9 }, { "AC_CONFIG_COMMANDS", 18 },
		{ "AC_CONFIG_FILES", 15 }, { "AC_CONFIG_HEADERS", 17 }, { "AC_CONFIG_LINKS", 15 },
		{ "AC_CONFIG_AUX_DIR", 17 }, { "AC_CONFIG_MACRO_DIR", 19 },
		{ "AC_CONFIG_MACRO_DIRS", 20 }, { "AC_CONFIG_SRCDIR", 16 },
		{ "AC_CONFIG_SUBDIRS", 17 }, { "AC_SUBST", 8 }, { "AC_DEFINE", 9 },
		{ "AC_DEFINE_UNQUOTED", 18 }, { "AC_ARG_ENABLE", 13 }, { "AC_ARG_WITH", 11 },
		{ "AC_ARG_VAR", 10 }, { "AC_PREREQ", 9 }, { "AC_REQUIRE", 10 },
		{ "AC_DEFUN", 8 }, { "AC_DEFUN_ONCE", 13 }, { "AC_PROG_CC", 10 },
		{ "AC_PROG_CXX", 11 }, { "AC_PROG_CPP", 11 }, { "AC_PROG_INSTALL", 15 },
		{ "AC_PROG_MAKE_SET", 16 }, { "AC_PROG_AWK", 11 }, { "AC_PROG_SED", 11 },
		{ "AC_CANONICAL_HOST", 17 }, { "AC_CANONICAL_BUILD", 18 },
		{ "AC_CANONICAL_TARGET", 19 }, { "AC_CHECK_FUNC", 13 }, { "AC_CHECK_FUNCS", 14 },
		{ "AC_CHECK_HEADER", 15 }, { "AC_CHECK_HEADERS", 16 }, { "AC_CHECK_LIB", 12 },
		{ "AC_CHECK_PROG", 13 }, { "AC_CHECK_PROGS", 14 }, { "AC_COMPILE_IFELSE", 17 },
		{ "AC_LINK_IFELSE", 14 }, { "AC_RUN_IFELSE", 13 }, { "AC_MSG_CHECKING", 15 },
		{ "AC_MSG_RESULT", 13 }, { "AC_MSG_ERROR", 12 }, { "AC_CACHE_CHECK", 14 },
		{ "AC_CACHE_VAL", 12 }, { "AC_SEARCH_LIBS", 14 }, { "AM_INIT_AUTOMAKE", 16 },
		{ "AM_CONDITIONAL", 14 }, { "LT_INIT", 7 }, { "AC_PROG_LIBTOOL", 15 },
		{ "AM_PROG_LIBTOOL", 15 }, { "PKG_CHECK_MODULES", 17 }, { "PKG_PROG_PKG_CONFIG", 19 },
		{ "AM_GNU_GETTEXT", 14 }, { "m4_define", 9 }, { "m4_defun", 8 },
	};

	return ONE_OF(name, core);
}

struct str macro_call(struct str text, const struct macro_def *d)
{
	const struct str s = str_first(str_from_at(text, d->offset), CALL_MAX);
	struct place p = { 0 };
	bool opened = false;

	for (size_t at = 0; at < s.len;) {
		next_piece(s, &at, &p);
		opened |= p.parens > 0;
		if (opened && p.parens == 0)
			return str_first(s, at);
	}
	return STR("");
}

/* Serials. */

/* Behind the mark of a comment, or false. */
static bool comment_text(struct str line, struct str *rest)
{
	const struct str s = str_trim(line);

	if (str_starts(s, STR("#"))) {
		size_t n = 0;
		while (n < s.len && s.ptr[n] == '#')
			n++;
		*rest = str_from_at(s, n);
		return true;
	}
	if (str_starts(s, STR("dnl")) && (s.len == 3 || is_blank(s.ptr[3]))) {
		*rest = str_from_at(s, 3);
		return true;
	}
	return false;
}

static int64_t number(struct str s)
{
	int64_t n = 0;
	size_t i = 0;

	while (i < s.len && i < SERIAL_DIGITS && ascii_is_digit(s.ptr[i]))
		n = n * 10 + (s.ptr[i++] - '0');
	return i ? n : -1;
}

int64_t macro_serial(struct str text, int64_t *line)
{
	struct str rest = text, one, words, word;

	if (line)
		*line = 0;
	for (int64_t n = 1; n <= SERIAL_LINES && str_next_line(&rest, &one); n++) {
		if (!comment_text(one, &words) || !str_next_word(&words, &word))
			continue;
		/* One word may stand before it: the file's name. In prose it means nothing. */
		if (!str_eq(word, STR("serial")) &&
		    (!str_next_word(&words, &word) || !str_eq(word, STR("serial"))))
			continue;
		if (!str_next_word(&words, &word))
			continue;
		const int64_t serial = number(word);
		if (serial < 0)
			continue;
		if (line)
			*line = n;
		return serial;
	}
	return -1;
}

/* The normalised form. */

/* Comments that something obeys. */
static bool obeyed(struct str comment)
{
	static const struct str marks[] = {
		{ "-*-", 3 }, { "vim:", 4 }, { "vi:", 3 }, { "ex:", 3 }, { "coding", 6 },
		{ "Local Variables", 15 }, { "#!", 2 },
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (str_find_str(comment, marks[i]) != (size_t)-1)
			return true;
	}
	return false;
}

static bool droppable_comment(struct str line, bool is_m4)
{
	struct str rest;

	return comment_text(line, &rest) && (is_m4 || !str_starts(str_trim(line), STR("dnl"))) &&
	       !str_ends(str_trim(line), STR("\\")) && !obeyed(line);
}

/* "#!/usr/bin/sh" as "#!/bin/sh": both are one folder today, and distributions rewrite the line. */
static void add_interpreter(struct buf *to, struct str line)
{
	struct str path = str_from_at(line, 2);

	while (path.len && is_blank(path.ptr[0]))
		path = str_from_at(path, 1);
	if (str_starts(path, STR("/usr/bin/")))
		path = str_from_at(path, 4);
	buf_add_cstr(to, "#!");
	buf_add_str(to, path);
	buf_add_char(to, '\n');
}

/* Whether a line is a makefile's rule "NAME:;", which does nothing, for a name that stands nowhere
 * else in the text: it keeps `make NAME` from failing, and that is all. */
static bool empty_rule(struct str line, struct str text)
{
	struct str name = line;
	size_t found = 0;

	if (!str_ends(line, STR(":;")) || !ascii_is_word_start(line.ptr[0]))
		return false;
	name.len -= 2;
	for (size_t i = 0; i < name.len; i++) {
		if (!ascii_is_word(name.ptr[i]) && name.ptr[i] != '-')
			return false;
	}
	for (struct str rest = text; found < 2; found++) {
		const size_t at = str_find_str(rest, name);
		if (at == (size_t)-1)
			break;
		rest = str_from_at(rest, at + name.len);
	}
	return found == 1;
}

/* Takes empty rules off the end of a makefile, where they can't take over another rule's recipe. */
static void drop_empty_rules(struct str text, struct buf *to, size_t from)
{
	if (str_starts(text, STR("#!")))
		return;
	for (int i = 0; i < EMPTY_RULES && to->len > from; i++) {
		const struct str form = str_of(to->ptr + from, to->len - from - 1);
		const size_t before = str_rfind(form, '\n');
		const size_t begin = before == (size_t)-1 ? 0 : before + 1;
		if (!empty_rule(str_from_at(form, begin), text) ||
		    (begin >= 2 && form.ptr[begin - 2] == '\\'))
			return;
		to->len = from + begin;
	}
}

void macro_normalise(struct str text, bool is_m4, struct buf *to)
{
	const size_t from = to->len;
	struct place p = { 0 };
	struct str rest = text, line;
	bool comments = true;	/* may be dropped here */
	bool joined = false;	/* the line before ends in a backslash */

	while (str_next_line(&rest, &line)) {
		const struct str trimmed = str_trim(line);
		const bool at_top = is_m4 ? p.quotes == 0 && p.parens == 0 && !p.requoted : comments;
		const bool drop = !joined && (trimmed.len == 0 ||
					      (at_top && droppable_comment(line, is_m4)));

		if (is_m4) {
			for (size_t at = 0; at < line.len;)
				next_piece(line, &at, &p);
			p.comment = p.muted = false;
		}
		if (drop)
			continue;
		if (line.ptr == text.ptr && str_starts(line, STR("#!"))) {
			add_interpreter(to, line);
			continue;
		}
		joined = str_ends(trimmed, STR("\\"));
		if (joined || !str_starts(trimmed, STR("#")))
			comments = false;
		buf_add_str(to, line);
		buf_add_char(to, '\n');
	}
	if (!is_m4)
		drop_empty_rules(text, to, from);
}

bool macro_digest(struct str text, bool is_m4, char out[MACRO_DIGEST + 1])
{
	AUTO_BUF struct buf form = BUF_INIT;
	struct sha1dc_state sha1;
	uint8_t digest[SHA1_SIZE];
	bool collision;

	out[0] = '\0';
	macro_normalise(text, is_m4, &form);
	if (form.len == 0)
		return false;
	sha1dc_init(&sha1);
	sha1dc_update(&sha1, is_m4 ? "m4\n" : "sh\n", 3);
	sha1dc_update(&sha1, form.ptr, form.len);
	sha1dc_final(&sha1, digest, &collision);
	hex_encode(digest, MACRO_DIGEST / 2, out);
	return !collision;
}
