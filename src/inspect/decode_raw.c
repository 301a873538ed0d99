#include "inspect/decode_raw.h"

#include <lzma.h>
#include <zlib.h>

#include "base/limits.h"
#include "inspect/decode_magic.h"
#include "inspect/decode_text.h"

enum { PROBE = MAGIC_HEAD, CHUNK = 16 * 1024 };
#define RAW_DICTIONARY (8 * MIB)

bool raw_may_begin(enum raw_kind kind, struct str b)
{
	const uint8_t *const p = (const uint8_t *)b.ptr;

	if (b.len < 8)
		return false;
	switch (kind) {
	case RAW_LZMA1:
		/* The range coder's first byte. */
		return p[0] == 0;
	case RAW_LZMA2:
		/* A chunk that resets the dictionary: stored, or compressed with new properties. */
		if (p[0] == 1)
			return (size_t)(p[1] << 8 | p[2]) + 1 + 3 < b.len;
		return p[0] >= 0xe0 && p[5] < 9 * 5 * 5 && p[6] == 0 &&
		       (size_t)(p[3] << 8 | p[4]) + 1 + 6 < b.len;
	case RAW_DEFLATE:
		/* RFC 1951, 3.2.3: type 3 is none, a stored block has its length twice. */
		switch (p[0] >> 1 & 3) {
		case 0:
			return (p[1] ^ p[3]) == 0xff && (p[2] ^ p[4]) == 0xff;
		case 1:
			return true;
		case 2:
			return p[0] >> 3 <= 29 && (p[1] & 0x1f) <= 29;
		default:
			return false;
		}
	case RAW_KINDS:
		break;
	}
	return false;
}

/* Whether the decoding goes on after this much content. */
static bool promising(const struct buf *content)
{
	const struct str head = str_first(buf_str(content), PROBE);

	return text_is_code(head) || magic_promises(head);
}

enum verdict { GO_ON, STOP, GIVE_UP };

static enum verdict take(struct buf *content, const uint8_t *chunk, size_t n, size_t max, bool probe)
{
	const bool looked = content->len >= PROBE;
	const size_t room = max - content->len;

	buf_add(content, chunk, n < room ? n : room);
	if (probe && !looked && content->len >= PROBE && !promising(content))
		return GIVE_UP;
	return n < room ? GO_ON : STOP;
}

static bool lzma_content(struct str bytes, bool two, size_t max, bool probe, struct buf *content,
			 bool *ended, size_t *used)
{
	lzma_stream lz = LZMA_STREAM_INIT;
	lzma_options_lzma options;
	lzma_filter filters[2] = { { .id = two ? LZMA_FILTER_LZMA2 : LZMA_FILTER_LZMA1, .options = &options },
				   { .id = LZMA_VLI_UNKNOWN } };
	/* The first piece is small: most attempts end within it. */
	uint8_t chunk[CHUNK];
	enum verdict v = GO_ON;
	lzma_ret r;

	if (lzma_lzma_preset(&options, LZMA_PRESET_DEFAULT))
		return false;
	options.dict_size = RAW_DICTIONARY;
	r = lzma_raw_decoder(&lz, filters);
	lz.next_in = (const uint8_t *)bytes.ptr;
	lz.avail_in = bytes.len;
	while (r == LZMA_OK && v == GO_ON) {
		const size_t room = content->len < PROBE ? PROBE : CHUNK;
		size_t n;

		lz.next_out = chunk;
		lz.avail_out = room;
		r = lzma_code(&lz, LZMA_FINISH);
		n = room - lz.avail_out;
		v = take(content, chunk, n, max, probe);
		if (n == 0 && lz.avail_in == 0)
			break;
	}
	*used = bytes.len - lz.avail_in;
	*ended = r == LZMA_STREAM_END;
	lzma_end(&lz);
	return (r == LZMA_OK || r == LZMA_STREAM_END || r == LZMA_BUF_ERROR) && v != GIVE_UP;
}

static bool deflate_content(struct str bytes, size_t max, bool probe, struct buf *content, bool *ended,
			    size_t *used)
{
	z_stream z = { .opaque = NULL };
	uint8_t chunk[CHUNK];
	enum verdict v = GO_ON;
	int r = Z_OK;

	if (bytes.len > UINT32_MAX / 2 || inflateInit2(&z, -15) != Z_OK)
		return false;
	/* zlib does not write through next_in; its type only lacks const. */
	z.next_in = (Bytef *)(uintptr_t)bytes.ptr;
	z.avail_in = (uInt)bytes.len;
	while (r == Z_OK && v == GO_ON) {
		const size_t room = content->len < PROBE ? PROBE : CHUNK;
		size_t n;

		z.next_out = chunk;
		z.avail_out = (uInt)room;
		r = inflate(&z, Z_NO_FLUSH);
		n = room - z.avail_out;
		v = take(content, chunk, n, max, probe);
		if (n == 0 && z.avail_in == 0)
			break;
	}
	*used = bytes.len - z.avail_in;
	*ended = r == Z_STREAM_END;
	inflateEnd(&z);
	return (r == Z_OK || r == Z_STREAM_END || r == Z_BUF_ERROR) && v != GIVE_UP;
}

bool raw_decode(enum raw_kind kind, struct str bytes, size_t max, bool probe, struct buf *content,
		bool *ended, size_t *used)
{
	bool right;

	buf_reset(content);
	*ended = false;
	*used = 0;
	if (max == 0)
		return false;
	right = kind == RAW_DEFLATE ? deflate_content(bytes, max, probe, content, ended, used) :
				      lzma_content(bytes, kind == RAW_LZMA2, max, probe, content,
						   ended, used);
	return right && content->len > 0 && (!probe || promising(content));
}

struct str raw_command(enum raw_kind kind)
{
	static const struct str commands[RAW_KINDS] = {
		[RAW_LZMA1] = STR("xz --format=raw --lzma1=dict=8MiB -dc"),
		[RAW_LZMA2] = STR("xz --format=raw --lzma2=dict=8MiB -dc"),
		[RAW_DEFLATE] = STR("python3 -c 'import sys,zlib;"
				    "sys.stdout.buffer.write(zlib.decompress(sys.stdin.buffer.read(),-15))'"),
	};

	return commands[kind];
}
