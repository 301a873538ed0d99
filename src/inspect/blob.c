/* Finds who knows a content, and judges it against the extension. */
#include "inspect/blob.h"

#include <stdio.h>

#include "base/escape.h"
#include "base/lanes.h"
#include "base/limits.h"
#include "inspect/blob_look.h"
#include "inspect/blob_shapes.h"
#include "inspect/blob_zip.h"

enum {
	/* Fewer bytes than this behind the end of a file can hold no command worth the name. */
	REST_MEDIUM = 8,
	EXCERPT_BYTES = 24,
	PRIVATE_TOLD = 16,
};

static const struct blob_format *const tables[] = {
	blob_packed, blob_archives, blob_programs, blob_images, blob_media,
	blob_documents, blob_fonts, blob_data, blob_pickles, blob_behind,
};

static bool is_control(unsigned char c)
{
	/* Tab to CR, and ESC, stand in text. */
	return (c < 0x20 && !(c >= 9 && c <= 13) && c != 0x1b) || c == 0x7f;
}

/* The next bytes of a text are plain: printable ASCII, blanks and line ends. */
static bool is_plain(lanes v)
{
	return lanes_all((lanes)(v - 0x20 < 0x7f - 0x20) | (lanes)(v - 9 < 14 - 9));
}

bool blob_is_text(struct str bytes)
{
	size_t controls = 0, high = 0, i = 0;
	lanes line_ends = { 0 };
	bool utf8 = true, lines = false;

	while (i < bytes.len) {
		const unsigned char c = (unsigned char)bytes.ptr[i];
		unsigned int code;
		size_t n = 1;

		if (bytes.len - i >= LANES) {
			lanes v;

			memcpy(&v, bytes.ptr + i, sizeof(v));
			if (is_plain(v)) {
				line_ends |= (lanes)(v == '\n');
				i += LANES;
				continue;
			}
		}
		if (c == 0)
			return false;
		controls += is_control(c);
		lines = lines || c == '\n';
		if (c >= 0x80) {
			n = utf8 ? escape_utf8(str_from_at(bytes, i), &code) : 0;
			utf8 = n > 0;
			n = n ? n : 1;
			high += n;
		}
		i += n;
	}
	lines = lines || lanes_any(line_ends);
	if (controls * 50 > bytes.len)
		return false;
	/* Old encodings have line ends and some ASCII; text whose every byte has the high bit has
	 * been coded. */
	return utf8 || (high <= bytes.len / 8 * 7 && (lines || high <= bytes.len / 2));
}

struct str look_extension(const struct look *l, char room[16])
{
	const struct str name = str_base(l->path);
	const size_t dot = str_rfind(name, '.');
	const struct str ext = str_from_at(name, dot + 1);

	if (dot == (size_t)-1 || dot == 0 || ext.len > 15)
		return STR("");
	for (size_t i = 0; i < ext.len; i++)
		room[i] = (char)(ext.ptr[i] >= 'A' && ext.ptr[i] <= 'Z' ? ext.ptr[i] | 0x20 :
				 ext.ptr[i]);
	return str_of(room, ext.len);
}

bool look_listed(const char *words, struct str word)
{
	for (const char *w = words; *w; w += strlen(w) + 1)
		if (str_eq(str_from(w), word))
			return true;
	return false;
}

const char *look_code(struct str b, uint64_t at, char room[5])
{
	for (unsigned int i = 0; i < 4; i++) {
		const unsigned int c = byte_at(b, at + i);

		room[i] = (char)(c >= 0x20 && c < 0x7f ? c : '.');
	}
	room[4] = '\0';
	return room;
}

static bool is_script(struct str b)
{
	return str_starts(b, STR("#!/")) || str_starts(b, STR("#! /"));
}

/* At least one whole stream of a format that is known by more than two bytes. */
static const char *first_stream(struct str b)
{
	struct unpacked u;
	const char *format;

	unpack_part(b, 0, LIMIT_INSPECT_UNPACKED, &u);
	format = u.streams ? u.format : NULL;
	unpacked_release(&u);
	return format && strcmp(format, "lzma") != 0 && strcmp(format, "zlib") != 0 ? format : NULL;
}

