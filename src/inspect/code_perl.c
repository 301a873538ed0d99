/* What is Perl's own: functions without parentheses, tr, and the many ways to quote. */
#include "base/ascii.h"
#include "inspect/code_work.h"

enum { SETS_MAX = 2048 };

/* tr{from}{to}, tr/from/to/: exchanges letters for one another. */
static bool permutes(struct str s)
{
	const char open = s.len ? s.ptr[0] : '\0', close = open == '{' ? '}' : open == '(' ? ')' : open;
	struct str sets[2];
	struct byte_map map;

	s = str_first(s, SETS_MAX);
	if (!open || !strchr("{(/|,#!", open))
		return false;
	for (int i = 0; i < 2; i++) {
		size_t end;

		if (i == 0 || open != close)
			s = str_from_at(s, str_find(s, open) + 1);
		end = str_find(s, close);
		if (end == (size_t)-1 || end > 512)
			return false;
		sets[i] = str_first(s, end);
		s = str_from_at(s, end + 1);
	}
	return byte_map_parse(STR(""), sets[0], sets[1], &map) && byte_map_permutes(&map);
}

/* The template of pack at the head of s, without the quotes; empty: it is none that stands there. */
static struct str pack_template(struct str s)
{
	char quote;

	s = str_trim(s);
	if (str_starts(s, STR("(")))
		s = str_trim(str_from_at(s, 1));
	quote = s.len ? s.ptr[0] : '\0';
	if ((quote != '\'' && quote != '"') || str_find(str_from_at(s, 1), quote) == (size_t)-1)
		return STR("");
	s = str_from_at(s, 1);
	return str_first(s, str_find(s, quote));
}

bool code_packs_numbers(const struct code *c, struct str name)
{
	enum { NUMBERS_MAX = 8 };
	static const struct str functions[] = { STR("pack"), STR("unpack") };
	const struct str template = STR_IS_ONE_OF(name, functions) ?
				    pack_template(str_first(str_from_at(c->text, c->at), 256)) : STR("");
	size_t numbers = 0;

	for (size_t i = 0; i < template.len; i++) {
		if (template.ptr[i] == 'x') {
			/* Bytes that are passed over: x4, x$pos. */
			const bool variable = i + 1 < template.len && template.ptr[i + 1] == '$';

			i += variable;
			while (i + 1 < template.len && (variable ? ascii_is_word(template.ptr[i + 1]) :
							ascii_is_digit(template.ptr[i + 1])))
				i++;
		} else if (memchr("cCsSlLqQnNvVjJ", template.ptr[i], 14)) {
			numbers++;
		} else if (!memchr("<>! ", template.ptr[i], 4)) {
			return false;
		}
	}
	return numbers > 0 && numbers <= NUMBERS_MAX;
}

/* Perl's functions need no parentheses: eval $ENV{X}, eval $decoded, eval decode_base64($x). */
void code_read_perl_name(struct code *c, struct str name, size_t from)
{
	const struct str rest = str_trim(str_first(str_from_at(c->text, c->at), 256));
	const unsigned int what = code_call_kind(LANGUAGE_PERL, name);
	size_t n = 0;

	if ((what & CALL_RUNS) && rest.len && (rest.ptr[0] == '$' || rest.ptr[0] == ';')) {
		const struct str variable = rest.ptr[0] == ';' ? STR("_") : str_from_at(rest, 1);

		while (n < variable.len && ascii_is_word(variable.ptr[n]))
			n++;
		if (str_eq(str_first(variable, n), STR("ENV")))
			code_tell(c, RULE_TP222, c->line, from, "a value of the environment is run as a program");
		else if (code_taint(c, str_first(variable, n)))
			code_tell_run(c, code_taint(c, str_first(variable, n)), c->line, from);
	}
	/* $text =~ tr{...}{...} */
	if ((str_eq(name, STR("tr")) || str_eq(name, STR("y"))) && permutes(str_from_at(c->text, c->at)))
		code_add_taint(c, c->last.len ? c->last : STR("_"), CALL_DECODES);
	if (!(what & CALL_DECODES))
		return;
	if ((c->last.len && code_call_kind(LANGUAGE_PERL, c->last) & CALL_RUNS) || c->pipes_to_shell)
		code_tell_run(c, what, c->line, from);
	code_add_taint(c, c->assigned, what);
}

/* Where a quote that begins with `open` ends, quotes of the kind within it passed over. */
static size_t quote_end(struct str s, char open)
{
	const char *const pair = strchr("{}()[]<>", open);
	const char close = pair ? pair[1] : open;
	size_t depth = 1;

	for (size_t i = 1; i < s.len; i++) {
		if (s.ptr[i] == '\\')
			i++;
		else if (s.ptr[i] == close && --depth == 0)
			return i;
		else if (s.ptr[i] == open)
			depth++;
	}
	return s.len;
}

bool code_read_quote(struct code *c, struct str name)
{
	static const struct str operators[] = { STR("q"), STR("qq"), STR("qx") };
	const char open = code_at(c, 0);
	const char before = name.ptr > c->text.ptr ? name.ptr[-1] : '\n';
	struct str text;

	/* $q and ->q are no operators. */
	if (!STR_IS_ONE_OF(name, operators) || !open || !strchr("{([</|!", open) || strchr("$@%&>", before) ||
	    str_eq(c->last, STR("sub")))
		return false;
	text = str_from_at(c->text, c->at);
	text = str_first(text, quote_end(text, open));
	code_see_string(c, str_from_at(text, 1));
	for (size_t i = 0; i < text.len; i++)
		c->line += text.ptr[i] == '\n';
	c->at += text.len + (c->at + text.len < c->text.len);
	return true;
}
