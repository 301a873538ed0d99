#include "base/map.h"

#include <criterion/criterion.h>

#include "base/memory.h"

Test(map, empty_one_finds_nothing)
{
	struct map m = MAP_INIT;

	cr_assert_null(map_get(&m, STR("a")));
	cr_assert_null(map_get(&m, (struct str){ NULL, 0 }));
	map_release(&m);
}

Test(map, first_value_of_a_key_stays)
{
	struct map m = MAP_INIT;

	cr_assert_eq(*map_put(&m, STR("a"), 1), 1);
	cr_assert_eq(*map_put(&m, STR("a"), 2), 1);
	*map_get(&m, STR("a")) = 3;
	cr_assert_eq(*map_get(&m, STR("a")), 3);
	cr_assert_eq(m.n, 1);
	map_release(&m);
}

Test(map, empty_key_is_a_key)
{
	struct map m = MAP_INIT;

	map_put(&m, (struct str){ NULL, 0 }, 7);
	cr_assert_eq(*map_get(&m, STR("")), 7);
	map_release(&m);
}

Test(map, keys_differ_behind_nul_and_in_invalid_utf8)
{
	struct map m = MAP_INIT;

	map_put(&m, str_of("a\0b", 3), 1);
	map_put(&m, str_of("a\0c", 3), 2);
	map_put(&m, STR("\xff"), 3);
	map_put(&m, STR("\xfe"), 4);
	cr_assert_eq(*map_get(&m, str_of("a\0c", 3)), 2);
	cr_assert_eq(*map_get(&m, STR("\xfe")), 4);
	cr_assert_null(map_get(&m, STR("a")));
	map_release(&m);
}

Test(map, holds_two_hundred_thousand_keys)
{
	struct arena a = ARENA_INIT;
	struct map m = MAP_INIT;

	for (uint64_t i = 0; i < 200000; i++)
		map_put(&m, arena_strf(&a, "dir/%llu", (unsigned long long)i), i);
	cr_assert_eq(m.n, 200000);
	for (uint64_t i = 0; i < 200000; i++) {
		const struct str key = arena_strf(&a, "dir/%llu", (unsigned long long)i);

		cr_assert_eq(*map_get(&m, key), i);
	}
	cr_assert_null(map_get(&m, STR("dir/200000")));
	map_release(&m);
	arena_release(&a);
}

Test(map, long_keys_are_compared_in_full)
{
	enum { N = 1 << 20 };
	struct map m = MAP_INIT;
	char *a = memory_alloc(N), *b = memory_alloc(N);

	memset(a, 'x', N);
	memset(b, 'x', N);
	b[N - 1] = 'y';
	map_put(&m, str_of(a, N), 1);
	cr_assert_null(map_get(&m, str_of(b, N)));
	map_put(&m, str_of(b, N), 2);
	cr_assert_eq(*map_get(&m, str_of(a, N)), 1);
	map_release(&m);
	memory_free(a);
	memory_free(b);
}
