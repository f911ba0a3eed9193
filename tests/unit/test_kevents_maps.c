// SPDX-License-Identifier: GPL-2.0-or-later
/* What stood where and when, asked of made-up records and, at the end, of real files. */
#include <elf.h>
#include <errno.h>
#include <link.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>
#include "kevents/maps.h"

static struct kevents_maps *maps;

static int set_up(void **state)
{
	struct kevents_maps_options options = {.size = sizeof(options)};

	(void)state;
	return kevents_maps_new(&options, &maps, NULL);
}

static int tear_down(void **state)
{
	(void)state;
	kevents_maps_close(maps);
	return 0;
}

static void begin_with(size_t memory, uint64_t age)
{
	struct kevents_maps_options options = {
		.size = sizeof(options), .memory = memory, .age = age};

	kevents_maps_close(maps);
	assert_int_equal(kevents_maps_new(&options, &maps, NULL), 0);
}

static void take(struct kevents_record *record)
{
	assert_int_equal(kevents_maps_add(record, maps), 0);
}

static void fork_at(uint64_t time, int32_t parent, int32_t child)
{
	take(&(struct kevents_record){.type = KEVENTS_FORK,
		.time = time,
		.pid = parent,
		.tid = parent,
		.fork = {.child_pid = child, .child_tid = child}});
}

static void exec_at(uint64_t time, int32_t pid)
{
	take(&(struct kevents_record){.type = KEVENTS_EXEC,
		.time = time,
		.pid = pid,
		.tid = pid,
		.comm = "program",
		.exec = {.path = "/bin/program", .old_tid = pid}});
}

static void exit_at(uint64_t time, int32_t pid)
{
	take(&(struct kevents_record){.type = KEVENTS_EXIT, .time = time, .pid = pid, .tid = pid});
}

static struct kevents_record image_record(
	uint64_t time, int32_t pid, uint64_t address, uint64_t size, const char *path)
{
	return (struct kevents_record){.type = KEVENTS_IMAGE_LOAD,
		.time = time,
		.pid = pid,
		.tid = pid,
		.image = {.address = address,
			.size = size,
			.offset = 0x1000,
			.inode = 5,
			.path = path,
			.protection = KEVENTS_READ | KEVENTS_EXECUTE}};
}

static void load_at(uint64_t time, int32_t pid, uint64_t address, uint64_t size, const char *path)
{
	struct kevents_record record = image_record(time, pid, address, size, path);

	take(&record);
}

static void unload_at(uint64_t time, int32_t pid, uint64_t address, uint64_t size)
{
	struct kevents_record record = image_record(time, pid, address, size, "");

	record.type = KEVENTS_IMAGE_UNLOAD;
	take(&record);
}

static void anon_at(uint64_t time, int32_t pid, uint64_t address, uint64_t size)
{
	struct kevents_record record = image_record(time, pid, address, size, "//anon");

	record.type = KEVENTS_ANON_EXEC;
	record.image.inode = 0;
	take(&record);
}

static struct kevents_place ask(int32_t pid, uint64_t address, uint64_t time)
{
	struct kevents_place place;
	struct kevents_error error;
	int err = kevents_resolve(maps, pid, address, time, &place, &error);

	if (err)
		fail_msg("%d %#llx at %llu: %s", pid, (unsigned long long)address,
			(unsigned long long)time, error.text);
	return place;
}

static void expect(int32_t pid, uint64_t address, uint64_t time, const char *image)
{
	struct kevents_place place = ask(pid, address, time);

	if (strcmp(place.symbol ? place.symbol : place.image, image) != 0)
		fail_msg("%d %#llx at %llu: %s, not %s", pid, (unsigned long long)address,
			(unsigned long long)time, place.symbol ? place.symbol : place.image, image);
}

static void expect_error(int err, int32_t pid, uint64_t address, uint64_t time)
{
	struct kevents_place place;
	struct kevents_error error = {""};

	assert_int_equal(kevents_resolve(maps, pid, address, time, &place, &error), err);
	assert_true(*error.text);
}

