/* One function for each library, all of the same shape: it decodes one stream. */
#include "inspect/unpack.h"

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "base/limits.h"
#include "base/memory.h"

enum { CHUNK = 32 * 1024 };
/* zlib and libbz2 count bytes in 32 bits. */
#define FEED_MAX ((size_t)1 << 30)

enum stream_end {
	STREAM_VALID,
	STREAM_CORRUPT,
	STREAM_TRUNCATED,
	STREAM_UNSUPPORTED,
	STREAM_LIMIT,
};

struct stream {
	const uint8_t *in;
	size_t in_len, used;	/* bytes from here to the end of the content; consumed ones */
	struct unpacked *out;
	size_t keep, max;	/* of content */
	uint64_t packed;	/* all bytes of the content, for the ratio */
	uint8_t chunk[CHUNK];
};

static size_t feed(const struct stream *s)
{
	const size_t n = s->in_len - s->used;

	return n < FEED_MAX ? n : FEED_MAX;
}

/* Takes the first n bytes of the chunk; false when a limit is met. */
static bool take(struct stream *s, size_t n)
{
	struct unpacked *const u = s->out;
	const uint64_t room = s->max - u->size;
	const size_t good = n < room ? n : (size_t)room;

	if (u->size < s->keep)
		buf_add(&u->content, s->chunk, good < s->keep - u->size ? good : (size_t)(s->keep - u->size));
	u->size += good;
	return n <= room && (u->size <= LIMIT_RATIO_FROM || u->size / LIMIT_RATIO <= s->packed);
}

/* What a call that did not fail leads to: nothing in and nothing out means that input is missing. */
static bool stalls(const struct stream *s, size_t consumed, size_t produced)
{
	return consumed == 0 && produced == 0 && s->used == s->in_len;
}

static enum stream_end inflate_stream(struct stream *s, int window_bits)
{
	z_stream z = { .opaque = NULL };
	enum stream_end end = STREAM_TRUNCATED;

	if (inflateInit2(&z, window_bits) != Z_OK)
		return STREAM_LIMIT;
	for (;;) {
		const size_t n = feed(s);
		size_t got;
		int r;

		/* zlib does not write through next_in; its type only lacks const. */
		z.next_in = (Bytef *)(uintptr_t)(s->in + s->used);
		z.avail_in = (uInt)n;
		z.next_out = s->chunk;
		z.avail_out = CHUNK;
		r = inflate(&z, Z_NO_FLUSH);
		s->used += n - z.avail_in;
		got = CHUNK - z.avail_out;
		if (!take(s, got)) {
			end = STREAM_LIMIT;
			break;
		}
		if (r == Z_STREAM_END || (r != Z_OK && r != Z_BUF_ERROR)) {
			end = r == Z_STREAM_END ? STREAM_VALID :
			      r == Z_NEED_DICT ? STREAM_UNSUPPORTED :
			      r == Z_MEM_ERROR ? STREAM_LIMIT : STREAM_CORRUPT;
			break;
		}
		if (stalls(s, n - z.avail_in, got))
			break;
	}
	inflateEnd(&z);
	return end;
}

static enum stream_end gzip_stream(struct stream *s)
{
	/* Reserved flags (RFC 1952, 2.3.1.2) may mean a field that comes before the data. */
	if (s->in_len > 3 && (s->in[3] & 0xe0))
		return STREAM_UNSUPPORTED;
	return inflate_stream(s, 15 + 16);
}

static enum stream_end zlib_stream(struct stream *s)
{
	return inflate_stream(s, 15);
}

static enum stream_end bzip2_stream(struct stream *s)
{
	bz_stream z = { .opaque = NULL };
	enum stream_end end = STREAM_TRUNCATED;

