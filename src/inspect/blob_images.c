/* Images: PNG, JPEG, GIF, BMP, icons, TIFF. Each is walked to its own end. */
#include "base/limits.h"
#include "inspect/blob_look.h"

enum {
	PNG_PRIVATE_MEDIUM = 1024,
	PNG_TEXT_USUAL = 64 * 1024,	/* XMP packets of image editors */
	JPEG_PRIVATE_MEDIUM = 1024,
	JPEG_COMMENT_USUAL = 2048,
	GIF_COMMENT_USUAL = 4096,
};

static bool png_begins(struct str b)
{
	return bytes_at(b, 0, STR("\x89PNG\r\n\x1a\n"));
}

/* PNG specification, third edition, 11.2 and 11.3, its extensions, and what editors, cameras and
 * Android write. */
static const char png_known[] =
	"IHDR\0PLTE\0IDAT\0IEND\0tRNS\0cHRM\0gAMA\0iCCP\0sBIT\0sRGB\0cICP\0mDCV\0cLLI\0mDCv\0cLLi\0"
	"tEXt\0zTXt\0iTXt\0bKGD\0hIST\0pHYs\0sPLT\0eXIf\0tIME\0acTL\0fcTL\0fdAT\0oFFs\0pCAL\0sCAL\0"
	"gIFg\0gIFt\0gIFx\0sTER\0dSIG\0vpAg\0caNv\0orNT\0CgBI\0iDOT\0npTc\0npLb\0npOl\0caBX\0"
	"prVW\0mkBF\0mkBS\0mkBT\0mkTS\0cmOD\0cmPP\0cpIp\0msOG\0JDAT\0";

/* The image data is one zlib stream over all IDAT chunks (10.1): what follows it inside the chunks is
 * shown by no viewer. */
static void png_data(struct look *l, struct str idat, uint64_t at)
{
	struct unpacked u;
	struct note *n;
	struct str rest;

	unpack_part(idat, 0, LIMIT_INSPECT_UNPACKED, &u);
	rest = str_from_at(idat, (size_t)u.rest_offset);
	if (u.state == UNPACK_VALID_REST && str_from_at(rest, after_zeros(rest, 0)).len > 0) {
		const char *payload = look_payload(str_from_at(rest, after_zeros(rest, 0)));

		n = note_add(l->notes, RULE_TP302,
			     "%zu bytes follow the image data inside its chunks%s%s", rest.len,
			     payload ? "; they begin " : "", payload ? payload : "");
		n->offset = (int64_t)at;
		n->length = (int64_t)rest.len;
		if (blob_is_text(str_first(rest, NOTE_EXCERPT)))
			note_evidence(l->notes, n, rest);
		n->severity = payload ? SEVERITY_HIGH : rest.len < 8 ? SEVERITY_LOW :
			      SEVERITY_MEDIUM;
		l->out->state = BLOB_REST;
	}
	unpacked_release(&u);
}

static void png_chunk(struct look *l, uint64_t at, uint64_t size)
{
	const struct str type = part(l->bytes, at + 4, 4);
	char code[5];

	if (!look_listed(png_known, type))
		look_private(l, at + 8, size, PNG_PRIVATE_MEDIUM,
			     "private chunk \"%s\" of %ju bytes", look_code(l->bytes, at + 4, code),
			     (uintmax_t)size);
	else if (look_listed("tEXt\0zTXt\0iTXt\0", type) && size > PNG_TEXT_USUAL &&
		 !bytes_at(l->bytes, at + 8, STR("XML:com.adobe.xmp")))
		look_private(l, at + 8, size, UINT64_MAX, "%s chunk of %ju bytes",
			     look_code(l->bytes, at + 4, code), (uintmax_t)size);
}

