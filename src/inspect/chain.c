#include "inspect/chain.h"

#include <regex.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "inspect/attempts.h"

/* Programs found in programs; contents tried in one round; keys. */
enum { ROUNDS = 4, BLOBS_MAX = 20000, KEYS_MAX = 4096, STAGES_MAX = 64 };
/* A content is decoded up to here; a marker is searched for in as much. */
#define DECODE_MAX (16 * MIB)
#define MARKER_MAX (1 * MIB)

/* A program that was decoded. */
struct stage {
	const struct subject *blob;
	struct str text;	/* all of it */
	struct str how;		/* the steps, joined */
	struct str key;		/* where the map stands, or empty */
	const char *format;
	bool plain;		/* what it holds was only cut out and unpacked */
	struct script script;
};

struct chains {
	struct result *r;
	const struct subjects *all;
	const struct subject *v;	/* of `all` */
	size_t n;
	const struct inspect_sources *s;
	struct arena arena;
	struct decode_key *keys;
	size_t keys_n, keys_cap;
	struct stage stage[STAGES_MAX];
	size_t stages_n;
	const struct subject **blobs;	/* what is tried: opaque contents */
	size_t blobs_n, blobs_cap;
};

static void add_key(struct chains *c, const struct byte_map *map, struct str where)
{
	size_t moved = 0;

	for (size_t i = 0; i < 256; i++)
		moved += map->to[i] != (int16_t)i;
	if (moved < 2 || c->keys_n >= KEYS_MAX)
		return;
	for (size_t i = 0; i < c->keys_n; i++)
		if (c->keys[i].kind == KEY_MAP &&
		    memcmp(c->keys[i].map->to, map->to, sizeof(map->to)) == 0) {
			/* The same map in the macro and in configure: both places are named. */
			if (c->keys[i].where.len < 200)
				c->keys[i].where = arena_strf(&c->arena, "%.*s, %.*s",
							      STR_FMT(c->keys[i].where), STR_FMT(where));
			return;
		}
	c->keys = memory_grow(c->keys, c->keys_n, &c->keys_cap, sizeof(*c->keys));
	c->keys[c->keys_n++] = (struct decode_key){ .kind = KEY_MAP, .map = map, .where = where };
}

static void add_script_keys(struct chains *c, const struct script *s, struct str path)
{
	for (size_t i = 0; i < s->maps_n; i++)
		add_key(c, &s->maps[i].map, arena_strf(&c->arena, "%.*s:%lld", STR_FMT(path),
						       (long long)s->maps[i].line));
}

static bool is_new(const struct chains *c, struct str text)
{
	for (size_t i = 0; i < c->stages_n; i++)
		if (str_eq(c->stage[i].text, text))
			return false;
	return true;
}

static bool is_cut_out(const struct decoded *d)
{
	for (size_t i = 0; i < d->steps_n; i++)
		if (!str_starts(d->steps[i], STR("tail -c +")) && !str_starts(d->steps[i], STR("head -c ")) &&
		    !str_ends(d->steps[i], STR(" -dc")))
			return false;
	return !d->key;
}

static void decoded(void *ctx, size_t i, const struct decoded *d)
{
	struct chains *c = ctx;
	struct buf how = BUF_INIT;
	const char *inner = NULL;
	struct unpacked u;
	struct stage *s;

	/* What a container holds tells more than the container. */
	unpack(d->bytes, DECODE_MAX, &u);
	if (c->stages_n >= STAGES_MAX || !is_new(c, u.content.len ? buf_str(&u.content) : d->bytes)) {
		unpacked_release(&u);
		return;
	}
	s = &c->stage[c->stages_n++];
	for (size_t k = 0; k < d->steps_n; k++) {
		if (k)
			buf_add_cstr(&how, " | ");
		buf_add_str(&how, d->steps[k]);
	}
	if (u.content.len && u.format)
		buf_addf(&how, "%s%s -dc", how.len ? " | " : "", u.format);
	*s = (struct stage){ .blob = c->blobs[i], .how = arena_str(&c->arena, buf_str(&how)),
			     .text = arena_str(&c->arena, u.content.len ? buf_str(&u.content) : d->bytes),
			     .format = d->format, .key = d->key ? d->key->where : STR("") };
	s->plain = is_cut_out(d);
	if (blob_is_text(s->text))
		s->format = "program text";
	else if (unpack_confirms(s->text, &inner) &&
		 (strcmp(inner, "elf") == 0 || strcmp(inner, "pe") == 0 || strcmp(inner, "macho") == 0))
		s->format = "a machine's program";
	buf_release(&how);
	unpacked_release(&u);
}

/* Blob number i of those that are tried. */
static enum attempts_content blob_content(void *ctx, size_t i, struct buf *to)
{
	struct chains *const c = ctx;
	const struct subject *const s = c->blobs[i];

