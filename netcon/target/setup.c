// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "attribute.h"
#include "kernel_log.h"
#include "setup.h"

/* Userdata is a part of extended messages alone. */
static int add_boot_id(struct target *target)
{
	struct target_entry *entry = &target->userdata[target->entries];
	char id[ATTRIBUTE_VALUE_MAX];
	int err = attribute_read("/proc/sys/kernel/random", "boot_id", id);

	if (err)
		return err;
	snprintf(entry->name, sizeof(entry->name), "%s", TARGET_BOOT_ID);
	snprintf(entry->value, sizeof(entry->value), "%.36s", id);
	target->entries++;
	return 0;
}

/* The kernel's own words say more than an errno. */
static int write_all(const char *root, const struct target *target, const struct target_features *features,
	struct target_problem *problem)
{
	char said[256] = "";
	int log = kernel_log_open(), err = target_write(root, target, features, problem);
	size_t length;

	if (err && log >= 0)
		kernel_log_reason(log, said, sizeof(said));
	if (log >= 0)
		close(log);
	length = strlen(problem->text);
	if (err && *said)
		snprintf(problem->text + length, sizeof(problem->text) - length, ": the kernel says: %s", said);
	return err;
}

static int make(const char *root, struct target *target, struct target_problem *problem)
{
	struct target_features features;
	struct target_problem ignored;
	int err = target_make(root, target->name, problem);

	if (err)
		return err;
	err = target_features_read(root, target->name, &features);
	if (err)
		target_fail(problem, err, "%s", strerror(-err));
	if (!err && target->is_extended && features.userdata) {
		err = add_boot_id(target);
		if (err)
			target_fail(problem, err, "/proc/sys/kernel/random/boot_id: %s", strerror(-err));
	}
	target->has_release = target->is_extended && features.release;
	if (!err)
		err = write_all(root, target, &features, problem);
	if (err)
		target_remove(root, target->name, &ignored);
	return err;
}

/* The one that was there before: as it was, as far as that goes. */
static void make_again(const char *root, const struct target *old, struct target_problem *problem)
{
	struct target_features features;
	struct target_problem reason;
	size_t length = strlen(problem->text);

	if (target_make(root, old->name, &reason) || target_features_read(root, old->name, &features) ||
		target_write(root, old, &features, &reason))
		snprintf(problem->text + length, sizeof(problem->text) - length,
			"; and the one that was there could not be made again");
}

int target_setup(const char *root, const struct record *record, bool may_replace, struct target *target,
	struct target_problem *problem)
{
	struct target old = { 0 };
	bool replaces = target_exists(root, record->name);
	int err;

	if (replaces && !may_replace)
		return target_fail(problem, -EEXIST, "there is a target of that name: --replace changes it, --name makes another");
	err = target_complete(record, target, problem);
	if (err)
		return err;
	if (replaces) {
		err = target_read(root, record->name, &old);
		if (err)
			return target_fail(problem, err, "the target that is there cannot be read: %s", strerror(-err));
		err = target_remove(root, record->name, problem);
		if (err)
			return err;
	}
	err = make(root, target, problem);
	if (err && replaces)
		make_again(root, &old, problem);
	if (err)
		return err;
	err = target_read(root, record->name, target);
	return err ? target_fail(problem, err, "the target cannot be read: %s", strerror(-err)) : 0;
}
