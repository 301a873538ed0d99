/* Classes of ASCII characters, whatever the locale says.
 * Pure functions.
 * Knows nothing of other encodings: a byte from 0x80 on is in no class. */
#ifndef BASE_ASCII_H
#define BASE_ASCII_H

#include <stdbool.h>

static inline bool ascii_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool ascii_is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* What a name in most languages may begin with: a letter or '_'. */
static inline bool ascii_is_word_start(char c)
{
	return ascii_is_letter(c) || c == '_';
}

/* ... and go on with. */
static inline bool ascii_is_word(char c)
{
	return ascii_is_word_start(c) || ascii_is_digit(c);
}

/* 0 to 15 of a hexadecimal digit in either case, else -1. */
static inline int ascii_hex_value(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static inline bool ascii_is_hex(char c)
{
	return ascii_hex_value(c) >= 0;
}

#endif
