#include "inspect/command.h"

#include "inspect/script.h"

struct str command_base(struct str name)
{
	name = str_base(name);
	return str_ends(name, STR(".exe")) ? str_first(name, name.len - 4) : name;
}

/* Sorted by name. */
static const struct known_command {
	const char *name;
	unsigned int kind;
} commands[] = {
	{ "$AWK", COMMAND_INTERPRETER },
	{ "$BASH", COMMAND_SHELL },
	{ "$CONFIG_SHELL", COMMAND_SHELL },
	{ "$EGREP", COMMAND_GREP },
	{ "$FGREP", COMMAND_GREP },
	{ "$GREP", COMMAND_GREP },
	{ "$PERL", COMMAND_INTERPRETER | COMMAND_STDIN },
	{ "$PYTHON", COMMAND_INTERPRETER | COMMAND_STDIN },
	{ "$SH", COMMAND_SHELL },
	{ "$SHELL", COMMAND_SHELL },
	{ "$as_shell", COMMAND_SHELL },
	{ ".", COMMAND_OTHER },
	{ "7z", COMMAND_UNPACKS_D },
	{ "7za", COMMAND_UNPACKS_D },
	{ "@SHELL@", COMMAND_SHELL },
	{ "[", COMMAND_OTHER },
	{ "[[", COMMAND_OTHER },
	{ "ag", COMMAND_GREP },
	{ "aria2c", COMMAND_FETCHES },
	{ "ascii2binary", COMMAND_DECODES_D },
	{ "ash", COMMAND_SHELL },
	{ "awk", COMMAND_INTERPRETER },
	{ "base32", COMMAND_DECODES_D },
	{ "base64", COMMAND_DECODES_D },
	{ "basenc", COMMAND_DECODES_D },
	{ "bash", COMMAND_SHELL },
	{ "brotli", COMMAND_UNPACKS_D },
	{ "bsdtar", COMMAND_OTHER },
	{ "builtin", COMMAND_WRAPS },
	{ "bunzip2", COMMAND_UNPACKS },
	{ "busybox", COMMAND_WRAPS },
	{ "bzcat", COMMAND_UNPACKS },
	{ "bzip2", COMMAND_UNPACKS_D },
	{ "cat", COMMAND_READS },
	{ "ccrypt", COMMAND_DECODES_D },
	{ "chroot", COMMAND_WRAPS },
	{ "chrt", COMMAND_WRAPS },
	{ "command", COMMAND_WRAPS },
	{ "compress", COMMAND_UNPACKS_D },
	{ "csh", COMMAND_SHELL },
	{ "curl", COMMAND_FETCHES },
	{ "cut", COMMAND_READS },
	{ "dash", COMMAND_SHELL },
	{ "dd", COMMAND_READS },
	{ "doas", COMMAND_WRAPS },
	{ "echo", COMMAND_OTHER },
	{ "egrep", COMMAND_GREP },
	{ "env", COMMAND_WRAPS },
	{ "eval", COMMAND_EVALS },
	{ "exec", COMMAND_WRAPS },
	{ "fakeroot", COMMAND_WRAPS },
	{ "fgrep", COMMAND_GREP },
	{ "fish", COMMAND_SHELL },
	{ "flock", COMMAND_WRAPS },
	{ "ftp", COMMAND_FETCHES },
	{ "funzip", COMMAND_UNPACKS },
	{ "gawk", COMMAND_INTERPRETER },
	{ "gbase64", COMMAND_DECODES_D },
	{ "gmake", COMMAND_INTERPRETER },
	{ "gpg", COMMAND_DECODES_D },
	{ "gpg2", COMMAND_DECODES_D },
	{ "grep", COMMAND_GREP },
	{ "guile", COMMAND_INTERPRETER },
	{ "gunzip", COMMAND_UNPACKS },
	{ "gzcat", COMMAND_UNPACKS },
	{ "gzip", COMMAND_UNPACKS_D },
	{ "head", COMMAND_READS },
	{ "ionice", COMMAND_WRAPS },
	{ "java", COMMAND_INTERPRETER },
	{ "ksh", COMMAND_SHELL },
	{ "ksh93", COMMAND_SHELL },
	{ "lua", COMMAND_INTERPRETER | COMMAND_STDIN },
	{ "lynx", COMMAND_FETCHES },
	{ "lz4", COMMAND_UNPACKS_D },
	{ "lz4cat", COMMAND_UNPACKS },
	{ "lzcat", COMMAND_UNPACKS },
	{ "lzip", COMMAND_UNPACKS_D },
	{ "lzma", COMMAND_UNPACKS_D },
	{ "lzop", COMMAND_UNPACKS_D },
	{ "m4", COMMAND_INTERPRETER },
	{ "make", COMMAND_INTERPRETER },
	{ "mawk", COMMAND_INTERPRETER },
	{ "mcrypt", COMMAND_DECODES_D },
	{ "mksh", COMMAND_SHELL },
	{ "nc", COMMAND_FETCHES },
	{ "ncat", COMMAND_FETCHES },
	{ "netcat", COMMAND_FETCHES },
	{ "nice", COMMAND_WRAPS },
	{ "node", COMMAND_INTERPRETER | COMMAND_STDIN },
	{ "nodejs", COMMAND_INTERPRETER },
	{ "nohup", COMMAND_WRAPS },
	{ "openssl", COMMAND_DECODES_D },
	{ "parallel", COMMAND_EVALS },
	{ "pbzip2", COMMAND_UNPACKS_D },
	{ "perl", COMMAND_INTERPRETER | COMMAND_STDIN },
	{ "php", COMMAND_INTERPRETER | COMMAND_STDIN },
	{ "pigz", COMMAND_UNPACKS_D },
	{ "plzip", COMMAND_UNPACKS_D },
	{ "printf", COMMAND_OTHER },
	{ "python", COMMAND_INTERPRETER | COMMAND_STDIN },
	{ "python2", COMMAND_INTERPRETER | COMMAND_STDIN },
	{ "python3", COMMAND_INTERPRETER | COMMAND_STDIN },
	{ "rev", COMMAND_READS },
	{ "rg", COMMAND_GREP },
	{ "ruby", COMMAND_INTERPRETER | COMMAND_STDIN },
	{ "sed", COMMAND_READS },
	{ "setarch", COMMAND_WRAPS },
	{ "setsid", COMMAND_WRAPS },
	{ "sh", COMMAND_SHELL },
	{ "socat", COMMAND_FETCHES },
	{ "source", COMMAND_OTHER },
	{ "stdbuf", COMMAND_WRAPS },
	{ "sudo", COMMAND_WRAPS },
	{ "tac", COMMAND_READS },
	{ "tail", COMMAND_READS },
	{ "tar", COMMAND_OTHER },
	{ "taskset", COMMAND_WRAPS },
	{ "tclsh", COMMAND_INTERPRETER | COMMAND_STDIN },
	{ "tcsh", COMMAND_SHELL },
	{ "test", COMMAND_OTHER },
	{ "time", COMMAND_WRAPS },
	{ "timeout", COMMAND_WRAPS },
	{ "toybox", COMMAND_WRAPS },
	{ "tr", COMMAND_OTHER },
	{ "trap", COMMAND_OTHER },
	{ "uncompress", COMMAND_UNPACKS },
	{ "unlz4", COMMAND_UNPACKS },
	{ "unlzma", COMMAND_UNPACKS },
	{ "unshare", COMMAND_WRAPS },
	{ "unxz", COMMAND_UNPACKS },
	{ "unzip", COMMAND_UNPACKS },
	{ "unzstd", COMMAND_UNPACKS },
	{ "uudecode", COMMAND_DECODES_D },
	{ "wget", COMMAND_FETCHES },
	{ "xargs", COMMAND_EVALS },
	{ "xvfb-run", COMMAND_WRAPS },
	{ "xxd", COMMAND_DECODES_D },
	{ "xz", COMMAND_UNPACKS_D },
	{ "xzcat", COMMAND_UNPACKS },
	{ "zcat", COMMAND_UNPACKS },
	{ "zgrep", COMMAND_GREP },
	{ "zpaq", COMMAND_UNPACKS_D },
	{ "zsh", COMMAND_SHELL },
	{ "zstd", COMMAND_UNPACKS_D },
	{ "zstdcat", COMMAND_UNPACKS },
};