static void png_examine(struct look *l)
{
	const struct str b = l->bytes;
	struct buf idat = BUF_INIT;
	uint64_t at = 8, data_at = 0, size;
	bool ended = false;

	for (; !ended; at += 12 + size) {
		size = be32(b, at);
		if (size > INT32_MAX || !holds(b, at, 12) || !holds(b, at + 12, size)) {
			look_corrupt(l, at, "it ends within a chunk");
			break;
		}
		if (look_crc32(part(b, at + 4, size + 4)) != be32(b, at + 8 + size)) {
			look_corrupt(l, at, "the checksum of a chunk is wrong");
			break;
		}
		png_chunk(l, at, size);
		if (bytes_at(b, at + 4, STR("IDAT"))) {
			data_at = data_at ? data_at : at;
			buf_add(&idat, b.ptr + at + 8, (size_t)size);
		}
		ended = bytes_at(b, at + 4, STR("IEND"));
	}
	if (ended) {
		png_data(l, buf_str(&idat), data_at);
		look_rest(l, at);
	}
	buf_release(&idat);
}

static bool jpeg_begins(struct str b)
{
	return bytes_at(b, 0, STR("\xff\xd8\xff"));
}

/* What cameras and editors put into APPn, by its identifier. */
static bool jpeg_usual(struct str segment)
{
	static const struct str ids[] = {
		{ "JFIF\0", 5 }, { "JFXX\0", 5 }, { "Exif\0", 5 }, { "http://ns.adobe.com/", 20 },
		{ "ICC_PROFILE\0", 12 }, { "MPF\0", 4 }, { "FPXR\0", 5 }, { "Ducky", 5 },
		{ "Photoshop ", 10 }, { "Adobe", 5 }, { "META\0", 5 }, { "Meta\0", 5 },
		{ "JP\x02\0", 4 }, { "PictureInfo", 11 }, { "HDR_RI", 6 }, { "AVI1", 4 },
	};

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		if (str_starts(segment, ids[i]))
			return true;
	return false;
}

struct jpeg {
	uint64_t at;
	uint64_t comments, private, private_at, comment_at;
	bool multiple;		/* CIPA DC-007: more images follow the first */
};

/* The entropy-coded data after SOS: up to a marker that is neither stuffed nor a restart. */
static uint64_t jpeg_skip_data(struct str b, uint64_t at)
{
	while (at < b.len) {
		const char *ff = memchr(b.ptr + at, 0xff, b.len - (size_t)at);
		unsigned int next;

		if (!ff)
			break;
		at = (uint64_t)(ff - b.ptr);
		next = byte_at(b, at + 1);
		if (next != 0 && next != 0xff && !(next >= 0xd0 && next <= 0xd7))
			return at;
		at += next == 0xff ? 1 : 2;
	}
	return b.len;
}

static void jpeg_segment(struct look *l, struct jpeg *j, unsigned int marker, uint64_t size)
{
	const struct str body = part(l->bytes, j->at + 4, size - 2);

	if (marker == 0xfe) {
		j->comment_at = j->comments ? j->comment_at : j->at;
		j->comments += body.len;
	} else if (marker >= 0xe0 && marker <= 0xef) {
		j->multiple |= str_starts(body, STR("MPF\0"));
		if (!jpeg_usual(body)) {
			j->private_at = j->private ? j->private_at : j->at;
			j->private += body.len;
		}
	}
}

/* ITU-T T.81, annex B. True at the end of image. */
static bool jpeg_walk(struct look *l, struct jpeg *j)
{
	const struct str b = l->bytes;

	for (;;) {
		unsigned int marker;
		uint64_t size;

		while (byte_at(b, j->at) == 0xff && byte_at(b, j->at + 1) == 0xff)
			j->at++;
		marker = byte_at(b, j->at + 1);
		if (byte_at(b, j->at) != 0xff || !holds(b, j->at, 2))
			return false;
		if (marker == 0xd9) {
			j->at += 2;
			return true;
		}
		size = be16(b, j->at + 2);
		if (size < 2 || !holds(b, j->at + 2, size))
			return false;
		jpeg_segment(l, j, marker, size);
		j->at += 2 + size;
		if (marker == 0xda)
			j->at = jpeg_skip_data(b, j->at);
	}
}

