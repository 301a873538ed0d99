/* Intake: what is found in an artifact, on its way into a tree.
 * Owns the entries until intake_finish() hands them over; paths go to the result's arena.
 * Knows nothing of formats, nor of how the tree compares. */
#ifndef INPUT_INTAKE_H
#define INPUT_INTAKE_H

#include "input/hashing.h"
#include "input/tally.h"
#include "input/tick.h"
#include "input/timelint.h"
#include "model/result.h"

/* The tree that entries will be compared with. */
struct expectation {
	const struct tree *origin;	/* sorted; NULL: there is none */
	/* The size of one of its files: false when it is not known. NULL: sizes are not used, and
	 * everything that may have to be kept is kept while it passes. */
	bool (*size)(void *ctx, const struct entry *e, uint64_t *size);
	void *ctx;
};

struct intake {
	struct result *result;		/* borrowed: its arena, its findings */
	struct expectation expect;
	struct tick tick;
	struct hashing *hashing;
	struct tree entries;		/* in the order of the artifact, paths as stored */
	struct str lead;		/* first component of all paths so far */
	bool lead_seen, lead_broken;	/* any path seen; not all of them are below one folder */
	bool is_folder;			/* a folder on disk: nothing is a leading folder */
	bool has_hardlinks;
	bool surprised;			/* a large file was expected to be known and is not: its
					 * content was not kept */
	struct str *dirs;		/* paths of folders */
	size_t dirs_n, dirs_cap;
	struct timelint times;
	struct tally setuid, loose;	/* of modes */
	uint64_t members;
	int64_t mtime;			/* of the members added next; 0: not known */
	uint64_t path_bytes;		/* of all paths and link targets */
	uint64_t unreported;		/* files ended since the last drain */
};

int intake_init(struct intake *in, struct result *r, const struct expectation *expect,
		const struct hashing_options *ho, struct tick tick, struct error *err);
/* Gives back what is left; also after a failure. */
void intake_release(struct intake *in);

/* To be called before each member, of every type: limits, ticks. */
int intake_step(struct intake *in, struct error *err);
/* The modification time of a member; not for folders on disk. */
void intake_time(struct intake *in, struct str path, int64_t mtime);
/* Each of these adds one member. The path may be anything; findings are made of what is odd. */
void intake_dir(struct intake *in, struct str path, uint16_t mode);
void intake_link(struct intake *in, struct str path, uint16_t mode, struct str target);
void intake_hardlink(struct intake *in, struct str path, uint16_t mode, struct str target);
void intake_special(struct intake *in, struct str path, uint16_t mode);
/* A regular file, whose content follows by hashing_add(in->hashing, ...). */
struct hash_file *intake_file(struct intake *in, struct str path, uint16_t mode, uint64_t size);
/* After hashing_end() of a file. */
int intake_file_done(struct intake *in, struct error *err);

/* Waits for the hashes, resolves hard links, strips the leading folder, puts `prefix` before
 * every path, and appends all to `tree` (not yet sorted). *lead is what was stripped. */
int intake_finish(struct intake *in, struct str prefix, struct tree *tree, struct str *lead,
		  struct error *err);

#endif
