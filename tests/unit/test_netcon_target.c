// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's targets, with a directory in place of configfs; and what users type for them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>
#include "netcon/target/record.h"
#include "netcon/target/setup.h"
#include "netcon/target/target.h"
#include "folder.h"

static void addresses(void **state)
{
	static const struct {
		const char *text, *printed; /* printed NULL: it is none */
	} cases[] = {
		{ "192.0.2.1", "192.0.2.1:6666" },
		{ "192.0.2.1:1", "192.0.2.1:1" },
		{ "192.0.2.1:65535", "192.0.2.1:65535" },
		{ "2001:db8::1", "[2001:db8::1]:6666" },
		{ "[2001:db8::1]", "[2001:db8::1]:6666" },
		{ "[2001:DB8:0::1]:514", "[2001:db8::1]:514" },
		{ "fe80::1%lo", "[fe80::1%lo]:6666" },
		{ "[fe80::1%lo]:7", "[fe80::1%lo]:7" },
		{ "[fe80::1%4000000]:7", "[fe80::1%4000000]:7" },
		{ "", NULL },
		{ "192.0.2.1:", NULL },
		{ "192.0.2.1:0", NULL },
		{ "192.0.2.1:65536", NULL },
		{ "192.0.2.1:+1", NULL },
		{ "192.0.2.1 ", NULL },
		{ "192.0.2", NULL },
		{ "0300.0.2.1", NULL },
		{ "host", NULL },
		{ "host:6666", NULL },
		{ "[2001:db8::1", NULL },
		{ "2001:db8::1]", NULL },
		{ "[2001:db8::1]6666", NULL },
		{ "[]:6666", NULL },
		{ "fe80::1%", NULL },
		{ "fe80::1%0", NULL },
		{ "192.0.2.1%lo", NULL },
		{ "2001:db8::1:::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::", NULL },
	};
	char text[ADDRESS_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		union address address = { .ipv4.sin_port = 77 };
		int err = address_parse_with_port(cases[i].text, 6666, &address);

		if (cases[i].printed) {
			assert_int_equal(err, 0);
			assert_string_equal(address_print_with_port(text, &address), cases[i].printed);
		} else if (!err || address.ipv4.sin_port != 77) {
			fail_msg("%s is taken for an address", cases[i].text);
		}
	}
}

