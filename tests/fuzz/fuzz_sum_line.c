// SPDX-License-Identifier: GPL-2.0-or-later
/* A line of sha256sum: reading keeps its bounds, and what is printed of any name is read again. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "digsig/catalog/sum_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_hostile(const uint8_t *data, size_t size)
{
	char *line = malloc(size + 1); /* of its own size: reading past it is found */
	__u8 digest[DIGSIG_DIGEST_SIZE];
	const char *name;

	memcpy(line, data, size);
	line[size] = '\0';
	if (!sum_line_parse(line, size, digest, &name) && !*name)
		abort();
	free(line);
}

static void print_and_read(const char *name)
{
	static const __u8 digest[DIGSIG_DIGEST_SIZE] = { 0x12, 0xef };
	__u8 again[DIGSIG_DIGEST_SIZE];
	char *line = NULL;
	const char *same;
	size_t size;
	FILE *out = open_memstream(&line, &size);

	sum_line_print(out, digest, name);
	fclose(out);
	if (memchr(line, '\n', size) != line + size - 1)
		abort();
	line[--size] = '\0';
	if (sum_line_parse(line, size, again, &same) || memcmp(digest, again, sizeof(digest)) ||
		strcmp(name, same))
		abort();
	free(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *name = malloc(size + 1);

	read_hostile(data, size);
	memcpy(name, data, size);
	name[size] = '\0';
	if (*name)
		print_and_read(name);
	free(name);
	return 0;
}
