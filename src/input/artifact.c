#include "input/artifact_work.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/map.h"
#include "base/memory.h"
#include "input/archive.h"
#include "input/directory.h"
#include "input/nametwins.h"
#include "input/packed.h"
#include "input/tartap.h"
#include "input/ziptap.h"

/* The blob ids of the origin, for the workers. */
struct known {
	struct map oids;
	bool all;	/* no origin: nothing is worth keeping */
};

static bool is_known(void *ctx, const struct oid *oid)
{
	const struct known *k = ctx;

	return k->all || map_get(&k->oids, str_of(oid->bytes, OID_SIZE)) != NULL;
}

static void known_init(struct known *k, const struct tree *origin)
{
	*k = (struct known){ .oids = MAP_INIT, .all = !origin };
	for (size_t i = 0; origin && i < origin->n; i++)
		if (origin->v[i].flags & ENTRY_HAS_OID)
			map_put(&k->oids, str_of(origin->v[i].oid.bytes, OID_SIZE), 1);
}

static int open_path(const char *path, struct stat *st, struct error *err)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd >= 0 && fstat(fd, st) == 0)
		return fd;
	error_errno(err, "%s", path);
	if (fd >= 0)
		close(fd);
	else if (errno == ENOENT)
		error_hint(err, "check the path; relative ones start at the current folder");
	return -1;
}

static struct str base_name(const char *path)
{
	struct str p = str_from(path);

	while (p.len > 1 && p.ptr[p.len - 1] == '/')
		p.len--;
	return p.len == 1 ? p : str_base(p);
}

static void describe(struct result *r, const char *path, const struct stat *st)
{
	r->artifact.path = arena_str(&r->arena, str_from(path));
	r->artifact.name = arena_str(&r->arena, base_name(path));
	r->artifact.size = S_ISREG(st->st_mode) ? (uint64_t)st->st_size : 0;
}

int artifact_hash_file(int fd, struct sha256 *out, struct error *err)
{
	return digest_fd(fd, out, NULL) < 0 ? error_errno(err, "read") : 0;
}

static const char *unknown_hint = "tarproof reads tar (plain or in gzip, bzip2, xz, lzma, lzip, "
	"zstd, compress), zip, .crate, .gem, npm .tgz, .src.rpm, .deb, .rpm, .dsc and folders";

/* Programs would disagree about what is in it: a tar may begin with a name that is another format's
 * magic number. */
static bool is_two_formats(const uint8_t *head, size_t n)
{
	const char *format;

	return n == TAR_RECORD && tar_checksum_ok(head) &&
	       (archive_is_direct(head, n, &format) || codec_find(head, n));
}

int artifact_read_packed(struct reading *g, int fd, struct str prefix, bool whole,
		       struct packed_facts *f, struct str *lead, struct error *err)
{
	struct source_file sf = { fd, g->o->done };
	struct packed_options po = {
		.decode_threads = g->o->jobs, .whole = whole, .name = g->r->artifact.name,
	};
	struct intake in;
	const char *format;
	uint8_t head[TAR_RECORD];
	struct stat st;
	const ssize_t n = pread(fd, head, sizeof(head), 0);
	int r;

	if (n <= 0)
		return n < 0 ? error_errno(err, "read") : error_set(err, ERROR_INPUT, "is empty"),
		       error_hint(err, "fetch the artifact again"), -1;
	if (is_two_formats(head, (size_t)n))
		return error_set(err, ERROR_INPUT, "is two kinds of archive at once, a tar among them"),
		       error_hint(err, "no packer makes that: programs disagree about what is in it");
	if (intake_init(&in, g->r, &g->expect, &g->hashing, g->o->tick, err) < 0)
		return -1;
	if (archive_is_direct(head, (size_t)n, &format) && fstat(fd, &st) == 0) {
		po.stored = (uint64_t)st.st_size;
		po.done = g->o->done;
		r = strcmp(format, "zip") == 0 ? ziptap_check(g->r, fd, po.stored, err) : 0;
		if (r == 0)
			r = packed_read_direct(&in, fd, format, &po, f, err);
	} else {
		struct packed_stream *s = g->stream ? g->stream :
					  packed_stream_open(source_of_file(&sf), g->o->jobs, err);

		g->stream = NULL;
		r = s ? packed_stream_read(s, &in, &po, f, err) : -1;
		packed_stream_free(s);
	}
	if (r == 0 && in.members == 0)
		r = error_set(err, ERROR_INPUT, "has no members (an empty archive)");
	if (r == 0)
		r = intake_finish(&in, prefix, &g->r->artifact_tree, lead, err);
	g->r->artifact.entries += in.members;
	g->surprised = g->surprised || in.surprised;
	intake_release(&in);
	if (r < 0 && err->code == ERROR_TOO_LARGE)
		error_hint(err, "the artifact goes beyond what tarproof reads: look at it by other means");
	if (r < 0 && err->code == ERROR_INPUT)
		error_hint(err, "%s", strstr(err->message, "Unrecognized") ? unknown_hint :
			   "fetch the artifact again and compare its checksum with the published one");
	return r;
}

