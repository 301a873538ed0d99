/* Errors: a code, a message, and what to do next.
 * The struct is the caller's and owns its text.
 * An oddity of the *input* is a finding, never an error. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

enum error_code {
	ERROR_NONE = 0,
	ERROR_USAGE,		/* the command line is wrong */
	ERROR_INPUT,		/* artifact or listing can't be read as what it claims to be */
	ERROR_ORIGIN,		/* not a repository, object of the wrong kind, ... */
	ERROR_TOO_LARGE,	/* beyond a limit of limits.h */
	ERROR_UNRESOLVED,	/* no tag, or more than one: the audit is incomplete */
	ERROR_SYSTEM,		/* open, read, write, disk full, ... */
	ERROR_TRANSIENT,	/* may work when tried again (network, lock) */
	ERROR_INTERRUPTED,	/* ^C or termination asked for */
	ERROR_INTERNAL,		/* a mistake in tarproof */
};

struct error {
	enum error_code code;
	char message[1024];	/* what is wrong; built from the inside out; raw bytes of
				 * the input may be in it: escape before printing */
	char hint[512];		/* the next step for the user; may be empty */
};

#define ERROR_INIT ((struct error){ .code = ERROR_NONE })

/* Both return -1, so that `return error_set(err, ...)` reads well. */
int error_set(struct error *err, enum error_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Puts "context: " before the message. */
int error_prefix(struct error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Sets the hint, unless one was given further inside. Returns -1. */
int error_hint(struct error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* "what: strerror(errno)" with ERROR_SYSTEM; returns -1. */
int error_errno(struct error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