static void mac_addresses(void **state)
{
	static const char *const wrong[] = { "", "52:54:00:12:34", "52:54:00:12:34:5", "52:54:00:12:34:567", "525400123456",
		"52-54-00-12-34-56", "52:54:00:12:34:5g", "52:54:00:12:34:56 ", "00:00:00:00:00:00", " 2:54:00:12:34:56" };
	const __u8 right[ETH_ALEN] = { 0x52, 0x54, 0, 0xab, 0xcd, 0xef };
	__u8 mac[ETH_ALEN] = { 7 };
	char text[TARGET_MAC_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		if (target_parse_mac(wrong[i], mac) || *mac != 7)
			fail_msg("%s is taken for a MAC address", wrong[i]);
	assert_true(target_parse_mac("52:54:00:aB:CD:ef", mac));
	assert_memory_equal(mac, right, ETH_ALEN);
	assert_string_equal(target_print_mac(text, mac), "52:54:00:ab:cd:ef");
}

static void names(void **state)
{
	char name[TARGET_NAME_MAX + 2];

	(void)state;
	assert_true(target_name_is_good("netcon"));
	assert_true(target_name_is_good("A-z_0.9"));
	assert_false(target_name_is_good(""));
	assert_false(target_name_is_good("."));
	assert_false(target_name_is_good(".."));
	assert_false(target_name_is_good(".x"));
	assert_false(target_name_is_good("a/b"));
	assert_false(target_name_is_good("a b"));
	assert_false(target_name_is_good("\xc3\xa4"));
	memset(name, 'x', sizeof(name));
	name[TARGET_NAME_MAX + 1] = 0;
	assert_false(target_name_is_good(name));
	name[TARGET_NAME_MAX] = 0;
	assert_true(target_name_is_good(name));
}

static void entries(void **state)
{
	struct target_entry entry;
	char text[TARGET_ENTRY_NAME_MAX + TARGET_ENTRY_VALUE_MAX + 4];

	(void)state;
	assert_int_equal(target_parse_entry("rack=7=8", &entry), 0);
	assert_string_equal(entry.name, "rack");
	assert_string_equal(entry.value, "7=8");
	assert_int_equal(target_parse_entry("rack=hall 2", &entry), 0);
	assert_int_equal(target_parse_entry("rack", &entry), -EINVAL);
	assert_int_equal(target_parse_entry("=7", &entry), -EINVAL);
	assert_int_equal(target_parse_entry("rack=", &entry), -EINVAL);
	assert_int_equal(target_parse_entry("ra/ck=7", &entry), -EINVAL);
	assert_int_equal(target_parse_entry("ra ck=7", &entry), -EINVAL);
	assert_int_equal(target_parse_entry("..=7", &entry), -EINVAL);
	assert_int_equal(target_parse_entry("rack=7\n8", &entry), -EINVAL);
	assert_int_equal(target_parse_entry("rack=\xc3\xa4", &entry), -EINVAL);
	assert_int_equal(target_parse_entry("rack= 7", &entry), -EINVAL);
	assert_int_equal(target_parse_entry("rack=7 ", &entry), -EINVAL);
	memset(text, 'x', sizeof(text));
	text[TARGET_ENTRY_NAME_MAX] = '=';
	text[TARGET_ENTRY_NAME_MAX + 1 + TARGET_ENTRY_VALUE_MAX] = 0;
	assert_int_equal(target_parse_entry(text, &entry), 0);
	text[TARGET_ENTRY_NAME_MAX + 1 + TARGET_ENTRY_VALUE_MAX] = 'x';
	text[TARGET_ENTRY_NAME_MAX + 1 + TARGET_ENTRY_VALUE_MAX + 1] = 0;
	assert_int_equal(target_parse_entry(text, &entry), -E2BIG);
	memset(text, 'x', TARGET_ENTRY_NAME_MAX + 1);
	strcpy(text + TARGET_ENTRY_NAME_MAX + 1, "=7");
	assert_int_equal(target_parse_entry(text, &entry), -E2BIG);
}

static void sysdata(void **state)
{
	unsigned int bits = 99;

	(void)state;
	assert_false(record_parse_sysdata("", &bits));
	assert_false(record_parse_sysdata("cpu", &bits));
	assert_false(record_parse_sysdata("cpu_nr,", &bits));
	assert_false(record_parse_sysdata(",cpu_nr", &bits));
	assert_false(record_parse_sysdata("cpu_nr msgid", &bits));
	assert_int_equal(bits, 99);
	assert_true(record_parse_sysdata("msgid,cpu_nr", &bits));
	assert_int_equal(bits, TARGET_SYSDATA_CPU_NR | TARGET_SYSDATA_MSGID);
}

static struct record parsed(const char *text)
{
	struct record record;
	struct target_problem problem = { "" };

	if (target_record_parse("file", text, strlen(text), 6666, &record, &problem))
		fail_msg("%s", problem.text);
	return record;
}

static void a_record_says_the_same_again(void **state)
{
	static const char *const texts[] = {
		"target = 192.0.2.1",
		"target = [2001:db8::1]:514\nbasic = yes\nreplay=no\n",
		"; all of it\n[]\ntarget=192.0.2.1:1\ninterface = eth0\nsource = 192.0.2.7\nsource_port = 1025\n"
		"mac = 52:54:00:12:34:56\nbasic = no\nuserdata = rack=7\nuserdata = place=hall 2; left\nuserdata = rack=8\n"
		"sysdata = taskname,cpu_nr\nlevel = 8\nreplay = yes\ntimeout = 1.5s",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct record first = parsed(texts[i]), second;
		char *text = record_print(&first);

		assert_non_null(text);
		second = parsed(text);
		assert_memory_equal(&first, &second, sizeof(first));
		free(text);
	}
	assert_int_equal(parsed(texts[2]).entries, 2);
	assert_string_equal(parsed(texts[2]).userdata[0].value, "8");
	assert_string_equal(parsed(texts[2]).userdata[1].value, "hall 2; left");
	assert_int_equal(parsed(texts[0]).source_port, 6665);
	assert_int_equal(parsed(texts[0]).timeout, 10);
}

static void what_is_wrong_in_a_record_is_said(void **state)
{
	static const struct {
		const char *text, *said;
	} cases[] = {
		{ "", "file: \"target\" is missing" },
		{ "target = host\n", "file:1: target: that is no value for it" },
		{ "\ntarget = 192.0.2.1\ncolour = red\n", "file:3: colour: there is no such setting" },
		{ "target = 192.0.2.1\nnothing\n", "file:2: neither NAME = VALUE nor a comment" },
		{ "[x]\ntarget = 192.0.2.1\n", "file:2: there are no sections" },
		{ "source_port = 65536\n", "file:1: source_port: that is no value for it" },
		{ "source_port = 0\n", "file:1: source_port: that is no value for it" },
		{ "mac = 0\n", "file:1: mac: that is no value for it" },
		{ "basic = true\n", "file:1: basic: that is no value for it" },
		{ "replay = 1\n", "file:1: replay: that is no value for it" },
		{ "sysdata = x\n", "file:1: sysdata: that is no value for it" },
		{ "userdata = x\n", "file:1: userdata: that is no value for it" },
		{ "level = 9\n", "file:1: level: that is no value for it" },
		{ "timeout = 2h\n", "file:1: timeout: that is no value for it" },
		{ "interface = abcdefghijklmnop\n", "file:1: interface: that is no value for it" },
		{ "interface =\n", "file:1: interface: that is no value for it" },
		{ "source = x\n", "file:1: source: that is no value for it" },
	};
	struct record record;
	struct target_problem problem;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(target_record_parse("file", cases[i].text, strlen(cases[i].text), 6666, &record, &problem), -EINVAL);
		assert_string_equal(problem.text, cases[i].said);
	}
	assert_int_equal(target_record_parse("file", "target = 1\0002", 12, 6666, &record, &problem), -EINVAL);
}

