/* The result of an audit: everything that a report may say, as plain data.
 * All strings and arrays live in the result's arena; result_release() frees them.
 * Knows nothing of formats, nor of how the facts were found. */
#ifndef MODEL_RESULT_H
#define MODEL_RESULT_H

#include <stdint.h>

#include "base/memory.h"
#include "model/entry.h"
#include "model/rebuild.h"
#include "model/rule.h"

enum relation {
	RELATION_IDENTICAL,	/* same path, same content, same executable bit */
	RELATION_TRANSFORMED,	/* equal after the tag's own git attributes are applied */
	RELATION_MODE_CHANGED,	/* content identical, executable bit differs */
	RELATION_MOVED,		/* path not in the tag, content elsewhere in the tag */
	RELATION_SUBMODULE,	/* below a submodule whose content was not given */
	RELATION_TYPE_CHANGED,	/* link in the tag and file in the artifact, or the reverse */
	RELATION_MODIFIED,	/* same path, other content */
	RELATION_ADDED,		/* path not in the tag */
	RELATION_MISSING,	/* in the tag, not in the artifact */
	RELATION_MISSING_BY_ATTRIBUTE,	/* ... because of export-ignore */
};

#define RELATION_COUNT 10

/* "identical", "type_changed", ... as in a result file. */
const char *relation_name(enum relation r);

enum strength {
	STRENGTH_NONE,		/* unexplained */
	STRENGTH_PLAUSIBLE,	/* looks like it; said so */
	STRENGTH_PROVEN,	/* bytes reproduced, or a known hash */
};

#define STRENGTH_COUNT 3

/* "unexplained", "plausible", "proven". */
const char *strength_name(enum strength s);

struct explanation {
	const char *by;		/* the explainer: "attributes", "moved", "link-as-file", ... */
	enum strength strength;
	struct str detail;	/* one line */
	struct str *evidence;	/* lines that let the reader repeat it */
	size_t evidence_n;
};

/* One path in artifact or tag, and how the two relate. */
struct change {
	enum relation relation;
	const struct entry *artifact;	/* NULL when missing */
	const struct entry *origin;	/* NULL when added; for `moved` the entry of same content */
	const struct explanation *explanation;	/* NULL: none */
	int64_t lines_added, lines_removed;	/* for modified text; -1 when not known */
};

struct finding {
	enum rule_id rule;
	enum severity severity;
	struct str path;	/* what it is about; empty: the whole artifact or origin */
	int64_t line;		/* from 1; 0: none */
	int64_t offset;		/* bytes from 0; -1: none */
	int64_t length;		/* bytes; -1: none */
	struct str message;	/* one line */
	struct str *evidence;	/* bounded excerpts */
	size_t evidence_n;
	char fingerprint[33];	/* 32 hexadecimal digits over rule, path and what was found;
				 * the same in the next release while the fact is the same */
};

struct not_checked {
	struct str what;
	struct str why;		/* and what would let it be checked */
	bool incomplete;	/* it was asked for, so the verdict can't be clean */
};

struct count {
	uint64_t files, bytes;
};

struct totals {
	struct count artifact;			/* regular files of the artifact */
	struct count relation[RELATION_COUNT];	/* regular files of the artifact; missing paths of the tag (files and links) */
	struct count explained[STRENGTH_COUNT];	/* of the artifact's files */
	uint64_t links;				/* symbolic links of the artifact */
	uint64_t link_relation[RELATION_COUNT];
};

/* One file the artifact is made of, beside its entries. */
struct part {
	struct str name;
	const char *role;	/* "orig", "component", "packaging", "metadata", "signature", "data" */
	uint64_t size;
	struct sha256 sha256;
	bool audited;		/* its content is part of the tree that was compared */
};

