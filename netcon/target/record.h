/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the user wants of a target, and the file that it is kept in, so that netcon setup --all makes the target
 * again after a boot. What was not said is found anew each time: the interface, the addresses, the neighbour.
 *
 *   target = 192.0.2.1:6666
 *   interface = eth0
 *   source = 192.0.2.7
 *   source_port = 6665
 *   mac = 52:54:00:12:34:56
 *   basic = no
 *   userdata = NAME=VALUE
 *   sysdata = cpu_nr,taskname
 *   level = 8
 *   replay = yes
 *   timeout = 10
 *
 * "target" must be there, the others may; "userdata" may be there several times.
 */
#ifndef KERNKIT_NETCON_TARGET_RECORD_H
#define KERNKIT_NETCON_TARGET_RECORD_H

#include "console.h"
#include "target.h"

#define RECORD_FOLDER "/etc/netcon/targets.d"

enum {
	RECORD_SIZE_MAX = 16 * 1024, /* bytes of a file */
	RECORD_ENTRIES_MAX = TARGET_ENTRIES_MAX - 1, /* one is netcon_boot_id */
	RECORD_TIMEOUT_MAX = 3600, /* seconds */
	RECORD_LEVEL_MAX = CONSOLE_LEVEL_ALL,
};

struct record {
	char name[TARGET_NAME_MAX + 1];
	union address remote;
	char interface[IF_NAMESIZE]; /* "": that of the route */
	union address source; /* of no family: that of the route */
	in_port_t source_port; /* in the host's order */
	bool knows_mac;
	__u8 mac[ETH_ALEN]; /* without knows_mac: that of the next hop is found */
	bool is_basic; /* the text of messages alone, without numbers */
	struct target_entry userdata[RECORD_ENTRIES_MAX];
	size_t entries;
	unsigned int sysdata; /* bits: target_sysdata_words */
	unsigned int level; /* messages of lower levels are sent: console_loglevel; 0: as it is */
	bool without_replay;
	double timeout; /* seconds, for the neighbour to answer */
};

/* All that is not said. */
#define RECORD_USUAL                                                                               \
	{                                                                                          \
		.source_port = 6665, .timeout = 10                                                 \
	}

/* Words with commas between them. False: one of them is none. */
bool record_parse_sysdata(const char *text, unsigned int *sysdata);

/* One more entry, or another value for one. 0; -EINVAL, -E2BIG: as target_parse_entry; -ENOSPC: there are too many. */
int record_add_entry(struct record *record, const char *text);

/* name: what the file is called in *problem. usual_port: of the target. 0, or a negative errno and what was wrong. */
int target_record_parse(const char *name, const char *text, size_t size, in_port_t usual_port, struct record *record,
	struct target_problem *problem);

/* The file's text, to be freed; NULL: memory is short. */
char *record_print(const struct record *record);

/* FOLDER/NAME.conf: 0, or a negative errno and what was wrong. */
int record_load(const char *folder, const char *name, in_port_t usual_port, struct record *record,
	struct target_problem *problem);
/* It makes the folder, too. -EINVAL: the file would not say the same: userdata is too long for it, or has " ;". */
int record_save(const char *folder, const struct record *record, struct target_problem *problem);
/* -ENOENT: it is not there. */
int record_remove(const char *folder, const char *name, struct target_problem *problem);

/* Whether there is such a file. */
bool record_exists(const char *folder, const char *name);

/* The names of all records, in their order; free them with names_free. No folder: none. */
int record_names(const char *folder, char ***names, size_t *count);

#endif
