/* Fonts: sfnt (TrueType, OpenType, collections), WOFF and WOFF2. */
#include "inspect/blob_look.h"

enum { PRIVATE_MEDIUM = 4096, TABLES_MAX = 256, FONTS_MAX = 64 };

/* OpenType 1.9 and Apple's list, FontForge's, Graphite's and Microsoft's tables for tools. */
static const char known_tables[] =
	"avar\0BASE\0CBDT\0CBLC\0CFF \0CFF2\0cmap\0COLR\0CPAL\0cvar\0cvt \0DSIG\0EBDT\0EBLC\0EBSC\0"
	"fpgm\0fvar\0gasp\0GDEF\0glyf\0GPOS\0GSUB\0gvar\0hdmx\0head\0hhea\0hmtx\0HVAR\0JSTF\0kern\0"
	"loca\0LTSH\0MATH\0maxp\0MERG\0meta\0MVAR\0name\0OS/2\0PCLT\0post\0prep\0sbix\0STAT\0SVG \0"
	"VDMX\0vhea\0vmtx\0VORG\0VVAR\0VARC\0"
	"acnt\0ankr\0bdat\0bhed\0bloc\0bsln\0fdsc\0feat\0fmtx\0fond\0gcid\0hsty\0just\0kerx\0lcar\0"
	"ltag\0mort\0morx\0opbd\0prop\0trak\0xref\0Zapf\0"
	"FFTM\0PfEd\0TeX \0BDF \0Glat\0Gloc\0Silf\0Sill\0Silt\0Feat\0"
	"TSI0\0TSI1\0TSI2\0TSI3\0TSI5\0TSIB\0TSIC\0TSID\0TSIJ\0TSIP\0TSIS\0TSIV\0VTT \0mort\0"
	"webf\0TTFA\0ZAPD\0addg\0";

static bool sfnt_version(uint32_t v)
{
	return v == 0x00010000 || v == 0x4f54544f || v == 0x74727565 || v == 0x74797031;
}

static bool sfnt_begins(struct str b)
{
	const uint64_t n = be16(b, 4);

	if (bytes_at(b, 0, STR("ttcf")))
		return be16(b, 4) == 1 || be16(b, 4) == 2;
	return sfnt_version(be32(b, 0)) && n > 0 && n <= TABLES_MAX && holds(b, 12, 16 * n) &&
	       byte_at(b, 12) >= 0x20 && byte_at(b, 12) < 0x7f;
}

/* Whether most tables have the checksum that the directory gives (OpenType, "Calculating checksums"):
 * `head` holds a sum over the file that makes its own differ.
 * Tables that overlap again and again are no font's. */
static bool sums_hold(struct str b, uint64_t rows, uint64_t n)
{
	uint64_t wrong = 0, left = 2 * (uint64_t)b.len;

	for (uint64_t i = 0; i < n; i++) {
		const uint64_t row = rows + 16 * i;
		const struct str table = part(b, be32(b, row + 8), be32(b, row + 12));
		uint32_t sum = 0;

		if (table.len > left)
			return false;
		left -= table.len;
		for (uint64_t at = 0; at < table.len; at += 4)
			sum += byte_at(table, at) << 24 | byte_at(table, at + 1) << 16 |
			       byte_at(table, at + 2) << 8 | byte_at(table, at + 3);
		wrong += sum != be32(b, row + 4) && !bytes_at(b, row, STR("head"));
	}
	return wrong * 2 <= n;
}

