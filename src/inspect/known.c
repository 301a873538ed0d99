#include "inspect/known.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "inspect/macro.h"

/* The files of a store, each sorted as bytes:
 *   contents    "<blob id> <letter>\n", for a binary search without reading it all
 *   normalised  "<digest>\n"
 *   definitions "<digest>\n", of calls that define a core macro
 *   names       "# tarproof-known <date> <digest>\n", then one "# <letter> <project> ...\n" for each
 *               project, then "<basename> <letter> <serial, or -> <r, or ->\n" */
enum { CONTENT_RECORD = OID_HEX + 3, DIGEST_RECORD = MACRO_DIGEST + 1, LETTERS = 26 };

struct known_store {
	struct str contents, normalised, definitions;	/* mappings of whole files */
	struct str names;			/* without its head */
	struct str names_file;
	struct str version, date;		/* within names_file */
	char *projects[LETTERS];		/* by letter; NULL: none */
};

/* A whole file, for good: nobody writes to a store that is in use. */
static int map_file(const char *folder, const char *name, struct str *out, struct error *err)
{
	AUTO_BUF struct buf path = BUF_INIT;
	struct stat st;

	buf_addf(&path, "%s/%s", folder, name);
	AUTO_FD int fd = open(buf_cstr(&path), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st) != 0)
		return error_errno(err, "%s", buf_cstr(&path));
	if (!S_ISREG(st.st_mode) || st.st_size <= 0 || (unsigned long long)st.st_size > LIMIT_KNOWN)
		return error_set(err, ERROR_INPUT, "%s: not a file of a known-files store",
				 buf_cstr(&path));
	void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return error_errno(err, "%s", buf_cstr(&path));
	*out = str_of(p, (size_t)st.st_size);
	return 0;
}

static void unmap(struct str s)
{
	union {
		const void *in;
		void *out;
	} p = { .in = s.ptr };

	if (s.ptr)
		munmap(p.out, s.len);
}

/* The head of `names`: version and projects. */
static int read_head(struct known_store *k, struct error *err)
{
	struct str rest = k->names_file, line, word, words;

	if (!str_next_line(&rest, &line) || !str_starts(line, STR("# tarproof-known ")))
		return error_set(err, ERROR_INPUT, "names: does not begin as a known-files store");
	words = k->version = str_from_at(line, 2);
	if (!str_next_word(&words, &word) || !str_next_word(&words, &k->date))
		return error_set(err, ERROR_INPUT, "names: no version");
	for (k->names = rest; str_starts(rest, STR("# ")); k->names = rest) {
		str_next_line(&rest, &line);
		words = str_from_at(line, 2);
		struct str letter, project;
		if (!str_next_word(&words, &letter) || letter.len != 1 || letter.ptr[0] < 'a' ||
		    letter.ptr[0] > 'z' || !str_next_word(&words, &project))
			return error_set(err, ERROR_INPUT, "names: a project without a letter");
		char **slot = &k->projects[letter.ptr[0] - 'a'];
		memory_free(*slot);
		*slot = memory_zalloc(project.len + 1);
		memcpy(*slot, project.ptr, project.len);
	}
	return 0;
}

static bool records(struct str s, size_t record)
{
	return s.len % record == 0 && s.ptr[s.len - 1] == '\n';
}

struct known_store *known_open_at(const char *folder, struct error *err)
{
	struct known_store *k = memory_zalloc(sizeof(*k));
	int r = map_file(folder, "names", &k->names_file, err);

	if (r == 0)
		r = map_file(folder, "contents", &k->contents, err);
	if (r == 0)
		r = map_file(folder, "normalised", &k->normalised, err);
	if (r == 0)
		r = map_file(folder, "definitions", &k->definitions, err);
	if (r == 0)
		r = read_head(k, err);
	if (r == 0 && (!records(k->contents, CONTENT_RECORD) ||
		       !records(k->normalised, DIGEST_RECORD) ||
		       !records(k->definitions, DIGEST_RECORD)))
		r = error_set(err, ERROR_INPUT, "a file of the known-files store is cut off");
	if (r == 0)
		return k;
	error_prefix(err, "known files in %s", folder);
	known_close(k);
	return NULL;
}

/* Whether the program stands in a build tree: the store lies beside it or above it. */
static bool source_tree_store(struct buf *folder)
{
	static const char *const up[] = { "", "../", "../../" };
	char exe[4096];
	const ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe));

	if (n <= 0 || (size_t)n >= sizeof(exe))
		return false;
	const size_t slash = str_rfind(str_of(exe, (size_t)n), '/');
	for (size_t i = 0; slash != (size_t)-1 && i < sizeof(up) / sizeof(up[0]); i++) {
		AUTO_BUF struct buf names = BUF_INIT;
		buf_reset(folder);
		buf_addf(folder, "%.*s/%sdata/known", (int)slash, exe, up[i]);
		buf_addf(&names, "%s/names", buf_cstr(folder));
		if (access(buf_cstr(&names), R_OK) == 0)
			return true;
	}
	return false;
}

