/* Images, media, fonts, documents and data: clean ones, and each with something put in. */
#include "inspect/blob.h"

#include <criterion/criterion.h>

#include "base/cleanup.h"
#include "input/pack.h"
#include "inspect/blobs.h"

#define NOTHING ((struct str){ "", 0 })

/* One file without and with an addition; the buffer is emptied. */
static void clean(const char *path, struct buf *b, const char *format)
{
	struct seen s;

	see(&s, path, buf_str(b));
	cr_assert_eq(s.notes.n, 0, "%s: %s", path, s.notes.n ? s.notes.v[0].message.ptr : "");
	cr_assert_eq(s.blob.state, BLOB_VALID, "%s", path);
	cr_assert_str_eq(s.blob.format, format);
	seen_release(&s);
	buf_reset(b);
}

static void noted(const char *path, struct buf *b, enum rule_id rule, enum severity severity)
{
	struct seen s;
	const struct note *n;

	see(&s, path, buf_str(b));
	n = seen_note(&s, rule);
	cr_assert_not_null(n, "%s: no %s", path, rules[rule].id);
	cr_assert_eq(n->severity, severity, "%s: %s is %s", path, rules[rule].id,
		     severity_name(n->severity));
	cr_assert(n->offset >= 0 && (size_t)n->offset <= b->len);
	cr_assert_eq(s.notes.n, 1, "%s: more than one note", path);
	seen_release(&s);
	buf_reset(b);
}

Test(blob_formats, images_end_where_their_format_ends)
{
	AUTO_BUF struct buf b = BUF_INIT;
	AUTO_BUF struct buf big = BUF_INIT;

	pack_noise(&big, 60000, 5);
	make_png(&b, NOTHING, NOTHING, NOTHING);
	clean("a.png", &b, "png");
	make_png(&b, NOTHING, NOTHING, MARKER);
	noted("a.png", &b, RULE_TP302, SEVERITY_MEDIUM);
	make_png(&b, NOTHING, MARKER, NOTHING);
	noted("a.png", &b, RULE_TP302, SEVERITY_MEDIUM);
	make_png(&b, MARKER, NOTHING, NOTHING);
	noted("a.png", &b, RULE_TP306, SEVERITY_LOW);
	make_png(&b, buf_str(&big), NOTHING, NOTHING);
	noted("a.png", &b, RULE_TP306, SEVERITY_MEDIUM);
	make_jpeg(&b, NOTHING, NOTHING);
	clean("a.jpg", &b, "jpeg");
	make_jpeg(&b, NOTHING, MARKER);
	noted("a.jpg", &b, RULE_TP302, SEVERITY_MEDIUM);
	make_jpeg(&b, buf_str(&big), NOTHING);
	noted("a.jpg", &b, RULE_TP306, SEVERITY_MEDIUM);
	make_gif(&b, NOTHING);
	clean("a.gif", &b, "gif");
	make_gif(&b, MARKER);
	noted("a.gif", &b, RULE_TP302, SEVERITY_MEDIUM);
}

Test(blob_formats, a_broken_image_is_context)
{
	AUTO_BUF struct buf b = BUF_INIT;

	make_png(&b, NOTHING, NOTHING, NOTHING);
	b.ptr[20] ^= 1;
	noted("a.png", &b, RULE_TP303, SEVERITY_INFO);
	make_png(&b, NOTHING, NOTHING, NOTHING);
	noted("a.wav", &b, RULE_TP308, SEVERITY_INFO);
}