	if (BZ2_bzDecompressInit(&z, 0, 0) != BZ_OK)
		return STREAM_LIMIT;
	for (;;) {
		const size_t n = feed(s);
		size_t got;
		int r;

		/* libbz2 does not write through next_in; its type only lacks const. */
		z.next_in = (char *)(uintptr_t)(s->in + s->used);
		z.avail_in = (unsigned int)n;
		z.next_out = (char *)s->chunk;
		z.avail_out = CHUNK;
		r = BZ2_bzDecompress(&z);
		s->used += n - z.avail_in;
		got = CHUNK - z.avail_out;
		if (!take(s, got)) {
			end = STREAM_LIMIT;
			break;
		}
		if (r != BZ_OK) {
			end = r == BZ_STREAM_END ? STREAM_VALID :
			      r == BZ_MEM_ERROR ? STREAM_LIMIT : STREAM_CORRUPT;
			break;
		}
		if (stalls(s, n - z.avail_in, got))
			break;
	}
	BZ2_bzDecompressEnd(&z);
	return end;
}

static enum stream_end lzma_failure(lzma_ret r)
{
	/* liblzma reports OPTIONS_ERROR only where a header is right but asks for what it does not
	 * know: a file made by a newer xz. */
	if (r == LZMA_OPTIONS_ERROR)
		return STREAM_UNSUPPORTED;
	if (r == LZMA_MEMLIMIT_ERROR || r == LZMA_MEM_ERROR)
		return STREAM_LIMIT;
	return r == LZMA_BUF_ERROR ? STREAM_TRUNCATED : STREAM_CORRUPT;
}

/* `lz` is set up for one stream, which `ready` says. */
static enum stream_end lzma_run(struct stream *s, lzma_stream *lz, lzma_ret ready)
{
	enum stream_end end = lzma_failure(ready);

	while (ready == LZMA_OK) {
		lzma_ret r;

		lz->next_in = s->in + s->used;
		lz->avail_in = s->in_len - s->used;
		lz->next_out = s->chunk;
		lz->avail_out = CHUNK;
		r = lzma_code(lz, LZMA_RUN);
		s->used = s->in_len - lz->avail_in;
		if (!take(s, CHUNK - lz->avail_out)) {
			end = STREAM_LIMIT;
			break;
		}
		if (r != LZMA_OK) {
			end = r == LZMA_STREAM_END ? STREAM_VALID : lzma_failure(r);
			break;
		}
	}
	lzma_end(lz);
	return end;
}

static enum stream_end xz_stream(struct stream *s)
{
	lzma_stream lz = LZMA_STREAM_INIT;

	return lzma_run(s, &lz, lzma_stream_decoder(&lz, LIMIT_DECODER_MEMORY, 0));
}

static enum stream_end lzma_stream_alone(struct stream *s)
{
	lzma_stream lz = LZMA_STREAM_INIT;

	return lzma_run(s, &lz, lzma_alone_decoder(&lz, LIMIT_DECODER_MEMORY));
}

static enum stream_end lzip_stream(struct stream *s)
{
#if LZMA_VERSION >= 50040000
	lzma_stream lz = LZMA_STREAM_INIT;

	return lzma_run(s, &lz, lzma_lzip_decoder(&lz, LIMIT_DECODER_MEMORY, 0));
#else
	(void)s;
	return STREAM_UNSUPPORTED;
#endif
}

static enum stream_end zstd_failure(size_t r)
{
	const ZSTD_ErrorCode code = ZSTD_getErrorCode(r);

	if (code == ZSTD_error_frameParameter_windowTooLarge ||
	    code == ZSTD_error_memory_allocation)
		return STREAM_LIMIT;
	if (code == ZSTD_error_version_unsupported || code == ZSTD_error_dictionary_wrong ||
	    code == ZSTD_error_frameParameter_unsupported)
		return STREAM_UNSUPPORTED;
	return STREAM_CORRUPT;
}

static enum stream_end zstd_stream(struct stream *s)
{
	ZSTD_DCtx *d = ZSTD_createDCtx();
	enum stream_end end = STREAM_TRUNCATED;

