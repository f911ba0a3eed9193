/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's netconsole targets, as configfs shows them: a directory for each, in it a file for each attribute
 * (Documentation/networking/netconsole.rst). A target sends while "enabled" is 1; nothing but userdata can be
 * changed then.
 */
#ifndef KERNKIT_NETCON_TARGET_H
#define KERNKIT_NETCON_TARGET_H

#include <linux/if_ether.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include "../../lib/text/flags.h"
#include "../route/address.h"
#include "names.h"

/* The folder of the targets; every function takes its root, so that another directory can stand for it. */
#define TARGET_ROOT "/sys/kernel/config/netconsole"

enum {
	TARGET_NAME_MAX = 63,
	TARGET_ENTRIES_MAX = 16, /* userdata of a target (MAX_USERDATA_ITEMS) */
	TARGET_ENTRY_NAME_MAX = 53, /* MAX_EXTRADATA_NAME_LEN */
	TARGET_ENTRY_VALUE_MAX = 199, /* MAX_EXTRADATA_VALUE_LEN, with the 0 behind it */
	TARGET_MAC_TEXT_MAX = 3 * ETH_ALEN,
};

/* What the kernel adds to each message by itself, since 6.14 and later. */
enum {
	TARGET_SYSDATA_CPU_NR = 1 << 0,
	TARGET_SYSDATA_TASKNAME = 1 << 1,
	TARGET_SYSDATA_RELEASE = 1 << 2,
	TARGET_SYSDATA_MSGID = 1 << 3,
};
extern const struct flag_word target_sysdata_words[];

/* userdata: a line " NAME=VALUE" behind each message. */
struct target_entry {
	char name[TARGET_ENTRY_NAME_MAX + 1];
	char value[TARGET_ENTRY_VALUE_MAX + 1];
};

struct target {
	char name[TARGET_NAME_MAX + 1];
	bool is_enabled, is_extended;
	bool has_release; /* each message begins with the kernel's release */
	char interface[IF_NAMESIZE];
	union address local, remote;
	__u8 mac[ETH_ALEN]; /* of the next hop */
	struct target_entry userdata[TARGET_ENTRIES_MAX];
	size_t entries; /* of userdata */
	unsigned int sysdata; /* bits */
	bool counts_errors; /* newer kernels do */
	__u64 errors; /* messages that could not be sent */
};

/* What a kernel's targets have; found in the directory of one. */
struct target_features {
	bool extended, release, userdata, errors;
	unsigned int sysdata; /* bits */
};

/* What was wrong, in words: "remote_mac: Invalid argument". */
struct target_problem {
	char text[512];
};

/* Fills it, cut where it does not fit, and returns err. */
int target_fail(struct target_problem *problem, int err, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* A name for a target, and for the file that it is kept in: letters, digits, "_", "-", "." but not in front. */
bool target_name_is_good(const char *name);

/* "52:54:00:12:34:56", of either case. False: text is not that, or no address of one machine. */
bool target_parse_mac(const char *text, __u8 mac[ETH_ALEN]);

/* text has room for TARGET_MAC_TEXT_MAX. Returns text. */
char *target_print_mac(char *text, const __u8 mac[ETH_ALEN]);

/* "NAME=VALUE", printable ASCII, as an entry of userdata. -EINVAL: it is not; -E2BIG: it is too long. */
int target_parse_entry(const char *text, struct target_entry *entry);

/* Whether there is a target of that name. */
bool target_exists(const char *root, const char *name);

/* 0 and *features; or a negative errno: -ENOENT: there is no such target. */
int target_features_read(const char *root, const char *name, struct target_features *features);

/* 0 and *target; or a negative errno. What a kernel does not have is false or 0. */
int target_read(const char *root, const char *name, struct target *target);

/* The names of the targets, as names_read has them; or a negative errno: -ENOENT: no netconsole here. */
int target_names(const char *root, char ***names, size_t *count);

/* Makes the directory. -EEXIST: it is there. */
int target_make(const char *root, const char *name, struct target_problem *problem);

/*
 * Writes every attribute of a target that is not enabled, reads each back, and enables it last, if is_enabled
 * says so. 0, or a negative errno and what was wrong: the target is then as far as that.
 */
int target_write(const char *root, const struct target *target, const struct target_features *features,
	struct target_problem *problem);

/* Disables it and takes it away, with its userdata. 0, or a negative errno and what was wrong. */
int target_remove(const char *root, const char *name, struct target_problem *problem);

#endif
