/* Text that export-subst puts into files (gitattributes(5)): $Format:...$ becomes what a commit
 * says, and whoever can make a commit, or a tag's name, chooses it. */
#include "input/gitcheck_parts.h"

#include "base/cleanup.h"
#include "base/limits.h"

enum place { PLACE_PLAIN, PLACE_SOURCE, PLACE_SCRIPT };

static bool ends_with_one_of(struct str path, const char *list)
{
	struct str rest = str_from(list), ending;

	while (str_next_word(&rest, &ending))
		if (str_ends(path, ending))
			return true;
	return false;
}

/* Where an inserted text could be run: a script, source code, or nowhere. */
static enum place place_of(const struct entry *e, struct str text)
{
	const struct str path = entry_path(e);

	if (entry_executable(e) || str_starts(text, STR("#!")) || gitcheck_is_build_file(path) ||
	    ends_with_one_of(path, ".js .mjs .cjs .ts .php .lua .tcl .awk .zsh .fish .el"))
		return PLACE_SCRIPT;
	return ends_with_one_of(path, ".c .h .cc .cpp .cxx .hpp .hh .go .rs .java .cs .swift .kt .m") ?
	       PLACE_SOURCE : PLACE_PLAIN;
}

/* What a placeholder (behind its '%') lets others write: 2 any text, 1 names of refs, 0 digits,
 * ids and dates. */
static int freedom(struct str s)
{
	const char a = s.len > 0 ? s.ptr[0] : 0, b = s.len > 1 ? s.ptr[1] : 0;

	if (a == '+' || a == '-' || a == ' ')
		return freedom(str_from_at(s, 1));
	if (a == '(')
		return str_starts(s, STR("(describe")) || str_starts(s, STR("(decorate")) ? 1 : 2;
	/* s subject, b body, B both, N notes, e the encoding, g reflog; of people: names and addresses.
	 * f is the subject too, but of letters, digits, '.', '-' and '_' only. */
	if (a && strchr("sbBNeg", a))
		return 2;
	if (a == 'a' || a == 'c')
		return b && strchr("nNeElL", b) ? 2 : 0;
	if (a == 'G')
		return b && strchr("GS", b) ? 2 : 0;
	return a == 'd' || a == 'D' || a == 'S' ? 1 : 0;
}

static int freest(struct str format)
{
	int best = 0;

	for (size_t i = 0; i + 1 < format.len; i++) {
		int here;

		if (format.ptr[i] != '%')
			continue;
		here = freedom(str_from_at(format, i + 1));
		best = here > best ? here : best;
		i += format.ptr[i + 1] == '%';
	}
	return best;
}

/* Names of refs can hold "$(", but need a tag in plain sight: only a shell would run them. */
static bool severity_of(enum place place, int free, struct str path, struct str text,
			enum severity *out)
{
	const bool shell = ends_with_one_of(path, ".sh .bash .zsh") ||
		(str_starts(text, STR("#!")) &&
		 str_find_str(str_first(text, str_find(text, '\n')), STR("sh")) != (size_t)-1);

	if (free == 0 || place == PLACE_PLAIN)
		return false;
	if (free == 1)
		*out = place == PLACE_SCRIPT && shell ? SEVERITY_LOW : SEVERITY_INFO;
	else
		*out = place == PLACE_SCRIPT ? SEVERITY_HIGH : SEVERITY_MEDIUM;
	return true;
}

static int64_t line_of(struct str text, size_t at)
{
	int64_t n = 1;

	for (size_t i = 0; i < at; i++)
		n += text.ptr[i] == '\n';
	return n;
}

/* The placeholder that lets others write most; its text in *format, 0 when there is none. */
static int worst_format(struct str text, struct str *format)
{
	const struct str begin = STR("$Format:");
	struct str rest = text;
	int worst = -1;

	for (;;) {
		const size_t from = str_find_str(rest, begin);
		struct str here;
		size_t end;

		if (from == (size_t)-1)
			return worst;
		here = str_from_at(rest, from + begin.len);
		end = str_find(here, '$');
		if (end == (size_t)-1)
			return worst;
		rest = str_from_at(here, end + 1);
		here = str_first(here, end);
		if (freest(here) <= worst)
			continue;
		worst = freest(here);
		*format = here;
	}
}

static void check_file(struct gitcheck *c, const struct entry *e, struct str text,
		       const struct attribute *at)
{
	const enum place place = place_of(e, text);
	struct str format;
	const int free = worst_format(text, &format);
	enum severity severity;
	struct finding *f;

	if (free <= 0 || !severity_of(place, free, entry_path(e), text, &severity))
		return;
	f = result_find(&c->found, RULE_TP014, entry_path(e), "git archive writes %s into this %s",
			free == 2 ? "what a commit says" : "names of tags and branches",
			place == PLACE_SCRIPT ? "script" : "source file");
	f->severity = severity;
	f->line = line_of(text, (size_t)(format.ptr - text.ptr));
	finding_evidence(&c->found, f, arena_strf(c->arena, "$Format:%.*s$",
						  STR_FMT(str_first(format, 120))));
	finding_evidence(&c->found, f, arena_strf(c->arena, "%.*s:%u: export-subst",
						  STR_FMT(at->file), at->line));
}

int gitcheck_subst(struct gitcheck *c, struct error *err)
{
	const struct tree *t = &c->g->result->origin_tree;
	const struct origin_part *p = &c->g->parts[0];
	bool any = false;

	if (!attributes_any(p->attributes))
		return 0;
	if (gitcheck_attribute(c, STR("export-subst"), &any, err) < 0)
		return -1;
	for (size_t i = 0; any && i < t->n; i++) {
		const struct entry *e = &t->v[i];
		AUTO_BUF struct buf text = BUF_INIT;
		struct path_attributes at;
		enum object_type type;
		int got;

		if (e->type != ENTRY_FILE || (e->flags & ENTRY_SUBMODULE))
			continue;
		attributes_get(p->attributes, entry_path(e), false, &at);
		if (at.export_subst.state != ATTRIBUTE_SET)
			continue;
		got = repo_object(p->repo, &e->oid, LIMIT_BLOB, &type, &text, err);
		if (got < 0 && err->code != ERROR_TOO_LARGE)
			return -1;
		if (got > 0)
			check_file(c, e, buf_str(&text), &at.export_subst);
	}
	return 0;
}
