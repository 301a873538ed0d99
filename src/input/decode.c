#include "input/decode.h"

#include "base/limits.h"
#include "base/memory.h"

enum { INPUT_SIZE = 128 * 1024 };

struct decoder {
	struct source src;
	const struct codec *codec;
	void *state;
	struct codec_io io;
	struct digest_state digest;
	struct decode_end end;
	uint64_t out_total;
	bool member_open, ended, digested;
	uint8_t buffer[INPUT_SIZE];
};

static const struct codec *const codecs[] = {
	&codec_gzip, &codec_bzip2, &codec_xz, &codec_zstd, &codec_lzip, &codec_compress,
	&codec_lzma,	/* last, since .lzma has no real magic number */
};

const struct codec *codec_find(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < sizeof(codecs) / sizeof(codecs[0]); i++)
		if (codecs[i]->probe(p, n))
			return codecs[i];
	return NULL;
}

struct decoder *decoder_new(struct source src, const struct codec *codec, unsigned int threads,
			    struct error *err)
{
	struct decoder *d = memory_zalloc(sizeof(*d));

	d->src = src;
	d->codec = codec;
	digest_init(&d->digest);
	if (codec) {
		d->state = codec->open(threads, err);
		if (!d->state) {
			memory_free(d);
			return NULL;
		}
	}
	return d;
}

void decoder_free(struct decoder *d)
{
	if (!d)
		return;
	if (d->state)
		d->codec->close(d->state);
	memory_free(d);
}

/* Makes sure that input is there, or that its end is known. */
static int fill(struct decoder *d, struct error *err)
{
	ssize_t n;

	if (d->io.in_len || d->io.in_end)
		return 0;
	n = d->src.read(d->src.ctx, d->buffer, INPUT_SIZE, err);
	if (n < 0)
		return -1;
	d->io.in = d->buffer;
	d->io.in_len = (size_t)n;
	d->io.in_end = n == 0;
	d->end.stored += (uint64_t)n;
	digest_update(&d->digest, d->buffer, (size_t)n);
	return 0;
}

static int check_limits(const struct decoder *d, struct error *err)
{
	if (d->out_total > LIMIT_UNCOMPRESSED)
		return error_set(err, ERROR_TOO_LARGE, "more than %llu GiB come out of it: stopped",
				 LIMIT_UNCOMPRESSED >> 30);
	if (d->out_total > LIMIT_RATIO_FROM && d->out_total / LIMIT_RATIO > d->end.stored)
		return error_set(err, ERROR_TOO_LARGE, "expands more than %d times, like a "
				 "decompression bomb: stopped", LIMIT_RATIO);
	return 0;
}

/* Enough input to know a magic number, or all there is. */
static int fill_for_member(struct decoder *d, struct error *err)
{
	if (d->io.in_len && d->io.in_len < CODEC_PROBE) {
		memmove(d->buffer, d->io.in, d->io.in_len);
		d->io.in = d->buffer;
	}
	d->io.in = d->io.in_len ? d->io.in : d->buffer;
	while (d->io.in_len < CODEC_PROBE && !d->io.in_end) {
		uint8_t *const to = d->buffer + d->io.in_len;
		const ssize_t n = d->src.read(d->src.ctx, to, INPUT_SIZE - d->io.in_len, err);

		if (n < 0)
			return -1;
		digest_update(&d->digest, to, (size_t)n);
		d->io.in_len += (size_t)n;
		d->end.stored += (uint64_t)n;
		/* A codec is told of the end only when it has taken all before it. */
		if (n == 0)
			break;
	}
	return 0;
}

/* Counts what is left: bytes that belong to no member. */
static int skip_trailing(struct decoder *d, struct error *err)
{
	d->end.trailing_offset = d->end.stored - d->io.in_len;
	memcpy(d->end.trailing, d->io.in, d->io.in_len < CODEC_PROBE ? d->io.in_len : CODEC_PROBE);
	do {
		d->end.trailing_len += d->io.in_len;
		d->io.in_len = 0;
		if (fill(d, err) < 0)
			return -1;
	} while (!d->io.in_end);
	d->ended = true;
	return 0;
}

/* Where a member ended: another one, padding by zeros, or bytes that belong to nothing. */
static int after_member(struct decoder *d, struct error *err)
{
	bool padded = false;

	for (;;) {
		size_t zeros = 0;

		if (fill_for_member(d, err) < 0)
			return -1;
		if (d->io.in_len == 0) {
			d->ended = true;
			return 0;
		}
		if (d->codec->probe(d->io.in, d->io.in_len) && (!padded || d->codec->padded)) {
			d->member_open = true;
			return d->codec->restart(d->state, err);
		}
		while (zeros < d->io.in_len && d->io.in[zeros] == 0)
			zeros++;
		if (zeros == 0)
			return skip_trailing(d, err);
		padded = true;
		d->io.in += zeros;
		d->io.in_len -= zeros;
	}
}

static ssize_t read_plain(struct decoder *d, uint8_t *out, size_t n, struct error *err)
{
	size_t done = 0;

	while (done < n) {
		size_t take;

		if (fill(d, err) < 0)
			return -1;
		take = d->io.in_len < n - done ? d->io.in_len : n - done;
		if (take == 0)
			break;
		memcpy(out + done, d->io.in, take);
		d->io.in += take;
		d->io.in_len -= take;
		done += take;
	}
	d->ended = done == 0;
	return (ssize_t)done;
}

static ssize_t read_coded(struct decoder *d, uint8_t *out, size_t n, struct error *err)
{
	d->io.out = out;
	d->io.out_len = n;
	if (d->end.members == 0 && !d->member_open) {
		if (fill_for_member(d, err) < 0)
			return -1;
		d->member_open = true;
	}
	while (d->io.out_len && !d->ended) {
		enum codec_result r;

		if (!d->member_open) {
			if (after_member(d, err) < 0)
				return -1;
			continue;
		}
		if (fill(d, err) < 0)
			return -1;
		r = d->codec->step(d->state, &d->io, err);
		if (r == CODEC_FAILED)
			return error_prefix(err, "%s data at byte %llu", d->codec->name,
					    (unsigned long long)(d->end.stored - d->io.in_len));
		if (r == CODEC_MEMBER_END) {
			d->end.members++;
			d->member_open = false;
		}
	}
	return (ssize_t)(n - d->io.out_len);
}

ssize_t decoder_read(struct decoder *d, uint8_t *out, size_t n, struct error *err)
{
	const ssize_t got = d->ended ? 0 : d->codec ? read_coded(d, out, n, err) :
			    read_plain(d, out, n, err);

	if (got < 0)
		return -1;
	d->out_total += (uint64_t)got;
	if (d->codec && check_limits(d, err) < 0)
		return -1;
	return got;
}

void decoder_end(struct decoder *d, struct decode_end *end)
{
	if (!d->digested)
		digest_final(&d->digest, &d->end.sha256);
	d->digested = true;
	*end = d->end;
}
