#include "input/packed.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "input/archive.h"
#include "input/tartap.h"
#include "input/tagname.h"

/* Zeros that stand for the holes of sparse files. */
static const uint8_t zeros[64 * 1024];

/* A source whose first bytes were already looked at. */
struct peeked {
	struct source inner;
	uint8_t head[CODEC_PROBE];
	size_t n, at;
};

static ssize_t peeked_read(void *ctx, void *to, size_t n, struct error *err)
{
	struct peeked *p = ctx;
	size_t take = p->n - p->at;
	ssize_t more;

	if (take == 0)
		return p->inner.read(p->inner.ctx, to, n, err);
	take = take < n ? take : n;
	memcpy(to, p->head + p->at, take);
	p->at += take;
	/* With what follows, so that no decoder gets crumbs. */
	more = p->inner.read(p->inner.ctx, (char *)to + take, n - take, err);
	return more < 0 ? -1 : (ssize_t)take + more;
}

static int peek(struct peeked *p, struct source src, struct error *err)
{
	*p = (struct peeked){ .inner = src };
	while (p->n < CODEC_PROBE) {
		const ssize_t n = src.read(src.ctx, p->head + p->n, CODEC_PROBE - p->n, err);

		if (n < 0)
			return -1;
		if (n == 0)
			break;
		p->n += (size_t)n;
	}
	return 0;
}

/* A stream with its second reader: digests of all of it, in a thread of its own. */
struct packed_stream {
	struct peeked head;
	const struct codec *codec;
	struct stream *stream;
	pthread_t thread;
	bool running;
	struct digest_state digest;
	struct tartap tap;
	uint64_t size;
};

static void *tap_main(void *ctx)
{
	struct packed_stream *t = ctx;
	struct block *b;
	bool failed;

	while ((b = stream_next(t->stream, 1, &failed)) != NULL) {
		digest_update(&t->digest, b->data, b->len);
		tartap_feed(&t->tap, b->data, b->len);
		t->size += b->len;
		block_unref(b);
	}
	return NULL;
}

static int feed_zeros(struct intake *in, struct hash_file *f, uint64_t n, uint64_t *holes,
		      struct error *err)
{
	*holes += n;
	if (*holes > LIMIT_HOLES)
		return error_set(err, ERROR_TOO_LARGE, "the holes of sparse members are larger than "
				 "%llu MiB: stopped", LIMIT_HOLES >> 20);
	while (n) {
		const size_t take = n < sizeof(zeros) ? (size_t)n : sizeof(zeros);

		hashing_add(in->hashing, f, (struct slice){ NULL, zeros, take });
		n -= take;
	}
	return 0;
}

static int read_file(struct intake *in, struct archive_reader *a, const struct member *m,
		     uint64_t *holes, struct error *err)
{
	struct hash_file *f = intake_file(in, m->path, m->mode, m->size);
	uint64_t at = 0, pieces = 0;
	int r;

	for (;;) {
		struct slice piece;
		uint64_t offset;

		r = archive_data(a, &piece, &offset, err);
		if (r <= 0)
			break;
		if (offset < at || offset + piece.len > m->size) {
			block_unref(piece.block);
			r = error_set(err, ERROR_INPUT, "its content does not fit its size");
			break;
		}
		if (offset > at && feed_zeros(in, f, offset - at, holes, err) < 0) {
			block_unref(piece.block);
			r = -1;
			break;
		}
		at = offset + piece.len;
		if (piece.len)
			hashing_add(in->hashing, f, piece);
		else
			block_unref(piece.block);
		if (++pieces % 64 == 0 && tick_call(&in->tick, err) < 0) {
			r = -1;
			break;
		}
	}
	if (r == 0 && at < m->size)
		r = feed_zeros(in, f, m->size - at, holes, err);
	hashing_end(in->hashing, f);
	return r < 0 ? -1 : intake_file_done(in, err);
}

