/* History: what the commits before a tag say about single files, as plain data.
 * Strings and arrays live in the arena that was given to whoever filled it.
 * Knows nothing of repositories. Names and dates are what the committers wrote: nobody checked
 * them, and an attacker chooses his own. */
#ifndef MODEL_HISTORY_H
#define MODEL_HISTORY_H

#include "model/result.h"

enum { HISTORY_TOUCHED_MAX = 4, HISTORY_SUBJECT_MAX = 120 };

struct history_person {
	struct str name, email;
	int64_t time;		/* seconds since 1970 */
};

struct history_commit {
	struct str oid;			/* hexadecimal */
	struct history_person author, committer;
	struct str subject;		/* first line, cut to HISTORY_SUBJECT_MAX bytes */
	enum signature_kind signature;	/* not verified */
	bool merge;			/* more than one parent: nothing below is known of it */
	/* Against its first parent. */
	size_t touched_n;		/* paths whose content it adds, changes or removes */
	struct str touched[HISTORY_TOUCHED_MAX];	/* some of them */
	bool binary_only;		/* no text file is among them */
	/* Beside the tag. */
	bool author_is_committer, author_is_tagger, committer_is_tagger;
	int64_t before_tag;		/* seconds from its commit time to the tag; may be negative */
};

struct path_history {
	struct str path;
	/* NULL: not found, because the history ends before (shallow), is too long, or the tag has
	 * no such path. */
	const struct history_commit *changed;	/* gave the path the content that the tag has */
	bool replaced;		/* the path was there before `changed`, with other content */
	const struct history_commit *added;	/* since which it has been there; may be the same */
};

struct history {
	bool has_tagger;		/* a tag object says who made the tag, and when */
	struct history_person tagger;	/* without one, who committed what it names */
	struct path_history *paths;	/* in the order asked for */
	size_t paths_n;
	size_t walked;			/* commits that were read */
	bool complete;			/* nothing was missing, and no limit was met */
};

/* Whether two names or addresses are one person's, as far as they say. A service that commits for
 * anybody (noreply@...) is nobody. */
bool history_same_person(const struct history_person *a, const struct history_person *b);
/* Who made a commit: its committer, unless that is such a service. */
struct history_person history_person_behind(const struct history_person *author,
					    const struct history_person *committer);

#endif
