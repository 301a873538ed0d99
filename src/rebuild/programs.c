#include "rebuild/programs.h"

#include "base/ascii.h"
#include "base/limits.h"

static const struct {
	struct str name;
	unsigned int kind;
} table[] = {
	{ STR("sh"), PROGRAM_SHELL }, { STR("bash"), PROGRAM_SHELL }, { STR("dash"), PROGRAM_SHELL },
	{ STR("ash"), PROGRAM_SHELL }, { STR("zsh"), PROGRAM_SHELL }, { STR("ksh"), PROGRAM_SHELL },
	{ STR("mksh"), PROGRAM_SHELL }, { STR("yash"), PROGRAM_SHELL }, { STR("posh"), PROGRAM_SHELL },
	{ STR("csh"), PROGRAM_SHELL }, { STR("tcsh"), PROGRAM_SHELL }, { STR("fish"), PROGRAM_SHELL },
	{ STR("python"), PROGRAM_INTERPRETER }, { STR("perl"), PROGRAM_INTERPRETER },
	{ STR("ruby"), PROGRAM_INTERPRETER }, { STR("node"), PROGRAM_INTERPRETER },
	{ STR("lua"), PROGRAM_INTERPRETER }, { STR("php"), PROGRAM_INTERPRETER },
	{ STR("tclsh"), PROGRAM_INTERPRETER }, { STR("guile"), PROGRAM_INTERPRETER },
	{ STR("cc1"), PROGRAM_FRONT_END }, { STR("cc1plus"), PROGRAM_FRONT_END },
	{ STR("cc1obj"), PROGRAM_FRONT_END }, { STR("lto1"), PROGRAM_FRONT_END },
	{ STR("f951"), PROGRAM_FRONT_END }, { STR("gnat1"), PROGRAM_FRONT_END },
	{ STR("clang"), PROGRAM_FRONT_END | PROGRAM_DRIVER }, { STR("clang++"), PROGRAM_FRONT_END | PROGRAM_DRIVER },
	{ STR("tcc"), PROGRAM_FRONT_END | PROGRAM_DRIVER | PROGRAM_LINKER }, { STR("rustc"), PROGRAM_FRONT_END | PROGRAM_LINKER },
	{ STR("gcc"), PROGRAM_DRIVER }, { STR("g++"), PROGRAM_DRIVER }, { STR("cc"), PROGRAM_DRIVER },
	{ STR("c++"), PROGRAM_DRIVER }, { STR("cpp"), PROGRAM_DRIVER }, { STR("gfortran"), PROGRAM_DRIVER },
	{ STR("as"), PROGRAM_ASSEMBLER }, { STR("nasm"), PROGRAM_ASSEMBLER }, { STR("yasm"), PROGRAM_ASSEMBLER },
	{ STR("ld"), PROGRAM_LINKER }, { STR("ld.bfd"), PROGRAM_LINKER }, { STR("ld.gold"), PROGRAM_LINKER },
	{ STR("ld.lld"), PROGRAM_LINKER }, { STR("lld"), PROGRAM_LINKER }, { STR("mold"), PROGRAM_LINKER },
	{ STR("collect2"), PROGRAM_LINKER },
	{ STR("ar"), PROGRAM_OBJECT_TOOL }, { STR("ranlib"), PROGRAM_OBJECT_TOOL },
	{ STR("strip"), PROGRAM_OBJECT_TOOL }, { STR("objcopy"), PROGRAM_OBJECT_TOOL },
	{ STR("patchelf"), PROGRAM_OBJECT_TOOL }, { STR("chrpath"), PROGRAM_OBJECT_TOOL },
	{ STR("cp"), PROGRAM_COPIER }, { STR("install"), PROGRAM_COPIER }, { STR("mv"), PROGRAM_COPIER },
	{ STR("ln"), PROGRAM_COPIER }, { STR("rsync"), PROGRAM_COPIER }, { STR("tar"), PROGRAM_COPIER },
	{ STR("cpio"), PROGRAM_COPIER }, { STR("pax"), PROGRAM_COPIER },
	{ STR("make"), PROGRAM_BUILDER }, { STR("gmake"), PROGRAM_BUILDER }, { STR("ninja"), PROGRAM_BUILDER },
	{ STR("cmake"), PROGRAM_BUILDER }, { STR("meson"), PROGRAM_BUILDER }, { STR("ctest"), PROGRAM_BUILDER },
	{ STR("grep"), PROGRAM_LOOKER }, { STR("egrep"), PROGRAM_LOOKER }, { STR("fgrep"), PROGRAM_LOOKER },
	{ STR("file"), PROGRAM_LOOKER }, { STR("cmp"), PROGRAM_LOOKER }, { STR("diff"), PROGRAM_LOOKER },
	{ STR("ls"), PROGRAM_LOOKER }, { STR("find"), PROGRAM_LOOKER }, { STR("md5sum"), PROGRAM_LOOKER },
	{ STR("sha1sum"), PROGRAM_LOOKER }, { STR("sha256sum"), PROGRAM_LOOKER }, { STR("wc"), PROGRAM_LOOKER },
	{ STR("nm"), PROGRAM_LOOKER }, { STR("objdump"), PROGRAM_LOOKER }, { STR("readelf"), PROGRAM_LOOKER },
	{ STR("head"), PROGRAM_CUTTER }, { STR("tail"), PROGRAM_CUTTER }, { STR("dd"), PROGRAM_CUTTER },
	{ STR("cut"), PROGRAM_CUTTER }, { STR("tr"), PROGRAM_CUTTER }, { STR("strings"), PROGRAM_CUTTER },
	{ STR("ldconfig"), PROGRAM_KEEPER }, { STR("update-mime-database"), PROGRAM_KEEPER },
	{ STR("install-info"), PROGRAM_KEEPER }, { STR("glib-compile-schemas"), PROGRAM_KEEPER },
	{ STR("gtk-update-icon-cache"), PROGRAM_KEEPER }, { STR("update-desktop-database"), PROGRAM_KEEPER },
	{ STR("doxygen"), PROGRAM_DOCUMENTS }, { STR("sphinx-build"), PROGRAM_DOCUMENTS },
	{ STR("pdftex"), PROGRAM_DOCUMENTS }, { STR("pdflatex"), PROGRAM_DOCUMENTS },
	{ STR("latex"), PROGRAM_DOCUMENTS }, { STR("xelatex"), PROGRAM_DOCUMENTS },
	{ STR("lualatex"), PROGRAM_DOCUMENTS }, { STR("tex"), PROGRAM_DOCUMENTS },
};

