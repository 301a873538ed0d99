#include "input/dsc.h"

#include <ctype.h>

#include "base/cleanup.h"

bool dsc_probe(struct str text)
{
	return str_starts(text, STR("-----BEGIN PGP SIGNED MESSAGE-----")) ||
	       str_starts(text, STR("Format: 3.0 ")) || str_starts(text, STR("Format: 1.0"));
}

/* dpkg-source(1): letters, digits and hyphens; it becomes the name of a folder. */
static bool is_component(struct str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!isalnum((unsigned char)name.ptr[i]) && name.ptr[i] != '-')
			return false;
	return name.len > 0;
}

/* What part a file is, by dpkg-source's naming of them. */
static void classify(struct arena *a, struct dsc_part *p, bool native)
{
	const struct str orig = STR(".orig");
	size_t at;

	p->component = STR("");
	if (str_ends(p->name, STR(".asc")) || str_ends(p->name, STR(".sig"))) {
		p->role = "signature";
		return;
	}
	at = str_find_str(p->name, STR(".orig.tar."));
	if (at != (size_t)-1) {
		p->role = "orig";
		return;
	}
	at = str_find_str(p->name, STR(".orig-"));
	if (at != (size_t)-1) {
		const struct str rest = str_from_at(p->name, at + orig.len + 1);
		const size_t end = str_find_str(rest, STR(".tar."));

		if (end != (size_t)-1 && is_component(str_first(rest, end))) {
			p->role = "component";
			p->component = arena_str(a, str_first(rest, end));
			return;
		}
	}
	p->role = native && str_find_str(p->name, STR(".tar.")) != (size_t)-1 ? "orig" : "packaging";
}

/* " SHA256 SIZE NAME" below Checksums-Sha256. */
static int parse_part(struct arena *a, struct str line, struct dsc *out, struct error *err)
{
	struct str digest, size, name;
	struct dsc_part p = { .size = 0 };

	if (!str_next_word(&line, &digest) || !str_next_word(&line, &size) ||
	    !str_next_word(&line, &name) || !hex_decode(digest, p.sha256.bytes, SHA256_SIZE) ||
	    str_find(name, '/') != (size_t)-1 || str_starts(name, STR(".")))
		return error_set(err, ERROR_INPUT, "a line of Checksums-Sha256 is malformed");
	for (size_t i = 0; i < size.len; i++) {
		if (size.ptr[i] < '0' || size.ptr[i] > '9' || i > 15)
			return error_set(err, ERROR_INPUT, "a size in Checksums-Sha256 is malformed");
		p.size = p.size * 10 + (uint64_t)(size.ptr[i] - '0');
	}
	p.name = arena_str(a, name);
	out->parts = memory_grow(out->parts, out->parts_n, &out->parts_cap, sizeof(*out->parts));
	out->parts[out->parts_n++] = p;
	return 0;
}

static int parse_fields(struct arena *a, struct str text, struct dsc *out, struct error *err)
{
	struct str line;
	bool in_sums = false, native = false, body = !str_starts(text, STR("-----BEGIN"));

	*out = (struct dsc){ .parts = NULL };
	while (str_next_line(&text, &line)) {
		const size_t colon = str_find(line, ':');
		struct str value;

		if (!body) {
			body = str_trim(line).len == 0;
			continue;
		}
		if (str_starts(line, STR("-----BEGIN PGP SIGNATURE")))
			break;
		if (str_starts(line, STR(" ")) || str_starts(line, STR("\t"))) {
			if (in_sums && str_trim(line).len && parse_part(a, line, out, err) < 0)
				return -1;
			continue;
		}
		in_sums = false;
		if (colon == (size_t)-1)
			continue;
		value = str_trim(str_from_at(line, colon + 1));
		if (str_case_eq(str_first(line, colon), STR("Checksums-Sha256")))
			in_sums = true;
		else if (str_case_eq(str_first(line, colon), STR("Source")))
			out->source = arena_str(a, value);
		else if (str_case_eq(str_first(line, colon), STR("Version")))
			out->version = arena_str(a, value);
		else if (str_case_eq(str_first(line, colon), STR("Format")))
			native = str_find_str(value, STR("native")) != (size_t)-1 ||
				 str_eq(value, STR("1.0"));
	}
	for (size_t i = 0; i < out->parts_n; i++)
		classify(a, &out->parts[i], native);
	return 0;
}

int dsc_parse(struct arena *a, struct str text, struct dsc *out, struct error *err)
{
	int r = parse_fields(a, text, out, err);

	if (r == 0 && out->parts_n == 0)
		r = error_set(err, ERROR_INPUT, "names no files with SHA-256 checksums");
	if (r < 0) {
		error_hint(err, "fetch the .dsc again, or give its .orig.tar.* alone");
		memory_free(out->parts);
		*out = (struct dsc){ .parts = NULL };
	}
	return r;
}
