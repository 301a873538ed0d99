/* Compressed streams: whether each holds, and what their headers carry beside the data. */
#include <zlib.h>

#include "base/limits.h"
#include "inspect/blob_look.h"
#include "inspect/blob_shapes.h"
#include "inspect/decode.h"
#include "inspect/decode_magic.h"
#include "inspect/decode_text.h"

/* Content in which alternations are looked for. */
#define ALTERNATIONS_WITHIN (4 * MIB)

enum {
	NAME_MAX_USUAL = 255,	/* a gzip header's file name and comment: no longer than a path */
	PRIVATE_MEDIUM = 256,
};

uint32_t look_crc32(struct str b)
{
	uLong sum = 0;

	for (size_t at = 0; at < b.len; at += (size_t)1 << 30) {
		const struct str some = str_first(str_from_at(b, at), (size_t)1 << 30);

		sum = crc32(sum, (const Bytef *)some.ptr, (uInt)some.len);
	}
	return (uint32_t)sum;
}

static bool packed_begins(struct str b)
{
	struct unpacked u;

	/* The first bytes of the data are enough to know, and zlib and lzma to be believed. */
	unpack_part(b, 0, 4 * KIB, &u);
	unpacked_release(&u);
	return u.state != UNPACK_NOT_PACKED;
}

/* RFC 1952, 2.3.1.1: subfields of an id of two letters and a length. dictzip's and BGZF's are random
 * access tables that many files have. */
static void gzip_extra(struct look *l, uint64_t at, uint64_t len)
{
	const uint64_t end = at + len;

	while (end - at >= 4) {
		const uint64_t size = le16(l->bytes, at + 2);
		const struct str id = part(l->bytes, at, 2);
		char code[5];

		if (size > end - at - 4)
			break;
		if (!look_listed("RA\0BC\0Ap\0AC\0cp\0", id))
			look_private(l, at + 4, size, PRIVATE_MEDIUM,
				     "the gzip header has a field \"%.2s\" of %ju bytes",
				     look_code(l->bytes, at, code), (uintmax_t)size);
		at += 4 + size;
	}
	if (at < end)
		look_private(l, at, end - at, PRIVATE_MEDIUM,
			     "the gzip header has %ju bytes that are no field", (uintmax_t)(end - at));
}

static uint64_t gzip_text(struct look *l, uint64_t at, const char *what)
{
	const size_t len = str_find(str_from_at(l->bytes, (size_t)at), '\0');

	if (len == (size_t)-1)
		return l->bytes.len;
	if (len > NAME_MAX_USUAL)
		look_private(l, at, len, 0, "the %s in the gzip header has %zu bytes", what, len);
	return at + len + 1;
}

static void gzip_header(struct look *l)
{
	const unsigned int flags = byte_at(l->bytes, 3);
	uint64_t at = 10;

	if (flags & 4 && holds(l->bytes, 12, le16(l->bytes, 10))) {
		gzip_extra(l, 12, le16(l->bytes, 10));
		at = 12 + (uint64_t)le16(l->bytes, 10);
	}
	if (flags & 8)
		at = gzip_text(l, at, "file name");
	if (flags & 16)
		gzip_text(l, at, "comment");
}

/* RFC 8878, 3.1.1: the header says how long it is, each block how long it is, and which is the last. */
static bool zstd_skip_frame(struct str b, uint64_t *at)
{
	const uint32_t descriptor = byte_at(b, *at + 4);
	uint32_t block = 0;

	*at += magic_zstd_header((uint8_t)descriptor);
	while (!(block & 1)) {
		if (!holds(b, *at, 3))
			return false;
		block = le16(b, *at) | byte_at(b, *at + 2) << 16;
		*at += 3 + ((block >> 1 & 3) == 1 ? 1 : block >> 3);
	}
	*at += descriptor & 4 ? 4 : 0;
	return true;
}

/* 3.1.2: skippable frames. pzstd writes a block's size there, seekable files their table, whose last
 * four bytes are 0x8F92EAB1. */
static void zstd_frames(struct look *l, uint64_t end)
{
	const struct str b = part(l->bytes, 0, end);
	uint64_t at = 0;

	while (holds(b, at, 8)) {
		const uint64_t size = le32(b, at + 4);

		if (le32(b, at) >> 4 != 0x184d2a5) {
			if (le32(b, at) != 0xfd2fb528 || !zstd_skip_frame(b, &at))
				return;
			continue;
		}
		if (!holds(b, at + 8, size))
			return;
		if (size > 0 && size != 4 && le32(b, at + 8 + size - 4) != 0x8f92eab1)
			look_private(l, at + 8, size, PRIVATE_MEDIUM,
				     "a skippable zstd frame of %ju bytes", (uintmax_t)size);
		at += 8 + size;
	}
}

