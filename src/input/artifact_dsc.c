/* An artifact that is a Debian source package: a .dsc and the parts beside it. */
#include "input/artifact_work.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/memory.h"
#include "input/dsc.h"

enum { DSC_MAX = 1024 * 1024 };

int artifact_dsc_text(int fd, struct buf *to, struct error *err)
{
	char start[64];
	ssize_t n = pread(fd, start, sizeof(start), 0);

	if (n > 0 && dsc_probe(str_of(start, (size_t)n)))
		n = pread(fd, buf_reserve(to, DSC_MAX), DSC_MAX, 0);
	else if (n > 0)
		n = 0;
	if (n < 0)
		return error_errno(err, "read");
	to->len = n < DSC_MAX ? (size_t)n : 0;
	return 0;
}

/* -1 with errno unless it is a regular file in the folder itself. */
static int open_part(int dir, const struct dsc_part *p)
{
	const int fd = openat(dir, p->name.ptr, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;

	if (fd < 0 || (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)))
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
}

/* A part is read from the .dsc's own folder; its checksum there is the .dsc's word. */
static int read_dsc_part(struct reading *g, int dir, const struct dsc_part *p, struct error *err)
{
	const bool main_part = strcmp(p->role, "orig") == 0;
	const bool audited = main_part || strcmp(p->role, "component") == 0;
	struct part *part = result_part(g->r, p->name, p->role);
	const size_t index = g->r->artifact.parts_n - 1;
	AUTO_FD int fd = open_part(dir, p);
	struct packed_facts f = { .container = NULL };
	struct sha256 digest;
	struct str prefix, lead;
	struct stat st;

	part->size = p->size;
	part->sha256 = p->sha256;
	part->audited = audited;
	if (fd < 0 && !audited) {
		result_not_checked(g->r, false, p->name, "the part is not beside the .dsc");
		return 0;
	}
	if (fd < 0) {
		error_errno(err, "part %s", p->name.ptr);
		return error_hint(err, "fetch all files that the .dsc names into one folder");
	}
	if (artifact_hash_file(fd, &digest, err) < 0 || fstat(fd, &st) < 0)
		return error_prefix(err, "part %s", p->name.ptr);
	if ((uint64_t)st.st_size != p->size || memcmp(digest.bytes, p->sha256.bytes, SHA256_SIZE) != 0) {
		char have[SHA256_HEX + 1];

		hex_encode(digest.bytes, SHA256_SIZE, have);
		finding_evidence(g->r, result_find(g->r, RULE_TP106, p->name,
				 "its size or SHA-256 is not the one in the .dsc"), str_from(have));
		g->r->artifact.parts[index].sha256 = digest;
	}
	if (!audited)
		return 0;
	prefix = main_part ? STR("") : arena_strf(&g->r->arena, "%.*s/", STR_FMT(p->component));
	if (artifact_read_packed(g, fd, prefix, false, &f, main_part ? &g->r->artifact.lead : &lead, err) < 0)
		return error_prefix(err, "part %s", p->name.ptr);
	if (main_part)
		artifact_note_stream(g, &f, false);
	return 0;
}

/* The folder that the artifact lies in. */
static int open_folder(struct reading *g, struct error *err)
{
	const struct str path = g->r->artifact.path;
	const size_t slash = str_rfind(path, '/');
	const int dir = open(slash == (size_t)-1 ? "." :
			     arena_str(&g->r->arena, str_first(path, slash + 1)).ptr,
			     O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return dir < 0 ? error_errno(err, "folder of the .dsc") : dir;
}

int artifact_read_dsc(struct reading *g, struct str text, struct error *err)
{
	struct artifact_info *a = &g->r->artifact;
	AUTO_FD int dir = -1;
	struct dsc dsc;
	int r;

	r = dsc_parse(&g->r->arena, text, &dsc, err);
	if (r == 0) {
		dir = open_folder(g, err);
		r = dir < 0 ? -1 : 0;
	}
	a->format = STR("dsc");
	a->has_sha256 = true;
	digest_of(text.ptr, text.len, &a->sha256);
	for (size_t i = 0; r == 0 && i < dsc.parts_n; i++)
		r = read_dsc_part(g, dir, &dsc.parts[i], err);
	memory_free(dsc.parts);
	return r;
}

int artifact_dsc_peek(struct result *r, int fd, struct error *err)
{
	AUTO_BUF struct buf text = BUF_INIT;
	struct reading g = { .r = r };
	AUTO_FD int dir = -1;
	struct dsc dsc;
	int orig = fd;

	if (artifact_dsc_text(fd, &text, err) < 0 || text.len == 0 ||
	    dsc_parse(&r->arena, buf_str(&text), &dsc, err) < 0)
		return fd;
	dir = open_folder(&g, err);
	for (size_t i = 0; dir >= 0 && i < dsc.parts_n; i++) {
		if (strcmp(dsc.parts[i].role, "orig") != 0 || orig != fd)
			continue;
		orig = open_part(dir, &dsc.parts[i]);
		if (orig < 0)
			orig = fd;
	}
	memory_free(dsc.parts);
	if (orig != fd)
		close(fd);
	return orig;
}