static void an_address_is_used_again(void **state)
{
	struct kevents_place place;

	(void)state;
	fork_at(10, 1, 2);
	load_at(20, 2, 0x10000, 0x2000, "/a");
	load_at(30, 2, 0x11000, 0x1000, "/b");
	unload_at(40, 2, 0x10000, 0x2000);
	load_at(50, 2, 0xf000, 0x8000, "/c");
	expect_error(-ESRCH, 2, 0x10000, 9);
	expect_error(-ENOENT, 2, 0x10000, 19);
	expect(2, 0x10000, 20, "/a");
	expect(2, 0x11fff, 29, "/a");
	expect(2, 0x11fff, 30, "/b");
	expect(2, 0x10fff, 39, "/a");
	expect_error(-ENOENT, 2, 0x12000, 39);
	expect_error(-ENOENT, 2, 0x10fff, 40);
	expect(2, 0x10fff, 1000, "/c");
	place = ask(2, 0x11010, 35);
	assert_int_equal(place.kind, KEVENTS_PLACE_IMAGE);
	assert_int_equal(place.certainty, KEVENTS_CERTAIN);
	assert_int_equal(place.offset, 0x1010);
	assert_int_equal(place.since, 30);
	assert_int_equal(place.address, 0x11000);
	assert_int_equal(place.inode, 5);
	assert_non_null(place.why_no_symbol);
}

static void a_forked_process_has_what_its_parent_had(void **state)
{
	(void)state;
	fork_at(10, 1, 2);
	load_at(20, 2, 0x10000, 0x1000, "/a");
	fork_at(30, 2, 3);
	unload_at(40, 2, 0x10000, 0x1000);
	load_at(41, 2, 0x10000, 0x1000, "/b");
	load_at(50, 3, 0x20000, 0x1000, "/c");
	expect(3, 0x10000, 60, "/a");
	expect(2, 0x10000, 60, "/b");
	expect(3, 0x20000, 60, "/c");
	expect_error(-ENOENT, 2, 0x20000, 60);
	/* What happens to the child is nothing to the parent, nor the end of the parent to the
	 * child. */
	unload_at(70, 3, 0x10000, 0x1000);
	exit_at(80, 2);
	expect_error(-ENOENT, 3, 0x10000, 90);
	expect(3, 0x10000, 69, "/a");
	expect_error(-ESRCH, 2, 0x10000, 80);
	/* However long the line of parents is. */
	load_at(100, 3, 0x30000, 0x1000, "/d");
	for (int32_t pid = 3; pid < 1000; pid++) {
		fork_at(110 + (uint64_t)pid, pid, pid + 1);
		exit_at(110 + (uint64_t)pid, pid);
	}
	expect(1000, 0x30000, 2000, "/d");
	expect(1000, 0x20000, 2000, "/c");
	expect_error(-ENOENT, 1000, 0x10000, 2000);
}

static void an_exec_leaves_nothing_and_a_number_is_used_again(void **state)
{
	(void)state;
	fork_at(10, 1, 2);
	load_at(20, 2, 0x10000, 0x1000, "/a");
	fork_at(25, 2, 3);
	exec_at(30, 2);
	load_at(31, 2, 0x20000, 0x1000, "/b");
	exit_at(40, 2);
	fork_at(50, 1, 2);
	load_at(51, 2, 0x10000, 0x1000, "/c");
	expect(2, 0x10000, 29, "/a");
	expect_error(-ENOENT, 2, 0x10000, 30);
	expect(2, 0x20000, 39, "/b");
	assert_string_equal(ask(2, 0x20000, 39).comm, "program");
	expect_error(-ESRCH, 2, 0x20000, 45);
	expect_error(-ENOENT, 2, 0x20000, 55);
	expect(2, 0x10000, 55, "/c");
	expect(3, 0x10000, 100, "/a");
}

