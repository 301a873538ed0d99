#include "input/attrline.h"

#define BLANKS " \t\r\n"
#define MACRO_PREFIX STR("[attr]")

static struct str skip_blanks(struct str s)
{
	size_t i = 0;

	while (i < s.len && strchr(BLANKS, s.ptr[i]))
		i++;
	return str_from_at(s, i);
}

static struct str take_word(struct str *rest)
{
	size_t i = 0;

	while (i < rest->len && !strchr(BLANKS, rest->ptr[i]))
		i++;
	const struct str word = str_first(*rest, i);

	*rest = skip_blanks(str_from_at(*rest, i));
	return word;
}

static bool name_valid(struct str name)
{
	if (name.len == 0 || name.ptr[0] == '-')
		return false;
	for (size_t i = 0; i < name.len; i++) {
		const char c = name.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '-' || c == '.' || c == '_'))
			return false;
	}
	return true;
}

static bool octal_digits(struct str s, unsigned int *value)
{
	if (s.len < 3 || s.ptr[0] > '3')
		return false;
	*value = 0;
	for (size_t i = 0; i < 3; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '7')
			return false;
		*value = *value * 8 + (unsigned int)(s.ptr[i] - '0');
	}
	return true;
}

/* A C string literal as in git's quoted paths; *rest goes behind it. False when it is none. */
static bool unquote(struct arena *arena, struct str *rest, struct str *out)
{
	static const char letters[] = "abfnrtv\\\"", meant[] = "\a\b\f\n\r\t\v\\\"";
	const struct str s = *rest;
	char *const text = arena_alloc(arena, s.len + 1);
	size_t n = 0;

	for (size_t i = 1; i < s.len; i++) {
		unsigned int octal;

		if (s.ptr[i] == '"') {
			/* git goes on with C strings: what follows a NUL is lost. */
			*out = str_of(text, strlen(text));
			*rest = skip_blanks(str_from_at(s, i + 1));
			return true;
		}
		if (s.ptr[i] != '\\') {
			text[n++] = s.ptr[i];
			continue;
		}
		if (++i == s.len)
			return false;
		const char *const letter = strchr(letters, s.ptr[i]);

		if (letter) {
			text[n++] = meant[letter - letters];
		} else if (octal_digits(str_from_at(s, i), &octal)) {
			text[n++] = (char)octal;
			i += 2;
		} else {
			return false;
		}
	}
	return false;
}

bool attrline_next(struct str *words, struct attrword *out)
{
	if (words->len == 0)
		return false;
	const struct str word = take_word(words);
	const size_t equals = str_find(word, '=');

	out->name = str_first(word, equals);
	out->state = equals == (size_t)-1 ? ATTRIBUTE_SET : ATTRIBUTE_VALUE;
	out->value = equals == (size_t)-1 ? STR("") : str_from_at(word, equals + 1);
	if (out->name.len && (out->name.ptr[0] == '-' || out->name.ptr[0] == '!')) {
		out->state = out->name.ptr[0] == '-' ? ATTRIBUTE_UNSET : ATTRIBUTE_UNSPECIFIED;
		out->value = STR("");
		out->name = str_from_at(out->name, 1);
	}
	return true;
}

static bool words_valid(struct str words)
{
	struct attrword word;

	while (attrline_next(&words, &word))
		if (!name_valid(word.name))
			return false;
	return true;
}

bool attrline_parse(struct arena *arena, struct str text, bool macros_ok, struct attrline *out)
{
	struct str rest = skip_blanks(text);

	if (rest.len == 0 || rest.ptr[0] == '#' || text.len >= ATTRLINE_MAX)
		return false;
	if (rest.ptr[0] != '"' || !unquote(arena, &rest, &out->name))
		out->name = take_word(&rest);
	out->words = rest;
	out->macro = out->name.len > MACRO_PREFIX.len && str_starts(out->name, MACRO_PREFIX);
	if (out->macro) {
		struct str name = skip_blanks(str_from_at(out->name, MACRO_PREFIX.len));

		out->name = take_word(&name);
		if (!macros_ok || !name_valid(out->name))
			return false;
	} else if (str_starts(out->name, STR("!"))) {
		return false;
	}
	return words_valid(rest);
}
