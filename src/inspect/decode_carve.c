#include "inspect/decode_carve.h"

#include <stdint.h>

#include "inspect/decode.h"

/* Runs of equal bytes from here on are filling, shorter ones may be data. Perl repeats no more than RUN_MAX
 * times in a pattern, whatever its version. */
enum { RUN_MIN = 64, RUN_MAX = 30000, RUNS_MAX = 4096 };

struct run {
	size_t at, len;
};

static size_t run_at(struct str b, size_t at)
{
	size_t end = at + 1;

	while (end < b.len && b.ptr[end] == b.ptr[at])
		end++;
	return end - at;
}

static size_t find_runs(struct str b, struct run *runs)
{
	size_t n = 0;

	for (size_t at = 0; at < b.len && n < RUNS_MAX;) {
		const size_t len = run_at(b, at);

		if (len >= RUN_MIN)
			runs[n++] = (struct run){ at, len };
		at += len;
	}
	return n;
}

/* The most frequent distance between the ends of neighbouring runs: an end may lie a byte or two off,
 * where data happens to go on with the filling's byte, but most do not. */
static size_t period_of(const struct run *runs, size_t n)
{
	size_t best = 0, best_count = 0;

	for (size_t i = 1; i < n && i < 64; i++) {
		const size_t d = runs[i].at + runs[i].len - runs[i - 1].at - runs[i - 1].len;
		size_t count = 0;

		for (size_t k = 1; k < n && k < 256; k++)
			count += runs[k].at + runs[k].len - runs[k - 1].at - runs[k - 1].len == d;
		if (count > best_count) {
			best = d;
			best_count = count;
		}
	}
	return best_count * 2 >= (n < 64 ? n : 64) - 1 ? best : 0;
}

/* The most frequent length: chance only makes runs longer. */
static size_t length_of(const struct run *runs, size_t n)
{
	size_t best = 0, best_count = 0;

	for (size_t i = 0; i < n && i < 64; i++) {
		size_t count = 0;

		for (size_t k = 0; k < n && k < 256; k++)
			count += runs[k].len == runs[i].len;
		if (count > best_count) {
			best = runs[i].len;
			best_count = count;
		}
	}
	return best;
}

size_t carve_plan(struct str bytes, struct carve out[CARVES_MAX])
{
	struct run *const runs = memory_alloc(RUNS_MAX * sizeof(*runs));
	const size_t n = find_runs(bytes, runs);
	size_t plans = 0, shortest = SIZE_MAX;

	for (size_t i = 0; i < n; i++)
		if (runs[i].len < shortest)
			shortest = runs[i].len;
	if (n >= 3) {
		const size_t period = period_of(runs, n), skip = length_of(runs, n);

		if (period > skip && skip) {
			/* Where a run of the usual length ends, data begins. */
			size_t i = 0;

			while (runs[i].len != skip)
				i++;
			out[plans++] = (struct carve){
				.start = (runs[i].at + runs[i].len) % period,
				.keep = period - skip, .skip = skip };
		}
		out[plans++] = (struct carve){ .run = shortest < RUN_MAX ? shortest : RUN_MAX };
		if (shortest > RUN_MIN * 2)
			out[plans++] = (struct carve){ .run = RUN_MIN };
	}
	memory_free(runs);
	return plans;
}

void carve_apply(const struct carve *c, struct str b, struct buf *to)
{
	if (c->keep) {
		for (size_t at = c->start; at < b.len; at += c->keep + c->skip) {
			const struct str kept = str_first(str_from_at(b, at), c->keep);

			buf_add_str(to, kept);
		}
		return;
	}
	for (size_t at = 0; at < b.len;) {
		const size_t len = run_at(b, at);

		if (len < c->run)
			buf_add(to, b.ptr + at, len);
		at += len;
	}
}

struct str carve_command(const struct carve *c, struct arena *a)
{
	if (!c->keep)
		return arena_strf(a, "perl -0777 -pe 's/(.)\\1{%zu,}//gs'", c->run - 1);
	return arena_strf(a, "python3 -c 'import sys;d=sys.stdin.buffer.read();"
			  "sys.stdout.buffer.write(b\"\".join(d[i:i+%zu] for i in range(%zu,len(d),%zu)))'",
			  c->keep, c->start, c->keep + c->skip);
}

enum window { WINDOW_OTHER, WINDOW_CONSTANT, WINDOW_RANDOM };

/* By the sum of squares of the byte counts: of n random bytes it is about n + n * n / 256, with little
 * spread; twice the second part says text, code or tables. */
static enum window classify(const uint8_t *p, size_t n)
{
	enum { STEP = 64 };
	const size_t bound = n + n * n / 256 * 5 / 4;
	uint16_t count[256] = { 0 };
	size_t squares = 0;

	if (memcmp(p, p + 1, n - 1) == 0)
		return WINDOW_CONSTANT;
	/* Text is out of bounds after a part of it. */
	for (size_t i = 0; i < n && squares <= bound;)
		for (const size_t end = i + STEP < n ? i + STEP : n; i < end; i++)
			squares += 2u * count[p[i]]++ + 1u;
	return squares <= bound ? WINDOW_RANDOM : WINDOW_OTHER;
}

/* One window of neither kind may lie between: the one that holds the border. */
static unsigned int alternations(struct str b, size_t size)
{
	enum window last = WINDOW_OTHER;
	unsigned int n = 0;
	size_t others = 0;

	for (size_t at = 0; at + size <= b.len; at += size) {
		const enum window w = classify((const uint8_t *)b.ptr + at, size);

		if (w == WINDOW_OTHER) {
			if (++others > 1)
				last = WINDOW_OTHER;
			continue;
		}
		n += last != WINDOW_OTHER && last != w;
		last = w;
		others = 0;
	}
	return n;
}

unsigned int decode_alternations(struct str bytes)
{
	const unsigned int fine = alternations(bytes, 512), coarse = alternations(bytes, 1024);

	return fine > coarse ? fine : coarse;
}
