#include "input/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>

#include "base/memory.h"

/* Copies of data that libarchive holds in buffers of its own. */
enum { COPY_BLOCKS = 24, FD_CHUNK = 128 * 1024 };

struct archive_reader {
	struct archive *lib;
	struct archive_entry *entry;
	struct stream *stream;
	struct block *block;		/* of the stream: what libarchive reads from now */
	bool stream_failed;
	struct block_pool copies;
	/* A piece that libarchive gave and that was not yet handed on. */
	const uint8_t *piece;
	size_t piece_len;
	uint64_t piece_offset;
	uint64_t stored;		/* size of the file; 0: limits are the decoder's */
	uint64_t total;			/* bytes of content given out */
	/* For archive_source(). */
	struct slice rest;
	uint64_t source_at;
};

static la_ssize_t stream_read(struct archive *lib, void *ctx, const void **data)
{
	struct archive_reader *a = ctx;

	(void)lib;
	block_unref(a->block);
	a->block = stream_next(a->stream, 0, &a->stream_failed);
	if (!a->block) {
		if (a->stream_failed) {
			archive_set_error(lib, EIO, "decoding failed");
			return -1;
		}
		return 0;
	}
	*data = a->block->data;
	return (la_ssize_t)a->block->len;
}

static int failed(struct archive_reader *a, struct error *err)
{
	const char *text = archive_error_string(a->lib);

	return error_set(err, ERROR_INPUT, "%s", text ? text : "can't be read as an archive");
}

static struct archive_reader *reader_new(struct error *err)
{
	struct archive_reader *a = memory_zalloc(sizeof(*a));

	a->lib = archive_read_new();
	if (!a->lib) {
		memory_free(a);
		error_set(err, ERROR_INTERNAL, "libarchive can't be set up");
		return NULL;
	}
	block_pool_init(&a->copies, COPY_BLOCKS);
	return a;
}

struct archive_reader *archive_open_stream(struct stream *s, struct error *err)
{
	struct archive_reader *a = reader_new(err);

	if (!a)
		return NULL;
	a->stream = s;
	archive_read_support_filter_none(a->lib);
	archive_read_support_format_tar(a->lib);
	archive_read_support_format_cpio(a->lib);
	archive_read_support_format_empty(a->lib);
	if (archive_read_open(a->lib, a, NULL, stream_read, NULL) < ARCHIVE_WARN) {
		failed(a, err);
		archive_close(a);
		return NULL;
	}
	return a;
}

/* Of the filters only those that libarchive holds itself: for others it would run a program
 * that the artifact chooses by its magic number. */
static void support_filters(struct archive *lib)
{
	archive_read_support_filter_rpm(lib);
	if (archive_zlib_version())
		archive_read_support_filter_gzip(lib);
	if (archive_bzlib_version())
		archive_read_support_filter_bzip2(lib);
	if (archive_liblzma_version()) {
		archive_read_support_filter_xz(lib);
		archive_read_support_filter_lzma(lib);
	}
	if (archive_libzstd_version())
		archive_read_support_filter_zstd(lib);
}

struct archive_reader *archive_open_fd(int fd, uint64_t stored, struct error *err)
{
	struct archive_reader *a = reader_new(err);

	if (!a)
		return NULL;
	a->stored = stored;
	support_filters(a->lib);
	archive_read_support_format_zip_seekable(a->lib);	/* the other one takes cut ones for whole */
	archive_read_support_format_cpio(a->lib);
	archive_read_support_format_ar(a->lib);
	if (archive_read_open_fd(a->lib, fd, FD_CHUNK) < ARCHIVE_WARN) {
		failed(a, err);
		archive_close(a);
		return NULL;
	}
	return a;
}

static enum member_type type_of(struct archive_entry *e)
{
	if (archive_entry_hardlink(e))
		return MEMBER_HARDLINK;
	switch (archive_entry_filetype(e)) {
	case AE_IFREG:
		return MEMBER_FILE;
	case AE_IFDIR:
		return MEMBER_DIR;
	case AE_IFLNK:
		return MEMBER_LINK;
	default:
		return MEMBER_SPECIAL;
	}
}

/* ARCHIVE_WARN is no failure: names that are not text in the locale come with it. */
int archive_next(struct archive_reader *a, struct member *m, struct error *err)
{
	const int r = archive_read_next_header(a->lib, &a->entry);

	if (r == ARCHIVE_EOF)
		return 0;
	if (r != ARCHIVE_OK && r != ARCHIVE_WARN)
		return failed(a, err);
	a->piece_len = 0;
	a->source_at = 0;
	*m = (struct member){
		.path = str_from(archive_entry_pathname(a->entry)),
		.type = type_of(a->entry),
		.mode = (uint16_t)(archive_entry_perm(a->entry) & 07777),
		.has_size = archive_entry_size_is_set(a->entry) != 0,
		.has_mtime = archive_entry_mtime_is_set(a->entry) != 0,
		.mtime = archive_entry_mtime(a->entry),
		.encrypted = archive_entry_is_data_encrypted(a->entry) > 0,
	};
	if (!m->path.ptr)
		m->path = str_from(archive_entry_pathname_utf8(a->entry));
	if (!m->path.ptr)
		m->path = STR("");
	if (m->has_size && archive_entry_size(a->entry) > 0)
		m->size = (uint64_t)archive_entry_size(a->entry);
	if (m->type == MEMBER_LINK)
		m->target = str_from(archive_entry_symlink(a->entry));
	else if (m->type == MEMBER_HARDLINK)
		m->target = str_from(archive_entry_hardlink(a->entry));
	return 1;
}

