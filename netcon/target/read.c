// SPDX-License-Identifier: GPL-2.0-or-later
/* Targets that are there. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/flags.h"
#include "../../lib/text/number.h"
#include "attribute.h"
#include "target.h"

/* The directory of a target. */
static int folder_of(char *folder, const char *root, const char *name)
{
	int length = snprintf(folder, ATTRIBUTE_PATH_MAX, "%s/%s", root, name);

	return length < ATTRIBUTE_PATH_MAX ? 0 : -ENAMETOOLONG;
}

bool target_exists(const char *root, const char *name)
{
	return *name && !strchr(name, '/') && strcmp(name, ".") && strcmp(name, "..") && attribute_exists(root, name);
}

static unsigned int sysdata_of(const char *folder)
{
	char name[64];
	unsigned int bits = 0;

	for (const struct flag_word *word = target_sysdata_words; word->word; word++) {
		snprintf(name, sizeof(name), "userdata/%s_enabled", word->word);
		if (attribute_exists(folder, name))
			bits |= word->flag;
	}
	return bits;
}

int target_features_read(const char *root, const char *name, struct target_features *features)
{
	char folder[ATTRIBUTE_PATH_MAX];
	int err = folder_of(folder, root, name);

	if (err)
		return err;
	if (!target_exists(root, name))
		return -ENOENT;
	*features = (struct target_features){
		.extended = attribute_exists(folder, "extended"),
		.release = attribute_exists(folder, "release"),
		.userdata = attribute_exists(folder, "userdata"),
		.errors = attribute_exists(folder, "transmit_errors"),
		.sysdata = sysdata_of(folder),
	};
	return 0;
}

/* Of a kernel without it: false. */
static bool is_set(const char *folder, const char *attribute)
{
	char value[ATTRIBUTE_VALUE_MAX];

	return !attribute_read(folder, attribute, value) && !strcmp(value, "1");
}

/* An address that was not set yet is none of any family. */
static void read_address(const char *folder, const char *attribute, const char *port, union address *address)
{
	char value[ATTRIBUTE_VALUE_MAX];
	__u64 number;

	*address = (union address){ 0 };
	if (attribute_read(folder, attribute, value) || address_parse(value, address))
		return;
	if (!attribute_read(folder, port, value) && !number_parse(value, 0, 65535, &number))
		address_set_port(address, (in_port_t)number);
}

static void read_userdata(const char *folder, struct target *target)
{
	char path[ATTRIBUTE_PATH_MAX], attribute[300], value[ATTRIBUTE_VALUE_MAX];
	struct dirent **names;
	int count;

	if (snprintf(path, sizeof(path), "%s/userdata", folder) >= (int)sizeof(path))
		return;
	count = scandir(path, &names, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		const char *name = names[i]->d_name;
		struct target_entry *entry = &target->userdata[target->entries];

		snprintf(attribute, sizeof(attribute), "userdata/%s/value", name);
		if (target->entries < TARGET_ENTRIES_MAX && *name != '.' && strlen(name) < sizeof(entry->name) &&
			!attribute_read(folder, attribute, value)) {
			strcpy(entry->name, name);
			snprintf(entry->value, sizeof(entry->value), "%.*s", TARGET_ENTRY_VALUE_MAX, value);
			target->entries++;
		}
		free(names[i]);
	}
	if (count >= 0)
		free(names);
}

static unsigned int read_sysdata(const char *folder)
{
	char name[64];
	unsigned int bits = 0;

	for (const struct flag_word *word = target_sysdata_words; word->word; word++) {
		snprintf(name, sizeof(name), "userdata/%s_enabled", word->word);
		if (is_set(folder, name))
			bits |= word->flag;
	}
	return bits;
}

int target_read(const char *root, const char *name, struct target *target)
{
	char folder[ATTRIBUTE_PATH_MAX], value[ATTRIBUTE_VALUE_MAX];
	int err = folder_of(folder, root, name);

	*target = (struct target){ 0 };
	if (err)
		return err;
	if (!target_exists(root, name))
		return -ENOENT;
	/* Without this one it is no target, or may not be read. */
	err = attribute_read(folder, "enabled", value);
	if (err)
		return err;
	target->is_enabled = !strcmp(value, "1");
	snprintf(target->name, sizeof(target->name), "%s", name);
	target->is_extended = is_set(folder, "extended");
	target->has_release = is_set(folder, "release");
	if (!attribute_read(folder, "dev_name", value))
		snprintf(target->interface, sizeof(target->interface), "%.*s", IF_NAMESIZE - 1, value);
	read_address(folder, "local_ip", "local_port", &target->local);
	read_address(folder, "remote_ip", "remote_port", &target->remote);
	if (!attribute_read(folder, "remote_mac", value))
		target_parse_mac(value, target->mac);
	target->counts_errors = !attribute_read(folder, "transmit_errors", value) &&
				!number_parse(value, 0, ~(__u64)0, &target->errors);
	read_userdata(folder, target);
	target->sysdata = read_sysdata(folder);
	return 0;
}

/* d_type is not asked: a directory that stands for configfs may be on any file system. */
static int is_name(const struct dirent *entry)
{
	return *entry->d_name != '.';
}

int target_names(const char *root, char ***names, size_t *count)
{
	return names_read(root, is_name, 0, names, count);
}
