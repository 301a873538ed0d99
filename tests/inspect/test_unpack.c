#include "inspect/unpack.h"

#include <criterion/criterion.h>
#include <zlib.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "input/pack.h"
#include "inspect/blobs.h"

struct format {
	const char *name;
	void (*pack)(struct str in, struct buf *to);
	bool joins;	/* streams may follow one another */
};

static const struct format formats[] = {
	{ "gzip", pack_gzip, true }, { "bzip2", pack_bzip2, true }, { "xz", pack_xz, true },
	{ "lzip", pack_lzip, true }, { "zstd", pack_zstd, true },   { "lzma", pack_lzma, false },
};

#define EACH_FORMAT(f) \
	for (const struct format *f = formats; f < formats + sizeof(formats) / sizeof(*formats); f++)

/* A stream of the format, and what it holds. */
static void make(const struct format *f, struct buf *in, struct buf *packed)
{
	buf_reset(in);
	pack_prose(in, 3000, 1);
	f->pack(buf_str(in), packed);
}

static enum unpack_state state_of(struct str b)
{
	struct unpacked u;

	unpack(b, MIB, &u);
	unpacked_release(&u);
	return u.state;
}

Test(unpack, whole_streams_are_valid_and_give_the_content_back)
{
	EACH_FORMAT(f) {
		AUTO_BUF struct buf in = BUF_INIT;
		AUTO_BUF struct buf packed = BUF_INIT;
		const char *format = NULL;
		struct unpacked u;

		make(f, &in, &packed);
		unpack(buf_str(&packed), MIB, &u);
		cr_assert_eq(u.state, UNPACK_VALID, "%s", f->name);
		cr_assert_str_eq(u.format, f->name);
		cr_assert(str_eq(buf_str(&u.content), buf_str(&in)));
		cr_assert(unpack_confirms(buf_str(&packed), &format), "%s", f->name);
		cr_assert_str_eq(format, f->name);
		unpacked_release(&u);
	}
}

Test(unpack, a_broken_second_stream_is_told_apart_from_a_broken_first)
{
	EACH_FORMAT(f) {
		AUTO_BUF struct buf in = BUF_INIT;
		AUTO_BUF struct buf packed = BUF_INIT;
		struct unpacked u;
		size_t one;

		if (!f->joins)
			continue;
		make(f, &in, &packed);
		one = packed.len;
		make(f, &in, &packed);
		make(f, &in, &packed);
		packed.ptr[one + one / 2] ^= 0x20;
		unpack(buf_str(&packed), MIB, &u);
		cr_assert_eq(u.state, UNPACK_THEN_CORRUPT, "%s", f->name);
		cr_assert_eq(u.streams, 1);
		cr_assert_eq(u.bad_offset, one);
		unpacked_release(&u);
		cr_assert_eq(state_of(str_from_at(buf_str(&packed), one)), UNPACK_CORRUPT, "%s",
			     f->name);
	}
}

Test(unpack, a_stream_that_is_cut_off_is_no_corrupt_one)
{
	EACH_FORMAT(f) {
		AUTO_BUF struct buf in = BUF_INIT;
		AUTO_BUF struct buf packed = BUF_INIT;

		make(f, &in, &packed);
		cr_assert_eq(state_of(str_first(buf_str(&packed), packed.len * 2 / 3)),
			     UNPACK_TRUNCATED, "%s", f->name);
	}
}

Test(unpack, foreign_bytes_behind_are_the_rest_and_zeros_are_none)
{
	EACH_FORMAT(f) {
		AUTO_BUF struct buf in = BUF_INIT;
		AUTO_BUF struct buf packed = BUF_INIT;
		const char *format;
		struct unpacked u;
		size_t one;

		make(f, &in, &packed);
		one = packed.len;
		buf_add(&packed, "\0\0\0\0\0\0\0\0", 8);
		cr_assert_eq(state_of(buf_str(&packed)), UNPACK_VALID, "%s", f->name);
		buf_add_str(&packed, MARKER);
		unpack(buf_str(&packed), MIB, &u);
		cr_assert_eq(u.state, UNPACK_VALID_REST, "%s", f->name);
		cr_assert_eq(u.rest_offset, one);
		cr_assert_eq(u.rest_len, 8 + MARKER.len);
		unpacked_release(&u);
		cr_assert_not(unpack_confirms(buf_str(&packed), &format));
	}
}

