/* Strings: counted views and one growable buffer.
 * A view owns nothing; a buffer owns its bytes until buf_release().
 * Knows nothing of encodings: bytes are bytes (paths are not text). */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct str {
	const char *ptr;	/* may be NULL only when len is 0 */
	size_t len;		/* bytes; not NUL-terminated in general */
};

#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
/* The two arguments of a "%.*s" for a view. */
#define STR_FMT(s) (int)(s).len, (s).ptr ? (s).ptr : ""

static inline struct str str_from(const char *cstr)
{
	return (struct str){ cstr, cstr ? strlen(cstr) : 0 };
}

static inline struct str str_of(const void *ptr, size_t len)
{
	return (struct str){ ptr, len };
}

static inline bool str_eq(struct str a, struct str b)
{
	/* The first byte settles most, without a call. */
	return a.len == b.len &&
	       (a.len == 0 || (a.ptr[0] == b.ptr[0] && memcmp(a.ptr, b.ptr, a.len) == 0));
}

static inline bool str_starts(struct str s, struct str prefix)
{
	return s.len >= prefix.len &&
	       (prefix.len == 0 ||
		(s.ptr[0] == prefix.ptr[0] && memcmp(s.ptr, prefix.ptr, prefix.len) == 0));
}

static inline bool str_ends(struct str s, struct str suffix)
{
	return s.len >= suffix.len &&
	       (suffix.len == 0 ||
		(s.ptr[s.len - 1] == suffix.ptr[suffix.len - 1] &&
		 memcmp(s.ptr + s.len - suffix.len, suffix.ptr, suffix.len) == 0));
}

/* From byte `from` on; empty when that is past the end. */
static inline struct str str_from_at(struct str s, size_t from)
{
	if (from >= s.len)
		return (struct str){ s.ptr ? s.ptr + s.len : NULL, 0 };
	return (struct str){ s.ptr + from, s.len - from };
}

/* The first n bytes, or all when shorter. */
static inline struct str str_first(struct str s, size_t n)
{
	return (struct str){ s.ptr, n < s.len ? n : s.len };
}

/* Whether s is one of an array of strings. */
bool str_is_one_of(struct str s, const struct str *list, size_t n);
#define STR_IS_ONE_OF(s, list) str_is_one_of(s, list, sizeof(list) / sizeof((list)[0]))
/* Byte order, shorter first on a common prefix; as memcmp(). */
int str_cmp(struct str a, struct str b);
/* ASCII case-insensitive equality. */
bool str_case_eq(struct str a, struct str b);
/* Offset of the first (last) byte `c`, or (size_t)-1. */
size_t str_find(struct str s, char c);
size_t str_rfind(struct str s, char c);
/* Offset of `needle`, or (size_t)-1. */
size_t str_find_str(struct str s, struct str needle);
/* What follows the last '/': the last component of a path. */
struct str str_base(struct str path);
/* Without ASCII blanks, CR and LF at both ends. */
struct str str_trim(struct str s);
/* Cuts the next line (without its LF) off *rest; false at the end. */
bool str_next_line(struct str *rest, struct str *line);
/* Cuts the next component of a path (up to a '/', which may leave it empty) off *rest; false at
 * the end. */
bool str_next_component(struct str *rest, struct str *part);
/* Cuts the next item (up to a separator, which may leave it empty) off *rest; false when nothing is left. */
bool str_next_item(struct str *rest, char separator, struct str *item);
/* Cuts the next word (separated by blanks) off *rest; false at the end. */
bool str_next_word(struct str *rest, struct str *word);

struct buf {
	char *ptr;	/* NUL-terminated whenever not NULL */
	size_t len;	/* bytes used, without that NUL */
	size_t cap;	/* bytes allocated */
};

#define BUF_INIT ((struct buf){ NULL, 0, 0 })

/* All of these grow the buffer as needed and abort when memory is out. */
void buf_add(struct buf *b, const void *ptr, size_t len);
void buf_add_str(struct buf *b, struct str s);
void buf_add_cstr(struct buf *b, const char *s);
void buf_add_char(struct buf *b, char c);
void buf_addf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_vaddf(struct buf *b, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
/* Room for at least `more` further bytes; returns where they go. */
char *buf_reserve(struct buf *b, size_t more);
/* Empties, keeps the memory. */
void buf_reset(struct buf *b);
/* Frees, and leaves a buffer that can be used again. */
void buf_release(struct buf *b);
/* Always a C string, "" when empty. */
const char *buf_cstr(const struct buf *b);

static inline struct str buf_str(const struct buf *b)
{
	return (struct str){ b->ptr, b->len };
}

#endif
