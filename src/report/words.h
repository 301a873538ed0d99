/* Words: numbers, sizes, times and plurals as a person reads them, in no locale.
 * Appends to the caller's buffer; owns nothing.
 * Knows nothing of results, nor of terminals. */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

#include <stdint.h>

#include "base/str.h"

/* "86,700" */
void words_number(struct buf *to, uint64_t n);
/* "1 file", "2 files", "3 entries": the noun is English and regular. */
void words_count(struct buf *to, uint64_t n, const char *noun);
/* "812 KiB", rounded to three or four digits; all of them, "831,488 bytes", when exact. */
void words_size(struct buf *to, uint64_t bytes, bool exact);
/* "2025-04-03 12:34:56 UTC" of seconds since 1970; the number where there is no such year. */
void words_time(struct buf *to, int64_t seconds);
/* "    0.113 s", at least 9 columns for the number; 0 for what is negative or not a number. */
void words_seconds(struct buf *to, double seconds);

#endif