Test(blob_formats, sounds_have_private_places)
{
	AUTO_BUF struct buf b = BUF_INIT;

	make_wav(&b, NOTHING, NOTHING, NOTHING);
	clean("a.wav", &b, "riff");
	make_wav(&b, MARKER, NOTHING, NOTHING);
	noted("a.wav", &b, RULE_TP306, SEVERITY_LOW);
	make_wav(&b, NOTHING, MARKER, NOTHING);
	noted("a.wav", &b, RULE_TP311, SEVERITY_LOW);
	make_wav(&b, NOTHING, NOTHING, MARKER);
	noted("a.wav", &b, RULE_TP302, SEVERITY_MEDIUM);
	make_flac(&b, NOTHING);
	clean("a.flac", &b, "flac");
	make_flac(&b, MARKER);
	noted("a.flac", &b, RULE_TP311, SEVERITY_LOW);
	make_mp3(&b, NOTHING);
	clean("a.mp3", &b, "mp3");
	make_mp3(&b, MARKER);
	noted("a.mp3", &b, RULE_TP306, SEVERITY_LOW);
}

Test(blob_formats, fonts_have_private_places)
{
	AUTO_BUF struct buf b = BUF_INIT;

	make_ttf(&b, NOTHING, NOTHING);
	clean("a.ttf", &b, "sfnt");
	make_ttf(&b, MARKER, NOTHING);
	noted("a.ttf", &b, RULE_TP306, SEVERITY_LOW);
	make_ttf(&b, NOTHING, MARKER);
	noted("a.ttf", &b, RULE_TP302, SEVERITY_MEDIUM);
	make_woff(&b, NOTHING);
	clean("a.woff", &b, "woff");
	make_woff(&b, MARKER);
	noted("a.woff", &b, RULE_TP306, SEVERITY_LOW);
}

Test(blob_formats, data_files_are_walked_to_their_end)
{
	AUTO_BUF struct buf b = BUF_INIT;

	make_gmo(&b, NOTHING);
	clean("de.gmo", &b, "gmo");
	make_gmo(&b, MARKER);
	noted("de.gmo", &b, RULE_TP302, SEVERITY_MEDIUM);
	make_wasm(&b, "producers", STR("\0"));
	clean("a.wasm", &b, "wasm");
	make_wasm(&b, "pwnd", MARKER);
	noted("a.wasm", &b, RULE_TP306, SEVERITY_LOW);
	make_sqlite(&b, NOTHING);
	clean("a.db", &b, "sqlite");
	make_sqlite(&b, MARKER);
	noted("a.db", &b, RULE_TP311, SEVERITY_LOW);
	make_elf(&b, MARKER);
	noted("a.o", &b, RULE_TP302, SEVERITY_MEDIUM);
}

Test(blob_formats, documents_that_act_are_told)
{
	AUTO_BUF struct buf b = BUF_INIT;

	buf_add_cstr(&b, "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n");
	clean("a.pdf", &b, "pdf");
	buf_add_cstr(&b, "%PDF-1.4\n1 0 obj<</S/JavaScript>>endobj\n%%EOF\n");
	noted("a.pdf", &b, RULE_TP310, SEVERITY_LOW);
	buf_add_cstr(&b, "%PDF-1.4\n1 0 obj<</S/Launch>>endobj\n%%EOF\n");
	noted("a.pdf", &b, RULE_TP310, SEVERITY_MEDIUM);
	buf_add_cstr(&b, "%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF\nPWNED-MARKER");
	noted("a.pdf", &b, RULE_TP302, SEVERITY_MEDIUM);
}

