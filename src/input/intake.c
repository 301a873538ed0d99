#include "input/intake.h"

#include <time.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "base/map.h"
#include "input/githash.h"
#include "input/namelint.h"

/* Results of the workers are taken over after this many files. */
enum { DRAIN_EVERY = 512, TICK_EVERY = 64 };

int intake_init(struct intake *in, struct result *r, const struct expectation *expect,
		const struct hashing_options *ho, struct tick tick, struct error *err)
{
	*in = (struct intake){ .result = r, .expect = *expect, .tick = tick };
	timelint_init(&in->times, &r->arena, (int64_t)time(NULL));
	in->hashing = hashing_new(ho, err);
	return in->hashing ? 0 : -1;
}

void intake_release(struct intake *in)
{
	hashing_free(in->hashing);
	tree_release(&in->entries);
	memory_free(in->dirs);
	timelint_release(&in->times);
	in->dirs = NULL;
	in->hashing = NULL;
}

static bool has_dotdot(struct str path)
{
	struct str part;

	while (str_next_component(&path, &part))
		if (str_eq(part, STR("..")))
			return true;
	return false;
}

/* The path without empty and "." components. */
static struct str clean_path(struct intake *in, struct str path)
{
	AUTO_BUF struct buf b = BUF_INIT;
	const struct str whole = path;
	struct str part;

	while (str_next_component(&path, &part)) {
		if (part.len == 0 || str_eq(part, STR(".")))
			continue;
		if (b.len)
			buf_add_char(&b, '/');
		buf_add_str(&b, part);
	}
	if (str_eq(buf_str(&b), whole))
		return arena_str(&in->result->arena, whole);
	return arena_str(&in->result->arena, buf_str(&b));
}

/* Keeps track of whether everything lies in one leading folder. */
static void see_lead(struct intake *in, struct str path, bool is_dir)
{
	const size_t slash = str_find(path, '/');
	const struct str first = str_first(path, slash == (size_t)-1 ? path.len : slash);

	if (path.len == 0) {
		in->lead_broken = in->lead_broken || !is_dir;
		return;
	}
	if (!in->lead_seen)
		in->lead = first;
	in->lead_seen = true;
	if (!str_eq(first, in->lead) || (slash == (size_t)-1 && !is_dir))
		in->lead_broken = true;
}

static struct str take_path(struct intake *in, struct str stored, bool is_dir)
{
	const struct str path = clean_path(in, stored);

	in->members++;
	in->path_bytes += path.len;
	if (str_starts(stored, STR("/")))
		finding_evidence(in->result, result_find(in->result, RULE_TP102, path,
				 "its path is absolute"), stored);
	else if (has_dotdot(stored))
		finding_evidence(in->result, result_find(in->result, RULE_TP102, path,
				 "its path leads out of the archive by '..'"), stored);
	see_lead(in, path, is_dir);
	return path;
}

static struct entry *add(struct intake *in, struct str path, enum entry_type type, uint16_t mode)
{
	struct entry *e = tree_add(&in->entries);

	e->path = path.ptr;
	e->path_len = (uint32_t)path.len;
	e->type = (uint8_t)type;
	e->mode = mode;
	e->mtime = in->mtime;
	e->facts = FACTS_NONE;
	return e;
}

int intake_step(struct intake *in, struct error *err)
{
	if (in->members > LIMIT_ENTRIES)
		return error_set(err, ERROR_TOO_LARGE, "more than %zu members: stopped", LIMIT_ENTRIES);
	if (in->path_bytes > LIMIT_PATHS_TOTAL)
		return error_set(err, ERROR_TOO_LARGE, "its paths are longer than %zu MiB in all: stopped",
				 LIMIT_PATHS_TOTAL >> 20);
	return in->members % TICK_EVERY ? 0 : tick_call(&in->tick, err);
}

void intake_time(struct intake *in, struct str path, int64_t mtime)
{
	timelint_see(&in->times, path, mtime);
}

static void see_mode(struct intake *in, struct str path, uint16_t mode, bool is_dir)
{
	char text[8];

	if ((mode & 07002) == 0)
		return;
	snprintf(text, sizeof(text), "%04o", mode);
	if (!is_dir && (mode & 06000))
		tally_add(&in->result->arena, &in->setuid, path, -1, str_from(text));
	else
		tally_add(&in->result->arena, &in->loose, path, -1, str_from(text));
}

void intake_dir(struct intake *in, struct str stored, uint16_t mode)
{
	const struct str path = take_path(in, stored, true);

	see_mode(in, path, mode, true);
	in->dirs = memory_grow(in->dirs, in->dirs_n, &in->dirs_cap, sizeof(*in->dirs));
	in->dirs[in->dirs_n++] = path;
}

/* Whether a link's target leaves the tree: absolute, or more ".." than there are folders
 * above the link (the leading folder counts, since it may be no leading folder). */
