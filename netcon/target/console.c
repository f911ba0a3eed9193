// SPDX-License-Identifier: GPL-2.0-or-later
#include "console.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define LEVELS "/proc/sys/kernel/printk"
#define IGNORE_LEVEL "/sys/module/printk/parameters/ignore_loglevel"
#define CONSOLES "/proc/consoles"
#define PANIC "/proc/sys/kernel/panic"

/* The first number of the file. */
static int read_number(const char *path, int *number)
{
	FILE *in = fopen(path, "re");
	int got;

	if (!in)
		return -errno;
	got = fscanf(in, "%9d", number);
	fclose(in);
	return got == 1 ? 0 : -EPROTO;
}

static bool ignores_level(void)
{
	FILE *in = fopen(IGNORE_LEVEL, "re");
	bool ignores = in && fgetc(in) == 'Y';

	if (in)
		fclose(in);
	return ignores;
}

int console_level(void)
{
	int level, err;

	if (ignores_level())
		return CONSOLE_LEVEL_ALL;
	err = read_number(LEVELS, &level);
	if (err)
		return err;
	if (level < 0)
		return -EPROTO;
	return level < CONSOLE_LEVEL_ALL ? level : CONSOLE_LEVEL_ALL;
}

int console_set_level(unsigned int level)
{
	FILE *out = fopen(LEVELS, "we");
	int err = 0;

	if (!out)
		return -errno;
	/* The other three numbers of the file stay as they are. */
	if (fprintf(out, "%u\n", level) < 0)
		err = -errno;
	if (fclose(out) && !err)
		err = -errno;
	return err;
}

/* "netcon_ext0          -W- (E  N   )": the console is netconsole's, and has a thread. */
static bool is_threaded(const char *line)
{
	const char *flags = strchr(line, '('), *end = flags ? strchr(flags, ')') : NULL;

	return !strncmp(line, "netcon", 6) && end && memchr(flags, 'N', (size_t)(end - flags));
}

bool console_loses_panic(int *seconds)
{
	FILE *in = fopen(CONSOLES, "re");
	char line[256];
	bool found = false;

	if (!in)
		return false;
	while (!found && fgets(line, sizeof(line), in))
		found = is_threaded(line);
	fclose(in);
	return found && !read_number(PANIC, seconds) && *seconds;
}