const char *look_payload(struct str b)
{
	const char *format;
	uint64_t end;

	if (is_script(b))
		return "a script";
	if (unpack_confirms(b, &format))
		return format;
	if ((format = first_stream(b)) != NULL)
		return format;
	if (zip_ends(b))
		return "zip";
	return shape_tar(b, &end) ? "tar" : NULL;
}

/* Text as it stands, other bytes as hexadecimal digits. */
static void add_excerpt(struct look *l, struct note *n, struct str b)
{
	const struct str first = str_first(b, NOTE_EXCERPT);
	char digits[3 * EXCERPT_BYTES + 1];
	size_t len = 0;

	if (first.len && blob_is_text(first)) {
		note_evidence(l->notes, n, first);
		return;
	}
	for (size_t i = 0; i < first.len && i < EXCERPT_BYTES; i++)
		len += (size_t)snprintf(digits + len, sizeof(digits) - len, "%s%02x", i ? " " : "",
					byte_at(first, i));
	note_evidence(l->notes, n, str_of(digits, len));
}

static struct note *add_note(struct look *l, enum rule_id rule, uint64_t at, uint64_t len,
			     const char *fmt, va_list ap)
{
	struct buf text = BUF_INIT;
	struct note *n;

	buf_vaddf(&text, fmt, ap);
	n = note_add(l->notes, rule, "%s", buf_cstr(&text));
	buf_release(&text);
	/* Several blocks may be told as one: the sum of their lengths can reach beyond the end. */
	n->offset = (int64_t)(at < l->bytes.len ? at : l->bytes.len);
	n->length = (int64_t)part(l->bytes, at, len).len;
	add_excerpt(l, n, part(l->bytes, at, len));
	return n;
}

struct note *look_note(struct look *l, enum rule_id rule, uint64_t at, uint64_t len,
		       const char *fmt, ...)
{
	struct note *n;
	va_list ap;

	va_start(ap, fmt);
	n = add_note(l, rule, at, len, fmt, ap);
	va_end(ap);
	return n;
}

void look_private(struct look *l, uint64_t at, uint64_t len, uint64_t medium_from,
		  const char *fmt, ...)
{
	const bool medium = len >= medium_from;
	struct note *n;
	va_list ap;

	if (l->n_private[medium]++ >= PRIVATE_TOLD)
		return;
	va_start(ap, fmt);
	n = add_note(l, RULE_TP306, at, len, fmt, ap);
	va_end(ap);
	if (medium)
		n->severity = SEVERITY_MEDIUM;
}

void look_corrupt(struct look *l, uint64_t at, const char *fmt, ...)
{
	struct buf text = BUF_INIT;
	struct note *n;
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&text, fmt, ap);
	va_end(ap);
	n = note_add(l->notes, RULE_TP303, "broken as %s: %s", l->out->format, buf_cstr(&text));
	buf_release(&text);
	n->offset = (int64_t)(at < l->bytes.len ? at : l->bytes.len);
	l->out->state = BLOB_CORRUPT;
}

static void examine(struct look *l);

/* A whole file of the same format: a preview, or the file saved once more by a careless program. */
static bool is_another(const struct look *l, struct str data)
{
	struct arena arena = ARENA_INIT;
	struct notes notes = { .arena = &arena };
	struct blob b;
	struct look again = { .path = STR(""), .bytes = data, .notes = &notes, .out = &b, .inner = true };
	bool same;

	if (l->inner || !l->out->format)
		return false;
	examine(&again);
	same = b.state == BLOB_VALID && b.format && strcmp(b.format, l->out->format) == 0 && notes.n == 0;
	notes_release(&notes);
	arena_release(&arena);
	return same;
}

void look_rest(struct look *l, uint64_t end)
{
	const struct str rest = str_from_at(l->bytes, end < l->bytes.len ? (size_t)end :
					    l->bytes.len);
	const size_t zeros = after_zeros(rest, 0);
	const struct str data = str_from_at(rest, zeros);
	const char *payload;
	struct note *n;

	if (data.len == 0)
		return;
	payload = look_payload(data);
	n = look_note(l, RULE_TP302, end + zeros, data.len,
		      "%zu bytes follow the end of the %s%s%s", data.len, l->out->format,
		      payload ? "; they begin " : "", payload ? payload : "");
	if (payload)
		n->severity = SEVERITY_HIGH;
	else if (data.len < REST_MEDIUM || is_another(l, data))
		n->severity = SEVERITY_LOW;
	l->out->state = BLOB_REST;
}

