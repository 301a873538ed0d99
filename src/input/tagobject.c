#include "input/tagobject.h"

#include "base/cleanup.h"
#include "base/limits.h"
#include "input/objects.h"

/* A view of bytes that are taken from the front. */
struct bytes {
	const uint8_t *p;
	size_t n;
};

static bool take(struct bytes *b, size_t n, struct bytes *out)
{
	if (n > b->n)
		return false;
	*out = (struct bytes){ b->p, n };
	b->p += n;
	b->n -= n;
	return true;
}

static bool take_number(struct bytes *b, unsigned int octets, size_t *out)
{
	struct bytes part;

	if (!take(b, octets, &part))
		return false;
	*out = 0;
	for (unsigned int i = 0; i < octets; i++)
		*out = *out << 8 | part.p[i];
	return true;
}

/* --- armour --- */

static int base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static void base64_line(struct str line, uint32_t *bits, unsigned int *held, struct buf *out)
{
	for (size_t i = 0; i < line.len; i++) {
		const int v = base64_value(line.ptr[i]);

		if (v < 0)
			continue;
		*bits = *bits << 6 | (uint32_t)v;
		*held += 6;
		if (*held >= 8) {
			*held -= 8;
			buf_add_char(out, (char)(*bits >> *held & 0xff));
		}
	}
}

/* What stands between "-----BEGIN `what`-----" and its end. False when there is none. */
static bool unarmour(struct str text, struct str begin, struct buf *out)
{
	const size_t at = str_find_str(text, begin);
	uint32_t bits = 0;
	unsigned int held = 0;
	struct str line;

	if (at == (size_t)-1)
		return false;
	text = str_from_at(text, at + begin.len);
	str_next_line(&text, &line);
	while (str_next_line(&text, &line)) {
		line = str_trim(line);
		/* Headers ("Version: ..."), the CRC, the end. */
		if (str_find(line, ':') != (size_t)-1)
			continue;
		if (str_starts(line, STR("=")) || str_starts(line, STR("-----")))
			break;
		base64_line(line, &bits, &held, out);
	}
	return out->len > 0;
}

/* --- OpenPGP --- */

/* The body of the first packet, when it is a signature. */
static bool signature_packet(struct bytes *b, struct bytes *body)
{
	size_t head, length;
	bool known = true;

	if (!take_number(b, 1, &head) || !(head & 0x80))
		return false;
	if (head & 0x40) {
		if (!take_number(b, 1, &length))
			return false;
		if (length >= 192 && length < 224) {
			size_t low;

			known = take_number(b, 1, &low);
			length = ((length - 192) << 8) + (known ? low : 0) + 192;
		} else if (length == 255) {
			known = take_number(b, 4, &length);
		}
		return known && (head & 0x3f) == 2 && take(b, length, body);
	}
	if ((head & 3) == 3)
		length = b->n;
	else
		known = take_number(b, 1u << (head & 3), &length);
	return known && (head >> 2 & 0xf) == 2 && take(b, length, body);
}

struct issuer {
	uint8_t key_id[8];
	bool has_key_id;
	struct bytes fingerprint;	/* n 0: none */
};

/* Subpackets: 16 is the issuer's key id, 33 its fingerprint behind a version. */
static void read_subpackets(struct bytes b, struct issuer *out)
{
	size_t length, type;
	struct bytes body;

	while (take_number(&b, 1, &length)) {
		if (length >= 192 && length < 255) {
			size_t low;

			if (!take_number(&b, 1, &low))
				return;
			length = ((length - 192) << 8) + low + 192;
		} else if (length == 255 && !take_number(&b, 4, &length)) {
			return;
		}
		if (length == 0 || !take_number(&b, 1, &type) || !take(&b, length - 1, &body))
			return;
		type &= 0x7f;
		if (type == 16 && body.n == 8 && !out->has_key_id) {
			memcpy(out->key_id, body.p, 8);
			out->has_key_id = true;
		} else if (type == 33 && (body.n == 21 || body.n == 33) && !out->fingerprint.n) {
			out->fingerprint = (struct bytes){ body.p + 1, body.n - 1 };
		}
	}
}