static void jpeg_examine(struct look *l)
{
	struct jpeg j = { .at = 2 };

	if (!jpeg_walk(l, &j))
		look_corrupt(l, j.at, "it ends before its end mark");
	if (j.comments > JPEG_COMMENT_USUAL)
		look_private(l, j.comment_at + 4, j.comments, 0, "comments of %ju bytes",
			     (uintmax_t)j.comments);
	if (j.private)
		look_private(l, j.private_at + 4, j.private, JPEG_PRIVATE_MEDIUM,
			     "application data of no known program, %ju bytes",
			     (uintmax_t)j.private);
	if (l->out->state == BLOB_VALID &&
	    !(j.multiple && bytes_at(l->bytes, j.at, STR("\xff\xd8\xff"))))
		look_rest(l, j.at);
}

static bool gif_begins(struct str b)
{
	return bytes_at(b, 0, STR("GIF87a")) || bytes_at(b, 0, STR("GIF89a"));
}

/* Data sub-blocks (15); their bytes in *size. Moves *at behind the terminator. */
static bool gif_blocks(struct str b, uint64_t *at, uint64_t *size)
{
	*size = 0;
	while (*at < b.len) {
		const unsigned int n = byte_at(b, *at);

		*at += 1 + (uint64_t)n;
		*size += n;
		if (n == 0)
			return true;
	}
	return false;
}

static bool gif_extension(struct look *l, uint64_t *at)
{
	const unsigned int label = byte_at(l->bytes, *at + 1);
	const uint64_t begin = *at + 2;
	const struct str application = part(l->bytes, begin + 1, 11);
	uint64_t size;

	*at = begin;
	if (!gif_blocks(l->bytes, at, &size))
		return false;
	if (label == 0xfe && size > GIF_COMMENT_USUAL)
		look_private(l, begin, size, UINT64_MAX, "a comment of %ju bytes", (uintmax_t)size);
	else if (label == 0xff && !look_listed("NETSCAPE2.0\0ANIMEXTS1.0\0XMP DataXMP\0"
					       "ICCRGBG1012\0MGK8BIM0000\0MGKIPTC0000\0",
					       application))
		look_private(l, begin, size, 4096, "application block \"%.*s\" of %ju bytes",
			     STR_FMT(application), (uintmax_t)size);
	else if (label != 0xf9 && label != 0xfe && label != 0xff && label != 0x01)
		look_private(l, begin, size, 4096, "unknown extension block of %ju bytes",
			     (uintmax_t)size);
	return true;
}

/* GIF89a specification, 17 to 27. */
static void gif_examine(struct look *l)
{
	const struct str b = l->bytes;
	const unsigned int flags = byte_at(b, 10);
	uint64_t at = 13 + (flags & 0x80 ? (uint64_t)3 << ((flags & 7) + 1) : 0), size;

	for (;;) {
		const unsigned int kind = byte_at(b, at);

		if (kind == 0x3b) {
			look_rest(l, at + 1);
			return;
		}
		if (kind == 0x21 && gif_extension(l, &at))
			continue;
		if (kind != 0x2c || !holds(b, at, 11))
			break;
		at += 10 + (byte_at(b, at + 9) & 0x80 ?
			    (uint64_t)3 << ((byte_at(b, at + 9) & 7) + 1) : 0) + 1;
		if (!gif_blocks(b, &at, &size))
			break;
	}
	look_corrupt(l, at, "it ends before its end mark");
}

static bool bmp_begins(struct str b)
{
	const uint32_t header = le32(b, 14);

	return bytes_at(b, 0, STR("BM")) && b.len > 26 && le32(b, 6) == 0 &&
	       (header == 12 || header == 16 || header == 40 || header == 52 || header == 56 ||
		header == 64 || header == 108 || header == 124) && le32(b, 10) >= 14 + header;
}

