// SPDX-License-Identifier: GPL-2.0-or-later
#include "synthesise.h"
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include "process.h"

struct synthesis {
	struct filter *filter;
	uint64_t time;
	bool told_kernel;
	struct process *list;
	size_t count, next;
};

struct telling {
	const struct synthesis *synthesis;
	kevents_handler *handler;
	void *context;
	int told;
	int error; /* what the handler returned: from then on it is not called */
};

int synthesis_new(struct filter *filter, uint64_t time, struct synthesis **synthesis)
{
	struct synthesis *new = calloc(1, sizeof(*new));
	int err;

	if (!new)
		return -ENOMEM;
	new->filter = filter;
	new->time = time;
	err = process_list(&new->list, &new->count);
	if (err) {
		free(new);
		return err;
	}
	*synthesis = new;
	return 0;
}

void synthesis_free(struct synthesis *synthesis)
{
	if (!synthesis)
		return;
	free(synthesis->list);
	free(synthesis);
}

static void tell(struct telling *telling, struct kevents_record *record)
{
	record->flags |= KEVENTS_SYNTHESISED;
	record->time = telling->synthesis->time;
	record->cpu = KEVENTS_NO_CPU;
	if (telling->error || !filter_takes(telling->synthesis->filter, record))
		return;
	telling->told++;
	telling->error = telling->handler(record, telling->context);
}

static struct kevents_record record_of(const struct process *process, uint32_t type)
{
	struct kevents_record record = {
		.type = type,
		.flags = process->is_kernel_thread ? KEVENTS_KERNEL_THREAD : 0,
		.pid = process->pid,
		.tid = process->pid,
		.parent_pid = process->parent_pid,
		.uid = process->uid,
		.cgroup = process->cgroup,
		.start_time = process->start_time,
	};

	memcpy(record.comm, process->comm, sizeof(record.comm));
	return record;
}

/* -- The kernel's code ---------------------------------------------------------------------------
 */

static void tell_code(
	struct telling *telling, uint32_t kind, const char *name, uint64_t address, uint64_t size)
{
	struct kevents_record record = {.type = KEVENTS_KERNEL_LOAD,
		.uid = (uint32_t)-1,
		.kernel = {.kind = kind, .name = name, .address = address, .size = size}};

	tell(telling, &record);
}

/* "NAME SIZE USERS ..., STATE ADDRESS": its size is that of the whole module. */
static void tell_modules(struct telling *telling)
{
	FILE *list = fopen("/proc/modules", "re");
	char line[4096], name[64];
	uint64_t size, address;

	if (!list)
		return;
	while (fgets(line, sizeof(line), list))
		if (sscanf(line, "%63s %" SCNu64 " %*s %*s %*s 0x%" SCNx64, name, &size,
			    &address) == 3)
			tell_code(telling, KEVENTS_MODULE, name, address, size);
	fclose(list);
}

/* "ADDRESS TYPE NAME [bpf]" */
static void tell_bpf(struct telling *telling)
{
	FILE *list = fopen("/proc/kallsyms", "re");
	char line[1024], name[512], owner[64];
	uint64_t address;

	if (!list)
		return;
	while (fgets(line, sizeof(line), list))
		if (strstr(line, "[bpf]") &&
			sscanf(line, "%" SCNx64 " %*c %511s %63s", &address, name, owner) == 3 &&
			!strcmp(owner, "[bpf]"))
			tell_code(telling, KEVENTS_BPF, name, address, 0);
	fclose(list);
}

/* -- A process ------------------------------------------------------------------------------------
 */

static void tell_fork(struct telling *telling, const struct process *process, int32_t tid)
{
	struct kevents_record record = record_of(process, KEVENTS_FORK);

	record.pid = record.tid = tid ? process->pid : process->parent_pid;
	record.fork.child_pid = process->pid;
	record.fork.child_tid = tid ? tid : process->pid;
	record.fork.child_parent_pid = process->parent_pid;
	record.fork.is_thread = tid != 0;
	tell(telling, &record);
}

static uint32_t count_strings(const char *bytes, size_t *size)
{
	uint32_t count = 0;

	while (*size && bytes[*size - 1])
		--*size;
	for (size_t i = 0; i < *size; i++)
		count += !bytes[i];
	return count;
}

static void tell_exec(struct telling *telling, const struct process *process)
{
	struct kevents_record record = record_of(process, KEVENTS_EXEC);
	char path[PATH_MAX], *args = NULL;
	size_t size = 0;

	if (process_program(process->pid, path, sizeof(path)))
		path[0] = 0;
	if (process_file(process->pid, "cmdline", &args, &size))
		size = 0;
	record.exec.count = count_strings(args, &size);
	record.exec.args = args ? args : "";
	record.exec.args_size = (uint32_t)size;
	record.exec.path = path;
	record.exec.old_tid = process->pid;
	tell(telling, &record);
	free(args);
}

