#include "input/subst.h"

#include "base/ascii.h"
#include "base/cleanup.h"
#include "base/escape.h"
#include "base/memory.h"

#define OPENING STR("$Format:")

/* Writes the whole file, holes or not. */
static void plan_make(struct plan *p, struct str in)
{
	format_prepare(p);
	for (;;) {
		const size_t start = str_find_str(in, OPENING);
		const struct str inside = str_from_at(in, start == (size_t)-1 ? in.len :
							  start + OPENING.len);
		const size_t end = str_find(inside, '$');

		if (end == (size_t)-1 || p->failed)
			break;
		buf_add(p->out, in.ptr, start);
		format_expand(p, str_first(inside, end));
		in = str_from_at(inside, end + 1);
	}
	buf_add_str(p->out, in);
}

void subst_expand(const struct commit_facts *facts, struct str in, unsigned int abbrev,
		  struct buf *out)
{
	struct plan p = {
		.facts = facts, .out = out, .base = out->len, .max = in.len + SUBST_MAX_GROWTH,
		.abbrev = abbrev < 4 ? 4 : abbrev,
	};

	plan_make(&p, in);
	if (!p.failed)
		return;
	out->len = p.base;
	buf_add_str(out, in);
}

static bool is_alnum(char c)
{
	return ascii_is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_tag(const struct commit_facts *facts, struct str name)
{
	for (size_t i = 0; i < facts->tags_n; i++)
		if (str_eq(facts->tags[i], name))
			return true;
	return false;
}

/* Far stricter than git-check-ref-format(1): nothing that could end a string or a comment, or
 * be a command, in whatever language the file is written. */
static bool ref_sane(struct str name)
{
	if (name.len == 0 || name.len > 255 || str_starts(name, STR("refs/tags/")))
		return false;
	for (size_t i = 0; i < name.len; i++) {
		const char c = name.ptr[i];

		if (!is_alnum(c) && !strchr("._/+@#=-", c))
			return false;
		if (i > 0 && strchr("./@-", c) && c == name.ptr[i - 1] && c != '-')
			return false;
	}
	return is_alnum(name.ptr[0]) && name.ptr[name.len - 1] != '/';
}

static bool decoration_accepts(const struct commit_facts *facts, struct str text)
{
	for (;;) {
		const size_t comma = str_find_str(text, STR(", "));
		struct str item = str_first(text, comma);

		if (str_starts(item, STR("tag: "))) {
			if (!is_tag(facts, str_from_at(item, 5)))
				return false;
		} else {
			if (str_starts(item, STR("HEAD -> ")))
				item = str_from_at(item, 8);
			if (!ref_sane(item))
				return false;
		}
		if (comma == (size_t)-1)
			return true;
		text = str_from_at(text, comma + 2);
	}
}

/* A tag of the commit, or "TAG-N-gHEX": another tag that is N commits away, and this commit's
 * own id, so that little is left to choose. */
static bool describe_accepts(const struct commit_facts *facts, struct str text)
{
	const size_t dash = str_rfind(text, '-');
	const struct str head = str_first(text, dash), hex = str_from_at(text, dash + 2);
	const size_t second = dash == (size_t)-1 ? dash : str_rfind(head, '-');

	if (is_tag(facts, text))
		return true;
	if (second == (size_t)-1 || hex.len < 4 || text.ptr[dash + 1] != 'g' ||
	    !str_starts(facts->oid, hex))
		return false;
	const struct str number = str_from_at(head, second + 1);

	if (number.len == 0 || number.len > 7 || number.ptr[0] == '0')
		return false;
	for (size_t i = 0; i < number.len; i++)
		if (!ascii_is_digit(number.ptr[i]))
			return false;
	return ref_sane(str_first(head, second));
}

/* A letter of Latin, Greek, Cyrillic, kana, Han or Hangul beyond ASCII: no control, no space,
 * no punctuation. */
static bool letter_sane(unsigned int code)
{
	return (code >= 0xc0 && code <= 0x24f && code != 0xd7 && code != 0xf7) ||
	       (code >= 0x386 && code <= 0x481 && code != 0x387) ||
	       (code >= 0x48a && code <= 0x52f) || (code >= 0x3041 && code <= 0x3096) ||
	       (code >= 0x30a1 && code <= 0x30fa) || (code >= 0x4e00 && code <= 0x9fff) ||
	       (code >= 0xac00 && code <= 0xd7a3);
}

/* What a .mailmap may have put there: nothing but letters, digits and a few signs. */
static bool person_accepts(struct str text, bool email)
{
	if (text.len == 0 || text.len > 128)
		return false;
	while (text.len) {
		unsigned int code = 0;
		const size_t n = escape_utf8(text, &code);
		const char c = text.ptr[0];

		if (n == 0 || (n > 1 && (email || !letter_sane(code))))
			return false;
		if (n == 1 && !is_alnum(c) && !strchr(email ? "._+-@" : " .-", c))
			return false;
		text = str_from_at(text, n);
	}
	return true;
}

static bool one_of(struct str text, const char *const *words)
{
	for (; *words; words++)
		if (str_eq(text, str_from(*words)))
			return true;
	return false;
}

/* "3 weeks ago", "1 year, 2 months ago", "in the future". */
static bool relative_accepts(struct str text)
{
	static const char *const units[] = {
		"second", "seconds", "minute", "minutes", "hour", "hours", "day", "days", "week",
		"weeks", "month", "months", "year", "years", "year,", "years,", NULL,
	};
	struct str word;
	size_t n = 0;

	if (str_eq(text, STR("in the future")))
		return true;
	if (!str_ends(text, STR(" ago")) || text.len > 40)
		return false;
	for (text.len -= 4; str_next_word(&text, &word); n++) {
		if (n % 2 == 1 && !one_of(word, units))
			return false;
		for (size_t i = 0; n % 2 == 0 && i < word.len; i++)
			if (!ascii_is_digit(word.ptr[i]))
				return false;
	}
	return n == 2 || n == 4;
}

static bool key_accepts(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!ascii_is_digit(text.ptr[i]) && !(text.ptr[i] >= 'A' && text.ptr[i] <= 'F'))
			return false;
	return text.len == 0 || (text.len >= 8 && text.len <= 64);
}

