#include "inspect/facts.h"

#include "base/limits.h"
#include "inspect/code.h"
#include "inspect/decode.h"
#include "inspect/direnv.h"
#include "inspect/hidden.h"

/* What is kept of texts in case that a build runs them: programs written by hand are no longer. */
#define TEXT_KEPT (64 * KIB)

static struct str keep(struct arena *a, struct str s)
{
	return s.len ? arena_str(a, s) : STR("");
}

/* The script's strings lie in the scratch arena: out with them. */
static void keep_script(struct arena *a, struct script *s)
{
	for (size_t i = 0; i < s->maps_n; i++)
		s->maps[i].map.spec = keep(a, s->maps[i].map.spec);
	for (size_t i = 0; i < s->markers_n; i++)
		s->markers[i].pattern = keep(a, s->markers[i].pattern);
	for (size_t i = 0; i < s->sinks_n; i++)
		s->sinks[i].text = keep(a, s->sinks[i].text);
	for (size_t i = 0; i < s->names_n; i++)
		s->names[i].name = keep(a, s->names[i].name);
}

static void look_at_script(struct str content, enum dialect d, struct facts *out)
{
	struct arena scratch = ARENA_INIT;

	script_examine(&scratch, content, d, &out->notes, &out->script);
	keep_script(out->notes.arena, &out->script);
	out->has_script = true;
	arena_release(&scratch);
}

static void hidden_found(void *ctx, int64_t line, const char *encoding, struct str bytes)
{
	/* The note was given; a program text is read as such, so that what it does is known. */
	struct facts *const out = ctx;
	struct arena scratch = ARENA_INIT;
	struct notes notes = { .arena = &scratch };
	struct script script;

	(void)line;
	(void)encoding;
	if (!blob_is_text(bytes))
		return;
	script_examine(&scratch, bytes, DIALECT_SHELL, &notes, &script);
	out->script.caps |= script.caps;
	script_release(&script);
	notes_release(&notes);
	arena_release(&scratch);
}

static bool is_version_file(struct str text)
{
	size_t letters = 0;

	text = str_trim(text);
	if (text.len == 0 || text.len > 200 || str_find(text, '\n') != (size_t)-1)
		return false;
	for (size_t i = 0; i < text.len && i < 8; i++)
		letters += (text.ptr[i] >= 'a' && text.ptr[i] <= 'z') ||
			   (text.ptr[i] >= 'A' && text.ptr[i] <= 'Z');
	return letters < 2 && memchr(str_first(text, 8).ptr, '.', text.len < 8 ? text.len : 8);
}

static void look_at_version(struct str text, struct notes *notes)
{
	if (text.len < 3 || text.len > 256 || !is_version_file(text) ||
	    (str_find(text, '`') == (size_t)-1 && str_find_str(text, STR("$(")) == (size_t)-1))
		return;
	note_evidence(notes, note_add(notes, RULE_TP216,
				      "is a version with characters that a shell acts upon"),
		      str_trim(text));
}

static void look_at_code(struct str path, struct str content, struct facts *out)
{
	code_examine(out->language, path, content, &out->notes, &out->script);
	out->has_script = true;
}

/* Of languages that are read as shell. */
static const struct { enum language language; enum dialect dialect; bool whole; } shells[] = {
	{ LANGUAGE_SHELL, DIALECT_SHELL, true }, { LANGUAGE_M4, DIALECT_M4, true }, { LANGUAGE_MAKE, DIALECT_MAKE, true },
	{ LANGUAGE_CMAKE, DIALECT_CMAKE, false }, { LANGUAGE_MESON, DIALECT_MESON, false },
};

/* A text of a language: as shell, by its calls, or both. */
static void look_at_program(struct str path, struct str content, struct facts *out)
{
	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++) {
		if (shells[i].language != out->language)
			continue;
		look_at_script(content, shells[i].dialect, out);
		if (shells[i].whole)
			return;
	}
	look_at_code(path, content, out);
}

static void look_at_text(struct str path, struct str content, struct facts *out)
{
	look_at_version(content, &out->notes);
	if (str_eq(str_base(path), STR(".envrc")))
		direnv_examine(content, &out->notes);
	if (out->language != LANGUAGE_NONE)
		look_at_program(path, content, out);
	hidden_scan(content, &out->notes, hidden_found, out);
}

static void look_at_blob(struct str path, struct str content, struct facts *out)
{
	blob_examine(path, content, &out->notes, &out->blob);
	out->kept = out->blob.state == BLOB_OPAQUE || out->blob.state == BLOB_CORRUPT ||
		    out->blob.state == BLOB_REST;
	out->alternations = decode_alternations(content);
	if (out->alternations < ALTERNATIONS_MIN && out->blob.alternations)
		out->alternations = out->blob.alternations;
	out->kept = out->kept || out->alternations >= ALTERNATIONS_MIN;
}

/* A text with a stray byte, as tests of interpreters have it, is one. */
static bool is_mostly_text(struct str s)
{
	const size_t stray = 1 + s.len / 100;
	size_t other = 0;

	for (size_t i = 0; i < s.len && other <= stray; i++)
		other += (unsigned char)s.ptr[i] < ' ' && (s.ptr[i] < '\t' || s.ptr[i] > '\r');
	return other <= stray;
}

static bool acts(struct str text)
{
	const struct str signs = STR("`$;|&<>(");

	for (size_t i = 0; i < signs.len; i++)
		if (str_find(text, signs.ptr[i]) != (size_t)-1)
			return true;
	return false;
}

static enum nature nature_of(struct str path, struct str content, const struct facts *f)
{
	if (!f->text && !is_mostly_text(content))
		return NATURE_BINARY;
	if ((f->text ? f->language : role_of(path, content, true).language) != LANGUAGE_NONE)
		return NATURE_PROGRAM;
	return acts(content) ? NATURE_TEXT : NATURE_WORDS;
}

static bool holds_anything(const struct facts *f)
{
	const struct script *const s = &f->script;

	return f->notes.n || (f->kept && !f->text) || f->blob.machine_code || f->alternations >= ALTERNATIONS_MIN ||
	       (f->has_script && (s->maps_n || s->sinks_n || s->markers_n || s->names_n || s->caps || s->incomplete));
}

/* What all that was found comes to. */
static bool conclude(struct str path, struct str content, struct facts *out)
{
	out->nature = nature_of(path, content, out);
	if (holds_anything(out))
		return true;
	facts_release(out);
	return false;
}

bool facts_as(struct arena *a, struct str path, struct str content, enum language language, struct facts *out)
{
	*out = (struct facts){ .notes = { .arena = a }, .text = true, .language = language };
	look_at_text(path, content, out);
	return conclude(path, content, out);
}

bool facts_of(struct arena *a, struct str path, struct str content, struct facts *out)
{
	*out = (struct facts){ .notes = { .arena = a } };
	if (content.len == 0)
		return false;
	if (blob_is_text(content)) {
		const bool any = facts_as(a, path, content, role_of(path, content, true).language, out);

		out->kept = out->language == LANGUAGE_NONE && content.len <= TEXT_KEPT;
		return any;
	}
	look_at_blob(path, content, out);
	return conclude(path, content, out);
}

void facts_release(struct facts *f)
{
	notes_release(&f->notes);
	if (f->has_script)
		script_release(&f->script);
	f->has_script = false;
}
