/* Facts: what was found in one content.
 * All texts lie in the facts' arena, which is the inspector's.
 * Knows nothing of where the content lies. */
#ifndef INSPECT_FACTS_H
#define INSPECT_FACTS_H

#include "inspect/blob.h"
#include "inspect/role.h"
#include "inspect/script.h"

/* What a content is for whoever runs it, however little there is to say of it. */
enum nature {
	NATURE_UNKNOWN,		/* empty, too large, or a tool's published file */
	NATURE_PROGRAM,		/* a text of a language */
	NATURE_WORDS,		/* a text without any sign that a shell acts upon */
	NATURE_TEXT,
	NATURE_BINARY,
	NATURES
};

struct facts {
	struct notes notes;
	enum nature nature;
	enum language language;
	bool text;
	struct blob blob;	/* when it is no text */
	unsigned int alternations;	/* of the content or what it unpacks to */
	bool has_script;
	struct script script;	/* strings in the arena */
	bool kept;		/* the content can be read again: it is opaque, or a text that may prove to be run */
};

/* Looks at a content; what stays goes to the arena. False: there is nothing to say of it, and *out is
 * empty but for its nature. */
bool facts_of(struct arena *a, struct str path, struct str content, struct facts *out);
/* The same of a text, as of that language. */
bool facts_as(struct arena *a, struct str path, struct str content, enum language language, struct facts *out);
void facts_release(struct facts *f);

#endif
