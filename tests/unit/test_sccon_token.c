// SPDX-License-Identifier: GPL-2.0-or-later
/* Who may write to a console. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "sccon/server/token.h"

static void test_first_who_asks(void **state)
{
	struct token token = { 0 };
	__u64 before;

	(void)state;
	assert_int_equal(token_ask(&token, 1, false, false, &before), TOKEN_GRANTED);
	assert_int_equal(token_ask(&token, 1, false, false, &before), TOKEN_HAD);
	assert_int_equal(token_ask(&token, 2, false, false, &before), TOKEN_REFUSED);
	assert_int_equal(before, 1);
	assert_int_equal(token.holder, 1);
	/* Who does not have it gives nothing back. */
	assert_false(token_release(&token, 2));
	assert_int_equal(token.holder, 1);
	assert_true(token_release(&token, 1));
	assert_false(token_release(&token, 1));
	assert_int_equal(token_ask(&token, 2, false, false, &before), TOKEN_GRANTED);
}

static void test_take_over(void **state)
{
	struct token token = { 0 };
	__u64 before;

	(void)state;
	assert_int_equal(token_ask(&token, 1, true, false, &before), TOKEN_GRANTED);
	assert_int_equal(token_ask(&token, 2, true, false, &before), TOKEN_TAKEN);
	assert_int_equal(before, 1);
	assert_int_equal(token.holder, 2);
	assert_int_equal(token_ask(&token, 2, true, false, &before), TOKEN_HAD);
	assert_false(token_release(&token, 1));
	assert_int_equal(token_ask(&token, 1, false, false, &before), TOKEN_REFUSED);
	/* Who has it has hung up. */
	assert_int_equal(token_ask(&token, 1, false, true, &before), TOKEN_TAKEN);
	assert_int_equal(before, 2);
}

static void test_nobody(void **state)
{
	struct token token = { 0 };

	(void)state;
	assert_false(token_release(&token, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_who_asks),
		cmocka_unit_test(test_take_over),
		cmocka_unit_test(test_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
