#include "inspect/note.h"

#include <stdarg.h>

struct note *note_add(struct notes *l, enum rule_id rule, const char *fmt, ...)
{
	struct buf text = BUF_INIT;
	struct note *n;
	va_list ap;

	l->v = memory_grow(l->v, l->n, &l->cap, sizeof(*l->v));
	n = &l->v[l->n++];
	*n = (struct note){ .rule = rule, .severity = rules[rule].severity, .offset = -1,
			    .length = -1 };
	va_start(ap, fmt);
	buf_vaddf(&text, fmt, ap);
	va_end(ap);
	n->message = arena_str(l->arena, buf_str(&text));
	buf_release(&text);
	return n;
}

void note_evidence(struct notes *l, struct note *n, struct str excerpt)
{
	if (n->evidence_n < NOTE_EVIDENCE_MAX)
		n->evidence[n->evidence_n++] = arena_str(l->arena, str_first(excerpt, NOTE_EXCERPT));
}

void notes_release(struct notes *l)
{
	memory_free(l->v);
	l->v = NULL;
	l->n = l->cap = 0;
}
