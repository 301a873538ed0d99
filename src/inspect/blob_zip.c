/* Zip: its directory against the members' own headers, byte for byte (APPNOTE.TXT 6.3). */
#include <stdlib.h>

#include "base/limits.h"
#include "base/memory.h"
#include "inspect/blob_look.h"
#include "inspect/blob_zip.h"

enum {
	END_SIZE = 22,
	ENTRY_SIZE = 46,
	LOCAL_SIZE = 30,
	COMMENT_USUAL = 1024,	/* a notice; some packers write one */
	TOLD = 8,		/* notes on names in one zip, and on gaps */
};

struct zip_entry {
	uint64_t local;		/* offset of its own header */
	uint64_t packed;	/* size of its data */
	struct str name;
	unsigned int flags;
};

struct zip {
	struct str b;
	uint64_t end;		/* of the end record: where it begins */
	uint64_t directory, directory_size, n;
	uint64_t shift;		/* what stands before the zip, when offsets do not count it */
	uint64_t tail;		/* the first of the records at the end */
};

/* 4.3.16. The last record whose comment lies within the bytes. */
static bool find_end(struct str b, uint64_t *end)
{
	uint64_t at = b.len;

	if (b.len < END_SIZE)
		return false;
	for (at = b.len - END_SIZE;; at--) {
		if (bytes_at(b, at, STR("PK\x05\x06")) &&
		    holds(b, at + END_SIZE, le16(b, at + 20))) {
			*end = at;
			return true;
		}
		if (at == 0 || b.len - at > END_SIZE + 2 * (uint64_t)UINT16_MAX)
			return false;
	}
}

/* 4.3.14, 4.3.15: the 64-bit record and its locator stand before the end record. */
static void read_zip64(struct zip *z)
{
	uint64_t at;

	if (z->end < 20 || !bytes_at(z->b, z->end - 20, STR("PK\x06\x07")))
		return;
	at = le64(z->b, z->end - 20 + 8);
	if (!bytes_at(z->b, at, STR("PK\x06\x06")))
		return;
	z->n = le64(z->b, at + 32);
	z->directory_size = le64(z->b, at + 40);
	z->directory = le64(z->b, at + 48);
	z->tail = at;
}

static bool read_end(struct zip *z, struct str b)
{
	*z = (struct zip){ .b = b };
	if (!find_end(b, &z->end))
		return false;
	z->tail = z->end;
	z->n = le16(b, z->end + 10);
	z->directory_size = le32(b, z->end + 12);
	z->directory = le32(b, z->end + 16);
	read_zip64(z);
	if (!holds(part(b, 0, z->tail), z->directory, z->directory_size))
		return false;
	/* Self-extracting archives may count from the zip's first byte instead of the file's. */
	if (z->n && !bytes_at(b, z->directory, STR("PK\x01\x02")))
		z->shift = z->tail - z->directory_size - z->directory;
	return z->n == 0 || bytes_at(b, z->directory + z->shift, STR("PK\x01\x02"));
}

bool zip_ends(struct str b)
{
	struct zip z;

	return read_end(&z, b) && z.n > 0;
}

static bool read_entry(const struct zip *z, uint64_t *at, struct zip_entry *e)
{
	const struct str b = z->b;
	const uint64_t name = le16(b, *at + 28), extra = le16(b, *at + 30);
	uint64_t field = *at + ENTRY_SIZE + name;
	const uint64_t extra_end = field + extra;

	if (!bytes_at(b, *at, STR("PK\x01\x02")) || !holds(b, *at, ENTRY_SIZE + name + extra))
		return false;
	*e = (struct zip_entry){ le32(b, *at + 42), le32(b, *at + 20),
				 part(b, *at + ENTRY_SIZE, name), le16(b, *at + 8) };
	/* 4.5.3: the values that are all ones stand in field 1, in this order. */
	for (; field + 4 <= extra_end; field += 4 + (uint64_t)le16(b, field + 2)) {
		uint64_t value = field + 4;

		if (le16(b, field) != 1)
			continue;
		value += le32(b, *at + 24) == UINT32_MAX ? 8 : 0;
		if (e->packed == UINT32_MAX) {
			e->packed = le64(b, value);
			value += 8;
		}
		if (e->local == UINT32_MAX)
			e->local = le64(b, value);
	}
	*at += ENTRY_SIZE + name + extra + le16(b, *at + 32);
	return e->local <= INT64_MAX && e->packed <= INT64_MAX;
}

static int by_offset(const void *a, const void *b)
{
	const struct zip_entry *x = a, *y = b;

	return x->local < y->local ? -1 : x->local > y->local;
}

/* 4.3.9: 12 bytes, with an optional signature, or 20 in a zip64. */
static uint64_t descriptor_size(const struct zip *z, const struct zip_entry *e, uint64_t at)
{
	uint64_t size = 0;

	if (!(e->flags & 8))
		return 0;
	size = bytes_at(z->b, at, STR("PK\x07\x08")) ? 4 : 0;
	if (le32(z->b, at + size + 4) == (uint32_t)e->packed &&
	    !(le64(z->b, at + size + 4) == e->packed && le64(z->b, at + size + 12) <= INT64_MAX &&
	      le32(z->b, at + size + 8) == 0))
		return size + 12;
	return size + (le64(z->b, at + size + 4) == e->packed ? 20 : 12);
}