static const struct blob_format *find_format(struct str b)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (const struct blob_format *f = tables[i]; f->name; f++)
			if (f->begins(b))
				return f;
	return NULL;
}

/* RFC 2781, 4.3: a byte order mark, then pairs of bytes. */
static bool is_utf16(struct str b)
{
	const bool little = str_starts(b, STR("\xff\xfe"));
	size_t odd = 0;

	if (b.len % 2 || !(little || str_starts(b, STR("\xfe\xff"))))
		return false;
	for (size_t i = 2; i < b.len; i += 2) {
		const uint32_t c = little ? le16(b, i) : be16(b, i);

		odd += c == 0 || (c < 0x80 && is_control((unsigned char)c)) || c >= 0xfffe;
	}
	return odd * 50 <= b.len / 2;
}

static const struct {
	enum blob_class class;
	const char *words;
} extensions[] = {
	{ CLASS_TEXT, "txt\0md\0rst\0adoc\0asciidoc\0htm\0html\0xhtml\0css\0json\0xml\0xsl\0xsd\0"
		      "yml\0yaml\0toml\0ini\0cfg\0conf\0csv\0tsv\0po\0pot\0texi\0tex\0c\0h\0cc\0"
		      "cpp\0cxx\0hh\0hpp\0hxx\0cs\0java\0js\0mjs\0ts\0py\0pl\0pm\0t\0rb\0lua\0go\0"
		      "rs\0sh\0bash\0zsh\0awk\0sed\0m4\0ac\0am\0in\0mk\0cmake\0s\0asm\0inc\0y\0l\0"
		      "tcl\0vim\0el\0diff\0patch\0log\0svg\0xpm\0xbm\0spec\0pod\0man\0" },
	{ CLASS_IMAGE, "png\0apng\0jpg\0jpeg\0jpe\0gif\0bmp\0ico\0cur\0tif\0tiff\0webp\0avif\0"
		       "heic\0jxl\0jp2\0psd\0xcf\0tga\0pcx\0pnm\0ppm\0pgm\0pbm\0icns\0" },
	{ CLASS_MEDIA, "wav\0wave\0mp3\0ogg\0oga\0ogv\0opus\0flac\0aac\0m4a\0mp4\0m4v\0mov\0avi\0"
		       "mkv\0webm\0aif\0aiff\0au\0mid\0midi\0wma\0wmv\0mpg\0mpeg\0" },
	{ CLASS_DOCUMENT, "pdf\0ps\0eps\0doc\0docx\0xls\0xlsx\0ppt\0pptx\0odt\0ods\0odp\0odg\0rtf\0"
			  "dvi\0djvu\0epub\0chm\0info\0" },
	{ CLASS_FONT, "ttf\0otf\0ttc\0otc\0woff\0woff2\0eot\0pfb\0pfa\0pcf\0bdf\0fon\0" },
	{ CLASS_ARCHIVE, "gz\0tgz\0xz\0txz\0bz2\0tbz\0tbz2\0lzma\0lz\0zst\0z\0zip\0jar\0war\0tar\0"
			 "cpio\0rpm\0deb\0ar\0""7z\0rar\0cab\0lha\0lzh\0whl\0egg\0crate\0gem\0apk\0"
			 "nupkg\0xpi\0crx\0iso\0lz4\0" },
	{ CLASS_PROGRAM, "o\0obj\0a\0lib\0so\0dylib\0bundle\0dll\0exe\0com\0sys\0drv\0ocx\0pyd\0"
			 "elf\0out\0core\0ko\0mod\0efi\0class\0dex\0wasm\0bc\0pyc\0pyo\0luac\0"
			 "lo\0la\0axf\0hex\0debug\0dbg\0dwo\0dwp\0dsym\0node\0jnilib\0static\0"
			 "shared\0stripped\0bin32\0bin64\0elc\0rlib\0rmeta\0cmi\0cmx\0cmxa\0beam\0" },
	{ CLASS_DATA, "gmo\0mo\0sqlite\0sqlite3\0db\0pcap\0pcapng\0cap\0pkl\0pickle\0npy\0npz\0"
		      "pt\0pth\0joblib\0" },
};

