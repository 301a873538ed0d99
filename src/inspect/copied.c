#include "inspect/copied.h"

#include <inttypes.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "inspect/macro.h"

enum { STAMP_WITHIN = 64 * 1024, CORE_LOOKED_UP = 256 };

struct copy {
	const struct known_store *store;
	struct str name;		/* basename */
	struct str bytes;
	struct known_name owner;	/* project NULL: nobody's name */
	struct macro_file macros;	/* of m4 files alone */
	enum copied_origin origin;
};

static bool is_m4(struct str name)
{
	return str_ends(name, STR(".m4")) || str_eq(name, STR("configure.ac")) ||
	       str_eq(name, STR("configure.in"));
}

/* The line that begins with `mark`, near the beginning. */
static struct str stamp_line(struct str bytes, struct str mark)
{
	struct str rest = str_first(bytes, STAMP_WITHIN), line;

	while (str_next_line(&rest, &line)) {
		if (str_starts(line, mark))
			return str_trim(line);
	}
	return STR("");
}

/* What the file says of its own version, and what it defines: for finding the nearest original. */
static void add_evidence(const struct copy *c, struct notes *notes, struct note *n)
{
	const char *project = c->owner.project;
	const struct str stamps[] = {
		stamp_line(c->bytes, STR("scriptversion=")), stamp_line(c->bytes, STR("timestamp=")),
		stamp_line(c->bytes, STR("\\def\\texinfoversion")),
	};
	AUTO_BUF struct buf text = BUF_INIT;

	for (size_t i = 0; i < sizeof(stamps) / sizeof(stamps[0]); i++) {
		if (stamps[i].len)
			note_evidence(notes, n, stamps[i]);
	}
	if (c->macros.serial >= 0 || c->owner.serial >= 0) {
		buf_addf(&text, "serial ");
		if (c->macros.serial >= 0)
			buf_addf(&text, "%" PRId64 " (line %" PRId64 ")", c->macros.serial,
				 c->macros.serial_line);
		else
			buf_addf(&text, "none");
		if (c->owner.serial >= 0)
			buf_addf(&text, "; highest of %s: %" PRId64, project, c->owner.serial);
		note_evidence(notes, n, buf_str(&text));
	}
	for (size_t i = 0; i < c->macros.defs_n && i < 3; i++) {
		buf_reset(&text);
		buf_addf(&text, "line %" PRId64 ": defines %.*s", c->macros.defs[i].line,
			 STR_FMT(str_first(c->macros.defs[i].name, 100)));
		note_evidence(notes, n, buf_str(&text));
	}
}

/* Whether a line such as "timestamp='2026-09-01'" has a date after the store's. */
static bool newer_stamp(const struct copy *c, const char *mark)
{
	struct str line = stamp_line(c->bytes, str_from(mark));

	line = str_from_at(line, strlen(mark));
	if (str_starts(line, STR("'")))
		line = str_from_at(line, 1);
	return line.len >= 10 && str_cmp(str_first(line, 10), known_date(c->store)) > 0;
}

/* The severity by what the tag says of the file. */
static void lower(const struct copy *c, struct note *n)
{
	if (c->origin == COPIED_IN_TAG)
		n->severity = SEVERITY_INFO;
	else if (c->origin == COPIED_NO_TAG && n->severity > SEVERITY_LOW)
		n->severity = SEVERITY_LOW;
}

static bool newer_serial(const struct copy *c)
{
	return c->owner.project && c->owner.serial >= 0 && c->macros.serial > c->owner.serial;
}

static bool calls_itself_newer(const struct copy *c)
{
	return newer_serial(c) || newer_stamp(c, "timestamp=") || newer_stamp(c, "scriptversion=");
}

/* Nothing but comments and blank lines: it does nothing, whatever its name. */
static bool comments_alone(const struct copy *c)
{
	AUTO_BUF struct buf form = BUF_INIT;

	macro_normalise(c->bytes, is_m4(c->name), &form);
	return form.len == 0;
}

