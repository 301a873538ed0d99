/* Zstandard (RFC 8878), by libzstd. Skippable frames count as members. */
#include <zstd.h>

#include "base/limits.h"
#include "base/memory.h"
#include "input/decode.h"

static bool zstd_probe(const uint8_t *p, size_t n)
{
	return n >= 4 && ((p[0] == 0x28 && p[1] == 0xb5 && p[2] == 0x2f && p[3] == 0xfd) ||
			  ((p[0] & 0xf0) == 0x50 && p[1] == 0x2a && p[2] == 0x4d && p[3] == 0x18));
}

static void *zstd_open(unsigned int threads, struct error *err)
{
	ZSTD_DCtx *d = ZSTD_createDCtx();

	(void)threads;
	if (!d) {
		error_set(err, ERROR_INTERNAL, "libzstd can't be set up");
		return NULL;
	}
	/* 2^27 is what the zstd program accepts without --long. */
	ZSTD_DCtx_setParameter(d, ZSTD_d_windowLogMax, 27);
	return d;
}

static int zstd_restart(void *state, struct error *err)
{
	(void)err;
	ZSTD_DCtx_reset(state, ZSTD_reset_session_only);
	return 0;
}

static enum codec_result zstd_step(void *state, struct codec_io *io, struct error *err)
{
	ZSTD_inBuffer in = { io->in, io->in_len, 0 };
	ZSTD_outBuffer out = { io->out, io->out_len, 0 };
	const size_t r = ZSTD_decompressStream(state, &out, &in);

	io->in += in.pos;
	io->in_len -= in.pos;
	io->out += out.pos;
	io->out_len -= out.pos;
	if (ZSTD_isError(r)) {
		error_set(err, ERROR_INPUT, "is corrupt (%s)", ZSTD_getErrorName(r));
		return CODEC_FAILED;
	}
	if (r == 0)
		return CODEC_MEMBER_END;
	if (io->in_end && out.pos == 0) {
		error_set(err, ERROR_INPUT, "ends too early (truncated)");
		return CODEC_FAILED;
	}
	return CODEC_MORE;
}

static void zstd_close(void *state)
{
	ZSTD_freeDCtx(state);
}

const struct codec codec_zstd = {
	"zstd", "zst", zstd_probe, zstd_open, zstd_restart, zstd_step, zstd_close, false,
};
