#include "input/pack.h"

#include <archive.h>
#include <archive_entry.h>
#include <bzlib.h>
#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <criterion/criterion.h>

#include "base/cleanup.h"

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

void pack_noise(struct buf *to, size_t n, uint64_t seed)
{
	uint64_t state = seed * 0x9e3779b97f4a7c15 + 1;
	char *p = buf_reserve(to, n);

	for (size_t i = 0; i < n; i++)
		p[i] = (char)(next_random(&state) >> 32);
	to->len += n;
}

void pack_prose(struct buf *to, size_t n, uint64_t seed)
{
	static const char *const words[] = {
		"release", "tag", "tree", "tarball", "of", "the", "and", "byte", "every", "account",
		"source", "commit", "0.1.2", "int main(void)", "\n", "\n\t", "-", "configure",
	};
	uint64_t state = seed * 0x9e3779b97f4a7c15 + 1;
	const size_t end = to->len + n;

	while (to->len < end) {
		buf_add_cstr(to, words[next_random(&state) % (sizeof(words) / sizeof(words[0]))]);
		buf_add_char(to, ' ');
	}
	to->len = end;
}

void pack_gzip(struct str in, struct buf *to)
{
	z_stream z = { .opaque = NULL };
	const size_t room = in.len + in.len / 100 + 1024;

	cr_assert_eq(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (Bytef *)(uintptr_t)in.ptr;
	z.avail_in = (uInt)in.len;
	z.next_out = (Bytef *)buf_reserve(to, room);
	z.avail_out = (uInt)room;
	cr_assert_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
	to->len += room - z.avail_out;
	deflateEnd(&z);
}

void pack_bzip2(struct str in, struct buf *to)
{
	unsigned int n = (unsigned int)(in.len + in.len / 100 + 1024);
	char *out = buf_reserve(to, n), none = 0;

	cr_assert_eq(BZ2_bzBuffToBuffCompress(out, &n, in.len ? (char *)(uintptr_t)in.ptr : &none,
					      (unsigned int)in.len, 9, 0, 0), BZ_OK);
	to->len += n;
}

void pack_xz(struct str in, struct buf *to)
{
	const size_t room = lzma_stream_buffer_bound(in.len);
	size_t n = 0;
	uint8_t *out = (uint8_t *)buf_reserve(to, room);

	cr_assert_eq(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, NULL, (const uint8_t *)in.ptr,
					     in.len, out, &n, room), LZMA_OK);
	to->len += n;
}

void pack_lzma(struct str in, struct buf *to)
{
	const size_t room = in.len + in.len / 3 + 1024;
	lzma_stream s = LZMA_STREAM_INIT;
	lzma_options_lzma o;

	lzma_lzma_preset(&o, 1);
	cr_assert_eq(lzma_alone_encoder(&s, &o), LZMA_OK);
	s.next_in = (const uint8_t *)in.ptr;
	s.avail_in = in.len;
	s.next_out = (uint8_t *)buf_reserve(to, room);
	s.avail_out = room;
	cr_assert_eq(lzma_code(&s, LZMA_FINISH), LZMA_STREAM_END);
	to->len += room - s.avail_out;
	lzma_end(&s);
}

static void add_little_endian(struct buf *to, uint64_t v, unsigned int bytes)
{
	for (unsigned int i = 0; i < bytes; i++)
		buf_add_char(to, (char)(v >> 8 * i));
}

/* The stream of .lzma, which ends in an end marker, in lzip's header and trailer. */
void pack_lzip(struct str in, struct buf *to)
{
	AUTO_BUF struct buf alone = BUF_INIT;
	const size_t from = to->len;

	pack_lzma(in, &alone);
	buf_add(to, "LZIP\1\24", 6);	/* 2^20 bytes of dictionary, as preset 1 has */
	buf_add(to, alone.ptr + 13, alone.len - 13);
	add_little_endian(to, lzma_crc32((const uint8_t *)in.ptr, in.len, 0), 4);
	add_little_endian(to, in.len, 8);
	add_little_endian(to, to->len + 8 - from, 8);
}

