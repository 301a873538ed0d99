/* Samples: results made by hand, for the tests of every format.
 * Each fills a result that the caller releases by result_release().
 * Knows nothing of formats. */
#ifndef TESTS_REPORT_SAMPLE_H
#define TESTS_REPORT_SAMPLE_H

#include "model/result.h"

/* A release by `make dist`: hundreds identical, generated files added. Verdict: review. */
void sample_dist(struct result *r);
/* Every relation and severity, with names that try to get out of the report. Verdict: suspect. */
void sample_hostile(struct result *r);
/* Identical to the tag, byte by byte. Verdict: clean. */
void sample_clean(struct result *r);
/* Built from both, with differences, a search and an ablation. Verdict: review. */
void sample_built(struct result *r);
/* No tag was clear; the best one's name holds a shell command. Verdict: incomplete. */
void sample_unresolved(struct result *r);
/* n changes of all relations over many folders, and n / 100 findings of two kinds. */
void sample_large(struct result *r, size_t n);

#endif
