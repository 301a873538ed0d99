#include "input/tagobject.h"

#include <criterion/criterion.h>

#include "base/cleanup.h"

static void base64(struct buf *out, const uint8_t *p, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < n; i += 3) {
		const unsigned int v = (unsigned int)p[i] << 16 | (i + 1 < n ? (unsigned int)p[i + 1] << 8 : 0) |
				       (i + 2 < n ? (unsigned int)p[i + 2] : 0);

		for (unsigned int k = 0; k < 4; k++)
			buf_add_char(out, i + k > n ? '=' : digits[v >> (18 - 6 * k) & 63]);
		if (i % 48 == 45)
			buf_add_char(out, '\n');
	}
}

static void tag_text(struct buf *out, const char *kind, const void *p, size_t n)
{
	buf_addf(out, "object 0123456789012345678901234567890123456789\ntype commit\ntag v1\n"
		 "tagger A U Thor <a@example.org> 1700000000 +0100\n\nv1\n-----BEGIN %s SIGNATURE-----\n"
		 "Version: 1\n\n", kind);
	base64(out, p, n);
	buf_addf(out, "\n=abcd\n-----END %s SIGNATURE-----\n", kind);
}

static void expect_key(const char *kind, const void *p, size_t n, const char *key,
		       const char *fingerprint)
{
	AUTO_ARENA struct arena a = ARENA_INIT;
	AUTO_BUF struct buf text = BUF_INIT;
	struct tag_object t;

	tag_text(&text, kind, p, n);
	tag_object_parse(&a, buf_str(&text), &t);
	cr_assert(t.has_tagger);
	cr_assert_str_eq(t.tagger.name.ptr, "A U Thor");
	cr_assert_eq(t.tagger.time, 1700000000);
	cr_assert(str_eq(t.key, str_from(key)), "%.*s", STR_FMT(t.key));
	cr_assert(str_eq(t.fingerprint, str_from(fingerprint)), "%.*s", STR_FMT(t.fingerprint));
}

/* Version 4, one hashed subpacket with the fingerprint and one that is not hashed with the id. */
static const uint8_t v4[] = {
	0xc2, 47, 4, 0, 1, 8, 0, 23, 22, 33, 4, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19,
	0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f, 0x20, 0x21, 0x22, 0x23, 0, 10, 9, 16, 0x1c, 0x1d, 0x1e, 0x1f,
	0x20, 0x21, 0x22, 0x23, 0xaa, 0xbb, 0, 1, 1, 0,
};

Test(tagobject, reads_the_fingerprint_of_a_pgp_signature)
{
	expect_key("PGP", v4, sizeof(v4), "PGP 1c1d1e1f20212223", "101112131415161718191a1b1c1d1e1f20212223");
}

Test(tagobject, reads_the_key_id_of_old_pgp_signatures)
{
	/* Version 3, in a packet of the old format with two octets of length. */
	static const uint8_t v3[] = {
		0x89, 0, 19, 3, 5, 0, 1, 2, 3, 4, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 1, 2, 0, 0,
	};
	/* Version 4 with the id alone. */
	static const uint8_t only_id[] = {
		0x88, 20, 4, 0, 1, 2, 0, 0, 0, 10, 9, 16, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0,
	};

	expect_key("PGP", v3, sizeof(v3), "PGP a0a1a2a3a4a5a6a7", "");
	expect_key("PGP", only_id, sizeof(only_id), "PGP 0102030405060708", "");
}

Test(tagobject, takes_the_digest_of_an_ssh_key)
{
	static const uint8_t ssh[] = "SSHSIG\0\0\0\1\0\0\0\3abc\0\0\0\0";

	expect_key("SSH", ssh, sizeof(ssh) - 1,
		   "SSH ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "");
}

Test(tagobject, survives_cuts_and_flipped_bits)
{
	for (size_t cut = 0; cut < sizeof(v4); cut++) {
		AUTO_ARENA struct arena a = ARENA_INIT;
		AUTO_BUF struct buf text = BUF_INIT;
		struct tag_object t;

		tag_text(&text, "PGP", v4, cut);
		tag_object_parse(&a, buf_str(&text), &t);
		cr_assert(t.has_tagger);
	}
	for (size_t bit = 0; bit < 8 * sizeof(v4); bit++) {
		AUTO_ARENA struct arena a = ARENA_INIT;
		AUTO_BUF struct buf text = BUF_INIT;
		uint8_t flipped[sizeof(v4)];
		struct tag_object t;

		memcpy(flipped, v4, sizeof(v4));
		flipped[bit / 8] ^= (uint8_t)(1 << bit % 8);
		tag_text(&text, "PGP", flipped, sizeof(v4));
		tag_object_parse(&a, buf_str(&text), &t);
		for (size_t cut = text.len; cut > 0; cut -= cut > 7 ? 7 : cut)
			tag_object_parse(&a, str_first(buf_str(&text), cut), &t);
	}
}