Test(unpack, stops_at_the_limit)
{
	EACH_FORMAT(f) {
		AUTO_BUF struct buf in = BUF_INIT;
		AUTO_BUF struct buf packed = BUF_INIT;
		struct unpacked u;

		make(f, &in, &packed);
		unpack(buf_str(&packed), in.len - 1, &u);
		cr_assert_eq(u.state, UNPACK_LIMIT, "%s", f->name);
		cr_assert_eq(u.content.len, in.len - 1);
		unpacked_release(&u);
		unpack(buf_str(&packed), in.len, &u);
		cr_assert_eq(u.state, UNPACK_VALID, "%s", f->name);
		unpacked_release(&u);
	}
}

Test(unpack, what_the_library_does_not_know_is_unsupported)
{
	AUTO_BUF struct buf in = BUF_INIT;
	AUTO_BUF struct buf b = BUF_INIT;
	AUTO_BUF struct buf g = BUF_INIT;
	uint32_t sum;
	size_t header, at = 14;

	make(&formats[2], &in, &b);
	header = ((size_t)(unsigned char)b.ptr[12] + 1) * 4;
	/* Behind the sizes that the flags announce stands the first filter's id. */
	for (unsigned int flags = (unsigned char)b.ptr[13]; flags & 0xc0; flags = flags << 1 & 0xff)
		while (b.ptr[at++] & 0x80)
			;
	b.ptr[at] = 0x3f;
	sum = (uint32_t)crc32(0, (const Bytef *)b.ptr + 12, (uInt)(header - 4));
	for (size_t i = 0; i < 4; i++)
		b.ptr[12 + header - 4 + i] = (char)(sum >> 8 * i);
	cr_assert_eq(state_of(buf_str(&b)), UNPACK_UNSUPPORTED);
	pack_gzip(STR("x"), &g);
	g.ptr[3] = (char)(g.ptr[3] | 0x80);
	cr_assert_eq(state_of(buf_str(&g)), UNPACK_UNSUPPORTED, "the flag may mean a field");
}

Test(unpack, other_data_is_not_packed)
{
	static const struct str none[] = {
		{ "", 0 }, { "x^2 + y^2 = z^2, and so on and on", 33 },
		{ "]\0\0\x80\0", 5 }, { "BZh9 is a magic number", 22 },
		{ "\0\0\1\0\1\0\x10\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 26 },
	};
	AUTO_BUF struct buf noise = BUF_INIT;

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		cr_assert_eq(state_of(none[i]), UNPACK_NOT_PACKED, "%zu", i);
	for (unsigned int seed = 0; seed < 200; seed++) {
		const char *format;

		buf_reset(&noise);
		pack_noise(&noise, 500, seed);
		noise.ptr[0] = 0x78;
		noise.ptr[1] = (char)0x9c;
		cr_assert_eq(state_of(buf_str(&noise)), UNPACK_NOT_PACKED);
		cr_assert_not(unpack_confirms(buf_str(&noise), &format));
	}
}

Test(unpack, confirms_archives_and_programs)
{
	AUTO_BUF struct buf zip = BUF_INIT;
	AUTO_BUF struct buf elf = BUF_INIT;
	AUTO_BUF struct buf tar = BUF_INIT;
	const char *format = NULL;

	make_zip(&zip, "b.txt", STR(""), STR(""));
	cr_assert(unpack_confirms(buf_str(&zip), &format));
	cr_assert_str_eq(format, "zip");
	make_elf(&elf, STR(""));
	cr_assert(unpack_confirms(buf_str(&elf), &format));
	cr_assert_str_eq(format, "elf");
	tar_file(&tar, "a", STR("hello"));
	tar_end(&tar);
	cr_assert(unpack_confirms(buf_str(&tar), &format));
	cr_assert_str_eq(format, "tar");
	tar.ptr[10] = 1;
	cr_assert_not(unpack_confirms(buf_str(&tar), &format));
}
