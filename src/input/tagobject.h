/* Tag objects: who made a tag, when, and with which key.
 * Borrows the repository; results live in the caller's arena.
 * Knows nothing of whether a signature is good: nothing is verified.
 * Source: git-mktag(1); OpenPGP: RFC 9580, sections 4.2, 5.2 and 6.2; SSH: OpenSSH's
 * PROTOCOL.sshsig. */
#ifndef INPUT_TAGOBJECT_H
#define INPUT_TAGOBJECT_H

#include "input/repo.h"
#include "model/history.h"

struct tag_object {
	struct history_person tagger;
	bool has_tagger;
	enum signature_kind signature;
	struct str key;		/* which key signed, as the signature says: "PGP" and 16 hexadecimal
				 * digits of the key id, or "SSH" and 64 of the public key's SHA-256;
				 * empty when that can't be read */
	struct str fingerprint;	/* of a PGP key, hexadecimal, where the signature has it */
};

/* The first object of a tag: 1, 0 when it is no tag object or not at hand, -1 with err. */
int tag_object_read(struct repo *r, struct arena *a, const struct oid *oid, struct tag_object *out,
		    struct error *err);
/* The same from the content of a tag object. */
void tag_object_parse(struct arena *a, struct str text, struct tag_object *out);

#endif
