/* ascii85 in Adobe's form, which says where it begins and ends. */
#include "inspect/hidden_work.h"

#include "base/cleanup.h"
#include "inspect/decode_base.h"

/* What stands between the marks, without what each line begins with before the first one ("% "). */
static void without_prefix(struct str encoded, struct str prefix, struct buf *to)
{
	struct str line;

	for (bool first = true; str_next_line(&encoded, &line); first = false) {
		if (!first && str_starts(line, prefix))
			line = str_from_at(line, prefix.len);
		buf_add_str(to, line);
	}
}

void hidden_ascii85(struct hidden *h)
{
	struct str rest = h->text;
	size_t from;

	while ((from = str_find_str(rest, STR("<~"))) != (size_t)-1) {
		AUTO_BUF struct buf digits = BUF_INIT, bytes = BUF_INIT;
		const struct str before = str_first(rest, from), encoded = str_from_at(rest, from + 2);
		const size_t line = str_rfind(before, '\n'), n = str_find_str(encoded, STR("~>"));

		if (n == (size_t)-1)
			return;
		rest = str_from_at(encoded, n + 2);
		without_prefix(str_first(encoded, n), str_from_at(before, line == (size_t)-1 ? 0 : line + 1), &digits);
		if (digits.len < BASE64_MIN || !ascii85_decode(buf_str(&digits), &bytes))
			continue;
		/* Some encoders fill the last group of four up. */
		for (int i = 0; i < 3 && bytes.len && bytes.ptr[bytes.len - 1] == 0; i++)
			bytes.len--;
		hidden_judge(h, (size_t)(encoded.ptr - h->text.ptr), n, "ascii85", buf_str(&bytes));
	}
}