struct known_store *known_open(struct error *err)
{
	AUTO_BUF struct buf folder = BUF_INIT;
	const char *asked = getenv("TARPROOF_KNOWN");

	if (asked && *asked)
		return known_open_at(asked, err);
	if (source_tree_store(&folder))
		return known_open_at(buf_cstr(&folder), err);
	struct known_store *k = known_open_at(DATADIR "/known", err);
	if (!k)
		error_hint(err, "set TARPROOF_KNOWN to the folder data/known of tarproof's sources");
	return k;
}

void known_close(struct known_store *k)
{
	if (!k)
		return;
	unmap(k->contents);
	unmap(k->normalised);
	unmap(k->definitions);
	unmap(k->names_file);
	for (size_t i = 0; i < LETTERS; i++)
		memory_free(k->projects[i]);
	memory_free(k);
}

static const char *project_of(const struct known_store *k, char letter)
{
	const char *name = letter >= 'a' && letter <= 'z' ? k->projects[letter - 'a'] : NULL;

	return name ? name : "unknown";
}

/* The record that begins with `key`, among sorted ones of one length; NULL when there is none. */
static const char *find_record(struct str s, size_t record, struct str key)
{
	size_t low = 0, high = s.len / record;

	while (low < high) {
		const size_t mid = low + (high - low) / 2;
		const char *at = s.ptr + mid * record;
		const int order = memcmp(at, key.ptr, key.len);
		if (order == 0)
			return at;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

bool known_content(const struct known_store *k, const struct oid *oid, const char **project)
{
	char hex[OID_HEX + 1];

	hex_encode(oid->bytes, OID_SIZE, hex);
	const char *at = find_record(k->contents, CONTENT_RECORD, str_of(hex, OID_HEX));
	if (at && project)
		*project = project_of(k, at[OID_HEX + 1]);
	return at != NULL;
}

bool known_normalised(const struct known_store *k, struct str text)
{
	char digest[MACRO_DIGEST + 1];

	for (int is_m4 = 0; is_m4 < 2; is_m4++) {
		if (macro_digest(text, is_m4 != 0, digest) &&
		    find_record(k->normalised, DIGEST_RECORD, str_of(digest, MACRO_DIGEST)))
			return true;
	}
	return false;
}

bool known_definition(const struct known_store *k, struct str call)
{
	char digest[MACRO_DIGEST + 1];

	return macro_digest(call, true, digest) &&
	       find_record(k->definitions, DIGEST_RECORD, str_of(digest, MACRO_DIGEST));
}

/* The line around offset `at`, without its end. */
static struct str line_at(struct str s, size_t at, size_t *begin)
{
	while (at > 0 && s.ptr[at - 1] != '\n')
		at--;
	*begin = at;
	const struct str rest = str_from_at(s, at);
	const size_t end = str_find(rest, '\n');
	return end == (size_t)-1 ? rest : str_first(rest, end);
}

static bool parse_name(const struct known_store *k, struct str line, struct known_name *out)
{
	struct str word;

	if (!str_next_word(&line, &word) || !str_next_word(&line, &word))
		return false;
	out->project = project_of(k, word.ptr[0]);
	if (!str_next_word(&line, &word))
		return false;
	out->serial = -1;
	if (word.ptr[0] >= '0' && word.ptr[0] <= '9' && word.len < 16) {
		out->serial = 0;
		for (size_t i = 0; i < word.len && word.ptr[i] >= '0' && word.ptr[i] <= '9'; i++)
			out->serial = out->serial * 10 + (word.ptr[i] - '0');
	}
	out->release_only = str_next_word(&line, &word) && str_eq(word, STR("r"));
	return true;
}

bool known_name(const struct known_store *k, struct str basename, struct known_name *out)
{
	size_t low = 0, high = k->names.len;

	/* Between two offsets, both at the beginning of a line. */
	while (low < high) {
		size_t begin;
		const struct str line = line_at(k->names, low + (high - low) / 2, &begin);
		struct str words = line, name;
		const int order = str_next_word(&words, &name) ? str_cmp(name, basename) : -1;
		if (order == 0)
			return parse_name(k, line, out);
		if (order < 0)
			low = begin + line.len + 1;
		else
			high = begin;
	}
	return false;
}

struct str known_version(const struct known_store *k)
{
	return k->version;
}

struct str known_date(const struct known_store *k)
{
	return k->date;
}
