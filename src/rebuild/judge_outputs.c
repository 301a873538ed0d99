/* What a build left behind: installed programs and scripts, the next release, the log of its checks. */
#include "rebuild/judge_outputs.h"

#include <elf.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/limits.h"
#include "rebuild/export.h"

/* A file below the build's folder, up to `max` bytes of it. */
static bool read_file(const char *folder, const char *part, struct str path, size_t max, struct buf *to)
{
	buf_reset(to);
	return export_read(folder, part, path, max, to) && to->len > 0;
}

/* --- protections of programs --- */

/* Bytes of a 64-bit ELF file that a virtual address of a loaded segment stands for; where they begin. */
static uint64_t offset_of(struct str f, uint64_t address)
{
	const uint64_t table = bytes_little(f.ptr + 32, 8), size = bytes_little(f.ptr + 54, 2), n = bytes_little(f.ptr + 56, 2);

	for (uint64_t i = 0; i < n && size >= 56 && table <= f.len && (i + 1) * size <= f.len - table; i++) {
		const char *const p = f.ptr + table + i * size;
		const uint64_t from = bytes_little(p + 16, 8), len = bytes_little(p + 32, 8);

		if (bytes_little(p, 4) == PT_LOAD && address >= from && address - from < len)
			return bytes_little(p + 8, 8) + (address - from);
	}
	return f.len;
}

/* Where others may write: a relative path, or a folder for everybody. */
static bool is_open_to_others(struct str folder)
{
	return folder.len == 0 || (folder.ptr[0] != '/' && folder.ptr[0] != '$') ||
	       str_starts(folder, STR("/tmp")) || str_starts(folder, STR("/var/tmp")) ||
	       str_starts(folder, STR("/dev/shm")) || str_starts(folder, STR("/home/"));
}

static void see_search_path(struct result *r, struct str path, struct str list)
{
	struct str folder;

	while (str_next_item(&list, ':', &folder))
		if (is_open_to_others(folder))
			result_find(r, RULE_TP424, path, "looks for its libraries in \"%.*s\", where others may write",
				    STR_FMT(str_first(folder, 100)));
}

static void see_dynamic(struct result *r, struct str path, struct str f, uint64_t at, uint64_t size)
{
	uint64_t strings = f.len;

	for (int pass = 0; pass < 2; pass++)
		for (uint64_t i = 0; i + 16 <= size && at <= f.len && i + 16 <= f.len - at; i += 16) {
			const uint64_t tag = bytes_little(f.ptr + at + i, 8), value = bytes_little(f.ptr + at + i + 8, 8);

			if (tag == DT_STRTAB)
				strings = offset_of(f, value);
			if (pass && (tag == DT_RPATH || tag == DT_RUNPATH) && strings < f.len &&
			    value < f.len - strings && memchr(f.ptr + strings + value, '\0', f.len - strings - value))
				see_search_path(r, path, str_from(f.ptr + strings + value));
			if (tag == DT_NULL)
				break;
		}
}

static void see_elf(struct result *r, struct str path, struct str f)
{
	const uint64_t table = f.len >= 64 ? bytes_little(f.ptr + 32, 8) : 0, size = f.len >= 64 ? bytes_little(f.ptr + 54, 2) : 0;
	const uint64_t n = f.len >= 64 ? bytes_little(f.ptr + 56, 2) : 0;

	if (f.len < 64 || memcmp(f.ptr, "\177ELF\2\1", 6) != 0 || size < 56)
		return;
	for (uint64_t i = 0; i < n && table <= f.len && (i + 1) * size <= f.len - table; i++) {
		const char *const p = f.ptr + table + i * size;

		if (bytes_little(p, 4) == PT_GNU_STACK && (bytes_little(p + 4, 4) & PF_X))
			result_find(r, RULE_TP424, path, "its stack can be executed");
		if (bytes_little(p, 4) == PT_DYNAMIC)
			see_dynamic(r, path, f, bytes_little(p + 8, 8), bytes_little(p + 32, 8));
	}
}

/* --- scripts and their templates --- */

/* Whether a line is what a template's line becomes when each @NAME@ is replaced by something. */
static bool fits(struct str line, struct str template)
{
	while (template.len) {
		const size_t at = str_find(template, '@');
		const struct str plain = str_first(template, at);
		struct str rest;
		size_t end;

		if (!str_starts(line, plain))
			return false;
		line = str_from_at(line, plain.len);
		if (at == (size_t)-1)
			return line.len == 0;
		rest = str_from_at(template, at + 1);
		end = str_find(rest, '@');
		if (end == (size_t)-1 || end == 0) {
			if (line.len == 0 || line.ptr[0] != '@')
				return false;
			line = str_from_at(line, 1);
			template = rest;
			continue;
		}
		template = str_from_at(rest, end + 1);
		/* What comes next in the template says where the value ends. */
		for (size_t skip = 0; skip <= line.len; skip++)
			if (fits(str_from_at(line, skip), template))
				return true;
		return false;
	}
	return line.len == 0;
}

static bool fits_any(struct str line, struct str template)
{
	struct str other;

	while (str_next_line(&template, &other))
		if (fits(line, other))
			return true;
	return false;
}