struct artifact_info {
	struct str name;	/* last component of the path given */
	struct str path;	/* as given */
	struct str format;	/* "tar.xz", "zip", "directory", ... */
	struct str lead;	/* leading folder that was stripped, with its '/'; may be empty */
	uint64_t size;		/* bytes of the file; 0 for a directory */
	uint64_t content_size;	/* bytes of the uncompressed stream; 0 where there is none */
	bool has_sha256, has_content_sha256;
	struct sha256 sha256, content_sha256;
	uint64_t entries;	/* members of every type, directories included */
	struct str archive_commit;	/* the id that `git archive` left, hexadecimal; or empty */
	struct part *parts;
	size_t parts_n, parts_cap;
};

enum signature_kind {
	SIGNATURE_NONE,
	SIGNATURE_PGP,
	SIGNATURE_SSH,
	SIGNATURE_X509,
};

/* "none", "pgp", "ssh", "x509". */
const char *signature_name(enum signature_kind k);

enum tri { TRI_UNKNOWN, TRI_NO, TRI_YES };

struct origin_info {
	struct str repository;	/* path, URL or listing as given */
	const char *kind;	/* "repository" or "listing" */
	struct str tag;		/* short name, without refs/tags/; empty when --tag named a commit */
	const char *tag_kind;	/* "annotated", "lightweight", or "none" */
	struct str how;		/* how it was chosen: "given", "name", "archive commit" */
	struct str tag_oid, commit, tree;	/* hexadecimal; empty when unknown */
	int64_t commit_time;	/* seconds since 1970 */
	enum signature_kind tag_signature, commit_signature;	/* not verified */
	enum tri on_branch;	/* is the commit reachable from a branch? */
	enum tri git_archive;	/* is the artifact's stream, byte by byte, what `git archive` gives? */
	struct str *other_tags;	/* further tags on the same commit */
	size_t other_tags_n;
};

/* A tag that may be meant, when none was clear. */
struct candidate {
	struct str tag;
	struct str commit;
	struct str why;		/* "name matches", "same commit as the archive says", "near in name" */
	uint64_t explained;	/* files of the artifact whose content is in its tree at their path */
};

struct timing {
	const char *name;
	double seconds;
};

enum verdict { VERDICT_CLEAN, VERDICT_REVIEW, VERDICT_SUSPECT, VERDICT_INCOMPLETE };

const char *verdict_name(enum verdict v);

struct result {
	struct arena arena;	/* owns every string and array below, and the entries' paths */
	enum verdict verdict;
	struct artifact_info artifact;
	bool has_origin;
	struct origin_info origin;
	struct totals totals;
	struct tree artifact_tree, origin_tree;
	struct change *changes;	/* sorted by path; identical ones included */
	size_t changes_n, changes_cap;
	struct finding *findings;	/* worst first, then by path and rule */
	size_t findings_n, findings_cap;
	struct not_checked *not_checked;
	size_t not_checked_n, not_checked_cap;
	struct candidate *candidates;	/* best first */
	size_t candidates_n;
	struct rebuild_info *rebuild;	/* NULL: nothing was built; its arrays go with the result */
	struct timing timings[16];
	size_t timings_n;
};

void result_init(struct result *r);
void result_release(struct result *r);

/* Adds a finding of the rule's default severity; path and message are copied. The pointer is
 * valid until the next call. */
struct finding *result_find(struct result *r, enum rule_id rule, struct str path,
			    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* Appends a line of evidence, copied. */
void finding_evidence(struct result *r, struct finding *f, struct str line);
/* Adds what could not be checked; both texts are copied. */
void result_not_checked(struct result *r, bool incomplete, struct str what, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* A part of the artifact; the name is copied, the rest zero. Valid until the next call. */
struct part *result_part(struct result *r, struct str name, const char *role);
/* A change without relation yet. Valid until the next call. */
struct change *result_change(struct result *r);
/* An explanation in the result's arena, without evidence yet; `detail` is copied. */
struct explanation *result_explanation(struct result *r, const char *by, enum strength strength,
				       struct str detail);
void explanation_evidence(struct result *r, struct explanation *e, struct str line);
/* Sets every fingerprint and brings findings into their order. */
void result_finish_findings(struct result *r);
/* Counts `changes` into `totals`. */
void result_count(struct result *r);

#endif
