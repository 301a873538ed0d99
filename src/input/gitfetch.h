/* Fetching: refs and objects of a repository at a URL, by the git program, into a cache.
 * Owns nothing; the cache stays for the next time ($XDG_CACHE_HOME/tarproof/git).
 * The one place where another program is run and the network is used; only with --fetch. */
#ifndef INPUT_GITFETCH_H
#define INPUT_GITFETCH_H

#include "input/repo.h"

/* Whether what --git was given names something to be fetched rather than a folder. */
bool gitfetch_is_url(const char *s);

struct remote_tag {
	struct str name;	/* without refs/tags/ */
	struct oid target, commit;	/* commit: what an annotated tag leads to */
};

/* The tags of a remote repository, in its order. The array is the caller's to memory_free(). */
int gitfetch_tags(const char *url, struct arena *a, struct remote_tag **out, size_t *n,
		  struct error *err);
/* Fetches one tag without history and without file contents; *path is the cache repository. */
int gitfetch_tag(const char *url, struct str tag, struct arena *a, struct str *path,
		 struct error *err);
/* Fetches these objects into a repository that gitfetch_tag() made. */
int gitfetch_objects(const char *url, struct str path, const struct oid *v, size_t n,
		     struct error *err);

#endif
