#include "input/githash.h"

#include <assert.h>
#include <stdio.h>

static_assert((int)SHA1_SIZE == (int)OID_SIZE, "ids are SHA-1");

void githash_begin(struct githash *g, uint64_t size)
{
	char header[32];
	const int n = snprintf(header, sizeof(header), "blob %llu", (unsigned long long)size);

	sha1dc_init(&g->sha1);
	sha1dc_update(&g->sha1, header, (size_t)n + 1);
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
