// SPDX-License-Identifier: GPL-2.0-or-later
#include "sum_line.h"
#include <errno.h>
#include <string.h>
#include "../../lib/text/text.h"

#define HEX_SIZE ((size_t)2 * DIGSIG_DIGEST_SIZE)

/* What stands behind a backslash; 0: nothing that sha256sum writes. */
static char unescaped(char letter)
{
	switch (letter) {
	case '\\':
		return '\\';
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	default:
		return '\0';
	}
}

static int unescape(char *name)
{
	char *out = name;

	for (const char *at = name; *at; at++, out++) {
		*out = *at == '\\' ? unescaped(*++at) : *at;
		if (!*out)
			return -EBADMSG;
	}
	*out = '\0';
	return 0;
}

int sum_line_parse(
	char *line, size_t length, __u8 digest[DIGSIG_DIGEST_SIZE], const char **name)
{
	bool is_escaped = *line == '\\';
	char hex[HEX_SIZE + 1] = "";

	if (strlen(line) != length)
		return -EBADMSG;
	if (length && line[length - 1] == '\r')
		line[--length] = '\0';
	line += is_escaped;
	length -= is_escaped;
	/* sha256sum writes small letters. */
	if (length < HEX_SIZE + 3 || strspn(line, "0123456789abcdef") != HEX_SIZE ||
		line[HEX_SIZE] != ' ' || (line[HEX_SIZE + 1] != ' ' && line[HEX_SIZE + 1] != '*'))
		return -EBADMSG;
	memcpy(hex, line, HEX_SIZE);
	if (!parse_hex(hex, digest, DIGSIG_DIGEST_SIZE))
		return -EBADMSG;
	*name = line + HEX_SIZE + 2;
	return is_escaped ? unescape(line + HEX_SIZE + 2) : 0;
}

static void print_escaped(FILE *out, const char *name)
{
	for (; *name; name++) {
		if (*name == '\n')
			fputs("\\n", out);
		else if (*name == '\r')
			fputs("\\r", out);
		else if (*name == '\\')
			fputs("\\\\", out);
		else
			putc(*name, out);
	}
}

void sum_line_print(FILE *out, const __u8 digest[DIGSIG_DIGEST_SIZE], const char *name)
{
	bool is_escaped = strpbrk(name, "\\\n\r");
	char hex[HEX_SIZE + 1];

	print_hex(hex, digest, DIGSIG_DIGEST_SIZE);
	fprintf(out, "%s%s  ", is_escaped ? "\\" : "", hex);
	if (is_escaped)
		print_escaped(out, name);
	else
		fputs(name, out);
	putc('\n', out);
}
