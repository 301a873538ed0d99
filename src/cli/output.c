#include "config.h"

#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

void output_secure_standard(void)
{
	for (int fd = 0; fd <= 2; fd++)
		/* Opened the wrong way round: using it is an error, as it was before. */
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd ? O_RDONLY : O_WRONLY) < 0)
			_exit(2);
}

bool output_is_stdout(const char *path)
{
	return !path || strcmp(path, "-") == 0;
}

/* The folder that holds `path`: "." when there is no slash. */
static void folder_of(const char *path, struct buf *out)
{
	const struct str whole = str_from(path);
	const size_t slash = str_rfind(whole, '/');

	if (slash == (size_t)-1)
		buf_add_char(out, '.');
	else
		buf_add_str(out, str_first(whole, slash ? slash : 1));
}

int output_check(const char *path, const char *input, struct error *err)
{
	AUTO_BUF struct buf folder = BUF_INIT;
	struct stat out, in;

	if (output_is_stdout(path))
		return 0;
	if (stat(path, &out) == 0) {
		if (S_ISDIR(out.st_mode))
			return error_set(err, ERROR_USAGE, "--output %.300s: is a folder", path);
		if (stat(input, &in) == 0 && in.st_dev == out.st_dev && in.st_ino == out.st_ino)
			return error_set(err, ERROR_USAGE,
					 "--output %.300s: would overwrite the artifact", path);
		if (!S_ISREG(out.st_mode))
			return 0;
	}
	folder_of(path, &folder);
	if (access(buf_cstr(&folder), W_OK | X_OK) != 0)
		return error_errno(err, "--output %.300s: can't write in folder %.300s", path,
				   buf_cstr(&folder));
	return 0;
}

static int write_all(int fd, struct str text, const char *name, struct error *err)
{
	while (text.len) {
		const ssize_t n = write(fd, text.ptr, text.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EPIPE)
			return error_set(err, ERROR_SYSTEM, "%s", "");
		if (n < 0)
			return error_errno(err, "can't write %.300s", name);
		text = str_from_at(text, (size_t)n);
	}
	return 0;
}

static int write_directly(const char *path, struct str text, struct error *err)
{
	AUTO_FD int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return error_errno(err, "can't open %.300s", path);
	return write_all(fd, text, path, err);
}

/* What the new file may be read and written by: as the old one, or as the umask says. */
static mode_t mode_for(const struct stat *old)
{
	mode_t mask;

	if (old)
		return old->st_mode & 0777;
	mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

/* Disk full may show as late as here. */
static int file_finish(int fd, mode_t mode, const char *path, struct error *err)
{
	if (fchmod(fd, mode) != 0 && errno != EPERM && errno != ENOTSUP)
		return error_errno(err, "can't set the mode of %.300s", path);
	if (fsync(fd) != 0 && errno != EINVAL && errno != ENOTSUP)
		return error_errno(err, "can't write %.300s", path);
	return 0;
}

/* `path` is the file itself, not a link to it. */
static int write_beside(const char *path, const struct stat *old, struct str text,
			struct error *err)
{
	AUTO_BUF struct buf temporary = BUF_INIT;
	int fd, failed;

	folder_of(path, &temporary);
	buf_add_cstr(&temporary, "/.tarproof-XXXXXX");
	fd = mkostemp(temporary.ptr, O_CLOEXEC);
	if (fd < 0)
		return error_errno(err, "can't make a temporary file for %.300s", path);
	failed = write_all(fd, text, path, err) || file_finish(fd, mode_for(old), path, err);
	if (close(fd) != 0 && !failed)
		failed = error_errno(err, "can't write %.300s", path);
	if (!failed && rename(temporary.ptr, path) != 0)
		failed = error_errno(err, "can't rename a temporary file to %.300s", path);
	if (failed)
		unlink(temporary.ptr);
	return failed ? -1 : 0;
}

int output_write(const char *path, struct str text, struct error *err)
{
	AUTO_FREE char *target = NULL;
	struct stat old;
	bool exists;

	if (output_is_stdout(path))
		return write_all(STDOUT_FILENO, text, "standard output", err);
	exists = stat(path, &old) == 0;
	if (exists && !S_ISREG(old.st_mode))
		return write_directly(path, text, err);
	/* A link stays: the file that it leads to is replaced. */
	target = realpath(path, NULL);
	return write_beside(target ? target : path, exists ? &old : NULL, text, err);
}
