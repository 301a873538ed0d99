#include "input/tarlint.h"

#include "base/cleanup.h"

/* Slack up to here may be what an old program left in a buffer; more of it is room for a payload. */
enum { SLACK_FEW = 64 };

static const struct {
	enum rule_id rule;
	enum severity severity;
	const char *what;
} kinds[TARLINT_KINDS] = {
	[TARLINT_TYPE_UNKNOWN] = { RULE_TP118, SEVERITY_HIGH,
		"has a type letter that no tar format knows: some programs unpack it as a file, others fail" },
	[TARLINT_TYPE_VOLUME] = { RULE_TP118, SEVERITY_HIGH,
		"is a piece or the label of a multi-volume archive: programs unpack it, skip it or fail" },
	[TARLINT_TYPE_ODD] = { RULE_TP118, SEVERITY_MEDIUM,
		"has a type that no source release needs and that programs treat differently" },
	[TARLINT_SPARSE_PAX] = { RULE_TP118, SEVERITY_LOW,
		"is stored sparse: programs that don't know that unpack a map in front of the content" },
	[TARLINT_NAMES_DIFFER] = { RULE_TP119, SEVERITY_CRITICAL,
		"has several names in its extended headers: programs disagree about which one counts" },
	[TARLINT_NAMES_TWICE] = { RULE_TP119, SEVERITY_MEDIUM,
		"has its name in two extended headers, which no packer writes" },
	[TARLINT_GLOBAL_NAME] = { RULE_TP119, SEVERITY_CRITICAL,
		"a global header gives all members one name or size: some programs obey, others don't" },
	[TARLINT_REPEATED] = { RULE_TP119, SEVERITY_HIGH,
		"has two extended headers of one kind: programs disagree about which one counts" },
	[TARLINT_DANGLING] = { RULE_TP119, SEVERITY_MEDIUM,
		"an extended header is followed by no member" },
	[TARLINT_PAX_MALFORMED] = { RULE_TP123, SEVERITY_HIGH,
		"has an extended header that is malformed: programs stop, or pass over a part of it" },
	[TARLINT_PREFIX] = { RULE_TP120, SEVERITY_HIGH,
		"has a name prefix that its format does not have: some programs put it before the name" },
	[TARLINT_PREFIX_TIMES] = { RULE_TP120, SEVERITY_LOW,
		"has two times where other formats have a name prefix, as incremental archives of GNU tar do" },
	[TARLINT_SIZE_DIFFERS] = { RULE_TP121, SEVERITY_CRITICAL,
		"has another size in its extended header than in its own: programs disagree about "
		"where the next member begins" },
	[TARLINT_SIZE_ON_LINK] = { RULE_TP121, SEVERITY_CRITICAL,
		"is of a type without content and says that it has some: programs disagree about "
		"where the next member begins" },
	[TARLINT_SIZE_ON_FOLDER] = { RULE_TP121, SEVERITY_HIGH,
		"is a folder with a size: some programs take that for content that follows" },
	[TARLINT_FILE_SLASH] = { RULE_TP121, SEVERITY_HIGH,
		"is a file by its type and has a folder's name: programs disagree about what it is" },
	[TARLINT_NO_NUMBER] = { RULE_TP122, SEVERITY_HIGH,
		"has something else where a number belongs: Python's tarfile ends the archive there" },
	[TARLINT_SIZE_NEGATIVE] = { RULE_TP122, SEVERITY_MEDIUM, "has a negative size" },
	[TARLINT_SIZE_BINARY] = { RULE_TP122, SEVERITY_MEDIUM,
		"has its size in binary where octal digits would do: older programs can't read it" },
	[TARLINT_ID_BINARY] = { RULE_TP122, SEVERITY_INFO,
		"has an owner in binary (a large or negative id)" },
	[TARLINT_NAMELESS] = { RULE_TP123, SEVERITY_HIGH,
		"has an empty name: some programs stop there, others go on without it" },
	[TARLINT_SUM_SIGNED] = { RULE_TP123, SEVERITY_LOW,
		"has a checksum made of signed bytes, as some old programs wrote it" },
	[TARLINT_LOST] = { RULE_TP123, SEVERITY_HIGH,
		"can't be followed: headers from here on were not looked at" },
	[TARLINT_SLACK] = { RULE_TP126, SEVERITY_MEDIUM,
		"has bytes where the format has zeros: nothing that unpacks it shows them" },
};