static int read_member(struct intake *in, struct archive_reader *a, const struct member *m,
		       uint64_t *holes, struct error *err)
{
	if (m->path.len > LIMIT_PATH || m->target.len > LIMIT_PATH)
		return error_set(err, ERROR_INPUT, "a path is longer than %zu bytes", LIMIT_PATH);
	in->mtime = m->has_mtime ? m->mtime : 0;
	if (m->has_mtime)
		intake_time(in, m->path, m->mtime);
	if (m->encrypted)
		return error_set(err, ERROR_INPUT, "is encrypted"),
		       error_hint(err, "decrypt the archive first: tarproof takes no passwords");
	switch (m->type) {
	case MEMBER_DIR:
		intake_dir(in, m->path, m->mode);
		return 0;
	case MEMBER_LINK:
		intake_link(in, m->path, m->mode, m->target);
		return 0;
	case MEMBER_HARDLINK:
		intake_hardlink(in, m->path, m->mode, m->target);
		return 0;
	case MEMBER_SPECIAL:
		intake_special(in, m->path, m->mode);
		return 0;
	case MEMBER_FILE:
		/* git ids begin with the size. Every format that is read here has it. */
		return m->has_size ? read_file(in, a, m, holes, err) :
		       error_set(err, ERROR_INPUT, "a member says nothing of its size");
	}
	return error_set(err, ERROR_INTERNAL, "member of unknown type");
}

/* Reads a member as a part of its own: its digest, nothing of its content. */
static int read_part(struct intake *in, struct archive_reader *a, struct str name,
		     const char *role, struct error *err)
{
	const struct source src = archive_source(a);
	struct part *p = result_part(in->result, name, role);
	struct digest_state digest;
	uint8_t buffer[16 * 1024];
	ssize_t n;

	digest_init(&digest);
	while ((n = src.read(src.ctx, buffer, sizeof(buffer), err)) > 0) {
		digest_update(&digest, buffer, (size_t)n);
		p->size += (uint64_t)n;
		if (tick_call(&in->tick, err) < 0)
			return -1;
	}
	digest_final(&digest, &p->sha256);
	return n < 0 ? -1 : 0;
}

/* The members of a gem (RubyGems' own package format, a plain tar): all else in one is treated
 * as any file of an archive, so that it shows. */
static bool is_gem_member(struct str path)
{
	static const char *const names[] = {
		"metadata.gz", "data.tar.gz", "checksums.yaml.gz",
		"metadata.gz.sig", "data.tar.gz.sig", "checksums.yaml.gz.sig",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq(path, str_from(names[i])))
			return true;
	return false;
}

/* In a .src.rpm: the archive that is the release itself, among patches and the spec file. */
static bool is_release_archive(struct str path, struct str rpm)
{
	struct arena arena = ARENA_INIT;
	struct artifact_name want, have;
	const bool tar = str_find_str(path, STR(".tar")) != (size_t)-1 ||
			 str_ends(path, STR(".tgz")) || str_ends(path, STR(".tbz2"));
	bool is;

	is = tar && tagname_split(&arena, rpm, &want) && tagname_split(&arena, path, &have) &&
	     str_eq(want.version, have.version);
	arena_release(&arena);
	return is;
}

static bool is_binary_rpm(struct str name)
{
	return str_ends(name, STR(".rpm")) && !str_ends(name, STR(".src.rpm"));
}

static int read_stream(struct intake *in, struct source src, const struct packed_options *o,
		       struct packed_facts *f, struct error *err)
{
	struct packed_stream *p = packed_stream_open(src, o->decode_threads, err);
	const int r = p ? packed_stream_read(p, in, o, f, err) : -1;

	packed_stream_free(p);
	return r;
}

/* An archive within the artifact, whose members are what is compared. */
static int read_within(struct intake *in, struct archive_reader *a, struct str name,
		       const char *role, const struct packed_options *o, struct error *err)
{
	struct packed_options inner = *o;
	struct packed_facts f;
	struct part *p;

	inner.whole = false;
	if (read_stream(in, archive_source(a), &inner, &f, err) < 0)
		return -1;
	p = result_part(in->result, name, role);
	p->size = f.stored.stored;
	p->sha256 = f.stored.sha256;
	p->audited = true;
	return 0;
}