void artifact_note_stream(struct reading *g, const struct packed_facts *f, bool is_artifact)
{
	struct artifact_info *a = &g->r->artifact;

	if (f->has_stream) {
		a->has_content_sha256 = true;
		a->content_sha256 = f->content_sha256;
		a->content_size = f->content_size;
		g->facts->has_structure = f->has_structure;
		g->facts->structure = f->structure;
		a->archive_commit = arena_str(&g->r->arena, str_from(f->archive_commit));
	}
	if (f->has_stream && is_artifact) {
		a->has_sha256 = true;
		a->sha256 = f->stored.sha256;
	}
}

static int read_file(struct reading *g, int fd, struct error *err)
{
	struct artifact_info *a = &g->r->artifact;
	struct packed_facts f = { .container = NULL };

	if (artifact_read_packed(g, fd, STR(""), true, &f, &a->lead, err) < 0)
		return -1;
	artifact_note_stream(g, &f, true);
	/* A gem's own format has none. */
	if (a->lead.len == 0 && strcmp(f.container, "gem") != 0)
		result_find(g->r, RULE_TP107, STR(""), "the members share no leading folder");
	a->format = f.codec ? arena_strf(&g->r->arena, "%s.%s", f.container, f.codec->suffix) :
		    str_from(f.container);
	if (!a->has_sha256 && artifact_hash_file(fd, &a->sha256, err) < 0)
		return -1;
	a->has_sha256 = true;
	return 0;
}

static int read_dir(struct reading *g, int fd, struct error *err)
{
	struct intake in;
	int r = intake_init(&in, g->r, &g->expect, &g->hashing, g->o->tick, err);

	if (r < 0) {
		close(fd);
		return -1;
	}
	g->r->artifact.format = STR("directory");
	r = directory_read(&in, fd, err);
	in.is_folder = true;
	if (r == 0)
		r = intake_finish(&in, STR(""), &g->r->artifact_tree, &g->r->artifact.lead, err);
	g->r->artifact.entries = in.members;
	g->surprised = g->surprised || in.surprised;
	intake_release(&in);
	return r;
}

/* Two members of one path: the later one wins in every common program. */
static void duplicate(void *ctx, const struct entry *first, const struct entry *last)
{
	struct result *r = ctx;
	const bool same = first->type == last->type && (first->flags & ENTRY_HAS_OID) &&
			  (last->flags & ENTRY_HAS_OID) && oid_eq(&first->oid, &last->oid);
	struct finding *f = result_find(r, RULE_TP101, entry_path(last),
					"is in the archive twice, %s",
					same ? "with the same content" : "with different contents");
	char hex[OID_HEX + 1];

	f->severity = same ? SEVERITY_HIGH : SEVERITY_CRITICAL;
	hex_encode(first->oid.bytes, OID_SIZE, hex);
	finding_evidence(r, f, str_from(hex));
	hex_encode(last->oid.bytes, OID_SIZE, hex);
	finding_evidence(r, f, str_from(hex));
}

/* Whatever lies below something that is no folder: below a link it is written elsewhere. */
static void check_parents(struct result *r)
{
	struct str before = STR("");

	for (size_t i = 0; i < r->artifact_tree.n; i++) {
		const struct str path = entry_path(&r->artifact_tree.v[i]);
		const size_t slash = str_rfind(path, '/');
		const struct str dir = str_first(path, slash == (size_t)-1 ? 0 : slash);

		/* Entries come folder by folder: each folder is looked at once. */
		for (size_t k = 1; !str_eq(dir, before) && k <= dir.len; k++) {
			const struct entry *e = k == dir.len || dir.ptr[k] == '/' ?
						tree_find(&r->artifact_tree, str_first(dir, k)) : NULL;

			if (e && e->type == ENTRY_LINK)
				finding_evidence(r, result_find(r, RULE_TP102, path, "lies below a "
						 "symbolic link of the archive"), entry_path(e));
			else if (e)
				finding_evidence(r, result_find(r, RULE_TP101, path, "lies below a "
						 "member that is no folder"), entry_path(e));
		}
		before = dir;
	}
}

static int read_any(struct reading *g, int fd, const struct stat *st, struct error *err)
{
	AUTO_BUF struct buf text = BUF_INIT;

	if (S_ISDIR(st->st_mode)) {
		const int own = fcntl(fd, F_DUPFD_CLOEXEC, 3);

		return own < 0 ? error_errno(err, "open") : read_dir(g, own, err);
	}
	if (!S_ISREG(st->st_mode))
		return error_set(err, ERROR_INPUT, "is neither a file nor a folder"),
		       error_hint(err, "save it to a file first");
	if (artifact_dsc_text(fd, &text, err) < 0)
		return -1;
	return text.len ? artifact_read_dsc(g, buf_str(&text), err) : read_file(g, fd, err);
}