void tarlint_init(struct tarlint *l)
{
	*l = (struct tarlint){ .arena = ARENA_INIT, .pax_size = UINT64_MAX };
}

void tarlint_release(struct tarlint *l)
{
	arena_release(&l->arena);
	buf_release(&l->pax_name);
	buf_release(&l->pax_link);
	buf_release(&l->gnu_name);
	buf_release(&l->gnu_link);
}

static bool has_ustar_magic(const uint8_t *record)
{
	return memcmp(record + TAR_MAGIC, "ustar\00000", TAR_MAGIC_LEN) == 0;
}

/* The name that most programs would give it. */
static struct str name_of(struct tarlint *l, const uint8_t *record)
{
	const struct str name = tar_text(record + TAR_NAME, TAR_NAME_LEN);
	const struct str prefix = tar_text(record + TAR_PREFIX, TAR_PREFIX_LEN);

	if (l->has_pax_name)
		return buf_str(&l->pax_name);
	if (l->gnu_name_n)
		return buf_str(&l->gnu_name);
	if (!has_ustar_magic(record) || prefix.len == 0)
		return name;
	return arena_strf(&l->arena, "%.*s/%.*s", STR_FMT(prefix), STR_FMT(name));
}

static bool is_folder_name(const struct tarlint *l, const uint8_t *record)
{
	if (l->has_pax_name)
		return str_ends(buf_str(&l->pax_name), STR("/"));
	if (l->gnu_name_n)
		return str_ends(buf_str(&l->gnu_name), STR("/"));
	return str_ends(tar_text(record + TAR_NAME, TAR_NAME_LEN), STR("/"));
}

static bool is_full(const struct tarlint *l, enum tarlint_kind kind)
{
	return l->v[kind].evidence_n == TALLY_EVIDENCE;
}

static void note(struct tarlint *l, enum tarlint_kind kind, const uint8_t *record, uint64_t offset,
		 struct str seen)
{
	/* Beyond the evidence only the number matters. */
	const struct str name = record && !is_full(l, kind) ? name_of(l, record) : STR("");

	tally_add(&l->arena, &l->v[kind], name, (int64_t)offset, seen);
}

void tarlint_note(struct tarlint *l, enum tarlint_kind kind, const uint8_t record[TAR_RECORD],
		  uint64_t offset, const char *seen)
{
	note(l, kind, record, offset, str_from(seen));
}

static void notef(struct tarlint *l, enum tarlint_kind kind, const uint8_t *record, uint64_t offset,
		  const char *fmt, ...) __attribute__((format(printf, 5, 6)));

static void notef(struct tarlint *l, enum tarlint_kind kind, const uint8_t *record, uint64_t offset,
		  const char *fmt, ...)
{
	AUTO_BUF struct buf b = BUF_INIT;
	va_list ap;

	if (!is_full(l, kind)) {
		va_start(ap, fmt);
		buf_vaddf(&b, fmt, ap);
		va_end(ap);
	}
	note(l, kind, record, offset, buf_str(&b));
}

static void slack(struct tarlint *l, const uint8_t *record, const uint8_t *p, size_t n,
		  uint64_t offset, const char *where)
{
	if (tar_is_zero(p, n))
		return;
	notef(l, TARLINT_SLACK, record, offset, "%s", where);
	for (size_t i = 0; i < n; i++)
		l->slack += p[i] != 0;
}

static void set(struct buf *b, struct str s)
{
	buf_reset(b);
	buf_add_str(b, s);
}