static bool read_issuer(struct bytes body, struct issuer *out)
{
	size_t version, length;
	struct bytes part;

	if (!take_number(&body, 1, &version))
		return false;
	if (version == 3) {
		/* Length 5, type, time; then the key id. */
		if (!take(&body, 6, &part) || !take(&body, 8, &part))
			return false;
		memcpy(out->key_id, part.p, 8);
		out->has_key_id = true;
		return true;
	}
	/* Type, two algorithms; hashed subpackets, then those that are not. */
	if (version < 4 || version > 6 || !take(&body, 3, &part))
		return false;
	for (unsigned int i = 0; i < 2; i++) {
		if (!take_number(&body, version == 6 ? 4 : 2, &length) || !take(&body, length, &part))
			break;
		read_subpackets(part, out);
	}
	/* The key id is the fingerprint's end, from version 5 on its start. */
	if (out->fingerprint.n) {
		const size_t from = out->fingerprint.n == 20 ? 12 : 0;

		memcpy(out->key_id, out->fingerprint.p + from, 8);
		out->has_key_id = true;
	}
	return out->has_key_id;
}

static void pgp_key(struct arena *a, struct str text, struct tag_object *out)
{
	AUTO_BUF struct buf raw = BUF_INIT;
	struct issuer issuer = { .has_key_id = false };
	struct bytes all, body;
	char hex[2 * 32 + 1];

	if (!unarmour(text, STR("-----BEGIN PGP SIGNATURE-----"), &raw))
		return;
	all = (struct bytes){ (const uint8_t *)raw.ptr, raw.len };
	if (!signature_packet(&all, &body) || !read_issuer(body, &issuer))
		return;
	hex_encode(issuer.key_id, sizeof(issuer.key_id), hex);
	out->key = arena_strf(a, "PGP %s", hex);
	if (issuer.fingerprint.n) {
		hex_encode(issuer.fingerprint.p, issuer.fingerprint.n, hex);
		out->fingerprint = arena_str(a, str_from(hex));
	}
}

/* --- SSH --- */

static void ssh_key(struct arena *a, struct str text, struct tag_object *out)
{
	AUTO_BUF struct buf raw = BUF_INIT;
	struct bytes all, magic, key;
	struct sha256 digest;
	char hex[SHA256_HEX + 1];
	size_t version, length;

	if (!unarmour(text, STR("-----BEGIN SSH SIGNATURE-----"), &raw))
		return;
	all = (struct bytes){ (const uint8_t *)raw.ptr, raw.len };
	if (!take(&all, 6, &magic) || memcmp(magic.p, "SSHSIG", 6) != 0 ||
	    !take_number(&all, 4, &version) || !take_number(&all, 4, &length) ||
	    !take(&all, length, &key))
		return;
	digest_of(key.p, key.n, &digest);
	hex_encode(digest.bytes, SHA256_SIZE, hex);
	out->key = arena_strf(a, "SSH %s", hex);
}

/* --- tags --- */

void tag_object_parse(struct arena *a, struct str text, struct tag_object *out)
{
	struct str rest = text, key, value;
	int offset;

	*out = (struct tag_object){ .signature = object_signature(text) };
	while (object_next_header(&rest, &key, &value)) {
		if (!str_eq(key, STR("tagger")) || out->has_tagger)
			continue;
		object_person(a, value, &out->tagger.name, &out->tagger.email, &out->tagger.time,
			      &offset);
		out->has_tagger = out->tagger.time != 0;
	}
	if (out->signature == SIGNATURE_PGP)
		pgp_key(a, rest, out);
	else if (out->signature == SIGNATURE_SSH)
		ssh_key(a, rest, out);
}

int tag_object_read(struct repo *r, struct arena *a, const struct oid *oid, struct tag_object *out,
		    struct error *err)
{
	AUTO_BUF struct buf text = BUF_INIT;
	enum object_type type;
	const int got = repo_object(r, oid, LIMIT_BLOB, &type, &text, err);

	*out = (struct tag_object){ .has_tagger = false };
	if (got <= 0 || type != OBJECT_TAG)
		return got < 0 ? -1 : 0;
	tag_object_parse(a, buf_str(&text), out);
	return 1;
}
