// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading the kernel's partitions from sysfs, and telling it what was planned. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>
#include "ptcheck/kernel/tell.h"
#include "ptcheck_kernel_model.h"

/* --- what is busy */

static struct plan plan;

enum { NUMBERS = 4 };

struct busy {
	struct model model;
	int busy_times[NUMBERS]; /* how often a removal is refused; -1: always */
	int refuse; /* what everything is refused with */
	unsigned int done, failed, last_err;
};

static int busy_apply(void *context, const struct plan_action *action)
{
	struct busy *busy = context;
	int *times = &busy->busy_times[action->partition.number];

	if (busy->refuse)
		return busy->refuse;
	if (action->kind == PLAN_REMOVE && *times) {
		*times -= *times > 0;
		return -EBUSY;
	}
	return model_apply(&busy->model, action);
}

static void busy_report(void *context, const struct plan_action *action, int err)
{
	struct busy *busy = context;

	(void)action;
	if (err)
		busy->failed++;
	else
		busy->done++;
}

static __u64 milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (__u64)now.tv_sec * 1000 + (__u64)now.tv_nsec / 1000000;
}

/* The kernel has 1 to 3; the table has them a sector further on. */
static void begin_busy(struct busy *busy)
{
	struct table table = { .count = 0 };

	*busy = (struct busy){ .model = { .sector_size = 512, .disk_size = 1000 * 512 } };
	for (unsigned int number = 1; number < 4; number++)
		add_to_table(&table, &busy->model, number, 10 * number, 10, 0);
	model_scan(&busy->model, &table);
	for (size_t i = 0; i < table.count; i++)
		table.items[i].start += 512;
	plan_make(&plan, &busy->model.list, table.items, table.count, 512);
	assert_int_equal(plan.count, 6);
}

static int tell_busy(struct busy *busy, unsigned int timeout_ms, __u64 *duration)
{
	const struct tell_calls calls = { busy_apply, busy_report, busy };
	__u64 start = milliseconds();
	int err = tell_all(&plan, timeout_ms, &calls);

	*duration = milliseconds() - start;
	return err;
}

static void what_is_busy_for_a_while_is_tried_again(void **state)
{
	struct busy busy;
	__u64 duration;

	(void)state;
	begin_busy(&busy);
	busy.busy_times[1] = 1;
	busy.busy_times[3] = 2;
	assert_int_equal(tell_busy(&busy, 60000, &duration), 0);
	assert_int_equal(busy.done, 6);
	assert_int_equal(busy.failed, 0);
	assert_int_equal(busy.model.list.items[0].start, 11 * 512);
	assert_int_equal(busy.model.list.items[2].start, 31 * 512);
}

static void what_stays_busy_is_given_up(void **state)
{
	struct busy busy;
	__u64 duration;

	(void)state;
	begin_busy(&busy);
	busy.busy_times[3] = -1;
	assert_int_equal(tell_busy(&busy, 200, &duration), 0);
	assert_in_range(duration, 200, 30000);
	/* Of the last one neither the removal nor the addition; and it is in the way of the second. */
	assert_int_equal(busy.done, 3);
	assert_int_equal(busy.failed, 3);
	assert_int_equal(busy.model.list.count, 2);
}

static void nothing_is_tried_again_without_time(void **state)
{
	struct busy busy;
	__u64 duration;

	(void)state;
	begin_busy(&busy);
	busy.busy_times[1] = busy.busy_times[2] = busy.busy_times[3] = 1;
	assert_int_equal(tell_busy(&busy, 0, &duration), 0);
	assert_int_equal(busy.done, 0);
	assert_int_equal(busy.failed, 6);
}

static void what_overlaps_is_not_waited_for(void **state)
{
	struct table table = { .count = 0 };
	struct busy busy;
	__u64 duration;

	(void)state;
	busy = (struct busy){ .model = { .sector_size = 512, .disk_size = 1000 * 512 } };
	add_to_table(&table, &busy.model, 1, 10, 10, 0);
	add_to_table(&table, &busy.model, 2, 15, 10, 0);
	plan_make(&plan, &busy.model.list, table.items, table.count, 512);
	assert_int_equal(tell_busy(&busy, 600000, &duration), 0);
	assert_in_range(duration, 0, 300000);
	assert_int_equal(busy.done, 1);
	assert_int_equal(busy.failed, 1);
	assert_in_range(busy.model.applied, 2, 4);
}

static void what_is_not_allowed_ends_it(void **state)
{
	static const int errors[] = { -EACCES, -EPERM };
	struct busy busy;
	__u64 duration;

	(void)state;
	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++) {
		begin_busy(&busy);
		busy.refuse = errors[i];
		assert_int_equal(tell_busy(&busy, 600000, &duration), errors[i]);
		assert_int_equal(busy.done + busy.failed, 0);
	}
	begin_busy(&busy);
	busy.refuse = -EINVAL;
	assert_int_equal(tell_busy(&busy, 600000, &duration), 0);
	assert_int_equal(busy.failed, 6);
}

