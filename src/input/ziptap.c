#include "input/ziptap.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "input/tally.h"

/* Sizes of the fixed parts of records, and the largest comment. */
enum { LOCAL = 30, CENTRAL = 46, END = 22, END64 = 56, LOCATOR64 = 20, COMMENT_MAX = 65535 };
/* A data descriptor: 12, 16, 20 or 24 bytes. */
enum { DESCRIPTOR_MAX = 24 };

struct zip_member {
	uint64_t at, stored;	/* of the local header; bytes of compressed content */
	struct str name;	/* in the central directory, in its buffer */
	const char *central;	/* its record there */
	bool descriptor;
};

struct zip {
	struct result *r;
	int fd;
	uint64_t size;
	uint64_t directory, directory_len, members;
	uint64_t end;		/* of all that the end records say */
	struct buf text;	/* the central directory */
	struct zip_member *v;
	size_t n, cap;
	struct tally names, fields;	/* that differ */
};

static uint64_t number(const char *p, int bytes)
{
	uint64_t v = 0;

	for (int i = bytes - 1; i >= 0; i--)
		v = v << 8 | (unsigned char)p[i];
	return v;
}

static bool is_record(const char *p, const char *magic)
{
	return p[0] == 'P' && p[1] == 'K' && p[2] == magic[0] && p[3] == magic[1];
}

static bool read_at(const struct zip *z, uint64_t at, void *to, size_t n)
{
	return at <= z->size && n <= z->size - at &&
	       pread(z->fd, to, n, (off_t)at) == (ssize_t)n;
}

static int malformed(struct error *err, const char *what)
{
	error_set(err, ERROR_INPUT, "zip: %s", what);
	return error_hint(err, "test it with `unzip -t`, and fetch it again");
}

/* The end of central directory record, which may be followed by a comment only. */
static int find_end(struct zip *z, struct error *err)
{
	AUTO_BUF struct buf tail = BUF_INIT;
	const size_t n = z->size < END + COMMENT_MAX ? (size_t)z->size : END + COMMENT_MAX;
	const uint64_t from = z->size - n;
	char end64[END64], locator[LOCATOR64];

	if (n < END || !read_at(z, from, buf_reserve(&tail, n), n))
		return malformed(err, "no end record");
	for (size_t i = n - END + 1; i-- > 0;) {
		const char *p = tail.ptr + i;

		if (!is_record(p, "\5\6") || i + END + number(p + 20, 2) != n)
			continue;
		z->members = number(p + 10, 2);
		z->directory_len = number(p + 12, 4);
		z->directory = number(p + 16, 4);
		z->end = from + i;
		if (read_at(z, z->end - LOCATOR64, locator, LOCATOR64) && z->end >= LOCATOR64 &&
		    is_record(locator, "\6\7") &&
		    read_at(z, number(locator + 8, 8), end64, END64) && is_record(end64, "\6\6")) {
			z->members = number(end64 + 32, 8);
			z->directory_len = number(end64 + 40, 8);
			z->directory = number(end64 + 48, 8);
			z->end = number(locator + 8, 8);
		}
		return 0;
	}
	return malformed(err, "no end record");
}

/* Values of 4 bytes that are too small come in the extra field 1 (section 4.5.3). */
static void zip64_values(struct str extra, uint64_t plain, struct zip_member *m)
{
	while (extra.len >= 4) {
		const uint64_t id = number(extra.ptr, 2), len = number(extra.ptr + 2, 2);
		struct str field = str_first(str_from_at(extra, 4), (size_t)len);

		extra = str_from_at(extra, 4 + (size_t)len);
		if (id != 1)
			continue;
		if (plain == UINT32_MAX)
			field = str_from_at(field, 8);
		if (m->stored == UINT32_MAX && field.len >= 8) {
			m->stored = number(field.ptr, 8);
			field = str_from_at(field, 8);
		}
		if (m->at == UINT32_MAX && field.len >= 8)
			m->at = number(field.ptr, 8);
	}
}

static int read_directory(struct zip *z, struct error *err)
{
	struct str rest;

	if (z->directory_len > LIMIT_PATHS_TOTAL || z->members > LIMIT_ENTRIES)
		return error_set(err, ERROR_TOO_LARGE, "zip: the central directory is too large");
	if (!read_at(z, z->directory, buf_reserve(&z->text, (size_t)z->directory_len),
		     (size_t)z->directory_len))
		return malformed(err, "the central directory is not where it should be");
	z->text.len = (size_t)z->directory_len;
	rest = buf_str(&z->text);
	while (rest.len >= CENTRAL && is_record(rest.ptr, "\1\2")) {
		const size_t name = (size_t)number(rest.ptr + 28, 2);
		const size_t extra = (size_t)number(rest.ptr + 30, 2);
		const size_t all = CENTRAL + name + extra + (size_t)number(rest.ptr + 32, 2);
		struct zip_member m = {
			.at = number(rest.ptr + 42, 4), .stored = number(rest.ptr + 20, 4),
			.descriptor = (number(rest.ptr + 8, 2) & 8) != 0,
		};

		if (all > rest.len)
			return malformed(err, "the central directory is cut off");
		m.name = str_of(rest.ptr + CENTRAL, name);
		m.central = rest.ptr;
		zip64_values(str_of(rest.ptr + CENTRAL + name, extra), number(rest.ptr + 24, 4), &m);
		z->v = memory_grow(z->v, z->n, &z->cap, sizeof(*z->v));
		z->v[z->n++] = m;
		rest = str_from_at(rest, all);
	}
	if (z->n != z->members)
		return malformed(err, "the central directory has another number of members than it says");
	return 0;
}

