#include "input/githash.h"

#include <assert.h>
#include <stdio.h>

static_assert((int)SHA1_SIZE == (int)OID_SIZE, "ids are SHA-1");

void githash_header(struct githash_header *h, uint64_t size)
{
	/* The terminating zero belongs to it. */
	h->len = (size_t)snprintf(h->text, sizeof(h->text), "blob %llu", (unsigned long long)size) + 1;
}

void githash_begin(struct githash *g, uint64_t size)
{
	struct githash_header header;

	githash_header(&header, size);
	sha1dc_init(&g->sha1);
	sha1dc_update(&g->sha1, header.text, header.len);
}

void githash_update(struct githash *g, const void *data, size_t n)
{
	sha1dc_update(&g->sha1, data, n);
}

void githash_final(struct githash *g, struct oid *oid, bool *collision)
{
	sha1dc_final(&g->sha1, oid->bytes, collision);
}

void githash_blob(const void *data, size_t n, struct oid *oid, bool *collision)
{
	struct githash g;

	githash_begin(&g, n);
	githash_update(&g, data, n);
	githash_final(&g, oid, collision);
}
