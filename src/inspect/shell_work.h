/* The two halves of the shell parser, words and commands: what they share.
 * A parser borrows its text; what it makes lies in the arena.
 * For shell.c and shell_words.c alone. */
#ifndef INSPECT_SHELL_WORK_H
#define INSPECT_SHELL_WORK_H

#include "base/ascii.h"
#include "inspect/shell.h"

/* A text in work. Commands substituted by backquotes are unescaped first and so have a text of their own;
 * all else is read where it stands. */
struct shell {
	struct arena *arena;
	const char *p, *end;
	int64_t line;
	unsigned int depth;
	bool in_array;
	/* Here-documents whose text begins after the next line end. */
	struct redirection *waiting[8];
	struct str mark[8];
	bool strip[8], quoted[8];
	size_t waiting_n;
};

static inline bool at_end(const struct shell *s)
{
	return s->p >= s->end;
}

static inline char peek(const struct shell *s, size_t ahead)
{
	return (size_t)(s->end - s->p) > ahead ? s->p[ahead] : '\0';
}

static inline char take(struct shell *s)
{
	const char c = *s->p++;

	s->line += c == '\n';
	return c;
}

static inline bool is_meta(char c)
{
	return c == '|' || c == '&' || c == ';' || c == '<' || c == '>' || c == '(' || c == ')';
}

static inline bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static inline bool ends_word(char c)
{
	return is_blank(c) || c == '\n' || is_meta(c);
}

/* <(...) and >(...) */
static inline bool at_process(const struct shell *s)
{
	return (peek(s, 0) == '<' || peek(s, 0) == '>') && peek(s, 1) == '(';
}

/* shell.c */
/* Arrays in the arena: what is outgrown stays there until the arena goes. */
void *shell_grow(struct arena *a, void *v, size_t n, size_t *cap, size_t size);
/* Up to one of these words (which stays), or to the end. */
struct list *shell_list(struct shell *s, const char *const *until);
/* A text of its own within this one; NULL: too deep. */
struct list *shell_inner(struct shell *s, struct str text, int64_t line);
/* Blanks, continued lines and comments; not line ends. */
void shell_skip_blanks(struct shell *s);

/* shell_words.c */
/* False when there is no word here. */
bool shell_word(struct shell *s, struct word *w);
/* After a line end: here-documents that wait are read. */
void shell_line_end(struct shell *s);

#endif