/* A value that names or sizes the member, which may stand there once. */
static void pax_value(struct tarlint *l, struct str key, struct str value, uint64_t offset)
{
	const bool name = str_eq(key, STR("path")), link = str_eq(key, STR("linkpath"));

	if (str_starts(key, STR("GNU.sparse.")))
		l->sparse = true;
	if (str_eq(key, STR("size"))) {
		uint64_t size;

		/* What is no number is said where the stream can't be followed. */
		if (!pax_number(value, &size))
			return;
		if (l->pax_size != UINT64_MAX && l->pax_size != size)
			notef(l, TARLINT_SIZE_DIFFERS, NULL, offset, "pax: %llu, then %llu",
			      (unsigned long long)l->pax_size, (unsigned long long)size);
		l->pax_size = size;
	}
	if (!name && !link)
		return;
	if (str_find(value, '\0') != (size_t)-1)
		note(l, TARLINT_NAMES_DIFFER, NULL, offset, value);
	if ((name ? l->has_pax_name : l->has_pax_link) &&
	    !str_eq(buf_str(name ? &l->pax_name : &l->pax_link), value))
		note(l, TARLINT_NAMES_DIFFER, NULL, offset, value);
	set(name ? &l->pax_name : &l->pax_link, value);
	/* An empty value takes the keyword back. */
	if (name)
		l->has_pax_name = value.len > 0;
	else
		l->has_pax_link = value.len > 0;
}

static void pax_records(struct tarlint *l, bool global, struct str records, uint64_t offset)
{
	struct str key, value;
	int r;

	while ((r = pax_next(&records, &key, &value)) == 1) {
		if (!global)
			pax_value(l, key, value, offset);
		else if (str_eq(key, STR("path")) || str_eq(key, STR("linkpath")) ||
			 str_eq(key, STR("size")))
			note(l, TARLINT_GLOBAL_NAME, NULL, offset, value);
	}
	if (r < 0)
		note(l, TARLINT_PAX_MALFORMED, NULL, offset, str_first(records, TALLY_EXCERPT));
}

static void gnu_name(struct tarlint *l, struct buf *to, unsigned int seen, struct str content,
		     uint64_t offset)
{
	const struct str name = content.len ? tar_text((const uint8_t *)content.ptr, content.len) :
				STR("");

	if (seen > 1 && !str_eq(buf_str(to), name))
		note(l, TARLINT_NAMES_DIFFER, NULL, offset, name);
	else if (seen > 1)
		note(l, TARLINT_REPEATED, NULL, offset, name);
	set(to, name);
	if (content.len)
		slack(l, NULL, (const uint8_t *)content.ptr + name.len, content.len - name.len, offset,
		      "behind a long name");
}

void tarlint_meta(struct tarlint *l, char type, struct str content, uint64_t offset)
{
	if (l->pax_n + l->gnu_name_n + l->gnu_link_n == 0)
		l->meta_offset = offset;
	switch (type) {
	case 'L':
		gnu_name(l, &l->gnu_name, ++l->gnu_name_n, content, offset);
		break;
	case 'K':
		gnu_name(l, &l->gnu_link, ++l->gnu_link_n, content, offset);
		break;
	case 'g':
		pax_records(l, true, content, offset);
		break;
	default:
		if (type == 'X')
			note(l, TARLINT_TYPE_ODD, NULL, offset, STR("type 'X'"));
		if (++l->pax_n > 1)
			note(l, TARLINT_REPEATED, NULL, offset, str_first(content, TALLY_EXCERPT));
		pax_records(l, false, content, offset);
		break;
	}
}

static void check_names(struct tarlint *l, const uint8_t *record, uint64_t offset)
{
	const struct {
		bool both;
		const struct buf *pax, *gnu;
	} pairs[] = {
		{ l->has_pax_name && l->gnu_name_n, &l->pax_name, &l->gnu_name },
		{ l->has_pax_link && l->gnu_link_n, &l->pax_link, &l->gnu_link },
	};

	for (size_t i = 0; i < 2; i++)
		if (pairs[i].both)
			note(l, str_eq(buf_str(pairs[i].pax), buf_str(pairs[i].gnu)) ?
			     TARLINT_NAMES_TWICE : TARLINT_NAMES_DIFFER, record, offset,
			     buf_str(pairs[i].gnu));
}