	if (s->entry->size > DECODE_MAX || !c->s->read || c->s->read(c->s->ctx, s->entry, to) != 1)
		return ATTEMPTS_NONE;
	/* What is to be cut out may be packed as a whole first. */
	return s->facts->alternations >= ALTERNATIONS_MIN && s->facts->blob.state != BLOB_OPAQUE ?
	       ATTEMPTS_UNPACKED : ATTEMPTS_WHOLE;
}

/* The first lines of a program, for the reader. */
static void add_lines(struct result *r, struct finding *f, struct str text)
{
	struct str line;

	for (int n = 0; n < 3 && str_next_line(&text, &line);) {
		line = str_trim(line);
		if (line.len == 0 || str_eq(line, STR("#!/bin/sh")))
			continue;
		finding_evidence(r, f, str_first(line, NOTE_EXCERPT));
		n++;
	}
}

/* Scripts of the release that run data they decoded or found. */
static void add_runners(struct chains *c, struct finding *f)
{
	for (size_t i = 0, told = 0; i < c->n && told < 4; i++) {
		const struct facts *const facts = c->v[i].facts;

		if (!facts || !facts->has_script)
			continue;
		for (size_t k = 0; k < facts->script.sinks_n && told < 4; k++) {
			const struct script_sink *const sink = &facts->script.sinks[k];

			if (!(sink->caps & (CAP_UNDO | CAP_DISCOVER)))
				continue;
			finding_evidence(c->r, f, arena_strf(&c->arena, "run by %.*s:%lld: %.*s",
							     STR_FMT(entry_path(c->v[i].entry)),
							     (long long)sink->line, STR_FMT(sink->text)));
			told++;
		}
	}
}

/* "; configure:10 runs what was found or decoded", of the first that does so. */
static struct str runner(struct chains *c)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct facts *const facts = c->v[i].facts;

		for (size_t k = 0; facts && facts->has_script && k < facts->script.sinks_n; k++)
			if (facts->script.sinks[k].caps & (CAP_UNDO | CAP_DISCOVER))
				return arena_strf(&c->arena, "; %.*s:%lld runs what was decoded",
						  STR_FMT(entry_path(c->v[i].entry)),
						  (long long)facts->script.sinks[k].line);
	}
	return STR("");
}

static bool is_program(const struct stage *s)
{
	return s->format && (strstr(s->format, "script") || strstr(s->format, "text") ||
			     strstr(s->format, "program"));
}

static void read_stage(struct chains *c, struct stage *s)
{
	struct notes notes = { .arena = &c->arena };

	if (!blob_is_text(s->text))
		return;
	script_examine(&c->arena, s->text, DIALECT_SHELL, &notes, &s->script);
	add_script_keys(c, &s->script, arena_strf(&c->arena, "the program in %.*s",
						  STR_FMT(entry_path(s->blob->entry))));
	notes_release(&notes);
}

/* One finding for each blob: all that it decodes to. */
static void tell_stage(struct chains *c, const struct stage *s)
{
	const struct str path = entry_path(s->blob->entry);
	struct finding *f;

	if (s->key.len)
		f = result_find(c->r, RULE_TP501, path, "becomes %s by %.*s with the byte map of %.*s%.*s", s->format,
				STR_FMT(s->how), STR_FMT(s->key), STR_FMT(runner(c)));
	else
		f = result_find(c->r, RULE_TP502, path, "decodes to %s by %.*s", s->format, STR_FMT(s->how));
	if (s->key.len && !is_program(s))
		f->severity = SEVERITY_HIGH;
	/* A format of somebody's own with a header before a well-known one: nothing is kept from sight. */
	if (!s->key.len && s->plain && !is_program(s))
		f->severity = SEVERITY_LOW;
	finding_evidence(c->r, f, arena_strf(&c->arena, "%.*s < %.*s", STR_FMT(s->how), STR_FMT(path)));
	if (blob_is_text(s->text))
		add_lines(c->r, f, s->text);
	if (s->key.len || is_program(s))
		add_runners(c, f);
}

/* --- markers --- */

static bool compile_marker(const struct script_marker *m, regex_t *re)
{
	char pattern[256];

	/* What is not plain enough could take very long. */
	if (m->fixed || m->pattern.len >= sizeof(pattern) || memchr(m->pattern.ptr, '\\', m->pattern.len))
		return false;
	memcpy(pattern, m->pattern.ptr, m->pattern.len);
	pattern[m->pattern.len] = '\0';
	return regcomp(re, pattern, REG_NOSUB | REG_NEWLINE | (m->extended ? REG_EXTENDED : 0)) == 0;
}

/* A plain text of some length, without what means something in a regular expression. */
static bool is_plain(struct str pattern)
{
	for (size_t i = 0; i < pattern.len; i++)
		if (strchr("^$*+?{}[]()|\\.", pattern.ptr[i]))
			return false;
	return pattern.len >= 4;
}

/* Line by line, as NUL bytes and long lines are in the way of the library. */
static bool holds(struct str content, const regex_t *re)
{
	struct str line;

	content = str_first(content, MARKER_MAX);
	while (str_next_line(&content, &line)) {
		char text[512];

		for (size_t at = 0; at < line.len; at += sizeof(text) / 2) {
			const struct str part = str_first(str_from_at(line, at), sizeof(text) - 1);

			for (size_t i = 0; i < part.len; i++)
				text[i] = part.ptr[i] ? part.ptr[i] : ' ';
			text[part.len] = '\0';
			if (regexec(re, text, 0, NULL, 0) == 0)
				return true;
		}
	}
	return false;
}

