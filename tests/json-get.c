/* json-get FILE KEY...: prints one line for each KEY with the values found there.
 * A KEY is a path with dots, as "totals.relation.added.files"; "*" stands for every member.
 * Values are separated by blanks (text as it is, the rest as JSON); "-" where nothing is found.
 * Exit status: 0, or 2 when FILE is not JSON. A helper of the test scripts. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

static int printed;

static void print_value(const json_t *v)
{
	if (printed++)
		putchar(' ');
	if (json_is_string(v))
		fputs(json_string_value(v), stdout);
	else
		json_dumpf(v, stdout, JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS);
}

static void print_path(const json_t *v, const char *path);

static void print_members(const json_t *v, const char *rest)
{
	if (json_is_array(v)) {
		for (size_t i = 0; i < json_array_size(v); i++)
			print_path(json_array_get(v, i), rest);
	} else if (json_is_object(v)) {
		const char *key;
		json_t *member;
		/* The iteration macro wants a pointer to a changeable object. */
		union { const json_t *c; json_t *m; } u = { .c = v };

		json_object_foreach(u.m, key, member)
			print_path(member, rest);
	}
}

static void print_path(const json_t *v, const char *path)
{
	const size_t n = strcspn(path, ".");
	const char *rest = path[n] ? path + n + 1 : path + n;
	char key[256];

	if (!v || n >= sizeof(key))
		return;
	if (n == 0) {
		print_value(v);
		return;
	}
	memcpy(key, path, n);
	key[n] = '\0';
	if (strcmp(key, "*") == 0)
		print_members(v, rest);
	else
		print_path(json_object_get(v, key), rest);
}

int main(int argc, char **argv)
{
	json_error_t error;
	json_t *root;

	if (argc < 2) {
		fputs("usage: json-get FILE KEY...\n", stderr);
		return 2;
	}
	root = json_load_file(argv[1], JSON_REJECT_DUPLICATES, &error);
	if (!root) {
		fprintf(stderr, "json-get: %s:%d: %s\n", argv[1], error.line, error.text);
		return 2;
	}
	for (int i = 2; i < argc; i++) {
		printed = 0;
		print_path(root, argv[i]);
		puts(printed ? "" : "-");
	}
	json_decref(root);
	return 0;
}
