#include "input/gitarchive.h"

#include <stdio.h>

#include "base/cleanup.h"

enum { RECORD = 512, BLOCKING = 20 * RECORD };

struct writer {
	const struct gitarchive *g;
	struct digest_state digest;
	uint64_t written;	/* bytes of the stream, contents included */
	bool unable;
};

/* Field of a ustar header (POSIX.1-2017, pax, "ustar Interchange Format"). */
struct ustar {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], sum[8], type;
	char link[100], magic[6], version[2], uname[32], gname[32], major[8], minor[8];
	char prefix[155], rest[12];
};

static void put(struct writer *w, const void *data, size_t n)
{
	digest_update(&w->digest, data, n);
	w->written += n;
}

static void put_padded(struct writer *w, const void *data, size_t n)
{
	static const char zeros[RECORD];

	put(w, data, n);
	if (n % RECORD)
		put(w, zeros, RECORD - n % RECORD);
}

static void octal(char *field, int digits, uint64_t value)
{
	for (int i = digits - 1; i >= 0; i--, value >>= 3)
		field[i] = (char)('0' + (value & 7));
}

static void put_header(struct writer *w, struct ustar *h, char type, unsigned int mode,
		       uint64_t size)
{
	const unsigned char *bytes = (const unsigned char *)h;
	uint64_t sum = 0;

	h->type = type;
	octal(h->mode, 7, mode & 07777);
	octal(h->uid, 7, 0);
	octal(h->gid, 7, 0);
	octal(h->size, 11, size);
	octal(h->mtime, 11, (uint64_t)w->g->mtime);
	memcpy(h->magic, "ustar", 6);
	memcpy(h->version, "00", 2);
	memcpy(h->uname, "root", 4);
	memcpy(h->gname, "root", 4);
	octal(h->major, 7, 0);
	octal(h->minor, 7, 0);
	memset(h->sum, ' ', sizeof(h->sum));
	for (size_t i = 0; i < RECORD; i++)
		sum += bytes[i];
	octal(h->sum, 7, sum);
	h->sum[7] = '\0';
	put(w, h, RECORD);
}

/* "LENGTH KEY=VALUE\n", where the length counts itself. */
static void pax_record(struct buf *to, const char *key, struct str value)
{
	const size_t rest = strlen(key) + value.len + 3;
	size_t len = rest + 1;

	for (size_t limit = 10; len >= limit; limit *= 10)
		len = rest + (size_t)snprintf(NULL, 0, "%zu", len);
	/* The length may have gained a digit by counting its own digits. */
	len = rest + (size_t)snprintf(NULL, 0, "%zu", len);
	buf_addf(to, "%zu %s=%.*s\n", len, key, STR_FMT(value));
}

/* How many bytes of a long path go to the prefix field, 0 when it can't be split. */
static size_t prefix_length(struct str path)
{
	size_t i = path.len;

	if (i > 1 && path.ptr[i - 1] == '/')
		i--;
	if (i > sizeof(((struct ustar *)0)->prefix))
		i = sizeof(((struct ustar *)0)->prefix);
	do
		i--;
	while (i > 0 && path.ptr[i] != '/');
	return i;
}

static void put_extended(struct writer *w, const char *hex, const struct buf *records)
{
	struct ustar h = { .type = 0 };

	snprintf(h.name, sizeof(h.name), "%s.paxheader", hex);
	put_header(w, &h, 'x', 0100666, records->len);
	put_padded(w, records->ptr, records->len);
}

static void set_name(struct ustar *h, struct str path, const char *hex, struct buf *records)
{
	size_t prefix;

	if (path.len <= sizeof(h->name)) {
		memcpy(h->name, path.ptr, path.len);
		return;
	}
	prefix = prefix_length(path);
	if (prefix > 0 && path.len - prefix - 1 <= sizeof(h->name)) {
		memcpy(h->prefix, path.ptr, prefix);
		memcpy(h->name, path.ptr + prefix + 1, path.len - prefix - 1);
		return;
	}
	snprintf(h->name, sizeof(h->name), "%s.data", hex);
	pax_record(records, "path", path);
}

