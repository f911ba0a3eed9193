// SPDX-License-Identifier: GPL-2.0-or-later
#include "doctor.h"
#include <bpf/btf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "engine.h"
#include "kernel_addresses.h"
#include "key_probe.h"
#include "posture.h"
#include "preflight.h"

/* Memory of the maps at the default size: see docs/enforcement.md. */
#define MAPS_KIB (24 * 1024UL)

struct examination {
	struct doctor_finding *findings;
	size_t count;
	unsigned int lacks, unseen; /* of preflight_look */
	struct btf *btf; /* the kernel's types and functions; NULL: not to be had */
};

static struct doctor_finding *add(struct examination *examination, const char *name,
	enum doctor_state state, const char *format, ...) __attribute__((format(printf, 4, 5)));

static struct doctor_finding *add(struct examination *examination, const char *name,
	enum doctor_state state, const char *format, ...)
{
	struct doctor_finding *finding = &examination->findings[examination->count++];
	va_list arguments;

	finding->name = name;
	finding->state = state;
	finding->command[0] = '\0';
	va_start(arguments, format);
	vsnprintf(finding->text, sizeof(finding->text), format, arguments);
	va_end(arguments);
	return finding;
}

static void suggest(struct doctor_finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void suggest(struct doctor_finding *finding, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(finding->command, sizeof(finding->command), format, arguments);
	va_end(arguments);
}

/* How a parameter gets onto the kernel's command line on this host. */
static void suggest_parameter(struct doctor_finding *finding, const char *name, const char *value)
{
	char present[512];

	if (!access("/usr/sbin/grubby", X_OK))
		suggest(finding, "grubby --update-kernel=ALL --args=%s=%s && reboot", name, value);
	else if (access("/etc/default/grub", F_OK))
		suggest(finding, "add to the kernel's command line in your boot loader: %s=%s",
			name, value);
	else if (kernel_parameter(name, present, sizeof(present)))
		suggest(finding,
			"sed -i 's/%s=[^ \"]*/%s=%s/' /etc/default/grub && update-grub && reboot",
			name, name, value);
	else
		suggest(finding,
			"sed -i '/^GRUB_CMDLINE_LINUX=/s/\"$/ %s=%s\"/' /etc/default/grub && "
			"update-grub && reboot",
			name, value);
}

/* What preflight knows of: ok with text, missing in preflight's words, or unseen. */
static struct doctor_finding *add_preflight(struct examination *examination, const char *name,
	enum preflight_lack lack, const char *text, const char *why_unseen)
{
	if (examination->lacks & lack)
		return add(examination, name, DOCTOR_MISSING, "%s", preflight_remedy(lack));
	if (examination->unseen & lack)
		return add(examination, name, DOCTOR_UNSEEN, "%s", why_unseen);
	return add(examination, name, DOCTOR_OK, "%s", text);
}

static bool kernel_has(const struct examination *examination, const char *function)
{
	return examination->btf &&
		btf__find_by_name_kind(examination->btf, function, BTF_KIND_FUNC) > 0;
}

static void examine_kernel(struct examination *examination)
{
	struct doctor_finding *finding;
	struct utsname host;
	char text[256] = "?";

	if (!uname(&host))
		snprintf(text, sizeof(text), "Linux %s on %s", host.release, host.machine);
	finding = add_preflight(examination, "kernel", PREFLIGHT_KERNEL, text, "");
	if (finding->state == DOCTOR_MISSING)
		suggest(finding, "apt install linux-image-amd64 (Debian 12 or newer) && reboot");
}

static void examine_file_systems(struct examination *examination)
{
	struct doctor_finding *finding = add_preflight(examination, "securityfs",
		PREFLIGHT_SECURITYFS, "mounted on /sys/kernel/security", "");

	if (finding->state == DOCTOR_MISSING)
		suggest(finding, "mount -t securityfs securityfs /sys/kernel/security");
	finding = add_preflight(
		examination, "bpffs", PREFLIGHT_BPFFS, "mounted on /sys/fs/bpf", "");
	if (finding->state == DOCTOR_MISSING)
		suggest(finding, "mount -t bpf bpf /sys/fs/bpf");
}

static void examine_bpf_lsm(struct examination *examination)
{
	struct doctor_finding *finding = add_preflight(examination, "BPF LSM", PREFLIGHT_BPF_LSM,
		"active: \"bpf\" stands in /sys/kernel/security/lsm", "securityfs is not mounted");
	char names[256], value[300];

	if (finding->state != DOCTOR_MISSING)
		return;
	if (examination->btf && !kernel_has(examination, "bpf_lsm_file_open")) {
		snprintf(finding->text, sizeof(finding->text),
			"this kernel was built without CONFIG_BPF_LSM: boot another one (Debian's "
			"have it), or use the weaker engine");
		suggest(finding, "digsig fanotify --help");
		return;
	}
	if (!active_security_modules(names, sizeof(names)))
		return;
	snprintf(value, sizeof(value), "%s,bpf", names);
	suggest_parameter(finding, "lsm", value);
}

/* kernel.ftrace_enabled=0 takes every BPF program off its hook, as if none were there. */
static void examine_ftrace(struct examination *examination)
{
	struct doctor_finding *finding;

	if (!posture_ftrace_is_off("/")) {
		add(examination, "ftrace", DOCTOR_OK, "on: the kernel calls BPF programs");
		return;
	}
	finding = add(examination, "ftrace", DOCTOR_MISSING,
		"kernel.ftrace_enabled is 0: the kernel calls no BPF program, and an engine that "
		"runs refuses nothing");
	suggest(finding, "sysctl kernel.ftrace_enabled=1");
}

static void examine_ima(struct examination *examination)
{
	struct doctor_finding *finding = add_preflight(examination, "IMA", PREFLIGHT_IMA,
		"there: it hashes the files", "securityfs is not mounted");

	if (finding->state == DOCTOR_MISSING)
		suggest(finding, "apt install linux-image-amd64 (Debian's kernels have it) && reboot");
	if (examination->lacks & PREFLIGHT_IMA)
		return;
	finding = add_preflight(examination, "IMA hash", PREFLIGHT_IMA_HASH, "SHA-256",
		examination->lacks & PREFLIGHT_SECURITYFS ?
			"securityfs is not mounted" :
			"nothing here tells which one it is; digsig start tries it out");
	if (finding->state == DOCTOR_MISSING)
		suggest_parameter(finding, "ima_hash", "sha256");
}

static void examine_lockdown(struct examination *examination)
{
	struct doctor_finding *finding = add_preflight(examination, "lockdown", PREFLIGHT_LOCKDOWN,
		"not in the way", "securityfs is not mounted");

	if (finding->state == DOCTOR_MISSING)
		suggest_parameter(finding, "lockdown", "integrity");
}

static void examine_keys(struct examination *examination)
{
	struct doctor_finding *finding;
	int rsa, ecdsa;

	if (!examination->btf)
		add(examination, "CMS", DOCTOR_UNSEEN, "without BTF the kernel cannot be asked");
	else if (!kernel_has(examination, "bpf_verify_pkcs7_signature"))
		add(examination, "CMS", DOCTOR_MISSING,
			"the kernel does not verify signatures for BPF programs: it needs "
			"CONFIG_SYSTEM_DATA_VERIFICATION=y, as Debian's have");
	else
		add(examination, "CMS", DOCTOR_OK, "the kernel verifies signatures for the engine");
	rsa = kernel_verifies(PROBED_RSA);
	if (rsa < 0)
		add(examination, "RSA keys", DOCTOR_UNSEEN, "%s", strerror(-rsa));
	else if (!rsa)
		add(examination, "RSA keys", DOCTOR_MISSING,
			"the kernel does not verify RSA signatures: it needs "
			"CONFIG_ASYMMETRIC_PUBLIC_KEY_SUBTYPE, CONFIG_X509_CERTIFICATE_PARSER and "
			"CONFIG_CRYPTO_RSA");
	else
		add(examination, "RSA keys", DOCTOR_OK, "the kernel verifies them");
	ecdsa = kernel_verifies(PROBED_ECDSA_P256);
	if (ecdsa < 0) {
		add(examination, "ECDSA keys", DOCTOR_UNSEEN, "%s", strerror(-ecdsa));
	} else if (!ecdsa) {
		finding = add(examination, "ECDSA keys", DOCTOR_NOTE,
			"the kernel does not verify them (CONFIG_CRYPTO_ECDSA): sign with RSA");
		suggest(finding, "digsig key new NAME --algo rsa3072");
	} else {
		add(examination, "ECDSA keys", DOCTOR_OK, "the kernel verifies them");
	}
}

static void examine_reading(struct examination *examination)
{
	struct doctor_finding *finding;
	struct utsname host;

	if (kernel_has(examination, "bpf_dynptr_from_file")) {
		add(examination, "reading", DOCTOR_OK,
			"the kernel hands the engine the signature block (bpf_dynptr_from_file)");
	} else if (!uname(&host) && !strcmp(host.machine, "x86_64")) {
		add(examination, "reading", DOCTOR_OK,
			"the engine finds the signature block in the page cache");
	} else {
		finding = add(examination, "reading", DOCTOR_NOTE,
			"before Linux 6.19 the engine reads signature blocks on x86-64 only: here a "
			"file has to be admitted before it runs");
		suggest(finding, "digsig admit /usr");
	}
}

static void examine_memory(struct examination *examination)
{
	FILE *file = fopen("/proc/meminfo", "re");
	unsigned long available = 0;
	char line[128];

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "MemAvailable: %lu kB", &available) == 1)
			break;
	if (file)
		fclose(file);
	if (!available)
		add(examination, "memory", DOCTOR_UNSEEN, "/proc/meminfo does not tell");
	else if (available < MAPS_KIB)
		suggest(add(examination, "memory", DOCTOR_MISSING,
				"the engine needs %lu MiB, and %lu are available: make room, or "
				"give it room for fewer files",
				MAPS_KIB / 1024, available / 1024),
			"digsig start --max-files 8192 ...");
	else
		add(examination, "memory", DOCTOR_OK, "the engine needs %lu MiB of %lu available",
			MAPS_KIB / 1024, available / 1024);
}

