/* Name tokens: names of tags and files cut into words and numbers, and what words mean there.
 * Borrows the text.
 * Knows nothing of versions. Adding a scheme is usually one word in words[]. */
#ifndef INPUT_NAMETOKENS_H
#define INPUT_NAMETOKENS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

#define NAME_MAX_BYTES 255	/* what a file system takes as one name; longer ones fit nothing */
#define TOKENS_MAX 64
#define NOT_FOUND SIZE_MAX

enum token_kind { TOKEN_WORD, TOKEN_NUMBER };

struct token {
	enum token_kind kind;
	char sep;		/* the last separator before it; 0 when glued to what is before */
	bool path;		/* a '/' is among the separators before it */
	struct str text;	/* borrowed */
};

struct tokens {
	size_t n;
	struct token v[TOKENS_MAX];
};

enum word_class {
	CLASS_UNKNOWN,
	CLASS_MARK,		/* announces a version, says nothing else; not after it */
	CLASS_RELEASE,		/* "this is the release", in front or behind */
	CLASS_IMPORT,		/* a packager's import of the release: not upstream's own commit */
	CLASS_UNRELEASED,	/* before, after or beside the release: another commit */
	CLASS_PACKAGING,	/* a distribution's own release */
	CLASS_VARIANT,		/* another build of the same release */
	CLASS_AFFIX,		/* put around a name by distributions */
};

/* False when there is too much of it to be a name. */
bool tokens_read(struct str s, struct tokens *t);
/* Whether a word is of a class; "r" is of two. */
bool token_is(const struct token *t, enum word_class class);
/* Whether a word stands in front of versions and says nothing else. */
bool token_is_mark(const struct token *t);
bool token_is_number(const struct tokens *t, size_t i);
/* Whether a list of words, separated by blanks, has this one in either case. */
bool words_have(const char *list, struct str word);

#endif
