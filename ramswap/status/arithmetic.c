// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdint.h>
#include "../../lib/text/size.h"
#include "status.h"

__u64 status_times(__u64 count, __u64 size)
{
	__u64 product;

	return __builtin_mul_overflow(count, size, &product) ? UINT64_MAX : product;
}

__u64 status_plus(__u64 one, __u64 other)
{
	__u64 sum;

	return __builtin_add_overflow(one, other, &sum) ? UINT64_MAX : sum;
}

__u64 status_less(__u64 from, __u64 what)
{
	return from > what ? from - what : 0;
}

__s64 status_minus(__u64 from, __u64 what)
{
	__s64 difference;

	if (__builtin_sub_overflow(from, what, &difference))
		return from > what ? INT64_MAX : INT64_MIN;
	return difference;
}

__u64 status_whole(double number)
{
	if (!(number > 0))
		return 0;
	return number < 0x1p64 ? (__u64)number : UINT64_MAX;
}

char *status_print_size(char text[16], __u64 bytes)
{
	size_print(text, 16, (double)bytes);
	return text;
}

char *status_print_signed(char text[16], __s64 bytes)
{
	text[0] = '-';
	if (bytes < 0)
		size_print(text + 1, 15, -(double)bytes);
	else
		size_print(text, 16, (double)bytes);
	return text;
}