bool command_is_awk(struct str base)
{
	return str_ends(base, STR("awk")) || str_ends(base, STR("AWK"));
}

bool command_is_make(struct str base)
{
	return str_ends(base, STR("make"));
}

const struct str *command_program_file(const struct argv *argv)
{
	for (size_t i = 1; i + 1 < argv->n; i++)
		if (str_eq(argv->v[i], STR("-f")))
			return &argv->v[i + 1];
	return NULL;
}

unsigned int command_kind(struct str base)
{
	size_t low = 0, high = sizeof(commands) / sizeof(commands[0]);

	while (base.len && low < high) {
		const size_t middle = (low + high) / 2;
		const char *const name = commands[middle].name;
		/* The first byte settles most. */
		const int order = base.ptr[0] != name[0] ? base.ptr[0] - name[0] :
				  str_cmp(base, str_from(name));

		if (order == 0)
			return commands[middle].kind;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	/* python3.11 and the like */
	return str_starts(base, STR("python")) ? COMMAND_INTERPRETER | COMMAND_STDIN : 0;
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '$' || c == '@';
}

bool command_named_in(struct str text)
{
	for (size_t i = 0; i < text.len;) {
		size_t n = i;
		unsigned int kind;

		while (n < text.len && is_word(text.ptr[n]))
			n++;
		/* A name at the very end has nothing to work on. */
		kind = n > i + 1 && n - i < 16 && n < text.len ?
		       command_kind(str_of(text.ptr + i, n - i)) : 0;
		if (kind & ~(unsigned int)(COMMAND_OTHER | COMMAND_WRAPS))
			return true;
		if (kind && n - i == 2 && memcmp(text.ptr + i, "tr", 2) == 0)
			return true;
		i = n + 1;
	}
	return false;
}

bool command_has_option(const struct argv *argv, char letter, const char *name)
{
	for (size_t i = 1; i < argv->n; i++) {
		const struct str a = argv->v[i];

		if (a.len < 2 || a.ptr[0] != '-')
			continue;
		if (str_eq(a, STR("--")))
			return false;
		/* What follows is a pattern or a file. */
		if (str_eq(a, STR("-e")) || str_eq(a, STR("-f")))
			i++;
		if (a.ptr[1] != '-' && letter && memchr(a.ptr + 1, letter, a.len - 1))
			return true;
		if (a.ptr[1] == '-' && name && str_starts(str_from_at(a, 2), str_from(name)))
			return true;
	}
	return false;
}

/* printf '\ooo' and echo -e '\x..': a text that is written in escapes. */
static bool is_escaped_text(const struct argv *argv)
{
	size_t escapes = 0, rest = 0;

	for (size_t i = 1; i < argv->n; i++)
		for (size_t k = 0; k < argv->v[i].len; k++) {
			const char c = argv->v[i].ptr[k];
			const char next = k + 1 < argv->v[i].len ? argv->v[i].ptr[k + 1] : '\0';

			if (c == '\\' && (next == 'x' || (next >= '0' && next <= '7'))) {
				escapes++;
				k += 3;
			} else {
				rest++;
			}
		}
	return escapes >= 8 && escapes * 2 > rest;
}

/* Filters that write bytes by their numbers, or the other way round: awk's %c, perl's pack and reverse. */
static bool writes_by_number(const struct argv *argv)
{
	static const char *const awk[] = { "%c", NULL };
	static const char *const perl[] = { "pack(", "pack \"", "pack\"", "chr(", "hex(", "reverse", NULL };
	const bool is_perl = str_ends(argv->base, STR("perl")) || str_ends(argv->base, STR("PERL"));
	const char *const *const signs = is_perl ? perl : awk;

	for (size_t i = 1; (is_perl || command_is_awk(argv->base)) && i < argv->n; i++)
		for (size_t k = 0; signs[k]; k++)
			if (str_find_str(argv->v[i], str_from(signs[k])) != (size_t)-1)
				return true;
	return false;
}

/* printf "\\$octal": a byte of which the number is worked out. */
static bool is_computed_escape(const struct argv *argv)
{
	static const char sign[] = { '\\', COMMAND_UNKNOWN };

	for (size_t i = 1; i < argv->n; i++)
		if (str_find_str(argv->v[i], str_of(sign, sizeof(sign))) != (size_t)-1)
			return true;
	return false;
}

static bool asks_for_decoding(const struct argv *argv, struct str base)
{
	if (str_eq(base, STR("uudecode")) || str_eq(base, STR("ascii2binary")))
		return true;
	if (str_eq(base, STR("xxd")))
		return command_has_option(argv, 'r', "revert");
	if (str_eq(base, STR("openssl"))) {
		/* Its options are words: -d, but not -days. */
		for (size_t i = 1; i < argv->n; i++)
			if (str_eq(argv->v[i], STR("-d")) || str_eq(argv->v[i], STR("-D")) ||
			    str_eq(argv->v[i], STR("-decrypt")))
				return true;
		return false;
	}
	return command_has_option(argv, 'd', "dec") || command_has_option(argv, 'D', NULL);
}

static unsigned int carver(const struct argv *argv, struct str base)
{
	const bool head = str_eq(base, STR("head")) || str_eq(base, STR("tail"));

	if (head && (command_has_option(argv, 'c', "bytes")))
		return CAP_CARVE;
	if (str_eq(base, STR("cut")) && command_has_option(argv, 'b', "bytes"))
		return CAP_CARVE;
	if (str_eq(base, STR("dd")))
		for (size_t i = 1; i < argv->n; i++)
			if (str_starts(argv->v[i], STR("skip=")) ||
			    str_starts(argv->v[i], STR("iseek=")))
				return CAP_CARVE;
	return 0;
}

/* grep -r and -R, alone or among other letters of grep's own: -aErls, but not find's -prune. */
static bool is_recursive(const struct argv *argv)
{
	for (size_t i = 1; i < argv->n && !str_eq(argv->v[i], STR("--")); i++) {
		const struct str a = argv->v[i];
		bool cluster = a.len > 1 && a.ptr[0] == '-', recursive = false;

		if (str_starts(a, STR("--recursive")) || str_starts(a, STR("--dereference-recursive")))
			return true;
		if (str_eq(a, STR("-e")) || str_eq(a, STR("-f"))) {
			i++;
			continue;
		}
		for (size_t k = 1; cluster && k < a.len; k++) {
			cluster = strchr("EFGPiwxcloqsbHhnTZzavILrRUu", a.ptr[k]) != NULL;
			recursive = recursive || a.ptr[k] == 'r' || a.ptr[k] == 'R';
		}
		if (cluster && recursive)
			return true;
	}
	return false;
}

/* tar -xO, tar xO: a member to the output. */
static bool unpacks_to_output(const struct argv *argv)
{
	return command_has_option(argv, 'O', "to-stdout") ||
	       (argv->n > 1 && str_starts(argv->v[1], STR("x")) && str_find(argv->v[1], 'O') != (size_t)-1);
}

unsigned int command_caps(const struct argv *argv)
{
	const struct str base = argv->base;
	const unsigned int kind = argv->kind;
	unsigned int caps = 0;

	if (!kind)
		return 0;
	if (kind & COMMAND_UNPACKS)
		caps |= CAP_UNPACK;
	if (str_ends(base, STR("tar")) && unpacks_to_output(argv))
		caps |= CAP_UNPACK;
	if ((kind & COMMAND_UNPACKS_D) &&
	    (command_has_option(argv, 'd', "decompress") ||
	     command_has_option(argv, 'd', "uncompress") || str_starts(base, STR("7z"))))
		caps |= CAP_UNPACK;
	if ((kind & COMMAND_DECODES_D) && asks_for_decoding(argv, base))
		caps |= CAP_DECODE;
	if ((str_eq(base, STR("printf")) || str_eq(base, STR("echo"))) &&
	    (is_escaped_text(argv) || is_computed_escape(argv)))
		caps |= CAP_DECODE;
	if (str_eq(base, STR("rev")) || ((kind & COMMAND_INTERPRETER) && writes_by_number(argv)))
		caps |= CAP_DECODE;
	if (kind & COMMAND_READS)
		caps |= carver(argv, base);
	if ((kind & COMMAND_GREP) && (str_eq(base, STR("rg")) || str_eq(base, STR("ag")) || is_recursive(argv)))
		caps |= CAP_DISCOVER;
	if (kind & COMMAND_FETCHES)
		caps |= CAP_NETWORK;
	return caps;
}

/* xargs sh -c: each line of its input is a program. */
static bool hands_to_shell(const struct argv *argv)
{
	const struct str last = argv->n > 2 ? argv->v[argv->n - 1] : STR("");

	for (size_t i = 1; i + 1 < argv->n; i++)
		if (command_kind(command_base(argv->v[i])) & COMMAND_SHELL)
			return str_eq(last, STR("-c")) || str_eq(last, STR("{}")) ||
			       (last.len <= 2 && str_eq(argv->v[argv->n - 2], STR("-c")));
	return false;
}

/* A name for what is open already. */
static bool is_descriptor(struct str name)
{
	return str_eq(name, STR("/dev/stdin")) || str_starts(name, STR("/dev/fd/")) ||
	       str_starts(name, STR("/proc/self/fd/"));
}

bool command_runs_stdin(const struct argv *argv)
{
	const struct str base = argv->base;

	if (str_eq(base, STR("xargs")) || str_eq(base, STR("parallel")))
		return hands_to_shell(argv);

	if (str_eq(base, STR(".")) || str_eq(base, STR("source")))
		return argv->n > 1 && is_descriptor(argv->v[1]);
	if (command_is_make(base) || command_is_awk(base)) {
		const struct str *const file = command_program_file(argv);

		if (file)
			return str_eq(*file, STR("-")) || is_descriptor(*file);
		/* { system($0) }, { print | "sh" } */
		for (size_t i = 1; command_is_awk(base) && i < argv->n; i++)
			if (str_find_str(argv->v[i], STR("system($")) != (size_t)-1 ||
			    str_find_str(argv->v[i], STR("| \"sh\"")) != (size_t)-1 ||
			    str_find_str(argv->v[i], STR("|\"sh\"")) != (size_t)-1)
				return true;
		return false;
	}
	if (!(argv->kind & (COMMAND_SHELL | COMMAND_STDIN)))
		return false;
	for (size_t i = 1; i < argv->n; i++) {
		const struct str a = argv->v[i];

		if (str_eq(a, STR("-")) || is_descriptor(a) || str_eq(a, STR("-s")))
			return true;
		/* A file, or a text of its own: then standard input is data. */
		if (a.len == 0 || a.ptr[0] != '-' || a.ptr[a.len - 1] == 'c' ||
		    str_eq(a, STR("-e")) || str_starts(a, STR("--v")) || str_eq(a, STR("-V")) ||
		    str_starts(a, STR("-n")) || str_starts(a, STR("-p")) || str_starts(a, STR("-M")) ||
		    str_starts(a, STR("-m")) || str_starts(a, STR("-i")))
			return false;
	}
	return true;
}