static void gap(struct zip *z, uint64_t from, uint64_t to)
{
	struct finding *f = result_find(z->r, RULE_TP105, STR(""), "%llu bytes of the zip belong to "
					"no member of its directory (offset in the file as stored)",
					(unsigned long long)(to - from));

	f->severity = SEVERITY_HIGH;
	f->offset = (int64_t)from;
	f->length = (int64_t)(to - from);
}

static void differ(struct zip *z, const struct zip_member *m, const char *what, struct str seen)
{
	AUTO_BUF struct buf text = BUF_INIT;

	buf_addf(&text, "%s %.*s", what, STR_FMT(seen));
	tally_add(&z->r->arena, &z->fields, m->name, (int64_t)m->at, str_trim(buf_str(&text)));
}

/* A field of both records: a value that is not known yet is 0 or all ones in the local header when a
 * data descriptor follows, and all ones when it is in the extra field. */
static bool field_differs(const char *local, const char *central, bool later)
{
	const uint64_t here = number(local, 4), there = number(central, 4);

	return here != there && here != UINT32_MAX && there != UINT32_MAX && !(later && here == 0);
}

static void check_fields(struct zip *z, const struct zip_member *m, const char *local)
{
	const char *const central = m->central;
	const bool later = (number(local + 6, 2) & 8) != 0;

	if (((number(local + 6, 2) ^ number(central + 8, 2)) & 1) != 0)
		differ(z, m, "encryption", STR(""));
	if (number(local + 8, 2) != number(central + 10, 2))
		differ(z, m, "method", STR(""));
	if (field_differs(local + 14, central + 16, later))
		differ(z, m, "checksum", STR(""));
	if (field_differs(local + 18, central + 20, later) ||
	    field_differs(local + 22, central + 24, later))
		differ(z, m, "size", STR(""));
}

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] >= 0x80)
			return false;
	return true;
}

/* Info-ZIP's Unicode Path (4.6.9): one more name, for programs that know it. Where the plain name is
 * ASCII nothing is gained by it. */
static void check_unicode_name(struct zip *z, const struct zip_member *m, struct str extra)
{
	while (extra.len >= 4) {
		const uint64_t id = number(extra.ptr, 2), len = number(extra.ptr + 2, 2);
		const struct str field = str_first(str_from_at(extra, 4), (size_t)len);

		extra = str_from_at(extra, 4 + (size_t)len);
		if (id == 0x7075 && field.len > 5 && is_ascii(m->name) &&
		    !str_eq(str_from_at(field, 5), m->name))
			differ(z, m, "name in Unicode", str_from_at(field, 5));
	}
}

/* One local header against what the directory says; *end is where the member ends. */
static int check_member(struct zip *z, const struct zip_member *m, uint64_t *end,
			struct error *err)
{
	char local[LOCAL];
	AUTO_BUF struct buf name = BUF_INIT;
	size_t name_len, extra_len;

	if (!read_at(z, m->at, local, LOCAL) || !is_record(local, "\3\4"))
		return malformed(err, "a member is not where the directory says");
	name_len = (size_t)number(local + 26, 2);
	extra_len = (size_t)number(local + 28, 2);
	if (!read_at(z, m->at + LOCAL, buf_reserve(&name, name_len + extra_len),
		     name_len + extra_len))
		return malformed(err, "a member is cut off");
	name.len = name_len;
	if (!str_eq(buf_str(&name), m->name))
		tally_add(&z->r->arena, &z->names, m->name, (int64_t)m->at, buf_str(&name));
	check_fields(z, m, local);
	check_unicode_name(z, m, str_of(name.ptr + name_len, extra_len));
	check_unicode_name(z, m, str_of(m->central + CENTRAL + m->name.len,
					(size_t)number(m->central + 30, 2)));
	*end = m->at + LOCAL + name_len + extra_len + m->stored;
	return 0;
}

static int by_place(const void *a, const void *b)
{
	const struct zip_member *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

static int check_members(struct zip *z, struct error *err)
{
	uint64_t covered = 0, end = 0;

	if (z->n)
		qsort(z->v, z->n, sizeof(*z->v), by_place);
	for (size_t i = 0; i <= z->n; i++) {
		const uint64_t next = i < z->n ? z->v[i].at : z->directory;
		const bool descriptor = i > 0 && z->v[i - 1].descriptor;

		if (next < covered)
			return malformed(err, "members overlap");
		if (next - covered > (descriptor ? DESCRIPTOR_MAX : 0))
			gap(z, covered, next);
		if (i < z->n && check_member(z, &z->v[i], &end, err) < 0)
			return -1;
		covered = end;
	}
	if (z->directory + z->directory_len < z->end)
		gap(z, z->directory + z->directory_len, z->end);
	return 0;
}

int ziptap_check(struct result *r, int fd, uint64_t size, struct error *err)
{
	struct zip z = { .r = r, .fd = fd, .size = size };
	int status = find_end(&z, err);

	if (status == 0)
		status = read_directory(&z, err);
	if (status == 0)
		status = check_members(&z, err);
	tally_report(r, &z.names, RULE_TP109, SEVERITY_CRITICAL,
		     "has another name in its own header than in the zip's directory");
	tally_report(r, &z.fields, RULE_TP127, SEVERITY_CRITICAL,
		     "is described in its own header otherwise than in the zip's directory");
	memory_free(z.v);
	buf_release(&z.text);
	return status;
}