	if (!d)
		return STREAM_LIMIT;
	/* 2^27 is what the zstd program accepts without --long. */
	ZSTD_DCtx_setParameter(d, ZSTD_d_windowLogMax, 27);
	for (;;) {
		ZSTD_inBuffer in = { s->in, s->in_len, s->used };
		ZSTD_outBuffer out = { s->chunk, CHUNK, 0 };
		const size_t r = ZSTD_decompressStream(d, &out, &in);
		const size_t consumed = in.pos - s->used;

		s->used = in.pos;
		if (!take(s, out.pos)) {
			end = STREAM_LIMIT;
			break;
		}
		if (ZSTD_isError(r) || r == 0) {
			end = r == 0 ? STREAM_VALID : zstd_failure(r);
			break;
		}
		if (stalls(s, consumed, out.pos))
			break;
	}
	ZSTD_freeDCtx(d);
	return end;
}

static bool gzip_begins(struct str b)
{
	return b.len >= 3 && memcmp(b.ptr, "\x1f\x8b\x08", 3) == 0;
}

static bool gzip_goes_on(struct str b)
{
	return str_starts(b, STR("\x1f\x8b"));
}

static bool bzip2_goes_on(struct str b)
{
	return b.len >= 4 && memcmp(b.ptr, "BZh", 3) == 0 && b.ptr[3] >= '1' && b.ptr[3] <= '9';
}

static bool bzip2_begins(struct str b)
{
	return b.len >= 10 && bzip2_goes_on(b) &&
	       (memcmp(b.ptr + 4, "1AY&SY", 6) == 0 ||
		memcmp(b.ptr + 4, "\x17\x72\x45\x38\x50\x90", 6) == 0);
}

static bool xz_begins(struct str b)
{
	return b.len >= 6 && memcmp(b.ptr, "\xfd" "7zXZ\0", 6) == 0;
}

static bool lzip_begins(struct str b)
{
	return b.len >= 6 && memcmp(b.ptr, "LZIP", 4) == 0 && (uint8_t)b.ptr[4] <= 1;
}

static bool zstd_begins(struct str b)
{
	return b.len >= 4 && (memcmp(b.ptr, "\x28\xb5\x2f\xfd", 4) == 0 ||
			      ((b.ptr[0] & 0xf0) == 0x50 && memcmp(b.ptr + 1, "\x2a\x4d\x18", 3) == 0));
}

/* RFC 1950, 2.2: deflate, a window of at most 32 KiB, the check bits, no preset dictionary. */
static bool zlib_begins(struct str b)
{
	return b.len >= 8 && b.ptr[0] == 0x78 && (b.ptr[1] & 0x20) == 0 &&
	       ((unsigned int)(uint8_t)b.ptr[0] << 8 | (uint8_t)b.ptr[1]) % 31 == 0;
}

/* No magic number: a sane properties byte, a dictionary of 2^n or 2^n + 2^(n-1) bytes, a size that is
 * unknown or below 256 GiB, and the range coder's first byte, which is always zero. */
static bool lzma_begins(struct str b)
{
	const uint8_t *p = (const uint8_t *)b.ptr;
	uint64_t size = 0;
	uint32_t dict, d;

	if (b.len < 18 || p[0] >= 9 * 5 * 5 || p[13] != 0)
		return false;
	dict = (uint32_t)p[1] | (uint32_t)p[2] << 8 | (uint32_t)p[3] << 16 | (uint32_t)p[4] << 24;
	d = dict & (dict - 1);
	if (dict != UINT32_MAX && (dict < 4096 || (d != 0 && d != dict / 3 * 2)))
		return false;
	for (int i = 12; i > 4; i--)
		size = size << 8 | p[i];
	return size == UINT64_MAX || size < (uint64_t)1 << 38;
}

static bool never(struct str b)
{
	(void)b;
	return false;
}

static const struct codec {
	const char *name;
	bool (*begins)(struct str b);
	bool (*goes_on)(struct str b);	/* another stream follows, perhaps a broken one */
	enum stream_end (*run)(struct stream *s);
} codecs[] = {
	{ "gzip", gzip_begins, gzip_goes_on, gzip_stream },
	{ "bzip2", bzip2_begins, bzip2_goes_on, bzip2_stream },
	{ "xz", xz_begins, xz_begins, xz_stream },
	{ "zstd", zstd_begins, zstd_begins, zstd_stream },
	{ "lzip", lzip_begins, lzip_begins, lzip_stream },
	{ "zlib", zlib_begins, never, zlib_stream },
	{ "lzma", lzma_begins, never, lzma_stream_alone },
};

