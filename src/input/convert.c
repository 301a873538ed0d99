#include "input/convert.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "input/subst.h"

/* What to do with line ends. git knows more cases, but its defaults (core.autocrlf=false,
 * core.eol=lf) make them one of these when it writes. */
enum eol_action {
	EOL_KEEP,
	EOL_CRLF,	/* every lone LF */
	EOL_CRLF_AUTO,	/* ... of a text that has no CR at all */
};

static bool is_set(const struct attribute *a)
{
	return a->state == ATTRIBUTE_SET;
}

static bool has_value(const struct attribute *a, struct str value)
{
	return a->state == ATTRIBUTE_VALUE && str_eq(a->value, value);
}

/* "text", else the older "crlf", says whether; "eol" says which. */
static enum eol_action eol_action(const struct path_attributes *attrs)
{
	const struct attribute *text = &attrs->text;

	/* "text=anything else" is as good as nothing. */
	if (!is_set(text) && text->state != ATTRIBUTE_UNSET && !has_value(text, STR("input")) &&
	    !has_value(text, STR("auto")))
		text = &attrs->crlf;
	if (text->state == ATTRIBUTE_UNSET || !has_value(&attrs->eol, STR("crlf")))
		return EOL_KEEP;
	return has_value(text, STR("auto")) ? EOL_CRLF_AUTO : EOL_CRLF;
}

/* What follows "utf" or "utf-"; false for other encodings. */
static bool utf_rest(struct str encoding, struct str *rest)
{
	if (!str_case_eq(str_first(encoding, 3), STR("utf")))
		return false;
	*rest = str_from_at(encoding, 3);
	if (str_starts(*rest, STR("-")))
		*rest = str_from_at(*rest, 1);
	return true;
}

static bool same_utf(struct str encoding, struct str rest)
{
	struct str own;

	return utf_rest(encoding, &own) && str_case_eq(own, rest);
}

static bool encoding_applies(const struct path_attributes *attrs)
{
	const struct attribute *const a = &attrs->working_tree_encoding;

	return a->state == ATTRIBUTE_VALUE && a->value.len && !same_utf(a->value, STR("8"));
}

bool convert_applies(const struct path_attributes *attrs)
{
	return eol_action(attrs) != EOL_KEEP || encoding_applies(attrs) || is_set(&attrs->ident) ||
	       is_set(&attrs->export_subst);
}

/* Whether `id`, what stands between "$Id:" and "$", may be replaced: not with a line feed in it,
 * nor with a blank inside, which is how other systems write it. Whatever the first byte is, git
 * does not look at it; and a blank right before the "$" is its own. */
static bool ident_replaceable(struct str id)
{
	if (str_find(id, '\n') != (size_t)-1)
		return false;
	const size_t blank = str_find(str_from_at(id, 1), ' ');

	return blank == (size_t)-1 || blank + 2 == id.len;
}

/* False when nothing was replaced. */
static bool convert_ident(const struct oid *blob, struct str in, struct buf *out)
{
	char hex[OID_HEX + 1];
	bool changed = false;

	hex_encode(blob->bytes, OID_SIZE, hex);
	for (size_t dollar; (dollar = str_find(in, '$')) != (size_t)-1;) {
		size_t skip;

		buf_add(out, in.ptr, dollar + 1);
		in = str_from_at(in, dollar + 1);
		if (str_starts(in, STR("Id$"))) {
			skip = 3;
		} else if (str_starts(in, STR("Id:"))) {
			const struct str id = str_from_at(in, 3);
			const size_t end = str_find(id, '$');

			if (end == (size_t)-1)
				break;
			if (!ident_replaceable(str_first(id, end)))
				continue;
			skip = 3 + end + 1;
		} else {
			continue;
		}
		buf_addf(out, "Id: %s $", hex);
		in = str_from_at(in, skip);
		changed = true;
	}
	buf_add_str(out, in);
	return changed;
}

/* What git counts before it takes a file for text. */
struct text_stats {
	size_t lone_cr, lone_lf, crlf, nul, printable, other;
};

static struct text_stats text_count(struct str in)
{
	struct text_stats s = { 0 };

	for (size_t i = 0; i < in.len; i++) {
		const unsigned char c = (unsigned char)in.ptr[i];

		if (c == '\r' && i + 1 < in.len && in.ptr[i + 1] == '\n') {
			s.crlf++;
			i++;
		} else if (c == '\r') {
			s.lone_cr++;
		} else if (c == '\n') {
			s.lone_lf++;
		} else if (c >= 32 ? c != 127 : c == '\b' || c == '\t' || c == 27 || c == '\f') {
			s.printable++;
		} else {
			s.nul += c == 0;
			s.other++;
		}
	}
	/* ^Z ends a file of CP/M or DOS. */
	if (in.len && in.ptr[in.len - 1] == 26)
		s.other--;
	return s;
}

