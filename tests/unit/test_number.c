// SPDX-License-Identifier: GPL-2.0-or-later
/* Text read as a number, a length of time, a number of bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <locale.h>
#include <string.h>
#include "lib/text/duration.h"
#include "lib/text/endpoint.h"
#include "lib/text/number.h"
#include "lib/text/size.h"

#define UNTOUCHED 7

/* What no grammar takes: strtoull(3) and strtod(3) take most of it. */
static const char *const never[] = { "", " ", "-", "+", ".", "-1", "+1", "-0", " 1", "1 ", "\n1", "1\n", "0x1p3",
	"1e3", "inf", "nan", "infinity", "1,5", "1_000", "1.5.5", "..5", "1-", "one", "\xd9\xa1" };

static void what_no_grammar_takes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++) {
		__u64 number = UNTOUCHED;
		double decimal = UNTOUCHED;

		assert_int_equal(number_parse(never[i], 0, ~0ULL, &number), -EINVAL);
		assert_int_equal(size_parse(never[i], 0, ~0ULL, &number), -EINVAL);
		assert_int_equal(number, UNTOUCHED);
		assert_int_equal(decimal_parse(never[i], 0, 1e9, &decimal), -EINVAL);
		assert_int_equal(duration_parse(never[i], &decimal), -EINVAL);
		assert_true(decimal == UNTOUCHED);
	}
}

static void a_number_is_digits_within_limits(void **state)
{
	static const struct {
		const char *text;
		__u64 least, most;
		int err;
		__u64 number;
	} cases[] = {
		{ "0", 0, 9, 0, 0 },
		{ "007", 0, 9, 0, 7 },
		{ "18446744073709551615", 0, ~0ULL, 0, ~0ULL },
		{ "18446744073709551616", 0, ~0ULL, -ERANGE, 0 },
		{ "99999999999999999999999999", 0, ~0ULL, -ERANGE, 0 },
		{ "99999999999999999999999999x", 0, ~0ULL, -EINVAL, 0 },
		{ "3", 3, 5, 0, 3 },
		{ "5", 3, 5, 0, 5 },
		{ "2", 3, 5, -ERANGE, 0 },
		{ "6", 3, 5, -ERANGE, 0 },
		{ "0x1", 0, 9, -EINVAL, 0 },
		{ "1.0", 0, 9, -EINVAL, 0 },
		{ "1K", 0, 9, -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		__u64 number = UNTOUCHED;

		assert_int_equal(
			number_parse(cases[i].text, cases[i].least, cases[i].most, &number), cases[i].err);
		assert_true(number == (cases[i].err ? UNTOUCHED : cases[i].number));
	}
}

static void a_hexadecimal_number(void **state)
{
	static const char *const bad[] = { "", "0x", "x1", "-1", " 1", "1 ", "0x0x1", "g", "1.0" };
	__u64 number = UNTOUCHED;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(number_parse_hex(bad[i], &number), -EINVAL);
	assert_int_equal(number_parse_hex("10000000000000000", &number), -ERANGE);
	assert_int_equal(number, UNTOUCHED);
	assert_int_equal(number_parse_hex("0xffffffff81000aF0", &number), 0);
	assert_true(number == 0xffffffff81000af0ULL);
	assert_int_equal(number_parse_hex("0", &number), 0);
	assert_int_equal(number, 0);
	assert_int_equal(number_parse_hex("10", &number), 0);
	assert_int_equal(number, 16);
}

static void digits_are_read_up_to_what_follows(void **state)
{
	const char *text = "12=34 56";
	__u64 number = UNTOUCHED;

	(void)state;
	assert_int_equal(number_read(&text, &number), 0);
	assert_int_equal(number, 12);
	assert_string_equal(text, "=34 56");
	assert_int_equal(number_read(&text, &number), -EINVAL);
	assert_int_equal(number, 12);
	assert_string_equal(text, "=34 56");
	text = "18446744073709551616=1";
	assert_int_equal(number_read(&text, &number), -ERANGE);
	assert_int_equal(number, 12);
	assert_string_equal(text, "=1");
}

static void a_decimal_number(void **state)
{
	double number = UNTOUCHED;

	(void)state;
	assert_int_equal(decimal_parse("100", 50, 99.99, &number), -ERANGE);
	assert_int_equal(decimal_parse("49.9", 50, 99.99, &number), -ERANGE);
	assert_int_equal(decimal_parse("18446744073709551616.5", 0, 1e30, &number), -ERANGE);
	assert_true(number == UNTOUCHED);
	assert_int_equal(decimal_parse("99.99", 50, 99.99, &number), 0);
	assert_true(number == 99.99);
	assert_int_equal(decimal_parse(".5", 0, 1, &number), 0);
	assert_true(number == 0.5);
	assert_int_equal(decimal_parse("2.", 0, 9, &number), 0);
	assert_true(number == 2);
	assert_int_equal(decimal_parse("0.3333333333333333333333333333333", 0, 1, &number), 0);
	assert_float_equal(number, 1.0 / 3, 1e-14);
}

static void a_duration_has_a_unit_or_is_in_seconds(void **state)
{
	static const struct {
		const char *text;
		int err;
		double seconds;
	} cases[] = {
		{ "1", 0, 1 },
		{ "0.1", 0, 0.1 },
		{ "500ms", 0, 0.5 },
		{ "10s", 0, 10 },
		{ "2m", 0, 120 },
		{ "2min", 0, 120 },
		{ "1.5h", 0, 5400 },
		{ "1d", 0, 86400 },
		{ "366d", 0, DURATION_MAX },
		{ "366.01d", -ERANGE, 0 },
		{ "0", -ERANGE, 0 },
		{ "0.000ms", -ERANGE, 0 },
		{ "99999999999999999999", -ERANGE, 0 },
		{ "0x1", -EINVAL, 0 },
		{ "ms", -EINVAL, 0 },
		{ "1 s", -EINVAL, 0 },
		{ "1S", -EINVAL, 0 },
		{ "1sec", -EINVAL, 0 },
		{ "1h30m", -EINVAL, 0 },
		{ "99999999999999999999y", -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		double seconds = UNTOUCHED;

		assert_int_equal(duration_parse(cases[i].text, &seconds), cases[i].err);
		assert_true(seconds == (cases[i].err ? UNTOUCHED : cases[i].seconds));
	}
}

static void a_size_has_a_unit_or_is_in_bytes(void **state)
{
	static const struct {
		const char *text;
		int err;
		__u64 bytes;
	} cases[] = {
		{ "0", 0, 0 },
		{ "4096", 0, 4096 },
		{ "3K", 0, 3072 },
		{ "3k", 0, 3072 },
		{ "3KiB", 0, 3072 },
		{ "1.5M", 0, 1572864 },
		{ "0.0001K", 0, 0 },
		{ "1.9", 0, 1 },
		{ "2T", 0, 2ULL << 40 },
		{ "18446744073709551615", 0, ~0ULL },
		{ "17179869183G", 0, 17179869183ULL << 30 },
		{ "17179869184G", -ERANGE, 0 },
		{ "18446744073709551616", -ERANGE, 0 },
		{ "K", -EINVAL, 0 },
		{ "1KB", -EINVAL, 0 },
		{ "1B", -EINVAL, 0 },
		{ "1iB", -EINVAL, 0 },
		{ "1KiBs", -EINVAL, 0 },
		{ "1 K", -EINVAL, 0 },
		{ "1P", -EINVAL, 0 },
		{ "0x10", -EINVAL, 0 },
	};
	__u64 bytes = UNTOUCHED;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		bytes = UNTOUCHED;
		assert_int_equal(size_parse(cases[i].text, 0, ~0ULL, &bytes), cases[i].err);
		assert_true(bytes == (cases[i].err ? UNTOUCHED : cases[i].bytes));
	}
	bytes = UNTOUCHED;
	assert_int_equal(size_parse("1K", 1025, 2048, &bytes), -ERANGE);
	assert_int_equal(size_parse("2049", 1025, 2048, &bytes), -ERANGE);
	assert_int_equal(bytes, UNTOUCHED);
	assert_int_equal(size_parse("2K", 1025, 2048, &bytes), 0);
	assert_int_equal(size_parse("1025", 1025, 2048, &bytes), 0);
}

static void sizes_are_printed_for_people(void **state)
{
	static const struct {
		double bytes;
		const char *text;
	} cases[] = {
		{ 0, "0" }, { 1023, "1023" }, { 1024, "1.0K" }, { 1536, "1.5K" }, { 1023 * 1024.0, "1.0M" }, { 64 << 20, "64.0M" },
		{ 18446744073709551615.0, "16.0E" },
	};
	char text[16];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_print(text, sizeof(text), cases[i].bytes);
		assert_string_equal(text, cases[i].text);
	}
}

