/* xz, lzma and lzip, by liblzma; .xz with its threaded decoder where there is one, which
 * decodes several blocks at once when the file has them. */
#include "config.h"

#include <lzma.h>

#include "base/limits.h"
#include "base/memory.h"
#include "input/decode.h"

struct lzma_state {
	lzma_stream stream;
	lzma_ret (*start)(lzma_stream *s, unsigned int threads);
	unsigned int threads;
};

static bool xz_probe(const uint8_t *p, size_t n)
{
	return n >= 6 && memcmp(p, "\xfd" "7zXZ\0", 6) == 0;
}

/* .lzma has no magic number: properties byte of a sane lc/lp/pb, a dictionary of 2^n or
 * 2^n + 2^(n-1) bytes, and a size that is unknown or below 256 GiB (as file(1) and xz do). */
static bool lzma_probe(const uint8_t *p, size_t n)
{
	uint32_t dict;
	uint64_t size = 0;

	if (n < 13 || p[0] >= 9 * 5 * 5)
		return false;
	dict = (uint32_t)p[1] | (uint32_t)p[2] << 8 | (uint32_t)p[3] << 16 | (uint32_t)p[4] << 24;
	if (dict != UINT32_MAX) {
		uint32_t d = dict - 1;

		d |= d >> 2;
		d |= d >> 3;
		d |= d >> 4;
		d |= d >> 8;
		d |= d >> 16;
		if (dict < 4096 || d + 1 != dict)
			return false;
	}
	for (int i = 12; i > 4; i--)
		size = size << 8 | p[i];
	return size == UINT64_MAX || size < (uint64_t)1 << 38;
}

static bool lzip_probe(const uint8_t *p, size_t n)
{
	return n >= 6 && memcmp(p, "LZIP", 4) == 0 && p[4] <= 1;
}

static lzma_ret xz_start(lzma_stream *s, unsigned int threads)
{
#if HAVE_DECL_LZMA_STREAM_DECODER_MT
	const lzma_mt mt = {
		.threads = threads,
		.memlimit_threading = LIMIT_DECODER_MEMORY,
		.memlimit_stop = LIMIT_DECODER_MEMORY,
	};

	if (threads > 1)
		return lzma_stream_decoder_mt(s, &mt);
#else
	(void)threads;
#endif
	return lzma_stream_decoder(s, LIMIT_DECODER_MEMORY, 0);
}

static lzma_ret lzma_start(lzma_stream *s, unsigned int threads)
{
	(void)threads;
	return lzma_alone_decoder(s, LIMIT_DECODER_MEMORY);
}

static lzma_ret lzip_start(lzma_stream *s, unsigned int threads)
{
	(void)threads;
#if LZMA_VERSION >= 50040000
	return lzma_lzip_decoder(s, LIMIT_DECODER_MEMORY, 0);
#else
	(void)s;
	return LZMA_OPTIONS_ERROR;
#endif
}

static int restart(void *state, struct error *err)
{
	struct lzma_state *l = state;
	const lzma_ret r = l->start(&l->stream, l->threads);

	if (r == LZMA_OK)
		return 0;
	return error_set(err, ERROR_INTERNAL, "liblzma %s can't decode this format (code %d)",
			 lzma_version_string(), (int)r);
}

static void *open_with(lzma_ret (*start)(lzma_stream *, unsigned int), unsigned int threads,
		       struct error *err)
{
	struct lzma_state *l = memory_zalloc(sizeof(*l));

	l->stream = (lzma_stream)LZMA_STREAM_INIT;
	l->start = start;
	l->threads = threads;
	if (restart(l, err) < 0) {
		memory_free(l);
		return NULL;
	}
	return l;
}

static void *xz_open(unsigned int threads, struct error *err)
{
	return open_with(xz_start, threads, err);
}

static void *lzma_open(unsigned int threads, struct error *err)
{
	return open_with(lzma_start, threads, err);
}

static void *lzip_open(unsigned int threads, struct error *err)
{
	return open_with(lzip_start, threads, err);
}

static const char *what_failed(lzma_ret r)
{
	if (r == LZMA_MEMLIMIT_ERROR)
		return "needs more memory than is allowed for it";
	if (r == LZMA_OPTIONS_ERROR)
		return "uses a feature that this liblzma does not support";
	if (r == LZMA_MEM_ERROR)
		return "needs more memory than there is";
	if (r == LZMA_BUF_ERROR)
		return "ends too early (truncated)";
	return "is corrupt";
}

static enum codec_result step(void *state, struct codec_io *io, struct error *err)
{
	struct lzma_state *l = state;
	lzma_ret r;

	l->stream.next_in = io->in;
	l->stream.avail_in = io->in_len;
	l->stream.next_out = io->out;
	l->stream.avail_out = io->out_len;
	r = lzma_code(&l->stream, io->in_end ? LZMA_FINISH : LZMA_RUN);
	io->in = l->stream.next_in;
	io->in_len = l->stream.avail_in;
	io->out = l->stream.next_out;
	io->out_len = l->stream.avail_out;
	if (r == LZMA_STREAM_END)
		return CODEC_MEMBER_END;
	if (r == LZMA_OK || (r == LZMA_BUF_ERROR && !io->in_end))
		return CODEC_MORE;
	error_set(err, ERROR_INPUT, "%s", what_failed(r));
	return CODEC_FAILED;
}

static void close_state(void *state)
{
	struct lzma_state *l = state;

	lzma_end(&l->stream);
	memory_free(l);
}

const struct codec codec_xz = {
	"xz", "xz", xz_probe, xz_open, restart, step, close_state, true,
};
const struct codec codec_lzma = {
	"lzma", "lzma", lzma_probe, lzma_open, restart, step, close_state, false,
};
const struct codec codec_lzip = {
	"lzip", "lz", lzip_probe, lzip_open, restart, step, close_state, false,
};
