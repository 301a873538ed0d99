#include "model/rebuild.h"

static const char *const phases[] = { "bootstrap", "configure", "build", "test", "install", "dist" };

const char *phase_name(enum phase p)
{
	return phases[p];
}

bool phase_parse(struct str name, enum phase *out)
{
	for (int i = 0; i < PHASE_COUNT; i++)
		if (str_eq(name, str_from(phases[i]))) {
			*out = (enum phase)i;
			return true;
		}
	return false;
}

const char *phase_state_name(enum phase_state s)
{
	static const char *const names[] = { "skipped", "passed", "failed", "stopped" };

	return names[s];
}

const char *output_relation_name(enum output_relation r)
{
	static const char *const names[] = {
		[OUTPUT_EQUAL] = "equal", [OUTPUT_NORMALISED] = "normalised",
		[OUTPUT_DIFFERENT] = "different", [OUTPUT_MODE] = "mode", [OUTPUT_TYPE] = "type",
		[OUTPUT_ONLY_FIRST] = "only_first", [OUTPUT_ONLY_SECOND] = "only_second",
	};

	return names[r];
}
