// SPDX-License-Identifier: GPL-2.0-or-later
#include "preflight.h"
#include <linux/magic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

static bool is_mounted(const char *path, unsigned long magic)
{
	struct statfs fs;

	return !statfs(path, &fs) && (unsigned long)fs.f_type == magic;
}

/* Whether "bpf" is one of the comma separated names of the active security modules. */
static bool bpf_lsm_is_active(void)
{
	char names[512] = "", *rest = names, *name;
	FILE *file = fopen("/sys/kernel/security/lsm", "re");

	if (!file)
		return false;
	if (!fgets(names, sizeof(names), file))
		names[0] = 0;
	fclose(file);
	names[strcspn(names, "\n")] = 0;
	while ((name = strsep(&rest, ",")))
		if (!strcmp(name, "bpf"))
			return true;
	return false;
}

/* CapEff of /proc/self/status holds CAP_SYS_ADMIN (bit 21) in the initial user namespace. */
static bool has_rights(void)
{
	unsigned long long effective = 0, inside, outside, count;
	char line[256];
	FILE *file = fopen("/proc/self/status", "re");

	if (!file)
		return geteuid() == 0;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "CapEff: %llx", &effective) == 1)
			break;
	fclose(file);
	if (!(effective >> 21 & 1))
		return false;
	file = fopen("/proc/self/uid_map", "re");
	if (!file)
		return true;
	if (fscanf(file, "%llu %llu %llu", &inside, &outside, &count) != 3)
		count = 0;
	fclose(file);
	return inside == 0 && outside == 0 && count == 4294967295ULL;
}

unsigned int preflight(void)
{
	unsigned int lacks = 0;

	if (!has_rights())
		return PREFLIGHT_RIGHTS; /* without them the rest cannot be looked at */
	if (access("/sys/kernel/btf/vmlinux", R_OK))
		lacks |= PREFLIGHT_BTF;
	if (!is_mounted("/sys/kernel/security", SECURITYFS_MAGIC)) {
		lacks |= PREFLIGHT_SECURITYFS;
	} else {
		if (!bpf_lsm_is_active())
			lacks |= PREFLIGHT_BPF_LSM;
		if (access("/sys/kernel/security/ima", F_OK))
			lacks |= PREFLIGHT_IMA;
	}
	if (!is_mounted("/sys/fs/bpf", BPF_FS_MAGIC))
		lacks |= PREFLIGHT_BPFFS;
	return lacks;
}

const char *preflight_remedy(enum preflight_lack lack)
{
	switch (lack) {
	case PREFLIGHT_RIGHTS:
		return "root is needed, in the initial user namespace: run it with sudo";
	case PREFLIGHT_BTF:
		return "/sys/kernel/btf/vmlinux is missing: the kernel needs "
		       "CONFIG_DEBUG_INFO_BTF=y (Debian's kernels have it)";
	case PREFLIGHT_SECURITYFS:
		return "securityfs is not mounted: mount -t securityfs securityfs "
		       "/sys/kernel/security";
	case PREFLIGHT_BPF_LSM:
		return "the BPF security module is not active: the kernel needs CONFIG_BPF_LSM=y, "
		       "and \"bpf\" in lsm= on its command line (see /sys/kernel/security/lsm)";
	case PREFLIGHT_IMA:
		return "the kernel has no IMA, which hashes the files: it needs CONFIG_IMA=y";
	case PREFLIGHT_BPFFS:
		return "the BPF file system is not mounted: mount -t bpf bpf /sys/fs/bpf";
	}
	return "?";
}
