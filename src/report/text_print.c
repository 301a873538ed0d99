#include "report/text.h"

#include <stdint.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "report/words.h"

void text_paint(const struct text *t, enum paint p, const char *words)
{
	static const char *const codes[] = {
		[PAINT_BOLD] = "1", [PAINT_DIM] = "2", [PAINT_RED] = "1;31",
		[PAINT_YELLOW] = "33", [PAINT_GREEN] = "32", [PAINT_CYAN] = "36",
	};

	if (t->o->color && p != PAINT_PLAIN)
		buf_addf(t->out, "\033[%sm%s\033[0m", codes[p], words);
	else
		buf_add_cstr(t->out, words);
}

void text_heading(const struct text *t, const char *title)
{
	buf_add_char(t->out, '\n');
	text_paint(t, PAINT_BOLD, title);
}

void text_label(const struct text *t, const char *label)
{
	buf_addf(t->out, "  %-21s ", label);
}

/* Columns taken by what was escaped; wide characters are not told apart. */
static size_t columns_of(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += ((unsigned char)s.ptr[i] & 0xc0) != 0x80;
	return n;
}

static void cut_back(struct buf *b, size_t len)
{
	if (b->len > len) {
		b->len = len;
		b->ptr[len] = '\0';
	}
}

static void add_escaped(struct buf *out, struct str piece, bool quoted)
{
	/* Every backslash of the input is doubled, so this one is told apart. */
	if (quoted && piece.ptr[0] == '"')
		buf_add_cstr(out, "\\\"");
	else
		escape_terminal(out, piece);
}

/* Goes by code points, so that no escape is cut in two. */
static void add_clipped(struct buf *out, struct str s, size_t columns, bool quoted)
{
	size_t used = 0;

	while (s.len) {
		unsigned int code;
		const size_t n = escape_utf8(s, &code);
		const struct str piece = str_first(s, n ? n : 1);
		const size_t at = out->len;

		add_escaped(out, piece, quoted);
		used += columns_of(str_of(out->ptr + at, out->len - at));
		if (used > columns) {
			cut_back(out, at);
			break;
		}
		s = str_from_at(s, piece.len);
	}
	if (quoted)
		buf_add_char(out, '"');
	if (s.len) {
		buf_add_cstr(out, " [+");
		words_count(out, s.len, "byte");
		buf_add_cstr(out, "]");
	}
}

static size_t limit(const struct text *t, size_t columns, bool always)
{
	return text_verbose(t) && !always ? SIZE_MAX : columns;
}

void text_input(const struct text *t, struct str s, size_t columns, bool always)
{
	add_clipped(t->out, s, limit(t, columns, always), false);
}

static bool wants_quotes(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] >= 0x80 || s.ptr[i] == ' ' || s.ptr[i] == '"' ||
		    s.ptr[i] == '*')
			return true;
	return s.len == 0;
}

void text_path(const struct text *t, struct str path, size_t columns, bool always)
{
	const bool quoted = wants_quotes(path);

	if (quoted)
		buf_add_char(t->out, '"');
	add_clipped(t->out, path, limit(t, columns, always), quoted);
}

static void add_indent(struct buf *out, size_t indent)
{
	while (indent--)
		buf_add_char(out, ' ');
}

void text_paragraph(const struct text *t, size_t indent, struct str s)
{
	const size_t width = t->o->width > indent + 20 ? t->o->width - indent : SIZE_MAX;
	AUTO_BUF struct buf b = BUF_INIT;
	struct str rest, word;
	size_t used = 0;

	add_clipped(&b, s, limit(t, (size_t)4 * TEXT_LINE, false), false);
	rest = buf_str(&b);
	while (str_next_word(&rest, &word)) {
		const size_t n = columns_of(word);

		if (used && used < width && n < width - used) {
			buf_add_char(t->out, ' ');
			used++;
		} else {
			if (used)
				buf_add_char(t->out, '\n');
			add_indent(t->out, indent);
			used = 0;
		}
		buf_add_str(t->out, word);
		used += n;
	}
	buf_add_char(t->out, '\n');
}

void text_argument(const struct text *t, struct str s, const char *instead)
{
	static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				   "0123456789._/+@%:,=-";
	AUTO_BUF struct buf b = BUF_INIT;
	bool plain = s.len > 0;

	escape_terminal(&b, s);
	/* What needs an escape can't be pasted, and a dash would be taken for an option. */
	if (s.len == 0 || s.len > TEXT_PATH || b.len != s.len || s.ptr[0] == '-') {
		buf_add_cstr(t->out, instead);
		return;
	}
	for (size_t i = 0; i < s.len; i++)
		plain = plain && memchr(safe, s.ptr[i], sizeof(safe) - 1);
	if (plain) {
		buf_add_str(t->out, buf_str(&b));
		return;
	}
	buf_add_char(t->out, '\'');
	for (size_t i = 0; i < b.len; i++) {
		if (b.ptr[i] == '\'')
			buf_add_cstr(t->out, "'\\''");
		else
			buf_add_char(t->out, b.ptr[i]);
	}
	buf_add_char(t->out, '\'');
}

void text_number(const struct text *t, uint64_t n)
{
	words_number(t->out, n);
}

void text_count(const struct text *t, uint64_t n, const char *noun)
{
	words_count(t->out, n, noun);
}

void text_size(const struct text *t, uint64_t bytes)
{
	words_size(t->out, bytes, text_verbose(t));
}

void text_number_column(const struct text *t, uint64_t n, int columns)
{
	AUTO_BUF struct buf b = BUF_INIT;

	words_number(&b, n);
	buf_addf(t->out, "%*s", columns, buf_cstr(&b));
}

void text_count_column(const struct text *t, uint64_t n, const char *noun, int columns)
{
	AUTO_BUF struct buf b = BUF_INIT;

	words_count(&b, n, noun);
	buf_addf(t->out, "%*s", columns, buf_cstr(&b));
}

void text_size_column(const struct text *t, bool known, uint64_t bytes)
{
	AUTO_BUF struct buf b = BUF_INIT;

	if (known)
		words_size(&b, bytes, text_verbose(t));
	else
		buf_add_char(&b, '-');
	buf_addf(t->out, "  %*s", text_verbose(t) ? 17 : 10, buf_cstr(&b));
}
