#include "inspect/blobs.h"

#include <zlib.h>

static const char zeros[512];

static void put(struct buf *to, struct str s)
{
	buf_add_str(to, s);
}

static void put_zeros(struct buf *to, size_t n)
{
	buf_add(to, zeros, n);
}

void put16(struct buf *to, unsigned int n, bool big)
{
	buf_add_char(to, (char)(big ? n >> 8 : n));
	buf_add_char(to, (char)(big ? n : n >> 8));
}

void put32(struct buf *to, uint32_t n, bool big)
{
	put16(to, big ? n >> 16 : n & 0xffff, big);
	put16(to, big ? n & 0xffff : n >> 16, big);
}

static void png_chunk(struct buf *to, const char *type, struct str data)
{
	const size_t at = to->len + 4;

	put32(to, (uint32_t)data.len, true);
	buf_add_cstr(to, type);
	put(to, data);
	put32(to, (uint32_t)crc32(0, (const Bytef *)to->ptr + at, (uInt)(to->len - at)), true);
}

void make_png(struct buf *to, struct str private, struct str behind_pixels, struct str tail)
{
	static const char header[] = "\0\0\0\4\0\0\0\4\x08\0\0\0";
	static const unsigned char pixels[] = "\0abcd\0abcd\0abcd\0abcd";
	struct buf data = BUF_INIT;
	uLongf len = 100;

	put(to, STR("\x89PNG\r\n\x1a\n"));
	png_chunk(to, "IHDR", str_of(header, 13));
	if (private.len)
		png_chunk(to, "prVt", private);
	compress((Bytef *)buf_reserve(&data, len), &len, pixels, 20);
	data.len = len;
	put(&data, behind_pixels);
	png_chunk(to, "IDAT", buf_str(&data));
	png_chunk(to, "IEND", STR(""));
	put(to, tail);
	buf_release(&data);
}

void make_jpeg(struct buf *to, struct str app15, struct str tail)
{
	put(to, STR("\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"));
	if (app15.len) {
		put(to, STR("\xff\xef"));
		put16(to, (unsigned int)app15.len + 2, true);
		put(to, app15);
	}
	put(to, STR("\xff\xda\0\x08\1\1\0\0\x3f\0" "\x12\xff\0\x34\xff\xd0\x56\xff\xd9"));
	put(to, tail);
}

void make_gif(struct buf *to, struct str tail)
{
	put(to, STR("GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff"));
	put(to, STR(",\0\0\0\0\1\0\1\0\0\2\2\x44\1\0;"));
	put(to, tail);
}

static void riff_chunk(struct buf *to, const char *type, struct str data)
{
	buf_add_cstr(to, type);
	put32(to, (uint32_t)data.len, false);
	put(to, data);
	if (data.len & 1)
		put_zeros(to, 1);
}

void make_wav(struct buf *to, struct str chunk, struct str junk, struct str tail)
{
	struct buf body = BUF_INIT;

	put(&body, STR("WAVE"));
	riff_chunk(&body, "fmt ", STR("\1\0\1\0\x40\x1f\0\0\x40\x1f\0\0\1\0\x08\0"));
	riff_chunk(&body, "JUNK", junk.len ? junk : str_of(zeros, 20));
	if (chunk.len)
		riff_chunk(&body, "pwnd", chunk);
	riff_chunk(&body, "data", str_of(zeros, 41));
	riff_chunk(to, "RIFF", buf_str(&body));
	put(to, tail);
	buf_release(&body);
}

void make_flac(struct buf *to, struct str padding)
{
	const struct str filler = padding.len ? padding : str_of(zeros, 40);

	put(to, STR("fLaC"));
	put32(to, 34, true);
	put_zeros(to, 34);
	put32(to, 0x81000000 | (uint32_t)filler.len, true);
	put(to, filler);
	put(to, STR("\xff\xf8\xc9\x18\0\0\0\0"));
}

void make_mp3(struct buf *to, struct str priv)
{
	struct buf frames = BUF_INIT;

	put(&frames, STR("TIT2\0\0\0\6\0\0\0Title"));
	if (priv.len) {
		put(&frames, STR("PRIV"));
		put32(&frames, (uint32_t)priv.len, true);
		put16(&frames, 0, true);
		put(&frames, priv);
	}
	put_zeros(&frames, 20);
	put(to, STR("ID3\3\0\0\0\0\0"));
	buf_add_char(to, (char)(frames.len & 0x7f));
	put(to, buf_str(&frames));
	put(to, STR("\xff\xfb\x90\0"));
	put_zeros(to, 400);
	buf_release(&frames);
}

static void ttf_row(struct buf *to, const char *tag, struct str table, size_t at)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < table.len; i++)
		sum += (uint32_t)(unsigned char)table.ptr[i] << (24 - i % 4 * 8);
	buf_add_cstr(to, tag);
	put32(to, sum, true);
	put32(to, (uint32_t)at, true);
	put32(to, (uint32_t)table.len, true);
}

