// SPDX-License-Identifier: GPL-2.0-or-later
#include "preflight.h"
#include <linux/capability.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

static bool is_mounted(const char *path, unsigned long magic)
{
	struct statfs fs;

	return !statfs(path, &fs) && (unsigned long)fs.f_type == magic;
}

/* The first line of a file; false: it cannot be read. */
static bool read_line(const char *path, char *line, size_t size)
{
	FILE *file = fopen(path, "re");
	bool is_read = file && fgets(line, (int)size, file);

	if (file)
		fclose(file);
	if (is_read)
		line[strcspn(line, "\n")] = '\0';
	return is_read;
}

bool active_security_modules(char *names, size_t size)
{
	return read_line("/sys/kernel/security/lsm", names, size);
}

/* Whether "bpf" is one of the comma separated names of the active security modules. */
static bool bpf_lsm_is_active(void)
{
	char names[512], *rest = names, *name;

	if (!active_security_modules(names, sizeof(names)))
		return false;
	while ((name = strsep(&rest, ",")))
		if (!strcmp(name, "bpf"))
			return true;
	return false;
}

bool kernel_parameter(const char *name, char *value, size_t size)
{
	char line[4096], *rest = line, *word;
	size_t length = strlen(name);

	if (!read_line("/proc/cmdline", line, sizeof(line)))
		return false;
	while ((word = strsep(&rest, " "))) {
		if (strncmp(word, name, length) || word[length] != '=')
			continue;
		snprintf(value, size, "%s", word + length + 1);
		return true;
	}
	return false;
}

static bool kernel_is_too_old(void)
{
	unsigned int major, minor;
	struct utsname host;

	if (uname(&host) || sscanf(host.release, "%u.%u", &major, &minor) != 2)
		return false;
	return major < 6 || (major == 6 && minor < 1);
}

/*
 * The hash of IMA's first measurement, which every boot begins with: "10 HEX ima-ng sha256:HEX
 * boot_aggregate". With a TPM it may be another one than the files are hashed with.
 */
static bool read_first_measurement(char *algorithm, size_t size)
{
	char line[1024], word[32];

	if (!read_line("/sys/kernel/security/ima/ascii_runtime_measurements", line, sizeof(line)) ||
		sscanf(line, "%*d %*s %*s %31[^: ]:", word) != 1)
		return false;
	snprintf(algorithm, size, "%s", word);
	return true;
}

/* 1: SHA-256, 0: something else, -1: not to be seen; then only trying it out tells. */
static int ima_hash_is_sha256(void)
{
	char algorithm[32];

	if (kernel_parameter("ima_hash", algorithm, sizeof(algorithm)))
		return !strcmp(algorithm, "sha256");
	if (!read_first_measurement(algorithm, sizeof(algorithm)))
		return -1;
	if (!strcmp(algorithm, "sha256"))
		return 1;
	return access("/sys/class/tpm/tpm0", F_OK) ? 0 : -1;
}

/* "none [integrity] confidentiality": what is in brackets is in force. */
static bool is_locked_down_too_far(void)
{
	char line[128];

	return read_line("/sys/kernel/security/lockdown", line, sizeof(line)) &&
		strstr(line, "[confidentiality]");
}

bool has_capability(unsigned int number)
{
	unsigned long long effective = 0;
	char line[256];
	FILE *file = fopen("/proc/self/status", "re");

	if (!file)
		return geteuid() == 0;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "CapEff: %llx", &effective) == 1)
			break;
	fclose(file);
	return effective >> number & 1;
}

/* CAP_SYS_ADMIN, in the initial user namespace. */
static bool has_rights(void)
{
	unsigned long long inside, outside, count;
	FILE *file;

	if (!has_capability(CAP_SYS_ADMIN))
		return false;
	file = fopen("/proc/self/uid_map", "re");
	if (!file)
		return true;
	if (fscanf(file, "%llu %llu %llu", &inside, &outside, &count) != 3)
		count = 0;
	fclose(file);
	return inside == 0 && outside == 0 && count == 4294967295ULL;
}

static unsigned int look_into_securityfs(unsigned int *unseen)
{
	unsigned int lacks = 0;

	if (!is_mounted("/sys/kernel/security", SECURITYFS_MAGIC)) {
		*unseen |= PREFLIGHT_BPF_LSM | PREFLIGHT_IMA | PREFLIGHT_IMA_HASH |
			PREFLIGHT_LOCKDOWN;
		return PREFLIGHT_SECURITYFS;
	}
	if (!bpf_lsm_is_active())
		lacks |= PREFLIGHT_BPF_LSM;
	if (is_locked_down_too_far())
		lacks |= PREFLIGHT_LOCKDOWN;
	if (access("/sys/kernel/security/ima", F_OK))
		return lacks | PREFLIGHT_IMA;
	switch (ima_hash_is_sha256()) {
	case 0:
		lacks |= PREFLIGHT_IMA_HASH;
		break;
	case -1:
		*unseen |= PREFLIGHT_IMA_HASH;
		break;
	}
	return lacks;
}

unsigned int preflight_look(unsigned int *unseen)
{
	unsigned int lacks;

	*unseen = 0;
	lacks = look_into_securityfs(unseen);
	if (kernel_is_too_old())
		lacks |= PREFLIGHT_KERNEL;
	if (!has_rights())
		lacks |= PREFLIGHT_RIGHTS;
	if (access("/sys/kernel/btf/vmlinux", R_OK))
		lacks |= PREFLIGHT_BTF;
	if (!is_mounted("/sys/fs/bpf", BPF_FS_MAGIC))
		lacks |= PREFLIGHT_BPFFS;
	return lacks;
}

unsigned int preflight(void)
{
	unsigned int unseen, lacks = preflight_look(&unseen);

	/* Without rights the rest cannot be looked at as a whole. */
	return lacks & PREFLIGHT_RIGHTS ? PREFLIGHT_RIGHTS : lacks;
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
	case PREFLIGHT_KERNEL:
		return "the kernel is older than Linux 6.1: boot a newer one";
	case PREFLIGHT_IMA_HASH:
		return "the kernel's IMA does not hash with SHA-256: put ima_hash=sha256 on the "
		       "kernel's command line";
	case PREFLIGHT_LOCKDOWN:
		return "the kernel is locked down for confidentiality, which keeps BPF programs from "
		       "reading what they judge: put lockdown=integrity on its command line";
	}
	return "?";
}