/* What only loading the program tells. */
static void add_untried(struct examination *examination, enum doctor_state state, const char *text)
{
	add(examination, "addresses", state, "%s", text);
	add(examination, "program", state, "%s", text);
}

/*
 * The one check that no other can replace: the kernel says its addresses, and its verifier reads the
 * program.
 */
static void examine_program(struct examination *examination)
{
	const unsigned int needed = PREFLIGHT_BTF | PREFLIGHT_KERNEL | PREFLIGHT_BPF_LSM;
	struct doctor_finding *finding;
	struct engine_failure failure;
	int err;

	if (examination->lacks & PREFLIGHT_RIGHTS) {
		add_untried(examination, DOCTOR_UNSEEN,
			"only root can have the kernel check the engine's program");
		return;
	}
	if (!access(DIGSIG_PIN_DIRECTORY "/request", F_OK)) {
		add_untried(examination, DOCTOR_OK, "the engine is running");
		return;
	}
	if (examination->lacks & needed) {
		add_untried(examination, DOCTOR_UNSEEN,
			"not tried: something that it needs is missing");
		return;
	}
	err = engine_try_load(0, &failure);
	failure.message[strcspn(failure.message, "\n")] = '\0';
	if (err && failure.step == ENGINE_STEP_ADDRESSES) {
		finding = add(examination, "addresses", DOCTOR_MISSING, "%s",
			kernel_addresses_problem(err));
		if (err == -EACCES)
			suggest(finding, "sysctl kernel.kptr_restrict=1");
		add(examination, "program", DOCTOR_UNSEEN, "not tried: it needs the addresses");
		return;
	}
	add(examination, "addresses", DOCTOR_OK, "the kernel says them");
	if (err)
		add(examination, "program", DOCTOR_MISSING,
			"the kernel does not take the engine's program: %s%s%.300s", strerror(-err),
			*failure.message ? ": " : "", failure.message);
	else
		add(examination, "program", DOCTOR_OK,
			"the kernel takes the engine's program (loaded, not attached)");
}