static void threads_are_no_processes(void **state)
{
	(void)state;
	fork_at(10, 1, 2);
	take(&(struct kevents_record){.type = KEVENTS_FORK,
		.time = 11,
		.pid = 2,
		.tid = 2,
		.fork = {.child_pid = 2, .child_tid = 3, .is_thread = true}});
	load_at(20, 2, 0x10000, 0x1000, "/a");
	take(&(struct kevents_record){
		.type = KEVENTS_EXIT, .time = 30, .pid = 2, .tid = 3, .exit = {.is_thread = true}});
	expect(2, 0x10000, 40, "/a");
	expect_error(-ESRCH, 3, 0x10000, 25);
}

static void what_was_there_is_there_but_not_for_certain(void **state)
{
	struct kevents_record record = {.type = KEVENTS_FORK,
		.flags = KEVENTS_SYNTHESISED,
		.time = 100,
		.pid = 1,
		.fork = {.child_pid = 2, .child_tid = 2}};

	(void)state;
	take(&record);
	record.type = KEVENTS_EXEC;
	record.pid = 2;
	record.start_time = 50;
	strcpy(record.comm, "found");
	take(&record);
	record = image_record(100, 2, 0x10000, 0x1000, "/a");
	record.flags = KEVENTS_SYNTHESISED;
	take(&record);
	assert_int_equal(ask(2, 0x10000, 100).certainty, KEVENTS_CERTAIN);
	assert_int_equal(ask(2, 0x10000, 60).certainty, KEVENTS_POSSIBLE);
	assert_string_equal(ask(2, 0x10000, 60).comm, "found");
	expect_error(-ESRCH, 2, 0x10000, 49);
	/* Told again, it changes nothing. */
	load_at(110, 2, 0x10000, 0x1000, "/b");
	record.type = KEVENTS_EXEC;
	record.time = 120;
	take(&record);
	expect(2, 0x10000, 130, "/b");
}

static void found_at(uint64_t time, int32_t pid, uint64_t start_time)
{
	take(&(struct kevents_record){.type = KEVENTS_EXEC,
		.flags = KEVENTS_SYNTHESISED,
		.time = time,
		.pid = pid,
		.tid = pid,
		.start_time = start_time,
		.comm = "found"});
}

/* Its exit and the fork of the next one were lost; the times of starting tell them apart. */
static void a_number_is_used_again_unseen(void **state)
{
	(void)state;
	found_at(100, 2, 50);
	load_at(110, 2, 0x10000, 0x1000, "/a");
	/* /proc knows the time in hundredths of a second. */
	found_at(1000000000, 2, 10000050);
	expect(2, 0x10000, 1000000000, "/a");
	found_at(2000000000, 2, 1000000050);
	expect(2, 0x10000, 1000000049, "/a");
	expect_error(-ENOENT, 2, 0x10000, 2000000000);
}

static void a_loss_is_told(void **state)
{
	(void)state;
	fork_at(10, 1, 2);
	load_at(20, 2, 0x10000, 0x1000, "/a");
	take(&(struct kevents_record){.type = KEVENTS_LOST, .time = 30, .lost = {.count = 7}});
	load_at(40, 2, 0x20000, 0x1000, "/b");
	assert_false(ask(2, 0x10000, 29).is_after_loss);
	assert_true(ask(2, 0x10000, 30).is_after_loss);
	assert_false(ask(2, 0x20000, 50).is_after_loss);
}

static void modules_come_and_go(void **state)
{
	struct kevents_record record = {.type = KEVENTS_KERNEL_LOAD,
		.time = 10,
		.kernel = {.kind = KEVENTS_BPF,
			.address = 0xffffffffc0000000,
			.size = 0x100,
			.name = "bpf_prog_x"}};
	struct kevents_place place;

	(void)state;
	take(&record);
	record.type = KEVENTS_KERNEL_UNLOAD;
	record.time = 20;
	take(&record);
	record.type = KEVENTS_KERNEL_LOAD;
	record.time = 30;
	record.kernel.kind = KEVENTS_MODULE;
	record.kernel.name = "fat";
	take(&record);
	place = ask(0, 0xffffffffc0000010, 15);
	assert_string_equal(place.symbol, "bpf_prog_x");
	assert_int_equal(place.symbol_offset, 0x10);
	expect_error(-ENOENT, 0, 0xffffffffc0000010, 25);
	place = ask(77, 0xffffffffc0000010, 35);
	assert_int_equal(place.kind, KEVENTS_PLACE_KERNEL);
	assert_string_equal(place.image, "fat");
	assert_string_equal(ask(0, 0xffffffff81000000, 35).image, "[kernel]");
}

