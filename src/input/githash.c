#include "input/githash.h"

#include <git2.h>
#include <git2/sys/odb_backend.h>

#include "base/memory.h"

/* libgit2 offers its streaming hash only through an object database: this one has a single
 * backend that throws away what is written. */
struct githash {
	git_odb *odb;
	git_odb_stream *stream;
};

static int sink_write(git_odb_stream *s, const char *data, size_t n)
{
	(void)s;
	(void)data;
	(void)n;
	return 0;
}

static int sink_finalize(git_odb_stream *s, const git_oid *oid)
{
	(void)s;
	(void)oid;
	return 0;
}

static void sink_stream_free(git_odb_stream *s)
{
	memory_free(s);
}

static int sink_open(git_odb_stream **out, git_odb_backend *backend, git_object_size_t size,
		     git_object_t type)
{
	git_odb_stream *s = memory_zalloc(sizeof(*s));

	(void)size;
	(void)type;
	s->backend = backend;
	s->mode = GIT_STREAM_WRONLY;
	s->write = sink_write;
	s->finalize_write = sink_finalize;
	s->free = sink_stream_free;
	*out = s;
	return 0;
}

static void sink_free(git_odb_backend *backend)
{
	memory_free(backend);
}

static int library_error(struct error *err, const char *what)
{
	const git_error *e = git_error_last();

	return error_set(err, ERROR_INTERNAL, "%s: %s", what, e ? e->message : "libgit2");
}

struct githash *githash_new(struct error *err)
{
	struct githash *g = memory_zalloc(sizeof(*g));
	git_odb_backend *backend = memory_zalloc(sizeof(*backend));

	git_libgit2_init();
	git_odb_init_backend(backend, GIT_ODB_BACKEND_VERSION);
	backend->writestream = sink_open;
	backend->free = sink_free;
	if (git_odb_new(&g->odb) == 0 && git_odb_add_backend(g->odb, backend, 1) == 0)
		return g;
	library_error(err, "hash");
	if (!g->odb)
		memory_free(backend);
	githash_free(g);
	return NULL;
}

void githash_free(struct githash *g)
{
	if (!g)
		return;
	githash_abort(g);
	git_odb_free(g->odb);
	git_libgit2_shutdown();
	memory_free(g);
}

/* libgit2 refuses to give an id to content that its SHA-1DC recognises; that is the answer. */
static int finish(int r, const git_oid *id, struct oid *oid, bool *collision, struct error *err)
{
	const git_error *e = r < 0 ? git_error_last() : NULL;

	*collision = false;
	if (r == 0) {
		memcpy(oid->bytes, id->id, OID_SIZE);
		return 0;
	}
	memset(oid, 0, sizeof(*oid));
	if (!e || e->klass != GIT_ERROR_SHA)
		return library_error(err, "hash");
	*collision = true;
	return 0;
}

int githash_blob(struct githash *g, const void *data, size_t n, struct oid *oid, bool *collision,
		 struct error *err)
{
	git_oid id;

	(void)g;
	return finish(git_odb_hash(&id, n ? data : "", n, GIT_OBJECT_BLOB), &id, oid, collision, err);
}

int githash_begin(struct githash *g, uint64_t size, struct error *err)
{
	if (git_odb_open_wstream(&g->stream, g->odb, size, GIT_OBJECT_BLOB) == 0)
		return 0;
	return library_error(err, "hash");
}

int githash_update(struct githash *g, const void *data, size_t n, struct error *err)
{
	if (git_odb_stream_write(g->stream, data, n) == 0)
		return 0;
	return library_error(err, "hash");
}

int githash_final(struct githash *g, struct oid *oid, bool *collision, struct error *err)
{
	git_oid id;
	const int r = finish(git_odb_stream_finalize_write(&id, g->stream), &id, oid, collision, err);

	githash_abort(g);
	return r;
}

void githash_abort(struct githash *g)
{
	if (g->stream)
		git_odb_stream_free(g->stream);
	g->stream = NULL;
}