static bool leaves_tree(struct str path, struct str target)
{
	struct str part;
	long depth = 0;

	if (str_starts(target, STR("/")))
		return true;
	for (size_t i = 0; i < path.len; i++)
		depth += path.ptr[i] == '/';
	while (str_next_component(&target, &part)) {
		if (str_eq(part, STR("..")))
			depth--;
		else if (part.len && !str_eq(part, STR(".")))
			depth++;
		if (depth < 0)
			return true;
	}
	return false;
}

void intake_link(struct intake *in, struct str stored, uint16_t mode, struct str target)
{
	const struct str path = take_path(in, stored, false);
	struct entry *e = add(in, path, ENTRY_LINK, mode);
	bool collision;

	e->target = arena_str(&in->result->arena, target).ptr;
	in->path_bytes += target.len;
	e->size = target.len;
	e->flags = ENTRY_HAS_OID | ENTRY_HAS_SIZE;
	githash_blob(target.ptr, target.len, &e->oid, &collision);
	if (collision)
		e->flags |= ENTRY_COLLISION;
}

void intake_hardlink(struct intake *in, struct str stored, uint16_t mode, struct str target)
{
	struct entry *e = add(in, take_path(in, stored, false), ENTRY_FILE, mode);

	see_mode(in, entry_path(e), mode, false);
	e->flags = ENTRY_HARDLINK;
	e->target = clean_path(in, target).ptr;
	in->has_hardlinks = true;
	in->path_bytes += target.len;
	if (str_starts(target, STR("/")) || has_dotdot(target))
		finding_evidence(in->result, result_find(in->result, RULE_TP102, entry_path(e),
				 "is a hard link that leads out of the archive"), target);
}

void intake_special(struct intake *in, struct str stored, uint16_t mode)
{
	const struct str path = take_path(in, stored, false);

	add(in, path, ENTRY_SPECIAL, mode);
	result_find(in->result, RULE_TP103, path, "is a device, FIFO or other special file");
}

/* Whether a large file is as long as the origin's file at its path, with the first folder taken
 * for a leading one or not: then it is most probably the same, and copying it is not worth it. */
static bool is_expected(struct intake *in, struct str path, uint64_t size)
{
	const struct expectation *x = &in->expect;
	const size_t slash = str_find(path, '/');
	const struct entry *e;
	uint64_t known;

	/* Nothing is kept when there is nothing to compare with. */
	if (!x->origin)
		return true;
	if (size < LIMIT_EXPECT_FROM || !x->size)
		return false;
	e = tree_find(x->origin, path);
	if (!e && slash != (size_t)-1)
		e = tree_find(x->origin, str_from_at(path, slash + 1));
	return e && e->type == ENTRY_FILE && x->size(x->ctx, e, &known) && known == size;
}

struct hash_file *intake_file(struct intake *in, struct str stored, uint16_t mode, uint64_t size)
{
	struct entry *e = add(in, take_path(in, stored, false), ENTRY_FILE, mode);

	see_mode(in, entry_path(e), mode, false);
	e->size = size;
	e->flags = ENTRY_HAS_SIZE;
	return hashing_begin(in->hashing, (uint32_t)(in->entries.n - 1), entry_path(e), size,
			     is_expected(in, entry_path(e), size));
}

static void take_over(void *ctx, const struct hashed *r)
{
	struct intake *in = ctx;
	struct entry *e = &in->entries.v[r->entry];

	e->oid = r->oid;
	e->content = r->content;
	e->facts = r->facts;
	e->flags |= ENTRY_HAS_OID;
	in->surprised = in->surprised || r->unkept;
	if (r->collision)
		e->flags |= ENTRY_COLLISION;
	if (r->has_sha256) {
		struct sha256 *copy = arena_alloc(&in->result->arena, sizeof(*copy));

		*copy = r->sha256;
		e->sha256 = copy;
	}
}

int intake_file_done(struct intake *in, struct error *err)
{
	if (++in->unreported < DRAIN_EVERY)
		return 0;
	in->unreported = 0;
	return hashing_drain(in->hashing, take_over, in, err);
}

/* Unpacked in a row with other releases, a target outside the leading folder is another's file. */
static void find_unresolved(struct intake *in, const struct entry *e)
{
	const struct str target = str_from(e->target);
	const bool outside = in->lead_seen && !in->lead_broken &&
			     !(str_starts(target, in->lead) && target.len > in->lead.len &&
			       target.ptr[in->lead.len] == '/');
	struct finding *f = result_find(in->result, RULE_TP104, entry_path(e), outside ?
					"links to a file outside the archive's folder" :
					"links to a member that is not there before it");

	if (outside)
		f->severity = SEVERITY_CRITICAL;
	finding_evidence(in->result, f, target);
}

/* A hard link has the content of the member of that name that came last before it. */
static void resolve_hardlinks(struct intake *in)
{
	struct map by_path = MAP_INIT;

	for (size_t i = 0; i < in->entries.n; i++) {
		struct entry *e = &in->entries.v[i];
		const uint64_t *at;

		if (e->flags & ENTRY_HARDLINK) {
			const struct entry *to;

			at = map_get(&by_path, str_from(e->target));
			to = at ? &in->entries.v[*at] : NULL;
			if (to && to->type == ENTRY_FILE && (to->flags & ENTRY_HAS_OID)) {
				e->oid = to->oid;
				e->size = to->size;
				e->sha256 = to->sha256;
				e->content = to->content;
				e->flags |= ENTRY_HAS_OID | ENTRY_HAS_SIZE;
			} else {
				find_unresolved(in, e);
			}
		}
		*map_put(&by_path, entry_path(e), i) = i;
	}
	map_release(&by_path);
}