static bool in_block(const struct archive_reader *a, const uint8_t *p, size_t n)
{
	const uintptr_t at = (uintptr_t)p;
	const uintptr_t from = a->block ? (uintptr_t)a->block->data : 0;

	return a->block && at >= from && at + n <= from + a->block->len;
}

/* What the decoding stage holds for streams, for archives that libarchive decodes. */
static int check_limits(const struct archive_reader *a, struct error *err)
{
	if (a->total > LIMIT_UNCOMPRESSED)
		return error_set(err, ERROR_TOO_LARGE, "more than %llu GiB come out of it: stopped",
				 LIMIT_UNCOMPRESSED >> 30);
	if (a->total > LIMIT_RATIO_FROM && a->total / LIMIT_RATIO > a->stored)
		return error_set(err, ERROR_TOO_LARGE, "expands more than %d times, like a "
				 "decompression bomb: stopped", LIMIT_RATIO);
	return 0;
}

uint64_t archive_bytes_read(struct archive_reader *a)
{
	const la_int64_t n = archive_filter_bytes(a->lib, -1);

	return n > 0 ? (uint64_t)n : 0;
}

int archive_data(struct archive_reader *a, struct slice *piece, uint64_t *offset,
		 struct error *err)
{
	if (a->piece_len == 0) {
		const void *data = NULL;
		la_int64_t at = 0;
		const int r = archive_read_data_block(a->lib, &data, &a->piece_len, &at);

		if (r == ARCHIVE_EOF)
			return 0;
		if (r < ARCHIVE_WARN)
			return failed(a, err);
		a->piece = data;
		a->piece_offset = (uint64_t)at;
		a->total += a->piece_len;
		if (a->stored && check_limits(a, err) < 0)
			return -1;
	}
	*offset = a->piece_offset;
	if (in_block(a, a->piece, a->piece_len)) {
		*piece = (struct slice){ block_ref(a->block), a->piece, a->piece_len };
	} else {
		struct block *b = block_get(&a->copies);

		b->len = a->piece_len < LIMIT_BLOCK ? a->piece_len : LIMIT_BLOCK;
		if (b->len)
			memcpy(b->data, a->piece, b->len);
		*piece = (struct slice){ b, b->data, b->len };
	}
	a->piece += piece->len;
	a->piece_offset += piece->len;
	a->piece_len -= piece->len;
	return 1;
}

/* Holes of sparse members are not given out: no archive within an archive has them. */
static ssize_t member_read(void *ctx, void *to, size_t n, struct error *err)
{
	struct archive_reader *a = ctx;
	uint64_t offset;
	size_t take;

	while (a->rest.len == 0) {
		int r;

		block_unref(a->rest.block);
		a->rest = (struct slice){ NULL, NULL, 0 };
		r = archive_data(a, &a->rest, &offset, err);
		if (r <= 0)
			return r;
		if (offset != a->source_at)
			return error_set(err, ERROR_INPUT, "an archive within is stored sparse");
		a->source_at += a->rest.len;
	}
	take = a->rest.len < n ? a->rest.len : n;
	memcpy(to, a->rest.ptr, take);
	a->rest.ptr += take;
	a->rest.len -= take;
	return (ssize_t)take;
}

struct source archive_source(struct archive_reader *a)
{
	return (struct source){ member_read, a };
}

const char *archive_format_name_of(struct archive_reader *a)
{
	switch (archive_format(a->lib) & ARCHIVE_FORMAT_BASE_MASK) {
	case ARCHIVE_FORMAT_TAR:
		return "tar";
	case ARCHIVE_FORMAT_CPIO:
		return "cpio";
	case ARCHIVE_FORMAT_ZIP:
		return "zip";
	default:
		return "empty";
	}
}

void archive_close(struct archive_reader *a)
{
	if (!a)
		return;
	block_unref(a->rest.block);
	archive_read_free(a->lib);
	block_unref(a->block);
	block_pool_release(&a->copies);
	memory_free(a);
}

bool archive_is_direct(const uint8_t *p, size_t n, const char **format)
{
	if (n >= 4 && (memcmp(p, "PK\3\4", 4) == 0 || memcmp(p, "PK\5\6", 4) == 0))
		*format = "zip";
	else if (n >= 4 && memcmp(p, "\xed\xab\xee\xdb", 4) == 0)
		*format = "rpm";
	else if (n >= 8 && memcmp(p, "!<arch>\n", 8) == 0)
		*format = "deb";
	else
		return false;
	return true;
}
