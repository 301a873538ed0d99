/* Schema: checks JSON against a JSON Schema file, for tests of every room.
 * Owns nothing; reads the schema on each call.
 * Knows only these keywords: type, required, properties, items, enum, additionalProperties, and
 * $ref to #/$defs/... . pattern, minimum and what only describes are skipped; any other keyword is
 * a failure, so that no rule goes unchecked in silence. */
#ifndef TESTS_REPORT_SCHEMA_H
#define TESTS_REPORT_SCHEMA_H

#include <stddef.h>

/* 0 when `json` is valid; -1 with the place and the reason in `why`. Stricter than the standard in
 * one way: a member that `properties` doesn't name fails unless additionalProperties is there, so
 * that we write no field that the schema doesn't describe. */
int schema_check(const char *json, size_t len, const char *schema_path, char *why, size_t why_len);

#endif
