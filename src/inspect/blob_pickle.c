/* Python pickles, alone or within .npy files: programs for a machine that can call anything. Their
 * operations are read one by one, never run. */

#include "base/limits.h"
#include "base/memory.h"
#include "inspect/blob_look.h"

enum { MEMO_MAX = 4096, TOLD_MAX = 8 };

struct pickle {
	struct look *l;
	struct str b;		/* cut at the end of what may be pickle */
	uint64_t base;		/* offset of b in the file */
	uint64_t at;
	struct str last[2];	/* the two strings pushed last, the later one second */
	struct str *memo;	/* strings only; MEMO_MAX of them */
	size_t memo_n;		/* next index of MEMOIZE */
	uint64_t calls;		/* operations that call */
	struct {
		struct str module, name;
		uint64_t at;
		bool acts;
	} told[TOLD_MAX];
	size_t told_n;
	bool unnamed;		/* a callable whose name is not a plain constant */
};

/* Modules whose functions start programs, run code or change the system: whatever is taken from them. */
static const char acting_modules[] =
	"os\0posix\0nt\0subprocess\0commands\0popen2\0pty\0sys\0runpy\0importlib\0imp\0code\0"
	"codeop\0marshal\0ctypes\0_ctypes\0shutil\0socket\0pip\0types\0timeit\0pdb\0bdb\0cProfile\0"
	"profile\0webbrowser\0multiprocessing\0asyncio\0ssl\0urllib\0requests\0http\0ftplib\0"
	"pickle\0_pickle\0dill\0cloudpickle\0distutils\0setuptools\0tempfile\0platform\0trace\0"
	"threading\0_thread\0signal\0zipimport\0pkgutil\0inspect\0ast\0doctest\0unittest\0";
/* ... and functions of other modules that do. */
static const char acting_names[] =
	"eval\0exec\0execfile\0compile\0open\0__import__\0getattr\0setattr\0delattr\0globals\0"
	"locals\0vars\0input\0breakpoint\0file\0apply\0map\0reduce\0partial\0methodcaller\0"
	"attrgetter\0itemgetter\0runstring\0system\0popen\0Popen\0call\0check_output\0run\0"
	"load_module\0memmap\0loads\0load\0";
/* Constructors of plain data. */
static const char data_modules[] =
	"collections\0datetime\0decimal\0fractions\0uuid\0array\0_codecs\0copy_reg\0copyreg\0"
	"pathlib\0enum\0zoneinfo\0pytz\0ipaddress\0";
static const char data_builtins[] =
	"object\0set\0frozenset\0list\0dict\0tuple\0bytearray\0bytes\0complex\0int\0float\0str\0"
	"bool\0slice\0range\0long\0unicode\0xrange\0NotImplemented\0Ellipsis\0";

static const char data_numpy[] = "_reconstruct\0ndarray\0dtype\0scalar\0_frombuffer\0";

static bool is_builtins(struct str module)
{
	return look_listed("builtins\0__builtin__\0__builtins__\0", module);
}

/* The part of a module's name before its first dot. */
static struct str package(struct str module)
{
	return str_first(module, str_find(module, '.'));
}

static void name_callable(struct pickle *p, struct str module, struct str name)
{
	const struct str function = str_from_at(name, str_rfind(name, '.') + 1);
	const bool acts = look_listed(acting_modules, package(module)) ||
			  look_listed(acting_names, function);
	const bool plain = is_builtins(module) ? look_listed(data_builtins, name) :
			   str_eq(package(module), STR("numpy")) ? look_listed(data_numpy, name) :
			   look_listed(data_modules, package(module));

	if ((plain && !acts) || p->told_n >= TOLD_MAX)
		return;
	for (size_t i = 0; i < p->told_n; i++)
		if (str_eq(p->told[i].module, module) && str_eq(p->told[i].name, name))
			return;
	p->told[p->told_n].module = module;
	p->told[p->told_n].name = name;
	p->told[p->told_n].at = p->base + p->at;
	p->told[p->told_n++].acts = acts;
}

static void push_string(struct pickle *p, struct str s)
{
	p->last[0] = p->last[1];
	p->last[1] = s;
}

/* A line without its LF; moves behind it. */
static bool take_line(struct pickle *p, struct str *line)
{
	const struct str rest = part(p->b, p->at, p->b.len);
	const size_t end = str_find(rest, '\n');

	if (end == (size_t)-1)
		return false;
	*line = str_first(rest, end);
	p->at += end + 1;
	return true;
}

