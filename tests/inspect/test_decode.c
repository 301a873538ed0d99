#include "inspect/decode.h"

#include <criterion/criterion.h>
#include <lzma.h>

#include "base/cleanup.h"

/* What an attempt found: the last result, and how many there were. */
struct found {
	size_t n;
	struct buf bytes, steps;
	char format[32];
	bool by_key;
};

static void on_decoded(void *ctx, const struct decoded *d)
{
	struct found *const f = ctx;

	f->n++;
	buf_reset(&f->bytes);
	buf_reset(&f->steps);
	buf_add_str(&f->bytes, d->bytes);
	for (size_t i = 0; i < d->steps_n; i++) {
		buf_add_cstr(&f->steps, i ? " | " : "");
		buf_add_str(&f->steps, d->steps[i]);
	}
	strncpy(f->format, d->format, sizeof(f->format) - 1);
	f->by_key = d->key != NULL;
}

static void attempt(struct found *f, struct str bytes, const struct decode_key *keys, size_t n)
{
	*f = (struct found){ .n = 0 };
	decode_attempt(bytes, keys, n, 1 << 20, on_decoded, f);
}

static void found_release(struct found *f)
{
	buf_release(&f->bytes);
	buf_release(&f->steps);
}

static void expect(struct str bytes, const struct decode_key *keys, size_t n, struct str content,
		   const char *steps)
{
	struct found f;

	attempt(&f, bytes, keys, n);
	cr_assert_geq(f.n, 1, "%s", steps);
	cr_assert(str_eq(buf_str(&f.bytes), content), "%s", buf_cstr(&f.steps));
	cr_assert_eq(f.by_key, n > 0);
	cr_assert_str_eq(buf_cstr(&f.steps), steps);
	found_release(&f);
}

static void expect_nothing(struct str bytes, const struct decode_key *keys, size_t n)
{
	struct found f;

	attempt(&f, bytes, keys, n);
	cr_assert_eq(f.n, 0, "%s by %s", f.format, buf_cstr(&f.steps));
	found_release(&f);
}

static const char payload[] = "# The content is harmless - it only makes a file_name\n: > PWNED\n";
#define PAYLOAD STR("# The content is harmless - it only makes a file_name\n: > PWNED\n")

/* Appends one .xz stream, as long as its blanks are kept by the encoder: no filter finds them. */
static void xz(struct buf *to, struct str s)
{
	uint8_t out[65536];
	size_t n = 0;

	cr_assert_eq(lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, NULL, (const uint8_t *)s.ptr, s.len, out,
					     &n, sizeof(out)), LZMA_OK);
	buf_add(to, out, n);
}

static void raw_lzma(struct buf *to, struct str s)
{
	lzma_options_lzma options;
	lzma_filter filters[2] = { { .id = LZMA_FILTER_LZMA1, .options = &options },
				   { .id = LZMA_VLI_UNKNOWN } };
	uint8_t out[65536];
	size_t n = 0;

	cr_assert_not(lzma_lzma_preset(&options, 6));
	cr_assert_eq(lzma_raw_buffer_encode(filters, NULL, (const uint8_t *)s.ptr, s.len, out, &n,
					    sizeof(out)), LZMA_OK);
	buf_add(to, out, n);
}

/* The same noise each time. */
static void noise(struct buf *to, size_t n, uint32_t seed)
{
	for (size_t i = 0; i < n; i++) {
		seed ^= seed << 13;
		seed ^= seed >> 17;
		seed ^= seed << 5;
		buf_add_char(to, (char)(uint8_t)(seed >> 11));
	}
}

static void apply(struct buf *b, const struct byte_map *m)
{
	for (size_t i = 0; i < b->len; i++)
		b->ptr[i] = (char)(uint8_t)m->to[(uint8_t)b->ptr[i]];
}

static struct byte_map map(const char *one, const char *two)
{
	struct byte_map m;

	cr_assert(byte_map_parse(STR(""), str_from(one), str_from(two), &m));
	return m;
}