Test(blob_formats, pickles_are_read_by_what_they_call)
{
	AUTO_BUF struct buf b = BUF_INIT;

	/* {'a': 1} of protocol 2, then os.system('marker') of protocols 0, 2 and 4. */
	buf_add_str(&b, STR("\x80\x02}q\0X\1\0\0\0aq\1K\1s."));
	clean("a.pkl", &b, "pickle");
	buf_add_cstr(&b, "cposix\nsystem\np0\n(Vmarker\np1\ntp2\nRp3\n.");
	noted("a.pkl", &b, RULE_TP309, SEVERITY_HIGH);
	buf_add_str(&b, STR("\x80\x02" "cos\nsystem\nq\0X\6\0\0\0markerq\1\x85q\2Rq\3."));
	noted("model.bin", &b, RULE_TP309, SEVERITY_HIGH);
	buf_add_str(&b, STR("\x80\4\x95\x1f\0\0\0\0\0\0\0\x8c\2os\x94\x8c\6system\x94\x93\x94"
			    "\x8c\6marker\x94\x85\x94R\x94."));
	noted("model.bin", &b, RULE_TP309, SEVERITY_HIGH);
	/* What breaks after the call has called. */
	buf_add_str(&b, STR("\x80\x02" "cos\nsystem\nq\0X\6\0\0\0markerq\1\x85q\2Rq\3\xff\xff"));
	{
		struct seen s;

		see(&s, "model.bin", buf_str(&b));
		cr_assert_not_null(seen_note(&s, RULE_TP309));
		seen_release(&s);
		buf_reset(&b);
	}
	buf_add_str(&b, STR("\x80\x02" "csklearn.tree\nTree\nq\0)Rq\1."));
	noted("model.bin", &b, RULE_TP309, SEVERITY_LOW);
	buf_add_str(&b, STR("\x80\x02" "ccollections\nOrderedDict\nq\0)Rq\1."));
	clean("model.bin", &b, "pickle");
}

Test(blob_formats, an_array_of_objects_is_a_pickle)
{
	AUTO_BUF struct buf b = BUF_INIT;

	buf_add_str(&b, STR("\x93NUMPY\1\0\x16\0{'descr': '|O',     }\n"));
	b.ptr[8] = (char)(b.len - 10);
	buf_add_str(&b, STR("\x80\x02" "cos\nsystem\nq\0X\6\0\0\0markerq\1\x85q\2Rq\3."));
	noted("a.npy", &b, RULE_TP309, SEVERITY_HIGH);
}

/* Every kind of file, cut off everywhere and with every byte changed: notes stay within it. */
static void batter(const char *path, struct buf *b)
{
	for (size_t i = 0; i < 2 * b->len; i++) {
		const bool cut = i < b->len;
		char *const at = b->ptr + (cut ? 0 : i - b->len);
		const struct str bytes = str_first(buf_str(b), cut ? i : b->len);
		const char before = *at;
		struct seen s;

		*at = (char)(cut ? before : before ^ (char)(1 << i % 8));
		see(&s, path, bytes);
		for (size_t k = 0; k < s.notes.n; k++) {
			const struct note *n = &s.notes.v[k];

			cr_assert(n->offset <= (int64_t)bytes.len);
			cr_assert(n->offset < 0 || n->length <= (int64_t)bytes.len - n->offset,
				  "%s: %s", path, n->message.ptr);
		}
		seen_release(&s);
		*at = before;
	}
	buf_reset(b);
}

Test(blob_formats, broken_input_is_only_broken)
{
	AUTO_BUF struct buf b = BUF_INIT;

	make_png(&b, MARKER, MARKER, MARKER);
	batter("a.png", &b);
	make_jpeg(&b, MARKER, MARKER);
	batter("a.jpg", &b);
	make_gif(&b, MARKER);
	batter("a.gif", &b);
	make_wav(&b, MARKER, MARKER, MARKER);
	batter("a.wav", &b);
	make_flac(&b, MARKER);
	batter("a.flac", &b);
	make_mp3(&b, MARKER);
	batter("a.mp3", &b);
	make_ttf(&b, MARKER, MARKER);
	batter("a.ttf", &b);
	make_woff(&b, MARKER);
	batter("a.woff", &b);
	make_gmo(&b, MARKER);
	batter("a.gmo", &b);
	make_wasm(&b, "pwnd", MARKER);
	batter("a.wasm", &b);
	make_elf(&b, MARKER);
	batter("a.o", &b);
	make_zip(&b, "b.txt", MARKER, MARKER);
	batter("a.zip", &b);
	make_sqlite(&b, MARKER);
	batter("a.db", &b);
}
