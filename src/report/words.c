#include "report/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

void words_number(struct buf *to, uint64_t n)
{
	char digits[24];
	const int len = snprintf(digits, sizeof(digits), "%" PRIu64, n);

	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			buf_add_char(to, ',');
		buf_add_char(to, digits[i]);
	}
}

void words_count(struct buf *to, uint64_t n, const char *noun)
{
	const size_t len = strlen(noun);

	words_number(to, n);
	buf_add_char(to, ' ');
	if (n == 1)
		buf_add(to, noun, len);
	else if (len && noun[len - 1] == 'y')
		buf_addf(to, "%.*sies", (int)(len - 1), noun);
	else
		buf_addf(to, "%ss", noun);
}

void words_size(struct buf *to, uint64_t bytes, bool exact)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	uint64_t unit = 1024, whole, tenths;
	size_t i = 0;

	if (exact || bytes < 1024) {
		words_count(to, bytes, "byte");
		return;
	}
	while (bytes / unit >= 1024) {
		unit *= 1024;
		i++;
	}
	whole = bytes / unit;
	tenths = (bytes % unit * 10 + unit / 2) / unit;
	if (tenths == 10 || (whole >= 100 && tenths >= 5))
		whole++, tenths = 0;
	words_number(to, whole);
	if (whole < 100)
		buf_addf(to, ".%" PRIu64, tenths);
	buf_addf(to, " %s", units[i]);
}

void words_time(struct buf *to, int64_t seconds)
{
	const time_t when = (time_t)seconds;
	struct tm tm;

	if (!gmtime_r(&when, &tm)) {
		buf_addf(to, "%" PRId64 " seconds since 1970", seconds);
		return;
	}
	buf_addf(to, "%04ld-%02d-%02d %02d:%02d:%02d UTC", tm.tm_year + 1900L, tm.tm_mon + 1,
		 tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

void words_seconds(struct buf *to, double seconds)
{
	/* Integers, since printf() asks the locale for its decimal point. */
	const bool sane = seconds > 0 && seconds < 1e12;
	const uint64_t ms = sane ? (uint64_t)(seconds * 1e3 + 0.5) : 0;

	buf_addf(to, "%5" PRIu64 ".%03" PRIu64 " s", ms / 1000, ms % 1000);
}