static void more_userdata_than_there_may_be_is_refused(void **state)
{
	struct record record = RECORD_USUAL;
	char text[32];

	(void)state;
	for (int i = 0; i < RECORD_ENTRIES_MAX; i++) {
		snprintf(text, sizeof(text), "name%d=x", i);
		assert_int_equal(record_add_entry(&record, text), 0);
	}
	assert_int_equal(record_add_entry(&record, "name0=y"), 0);
	assert_int_equal(record_add_entry(&record, "other=y"), -ENOSPC);
	assert_int_equal(record.entries, RECORD_ENTRIES_MAX);
}

static void records_are_kept_in_files(void **state)
{
	struct record record = parsed("target = 192.0.2.1\nuserdata = rack=7\n"), again;
	struct target_problem problem;
	char **found;
	size_t count;

	(void)state;
	assert_int_equal(record_names("kept/targets.d", &found, &count), 0);
	assert_int_equal(count, 0);
	names_free(found, count);
	strcpy(record.name, "second");
	assert_int_equal(record_save("kept/targets.d", &record, &problem), 0);
	strcpy(record.name, "first");
	assert_int_equal(record_save("kept/targets.d", &record, &problem), 0);
	close(open("kept/targets.d/other", O_WRONLY | O_CREAT, 0600));
	close(open("kept/targets.d/.conf", O_WRONLY | O_CREAT, 0600));
	close(open("kept/targets.d/a b.conf", O_WRONLY | O_CREAT, 0600));
	assert_int_equal(record_names("kept/targets.d", &found, &count), 0);
	assert_int_equal(count, 2);
	assert_string_equal(found[0], "first");
	assert_string_equal(found[1], "second");
	names_free(found, count);
	assert_int_equal(record_load("kept/targets.d", "first", 6666, &again, &problem), 0);
	assert_memory_equal(&again, &record, sizeof(record));
	assert_true(record_exists("kept/targets.d", "first"));
	assert_int_equal(record_remove("kept/targets.d", "first", &problem), 0);
	assert_int_equal(record_remove("kept/targets.d", "first", &problem), -ENOENT);
	assert_int_equal(record_load("kept/targets.d", "first", 6666, &again, &problem), -ENOENT);
	assert_string_equal(problem.text, "kept/targets.d/first.conf: No such file or directory");
	assert_int_equal(mkdir("kept/targets.d/third.conf", 0700), 0);
	assert_int_equal(record_load("kept/targets.d", "third", 6666, &again, &problem), -EINVAL);
}

/* " ;" begins a comment for libinih: such a file would say something else. */
static void what_a_file_would_not_say_is_not_kept(void **state)
{
	struct record record = parsed("target = 192.0.2.1\n");
	struct target_problem problem;

	(void)state;
	strcpy(record.name, "odd");
	assert_int_equal(record_add_entry(&record, "place=hall ;2"), 0);
	assert_int_equal(record_save("kept/targets.d", &record, &problem), -EINVAL);
	assert_false(record_exists("kept/targets.d", "odd"));
}

