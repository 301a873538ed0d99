#include "model/rule.h"

const struct rule rules[] = {
#define RULE(id, slug, severity, summary, why, settle) \
	{ #id, slug, SEVERITY_##severity, summary, why, settle },
#include "model/rules.def"
#undef RULE
};

static const char *const severity_names[SEVERITY_COUNT] = {
	"info", "low", "medium", "high", "critical",
};

const struct rule *rule_find(struct str name)
{
	for (size_t i = 0; i < RULE_COUNT; i++)
		if (str_case_eq(name, str_from(rules[i].id)) ||
		    str_eq(name, str_from(rules[i].slug)))
			return &rules[i];
	return NULL;
}

const char *severity_name(enum severity s)
{
	return severity_names[s];
}

bool severity_parse(struct str name, enum severity *out)
{
	for (unsigned int i = 0; i < SEVERITY_COUNT; i++)
		if (str_eq(name, str_from(severity_names[i]))) {
			*out = (enum severity)i;
			return true;
		}
	return false;
}