/* *n counts them. */
static int read_members(struct intake *in, struct archive_reader *a, const char **container,
			const struct packed_options *o, uint64_t *n, struct error *err)
{
	uint64_t holes = 0;
	bool first = true;
	struct member m;
	int r;

	while ((r = archive_next(a, &m, err)) == 1) {
		/* One with binaries holds what it installs, not a release. */
		const bool rpm = *container && strcmp(*container, "rpm") == 0 && !is_binary_rpm(o->name);
		const bool deb = *container && strcmp(*container, "deb") == 0;
		AUTO_BUF struct buf name = BUF_INIT;

		++*n;
		buf_add_str(&name, m.path);
		if (intake_step(in, err) < 0)
			return -1;
		if (o->done)
			atomic_store(o->done, archive_bytes_read(a));
		if (first && !*container && o->plain && is_gem_member(m.path))
			*container = "gem";
		first = false;
		if (rpm && m.type == MEMBER_FILE) {
			const struct str path = str_starts(m.path, STR("./")) ?
						str_from_at(m.path, 2) : m.path;

			if (is_release_archive(path, o->name) && in->entries.n == 0)
				r = read_within(in, a, buf_str(&name), "orig", o, err);
			else
				r = read_part(in, a, buf_str(&name), "packaging", err);
		} else if (*container && strcmp(*container, "gem") == 0 &&
			   m.type == MEMBER_FILE && is_gem_member(m.path)) {
			if (str_eq(m.path, STR("data.tar.gz")) && in->entries.n == 0)
				r = read_within(in, a, buf_str(&name), "orig", o, err);
			else
				r = read_part(in, a, buf_str(&name), "metadata", err);
		} else if (deb && m.type == MEMBER_FILE) {
			/* deb(5): data.tar in whatever compression is what is installed. */
			if (str_starts(m.path, STR("data.tar")) && in->entries.n == 0)
				r = read_within(in, a, buf_str(&name), "data", o, err);
			else
				r = read_part(in, a, buf_str(&name), "metadata", err);
		} else {
			r = read_member(in, a, &m, &holes, err);
		}
		if (r < 0)
			return error_prefix(err, "member %s", buf_cstr(&name));
	}
	if (r < 0)
		return -1;
	if (!*container)
		*container = archive_format_name_of(a);
	return 0;
}

/* Reads what the archive library left, so that decoding comes to its own end and checks. */
static int drain(struct intake *in, struct stream *s, struct error *err)
{
	struct block *b;
	bool failed;

	while ((b = stream_next(s, 0, &failed)) != NULL) {
		block_unref(b);
		if (tick_call(&in->tick, err) < 0)
			return -1;
	}
	return 0;
}

/* Programs that disagree about how many members there are unpack different releases. */
static void report_members(struct intake *in, uint64_t given, const struct tartap *t)
{
	const uint64_t headers = t->members - t->lint.uncounted;
	struct finding *f;

	if (t->state != TARTAP_END || given == headers)
		return;
	f = result_find(in->result, RULE_TP128, STR(""), "libarchive finds %llu members, the headers "
			"one after the other are %llu", (unsigned long long)given,
			(unsigned long long)headers);
	finding_evidence(in->result, f, STR("tar"));
}

/* Several members of a compressed file are told of where packers write one. */
static void report_streams(struct intake *in, const struct packed_facts *f)
{
	if (f->stored.members > 1 && (f->codec == &codec_gzip || f->codec == &codec_xz))
		result_find(in->result, RULE_TP124, STR(""), "is %u %s streams, one after the other",
			    f->stored.members, f->codec->name);
}

/* Whether bytes begin what a program can unpack or run. */
static bool begins_payload(const uint8_t *p, size_t n)
{
	const char *format;

	return codec_find(p, n) || archive_is_direct(p, n, &format) ||
	       (n >= 4 && memcmp(p, "\177ELF", 4) == 0) || (n >= 3 && memcmp(p, "#!/", 3) == 0);
}

static void report_trailing(struct intake *in, const struct packed_facts *f, const struct tartap *t)
{
	struct finding *x;

	if (f->stored.trailing_len) {
		x = result_find(in->result, RULE_TP105, STR(""),
				"%llu bytes follow the end of the %s data (offset in the file as stored)",
				(unsigned long long)f->stored.trailing_len, f->codec->name);
		finding_evidence(in->result, x, str_from(f->codec->name));
		x->offset = (int64_t)f->stored.trailing_offset;
		x->length = (int64_t)f->stored.trailing_len;
		if (begins_payload(f->stored.trailing, sizeof(f->stored.trailing)))
			x->severity = SEVERITY_HIGH;
	}
	if (t->trailing_len) {
		x = result_find(in->result, RULE_TP105, STR(""),
				"%llu bytes follow the end mark of the tar archive (offset in the "
				"uncompressed stream)",
				(unsigned long long)t->trailing_len);
		finding_evidence(in->result, x, STR("tar"));
		x->offset = (int64_t)t->trailing_offset;
		x->length = (int64_t)t->trailing_len;
		/* `tar -i` reads on: whole members are hidden from the others. */
		if (t->trailing_member)
			x->severity = SEVERITY_HIGH;
	}
}

static int read_archive(struct intake *in, struct stream *s, const struct packed_options *o,
			struct packed_facts *f, uint64_t *members, struct error *err)
{
	struct archive_reader *a = archive_open_stream(s, err);
	struct error late = ERROR_INIT;
	int r = a ? read_members(in, a, &f->container, o, members, err) : -1;

