#include "input/nametokens.h"

#include <ctype.h>

#include "base/ascii.h"

static const struct {
	const char *words;
	enum word_class class;
} words[] = {
	{ "v ver version versions r rev n tag tags eng", CLASS_MARK },
	{ "rel release releases released stable final ga rtm", CLASS_RELEASE },
	{ "upstream import imported vendor", CLASS_IMPORT },
	{ "rc alpha beta pre prerelease preview dev devel snapshot snap nightly test testing wip "
	  "draft candidate freeze bp branchpoint branch base root start begin end before after "
	  "post merge merged merging master main trunk head git svn cvs hg bzr old orig broken "
	  "backup archive experimental eol", CLASS_UNRELEASED },
	{ "debian deb ubuntu fedora centos rhel epel el fc rpm suse opensuse gentoo archlinux "
	  "alpine nixos freebsd netbsd openbsd homebrew brew conda mageia pkg package packaging "
	  "pristine ppa", CLASS_PACKAGING },
	{ "npm signed dist src source sources tarball lts", CLASS_VARIANT },
	{ "lib perl python py pypy node nodejs js golang github com ruby rust php haskell ocaml "
	  "java r utils util tools autoconf gnu", CLASS_AFFIX },
};

/* Bytes above ASCII count as letters: they never separate. */
static bool is_letter(char c)
{
	return isalpha((unsigned char)c) || (unsigned char)c >= 0x80;
}

bool tokens_read(struct str s, struct tokens *t)
{
	t->n = 0;
	if (s.len > NAME_MAX_BYTES)
		return false;
	for (size_t i = 0; i < s.len;) {
		if (t->n == TOKENS_MAX)
			return false;
		struct token *tok = &t->v[t->n++];
		*tok = (struct token){ .kind = TOKEN_WORD };
		for (; i < s.len && !ascii_is_digit(s.ptr[i]) && !is_letter(s.ptr[i]); i++) {
			tok->sep = s.ptr[i];
			tok->path = tok->path || s.ptr[i] == '/';
		}
		const size_t start = i;
		const bool digits = i < s.len && ascii_is_digit(s.ptr[i]);
		while (i < s.len && (digits ? ascii_is_digit(s.ptr[i]) : is_letter(s.ptr[i])))
			i++;
		/* A separator at the end leaves an empty word, which fits nothing: "1.2-". */
		tok->kind = digits ? TOKEN_NUMBER : TOKEN_WORD;
		tok->text = str_of(s.ptr + start, i - start);
	}
	return true;
}

bool words_have(const char *list, struct str word)
{
	struct str rest = str_from(list), w;
	while (str_next_word(&rest, &w))
		if (str_case_eq(w, word))
			return true;
	return false;
}

bool token_is(const struct token *t, enum word_class class)
{
	if (t->kind != TOKEN_WORD)
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].class == class && words_have(words[i].words, t->text))
			return true;
	return false;
}

bool token_is_mark(const struct token *t)
{
	return token_is(t, CLASS_MARK) || token_is(t, CLASS_RELEASE);
}

bool token_is_number(const struct tokens *t, size_t i)
{
	return i < t->n && t->v[i].kind == TOKEN_NUMBER;
}
