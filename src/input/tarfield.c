#include "input/tarfield.h"

bool tar_number(const uint8_t *field, size_t n, uint64_t *out)
{
	uint64_t v = 0;
	size_t i = 0;

	if (field[0] & 0x80) {
		v = field[0] & 0x3f;
		if (field[0] & 0x40)
			return false;
		for (i = 1; i < n; i++) {
			if (v >> 55)
				return false;
			v = v << 8 | field[i];
		}
		*out = v;
		return true;
	}
	while (i < n && field[i] == ' ')
		i++;
	for (; i < n && field[i] >= '0' && field[i] <= '7'; i++)
		v = v << 3 | (uint64_t)(field[i] - '0');
	for (; i < n; i++)
		if (field[i] != ' ' && field[i] != 0)
			return false;
	*out = v;
	return true;
}

/* The sum field itself counts as blanks. */
static bool is_sum(size_t i)
{
	return i >= TAR_SUM && i < TAR_SUM + TAR_SUM_LEN;
}

bool tar_checksum_ok(const uint8_t record[TAR_RECORD])
{
	uint64_t stored, sum = 0;

	for (size_t i = 0; i < TAR_RECORD; i++)
		sum += is_sum(i) ? ' ' : record[i];
	return tar_number(record + TAR_SUM, TAR_SUM_LEN, &stored) && stored == sum;
}

bool tar_checksum_signed_ok(const uint8_t record[TAR_RECORD])
{
	uint64_t stored;
	int64_t sum = 0;

	for (size_t i = 0; i < TAR_RECORD; i++)
		sum += is_sum(i) ? ' ' : (int8_t)record[i];
	return tar_number(record + TAR_SUM, TAR_SUM_LEN, &stored) && sum >= 0 &&
	       stored == (uint64_t)sum;
}

struct str tar_text(const uint8_t *field, size_t n)
{
	return str_of(field, strnlen((const char *)field, n));
}

bool tar_is_zero(const uint8_t *p, size_t n)
{
	static const uint8_t zeros[TAR_RECORD];

	for (; n > TAR_RECORD; n -= TAR_RECORD, p += TAR_RECORD)
		if (memcmp(p, zeros, TAR_RECORD) != 0)
			return false;
	return n == 0 || memcmp(p, zeros, n) == 0;
}

int pax_next(struct str *records, struct str *keyword, struct str *value)
{
	const struct str r = *records;
	size_t len = 0, i = 0, equals;
	struct str record;

	if (r.len == 0)
		return 0;
	while (i < r.len && i < 20 && r.ptr[i] >= '0' && r.ptr[i] <= '9') {
		if (len > r.len)
			return -1;
		len = len * 10 + (size_t)(r.ptr[i++] - '0');
	}
	if (i == 0 || i >= r.len || r.ptr[i] != ' ' || len <= i + 1 || len > r.len ||
	    r.ptr[len - 1] != '\n')
		return -1;
	record = str_of(r.ptr + i + 1, len - i - 2);
	equals = str_find(record, '=');
	/* Without '=' it says nothing, and programs pass over it. */
	*keyword = equals == (size_t)-1 ? STR("") : str_first(record, equals);
	*value = equals == (size_t)-1 ? STR("") : str_from_at(record, equals + 1);
	*records = str_from_at(r, len);
	return 1;
}

bool pax_find(struct str records, struct str keyword, struct str *value)
{
	struct str key, v;
	bool found = false;

	while (pax_next(&records, &key, &v) == 1)
		if (str_eq(key, keyword)) {
			*value = v;
			found = true;	/* the last one counts */
		}
	return found;
}

bool pax_number(struct str value, uint64_t *out)
{
	*out = 0;
	for (size_t i = 0; i < value.len; i++) {
		if (value.ptr[i] < '0' || value.ptr[i] > '9' || *out >> 59)
			return false;
		*out = *out * 10 + (uint64_t)(value.ptr[i] - '0');
	}
	return true;
}
