#include "base/memory.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct arena_chunk {
	struct arena_chunk *next;
	size_t size;
	alignas(max_align_t) char data[];
};

/* Many arenas hold a few hundred bytes: the first chunk is small, each further one larger. */
enum { CHUNK_FIRST = 1024, CHUNK_GROWTH = 8, CHUNK_SIZE = 64 * 1024 };

static void *must(void *ptr)
{
	if (!ptr) {
		fputs("tarproof: error: out of memory\n", stderr);
		_Exit(2);
	}
	return ptr;
}

void *memory_alloc(size_t size)
{
	return must(malloc(size ? size : 1));
}

void *memory_zalloc(size_t size)
{
	return must(calloc(1, size ? size : 1));
}

void *memory_realloc(void *old, size_t size)
{
	return must(realloc(old, size ? size : 1));
}

void memory_free(void *ptr)
{
	free(ptr);
}

void *memory_grow(void *v, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return v;
	*cap = *cap ? *cap * 2 : 16;
	if (*cap > SIZE_MAX / size)
		must(NULL);
	return memory_realloc(v, *cap * size);
}

void *arena_alloc(struct arena *a, size_t size)
{
	const size_t align = alignof(max_align_t);
	void *ptr;

	if (size > SIZE_MAX - CHUNK_SIZE)
		must(NULL);
	size = (size + align - 1) / align * align;
	if (!a->head || a->head->size - a->used < size) {
		const size_t usual = !a->head ? CHUNK_FIRST :
				     a->head->size < CHUNK_SIZE / CHUNK_GROWTH ? a->head->size * CHUNK_GROWTH :
				     CHUNK_SIZE;
		const size_t room = size > usual ? size : usual;
		struct arena_chunk *c = memory_zalloc(sizeof(*c) + room);

		c->next = a->head;
		c->size = room;
		a->head = c;
		a->used = 0;
	}
	ptr = a->head->data + a->used;
	a->used += size;
	return ptr;
}

struct str arena_str(struct arena *a, struct str s)
{
	char *copy = arena_alloc(a, s.len + 1);

	if (s.len)
		memcpy(copy, s.ptr, s.len);
	return str_of(copy, s.len);
}

struct str arena_strf(struct arena *a, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	struct str copy;
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&b, fmt, ap);
	va_end(ap);
	copy = arena_str(a, buf_str(&b));
	buf_release(&b);
	return copy;
}

void arena_release(struct arena *a)
{
	while (a->head) {
		struct arena_chunk *next = a->head->next;

		memory_free(a->head);
		a->head = next;
	}
	a->used = 0;
}
