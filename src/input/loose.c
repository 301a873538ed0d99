#include "input/loose.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "base/sha1dc.h"

enum { CHUNK = 16 * 1024, HEADER_MAX = 64 };

static int damaged(struct error *err, const char *hex, const char *how)
{
	error_set(err, ERROR_ORIGIN, "object %s %s", hex, how);
	return error_hint(err, "the repository is damaged: run `git fsck`, or clone again");
}

static void inflate_release(z_stream *z)
{
	inflateEnd(z);
}

static int inflate_all(int fd, const char *hex, uint64_t max, bool header_only, struct buf *to,
		       struct error *err)
{
	__attribute__((cleanup(inflate_release))) z_stream z = { .opaque = NULL };
	uint8_t in[CHUNK];
	int r = inflateInit(&z) == Z_OK ? Z_OK : Z_MEM_ERROR;

	while (r == Z_OK) {
		const ssize_t n = read(fd, in, sizeof(in));

		if (n < 0)
			return error_errno(err, "object %s", hex);
		if (n == 0)
			return damaged(err, hex, "is cut off");
		z.next_in = in;
		z.avail_in = (uInt)n;
		do {
			z.next_out = (Bytef *)buf_reserve(to, CHUNK);
			z.avail_out = CHUNK;
			r = inflate(&z, Z_NO_FLUSH);
			to->len += CHUNK - z.avail_out;
			if (to->len > max + HEADER_MAX)
				return error_set(err, ERROR_TOO_LARGE,
						 "object %s is larger than %llu bytes", hex,
						 (unsigned long long)max);
			if (header_only && to->len)
				return 0;
		} while (r == Z_OK && z.avail_out == 0);
		if (r == Z_BUF_ERROR)
			r = Z_OK;
	}
	return r == Z_STREAM_END ? 0 : damaged(err, hex, "can't be inflated");
}

int loose_read(const char *objects, const struct oid *oid, uint64_t max, bool header_only,
	       struct buf *to, struct error *err)
{
	AUTO_BUF struct buf path = BUF_INIT;
	AUTO_FD int fd = -1;
	char hex[OID_HEX + 1];
	uint8_t digest[SHA1_SIZE];
	struct sha1dc_state sha1;
	struct stat st;
	bool collision;

	hex_encode(oid->bytes, OID_SIZE, hex);
	buf_addf(&path, "%s/%.2s/%s", objects, hex, hex + 2);
	fd = open(buf_cstr(&path), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (fd < 0 || fstat(fd, &st) < 0)
		return error_errno(err, "object %s", hex);
	if (!S_ISREG(st.st_mode))
		return damaged(err, hex, "is no regular file");
	if (inflate_all(fd, hex, max, header_only, to, err) < 0)
		return -1;
	if (header_only)
		return 1;
	sha1dc_init(&sha1);
	sha1dc_update(&sha1, to->ptr, to->len);
	sha1dc_final(&sha1, digest, &collision);
	if (memcmp(digest, oid->bytes, OID_SIZE) != 0)
		return damaged(err, hex, "has another id than its name");
	return 1;
}