static void then_corrupt(struct look *l, const struct unpacked *u)
{
	struct note *n = note_add(l->notes, RULE_TP301,
				  "stream %u of the %s data is broken, %u before it %s valid",
				  u->streams + 1, u->format, u->streams,
				  u->streams == 1 ? "is" : "are");
	const struct str text = str_first(buf_str(&u->content), NOTE_EXCERPT);

	n->offset = (int64_t)u->bad_offset;
	n->length = (int64_t)(l->bytes.len - u->bad_offset);
	if (blob_is_text(text))
		note_evidence(l->notes, n, text);
	l->out->state = BLOB_CORRUPT;
	l->out->then_corrupt = true;
}

/* A program text that the stream holds byte for byte. Compressors store what they can't make smaller; a
 * text of that length they can. */
static void stored_program(struct look *l, struct str content)
{
	enum { STORED_MIN = 200 };
	const size_t at = content.len < STORED_MIN ? (size_t)-1 :
			  str_find_str(l->bytes, str_first(content, STORED_MIN));
	const char *const language = at == (size_t)-1 ? NULL : text_program(content, false);

	if (language)
		look_note(l, RULE_TP313, at, STORED_MIN, "holds a %s in a compressed stream without compression",
			  language);
}

static void packed_examine(struct look *l)
{
	struct unpacked u;
	const char *format;

	unpack_part(l->bytes, ALTERNATIONS_WITHIN, LIMIT_INSPECT_UNPACKED, &u);
	l->out->alternations = decode_alternations(buf_str(&u.content));
	l->out->format = u.format ? u.format : l->out->format;
	stored_program(l, buf_str(&u.content));
	if (str_starts(buf_str(&u.content), STR("\x7f" "ELF")) && unpack_confirms(buf_str(&u.content), &format))
		l->packed_code = format;
	switch (u.state) {
	case UNPACK_NOT_PACKED:
		l->out->format = NULL;
		l->out->state = BLOB_OPAQUE;
		break;
	case UNPACK_VALID:
		break;
	case UNPACK_VALID_REST:
		look_rest(l, u.rest_offset);
		break;
	case UNPACK_THEN_CORRUPT:
		then_corrupt(l, &u);
		break;
	case UNPACK_CORRUPT:
		look_corrupt(l, u.bad_offset, "its first stream is corrupt");
		break;
	case UNPACK_TRUNCATED:
		look_corrupt(l, l->bytes.len, "its first stream is cut off");
		break;
	case UNPACK_UNSUPPORTED:
	case UNPACK_LIMIT:
		l->out->state = BLOB_UNSUPPORTED;
		break;
	}
	if (u.format && strcmp(u.format, "gzip") == 0)
		gzip_header(l);
	if (u.format && strcmp(u.format, "zstd") == 0)
		zstd_frames(l, u.state == UNPACK_VALID_REST ? u.rest_offset : l->bytes.len);
	unpacked_release(&u);
}

static bool lz4_begins(struct str b)
{
	return b.len > 7 && (bytes_at(b, 0, STR("\x04\x22\x4d\x18")) ||
			     bytes_at(b, 0, STR("\x02\x21\x4c\x18")));
}

static bool compress_begins(struct str b)
{
	return b.len > 3 && bytes_at(b, 0, STR("\x1f\x9d")) && (byte_at(b, 2) & 0x60) == 0 &&
	       (byte_at(b, 2) & 0x1f) >= 9 && (byte_at(b, 2) & 0x1f) <= 16;
}

static bool other_begins(struct str b)
{
	return bytes_at(b, 0, STR("\x89LZO\0\r\n\x1a\n")) || bytes_at(b, 0, STR("LRZI\0")) ||
	       bytes_at(b, 0, STR("\x1f\x1e")) || bytes_at(b, 0, STR("\x1f\xa0"));
}

const struct blob_format blob_packed[] = {
	{ "packed", CLASS_ARCHIVE, packed_begins, packed_examine },
	{ "lz4", CLASS_ARCHIVE, lz4_begins, NULL },
	{ "compress", CLASS_ARCHIVE, compress_begins, NULL },
	{ "packed-old", CLASS_ARCHIVE, other_begins, NULL },
	{ 0 },
};
