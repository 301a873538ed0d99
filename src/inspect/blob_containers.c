/* Archives: tar, ar, cpio, zip, rpm, 7z and those that are only known by name. */
#include "inspect/blob_look.h"
#include "inspect/blob_shapes.h"
#include "inspect/blob_zip.h"

static bool zip_begins(struct str b)
{
	return bytes_at(b, 0, STR("PK\x03\x04")) || bytes_at(b, 0, STR("PK\x05\x06"));
}

/* Behind everything else: something with a zip at its end. */
static bool zip_behind(struct str b)
{
	return zip_ends(b);
}

static bool tar_begins(struct str b)
{
	uint64_t end;

	return bytes_at(b, 257, STR("ustar")) || (b.len % 512 == 0 && shape_tar(b, &end));
}

static void tar_examine(struct look *l)
{
	uint64_t end;

	if (shape_tar(l->bytes, &end))
		look_rest(l, end);
	else
		look_corrupt(l, 0, "its headers are no chain");
}

static bool ar_begins(struct str b)
{
	return bytes_at(b, 0, STR("!<arch>\n"));
}

/* Whether any member can be linked. The chain was checked before. */
static bool ar_has_code(struct str b, uint64_t end)
{
	uint64_t at = 8, size;

	while (at < end && field_number(part(b, at + 48, 10), 10, &size)) {
		struct str member = part(b, at + 60, size);
		uint64_t name;

		/* BSD: the name stands before the data. */
		if (bytes_at(b, at, STR("#1/")) && field_number(part(b, at + 3, 13), 10, &name))
			member = part(member, name, member.len);
		if (shape_elf(member) || shape_macho(member) || shape_coff(member) ||
		    bytes_at(member, 0, STR("BC\xc0\xde")))
			return true;
		at += 60 + size + (size & 1);
	}
	return false;
}

static void ar_examine(struct look *l)
{
	uint64_t end;

	if (!shape_ar(l->bytes, &end)) {
		if (l->bytes.len > 8)
			look_corrupt(l, 8, "its headers are no chain");
		return;
	}
	l->out->machine_code = ar_has_code(l->bytes, end);
	look_rest(l, end);
}

static bool cpio_begins(struct str b)
{
	return bytes_at(b, 0, STR("070701")) || bytes_at(b, 0, STR("070702"));
}

static void cpio_examine(struct look *l)
{
	uint64_t end;

	if (shape_cpio(l->bytes, &end))
		look_rest(l, end);
	else
		look_corrupt(l, 0, "its headers are no chain");
}

static bool old_cpio_begins(struct str b)
{
	return bytes_at(b, 0, STR("070707")) || le16(b, 0) == 070707 || be16(b, 0) == 070707;
}

static bool seven_begins(struct str b)
{
	return bytes_at(b, 0, STR("7z\xbc\xaf\x27\x1c"));
}

/* 7zFormat.txt, "SignatureHeader": a CRC of the start header, and where the last one ends. */
static void seven_examine(struct look *l)
{
	const struct str b = l->bytes;
	const uint64_t offset = le64(b, 12), size = le64(b, 20);

	if (b.len < 32 || look_crc32(part(b, 12, 20)) != le32(b, 8) ||
	    offset > INT64_MAX || !holds(b, 32 + offset, size))
		look_corrupt(l, 0, "its start header is broken");
	else
		look_rest(l, 32 + offset + size);
}

static bool rpm_begins(struct str b)
{
	return bytes_at(b, 0, STR("\xed\xab\xee\xdb"));
}

static bool cab_begins(struct str b)
{
	return bytes_at(b, 0, STR("MSCF\0\0\0\0"));
}

static bool rar_begins(struct str b)
{
	return bytes_at(b, 0, STR("Rar!\x1a\x07"));
}

static bool lha_begins(struct str b)
{
	return b.len > 21 && bytes_at(b, 2, STR("-l")) && byte_at(b, 6) == '-' &&
	       byte_at(b, 20) <= 3;
}

static bool xar_begins(struct str b)
{
	return bytes_at(b, 0, STR("xar!\0"));
}

static bool iso_begins(struct str b)
{
	return bytes_at(b, 0x8001, STR("CD001"));
}

const struct blob_format blob_archives[] = {
	{ "zip", CLASS_ARCHIVE, zip_begins, zip_examine },
	{ "tar", CLASS_ARCHIVE, tar_begins, tar_examine },
	{ "ar", CLASS_ARCHIVE, ar_begins, ar_examine },
	{ "cpio", CLASS_ARCHIVE, cpio_begins, cpio_examine },
	{ "cpio-old", CLASS_ARCHIVE, old_cpio_begins, NULL },
	{ "7z", CLASS_ARCHIVE, seven_begins, seven_examine },
	{ "rpm", CLASS_ARCHIVE, rpm_begins, NULL },
	{ "cab", CLASS_ARCHIVE, cab_begins, NULL },
	{ "rar", CLASS_ARCHIVE, rar_begins, NULL },
	{ "lha", CLASS_ARCHIVE, lha_begins, NULL },
	{ "xar", CLASS_ARCHIVE, xar_begins, NULL },
	{ "iso9660", CLASS_ARCHIVE, iso_begins, NULL },
	{ 0 },
};

const struct blob_format blob_behind[] = {
	{ "zip", CLASS_ARCHIVE, zip_behind, zip_examine },
	{ 0 },
};
