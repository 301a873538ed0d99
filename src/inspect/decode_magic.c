#include "inspect/decode_magic.h"

/* Sources: the .xz format 1.1, RFC 1952, RFC 1950, RFC 8878, bzip2's and lzip's manuals, the ELF and
 * zip specifications (gABI chapter 4, APPNOTE 4.3.7), PE/COFF, cpio(5), ar(5). */
static const struct magic {
	struct str bytes;
	bool strong;		/* worth looking for at any offset */
} magics[] = {
	{ STR("\xfd" "7zXZ\0"), true },
	{ STR("\x1f\x8b\x08"), true },
	{ STR("BZh"), false },
	{ STR("\x28\xb5\x2f\xfd"), true },
	{ STR("LZIP\x01"), true },
	{ STR("PK\3\4"), true },
	{ STR("\x7f" "ELF"), true },
	{ STR("!<arch>\n"), true },
	{ STR("070701"), true },
	{ STR("070702"), true },
	{ STR("070707"), true },
	{ STR("MZ"), false },
	{ STR("\xce\xfa\xed\xfe"), true },
	{ STR("\xcf\xfa\xed\xfe"), true },
	{ STR("\xca\xfe\xba\xbe"), true },
	{ STR("\0asm\1\0\0\0"), true },
	{ STR("\x78\x01"), false },
	{ STR("\x78\x5e"), false },
	{ STR("\x78\x9c"), false },
	{ STR("\x78\xda"), false },
	{ STR("\x5d\0"), false },
	{ STR("#!/"), false },
	{ STR("#! /"), false },
};

enum { MAGICS = sizeof(magics) / sizeof(*magics) };

static bool is_bzip2(struct str b)
{
	return b.len >= 10 && memcmp(b.ptr, "BZh", 3) == 0 && b.ptr[3] >= '1' && b.ptr[3] <= '9' &&
	       (memcmp(b.ptr + 4, "1AY&SY", 6) == 0 || memcmp(b.ptr + 4, "\x17\x72\x45\x38\x50\x90", 6) == 0);
}

/* What xz writes: the usual properties, a dictionary of 2^n or 2^n + 2^(n-1) bytes, a size that is unknown
 * or below 2^40, and the range coder's first byte, which is zero. */
static bool is_lzma(struct str b)
{
	const uint8_t *const p = (const uint8_t *)b.ptr;
	uint32_t dict, d;

	if (b.len < 18)
		return false;
	dict = (uint32_t)p[1] | (uint32_t)p[2] << 8 | (uint32_t)p[3] << 16 | (uint32_t)p[4] << 24;
	d = dict & (dict - 1);
	return dict >= 4096 && (d == 0 || d == dict / 3 * 2) && p[13] == 0 &&
	       (memcmp(b.ptr + 5, "\xff\xff\xff\xff\xff\xff\xff\xff", 8) == 0 ||
		memcmp(b.ptr + 10, "\0\0\0", 3) == 0);
}

enum { ZSTD_RESERVED = 8, ZSTD_SINGLE_SEGMENT = 0x20 };

size_t magic_zstd_header(uint8_t descriptor)
{
	static const size_t dictionary[] = { 0, 1, 2, 4 }, content[] = { 0, 2, 4, 8 };
	const size_t single = descriptor & ZSTD_SINGLE_SEGMENT ? 1 : 0;

	return 5 + (1 - single) + dictionary[descriptor & 3] +
	       (descriptor >> 6 ? content[descriptor >> 6] : single);
}

/* A frame header whose reserved bit is zero, with a window that is decoded by default (2^27) if it has
 * one, and a block of a known type within the limit (RFC 8878, 3.1.1.1 and 3.1.1.2). */
static bool is_zstd(struct str b)
{
	enum { RESERVED_TYPE = 3, BLOCK_MAX = 128 * 1024, WINDOW_LOG_MAX = 27, WINDOW_LOG_MIN = 10 };
	const uint8_t *const p = (const uint8_t *)b.ptr;
	uint32_t block;
	size_t at;

	if (b.len < 6 || p[4] & ZSTD_RESERVED ||
	    (!(p[4] & ZSTD_SINGLE_SEGMENT) && p[5] >> 3 > WINDOW_LOG_MAX - WINDOW_LOG_MIN))
		return false;
	at = magic_zstd_header(p[4]);
	if (b.len < at + 3)
		return false;
	block = (uint32_t)p[at] | (uint32_t)p[at + 1] << 8 | (uint32_t)p[at + 2] << 16;
	return (block >> 1 & 3) != RESERVED_TYPE && block >> 3 <= BLOCK_MAX;
}

bool magic_promises(struct str head)
{
	for (size_t i = 0; i < MAGICS; i++) {
		if (!str_starts(head, magics[i].bytes))
			continue;
		switch (magics[i].bytes.ptr[0]) {
		case 'B':
			return is_bzip2(head);
		case 0x5d:
			return is_lzma(head);
		case 0x28:
			return is_zstd(head);
		default:
			return true;
		}
	}
	return false;
}