static void what_is_no_disk_is_refused_by_the_kernel(void **state)
{
	static const struct plan_action action = { .kind = PLAN_ADD, .partition = { 1, 0, 512 } };
	struct plan_action large = action;
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_int_equal(tell_kernel(fd, &action), -ENOTTY);
	large.partition.size = 1ULL << 63;
	assert_int_equal(tell_kernel(fd, &large), -EINVAL);
	large = action;
	large.partition.number = 1U << 31;
	assert_int_equal(tell_kernel(fd, &large), -EINVAL);
	close(fd);
	assert_int_equal(tell_kernel(fd, &action), -EBADF);
}

static void a_lock_is_waited_for(void **state)
{
	char path[] = "/tmp/ptcheck-lock-XXXXXX";
	int one = mkstemp(path), other = open(path, O_RDONLY | O_CLOEXEC);
	__u64 start;

	(void)state;
	unlink(path);
	assert_int_equal(tell_lock(one, 0), 0);
	start = milliseconds();
	assert_int_equal(tell_lock(other, 50), -EWOULDBLOCK);
	assert_in_range(milliseconds() - start, 50, 30000);
	close(one);
	assert_int_equal(tell_lock(other, 60000), 0);
	close(other);
	assert_int_equal(tell_lock(other, 60000), -EBADF);
}

/* --- sysfs */

static char root[] = "/tmp/ptcheck-sysfs-XXXXXX";
static const dev_t device = 0x0801; /* 8:1 */

static void path_of(char *path, size_t size, const char *name)
{
	snprintf(path, size, "%s/dev/block/%u:%u%s%s", root, major(device), minor(device), *name ? "/" : "", name);
}

static void make_folder(const char *name)
{
	char path[256];

	path_of(path, sizeof(path), name);
	assert_int_equal(mkdir(path, 0755), 0);
}

static void put_bytes(const char *name, const void *bytes, size_t size)
{
	char path[256];
	FILE *file;

	path_of(path, sizeof(path), name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	fclose(file);
}

static void put_attribute(const char *folder, const char *name, const char *text)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	put_bytes(path, text, strlen(text));
}

static void put_partition(const char *folder, const char *number, const char *start, const char *size)
{
	make_folder(folder);
	put_attribute(folder, "partition", number);
	put_attribute(folder, "start", start);
	put_attribute(folder, "size", size);
}

static void remove_tree(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", root);
	assert_int_equal(system(command), 0);
}

static int begin_sysfs(void **state)
{
	char path[64];

	(void)state;
	strcpy(root + strlen(root) - 6, "XXXXXX");
	if (!mkdtemp(root))
		return -1;
	snprintf(path, sizeof(path), "%s/dev", root);
	mkdir(path, 0755);
	snprintf(path, sizeof(path), "%s/dev/block", root);
	mkdir(path, 0755);
	make_folder("");
	make_folder("queue");
	make_folder("holders");
	put_bytes("size", "2048\n", 5);
	put_bytes("ext_range", "256\n", 4);
	return 0;
}

static int end_sysfs(void **state)
{
	(void)state;
	remove_tree();
	return 0;
}

static struct kernel_partitions list;

static int read_sysfs(void)
{
	return kernel_partitions_read(&list, root, device);
}

static void a_disk_in_sysfs(void **state)
{
	char path[256];

	(void)state;
	assert_int_equal(read_sysfs(), 0);
	assert_int_equal(list.count, 0);
	assert_true(list.can_be);
	put_partition("x10", "10\n", "4096\n", "2\n");
	put_partition("x2", "2", "2048", "18014398509479935");
	put_partition("x255", "255\n", "0\n", "0\n");
	path_of(path, sizeof(path), "bdi");
	assert_int_equal(symlink("x2", path), 0);
	assert_int_equal(read_sysfs(), 0);
	assert_int_equal(list.count, 3);
	assert_int_equal(list.items[0].number, 2);
	assert_int_equal(list.items[0].start, 2048 * 512);
	assert_int_equal(list.items[0].size, 18014398509479935ULL * 512);
	assert_int_equal(list.items[1].number, 10);
	assert_int_equal(list.items[1].size, 1024);
	assert_int_equal(list.items[2].number, 255);
	assert_ptr_equal(kernel_partitions_find(&list, 10), &list.items[1]);
	assert_null(kernel_partitions_find(&list, 1));
}

static void a_disk_without_partitions_by_its_kind(void **state)
{
	char path[256];

	(void)state;
	put_bytes("ext_range", "1\n", 2);
	assert_int_equal(read_sysfs(), 0);
	assert_false(list.can_be);
	path_of(path, sizeof(path), "ext_range");
	unlink(path);
	assert_int_equal(read_sysfs(), 0);
	assert_true(list.can_be);
}

static void what_is_no_disk_in_sysfs(void **state)
{
	(void)state;
	assert_int_equal(kernel_partitions_read(&list, root, device + 1), -ENOENT);
	assert_int_equal(kernel_partitions_read(&list, "/nowhere", device), -ENOENT);
	put_partition("x1", "1\n", "0\n", "1\n");
	put_bytes("partition", "1\n", 2);
	assert_int_equal(read_sysfs(), -ENOTBLK);
	assert_int_equal(list.count, 0);
}

