/* Programs, objects and byte code: the fact that they can run, and what follows or hides in them. */
#include "inspect/blob_look.h"
#include "inspect/blob_shapes.h"

static bool elf_begins(struct str b)
{
	return bytes_at(b, 0, STR("\x7f" "ELF"));
}

/* Where the last table, section or segment ends. */
static uint64_t elf_end(struct str b)
{
	const bool wide = byte_at(b, 4) == 2, big = byte_at(b, 5) == 2;
	const size_t half = wide ? 52 : 40;
	uint64_t end = wide ? 64 : 52, n[2], size[2], offset[2];

#define H16(at) (big ? be16(b, at) : le16(b, at))
#define H32(at) (big ? be32(b, at) : le32(b, at))
#define WORD(at) (wide ? (big ? be64(b, at) : le64(b, at)) : H32(at))
	offset[0] = wide ? WORD(32) : WORD(28);
	offset[1] = wide ? WORD(40) : WORD(32);
	for (int t = 0; t < 2; t++) {
		size[t] = H16(half + 2 + 4 * (size_t)t);
		n[t] = H16(half + 4 + 4 * (size_t)t);
		if (offset[t] + size[t] * n[t] > end)
			end = offset[t] + size[t] * n[t];
		for (uint64_t i = 0; i < n[t]; i++) {
			const uint64_t at = offset[t] + i * size[t];
			/* p_offset and p_filesz; sh_offset and sh_size, which SHT_NOBITS lacks. */
			const uint64_t from = t == 0 ? WORD(at + (wide ? 8 : 4)) :
						       WORD(at + (wide ? 24 : 16));
			const uint64_t len = t == 0 ? WORD(at + (wide ? 32 : 16)) :
					     H32(at + 4) == 8 ? 0 : WORD(at + (wide ? 32 : 20));

			if (from > b.len || len > b.len - from)
				return b.len;
			end = from + len > end ? from + len : end;
		}
	}
#undef H16
#undef H32
#undef WORD
	return end;
}

static void elf_examine(struct look *l)
{
	/* Loaders need less than all tables. */
	l->out->machine_code = l->bytes.len >= 52 && byte_at(l->bytes, 4) - 1 <= 1 &&
			       byte_at(l->bytes, 5) - 1 <= 1 && byte_at(l->bytes, 6) == 1;
	if (shape_elf(l->bytes))
		look_rest(l, elf_end(l->bytes));
	else
		look_corrupt(l, 0, "its tables lie outside of it");
}

/* Nothing more is known, but that it runs. */
static void code_examine(struct look *l)
{
	l->out->machine_code = true;
}

static bool mz_begins(struct str b)
{
	return b.len >= 64 && bytes_at(b, 0, STR("MZ")) && le16(b, 8) >= 2 && le16(b, 8) < 4096 &&
	       le16(b, 4) > 0 && !shape_pe(b);
}

static bool class_begins(struct str b)
{
	return be32(b, 0) == 0xcafebabe && be16(b, 6) >= 45 && be16(b, 6) <= 200;
}

static void class_examine(struct look *l)
{
	uint64_t end;

	l->out->machine_code = true;
	if (shape_class(l->bytes, &end))
		look_rest(l, end);
	else
		look_corrupt(l, 8, "its tables do not hold");
}

static bool wasm_begins(struct str b)
{
	return bytes_at(b, 0, STR("\0asm\x01\0\0\0"));
}

static uint64_t leb128(struct str b, uint64_t *at)
{
	uint64_t n = 0;

	for (unsigned int shift = 0; shift < 35; shift += 7) {
		const unsigned int c = byte_at(b, (*at)++);

		n |= (uint64_t)(c & 0x7f) << shift;
		if (!(c & 0x80))
			break;
	}
	return n;
}

/* Names that toolchains write. */
static bool usual_section(struct str name)
{
	return look_listed("name\0producers\0target_features\0linking\0dylink\0dylink.0\0"
			   "sourceMappingURL\0external_debug_info\0build_id\0"
			   "component-name\0component-type\0core\0coremodules\0", name) ||
	       str_starts(name, STR("reloc.")) || str_starts(name, STR(".debug_")) ||
	       str_starts(name, STR("metadata.code."));
}

static void wasm_examine(struct look *l)
{
	const struct str b = l->bytes;
	uint64_t at = 8;

	l->out->machine_code = true;
	if (!shape_wasm(b)) {
		look_corrupt(l, 8, "its sections are no chain");
		return;
	}
	while (at < b.len) {
		const unsigned int id = byte_at(b, at++);
		const uint64_t size = leb128(b, &at), begin = at;

		if (id == 0) {
			const uint64_t len = leb128(b, &at);
			const struct str section = part(part(b, 0, begin + size), at, len);

			if (!usual_section(section))
				look_private(l, begin, size, 4096,
					     "custom section \"%.*s\" of %ju bytes",
					     STR_FMT(str_first(section, 64)), (uintmax_t)size);
		}
		at = begin + size;
	}
}

/* PEP 3147 era and before: the magic number's second half is a line end, so that copying the file
 * as text breaks it. */
static bool pyc_begins(struct str b)
{
	return b.len > 16 && bytes_at(b, 2, STR("\r\n")) && byte_at(b, 0) != 0 &&
	       (byte_at(b, 16) == 0xe3 || byte_at(b, 16) == 'c' || byte_at(b, 8) == 'c' || byte_at(b, 12) == 0xe3 ||
		byte_at(b, 12) == 'c' || byte_at(b, 8) == 0xe3);
}

static void pyc_examine(struct look *l)
{
	/* Python 3.7's first release with PEP 552; before it there were no flags. */
	const bool has_flags = le16(l->bytes, 0) >= 3392;

	l->out->machine_code = true;
	l->out->bytecode = (struct bytecode){ true, has_flags ? le32(l->bytes, 4) : 0,
					      le32(l->bytes, has_flags ? 12 : 8) };
}

static bool lua_begins(struct str b)
{
	return bytes_at(b, 0, STR("\x1bLua"));
}

static bool bitcode_begins(struct str b)
{
	return bytes_at(b, 0, STR("BC\xc0\xde"));
}

static bool dex_begins(struct str b)
{
	return bytes_at(b, 0, STR("dex\n0"));
}

const struct blob_format blob_programs[] = {
	{ "elf", CLASS_PROGRAM, elf_begins, elf_examine },
	{ "pe", CLASS_PROGRAM, shape_pe, code_examine },
	{ "dos-program", CLASS_PROGRAM, mz_begins, code_examine },
	{ "macho", CLASS_PROGRAM, shape_macho, code_examine },
	{ "java-class", CLASS_PROGRAM, class_begins, class_examine },
	{ "wasm", CLASS_PROGRAM, wasm_begins, wasm_examine },
	{ "python-bytecode", CLASS_PROGRAM, pyc_begins, pyc_examine },
	{ "lua-bytecode", CLASS_PROGRAM, lua_begins, code_examine },
	{ "llvm-bitcode", CLASS_PROGRAM, bitcode_begins, code_examine },
	{ "dex", CLASS_PROGRAM, dex_begins, code_examine },
	{ "coff", CLASS_PROGRAM, shape_coff, code_examine },
	{ 0 },
};
