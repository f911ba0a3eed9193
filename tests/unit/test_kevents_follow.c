// SPDX-License-Identifier: GPL-2.0-or-later
/* Files of a JIT compiler, followed while they grow, are written anew, and are not what they seem.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>
#include "kevents/maps.h"

static struct kevents_maps *maps;
static char map[64], dump[64];

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000ULL + (uint64_t)now.tv_nsec;
}

static void tell(uint32_t type, const char *path)
{
	int32_t pid = (int32_t)getpid();
	struct kevents_record record = {
		.type = type, .time = now_ns(), .pid = pid, .tid = pid, .comm = "self"};

	if (type == KEVENTS_IMAGE_LOAD || type == KEVENTS_ANON_EXEC)
		record.image = (struct kevents_image){.address = path ? 0x900000 : 0x100000,
			.size = 0x100000,
			.inode = path ? 7 : 0,
			.path = path ? path : "//anon"};
	else
		record.exec = (struct kevents_exec){.path = "/self"};
	assert_int_equal(kevents_maps_add(&record, maps), 0);
}

/* This process, as if it had begun just now. */
static int set_up(void **state)
{
	struct kevents_maps_options options = {
		.size = sizeof(options), .options = KEVENTS_MAPS_JIT};

	(void)state;
	snprintf(map, sizeof(map), "/tmp/perf-%d.map", (int)getpid());
	snprintf(dump, sizeof(dump), "/tmp/jit-%d.dump", (int)getpid());
	unlink(map);
	unlink(dump);
	assert_int_equal(kevents_maps_new(&options, &maps, NULL), 0);
	tell(KEVENTS_EXEC, NULL);
	tell(KEVENTS_ANON_EXEC, NULL);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	kevents_maps_close(maps);
	unlink(map);
	unlink(dump);
	return 0;
}

static void wait_ms(unsigned int ms)
{
	usleep(ms * 1000);
}

static void write_to(const char *path, int flags, const void *text, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, size), size);
	close(fd);
}

static void append(const char *text)
{
	write_to(map, O_APPEND, text, strlen(text));
}

static struct kevents_place ask(uint64_t address, uint64_t time)
{
	struct kevents_place place;
	struct kevents_error error;

	if (kevents_resolve(maps, (int32_t)getpid(), address, time, &place, &error))
		fail_msg("%s", error.text);
	return place;
}

static void expect(uint64_t address, uint64_t time, const char *symbol, uint32_t certainty)
{
	struct kevents_place place = ask(address, time);

	if (!symbol || !place.symbol) {
		assert_ptr_equal(place.symbol, symbol);
		return;
	}
	assert_string_equal(place.symbol, symbol);
	if (place.certainty != certainty)
		fail_msg("%s: certainty %u, not %u", symbol, place.certainty, certainty);
}

static void lines_are_stamped_when_they_are_seen(void **state)
{
	uint64_t before, between, after;

	(void)state;
	append("100000 100 one\n");
	kevents_maps_look(maps);
	wait_ms(300);
	before = now_ns();
	kevents_maps_look(maps);
	wait_ms(2);
	append("100080 100 two\n100400 100 thr");
	between = now_ns();
	wait_ms(2);
	kevents_maps_look(maps);
	append("ee\n");
	kevents_maps_look(maps);
	after = now_ns();
	expect(0x100090, before, "one", KEVENTS_CERTAIN);
	expect(0x100090, after, "two", KEVENTS_CERTAIN);
	expect(0x100410, after, "three", KEVENTS_CERTAIN);
	assert_int_equal(ask(0x100410, before).kind, KEVENTS_PLACE_MEMORY);
	/* Seen only at the look behind it: either. */
	assert_int_equal(ask(0x100090, between).certainty, KEVENTS_AMBIGUOUS);
	assert_int_equal(ask(0x100090, between).candidates, 2);
	expect(0x100010, between, "one", KEVENTS_CERTAIN);
}

/* A page that is not there until give_page: write(2) from it waits inside the kernel. */
struct held_page {
	int fd;
	char *page;
	size_t size;
};

