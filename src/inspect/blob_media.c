/* Sound and video: RIFF, FLAC, MP3 with ID3, Ogg, MP4 and its kin. */
#include "inspect/blob_look.h"

enum {
	PRIVATE_MEDIUM = 64 * 1024,	/* cover pictures and cue sheets are smaller */
	FILLED_TOLD = 16,
};

static bool riff_begins(struct str b)
{
	return b.len >= 12 && (bytes_at(b, 0, STR("RIFF")) || bytes_at(b, 0, STR("RIFX")));
}

static bool webp_begins(struct str b)
{
	return riff_begins(b) && bytes_at(b, 8, STR("WEBP"));
}

/* Chunks of WAVE (with EBU and broadcast extensions), AVI, WebP, MIDI, animated cursors. */
static const char riff_known[] =
	"fmt \0data\0fact\0LIST\0cue \0smpl\0inst\0bext\0PEAK\0id3 \0ID3 \0iXML\0axml\0cart\0LGWV\0"
	"DISP\0umid\0plst\0acid\0strc\0levl\0chna\0ds64\0_PMX\0afsp\0wavl\0slnt\0minf\0elm1\0regn\0"
	"idx1\0indx\0vprp\0anih\0rate\0seq \0icon\0"
	"VP8 \0VP8L\0VP8X\0ANIM\0ANMF\0ALPH\0ICCP\0EXIF\0XMP \0";

/* Space left for later edits: empty, one would think. */
static void tell_filled(struct look *l, uint64_t at, uint64_t len, const char *what)
{
	const struct str b = part(l->bytes, at, len);
	const size_t used = after_zeros(b, 0);

	if (used < b.len && l->n_private[0]++ < FILLED_TOLD)
		look_note(l, RULE_TP311, at + used, b.len - used, "%s of %zu bytes is not empty",
			  what, b.len);
}

static void riff_examine(struct look *l)
{
	const bool big = byte_at(l->bytes, 3) == 'X';
	const uint64_t stated = 8 + (uint64_t)(big ? be32(l->bytes, 4) : le32(l->bytes, 4));
	const struct str b = part(l->bytes, 0, stated);
	uint64_t at = 12;
	char code[5];

	while (holds(b, at, 8)) {
		const struct str type = part(b, at, 4);
		const uint64_t size = big ? be32(b, at + 4) : le32(b, at + 4);

		if (!holds(l->bytes, at + 8, size)) {
			look_corrupt(l, at, "it ends within a chunk");
			break;
		}
		if (look_listed("JUNK\0junk\0PAD \0FLLR\0FILR\0", type))
			tell_filled(l, at + 8, size, "padding");
		else if (!look_listed(riff_known, type))
			look_private(l, at + 8, size, PRIVATE_MEDIUM,
				     "unknown chunk \"%s\" of %ju bytes", look_code(b, at, code),
				     (uintmax_t)size);
		at += 8 + size + (size & 1);
	}
	/* Streamed files state no size, or the largest. */
	if (l->out->state == BLOB_CORRUPT)
		return;
	if (stated > l->bytes.len + 1 && stated < UINT32_MAX / 2)
		look_corrupt(l, l->bytes.len, "it is shorter than it says");
	else if (stated >= 12)
		look_rest(l, stated + (stated & 1 && stated < l->bytes.len &&
				       byte_at(l->bytes, stated) == 0));
}

static bool flac_begins(struct str b)
{
	return bytes_at(b, 0, STR("fLaC"));
}

/* RFC 9639, section 8. The frames behind are not walked: where the last one ends takes decoding. */
static void flac_examine(struct look *l)
{
	const struct str b = l->bytes;
	uint64_t at = 4;

	for (bool last = false; !last;) {
		const unsigned int type = byte_at(b, at) & 0x7f;
		const uint64_t size = be32(b, at) & 0xffffff;
		char code[5];

		if (!holds(b, at, 4) || !holds(b, at + 4, size)) {
			look_corrupt(l, at, "it ends within its metadata");
			return;
		}
		last = byte_at(b, at) & 0x80;
		if (type == 1)
			tell_filled(l, at + 4, size, "padding");
		else if (type == 2)
			look_private(l, at + 8, size < 4 ? 0 : size - 4, PRIVATE_MEDIUM,
				     "application block \"%s\" of %ju bytes",
				     look_code(b, at + 4, code), (uintmax_t)size);
		else if (type > 6)
			look_private(l, at + 4, size, PRIVATE_MEDIUM,
				     "metadata block of the unknown type %u, %ju bytes", type,
				     (uintmax_t)size);
		at += 4 + size;
	}
}

static bool mp3_begins(struct str b)
{
	return (bytes_at(b, 0, STR("ID3")) && byte_at(b, 3) <= 4 && byte_at(b, 3) >= 2 &&
		b.len > 10) ||
	       (byte_at(b, 0) == 0xff && (byte_at(b, 1) & 0xe0) == 0xe0 && b.len > 512 &&
		(byte_at(b, 1) & 0x18) != 0x08 && (byte_at(b, 1) & 6) != 0 &&
		(byte_at(b, 2) & 0xf0) != 0xf0 && (byte_at(b, 2) & 0xf0) != 0 &&
		(byte_at(b, 2) & 0x0c) != 0x0c);
}

