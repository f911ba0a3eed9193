// SPDX-License-Identifier: GPL-2.0-or-later
#include "expression.h"
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "../../lib/text/number.h"

struct expression {
	const char *text, *at;
	const struct expression_variable *variables;
	size_t count;
	bool has_values; /* false: only the form counts */
	unsigned int depth;
	int err; /* of the first thing that is wrong */
	char *words;
	size_t size;
};

static double wrong(struct expression *expression, const char *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Returns a value to go on with, which nobody gets. */
static double wrong(struct expression *expression, const char *at, const char *format, ...)
{
	char reason[192];
	va_list arguments;

	if (expression->err)
		return 1;
	expression->err = -EINVAL;
	va_start(arguments, format);
	vsnprintf(reason, sizeof(reason), format, arguments);
	va_end(arguments);
	snprintf(expression->words, expression->size, "column %zu: %s", (size_t)(at - expression->text) + 1, reason);
	return 1;
}

/* What only values can be wrong in. */
static double judged(struct expression *expression, const char *at, double value)
{
	if (!expression->has_values)
		return 1;
	return isfinite(value) ? value : wrong(expression, at, "the number becomes too large, or none");
}

static void skip_spaces(struct expression *expression)
{
	expression->at += strspn(expression->at, " \t");
}

/* Whether the next character is one of these; it is taken then, and *at is where it was. */
static char take_one_of(struct expression *expression, const char *characters, const char **at)
{
	skip_spaces(expression);
	*at = expression->at;
	if (!**at || !strchr(characters, **at))
		return 0;
	expression->at++;
	return **at;
}

static double read_sum(struct expression *expression);
static double read_power(struct expression *expression);

static bool is_letter(char character)
{
	return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') || character == '_';
}

static size_t name_length(const char *text)
{
	size_t length = 0;

	while (is_letter(text[length]) || (length && text[length] >= '0' && text[length] <= '9'))
		length++;
	return length;
}

static bool is_name(const char *text, size_t length, const char *name)
{
	return strlen(name) == length && !memcmp(text, name, length);
}

/* "4G": an easy mistake. */
static double complain_of_unit(struct expression *expression, const char *at, double number)
{
	static const char units[] = "MGT";
	const char *unit = strchr(units, *expression->at);
	double mebibytes = number;

	if (!unit)
		return wrong(expression, at, "a number goes on with letters: sizes are in MiB, and have no unit");
	for (; unit > units; unit--)
		mebibytes *= 1024;
	return wrong(expression, at, "sizes are in MiB, and have no unit: write %.10g", mebibytes);
}

static double read_number(struct expression *expression)
{
	const char *at = expression->at;
	struct decimal number;
	int err = decimal_read(&expression->at, &number);

	if (err == -ERANGE)
		return wrong(expression, at, "the number is too large");
	if (err)
		return wrong(expression, at, "a number, a variable, or ( is missing");
	if (is_letter(*expression->at))
		return complain_of_unit(expression, at, (double)number.whole + number.fraction);
	return (double)number.whole + number.fraction;
}

static double read_variable(struct expression *expression, const char *at, size_t length)
{
	char names[96] = "";
	size_t used = 0;

	for (size_t i = 0; i < expression->count; i++)
		if (is_name(at, length, expression->variables[i].name))
			return judged(expression, at, expression->variables[i].value);
	for (size_t i = 0; i < expression->count && used < sizeof(names); i++)
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", i ? ", " : ": there is ",
			expression->variables[i].name);
	return wrong(expression, at, "no such variable: %.*s%s", (int)(length < 32 ? length : 32), at, names);
}

static const struct {
	const char *name;
	double (*of_one)(double); /* NULL: of several, of which of_two chooses */
	double (*of_two)(double, double);
} functions[] = {
	{ "min", NULL, fmin },
	{ "max", NULL, fmax },
	{ "int", trunc, NULL },
	{ "floor", floor, NULL },
	{ "ceil", ceil, NULL },
	{ "round", round, NULL },
	{ "abs", fabs, NULL },
};

