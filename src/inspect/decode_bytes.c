#include "inspect/decode_bytes.h"

/* More bytes than this are worth some preparation. */
enum { MANY = 1024 };

void change_bits(struct byte_change *c)
{
	c->kind = CHANGE_BITS;
	for (unsigned int b = 0; b < 256; b++) {
		unsigned int to = 0;

		for (unsigned int bit = 0; bit < 8; bit++)
			to |= (b >> bit & 1) << (7 - bit);
		c->to[b] = (int16_t)to;
	}
}

void change_digits(struct byte_change *c)
{
	c->kind = CHANGE_DIGITS;
	for (unsigned int b = 0; b < 256; b++)
		c->to[b] = (int16_t)((b << 4 & 0xf0) | b >> 4);
}

void change_map(const struct byte_map *m, struct byte_change *c)
{
	c->kind = CHANGE_TABLE;
	memcpy(c->to, m->to, sizeof(c->to));
}

bool change_inverse(const struct byte_map *m, struct byte_change *c)
{
	bool own = true;

	c->kind = CHANGE_TABLE;
	for (int b = 0; b < 256; b++)
		c->to[b] = -1;
	for (int b = 0; b < 256; b++) {
		if (m->to[b] < 0 || c->to[m->to[b]] >= 0)
			return false;
		c->to[m->to[b]] = (int16_t)b;
	}
	for (int b = 0; b < 256; b++)
		own &= c->to[b] == m->to[b];
	return !own;
}

static bool set_key(struct str key, size_t offset, struct byte_change *c)
{
	unsigned int any = 0;

	if (key.len == 0 || key.len > KEY_BYTES_MAX)
		return false;
	c->key_n = key.len;
	for (size_t i = 0; i < key.len; i++) {
		c->key[i] = (uint8_t)key.ptr[(i + offset) % key.len];
		any |= c->key[i];
	}
	return any != 0;
}

bool change_xor(struct str key, size_t offset, struct byte_change *c)
{
	c->kind = CHANGE_XOR;
	return set_key(key, offset, c);
}

bool change_add(struct str key, size_t offset, bool minus, struct byte_change *c)
{
	c->kind = CHANGE_ADD;
	if (!set_key(key, offset, c))
		return false;
	for (size_t i = 0; minus && i < c->key_n; i++)
		c->key[i] = (uint8_t)-c->key[i];
	return true;
}

typedef uint8_t lanes __attribute__((vector_size(16)));

static uint8_t apply_one(const struct byte_change *c, uint8_t from, size_t i)
{
	const uint8_t key = c->key[i % c->key_n];

	return c->kind == CHANGE_XOR ? from ^ key : (uint8_t)(from + key);
}

static void apply_key(const struct byte_change *c, const uint8_t *from, size_t n, uint8_t *to)
{
	/* The key so often that it comes out even with the lanes. */
	lanes key[KEY_BYTES_MAX], x;
	size_t i = 0, turn = 0;

	if (n >= MANY)
		for (size_t k = 0; k < c->key_n * sizeof(lanes); k++)
			((uint8_t *)key)[k] = c->key[k % c->key_n];
	for (; n >= MANY && n - i >= sizeof(x); i += sizeof(x)) {
		memcpy(&x, from + i, sizeof(x));
		x = c->kind == CHANGE_XOR ? x ^ key[turn] : x + key[turn];
		memcpy(to + i, &x, sizeof(x));
		turn = turn + 1 == c->key_n ? 0 : turn + 1;
	}
	for (; i < n; i++)
		to[i] = apply_one(c, from[i], i);
}

size_t change_apply(const struct byte_change *c, struct str from, size_t n, uint8_t *to)
{
	const uint8_t *const p = (const uint8_t *)from.ptr;
	size_t out = 0;

	if (n > from.len)
		n = from.len;
	if (c->kind == CHANGE_XOR || c->kind == CHANGE_ADD) {
		apply_key(c, p, n, to);
		return n;
	}
	for (size_t i = 0; i < n; i++) {
		const int b = c->to[p[i]];

		/* Written either way, kept only when it is not deleted. */
		to[out] = (uint8_t)b;
		out += b >= 0;
	}
	return out;
}

size_t change_extent(const struct byte_change *c, const size_t count[256], bool *merges)
{
	bool reached[256] = { false };
	size_t n = 0;

	*merges = false;
	for (int b = 0; b < 256; b++) {
		const bool key = c->kind == CHANGE_XOR || c->kind == CHANGE_ADD;
		const int to = key ? b : c->to[b];

		if (!count[b])
			continue;
		n += key || to != b ? count[b] : 0;
		if (to < 0)
			continue;
		*merges |= reached[to];
		reached[to] = true;
	}
	return n;
}

/* A byte in a set of tr, in a form that needs no quoting. */
static void add_set_byte(struct buf *to, unsigned int b)
{
	if ((b >= '0' && b <= '9') || (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z') || b == '_')
		buf_add_char(to, (char)b);
	else
		buf_addf(to, "\\%03o", b);
}

static void add_set_range(struct buf *to, unsigned int from, unsigned int n)
{
	if (n >= 4) {
		add_set_byte(to, from);
		buf_add_char(to, '-');
		add_set_byte(to, from + n - 1);
		return;
	}
	for (unsigned int i = 0; i < n; i++)
		add_set_byte(to, from + i);
}

static void table_command(const struct byte_change *c, struct buf *to)
{
	struct buf one = BUF_INIT, two = BUF_INIT, gone = BUF_INIT;

	for (unsigned int b = 0, n; b < 256; b += n) {
		const bool deleted = c->to[b] < 0;

		for (n = 1; b + n < 256; n++)
			if (deleted ? c->to[b + n] >= 0 : c->to[b + n] != c->to[b] + (int)n)
				break;
		if (deleted) {
			add_set_range(&gone, b, n);
		} else if ((unsigned int)c->to[b] != b) {
			add_set_range(&one, b, n);
			add_set_range(&two, (unsigned int)c->to[b], n);
		}
	}
	if (gone.len)
		buf_addf(to, "tr -d '%s'", buf_cstr(&gone));
	if (one.len)
		buf_addf(to, "%str '%s' '%s'", gone.len ? " | " : "", buf_cstr(&one), buf_cstr(&two));
	buf_release(&one);
	buf_release(&two);
	buf_release(&gone);
}

struct str change_command(const struct byte_change *c, struct arena *a)
{
	struct buf b = BUF_INIT;
	struct str command;

	switch (c->kind) {
	case CHANGE_BITS:
		return STR("perl -0777 -pe '$_=pack(\"b*\",unpack(\"B*\",$_))'");
	case CHANGE_DIGITS:
		return STR("perl -0777 -pe '$_=pack(\"h*\",unpack(\"H*\",$_))'");
	case CHANGE_TABLE:
		table_command(c, &b);
		break;
	case CHANGE_XOR:
	case CHANGE_ADD:
		buf_add_cstr(&b, "python3 -c 'import sys;k=bytes.fromhex(\"");
		for (size_t i = 0; i < c->key_n; i++)
			buf_addf(&b, "%02x", c->key[i]);
		buf_addf(&b, "\");sys.stdout.buffer.write(bytes((b%sk[i%%len(k)])&255 "
			 "for i,b in enumerate(sys.stdin.buffer.read())))'",
			 c->kind == CHANGE_XOR ? "^" : "+");
		break;
	}
	command = arena_str(a, buf_str(&b));
	buf_release(&b);
	return command;
}
