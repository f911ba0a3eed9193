/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the engine needs of the running kernel and of its caller. */
#ifndef DIGSIG_ENFORCE_PREFLIGHT_H
#define DIGSIG_ENFORCE_PREFLIGHT_H

#include <stdbool.h>
#include <stddef.h>

enum preflight_lack {
	PREFLIGHT_RIGHTS = 1 << 0, /* CAP_SYS_ADMIN and what comes with it */
	PREFLIGHT_BTF = 1 << 1, /* /sys/kernel/btf/vmlinux */
	PREFLIGHT_SECURITYFS = 1 << 2, /* not mounted: BPF LSM and IMA cannot be asked about */
	PREFLIGHT_BPF_LSM = 1 << 3, /* "bpf" in /sys/kernel/security/lsm */
	PREFLIGHT_IMA = 1 << 4, /* hashes the files */
	PREFLIGHT_BPFFS = 1 << 5, /* /sys/fs/bpf holds the engine while no process does */
	PREFLIGHT_KERNEL = 1 << 6, /* Linux 6.1 or newer */
	PREFLIGHT_IMA_HASH = 1 << 7, /* IMA hashes with something else than SHA-256 */
	PREFLIGHT_LOCKDOWN = 1 << 8, /* confidentiality: no BPF program may read the kernel */
};

/* Bits of enum preflight_lack; 0: the engine can be started here. */
unsigned int preflight(void);

/*
 * The same without asking for rights first: whatever can be seen to be missing. *unseen gets the
 * bits that this caller could not find out about.
 */
unsigned int preflight_look(unsigned int *unseen);

/* Whether this process has a capability, CAP_SYS_PTRACE for instance; without /proc: whether it is root's. */
bool has_capability(unsigned int number);

/* The value of a kernel parameter, as in ima_hash=VALUE, the first one; false: it is not given. */
bool kernel_parameter(const char *name, char *value, size_t size);

/* The names in /sys/kernel/security/lsm, separated by commas; false: they cannot be read. */
bool active_security_modules(char *names, size_t size);

/* What is missing and the remedy, in one line; for one bit. A static string. */
const char *preflight_remedy(enum preflight_lack lack);

#endif