static char file[64];

static void write_file(const void *bytes, size_t size)
{
	int fd;

	strcpy(file, "/tmp/kevents-maps-XXXXXX");
	fd = mkstemp(file);
	assert_int_equal(write(fd, bytes, size), size);
	close(fd);
}

static void a_map_read_afterwards_says_what_it_cannot_know(void **state)
{
	static const char map[] = "10000 100 one\n10100 100 two\n10080 100 three\n";
	struct kevents_place place;

	(void)state;
	fork_at(10, 1, 2);
	anon_at(20, 2, 0x10000, 0x1000);
	exit_at(100, 2);
	write_file(map, strlen(map));
	assert_int_equal(kevents_maps_read_jit(maps, 3, file, NULL), -ESRCH);
	assert_int_equal(kevents_maps_read_jit(maps, 2, file, NULL), 0);
	unlink(file);
	place = ask(2, 0x10010, 50);
	assert_int_equal(place.kind, KEVENTS_PLACE_JIT);
	assert_string_equal(place.symbol, "one");
	assert_int_equal(
		place.certainty, KEVENTS_CERTAIN); /* it tells of all: three replaced some */
	place = ask(2, 0x10090, 50);
	assert_int_equal(place.certainty, KEVENTS_AMBIGUOUS);
	assert_int_equal(place.candidates, 2);
	assert_string_equal(place.symbol, "three");
	assert_int_equal(ask(2, 0x10800, 50).kind, KEVENTS_PLACE_MEMORY);
	/* A snapshot may have missed what was there before. */
	fork_at(200, 1, 3);
	write_file(map, 14);
	assert_int_equal(kevents_maps_read_jit(maps, 3, file, NULL), 0);
	unlink(file);
	assert_int_equal(ask(3, 0x10010, 200).certainty, KEVENTS_POSSIBLE);
	assert_int_equal(kevents_maps_read_jit(maps, 3, "/nowhere", NULL), -ENOENT);
	write_file("nonsense\n", 9);
	assert_int_equal(kevents_maps_read_jit(maps, 3, file, NULL), -EBADMSG);
	unlink(file);
}

struct dump {
	uint8_t bytes[4096];
	size_t size;
};

static void put(struct dump *dump, uint64_t number, size_t size)
{
	memcpy(dump->bytes + dump->size, &number, size);
	dump->size += size;
}

static void put_header(struct dump *dump, uint32_t pid)
{
	put(dump, 0x4a695444, 4);
	put(dump, 1, 4);
	put(dump, 40, 4);
	put(dump, 62, 4);
	put(dump, 0, 4);
	put(dump, pid, 4);
	put(dump, 0, 8);
	put(dump, 0, 8);
}

static void put_load(
	struct dump *dump, uint64_t time, uint64_t start, uint64_t size, const char *name)
{
	put(dump, 0, 4);
	put(dump, 56 + strlen(name) + 1, 4);
	put(dump, time, 8);
	put(dump, 2, 4);
	put(dump, 2, 4);
	put(dump, start, 8);
	put(dump, start, 8);
	put(dump, size, 8);
	put(dump, 1, 8);
	memcpy(dump->bytes + dump->size, name, strlen(name) + 1);
	dump->size += strlen(name) + 1;
}

static void put_move(struct dump *dump, uint64_t time, uint64_t from, uint64_t to, uint64_t size)
{
	put(dump, 1, 4);
	put(dump, 64, 4);
	put(dump, time, 8);
	put(dump, 2, 4);
	put(dump, 2, 4);
	put(dump, to, 8);
	put(dump, from, 8);
	put(dump, to, 8);
	put(dump, size, 8);
	put(dump, 1, 8);
}