/* Behind its name and the parenthesis. */
static double read_function(struct expression *expression, const char *at, size_t length)
{
	size_t i = 0;
	double value;
	const char *mark;

	while (i < sizeof(functions) / sizeof(*functions) && !is_name(at, length, functions[i].name))
		i++;
	if (i == sizeof(functions) / sizeof(*functions))
		return wrong(expression, at, "no such function: %.*s: there is min, max, int, floor, ceil, round, abs",
			(int)(length < 32 ? length : 32), at);
	value = read_sum(expression);
	if (functions[i].of_one)
		value = functions[i].of_one(value);
	while (!expression->err && functions[i].of_two && take_one_of(expression, ",", &mark))
		value = functions[i].of_two(value, read_sum(expression));
	if (!expression->err && !take_one_of(expression, ")", &mark))
		return wrong(expression, mark, "a ) is missing%s",
			*mark == ',' ? ": this function is of one number" : "");
	return value;
}

static double read_value(struct expression *expression)
{
	const char *at, *mark;
	size_t length;
	double value;

	if (take_one_of(expression, "(", &at)) {
		value = read_sum(expression);
		if (!expression->err && !take_one_of(expression, ")", &mark))
			return wrong(expression, mark, "a ) is missing");
		return value;
	}
	length = name_length(at);
	if (!length)
		return read_number(expression);
	expression->at += length;
	return take_one_of(expression, "(", &mark) ? read_function(expression, at, length) :
						     read_variable(expression, at, length);
}

/* The way down to each number leads through here: this is where the depth is counted. */
static double read_signed(struct expression *expression)
{
	const char *at;
	char sign = take_one_of(expression, "+-", &at);
	double value = 1;

	if (++expression->depth > EXPRESSION_DEPTH_MAX)
		wrong(expression, at, "more than %d parentheses, signs or powers in one another", EXPRESSION_DEPTH_MAX);
	else if (!expression->err)
		value = sign ? read_signed(expression) : read_value(expression);
	expression->depth--;
	return sign == '-' ? -value : value;
}

/* From the right: 2^3^2 is 2^9. */
static double read_power(struct expression *expression)
{
	double value = read_signed(expression);
	const char *at;

	if (expression->err || !take_one_of(expression, "^", &at))
		return value;
	expression->depth++;
	value = judged(expression, at, pow(value, read_power(expression)));
	expression->depth--;
	return value;
}

static bool has_divisor(struct expression *expression, const char *at, double divisor)
{
	if (expression->has_values && divisor == 0)
		wrong(expression, at, "division by 0");
	return !expression->err;
}

static double read_remainder(struct expression *expression)
{
	double value = read_power(expression), divisor;
	const char *at;

	while (!expression->err && take_one_of(expression, "%", &at)) {
		divisor = read_power(expression);
		if (has_divisor(expression, at, divisor))
			value = judged(expression, at, fmod(value, divisor));
	}
	return value;
}

static double read_product(struct expression *expression)
{
	double value = read_remainder(expression), other;
	const char *at;
	char operator;

	while (!expression->err && (operator = take_one_of(expression, "*/", &at))) {
		other = read_remainder(expression);
		if (operator == '/' && !has_divisor(expression, at, other))
			break;
		value = judged(expression, at, operator == '/' ? value / other : value * other);
	}
	return value;
}

static double read_sum(struct expression *expression)
{
	double value = read_product(expression), other;
	const char *at;
	char operator;

	while (!expression->err && (operator = take_one_of(expression, "+-", &at))) {
		other = read_product(expression);
		value = judged(expression, at, operator == '+' ? value + other : value - other);
	}
	return value;
}

static double read_all(struct expression *expression)
{
	double value = 0;

	if (strlen(expression->text) > EXPRESSION_LENGTH_MAX) {
		wrong(expression, expression->text + EXPRESSION_LENGTH_MAX, "more than %d bytes",
			EXPRESSION_LENGTH_MAX);
		return 0;
	}
	value = read_sum(expression);
	skip_spaces(expression);
	if (!expression->err && *expression->at)
		wrong(expression, expression->at, "the expression was at its end before this");
	return value;
}

int expression_evaluate(const char *text, const struct expression_variable *variables, size_t count, double *value,
	char *words, size_t size)
{
	struct expression expression = { text, text, variables, count, true, 0, 0, words, size };
	double result = read_all(&expression);

	if (!expression.err && result < 0)
		wrong(&expression, text, "the result is below 0: %.10g", result);
	/* Not the -0 of "-0". */
	if (!expression.err)
		*value = result + 0.0;
	return expression.err;
}

int expression_check(const char *text, const struct expression_variable *variables, size_t count, char *words,
	size_t size)
{
	struct expression expression = { text, text, variables, count, false, 0, 0, words, size };

	read_all(&expression);
	return expression.err;
}
