/* Text report, between its files: what they share, and how each piece of a line is printed.
 * Borrows result, options and buffer for one rendering; owns nothing.
 * Knows nothing of terminals: width and colour are options. */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include "report/report.h"

enum paint { PAINT_PLAIN, PAINT_BOLD, PAINT_DIM, PAINT_RED, PAINT_YELLOW, PAINT_GREEN, PAINT_CYAN };

/* Columns after which text of the input is shortened, unless all was asked for. */
enum { TEXT_NAME = 100, TEXT_PATH = 400, TEXT_LINE = 240 };

struct text {
	const struct result *r;
	const struct report_options *o;
	struct buf *out;
	/* Changes by relation and strength: regular files (of the tag where they are missing),
	 * and what isn't one. */
	struct count files[RELATION_COUNT][STRENGTH_COUNT];
	uint64_t others[RELATION_COUNT][STRENGTH_COUNT];
};

static inline bool text_verbose(const struct text *t)
{
	return t->o->verbosity >= 1;
}

/* Identical is as good as proven. */
enum strength text_strength(const struct change *c);
/* "tag", "commit" or "listing": what the artifact was held against. */
const char *text_origin_word(const struct text *t);

/* text_print.c: pieces of a line. Only text_input(), text_path() and text_paragraph() may be
 * handed strings of the input. */
void text_paint(const struct text *t, enum paint p, const char *words);
void text_heading(const struct text *t, const char *title);
/* "  Label        ": a row of facts begins. */
void text_label(const struct text *t, const char *label);
/* Shortened to about `columns` with a mark that says how many bytes were left out. In full when
 * verbose, unless `always`. */
void text_input(const struct text *t, struct str s, size_t columns, bool always);
/* The same, in quotes where blanks or wild cards could be taken for part of the report. */
void text_path(const struct text *t, struct str path, size_t columns, bool always);
/* One or more lines, each indented, wrapped at the width. */
void text_paragraph(const struct text *t, size_t indent, struct str s);
/* An argument as a shell wants it, or `instead` when it can't be shown as it is. */
void text_argument(const struct text *t, struct str s, const char *instead);
void text_number(const struct text *t, uint64_t n);
void text_count(const struct text *t, uint64_t n, const char *noun);
void text_size(const struct text *t, uint64_t bytes);
/* Right-aligned in so many columns. */
void text_number_column(const struct text *t, uint64_t n, int columns);
void text_count_column(const struct text *t, uint64_t n, const char *noun, int columns);
/* The same; a dash when not known. */
void text_size_column(const struct text *t, bool known, uint64_t bytes);

/* text_findings.c */
enum paint text_severity_paint(enum severity s);
/* At most `lines` lines with everything that matters. */
void text_findings_head(const struct text *t, size_t lines);
void text_findings_failing(const struct text *t);
void text_findings(const struct text *t);

/* text_files.c */
void text_totals(const struct text *t);
void text_files(const struct text *t);

/* text_rebuild.c */
void text_rebuild(const struct text *t);

/* text_facts.c */
void text_candidates(const struct text *t);
void text_not_checked(const struct text *t);
void text_artifact(const struct text *t);
void text_origin(const struct text *t);
void text_timings(const struct text *t);

#endif
