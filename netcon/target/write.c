// SPDX-License-Identifier: GPL-2.0-or-later
/* Makes targets and takes them away. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../lib/text/flags.h"
#include "attribute.h"
#include "target.h"

static int folder_of(char *folder, const char *root, const char *name, struct target_problem *problem)
{
	if (snprintf(folder, ATTRIBUTE_PATH_MAX, "%s/%s", root, name) >= ATTRIBUTE_PATH_MAX)
		return target_fail(problem, -ENAMETOOLONG, "the name is too long");
	return 0;
}

int target_make(const char *root, const char *name, struct target_problem *problem)
{
	char folder[ATTRIBUTE_PATH_MAX];
	int err = folder_of(folder, root, name, problem);

	if (!err && mkdir(folder, 0755)) {
		err = -errno;
		target_fail(problem, err, "it cannot be made: %s", strerror(-err));
	}
	return err;
}

/* The kernel prints an address in its own way. */
static bool is_same(const char *one, const char *other)
{
	union address first = { 0 }, second = { 0 };

	if (!strcasecmp(one, other))
		return true;
	return !address_parse(one, &first) && !address_parse(other, &second) &&
	       !memcmp(&first, &second, sizeof(first));
}

static int write_and_check(const char *folder, const char *attribute, const char *value,
	struct target_problem *problem)
{
	char found[ATTRIBUTE_VALUE_MAX];
	int err = attribute_write(folder, attribute, value);

	if (err)
		return target_fail(problem, err, "%s: %s is refused: %s", attribute, value, strerror(-err));
	err = attribute_read(folder, attribute, found);
	if (err)
		return target_fail(problem, err, "%s: it cannot be read back: %s", attribute, strerror(-err));
	if (!is_same(found, value))
		return target_fail(problem, -EIO, "%s: %s was written, but the kernel has %s", attribute, value, found);
	return 0;
}

static int write_flag(const char *folder, const char *attribute, bool is_there, bool value,
	struct target_problem *problem)
{
	if (!is_there && value)
		return target_fail(problem, -EOPNOTSUPP, "%s: this kernel does not have it", attribute);
	return is_there ? write_and_check(folder, attribute, value ? "1" : "0", problem) : 0;
}

static int write_port(const char *folder, const char *attribute, const union address *address,
	struct target_problem *problem)
{
	char value[16];

	snprintf(value, sizeof(value), "%u", (unsigned int)address_port(address));
	return write_and_check(folder, attribute, value, problem);
}

/* The kernel's attributes take no "%INTERFACE". */
static int write_address(const char *folder, const char *attribute, const union address *address,
	struct target_problem *problem)
{
	char value[ADDRESS_TEXT_MAX];

	address_print(value, address);
	value[strcspn(value, "%")] = 0;
	return write_and_check(folder, attribute, value, problem);
}

static int write_entry(const char *folder, const struct target_entry *entry, struct target_problem *problem)
{
	char path[ATTRIBUTE_PATH_MAX], attribute[TARGET_ENTRY_NAME_MAX + 20];

	snprintf(attribute, sizeof(attribute), "userdata/%s", entry->name);
	if (snprintf(path, sizeof(path), "%s/%s", folder, attribute) >= (int)sizeof(path))
		return target_fail(problem, -ENAMETOOLONG, "%s: the name is too long", attribute);
	if (mkdir(path, 0755) && errno != EEXIST) {
		int err = -errno;

		return target_fail(problem, err, "%s: it cannot be made: %s", attribute, strerror(-err));
	}
	snprintf(attribute, sizeof(attribute), "userdata/%s/value", entry->name);
	return write_and_check(folder, attribute, entry->value, problem);
}

static int write_extra(const char *folder, const struct target *target, const struct target_features *features,
	struct target_problem *problem)
{
	int err = 0;

	if (target->entries && !features->userdata)
		return target_fail(problem, -EOPNOTSUPP, "userdata: this kernel does not have it: it came with Linux 6.9");
	for (size_t i = 0; i < target->entries && !err; i++)
		err = write_entry(folder, &target->userdata[i], problem);
	for (const struct flag_word *word = target_sysdata_words; word->word && !err; word++) {
		char attribute[64];

		snprintf(attribute, sizeof(attribute), "userdata/%s_enabled", word->word);
		err = write_flag(folder, attribute, features->sysdata & word->flag, target->sysdata & word->flag, problem);
	}
	return err;
}

/* enabled is last: the kernel then takes no change of the others. */
int target_write(const char *root, const struct target *target, const struct target_features *features,
	struct target_problem *problem)
{
	char folder[ATTRIBUTE_PATH_MAX], mac[TARGET_MAC_TEXT_MAX];
	int err = folder_of(folder, root, target->name, problem);

	if (!err)
		err = write_flag(folder, "extended", features->extended, target->is_extended, problem);
	if (!err)
		err = write_flag(folder, "release", features->release, target->has_release, problem);
	if (!err)
		err = write_and_check(folder, "dev_name", target->interface, problem);
	if (!err)
		err = write_port(folder, "local_port", &target->local, problem);
	if (!err)
		err = write_port(folder, "remote_port", &target->remote, problem);
	if (!err)
		err = write_address(folder, "local_ip", &target->local, problem);
	if (!err)
		err = write_address(folder, "remote_ip", &target->remote, problem);
	if (!err)
		err = write_and_check(folder, "remote_mac", target_print_mac(mac, target->mac), problem);
	if (!err)
		err = write_extra(folder, target, features, problem);
	if (!err && target->is_enabled)
		err = write_and_check(folder, "enabled", "1", problem);
	return err;
}

/* The directories that were made in userdata; the kernel removes the rest itself. */
static int remove_userdata(const char *folder, struct target_problem *problem)
{
	char path[ATTRIBUTE_PATH_MAX];
	struct dirent **names;
	int count, err = 0;

	if (snprintf(path, sizeof(path), "%s/userdata", folder) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	count = scandir(path, &names, NULL, NULL);
	for (int i = 0; i < count; i++) {
		char entry[ATTRIBUTE_PATH_MAX + 257];

		snprintf(entry, sizeof(entry), "%s/%s", path, names[i]->d_name);
		if (*names[i]->d_name != '.' && !err && rmdir(entry) && errno != ENOTDIR && errno != ENOENT)
			err = target_fail(problem, -errno, "userdata/%s: it cannot be removed: %s", names[i]->d_name,
				strerror(errno));
		free(names[i]);
	}
	if (count >= 0)
		free(names);
	return err;
}

int target_remove(const char *root, const char *name, struct target_problem *problem)
{
	char folder[ATTRIBUTE_PATH_MAX], value[ATTRIBUTE_VALUE_MAX];
	int err = folder_of(folder, root, name, problem);

	if (err)
		return err;
	if (!target_exists(root, name))
		return target_fail(problem, -ENOENT, "there is no such target");
	if (!attribute_read(folder, "enabled", value) && !strcmp(value, "1"))
		err = write_and_check(folder, "enabled", "0", problem);
	if (!err)
		err = remove_userdata(folder, problem);
	if (!err && rmdir(folder)) {
		err = -errno;
		target_fail(problem, err, "it cannot be removed: %s", strerror(-err));
	}
	return err;
}
