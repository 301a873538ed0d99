/* Commands that run the one in their arguments: nohup, env and their kin. */
#include "base/ascii.h"
#include "inspect/command.h"

/* Of those that run the command in their arguments: how it is found. The others have nothing before it but
 * options of one word. */
static const struct wrapper {
	struct str name;
	struct str valued;	/* letters of options that a word follows */
	size_t operands;	/* words before the command */
} wrappers[] = {
	{ STR("chroot"), STR(""), 1 },
	{ STR("chrt"), STR("TPD"), 1 },
	{ STR("doas"), STR("uC"), 0 },
	{ STR("env"), STR("uC"), 0 },
	{ STR("exec"), STR("a"), 0 },
	{ STR("fakeroot"), STR("lisb"), 0 },
	{ STR("flock"), STR("wE"), 1 },
	{ STR("ionice"), STR("cn"), 0 },
	{ STR("nice"), STR("n"), 0 },
	{ STR("stdbuf"), STR("ioe"), 0 },
	{ STR("sudo"), STR("ugpUhCrtTD"), 0 },
	{ STR("taskset"), STR(""), 1 },
	{ STR("time"), STR("fo"), 0 },
	{ STR("timeout"), STR("ks"), 1 },
	{ STR("xvfb-run"), STR("efnps"), 0 },
};

/* Where the command within begins; 0: there is none. */
static size_t inner_command(const struct argv *a)
{
	static const struct wrapper plain = { .operands = 0 };
	const struct wrapper *w = &plain;
	size_t operands;

	for (size_t i = 0; i < sizeof(wrappers) / sizeof(wrappers[0]); i++)
		if (str_eq(a->base, wrappers[i].name))
			w = &wrappers[i];
	operands = w->operands;
	for (size_t i = 1; i < a->n; i++) {
		const struct str word = a->v[i];

		if (word.len > 1 && word.ptr[0] == '-') {
			/* command -v only looks it up. */
			if (str_eq(a->base, STR("command")) && (word.ptr[1] == 'v' || word.ptr[1] == 'V'))
				return 0;
			i += word.len == 2 && w->valued.len && memchr(w->valued.ptr, word.ptr[1], w->valued.len);
		} else if (str_find(word, '=') != (size_t)-1 && ascii_is_word_start(word.ptr[0])) {
			continue;	/* of env and sudo */
		} else if (operands) {
			operands--;
		} else {
			return i;
		}
	}
	return 0;
}

struct argv argv_of(const struct str *v, size_t n)
{
	struct argv a = { .v = v, .n = n };
	size_t inner;

	do {
		a.base = a.n ? command_base(a.v[0]) : STR("");
		a.kind = command_kind(a.base);
		inner = a.kind & COMMAND_WRAPS ? inner_command(&a) : 0;
		if (inner) {	/* else there may be no words */
			a.v += inner;
			a.n -= inner;
		}
	} while (inner);
	return a;
}
