/* Data files: gettext catalogues, SQLite, packet captures. */
#include "inspect/blob_look.h"

static bool gmo_begins(struct str b)
{
	return b.len >= 28 && (le32(b, 0) == 0x950412de || be32(b, 0) == 0x950412de);
}

static uint32_t gmo_number(struct str b, uint64_t at)
{
	return le32(b, 0) == 0x950412de ? le32(b, at) : be32(b, at);
}

/* GNU gettext manual, "The Format of GNU MO Files": two tables of lengths and offsets, a hash table,
 * strings that end in NUL. */
static void gmo_examine(struct look *l)
{
	const struct str b = l->bytes;
	const uint64_t n = gmo_number(b, 8), hash = gmo_number(b, 20);
	uint64_t end = 28;

	/* Later minor revisions have more tables. */
	if ((gmo_number(b, 4) & 0xffff) > 0) {
		l->out->state = BLOB_UNSUPPORTED;
		return;
	}
	for (int t = 0; t < 2; t++) {
		const uint64_t table = gmo_number(b, t ? 16 : 12);

		if (!holds(b, table, 8 * n)) {
			look_corrupt(l, 0, "a table lies outside of it");
			return;
		}
		end = table + 8 * n > end ? table + 8 * n : end;
		for (uint64_t i = 0; i < n; i++) {
			const uint64_t len = gmo_number(b, table + 8 * i);
			const uint64_t at = gmo_number(b, table + 8 * i + 4);

			if (!holds(b, at, len + 1) || byte_at(b, at + len) != 0) {
				look_corrupt(l, table + 8 * i, "a string lies outside of it");
				return;
			}
			end = at + len + 1 > end ? at + len + 1 : end;
		}
	}
	if (gmo_number(b, 24) + 4 * hash > end && holds(b, gmo_number(b, 24), 4 * hash))
		end = gmo_number(b, 24) + 4 * hash;
	look_rest(l, end);
}

static bool sqlite_begins(struct str b)
{
	return bytes_at(b, 0, STR("SQLite format 3"));
}

/* Database file format, 1.3 and 1.5: trunk pages of the free list, each with the numbers of leaves.
 * SQLite leaves old content there, unless told otherwise: worth knowing, no more. */
static void sqlite_free_pages(struct look *l, uint64_t page, uint64_t pages)
{
	const struct str b = l->bytes;
	uint64_t trunk = be32(b, 32), filled = 0, first = 0, left = pages;

	while (trunk > 0 && trunk <= pages && left-- > 0) {
		const uint64_t at = (trunk - 1) * page;
		const uint64_t leaves = be32(b, at + 4);

		for (uint64_t i = 0; i < leaves && 8 + 4 * i + 4 <= page && left > 0; i++, left--) {
			const uint64_t leaf = be32(b, at + 8 + 4 * i);
			const struct str bytes = part(b, (leaf ? leaf - 1 : 0) * page, page);

			if (leaf == 0 || leaf > pages || after_zeros(bytes, 0) == bytes.len)
				continue;
			first = filled++ ? first : (leaf - 1) * page;
		}
		trunk = be32(b, at);
	}
	if (filled)
		look_note(l, RULE_TP311, first, page, "%ju free pages of the database are not empty",
			  (uintmax_t)filled);
}

static void sqlite_examine(struct look *l)
{
	const uint32_t field = be16(l->bytes, 16);
	const uint64_t page = field == 1 ? 65536 : field;
	const uint64_t pages = page ? l->bytes.len / page : 0;

	if (page < 512 || page & (page - 1) || pages == 0) {
		look_corrupt(l, 16, "its page size is none");
		return;
	}
	sqlite_free_pages(l, page, pages);
	/* The header's own count (1.3.7) is right when it was written with the last change. */
	if (be32(l->bytes, 24) == be32(l->bytes, 92) && be32(l->bytes, 28))
		look_rest(l, page * be32(l->bytes, 28));
	else
		look_rest(l, page * pages);
}

static bool pcap_begins(struct str b)
{
	const uint32_t m = le32(b, 0), n = be32(b, 0);

	return b.len >= 24 && (m == 0xa1b2c3d4 || m == 0xa1b23c4d || m == 0xa1b2cd34 ||
			       n == 0xa1b2c3d4 || n == 0xa1b23c4d || n == 0xa1b2cd34);
}

static void pcap_examine(struct look *l)
{
	const struct str b = l->bytes;
	const bool big = byte_at(b, 0) == 0xa1;
	const uint64_t header = (big ? be32(b, 0) : le32(b, 0)) == 0xa1b2cd34 ? 24 : 16;
	uint64_t at = 24;

	while (holds(b, at, header)) {
		const uint64_t size = big ? be32(b, at + 8) : le32(b, at + 8);

		if (!holds(b, at + header, size))
			break;
		at += header + size;
	}
	/* What is cut off and what is foreign look the same behind the last packet. */
	if (at < b.len)
		look_corrupt(l, at, "it ends within a packet");
}

static bool pcapng_begins(struct str b)
{
	return bytes_at(b, 0, STR("\x0a\x0d\x0d\x0a")) &&
	       (le32(b, 8) == 0x1a2b3c4d || be32(b, 8) == 0x1a2b3c4d);
}

static bool other_begins(struct str b)
{
	/* Compiled terminfo, time zones, gdbm, Berkeley DB, git packs, HDF5. */
	return (le16(b, 0) == 0432 && le16(b, 2) > 0 && le16(b, 2) <= 128 && le16(b, 4) < 64) ||
	       (le16(b, 0) == 01036 && le16(b, 2) > 0 && le16(b, 2) <= 128) ||
	       bytes_at(b, 0, STR("TZif")) || bytes_at(b, 0, STR("PACK\0\0\0\2")) ||
	       bytes_at(b, 0, STR("\xfftOc")) || bytes_at(b, 0, STR("DIRC\0\0\0")) ||
	       bytes_at(b, 0, STR("\x89HDF\r\n\x1a\n"));
}

const struct blob_format blob_data[] = {
	{ "gmo", CLASS_DATA, gmo_begins, gmo_examine },
	{ "sqlite", CLASS_DATA, sqlite_begins, sqlite_examine },
	{ "pcap", CLASS_DATA, pcap_begins, pcap_examine },
	{ "pcapng", CLASS_DATA, pcapng_begins, NULL },
	{ "data", CLASS_DATA, other_begins, NULL },
	{ 0 },
};
