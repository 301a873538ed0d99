#include "inspect/hidden.h"

#include "base/cleanup.h"
#include "base/limits.h"
#include "inspect/decode_base.h"
#include "inspect/decode_text.h"
#include "inspect/hidden_work.h"
#include "inspect/unpack.h"

int64_t hidden_line(struct hidden *h, size_t offset)
{
	while (h->counted_to < offset) {
		const char *const from = h->text.ptr + h->counted_to;
		const char *const lf = memchr(from, '\n', offset - h->counted_to);

		if (!lf) {
			h->counted_to = offset;
			break;
		}
		h->counted++;
		h->counted_to += (size_t)(lf - from) + 1;
	}
	return h->counted;
}

void hidden_rewind(struct hidden *h)
{
	h->counted_to = 0;
	h->counted = 1;
}

/* What decoded bytes are. */
struct verdict {
	const char *what;
	enum rule_id rule;
	enum severity severity;
};

static bool is_machine_code(const char *format)
{
	return strcmp(format, "elf") == 0 || strcmp(format, "pe") == 0 || strcmp(format, "macho") == 0;
}

/* The head of an ELF file of which the tables may be cut off: class, order, version, header size. */
static bool is_elf_head(struct str b)
{
	const uint8_t *const p = (const uint8_t *)b.ptr;
	const size_t size_at = b.len > 64 && p[4] == 1 ? 40 : 52;
	unsigned int size;

	if (b.len < 64 || memcmp(p, "\x7f" "ELF", 4) != 0 || p[4] < 1 || p[4] > 2 || p[5] < 1 || p[5] > 2 ||
	    p[6] != 1)
		return false;
	size = p[5] == 1 ? p[size_at] | (unsigned int)p[size_at + 1] << 8 :
			   p[size_at + 1] | (unsigned int)p[size_at] << 8;
	return size == (p[4] == 1 ? 52 : 64);
}

/* A unified difference: letters hold them in base64. What it changes is shown as it is. */
static bool is_patch(struct str b)
{
	const size_t at = str_find_str(b, STR("\n+++ "));

	return at != (size_t)-1 &&
	       str_find_str(str_first(str_from_at(b, at + 1), 1024), STR("\n@@ -")) != (size_t)-1;
}

static bool judge_content(struct str b, struct verdict *v)
{
	const char *format;

	if (is_elf_head(b)) {
		*v = (struct verdict){ "ELF machine code", RULE_TP325, SEVERITY_HIGH };
		return true;
	}
	format = text_program(b, false);
	if (format) {
		*v = (struct verdict){ format, RULE_TP324, is_patch(b) ? SEVERITY_INFO : SEVERITY_MEDIUM };
		return true;
	}
	if (!unpack_confirms(b, &format))
		return false;
	*v = (struct verdict){ format, RULE_TP326, SEVERITY_INFO };
	if (is_machine_code(format))
		*v = (struct verdict){ format, RULE_TP325, SEVERITY_HIGH };
	else if (strcmp(format, "wasm") == 0 || strcmp(format, "java-class") == 0)
		*v = (struct verdict){ format, RULE_TP325, SEVERITY_MEDIUM };
	return true;
}

/* A container is worth what lies in it: data of tests comes in containers too. */
static bool judge(struct hidden *h, struct str b, struct verdict *v)
{
	struct verdict inner;
	struct unpacked u;

	if (!judge_content(b, v))
		return false;
	if (v->rule != RULE_TP326)
		return true;
	unpack(b, LIMIT_BLOB, &u);
	if (u.content.len && judge_content(buf_str(&u.content), &inner) && inner.rule != RULE_TP326)
		*v = inner;
	h->unpacked += u.content.len;
	unpacked_release(&u);
	return true;
}

static void report(struct hidden *h, size_t offset, size_t length, const char *encoding, struct str bytes,
		   const struct verdict *v)
{
	const int64_t line = hidden_line(h, offset);
	const bool uuencode = strcmp(encoding, "uuencode") == 0;
	struct note *n;

	/* A container in a format for sending files, which says what it is, is as good as the container. */
	if ((!uuencode || v->rule != RULE_TP326) && h->n_encoded++ < LIMIT_HIDDEN_NOTES) {
		n = note_add(h->notes, v->rule, "%s of %zu bytes decodes to %s (%zu bytes)", encoding, length,
			     v->what, bytes.len);
		n->severity = v->severity;
		/* Tests keep their data so. */
		if (uuencode && v->rule == RULE_TP325)
			n->severity = SEVERITY_LOW;
		n->line = line;
		n->offset = (int64_t)offset;
		n->length = (int64_t)length;
		note_evidence(h->notes, n, bytes);
	}
	if (h->decoded)
		h->decoded(h->ctx, line, encoding, bytes);
}

/* Base64 within base64: one layer more. */
static bool decode_again(struct str bytes, struct buf *to)
{
	struct base64_state s = BASE64_INIT;

	return bytes.len >= BASE64_MIN / 2 && base64_digit(bytes.ptr[0]) >= 0 &&
	       base64_digit(bytes.ptr[bytes.len / 2]) >= 0 && base64_add(&s, bytes, to);
}

bool hidden_judge(struct hidden *h, size_t offset, size_t length, const char *encoding, struct str bytes)
{
	AUTO_BUF struct buf again = BUF_INIT;
	struct verdict v;

	if (bytes.len < 16 || h->unpacked > LIMIT_HIDDEN_UNPACKED)
		return false;
	if (judge(h, bytes, &v)) {
		report(h, offset, length, encoding, bytes, &v);
		return true;
	}
	if (!decode_again(bytes, &again) || !judge(h, buf_str(&again), &v))
		return false;
	report(h, offset, length, encoding, buf_str(&again), &v);
	return true;
}

void hidden_scan(struct str text, struct notes *notes,
		 void (*decoded)(void *ctx, int64_t line, const char *encoding, struct str bytes),
		 void *ctx)
{
	struct hidden h = { .text = text, .notes = notes, .decoded = decoded, .ctx = ctx, .counted = 1 };

	hidden_chars(&h);
	hidden_rewind(&h);
	hidden_tokens(&h);
	hidden_rewind(&h);
	hidden_lines(&h);
	hidden_rewind(&h);
	hidden_ascii85(&h);
}