static bool is_anonymous(const struct kevents_image *image)
{
	return !image->inode &&
	       (!image->path[0] || !strcmp(image->path, "[heap]") ||
		       !strncmp(image->path, "[anon", 5) || !strcmp(image->path, "[stack]"));
}

/* A line of /proc/PID/maps: proc(5). */
static void tell_map(struct telling *telling, const struct process *process, char *line)
{
	struct kevents_record record = record_of(process, KEVENTS_IMAGE_LOAD);
	struct kevents_image *image = &record.image;
	uint64_t end;
	unsigned int major, minor;
	char protection[5];
	int path = 0;

	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %x:%x %" SCNu64 " %n",
		    &image->address, &end, protection, &image->offset, &major, &minor,
		    &image->inode, &path) != 7 ||
		!path || protection[2] != 'x')
		return;
	image->size = end - image->address;
	image->device = image->inode ? makedev(major, minor) : 0;
	image->protection = (protection[0] == 'r' ? KEVENTS_READ : 0u) |
			    (protection[1] == 'w' ? KEVENTS_WRITE : 0u) | KEVENTS_EXECUTE;
	image->is_shared = protection[3] == 's';
	image->path = line + path;
	if (is_anonymous(image))
		record.type = KEVENTS_ANON_EXEC;
	if (!image->path[0])
		image->path = "//anon";
	if (strcmp(image->path, "[vsyscall]") != 0)
		tell(telling, &record);
}

static void tell_maps(struct telling *telling, const struct process *process)
{
	char *bytes, *line, *rest;
	size_t size;

	if (process->is_kernel_thread || process_file(process->pid, "maps", &bytes, &size))
		return;
	for (line = strtok_r(bytes, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		tell_map(telling, process, line);
	free(bytes);
}

static void tell_comm(struct telling *telling, const struct process *process, int32_t tid)
{
	struct kevents_record record = record_of(process, KEVENTS_COMM);
	struct process thread;

	if (process_read_stat(process->pid, tid, &thread) || !strcmp(thread.comm, process->comm))
		return;
	record.tid = tid;
	memcpy(record.comm, thread.comm, sizeof(record.comm));
	memcpy(record.comm_change.old, process->comm, sizeof(process->comm));
	tell(telling, &record);
}

static void tell_threads(struct telling *telling, const struct process *process)
{
	int32_t *tids;
	size_t count;

	if (process_threads(process->pid, &tids, &count))
		return;
	for (size_t i = 0; i < count; i++) {
		if (tids[i] == process->pid)
			continue;
		tell_fork(telling, process, tids[i]);
		tell_comm(telling, process, tids[i]);
	}
	free(tids);
}

static bool wants(const struct synthesis *synthesis, uint32_t types)
{
	for (uint32_t type = 1; type <= KEVENTS_TYPE_MAX; type++)
		if (types & KEVENTS_BIT(type) && filter_wants_type(synthesis->filter, type))
			return true;
	return false;
}

/* What is not wanted is not read. */
static void tell_process(struct telling *telling, const struct process *process)
{
	const struct synthesis *synthesis = telling->synthesis;

	if (!filter_has_pid(synthesis->filter, process->pid))
		return;
	tell_fork(telling, process, 0);
	if (!process->is_kernel_thread && wants(synthesis, KEVENTS_BIT(KEVENTS_EXEC)))
		tell_exec(telling, process);
	if (wants(synthesis, KEVENTS_BIT(KEVENTS_IMAGE_LOAD) | KEVENTS_BIT(KEVENTS_ANON_EXEC)))
		tell_maps(telling, process);
	if (wants(synthesis, KEVENTS_BIT(KEVENTS_FORK) | KEVENTS_BIT(KEVENTS_COMM)))
		tell_threads(telling, process);
}

int synthesis_step(struct synthesis *synthesis, kevents_handler *handler, void *context)
{
	struct telling telling = {synthesis, handler, context, 0, 0};

	if (!synthesis->told_kernel) {
		synthesis->told_kernel = true;
		if (wants(synthesis, KEVENTS_BIT(KEVENTS_KERNEL_LOAD))) {
			tell_modules(&telling);
			tell_bpf(&telling);
		}
	}
	while (!telling.told && synthesis->next < synthesis->count)
		tell_process(&telling, &synthesis->list[synthesis->next++]);
	return telling.error < 0 ? telling.error : telling.told;
}
