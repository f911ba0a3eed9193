// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A recording that was never made: COUNT processes, with names as bad as names can be, and a gap.
 *
 *   make_recording COUNT >FILE
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "kevents/kevents.h"

static struct kevents_writer *writer;

static void put(struct kevents_record *record, uint32_t type, uint64_t time, int32_t pid)
{
	record->type = type;
	record->time = time;
	record->pid = record->tid = pid;
	record->uid = 0;
	if (kevents_write(writer, record))
		exit(1);
}

static void put_fork(uint64_t time, int32_t parent, int32_t child)
{
	struct kevents_record record = {.comm = "parent",
		.fork = {.child_pid = child, .child_tid = child, .child_parent_pid = parent}};

	put(&record, KEVENTS_FORK, time, parent);
}

static void put_exec(uint64_t time, int32_t pid, const char *comm, const char *args, uint32_t size)
{
	struct kevents_record record = {.exec = {.path = "/bin/x",
						.args = args,
						.args_size = size,
						.count = 2,
						.old_tid = pid}};

	strncpy(record.comm, comm, sizeof(record.comm) - 1);
	put(&record, KEVENTS_EXEC, time, pid);
}

static void put_exit(uint64_t time, int32_t pid, uint8_t status)
{
	struct kevents_record record = {.exit = {.status = status, .is_status_known = true}};

	put(&record, KEVENTS_EXIT, time, pid);
}

int main(int argc, char **argv)
{
	static const char *const comms[] = {"</script><b>", "\"'&<!--", "\xff\xfe\x01\x1b[31m",
		"\\u003cscript", "]]>", "plain"};
	static const char args[] = "</script><script>document.title='TAKEN'</script>\0<img src=x "
				   "onerror=\"document.title='TAKEN'\">\n\xe2\x80\xae\xe2\x80\xa8";
	struct kevents_recording_info info = {.monotonic = 1000000000,
		.realtime = 1795531124000000000,
		.cpus = 2,
		.page_size = 4096,
		.source = KEVENTS_SOURCE_BPF,
		.machine = "x86_64",
		.release = "<script>6.1",
		.host = "</title><script>"};
	struct kevents_record lost = {.lost = {.count = 4711, .why = KEVENTS_LOSS_BUFFER}};
	uint64_t time = 1000000000;
	int32_t count = argc > 1 ? atoi(argv[1]) : 100;

	if (kevents_writer_new(STDOUT_FILENO, &info, &writer, NULL))
		return 1;
	for (int32_t i = 0; i < count; i++) {
		int32_t pid = 1000 + i, parent = i % 7 ? 1000 + i - i % 7 : 1;

		time += 100000;
		put_fork(time, parent, pid);
		put_exec(time + 1000, pid, comms[i % 6], args, sizeof(args));
		/* The first of seven outlives its children. */
		if (i % 7)
			put_exit(time + 50000 + (uint64_t)(i % 1000) * 10, pid, i % 5 ? 0 : 3);
		if (i % 7 == 6)
			put_exit(time + 90000, parent, 0);
		if (i == count / 2) {
			lost.cpu = 1;
			put(&lost, KEVENTS_LOST, time + 99000, 0);
		}
	}
	return kevents_writer_close(writer) != 0;
}