void pack_zstd(struct str in, struct buf *to)
{
	ZSTD_CCtx *c = ZSTD_createCCtx();
	const size_t room = ZSTD_compressBound(in.len);
	size_t n;

	ZSTD_CCtx_setParameter(c, ZSTD_c_checksumFlag, 1);
	n = ZSTD_compress2(c, buf_reserve(to, room), room, in.ptr, in.len);
	cr_assert_not(ZSTD_isError(n));
	to->len += n;
	ZSTD_freeCCtx(c);
}

static la_ssize_t append(struct archive *a, void *ctx, const void *data, size_t n)
{
	(void)a;
	buf_add(ctx, data, n);
	return (la_ssize_t)n;
}

void pack_compress(struct str in, struct buf *to)
{
	struct archive *a = archive_write_new();
	struct archive_entry *e = archive_entry_new();

	cr_assert_gt(in.len, 0, "libarchive packs a zero where there is nothing");
	archive_write_set_format_raw(a);
	archive_write_add_filter_compress(a);
	archive_write_set_bytes_per_block(a, 0);
	cr_assert_eq(archive_write_open(a, to, NULL, append, NULL), ARCHIVE_OK);
	archive_entry_set_filetype(e, AE_IFREG);
	archive_entry_set_pathname(e, "data");
	cr_assert_eq(archive_write_header(a, e), ARCHIVE_OK);
	cr_assert_eq(archive_write_data(a, in.ptr, in.len), (la_ssize_t)in.len);
	cr_assert_eq(archive_write_close(a), ARCHIVE_OK);
	archive_entry_free(e);
	archive_write_free(a);
}

void tar_sum(struct buf *to, size_t at)
{
	char *record = to->ptr + at, digits[16];
	unsigned int sum = 0;

	memset(record + 148, ' ', 8);
	for (size_t i = 0; i < 512; i++)
		sum += (uint8_t)record[i];
	snprintf(digits, sizeof(digits), "%06o", sum);
	memcpy(record + 148, digits, 7);
}

void tar_header(struct buf *to, const char *name, char type, uint64_t size, unsigned int mode,
		const char *target)
{
	const size_t at = to->len;
	char *record = buf_reserve(to, 513);

	memset(record, 0, 512);
	snprintf(record, 101, "%s", name);
	snprintf(record + 100, 8, "%07o", mode);
	memcpy(record + 108, "0000000\0000000000", 16);
	snprintf(record + 124, 12, "%011llo", (unsigned long long)size);
	memcpy(record + 136, "14700000000", 12);
	record[156] = type;
	snprintf(record + 157, 101, "%s", target ? target : "");
	memcpy(record + 257, "ustar\00000", 8);
	to->len += 512;
	tar_sum(to, at);
}

void tar_pad(struct buf *to)
{
	while (to->len % 512)
		buf_add_char(to, 0);
}

void tar_file(struct buf *to, const char *name, struct str content)
{
	tar_header(to, name, '0', content.len, 0644, NULL);
	buf_add_str(to, content);
	tar_pad(to);
}

void tar_pax(struct buf *to, char type, struct str records)
{
	tar_header(to, "pax", type, records.len, 0644, NULL);
	buf_add_str(to, records);
	tar_pad(to);
}

void pax_record(struct buf *to, const char *keyword, struct str value)
{
	const size_t bare = strlen(keyword) + value.len + 3;
	size_t len = bare + 1;
	char digits[32];

	while ((size_t)snprintf(digits, sizeof(digits), "%zu", len) + bare != len)
		len++;
	buf_addf(to, "%s %s=", digits, keyword);
	buf_add_str(to, value);
	buf_add_char(to, '\n');
}

void tar_end(struct buf *to)
{
	char *p = buf_reserve(to, 1024);

	memset(p, 0, 1024);
	to->len += 1024;
}

bool pack_have(const char *program)
{
	struct str path = str_from(getenv("PATH"));

	while (path.len) {
		const size_t colon = str_find(path, ':');
		const struct str dir = str_first(path, colon);
		char file[4096];

		snprintf(file, sizeof(file), "%.*s/%s", STR_FMT(dir), program);
		if (access(file, X_OK) == 0)
			return true;
		path = colon == (size_t)-1 ? STR("") : str_from_at(path, colon + 1);
	}
	return false;
}