static void bmp_examine(struct look *l)
{
	const struct str b = l->bytes;
	const bool old = le32(b, 14) == 12;
	const uint64_t width = old ? le16(b, 18) : le32(b, 18) & INT32_MAX;
	const uint64_t rows = old ? le16(b, 20) : le32(b, 22) > INT32_MAX ?
			      -(uint64_t)le32(b, 22) & UINT32_MAX : le32(b, 22);
	const uint64_t depth = old ? le16(b, 24) : le16(b, 28);
	const bool plain = old || le32(b, 30) == 0 || le32(b, 30) == 3;
	const uint64_t row = (width * depth + 31) / 32 * 4;
	uint64_t end = le32(b, 2);

	/* Many writers leave the size field wrong: pixels that need more count too. */
	if (plain && row && rows <= (UINT64_MAX >> 2) / row && le32(b, 10) + row * rows > end)
		end = le32(b, 10) + row * rows;
	if (le32(b, 10) > b.len)
		look_corrupt(l, 10, "its pixels lie outside of it");
	else if (end >= 26)
		look_rest(l, end);
}

static bool icon_begins(struct str b)
{
	const uint32_t n = le16(b, 4);

	if (le16(b, 0) != 0 || (le16(b, 2) != 1 && le16(b, 2) != 2) || n == 0 || n > 256)
		return false;
	for (uint64_t i = 0; i < n; i++)
		if (byte_at(b, 6 + 16 * i + 3) != 0 ||
		    le32(b, 6 + 16 * i + 12) < 6 + 16 * (uint64_t)n ||
		    !holds(b, le32(b, 6 + 16 * i + 12), le32(b, 6 + 16 * i + 8)))
			return false;
	return true;
}

static void icon_examine(struct look *l)
{
	const uint64_t n = le16(l->bytes, 4);
	uint64_t end = 6 + 16 * n;

	for (uint64_t i = 0; i < n; i++) {
		const uint64_t last = (uint64_t)le32(l->bytes, 6 + 16 * i + 12) +
				      le32(l->bytes, 6 + 16 * i + 8);

		end = last > end ? last : end;
	}
	look_rest(l, end);
}

static bool tiff_begins(struct str b)
{
	return (bytes_at(b, 0, STR("II*\0")) && le32(b, 4) >= 8 && le32(b, 4) < b.len) ||
	       (bytes_at(b, 0, STR("MM\0*")) && be32(b, 4) >= 8 && be32(b, 4) < b.len);
}

/* Its parts may lie anywhere, so that there is no end to look behind. */
static void tiff_examine(struct look *l)
{
	const bool big = byte_at(l->bytes, 0) == 'M';
	const uint64_t at = big ? be32(l->bytes, 4) : le32(l->bytes, 4);
	const uint64_t n = big ? be16(l->bytes, at) : le16(l->bytes, at);

	if (n == 0 || !holds(l->bytes, at + 2, n * 12))
		look_corrupt(l, at, "its first directory lies outside of it");
}

static bool other_begins(struct str b)
{
	return bytes_at(b, 0, STR("8BPS")) || bytes_at(b, 0, STR("gimp xcf ")) ||
	       bytes_at(b, 0, STR("\0\0\0\x0cjP  \r\n\x87\n")) ||
	       bytes_at(b, 0, STR("\xff\x4f\xff\x51")) ||
	       bytes_at(b, 0, STR("\0\0\0\x0cJXL \r\n\x87\n")) ||
	       bytes_at(b, 0, STR("icns"));
}

const struct blob_format blob_images[] = {
	{ "png", CLASS_IMAGE, png_begins, png_examine },
	{ "jpeg", CLASS_IMAGE, jpeg_begins, jpeg_examine },
	{ "gif", CLASS_IMAGE, gif_begins, gif_examine },
	{ "bmp", CLASS_IMAGE, bmp_begins, bmp_examine },
	{ "icon", CLASS_IMAGE, icon_begins, icon_examine },
	{ "tiff", CLASS_IMAGE, tiff_begins, tiff_examine },
	{ "image", CLASS_IMAGE, other_begins, NULL },
	{ 0 },
};
