/* Reports: one renderer for each format, from the result alone.
 * Appends to the caller's buffer; owns nothing.
 * Knows nothing of where a result comes from, nor of files and terminals. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "model/result.h"

struct report_options {
	bool color;		/* text: ANSI colours */
	bool all_files;		/* list identical files as well */
	bool reproducible;	/* leave out what differs from run to run (timings) */
	int verbosity;		/* -1 quiet (verdict and findings), 0 normal, 1 and more:
				 * everything, one line a file, evidence in full */
	unsigned int width;	/* text: columns of the terminal, 0: unlimited */
	enum severity fail_on;	/* text: findings from here on are what makes it fail */
};

struct report_format {
	const char *name;	/* for -f */
	const char *summary;	/* for --help */
	void (*render)(const struct result *r, const struct report_options *o, struct buf *out);
};

/* The descriptors, one a format. */
#define REPORT_FORMAT(descriptor) extern const struct report_format descriptor;
#include "report/formats.def"
#undef REPORT_FORMAT

/* Ends with a NULL pointer. */
extern const struct report_format *const report_formats[];

const struct report_format *report_find(struct str name);

#endif