/* One font's table directory; moves *end behind its last table. */
static bool sfnt_tables(struct look *l, uint64_t at, uint64_t *end)
{
	const struct str b = l->bytes;
	const uint64_t n = be16(b, at + 4);
	char code[5];

	if (n > TABLES_MAX || !holds(b, at + 12, 16 * n))
		return false;
	for (uint64_t i = 0; i < n; i++) {
		const uint64_t row = at + 12 + 16 * i;
		const uint64_t offset = be32(b, row + 8), len = be32(b, row + 12);

		if (!holds(b, offset, len))
			return false;
		if (!look_listed(known_tables, part(b, row, 4)))
			look_private(l, offset, len, PRIVATE_MEDIUM,
				     "unknown table \"%s\" of %ju bytes", look_code(b, row, code),
				     (uintmax_t)len);
		*end = offset + len > *end ? offset + len : *end;
	}
	*end = 12 + at + 16 * n > *end ? 12 + at + 16 * n : *end;
	return true;
}

static void sfnt_examine(struct look *l)
{
	const struct str b = l->bytes;
	uint64_t end = 12;
	bool right = true;

	if (!bytes_at(b, 0, STR("ttcf"))) {
		right = sums_hold(b, 12, be16(b, 4)) && sfnt_tables(l, 0, &end);
	} else {
		const uint64_t n = be32(b, 8);

		right = n <= FONTS_MAX && holds(b, 12, 4 * n);
		for (uint64_t i = 0; right && i < n; i++)
			right = sfnt_tables(l, be32(b, 12 + 4 * i), &end);
		/* The collection's own signature (TTC header 2.0). */
		if (right && bytes_at(b, 12 + 4 * n, STR("DSIG")) &&
		    holds(b, be32(b, 12 + 4 * n + 8), be32(b, 12 + 4 * n + 4)) &&
		    (uint64_t)be32(b, 12 + 4 * n + 8) + be32(b, 12 + 4 * n + 4) > end)
			end = (uint64_t)be32(b, 12 + 4 * n + 8) + be32(b, 12 + 4 * n + 4);
	}
	if (right)
		look_rest(l, end);
	else
		look_corrupt(l, 0, "its tables do not hold");
}

static bool woff_begins(struct str b)
{
	return bytes_at(b, 0, STR("wOFF")) || bytes_at(b, 0, STR("wOF2"));
}

/* WOFF 1.0, section 3, and WOFF 2.0, section 4: the header tells its own length and the place of the
 * private block. */
static void woff_examine(struct look *l)
{
	const struct str b = l->bytes;
	const uint64_t fields = byte_at(b, 3) == '2' ? 40 : 36;
	const uint64_t offset = be32(b, fields), len = be32(b, fields + 4);
	const uint64_t length = be32(b, 8), n = be16(b, 12);
	char code[5];

	if (!holds(b, 0, fields + 8) || length > b.len || !holds(b, offset, len)) {
		look_corrupt(l, 8, "it is shorter than it says");
		return;
	}
	if (len)
		look_private(l, offset, len, PRIVATE_MEDIUM, "private block of %ju bytes",
			     (uintmax_t)len);
	/* The second version packs its directory; only the first names its tables plainly. */
	for (uint64_t i = 0; byte_at(b, 3) == 'F' && i < n && holds(b, 44 + 20 * i, 20); i++) {
		const uint64_t row = 44 + 20 * i;

		if (!holds(b, be32(b, row + 4), be32(b, row + 8))) {
			look_corrupt(l, row, "a table lies outside of it");
			return;
		}
		if (!look_listed(known_tables, part(b, row, 4)))
			look_private(l, be32(b, row + 4), be32(b, row + 8), PRIVATE_MEDIUM,
				     "unknown table \"%s\" of %ju bytes", look_code(b, row, code),
				     (uintmax_t)be32(b, row + 8));
	}
	look_rest(l, length);
}

static bool other_begins(struct str b)
{
	return bytes_at(b, 0, STR("\x01" "fcp")) || bytes_at(b, 0, STR("\x80\x01")) ||
	       bytes_at(b, 34, STR("LP"));
}

const struct blob_format blob_fonts[] = {
	{ "sfnt", CLASS_FONT, sfnt_begins, sfnt_examine },
	{ "woff", CLASS_FONT, woff_begins, woff_examine },
	{ "font", CLASS_FONT, other_begins, NULL },
	{ 0 },
};
