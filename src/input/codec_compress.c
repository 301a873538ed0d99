/* compress(1), ".Z": LZW with codes of 9 to 16 bits, written in groups of eight codes; a change
 * of width skips to the end of the group. Own code, since the one library that reads it
 * (libarchive) only pulls, while this stage is pushed along. */
#include "base/memory.h"
#include "input/decode.h"

enum { MAX_BITS = 16, TABLE = 1 << MAX_BITS, CLEAR = 256, NO_CODE = -1 };

struct lzw {
	uint8_t header[3];
	unsigned int header_n, max_bits, bits;
	bool block_mode, wrote_any;
	uint64_t hold;			/* input bits not used yet, the next one lowest */
	unsigned int held, in_group;	/* bits in hold; codes read of this group */
	unsigned int skip;		/* bits to drop before the next code */
	unsigned int free;		/* the next code that gets a meaning */
	int previous;			/* the code before, or NO_CODE */
	uint8_t first;			/* first byte of its string */
	uint16_t prefix[TABLE];
	uint8_t suffix[TABLE];
	uint8_t stack[TABLE + 1];	/* bytes to write, last first */
	size_t stack_n;
};

static bool compress_probe(const uint8_t *p, size_t n)
{
	return n >= 3 && p[0] == 0x1f && p[1] == 0x9d && (p[2] & 0x60) == 0 &&
	       (p[2] & 0x1f) >= 9 && (p[2] & 0x1f) <= MAX_BITS;
}

static int compress_restart(void *state, struct error *err)
{
	(void)err;
	memset(state, 0, sizeof(struct lzw));
	return 0;
}

static void *compress_open(unsigned int threads, struct error *err)
{
	(void)threads;
	(void)err;
	return memory_zalloc(sizeof(struct lzw));
}

static bool read_header(struct lzw *z, struct codec_io *io)
{
	while (z->header_n < 3 && io->in_len) {
		z->header[z->header_n++] = *io->in++;
		io->in_len--;
		if (z->header_n < 3)
			continue;
		z->max_bits = z->header[2] & 0x1f;
		z->block_mode = (z->header[2] & 0x80) != 0;
		z->bits = 9;
		z->free = z->block_mode ? 257 : 256;
		z->previous = NO_CODE;
	}
	return z->header_n == 3;
}

static void end_group(struct lzw *z)
{
	z->skip = (8 - z->in_group) % 8 * z->bits;
	z->in_group = 0;
}

/* The next code, or NO_CODE when there are not enough bits. */
static int next_code(struct lzw *z, struct codec_io *io)
{
	int code;

	if (z->free > (1u << z->bits) - 1 && z->bits < z->max_bits) {
		end_group(z);
		z->bits++;
	}
	for (;;) {
		if (z->skip && z->held) {
			const unsigned int n = z->skip < z->held ? z->skip : z->held;

			z->hold >>= n;
			z->held -= n;
			z->skip -= n;
		}
		if (z->skip == 0 && z->held >= z->bits)
			break;
		if (io->in_len == 0)
			return NO_CODE;
		z->hold |= (uint64_t)*io->in++ << z->held;
		io->in_len--;
		z->held += 8;
	}
	code = (int)(z->hold & ((1u << z->bits) - 1));
	z->hold >>= z->bits;
	z->held -= z->bits;
	z->in_group = (z->in_group + 1) % 8;
	return code;
}

static bool expand(struct lzw *z, unsigned int code)
{
	unsigned int c = code;

	if (z->previous == NO_CODE) {
		if (code > 255)
			return false;
		z->first = (uint8_t)code;
		z->stack[z->stack_n++] = (uint8_t)code;
		z->previous = (int)code;
		return true;
	}
	if (c > z->free || (c == z->free && z->free >= 1u << z->max_bits))
		return false;
	if (c == z->free) {
		z->stack[z->stack_n++] = z->first;
		c = (unsigned int)z->previous;
	}
	while (c >= 256) {
		z->stack[z->stack_n++] = z->suffix[c];
		c = z->prefix[c];
	}
	z->first = (uint8_t)c;
	z->stack[z->stack_n++] = (uint8_t)c;
	if (z->free < 1u << z->max_bits) {
		z->prefix[z->free] = (uint16_t)z->previous;
		z->suffix[z->free++] = z->first;
	}
	z->previous = (int)code;
	return true;
}

static enum codec_result compress_step(void *state, struct codec_io *io, struct error *err)
{
	struct lzw *z = state;

	for (;;) {
		int code;

		while (z->stack_n && io->out_len) {
			*io->out++ = z->stack[--z->stack_n];
			io->out_len--;
		}
		if (io->out_len == 0)
			return CODEC_MORE;
		code = read_header(z, io) ? next_code(z, io) : NO_CODE;
		if (code == NO_CODE && !io->in_end)
			return CODEC_MORE;
		if (code == NO_CODE) {
			if (z->header_n == 3)
				return CODEC_MEMBER_END;
			error_set(err, ERROR_INPUT, "ends too early (truncated)");
			return CODEC_FAILED;
		}
		if (code == CLEAR && z->block_mode) {
			end_group(z);
			z->bits = 9;
			z->free = 257;
			z->previous = NO_CODE;
			continue;
		}
		if (!expand(z, (unsigned int)code)) {
			error_set(err, ERROR_INPUT, "is corrupt");
			return CODEC_FAILED;
		}
	}
}

static void compress_close(void *state)
{
	memory_free(state);
}

const struct codec codec_compress = {
	"compress", "Z", compress_probe, compress_open, compress_restart, compress_step,
	compress_close, false,
};