static uint64_t synchsafe(struct str b, uint64_t at)
{
	return (uint64_t)(byte_at(b, at) & 0x7f) << 21 | (byte_at(b, at + 1) & 0x7f) << 14 |
	       (byte_at(b, at + 2) & 0x7f) << 7 | (byte_at(b, at + 3) & 0x7f);
}

/* ID3v2.3 and 2.4: frames of a name, a size and two flag bytes; then padding. */
static void mp3_examine(struct look *l)
{
	const struct str b = l->bytes;
	const unsigned int version = byte_at(b, 3);
	const uint64_t end = 10 + synchsafe(b, 6);
	uint64_t at = 10;
	char code[5];

	if (!bytes_at(b, 0, STR("ID3")) || version < 3)
		return;
	if (end > b.len) {
		look_corrupt(l, b.len, "it ends within its tag");
		return;
	}
	if (byte_at(b, 5) & 0x40)
		at += version == 4 ? synchsafe(b, at) : 4 + (uint64_t)be32(b, at);
	while (at + 10 <= end && byte_at(b, at)) {
		const uint64_t size = version == 4 ? synchsafe(b, at + 4) : be32(b, at + 4);

		if (size > end - at - 10) {
			look_corrupt(l, at, "it ends within its tag");
			return;
		}
		if (look_listed("PRIV\0GEOB\0ENCR\0", part(b, at, 4)))
			look_private(l, at + 10, size, PRIVATE_MEDIUM, "%s frame of %ju bytes",
				     look_code(b, at, code), (uintmax_t)size);
		at += 10 + size;
	}
	if (at < end)
		tell_filled(l, at, end - at, "padding");
}

static bool ogg_begins(struct str b)
{
	return bytes_at(b, 0, STR("OggS\0"));
}

/* RFC 3533, section 6: pages, each with a table of its segments' lengths. */
static void ogg_examine(struct look *l)
{
	const struct str b = l->bytes;
	uint64_t at = 0;

	while (bytes_at(b, at, STR("OggS"))) {
		const uint64_t segments = byte_at(b, at + 26);
		uint64_t next = at + 27 + segments;

		for (uint64_t i = 0; i < segments; i++)
			next += byte_at(b, at + 27 + i);
		if (!holds(b, at, 27) || next > b.len) {
			look_corrupt(l, at, "it ends within a page");
			return;
		}
		at = next;
	}
	look_rest(l, at);
}

static bool mp4_begins(struct str b)
{
	return bytes_at(b, 4, STR("ftyp")) && be32(b, 0) >= 16 && be32(b, 0) < 1024;
}

static bool heif_begins(struct str b)
{
	return mp4_begins(b) && look_listed("avif\0avis\0heic\0heix\0mif1\0msf1\0",
					    part(b, 8, 4));
}

/* ISO/IEC 14496-12, 4.2: boxes with their sizes. */
static void mp4_examine(struct look *l)
{
	const struct str b = l->bytes;
	uint64_t at = 0;

	while (holds(b, at, 8)) {
		const struct str type = part(b, at + 4, 4);
		uint64_t size = be32(b, at), header = 8;

		if (size == 1) {
			size = be64(b, at + 8);
			header = 16;
		}
		if (size == 0)
			return;		/* to the end of the file */
		if (size < header || !holds(b, at, size))
			break;
		if (look_listed("free\0skip\0wide\0", type))
			tell_filled(l, at + header, size - header, "free space");
		at += size;
	}
	if (at < 16)
		look_corrupt(l, at, "its boxes are no chain");
	else
		look_rest(l, at);
}

static bool other_begins(struct str b)
{
	return bytes_at(b, 0, STR("\x1a\x45\xdf\xa3")) || bytes_at(b, 0, STR("MThd\0\0\0\6")) ||
	       bytes_at(b, 0, STR(".snd\0\0\0")) ||
	       (bytes_at(b, 0, STR("FORM")) && bytes_at(b, 8, STR("AIF"))) ||
	       bytes_at(b, 0, STR("wvpk")) ||
	       bytes_at(b, 0, STR("\x30\x26\xb2\x75\x8e\x66\xcf\x11"));
}

const struct blob_format blob_media[] = {
	{ "webp", CLASS_IMAGE, webp_begins, riff_examine },
	{ "riff", CLASS_MEDIA, riff_begins, riff_examine },
	{ "flac", CLASS_MEDIA, flac_begins, flac_examine },
	{ "ogg", CLASS_MEDIA, ogg_begins, ogg_examine },
	{ "heif", CLASS_IMAGE, heif_begins, mp4_examine },
	{ "mp4", CLASS_MEDIA, mp4_begins, mp4_examine },
	{ "mp3", CLASS_MEDIA, mp3_begins, mp3_examine },
	{ "media", CLASS_MEDIA, other_begins, NULL },
	{ 0 },
};
