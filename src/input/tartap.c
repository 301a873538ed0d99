#include "input/tartap.h"

#include "base/limits.h"

/* Fields of a ustar header: offset and length. */
enum { SIZE_AT = 124, SIZE_LEN = 12, SUM_AT = 148, SUM_LEN = 8, TYPE_AT = 156 };
/* Old GNU sparse headers: whether a further record of the map follows. */
enum { SPARSE_MORE_AT = 482, SPARSE_NEXT_MORE_AT = 504 };

void tartap_init(struct tartap *t)
{
	*t = (struct tartap){ .next_size = UINT64_MAX };
	digest_init(&t->structure);
}

void tartap_release(struct tartap *t)
{
	buf_release(&t->meta);
}

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

bool tar_checksum_ok(const uint8_t record[TAR_RECORD])
{
	uint64_t stored, sum = 0;

	for (size_t i = 0; i < TAR_RECORD; i++)
		sum += i >= SUM_AT && i < SUM_AT + SUM_LEN ? ' ' : record[i];
	return tar_number(record + SUM_AT, SUM_LEN, &stored) && stored == sum;
}

bool pax_find(struct str records, struct str keyword, struct str *value)
{
	bool found = false;

	while (records.len) {
		size_t len = 0, i = 0, equals;
		struct str record;

		while (i < records.len && i < 20 && records.ptr[i] >= '0' && records.ptr[i] <= '9')
			len = len * 10 + (size_t)(records.ptr[i++] - '0');
		if (i == 0 || i >= records.len || records.ptr[i] != ' ' || len <= i + 1 ||
		    len > records.len || records.ptr[len - 1] != '\n')
			return found;
		record = str_of(records.ptr + i + 1, len - i - 2);
		equals = str_find(record, '=');
		if (equals != (size_t)-1 && str_eq(str_first(record, equals), keyword)) {
			*value = str_from_at(record, equals + 1);
			found = true;	/* the last one counts */
		}
		records = str_from_at(records, len);
	}
	return found;
}

static bool is_zero(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i])
			return false;
	return true;
}

static void meta_done(struct tartap *t)
{
	const struct str records = buf_str(&t->meta);
	struct str value;

	if (t->meta_type == 'g' && !t->comment[0] && pax_find(records, STR("comment"), &value) &&
	    value.len <= OID_COMMENT_MAX) {
		memcpy(t->comment, value.ptr, value.len);
		t->comment[value.len] = '\0';
	}
	if ((t->meta_type == 'x' || t->meta_type == 'g') &&
	    pax_find(records, STR("size"), &value)) {
		t->next_size = 0;
		for (size_t i = 0; i < value.len; i++) {
			if (value.ptr[i] < '0' || value.ptr[i] > '9' || t->next_size >> 59)
				t->state = TARTAP_LOST;
			else
				t->next_size = t->next_size * 10 + (uint64_t)(value.ptr[i] - '0');
		}
	}
	buf_reset(&t->meta);
}

static void enter(struct tartap *t, enum tartap_state state, uint64_t size)
{
	t->state = state;
	t->left = size;
	t->padding = (TAR_RECORD - size % TAR_RECORD) % TAR_RECORD;
}

static void after_data(struct tartap *t)
{
	if (t->padding) {
		t->left = t->padding;
		t->padding = 0;
		t->state = TARTAP_PADDING;
	} else {
		t->state = TARTAP_HEADER;
	}
}

/* A complete record at a place where a header belongs. */
static void header(struct tartap *t)
{
	const char type = (char)t->record[TYPE_AT];
	uint64_t size;

	if (is_zero(t->record, TAR_RECORD)) {
		t->state = TARTAP_END;
		return;
	}
	if (!tar_checksum_ok(t->record) || !tar_number(t->record + SIZE_AT, SIZE_LEN, &size)) {
		t->state = TARTAP_LOST;
		return;
	}
	if (type == 'x' || type == 'g' || type == 'X' || type == 'L' || type == 'K') {
		t->meta_type = type;
		if (size > LIMIT_PATH * 16)
			t->state = TARTAP_LOST;
		else
			enter(t, TARTAP_META, size);
		return;
	}
	if (t->members++ == 0)
		memcpy(t->first_name, t->record, sizeof(t->first_name) - 1);
	if (t->next_size != UINT64_MAX)
		size = t->next_size;
	t->next_size = UINT64_MAX;
	/* Whether a hard link has data is guessed differently by every program. */
	if (type == '1' && size)
		t->state = TARTAP_LOST;
	else if (type >= '1' && type <= '6')
		t->state = TARTAP_HEADER;
	else
		enter(t, TARTAP_DATA, size);
	if (type == 'S' && t->record[SPARSE_MORE_AT] && t->state == TARTAP_DATA)
		t->state = TARTAP_SPARSE;
}

static void record_done(struct tartap *t)
{
	t->record_n = 0;
	if (t->state == TARTAP_HEADER)
		header(t);
	else if (!t->record[SPARSE_NEXT_MORE_AT])
		t->state = TARTAP_DATA;
	if (t->state == TARTAP_META && t->left == 0) {
		meta_done(t);
		after_data(t);
	}
	if (t->state == TARTAP_DATA && t->left == 0)
		after_data(t);
}

static size_t at_end(struct tartap *t, const uint8_t *data, size_t n)
{
	for (size_t i = 0; t->trailing_len == 0 && i < n; i++)
		if (data[i]) {
			const size_t into = (t->offset + i) % TAR_RECORD;

			t->trailing_offset = t->offset + i;
			t->trailing_len = n - i;
			t->trailing_member = into <= i && n - (i - into) >= TAR_RECORD &&
					     tar_checksum_ok(data + i - into);
			return n;
		}
	if (t->trailing_len)
		t->trailing_len += n;
	return n;
}

/* Takes some of the bytes; how many. */
static size_t take(struct tartap *t, const uint8_t *data, size_t n)
{
	size_t use;

	if (t->state == TARTAP_END || t->state == TARTAP_LOST) {
		digest_update(&t->structure, data, n);
		return t->state == TARTAP_END ? at_end(t, data, n) : n;
	}
	if (t->state == TARTAP_HEADER || t->state == TARTAP_SPARSE) {
		use = TAR_RECORD - t->record_n < n ? TAR_RECORD - t->record_n : n;
		memcpy(t->record + t->record_n, data, use);
		t->record_n += (unsigned int)use;
		digest_update(&t->structure, data, use);
		if (t->record_n == TAR_RECORD)
			record_done(t);
		return use;
	}
	use = t->left < n ? (size_t)t->left : n;
	t->left -= use;
	if (t->state != TARTAP_DATA)
		digest_update(&t->structure, data, use);
	if (t->state == TARTAP_META)
		buf_add(&t->meta, data, use);
	if (t->left == 0) {
		if (t->state == TARTAP_META)
			meta_done(t);
		if (t->state == TARTAP_PADDING)
			t->state = TARTAP_HEADER;
		else if (t->state != TARTAP_LOST)
			after_data(t);
	}
	return use;
}

void tartap_feed(struct tartap *t, const uint8_t *data, size_t n)
{
	while (n) {
		const size_t used = take(t, data, n);

		t->offset += used;
		data += used;
		n -= used;
	}
}

bool tartap_structure(struct tartap *t, struct sha256 *out)
{
	if (t->state != TARTAP_END || t->trailing_len)
		return false;
	digest_final(&t->structure, out);
	return true;
}