/* TP201. */
static void note_differs(const struct copy *c, bool comments_only, struct notes *notes)
{
	const struct str date = known_date(c->store);
	struct note *n;

	if (comments_only) {
		n = note_add(notes, RULE_TP201, "differs from what %s published in comments, blank "
			     "lines or other text that does nothing", c->owner.project);
		n->severity = SEVERITY_INFO;
	} else if (c->owner.release_only) {
		n = note_add(notes, RULE_TP201, "has a name of %s, which makes this file anew for each "
			     "of its releases; this content can't be told from its history",
			     c->owner.project);
		n->severity = SEVERITY_INFO;
		lower(c, n);
	} else {
		n = note_add(notes, RULE_TP201, "has a name of %s, but no version that %s ever published "
			     "(as known on %.*s) has this content%s%s", c->owner.project,
			     c->owner.project, STR_FMT(date),
			     calls_itself_newer(c) ? "; it calls itself newer than those" : "",
			     c->origin == COPIED_IN_TAG ? "; the tag has the same file" : "");
		lower(c, n);
	}
	add_evidence(c, notes, n);
}

/* TP202. */
static void note_serial(const struct copy *c, bool comments_only, struct notes *notes)
{
	struct note *n = note_add(notes, RULE_TP202, "says serial %" PRId64 ", but the highest that %s "
				  "ever published (as known on %.*s) is %" PRId64, c->macros.serial,
				  c->owner.project, STR_FMT(known_date(c->store)), c->owner.serial);

	n->line = c->macros.serial_line;
	lower(c, n);
	if (comments_only)
		n->severity = SEVERITY_INFO;
}

/* Whether the file is where this macro comes from. aclocal copies the files of all but autoconf into
 * one, and autoconf's macros come in no file of a release. */
static bool rightly_defined(const struct copy *c, struct str macro)
{
	static const struct {
		struct str prefix;
		const char *projects[2];
	} families[] = {
		{ { "AM_GNU_GETTEXT", 14 }, { "gettext", "gnulib" } },
		{ { "PKG_", 4 }, { "pkgconf", "pkg-config" } },
		{ { "AM_PROG_LIBTOOL", 15 }, { "libtool", NULL } },
		{ { "AC_PROG_LIBTOOL", 15 }, { "libtool", NULL } },
		{ { "LT_", 3 }, { "libtool", NULL } },
		{ { "AM_", 3 }, { "automake", NULL } },
	};

	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		if (!str_starts(macro, families[i].prefix))
			continue;
		if (str_eq(c->name, STR("aclocal.m4")))
			return true;
		for (size_t j = 0; j < 2 && families[i].projects[j] && c->owner.project; j++) {
			if (strcmp(c->owner.project, families[i].projects[j]) == 0)
				return true;
		}
		return false;
	}
	return false;
}

/* TP203. */
static void note_redefined(const struct copy *c, struct notes *notes)
{
	const struct macro_def *first = NULL;
	AUTO_BUF struct buf names = BUF_INIT;
	size_t n_names = 0, n_core = 0;

	for (size_t i = 0; i < c->macros.defs_n; i++) {
		const struct macro_def *d = &c->macros.defs[i];
		/* Under m4_ifndef it stands in for the macro of an old autoconf that has none. */
		if (d->guarded && !c->macros.undefines)
			continue;
		if (!macro_is_core(d->name) || rightly_defined(c, d->name) ||
		    (n_core++ < CORE_LOOKED_UP && known_definition(c->store, macro_call(c->bytes, d))))
			continue;
		if (!first)
			first = d;
		if (++n_names <= 4)
			buf_addf(&names, "%s%.*s", n_names > 1 ? ", " : "", STR_FMT(d->name));
	}
	if (!first)
		return;
	struct note *n = note_add(notes, RULE_TP203, "redefines %s%s", buf_cstr(&names),
				  n_names > 4 ? " and more" : "");
	n->line = first->line;
	lower(c, n);
}

void copied_examine(const struct known_store *k, struct str path, struct str bytes,
		    const struct oid *oid, enum copied_origin origin, struct notes *notes)
{
	struct copy c = { .store = k, .name = str_base(path), .bytes = bytes, .origin = origin,
			  .macros = { .serial = -1 } };
	const bool owned = known_name(k, c.name, &c.owner);
	if ((!owned && !is_m4(c.name)) || known_content(k, oid, NULL))
		return;
	if (is_m4(c.name) && bytes.len <= LIMIT_BLOB)
		macro_read(bytes, &c.macros);
	if (owned && !comments_alone(&c)) {
		const bool comments_only = known_normalised(k, bytes);
		note_differs(&c, comments_only, notes);
		if (newer_serial(&c))
			note_serial(&c, comments_only, notes);
	}
	note_redefined(&c, notes);
	macro_file_release(&c.macros);
}
