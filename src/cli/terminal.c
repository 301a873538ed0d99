#include "config.h"

#include "cli/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/escape.h"

unsigned int terminal_width(int fd)
{
	struct winsize size;

	if (!isatty(fd) || ioctl(fd, TIOCGWINSZ, &size) != 0)
		return 0;
	return size.ws_col;
}

bool terminal_color(enum color_mode mode, int fd)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	switch (mode) {
	case COLOR_ALWAYS:
		return true;
	case COLOR_NEVER:
		return false;
	case COLOR_AUTO:
		break;
	}
	return isatty(fd) && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
}

void terminal_error(const struct error *err)
{
	AUTO_BUF struct buf text = BUF_INIT;

	if (!err->message[0])
		return;
	buf_add_cstr(&text, "tarproof: error: ");
	escape_terminal(&text, str_from(err->message));
	buf_add_char(&text, '\n');
	if (err->hint[0]) {
		buf_add_cstr(&text, "  next: ");
		escape_terminal(&text, str_from(err->hint));
		buf_add_char(&text, '\n');
	}
	/* One write, so that lines of parallel runs do not mix. */
	fwrite(text.ptr, 1, text.len, stderr);
	fflush(stderr);
}

void text_wrap(struct buf *out, struct str text, size_t column, size_t indent, size_t width)
{
	struct str word;
	bool first = true;

	while (str_next_word(&text, &word)) {
		if (!first && column + 1 + word.len > width) {
			buf_addf(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (!first) {
			buf_add_char(out, ' ');
			column++;
		}
		buf_add_str(out, word);
		column += word.len;
		first = false;
	}
}
