#include "rebuild/normalise.h"

#include <elf.h>
#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"

/* Zeros a range; whether anything else was there. */
static bool blank(uint8_t *p, size_t n)
{
	bool any = false;

	for (size_t i = 0; i < n; i++)
		any = any || p[i];
	memset(p, 0, n);
	return any;
}

/* --- ELF: both classes, the byte order of this machine's compilers (little) --- */

struct elf_section {
	uint64_t name, type, offset, size;
};

static bool elf_section(const uint8_t *p, size_t n, bool wide, size_t index, struct elf_section *out)
{
	const uint64_t table = wide ? bytes_little(p + 40, 8) : bytes_little(p + 32, 4);
	const uint64_t entry = bytes_little(p + (wide ? 58 : 46), 2), count = bytes_little(p + (wide ? 60 : 48), 2);
	const uint8_t *s;

	if (index >= count || entry < (wide ? 64u : 40u) || table > n || entry * count > n - table)
		return false;
	s = p + table + entry * index;
	out->name = bytes_little(s, 4);
	out->type = bytes_little(s + 4, 4);
	out->offset = wide ? bytes_little(s + 24, 8) : bytes_little(s + 16, 4);
	out->size = wide ? bytes_little(s + 32, 8) : bytes_little(s + 20, 4);
	return out->type == SHT_NOBITS || (out->offset <= n && out->size <= n - out->offset);
}

static bool is_elf(const uint8_t *p, size_t n)
{
	return n >= 64 && memcmp(p, "\177ELF", 4) == 0 && (p[4] == 1 || p[4] == 2) && p[5] == 1;
}

static unsigned int normalise_elf(uint8_t *p, size_t n)
{
	const bool wide = p[4] == 2;
	const size_t strings = (size_t)bytes_little(p + (wide ? 62 : 50), 2);
	struct elf_section names, s;
	unsigned int found = 0;

	if (!elf_section(p, n, wide, strings, &names) || names.type == SHT_NOBITS)
		return 0;
	for (size_t i = 0; elf_section(p, n, wide, i, &s); i++) {
		const char *const name = (const char *)p + names.offset + (s.name < names.size ? s.name : 0);
		const size_t room = s.name < names.size ? (size_t)(names.size - s.name) : 0;

		if (s.type == SHT_NOBITS || !memchr(name, '\0', room))
			continue;
		if (strcmp(name, ".note.gnu.build-id") == 0 && s.size > 16)
			found |= blank(p + s.offset + 16, (size_t)s.size - 16) ? NORMALISED_BUILD_ID : 0;
		if (strcmp(name, ".gnu_debuglink") == 0)
			found |= blank(p + s.offset, (size_t)s.size) ? NORMALISED_DEBUG_LINK : 0;
	}
	return found;
}

/* --- ar --- */

static unsigned int normalise_ar(uint8_t *p, size_t n)
{
	unsigned int found = 0;
	size_t at = 8;

	while (n - at >= 60 && p[at + 58] == '`' && p[at + 59] == '\n') {
		uint64_t size = 0;

		for (size_t i = 48; i < 58 && p[at + i] >= '0' && p[at + i] <= '9'; i++)
			size = size * 10 + (uint64_t)(p[at + i] - '0');
		/* date, uid, gid, mode */
		memset(p + at + 16, ' ', 32);
		found |= NORMALISED_AR_TIME;
		at += 60;
		if (size > n - at)
			break;
		if (is_elf(p + at, (size_t)size))
			found |= normalise_elf(p + at, (size_t)size);
		at += (size_t)size + (size & 1);
		if (at > n)
			break;
	}
	return found;
}

/* --- zip --- */

/* Extra fields with times: extended timestamp, NTFS, Info-ZIP's old one. */
static void blank_extra(uint8_t *p, size_t n)
{
	for (size_t at = 0; n - at >= 4;) {
		const uint64_t id = bytes_little(p + at, 2), size = bytes_little(p + at + 2, 2);

		if (size > n - at - 4)
			return;
		if (id == 0x5455 || id == 0x000a || id == 0x5855)
			memset(p + at + 4, 0, (size_t)size);
		at += 4 + (size_t)size;
	}
}