static void a_jitdump_knows_its_times(void **state)
{
	struct dump dump = {0};

	(void)state;
	fork_at(10, 1, 2);
	anon_at(20, 2, 0x10000, 0x1000);
	fork_at(45, 2, 3);
	/* The same memory is made executable again and again, and later a library stands there. */
	anon_at(46, 2, 0x10000, 0x800);
	load_at(90, 2, 0x10000, 0x1000, "/lib");
	put_header(&dump, 2);
	put_load(&dump, 30, 0x10000, 0x100, "one");
	put_load(&dump, 40, 0x10000, 0x80, "two");
	put_load(&dump, 50, 0x10000, 0x200, "three");
	put_move(&dump, 60, 0x10000, 0x10800, 0x200);
	put_load(&dump, 70, 0x10000, 0x100, "four");
	write_file(dump.bytes, dump.size);
	assert_int_equal(kevents_maps_read_jit(maps, 2, file, NULL), 0);
	unlink(file);
	assert_int_equal(ask(2, 0x10010, 25).kind, KEVENTS_PLACE_MEMORY);
	expect(2, 0x10010, 35, "one");
	expect(2, 0x10010, 40, "two");
	expect(2, 0x10010, 59, "three");
	assert_int_equal(ask(2, 0x10010, 65).kind, KEVENTS_PLACE_MEMORY);
	expect(2, 0x10810, 65, "three");
	expect(2, 0x10010, 75, "four");
	expect(2, 0x10810, 75, "three");
	expect(2, 0x10010, 95, "/lib");
	/* A fork has what was there then. */
	expect(3, 0x10010, 95, "two");
	assert_int_equal(ask(2, 0x10010, 75).certainty, KEVENTS_CERTAIN);
}

/* HotSpot writes of code up to 250 ms after it may run. */
static void a_jitdump_of_a_jvm_comes_late(void **state)
{
	const uint64_t time = 1000000000, late = 250000000;
	struct dump dump = {0};

	(void)state;
	put_header(&dump, 2);
	put_load(&dump, time, 0x10000, 0x100, "one");
	write_file(dump.bytes, dump.size);
	for (int32_t pid = 2; pid <= 3; pid++) {
		bool is_jvm = pid == 2;

		fork_at(10, 1, pid);
		load_at(11, pid, 0x50000, 0x1000, is_jvm ? "/lib/libjvm.so" : "/lib/libjvm.so.1");
		anon_at(20, pid, 0x10000, 0x1000);
		assert_int_equal(kevents_maps_read_jit(maps, pid, file, NULL), 0);
		assert_int_equal(ask(pid, 0x10010, time - late - 1).kind, KEVENTS_PLACE_MEMORY);
		assert_int_equal(ask(pid, 0x10010, time - late).kind,
			is_jvm ? KEVENTS_PLACE_JIT : KEVENTS_PLACE_MEMORY);
		assert_int_equal(ask(pid, 0x10010, time - 1).kind,
			is_jvm ? KEVENTS_PLACE_JIT : KEVENTS_PLACE_MEMORY);
		expect(pid, 0x10010, time, "one");
		assert_int_equal(ask(pid, 0x10010, time).certainty, KEVENTS_CERTAIN);
	}
	assert_int_equal(ask(2, 0x10010, time - 1).certainty, KEVENTS_POSSIBLE);
	unlink(file);
}

/* Code is written into what was mapped before it: at one time, the mapping comes first. */
static void code_of_the_time_of_its_mapping_is_code(void **state)
{
	struct dump dump = {0};

	(void)state;
	fork_at(10, 1, 2);
	load_at(30, 2, 0x10000, 0x1000, "/cache");
	put_header(&dump, 2);
	put_load(&dump, 30, 0x10000, 0x100, "one");
	write_file(dump.bytes, dump.size);
	assert_int_equal(kevents_maps_read_jit(maps, 2, file, NULL), 0);
	unlink(file);
	expect(2, 0x10010, 30, "one");
	expect(2, 0x10200, 30, "/cache");
	load_at(31, 2, 0x10000, 0x1000, "/cache-2");
	expect(2, 0x10010, 31, "/cache-2");
}