/* A directory with the attributes that there are in a kernel; text of each is empty. */
static void make_target(const char *name, bool is_new)
{
	static const char *const attributes[] = { "enabled", "extended", "dev_name", "local_port", "remote_port", "local_ip",
		"remote_ip", "remote_mac" };
	static const char *const newer[] = { "release", "transmit_errors", "userdata/cpu_nr_enabled" };
	char path[256];

	mkdir("root", 0700);
	snprintf(path, sizeof(path), "root/%s", name);
	assert_int_equal(mkdir(path, 0700), 0);
	for (size_t i = 0; i < sizeof(attributes) / sizeof(*attributes); i++) {
		snprintf(path, sizeof(path), "root/%s/%s", name, attributes[i]);
		close(open(path, O_WRONLY | O_CREAT, 0600));
	}
	snprintf(path, sizeof(path), "root/%s/userdata", name);
	if (is_new)
		mkdir(path, 0700);
	for (size_t i = 0; is_new && i < sizeof(newer) / sizeof(*newer); i++) {
		snprintf(path, sizeof(path), "root/%s/%s", name, newer[i]);
		close(open(path, O_WRONLY | O_CREAT, 0600));
	}
}

static struct target example(const char *name)
{
	struct target target = { .is_enabled = true, .is_extended = true, .interface = "eth0",
		.mac = { 0x52, 0x54, 0, 0x12, 0x34, 0x56 } };

	strcpy(target.name, name);
	assert_int_equal(address_parse_with_port("192.0.2.7:6665", 0, &target.local), 0);
	assert_int_equal(address_parse_with_port("192.0.2.1:514", 0, &target.remote), 0);
	return target;
}

/* Which files of the directory were written, in their order, with a space behind each. */
static void read_order(int watch, char *order, size_t size)
{
	_Alignas(struct inotify_event) char bytes[4096];
	ssize_t got = read(watch, bytes, sizeof(bytes));

	*order = 0;
	for (char *at = bytes; at < bytes + got;) {
		const struct inotify_event *event = (const struct inotify_event *)(const void *)at;
		size_t length = strlen(order);

		if (event->len && !(event->mask & IN_ISDIR))
			snprintf(order + length, size - length, "%s ", event->name);
		at += sizeof(*event) + event->len;
	}
}

static void a_target_is_enabled_last(void **state)
{
	struct target target = example("order"), again;
	struct target_features features;
	struct target_problem problem = { "" };
	char order[1024];
	int watch = inotify_init1(IN_CLOEXEC);

	(void)state;
	make_target("order", true);
	assert_true(inotify_add_watch(watch, "root/order", IN_MODIFY) >= 0);
	assert_int_equal(target_features_read("root", "order", &features), 0);
	assert_true(features.release && features.userdata && features.errors && features.extended);
	assert_int_equal(features.sysdata, TARGET_SYSDATA_CPU_NR);
	target.has_release = true;
	target.sysdata = TARGET_SYSDATA_CPU_NR;
	assert_int_equal(target_write("root", &target, &features, &problem), 0);
	read_order(watch, order, sizeof(order));
	close(watch);
	assert_string_equal(order, "extended release dev_name local_port remote_port local_ip remote_ip remote_mac enabled ");
	assert_int_equal(target_read("root", "order", &again), 0);
	again.counts_errors = target.counts_errors;
	assert_memory_equal(&again, &target, sizeof(target));
}

static void of_an_older_kernel_only_what_it_has_is_written(void **state)
{
	struct target target = example("old"), again;
	struct target_features features;
	struct target_problem problem = { "" };

	(void)state;
	make_target("old", false);
	assert_int_equal(target_features_read("root", "old", &features), 0);
	assert_false(features.release || features.userdata || features.errors || features.sysdata);
	assert_int_equal(target_write("root", &target, &features, &problem), 0);
	assert_int_equal(target_read("root", "old", &again), 0);
	assert_memory_equal(&again, &target, sizeof(target));
	target.has_release = true;
	assert_int_equal(target_write("root", &target, &features, &problem), -EOPNOTSUPP);
	assert_string_equal(problem.text, "release: this kernel does not have it");
	target.has_release = false;
	target.sysdata = TARGET_SYSDATA_MSGID;
	assert_int_equal(target_write("root", &target, &features, &problem), -EOPNOTSUPP);
	target.sysdata = 0;
	target.entries = 1;
	assert_int_equal(target_write("root", &target, &features, &problem), -EOPNOTSUPP);
}