/* Whether a hole may stand for `text`; *sure stays set when it surely does so. */
static bool hole_accepts(const struct hole *h, const struct commit_facts *facts, struct str text,
			 bool *sure)
{
	static const char *const trust[] = {
		"undefined", "never", "marginal", "fully", "ultimate", NULL,
	};

	if (h->before && text.len) {
		if (text.ptr[0] != h->before || text.len == 1)
			return false;
		text = str_from_at(text, 1);
	}
	switch (h->kind) {
	case HOLE_ABBREV:
		return text.len >= 4 && str_starts(h->text, text);
	case HOLE_EITHER:
		return str_eq(text, h->text) || str_eq(text, h->other);
	case HOLE_NAME:
	case HOLE_EMAIL:
		if (str_eq(text, h->text))
			return true;
		*sure = false;
		return person_accepts(text, h->kind == HOLE_EMAIL);
	case HOLE_DECORATION:
		*sure = false;
		return text.len == 0 || decoration_accepts(facts, text);
	case HOLE_DECORATION_PAREN:
		*sure = false;
		return text.len == 0 ||
		       (str_starts(text, STR(" (")) && str_ends(text, STR(")")) &&
			text.len > 3 &&
			decoration_accepts(facts, str_of(text.ptr + 2, text.len - 3)));
	case HOLE_DESCRIBE:
		*sure = false;
		return text.len == 0 || str_eq(text, h->text) || describe_accepts(facts, text);
	case HOLE_RELATIVE:
		*sure = false;
		return relative_accepts(text);
	case HOLE_SIGNED:
		*sure = false;
		return text.len == 1 && strchr("GBUXYREN", text.ptr[0]);
	case HOLE_KEY:
		*sure = false;
		return key_accepts(text);
	case HOLE_TRUST:
		*sure = false;
		return one_of(text, trust);
	}
	return false;
}

