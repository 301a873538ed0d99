#include "input/timelint.h"

#include <time.h>

#include "base/cleanup.h"
#include "base/limits.h"

/* Clocks and time zones differ by this much at the most. */
enum { DAY = 86400 };

void timelint_init(struct timelint *l, struct arena *a, int64_t now)
{
	*l = (struct timelint){ .arena = a, .now = now, .by_path = MAP_INIT };
}

void timelint_release(struct timelint *l)
{
	memory_free(l->folders);
	map_release(&l->by_path);
	*l = (struct timelint){ .by_path = MAP_INIT };
}

static void add_time(struct buf *b, int64_t t)
{
	const time_t clock = (time_t)t;
	struct tm tm;

	if (gmtime_r(&clock, &tm))
		buf_addf(b, "%04d-%02d-%02d %02d:%02d:%02d UTC", tm.tm_year + 1900, tm.tm_mon + 1,
			 tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
	else
		buf_addf(b, "@%lld", (long long)t);
}

static struct timelint_folder *folder(struct timelint *l, struct str dir)
{
	const uint64_t *at = map_get(&l->by_path, dir);
	struct timelint_folder *f;

	if (at)
		return &l->folders[*at];
	if (l->folders_n >= LIMIT_FOLDERS)
		return NULL;
	l->folders = memory_grow(l->folders, l->folders_n, &l->folders_cap, sizeof(*l->folders));
	f = &l->folders[l->folders_n];
	*f = (struct timelint_folder){ INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN,
				       arena_str(l->arena, dir), { NULL, 0 } };
	map_put(&l->by_path, f->path, l->folders_n++);
	return f;
}

/* What configure is made from. */
static void see_source(struct timelint *l, struct str dir, struct str path, int64_t mtime)
{
	struct timelint_folder *f = folder(l, dir);

	if (!f || mtime <= f->configure_from)
		return;
	f->configure_from = mtime;
	f->source = arena_str(l->arena, path);
}

static void see_build_file(struct timelint *l, struct str path, int64_t mtime)
{
	const size_t slash = str_rfind(path, '/');
	const struct str dir = str_first(path, slash + 1);
	const struct str base = str_from_at(path, slash + 1);
	struct timelint_folder *f;

	if (str_ends(base, STR(".m4")) && str_ends(dir, STR("m4/")) &&
	    (dir.len == 3 || dir.ptr[dir.len - 4] == '/')) {
		see_source(l, str_first(dir, dir.len - 3), path, mtime);
	} else if (str_eq(base, STR("configure.ac")) || str_eq(base, STR("configure.in")) ||
		   str_eq(base, STR("aclocal.m4")) || str_eq(base, STR("acinclude.m4"))) {
		see_source(l, dir, path, mtime);
	} else if (str_eq(base, STR("configure"))) {
		f = folder(l, dir);
		if (f)
			f->configure = mtime;
	} else if (str_eq(base, STR("Makefile.in"))) {
		f = folder(l, dir);
		if (f)
			f->makefile_in = mtime;
	} else if (str_eq(base, STR("Makefile.am"))) {
		f = folder(l, dir);
		if (f)
			f->makefile_am = mtime;
	}
}

void timelint_see(struct timelint *l, struct str path, int64_t mtime)
{
	const char last = path.len ? path.ptr[path.len - 1] : 0;

	l->members++;
	if (mtime > l->now && mtime - DAY > l->now) {
		AUTO_BUF struct buf when = BUF_INIT;

		if (l->future.evidence_n < TALLY_EVIDENCE)
			add_time(&when, mtime);
		tally_add(l->arena, &l->future, path, -1, buf_str(&when));
	}
	/* configure, configure.ac, configure.in, Makefile.in, Makefile.am, *.m4 */
	if (last == 'e' || last == 'c' || last == 'n' || last == 'm' || last == '4')
		see_build_file(l, path, mtime);
}

static void see_stale(struct tally *t, struct arena *a, struct str dir, const char *made,
		      int64_t made_at, struct str from, int64_t from_at)
{
	AUTO_BUF struct buf path = BUF_INIT, why = BUF_INIT;

	buf_add_str(&path, dir);
	buf_add_cstr(&path, made);
	add_time(&why, made_at);
	buf_addf(&why, ", %.*s ", STR_FMT(from));
	add_time(&why, from_at);
	tally_add(a, t, buf_str(&path), -1, buf_str(&why));
}

void timelint_report(const struct timelint *l, struct result *r)
{
	/* When most of an archive is from the future, the clock of packer or reader is wrong. */
	const bool all = l->future.n > l->members / 2;
	struct tally stale = { .n = 0 };

	tally_report(r, &l->future, RULE_TP117, all ? SEVERITY_LOW : SEVERITY_MEDIUM,
		     "its time is in the future");
	for (size_t i = 0; i < l->folders_n; i++) {
		const struct timelint_folder *f = &l->folders[i];

		if (f->configure != INT64_MIN && f->configure < f->configure_from)
			see_stale(&stale, &r->arena, f->path, "configure", f->configure, f->source,
				  f->configure_from);
		if (f->makefile_in != INT64_MIN && f->makefile_in < f->makefile_am)
			see_stale(&stale, &r->arena, f->path, "Makefile.in", f->makefile_in,
				  STR("Makefile.am"), f->makefile_am);
	}
	tally_report(r, &stale, RULE_TP117, SEVERITY_LOW,
		     "is older than what it is made from: make may run the generator");
}