/* What lies between members without belonging to one. */
static void tell_gap(struct look *l, unsigned int *gaps, uint64_t from, uint64_t to)
{
	const struct str gap = part(l->bytes, from, to - from);
	struct note *n;

	if (after_zeros(gap, 0) == gap.len || (*gaps)++ >= TOLD)
		return;
	n = look_note(l, RULE_TP305, from, gap.len,
		      "%zu bytes of the zip belong to none of its members", gap.len);
	/* Android's signing block has this place and this mark. */
	if (str_ends(gap, STR("APK Sig Block 42")))
		n->severity = SEVERITY_INFO;
	if (l->out->state == BLOB_VALID)
		l->out->state = BLOB_REST;
}

/* Compares each member's own header with the directory, and looks between them. */
static void walk_members(struct look *l, const struct zip *z, const struct zip_entry *v, size_t n)
{
	uint64_t at = n && v[0].local + z->shift > 0 && bytes_at(z->b, 0, STR("PK\x03\x04")) ? 0 :
		      z->shift + (n ? v[0].local : 0);
	unsigned int told = 0, gaps = 0;

	for (size_t i = 0; i < n; i++) {
		const uint64_t local = v[i].local + z->shift;
		const struct str name = part(z->b, local + LOCAL_SIZE, le16(z->b, local + 26));
		uint64_t end;

		if (!bytes_at(z->b, local, STR("PK\x03\x04"))) {
			look_corrupt(l, local, "no member stands where its directory says");
			return;
		}
		if (!str_eq(name, v[i].name) && told++ < TOLD) {
			struct note *note = note_add(l->notes, RULE_TP304, "a member is %.*s in the "
						     "zip's directory and %.*s in its own header",
						     STR_FMT(str_first(v[i].name, NOTE_EXCERPT)),
						     STR_FMT(str_first(name, NOTE_EXCERPT)));

			/* A name that is no text was damaged; one that is, chosen. */
			if (!blob_is_text(name) || !blob_is_text(v[i].name))
				note->severity = SEVERITY_LOW;
			note->offset = (int64_t)local;
			note_evidence(l->notes, note, v[i].name);
			note_evidence(l->notes, note, name);
		}
		if (local > at)
			tell_gap(l, &gaps, at, local);
		end = local + LOCAL_SIZE + name.len + le16(z->b, local + 28) + v[i].packed;
		end += descriptor_size(z, &v[i], end);
		if (end > z->directory + z->shift) {
			look_corrupt(l, local, "a member is longer than the bytes before the directory");
			return;
		}
		at = end > at ? end : at;
	}
	if (z->directory + z->shift > at)
		tell_gap(l, &gaps, at, z->directory + z->shift);
}

static void around_members(struct look *l, const struct zip *z, const struct zip_entry *v, size_t n)
{
	const uint64_t comment = le16(z->b, z->end + 20);
	const uint64_t first = n ? v[0].local + z->shift : 0;

	if (first > 0 && !bytes_at(z->b, 0, STR("PK\x03\x04"))) {
		struct note *note = look_note(l, RULE_TP302, 0, first,
					      "%ju bytes stand before the zip", (uintmax_t)first);

		/* A program that unpacks itself, or another format's signature. */
		note->severity = SEVERITY_LOW;
		l->out->state = BLOB_REST;
	}
	if (comment > COMMENT_USUAL)
		look_private(l, z->end + END_SIZE, comment, 0, "the zip's comment has %ju bytes",
			     (uintmax_t)comment);
	look_rest(l, z->end + END_SIZE + comment);
}

void zip_examine(struct look *l)
{
	struct zip z;
	struct zip_entry *v = NULL;
	size_t n = 0, cap = 0;
	uint64_t at;

	if (!read_end(&z, l->bytes)) {
		look_corrupt(l, l->bytes.len, "it has no directory");
		return;
	}
	if (z.n > LIMIT_MEMBERS) {
		l->out->state = BLOB_UNSUPPORTED;
		return;
	}
	for (at = z.directory + z.shift; n < z.n; n++) {
		v = memory_grow(v, n, &cap, sizeof(*v));
		if (!read_entry(&z, &at, &v[n])) {
			look_corrupt(l, at, "its directory is broken");
			memory_free(v);
			return;
		}
	}
	if (n)
		qsort(v, n, sizeof(*v), by_offset);
	walk_members(l, &z, v, n);
	if (l->out->state != BLOB_CORRUPT && at < z.tail &&
	    !bytes_at(z.b, at, STR("PK\x05\x05")))
		tell_gap(l, &(unsigned int){ 0 }, at, z.tail);
	if (l->out->state != BLOB_CORRUPT)
		around_members(l, &z, v, n);
	memory_free(v);
}