static void check_type(struct tarlint *l, const uint8_t *record, uint64_t size, uint64_t offset)
{
	const char type = (char)record[TAR_TYPE];
	enum tarlint_kind kind = TARLINT_TYPE_UNKNOWN;

	if (type == 0 || (type >= '0' && type <= '6')) {
		/* Formats before ustar had no other way to say that it is a folder. */
		if ((type == '0' || (type == 0 && size)) && is_folder_name(l, record))
			note(l, TARLINT_FILE_SLASH, record, offset, STR(""));
		if (type >= '1' && size)
			notef(l, type == '5' ? TARLINT_SIZE_ON_FOLDER : TARLINT_SIZE_ON_LINK, record,
			      offset, "type '%c', %llu bytes", type, (unsigned long long)size);
		return;
	}
	if (type == 'M' || type == 'V')
		kind = TARLINT_TYPE_VOLUME;
	else if (type == '7' || type == 'S' || type == 'D' || type == 'N')
		kind = TARLINT_TYPE_ODD;
	/* The label of a volume is no member for libarchive, Solaris' lists of rights are none. */
	l->uncounted += type == 'V' || type == 'A';
	if (type > ' ' && type < 0x7f)
		notef(l, kind, record, offset, "type '%c'", type);
	else
		notef(l, kind, record, offset, "type 0x%02x", (unsigned int)record[TAR_TYPE]);
}

/* GNU tar keeps two times at the place of the prefix, when it makes incremental archives. */
static bool is_gnu_times(const uint8_t *p)
{
	uint64_t ignored;

	return tar_number(p, 12, &ignored) && tar_number(p + 12, 12, &ignored) &&
	       tar_is_zero(p + 24, TAR_PREFIX_LEN - 24);
}

static void check_prefix(struct tarlint *l, const uint8_t *record, uint64_t offset)
{
	const bool gnu = memcmp(record + TAR_MAGIC, "ustar  ", TAR_MAGIC_LEN) == 0;
	const uint8_t *const prefix = record + TAR_PREFIX;

	/* The map of a sparse file stands there as well. */
	if (!has_ustar_magic(record) && record[TAR_TYPE] != 'S' &&
	    !tar_is_zero(prefix, TAR_PREFIX_LEN))
		note(l, gnu && is_gnu_times(prefix) ? TARLINT_PREFIX_TIMES : TARLINT_PREFIX, record,
		     offset, tar_text(prefix, TAR_PREFIX_LEN));
}

static void check_slack(struct tarlint *l, const uint8_t *record, uint64_t offset)
{
	static const struct {
		unsigned int at, len;
		const char *where;
	} texts[] = {
		{ TAR_NAME, TAR_NAME_LEN, "behind the name" },
		{ TAR_LINK, TAR_LINK_LEN, "behind the link's target" },
		{ 265, 32, "behind the owner's name" },
		{ 297, 32, "behind the group's name" },
		{ TAR_PREFIX, TAR_PREFIX_LEN, "behind the prefix" },
	};
	const bool ustar = has_ustar_magic(record);
	const bool any = memcmp(record + TAR_MAGIC, "ustar", 5) == 0;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const uint8_t *const p = record + texts[i].at;
		const size_t used = tar_text(p, texts[i].len).len;

		if (i < 2 || (any && (i < 4 || ustar)))
			slack(l, record, p + used, texts[i].len - used, offset, texts[i].where);
	}
	/* GNU tar writes device numbers there even so. */
	if (!any)
		slack(l, record, record + TAR_MAGIC, TAR_DEVICES - TAR_MAGIC, offset,
		      "behind the fields of an old header");
	/* Schily's tar signs its headers at the end. */
	if (record[TAR_TYPE] != 'S' && memcmp(record + 508, "tar", 4) != 0)
		slack(l, record, record + 500, TAR_RECORD - 500, offset, "at the end of the header");
}

