#include "report/ruleset.h"

#include <stdio.h>

#include "base/digest.h"
#include "model/rule.h"

static void add(struct digest_state *s, const char *text)
{
	digest_update(s, text, strlen(text) + 1);
}

void ruleset_name(char out[RULESET_SIZE])
{
	struct digest_state s;
	struct sha256 digest;
	char hex[2 * 4 + 1];

	digest_init(&s);
	for (size_t i = 0; i < RULE_COUNT; i++) {
		add(&s, rules[i].id);
		add(&s, rules[i].slug);
		add(&s, severity_name(rules[i].severity));
	}
	digest_final(&s, &digest);
	hex_encode(digest.bytes, 4, hex);
	snprintf(out, RULESET_SIZE, "%d-%s", (int)RULE_COUNT, hex);
}