static bool take_bytes(struct pickle *p, uint64_t n, struct str *out)
{
	if (!holds(p->b, p->at, n))
		return false;
	*out = part(p->b, p->at, n);
	p->at += n;
	return true;
}

/* A counted string: `width` bytes of length before it. */
static bool take_counted(struct pickle *p, unsigned int width, struct str *out)
{
	const uint64_t n = width == 1 ? byte_at(p->b, p->at) : width == 4 ? le32(p->b, p->at) :
			   le64(p->b, p->at);

	if (!holds(p->b, p->at, width))
		return false;
	p->at += width;
	return take_bytes(p, n, out);
}

static void memo_put(struct pickle *p, uint64_t i)
{
	if (i < MEMO_MAX)
		p->memo[i] = p->last[1];
	if (i >= p->memo_n && i < SIZE_MAX)
		p->memo_n = (size_t)i + 1;
}

static void memo_get(struct pickle *p, uint64_t i)
{
	push_string(p, i < MEMO_MAX ? p->memo[i] : (struct str){ NULL, 0 });
}

/* Operations with an argument that is a string or a memo's index; *known is false for others. */
static bool step_string(struct pickle *p, unsigned int op, bool *known)
{
	struct str s = { NULL, 0 }, t;
	bool right = true;
	uint64_t n = 0;

	switch (op) {
	case 'S': case 'V':		/* STRING, UNICODE: a line */
		right = take_line(p, &s);
		if (op == 'S' && s.len >= 2)
			s = part(s, 1, s.len - 2);
		push_string(p, s);
		return right;
	case 'X': case 'T': case 'B':	/* BINUNICODE, BINSTRING, BINBYTES */
	case 0x8c: case 'U': case 'C':	/* the short ones */
	case 0x8d: case 0x8e: case 0x96:	/* the long ones */
		right = take_counted(p, op == 'X' || op == 'T' || op == 'B' ? 4 :
				     op == 0x8c || op == 'U' || op == 'C' ? 1 : 8, &s);
		push_string(p, s);
		return right;
	case 'c': case 'i':		/* GLOBAL, INST */
		if (!take_line(p, &s) || !take_line(p, &t))
			return false;
		name_callable(p, s, t);
		p->calls += op == 'i';
		push_string(p, (struct str){ NULL, 0 });
		return true;
	case 0x93:			/* STACK_GLOBAL */
		if (p->last[0].len && p->last[1].len)
			name_callable(p, p->last[0], p->last[1]);
		else
			p->unnamed = true;
		push_string(p, (struct str){ NULL, 0 });
		return true;
	case 'p': case 'g':		/* PUT, GET: a line of digits */
		if (!take_line(p, &s) || !field_number(s, 10, &n))
			return false;
		break;
	case 'q': case 'h':		/* BINPUT, BINGET */
		n = byte_at(p->b, p->at);
		right = take_bytes(p, 1, &s);
		break;
	case 'r': case 'j':		/* LONG_BINPUT, LONG_BINGET */
		n = le32(p->b, p->at);
		right = take_bytes(p, 4, &s);
		break;
	case 0x94:			/* MEMOIZE */
		memo_put(p, p->memo_n);
		return true;
	default:
		*known = false;
		return true;
	}
	if (op == 'p' || op == 'q' || op == 'r')
		memo_put(p, n);
	else
		memo_get(p, n);
	return right;
}

/* Operations of which only the length matters (pickletools.py lists them all). */
static bool step_other(struct pickle *p, unsigned int op)
{
	struct str s;

	switch (op) {
	case 'R': case 'o': case 0x81: case 0x92: case 'b':	/* REDUCE, OBJ, NEWOBJ, ..., BUILD */
		p->calls++;
		return true;
	case '(': case '0': case '1': case '2': case ')': case ']': case '}': case 'l': case 'd':
	case 't': case 'a': case 's': case 'e': case 'u': case 'N': case 'Q': case 0x85: case 0x86:
	case 0x87: case 0x88: case 0x89: case 0x8f: case 0x90: case 0x91: case 0x97: case 0x98:
		return true;
	case 'I': case 'F': case 'L': case 'P':
		return take_line(p, &s);
	case 'J':
		return take_bytes(p, 4, &s);
	case 'K': case 0x80: case 0x82:
		return take_bytes(p, 1, &s);
	case 'M': case 0x83:
		return take_bytes(p, 2, &s);
	case 0x84:
		return take_bytes(p, 4, &s);
	case 'G': case 0x95:
		return take_bytes(p, 8, &s);
	case 0x8a:
		return take_counted(p, 1, &s);
	case 0x8b:
		return take_counted(p, 4, &s);
	default:
		return false;
	}
}

