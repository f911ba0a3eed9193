// SPDX-License-Identifier: GPL-2.0-or-later
/* Who sent a message, in words. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include "digits.h"
#include "output.h"

static void print_v4(char *text, const __u8 bytes[4])
{
	for (unsigned int i = 0; i < 4; i++) {
		text = put_digits(text, bytes[i], 0, ' ');
		*text++ = i < 3 ? '.' : '\0';
	}
}

char *source_print_address(char *text, const struct netcon_source *source)
{
	size_t length;

	if (IN6_IS_ADDR_V4MAPPED(&source->address))
		print_v4(text, &source->address.s6_addr[12]);
	else
		inet_ntop(AF_INET6, &source->address, text, SOURCE_TEXT_MAX);
	if (source->scope) {
		length = strlen(text);
		snprintf(text + length, SOURCE_TEXT_MAX - length, "%%%u", source->scope);
	}
	return text;
}

char *source_print(char *text, const struct netcon_source *source)
{
	const char *form = IN6_IS_ADDR_V4MAPPED(&source->address) ? "%s:%u" : "[%s]:%u";
	char address[SOURCE_TEXT_MAX];

	snprintf(text, SOURCE_TEXT_MAX, form, source_print_address(address, source), ntohs(source->port));
	return text;
}
