#include "input/listing.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/limits.h"

/* C-style quoting of core.quotePath: octal bytes and the usual letters. */
static bool unquote(struct str quoted, struct buf *out)
{
	static const char letters[] = "abtnvfr\"\\", bytes[] = "\a\b\t\n\v\f\r\"\\";

	for (size_t i = 1; i + 1 < quoted.len; i++) {
		const char c = quoted.ptr[i], next = quoted.ptr[i + 1];
		const char *at;

		if (c != '\\') {
			buf_add_char(out, c);
			continue;
		}
		at = next ? strchr(letters, next) : NULL;
		if (at && i + 2 < quoted.len) {
			buf_add_char(out, bytes[at - letters]);
			i++;
		} else if (i + 3 < quoted.len - 1 + 1 && next >= '0' && next <= '3') {
			unsigned int v = 0;

			for (size_t k = 1; k <= 3; k++) {
				if (quoted.ptr[i + k] < '0' || quoted.ptr[i + k] > '7')
					return false;
				v = v * 8 + (unsigned int)(quoted.ptr[i + k] - '0');
			}
			buf_add_char(out, (char)v);
			i += 3;
		} else {
			return false;
		}
	}
	return true;
}

static bool parse_mode(struct str s, struct entry *e)
{
	/* Old trees hold 100664 and the like: git knows executable or not. */
	if (str_eq(s, STR("100644")) || str_eq(s, STR("100755")) || str_eq(s, STR("100664")) ||
	    str_eq(s, STR("100600")) || str_eq(s, STR("100700")) || str_eq(s, STR("100775")))
		e->mode = (s.ptr[3] - '0') & 1 ? 0755 : 0644;
	else if (str_eq(s, STR("120000")))
		e->type = ENTRY_LINK;
	else if (str_eq(s, STR("160000")))
		e->type = ENTRY_GITLINK;
	else
		return false;
	return true;
}

static bool parse_size(struct str s, struct entry *e)
{
	if (str_eq(s, STR("-")))
		return true;
	if (str_eq(s, STR("BAD")))
		return true;	/* the blob was absent from that clone */
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9' || i > 17)
			return false;
		e->size = e->size * 10 + (uint64_t)(s.ptr[i] - '0');
	}
	e->flags |= ENTRY_HAS_SIZE;
	return s.len > 0;
}

/* "MODE TYPE ID [SIZE]\tPATH" */
static const char *parse_line(struct str line, struct arena *a, struct tree *out, bool quoted,
			      bool *folders)
{
	const size_t tab = str_find(line, '\t');
	struct entry e = { .content = CONTENT_NONE, .flags = ENTRY_HAS_OID };
	struct str head, mode, type, oid, size, path;
	AUTO_BUF struct buf plain = BUF_INIT;

	if (tab == (size_t)-1)
		return "no tab before the path";
	head = str_first(line, tab);
	path = str_from_at(line, tab + 1);
	if (!str_next_word(&head, &mode) || !str_next_word(&head, &type) ||
	    !str_next_word(&head, &oid))
		return "mode, type and id expected";
	if (oid.len == 64)
		return "SHA-256 ids are not supported";
	if (str_eq(type, STR("tree"))) {
		*folders = true;	/* of ls-tree -t: says nothing that its files do not say */
		return NULL;
	}
	if (!parse_mode(mode, &e))
		return "unknown mode";
	if (!hex_decode(oid, e.oid.bytes, OID_SIZE))
		return "an id of 40 hexadecimal digits expected";
	if (str_next_word(&head, &size) && !parse_size(size, &e))
		return "a size expected";
	if (quoted && path.len >= 2 && path.ptr[0] == '"') {
		if (path.ptr[path.len - 1] != '"' || !unquote(path, &plain))
			return "a badly quoted path";
		path = buf_str(&plain);
	}
	if (path.len == 0 || path.len > LIMIT_PATH)
		return "a path of a sane length expected";
	path = arena_str(a, path);
	e.path = path.ptr;
	e.path_len = (uint32_t)path.len;
	*tree_add(out) = e;
	return NULL;
}

static bool next_record(struct str *rest, struct str *record, bool nul)
{
	size_t end;

	if (!nul)
		return str_next_line(rest, record);
	if (rest->len == 0)
		return false;
	end = str_find(*rest, '\0');
	if (end == (size_t)-1)
		end = rest->len;
	*record = str_first(*rest, end);
	*rest = str_from_at(*rest, end + 1);
	return true;
}

int listing_parse(struct str text, struct arena *a, struct tree *out, struct error *err)
{
	const bool nul = str_find(text, '\0') != (size_t)-1;
	bool folders = false, nested = false;
	struct str record;

	for (unsigned long n = 1; next_record(&text, &record, nul); n++) {
		const char *wrong;

		if (!nul && str_ends(record, STR("\r")))
			record.len--;
		if (record.len == 0)
			continue;
		wrong = parse_line(record, a, out, !nul, &folders);
		if (wrong) {
			error_set(err, ERROR_INPUT, "line %lu: %s", n, wrong);
			return error_hint(err, "make the listing with "
					  "`git ls-tree -r -l --full-tree TAG`");
		}
		if (out->n > LIMIT_ENTRIES)
			return error_set(err, ERROR_INPUT, "line %lu: too many entries", n);
	}
	for (size_t i = 0; folders && !nested && i < out->n; i++)
		nested = str_find(entry_path(&out->v[i]), '/') != (size_t)-1;
	if (folders && !nested) {
		error_set(err, ERROR_INPUT, "the listing names folders, but nothing in them");
		return error_hint(err, "make it with -r: `git ls-tree -r -l --full-tree TAG`");
	}
	if (out->n == 0) {
		error_set(err, ERROR_INPUT, "the listing is empty");
		return error_hint(err, "make it with `git ls-tree -r -l --full-tree TAG`");
	}
	return 0;
}

int listing_read(const char *path, struct arena *a, struct tree *out, struct error *err)
{
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
	AUTO_BUF struct buf text = BUF_INIT;
	ssize_t n;

	if (fd < 0) {
		error_errno(err, "listing %s", path);
		return error_hint(err, "make it with `git ls-tree -r -l --full-tree TAG > FILE`");
	}
	while ((n = read(fd, buf_reserve(&text, 64 * KIB), 64 * KIB)) > 0) {
		text.len += (size_t)n;
		if (text.len > LIMIT_LISTING)
			return error_set(err, ERROR_INPUT, "listing %s: is larger than %zu MiB", path,
					 LIMIT_LISTING >> 20);
	}
	if (n < 0)
		return error_errno(err, "listing %s", path);
	return listing_parse(buf_str(&text), a, out, err) < 0 ?
	       error_prefix(err, "listing %s", path) : 0;
}