Test(decode_attempt, a_given_map_opens_a_container_that_is_corrupt_in_the_middle)
{
	AUTO_BUF struct buf blob = BUF_INIT, middle = BUF_INIT, noisy = BUF_INIT;
	const struct byte_map m = map("\\t \\-_", " \\t_\\-"), other = map("a-z", "A-Z");
	const struct decode_key keys[] = { { .kind = KEY_MAP, .map = &other },
					   { .kind = KEY_MAP, .map = &m, .where = STR("m4/x.m4:3") } };

	buf_add_cstr(&noisy, payload);
	noise(&noisy, 2000, 7);
	xz(&blob, STR("####Hello####"));
	xz(&middle, buf_str(&noisy));
	apply(&middle, &m);
	buf_add_str(&blob, buf_str(&middle));
	xz(&blob, STR("####World####"));
	buf_reset(&middle);
	buf_add_cstr(&middle, "####Hello####");
	buf_add_str(&middle, buf_str(&noisy));
	buf_add_cstr(&middle, "####World####");
	expect(buf_str(&blob), keys, 2, buf_str(&middle), "tr '\\011\\040\\055_' '\\040\\011_\\055' | xz -dc");
	/* Without the map nothing opens it, and another one does not either. */
	expect_nothing(buf_str(&blob), NULL, 0);
	expect_nothing(buf_str(&blob), keys, 1);
}

Test(decode_attempt, a_valid_container_gives_no_result)
{
	AUTO_BUF struct buf blob = BUF_INIT;
	const struct byte_map m = map("\\t \\-_", " \\t_\\-");
	const struct decode_key key = { .kind = KEY_MAP, .map = &m };

	xz(&blob, PAYLOAD);
	expect_nothing(buf_str(&blob), &key, 1);
}

Test(decode_attempt, tries_a_map_and_its_inverse)
{
	AUTO_BUF struct buf blob = BUF_INIT;
	const struct byte_map forward = map("\\0-\\377", "\\100-\\377\\0-\\77");
	const struct byte_map inverse = map("\\100-\\377\\0-\\77", "\\0-\\377");
	const struct decode_key key = { .kind = KEY_MAP, .map = &forward },
				back = { .kind = KEY_MAP, .map = &inverse };

	xz(&blob, PAYLOAD);
	apply(&blob, &forward);
	expect(buf_str(&blob), &key, 1, PAYLOAD, "tr '\\000-\\077\\100-\\377' '\\300-\\377\\000-\\277' | xz -dc");
	expect(buf_str(&blob), &back, 1, PAYLOAD, "tr '\\000-\\077\\100-\\377' '\\300-\\377\\000-\\277' | xz -dc");
}

Test(decode_attempt, tries_two_maps_in_turn)
{
	AUTO_BUF struct buf blob = BUF_INIT;
	const struct byte_map one = map("\\0-\\377", "\\100-\\377\\0-\\77"), two = map("\\0-\\177", "\\177\\0-\\176");
	const struct decode_key keys[] = { { .kind = KEY_MAP, .map = &two }, { .kind = KEY_MAP, .map = &one } };
	struct found f;

	xz(&blob, PAYLOAD);
	apply(&blob, &one);
	apply(&blob, &two);
	attempt(&f, buf_str(&blob), keys, 2);
	cr_assert_eq(f.n, 1);
	cr_assert(str_eq(buf_str(&f.bytes), PAYLOAD));
	found_release(&f);
}

static void xor_with(struct buf *b, struct str key, size_t offset)
{
	for (size_t i = 0; i < b->len; i++)
		b->ptr[i] ^= key.ptr[(i + offset) % key.len];
}

Test(decode_attempt, finds_one_byte_of_xor_and_addition)
{
	AUTO_BUF struct buf blob = BUF_INIT, text = BUF_INIT;
	struct found f;

	for (int k = 1; k < 256; k += 23) {
		const char key = (char)(uint8_t)k;

		buf_reset(&blob);
		xz(&blob, PAYLOAD);
		xor_with(&blob, str_of(&key, 1), 0);
		attempt(&f, buf_str(&blob), NULL, 0);
		cr_assert_eq(f.n, 1, "key %d", k);
		cr_assert(str_eq(buf_str(&f.bytes), PAYLOAD));
		found_release(&f);
		buf_reset(&blob);
		xz(&blob, PAYLOAD);
		for (size_t i = 0; i < blob.len; i++)
			blob.ptr[i] = (char)(uint8_t)(blob.ptr[i] + k);
		attempt(&f, buf_str(&blob), NULL, 0);
		cr_assert_eq(f.n, 1, "key %d", k);
		found_release(&f);
	}
	/* A text that becomes binary, without any header. */
	buf_add_str(&text, PAYLOAD);
	xor_with(&text, STR("\xa5"), 0);
	attempt(&f, buf_str(&text), NULL, 0);
	cr_assert_eq(f.n, 1);
	cr_assert_str_eq(f.format, "shell script");
	found_release(&f);
}

