// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Recordings that were never made: COUNT processes, with names as bad as names can be, and a gap; or
 * twelve seconds of a build, with events of every kind.
 *
 *   make_recording COUNT >FILE
 *   make_recording build >FILE
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "kevents/kevents.h"

static struct kevents_writer *writer;
static struct kevents_sums sums;

/* The one fault of the hostile one: a record that nobody counted. */
static void put_account(bool is_build)
{
	sums.made = sums.delivered + sums.lost + !is_build;
	sums.incomplete = !is_build;
	sums.agree = is_build;
	kevents_writer_set_sums(writer, &sums);
}

static void put(struct kevents_record *record, uint32_t type, uint64_t time, int32_t pid)
{
	record->type = type;
	record->time = time;
	record->pid = record->tid = pid;
	record->uid = 0;
	if (kevents_write(writer, record))
		exit(1);
	if (type == KEVENTS_LOST)
		sums.lost += record->lost.count;
	else
		sums.delivered++;
}

static void put_fork(uint64_t time, int32_t parent, int32_t child)
{
	struct kevents_record record = {.comm = "make",
		.fork = {.child_pid = child, .child_tid = child, .child_parent_pid = parent}};

	put(&record, KEVENTS_FORK, time, parent);
}

static uint32_t count_words(const char *args, uint32_t size)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < size; i++)
		count += !args[i];
	return count;
}

static void put_exec(uint64_t time, int32_t pid, const char *comm, const char *args, uint32_t size)
{
	struct kevents_record record = {.exec = {.path = "/bin/x",
						.args = args,
						.args_size = size,
						.count = count_words(args, size),
						.old_tid = pid}};

	strncpy(record.comm, comm, sizeof(record.comm) - 1);
	put(&record, KEVENTS_EXEC, time, pid);
}

static void put_exit(uint64_t time, int32_t pid, const char *comm, uint8_t status)
{
	struct kevents_record record = {.exit = {.status = status, .is_status_known = true}};

	strncpy(record.comm, comm, sizeof(record.comm) - 1);
	put(&record, KEVENTS_EXIT, time, pid);
}

static void put_load(uint32_t type, uint64_t time, int32_t pid, const char *comm, const char *path)
{
	struct kevents_record record = {.image = {.address = 0x7f0000000000 + time % 4096 * 0x1000,
						.size = 0x1c000,
						.offset = type == KEVENTS_ANON_EXEC ? 0 : 0x26000,
						.protection = KEVENTS_READ | KEVENTS_EXECUTE,
						.path = path}};

	strncpy(record.comm, comm, sizeof(record.comm) - 1);
	put(&record, type, time, pid);
}

/* A compiler: what it maps, and every eighth fails. */
static void put_compiler(uint64_t time, int32_t pid, int number)
{
	static const char *const images[] = {"/usr/lib/gcc/x86_64-linux-gnu/12/cc1",
		"/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
		"/usr/lib/x86_64-linux-gnu/libisl.so.23.2.0", "/usr/lib/x86_64-linux-gnu/libc.so.6",
		"/usr/lib/x86_64-linux-gnu/libgmp.so.10.4.1", "/usr/lib/x86_64-linux-gnu/libz.so.1"};
	char args[256];
	int size = snprintf(args, sizeof(args),
		"/usr/lib/gcc/x86_64-linux-gnu/12/cc1%c-quiet%c-I%csource/include files%c"
		"source/module_%d.c%c-o%c%c",
		0, 0, 0, 0, number, 0, 0, 0);

	put_fork(time, 4000, pid);
	put_exec(time + 1000000, pid, "cc1", args, (uint32_t)size);
	for (size_t i = 0; i < sizeof(images) / sizeof(images[0]); i++)
		put_load(KEVENTS_IMAGE_LOAD, time + 1000100 + i, pid, "cc1", images[i]);
	put_exit(time + 150000000 + (uint64_t)(number % 5) * 60000000, pid, "cc1",
		number % 8 == 3 ? 1 : 0);
}