/* A comparison of a text with holes and what is stored. */
struct comparison {
	const struct plan *plan;
	struct str text, stored;
	size_t budget;		/* bytes that may still be looked at */
};

/* Whether `stored` goes on at `pos` with the text between hole i and the next one. */
static bool text_follows(struct comparison *c, size_t i, size_t pos, size_t *end)
{
	const struct plan *const p = c->plan;
	const size_t from = p->holes[i].at;
	const size_t to = i + 1 < p->n ? p->holes[i + 1].at : c->text.len;
	size_t done = 0;

	*end = pos + (to - from);
	/* A try costs something even when it fails by its length alone. */
	if (c->budget == 0)
		return false;
	c->budget--;
	if (*end > c->stored.len || (i + 1 == p->n && *end != c->stored.len))
		return false;
	while (done < to - from) {
		const size_t n = to - from - done < 256 ? to - from - done : 256;

		if (c->budget < n)
			return false;
		c->budget -= n;
		if (memcmp(c->text.ptr + from + done, c->stored.ptr + pos + done, n) != 0)
			return false;
		done += n;
	}
	return true;
}

/* Fills hole i from `pos` on, then those that follow; the depth is at most SUBST_MAX_HOLES. */
static enum convert_match holes_match(struct comparison *c, size_t i, size_t pos)
{
	enum convert_match best = CONVERT_NO;

	if (i == c->plan->n)
		return CONVERT_EXACT;
	for (size_t n = 0; n <= SUBST_MAX_HOLE && pos + n <= c->stored.len; n++) {
		size_t end;
		bool sure = true;

		if (n > 0 && (c->stored.ptr[pos + n - 1] == '$' ||
			      (c->stored.ptr[pos + n - 1] == '\n' &&
			       !(n == 1 && c->plan->holes[i].before == '\n'))))
			break;
		if (c->budget < n || (c->plan->holes[i].kind == HOLE_ABBREV && n > OID_HEX))
			break;
		if (!text_follows(c, i, pos + n, &end))
			continue;
		c->budget -= n;
		if (!hole_accepts(&c->plan->holes[i], c->plan->facts,
				  str_first(str_from_at(c->stored, pos), n), &sure))
			continue;
		const enum convert_match rest = holes_match(c, i + 1, end);

		if (rest == CONVERT_EXACT && sure)
			return CONVERT_EXACT;
		if (rest != CONVERT_NO)
			best = CONVERT_PLAUSIBLE;
	}
	return best;
}

enum convert_match subst_matches(const struct commit_facts *facts, struct str in,
				 struct str stored)
{
	AUTO_BUF struct buf text = BUF_INIT;
	struct plan p = { .facts = facts, .out = &text, .max = in.len + SUBST_MAX_GROWTH };
	enum convert_match match = CONVERT_NO;

	plan_make(&p, in);
	if (p.failed) {
		match = CONVERT_NO;
	} else if (p.n == 0) {
		match = str_eq(buf_str(&text), stored) ? CONVERT_EXACT : CONVERT_NO;
	} else if (p.holes[0].at <= stored.len &&
		   str_eq(str_first(buf_str(&text), p.holes[0].at),
			  str_first(stored, p.holes[0].at))) {
		struct comparison c = {
			.plan = &p, .text = buf_str(&text), .stored = stored,
			.budget = (size_t)4 * stored.len + SUBST_MAX_GROWTH,
		};

		match = holes_match(&c, 0, p.holes[0].at);
	}
	memory_free(p.holes);
	return match;
}
