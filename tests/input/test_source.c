#include "input/source.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "support/run.h"

Test(source, file_is_read_to_its_end_and_counted, .init = scratch_begin, .fini = scratch_end)
{
	AUTO_FD int fd = -1;
	_Atomic uint64_t done = 3;
	struct source_file f;
	struct source s;
	struct error err = ERROR_INIT;
	char got[10];

	file_text("f", "hello");
	fd = open("f", O_RDONLY | O_CLOEXEC);
	f = (struct source_file){ fd, &done };
	s = source_of_file(&f);
	cr_assert_eq(s.read(s.ctx, got, 3, &err), 3);
	cr_assert_arr_eq(got, "hel", 3);
	cr_assert_eq(s.read(s.ctx, got, 10, &err), 2);
	cr_assert_eq(s.read(s.ctx, got, 10, &err), 0);
	cr_assert_eq(done, 8);
}

Test(source, what_cannot_be_read_is_an_error_of_the_system)
{
	const int fd_raw = open("/", O_RDONLY | O_CLOEXEC);
	AUTO_FD int fd = fd_raw;
	struct source_file f = { fd, NULL };
	const struct source s = source_of_file(&f);
	struct error err = ERROR_INIT;
	char got[10];

	cr_assert_eq(s.read(s.ctx, got, 10, &err), -1);
	cr_assert_eq(err.code, ERROR_SYSTEM);
}
