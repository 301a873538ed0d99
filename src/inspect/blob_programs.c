/* Shapes of executables and object files: header checks only, every table within the bytes. */
#include "inspect/blob_bytes.h"
#include "inspect/blob_shapes.h"

/* System V ABI, "ELF Header". */
bool shape_elf(struct str b)
{
	const bool wide = byte_at(b, 4) == 2, big = byte_at(b, 5) == 2;
	const size_t header = wide ? 64 : 52, half = wide ? 52 : 40;
	uint64_t phoff, shoff, phsize, phnum, shsize, shnum;
	uint32_t type, machine, version;

	if (b.len < header || !bytes_at(b, 0, STR("\x7f" "ELF")) || byte_at(b, 4) - 1 > 1 ||
	    byte_at(b, 5) - 1 > 1 || byte_at(b, 6) != 1)
		return false;
#define H16(at) (big ? be16(b, at) : le16(b, at))
#define H32(at) (big ? be32(b, at) : le32(b, at))
#define H64(at) (big ? be64(b, at) : le64(b, at))
	type = H16(16);
	machine = H16(18);
	version = H32(20);
	phoff = wide ? H64(32) : H32(28);
	shoff = wide ? H64(40) : H32(32);
	phsize = H16(half + 2);
	phnum = H16(half + 4);
	shsize = H16(half + 6);
	shnum = H16(half + 8);
	if (type == 0 || machine == 0 || version != 1 || H16(half) != header)
		return false;
#undef H16
#undef H32
#undef H64
	if ((phnum && phsize != (wide ? 56 : 32)) || (shnum && shsize != (wide ? 64 : 40)))
		return false;
	return (phnum || shnum || shoff) && holds(b, phoff, phnum * phsize) &&
	       holds(b, shoff, shnum * shsize);
}

static bool coff_machine(uint32_t m)
{
	static const uint16_t known[] = { 0x14c, 0x8664, 0x1c0, 0x1c4, 0xaa64, 0x200, 0x166, 0x1f0,
					  0x5032, 0x5064, 0x6264 };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i] == m)
			return true;
	return false;
}

/* The file header at `at` and its section table (PE/COFF specification, 3.3 and 4). */
static bool coff_header(struct str b, uint64_t at, bool image)
{
	const uint64_t sections = le16(b, at + 2), symbols = le32(b, at + 8),
		       n_symbols = le32(b, at + 12), optional = le16(b, at + 16);
	const uint64_t table = at + 20 + optional;

	if (!coff_machine(le16(b, at)) || !holds(b, at, 20) || sections == 0 || sections > 4096 ||
	    !holds(b, table, sections * 40) || (image ? optional < 2 : optional != 0))
		return false;
	if (image)
		return le16(b, at + 20) == 0x10b || le16(b, at + 20) == 0x20b ||
		       le16(b, at + 20) == 0x107;
	if (n_symbols && !holds(b, symbols, n_symbols * 18))
		return false;
	for (uint64_t i = 0; i < sections; i++) {
		const uint64_t s = table + i * 40, size = le32(b, s + 16), raw = le32(b, s + 20);

		if (raw && (raw < table + sections * 40 || !holds(b, raw, size)))
			return false;
	}
	return n_symbols > 0;
}

bool shape_pe(struct str b)
{
	const uint64_t at = le32(b, 0x3c);

	return bytes_at(b, 0, STR("MZ")) && bytes_at(b, at, STR("PE\0\0")) &&
	       coff_header(b, at + 4, true);
}

bool shape_coff(struct str b)
{
	return coff_header(b, 0, false);
}

static bool macho_thin(struct str b)
{
	const uint32_t magic = be32(b, 0);
	const bool wide = magic == 0xfeedfacf || magic == 0xcffaedfe;
	const bool big = magic == 0xfeedfacf || magic == 0xfeedface;
	const uint64_t header = wide ? 32 : 28;
	uint64_t at = header, n, size;

	if (!wide && !big && magic != 0xcefaedfe)
		return false;
	n = big ? be32(b, 16) : le32(b, 16);
	size = big ? be32(b, 20) : le32(b, 20);
	if (n == 0 || !holds(b, header, size))
		return false;
	for (; n > 0; n--) {
		const uint64_t step = big ? be32(b, at + 4) : le32(b, at + 4);

		if (step < 8 || step % 4 || !holds(part(b, 0, header + size), at, step))
			return false;
		at += step;
	}
	return true;
}

bool shape_macho(struct str b)
{
	const uint64_t n = be32(b, 4);

	if (macho_thin(b))
		return true;
	/* A universal file: the magic number is also that of a Java class, whose version is higher. */
	if (be32(b, 0) != 0xcafebabe || n == 0 || n > 30)
		return false;
	for (uint64_t i = 0; i < n; i++)
		if (!be32(b, 8 + i * 20 + 12) ||
		    !holds(b, be32(b, 8 + i * 20 + 8), be32(b, 8 + i * 20 + 12)))
			return false;
	return true;
}

/* JVM specification, 4.4: what follows the tag; 0: no such tag. */
static uint64_t constant_size(struct str b, uint64_t at)
{
	switch (byte_at(b, at)) {
	case 1:
		return 3 + (uint64_t)be16(b, at + 1);
	case 3: case 4: case 9: case 10: case 11: case 12: case 17: case 18:
		return 5;
	case 5: case 6:
		return 9;
	case 7: case 8: case 16: case 19: case 20:
		return 3;
	case 15:
		return 4;
	default:
		return 0;
	}
}

/* 4.7: a table of attributes; moves *at behind it. */
static bool skip_attributes(struct str b, uint64_t *at)
{
	uint64_t n = be16(b, *at);

	if (!holds(b, *at, 2))
		return false;
	for (*at += 2; n > 0; n--) {
		if (!holds(b, *at, 6) || !holds(b, *at + 6, be32(b, *at + 2)))
			return false;
		*at += 6 + (uint64_t)be32(b, *at + 2);
	}
	return true;
}

bool shape_class(struct str b, uint64_t *end)
{
	const uint64_t n = be16(b, 8);
	uint64_t at = 10;

	if (be32(b, 0) != 0xcafebabe || be16(b, 6) < 45 || be16(b, 6) > 200)
		return false;
	for (uint64_t i = 1; i < n; i++) {
		const uint64_t size = constant_size(b, at);

		if (size == 0 || !holds(b, at, size))
			return false;
		i += size == 9;		/* long and double take two numbers */
		at += size;
	}
	at += 6;
	at += 2 + 2 * (uint64_t)be16(b, at);
	for (int table = 0; table < 2; table++) {
		uint64_t members = be16(b, at);

		if (!holds(b, at, 2))
			return false;
		for (at += 2; members > 0; members--) {
			at += 6;
			if (!skip_attributes(b, &at))
				return false;
		}
	}
	*end = at;
	return skip_attributes(b, end);
}

/* WebAssembly core specification, 5.5: sections one after the other. */
bool shape_wasm(struct str b)
{
	uint64_t at = 8;

	if (!bytes_at(b, 0, STR("\0asm\x01\0\0\0")))
		return false;
	while (at < b.len) {
		uint64_t size = 0;

		if (byte_at(b, at++) > 13)
			return false;
		for (unsigned int shift = 0;; shift += 7) {
			if (shift > 28 || at >= b.len)
				return false;
			size |= (uint64_t)(byte_at(b, at) & 0x7f) << shift;
			if (!(byte_at(b, at++) & 0x80))
				break;
		}
		if (!holds(b, at, size))
			return false;
		at += size;
	}
	return b.len > 8;
}
