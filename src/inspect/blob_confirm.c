/* The judge of decoding attempts. */
#include "base/limits.h"
#include "inspect/blob_bytes.h"
#include "inspect/blob_shapes.h"
#include "inspect/unpack.h"

/* A content that a coincidence could bring about proves nothing. */
enum { CONTENT_MIN = 16 };

/* RFC 8878, 3.1.1.1.1: the frame header says whether a checksum follows. */
static bool zstd_checked(struct str b)
{
	return bytes_at(b, 0, STR("\x28\xb5\x2f\xfd")) && (byte_at(b, 4) & 4);
}

static bool packed(struct str b, const char **format)
{
	struct unpacked u;
	bool sure;

	unpack_part(b, 0, LIMIT_BLOB, &u);
	/* What goes on for so long without an error was made by a packer. */
	sure = u.state == UNPACK_VALID || (u.state == UNPACK_LIMIT && u.size >= LIMIT_BLOB);
	*format = u.format;
	if (sure && strcmp(u.format, "zstd") == 0)
		sure = zstd_checked(b);
	else if (sure && (strcmp(u.format, "zlib") == 0 || strcmp(u.format, "lzma") == 0))
		sure = u.size >= CONTENT_MIN;
	unpacked_release(&u);
	return sure;
}

bool unpack_confirms(struct str bytes, const char **format)
{
	uint64_t end = 0;

	if (packed(bytes, format))
		return true;
	if (shape_elf(bytes))
		*format = "elf";
	else if (shape_pe(bytes))
		*format = "pe";
	else if (shape_macho(bytes))
		*format = "macho";
	else if (shape_zip(bytes))
		*format = "zip";
	else if (shape_tar(bytes, &end) && after_zeros(bytes, (size_t)end) == bytes.len)
		*format = "tar";
	else if (shape_ar(bytes, &end) && end == bytes.len)
		*format = "ar";
	else if (shape_cpio(bytes, &end) && after_zeros(bytes, (size_t)end) == bytes.len)
		*format = "cpio";
	else if (shape_class(bytes, &end) && end == bytes.len)
		*format = "java-class";
	else if (shape_wasm(bytes))
		*format = "wasm";
	else
		*format = NULL;
	return *format != NULL;
}
