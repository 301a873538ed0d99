/* Data and where it goes: what was decoded, fetched or read from a file, and the calls that run it. */
#include "inspect/code_work.h"

unsigned int code_taint(const struct code *c, struct str name)
{
	for (size_t i = 0; i < c->tainted_n; i++)
		if (str_eq(c->tainted[i].name, name))
			return c->tainted[i].what;
	return 0;
}

void code_add_taint(struct code *c, struct str name, unsigned int what)
{
	what &= CALL_DECODES | CALL_FETCHES;
	for (size_t i = 0; i < c->tainted_n; i++)
		if (str_eq(c->tainted[i].name, name)) {
			c->tainted[i].what |= what;
			return;
		}
	if (what && name.len && c->tainted_n < TAINTED_MAX) {
		c->tainted[c->tainted_n].name = name;
		c->tainted[c->tainted_n++].what = what;
	}
}

void code_tell_run(struct code *c, unsigned int what, int64_t line, size_t from)
{
	if (what & CALL_DECODES)
		code_tell(c, RULE_TP220, line, from, "text is decoded and run as a program");
	else
		code_tell(c, RULE_TP212, line, from, "what is fetched is run as a program")->severity = SEVERITY_HIGH;
}

void code_see_decoded(struct code *c, unsigned int what)
{
	what &= CALL_DECODES | CALL_FETCHES;
	for (size_t i = c->calls_n; what && i-- > 0;) {
		if (c->call[i].what & CALL_RUNS) {
			code_tell_run(c, what, c->call[i].line, c->call[i].from);
			c->call[i].what = 0;
			return;
		}
		/* On its way into a file, which may be run. */
		if ((c->call[i].what & CALL_WRITES) && !c->written) {
			c->written = what;
			return;
		}
	}
	code_add_taint(c, c->assigned, what);
	if (c->returns)
		code_add_taint(c, c->function, what);
}

void code_add_name(struct code *c, struct str name, unsigned int caps, enum language language)
{
	if (name.len >= 3 && name.len <= 200 && c->out->names_n < NAMES_MAX)
		script_add_name(c->out, c->notes->arena, name, c->line, caps, language);
}

/* A file's content is within the arguments of a call that runs it. */
static void see_content(struct code *c, struct str file)
{
	for (size_t i = c->calls_n; i-- > 0 && file.len;)
		if (c->call[i].what & (CALL_RUNS | CALL_LOADS)) {
			code_add_name(c, file, CAP_PROGRAM | CAP_FILE, c->language);
			return;
		}
}

void code_see_variable(struct code *c, struct str name)
{
	for (size_t i = 0; i < c->contents_n; i++)
		if (str_eq(c->content[i].variable, name))
			see_content(c, c->content[i].file);
}

static void hold_content(struct code *c, struct str variable, struct str file)
{
	if (variable.len && file.len && c->contents_n < TAINTED_MAX) {
		c->content[c->contents_n].variable = variable;
		c->content[c->contents_n++].file = file;
	}
}

void code_see_file(struct code *c, struct str s)
{
	for (size_t i = c->calls_n; i-- > 0;) {
		if (!(c->call[i].what & CALL_READS))
			continue;
		/* An encoding or a mode. */
		if (str_find(s, '.') == (size_t)-1)
			return;
		see_content(c, s);
		c->file = s;
		hold_content(c, c->assigned, s);
		return;
	}
}

void code_name_file(struct code *c, struct str variable)
{
	hold_content(c, variable, c->file);
	code_add_taint(c, variable, c->statement);
}