static void a_cut_jitdump_is_taken_as_far_as_it_goes(void **state)
{
	struct dump dump = {0};
	struct kevents_maps_state now;

	(void)state;
	fork_at(10, 1, 2);
	anon_at(20, 2, 0x10000, 0x1000);
	put_header(&dump, 2);
	put_load(&dump, 30, 0x10000, 0x100, "one");
	put_load(&dump, 40, 0x10000, 0x80, "two");
	write_file(dump.bytes, dump.size - 5);
	assert_int_equal(kevents_maps_read_jit(maps, 2, file, NULL), -EBADMSG);
	unlink(file);
	expect(2, 0x10010, 50, "one");
	kevents_maps_get_state(maps, &now);
	assert_int_equal(now.jit_bad, 1);
	assert_int_equal(now.jit_code, 1);
}

static void memory_is_bounded_by_age(void **state)
{
	struct kevents_maps_state now;
	size_t most = 0;

	(void)state;
	begin_with(0, 1000);
	for (uint64_t time = 1000; time < 200000; time += 10) {
		int32_t pid = (int32_t)(time / 10);

		fork_at(time, 1, pid);
		exec_at(time + 1, pid);
		load_at(time + 2, pid, 0x10000, 0x1000, "/a");
		load_at(time + 3, 1, 0x10000, 0x1000, time % 20 ? "/b" : "/c");
		exit_at(time + 4, pid);
		kevents_maps_get_state(maps, &now);
		if (now.memory > most)
			most = now.memory;
	}
	if (most > 300000)
		fail_msg("%zu bytes", most);
	assert_true(now.forgotten > 190000);
	expect(1, 0x10000, 199990, "/c");
	expect(19990, 0x10000, 199903, "/a");
	expect_error(-ESTALE, 200, 0x10000, 2003);
}

static void memory_is_bounded_by_size(void **state)
{
	struct kevents_maps_state now;
	char name[32];

	(void)state;
	begin_with(1 << 20, 0);
	fork_at(1, 1, 2);
	load_at(2, 2, 0x10000, 0x1000, "/kept");
	for (uint64_t i = 1; i < 100000; i++) {
		snprintf(name, sizeof(name), "/file-%llu", (unsigned long long)i);
		load_at(1000000 + i * 1000000, 2, 0x100000, 0x1000, name);
	}
	kevents_maps_get_state(maps, &now);
	assert_true(now.memory < (1 << 20) + (1 << 17));
	assert_int_equal(now.refused, 0);
	expect(2, 0x10000, 100000000000, "/kept");
	expect(2, 0x100000, 100000000000, "/file-99999");
	expect_error(-ESTALE, 2, 0x100000, 2000000);
}

static void memory_is_bounded_when_all_is_in_use(void **state)
{
	struct kevents_maps_state now;
	uint64_t refused = 0;

	(void)state;
	begin_with(1 << 20, 0);
	fork_at(1, 1, 2);
	for (uint64_t i = 1; i < 20000; i++) {
		struct kevents_record record =
			image_record(i * 1000000, 2, 0x10000 * i, 0x1000, "/file");

		refused += kevents_maps_add(&record, maps) == -ENOMEM;
	}
	kevents_maps_get_state(maps, &now);
	assert_true(now.memory < (1 << 20) + (1 << 17));
	assert_true(refused > 1000);
	assert_int_equal(now.refused, refused);
	expect(2, 0x10000, 20000000000, "/file");
}

__attribute__((noinline)) int kevents_test_landmark(int x);
int kevents_test_landmark(int x)
{
	return x * 7 + 1;
}

/* This program's own code, as it is mapped. */
static struct kevents_record own_image(uint64_t time)
{
	static char path[256];
	char line[512];
	unsigned long start, end, offset, inode;
	uintptr_t address = (uintptr_t)kevents_test_landmark;
	struct kevents_record record = {0};
	FILE *self = fopen("/proc/self/maps", "r");

