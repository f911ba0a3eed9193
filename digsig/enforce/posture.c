// SPDX-License-Identifier: GPL-2.0-or-later
#include "posture.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Reads at most size bytes; how many, or a negative errno. */
static int read_bytes(const char *root, const char *name, char *bytes, size_t size)
{
	char path[PATH_MAX];
	size_t count;
	FILE *file;
	int err;

	snprintf(path, sizeof(path), "%s%s", root, name);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	errno = 0;
	count = fread(bytes, 1, size, file);
	err = ferror(file) ? -(errno ? errno : EIO) : 0;
	fclose(file);
	return err ? err : (int)count;
}

/* The first line, cut to size. 0 or a negative errno. */
static int read_line(const char *root, const char *name, char *line, size_t size)
{
	int count = read_bytes(root, name, line, size - 1);

	line[count < 0 ? 0 : count] = 0;
	line[strcspn(line, "\n")] = 0;
	return count < 0 ? count : 0;
}

static bool exists(const char *root, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s%s", root, name);
	return !access(path, F_OK);
}

static void say(struct posture_item *item, const char *value, enum posture_grade grade,
	const char *meaning)
{
	snprintf(item->value, sizeof(item->value), "%s", value);
	item->grade = grade;
	item->meaning = meaning;
}

static void read_lockdown(const char *root, struct posture_item *item)
{
	char line[128], *open, *close;

	if (read_line(root, "sys/kernel/security/lockdown", line, sizeof(line))) {
		say(item, "unknown", POSTURE_UNKNOWN,
			"no lockdown in this kernel, or securityfs not mounted");
		return;
	}
	/* The level in force stands in brackets. */
	open = strchr(line, '[');
	close = open ? strchr(open, ']') : NULL;
	if (!close) {
		say(item, "unknown", POSTURE_UNKNOWN, "not understood");
		return;
	}
	*close = 0;
	if (!strcmp(open + 1, "none"))
		say(item, "none", POSTURE_OPEN,
			"root may write kernel memory by the ways the kernel offers");
	else
		say(item, open + 1, POSTURE_CLOSED,
			"no writing of kernel memory by the ways the kernel offers");
}

static void read_module_signing(const char *root, struct posture_item *item)
{
	char line[8];

	if (!exists(root, "proc/sys/kernel/modules_disabled"))
		say(item, "absent", POSTURE_CLOSED, "the kernel takes no modules");
	else if (read_line(root, "sys/module/module/parameters/sig_enforce", line, sizeof(line)))
		say(item, "absent", POSTURE_OPEN, "the kernel does not check modules' signatures");
	else if (*line == 'Y' || *line == '1')
		say(item, "enforced", POSTURE_CLOSED, "only modules that the kernel's keys signed");
	else
		say(item, "not enforced", POSTURE_OPEN,
			"root may load any module: module.sig_enforce=1 at boot");
}

static void read_secure_boot(const char *root, struct posture_item *item)
{
	static const char variable[] = "sys/firmware/efi/efivars/"
				       "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c";
	char bytes[5]; /* four of attributes, then the value */

	if (!exists(root, "sys/firmware/efi"))
		say(item, "absent", POSTURE_OPEN, "no UEFI: whoever writes the disk picks the kernel");
	else if (read_bytes(root, variable, bytes, sizeof(bytes)) != sizeof(bytes))
		say(item, "unknown", POSTURE_UNKNOWN, "efivarfs cannot be read");
	else if (bytes[4] == 1)
		say(item, "on", POSTURE_CLOSED, "the firmware starts signed kernels only");
	else
		say(item, "off", POSTURE_OPEN, "whoever writes the disk picks the kernel");
}

/* The file of the policy goes once one is loaded, in kernels that take only one. */
static void read_ima_policy(const char *root, struct posture_item *item)
{
	char rule[8];
	int count;

	if (!exists(root, "sys/kernel/security/ima")) {
		say(item, "unknown", POSTURE_UNKNOWN, "no IMA, or securityfs not mounted");
		return;
	}
	count = read_bytes(root, "sys/kernel/security/ima/policy", rule, sizeof(rule));
	if (count == 0)
		say(item, "none", POSTURE_CLOSED, "files are hashed anew whenever they are judged");
	else if (count > 0 || count == -ENOENT)
		say(item, "loaded", POSTURE_OPEN,
			"IMA decides when a changed file is hashed anew");
	else
		say(item, "unknown", POSTURE_UNKNOWN, "the policy cannot be read");
}

static void read_dev_mem(const char *root, struct posture_item *item)
{
	if (exists(root, "dev/mem"))
		say(item, "present", POSTURE_OPEN,
			"root may reach devices by it, and RAM without CONFIG_STRICT_DEVMEM");
	else
		say(item, "absent", POSTURE_CLOSED, "no memory as a file");
}

/* A sysctl: what each number means. */
struct sysctl_words {
	const char *name;
	struct {
		const char *value;
		enum posture_grade grade;
		const char *meaning;
	} values[4];
	enum posture_grade grade_absent;
	const char *absent;
};

