/* What is fuzzed: each parser of hostile content, as libFuzzer calls it.
 * FUZZ_TARGET names the function; fuzz/run compiles one program for each. */
#include <stddef.h>
#include <stdint.h>

#include "base/memory.h"
#include "inspect/blob.h"
#include "inspect/code.h"
#include "inspect/decode.h"
#include "inspect/difference.h"
#include "inspect/direnv.h"
#include "inspect/hidden.h"
#include "inspect/macro.h"
#include "inspect/package.h"
#include "inspect/script.h"
#include "inspect/unpack.h"
#include "input/tagobject.h"
#include "input/tartap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void script(struct str s, enum dialect dialect)
{
	struct arena a = ARENA_INIT;
	struct notes notes = { .arena = &a };
	struct script out;

	script_examine(&a, s, dialect, &notes, &out);
	script_release(&out);
	notes_release(&notes);
	arena_release(&a);
}

static inline void target_shell(struct str s)
{
	script(s, DIALECT_SHELL);
}

static inline void target_make(struct str s)
{
	script(s, DIALECT_MAKE);
}

static inline void target_m4(struct str s)
{
	script(s, DIALECT_M4);
}

static inline void target_cmake(struct str s)
{
	script(s, DIALECT_CMAKE);
}

static inline void target_meson(struct str s)
{
	script(s, DIALECT_MESON);
}

static inline void target_direnv(struct str s)
{
	struct arena a = ARENA_INIT;
	struct notes notes = { .arena = &a };

	direnv_examine(s, &notes);
	notes_release(&notes);
	arena_release(&a);
}

/* Two files, one behind the other with a byte of zero between. */
static inline void target_difference(struct str s)
{
	const size_t zero = str_find(s, '\0');
	const struct str release = str_first(s, zero), tag = str_from_at(s, zero + 1);
	int64_t line;

	package_adds_nothing(release, tag);
	difference_is_stamp(release, tag, true);
	difference_first(release, tag, &line);
}

static inline void target_macros(struct str s)
{
	struct buf to = BUF_INIT;
	struct macro_file m;

	macro_read(s, &m);
	macro_file_release(&m);
	macro_normalise(s, true, &to);
	buf_release(&to);
}

/* The first byte chooses the language. */
static inline void target_code(struct str s)
{
	static const struct { enum language language; const char *path; } kinds[] = {
		{ LANGUAGE_PYTHON, "setup.py" }, { LANGUAGE_PYTHON, "binding.gyp" },
		{ LANGUAGE_PERL, "Makefile.PL" }, { LANGUAGE_JAVASCRIPT, "a.js" },
		{ LANGUAGE_CMAKE, "CMakeLists.txt" }, { LANGUAGE_MESON, "meson.build" },
		{ LANGUAGE_RUST, "build.rs" }, { LANGUAGE_JSON, "package.json" },
		{ LANGUAGE_TOML, ".cargo/config.toml" }, { LANGUAGE_C, "a.c" },
		{ LANGUAGE_PYTHON, "a.pth" },
	};
	struct arena a = ARENA_INIT;
	struct notes notes = { .arena = &a };
	struct script out = { .caps = 0 };
	size_t which;

	if (s.len == 0)
		return;
	which = (unsigned char)s.ptr[0] % (sizeof(kinds) / sizeof(kinds[0]));
	code_examine(kinds[which].language, str_from(kinds[which].path), str_from_at(s, 1), &notes, &out);
	script_release(&out);
	notes_release(&notes);
	arena_release(&a);
}

static inline void target_blob(struct str s)
{
	struct arena a = ARENA_INIT;
	struct notes notes = { .arena = &a };
	struct blob b;

	blob_examine(STR("test.bin"), s, &notes, &b);
	notes_release(&notes);
	arena_release(&a);
}

static inline void target_unpack(struct str s)
{
	const char *format;
	struct unpacked u;

	unpack(s, 1 << 20, &u);
	unpacked_release(&u);
	unpack_confirms(s, &format);
}

static void found(void *ctx, int64_t line, const char *encoding, struct str bytes)
{
	(void)ctx;
	(void)line;
	(void)encoding;
	(void)bytes;
}

static inline void target_hidden(struct str s)
{
	struct arena a = ARENA_INIT;
	struct notes notes = { .arena = &a };

	hidden_scan(s, &notes, found, NULL);
	notes_release(&notes);
	arena_release(&a);
}

static void decoded(void *ctx, const struct decoded *d)
{
	(void)ctx;
	(void)d;
}

static inline void target_decode(struct str s)
{
	decode_alternations(s);
	decode_attempt(s, NULL, 0, 1 << 20, decoded, NULL);
}

static inline void target_tar(struct str s)
{
	struct tartap t;
	struct sha256 digest;

	tartap_init(&t);
	/* In two pieces, so that every field is cut somewhere. */
	tartap_feed(&t, (const uint8_t *)s.ptr, s.len / 3);
	tartap_feed(&t, (const uint8_t *)s.ptr + s.len / 3, s.len - s.len / 3);
	tartap_structure(&t, &digest);
	tartap_release(&t);
}

static inline void target_tag(struct str s)
{
	struct arena a = ARENA_INIT;
	struct tag_object t;

	tag_object_parse(&a, s, &t);
	arena_release(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FUZZ_TARGET(str_of(data, size));
	return 0;
}