	assert_non_null(self);
	while (!record.time && fgets(line, sizeof(line), self)) {
		if (sscanf(line, "%lx-%lx r-xp %lx %*s %lu %255s", &start, &end, &offset, &inode,
			    path) != 5 ||
			address < start || address >= end)
			continue;
		record = image_record(time, (int32_t)getpid(), start, end - start, path);
		record.image.offset = offset;
		record.image.inode = inode;
	}
	fclose(self);
	assert_int_equal(record.time, time);
	return record;
}

/* The address of a function gives its name. */
static void symbols_come_from_files(void **state)
{
	uintptr_t address = (uintptr_t)kevents_test_landmark;
	struct kevents_record record = own_image(20);
	int32_t pid = (int32_t)getpid();
	struct kevents_place place;

	(void)state;
	fork_at(10, 1, pid);
	take(&record);
	place = ask(pid, address + 2, 30);
	assert_non_null(place.symbol);
	assert_string_equal(place.symbol, "kevents_test_landmark");
	assert_int_equal(place.symbol_offset, 2);
	/* Another file of that name by now. */
	load_at(40, pid, address & ~0xfffUL, 0x1000, "/usr/bin/dash");
	place = ask(pid, address, 50);
	assert_null(place.symbol);
	assert_string_equal(place.why_no_symbol, "the file is another one by now");
}

static int note_build_id(struct dl_phdr_info *object, size_t size, void *context)
{
	struct kevents_image *image = context;

	(void)size;
	/* This program is the first object. */
	for (int i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
		const char *at = (const char *)object->dlpi_addr + segment->p_vaddr;
		const char *end = at + segment->p_memsz;

		while (segment->p_type == PT_NOTE && at < end) {
			const ElfW(Nhdr) *note = (const void *)at;
			const char *name = at + sizeof(*note);
			const char *id = name + (note->n_namesz + 3) / 4 * 4;

			if (note->n_type == NT_GNU_BUILD_ID && !memcmp(name, "GNU", 4) &&
				note->n_descsz <= KEVENTS_BUILD_ID_MAX) {
				image->build_id_size = note->n_descsz;
				memcpy(image->build_id, id, note->n_descsz);
			}
			at = id + (note->n_descsz + 3) / 4 * 4;
		}
	}
	return 1;
}

/* A file may be overwritten in place: its name and inode stay, its build ID does not. */
static void symbols_are_those_of_the_build_id(void **state)
{
	uintptr_t address = (uintptr_t)kevents_test_landmark;
	struct kevents_record record = own_image(20);
	int32_t pid = (int32_t)getpid();
	struct kevents_place place;

	(void)state;
	dl_iterate_phdr(note_build_id, &record.image);
	assert_int_equal(record.image.build_id_size, KEVENTS_BUILD_ID_MAX);
	fork_at(10, 1, pid);
	take(&record);
	record.time = 30;
	record.image.build_id[KEVENTS_BUILD_ID_MAX - 1] ^= 1;
	take(&record);
	for (int i = 0; i < 2; i++) {
		place = ask(pid, address, 25);
		assert_non_null(place.symbol);
		assert_string_equal(place.symbol, "kevents_test_landmark");
		place = ask(pid, address, 35);
		assert_null(place.symbol);
		assert_string_equal(place.why_no_symbol, "the file is another one by now");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		CASE(an_address_is_used_again),
		CASE(a_forked_process_has_what_its_parent_had),
		CASE(an_exec_leaves_nothing_and_a_number_is_used_again),
		CASE(threads_are_no_processes),
		CASE(what_was_there_is_there_but_not_for_certain),
		CASE(a_number_is_used_again_unseen),
		CASE(a_loss_is_told),
		CASE(modules_come_and_go),
		CASE(a_map_read_afterwards_says_what_it_cannot_know),
		CASE(a_jitdump_knows_its_times),
		CASE(a_jitdump_of_a_jvm_comes_late),
		CASE(code_of_the_time_of_its_mapping_is_code),
		CASE(a_cut_jitdump_is_taken_as_far_as_it_goes),
		CASE(memory_is_bounded_by_age),
		CASE(memory_is_bounded_by_size),
		CASE(memory_is_bounded_when_all_is_in_use),
		CASE(symbols_come_from_files),
		CASE(symbols_are_those_of_the_build_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