static void put_rest(uint64_t time)
{
	struct kevents_record kernel = {.comm = "modprobe",
		.kernel = {.kind = KEVENTS_MODULE, .name = "nf_tables", .address = 0xffffffffc0a00000,
			.size = 0x54000}};
	struct kevents_record comm = {.comm = "worker-thread-1", .comm_change = {.old = "node"}};
	struct kevents_record cgroup = {.comm = "systemd",
		.cgroup_change = {.action = KEVENTS_CGROUP_MADE,
			.id = 77,
			.path = "/system.slice/a-service-with-quite-a-long-name.service"}};
	struct kevents_record lost = {.cpu = 1, .lost = {.count = 12, .why = KEVENTS_LOSS_BUFFER}};
	struct kevents_record killed = {.comm = "worker-thread-1", .exit = {.signal = 11, .is_status_known = true,
						.dumped_core = true, .run_time = 4711000000}};
	static const char node[] = "/usr/local/lib/node/bin/node\0/srv/app/server.js\0--port\0" "8080";

	put_exec(time, 4900, "node", node, sizeof(node));
	put_load(KEVENTS_ANON_EXEC, time + 1000, 4900, "node", "//anon");
	put_load(KEVENTS_IMAGE_UNLOAD, time + 2000, 4900, "node",
		"/usr/local/lib/node/modules/an-addon-with-a-long-name/build/Release/addon.node");
	put(&comm, KEVENTS_COMM, time + 3000, 4900);
	put(&kernel, KEVENTS_KERNEL_LOAD, time + 4000, 1);
	put(&cgroup, KEVENTS_CGROUP, time + 5000, 1);
	put(&lost, KEVENTS_LOST, time + 6000, 0);
	put(&killed, KEVENTS_EXIT, time + 7000, 4900);
}

/* Written in the order of time but for exits, which a reader takes as they come. */
static void put_build(void)
{
	static const char make[] = "make\0-j2\0CFLAGS=-O2 -g";
	uint64_t time = 1000000000;

	put_fork(time, 1, 4000);
	put_exec(time + 500000, 4000, "make", make, sizeof(make));
	for (int i = 0; i < 60; i++) {
		/* Slow, then fast. */
		time += i < 20 ? 300000000 : 140000000;
		put_compiler(time, 4100 + i, i);
		if (i == 10)
			put_fork(time + 200000000, 1, 4900);
		if (i == 50)
			put_rest(time);
	}
	put_exit(time + 250000000, 4000, "make", 2);
}

static void put_hostile(int32_t count)
{
	static const char *const comms[] = {"</script><b>", "\"'&<!--", "\xff\xfe\x01\x1b[31m",
		"\\u003cscript", "]]>", "plain"};
	static const char args[] = "</script><script>document.title='TAKEN'</script>\0<img src=x "
				   "onerror=\"document.title='TAKEN'\">\n\xe2\x80\xae\xe2\x80\xa8";
	struct kevents_record lost = {.lost = {.count = 4711, .why = KEVENTS_LOSS_BUFFER}};
	uint64_t time = 1000000000;

	for (int32_t i = 0; i < count; i++) {
		int32_t pid = 1000 + i, parent = i % 7 ? 1000 + i - i % 7 : 1;

		time += 100000;
		put_fork(time, parent, pid);
		put_exec(time + 1000, pid, comms[i % 6], args, sizeof(args));
		/* The first of seven outlives its children. */
		if (i % 7)
			put_exit(time + 50000 + (uint64_t)(i % 1000) * 10, pid, "", i % 5 ? 0 : 3);
		if (i % 7 == 6)
			put_exit(time + 90000, parent, "", 0);
		if (i == count / 2) {
			lost.cpu = 1;
			put(&lost, KEVENTS_LOST, time + 99000, 0);
		}
	}
}

int main(int argc, char **argv)
{
	bool is_build = argc > 1 && !strcmp(argv[1], "build");
	struct kevents_recording_info info = {.monotonic = 1000000000,
		.realtime = 1795531124000000000,
		.cpus = 2,
		.page_size = 4096,
		.source = KEVENTS_SOURCE_BPF,
		.machine = "x86_64"};

	strcpy(info.release, is_build ? "6.12.38" : "<script>6.1");
	strcpy(info.host, is_build ? "builder" : "</title><script>");
	if (kevents_writer_new(STDOUT_FILENO, &info, &writer, NULL))
		return 1;
	if (is_build)
		put_build();
	else
		put_hostile(argc > 1 ? atoi(argv[1]) : 100);
	put_account(is_build);
	return kevents_writer_close(writer) != 0;
}