	if (r == 0)
		r = drain(in, s, err);
	if (r < 0)
		stream_cancel(s);
	/* The hashes may hold copies that belong to the reader. */
	if (hashing_wait(in->hashing, r == 0 ? err : &late) < 0)
		r = -1;
	archive_close(a);
	return r;
}

struct packed_stream *packed_stream_open(struct source src, unsigned int decode_threads,
					 struct error *err)
{
	struct packed_stream *p = memory_zalloc(sizeof(*p));

	digest_init(&p->digest);
	tartap_init(&p->tap);
	if (peek(&p->head, src, err) < 0)
		goto failed;
	if (p->head.n == 0) {
		error_set(err, ERROR_INPUT, "is empty");
		goto failed;
	}
	p->codec = codec_find(p->head.head, p->head.n);
	p->stream = stream_open((struct source){ peeked_read, &p->head }, p->codec, decode_threads,
				2, err);
	if (!p->stream)
		goto failed;
	p->running = pthread_create(&p->thread, NULL, tap_main, p) == 0;
	if (p->running)
		return p;
	error_errno(err, "can't start a thread");
failed:
	packed_stream_free(p);
	return NULL;
}

static void join_tap(struct packed_stream *p)
{
	if (p->running)
		pthread_join(p->thread, NULL);
	p->running = false;
}

int packed_stream_read(struct packed_stream *p, struct intake *in, const struct packed_options *o,
		       struct packed_facts *f, struct error *err)
{
	struct error decode_err = ERROR_INIT;
	struct packed_options inner = *o;
	uint64_t members = 0;
	int r;

	*f = (struct packed_facts){ .has_stream = true, .codec = p->codec };
	inner.plain = o->whole && !f->codec;
	r = read_archive(in, p->stream, &inner, f, &members, err);
	join_tap(p);
	/* When decoding failed, that is the cause; what the archive library made of it is not. */
	if (stream_finish(p->stream, &f->stored, &decode_err) < 0 &&
	    (r == 0 || decode_err.code != ERROR_INTERRUPTED)) {
		*err = decode_err;
		r = -1;
	}
	if (r == 0) {
		digest_final(&p->digest, &f->content_sha256);
		f->content_size = p->size;
		report_trailing(in, f, &p->tap);
		report_streams(in, f);
		if (strcmp(f->container, "tar") == 0 || strcmp(f->container, "gem") == 0) {
			report_members(in, members, &p->tap);
			tarlint_report(&p->tap.lint, in->result);
		}
		f->has_structure = tartap_structure(&p->tap, &f->structure);
		memcpy(f->archive_commit, p->tap.comment, sizeof(f->archive_commit));
	}
	return r;
}

void packed_stream_free(struct packed_stream *p)
{
	if (!p)
		return;
	if (p->running)
		stream_cancel(p->stream);
	join_tap(p);
	tartap_release(&p->tap);
	stream_free(p->stream);
	memory_free(p);
}

int packed_read_direct(struct intake *in, int fd, const char *format,
		       const struct packed_options *o, struct packed_facts *f, struct error *err)
{
	struct archive_reader *a = archive_open_fd(fd, o->stored, err);
	uint64_t members = 0;
	int r;

	*f = (struct packed_facts){ .container = format };
	r = a ? read_members(in, a, &f->container, o, &members, err) : -1;
	if (hashing_wait(in->hashing, err) < 0)
		r = -1;
	archive_close(a);
	return r;
}

int packed_peek(struct source src, struct packed_start *out, struct error *err)
{
	struct peeked head;
	struct decoder *d;
	struct tartap tap;
	uint8_t records[8 * TAR_RECORD];
	ssize_t n;

	*out = (struct packed_start){ .archive_commit = "" };
	if (peek(&head, src, err) < 0)
		return -1;
	d = decoder_new((struct source){ peeked_read, &head }, codec_find(head.head, head.n), 1, err);
	if (!d)
		return -1;
	tartap_init(&tap);
	n = decoder_read(d, records, sizeof(records), err);
	if (n > 0)
		tartap_feed(&tap, records, (size_t)n);
	memcpy(out->archive_commit, tap.comment, sizeof(tap.comment));
	memcpy(out->first_name, tap.first_name, sizeof(tap.first_name));
	tartap_release(&tap);
	decoder_free(d);
	return n < 0 ? -1 : 0;
}