size_t doctor_examine(struct doctor_finding findings[DOCTOR_FINDINGS_MAX])
{
	struct examination examination = { .findings = findings };
	struct doctor_finding *finding;

	examination.lacks = preflight_look(&examination.unseen);
	if (!(examination.lacks & PREFLIGHT_BTF))
		examination.btf = btf__load_vmlinux_btf();
	examine_kernel(&examination);
	finding = add_preflight(&examination, "rights", PREFLIGHT_RIGHTS,
		"root in the initial user namespace", "");
	/* The question is what the kernel can do, not who asks. */
	if (finding->state == DOCTOR_MISSING)
		finding->state = DOCTOR_UNSEEN;
	add_preflight(&examination, "BTF", PREFLIGHT_BTF, "/sys/kernel/btf/vmlinux is there", "");
	examine_file_systems(&examination);
	examine_bpf_lsm(&examination);
	examine_ftrace(&examination);
	examine_ima(&examination);
	examine_lockdown(&examination);
	examine_keys(&examination);
	examine_reading(&examination);
	examine_memory(&examination);
	examine_program(&examination);
	btf__free(examination.btf);
	return examination.count;
}

const char *doctor_state_name(enum doctor_state state)
{
	switch (state) {
	case DOCTOR_OK:
		return "ok";
	case DOCTOR_MISSING:
		return "missing";
	case DOCTOR_NOTE:
		return "note";
	case DOCTOR_UNSEEN:
		return "unseen";
	}
	return "?";
}