static bool convert_eol(enum eol_action action, struct str in, struct buf *out)
{
	if (action == EOL_KEEP || in.len == 0)
		return false;
	const struct text_stats s = text_count(in);

	if (s.lone_lf == 0)
		return false;
	if (action == EOL_CRLF_AUTO &&
	    (s.lone_cr || s.crlf || s.nul || s.printable / 128 < s.other))
		return false;
	buf_reserve(out, in.len + s.lone_lf);
	for (size_t lf; (lf = str_find(in, '\n')) != (size_t)-1;) {
		buf_add(out, in.ptr, lf);
		if (lf == 0 || in.ptr[lf - 1] != '\r')
			buf_add_char(out, '\r');
		buf_add_char(out, '\n');
		in = str_from_at(in, lf + 1);
	}
	buf_add_str(out, in);
	return true;
}

static void cleanup_iconv(iconv_t *conv)
{
	if (*conv != (iconv_t)-1)
		iconv_close(*conv);
}

/* All of `in`; false when a byte can't be converted. Like git, does not write what a stateful
 * encoding would need at the end. */
static bool iconv_all(iconv_t conv, struct str in, struct buf *out)
{
	/* Bytes that iconv is not told of: converters of glibc were seen to write a few bytes
	 * too many (CVE-2024-2961), and the repository chooses the converter. */
	enum { SLACK = 64 };
	char *from = (char *)(uintptr_t)in.ptr;
	size_t left = in.len;

	for (;;) {
		size_t room = left + left / 2 + 64;
		char *const start = buf_reserve(out, room + SLACK);
		char *to = start;
		const size_t r = iconv(conv, &from, &left, &to, &room);

		out->len += (size_t)(to - start);
		if (r != (size_t)-1)
			return true;
		if (errno != E2BIG)
			return false;
	}
}

/* False when git would have left the content alone, with a message on its standard error. */
static bool convert_encoding(const struct path_attributes *attrs, struct str in, struct buf *out)
{
	AUTO_BUF struct buf name = BUF_INIT;

	if (!encoding_applies(attrs) || in.len == 0)
		return false;
	const struct str encoding = attrs->working_tree_encoding.value;

	/* iconv writes UTF-16 with a mark in the machine's order; these two are git's names for
	 * a certain order with a mark. */
	if (same_utf(encoding, STR("16LE-BOM"))) {
		buf_add(out, "\xff\xfe", 2);
		buf_add_cstr(&name, "UTF-16LE");
	} else if (same_utf(encoding, STR("16BE-BOM"))) {
		buf_add(out, "\xfe\xff", 2);
		buf_add_cstr(&name, "UTF-16BE");
	} else if (str_case_eq(encoding, STR("latin-1"))) {
		buf_add_cstr(&name, "ISO-8859-1");
	} else {
		buf_add_str(&name, encoding);
	}
	CLEANUP(cleanup_iconv) iconv_t conv = iconv_open(buf_cstr(&name), "UTF-8");

	return conv != (iconv_t)-1 && iconv_all(conv, in, out);
}

/* Where each step writes to. */
struct steps {
	struct buf ident, eol, encoding;
};

static void steps_release(struct steps *s)
{
	buf_release(&s->ident);
	buf_release(&s->eol);
	buf_release(&s->encoding);
}

/* All but export-subst, in git's order. The view is of `in` or of one of the buffers. */
static struct str convert_worktree(const struct path_attributes *attrs, const struct oid *blob,
				   struct str in, struct steps *steps, unsigned int *how)
{
	*how = 0;
	if (is_set(&attrs->ident) && convert_ident(blob, in, &steps->ident)) {
		in = buf_str(&steps->ident);
		*how |= CONVERTED_IDENT;
	}
	if (convert_eol(eol_action(attrs), in, &steps->eol)) {
		in = buf_str(&steps->eol);
		*how |= CONVERTED_EOL;
	}
	if (convert_encoding(attrs, in, &steps->encoding)) {
		in = buf_str(&steps->encoding);
		*how |= CONVERTED_ENCODING;
	}
	return in;
}

void convert_export(const struct path_attributes *attrs, const struct commit_facts *facts,
		    const struct oid *blob, struct str in, unsigned int abbrev,
		    struct buf *out, unsigned int *how)
{
	CLEANUP(steps_release) struct steps steps = { BUF_INIT, BUF_INIT, BUF_INIT };
	const size_t base = out->len;

	in = convert_worktree(attrs, blob, in, &steps, how);
	if (!is_set(&attrs->export_subst)) {
		buf_add_str(out, in);
		return;
	}
	subst_expand(facts, in, abbrev, out);
	if (!str_eq(str_from_at(buf_str(out), base), in))
		*how |= CONVERTED_SUBST;
}

enum convert_match convert_matches(const struct path_attributes *attrs,
				   const struct commit_facts *facts, const struct oid *blob,
				   struct str in, struct str stored, unsigned int *how)
{
	CLEANUP(steps_release) struct steps steps = { BUF_INIT, BUF_INIT, BUF_INIT };

	in = convert_worktree(attrs, blob, in, &steps, how);
	if (!is_set(&attrs->export_subst))
		return str_eq(in, stored) ? CONVERT_EXACT : CONVERT_NO;
	if (!str_eq(in, stored))
		*how |= CONVERTED_SUBST;
	return subst_matches(facts, in, stored);
}