Test(decode_attempt, finds_repeating_keys_from_headers)
{
	static const char key[] = "k3Y\x81\xf0pQz";

	for (size_t n = 2; n <= 8; n++) {
		AUTO_BUF struct buf blob = BUF_INIT;
		struct found f;

		xz(&blob, PAYLOAD);
		xor_with(&blob, str_of(key, n), 0);
		attempt(&f, buf_str(&blob), NULL, 0);
		cr_assert_eq(f.n, 1, "%zu bytes", n);
		cr_assert(str_eq(buf_str(&f.bytes), PAYLOAD));
		found_release(&f);
	}
}

Test(decode_attempt, tries_given_keys_at_every_offset)
{
	AUTO_BUF struct buf blob = BUF_INIT;
	const struct decode_key key = { .kind = KEY_XOR, .bytes = STR("a much longer key") };

	xz(&blob, PAYLOAD);
	xor_with(&blob, key.bytes, 5);
	expect(buf_str(&blob), &key, 1, PAYLOAD,
	       "python3 -c 'import sys;k=bytes.fromhex(\"68206c6f6e676572206b65796120"
	       "6d7563\");sys.stdout.buffer.write(bytes((b^k[i%len(k)])&255 for i,b in "
	       "enumerate(sys.stdin.buffer.read())))' | xz -dc");
}

Test(decode_attempt, turns_bits_digits_and_the_whole_round)
{
	AUTO_BUF struct buf straight = BUF_INIT, blob = BUF_INIT;
	const char *const reversal = "python3 -c 'import sys;sys.stdout.buffer.write(sys.stdin.buffer.read()[::-1])'";
	AUTO_BUF struct buf steps = BUF_INIT;

	xz(&straight, PAYLOAD);
	for (size_t i = 0; i < straight.len; i++)
		buf_add_char(&blob, (char)(uint8_t)((uint8_t)straight.ptr[i] << 4 | (uint8_t)straight.ptr[i] >> 4));
	expect(buf_str(&blob), NULL, 0, PAYLOAD, "perl -0777 -pe '$_=pack(\"h*\",unpack(\"H*\",$_))' | xz -dc");
	buf_reset(&blob);
	for (size_t i = 0; i < straight.len; i++) {
		unsigned int to = 0;

		for (unsigned int bit = 0; bit < 8; bit++)
			to |= ((unsigned int)(uint8_t)straight.ptr[i] >> bit & 1) << (7 - bit);
		buf_add_char(&blob, (char)(uint8_t)to);
	}
	expect(buf_str(&blob), NULL, 0, PAYLOAD, "perl -0777 -pe '$_=pack(\"b*\",unpack(\"B*\",$_))' | xz -dc");
	buf_reset(&blob);
	for (size_t i = straight.len; i > 0; i--)
		buf_add_char(&blob, straight.ptr[i - 1]);
	buf_addf(&steps, "%s | xz -dc", reversal);
	expect(buf_str(&blob), NULL, 0, PAYLOAD, buf_cstr(&steps));
}

Test(decode_attempt, skips_a_header)
{
	AUTO_BUF struct buf blob = BUF_INIT, tail = BUF_INIT;
	struct found f;

	noise(&blob, 300, 99);
	xz(&blob, PAYLOAD);
	expect(buf_str(&blob), NULL, 0, PAYLOAD, "tail -c +301 | xz -dc");
	/* ... and under a key. */
	buf_reset(&blob);
	noise(&blob, 300, 99);
	xz(&tail, PAYLOAD);
	xor_with(&tail, STR("\x33"), 0);
	buf_add_str(&blob, buf_str(&tail));
	attempt(&f, buf_str(&blob), NULL, 0);
	cr_assert_eq(f.n, 1);
	cr_assert(str_eq(buf_str(&f.bytes), PAYLOAD));
	found_release(&f);
}