static const struct sysctl_words modules_disabled = {
	"proc/sys/kernel/modules_disabled",
	{ { "0", POSTURE_OPEN, "modules may be loaded" },
		{ "1", POSTURE_CLOSED, "no module is loaded any more" } },
	POSTURE_CLOSED, "the kernel takes no modules",
};
static const struct sysctl_words kexec_load_disabled = {
	"proc/sys/kernel/kexec_load_disabled",
	{ { "0", POSTURE_OPEN, "root may start another kernel without a reset" },
		{ "1", POSTURE_CLOSED, "no other kernel starts without a reset" } },
	POSTURE_CLOSED, "the kernel has no kexec",
};
static const struct sysctl_words ptrace_scope = {
	"proc/sys/kernel/yama/ptrace_scope",
	{ { "0", POSTURE_OPEN, "any process may write into others of its user" },
		{ "1", POSTURE_OPEN, "a process may write into its children, root into all" },
		{ "2", POSTURE_OPEN, "only root may write into other processes" },
		{ "3", POSTURE_CLOSED, "no process attaches to another" } },
	POSTURE_OPEN, "no Yama: any process may write into others of its user",
};
static const struct sysctl_words unprivileged_bpf = {
	"proc/sys/kernel/unprivileged_bpf_disabled",
	{ { "0", POSTURE_OPEN, "every user may load BPF programs" },
		{ "1", POSTURE_CLOSED, "BPF is for root, until the machine restarts" },
		{ "2", POSTURE_CLOSED, "BPF is for root" } },
	POSTURE_UNKNOWN, "cannot be read",
};
static const struct sysctl_words ftrace_enabled = {
	"proc/sys/kernel/ftrace_enabled",
	{ { "0", POSTURE_OPEN, "the kernel calls no engine: NOTHING IS ENFORCED" },
		{ "1", POSTURE_CLOSED, "the kernel can call the engine" } },
	POSTURE_UNKNOWN, "cannot be read",
};

static void read_sysctl(const char *root, struct posture_item *item, const struct sysctl_words *words)
{
	char line[16];
	int err = read_line(root, words->name, line, sizeof(line));

	if (err == -ENOENT) {
		say(item, "absent", words->grade_absent, words->absent);
		return;
	}
	for (size_t i = 0; !err && i < 4 && words->values[i].value; i++)
		if (!strcmp(line, words->values[i].value)) {
			say(item, line, words->values[i].grade, words->values[i].meaning);
			return;
		}
	say(item, err ? "unknown" : line, POSTURE_UNKNOWN, err ? "cannot be read" : "not understood");
}

void posture_read(const char *root, struct posture_item items[POSTURE_COUNT])
{
	static const struct {
		const char *key, *title;
		void (*read)(const char *root, struct posture_item *item);
		const struct sysctl_words *sysctl;
		const char *when_locked;
	} known[POSTURE_COUNT] = {
		{ "ftrace_enabled", "ftrace_enabled", NULL, &ftrace_enabled, NULL },
		{ "lockdown", "kernel lockdown", read_lockdown, NULL,
			"the engine's lock refuses what integrity would" },
		{ "module_signing", "module signing", read_module_signing, NULL,
			"the engine's lock enforces it" },
		{ "modules_disabled", "modules_disabled", NULL, &modules_disabled, NULL },
		{ "kexec_load_disabled", "kexec_load_disabled", NULL, &kexec_load_disabled,
			"the engine's lock lets signed kernels start only" },
		{ "dev_mem", "/dev/mem", read_dev_mem, NULL, "the engine's lock refuses its use" },
		{ "ptrace_scope", "ptrace_scope", NULL, &ptrace_scope, NULL },
		{ "unprivileged_bpf_disabled", "unprivileged BPF off", NULL, &unprivileged_bpf, NULL },
		{ "ima_policy", "IMA policy", read_ima_policy, NULL, NULL },
		{ "secure_boot", "Secure Boot", read_secure_boot, NULL, NULL },
	};

	for (size_t i = 0; i < POSTURE_COUNT; i++) {
		items[i] = (struct posture_item){ .key = known[i].key, .title = known[i].title,
			.when_locked = known[i].when_locked };
		if (known[i].read)
			known[i].read(root, &items[i]);
		else
			read_sysctl(root, &items[i], known[i].sysctl);
	}
}

void posture_apply_lock(struct posture_item items[POSTURE_COUNT])
{
	for (size_t i = 0; i < POSTURE_COUNT; i++) {
		if (items[i].grade == POSTURE_CLOSED || !items[i].when_locked)
			continue;
		items[i].grade = POSTURE_CLOSED;
		items[i].meaning = items[i].when_locked;
	}
}

bool posture_ftrace_is_off(const char *root)
{
	char line[8];

	return !read_line(root, "proc/sys/kernel/ftrace_enabled", line, sizeof(line)) &&
		!strcmp(line, "0");
}

const char *posture_grade_name(enum posture_grade grade)
{
	switch (grade) {
	case POSTURE_UNKNOWN:
		break;
	case POSTURE_OPEN:
		return "open";
	case POSTURE_CLOSED:
		return "closed";
	}
	return "unknown";
}
