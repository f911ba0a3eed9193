// SPDX-License-Identifier: GPL-2.0-or-later
/* The host's posture, read from trees of files that look like a machine's. */
#include "support.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "digsig/enforce/posture.h"

#define SECURE_BOOT                                                                                \
	"sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

static char root[512];

/* Makes the file with the directories above it. */
static void put(const char *name, const char *bytes, size_t size)
{
	char path[1024];
	FILE *file;

	snprintf(path, sizeof(path), "%s%s", root, name);
	for (char *slash = path + strlen(root); (slash = strchr(slash, '/')); slash++) {
		*slash = 0;
		mkdir(path, 0755);
		*slash = '/';
	}
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	fclose(file);
}

static void new_root(const char *name)
{
	snprintf(root, sizeof(root), "%s/", scratch_path(name));
	assert_int_equal(mkdir(root, 0755), 0);
}

static const struct posture_item *find(const struct posture_item *items, const char *key)
{
	for (size_t i = 0; i < POSTURE_COUNT; i++)
		if (!strcmp(items[i].key, key))
			return &items[i];
	fail_msg("no item %s", key);
	return NULL;
}

static void each_file_is_understood(void **state)
{
	static const struct {
		const char *key, *file, *content;
		size_t size;
		const char *value;
		enum posture_grade grade;
	} cases[] = {
#define TEXT(text) text, sizeof(text) - 1
		{ "lockdown", "sys/kernel/security/lockdown",
			TEXT("[none] integrity confidentiality\n"), "none", POSTURE_OPEN },
		{ "lockdown", "sys/kernel/security/lockdown",
			TEXT("none [integrity] confidentiality\n"), "integrity", POSTURE_CLOSED },
		{ "lockdown", "sys/kernel/security/lockdown",
			TEXT("none integrity [confidentiality]\n"), "confidentiality",
			POSTURE_CLOSED },
		{ "lockdown", "sys/kernel/security/lockdown", TEXT("none [integrity\n"), "unknown",
			POSTURE_UNKNOWN },
		{ "lockdown", "sys/kernel/security/lockdown", TEXT(""), "unknown",
			POSTURE_UNKNOWN },
		{ "modules_disabled", "proc/sys/kernel/modules_disabled", TEXT("1\n"), "1",
			POSTURE_CLOSED },
		{ "modules_disabled", "proc/sys/kernel/modules_disabled", TEXT("0\n"), "0",
			POSTURE_OPEN },
		{ "module_signing", "sys/module/module/parameters/sig_enforce", TEXT("N\n"),
			"not enforced", POSTURE_OPEN },
		{ "module_signing", "sys/module/module/parameters/sig_enforce", TEXT("Y\n"),
			"enforced", POSTURE_CLOSED },
		{ "kexec_load_disabled", "proc/sys/kernel/kexec_load_disabled", TEXT("0\n"), "0",
			POSTURE_OPEN },
		{ "kexec_load_disabled", "proc/sys/kernel/kexec_load_disabled", TEXT("1\n"), "1",
			POSTURE_CLOSED },
		{ "ptrace_scope", "proc/sys/kernel/yama/ptrace_scope", TEXT("2\n"), "2",
			POSTURE_OPEN },
		{ "ptrace_scope", "proc/sys/kernel/yama/ptrace_scope", TEXT("3\n"), "3",
			POSTURE_CLOSED },
		{ "ptrace_scope", "proc/sys/kernel/yama/ptrace_scope", TEXT("4\n"), "4",
			POSTURE_UNKNOWN },
		{ "unprivileged_bpf_disabled", "proc/sys/kernel/unprivileged_bpf_disabled",
			TEXT("0\n"), "0", POSTURE_OPEN },
		{ "unprivileged_bpf_disabled", "proc/sys/kernel/unprivileged_bpf_disabled",
			TEXT("2\n"), "2", POSTURE_CLOSED },
		{ "ftrace_enabled", "proc/sys/kernel/ftrace_enabled", TEXT("0\n"), "0",
			POSTURE_OPEN },
		{ "ftrace_enabled", "proc/sys/kernel/ftrace_enabled", TEXT("1\n"), "1",
			POSTURE_CLOSED },
		{ "ima_policy", "sys/kernel/security/ima/policy", TEXT(""), "none",
			POSTURE_CLOSED },
		{ "ima_policy", "sys/kernel/security/ima/policy", TEXT("measure func=ALL\n"),
			"loaded", POSTURE_OPEN },
		{ "dev_mem", "dev/mem", TEXT(""), "present", POSTURE_OPEN },
		{ "secure_boot", SECURE_BOOT, TEXT("\6\0\0\0\1"), "on", POSTURE_CLOSED },
		{ "secure_boot", SECURE_BOOT, TEXT("\6\0\0\0\0"), "off", POSTURE_OPEN },
		{ "secure_boot", SECURE_BOOT, TEXT("\6\0\0\0"), "unknown", POSTURE_UNKNOWN },
#undef TEXT
	};
	struct posture_item items[POSTURE_COUNT];

	(void)state;
	new_root("machine");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct posture_item *item;

		put(cases[i].file, cases[i].content, cases[i].size);
		posture_read(root, items);
		item = find(items, cases[i].key);
		if (strcmp(item->value, cases[i].value) || item->grade != cases[i].grade)
			fail_msg("case %zu: %s is \"%s\", %s", i, item->key, item->value,
				posture_grade_name(item->grade));
		assert_true(strlen(item->meaning) > 0);
	}
}

