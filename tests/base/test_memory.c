#include "base/memory.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdalign.h>
#include <stdint.h>

#include "base/cleanup.h"

Test(memory, zero_bytes_are_still_an_object)
{
	AUTO_FREE void *a = memory_alloc(0);
	AUTO_FREE void *b = memory_zalloc(0);

	cr_assert_not_null(a);
	cr_assert_not_null(b);
}

Test(memory, growing_keeps_the_elements)
{
	size_t cap = 0;
	int *v = NULL;

	for (int i = 0; i < 100000; i++) {
		v = memory_grow(v, (size_t)i, &cap, sizeof(*v));
		v[i] = i;
	}
	for (int i = 0; i < 100000; i++)
		cr_assert_eq(v[i], i);
	memory_free(v);
}

Test(memory, running_out_ends_with_status_2, .exit_code = 2)
{
	volatile size_t all = SIZE_MAX / 2;

	memory_free(memory_alloc(all));
}

Test(memory, array_size_that_overflows_ends_with_status_2, .exit_code = 2)
{
	size_t cap = SIZE_MAX / 8;

	memory_free(memory_grow(NULL, cap, &cap, 64));
}

Test(arena, gives_zeroed_and_aligned_memory)
{
	AUTO_ARENA struct arena a = ARENA_INIT;

	for (size_t size = 0; size < 3000; size += 7) {
		const unsigned char *p = arena_alloc(&a, size);

		cr_assert_eq((uintptr_t)p % alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			cr_assert_eq(p[i], 0);
	}
}

Test(arena, holds_objects_larger_than_a_chunk)
{
	AUTO_ARENA struct arena a = ARENA_INIT;
	char *small = arena_alloc(&a, 10), *large = arena_alloc(&a, 10 << 20), *after;

	memset(small, 's', 10);
	memset(large, 'l', 10 << 20);
	after = arena_alloc(&a, 10);
	cr_assert_eq(after[0], 0);
	cr_assert_eq(small[9], 's');
	cr_assert_eq(large[(10 << 20) - 1], 'l');
}

Test(arena, objects_do_not_overlap)
{
	AUTO_ARENA struct arena a = ARENA_INIT;
	unsigned char *v[2000];

	for (size_t i = 0; i < 2000; i++) {
		v[i] = arena_alloc(&a, i % 97 + 1);
		memset(v[i], (int)(i & 0xff), i % 97 + 1);
	}
	for (size_t i = 0; i < 2000; i++)
		for (size_t j = 0; j < i % 97 + 1; j++)
			cr_assert_eq(v[i][j], i & 0xff);
}

Test(arena, copies_end_in_nul_and_keep_nul_inside)
{
	AUTO_ARENA struct arena a = ARENA_INIT;
	const struct str s = arena_str(&a, str_of("a\0b", 3));

	cr_assert_eq(s.len, 3);
	cr_assert_eq(s.ptr[2], 'b');
	cr_assert_eq(s.ptr[3], '\0');
	cr_assert_str_eq(arena_str(&a, (struct str){ NULL, 0 }).ptr, "");
	cr_assert_str_eq(arena_strf(&a, "%s-%d", "x", 2).ptr, "x-2");
}

Test(arena, can_be_used_again_after_release)
{
	struct arena a = ARENA_INIT;

	arena_alloc(&a, 1);
	arena_release(&a);
	cr_assert_not_null(arena_alloc(&a, 1));
	arena_release(&a);
	arena_release(&a);
}
