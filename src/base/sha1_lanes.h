/* SHA-1's arithmetic (FIPS 180-4, 6.1.2) on eight blocks at once, in vectors of the compiler.
 * `wide` says that the processor has vectors of all lanes: the code is the same for all, and each
 * caller compiles it for the processors that it knows of.
 * Knows nothing of messages or of attacks. For base/sha1_guard.c alone. */
#ifndef BASE_SHA1_LANES_H
#define BASE_SHA1_LANES_H

#include <string.h>

#include "base/sha1_guard.h"

typedef uint32_t lanes __attribute__((vector_size(4 * SHA1_LANES)));
typedef uint32_t half_lanes __attribute__((vector_size(4 * SHA1_LANES / 2), may_alias));
typedef int32_t signed_lanes __attribute__((vector_size(4 * SHA1_LANES)));

#define UNROLL _Pragma("GCC unroll 20")
#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* n is 1 .. 31. Macros, for a function that returns such a vector has no settled ABI. */
#define ROTATE(x, n) ((x) << (n) | (x) >> (32 - (n)))
#define SELECT(mask, a, b) (((mask) & (a)) | (~(mask) & (b)))

/* The message expansion up to word `last`. `wide`: if not, gcc 12 would carry such vectors from turn to
 * turn in the stack, at half the speed. */
ALWAYS_INLINE void expand(lanes *w, unsigned last, bool wide)
{
	half_lanes *const h = (half_lanes *)w;

	if (wide) {
UNROLL
		for (unsigned t = 16; t <= last; t++) {
			const lanes x = w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16];

			w[t] = ROTATE(x, 1);
		}
		return;
	}
	for (unsigned i = 2 * 16; i < 2 * (last + 1); i++) {
		const half_lanes x = h[i - 2 * 3] ^ h[i - 2 * 8] ^ h[i - 2 * 14] ^ h[i - 2 * 16];

		h[i] = ROTATE(x, 1);
	}
}

struct chaining {
	lanes w[SHA1_WORDS];
};

/* What a step adds to its message word, to e and to the turned a. */
ALWAYS_INLINE void round_value(lanes *out, unsigned t, const lanes *b, const lanes *c,
			       const lanes *d)
{
	if (t < 20)
		*out = (*d ^ (*b & (*c ^ *d))) + UINT32_C(0x5a827999);
	else if (t < 40)
		*out = (*b ^ *c ^ *d) + UINT32_C(0x6ed9eba1);
	else if (t < 60)
		*out = ((*b & *c) | (*d & (*b | *c))) + UINT32_C(0x8f1bbcdc);
	else
		*out = (*b ^ *c ^ *d) + UINT32_C(0xca62c1d6);
}

/* Steps from .. to-1 of SHA-1 (FIPS 180-4, 6.1.2). */
ALWAYS_INLINE void forwards(struct chaining *s, const lanes *w, unsigned from, unsigned to)
{
	lanes a = s->w[0], b = s->w[1], c = s->w[2], d = s->w[3], e = s->w[4], f;

UNROLL
	for (unsigned t = from; t < to; t++) {
		round_value(&f, t, &b, &c, &d);
		f += ROTATE(a, 5) + e + w[t];
		e = d;
		d = c;
		c = ROTATE(b, 30);
		b = a;
		a = f;
	}
	*s = (struct chaining){{a, b, c, d, e}};
}

/* The same steps undone, from step from-1 down to step `to`. */
ALWAYS_INLINE void backwards(struct chaining *s, const lanes *w, unsigned from, unsigned to)
{
	lanes a = s->w[0], b = s->w[1], c = s->w[2], d = s->w[3], e = s->w[4], f;

	for (unsigned t = from; t-- > to;) {
		const lanes sum = a;

		a = b;
		b = ROTATE(c, 2);
		c = d;
		d = e;
		round_value(&f, t, &b, &c, &d);
		e = sum - f - ROTATE(a, 5) - w[t];
	}
	*s = (struct chaining){{a, b, c, d, e}};
}

#if defined(__x86_64__)
#if defined(__has_builtin)
#if __has_builtin(__builtin_shufflevector)
#define SHUFFLE(type, a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#endif
#endif
#ifndef SHUFFLE
#define SHUFFLE(type, a, b, ...) __builtin_shuffle(a, b, (type){__VA_ARGS__})
#endif

typedef uint8_t bytes __attribute__((vector_size(4 * SHA1_LANES)));

/* Eight words of eight blocks each, from rows of blocks to columns of lanes. */
ALWAYS_INLINE void transpose(lanes *w, const uint8_t *const *block, size_t offset)
{
	lanes r[8], s[8];

UNROLL
	for (unsigned i = 0; i < 8; i++)
		memcpy(&r[i], block[i] + offset, sizeof(r[i]));
UNROLL
	for (unsigned i = 0; i < 8; i += 2) {
		s[i] = SHUFFLE(lanes, r[i], r[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
		s[i + 1] = SHUFFLE(lanes, r[i], r[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
	}
UNROLL
	for (unsigned i = 0; i < 8; i += 4)
		for (unsigned k = 0; k < 2; k++) {
			const lanes a = s[i + k], b = s[i + 2 + k];

			r[i + 2 * k] = SHUFFLE(lanes, a, b, 0, 1, 8, 9, 4, 5, 12, 13);
			r[i + 2 * k + 1] = SHUFFLE(lanes, a, b, 2, 3, 10, 11, 6, 7, 14, 15);
		}
UNROLL
	for (unsigned i = 0; i < 4; i++) {
		w[i] = SHUFFLE(lanes, r[i], r[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
		w[i + 4] = SHUFFLE(lanes, r[i], r[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
	}
}

/* SHA-1 reads words with the highest byte first. */
ALWAYS_INLINE void swap_bytes(lanes *w)
{
	const bytes b = (bytes)*w;

	*w = (lanes)SHUFFLE(bytes, b, b, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12, 19,
			    18, 17, 16, 23, 22, 21, 20, 27, 26, 25, 24, 31, 30, 29, 28);
}
#endif

/* The first 16 words of a block in each lane. Without wide vectors, moves between lanes would cost
 * more than to load each word alone. */
ALWAYS_INLINE void load_blocks(lanes *w, const uint8_t *const *block, bool wide)
{
#if defined(__x86_64__)
	if (wide) {
		transpose(w, block, 0);
		transpose(w + 8, block, 32);
UNROLL
		for (unsigned t = 0; t < 16; t++)
			swap_bytes(&w[t]);
		return;
	}
#endif
	(void)wide;
	for (unsigned i = 0; i < SHA1_LANES; i++)
		for (unsigned t = 0; t < 16; t++) {
			const uint8_t *const b = block[i] + 4 * t;

			w[t][i] = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 |
				  (uint32_t)b[2] << 8 | b[3];
		}
}

#endif
