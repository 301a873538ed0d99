/* gzip (RFC 1952), by ISA-L where it was built in, else by zlib: the same bytes either way. */
#include "config.h"

#ifdef HAVE_ISAL
#include <isa-l/igzip_lib.h>
#else
#include <zlib.h>
#endif

#include "base/memory.h"
#include "input/decode.h"

static bool gzip_probe(const uint8_t *p, size_t n)
{
	return n >= 3 && p[0] == 0x1f && p[1] == 0x8b && p[2] == 8;
}

static enum codec_result truncated(struct error *err)
{
	error_set(err, ERROR_INPUT, "ends too early (truncated)");
	return CODEC_FAILED;
}

#ifdef HAVE_ISAL

/* The header is read apart: isal_inflate() forgets, from one call to the next, which fields of a
 * header are still to come (libisal 2.30). */
struct gzip_state {
	struct inflate_state inflate;
	struct isal_gzip_header header;
	bool in_header;
};

static int gzip_restart(void *state, struct error *err)
{
	struct gzip_state *g = state;

	(void)err;
	isal_inflate_reset(&g->inflate);
	g->inflate.crc_flag = ISAL_GZIP_NO_HDR_VER;
	isal_gzip_header_init(&g->header);
	g->header.flags = 0;
	g->in_header = true;
	return 0;
}

static void *gzip_open(unsigned int threads, struct error *err)
{
	struct gzip_state *g = memory_zalloc(sizeof(*g));

	(void)threads;
	isal_inflate_init(&g->inflate);
	gzip_restart(g, err);
	return g;
}

static enum codec_result gzip_step(void *state, struct codec_io *io, struct error *err)
{
	struct gzip_state *g = state;
	struct inflate_state *s = &g->inflate;
	const size_t out_before = io->out_len;
	int r = ISAL_DECOMP_OK;

	/* The library does not write through next_in; its type only lacks const. */
	s->next_in = (uint8_t *)(uintptr_t)io->in;
	s->avail_in = (uint32_t)io->in_len;
	s->next_out = io->out;
	s->avail_out = (uint32_t)io->out_len;
	if (g->in_header) {
		r = isal_read_gzip_header(s, &g->header);
		g->in_header = r != ISAL_DECOMP_OK;
	}
	if (!g->in_header)
		r = isal_inflate(s);
	io->in += io->in_len - s->avail_in;
	io->in_len = s->avail_in;
	io->out = s->next_out;
	io->out_len = s->avail_out;
	if (r != ISAL_DECOMP_OK && r != ISAL_END_INPUT) {
		error_set(err, ERROR_INPUT, r == ISAL_INCORRECT_CHECKSUM ?
			  "checksum does not match (corrupt)" : "is corrupt");
		return CODEC_FAILED;
	}
	if (s->block_state == ISAL_BLOCK_FINISH)
		return CODEC_MEMBER_END;
	if (io->in_end && io->out_len == out_before)
		return truncated(err);
	return CODEC_MORE;
}

static void gzip_close(void *state)
{
	memory_free(state);
}

#else

static void *gzip_open(unsigned int threads, struct error *err)
{
	z_stream *z = memory_zalloc(sizeof(*z));

	(void)threads;
	if (inflateInit2(z, 15 + 16) != Z_OK) {
		error_set(err, ERROR_INTERNAL, "zlib can't be set up");
		memory_free(z);
		return NULL;
	}
	return z;
}

static int gzip_restart(void *state, struct error *err)
{
	return inflateReset(state) == Z_OK ? 0 :
	       error_set(err, ERROR_INTERNAL, "zlib can't be reset");
}

static enum codec_result gzip_step(void *state, struct codec_io *io, struct error *err)
{
	z_stream *z = state;
	const size_t out_before = io->out_len;
	int r;

	/* zlib does not write through next_in; its type only lacks const. */
	z->next_in = (Bytef *)(uintptr_t)io->in;
	z->avail_in = (uInt)io->in_len;
	z->next_out = io->out;
	z->avail_out = (uInt)io->out_len;
	r = inflate(z, Z_NO_FLUSH);
	io->in = z->next_in;
	io->in_len = z->avail_in;
	io->out = z->next_out;
	io->out_len = z->avail_out;
	if (r == Z_STREAM_END)
		return CODEC_MEMBER_END;
	if (r != Z_OK && r != Z_BUF_ERROR) {
		error_set(err, ERROR_INPUT, "is corrupt (%s)", z->msg ? z->msg : "zlib");
		return CODEC_FAILED;
	}
	if (io->in_end && io->out_len == out_before)
		return truncated(err);
	return CODEC_MORE;
}

static void gzip_close(void *state)
{
	inflateEnd(state);
	memory_free(state);
}

#endif

const struct codec codec_gzip = {
	"gzip", "gz", gzip_probe, gzip_open, gzip_restart, gzip_step, gzip_close, false,
};