Test(decode_attempt, reads_ascii85_of_the_whole)
{
	/* a85encode of ": > PWNED\n: > PWNED\n: > PWNED\n". */
	expect(STR("<~3ZpU/:fgC\\6jbst4s3[':.7PX3ZpU/:fgC\\6j`~>"), NULL, 0,
	       STR(": > PWNED\n: > PWNED\n: > PWNED\n"),
	       "python3 -c 'import sys,base64;d=sys.stdin.buffer.read().strip();"
	       "d=d[2:] if d[:2]==b\"<~\" else d;d=d[:-2] if d[-2:]==b\"~>\" else d;"
	       "sys.stdout.buffer.write(base64.a85decode(d))'");
}

Test(decode_attempt, reads_base64_of_the_whole)
{
	expect(STR("OiA+IFBXTkVECjogPiBQV05FRAo6ID4gUFdORUQK\n"), NULL, 0,
	       STR(": > PWNED\n: > PWNED\n: > PWNED\n"), "base64 -d");
}

/* Noise and then a raw stream under a map, with ranges of one byte in between. */
static void interleave(struct buf *to, struct str s, size_t keep, size_t skip, bool skip_first)
{
	for (size_t i = 0; i < s.len; i += keep) {
		for (size_t k = 0; k < (i || skip_first ? skip : 0); k++)
			buf_add_char(to, 'A');
		buf_add_str(to, str_first(str_from_at(s, i), keep));
	}
}

Test(decode_attempt, carves_and_finds_a_raw_stream_behind_other_data)
{
	const struct byte_map forward = map("\\0-\\377", "\\100-\\377\\0-\\77");
	const struct decode_key key = { .kind = KEY_MAP, .map = &forward };

	for (size_t first = 0; first < 2; first++) {
		AUTO_BUF struct buf inner = BUF_INIT, raw = BUF_INIT, blob = BUF_INIT;
		struct found f;

		noise(&inner, 12345, 5);
		raw_lzma(&raw, PAYLOAD);
		apply(&raw, &forward);
		buf_add_str(&inner, buf_str(&raw));
		interleave(&blob, buf_str(&inner), 2048, 1024, first);
		cr_assert_geq(decode_alternations(buf_str(&blob)), 6);
		attempt(&f, buf_str(&blob), &key, 1);
		cr_assert_eq(f.n, 1);
		cr_assert(str_eq(buf_str(&f.bytes), PAYLOAD), "%s", buf_cstr(&f.steps));
		cr_assert(str_ends(buf_str(&f.steps),
				   STR(" | tail -c +12346 | xz --format=raw --lzma1=dict=8MiB -dc")), "%s",
			  buf_cstr(&f.steps));
		found_release(&f);
	}
}

Test(decode_attempt, carves_periods_that_no_window_fits)
{
	AUTO_BUF struct buf inner = BUF_INIT, packed = BUF_INIT, blob = BUF_INIT;
	struct found f;

	buf_add_str(&inner, PAYLOAD);
	noise(&inner, 14000, 3);
	xz(&packed, buf_str(&inner));
	interleave(&blob, buf_str(&packed), 1777, 1313, true);
	cr_assert_geq(decode_alternations(buf_str(&blob)), 6);
	attempt(&f, buf_str(&blob), NULL, 0);
	cr_assert_eq(f.n, 1);
	cr_assert(str_eq(buf_str(&f.bytes), buf_str(&inner)), "%s", buf_cstr(&f.steps));
	found_release(&f);
}

Test(decode_alternations, counts_none_in_noise_text_or_zeros)
{
	AUTO_BUF struct buf b = BUF_INIT;

	cr_assert_eq(decode_alternations(STR("")), 0);
	noise(&b, 100000, 1);
	cr_assert_eq(decode_alternations(buf_str(&b)), 0);
	memset(b.ptr, 'x', 50000);
	cr_assert_eq(decode_alternations(buf_str(&b)), 1);
	buf_reset(&b);
	for (int i = 0; i < 2000; i++)
		buf_addf(&b, "line %d of a text%s", i, i % 50 ? "\n" : "                          \n");
	cr_assert_eq(decode_alternations(buf_str(&b)), 0);
}