/* Programs that decode, always or with one of their flags. A letter stands for it among others ("-cd"). */
static const struct {
	struct str name;
	char letter;		/* 0: always */
	struct str flag;	/* in full; or a subcommand */
} decoders[] = {
	{ STR("unxz"), 0, STR("") }, { STR("xzcat"), 0, STR("") }, { STR("unlzma"), 0, STR("") },
	{ STR("lzcat"), 0, STR("") }, { STR("gunzip"), 0, STR("") }, { STR("zcat"), 0, STR("") },
	{ STR("bunzip2"), 0, STR("") }, { STR("bzcat"), 0, STR("") }, { STR("unzstd"), 0, STR("") },
	{ STR("zstdcat"), 0, STR("") }, { STR("uncompress"), 0, STR("") }, { STR("uudecode"), 0, STR("") },
	{ STR("lz4cat"), 0, STR("") }, { STR("unlz4"), 0, STR("") }, { STR("unzip"), 0, STR("") },
	{ STR("xz"), 'd', STR("--decompress") }, { STR("lzma"), 'd', STR("--decompress") },
	{ STR("gzip"), 'd', STR("--decompress") }, { STR("pigz"), 'd', STR("--decompress") },
	{ STR("bzip2"), 'd', STR("--decompress") }, { STR("zstd"), 'd', STR("--decompress") },
	{ STR("lzip"), 'd', STR("--decompress") }, { STR("lz4"), 'd', STR("--decompress") },
	{ STR("brotli"), 'd', STR("--decompress") }, { STR("xz"), 'd', STR("--uncompress") },
	{ STR("base64"), 'd', STR("--decode") }, { STR("base32"), 'd', STR("--decode") },
	{ STR("basenc"), 'd', STR("--decode") }, { STR("openssl"), 'd', STR("-d") },
	{ STR("gpg"), 'd', STR("--decrypt") }, { STR("xxd"), 'r', STR("-revert") },
};