static bool matches(const struct script_marker *m, struct str content, const regex_t *re)
{
	if (is_plain(m->pattern))
		return str_find_str(content, m->pattern) != (size_t)-1;
	return re && holds(content, re);
}

static void find_marker(struct chains *c, const struct subject *script, const struct script_marker *m)
{
	regex_t re;
	const bool compiled = compile_marker(m, &re);

	for (size_t i = 0; i < c->n; i++) {
		const struct subject *const s = &c->v[i];
		AUTO_BUF struct buf content = BUF_INIT;
		struct finding *f;

		if (!s->facts || s->facts->text || !s->facts->kept || s->entry->size > DECODE_MAX ||
		    !c->s->read || c->s->read(c->s->ctx, s->entry, &content) != 1 ||
		    !matches(m, buf_str(&content), compiled ? &re : NULL))
			continue;
		f = result_find(c->r, RULE_TP504, entry_path(s->entry), "holds the marker that %.*s:%lld searches "
				"for", STR_FMT(entry_path(script->entry)), (long long)m->line);
		finding_evidence(c->r, f, m->pattern);
		/* Where nothing is run, the marker may be any text that a maintainer checks for. */
		f->severity = script->kind.role == ROLE_BUILD && (script->facts->script.caps & CAP_EXECUTE) ?
			      SEVERITY_CRITICAL : SEVERITY_LOW;
	}
	if (compiled)
		regfree(&re);
}

static void find_markers(struct chains *c)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct facts *const f = c->v[i].facts;

		if (!f || !f->has_script || !(f->script.caps & CAP_DISCOVER))
			continue;
		for (size_t k = 0; k < f->script.markers_n && k < 8; k++)
			find_marker(c, &c->v[i], &f->script.markers[k]);
	}
}

static void find_blobs(struct chains *c)
{
	for (size_t i = 0; i < c->n && c->blobs_n < BLOBS_MAX; i++) {
		if (!c->v[i].facts || c->v[i].facts->text || !c->v[i].facts->kept)
			continue;
		c->blobs = memory_grow(c->blobs, c->blobs_n, &c->blobs_cap, sizeof(*c->blobs));
		c->blobs[c->blobs_n++] = &c->v[i];
	}
	if (c->blobs_n == BLOBS_MAX)
		result_not_checked(c->r, false, STR("opaque files"), "there are %d or more: the rest was not decoded",
				   BLOBS_MAX);
}

/* Blobs are tried with the keys of all scripts; what comes out may hold further keys. */
static int decode_all(struct chains *c, struct error *err)
{
	size_t keys_before = 0;

	find_blobs(c);
	for (int round = 0; round < ROUNDS && (round == 0 || c->keys_n > keys_before); round++) {
		const struct attempts a = {
			.keys = c->keys, .keys_n = c->keys_n, .max = DECODE_MAX, .jobs = c->s->jobs ? c->s->jobs : 1,
			.content = blob_content, .visit = decoded, .ctx = c, .tick = c->s->tick,
			.tick_ctx = c->s->ctx,
		};
		const size_t first = c->stages_n;

		keys_before = c->keys_n;
		if (attempts_run(&a, c->blobs_n, err) < 0)
			return -1;
		for (size_t i = first; i < c->stages_n; i++)
			read_stage(c, &c->stage[i]);
	}
	return 0;
}

int chains_find(struct result *r, const struct subjects *all, const struct inspect_sources *s,
		struct error *err)
{
	struct chains *const c = memory_zalloc(sizeof(*c));
	int status;

	c->r = r;
	c->all = all;
	c->v = all->v;
	c->n = all->n;
	c->s = s;
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i].facts && c->v[i].facts->has_script)
			add_script_keys(c, &c->v[i].facts->script, entry_path(c->v[i].entry));
	status = decode_all(c, err);
	for (size_t i = 0; i < c->stages_n; i++)
		tell_stage(c, &c->stage[i]);
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i].facts && c->v[i].facts->alternations >= ALTERNATIONS_MIN) {
			struct finding *const f = result_find(r, RULE_TP503, entry_path(c->v[i].entry),
				"changes %u times between constant and random content",
				c->v[i].facts->alternations);

			f->offset = 0;
			/* Tables, tiles and blank areas are what such formats are made of. */
			if (c->v[i].facts->blob.format && c->v[i].facts->blob.alternations < ALTERNATIONS_MIN)
				f->severity = SEVERITY_LOW;
		}
	if (status == 0)
		find_markers(c);
	for (size_t i = 0; i < c->stages_n; i++)
		script_release(&c->stage[i].script);
	memory_free(c->keys);
	memory_free(c->blobs);
	arena_release(&c->arena);
	memory_free(c);
	return status;
}