static unsigned int normalise_zip(uint8_t *p, size_t n)
{
	for (size_t at = 0; at + 30 <= n; at++) {
		const uint32_t magic = (uint32_t)bytes_little(p + at, 4);
		size_t name, extra;

		if (magic == 0x04034b50) {
			name = (size_t)bytes_little(p + at + 26, 2);
			extra = (size_t)bytes_little(p + at + 28, 2);
			memset(p + at + 10, 0, 4);
			if (name + extra <= n - at - 30)
				blank_extra(p + at + 30 + name, extra);
		} else if (magic == 0x02014b50 && at + 46 <= n) {
			name = (size_t)bytes_little(p + at + 28, 2);
			extra = (size_t)bytes_little(p + at + 30, 2);
			memset(p + at + 12, 0, 4);
			if (name + extra <= n - at - 46)
				blank_extra(p + at + 46 + name, extra);
		}
	}
	return NORMALISED_ZIP_TIME;
}

/* --- PE --- */

static unsigned int normalise_pe(uint8_t *p, size_t n)
{
	const uint64_t at = n >= 64 ? bytes_little(p + 60, 4) : n;

	if (at > n || n - at < 92 || memcmp(p + at, "PE\0\0", 4) != 0)
		return 0;
	return blank(p + at + 8, 4) | blank(p + at + 88, 4) ? NORMALISED_PE_TIME : 0;
}

/* --- tar: only of POSIX's own form --- */

static unsigned int normalise_tar(uint8_t *p, size_t n)
{
	for (size_t at = 0; n - at >= 512 && memcmp(p + at + 257, "ustar", 5) == 0;) {
		uint64_t size = 0;

		for (size_t i = 124; i < 135 && p[at + i] >= '0' && p[at + i] <= '7'; i++)
			size = size * 8 + (uint64_t)(p[at + i] - '0');
		memset(p + at + 108, 0, 16);	/* uid, gid */
		memset(p + at + 136, 0, 20);	/* mtime, checksum */
		memset(p + at + 265, 0, 64);	/* names of owner and group */
		size = (size + 511) / 512 * 512 + 512;
		if (size > n - at)
			break;
		at += (size_t)size;
	}
	return NORMALISED_TAR_TIME;
}

unsigned int normalise(uint8_t *p, size_t n)
{
	if (is_elf(p, n))
		return normalise_elf(p, n);
	if (n >= 8 && memcmp(p, "!<arch>\n", 8) == 0)
		return normalise_ar(p, n);
	if (n >= 18 && p[0] == 0x1f && p[1] == 0x8b && p[2] == 8)
		return blank(p + 4, 4) | blank(p + 9, 1) ? NORMALISED_GZIP_TIME : 0;
	if (n >= 30 && memcmp(p, "PK\3\4", 4) == 0)
		return normalise_zip(p, n);
	if (n >= 64 && memcmp(p, "MZ", 2) == 0)
		return normalise_pe(p, n);
	if (n >= 16 && p[2] == '\r' && p[3] == '\n' && p[1] == 0x0d && bytes_little(p + 4, 4) == 0)
		return blank(p + 8, 4) ? NORMALISED_PYC_TIME : 0;
	if (n >= 1024 && memcmp(p + 257, "ustar", 5) == 0)
		return normalise_tar(p, n);
	return 0;
}

void normalise_names(unsigned int set, struct buf *out)
{
	static const char *const names[] = {
		"build id", "debug link", "times in ar", "time in gzip", "times in zip", "time stamp of PE",
		"time in Python bytecode", "times in tar",
	};
	bool any = false;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (set & (1u << i)) {
			buf_add_cstr(out, any ? ", " : "");
			buf_add_cstr(out, names[i]);
			any = true;
		}
}
