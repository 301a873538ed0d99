#include "inspect/attempts.h"

#include <criterion/criterion.h>

#include "base/cleanup.h"

enum { CONTENTS = 100 };

struct order {
	struct buf seen;
	unsigned int ticks, stop_at;
};

/* A script under XOR with a key that differs from content to content; each eighth can't be had. */
static enum attempts_content content(void *ctx, size_t i, struct buf *to)
{
	static const char script[] = "#!/bin/sh\nset -e\nif test -f x; then echo found | tr a-z A-Z >y; fi\n";

	(void)ctx;
	if (i % 8 == 0)
		return ATTEMPTS_NONE;
	for (size_t k = 0; k < sizeof(script) - 1; k++)
		buf_add_char(to, (char)(uint8_t)((uint8_t)script[k] ^ (128 + i)));
	return ATTEMPTS_WHOLE;
}

static void visit(void *ctx, size_t i, const struct decoded *d)
{
	struct order *const o = ctx;

	cr_assert_geq(d->steps_n, 1);
	if (str_starts(d->bytes, STR("#!/bin/sh")))
		buf_addf(&o->seen, "%zu ", i);
}

static int tick(void *ctx, struct error *err)
{
	struct order *const o = ctx;

	o->ticks++;
	return o->ticks == o->stop_at ? error_set(err, ERROR_INTERRUPTED, "stopped") : 0;
}

static int run(struct order *o, unsigned int jobs)
{
	const struct attempts a = { .max = 65536, .jobs = jobs, .content = content, .visit = visit, .tick = tick,
				    .ctx = o, .tick_ctx = o };
	struct error err = ERROR_INIT;

	return attempts_run(&a, CONTENTS, &err);
}

Test(attempts, results_come_in_order_whatever_the_threads)
{
	AUTO_BUF struct buf expected = BUF_INIT;

	for (size_t i = 0; i < CONTENTS; i++)
		if (i % 8)
			buf_addf(&expected, "%zu ", i);
	for (unsigned int jobs = 1; jobs <= 5; jobs += 2) {
		struct order o = { .seen = BUF_INIT };

		cr_assert_eq(run(&o, jobs), 0);
		cr_assert_str_eq(buf_cstr(&o.seen), buf_cstr(&expected));
		buf_release(&o.seen);
	}
}

Test(attempts, can_be_stopped)
{
	struct order o = { .stop_at = 2 };

	cr_assert_eq(run(&o, 2), -1);
	cr_assert_eq(o.ticks, 2);
	buf_release(&o.seen);
}
