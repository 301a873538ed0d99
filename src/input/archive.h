/* Archives: members and their content, by libarchive (which appears in archive.c only).
 * A reader owns its library handle; it borrows the stream or file descriptor.
 * Knows nothing of trees, hashes or what a member is for. */
#ifndef INPUT_ARCHIVE_H
#define INPUT_ARCHIVE_H

#include "input/source.h"
#include "input/stream.h"

struct archive_reader;

enum member_type {
	MEMBER_FILE,
	MEMBER_DIR,
	MEMBER_LINK,		/* symbolic */
	MEMBER_HARDLINK,
	MEMBER_SPECIAL,
};

struct member {
	struct str path;	/* as stored; valid until the next member */
	enum member_type type;
	uint16_t mode;		/* permission bits */
	bool has_size;
	uint64_t size;
	bool has_mtime;
	int64_t mtime;		/* seconds since 1970 */
	struct str target;	/* of links */
	bool encrypted;
};

/* The members of a tar (or cpio) in a decoded stream, as its reader number 0. */
struct archive_reader *archive_open_stream(struct stream *s, struct error *err);
/* Zip and rpm, which libarchive decodes itself; `fd` is positioned at the start, `stored` is the
 * size of the file in bytes. No program is run for a filter that libarchive lacks. */
struct archive_reader *archive_open_fd(int fd, uint64_t stored, struct error *err);
/* Bytes of the file that were read so far. */
uint64_t archive_bytes_read(struct archive_reader *a);
/* 1 with the next member, 0 at the end, -1 with err. */
int archive_next(struct archive_reader *a, struct member *m, struct error *err);
/* A piece of the member's content: 1 with a slice (reference included where it has a block)
 * and the offset at which it belongs (what lies between is zeros), 0 at the end, -1 with err. */
int archive_data(struct archive_reader *a, struct slice *piece, uint64_t *offset,
		 struct error *err);
/* The member's content as a source, for an archive within. */
struct source archive_source(struct archive_reader *a);
/* "tar", "cpio", "zip", ... of what was read. */
const char *archive_format_name_of(struct archive_reader *a);
void archive_close(struct archive_reader *a);

/* Whether libarchive's own decoding is wanted: zip, rpm or deb (an ar), by magic number. */
bool archive_is_direct(const uint8_t *p, size_t n, const char **format);

#endif
