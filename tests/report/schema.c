#include "schema.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { PLACE = 512 };

struct check {
	const json_t *root;
	char *why;
	size_t why_len;
};

static int __attribute__((format(printf, 3, 4)))
fail(struct check *c, const char *place, const char *fmt, ...)
{
	int n = snprintf(c->why, c->why_len, "%s: ", *place ? place : "/");
	va_list ap;

	if (n < 0 || (size_t)n >= c->why_len)
		return -1;
	va_start(ap, fmt);
	vsnprintf(c->why + n, c->why_len - (size_t)n, fmt, ap);
	va_end(ap);
	return -1;
}

static int check_value(struct check *c, const json_t *schema, const json_t *v, const char *place);

static bool is_type(const json_t *v, const char *name)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		return strcmp(name, "object") == 0;
	case JSON_ARRAY:
		return strcmp(name, "array") == 0;
	case JSON_STRING:
		return strcmp(name, "string") == 0;
	case JSON_INTEGER:
		return strcmp(name, "integer") == 0 || strcmp(name, "number") == 0;
	case JSON_REAL:
		return strcmp(name, "number") == 0;
	case JSON_TRUE:
	case JSON_FALSE:
		return strcmp(name, "boolean") == 0;
	case JSON_NULL:
		return strcmp(name, "null") == 0;
	}
	return false;
}

static int check_type(struct check *c, const json_t *type, const json_t *v, const char *place)
{
	size_t i;
	const json_t *one;

	if (json_is_string(type))
		return is_type(v, json_string_value(type)) ? 0 :
		       fail(c, place, "is no %s", json_string_value(type));
	json_array_foreach(type, i, one)
		if (is_type(v, json_string_value(one)))
			return 0;
	return fail(c, place, "has none of the types allowed");
}

static int check_enum(struct check *c, const json_t *values, const json_t *v, const char *place)
{
	size_t i;
	const json_t *one;

	json_array_foreach(values, i, one)
		if (json_equal(one, v))
			return 0;
	return fail(c, place, "is none of the values allowed%s%s", json_is_string(v) ? ": " : "",
		    json_is_string(v) ? json_string_value(v) : "");
}

static int check_required(struct check *c, const json_t *names, const json_t *v, const char *place)
{
	size_t i;
	const json_t *name;

	if (!json_is_object(v))
		return 0;
	json_array_foreach(names, i, name)
		if (!json_object_get(v, json_string_value(name)))
			return fail(c, place, "lacks %s", json_string_value(name));
	return 0;
}

static int check_members(struct check *c, const json_t *schema, const json_t *v, const char *place)
{
	const json_t *const properties = json_object_get(schema, "properties");
	const json_t *const more = json_object_get(schema, "additionalProperties");
	json_t *const object = json_incref((json_t *)(size_t)v);
	const char *key;
	json_t *member;
	int rc = 0;

	json_object_foreach(object, key, member) {
		const json_t *one = json_object_get(properties, key);
		char inner[PLACE];

		snprintf(inner, sizeof(inner), "%s/%s", place, key);
		if (!one && json_is_object(more))
			one = more;
		if (one)
			rc = check_value(c, one, member, inner);
		else if (json_is_false(more) || (properties && !more))
			rc = fail(c, inner, "is not in the schema");
		if (rc != 0)
			break;
	}
	json_decref(object);
	return rc;
}

static int check_items(struct check *c, const json_t *items, const json_t *v, const char *place)
{
	size_t i;
	const json_t *one;

	json_array_foreach(v, i, one) {
		char inner[PLACE];

		snprintf(inner, sizeof(inner), "%s/%zu", place, i);
		if (check_value(c, items, one, inner) != 0)
			return -1;
	}
	return 0;
}

static int check_ref(struct check *c, const char *ref, const json_t *v, const char *place)
{
	static const char prefix[] = "#/$defs/";
	const json_t *target = NULL;

	if (strncmp(ref, prefix, strlen(prefix)) == 0)
		target = json_object_get(json_object_get(c->root, "$defs"), ref + strlen(prefix));
	if (!target)
		return fail(c, place, "the schema refers to %s, which is not there", ref);
	return check_value(c, target, v, place);
}

static int check_keyword(struct check *c, const json_t *schema, const char *word,
			 const json_t *rule, const json_t *v, const char *place)
{
	static const char *const skipped[] = {
		"$schema", "$id", "$defs", "$comment", "title", "description", "pattern", "minimum",
		"format", "default", "examples",
	};

	if (strcmp(word, "type") == 0)
		return check_type(c, rule, v, place);
	if (strcmp(word, "enum") == 0)
		return check_enum(c, rule, v, place);
	if (strcmp(word, "required") == 0)
		return check_required(c, rule, v, place);
	if (strcmp(word, "properties") == 0 || strcmp(word, "additionalProperties") == 0)
		return json_is_object(v) ? check_members(c, schema, v, place) : 0;
	if (strcmp(word, "items") == 0)
		return json_is_array(v) ? check_items(c, rule, v, place) : 0;
	if (strcmp(word, "$ref") == 0)
		return check_ref(c, json_string_value(rule), v, place);
	for (size_t i = 0; i < sizeof(skipped) / sizeof(skipped[0]); i++)
		if (strcmp(word, skipped[i]) == 0)
			return 0;
	return fail(c, place, "the schema has the keyword %s, unknown to this check", word);
}

static int check_value(struct check *c, const json_t *schema, const json_t *v, const char *place)
{
	json_t *const object = json_incref((json_t *)(size_t)schema);
	const char *word;
	json_t *rule;
	int rc = 0;

	json_object_foreach(object, word, rule) {
		rc = check_keyword(c, object, word, rule, v, place);
		if (rc != 0)
			break;
	}
	json_decref(object);
	return rc;
}

int schema_check(const char *json, size_t len, const char *schema_path, char *why, size_t why_len)
{
	struct check c = { .why = why, .why_len = why_len };
	json_error_t error;
	json_t *const schema = json_load_file(schema_path, JSON_REJECT_DUPLICATES, &error);
	json_t *value;
	int rc;

	if (!schema)
		return fail(&c, schema_path, "line %d: %s", error.line, error.text);
	value = json_loadb(json, len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
	if (!value) {
		json_decref(schema);
		return fail(&c, "JSON", "line %d: %s", error.line, error.text);
	}
	c.root = schema;
	rc = check_value(&c, schema, value, "");
	json_decref(value);
	json_decref(schema);
	return rc;
}
