#include "base/ascii.h"

#include <criterion/criterion.h>
#include <string.h>

/* Every byte, as a signed char where char is. */
Test(ascii, classes_hold_what_their_names_say)
{
	for (int i = 0; i < 256; i++) {
		const char c = (char)i;
		const bool digit = c && strchr("0123456789", c);
		const bool letter = c && strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", c);

		cr_assert_eq(ascii_is_digit(c), digit, "byte %d", i);
		cr_assert_eq(ascii_is_letter(c), letter, "byte %d", i);
		cr_assert_eq(ascii_is_word_start(c), letter || c == '_', "byte %d", i);
		cr_assert_eq(ascii_is_word(c), letter || digit || c == '_', "byte %d", i);
		cr_assert_eq(ascii_is_hex(c), c && strchr("0123456789abcdefABCDEF", c), "byte %d", i);
	}
	cr_assert_eq(ascii_hex_value('7'), 7);
	cr_assert_eq(ascii_hex_value('b'), 11);
	cr_assert_eq(ascii_hex_value('F'), 15);
	cr_assert_eq(ascii_hex_value('g'), -1);
}
