/* Documents: PDF, and those that are only known by name. */
#include "inspect/blob_look.h"

static bool pdf_begins(struct str b)
{
	return bytes_at(b, 0, STR("%PDF-"));
}

static bool is_delimiter(unsigned int c)
{
	return c <= ' ' || c == '/' || c == '<' || c == '>' || c == '[' || c == ']' || c == '(' ||
	       c == ')' || c == '%';
}

/* Names of ISO 32000-1 that make a reader run or open something. */
static const struct {
	const char *name;
	const char *what;
	enum severity severity;
} active[] = {
	{ "JavaScript", "JavaScript", SEVERITY_LOW },
	{ "Launch", "an action that starts a program", SEVERITY_MEDIUM },
	{ "EmbeddedFile", "an embedded file", SEVERITY_LOW },
	{ "EmbeddedFiles", "embedded files", SEVERITY_LOW },
	{ "RichMedia", "rich media", SEVERITY_LOW },
	{ "XFA", "an XFA form", SEVERITY_LOW },
};

/* Tells of each such name once. Names within compressed objects are not seen. */
static void pdf_names(struct look *l)
{
	const struct str b = l->bytes;
	bool told[sizeof(active) / sizeof(active[0])] = { false };
	const char *slash = b.ptr;

	while ((slash = memchr(slash, '/', b.len - (size_t)(slash - b.ptr))) != NULL) {
		const uint64_t at = (uint64_t)(++slash - b.ptr);

		for (size_t i = 0; i < sizeof(active) / sizeof(active[0]); i++) {
			const struct str name = str_from(active[i].name);
			struct note *n;

			if (told[i] || !bytes_at(b, at, name) ||
			    !is_delimiter(byte_at(b, at + name.len)))
				continue;
			told[i] = true;
			n = look_note(l, RULE_TP310, at - 1, name.len + 1, "the PDF holds %s",
				      active[i].what);
			n->severity = active[i].severity;
		}
	}
}

enum { COMMENTS_MAX = 1024 };

/* Offset of the last "%%EOF". */
static size_t last_mark(struct str b)
{
	for (size_t at = b.len; at-- > 0;)
		if (b.ptr[at] == '%' && bytes_at(b, at, STR("%%EOF")))
			return at;
	return (size_t)-1;
}

static bool only_comments(struct str rest)
{
	struct str line;

	if (rest.len > COMMENTS_MAX || !blob_is_text(rest))
		return false;
	while (str_next_line(&rest, &line))
		if (str_trim(line).len && line.ptr[0] != '%')
			return false;
	return true;
}

static void pdf_examine(struct look *l)
{
	const size_t mark = last_mark(l->bytes);
	size_t end;

	pdf_names(l);
	if (mark == (size_t)-1) {
		look_corrupt(l, l->bytes.len, "it has no end mark");
		return;
	}
	for (end = mark + 5; end < l->bytes.len && byte_at(l->bytes, end) <= ' '; end++)
		;
	/* Comments (ISO 32000-1, 7.2.4) may stand anywhere. */
	if (!only_comments(str_from_at(l->bytes, end)))
		look_rest(l, end);
}

static bool other_begins(struct str b)
{
	/* Compound files (Office, MSI); DVI; DjVu; EPS with a preview; CHM. */
	return bytes_at(b, 0, STR("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) ||
	       bytes_at(b, 0, STR("\xf7\x02\x01\x83\x92\xc0")) ||
	       bytes_at(b, 0, STR("AT&TFORM")) || bytes_at(b, 0, STR("\xc5\xd0\xd3\xc6")) ||
	       bytes_at(b, 0, STR("ITSF"));
}

const struct blob_format blob_documents[] = {
	{ "pdf", CLASS_DOCUMENT, pdf_begins, pdf_examine },
	{ "document", CLASS_DOCUMENT, other_begins, NULL },
	{ 0 },
};