bool magic_may_begin(const uint8_t first[4])
{
	for (size_t i = 0; i < MAGICS; i++) {
		const struct str m = magics[i].bytes;

		if ((uint8_t)m.ptr[0] == first[0] &&
		    memcmp(m.ptr, first, m.len < 4 ? m.len : 4) == 0)
			return true;
	}
	return false;
}

size_t magic_find(struct str bytes, size_t from)
{
	size_t best = (size_t)-1;

	for (size_t i = 0; i < MAGICS; i++) {
		const struct str m = magics[i].bytes;
		struct str rest = str_from_at(bytes, from);
		size_t at;

		if (!magics[i].strong && m.ptr[0] != 'B')
			continue;
		if (best != (size_t)-1)
			rest = str_first(rest, best - from + m.len);
		while ((at = str_find_str(rest, m)) != (size_t)-1) {
			const size_t here = (size_t)(rest.ptr - bytes.ptr) + at;

			if (m.ptr[0] != 'B' || is_bzip2(str_from_at(bytes, here))) {
				if (here < best)
					best = here;
				break;
			}
			rest = str_from_at(rest, at + 1);
		}
	}
	return best;
}

/* What xz writes for each check: header flags and their CRC32. gzip: with and without a time. */
static const struct magic_header headers[] = {
	{ "\xfd" "7zXZ\0\0\4\xe6\xd6\xb4\x46", 0x0fff },
	{ "\xfd" "7zXZ\0\0\1\x69\x22\xde\x36", 0x0fff },
	{ "\xfd" "7zXZ\0\0\0\xff\x12\xd9\x41", 0x0fff },
	{ "\xfd" "7zXZ\0\0\x0a\xe1\xfb\x0c\xa1", 0x0fff },
	{ "\x1f\x8b\x08\0\0\0\0\0\0\3", 0x03ff },
	{ "\x1f\x8b\x08\0\0\0\0\0\2\3", 0x03ff },
	{ "\x1f\x8b\x08\0\0\0\0\0\4\3", 0x03ff },
	{ "\x1f\x8b\x08\0\0\0\0\0\0\xff", 0x03ff },
	{ "\x1f\x8b\x08\0\0\0\0\0\2\xff", 0x03ff },
	{ "\x1f\x8b\x08\0\0\0\0\0\0\3", 0x030f },
	{ "\x1f\x8b\x08\0\0\0\0\0\2\3", 0x030f },
	{ "\x1f\x8b\x08\0\0\0\0\0\2\xff", 0x030f },
	{ "\x1f\x8b\x08\x08\0\0\0\0\0\3", 0x030f },
	{ "\x1f\x8b\x08\x08\0\0\0\0\2\3", 0x030f },
	{ "\x1f\x8b\x08\x08\0\0\0\0\2\xff", 0x030f },
	{ "BZh91AY&SY", 0x03ff },
	{ "BZh61AY&SY", 0x03ff },
	{ "BZh11AY&SY", 0x03ff },
	{ "\x28\xb5\x2f\xfd", 0x000f },
	{ "\x28\xb5\x2f\xfd\x04\x58", 0x003f },
	{ "\x28\xb5\x2f\xfd\x04\0", 0x001f },
	{ "\x28\xb5\x2f\xfd\x24", 0x001f },
	{ "\x28\xb5\x2f\xfd\x64", 0x001f },
	{ "\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0", 0x3fff },
	{ "\x5d\0\0\0\4\xff\xff\xff\xff\xff\xff\xff\xff\0", 0x3fff },
	{ "LZIP\1", 0x001f },
	{ "PK\3\4\x14\0\0\0\x08\0", 0x03ff },
	{ "PK\3\4\x0a\0\0\0\0\0", 0x03ff },
	{ "PK\3\4\x14\0\2\0\x08\0", 0x03ff },
	{ "PK\3\4\x14\0\x08\0\x08\0", 0x03ff },
	{ "\x7f" "ELF\2\1\1\0\0\0\0\0\0\0\0\0", 0xffff },
	{ "\x7f" "ELF\2\1\1\3\0\0\0\0\0\0\0\0", 0xffff },
	{ "\x7f" "ELF\1\1\1\0\0\0\0\0\0\0\0\0", 0xffff },
	{ "\x7f" "ELF\2\2\1\0\0\0\0\0\0\0\0\0", 0xffff },
	{ "#!/bin/sh\n", 0x03ff },
	{ "#! /bin/sh\n", 0x07ff },
	{ "#!/bin/bash\n", 0x0fff },
	{ "#!/usr/bin/env ", 0x7fff },
	{ "#!/usr/bin/perl", 0x7fff },
	{ "#!/usr/bin/pyth", 0x7fff },
};

const struct magic_header *magic_header(size_t i)
{
	return i < sizeof(headers) / sizeof(*headers) ? &headers[i] : NULL;
}