/* The first byte of base-256: positive and negative. */
static bool is_binary(uint8_t first)
{
	return first == 0x80 || first == 0xff;
}

/* Negative ones (of base-256) are numbers as well; what else may stand in a first byte with its
 * highest bit set is not. */
static bool is_number(const uint8_t *field, size_t n)
{
	uint64_t ignored;

	return is_binary(field[0]) ||
	       (!(field[0] & 0x80) && tar_number(field, n, &ignored));
}

void tarlint_header(struct tarlint *l, const uint8_t record[TAR_RECORD], uint64_t offset)
{
	static const struct {
		unsigned int at, len;
		const char *name;
	} numbers[] = {
		{ 100, 8, "mode" }, { TAR_UID, TAR_ID_LEN, "uid" }, { TAR_GID, TAR_ID_LEN, "gid" },
		{ 136, 12, "mtime" }, { TAR_DEVICES, 8, "devmajor" },
		{ TAR_DEVICES + 8, 8, "devminor" },
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (!is_number(record + numbers[i].at, numbers[i].len))
			note(l, TARLINT_NO_NUMBER, record, offset, str_from(numbers[i].name));
	if (is_binary(record[TAR_UID]) || is_binary(record[TAR_GID]))
		note(l, TARLINT_ID_BINARY, record, offset, STR(""));
	check_slack(l, record, offset);
}

static void check_size(struct tarlint *l, const uint8_t *record, uint64_t size, uint64_t offset)
{
	if ((record[TAR_SIZE] & 0x80) && size <= TAR_OCTAL_MAX)
		notef(l, TARLINT_SIZE_BINARY, record, offset, "%llu bytes", (unsigned long long)size);
	/* A size that does not fit is cut, or left out, in the header. */
	if (l->pax_size != UINT64_MAX && l->pax_size != size &&
	    !(l->pax_size > TAR_OCTAL_MAX &&
	      (size == 0 || size == TAR_OCTAL_MAX || size == (l->pax_size & TAR_OCTAL_MAX))))
		notef(l, TARLINT_SIZE_DIFFERS, record, offset, "header: %llu, pax: %llu",
		      (unsigned long long)size, (unsigned long long)l->pax_size);
}

static void forget(struct tarlint *l)
{
	l->pax_n = l->gnu_name_n = l->gnu_link_n = 0;
	l->has_pax_name = l->has_pax_link = l->sparse = false;
	l->pax_size = UINT64_MAX;
}

void tarlint_member(struct tarlint *l, const uint8_t record[TAR_RECORD], uint64_t size,
		    uint64_t offset)
{
	check_names(l, record, offset);
	check_type(l, record, size, offset);
	check_prefix(l, record, offset);
	if (!l->has_pax_name && !l->gnu_name_n && !record[TAR_NAME])
		notef(l, TARLINT_NAMELESS, record, offset, "at byte %llu", (unsigned long long)offset);
	check_size(l, record, size, offset);
	if (l->sparse)
		note(l, TARLINT_SPARSE_PAX, record, offset, STR(""));
	forget(l);
}

void tarlint_padding(struct tarlint *l, const uint8_t *p, size_t n, uint64_t offset)
{
	l->paddings += n > 0;
	slack(l, NULL, p, n, offset, "behind a content");
}

void tarlint_end(struct tarlint *l, uint64_t offset)
{
	if (l->pax_n + l->gnu_name_n + l->gnu_link_n)
		notef(l, TARLINT_DANGLING, NULL, l->meta_offset, "the archive ends at byte %llu",
		      (unsigned long long)offset);
	forget(l);
}

void tarlint_report(const struct tarlint *l, struct result *r)
{
	for (size_t i = 0; i < TARLINT_KINDS; i++) {
		/* Some programs never clear what comes behind a content. */
		const bool few = i == TARLINT_SLACK &&
				 (l->slack < SLACK_FEW || l->v[i].n * 2 > l->paddings + SLACK_FEW);

		tally_report(r, &l->v[i], kinds[i].rule, few ? SEVERITY_LOW : kinds[i].severity,
			     kinds[i].what);
	}
}
