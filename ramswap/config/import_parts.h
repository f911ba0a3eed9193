/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of an import share. */
#ifndef RAMSWAP_CONFIG_IMPORT_PARTS_H
#define RAMSWAP_CONFIG_IMPORT_PARTS_H

#include "files.h"
#include "import.h"

#define IMPORT_SIZE_MAX (64 * 1024) /* of one file */
#define IMPORT_TOOLS_FILE "/etc/default/zramswap"

enum { IMPORT_VALUE_MAX = 200, IMPORT_WHERE_MAX = 320 };

/* A setting as it was found. */
struct import_value {
	char where[IMPORT_WHERE_MAX]; /* "/etc/systemd/zram-generator.conf:7"; "": it was not */
	char text[IMPORT_VALUE_MAX];
};

/* The keys of zram-generator.conf. */
enum generator_key {
	GENERATOR_MEMORY_LIMIT,
	GENERATOR_SIZE,
	GENERATOR_RESIDENT_LIMIT,
	GENERATOR_ALGORITHM,
	GENERATOR_WRITEBACK,
	GENERATOR_PRIORITY,
	GENERATOR_MOUNT_POINT,
	GENERATOR_FS_TYPE,
	GENERATOR_OPTIONS,
	GENERATOR_FRACTION,
	GENERATOR_MAX_SIZE,
	GENERATOR_KEYS,
};

/* [zramN] */
struct generator_device {
	__u64 number;
	char where[IMPORT_WHERE_MAX]; /* its first section */
	struct import_value values[GENERATOR_KEYS];
};

struct generator_config {
	struct generator_device devices[IMPORT_DEVICES_MAX]; /* by their numbers */
	size_t count;
};

/* Adds a note, "WHERE: ..."; those above the bound are left out. 0 or -ENOMEM. */
int import_note(struct imported *imported, const char *where, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* One file of zram-generator's, over what *config has. 0; or a negative errno and what was wrong. */
int generator_parse(const char *name, const char *text, size_t size, struct generator_config *config,
	struct imported *imported, struct ramswap_problem *problem);

/* All of its files below root. */
int generator_load(int root, struct generator_config *config, struct imported *imported,
	struct ramswap_problem *problem);

/* Whether there is one. */
bool generator_exists(int root);

/*
 * The devices as settings, on a machine with so many MiB of memory. *count: of the devices that zram-generator makes
 * here and that are swap. 0; -ENOMEM; or -EINVAL: zram-generator would not take it, and why.
 */
int generator_settle(const struct generator_config *config, __u64 ram, struct imported *imported, size_t *count,
	struct ramswap_problem *problem);

/* The keys of a device but its size and its limit. As generator_settle. */
int generator_set_keys(
	const struct generator_device *device, struct imported *imported, struct ramswap_problem *problem);

/* /etc/default/zramswap. 0 or -ENOMEM. */
int tools_parse(const char *name, const char *text, size_t size, struct imported *imported);

/*
 * Sets one setting of ramswap, as config_take does; where that is not possible, a note says so, and the default
 * stays. what: the key, as it was called there. 0 or -ENOMEM.
 */
int import_set(struct imported *imported, const char *section, const char *name, const char *text,
	const struct import_value *value, const char *what);

#endif
