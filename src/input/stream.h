/* Streams: a decoder in a thread of its own, read by several readers at once.
 * A stream owns its thread, its blocks and the decoder; it borrows the source.
 * Knows nothing of archives. */
#ifndef INPUT_STREAM_H
#define INPUT_STREAM_H

#include "input/block.h"
#include "input/decode.h"

struct stream;

/* Starts decoding. `readers` (1 or 2) will each see every block, in order. Where one thread reads for both,
 * neither may fall behind by more than half of LIMIT_BLOCKS. */
struct stream *stream_open(struct source src, const struct codec *codec, unsigned int threads,
			   unsigned int readers, struct error *err);
/* The next block for one reader, with a reference that the caller gives back by
 * block_unref(); NULL at the end (then *failed tells whether by an error). */
struct block *stream_next(struct stream *s, unsigned int reader, bool *failed);
/* Ends decoding early; every reader then sees the end as a failure. */
void stream_cancel(struct stream *s);
/* Waits for the thread. 0 and `end` when all was decoded, -1 with err otherwise. To be called
 * once, before stream_free(). */
int stream_finish(struct stream *s, struct decode_end *end, struct error *err);
/* All blocks must have been given back. */
void stream_free(struct stream *s);

#endif
