#include "config.h"

#include "cli/command.h"

#include "base/cleanup.h"
#include "base/escape.h"
#include "cli/output.h"
#include "model/rule.h"

static void text_render(struct buf *out)
{
	size_t widest = 0;

	for (size_t i = 0; i < RULE_COUNT; i++)
		if (strlen(rules[i].slug) > widest)
			widest = strlen(rules[i].slug);
	for (size_t i = 0; i < RULE_COUNT; i++)
		buf_addf(out, "%-5s  %-8s  %-*s  %s\n", rules[i].id,
			 severity_name(rules[i].severity), (int)widest, rules[i].slug,
			 rules[i].summary);
}

static void json_member(struct buf *out, const char *key, const char *value, const char *end)
{
	buf_addf(out, "      \"%s\": ", key);
	escape_json(out, str_from(value));
	buf_addf(out, "%s\n", end);
}

/* Keys sorted, as in every JSON that tarproof writes. */
static void json_render(struct buf *out)
{
	buf_add_cstr(out, "{\n  \"rules\": [\n");
	for (size_t i = 0; i < RULE_COUNT; i++) {
		buf_add_cstr(out, "    {\n");
		json_member(out, "id", rules[i].id, ",");
		json_member(out, "settle", rules[i].settle, ",");
		json_member(out, "severity", severity_name(rules[i].severity), ",");
		json_member(out, "slug", rules[i].slug, ",");
		json_member(out, "summary", rules[i].summary, ",");
		json_member(out, "why", rules[i].why, "");
		buf_add_cstr(out, i + 1 < RULE_COUNT ? "    },\n" : "    }\n");
	}
	buf_add_cstr(out, "  ],\n  \"schema\": \"tarproof-rules/1\",\n"
			  "  \"tool\": {\n    \"name\": \"tarproof\",\n    \"version\": \""
			  PACKAGE_VERSION "\"\n  }\n}\n");
}

/* Text for mdoc(7): a line for each sentence, as its manual wants it. */
static void mdoc_text(struct buf *out, const char *text)
{
	bool at_start = true;

	for (; *text; text++) {
		if (at_start && (*text == '.' || *text == '\''))
			buf_add_cstr(out, "\\&");
		if (*text == '\\')
			buf_add_cstr(out, "\\e");
		else
			buf_add_char(out, *text);
		at_start = (*text == '.' || *text == '?' || *text == '!') && text[1] == ' ';
		if (at_start) {
			buf_add_char(out, '\n');
			text++;
		}
	}
	buf_add_char(out, '\n');
}

/* tarproof-rules(7). */
static void mdoc_render(struct buf *out)
{
	buf_add_cstr(out, ".Dd November 23, 2026\n.Dt TARPROOF-RULES 7\n.Os\n.Sh NAME\n.Nm tarproof-rules\n"
			  ".Nd rules by which tarproof makes findings\n.Sh DESCRIPTION\n"
			  "Each rule has an id, which is never used again for another one, a short name and a default severity.\n"
			  "Where a finding has another severity than its rule, the text below says when.\n"
			  "The same pages are shown by\n.Xr tarproof-explain 1 .\n");
	for (size_t i = 0; i < RULE_COUNT; i++) {
		buf_addf(out, ".Ss %s %s (%s)\n", rules[i].id, rules[i].slug, severity_name(rules[i].severity));
		mdoc_text(out, rules[i].summary);
		buf_add_cstr(out, ".Pp\n");
		mdoc_text(out, rules[i].why);
		buf_add_cstr(out, ".Pp\n.Em To settle it :\n");
		mdoc_text(out, rules[i].settle);
	}
	buf_add_cstr(out, ".Sh SEE ALSO\n.Xr tarproof 1 ,\n.Xr tarproof-check 1 ,\n.Xr tarproof-explain 1 ,\n"
			  ".Xr tarproof-rules 1 ,\n.Xr tarproof-scan 1\n");
}

static const struct {
	const char *name;
	void (*render)(struct buf *out);
} formats[] = {
	{ "text", text_render },
	{ "json", json_render },
	{ "mdoc", mdoc_render },
};

static const char *format_name(size_t i)
{
	return i < sizeof(formats) / sizeof(formats[0]) ? formats[i].name : NULL;
}

static const struct choice_set format_names = { format_name, NULL };

struct rules_options {
	unsigned int format;	/* index into `formats` */
};

static int rules_run(const struct invocation *in, struct error *err)
{
	AUTO_BUF struct buf out = BUF_INIT;
	const struct rules_options *o = in->options;

	formats[o->format].render(&out);
	return output_write(NULL, buf_str(&out), err) ? -1 : STATUS_CLEAN;
}

static const struct option_row options[] = {
	{ .name = "format", .letter = 'f', .type = OPTION_CHOICE, .arg = "FORMAT",
	  .help = "how to print it", .choices = &format_names, .initial = "text",
	  .offset = offsetof(struct rules_options, format) },
	OPTION_HELP_ROW,
	OPTIONS_END,
};

const struct command command_rules = {
	.name = "rules",
	.summary = "list every rule: id, severity, slug, summary",
	.about = "Lists every rule by which a finding can be made: id, default severity, slug "
		 "and summary. In JSON, and as the source of the manual page tarproof-rules(7) "
		 "(mdoc), also why it matters and how to settle it.",
	.options = options,
	.options_size = sizeof(struct rules_options),
	.run = rules_run,
};
