#include "input/source.h"

#include <errno.h>
#include <unistd.h>

static ssize_t file_read(void *ctx, void *to, size_t n, struct error *err)
{
	const struct source_file *f = ctx;
	ssize_t got;

	do
		got = read(f->fd, to, n);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return error_errno(err, "read");
	if (f->done)
		atomic_fetch_add_explicit(f->done, (uint64_t)got, memory_order_relaxed);
	return got;
}

struct source source_of_file(struct source_file *f)
{
	return (struct source){ file_read, f };
}