struct str program_name(const struct trace *t, const struct trace_task *task)
{
	struct str name = str_base(trace_text(t, task->program));
	const size_t dash = str_rfind(name, '-');
	size_t end = name.len;
	struct str argument;

	/* Alternatives and wrappers bear other names than what was asked for: gunzip is a script, awk is mawk. */
	if (trace_argument(task, 0, &argument) && str_eq(name, STR("busybox")))
		name = str_base(argument);
	/* x86_64-linux-gnu-gcc-12, python3.11 */
	end = name.len;
	while (end > 1 && (ascii_is_digit(name.ptr[end - 1]) || name.ptr[end - 1] == '.' ||
			   (name.ptr[end - 1] == '-' && end < name.len)))
		end--;
	if (end > 1 && !str_starts(name, STR("cc1")) && !str_starts(name, STR("lto1")) && end < name.len &&
	    !str_eq(name, STR("bzip2")) && !str_eq(name, STR("bunzip2")) && !str_eq(name, STR("lz4")) &&
	    !str_eq(name, STR("collect2")) && !str_starts(name, STR("base")) && !str_starts(name, STR("f95")) &&
	    !str_starts(name, STR("gnat")) && !str_eq(name, STR("unlz4")))
		name = str_first(name, end);
	if (dash != (size_t)-1 && str_find_str(name, STR("-linux-")) != (size_t)-1) {
		const size_t last = str_rfind(name, '-');

		name = str_from_at(name, last + 1);
	}
	return name;
}

bool program_has_argument(const struct trace_task *task, struct str argument)
{
	struct str a;

	for (size_t i = 1; trace_argument(task, i, &a); i++)
		if (str_eq(a, argument))
			return true;
	return false;
}

static bool has_letter(const struct trace_task *task, char letter)
{
	struct str a;

	for (size_t i = 1; trace_argument(task, i, &a); i++)
		if (a.len > 1 && a.ptr[0] == '-' && a.ptr[1] != '-' && memchr(a.ptr, letter, a.len))
			return true;
	return false;
}

/* A long option may be cut short as long as it is clear which one is meant. */
static bool has_flag(const struct trace_task *task, struct str flag)
{
	struct str a;

	for (size_t i = 1; trace_argument(task, i, &a); i++)
		if (str_eq(a, flag) || (a.len > 2 && str_starts(a, STR("--")) && str_starts(flag, a)))
			return true;
	return false;
}

/* Arguments that were cut may have asked for it. */
static bool decodes(struct str name, const struct trace_task *task)
{
	/* A question about the program itself is no decoding. */
	if (program_has_argument(task, STR("--version")) || program_has_argument(task, STR("--help")))
		return false;
	for (size_t i = 0; i < sizeof(decoders) / sizeof(decoders[0]); i++)
		if (str_eq(name, decoders[i].name) &&
		    (!decoders[i].letter || has_letter(task, decoders[i].letter) || has_flag(task, decoders[i].flag) ||
		     task->argv.len >= LIMIT_TRACE_ARGUMENTS))
			return true;
	return false;
}

unsigned int program_kind(const struct trace *t, const struct trace_task *task)
{
	const struct str name = program_name(t, task);
	struct str first;
	unsigned int kind = 0;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (str_eq(name, table[i].name))
			kind |= table[i].kind;
	/* gunzip and its kin are scripts on some systems: then the interpreter's script says what they are. */
	if (decodes(name, task))
		kind |= PROGRAM_DECODER;
	if ((kind & PROGRAM_SHELL) && trace_argument(task, 1, &first) && first.len && first.ptr[0] == '/' &&
	    decodes(str_base(first), task))
		kind |= PROGRAM_DECODER;
	return kind;
}