Test(decode_attempt, noise_and_texts_give_nothing)
{
	static const char *const maps[][2] = {
		{ "a-z", "A-Z" }, { "\\t \\-_", " \\t_\\-" }, { "\\0-\\377", "\\100-\\377\\0-\\77" },
		{ "\\n", " " }, { "\\0", "\\n" }, { "A-Za-z", "N-ZA-Mn-za-m" },
	};
	struct byte_map m[6];
	struct decode_key keys[7] = { [6] = { .kind = KEY_XOR, .bytes = STR("secret") } };

	for (size_t i = 0; i < 6; i++) {
		m[i] = map(maps[i][0], maps[i][1]);
		keys[i] = (struct decode_key){ .kind = KEY_MAP, .map = &m[i] };
	}
	for (uint32_t seed = 1; seed < 200; seed++) {
		AUTO_BUF struct buf b = BUF_INIT;

		noise(&b, 20 + seed * 17, seed * 77777);
		expect_nothing(buf_str(&b), keys, 7);
		/* Letters and numbers, binary and not. */
		for (size_t i = 0; i < b.len; i++)
			b.ptr[i] = (char)(seed % 2 ? 'a' + (b.ptr[i] & 15) : b.ptr[i] & 31);
		expect_nothing(buf_str(&b), keys, 7);
	}
	expect_nothing(STR("Some prose; if it is read, then by people, and cat is an animal.\n"), keys, 7);
	expect_nothing(STR("#!/bin/sh\necho a plain script | cat\nexit 0\n"), keys, 7);
}

/* Cut off anywhere and with bits turned, for the sanitizers. */
Test(decode_attempt, survives_damaged_content)
{
	AUTO_BUF struct buf blob = BUF_INIT, middle = BUF_INIT, wide = BUF_INIT;
	const struct byte_map m = map("\\t \\-_", " \\t_\\-");
	const struct decode_key keys[] = { { .kind = KEY_MAP, .map = &m },
					   { .kind = KEY_ADD, .bytes = STR("\1\2\3") },
					   { .kind = KEY_XOR, .bytes = STR("") } };
	struct found f;

	xz(&blob, STR("####Hello####"));
	xz(&middle, PAYLOAD);
	apply(&middle, &m);
	buf_add_str(&blob, buf_str(&middle));
	noise(&blob, 500, 8);
	interleave(&wide, buf_str(&blob), 100, 600, true);
	for (size_t n = 0; n <= blob.len; n += 3) {
		char *const copy = memory_alloc(n);

		memcpy(copy, blob.ptr, n);
		attempt(&f, str_of(copy, n), keys, 3);
		found_release(&f);
		if (n)
			copy[n / 2] = (char)(copy[n / 2] ^ 1 << (n & 7));
		attempt(&f, str_of(copy, n), keys, 3);
		found_release(&f);
		memory_free(copy);
	}
	for (size_t n = 0; n < wide.len; n += 97) {
		attempt(&f, str_first(buf_str(&wide), n), keys, 3);
		found_release(&f);
	}
}

Test(decode_attempt, finds_repeating_keys_of_scripts)
{
	AUTO_BUF struct buf blob = BUF_INIT;
	struct found f;

	buf_add_cstr(&blob, "#!/bin/sh\n");
	buf_add_str(&blob, PAYLOAD);
	xor_with(&blob, STR("\xf1" "cret\2"), 0);
	attempt(&f, buf_str(&blob), NULL, 0);
	cr_assert_eq(f.n, 1);
	cr_assert(str_starts(buf_str(&f.bytes), STR("#!/bin/sh\n")));
	found_release(&f);
}

Test(decode_attempt, carves_a_few_short_ranges)
{
	AUTO_BUF struct buf inner = BUF_INIT, packed = BUF_INIT, blob = BUF_INIT;
	struct found f;

	buf_add_str(&inner, PAYLOAD);
	noise(&inner, 9000, 3);
	xz(&packed, buf_str(&inner));
	interleave(&blob, buf_str(&packed), 1500, 200, false);
	attempt(&f, buf_str(&blob), NULL, 0);
	cr_assert_eq(f.n, 1);
	cr_assert(str_eq(buf_str(&f.bytes), buf_str(&inner)), "%s", buf_cstr(&f.steps));
	found_release(&f);
}
