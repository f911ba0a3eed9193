// SPDX-License-Identifier: GPL-2.0-or-later
/* Recordings of kevents: what is written is read, and nothing else. */
#include "support.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "kevents/kevents.h"
#include "kevents/record/stored.h"

static const struct kevents_record base = {
	.flags = KEVENTS_SYNTHESISED,
	.time = 0x123456789abcdef0,
	.cpu = 7,
	.pid = 4000000,
	.tid = 4000001,
	.parent_pid = 1,
	.uid = 65534,
	.cgroup = 1ULL << 40,
	.start_time = 99,
	.comm = "fifteen letters",
};

static struct kevents_record one_of(uint32_t type)
{
	struct kevents_record record = base;

	record.type = type;
	return record;
}

static size_t make_examples(struct kevents_record list[KEVENTS_TYPE_MAX])
{
	for (uint32_t type = 1; type <= KEVENTS_TYPE_MAX; type++)
		list[type - 1] = one_of(type);
	list[KEVENTS_FORK - 1].fork = (struct kevents_fork){5, 6, 7, true};
	list[KEVENTS_EXEC - 1].exec = (struct kevents_exec){
		.path = "/bin/\x1b[31msh", .args = "sh\0-c\0", .args_size = 7, .count = 3, .old_tid = 9};
	list[KEVENTS_EXIT - 1].exit = (struct kevents_exit){
		.status = 255, .signal = 11, .dumped_core = true, .run_time = 1};
	for (uint32_t type = KEVENTS_IMAGE_LOAD; type <= KEVENTS_ANON_EXEC; type++)
		list[type - 1].image = (struct kevents_image){.address = 0x7f0000000000,
			.size = 4096,
			.inode = ~0ULL,
			.protection = KEVENTS_READ | KEVENTS_EXECUTE,
			.build_id_size = 3,
			.build_id = {1, 2, 3},
			.path = "/lib/libc.so.6 (deleted)"};
	for (uint32_t type = KEVENTS_KERNEL_LOAD; type <= KEVENTS_KERNEL_UNLOAD; type++)
		list[type - 1].kernel = (struct kevents_kernel){
			.kind = KEVENTS_MODULE, .address = 0xffffffffc0000000, .name = "ext4"};
	strcpy(list[KEVENTS_COMM - 1].comm_change.old, "before");
	list[KEVENTS_CGROUP - 1].cgroup_change =
		(struct kevents_cgroup){.action = KEVENTS_CGROUP_ENTERED, .path = "/system.slice"};
	list[KEVENTS_LOST - 1].lost = (struct kevents_lost){12, 34, KEVENTS_LOSS_BUFFER};
	return KEVENTS_TYPE_MAX;
}

static const struct kevents_sums account = {.made = 1ULL << 40,
	.missed = 2,
	.delivered = 3,
	.unwanted = 4,
	.lost = 5,
	.incomplete = 6,
	.agree = true};

