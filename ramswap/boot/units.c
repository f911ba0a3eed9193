// SPDX-License-Identifier: GPL-2.0-or-later
#include "units.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SERVICE "ramswap.service"
#define TIMER "ramswap-maintain.timer"
#define NAME "50-ramswap-generator.conf"
#define HEAD "# Written by ramswap-generator: ramswap.conf(5).\n[Unit]\n"

static bool is_plain(char character, bool is_first)
{
	return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
		(character >= '0' && character <= '9') || character == ':' || character == '_' ||
		(character == '.' && !is_first);
}

bool units_device_name(const char *path, char name[UNITS_NAME_MAX + 1])
{
	static const char ending[] = ".device";
	size_t used = 0;

	path += strspn(path, "/");
	while (*path && used + 4 + sizeof(ending) <= UNITS_NAME_MAX) {
		if (*path == '/') {
			path += strspn(path, "/");
			if (*path)
				name[used++] = '-';
			continue;
		}
		used += (size_t)sprintf(name + used, is_plain(*path, !used) ? "%c" : "\\x%02x", (unsigned char)*path);
		path++;
	}
	strcpy(name + used, ending);
	return !*path;
}

static int fail(struct ramswap_problem *problem, const char *path)
{
	int err = -errno;

	snprintf(problem->text, sizeof(problem->text), "%.300s: %s", path, strerror(-err));
	return err;
}

static int make_folder(const char *folder, const char *name, struct ramswap_problem *problem)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return mkdir(path, 0755) && errno != EEXIST ? fail(problem, path) : 0;
}

static int write_file(const char *folder, const char *unit, const char *text, struct ramswap_problem *problem)
{
	char path[PATH_MAX], name[UNITS_NAME_MAX + 8];
	FILE *file;
	int err;

	snprintf(name, sizeof(name), "%s.d", unit);
	err = make_folder(folder, name, problem);
	if (err)
		return err;
	snprintf(path, sizeof(path), "%s/%s/" NAME, folder, name);
	file = fopen(path, "we");
	if (!file)
		return fail(problem, path);
	fputs(text, file);
	if (fflush(file) || ferror(file)) {
		err = fail(problem, path);
		fclose(file);
		unlink(path);
		return err;
	}
	return fclose(file) ? fail(problem, path) : 0;
}

static int write_link(const char *folder, const char *target, const char *unit, struct ramswap_problem *problem)
{
	char path[PATH_MAX], name[64], file[PATH_MAX];
	int err;

	snprintf(name, sizeof(name), "%s.wants", target);
	err = make_folder(folder, name, problem);
	snprintf(path, sizeof(path), "%s/%s/%s", folder, name, unit);
	snprintf(file, sizeof(file), UNIT_FOLDER "/%s", unit);
	if (!err && symlink(file, path) && errno != EEXIST)
		err = fail(problem, path);
	return err;
}

/* One unit more, to be there before. */
static void want(FILE *out, const char *unit)
{
	fprintf(out, "Wants=%s\nAfter=%s\n", unit, unit);
}

static int write_needs(const struct boot_decision *decision, const char *folder, struct ramswap_problem *problem)
{
	char text[BOOT_MODULES_MAX * 128 + BOOT_DEVICES_MAX * 2 * (UNITS_NAME_MAX + 8) + sizeof(HEAD)], unit[64];
	char device[UNITS_NAME_MAX + 1];
	FILE *out;

	if (!decision->module_count && !decision->device_count)
		return 0;
	out = fmemopen(text, sizeof(text), "w");
	if (!out)
		return fail(problem, folder);
	fputs(HEAD, out);
	for (size_t i = 0; i < decision->module_count; i++) {
		snprintf(unit, sizeof(unit), "modprobe@%s.service", decision->modules[i]);
		want(out, unit);
	}
	/* One that no unit can be named after, ramswap finds or not. */
	for (size_t i = 0; i < decision->device_count; i++)
		if (units_device_name(decision->devices[i], device))
			want(out, device);
	fclose(out);
	return write_file(folder, SERVICE, text, problem);
}

int units_write(const struct boot_decision *decision, const char *folder, struct ramswap_problem *problem)
{
	int err;

	if (!decision->is_wanted)
		return 0;
	err = write_needs(decision, folder, problem);
	if (!err)
		err = write_link(folder, "swap.target", SERVICE, problem);
	if (!err && decision->wants_upkeep)
		err = write_link(folder, "timers.target", TIMER, problem);
	return err;
}