static enum blob_class class_of(struct str ext)
{
	for (size_t i = 0; i < sizeof(extensions) / sizeof(extensions[0]); i++)
		if (look_listed(extensions[i].words, ext))
			return extensions[i].class;
	return CLASS_OTHER;
}

/* The version of a shared library (libx.so.1), an architecture or a section of names such as
 * "test.x86_64": ends in a digit, so that no one takes it for the name of a kind of data. */
static bool ends_in_digit(struct str ext)
{
	return ext.len && ext.ptr[ext.len - 1] >= '0' && ext.ptr[ext.len - 1] <= '9';
}

/* Code that the extension hides. Object files under object-like or no extensions are what they seem. */
static void judge_code(struct look *l, struct str ext, enum blob_class class, const char *what)
{
	struct note *n;

	if (ext.len == 0 || class == CLASS_PROGRAM || (class == CLASS_OTHER && ends_in_digit(ext)))
		return;
	n = look_note(l, RULE_TP307, 0, l->bytes.len, "%s under the name of a .%.*s file", what,
		      STR_FMT(ext));
	if (class == CLASS_OTHER || class == CLASS_DATA || class == CLASS_ARCHIVE)
		n->severity = SEVERITY_MEDIUM;
}

static bool means_binary(enum blob_class class)
{
	return class == CLASS_IMAGE || class == CLASS_MEDIA || class == CLASS_FONT;
}

/* Extensions whose every format stands in the tables. */
static const char well_known[] =
	"png\0jpg\0jpeg\0gif\0bmp\0ico\0tif\0tiff\0webp\0wav\0ogg\0flac\0mp3\0mp4\0ttf\0otf\0"
	"woff\0woff2\0";

/* Only what a reader would take for something else entirely. */
static void judge_extension(struct look *l, const struct blob_format *f)
{
	char room[16];
	const struct str ext = look_extension(l, room);
	const enum blob_class class = class_of(ext);

	if (l->out->machine_code) {
		judge_code(l, ext, class, l->out->format);
		return;
	}
	if (l->packed_code && (means_binary(class) || class == CLASS_TEXT || class == CLASS_DOCUMENT)) {
		look_note(l, RULE_TP307, 0, l->bytes.len, "%s, compressed, under the name of a .%.*s file",
			  l->packed_code, STR_FMT(ext))->severity = SEVERITY_MEDIUM;
		return;
	}
	if (f && f->class == class)
		return;
	if (means_binary(class) && (f || look_listed(well_known, ext)))
		look_note(l, RULE_TP308, 0, l->bytes.len, "%s under the name of a .%.*s file",
			  f ? f->name : "content of no known format", STR_FMT(ext));
}

static bool text_may_be_more(struct str b)
{
	return str_starts(b, STR("%PDF-")) || str_starts(b, STR("!<arch>\n"));
}

static bool pickle_extension(const struct look *l)
{
	char room[16];

	return look_listed("pkl\0pickle\0p\0pck\0", look_extension(l, room));
}

static void examine(struct look *l)
{
	struct blob *const out = l->out;
	const bool text = blob_is_text(l->bytes);
	const struct blob_format *f = NULL;
	char room[16];

	*out = (struct blob){ .state = BLOB_TEXT };
	if (is_script(l->bytes) && means_binary(class_of(look_extension(l, room))))
		judge_code(l, look_extension(l, room), class_of(look_extension(l, room)), "a script");
	if (l->bytes.len == 0)
		return;
	if (!text || text_may_be_more(l->bytes))
		f = find_format(l->bytes);
	if (!f && pickle_extension(l) && pickle_holds(l->bytes))
		f = &blob_pickles[0];
	if (!f && text)
		return;
	if (f) {
		out->format = f->name;
		out->state = f->examine ? BLOB_VALID : BLOB_UNSUPPORTED;
		if (f->examine)
			f->examine(l);
	} else if (is_utf16(l->bytes)) {
		out->format = "utf-16";
		out->state = BLOB_VALID;
		return;
	} else {
		out->state = BLOB_OPAQUE;
	}
	judge_extension(l, f);
}

void blob_examine(struct str path, struct str bytes, struct notes *notes, struct blob *out)
{
	struct look l = { .path = path, .bytes = bytes, .notes = notes, .out = out };

	examine(&l);
}
