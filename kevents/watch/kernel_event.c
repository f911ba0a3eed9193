// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernel_event.h"
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>

static void put_common(struct kevents_record *record, const struct event *event)
{
	memset(record, 0, sizeof(*record));
	record->type = event->type;
	record->flags = event->flags;
	record->time = event->time;
	record->cpu = event->cpu;
	record->pid = (int32_t)event->pid;
	record->tid = (int32_t)event->tid;
	record->parent_pid = (int32_t)event->parent_pid;
	record->uid = event->uid;
	record->cgroup = event->cgroup;
	record->start_time = event->start_time;
	memcpy(record->comm, event->comm, sizeof(record->comm));
	record->comm[sizeof(record->comm) - 1] = 0;
}

static const char *text_of(const struct event *event)
{
	return (const char *)event->text;
}

/* The size of a string that has size bytes with its 0. */
static size_t without_end(uint32_t size)
{
	return size ? size - 1 : 0;
}

static int add_exec(struct order *order, const struct event *event, struct kevents_record *record)
{
	const struct event_exec *exec = &event->exec;
	int err;

	/* Together the size of the vector: see finish_args. */
	record->exec.args_missing = (uint32_t)exec->args_total;
	record->exec.old_tid = (int32_t)exec->old_tid;
	err = order_add(order, record, text_of(event), without_end(exec->path_size),
		text_of(event) + exec->path_size, exec->args_size);
	order_exec_done(order, record->pid, record->time, exec->began);
	return err;
}

static int add_image(struct order *order, const struct event *event, struct kevents_record *record)
{
	static const char deleted[] = " (deleted)";
	const struct event_image *image = &event->image;
	char path[EVENT_TEXT_LARGE + sizeof(deleted)];
	size_t size = image->path_size < EVENT_TEXT_LARGE ? image->path_size : EVENT_TEXT_LARGE;

	record->image.address = image->address;
	record->image.size = image->size;
	record->image.offset = image->offset;
	record->image.inode = image->inode;
	record->image.device = makedev(image->device >> 20, image->device & 0xfffff);
	record->image.generation = image->generation;
	record->image.protection = image->vm_flags & 7;
	record->image.is_shared = image->vm_flags >> 3 & 1;
	if (event->type == KEVENTS_ANON_EXEC)
		size = (size_t)sprintf(path, "%s", image->is_heap ? "[heap]" : "//anon");
	else
		memcpy(path, event->text, size);
	if (image->is_deleted) {
		memcpy(path + size, deleted, sizeof(deleted) - 1);
		size += sizeof(deleted) - 1;
	}
	if (image->in_exec)
		return order_add_in_exec(order, record, path, size);
	return order_add(order, record, path, size, NULL, 0);
}

static int add_exit(struct order *order, const struct event *event, struct kevents_record *record)
{
	const struct event_exit *exit = &event->exit;

	record->exit.status = (uint8_t)(exit->code >> 8);
	record->exit.signal = exit->code & 0x7f;
	record->exit.dumped_core = exit->code & 0x80;
	record->exit.is_thread = exit->is_thread;
	record->exit.is_status_known = true;
	record->exit.run_time = exit->run_time;
	return order_add(order, record, NULL, 0, NULL, 0);
}

static int add_module(struct order *order, const struct event *event, struct kevents_record *record)
{
	static const uint8_t none[KEVENTS_BUILD_ID_MAX];
	const struct event_kernel *kernel = &event->kernel;

	record->kernel.kind = KEVENTS_MODULE;
	record->kernel.address = kernel->address;
	record->kernel.size = kernel->size;
	if (kernel->has_build_id && memcmp(kernel->build_id, none, sizeof(none)) != 0) {
		record->kernel.build_id_size = sizeof(kernel->build_id);
		memcpy(record->kernel.build_id, kernel->build_id, sizeof(kernel->build_id));
	}
	return order_add(order, record, text_of(event), without_end(kernel->name_size), NULL, 0);
}

static int add_cgroup(struct order *order, const struct event *event, struct kevents_record *record)
{
	const struct event_cgroup *cgroup = &event->cgroup_change;

	record->cgroup_change.action = cgroup->action;
	record->cgroup_change.is_process = cgroup->is_process;
	record->cgroup_change.pid = (int32_t)cgroup->pid;
	record->cgroup_change.tid = (int32_t)cgroup->tid;
	record->cgroup_change.id = cgroup->id;
	return order_add(order, record, text_of(event), without_end(cgroup->path_size), NULL, 0);
}

static void learn(struct process_identities *identities, const struct event *event,
	const struct kevents_record *record)
{
	if (record->type == KEVENTS_EXEC || record->type == KEVENTS_EXIT ||
		record->type == KEVENTS_COMM)
		process_identities_learn(identities, record);
	else if (record->type == KEVENTS_FORK && !event->fork.is_thread)
		process_identities_forget(identities, (int32_t)event->fork.child_pid);
}

static int add_fork(struct order *order, const struct event *event, struct kevents_record *record)
{
	record->fork.child_pid = (int32_t)event->fork.child_pid;
	record->fork.child_tid = (int32_t)event->fork.child_tid;
	record->fork.child_parent_pid = (int32_t)event->fork.child_parent_pid;
	record->fork.is_thread = event->fork.is_thread;
	return order_add(order, record, NULL, 0, NULL, 0);
}

int add_event(struct order *order, struct process_identities *identities, const struct event *event)
{
	struct kevents_record record;

	if (event->type == EVENT_ARGUMENTS) {
		order_add_arguments(order, (int32_t)event->tid, event->time, event->arguments.at,
			event->text, event->arguments.size);
		return 0;
	}
	put_common(&record, event);
	if (identities)
		learn(identities, event, &record);
	switch (event->type) {
	case KEVENTS_FORK:
		return add_fork(order, event, &record);
	case KEVENTS_EXEC:
		return add_exec(order, event, &record);
	case KEVENTS_EXIT:
		return add_exit(order, event, &record);
	case KEVENTS_IMAGE_LOAD:
	case KEVENTS_IMAGE_UNLOAD:
	case KEVENTS_ANON_EXEC:
		return add_image(order, event, &record);
	case KEVENTS_KERNEL_LOAD:
	case KEVENTS_KERNEL_UNLOAD:
		return add_module(order, event, &record);
	case KEVENTS_COMM:
		memcpy(record.comm_change.old, event->comm_change.old, EVENT_COMM_SIZE);
		record.comm_change.old[EVENT_COMM_SIZE - 1] = 0;
		return order_add(order, &record, NULL, 0, NULL, 0);
	case KEVENTS_CGROUP:
		return add_cgroup(order, event, &record);
	default:
		return 0;
	}
}
