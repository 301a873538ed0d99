/* One layer of a container, member by member. libarchive gets formats by name and no filters at all:
 * for some filters it runs programs. */
#include <archive.h>
#include <archive_entry.h>

#include "base/limits.h"
#include "inspect/blob.h"
#include "inspect/blob_bytes.h"
#include "inspect/blob_shapes.h"

typedef bool visit_fn(void *ctx, struct str name, struct str member);

struct opening {
	size_t left;		/* bytes that may still be given out */
	visit_fn *visit;
	void *ctx;
	bool *limit;
	struct buf member;
};

/* Reads a member whole; false at a limit. */
static bool read_member(struct opening *o, struct archive *a)
{
	buf_reset(&o->member);
	for (;;) {
		const void *data = NULL;
		size_t n = 0;
		la_int64_t at = 0;
		const int r = archive_read_data_block(a, &data, &n, &at);

		/* What is right of a broken member is still worth a look. */
		if (r != ARCHIVE_OK && r != ARCHIVE_WARN)
			return true;
		/* Holes: `at` may jump ahead. */
		if (at < 0 || (uint64_t)at > o->left || n > o->left - (size_t)at)
			return false;
		if ((size_t)at > o->member.len) {
			const size_t hole = (size_t)at - o->member.len;

			memset(buf_reserve(&o->member, hole), 0, hole);
			o->member.len += hole;
		}
		buf_add(&o->member, data, n);
		if (o->member.len > o->left)
			return false;
	}
}

static bool walk_archive(struct opening *o, struct archive *a)
{
	struct archive_entry *e;
	size_t members = 0;
	int r;

	while ((r = archive_read_next_header(a, &e)) == ARCHIVE_OK || r == ARCHIVE_WARN) {
		const char *name = archive_entry_pathname(e);

		/* `ar D` writes modes without a type. */
		if (archive_entry_filetype(e) != AE_IFREG && archive_entry_filetype(e) != 0)
			continue;
		if (++members > LIMIT_MEMBERS || !read_member(o, a)) {
			*o->limit = true;
			return false;
		}
		o->left -= o->member.len;
		if (!o->visit(o->ctx, str_from(name), buf_str(&o->member)))
			return true;
	}
	return members > 0;
}

static bool has_archive_magic(struct str b)
{
	uint64_t end;

	return shape_tar(b, &end) || shape_cpio(b, &end) || shape_ar(b, &end) ||
	       bytes_at(b, 0, STR("PK\x03\x04")) || bytes_at(b, 0, STR("7z\xbc\xaf\x27\x1c"));
}

static bool open_archive(struct opening *o, struct str bytes)
{
	struct archive *a = archive_read_new();
	bool done = false;

	if (!a)
		return false;
	archive_read_support_filter_none(a);
	archive_read_support_format_tar(a);
	archive_read_support_format_cpio(a);
	archive_read_support_format_ar(a);
	archive_read_support_format_zip(a);
	archive_read_support_format_7zip(a);
	if (archive_read_open_memory(a, bytes.ptr, bytes.len) == ARCHIVE_OK)
		done = walk_archive(o, a);
	archive_read_free(a);
	return done;
}

/* rpm's format: a lead of 96 bytes, a signature and a header of the same form, then the payload, which
 * is one compressed member. */
static bool rpm_payload(struct str b, struct str *payload)
{
	uint64_t at = 96;

	if (!bytes_at(b, 0, STR("\xed\xab\xee\xdb")))
		return false;
	for (int header = 0; header < 2; header++) {
		if (!bytes_at(b, at, STR("\x8e\xad\xe8\x01")))
			return false;
		at += 16 + 16 * (uint64_t)be32(b, at + 8) + be32(b, at + 12);
		if (header == 0)
			at = (at + 7) / 8 * 8;
	}
	*payload = part(b, at, b.len);
	return payload->len > 0;
}

bool blob_open(struct str bytes, size_t max,
	       bool (*visit)(void *ctx, struct str name, struct str member), void *ctx, bool *limit)
{
	struct opening o = { .left = max, .visit = visit, .ctx = ctx, .limit = limit,
			     .member = BUF_INIT };
	struct unpacked u;
	struct str payload;
	bool done = false;

	*limit = false;
	unpack(bytes, max, &u);
	*limit = u.state == UNPACK_LIMIT;
	if (u.streams || u.content.len) {
		visit(ctx, STR(""), buf_str(&u.content));
		done = !*limit;
	}
	unpacked_release(&u);
	if (done || *limit)
		return done;
	if (rpm_payload(bytes, &payload)) {
		*limit = payload.len > max;
		if (!*limit)
			visit(ctx, STR("payload"), payload);
		return !*limit;
	}
	if (has_archive_magic(bytes))
		done = open_archive(&o, bytes);
	buf_release(&o.member);
	return done;
}
