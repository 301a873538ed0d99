/* Limits: every bound on hostile sizes, in one place.
 * Owns nothing.
 * A limit that is hit is reported (finding or NOT CHECKED), never silent. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#define KIB ((size_t)1024)
#define MIB (1024 * KIB)

/* The pipeline between decoder and reader: LIMIT_BLOCKS blocks of LIMIT_BLOCK bytes. */
#define LIMIT_BLOCK (256 * KIB)
#define LIMIT_BLOCKS 40

/* Bytes of sources that are looked through for the rules of one generated makefile. */
#define LIMIT_RULES_LOOKED_THROUGH (256 * MIB)

/* Packs of a repository are mapped in windows, so much in all: mapped pages count as resident. */
#define LIMIT_PACK_WINDOW (1 * MIB)
#define LIMIT_PACK_MAPPED (8 * MIB)

/* Content kept for later rooms: in memory up to here, beyond it in an unlinked file. */
#define LIMIT_CONTENT_MEMORY (8 * MIB)
/* Files from this size on are not copied while they pass when they are as long as the tag's. */
#define LIMIT_EXPECT_FROM (1 * MIB)
/* ... of one file, and in all, on disk. */
#define LIMIT_CONTENT_FILE ((unsigned long long)16384 * MIB)
#define LIMIT_CONTENT_TOTAL ((unsigned long long)16384 * MIB)

/* Entries of an artifact or a tree, folders of a tree; a path; the target of a link (bytes). */
#define LIMIT_ENTRIES ((size_t)4 * 1000 * 1000)
#define LIMIT_FOLDERS ((size_t)1000 * 1000)
#define LIMIT_PATH (64 * KIB)
/* ... and of all paths and link targets of an artifact or a tree together. */
#define LIMIT_PATHS_TOTAL (512 * MIB)
/* Parents of one commit. */
#define LIMIT_PARENTS 65536
/* Directories within directories, submodules within submodules, archives in archives. */
#define LIMIT_DEPTH 256
#define LIMIT_NESTING 4

/* Uncompressed bytes read of one artifact, and their ratio to the compressed ones
 * once more than LIMIT_RATIO_FROM came out. */
#define LIMIT_UNCOMPRESSED ((unsigned long long)64 * 1024 * MIB)
#define LIMIT_RATIO 2000
#define LIMIT_RATIO_FROM ((unsigned long long)256 * MIB)
/* Compressed streams in one content, and members of one container that are looked at. */
#define LIMIT_STREAMS 16384
#define LIMIT_MEMBERS 65536
/* Unpacked bytes of one content that is checked for whether it holds. */
#define LIMIT_INSPECT_UNPACKED (64 * MIB)

/* Zeros that the holes of sparse members may stand for, in all. */
#define LIMIT_HOLES ((unsigned long long)1024 * MIB)

/* Memory that a decoder may take for itself (dictionary, window). */
#define LIMIT_DECODER_MEMORY (192 * MIB)

/* A blob that is read whole (attributes, link targets, text to convert). */
#define LIMIT_BLOB (64 * MIB)
#define LIMIT_ATTRIBUTES_FILE (2 * MIB)

/* A git ls-tree listing. */
#define LIMIT_LISTING (512 * MIB)

/* Commits walked to see whether a branch holds the tag. */
#define LIMIT_WALK 2000000

/* Commits walked for the history of single files; those between two tags; folders read to
 * compare two trees; paths whose history is asked for; paths that one commit may have touched to be
 * looked at file by file. */
#define LIMIT_HISTORY ((size_t)300 * 1000)
#define LIMIT_RANGE ((size_t)50 * 1000)
#define LIMIT_TREEDIFF ((size_t)100 * 1000)
#define LIMIT_HISTORY_PATHS ((size_t)100 * 1000)
#define LIMIT_TOUCHED ((size_t)10 * 1000)
/* ... by a quick check: commits read to find those between two tags, and merges among them. */
#define LIMIT_QUICK_RANGE ((size_t)1000)
#define LIMIT_QUICK_MERGES ((size_t)25)
/* Earlier tags whose objects are read. */
#define LIMIT_TAGS ((size_t)500)

/* Candidates shown and ranked when the tag is not clear. */
#define LIMIT_CANDIDATES 8

/* A file of the store of known files. */
#define LIMIT_KNOWN (256 * MIB)

/* Macros that a file defines, and macros that it uses. */
#define LIMIT_MACRO_NAMES ((size_t)65536)
/* A decoding attempt on one content: bytes changed or unpacked, besides 16 times its own size; raw streams;
 * keys that are tried behind a header too. */
#define LIMIT_DECODE_BUDGET (32 * MIB)
#define LIMIT_DECODE_RAW 16384
#define LIMIT_DECODE_SKIP_KEYS 64

/* Hidden content of one text: notes of each kind, numbers of one array, blanks at line ends, and bytes that
 * may come out of encoded containers. */
#define LIMIT_HIDDEN_NOTES 16
#define LIMIT_HIDDEN_NUMBERS ((size_t)4 * 1000 * 1000)
#define LIMIT_HIDDEN_BLANKS (64 * KIB)
#define LIMIT_HIDDEN_UNPACKED (256 * MIB)


/* A build's trace: events, paths, and bytes of one path, of the arguments of one program. */
#define LIMIT_TRACE_EVENTS ((size_t)20 * 1000 * 1000)
#define LIMIT_TRACE_PATHS ((size_t)4 * 1000 * 1000)
#define LIMIT_TRACE_PATH ((size_t)4096)
#define LIMIT_TRACE_ARGUMENTS (8 * KIB)
/* What a build prints, kept in its log. */
#define LIMIT_BUILD_LOG (64 * MIB)
/* An output that is read whole, to be compared beyond its digest. */
#define LIMIT_OUTPUT (256 * MIB)
/* A file of a source that is looked through for the name of what a build made. */
#define LIMIT_NAMING (4 * MIB)
/* A recipe file. */
#define LIMIT_RECIPE (1 * MIB)

#endif
