/* Subjects: files of the artifact with what is known of them, in the order of their paths.
 * Borrow everything but their index.
 * Know nothing of how facts were found. */
#ifndef INSPECT_SUBJECT_H
#define INSPECT_SUBJECT_H

#include "base/map.h"
#include "inspect/command.h"
#include "inspect/facts.h"
#include "model/result.h"

struct subject {
	const struct entry *entry;
	const struct change *change;	/* NULL: there is no origin */
	bool compared;			/* there is one */
	enum relation relation;
	struct file_kind kind;
	const struct facts *facts;	/* NULL: nothing to say but its nature */
	enum nature nature;
	bool published;			/* exactly this content was published by a tool's project */
	bool run;			/* a build file names it to be run */
};

/* All of them, and where those of one name are. */
struct subjects {
	struct subject *v;
	size_t n;
	struct map by_base;	/* last component of the path -> the first of that name, from 1 */
	uint32_t *next;		/* the next of the same name, from 1; 0: none */
};

/* Makes the index; the subjects and their paths must stay as they are. */
void subjects_index(struct subjects *s, struct subject *v, size_t n);
void subjects_release(struct subjects *s);
/* Whether the tag holds the content at this path. */
bool subject_in_origin(const struct subject *s);
/* The file of exactly that path; NULL: there is none. */
const struct subject *subject_at(const struct subjects *s, struct str path);
/* The next file, after *at (0: the first), that a script can mean by this name, which may begin with a variable;
 * NULL: no more. */
struct subject *subject_next_named(const struct subjects *s, struct str name, size_t *at);
/* A script, or a source that is run as it stands, is part of the build. */
void subject_mark_run(struct subject *s);
/* How many files of the folder of `s`, itself among them, bear a note of that rule; counted up to `most`. */
size_t subjects_alike(const struct subjects *all, const struct subject *s, enum rule_id rule, size_t most);
/* The file of that path, or whose path ends so; NULL: none, or several. */
const struct subject *subject_named(const struct subjects *s, struct str name);

#endif
