/* JSON writer: one value, indented by two spaces, keys in byte order.
 * Appends to the caller's buffer; owns nothing, and borrows each key until its object ends.
 * Knows nothing of results; strings go through escape_json(). */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include <stdint.h>

#include "base/digest.h"
#include "base/str.h"

enum { JSON_DEPTH = 16 };

struct json {
	struct buf *out;
	unsigned int depth;		/* objects and arrays that are open */
	struct {
		bool array;
		bool any;		/* holds a member already */
		const char *key;	/* the last one; of an object */
	} level[JSON_DEPTH];
};

void json_init(struct json *w, struct buf *out);

/* Keys are constants of the program, so their order is checked by assert(). */
void json_key(struct json *w, const char *key);

void json_begin_object(struct json *w);
void json_end_object(struct json *w);
void json_begin_array(struct json *w);
void json_end_array(struct json *w);
void json_str(struct json *w, struct str s);
void json_uint(struct json *w, uint64_t n);
void json_int(struct json *w, int64_t n);
void json_bool(struct json *w, bool b);
/* A number with six decimals, whatever the locale is; 0 for what is negative or not a number. */
void json_seconds(struct json *w, double seconds);

/* A key with its value. json_put_text() leaves out both when the text is empty. */
void json_put_str(struct json *w, const char *key, struct str s);
void json_put_text(struct json *w, const char *key, struct str s);
void json_put_uint(struct json *w, const char *key, uint64_t n);
void json_put_int(struct json *w, const char *key, int64_t n);
void json_put_bool(struct json *w, const char *key, bool b);
void json_put_sha256(struct json *w, const char *key, const struct sha256 *digest);
void json_put_strings(struct json *w, const char *key, const struct str *v, size_t n);
void json_put_null(struct json *w, const char *key);

#endif
