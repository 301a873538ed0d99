#include "config.h"

#include "cli/progress.h"

#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/limits.h"
#include "cli/terminal.h"

static const double QUIET_SECONDS = 0.3, REDRAW_SECONDS = 0.1;

void progress_begin(struct progress *p, int fd, bool wanted)
{
	*p = (struct progress){ .fd = fd, .on = wanted && isatty(fd) };
	p->began = clock_now();
}

/* Progress is no reason to fail: what the terminal does not take is dropped. */
static void put(const struct progress *p, const struct buf *text)
{
	if (write(p->fd, buf_cstr(text), text->len) < 0)
		return;
}

/* A job in the background must not write over what the user is typing. */
static bool in_foreground(int fd)
{
	return tcgetpgrp(fd) == getpgrp();
}

void progress_line(struct buf *out, const char *phase, uint64_t done, uint64_t total,
		   uint64_t read, double seconds)
{
	const double rate = seconds > 0 ? (double)read / seconds : 0;

	buf_add_cstr(out, phase);
	if (total && done <= total)
		buf_addf(out, "  %3u%%", (unsigned int)((double)done * 100 / (double)total));
	else if (done)
		buf_addf(out, "  %.1f MiB", (double)done / (double)MIB);
	if (rate > 0)
		buf_addf(out, "  %.1f MiB/s", rate / (double)MIB);
	if (rate > 0 && total && done <= total) {
		const double left = (double)(total - done) / rate;

		if (left < 360000)
			buf_addf(out, "  %u:%02u left", (unsigned int)left / 60,
				 (unsigned int)left % 60);
	}
}

/* Blanks over what an older, longer line left: works on every terminal. */
static void redraw(struct progress *p, struct str line)
{
	AUTO_BUF struct buf text = BUF_INIT;

	buf_add_char(&text, '\r');
	buf_add_str(&text, line);
	for (size_t n = line.len; n < p->shown; n++)
		buf_add_char(&text, ' ');
	if (line.len < p->shown)
		buf_addf(&text, "\r%.*s", STR_FMT(line));
	put(p, &text);
	p->shown = (unsigned int)line.len;
}

static bool is_due(const struct progress *p, double t)
{
	return t - p->began >= QUIET_SECONDS && t - p->drawn >= REDRAW_SECONDS && in_foreground(p->fd);
}

static void draw(struct progress *p, double t, struct str line)
{
	const unsigned int width = terminal_width(p->fd);

	p->drawn = t;
	/* The last column stays free: some terminals wrap as soon as it is written. */
	redraw(p, str_first(line, width > 1 ? width - 1 : 79));
}

void progress_update(struct progress *p, const char *phase, uint64_t done, uint64_t total)
{
	AUTO_BUF struct buf line = BUF_INIT;
	double t;

	if (!p->on)
		return;
	t = clock_now();
	if (!p->phase || strcmp(p->phase, phase) != 0) {
		p->phase = phase;
		p->phase_began = t;
		p->phase_from = done;
	}
	if (!is_due(p, t))
		return;
	progress_line(&line, phase, done, total, done >= p->phase_from ? done - p->phase_from : 0,
		      t - p->phase_began);
	draw(p, t, buf_str(&line));
}

void progress_doing(struct progress *p, struct str doing)
{
	AUTO_BUF struct buf line = BUF_INIT;
	const double t = clock_now();

	if (!p->on || !is_due(p, t))
		return;
	escape_terminal(&line, doing);
	draw(p, t, buf_str(&line));
}

void progress_end(struct progress *p)
{
	if (p->on && p->shown)
		redraw(p, STR(""));
	p->on = false;
}