void make_ttf(struct buf *to, struct str table, struct str tail)
{
	const size_t n = table.len ? 3 : 2, at = 12 + 16 * n;

	put32(to, 0x00010000, true);
	put16(to, (unsigned int)n, true);
	put_zeros(to, 6);
	ttf_row(to, "glyf", STR("\1\2\3\4\5\6\7\x08"), at);
	ttf_row(to, "maxp", str_of(zeros, 12), at + 8);
	if (table.len)
		ttf_row(to, "PWND", table, at + 20);
	put(to, STR("\1\2\3\4\5\6\7\x08"));
	put_zeros(to, 12);
	put(to, table);
	put(to, tail);
}

void make_woff(struct buf *to, struct str private)
{
	put(to, STR("wOFF\0\1\0\0"));
	put32(to, 84 + (uint32_t)private.len, true);
	put32(to, 0x00010000, true);
	put32(to, 60, true);
	put_zeros(to, 16);
	put32(to, private.len ? 84 : 0, true);
	put32(to, (uint32_t)private.len, true);
	put(to, STR("glyf"));
	put32(to, 64, true);
	put32(to, 20, true);
	put32(to, 20, true);
	put_zeros(to, 24);
	put(to, private);
}

void make_gmo(struct buf *to, struct str tail)
{
	static const uint32_t numbers[] = { 0x950412de, 0, 1, 28, 36, 0, 44, 5, 44, 5, 50 };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		put32(to, numbers[i], false);
	put(to, STR("hello\0hallo\0"));
	put(to, tail);
}

void make_wasm(struct buf *to, const char *section, struct str content)
{
	const size_t name = strlen(section);

	put(to, STR("\0asm\1\0\0\0\0"));
	buf_add_char(to, (char)(1 + name + content.len));
	buf_add_char(to, (char)name);
	buf_add_cstr(to, section);
	put(to, content);
}

void make_elf(struct buf *to, struct str tail)
{
	put(to, STR("\x7f" "ELF\2\1\1\0"));
	put_zeros(to, 8);
	put(to, STR("\1\0\x3e\0\1\0\0\0"));
	put_zeros(to, 16);
	put32(to, 64, false);		/* e_shoff */
	put_zeros(to, 8);
	put(to, STR("\x40\0\0\0\0\0\x40\0\1\0\0\0"));
	put_zeros(to, 64);
	put(to, tail);
}

/* From the method to the length of the extra field, for a stored member. */
static void zip_fields(struct buf *to, const char *name)
{
	put_zeros(to, 6);
	put32(to, (uint32_t)crc32(0, (const Bytef *)"stored", 6), false);
	put32(to, 6, false);
	put32(to, 6, false);
	put16(to, (unsigned int)strlen(name), false);
	put16(to, 0, false);
}

static void zip_member(struct buf *to, const char *name)
{
	put(to, STR("PK\3\4\x0a\0\0\0"));
	zip_fields(to, name);
	buf_add_cstr(to, name);
	put(to, STR("stored"));
}

static void zip_entry(struct buf *to, const char *name, size_t at)
{
	put(to, STR("PK\1\2\x0a\0\x0a\0\0\0"));
	zip_fields(to, name);
	put_zeros(to, 10);
	put32(to, (uint32_t)at, false);
	buf_add_cstr(to, name);
}

void make_zip(struct buf *to, const char *local, struct str gap, struct str comment)
{
	const size_t first = to->len;
	size_t second, directory, end;

	zip_member(to, "a.txt");
	put(to, gap);
	second = to->len - first;
	zip_member(to, local);
	directory = to->len - first;
	zip_entry(to, "a.txt", 0);
	zip_entry(to, "b.txt", second);
	end = to->len - first;
	put(to, STR("PK\5\6\0\0\0\0\2\0\2\0"));
	put32(to, (uint32_t)(end - directory), false);
	put32(to, (uint32_t)directory, false);
	put16(to, (unsigned int)comment.len, false);
	put(to, comment);
}

void make_sqlite(struct buf *to, struct str free_page)
{
	static const uint32_t numbers[] = { 1, 3, 2, 1 };	/* change, pages, trunk, free */
	const size_t first = to->len;

	put(to, STR("SQLite format 3\0\2\0\1\1\0\x40\x20\x20"));
	for (size_t i = 0; i < 4; i++)
		put32(to, numbers[i], true);
	put_zeros(to, 512 - (to->len - first));
	to->ptr[first + 95] = 1;	/* the count of pages was right at this change */
	put32(to, 0, true);		/* page 2: the trunk, with one leaf */
	put32(to, 1, true);
	put32(to, 3, true);
	put_zeros(to, 500);
	put(to, free_page);
	put_zeros(to, 512 - free_page.len);
}

void see(struct seen *s, const char *path, struct str bytes)
{
	*s = (struct seen){ .arena = ARENA_INIT };
	s->notes.arena = &s->arena;
	blob_examine(str_from(path), bytes, &s->notes, &s->blob);
}

const struct note *seen_note(const struct seen *s, enum rule_id rule)
{
	for (size_t i = 0; i < s->notes.n; i++)
		if (s->notes.v[i].rule == rule)
			return &s->notes.v[i];
	return NULL;
}

void seen_release(struct seen *s)
{
	notes_release(&s->notes);
	arena_release(&s->arena);
}