static void what_is_missing_is_told(void **state)
{
	static const struct {
		const char *key, *value;
		enum posture_grade grade;
	} expected[] = {
		{ "ftrace_enabled", "absent", POSTURE_UNKNOWN },
		{ "lockdown", "unknown", POSTURE_UNKNOWN },
		{ "module_signing", "absent", POSTURE_CLOSED }, /* the kernel takes no modules */
		{ "modules_disabled", "absent", POSTURE_CLOSED },
		{ "kexec_load_disabled", "absent", POSTURE_CLOSED },
		{ "dev_mem", "absent", POSTURE_CLOSED },
		{ "ptrace_scope", "absent", POSTURE_OPEN },
		{ "unprivileged_bpf_disabled", "absent", POSTURE_UNKNOWN },
		{ "ima_policy", "unknown", POSTURE_UNKNOWN },
		{ "secure_boot", "absent", POSTURE_OPEN },
	};
	struct posture_item items[POSTURE_COUNT];

	(void)state;
	new_root("empty");
	posture_read(root, items);
	assert_int_equal(sizeof(expected) / sizeof(expected[0]), POSTURE_COUNT);
	for (size_t i = 0; i < POSTURE_COUNT; i++) {
		const struct posture_item *item = find(items, expected[i].key);

		assert_string_equal(item->value, expected[i].value);
		assert_int_equal(item->grade, expected[i].grade);
	}
	assert_false(posture_ftrace_is_off(root));

	/* Modules, and nothing that checks them. */
	put("proc/sys/kernel/modules_disabled", "0\n", 2);
	/* IMA whose policy is gone, since one is loaded. */
	put("sys/kernel/security/ima/count", "", 0);
	put("proc/sys/kernel/ftrace_enabled", "0\n", 2);
	posture_read(root, items);
	assert_int_equal(find(items, "module_signing")->grade, POSTURE_OPEN);
	assert_string_equal(find(items, "ima_policy")->value, "loaded");
	assert_true(posture_ftrace_is_off(root));
}

static void the_lock_closes_some(void **state)
{
	struct posture_item items[POSTURE_COUNT];

	(void)state;
	new_root("locked");
	put("sys/kernel/security/lockdown", "[none] integrity\n", 17);
	put("proc/sys/kernel/yama/ptrace_scope", "1\n", 2);
	put("dev/mem", "", 0);
	posture_read(root, items);
	posture_apply_lock(items);
	assert_int_equal(find(items, "lockdown")->grade, POSTURE_CLOSED);
	assert_int_equal(find(items, "dev_mem")->grade, POSTURE_CLOSED);
	assert_int_equal(find(items, "ptrace_scope")->grade, POSTURE_OPEN);
	assert_int_equal(find(items, "secure_boot")->grade, POSTURE_OPEN);
	assert_string_equal(find(items, "lockdown")->value, "none");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_file_is_understood),
		cmocka_unit_test(what_is_missing_is_told),
		cmocka_unit_test(the_lock_closes_some),
	};

	return cmocka_run_group_tests_name("posture", tests, NULL, scratch_tear_down);
}
