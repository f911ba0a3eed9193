/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the engine needs of the running kernel and of its caller. */
#ifndef DIGSIG_ENFORCE_PREFLIGHT_H
#define DIGSIG_ENFORCE_PREFLIGHT_H

enum preflight_lack {
	PREFLIGHT_RIGHTS = 1 << 0, /* CAP_SYS_ADMIN and what comes with it */
	PREFLIGHT_BTF = 1 << 1, /* /sys/kernel/btf/vmlinux */
	PREFLIGHT_SECURITYFS = 1 << 2, /* not mounted: BPF LSM and IMA cannot be asked about */
	PREFLIGHT_BPF_LSM = 1 << 3, /* "bpf" in /sys/kernel/security/lsm */
	PREFLIGHT_IMA = 1 << 4, /* hashes the files */
	PREFLIGHT_BPFFS = 1 << 5, /* /sys/fs/bpf holds the engine while no process does */
};

/* Bits of enum preflight_lack; 0: the engine can be started here. */
unsigned int preflight(void);

/* What is missing and the remedy, in one line; for one bit. A static string. */
const char *preflight_remedy(enum preflight_lack lack);

#endif