struct artifact_ahead {
	int fd;
	struct stat st;
	struct source_file file;
	struct packed_stream *stream;
};

struct artifact_ahead *artifact_start(const struct artifact_options *o)
{
	struct artifact_ahead *a = memory_zalloc(sizeof(*a));
	struct error ignored = ERROR_INIT;
	AUTO_BUF struct buf text = BUF_INIT;
	uint8_t head[TAR_RECORD];
	const char *format;
	ssize_t n;

	a->fd = open_path(o->path, &a->st, &ignored);
	n = a->fd >= 0 && S_ISREG(a->st.st_mode) ? pread(a->fd, head, sizeof(head), 0) : -1;
	if (n > 0 && !is_two_formats(head, (size_t)n) &&
	    !archive_is_direct(head, (size_t)n, &format) &&
	    artifact_dsc_text(a->fd, &text, &ignored) == 0 && text.len == 0) {
		a->file = (struct source_file){ a->fd, o->done };
		a->stream = packed_stream_open(source_of_file(&a->file), o->jobs, &ignored);
	}
	if (a->stream)
		return a;
	artifact_stop(a);
	return NULL;
}

void artifact_stop(struct artifact_ahead *a)
{
	if (!a)
		return;
	packed_stream_free(a->stream);
	if (a->fd >= 0)
		close(a->fd);
	memory_free(a);
}

static int open_artifact(const struct artifact_options *o, struct stat *st, struct error *err)
{
	int fd;

	if (!o->ahead)
		return open_path(o->path, st, err);
	*st = o->ahead->st;
	/* The same file, whatever the path names by now; reading on is done with ahead's own. */
	fd = fcntl(o->ahead->fd, F_DUPFD_CLOEXEC, 3);
	return fd < 0 ? error_errno(err, "%s", o->path) : fd;
}

int artifact_read(const struct artifact_options *o, struct result *r, struct artifact_facts *facts,
		  struct error *err)
{
	const size_t findings_n = r->findings_n, not_checked_n = r->not_checked_n;
	struct known known;
	struct reading g = { .o = o, .r = r, .facts = facts, .expect = o->expect };
	struct stat st;
	AUTO_FD int fd = open_artifact(o, &st, err);
	int status;

	*facts = (struct artifact_facts){ .has_structure = false };
	if (fd < 0) {
		artifact_stop(o->ahead);
		return -1;
	}
	if (o->ahead) {
		g.stream = o->ahead->stream;
		o->ahead->stream = NULL;
	}
	describe(r, o->path, &st);
	known_init(&known, o->expect.origin);
	g.hashing = (struct hashing_options){
		.jobs = o->jobs, .all_sha256 = o->all_sha256, .store = o->store,
		.known = is_known, .known_ctx = &known, .look = o->look, .look_ctx = o->look_ctx,
	};
	status = read_any(&g, fd, &st, err);
	packed_stream_free(g.stream);
	artifact_stop(o->ahead);
	if (status == 0 && g.surprised) {
		/* A large file has the tag's size and other content. Once more, keeping it. */
		r->findings_n = findings_n;
		r->not_checked_n = not_checked_n;
		r->artifact.entries = r->artifact.parts_n = 0;
		tree_release(&r->artifact_tree);
		g.expect.size = NULL;
		if (o->done)
			atomic_store(o->done, 0);
		status = lseek(fd, 0, SEEK_SET) < 0 ? error_errno(err, "seek") :
			 read_any(&g, fd, &st, err);
	}
	map_release(&known.oids);
	if (status < 0)
		return error_prefix(err, "%s", o->path);
	tree_sort(&r->artifact_tree, duplicate, r);
	check_parents(r);
	nametwins_check(r, o->expect.origin);
	return 0;
}

int artifact_peek(const char *path, struct result *r, struct error *err)
{
	struct stat st;
	AUTO_FD int fd = open_path(path, &st, err);
	struct source_file sf = { fd, NULL };
	struct error ignored = ERROR_INIT;
	struct packed_start start;
	struct str first;

	if (fd < 0)
		return -1;
	describe(r, path, &st);
	/* What is wrong with the file is said when it is read for good. */
	if (!S_ISREG(st.st_mode))
		return 0;
	fd = artifact_dsc_peek(r, fd, &ignored);
	sf.fd = fd;
	if (packed_peek(source_of_file(&sf), &start, &ignored) < 0)
		return 0;
	first = str_from(start.first_name);
	r->artifact.archive_commit = arena_str(&r->arena, str_from(start.archive_commit));
	r->artifact.lead = arena_str(&r->arena, str_first(first, str_find(first, '/')));
	return 0;
}
