/* System calls that a build's sandbox watches and refuses, as a seccomp filter.
 * Constant tables; a program that is made is the caller's to free.
 * Knows nothing of what is done with a call that is seen. */
#ifndef REBUILD_FILTER_H
#define REBUILD_FILTER_H

#include <stdbool.h>

#include "base/error.h"
#include "base/str.h"

/* What a system call means to the tracer. */
enum call {
	CALL_NONE,
	CALL_EXEC, CALL_EXEC_AT,
	CALL_OPEN, CALL_OPEN_AT, CALL_OPEN_AT2, CALL_CREAT, CALL_TRUNCATE,
	CALL_RENAME, CALL_RENAME_AT, CALL_LINK, CALL_LINK_AT, CALL_SYMLINK, CALL_SYMLINK_AT,
	CALL_UNLINK, CALL_UNLINK_AT, CALL_RMDIR,
	CALL_CHMOD, CALL_CHMOD_AT, CALL_UTIME, CALL_UTIME_AT,
	CALL_DUP2, CALL_CONNECT, CALL_SENDTO, CALL_SENDMSG, CALL_SENDMMSG, CALL_MEMFD,
	CALL_DENIED,		/* refused, whatever its arguments are */
};

/* The meaning of a call by its number on this machine; CALL_NONE: not watched. Thread-safe. */
enum call filter_call(int number);
/* "ptrace", of a number. The text is constant or the caller's buffer. */
const char *filter_call_name(int number, char *to, size_t size);
/* The error that a refused call gives. */
int filter_errno(int number);

/* The filter as an array of struct sock_filter in `out`. `notify`: calls are handed to a listener, which
 * refuses what must be refused; else they are refused by the filter itself. */
int filter_make(bool notify, struct buf *out, struct error *err);

#endif
