/* bzip2, by libbz2. */
#include <bzlib.h>

#include "base/memory.h"
#include "input/decode.h"

static bool bzip2_probe(const uint8_t *p, size_t n)
{
	return n >= 10 && p[0] == 'B' && p[1] == 'Z' && p[2] == 'h' && p[3] >= '1' &&
	       p[3] <= '9' && (memcmp(p + 4, "1AY&SY", 6) == 0 ||
			       memcmp(p + 4, "\x17\x72\x45\x38\x50\x90", 6) == 0);
}

static int bzip2_start(bz_stream *z, struct error *err)
{
	*z = (bz_stream){ .opaque = NULL };
	return BZ2_bzDecompressInit(z, 0, 0) == BZ_OK ? 0 :
	       error_set(err, ERROR_INTERNAL, "libbz2 can't be set up");
}

static void *bzip2_open(unsigned int threads, struct error *err)
{
	bz_stream *z = memory_alloc(sizeof(*z));

	(void)threads;
	if (bzip2_start(z, err) < 0) {
		memory_free(z);
		return NULL;
	}
	return z;
}

static int bzip2_restart(void *state, struct error *err)
{
	BZ2_bzDecompressEnd(state);
	return bzip2_start(state, err);
}

static enum codec_result bzip2_step(void *state, struct codec_io *io, struct error *err)
{
	bz_stream *z = state;
	const size_t out_before = io->out_len;
	int r;

	/* libbz2 does not write through next_in; its type only lacks const. */
	z->next_in = (char *)(uintptr_t)io->in;
	z->avail_in = (unsigned int)io->in_len;
	z->next_out = (char *)io->out;
	z->avail_out = (unsigned int)io->out_len;
	r = BZ2_bzDecompress(z);
	io->in += io->in_len - z->avail_in;
	io->in_len = z->avail_in;
	io->out = (uint8_t *)z->next_out;
	io->out_len = z->avail_out;
	if (r == BZ_STREAM_END)
		return CODEC_MEMBER_END;
	if (r != BZ_OK) {
		error_set(err, ERROR_INPUT, "is corrupt");
		return CODEC_FAILED;
	}
	if (io->in_end && io->out_len == out_before) {
		error_set(err, ERROR_INPUT, "ends too early (truncated)");
		return CODEC_FAILED;
	}
	return CODEC_MORE;
}

static void bzip2_close(void *state)
{
	BZ2_bzDecompressEnd(state);
	memory_free(state);
}

const struct codec codec_bzip2 = {
	"bzip2", "bz2", bzip2_probe, bzip2_open, bzip2_restart, bzip2_step, bzip2_close, false,
};
