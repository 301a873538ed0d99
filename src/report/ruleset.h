/* Ruleset: a short name for the rule table, so that results can be told apart by it.
 * Fills the caller's array; owns nothing.
 * Knows nothing of findings or formats. */
#ifndef REPORT_RULESET_H
#define REPORT_RULESET_H

enum { RULESET_SIZE = 32 };

/* "19-1a2b3c4d": the number of rules, and the first 8 hexadecimal digits of the SHA-256 over each
 * rule's id, slug and default severity, every one followed by a NUL. */
void ruleset_name(char out[RULESET_SIZE]);

#endif