static void put_entry(struct writer *w, struct str path, char type, unsigned int mode,
		      const struct oid *oid, uint64_t size, const char *target)
{
	struct ustar h = { .type = 0 };
	AUTO_BUF struct buf records = BUF_INIT;
	char hex[OID_HEX + 1];

	hex_encode(oid->bytes, OID_SIZE, hex);
	set_name(&h, path, hex, &records);
	if (target && strlen(target) > sizeof(h.link)) {
		snprintf(h.link, sizeof(h.link), "see %s.paxheader", hex);
		pax_record(&records, "linkpath", str_from(target));
	} else if (target) {
		memcpy(h.link, target, strlen(target));
	}
	/* The header's name holds the object's id, which of a folder nobody asked for. */
	if (records.len && type == '5')
		w->unable = true;
	if (records.len)
		put_extended(w, hex, &records);
	put_header(w, &h, type, mode, size);
	/* The content itself is no structure; its padding is. */
	w->written += size;
	if (size % RECORD) {
		static const char zeros[RECORD];

		put(w, zeros, RECORD - size % RECORD);
	}
}

static void put_folder(struct writer *w, struct str path)
{
	static const struct oid none;
	const unsigned int mode = 0777 & ~w->g->umask;

	put_entry(w, path, '5', mode, &none, 0, NULL);
}

static void put_file(struct writer *w, const struct entry *o, struct str path)
{
	const struct entry *a = tree_find(w->g->artifact, entry_path(o));
	const unsigned int mode = o->mode & 0100 ? 0777 : 0666;

	if (!a || a->size > 077777777777) {
		w->unable = true;
	} else if (o->type == ENTRY_LINK) {
		put_entry(w, path, '2', 0777, &o->oid, 0, a->target ? a->target : "");
	} else {
		put_entry(w, path, '0', mode & ~w->g->umask, &o->oid, a->size, NULL);
	}
}

/* The folders of `path` that the path before it did not open. */
static void open_folders(struct writer *w, struct str path, struct str before, struct buf *full)
{
	size_t common = 0;

	for (size_t i = 0; i < path.len && i < before.len && path.ptr[i] == before.ptr[i]; i++)
		if (path.ptr[i] == '/')
			common = i + 1;
	for (size_t i = common; i < path.len; i++) {
		if (path.ptr[i] != '/')
			continue;
		buf_reset(full);
		buf_add_str(full, w->g->prefix);
		buf_add(full, path.ptr, i + 1);
		put_folder(w, buf_str(full));
	}
}

/* git's order of entries (a folder's name counts with its '/') is the order of whole paths. */
static void put_all(struct writer *w)
{
	const struct tree *t = w->g->origin;
	AUTO_BUF struct buf full = BUF_INIT;
	struct str before = STR("");

	for (size_t i = 0; i < t->n; i++) {
		const struct entry *e = &t->v[i];

		if (e->flags & ENTRY_SUBMODULE)
			continue;
		/* Folders are written even when all that is in them is left out. */
		if (e->flags & ENTRY_EXPORT_IGNORE) {
			open_folders(w, str_first(entry_path(e), e->ignored_len), before, &full);
			before = str_first(entry_path(e), e->ignored_len);
			continue;
		}
		open_folders(w, entry_path(e), before, &full);
		before = entry_path(e);
		buf_reset(&full);
		buf_add_str(&full, w->g->prefix);
		buf_add_str(&full, entry_path(e));
		if (e->type == ENTRY_GITLINK) {
			/* An empty folder. */
			buf_add_char(&full, '/');
			put_folder(w, buf_str(&full));
		} else {
			put_file(w, e, buf_str(&full));
		}
	}
}

bool gitarchive_structure(const struct gitarchive *g, struct sha256 *out)
{
	static const char zeros[RECORD];
	struct writer w = { .g = g };

	digest_init(&w.digest);
	if (g->commit.len) {
		struct ustar h = { .type = 0 };
		AUTO_BUF struct buf records = BUF_INIT;

		pax_record(&records, "comment", g->commit);
		memcpy(h.name, "pax_global_header", 17);
		put_header(&w, &h, 'g', 0100666, records.len);
		put_padded(&w, records.ptr, records.len);
	}
	if (g->prefix.len)
		put_folder(&w, g->prefix);
	put_all(&w);
	/* Two records of zeros at least, and up to a full block. */
	put(&w, zeros, RECORD);
	put(&w, zeros, RECORD);
	while (w.written % BLOCKING)
		put(&w, zeros, RECORD);
	digest_final(&w.digest, out);
	return !w.unable;
}