/* One pickle from p->at to its STOP. False when it is none, or broken. */
static bool walk(struct pickle *p)
{
	while (p->at < p->b.len) {
		const unsigned int op = byte_at(p->b, p->at++);
		bool known = true;

		if (op == '.')
			return true;
		if (!step_string(p, op, &known) || (!known && !step_other(p, op)))
			return false;
	}
	return false;
}

static void tell(struct pickle *p)
{
	for (size_t i = 0; i < p->told_n; i++) {
		struct note *n = note_add(p->l->notes, RULE_TP309, "the pickle %s %.*s.%.*s",
					  p->calls ? "can call" : "names",
					  STR_FMT(str_first(p->told[i].module, 80)),
					  STR_FMT(str_first(p->told[i].name, 80)));

		n->offset = (int64_t)p->told[i].at;
		note_evidence(p->l->notes, n, p->told[i].name);
		if (!p->calls || !p->told[i].acts)
			n->severity = SEVERITY_LOW;
	}
	if (p->unnamed && p->calls)
		note_add(p->l->notes, RULE_TP309,
			 "the pickle calls something whose name it works out")->severity =
			SEVERITY_MEDIUM;
}

/* Pickles from `from` on, one after the other. *end: behind the last whole one. True when there is
 * one, or a broken one that acts before it breaks. */
static bool walk_all(struct look *l, uint64_t from, uint64_t *end)
{
	struct pickle p = { .l = l, .b = str_from_at(l->bytes, (size_t)from), .base = from };
	size_t n = 0;
	bool acts = false, whole;

	p.memo = memory_zalloc(MEMO_MAX * sizeof(*p.memo));
	*end = from;
	do {
		p.memo_n = 0;
		whole = walk(&p);
		n += whole;
		if (whole)
			*end = from + p.at;
	} while (whole && byte_at(p.b, p.at) == 0x80 && n < LIMIT_STREAMS);
	for (size_t i = 0; i < p.told_n; i++)
		acts |= p.told[i].acts && p.calls;
	if (l->notes)
		tell(&p);
	memory_free(p.memo);
	return n > 0 || acts;
}

bool pickle_holds(struct str b)
{
	struct look l = { .bytes = b };
	uint64_t end;

	return b.len > 3 && walk_all(&l, 0, &end) && str_trim(str_from_at(b, (size_t)end)).len == 0;
}

/* Protocol 2 and later, and as a whole: two bytes alone are no sign. */
static bool pickle_begins(struct str b)
{
	struct look l = { .bytes = b };
	uint64_t end;

	return byte_at(b, 0) == 0x80 && byte_at(b, 1) >= 2 && byte_at(b, 1) <= 5 && b.len > 3 &&
	       walk_all(&l, 0, &end);
}

static void pickle_examine(struct look *l)
{
	uint64_t end;

	walk_all(l, 0, &end);
	if (end == 0)
		look_corrupt(l, 0, "an operation is none");
	/* torch.save() of old began with this number, and puts raw numbers behind its pickles. */
	else if (!bytes_at(l->bytes, 0, STR("\x80\x02\x8a\x0al\xfc\x9c\x46\xf9\x20j\xa8P\x19.")) &&
		 str_trim(str_from_at(l->bytes, (size_t)end)).len > 0)
		look_rest(l, end);
}

static bool npy_begins(struct str b)
{
	return bytes_at(b, 0, STR("\x93NUMPY"));
}

/* numpy.lib.format: a header of text; arrays of objects have a pickle behind it. */
static void npy_examine(struct look *l)
{
	const bool small = byte_at(l->bytes, 6) < 2;
	const uint64_t len = small ? le16(l->bytes, 8) : le32(l->bytes, 8);
	const uint64_t begin = (small ? 10 : 12) + len;
	const struct str header = part(l->bytes, small ? 10 : 12, len);
	uint64_t end;

	if (!holds(l->bytes, begin, 0))
		look_corrupt(l, 8, "it ends within its header");
	else if (str_find_str(header, STR("|O")) != (size_t)-1 ||
		 str_find_str(header, STR("'O'")) != (size_t)-1)
		walk_all(l, begin, &end);
}

const struct blob_format blob_pickles[] = {
	{ "pickle", CLASS_DATA, pickle_begins, pickle_examine },
	{ "npy", CLASS_DATA, npy_begins, npy_examine },
	{ 0 },
};
