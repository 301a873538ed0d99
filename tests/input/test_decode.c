#include "input/decode.h"

#include <criterion/criterion.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "input/pack.h"
#include "support/run.h"
#include "support/skip.h"

struct format {
	const struct codec *codec;
	void (*pack)(struct str in, struct buf *to);
	bool ends;	/* the format says where it ends */
	bool checked;	/* ... and holds a checksum */
};

static const struct format formats[] = {
	{ &codec_gzip, pack_gzip, true, true },
	{ &codec_bzip2, pack_bzip2, true, true },
	{ &codec_xz, pack_xz, true, true },
	{ &codec_lzip, pack_lzip, true, true },
	{ &codec_zstd, pack_zstd, true, true },
	{ &codec_lzma, pack_lzma, true, false },
	{ &codec_compress, pack_compress, false, false },
};

#define EACH_FORMAT(f) \
	for (const struct format *f = formats; f < formats + sizeof(formats) / sizeof(*formats); f++)

/* A source in memory that gives at most `step` bytes at once, and may fail after all of them. */
struct memory {
	struct str left;
	size_t step;
	bool fails;
};

static ssize_t memory_read(void *ctx, void *to, size_t n, struct error *err)
{
	struct memory *m = ctx;
	const struct str s = str_first(m->left, m->step < n ? m->step : n);

	if (s.len == 0 && m->fails)
		return error_set(err, ERROR_SYSTEM, "the disk is gone");
	if (s.len)
		memcpy(to, s.ptr, s.len);
	m->left = str_from_at(m->left, s.len);
	return (ssize_t)s.len;
}

struct outcome {
	int status;
	struct buf out;
	struct decode_end end;
	struct error err;
};

static void outcome_release(struct outcome *o)
{
	buf_release(&o->out);
}

#define AUTO_OUTCOME CLEANUP(outcome_release)

static struct outcome decode_from(struct memory *m, const struct codec *codec, size_t out_step,
				  unsigned int threads)
{
	struct outcome o = { .out = BUF_INIT, .err = ERROR_INIT };
	struct decoder *d = decoder_new((struct source){ memory_read, m }, codec, threads, &o.err);
	ssize_t n = -1;

	while (d && (n = decoder_read(d, (uint8_t *)buf_reserve(&o.out, out_step), out_step,
				      &o.err)) > 0)
		o.out.len += (size_t)n;
	o.status = n < 0 ? -1 : 0;
	if (n == 0)
		decoder_end(d, &o.end);
	decoder_free(d);
	return o;
}

static struct outcome decode_by(const struct codec *codec, struct str in, size_t in_step,
				size_t out_step)
{
	struct memory m = { in, in_step, false };

	return decode_from(&m, codec, out_step, 1);
}

static struct outcome decode(const struct codec *codec, struct str in)
{
	return decode_by(codec, in, SIZE_MAX, 256 * KIB);
}

static bool same(const struct outcome *o, struct str want)
{
	return o->status == 0 && str_eq(buf_str(&o->out), want);
}

Test(decode, codec_is_found_by_its_magic_number)
{
	EACH_FORMAT(f) {
		AUTO_BUF struct buf packed = BUF_INIT;

		f->pack(STR("a release of some length, so that there is a header"), &packed);
		cr_assert_eq(codec_find((uint8_t *)packed.ptr, CODEC_PROBE), f->codec, "%s",
			     f->codec->name);
		cr_assert_null(codec_find((uint8_t *)packed.ptr, 2));
		cr_assert_null(codec_find((uint8_t *)packed.ptr + 1, CODEC_PROBE));
	}
}

