#include "base/sha1_many.h"

#include <string.h>

/* With fewer messages left than this, one after the other is faster. Measured. */
enum { LANES_WORTH_IT = 4 };

/* A message on its way. Its chaining value is with the other lanes', until it leaves them. */
struct lane {
	struct sha1_message *message; /* NULL: idle */
	struct sha1_piece piece;      /* what is left of the current one */
	size_t next;		      /* piece after that */
	uint64_t length;	      /* hashed so far */
	uint8_t seam[SHA1_BLOCK];     /* a block, or less, out of several pieces */
};

struct work {
	struct lane lane[SHA1_LANES];
	unsigned busy;
	uint32_t chain[SHA1_WORDS][SHA1_LANES];
	struct sha1_guard guard;
};

static void begin(struct work *w, unsigned i, struct sha1_message *m)
{
	struct lane *const l = &w->lane[i];

	m->collision = false;
	l->message = m;
	l->piece = (struct sha1_piece){NULL, 0};
	l->next = 0;
	l->length = 0;
	for (unsigned k = 0; k < SHA1_WORDS; k++)
		w->chain[k][i] = SHA1_INITIAL[k];
	w->busy++;
}

/* The next block of the message; or NULL when less than that is left, which becomes the piece. */
static const uint8_t *next_block(struct lane *l)
{
	size_t have = 0;

	if (l->piece.len >= SHA1_BLOCK) {
		const uint8_t *const block = l->piece.ptr;

		l->piece.ptr += SHA1_BLOCK;
		l->piece.len -= SHA1_BLOCK;
		return block;
	}
	for (;;) {
		const size_t room = SHA1_BLOCK - have;
		const size_t n = l->piece.len < room ? l->piece.len : room;

		if (n)
			memcpy(l->seam + have, l->piece.ptr, n);
		have += n;
		l->piece.ptr += n;
		l->piece.len -= n;
		if (have == SHA1_BLOCK)
			return l->seam;
		if (l->next == l->message->n)
			break;
		l->piece = l->message->pieces[l->next++];
	}
	l->piece = (struct sha1_piece){l->seam, have};
	return NULL;
}

/* Takes a message off the lanes and finishes it. */
static void end(struct work *w, unsigned i)
{
	struct lane *const l = &w->lane[i];
	struct sha1_message *const m = l->message;
	struct sha1dc_state state;
	uint32_t chain[SHA1_WORDS];
	bool collision;

	for (unsigned k = 0; k < SHA1_WORDS; k++)
		chain[k] = w->chain[k][i];
	sha1dc_resume(&state, chain, l->length);
	sha1dc_update(&state, l->piece.ptr, l->piece.len);
	for (; l->next < m->n; l->next++)
		sha1dc_update(&state, m->pieces[l->next].ptr, m->pieces[l->next].len);
	sha1dc_final(&state, m->digest, &collision);
	m->collision |= collision;
	l->message = NULL;
	w->busy--;
}

/* One block of each busy lane; those without a whole block end their message. */
static void step(struct work *w)
{
	static const uint8_t idle[SHA1_BLOCK];
	const uint8_t *block[SHA1_LANES];
	bool *collision[SHA1_LANES];

	for (unsigned i = 0; i < SHA1_LANES; i++) {
		struct lane *const l = &w->lane[i];

		block[i] = l->message ? next_block(l) : NULL;
		if (l->message && !block[i])
			end(w, i);
		l->length += SHA1_BLOCK;
		collision[i] = block[i] ? &l->message->collision : NULL;
		if (!block[i])
			block[i] = idle;
	}
	sha1_guard_compress(&w->guard, w->chain, block, collision);
}

void sha1_many(struct sha1_message *messages, size_t n)
{
	struct work w;
	size_t next = 0;

	w.busy = 0;
	memset(w.chain, 0, sizeof(w.chain));
	sha1_guard_init(&w.guard);
	for (unsigned i = 0; i < SHA1_LANES; i++)
		w.lane[i] = (struct lane){.message = NULL};
	if (sha1_guard_has_wide_lanes())
		while (w.busy + (n - next) >= LANES_WORTH_IT) {
			for (unsigned i = 0; i < SHA1_LANES && next < n; i++)
				if (!w.lane[i].message)
					begin(&w, i, &messages[next++]);
			step(&w);
		}
	for (unsigned i = 0; i < SHA1_LANES; i++)
		if (w.lane[i].message)
			end(&w, i);
	for (; next < n; next++) {
		begin(&w, 0, &messages[next]);
		end(&w, 0);
	}
	sha1_guard_final(&w.guard);
}
