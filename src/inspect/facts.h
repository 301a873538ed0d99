/* Facts: what was found in one content.
 * All texts lie in the facts' arena, which is the inspector's.
 * Knows nothing of where the content lies. */
#ifndef INSPECT_FACTS_H
#define INSPECT_FACTS_H

#include "inspect/blob.h"
#include "inspect/role.h"
#include "inspect/script.h"

/* Encoded data in a text that decodes to something. */
struct hidden_program {
	int64_t line;
	const char *encoding;
	struct str first_line;
};

struct facts {
	struct notes notes;
	enum language language;
	bool text;
	struct blob blob;	/* when it is no text */
	unsigned int alternations;	/* of the content or what it unpacks to */
	bool has_script;
	struct script script;	/* strings in the arena */
	bool kept;		/* the content can be read again */
};

/* What one thread needs to look at contents. */
struct looker {
	struct arena *facts_arena;	/* for what stays */
};

/* Looks at a content. False: there is nothing to say of it, and *out is empty. */
bool facts_of(struct looker *l, struct str path, struct str content, struct facts *out);
void facts_release(struct facts *f);

#endif
