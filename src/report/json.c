#include "report/json.h"

#include <assert.h>
#include <inttypes.h>

#include "base/escape.h"

void json_init(struct json *w, struct buf *out)
{
	*w = (struct json){ .out = out };
}

static void start_line(struct json *w)
{
	buf_add_char(w->out, '\n');
	for (unsigned int i = 0; i < w->depth; i++)
		buf_add(w->out, "  ", 2);
}

/* What stands between a member and the one before it. */
static void separate(struct json *w)
{
	if (w->level[w->depth - 1].any)
		buf_add_char(w->out, ',');
	w->level[w->depth - 1].any = true;
	start_line(w);
}

void json_key(struct json *w, const char *key)
{
	const char *const last = w->depth ? w->level[w->depth - 1].key : NULL;

	assert(w->depth > 0 && !w->level[w->depth - 1].array);
	assert(!last || strcmp(last, key) < 0);
	(void)last;	/* with NDEBUG */
	w->level[w->depth - 1].key = key;
	separate(w);
	escape_json(w->out, str_from(key));
	buf_add(w->out, ": ", 2);
}

static void before_value(struct json *w)
{
	if (w->depth && w->level[w->depth - 1].array)
		separate(w);
}

static void begin(struct json *w, bool array)
{
	before_value(w);
	assert(w->depth < JSON_DEPTH);
	w->level[w->depth].array = array;
	w->level[w->depth].any = false;
	w->level[w->depth].key = NULL;
	w->depth++;
	buf_add_char(w->out, array ? '[' : '{');
}

static void end(struct json *w, bool array)
{
	assert(w->depth > 0 && w->level[w->depth - 1].array == array);
	w->depth--;
	if (w->level[w->depth].any)
		start_line(w);
	buf_add_char(w->out, array ? ']' : '}');
}

void json_begin_object(struct json *w)
{
	begin(w, false);
}

void json_end_object(struct json *w)
{
	end(w, false);
}

void json_begin_array(struct json *w)
{
	begin(w, true);
}

void json_end_array(struct json *w)
{
	end(w, true);
}

void json_str(struct json *w, struct str s)
{
	before_value(w);
	escape_json(w->out, s);
}

void json_uint(struct json *w, uint64_t n)
{
	before_value(w);
	buf_addf(w->out, "%" PRIu64, n);
}

void json_int(struct json *w, int64_t n)
{
	before_value(w);
	buf_addf(w->out, "%" PRId64, n);
}

void json_bool(struct json *w, bool b)
{
	before_value(w);
	buf_add_cstr(w->out, b ? "true" : "false");
}

void json_seconds(struct json *w, double seconds)
{
	/* Also false for NaN; a million years of running time is no measurement. */
	const bool sane = seconds > 0 && seconds < 3e13;
	const uint64_t micros = sane ? (uint64_t)(seconds * 1e6 + 0.5) : 0;

	before_value(w);
	buf_addf(w->out, "%" PRIu64 ".%06" PRIu64, micros / 1000000, micros % 1000000);
}

void json_put_str(struct json *w, const char *key, struct str s)
{
	json_key(w, key);
	json_str(w, s);
}

void json_put_text(struct json *w, const char *key, struct str s)
{
	if (s.len)
		json_put_str(w, key, s);
}

void json_put_uint(struct json *w, const char *key, uint64_t n)
{
	json_key(w, key);
	json_uint(w, n);
}

void json_put_int(struct json *w, const char *key, int64_t n)
{
	json_key(w, key);
	json_int(w, n);
}

void json_put_bool(struct json *w, const char *key, bool b)
{
	json_key(w, key);
	json_bool(w, b);
}

void json_put_null(struct json *w, const char *key)
{
	json_key(w, key);
	buf_add_cstr(w->out, "null");
}

void json_put_sha256(struct json *w, const char *key, const struct sha256 *digest)
{
	char hex[SHA256_HEX + 1];

	hex_encode(digest->bytes, SHA256_SIZE, hex);
	json_put_str(w, key, str_from(hex));
}

void json_put_strings(struct json *w, const char *key, const struct str *v, size_t n)
{
	json_key(w, key);
	json_begin_array(w);
	for (size_t i = 0; i < n; i++)
		json_str(w, v[i]);
	json_end_array(w);
}