/* A partition that goes while it is read. */
static void what_is_half_gone_is_not_listed(void **state)
{
	(void)state;
	put_partition("x1", "1\n", "0\n", "1\n");
	make_folder("x2");
	put_attribute("x2", "partition", "2\n");
	make_folder("x3");
	put_attribute("x3", "partition", "3\n");
	put_attribute("x3", "start", "3\n");
	assert_int_equal(read_sysfs(), 0);
	assert_int_equal(list.count, 1);
}

static void attributes_that_no_kernel_writes(void **state)
{
	static const struct {
		const char *number, *start, *size;
	} cases[] = {
		{ "", "0", "1" }, { "0", "0", "1" }, { "257", "0", "1" }, { "-1", "0", "1" }, { "1 ", "0", "1" },
		{ "1x", "0", "1" }, { "0x1", "0", "1" }, { "18446744073709551617", "0", "1" }, { "\n1", "0", "1" },
		{ "1", "", "1" }, { "1", "-1", "1" }, { "1", "18014398509481984", "1" }, { "1", " 0", "1" },
		{ "1", "0", "" }, { "1", "0", "18014398509481984" }, { "1", "1", "18014398509481983" },
		{ "1", "18014398509481983", "1" }, { "1", "0", "0000000000000000000000000000000000000001" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		put_partition("good", "2\n", "0\n", "1\n");
		put_partition("x1", cases[i].number, cases[i].start, cases[i].size);
		assert_int_equal(read_sysfs(), -EBADMSG);
		assert_int_equal(list.count, 0);
		end_sysfs(state);
		begin_sysfs(state);
	}
	put_partition("x1", "1\n", "0\n", "1\n");
	put_bytes("x1/size", "1\0", 2);
	assert_int_equal(read_sysfs(), -EBADMSG);
	put_partition("x2", "1\n", "0\n", "1\n");
	put_bytes("x1/size", "1\n", 2);
	assert_int_equal(read_sysfs(), -EBADMSG);
	put_bytes("x2/partition", "2\n", 2);
	assert_int_equal(read_sysfs(), 0);
	put_bytes("ext_range", "many", 4);
	assert_int_equal(read_sysfs(), -EBADMSG);
}

static void attributes_that_are_no_files(void **state)
{
	char path[256];

	(void)state;
	put_partition("x1", "1\n", "0\n", "1\n");
	path_of(path, sizeof(path), "x1/size");
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(read_sysfs(), -EBADMSG);
	unlink(path);
	assert_int_equal(symlink("start", path), 0);
	assert_int_equal(read_sysfs(), -EBADMSG);
	unlink(path);
	assert_int_equal(symlink("/dev/zero", path), 0);
	assert_int_equal(read_sysfs(), -EBADMSG);
	unlink(path);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(read_sysfs(), -EBADMSG);
	/* Far larger than any number: no more is read than one can have. */
	rmdir(path);
	put_attribute("x1", "size", "1");
	assert_int_equal(truncate(path, 1LL << 40), 0);
	assert_int_equal(read_sysfs(), -EBADMSG);
}

static void more_than_there_can_be(void **state)
{
	char name[32], number[32];

	(void)state;
	for (unsigned int i = 1; i <= PTCHECK_PARTITIONS_MAX; i++) {
		snprintf(name, sizeof(name), "x%u", i);
		snprintf(number, sizeof(number), "%u\n", i);
		put_partition(name, number, "0\n", "1\n");
	}
	assert_int_equal(read_sysfs(), 0);
	assert_int_equal(list.count, PTCHECK_PARTITIONS_MAX);
	assert_int_equal(list.items[PTCHECK_PARTITIONS_MAX - 1].number, PTCHECK_PARTITIONS_MAX);
	for (unsigned int i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "folder%u", i);
		make_folder(name);
	}
	assert_int_equal(read_sysfs(), -EBADMSG);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_busy_for_a_while_is_tried_again),
		cmocka_unit_test(what_stays_busy_is_given_up),
		cmocka_unit_test(nothing_is_tried_again_without_time),
		cmocka_unit_test(what_overlaps_is_not_waited_for),
		cmocka_unit_test(what_is_not_allowed_ends_it),
		cmocka_unit_test(what_is_no_disk_is_refused_by_the_kernel),
		cmocka_unit_test(a_lock_is_waited_for),
		cmocka_unit_test_setup_teardown(a_disk_in_sysfs, begin_sysfs, end_sysfs),
		cmocka_unit_test_setup_teardown(a_disk_without_partitions_by_its_kind, begin_sysfs, end_sysfs),
		cmocka_unit_test_setup_teardown(what_is_no_disk_in_sysfs, begin_sysfs, end_sysfs),
		cmocka_unit_test_setup_teardown(what_is_half_gone_is_not_listed, begin_sysfs, end_sysfs),
		cmocka_unit_test_setup_teardown(attributes_that_no_kernel_writes, begin_sysfs, end_sysfs),
		cmocka_unit_test_setup_teardown(attributes_that_are_no_files, begin_sysfs, end_sysfs),
		cmocka_unit_test_setup_teardown(more_than_there_can_be, begin_sysfs, end_sysfs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