static int recording_of(const struct kevents_record *list, size_t count, size_t times)
{
	struct kevents_writer *writer = NULL;
	int fd = memfd_create("recording", 0);

	assert_true(fd >= 0);
	assert_int_equal(kevents_writer_new(fd, NULL, &writer, NULL), 0);
	for (size_t i = 0; i < count * times; i++)
		assert_int_equal(kevents_write(writer, &list[i % count]), 0);
	kevents_writer_set_sums(writer, &account);
	assert_int_equal(kevents_writer_close(writer), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static struct kevents_reader *reader_of(int fd)
{
	struct kevents_reader *reader = NULL;

	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(kevents_reader_new(fd, &reader, NULL), 0);
	return reader;
}

static void assert_same_head(const struct kevents_record *one, const struct kevents_record *other)
{
	assert_int_equal(one->type, other->type);
	assert_int_equal(one->flags, other->flags);
	assert_int_equal(one->time, other->time);
	assert_int_equal(one->cpu, other->cpu);
	assert_int_equal(one->pid, other->pid);
	assert_int_equal(one->tid, other->tid);
	assert_int_equal(one->parent_pid, other->parent_pid);
	assert_int_equal(one->uid, other->uid);
	assert_int_equal(one->cgroup, other->cgroup);
	assert_int_equal(one->start_time, other->start_time);
	assert_string_equal(one->comm, other->comm);
}

static void assert_same_part(const struct kevents_record *one, const struct kevents_record *other)
{
	switch (one->type) {
	case KEVENTS_FORK:
		assert_int_equal(one->fork.child_tid, other->fork.child_tid);
		assert_int_equal(one->fork.child_parent_pid, other->fork.child_parent_pid);
		assert_true(one->fork.is_thread);
		break;
	case KEVENTS_EXEC:
		assert_string_equal(one->exec.path, other->exec.path);
		assert_int_equal(one->exec.count, other->exec.count);
		assert_int_equal(one->exec.args_size, other->exec.args_size);
		assert_memory_equal(one->exec.args, other->exec.args, other->exec.args_size);
		break;
	case KEVENTS_EXIT:
		assert_int_equal(one->exit.status, other->exit.status);
		assert_int_equal(one->exit.signal, other->exit.signal);
		assert_true(one->exit.dumped_core);
		assert_false(one->exit.is_thread);
		break;
	case KEVENTS_IMAGE_LOAD:
	case KEVENTS_IMAGE_UNLOAD:
	case KEVENTS_ANON_EXEC:
		assert_int_equal(one->image.address, other->image.address);
		assert_int_equal(one->image.inode, other->image.inode);
		assert_int_equal(one->image.build_id_size, 3);
		assert_memory_equal(one->image.build_id, other->image.build_id, 3);
		assert_string_equal(one->image.path, other->image.path);
		break;
	case KEVENTS_KERNEL_LOAD:
	case KEVENTS_KERNEL_UNLOAD:
		assert_int_equal(one->kernel.address, other->kernel.address);
		assert_string_equal(one->kernel.name, other->kernel.name);
		break;
	case KEVENTS_COMM:
		assert_string_equal(one->comm_change.old, other->comm_change.old);
		break;
	case KEVENTS_CGROUP:
		assert_int_equal(one->cgroup_change.action, other->cgroup_change.action);
		assert_string_equal(one->cgroup_change.path, other->cgroup_change.path);
		break;
	case KEVENTS_LOST:
		assert_int_equal(one->lost.count, other->lost.count);
		assert_int_equal(one->lost.why, other->lost.why);
		break;
	default:
		fail();
	}
}

/* So many that there are several blocks. */
static void what_is_written_is_read(void **state)
{
	struct kevents_record list[KEVENTS_TYPE_MAX], record;
	size_t count = make_examples(list), times = 300;
	struct kevents_recording_info info;
	struct kevents_reader *reader;
	struct kevents_sums sums;
	int fd = recording_of(list, count, times);

	(void)state;
	reader = reader_of(fd);
	kevents_reader_info(reader, &info);
	assert_int_equal(info.page_size, sysconf(_SC_PAGESIZE));
	assert_true(info.realtime > info.monotonic);
	for (size_t i = 0; i < count * times; i++) {
		assert_int_equal(kevents_read(reader, &record, NULL), 1);
		assert_same_head(&record, &list[i % count]);
		assert_same_part(&record, &list[i % count]);
	}
	assert_int_equal(kevents_reader_get_sums(reader, &sums), -ENODATA);
	assert_int_equal(kevents_read(reader, &record, NULL), 0);
	assert_int_equal(kevents_read(reader, &record, NULL), 0);
	assert_int_equal(kevents_reader_get_sums(reader, &sums), 0);
	assert_memory_equal(&sums, &account, sizeof(sums));
	kevents_reader_close(reader);
	close(fd);
}

/* A vector of 2 MiB, the most that Linux takes. */
static void long_arguments(void **state)
{
	struct kevents_record record = one_of(KEVENTS_EXEC), read;
	uint32_t size = 2 << 20;
	char *args = malloc(size);
	struct kevents_reader *reader;
	int fd;

	(void)state;
	assert_non_null(args);
	memset(args, 'x', size);
	args[size - 1] = 0;
	record.exec = (struct kevents_exec){
		.path = "/bin/true", .args = args, .args_size = size, .count = 1};
	fd = recording_of(&record, 1, 3);
	reader = reader_of(fd);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(kevents_read(reader, &read, NULL), 1);
		assert_int_equal(read.exec.args_size, size);
		assert_memory_equal(read.exec.args, args, size);
	}
	assert_int_equal(kevents_read(reader, &read, NULL), 0);
	kevents_reader_close(reader);
	close(fd);
	free(args);
}

/* As an earlier writer ends one. */
static void a_recording_without_an_account(void **state)
{
	struct kevents_writer *writer = NULL;
	struct kevents_reader *reader;
	struct kevents_record record;
	struct kevents_sums sums;
	int fd = memfd_create("recording", 0);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(kevents_writer_new(fd, NULL, &writer, NULL), 0);
	assert_int_equal(kevents_writer_close(writer), 0);
	reader = reader_of(fd);
	assert_int_equal(kevents_read(reader, &record, NULL), 0);
	assert_int_equal(kevents_reader_get_sums(reader, &sums), -ENODATA);
	kevents_reader_close(reader);
	close(fd);
}

/* However short it is cut: an error, after records that are all right. */
static void cut_off_anywhere(void **state)
{
	struct kevents_record list[KEVENTS_TYPE_MAX], record;
	size_t count = make_examples(list);
	int fd = recording_of(list, count, 2);
	off_t size = lseek(fd, 0, SEEK_END);

	(void)state;
	while (size-- > 0) {
		struct kevents_reader *reader = NULL;
		struct kevents_error error = {""};
		size_t records = 0;
		int got;

		assert_int_equal(ftruncate(fd, size), 0);
		assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
		got = kevents_reader_new(fd, &reader, &error);
		while (!got && (got = kevents_read(reader, &record, &error)) == 1) {
			assert_same_part(&record, &list[records++ % count]);
			got = 0;
		}
		assert_int_equal(got, -EBADMSG);
		assert_string_not_equal(error.text, "");
		kevents_reader_close(reader);
	}
	close(fd);
}

/* Whatever byte is another one: an error or a loss that says how many, never another record. */
static void damaged_anywhere(void **state)
{
	struct kevents_record list[KEVENTS_TYPE_MAX], record;
	size_t count = make_examples(list);
	int fd = recording_of(list, count, 2);
	off_t size = lseek(fd, 0, SEEK_END);

	(void)state;
	for (off_t at = 0; at < size; at++) {
		struct kevents_reader *reader = NULL;
		uint64_t records = 0, lost = 0;
		uint8_t byte;
		int got;

		assert_int_equal(pread(fd, &byte, 1, at), 1);
		byte ^= 0x40;
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
		assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
		got = kevents_reader_new(fd, &reader, NULL);
		while (!got && (got = kevents_read(reader, &record, NULL)) == 1) {
			if (record.type == KEVENTS_LOST &&
				record.lost.why == KEVENTS_LOSS_RECORDING)
				lost += record.lost.count;
			else
				assert_same_part(&record, &list[records++ % count]);
			got = 0;
		}
		if (got)
			assert_int_equal(got, -EBADMSG);
		else if (lost)
			assert_int_equal(records + lost, 2 * count);
		else
			fail_msg("byte %lld was changed, and nobody noticed", (long long)at);
		kevents_reader_close(reader);
		byte ^= 0x40;
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	}
	close(fd);
}

/* A record in a recording of its own, whose checksums are right; and the type that is read. */
struct lone_record {
	uint8_t bytes[1024];
	uint32_t size;
};

static struct lone_record lone(struct kevents_record *record)
{
	struct lone_record made = {.size = 0};
	struct coder coder = {.bytes = made.bytes, .size = sizeof(made.bytes), .is_writing = true};

	code_record(&coder, record);
	assert_false(coder.is_bad);
	made.size = (uint32_t)coder.at;
	return made;
}

static uint32_t type_read(struct lone_record *lone)
{
	struct stored_block end = {.magic = STORED_BLOCK_MAGIC}, block = end;
	struct kevents_record record;
	int fd = recording_of(NULL, 0, 0);
	uint8_t bytes[2048];
	struct coder coder = {.bytes = bytes, .size = sizeof(bytes), .is_writing = true};
	struct kevents_reader *reader;

	/* The size of the rest comes first. */
	lone->bytes[0] = (uint8_t)(lone->size - 4);
	lone->bytes[1] = (uint8_t)((lone->size - 4) >> 8);
	block.size = lone->size;
	block.count = 1;
	block.crc = stored_crc(lone->bytes, lone->size);
	code_block(&coder, &block);
	field_bytes(&coder, lone->bytes, lone->size);
	code_block(&coder, &end);
	assert_false(coder.is_bad);
	assert_int_equal(pwrite(fd, bytes, coder.at, STORED_HEADER_SIZE), coder.at);
	reader = reader_of(fd);
	assert_int_equal(kevents_read(reader, &record, NULL), 1);
	kevents_reader_close(reader);
	close(fd);
	return record.type;
}

/* A checksum is no proof: a record that contradicts itself is a loss. */
static void contradictions_are_losses(void **state)
{
	struct kevents_record list[KEVENTS_TYPE_MAX];
	struct kevents_record *exec = &list[KEVENTS_EXEC - 1];
	struct kevents_record *load = &list[KEVENTS_IMAGE_LOAD - 1];
	struct lone_record changed;

	(void)state;
	make_examples(list);
	changed = lone(exec);
	assert_int_equal(type_read(&changed), KEVENTS_EXEC);
	/* Bytes behind the last member. */
	changed.bytes[changed.size++] = 0;
	assert_int_equal(type_read(&changed), KEVENTS_LOST);
	/* Another count than there are arguments: it stands before old_tid, the last member. */
	for (int more = -1; more <= 1; more++) {
		changed = lone(exec);
		changed.bytes[changed.size - 8] = (uint8_t)((int)exec->exec.count + more);
		assert_int_equal(type_read(&changed), more ? KEVENTS_LOST : KEVENTS_EXEC);
	}
	/* A build ID of 21 bytes: it stands before the path, which here is its size and a 0. */
	load->image.path = "";
	load->image.build_id_size = KEVENTS_BUILD_ID_MAX;
	changed = lone(load);
	assert_int_equal(type_read(&changed), KEVENTS_IMAGE_LOAD);
	changed.bytes[changed.size - 5 - KEVENTS_BUILD_ID_MAX - 4]++;
	changed.bytes[changed.size++] = 0;
	assert_int_equal(type_read(&changed), KEVENTS_LOST);
}

static void names_of_types(void **state)
{
	(void)state;
	for (uint32_t type = 1; type <= KEVENTS_TYPE_MAX; type++)
		assert_int_equal(kevents_type_by_name(kevents_type_name(type)), type);
	assert_string_equal(kevents_type_name(KEVENTS_TYPE_MAX + 1), "?");
	assert_string_equal(kevents_type_name(0), "?");
	assert_int_equal(kevents_type_by_name("no such"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(long_arguments),
		cmocka_unit_test(a_recording_without_an_account),
		cmocka_unit_test(cut_off_anywhere),
		cmocka_unit_test(damaged_anywhere),
		cmocka_unit_test(contradictions_are_losses),
		cmocka_unit_test(names_of_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
