#include "base/digest.h"

#include <assert.h>

#include <nettle/sha2.h>
#include <unistd.h>

static_assert(sizeof(struct sha256_ctx) <= sizeof(struct digest_state), "state too small");

static struct sha256_ctx *context(struct digest_state *s)
{
	return (struct sha256_ctx *)(void *)s->opaque;
}

void digest_init(struct digest_state *s)
{
	sha256_init(context(s));
}

void digest_update(struct digest_state *s, const void *data, size_t len)
{
	sha256_update(context(s), len, data);
}

void digest_final(struct digest_state *s, struct sha256 *out)
{
	sha256_digest(context(s), SHA256_SIZE, out->bytes);
}

void digest_of(const void *data, size_t len, struct sha256 *out)
{
	struct digest_state s;

	digest_init(&s);
	digest_update(&s, data, len);
	digest_final(&s, out);
}

int digest_fd(int fd, struct sha256 *out, uint64_t *size)
{
	uint8_t buffer[64 * 1024];
	struct digest_state s;
	off_t at = 0;
	ssize_t n;

	digest_init(&s);
	while ((n = pread(fd, buffer, sizeof(buffer), at)) > 0) {
		digest_update(&s, buffer, (size_t)n);
		at += n;
	}
	digest_final(&s, out);
	if (size)
		*size = (uint64_t)at;
	return n < 0 ? -1 : 0;
}

void hex_encode(const uint8_t *bytes, size_t n, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 15];
	}
	out[2 * n] = '\0';
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool hex_decode(struct str s, uint8_t *bytes, size_t n)
{
	if (s.len != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		const int high = digit(s.ptr[2 * i]), low = digit(s.ptr[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		bytes[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}
