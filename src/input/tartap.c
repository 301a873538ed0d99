#include "input/tartap.h"

#include "base/limits.h"

/* Old GNU sparse headers: whether a further record of the map follows. */
enum { SPARSE_MORE_AT = 482, SPARSE_NEXT_MORE_AT = 504 };

void tartap_init(struct tartap *t)
{
	*t = (struct tartap){ .next_size = UINT64_MAX };
	digest_init(&t->structure);
	tarlint_init(&t->lint);
}

void tartap_release(struct tartap *t)
{
	buf_release(&t->meta);
	tarlint_release(&t->lint);
}

/* Headers are not followed any further, since programs would not agree either. */
static void lose(struct tartap *t, const char *why)
{
	t->state = TARTAP_LOST;
	tarlint_note(&t->lint, TARLINT_LOST, t->record, t->record_at, why);
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
	if ((t->meta_type == 'x' || t->meta_type == 'X' || t->meta_type == 'g') &&
	    pax_find(records, STR("size"), &value) && !pax_number(value, &t->next_size))
		lose(t, "the size in its pax header is no number");
	tarlint_meta(&t->lint, t->meta_type, records, t->meta_at);
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

/* Its size, as far as it can be known; false when nothing more can. */
static bool header_size(struct tartap *t, uint64_t *size)
{
	const uint8_t *const field = t->record + TAR_SIZE;

	if (!tar_checksum_ok(t->record)) {
		if (!tar_checksum_signed_ok(t->record))
			return lose(t, "its checksum is wrong"), false;
		tarlint_note(&t->lint, TARLINT_SUM_SIGNED, t->record, t->record_at, "");
	}
	if (tar_number(field, TAR_SIZE_LEN, size))
		return true;
	if ((field[0] & 0xc0) == 0xc0 || memchr(field, '-', TAR_SIZE_LEN))
		tarlint_note(&t->lint, TARLINT_SIZE_NEGATIVE, t->record, t->record_at, "");
	return lose(t, "its size is no number"), false;
}

/* A complete record at a place where a header belongs. */
static void header(struct tartap *t)
{
	const char type = (char)t->record[TAR_TYPE];
	uint64_t size;

	if (tar_is_zero(t->record, TAR_RECORD)) {
		t->state = TARTAP_END;
		tarlint_end(&t->lint, t->record_at);
		return;
	}
	if (!header_size(t, &size))
		return;
	tarlint_header(&t->lint, t->record, t->record_at);
	if (type == 'x' || type == 'g' || type == 'X' || type == 'L' || type == 'K') {
		t->meta_type = type;
		t->meta_at = t->record_at;
		if (size > LIMIT_PATH * 16)
			lose(t, "its extended header is too large");
		else
			enter(t, TARTAP_META, size);
		return;
	}
	if (t->members++ == 0)
		memcpy(t->first_name, t->record, sizeof(t->first_name) - 1);
	/* Whether a hard link has data is guessed differently by every program. */
	if (type == '1' && (t->next_size != UINT64_MAX ? t->next_size : size))
		lose(t, "it is a hard link with content");
	tarlint_member(&t->lint, t->record, size, t->record_at);
	if (t->next_size != UINT64_MAX)
		size = t->next_size;
	t->next_size = UINT64_MAX;
	if (t->state == TARTAP_LOST)
		return;
	if (type >= '1' && type <= '6')
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
		if (t->record_n == 0)
			t->record_at = t->offset;
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
	if (t->state == TARTAP_PADDING)
		tarlint_padding(&t->lint, data, use, t->offset);
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
