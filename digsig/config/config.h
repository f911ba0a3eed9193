/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /etc/digsig/digsig.conf: what digsig start and digsigd are to do. INI, read with libinih; every
 * setting is explained in digsig.conf(5).
 */
#ifndef DIGSIG_CONFIG_H
#define DIGSIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>
#include "../format/policy.h"

#define CONFIG_FILE "/etc/digsig/digsig.conf"
#define CONFIG_TRUST "/etc/digsig/trust" /* what is trusted if the file says nothing of it */

/* What a file may have at most. */
#define CONFIG_SIZE_MAX (64 * 1024)
#define CONFIG_PATHS_MAX 32

/* What becomes of certificates in the trust that are expired, or not valid yet. */
enum config_expiry {
	CONFIG_EXPIRY_WARN, /* they are trusted, and that is said */
	CONFIG_EXPIRY_IGNORE, /* they are trusted */
	CONFIG_EXPIRY_REFUSE, /* they are left out */
};

/* Limits of the sizes that can be set, in bytes, and in words. */
#define CONFIG_BYTES_MIN 4096
#define CONFIG_BYTES_MAX (1ULL << 40)
#define CONFIG_BYTES_RULE "a size from 4K to 1024G: a number, and K, M or G"

/* Such a size. False: text is none, and *bytes stays what it was. */
bool config_parse_bytes(const char *text, __u64 *bytes);

/* Absolute paths, in the order of the file; owned. */
struct config_paths {
	char *path[CONFIG_PATHS_MAX];
	size_t count;
};

struct digsig_config {
	/* [engine] */
	unsigned int mode; /* enum digsig_mode; monitor */
	struct config_paths trust; /* certificates, and directories of them; /etc/digsig/trust */
	unsigned int expiry; /* enum config_expiry; warn */
	unsigned int wx; /* enum digsig_wx; audit */
	unsigned int max_files; /* room for trusted digests; 0: as many as the engine thinks */
	__u64 max_file_size; /* bytes; a larger file is not hashed, and counts as unsigned; 4 GiB */
	char *catalogs; /* the directory of signed catalogs; NULL: none. Owned */
	char *signing_key; /* of digsig catalog create --install; NULL: there is none here. Owned */
	/* [scope]: a bit of enum digsig_scope each; all but firmware */
	unsigned int scopes;
	/* [daemon] */
	struct config_paths roots; /* what is admitted; /usr */
	char *log_file; /* JSON lines; NULL: the journal alone. Owned */
	__u64 log_size; /* bytes, from which on the log file is rotated; 16 MiB */
	unsigned int log_keep; /* rotated files that are kept; 4 */
	unsigned int rollback; /* 1: an epoch that ran is the least of its identity from then on; 0 */
	unsigned int rate; /* seconds for which repeats are counted only; 0: never; 10 */
	/* [fleet] */
	char *fleet_group; /* NULL: the machine is in no fleet, and the others mean nothing. Owned */
	char *fleet_host; /* the machine's host name; NULL: that is no name of a fleet's host. Owned */
	struct config_paths fleet_trust; /* certificates of fleet keys; /etc/digsig/fleet */
	char *fleet_server; /* URLs of NATS servers, with commas between; NULL: not given. Owned */
	char *fleet_ca, *fleet_certificate, *fleet_key; /* PEM files for TLS; NULL: none. Owned */
	__u64 fleet_spool_size; /* bytes of events that are kept while the network is away; 64 MiB */
};

/* Where events are written for digsig-fleetd, if [daemon] names no log-file. */
#define CONFIG_FLEET_LOG_FILE "/var/log/digsig/fleet.jsonl"

/* "digsig.conf:7: what is wrong", or the file's name and what is wrong; one line. */
struct config_problem {
	char text[512];
};

/*
 * Reads the file, or the defaults if path is NULL and CONFIG_FILE does not exist. All or nothing:
 * on error *config holds nothing that had to be freed, and *problem says what is wrong. -EINVAL:
 * the file breaks a rule; other negative errno: it could not be read.
 */
int config_load(const char *path, struct digsig_config *config, struct config_problem *problem);

/* The same for size bytes of text that came from a file called name. */
int config_parse(const char *name, const char *text, size_t size, struct digsig_config *config,
	struct config_problem *problem);

/* Frees its strings; the structure is the caller's. */
void config_free(struct digsig_config *config);

#endif