/* Letters of interpreters: options whose value is the program, and options that take another value. */
static const struct {
	struct str name;
	const char *text, *value;
} options_of[] = {
	{ STR("python"), "cm", "WXQ" }, { STR("perl"), "eE", "" }, { STR("ruby"), "e", "rIC" },
	{ STR("node"), "ep", "r" }, { STR("lua"), "e", "l" }, { STR("php"), "rBRE", "dcz" }, { STR("guile"), "ce", "lLx" },
};

/* Whether an argument holds the program's text (or says that the next one does): 1; takes the next one as another
 * value: 2; else 0. */
static int option_kind(struct str name, unsigned int kind, struct str a)
{
	const char *text = "c", *value = "oO";

	if (kind & PROGRAM_INTERPRETER) {
		text = "e";
		value = "";
		for (size_t i = 0; i < sizeof(options_of) / sizeof(options_of[0]); i++)
			if (str_eq(name, options_of[i].name)) {
				text = options_of[i].text;
				value = options_of[i].value;
			}
	}
	if (a.ptr[1] == '-')
		return str_eq(a, STR("--eval")) || str_eq(a, STR("--print")) ? 1 :
		       str_eq(a, STR("--rcfile")) || str_eq(a, STR("--init-file")) ? 2 : 0;
	/* perl -MModule, -Ifolder: the rest is a name. */
	if (str_eq(name, STR("perl")) && strchr("MmIxV", a.ptr[1]))
		return 0;
	for (size_t i = 1; i < a.len; i++) {
		if (strchr(text, a.ptr[i]))
			return 1;
		if (strchr(value, a.ptr[i]))
			return i + 1 == a.len ? 2 : 0;
	}
	return 0;
}

static bool is_input(struct str operand)
{
	return str_eq(operand, STR("-")) || str_eq(operand, STR("/dev/stdin")) || str_eq(operand, STR("/dev/fd/0")) ||
	       str_eq(operand, STR("/proc/self/fd/0"));
}

/* The first operand, and whether an option before it holds the program's text. */
static bool operand_of(const struct trace *t, const struct trace_task *task, unsigned int kind, struct str *out,
		       bool *has_text)
{
	const struct str name = program_name(t, task);
	struct str a;

	*has_text = false;
	for (size_t i = 1; trace_argument(task, i, &a); i++) {
		if (a.len < 2 || (a.ptr[0] != '-' && a.ptr[0] != '+')) {
			*out = a;
			return true;
		}
		if (str_eq(a, STR("--")))
			return trace_argument(task, i + 1, out);
		if ((kind & PROGRAM_SHELL) && str_eq(a, STR("-s")))
			return false;
		switch (option_kind(name, kind, a)) {
		case 1:
			*has_text = true;
			return false;
		case 2: i++; break;
		default: break;
		}
	}
	return false;
}

bool program_reads_input(const struct trace *t, const struct trace_task *task)
{
	const unsigned int kind = program_kind(t, task);
	struct str operand = STR("");
	bool has_text;

	if (!(kind & (PROGRAM_SHELL | PROGRAM_INTERPRETER)) || program_has_argument(task, STR("--version")) ||
	    program_has_argument(task, STR("--help")) || program_has_argument(task, STR("-V")))
		return false;
	if (operand_of(t, task, kind, &operand, &has_text))
		return is_input(operand);
	return !has_text;
}

bool program_script(const struct trace *t, const struct trace_task *task, struct str *out)
{
	const unsigned int kind = program_kind(t, task);
	bool has_text;

	return (kind & (PROGRAM_SHELL | PROGRAM_INTERPRETER)) && operand_of(t, task, kind, out, &has_text) &&
	       !is_input(*out);
}
