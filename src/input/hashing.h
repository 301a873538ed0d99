/* Hashing: the contents of an artifact's files to ids, in worker threads, beside decoding.
 * Owns its threads and queued slices; borrows the content store and what `known` needs.
 * Knows nothing of archives. One thread (the reader) calls it. */
#ifndef INPUT_HASHING_H
#define INPUT_HASHING_H

#include "input/block.h"
#include "input/content.h"
#include "model/entry.h"

struct hashing_options {
	unsigned int jobs;	/* worker threads, 1 and up */
	bool all_sha256;	/* SHA-256 of known contents too */
	struct content_store *store;	/* contents that are not known are kept here */
	/* Whether the origin holds a blob of this id; called by workers. NULL: never. */
	bool (*known)(void *ctx, const struct oid *oid);
	void *known_ctx;
	/* Looks at a whole content; called by workers. What it returns becomes hashed.facts; *keep:
	 * content that is known is kept too. NULL: nothing looks. */
	uint32_t (*look)(void *ctx, struct str path, const struct oid *oid, struct str content, bool *keep);
	void *look_ctx;
};

/* What became of one file. */
struct hashed {
	uint32_t entry;		/* as given to hashing_begin() */
	uint32_t content;	/* in the store, or CONTENT_NONE */
	uint32_t facts;		/* FACTS_LATER: the content came in pieces and is kept */
	bool collision, has_sha256;
	bool unkept;		/* it was expected to be known and is not: it should have been kept */
	struct oid oid;
	struct sha256 sha256;
};

struct hashing;
struct hash_file;

struct hashing *hashing_new(const struct hashing_options *o, struct error *err);
/* `path` must stay until the file is done. `size`: the number of bytes that the slices will have in all. `expected`: the content is
 * probably known, so that it need not be copied while it passes (see hashed.unkept). */
struct hash_file *hashing_begin(struct hashing *h, uint32_t entry, struct str path, uint64_t size,
				 bool expected);
/* Takes over the slice's reference. The size of all slices must not exceed that of begin. */
void hashing_add(struct hashing *h, struct hash_file *f, struct slice s);
/* No more slices. When fewer bytes came than promised, nothing is reported for it. */
void hashing_end(struct hashing *h, struct hash_file *f);
/* Hands over what is finished so far, in no particular order. */
int hashing_drain(struct hashing *h, void (*done)(void *ctx, const struct hashed *r), void *ctx,
		  struct error *err);
/* Waits for all files. */
int hashing_wait(struct hashing *h, struct error *err);
void hashing_free(struct hashing *h);

#endif
