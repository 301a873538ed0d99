/* Shapes of the archive formats that are chains of headers: tar, ar, cpio; and of a zip. */
#include "base/limits.h"
#include "inspect/blob_bytes.h"
#include "inspect/blob_shapes.h"

enum { TAR_BLOCK = 512, AR_HEADER = 60, CPIO_HEADER = 110, ZIP_END = 22, ZIP_ENTRY = 46 };

bool field_number(struct str field, unsigned int base, uint64_t *out)
{
	size_t i = 0, digits = 0;
	uint64_t n = 0;

	while (i < field.len && field.ptr[i] == ' ')
		i++;
	for (; i < field.len; i++, digits++) {
		const char c = field.ptr[i];
		unsigned int d = 99;

		if (c >= '0' && c <= '9')
			d = (unsigned int)(c - '0');
		else if (base == 16 && c >= 'a' && c <= 'f')
			d = (unsigned int)(c - 'a') + 10;
		else if (base == 16 && c >= 'A' && c <= 'F')
			d = (unsigned int)(c - 'A') + 10;
		if (d >= base)
			break;
		if (n > (uint64_t)INT64_MAX / base - 1)
			return false;
		n = n * base + d;
	}
	for (size_t k = i; k < field.len; k++)
		if (field.ptr[k] != ' ' && field.ptr[k] != 0)
			return false;
	*out = n;
	return digits > 0;
}

/* POSIX.1-1988 ustar: the sum of the header's bytes, its own field counted as blanks. */
static bool tar_header(struct str b, uint64_t at, uint64_t *size)
{
	uint64_t wanted, sum = 0;

	if (!holds(b, at, TAR_BLOCK) || !byte_at(b, at) ||
	    !field_number(part(b, at + 148, 8), 8, &wanted))
		return false;
	for (uint64_t i = 0; i < TAR_BLOCK; i++)
		sum += i >= 148 && i < 156 ? ' ' : byte_at(b, at + i);
	if (sum != wanted)
		return false;
	if (byte_at(b, at + 124) == 0x80) {
		*size = be64(b, at + 128);
		return *size <= INT64_MAX;
	}
	return field_number(part(b, at + 124, 12), 8, size);
}

bool shape_tar(struct str b, uint64_t *end)
{
	uint64_t at = 0, members = 0, size;

	for (; tar_header(b, at, &size); members++) {
		const unsigned int type = byte_at(b, at + 156);
		/* Links, devices and folders have no data, whatever their size field says. */
		const bool data = !(type >= '1' && type <= '6');

		at += TAR_BLOCK;
		if (data && !holds(b, at, size))
			return false;
		if (data)
			at += (size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
	}
	if (members == 0 || (at < b.len && after_zeros(part(b, at, TAR_BLOCK), 0) !=
			     part(b, at, TAR_BLOCK).len))
		return false;
	*end = at < b.len ? at : b.len;
	return true;
}

bool shape_ar(struct str b, uint64_t *end)
{
	uint64_t at = 8, members = 0, size;

	if (!bytes_at(b, 0, STR("!<arch>\n")))
		return false;
	while (holds(b, at, AR_HEADER) && bytes_at(b, at + 58, STR("`\n")) &&
	       field_number(part(b, at + 48, 10), 10, &size) && holds(b, at + AR_HEADER, size)) {
		at += AR_HEADER + size;
		at += at & 1 && at < b.len;
		members++;
	}
	*end = at;
	return members > 0;
}

static bool cpio_field(struct str b, uint64_t at, unsigned int i, uint64_t *out)
{
	return field_number(part(b, at + 6 + 8 * i, 8), 16, out);
}

/* "newc" and "crc", which rpm and initramfs use. */
bool shape_cpio(struct str b, uint64_t *end)
{
	uint64_t at = 0, name, size;

	while (holds(b, at, CPIO_HEADER) &&
	       (bytes_at(b, at, STR("070701")) || bytes_at(b, at, STR("070702"))) &&
	       cpio_field(b, at, 11, &name) && cpio_field(b, at, 6, &size)) {
		const uint64_t content = (at + CPIO_HEADER + name + 3) / 4 * 4;

		if (name < 2 || !holds(b, at + CPIO_HEADER, name) || !holds(b, content, size))
			return false;
		if (bytes_at(b, at + CPIO_HEADER, STR("TRAILER!!!"))) {
			*end = content < b.len ? content : b.len;
			return at > 0;
		}
		at = (content + size + 3) / 4 * 4;
	}
	return false;
}

/* APPNOTE.TXT 4.3.16: the end record's comment reaches to the last byte. Its directory holds what it
 * says, and the first member's own header stands where the directory says. */
bool shape_zip(struct str b)
{
	uint64_t end, at, n;

	if (!bytes_at(b, 0, STR("PK\x03\x04")) || b.len < ZIP_END)
		return false;
	end = b.len - ZIP_END;
	while (!(bytes_at(b, end, STR("PK\x05\x06")) &&
		 le16(b, end + 20) == b.len - end - ZIP_END)) {
		if (end == 0 || b.len - end > ZIP_END + UINT16_MAX)
			return false;
		end--;
	}
	n = le16(b, end + 10);
	at = le32(b, end + 16);
	if (n == 0 || !holds(part(b, 0, end), at, le32(b, end + 12)) ||
	    !bytes_at(b, le32(b, at + 42), STR("PK\x03\x04")))
		return false;
	for (; n > 0; n--) {
		if (!bytes_at(b, at, STR("PK\x01\x02")))
			return false;
		at += ZIP_ENTRY + le16(b, at + 28) + le16(b, at + 30) + le16(b, at + 32);
	}
	return at <= end;
}