static bool hold_page(struct held_page *held)
{
	struct uffdio_api api = {.api = UFFD_API};
	struct uffdio_register range = {.mode = UFFDIO_REGISTER_MODE_MISSING};

	held->size = (size_t)sysconf(_SC_PAGESIZE);
	held->fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
	if (held->fd < 0)
		return false;
	held->page =
		mmap(NULL, held->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(held->page, MAP_FAILED);
	range.range.start = (uintptr_t)held->page;
	range.range.len = held->size;
	return !ioctl(held->fd, UFFDIO_API, &api) && !ioctl(held->fd, UFFDIO_REGISTER, &range);
}

/* Until somebody waits for the page. */
static void wait_for_fault(const struct held_page *held)
{
	struct pollfd event = {held->fd, POLLIN, 0};
	struct uffd_msg message;

	assert_int_equal(poll(&event, 1, 10000), 1);
	assert_int_equal(read(held->fd, &message, sizeof(message)), sizeof(message));
}

static void give_page(const struct held_page *held, const char *text)
{
	static _Alignas(4096) char bytes[1 << 16];
	struct uffdio_copy copy = {
		.dst = (uintptr_t)held->page, .src = (uintptr_t)bytes, .len = held->size};

	assert_true(held->size <= sizeof(bytes));
	strcpy(bytes, text);
	assert_int_equal(ioctl(held->fd, UFFDIO_COPY, &copy), 0);
}

static const char held_line[] = "100800 100 three\n";

static void *write_held_line(void *page)
{
	write_to(map, O_APPEND, page, sizeof(held_line) - 1);
	return NULL;
}

/*
 * The kernel sets the time of a file when write(2) begins, and its size when it ends. Whoever looks
 * in between sees the line of the write before with the time of the write that is under way.
 */
static void the_time_of_a_file_does_not_say_when_a_line_came(void **state)
{
	struct held_page held = {-1, NULL, 0};
	uint64_t before, between, after;
	pthread_t writer;

	(void)state;
	if (!hold_page(&held)) {
		print_message("SKIP: this user may not use userfaultfd(2)\n");
		skip();
	}
	append("100000 100 one\n");
	kevents_maps_look(maps);
	wait_ms(300);
	append("100400 100 later\n");
	kevents_maps_look(maps);
	before = now_ns();
	kevents_maps_look(maps);
	append("100000 100 two\n");
	between = now_ns();
	wait_ms(50);
	assert_int_equal(pthread_create(&writer, NULL, write_held_line, held.page), 0);
	wait_for_fault(&held);
	kevents_maps_look(maps);
	after = now_ns();
	/* Before anything is asserted: a writer that is held keeps its file locked. */
	give_page(&held, held_line);
	pthread_join(writer, NULL);
	close(held.fd);
	munmap(held.page, held.size);
	expect(0x100010, before, "one", KEVENTS_CERTAIN);
	expect(0x100010, after, "two", KEVENTS_CERTAIN);
	/* "two" stood there already. */
	for (unsigned int ms = 0; ms <= 50; ms++)
		expect(0x100010, between + ms * 1000000, "two", KEVENTS_AMBIGUOUS);
}

/* What a line is worth a second after it was written to a map that stays open with these flags. */
static uint32_t certainty_when_held(const char *text, int flags)
{
	uint32_t certainty;
	int held;

	append(text);
	held = open(map, flags | O_CLOEXEC);
	assert_true(held >= 0);
	kevents_maps_look(maps);
	assert_int_equal(ask(0x100010, now_ns()).certainty, KEVENTS_POSSIBLE);
	wait_ms(1100);
	kevents_maps_look(maps);
	certainty = ask(0x100010, now_ns()).certainty;
	close(held);
	return certainty;
}

static void a_map_that_its_writer_holds_is_a_log(void **state)
{
	uint64_t since = now_ns();

	(void)state;
	assert_int_equal(certainty_when_held("100000 100 one\n", O_RDWR), KEVENTS_CERTAIN);
	/* It is what the whole file is like, from the beginning. */
	expect(0x100010, since, "one", KEVENTS_CERTAIN);
}

static void a_map_that_is_held_to_be_read_shows_nothing(void **state)
{
	(void)state;
	assert_int_equal(certainty_when_held("100000 100 one\n", O_RDONLY), KEVENTS_POSSIBLE);
}

static void a_map_that_is_being_written_shows_nothing(void **state)
{
	(void)state;
	assert_int_equal(
		certainty_when_held("100000 100 one\n100400 1", O_WRONLY), KEVENTS_POSSIBLE);
}

static void a_map_that_is_written_anew_tells_of_moments(void **state)
{
	static const char first[] = "100000 100 one\n100200 100 stays\n";
	static const char second[] = "100000 100 two\n100200 100 stays\n100400 10 longer\n";
	uint64_t at_first, between, at_second;

	(void)state;
	append(first);
	kevents_maps_look(maps);
	at_first = now_ns();
	wait_ms(2);
	kevents_maps_look(maps);
	wait_ms(2);
	between = now_ns();
	write_to(map, O_TRUNC, second, strlen(second));
	kevents_maps_look(maps);
	at_second = now_ns();
	assert_int_equal(ask(0x100010, between).certainty, KEVENTS_AMBIGUOUS);
	expect(0x100210, between, "stays", KEVENTS_CERTAIN);
	/* What stands in the latest one may be gone by now. */
	expect(0x100010, at_second, "two", KEVENTS_POSSIBLE);
	assert_string_equal(ask(0x100010, at_first - 1).symbol, "two");
	assert_int_equal(ask(0x100010, at_first).certainty, KEVENTS_AMBIGUOUS);
	/* Shorter, and under the same name another file. */
	write_to(map, O_TRUNC, first, strlen(first));
	kevents_maps_look(maps);
	expect(0x100010, now_ns(), "one", KEVENTS_POSSIBLE);
	unlink(map);
	write_to(map, O_TRUNC, second, strlen(second));
	wait_ms(300);
	kevents_maps_look(maps);
	expect(0x100010, now_ns(), "two", KEVENTS_POSSIBLE);
}

/* The map, which is removed, was not taken; so many were not since the beginning. */
static void assert_not_taken(uint64_t count)
{
	struct kevents_maps_state now;

	wait_ms(300);
	kevents_maps_look(maps);
	kevents_maps_get_state(maps, &now);
	assert_int_equal(now.jit_code, 0);
	assert_int_equal(now.jit_not_taken, count);
	unlink(map);
	wait_ms(300);
	kevents_maps_look(maps);
}

static void what_is_left_over_or_not_a_file_is_not_taken(void **state)
{
	struct timespec old[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};

	(void)state;
	append("100000 100 one\n");
	assert_int_equal(utimensat(AT_FDCWD, map, old, 0), 0);
	kevents_maps_look(maps);
	assert_int_equal(ask(0x100010, now_ns()).kind, KEVENTS_PLACE_MEMORY);
	assert_not_taken(1);
	assert_int_equal(mkfifo(map, 0600), 0);
	assert_not_taken(2);
	/* A link to what would be taken if it stood there itself. */
	write_to(dump, O_TRUNC, "100000 100 linked\n", 18);
	assert_int_equal(symlink(dump, map), 0);
	assert_not_taken(3);
	unlink(dump);
	/* And is taken once it is a file. */
	append("100000 100 one\n");
	wait_ms(300);
	kevents_maps_look(maps);
	assert_string_equal(ask(0x100010, now_ns()).symbol, "one");
}

static void another_program_has_another_map(void **state)
{
	uint64_t before;

	(void)state;
	append("100000 100 one\n");
	before = now_ns();
	wait_ms(30);
	tell(KEVENTS_EXEC, NULL); /* which is also the last look at the map of the old one */
	tell(KEVENTS_ANON_EXEC, NULL);
	wait_ms(5);
	kevents_maps_look(maps);
	assert_string_equal(ask(0x100010, before).symbol, "one");
	assert_int_equal(ask(0x100010, now_ns()).kind, KEVENTS_PLACE_MEMORY);
}

static size_t put(uint8_t *bytes, size_t at, uint64_t number, size_t size)
{
	memcpy(bytes + at, &number, size);
	return at + size;
}

static size_t put_load(uint8_t *bytes, size_t at, uint64_t time, uint64_t start, const char *name)
{
	at = put(bytes, at, 0, 4);
	at = put(bytes, at, 56 + strlen(name) + 1, 4);
	at = put(bytes, at, time, 8);
	at = put(bytes, at, 0, 8);
	at = put(bytes, at, start, 8);
	at = put(bytes, at, start, 8);
	at = put(bytes, at, 0x100, 8);
	at = put(bytes, at, 1, 8);
	memcpy(bytes + at, name, strlen(name) + 1);
	return at + strlen(name) + 1;
}

static size_t put_header(uint8_t *bytes, uint32_t pid)
{
	size_t at = put(bytes, 0, 0x4a695444, 4);

	at = put(bytes, at, 1, 4);
	at = put(bytes, at, 40, 8);
	at = put(bytes, at, 0, 4);
	at = put(bytes, at, pid, 4);
	at = put(bytes, at, 0, 8);
	return put(bytes, at, 0, 8);
}

static void a_jitdump_is_found_by_its_mapping(void **state)
{
	uint64_t first = now_ns() + 1000000, second = first + 1000000;
	uint8_t bytes[512];
	size_t size = put_header(bytes, (uint32_t)getpid());

	(void)state;
	size = put_load(bytes, size, first, 0x100000, "one");
	size = put_load(bytes, size, second, 0x100040, "two");
	tell(KEVENTS_IMAGE_LOAD, dump);
	/* It comes in pieces, long after the code. */
	write_to(dump, O_TRUNC, bytes, 150);
	kevents_maps_look(maps);
	wait_ms(5);
	write_to(dump, O_APPEND, bytes + 150, size - 150);
	wait_ms(300);
	kevents_maps_look(maps);
	assert_int_equal(ask(0x100050, first - 1).kind, KEVENTS_PLACE_MEMORY);
	expect(0x100050, first, "one", KEVENTS_CERTAIN);
	expect(0x100050, second, "two", KEVENTS_CERTAIN);
}

static void a_jitdump_of_another_process_is_not_taken(void **state)
{
	struct kevents_maps_state now;
	uint8_t bytes[512];
	size_t size = put_header(bytes, (uint32_t)getpid() + 1);

	(void)state;
	size = put_load(bytes, size, now_ns(), 0x100000, "one");
	tell(KEVENTS_IMAGE_LOAD, dump);
	write_to(dump, O_TRUNC, bytes, 40);
	kevents_maps_look(maps);
	write_to(dump, O_APPEND, bytes + 40, size - 40);
	wait_ms(300);
	kevents_maps_look(maps);
	kevents_maps_get_state(maps, &now);
	assert_int_equal(now.jit_code, 0);
	assert_int_equal(now.jit_bad, 1);
}

static void a_process_that_is_gone_is_no_trouble(void **state)
{
	struct kevents_record record = {.type = KEVENTS_ANON_EXEC,
		.time = now_ns(),
		.pid = 0x3fffffff,
		.image = {.address = 0x1000, .size = 0x1000, .path = "//anon"}};

	(void)state;
	assert_int_equal(kevents_maps_add(&record, maps), 0);
	kevents_maps_look(maps);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		CASE(lines_are_stamped_when_they_are_seen),
		CASE(the_time_of_a_file_does_not_say_when_a_line_came),
		CASE(a_map_that_its_writer_holds_is_a_log),
		CASE(a_map_that_is_held_to_be_read_shows_nothing),
		CASE(a_map_that_is_being_written_shows_nothing),
		CASE(a_map_that_is_written_anew_tells_of_moments),
		CASE(what_is_left_over_or_not_a_file_is_not_taken),
		CASE(another_program_has_another_map),
		CASE(a_jitdump_is_found_by_its_mapping),
		CASE(a_jitdump_of_another_process_is_not_taken),
		CASE(a_process_that_is_gone_is_no_trouble),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