static const struct codec *find_codec(struct str b)
{
	for (size_t i = 0; i < sizeof(codecs) / sizeof(codecs[0]); i++)
		if (codecs[i].begins(b))
			return &codecs[i];
	return NULL;
}

/* zlib and lzma begin with so little that other data can look like them: what fails, or ends early,
 * is one of them only with further signs. */
static bool believable(const struct codec *c, struct str bytes, const struct unpacked *u)
{
	if (u->state == UNPACK_VALID || (c->begins != zlib_begins && c->begins != lzma_begins))
		return true;
	if (c->begins == lzma_begins)
		return bytes.ptr[0] == 0x5d;
	if (u->state == UNPACK_VALID_REST)
		return u->size > 0;	/* Adler-32 agrees */
	return u->size >= 1024 && u->state != UNPACK_UNSUPPORTED;
}

static enum unpack_state first_failure(enum stream_end end)
{
	switch (end) {
	case STREAM_TRUNCATED:
		return UNPACK_TRUNCATED;
	case STREAM_UNSUPPORTED:
		return UNPACK_UNSUPPORTED;
	case STREAM_LIMIT:
		return UNPACK_LIMIT;
	case STREAM_VALID:
	case STREAM_CORRUPT:
		break;
	}
	return UNPACK_CORRUPT;
}

static size_t skip_zeros(struct str b, size_t at)
{
	while (at < b.len && b.ptr[at] == 0)
		at++;
	return at;
}

/* Decodes stream after stream; fills in all but the format. */
static void run_streams(const struct codec *c, struct stream *s, struct str bytes,
			struct unpacked *out)
{
	size_t at = 0;

	for (;;) {
		const size_t next = skip_zeros(bytes, at);
		enum stream_end end;

		if (at > 0 && (next == bytes.len || !c->goes_on(str_from_at(bytes, next)))) {
			out->state = next == bytes.len ? UNPACK_VALID : UNPACK_VALID_REST;
			if (out->state == UNPACK_VALID_REST) {
				out->rest_offset = at;
				out->rest_len = bytes.len - at;
			}
			return;
		}
		at = out->streams ? next : at;
		s->in = (const uint8_t *)bytes.ptr + at;
		s->in_len = bytes.len - at;
		s->used = 0;
		end = out->streams < LIMIT_STREAMS ? c->run(s) : STREAM_LIMIT;
		if (end != STREAM_VALID || s->used == 0) {
			out->bad_offset = at;
			out->state = first_failure(end);
			if (out->streams && (end == STREAM_CORRUPT || end == STREAM_TRUNCATED))
				out->state = UNPACK_THEN_CORRUPT;
			return;
		}
		out->streams++;
		at += s->used;
	}
}

void unpack_part(struct str bytes, size_t keep, size_t max, struct unpacked *out)
{
	const struct codec *c = find_codec(bytes);
	struct stream *s;

	*out = (struct unpacked){ .state = UNPACK_NOT_PACKED, .content = BUF_INIT };
	if (!c)
		return;
	s = memory_alloc(sizeof(*s));
	s->out = out;
	s->keep = keep;
	s->max = max;
	s->packed = bytes.len;
	run_streams(c, s, bytes, out);
	memory_free(s);
	if (believable(c, bytes, out)) {
		out->format = c->name;
		return;
	}
	unpacked_release(out);
	*out = (struct unpacked){ .state = UNPACK_NOT_PACKED, .content = BUF_INIT };
}

void unpack(struct str bytes, size_t max, struct unpacked *out)
{
	unpack_part(bytes, max, max, out);
}

void unpacked_release(struct unpacked *u)
{
	buf_release(&u->content);
}