static void endpoints(void **state)
{
	static const struct {
		const char *text, *host;
		__u16 port;
	} cases[] = {
		{ "192.0.2.1", "192.0.2.1", 7 },
		{ "192.0.2.1:6666", "192.0.2.1", 6666 },
		{ "name.example:1", "name.example", 1 },
		{ "[2001:db8::1]:65535", "2001:db8::1", 65535 },
		{ "[2001:db8::1]", "2001:db8::1", 7 },
		{ "2001:db8::1", "2001:db8::1", 7 },
		{ "::", "::", 7 },
		{ "fe80::1%eth0", "fe80::1%eth0", 7 },
	};
	static const char *const wrong[] = { "", ":", ":1", "a:", "a:0", "a:65536", "a:x", "[]", "[]:1", "[a", "[a]x", "[a]1", "[a]:",
		"[[a]]", "a]:1" };
	char too_long[ENDPOINT_HOST_MAX + 1];
	struct endpoint endpoint;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(endpoint_parse(cases[i].text, 7, &endpoint), 0);
		assert_string_equal(endpoint.host, cases[i].host);
		assert_int_equal(endpoint.port, cases[i].port);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(endpoint_parse(wrong[i], 7, &endpoint), -EINVAL);
	memset(too_long, 'a', ENDPOINT_HOST_MAX);
	too_long[ENDPOINT_HOST_MAX] = '\0';
	assert_int_equal(endpoint_parse(too_long, 7, &endpoint), -EINVAL);
	assert_int_equal(endpoint_parse(too_long + 1, 7, &endpoint), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(endpoints),
		cmocka_unit_test(what_no_grammar_takes),
		cmocka_unit_test(a_number_is_digits_within_limits),
		cmocka_unit_test(a_hexadecimal_number),
		cmocka_unit_test(digits_are_read_up_to_what_follows),
		cmocka_unit_test(a_decimal_number),
		cmocka_unit_test(a_duration_has_a_unit_or_is_in_seconds),
		cmocka_unit_test(a_size_has_a_unit_or_is_in_bytes),
		cmocka_unit_test(sizes_are_printed_for_people),
	};

	/* A locale whose decimal point is a comma, where there is one, changes nothing. */
	setlocale(LC_ALL, "de_DE.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
