/* For tests that need a program which may not be there: run-tests shows what was skipped. */
#ifndef SUPPORT_SKIP_H
#define SUPPORT_SKIP_H

#include <criterion/criterion.h>
#include <stdio.h>

#define SKIP(why) do { \
	fprintf(stderr, "SKIPPED: %s: " why "\n", criterion_current_test->name); \
	cr_skip_test(why); \
} while (0)

#endif
