/* Facts: what was found in one content.
 * All texts lie in the facts' arena, which is the inspector's.
 * Knows nothing of where the content lies. */
#ifndef INSPECT_FACTS_H
#define INSPECT_FACTS_H

#include "inspect/blob.h"
#include "inspect/role.h"
#include "inspect/script.h"

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

/* Looks at a content; what stays goes to the arena. False: there is nothing to say of it, and *out is
 * empty. */
bool facts_of(struct arena *a, struct str path, struct str content, struct facts *out);
void facts_release(struct facts *f);

#endif
