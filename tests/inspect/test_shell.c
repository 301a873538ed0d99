#include "inspect/shell.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct arena arena;

static const struct list *parse(const char *text)
{
	return shell_parse(&arena, str_from(text), (struct shell_options){1, 0});
}

/* The tree in a form that can be read: words in <>, pipelines in [], lists in {}. */
static void show_list(struct buf *to, const struct list *l);

static void show_word(struct buf *to, const struct word *w)
{
	buf_add_char(to, '<');
	for (size_t i = 0; i < w->n; i++) {
		const struct part *const p = &w->v[i];

		if (p->kind == PART_TEXT)
			buf_add_str(to, p->text);
		else if (p->kind == PART_VARIABLE)
			buf_addf(to, "$%.*s", STR_FMT(p->text));
		else if (p->kind == PART_COMMAND && p->list)
			show_list(to, p->list);
		else
			buf_add_char(to, '?');
	}
	buf_add_char(to, '>');
}

static void show_command(struct buf *to, const struct command *c)
{
	if (c->kind == COMMAND_FUNCTION)
		buf_addf(to, "%.*s()", STR_FMT(c->name));
	for (size_t i = 0; i < c->assignments_n; i++) {
		buf_addf(to, "%.*s=", STR_FMT(c->assignments[i].name));
		show_word(to, &c->assignments[i].value);
	}
	for (size_t i = 0; i < c->words_n; i++)
		show_word(to, &c->words[i]);
	for (size_t i = 0; i < c->redirections_n; i++) {
		buf_add_cstr(to, c->redirections[i].op);
		show_word(to, &c->redirections[i].target);
	}
	for (size_t i = 0; i < c->heredocs_n; i++)
		buf_addf(to, "<<(%.*s)", STR_FMT(c->heredocs[i]->heredoc));
	for (size_t i = 0; i < c->bodies_n; i++)
		show_list(to, c->bodies[i]);
}

static void show_list(struct buf *to, const struct list *l)
{
	buf_add_char(to, '{');
	for (size_t i = 0; i < l->n; i++) {
		buf_add_char(to, '[');
		for (size_t k = 0; k < l->v[i].n; k++) {
			if (k)
				buf_add_char(to, '|');
			show_command(to, l->v[i].v[k]);
		}
		buf_add_char(to, ']');
	}
	buf_add_char(to, '}');
}

static void expect(const char *text, const char *tree)
{
	struct buf got = BUF_INIT;

	show_list(&got, parse(text));
	cr_assert_str_eq(buf_cstr(&got), tree, "%s gives %s", text, buf_cstr(&got));
	buf_release(&got);
	arena_release(&arena);
}

Test(shell, tells_words_and_quotes)
{
	expect("a 'b c' \"d $e\" f\\ g", "{[<a><b c><d $e><f g>]}");
	expect("x${IFS}y", "{[<x$IFSy>]}");
	expect("$'\\x73\\150' -c", "{[<sh><-c>]}");
	expect("s''h\"\"; # comment | sh", "{[<sh>]}");
	expect("a\\\nb", "{[<ab>]}");
}

Test(shell, tells_pipelines_from_lists)
{
	expect("a | b; c && d || e &\nf", "{[<a>|<b>][<c>][<d>][<e>][<f>]}");
	expect("a |\n b", "{[<a>|<b>]}");
	expect("(a; b) | sh", "{[{[<a>][<b>]}|<sh>]}");
	expect("{ a; } 2>/dev/null | b", "{[></dev/null>{[<a>]}|<b>]}");
}

Test(shell, follows_substitutions)
{
	expect("x=`a | b`", "{[x=<{[<a>|<b>]}>]}");
	expect("x=$(a $(b))", "{[x=<{[<a><{[<b>]}>]}>]}");
	expect("x=`a \\`b\\``", "{[x=<{[<a><{[<b>]}>]}>]}");
	expect("echo $((1 + 2)) ${x-y}", "{[<echo><?><$x>]}");
}

Test(shell, knows_compound_commands)
{
	expect("if a; then b; elif c; then d; else e; fi", "{[{[<a>]}{[<b>]}{[<c>]}{[<d>]}{[<e>]}]}");
	expect("for i in 1 2; do a | b; done", "{[<1><2>{[<a>|<b>]}]}");
	expect("while a; do b; done < f", "{[<<f>{[<a>]}{[<b>]}]}");
	expect("case $x in a|b) c;; *) d;; esac", "{[<$x>{[<c>]}{[<d>]}]}");
	expect("f () { a; }", "{[f(){[{[<a>]}]}]}");
}

Test(shell, reads_here_documents)
{
	expect("cat <<E | sh\na $b\nE\nc", "{[<cat><<(a $b\n)|<sh>][<c>]}");
	expect("cat <<'E'\n\\$a\nE", "{[<cat><<(\\$a\n)]}");
	expect("cat <<E\n\\$a\nE", "{[<cat><<($a\n)]}");
	expect("cat <<-E\n\tx\n\tE\ny", "{[<cat><<(\tx\n)][<y>]}");
}

Test(shell, survives_what_is_no_shell)
{
	static const char *const texts[] = {
		"", "(", ")", "((((", "'", "\"", "`", "$(", "${", "case", "if", "<<", "<<E", "a <<E\n", "for",
		"esac ) } fi", "f(){", "$'", "\\", "int main(void) { return 0; }", "#", "|", "&&", ";;;",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		parse(texts[i]);
		arena_release(&arena);
	}
}

/* Every prefix of a text with all constructs, and nesting without end. */
Test(shell, survives_being_cut_off)
{
	static const char text[] = "f() { x=\"`a $(b ${c-d})`\"; case $y in (p) q <<E | r;; esac; }\n$z\nE\n"
				   "for i in 'a' $'\\n'; do if ! g; then { h; } 2>&1; fi; done >o\n";

	for (size_t n = 0; n < sizeof(text); n++) {
		shell_parse(&arena, str_of(text, n), (struct shell_options){1, 0});
		arena_release(&arena);
	}
	for (const char *c = "(`{$"; *c; c++) {
		char *const deep = malloc(100001);

		for (size_t i = 0; i < 100000; i += 2) {
			deep[i] = *c == '$' ? '$' : *c;
			deep[i + 1] = *c == '$' ? '(' : ' ';
		}
		shell_parse(&arena, str_of(deep, 100000), (struct shell_options){1, 0});
		arena_release(&arena);
		free(deep);
	}
}

Test(shell, counts_lines)
{
	const struct list *const l = parse("a\n\nb 'x\ny'\nc <<E\n1\n2\nE\nd\n");

	cr_assert_eq(l->n, 4);
	cr_assert_eq(l->v[0].v[0]->line, 1);
	cr_assert_eq(l->v[1].v[0]->line, 3);
	cr_assert_eq(l->v[2].v[0]->line, 5);
	cr_assert_eq(l->v[3].v[0]->line, 9);
	arena_release(&arena);
}