/* The kernel prints addresses in its own way, and cuts names. */
static void what_is_read_back_is_compared(void **state)
{
	struct target target = example("back");
	struct target_features features;
	struct target_problem problem = { "" };

	(void)state;
	make_target("back", false);
	assert_int_equal(target_features_read("root", "back", &features), 0);
	unlink("root/back/remote_mac");
	assert_int_equal(symlink("/dev/null", "root/back/remote_mac"), 0);
	assert_int_equal(target_write("root", &target, &features, &problem), -EIO);
	assert_string_equal(problem.text, "remote_mac: 52:54:00:12:34:56 was written, but the kernel has ");
	unlink("root/back/remote_ip");
	assert_int_equal(symlink("/dev/full", "root/back/remote_ip"), 0);
	assert_int_equal(target_write("root", &target, &features, &problem), -ENOSPC);
	assert_string_equal(problem.text, "remote_ip: 192.0.2.1 is refused: No space left on device");
	unlink("root/back/dev_name");
	assert_int_equal(target_write("root", &target, &features, &problem), -ENOENT);
}

static void put(const char *path, const char *text)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static void a_target_is_read_as_the_kernel_prints_it(void **state)
{
	struct target target;
	char text[ADDRESS_TEXT_MAX];

	(void)state;
	make_target("read", true);
	put("root/read/enabled", "1\n");
	put("root/read/extended", "0\n");
	put("root/read/dev_name", "eth0\n");
	put("root/read/local_port", "6665\n");
	put("root/read/remote_port", "6666\n");
	put("root/read/local_ip", "0.0.0.0\n");
	put("root/read/remote_ip", "2001:db8::1\n");
	put("root/read/remote_mac", "ff:ff:ff:ff:ff:ff\n");
	put("root/read/transmit_errors", "18446744073709551615\n");
	put("root/read/userdata/cpu_nr_enabled", "1\n");
	mkdir("root/read/userdata/rack", 0700);
	put("root/read/userdata/rack/value", "7\n");
	assert_int_equal(target_read("root", "read", &target), 0);
	assert_true(target.is_enabled && !target.is_extended && !target.has_release && target.counts_errors);
	assert_string_equal(target.interface, "eth0");
	assert_string_equal(address_print_with_port(text, &target.local), "0.0.0.0:6665");
	assert_string_equal(address_print_with_port(text, &target.remote), "[2001:db8::1]:6666");
	assert_true(target.errors == ~0ULL);
	assert_int_equal(target.sysdata, TARGET_SYSDATA_CPU_NR);
	assert_int_equal(target.entries, 1);
	assert_string_equal(target.userdata[0].name, "rack");
	assert_string_equal(target.userdata[0].value, "7");
}

static void odd_directories_are_read(void **state)
{
	struct target target;
	char **found;
	size_t count;

	(void)state;
	assert_int_equal(target_read("root", "nobody", &target), -ENOENT);
	assert_int_equal(target_read("root", "..", &target), -ENOENT);
	assert_int_equal(target_read("root", "order/userdata", &target), -ENOENT);
	mkdir("root/empty", 0700);
	assert_int_equal(target_read("root", "empty", &target), -ENOENT);
	make_target("blank", true);
	assert_int_equal(target_read("root", "blank", &target), 0);
	assert_false(target.is_enabled || target.remote.any.sa_family || target.counts_errors);
	assert_int_equal(target_names("root", &found, &count), 0);
	assert_int_equal(count, 6);
	assert_string_equal(found[0], "back");
	assert_string_equal(found[5], "read");
	names_free(found, count);
	assert_int_equal(target_names("nowhere", &found, &count), -ENOENT);
}

static void a_target_of_that_name_stays(void **state)
{
	struct record record = parsed("target = 192.0.2.1\n");
	struct target target;
	struct target_problem problem;

	(void)state;
	strcpy(record.name, "order");
	assert_int_equal(target_setup("root", &record, false, &target, &problem), -EEXIST);
	assert_int_equal(target_make("root", "order", &problem), -EEXIST);
	assert_int_equal(target_remove("root", "nobody", &problem), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses),
		cmocka_unit_test(mac_addresses),
		cmocka_unit_test(names),
		cmocka_unit_test(entries),
		cmocka_unit_test(sysdata),
		cmocka_unit_test(a_record_says_the_same_again),
		cmocka_unit_test(what_is_wrong_in_a_record_is_said),
		cmocka_unit_test(more_userdata_than_there_may_be_is_refused),
		cmocka_unit_test(records_are_kept_in_files),
		cmocka_unit_test(what_a_file_would_not_say_is_not_kept),
		cmocka_unit_test(a_target_is_enabled_last),
		cmocka_unit_test(of_an_older_kernel_only_what_it_has_is_written),
		cmocka_unit_test(what_is_read_back_is_compared),
		cmocka_unit_test(a_target_is_read_as_the_kernel_prints_it),
		cmocka_unit_test(odd_directories_are_read),
		cmocka_unit_test(a_target_of_that_name_stays),
	};

	return cmocka_run_group_tests(tests, folder_enter, folder_leave);
}