/* Nothing, a comment, or a variable that is set to something that runs nothing. */
static bool is_harmless(struct str line)
{
	size_t n = 0;

	line = str_trim(line);
	if (line.len == 0 || line.ptr[0] == '#')
		return true;
	while (n < line.len && ascii_is_word(line.ptr[n]))
		n++;
	return n > 0 && n < line.len && line.ptr[n] == '=' &&
	       str_find(line, '`') == (size_t)-1 && str_find_str(line, STR("$(")) == (size_t)-1 &&
	       str_find(line, ';') == (size_t)-1 && str_find(line, '&') == (size_t)-1 &&
	       str_find(line, '|') == (size_t)-1;
}

enum { SCRIPT_MAX = 256 * 1024, LINES_MAX = 4000 };

static void see_script(const struct judge_outputs_case *c, struct str path, struct str script)
{
	AUTO_BUF struct buf template = BUF_INIT;
	AUTO_BUF struct buf name = BUF_INIT;
	struct str rest = script, line, found;
	struct finding *f = NULL;
	enum severity worst = SEVERITY_LOW;
	int64_t number = 0;

	buf_addf(&name, "%.*s.in", STR_FMT(str_base(path)));
	if (!str_starts(script, STR("#!")) || !c->find(c->ctx, buf_str(&name), &found) ||
	    !read_file(c->folder, "build", found, SCRIPT_MAX, &template))
		return;
	while (str_next_line(&rest, &line) && number < LINES_MAX) {
		number++;
		if (fits_any(line, buf_str(&template)))
			continue;
		if (!is_harmless(line))
			worst = SEVERITY_HIGH;
		if (!f) {
			f = result_find(c->r, RULE_TP426, path, "has lines that %.*s does not have", STR_FMT(found));
			f->line = number;
		}
		if (f->evidence_n < 4)
			finding_evidence(c->r, f, str_first(line, 200));
	}
	if (f)
		f->severity = worst;
}

/* --- the next release --- */

static void see_dist(const struct judge_outputs_case *c)
{
	for (size_t i = 0; i < c->dist->n; i++) {
		const struct output *const o = &c->dist->v[i];

		if (o->type == OUTPUT_FILE && c->differs(c->ctx, o->path, &o->sha256))
			result_find(c->r, RULE_TP421, o->path, "is changed by `make dist`: the next release would not "
				    "have the tag's content");
	}
}

/* --- checks that can't compile --- */

/* What a compiler says of a stray character or a brace that is missing, and of nothing that a system may lack. */
static bool is_malformed(struct str line)
{
	static const struct str marks[] = {
		STR("before '.' token"), STR("error: stray '"), STR("error: expected declaration or statement at end of input"),
		STR("error: expected identifier or '(' before '}' token"), STR("error: missing terminating"),
		STR("before \xe2\x80\x98.\xe2\x80\x99 token"), STR("error: stray \xe2\x80\x98"),
		STR("error: expected identifier or \xe2\x80\x98(\xe2\x80\x99 before \xe2\x80\x98}\xe2\x80\x99 token"),
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (str_find_str(line, marks[i]) != (size_t)-1)
			return true;
	return false;
}

static void see_log(const struct judge_outputs_case *c, struct str log)
{
	AUTO_BUF struct buf text = BUF_INIT;
	struct str rest, line, check = STR("");
	const char *said = NULL;	/* the check that was told of last */

	if (!read_file(c->folder, "build", log, LIMIT_BUILD_LOG, &text))
		return;
	rest = buf_str(&text);
	while (str_next_line(&rest, &line)) {
		const size_t at = str_find_str(line, STR("checking "));

		if (at != (size_t)-1 && str_starts(line, STR("configure:")))
			check = str_from_at(line, at);
		else if (str_find_str(line, STR("Performing C SOURCE FILE Test ")) != (size_t)-1)
			check = line;
		if (!is_malformed(line) || (check.len && said == check.ptr))
			continue;
		said = check.ptr;
		finding_evidence(c->r, result_find(c->r, RULE_TP427, log, "%.*s: fails since its program is malformed",
				 STR_FMT(check.len ? str_first(check, 120) : STR("a check"))), str_first(line, 300));
	}
}

void judge_outputs(const struct judge_outputs_case *c)
{
	static const struct str logs[] = {
		STR("config.log"), STR("tarproof-build/CMakeFiles/CMakeError.log"),
		STR("tarproof-build/CMakeFiles/CMakeConfigureLog.yaml"), STR("tarproof-build/meson-logs/meson-log.txt"),
	};
	AUTO_BUF struct buf content = BUF_INIT;

	for (size_t i = 0; i < c->outputs->n; i++) {
		const struct output *const o = &c->outputs->v[i];

		if (o->type != OUTPUT_FILE || !read_file(c->folder, "dest", o->path, LIMIT_OUTPUT, &content))
			continue;
		see_elf(c->r, o->path, buf_str(&content));
		if (o->size <= SCRIPT_MAX)
			see_script(c, o->path, buf_str(&content));
	}
	see_dist(c);
	for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++)
		see_log(c, logs[i]);
}
