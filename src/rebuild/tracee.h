/* What a process of a sandbox is and holds: its memory, its links, its parents, by /proc.
 * Owns nothing; appends to the caller's buffers.
 * Knows nothing of system calls. Everything may fail, as the process may end at any time. proc(5) */
#ifndef REBUILD_TRACEE_H
#define REBUILD_TRACEE_H

#include <stdint.h>

#include "base/str.h"

struct tracee_ids {
	int leader;		/* the process of a thread */
	int parent;		/* the process that it is a child of now */
};

bool tracee_ids(int pid, struct tracee_ids *out);
/* Whether it is number 1 within its sandbox. */
bool tracee_is_first(int pid);

bool tracee_read(int pid, uint64_t address, void *to, size_t size);
/* A string that ends with NUL, of at most `max` bytes. */
bool tracee_text(int pid, uint64_t address, size_t max, struct buf *to);
/* The strings that an array of pointers leads to, up to a null pointer, NUL after each, about `max` bytes;
 * with `prefix` only those that begin so. */
void tracee_strings(int pid, uint64_t array, const char *prefix, size_t max, struct buf *to);

/* In place of a descriptor: the current folder. */
enum { TRACEE_DIRECTORY = -100 };

/* What a descriptor of the process leads to: a path, or "pipe:[N]" and the like. */
bool tracee_link(int pid, int fd, struct buf *to);
/* A socket's address in words: "inet 192.0.2.1:80", "inet6 [::1]:80", "unix /run/x". */
bool tracee_address(int pid, uint64_t address, uint64_t size, struct buf *to);

#endif