Test(decode, plain_bytes_have_no_codec)
{
	AUTO_BUF struct buf tar = BUF_INIT;

	cr_assert_null(codec_find(NULL, 0));
	cr_assert_null(codec_find((const uint8_t *)"#!/bin/sh\nexit 0\n", 16));
	cr_assert_null(codec_find((const uint8_t *)"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16));
	tar_file(&tar, "hello-1.2/README", STR("x"));
	cr_assert_null(codec_find((uint8_t *)tar.ptr, 16));
	/* .lzma: a dictionary of no round size, properties out of range, a size out of reason. */
	cr_assert_null(codec_find((const uint8_t *)"\x5d\1\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff", 13));
	cr_assert_null(codec_find((const uint8_t *)"\xff\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff", 13));
	cr_assert_null(codec_find((const uint8_t *)"\x5d\0\0\x80\0\0\0\0\0\xff\0\0\0", 13));
	cr_assert_eq(codec_find((const uint8_t *)"\x5d\xff\xff\xff\xff\0\1\0\0\0\0\0\0", 13),
		     &codec_lzma);
}

Test(decode, gives_back_what_was_packed_in_any_steps)
{
	static const size_t sizes[] = { 0, 1, 2, 511, 70000 };
	static const size_t steps[] = { 1, 7, 4093, 1 << 20 };

	EACH_FORMAT(f)
		for (size_t s = 0; s < 2 * sizeof(sizes) / sizeof(*sizes); s++) {
			AUTO_BUF struct buf plain = BUF_INIT, packed = BUF_INIT;

			if (f->codec == &codec_compress && sizes[s / 2] == 0)
				continue;
			if (s % 2)
				pack_noise(&plain, sizes[s / 2], s);
			else
				pack_prose(&plain, sizes[s / 2], s);
			f->pack(buf_str(&plain), &packed);
			for (size_t i = 0; i < 16; i++) {
				AUTO_OUTCOME struct outcome o =
					decode_by(f->codec, buf_str(&packed), steps[i / 4], steps[i % 4]);

				cr_assert(same(&o, buf_str(&plain)), "%s of %zu: %s", f->codec->name,
					  plain.len, o.err.message);
				cr_assert_eq(o.end.members, 1);
				cr_assert_eq(o.end.trailing_len, 0);
			}
		}
}

Test(decode, gives_back_megabytes, .timeout = 120)
{
	AUTO_BUF struct buf plain = BUF_INIT;

	pack_prose(&plain, 5 * MIB, 1);
	pack_noise(&plain, 1 * MIB, 1);
	pack_prose(&plain, 1 * MIB + 1, 1);
	EACH_FORMAT(f) {
		AUTO_BUF struct buf packed = BUF_INIT;

		f->pack(buf_str(&plain), &packed);
		for (size_t step = 65537; step <= 262144; step += 196607) {
			AUTO_OUTCOME struct outcome o = decode_by(f->codec, buf_str(&packed), SIZE_MAX,
								  step);

			cr_assert(same(&o, buf_str(&plain)), "%s: %s", f->codec->name, o.err.message);
		}
	}
}

Test(decode, what_was_stored_is_counted_and_digested)
{
	EACH_FORMAT(f) {
		AUTO_BUF struct buf plain = BUF_INIT, packed = BUF_INIT;
		struct sha256 want;

		pack_noise(&plain, 300000, 3);
		f->pack(buf_str(&plain), &packed);
		digest_of(packed.ptr, packed.len, &want);
		{
			AUTO_OUTCOME struct outcome o = decode(f->codec, buf_str(&packed));

			cr_assert_eq(o.end.stored, packed.len, "%s: %zu", f->codec->name, packed.len);
			cr_assert_arr_eq(o.end.sha256.bytes, want.bytes, SHA256_SIZE);
		}
	}
}

Test(decode, no_codec_passes_bytes_through)
{
	AUTO_BUF struct buf plain = BUF_INIT;

	pack_noise(&plain, 300001, 4);
	for (size_t step = 1000; step < 600000; step *= 7) {
		AUTO_OUTCOME struct outcome o = decode_by(NULL, buf_str(&plain), 77777, step);

		cr_assert(same(&o, buf_str(&plain)));
		cr_assert_eq(o.end.stored, plain.len);
		cr_assert_eq(o.end.members, 0);
	}
}

Test(decode, failing_source_is_no_end)
{
	const struct codec *none = NULL;
	AUTO_BUF struct buf packed = BUF_INIT;
	struct memory m;

	pack_gzip(STR("hello"), &packed);
	m = (struct memory){ buf_str(&packed), SIZE_MAX, true };
	{
		AUTO_OUTCOME struct outcome o = decode_from(&m, &codec_gzip, 100, 1);

		cr_assert_eq(o.status, -1);
		cr_assert_eq(o.err.code, ERROR_SYSTEM);
	}
	buf_add_cstr(&packed, "garbage");
	m = (struct memory){ buf_str(&packed), SIZE_MAX, true };
	{
		AUTO_OUTCOME struct outcome o = decode_from(&m, &codec_gzip, 100, 1);

		cr_assert_eq(o.err.code, ERROR_SYSTEM);
	}
	m = (struct memory){ str_first(buf_str(&packed), 15), SIZE_MAX, true };
	{
		AUTO_OUTCOME struct outcome o = decode_from(&m, &codec_gzip, 100, 1);

		cr_assert_eq(o.err.code, ERROR_SYSTEM);
	}
	m = (struct memory){ STR("plain"), SIZE_MAX, true };
	{
		AUTO_OUTCOME struct outcome o = decode_from(&m, none, 100, 1);

		cr_assert_eq(o.err.code, ERROR_SYSTEM);
	}
}

Test(decode, members_behind_each_other_are_one_stream)
{
	EACH_FORMAT(f) {
		AUTO_BUF struct buf plain = BUF_INIT, packed = BUF_INIT;

		if (f->codec == &codec_compress)
			continue;
		for (size_t i = 0; i < 5; i++) {
			const size_t from = plain.len;

			pack_prose(&plain, i == 2 ? 0 : 40000 + i, i);
			f->pack(str_from_at(buf_str(&plain), from), &packed);
		}
		for (size_t step = 1000; step < 2000000; step *= 10) {
			AUTO_OUTCOME struct outcome o = decode_by(f->codec, buf_str(&packed), SIZE_MAX,
								  step);

			cr_assert(same(&o, buf_str(&plain)), "%s: %s", f->codec->name, o.err.message);
			cr_assert_eq(o.end.members, 5);
			cr_assert_eq(o.end.trailing_len, 0);
		}
	}
}

/* A member may begin at the last byte that a read gave. */
Test(decode, members_are_found_wherever_a_read_ends)
{
	EACH_FORMAT(f) {
		AUTO_BUF struct buf plain = BUF_INIT, packed = BUF_INIT;

		if (f->codec == &codec_compress)
			continue;
		for (size_t i = 0; i < 3; i++) {
			const size_t from = plain.len;

			pack_prose(&plain, 50, i);
			f->pack(str_from_at(buf_str(&plain), from), &packed);
		}
		for (size_t step = 1; step < 64; step++) {
			AUTO_OUTCOME struct outcome o = decode_by(f->codec, buf_str(&packed), step, 100);

			cr_assert(same(&o, buf_str(&plain)), "%s in reads of %zu: %s", f->codec->name,
				  step, o.err.message);
			cr_assert_eq(o.end.members, 3);
			cr_assert_eq(o.end.trailing_len, 0);
		}
	}
}

Test(decode, bytes_behind_the_end_are_located)
{
	EACH_FORMAT(f) {
		AUTO_BUF struct buf packed = BUF_INIT;
		size_t end;

		if (!f->ends)
			continue;
		f->pack(STR("hello"), &packed);
		end = packed.len;
		buf_add(&packed, "garbage\0\0", 9);
		pack_noise(&packed, 300000, 1);
		for (size_t step = 5; step < 1000000; step *= 10) {
			AUTO_OUTCOME struct outcome o = decode_by(f->codec, buf_str(&packed), step, 3);

			cr_assert(same(&o, STR("hello")), "%s: %s", f->codec->name, o.err.message);
			cr_assert_eq(o.end.trailing_offset, end);
			cr_assert_eq(o.end.trailing_len, 300009);
			cr_assert_eq(o.end.stored, packed.len);
		}
	}
}

Test(decode, zeros_behind_the_end_are_padding)
{
	static const char zeros[1000];

	EACH_FORMAT(f) {
		AUTO_BUF struct buf packed = BUF_INIT;
		size_t end;

		if (!f->ends)
			continue;
		f->pack(STR("hello"), &packed);
		end = packed.len;
		buf_add(&packed, zeros, sizeof(zeros));
		{
			AUTO_OUTCOME struct outcome o = decode(f->codec, buf_str(&packed));

			cr_assert(same(&o, STR("hello")), "%s", f->codec->name);
			cr_assert_eq(o.end.trailing_len, 0);
		}
		buf_add(&packed, "x\0", 2);
		{
			AUTO_OUTCOME struct outcome o = decode(f->codec, buf_str(&packed));

			cr_assert(same(&o, STR("hello")), "%s", f->codec->name);
			cr_assert_eq(o.end.trailing_offset, end + sizeof(zeros));
			cr_assert_eq(o.end.trailing_len, 2);
		}
	}
}

/* xz's "Stream Padding": zeros in fours. */
Test(decode, xz_goes_on_behind_padding)
{
	for (size_t zeros = 4; zeros < 300000; zeros = zeros * 3 + 4) {
		AUTO_BUF struct buf packed = BUF_INIT;

		pack_xz(STR("hello "), &packed);
		memset(buf_reserve(&packed, zeros), 0, zeros);
		packed.len += zeros;
		pack_xz(STR("again"), &packed);
		for (size_t step = 3; step < 1000000; step *= 7) {
			AUTO_OUTCOME struct outcome o = decode_by(&codec_xz, buf_str(&packed), step, 100);

			cr_assert(same(&o, STR("hello again")), "%zu zeros in reads of %zu: %s", zeros,
				  step, o.err.message);
			cr_assert_eq(o.end.trailing_len, 0);
			cr_assert_eq(o.end.members, 2);
		}
	}
}

static void cuts_fail(const struct format *f, struct str packed, size_t by, unsigned int threads)
{
	for (size_t n = 0; n < packed.len; n += by) {
		struct memory m = { str_first(packed, n), 1000, false };
		AUTO_OUTCOME struct outcome o = decode_from(&m, f->codec, 4096, threads);

		cr_assert_eq(o.status, -1, "%s cut to %zu of %zu bytes", f->codec->name, n, packed.len);
		cr_assert_eq(o.err.code, ERROR_INPUT);
		cr_assert(strstr(o.err.message, f->codec->name), "%s", o.err.message);
	}
}

Test(decode, what_is_cut_off_anywhere_is_an_error, .timeout = 120)
{
	EACH_FORMAT(f) {
		AUTO_BUF struct buf plain = BUF_INIT, small = BUF_INIT, large = BUF_INIT, empty = BUF_INIT;

		if (!f->ends)
			continue;
		f->pack(STR(""), &empty);
		cuts_fail(f, buf_str(&empty), 1, 1);
		pack_prose(&plain, 300, 1);
		f->pack(buf_str(&plain), &small);
		cuts_fail(f, buf_str(&small), 1, 1);
		pack_noise(&plain, 300000, 1);
		f->pack(buf_str(&plain), &large);
		cuts_fail(f, buf_str(&large), 2999, 1);
	}
}

/* .Z has no mark at its end: what is there is decoded, as compress(1) does. */
Test(decode, cut_compress_gives_a_part)
{
	AUTO_BUF struct buf plain = BUF_INIT, packed = BUF_INIT;

	pack_prose(&plain, 30000, 1);
	pack_compress(buf_str(&plain), &packed);
	for (size_t n = 3; n < packed.len; n += 11) {
		AUTO_OUTCOME struct outcome o = decode(&codec_compress, str_first(buf_str(&packed), n));

		cr_assert_eq(o.status, 0);
		cr_assert(str_starts(buf_str(&plain), buf_str(&o.out)));
	}
	for (size_t n = 0; n < 3; n++) {
		AUTO_OUTCOME struct outcome o = decode(&codec_compress, str_first(buf_str(&packed), n));

		cr_assert_eq(o.status, -1);
	}
}

Test(decode, a_flipped_bit_never_changes_content_unseen, .timeout = 120)
{
	EACH_FORMAT(f) {
		AUTO_BUF struct buf plain = BUF_INIT, packed = BUF_INIT;

		pack_prose(&plain, 400, 1);
		f->pack(buf_str(&plain), &packed);
		for (size_t bit = 0; bit < packed.len * 8; bit++) {
			packed.ptr[bit / 8] = (char)(packed.ptr[bit / 8] ^ 1 << bit % 8);
			{
				AUTO_OUTCOME struct outcome o = decode(f->codec, buf_str(&packed));

				if (f->checked)
					cr_assert(o.status < 0 || same(&o, buf_str(&plain)),
						  "%s, bit %zu", f->codec->name, bit);
				if (o.status < 0)
					cr_assert_eq(o.err.code, ERROR_INPUT, "%s, bit %zu: %s",
						     f->codec->name, bit, o.err.message);
			}
			packed.ptr[bit / 8] = (char)(packed.ptr[bit / 8] ^ 1 << bit % 8);
		}
	}
}

Test(decode, noise_behind_a_magic_number_does_no_harm, .timeout = 120)
{
	EACH_FORMAT(f)
		for (size_t seed = 0; seed < 200; seed++) {
			AUTO_BUF struct buf packed = BUF_INIT;

			f->pack(STR("hello hello hello"), &packed);
			packed.len = 6 + seed % 8;
			pack_noise(&packed, 5000, seed);
			{
				AUTO_OUTCOME struct outcome o = decode(f->codec, buf_str(&packed));

				cr_assert(o.status < 0 || !f->checked, "%s, %zu", f->codec->name, seed);
			}
		}
}

Test(decode, a_bomb_is_stopped, .timeout = 120)
{
	const size_t room = ZSTD_compressBound(LIMIT_BLOCK);
	AUTO_BUF struct buf frame = BUF_INIT, packed = BUF_INIT;
	struct memory m;
	struct error err = ERROR_INIT;
	struct decoder *d;
	uint64_t total = 0;
	ssize_t n;
	static uint8_t out[LIMIT_BLOCK];

	frame.len = ZSTD_compress(buf_reserve(&frame, room), room, out, sizeof(out), 1);
	for (size_t i = 0; i < LIMIT_RATIO_FROM / LIMIT_BLOCK + 2; i++)
		buf_add_str(&packed, buf_str(&frame));
	m = (struct memory){ buf_str(&packed), SIZE_MAX, false };
	d = decoder_new((struct source){ memory_read, &m }, &codec_zstd, 1, &err);
	while ((n = decoder_read(d, out, sizeof(out), &err)) > 0)
		total += (uint64_t)n;
	decoder_free(d);
	cr_assert_eq(n, -1);
	cr_assert_eq(err.code, ERROR_TOO_LARGE);
	cr_assert(strstr(err.message, "bomb"), "%s", err.message);
	cr_assert_eq(total, LIMIT_RATIO_FROM);
}

Test(decode, much_of_the_same_below_the_limit_is_no_bomb, .timeout = 120)
{
	AUTO_BUF struct buf plain = BUF_INIT, packed = BUF_INIT;

	memset(buf_reserve(&plain, 32 * MIB), 0, 32 * MIB);
	plain.len = 32 * MIB;
	pack_zstd(buf_str(&plain), &packed);
	{
		AUTO_OUTCOME struct outcome o = decode(&codec_zstd, buf_str(&packed));

		cr_assert(same(&o, buf_str(&plain)), "%s", o.err.message);
	}
}

/* gzip */

Test(decode, every_field_of_a_gzip_header_is_passed_over)
{
	char extra[70], name[] = "hello-1.2.tar", comment[] = "made by hand";
	gz_header h = { .extra = (Bytef *)extra, .extra_len = sizeof(extra), .name = (Bytef *)name,
			.comment = (Bytef *)comment, .hcrc = 1, .time = 1700000000, .os = 3 };
	AUTO_BUF struct buf packed = BUF_INIT;
	z_stream z = { .opaque = NULL };

	memset(extra, 'e', sizeof(extra));
	deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
	deflateSetHeader(&z, &h);
	z.next_in = (Bytef *)(uintptr_t)"hello";
	z.avail_in = 5;
	z.next_out = (Bytef *)buf_reserve(&packed, 1000);
	z.avail_out = 1000;
	cr_assert_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
	packed.len = 1000 - z.avail_out;
	deflateEnd(&z);
	for (size_t step = 1; step < 200; step += 3) {
		AUTO_OUTCOME struct outcome o = decode_by(&codec_gzip, buf_str(&packed), step, 2);

		cr_assert(same(&o, STR("hello")), "%zu: %s", step, o.err.message);
	}
	cuts_fail(&formats[0], buf_str(&packed), 1, 1);
}

Test(decode, wrong_checksum_of_gzip_is_an_error)
{
	AUTO_BUF struct buf packed = BUF_INIT;

	pack_gzip(STR("hello"), &packed);
	for (size_t i = 1; i <= 8; i++) {
		packed.ptr[packed.len - i] ^= 1;
		{
			AUTO_OUTCOME struct outcome o = decode(&codec_gzip, buf_str(&packed));

			cr_assert_eq(o.status, -1);
			cr_assert(strstr(o.err.message, "corrupt"), "%s", o.err.message);
		}
		packed.ptr[packed.len - i] ^= 1;
	}
}

/* xz, lzma, lzip */

static void pack_blocks(struct str in, struct buf *to)
{
	const lzma_mt mt = { .threads = 1, .block_size = 64 * 1024, .preset = 0,
			     .check = LZMA_CHECK_SHA256 };
	lzma_stream s = LZMA_STREAM_INIT;
	const size_t room = in.len * 2 + 100000;

	cr_assert_eq(lzma_stream_encoder_mt(&s, &mt), LZMA_OK);
	s.next_in = (const uint8_t *)in.ptr;
	s.avail_in = in.len;
	s.next_out = (uint8_t *)buf_reserve(to, room);
	s.avail_out = room;
	cr_assert_eq(lzma_code(&s, LZMA_FINISH), LZMA_STREAM_END);
	to->len += room - s.avail_out;
	lzma_end(&s);
}

Test(decode, xz_of_many_blocks_is_the_same_in_threads, .timeout = 120)
{
	AUTO_BUF struct buf plain = BUF_INIT, packed = BUF_INIT;

	pack_prose(&plain, 2 * MIB, 1);
	pack_noise(&plain, 100, 1);
	pack_blocks(buf_str(&plain), &packed);
	pack_blocks(buf_str(&plain), &packed);
	buf_add_cstr(&packed, "rest");
	for (unsigned int threads = 1; threads <= 4; threads++) {
		struct memory m = { buf_str(&packed), SIZE_MAX, false };
		AUTO_OUTCOME struct outcome o = decode_from(&m, &codec_xz, 100001, threads);

		cr_assert_eq(o.status, 0, "%s", o.err.message);
		cr_assert_eq(o.out.len, 2 * plain.len);
		cr_assert(str_eq(str_from_at(buf_str(&o.out), plain.len), buf_str(&plain)));
		cr_assert_eq(o.end.members, 2);
		cr_assert_eq(o.end.trailing_len, 4);
		cr_assert_eq(o.end.trailing_offset, packed.len - 4);
	}
}

Test(decode, cut_xz_of_many_blocks_is_an_error_in_threads, .timeout = 120)
{
	AUTO_BUF struct buf plain = BUF_INIT, packed = BUF_INIT;

	pack_prose(&plain, 1 * MIB, 1);
	pack_blocks(buf_str(&plain), &packed);
	cuts_fail(&formats[2], buf_str(&packed), packed.len / 50, 3);
	for (size_t at = 12; at < packed.len; at += packed.len / 50) {
		packed.ptr[at] ^= 0x10;
		{
			struct memory m = { buf_str(&packed), SIZE_MAX, false };
			AUTO_OUTCOME struct outcome o = decode_from(&m, &codec_xz, 65536, 3);

			cr_assert_eq(o.status, -1, "byte %zu", at);
		}
		packed.ptr[at] ^= 0x10;
	}
}

static void put_crc32(char *at, struct str of)
{
	const uint32_t crc = lzma_crc32((const uint8_t *)of.ptr, of.len, 0);

	for (unsigned int i = 0; i < 4; i++)
		at[i] = (char)(crc >> 8 * i);
}

static void fails_with(const struct codec *codec, struct str packed, const char *what)
{
	AUTO_OUTCOME struct outcome o = decode(codec, packed);

	cr_assert_eq(o.status, -1, "%s", codec->name);
	cr_assert_eq(o.err.code, ERROR_INPUT);
	cr_assert(strstr(o.err.message, what), "%s: %s", what, o.err.message);
}

/* The block header begins behind the stream header of 12 bytes, its CRC32 is at its end. Changes
 * the byte `at` behind the id of its one filter, LZMA2. */
static void change_filter(struct buf *xz, size_t at, uint8_t to)
{
	const size_t len = ((size_t)(uint8_t)xz->ptr[12] + 1) * 4;
	size_t id = 14;

	while (memcmp(xz->ptr + id, "\x21\1", 2) != 0)
		id++;
	xz->ptr[id + at] = (char)to;
	put_crc32(xz->ptr + 12 + len - 4, str_of(xz->ptr + 12, len - 4));
}

Test(decode, dictionaries_beyond_the_limit_are_refused)
{
	AUTO_BUF struct buf xz = BUF_INIT, lzma = BUF_INIT, lzip = BUF_INIT;

	pack_xz(STR("hello"), &xz);
	change_filter(&xz, 2, 40);
	fails_with(&codec_xz, buf_str(&xz), "more memory than is allowed");
	pack_lzma(STR("hello"), &lzma);
	memcpy(lzma.ptr + 1, "\0\0\0\x40", 4);
	fails_with(&codec_lzma, buf_str(&lzma), "more memory than is allowed");
	pack_lzip(STR("hello"), &lzip);
	lzip.ptr[5] = 29;
	fails_with(&codec_lzip, buf_str(&lzip), "more memory than is allowed");
}

Test(decode, unknown_filters_are_named_as_such)
{
	AUTO_BUF struct buf xz = BUF_INIT;

	pack_xz(STR("hello"), &xz);
	change_filter(&xz, 0, 0x3f);
	fails_with(&codec_xz, buf_str(&xz), "feature");
}

Test(decode, lzma_of_known_size_ends_there)
{
	AUTO_BUF struct buf packed = BUF_INIT;

	pack_lzma(STR("hello"), &packed);
	memcpy(packed.ptr + 5, "\5\0\0\0\0\0\0\0", 8);
	{
		AUTO_OUTCOME struct outcome o = decode(&codec_lzma, buf_str(&packed));

		cr_assert(same(&o, STR("hello")), "%s", o.err.message);
	}
	packed.ptr[5] = 6;
	fails_with(&codec_lzma, buf_str(&packed), "");
}

/* zstd */

Test(decode, skippable_frames_of_any_size_hide_no_frame)
{
	for (size_t n = 0; n < 300; n++) {
		AUTO_BUF struct buf packed = BUF_INIT;
		const char head[] = { 0x5a, 0x2a, 0x4d, 0x18, (char)n, (char)(n >> 8), 0, 0 };

		buf_add(&packed, head, sizeof(head));
		pack_noise(&packed, n, n);
		pack_zstd(STR("hello"), &packed);
		{
			AUTO_OUTCOME struct outcome o = decode(&codec_zstd, buf_str(&packed));

			cr_assert(same(&o, STR("hello")), "%zu: %s", n, o.err.message);
			cr_assert_eq(o.end.members, 2);
		}
	}
}

Test(decode, windows_beyond_the_limit_are_refused)
{
	ZSTD_CCtx *c = ZSTD_createCCtx();
	AUTO_BUF struct buf packed = BUF_INIT;
	ZSTD_inBuffer in = { "hello", 5, 0 };
	ZSTD_outBuffer out = { buf_reserve(&packed, 1000), 1000, 0 };

	ZSTD_CCtx_setParameter(c, ZSTD_c_windowLog, 28);
	ZSTD_CCtx_setParameter(c, ZSTD_c_strategy, ZSTD_fast);
	cr_assert_not(ZSTD_isError(ZSTD_compressStream2(c, &out, &in, ZSTD_e_flush)));
	cr_assert_eq(ZSTD_compressStream2(c, &out, &in, ZSTD_e_end), 0);
	packed.len = out.pos;
	ZSTD_freeCCtx(c);
	fails_with(&codec_zstd, buf_str(&packed), "corrupt");
}

/* compress */

/* Data that make it clear its table again and again: what it has learnt is of no use. */
static void changing(struct buf *to)
{
	for (uint64_t i = 0; i < 6; i++) {
		pack_prose(to, 400000, i);
		pack_noise(to, 200000, i);
		for (size_t k = 0; k < 300000; k++)
			buf_add_char(to, (char)(k % (3 + i)));
	}
}

/* Not of 9 bits: what compress(1) 4.2.4 writes then, it can't read either. */
Test(decode, compress_is_read_at_every_width, .init = scratch_begin, .fini = scratch_end,
     .timeout = 120)
{
	AUTO_BUF struct buf plain = BUF_INIT;

	if (!pack_have("compress"))
		SKIP("compress (ncompress) is not installed");
	changing(&plain);
	file_write("plain", plain.ptr, plain.len);
	for (unsigned int bits = 10; bits <= 16; bits++) {
		AUTO_BUF struct buf packed = BUF_INIT;

		sh("compress -b%u -c -f <plain >packed", bits);
		file_read("packed", &packed);
		cr_assert_eq(codec_find((uint8_t *)packed.ptr, 16), &codec_compress);
		for (size_t n = 1; n < 300000; n = n * 5 + 1) {
			AUTO_OUTCOME struct outcome o = decode_by(&codec_compress, buf_str(&packed),
								  n * 3, n > 100 ? n : 100);

			cr_assert(same(&o, buf_str(&plain)), "%u bits: %s, %zu of %zu", bits,
				  o.err.message, o.out.len, plain.len);
		}
	}
}

Test(decode, compress_of_any_length_ends_where_the_program_says, .init = scratch_begin,
     .fini = scratch_end)
{
	if (!pack_have("compress"))
		SKIP("compress (ncompress) is not installed");
	for (size_t n = 0; n < 3000; n += 1 + n / 10) {
		AUTO_BUF struct buf plain = BUF_INIT, packed = BUF_INIT;

		pack_noise(&plain, n, n);
		file_write("plain", plain.ptr ? plain.ptr : "", plain.len);
		sh("compress -c -f <plain >packed");
		file_read("packed", &packed);
		{
			AUTO_OUTCOME struct outcome o = decode(&codec_compress, buf_str(&packed));

			cr_assert(same(&o, buf_str(&plain)), "%zu", n);
		}
	}
}

Test(decode, compress_without_clear_codes_uses_code_256)
{
	/* "ABABABA" in codes of 9 bits, the first free one being 256: A, B, AB, ABA. */
	static const uint16_t codes[] = { 'A', 'B', 256, 258 };
	AUTO_BUF struct buf packed = BUF_INIT;
	uint64_t bits = 0;

	buf_add(&packed, "\x1f\x9d\x10", 3);
	for (unsigned int i = 0; i < 4; i++)
		bits |= (uint64_t)codes[i] << 9 * i;
	for (unsigned int i = 0; i < 5; i++)
		buf_add_char(&packed, (char)(bits >> 8 * i));
	{
		AUTO_OUTCOME struct outcome o = decode(&codec_compress, buf_str(&packed));

		cr_assert(same(&o, STR("ABABABA")), "%s", o.err.message);
	}
	/* A code that has no meaning yet. */
	packed.ptr[3] = 1;
	packed.ptr[4] = 1;
	fails_with(&codec_compress, buf_str(&packed), "corrupt");
}
