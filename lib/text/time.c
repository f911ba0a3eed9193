// SPDX-License-Identifier: GPL-2.0-or-later
#include "time.h"
#include <string.h>
#include <time.h>

/* count digits at *text, which are then passed over, and the character behind them; 0: none. */
static bool take_digits(const char **text, int count, char end, int *number)
{
	*number = 0;
	while (count--) {
		if (**text < '0' || **text > '9')
			return false;
		*number = 10 * *number + *(*text)++ - '0';
	}
	return !end || *(*text)++ == end;
}

bool time_read(const char **text, __u64 *seconds)
{
	const char *rest = *text;
	struct tm parts = { 0 }, same;
	time_t time;

	if (!take_digits(&rest, 4, '-', &parts.tm_year) || !take_digits(&rest, 2, '-', &parts.tm_mon) ||
		!take_digits(&rest, 2, 'T', &parts.tm_mday) || !take_digits(&rest, 2, ':', &parts.tm_hour) ||
		!take_digits(&rest, 2, ':', &parts.tm_min) || !take_digits(&rest, 2, 0, &parts.tm_sec))
		return false;
	parts.tm_year -= 1900;
	parts.tm_mon -= 1;
	same = parts;
	time = timegm(&same);
	/* timegm() makes a day of what is none, such as the 31st of April. */
	if (time < 0 || same.tm_mon != parts.tm_mon || same.tm_mday != parts.tm_mday || same.tm_hour != parts.tm_hour ||
		same.tm_min != parts.tm_min || same.tm_sec != parts.tm_sec)
		return false;
	*seconds = (__u64)time;
	*text = rest;
	return true;
}

bool time_parse(const char *text, __u64 *seconds)
{
	__u64 found;

	if (!time_read(&text, &found) || strcmp(text, "Z"))
		return false;
	*seconds = found;
	return true;
}
