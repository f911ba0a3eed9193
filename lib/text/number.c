// SPDX-License-Identifier: GPL-2.0-or-later
#include "number.h"
#include <errno.h>

/* -1: no digit of that base. */
static int digit_value(char digit, int base)
{
	int value = -1;

	if (digit >= '0' && digit <= '9')
		value = digit - '0';
	else if ((digit | 0x20) >= 'a' && (digit | 0x20) <= 'f')
		value = (digit | 0x20) - 'a' + 10;
	return value < base ? value : -1;
}

/* Not strtoull(3): that skips spaces, takes signs, and turns "-1" into the largest number. */
static int read_digits(const char **text, int base, __u64 *number)
{
	__u64 value = 0;
	int digit, err = 0;

	if (digit_value(**text, base) < 0)
		return -EINVAL;
	for (; (digit = digit_value(**text, base)) >= 0; (*text)++)
		if (__builtin_mul_overflow(value, (__u64)base, &value) ||
			__builtin_add_overflow(value, (__u64)digit, &value))
			err = -ERANGE;
	if (!err)
		*number = value;
	return err;
}

int number_read(const char **text, __u64 *number)
{
	return read_digits(text, 10, number);
}

int number_parse(const char *text, __u64 least, __u64 most, __u64 *number)
{
	__u64 value = 0;
	int err = number_read(&text, &value);

	if (err == -EINVAL || *text)
		return -EINVAL;
	if (err || value < least || value > most)
		return -ERANGE;
	*number = value;
	return 0;
}

int number_parse_hex(const char *text, __u64 *number)
{
	__u64 value = 0;
	int err;

	if (text[0] == '0' && (text[1] | 0x20) == 'x')
		text += 2;
	err = read_digits(&text, 16, &value);
	if (err == -EINVAL || *text)
		return -EINVAL;
	if (!err)
		*number = value;
	return err;
}

/* The digits behind a point. A double holds 15 of them; more are read, and change nothing. */
static double read_fraction(const char **text)
{
	double digits = 0, unit = 1;
	int digit;

	for (; (digit = digit_value(**text, 10)) >= 0; (*text)++)
		if (unit < 1e15) {
			digits = digits * 10 + digit;
			unit *= 10;
		}
	return digits / unit;
}

/* Not strtod(3): that takes "inf" and "0x1p3", and the locale's point instead of this one. */
int decimal_read(const char **text, struct decimal *number)
{
	struct decimal value = { 0 };
	int err = 0;

	if (**text == '.' ? digit_value((*text)[1], 10) < 0 : digit_value(**text, 10) < 0)
		return -EINVAL;
	if (**text != '.')
		err = number_read(text, &value.whole);
	if (**text == '.') {
		(*text)++;
		value.fraction = read_fraction(text);
	}
	if (!err)
		*number = value;
	return err;
}

int decimal_parse(const char *text, double least, double most, double *number)
{
	struct decimal value = { 0 };
	int err = decimal_read(&text, &value);
	double sum = (double)value.whole + value.fraction;

	if (err == -EINVAL || *text)
		return -EINVAL;
	if (err || sum < least || sum > most)
		return -ERANGE;
	*number = sum;
	return 0;
}