/* How many entries would stand, with the same content, at their path in the origin. */
static size_t count_matches(const struct intake *in, size_t strip)
{
	size_t n = 0;

	for (size_t i = 0; i < in->entries.n; i++) {
		const struct entry *e = &in->entries.v[i];
		const struct entry *o = tree_find(in->expect.origin, str_from_at(entry_path(e), strip));

		n += o && (e->flags & ENTRY_HAS_OID) && oid_eq(&o->oid, &e->oid);
	}
	return n;
}

static bool origin_has_folder(const struct tree *t, struct str name)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].path_len > name.len && t->v[i].path[name.len] == '/' &&
		    str_starts(entry_path(&t->v[i]), name))
			return true;
	return false;
}

/* Bytes to strip from every path: a folder that all lies in, unless it is one of the origin's
 * own and more matches where it stands. */
static size_t lead_length(const struct intake *in)
{
	const size_t strip = in->lead.len + 1;

	if (!in->lead_seen || in->lead_broken || in->is_folder || in->entries.n == 0 ||
	    str_eq(in->lead, STR("..")))
		return 0;
	if (in->expect.origin && origin_has_folder(in->expect.origin, in->lead) &&
	    count_matches(in, 0) > count_matches(in, strip))
		return 0;
	return strip;
}

/* A folder of a file's name, before or after it: which one is there in the end depends on the
 * program. */
static void check_folders(struct intake *in)
{
	struct map folders = MAP_INIT;

	for (size_t i = 0; i < in->dirs_n; i++)
		if (in->dirs[i].len)
			map_put(&folders, in->dirs[i], i);
	for (size_t i = 0; i < in->entries.n; i++)
		if (map_get(&folders, entry_path(&in->entries.v[i])))
			result_find(in->result, RULE_TP101, entry_path(&in->entries.v[i]),
				    "is in the archive as a file and as a folder");
	map_release(&folders);
}

/* Links are looked at when it is known what the top folder is. */
static void check_links(struct intake *in, size_t strip)
{
	for (size_t i = 0; i < in->entries.n; i++) {
		const struct entry *e = &in->entries.v[i];
		const struct str path = str_from_at(entry_path(e), strip);

		if (e->type == ENTRY_LINK && leaves_tree(path, str_from(e->target)))
			finding_evidence(in->result,
					 result_find(in->result, RULE_TP108, path,
						     "is a symbolic link that leads out of the archive"),
					 str_from(e->target));
		if (e->flags & ENTRY_COLLISION)
			result_find(in->result, RULE_TP011, path,
				    "its content bears the marks of a SHA-1 collision attack");
	}
}

static void check_names(struct intake *in, size_t strip)
{
	struct namelint l;

	namelint_init(&l, in->result, in->expect.origin);
	if (strip)
		namelint_see(&l, in->lead, 0, true);
	for (size_t i = 0; i < in->dirs_n; i++)
		if (in->dirs[i].len)
			namelint_see(&l, in->dirs[i], strip, true);
	for (size_t i = 0; i < in->entries.n; i++)
		namelint_see(&l, entry_path(&in->entries.v[i]), strip, false);
	namelint_report(&l);
}

static void report_modes(struct intake *in)
{
	tally_report(in->result, &in->setuid, RULE_TP115, SEVERITY_HIGH,
		     "is to be unpacked with the setuid or setgid bit");
	tally_report(in->result, &in->loose, RULE_TP116, SEVERITY_LOW,
		     "is writable by everyone, or has a bit that means nothing for it");
}

int intake_finish(struct intake *in, struct str prefix, struct tree *tree, struct str *lead,
		  struct error *err)
{
	struct arena *arena = &in->result->arena;
	size_t strip;

	if (hashing_wait(in->hashing, err) < 0 ||
	    hashing_drain(in->hashing, take_over, in, err) < 0)
		return -1;
	if (in->has_hardlinks)
		resolve_hardlinks(in);
	check_folders(in);
	strip = lead_length(in);
	check_links(in, strip);
	check_names(in, strip);
	report_modes(in);
	timelint_report(&in->times, in->result);
	*lead = str_first(strip ? arena_strf(arena, "%.*s/", STR_FMT(in->lead)) : STR(""), strip);
	for (size_t i = 0; i < in->entries.n; i++) {
		struct entry e = in->entries.v[i];

		e.path += strip;
		e.path_len -= (uint32_t)strip;
		if (prefix.len) {
			const struct str path = arena_strf(arena, "%.*s%s", STR_FMT(prefix), e.path);

			e.path = path.ptr;
			e.path_len = (uint32_t)path.len;
		}
		*tree_add(tree) = e;
	}
	return 0;
}
