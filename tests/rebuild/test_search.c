#include "config.h"

#include <criterion/criterion.h>

#include "rebuild/search.h"

struct oracle {
	uint64_t culprits[4];	/* any of these sets breaks it; 0 ends */
	unsigned int asked;
};

static int breaks(void *ctx, uint64_t set, struct error *err)
{
	struct oracle *const o = ctx;

	(void)err;
	o->asked++;
	for (size_t i = 0; i < 4 && o->culprits[i]; i++)
		if ((set & o->culprits[i]) == o->culprits[i])
			return 1;
	return 0;
}

static uint64_t minimal_of(struct oracle *o, uint64_t all)
{
	const struct search s = { breaks, o };
	struct error err = ERROR_INIT;
	uint64_t out = 0;

	cr_assert_eq(search_minimal(&s, all, &out, &err), 0);
	return out;
}

Test(search, finds_each_single_member)
{
	for (unsigned int bit = 0; bit < 24; bit++) {
		struct oracle o = { .culprits = { 1ull << bit } };

		cr_expect_eq(minimal_of(&o, 0xffffff), 1ull << bit);
		/* Two for each halving of 24. */
		cr_expect_leq(o.asked, 10, "%u questions", o.asked);
	}
}

Test(search, finds_each_pair_that_breaks_it_only_together)
{
	for (unsigned int i = 0; i < 16; i++)
		for (unsigned int k = i + 1; k < 16; k++) {
			const uint64_t pair = 1ull << i | 1ull << k;
			struct oracle o = { .culprits = { pair } };

			cr_expect_eq(minimal_of(&o, 0xffff), pair);
			/* The bound of the algorithm: n * n + 3 * n at the very worst; far fewer here. */
			cr_expect_leq(o.asked, 40, "%u and %u: %u questions", i, k, o.asked);
		}
}

Test(search, finds_one_of_several)
{
	struct oracle o = { .culprits = { 0x3, 0x100, 0x8000 } };
	const uint64_t found = minimal_of(&o, 0xffff);

	cr_expect(found == 0x3 || found == 0x100 || found == 0x8000);
}

Test(search, leaves_alone_what_can_t_be_cut)
{
	struct oracle o = { .culprits = { UINT64_MAX } };

	cr_expect_eq(minimal_of(&o, UINT64_MAX), UINT64_MAX);
}

Test(search, never_asks_the_same_twice)
{
	struct oracle o = { .culprits = { 0x11 } };

	minimal_of(&o, 0x11);
	cr_expect_leq(o.asked, 2);
}

static int fails(void *ctx, uint64_t set, struct error *err)
{
	(void)ctx;
	(void)set;
	return error_set(err, ERROR_INTERRUPTED, "interrupted");
}

Test(search, ends_when_it_can_t_be_told)
{
	const struct search s = { fails, NULL };
	struct error err = ERROR_INIT;
	uint64_t out;

	cr_expect_eq(search_minimal(&s, 0xff, &out, &err), -1);
	cr_expect_eq(err.code, ERROR_INTERRUPTED);
}
