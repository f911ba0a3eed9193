// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include "stored.h"

static const char header_magic[8] = "KEVENTS";

/* The checksum of what stands before it. */
static void code_crc(struct coder *coder, size_t begin)
{
	uint32_t computed = stored_crc(coder->bytes + begin, coder->at - begin), crc = computed;

	code_u32(coder, &crc);
	if (crc != computed)
		coder->is_bad = true;
}

void code_header(struct coder *coder, struct kevents_recording_info *info)
{
	uint32_t version = STORED_VERSION, size = STORED_HEADER_SIZE;
	size_t begin = coder->at;
	char magic[8];

	memcpy(magic, header_magic, sizeof(magic));
	code_bytes(coder, magic, sizeof(magic));
	code_u32(coder, &version);
	code_u32(coder, &size);
	if (memcmp(magic, header_magic, sizeof(magic)) != 0 || version != STORED_VERSION ||
		size != STORED_HEADER_SIZE)
		coder->is_bad = true;
	code_u64(coder, &info->monotonic);
	code_u64(coder, &info->realtime);
	code_u32(coder, &info->cpus);
	code_u32(coder, &info->page_size);
	code_u32(coder, &info->source);
	code_name(coder, info->machine, sizeof(info->machine));
	code_name(coder, info->release, sizeof(info->release));
	code_name(coder, info->host, sizeof(info->host));
	code_crc(coder, begin);
}

void code_block(struct coder *coder, struct stored_block *block)
{
	size_t begin = coder->at;

	code_u32(coder, &block->magic);
	code_u32(coder, &block->size);
	code_u32(coder, &block->count);
	code_u32(coder, &block->crc);
	code_u64(coder, &block->first_time);
	code_u64(coder, &block->last_time);
	code_crc(coder, begin);
	if (block->magic != STORED_BLOCK_MAGIC || block->size > STORED_BLOCK_MAX)
		coder->is_bad = true;
}

static void code_fork(struct coder *coder, struct kevents_fork *fork)
{
	code_i32(coder, &fork->child_pid);
	code_i32(coder, &fork->child_tid);
	code_i32(coder, &fork->child_parent_pid);
	code_bool(coder, &fork->is_thread);
}

/* The vector must be what it says: count strings, of which the last one ends with the bytes. */
static bool args_are_whole(const struct kevents_exec *exec)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < exec->args_size; i++)
		count += !exec->args[i];
	return count == exec->count && (!exec->args_size || !exec->args[exec->args_size - 1]);
}

static void code_exec(struct coder *coder, struct kevents_exec *exec)
{
	code_string(coder, &exec->path);
	code_blob(coder, &exec->args, &exec->args_size);
	code_u32(coder, &exec->args_missing);
	code_u32(coder, &exec->count);
	code_i32(coder, &exec->old_tid);
	if (!coder->is_bad && !args_are_whole(exec))
		coder->is_bad = true;
}

static void code_exit(struct coder *coder, struct kevents_exit *exit)
{
	code_u8(coder, &exit->status);
	code_u8(coder, &exit->signal);
	code_bool(coder, &exit->dumped_core);
	code_bool(coder, &exit->is_thread);
	code_bool(coder, &exit->is_status_known);
	code_u64(coder, &exit->run_time);
}

static void code_build_id(struct coder *coder, uint32_t *size, uint8_t id[KEVENTS_BUILD_ID_MAX])
{
	code_u32(coder, size);
	if (*size > KEVENTS_BUILD_ID_MAX) {
		coder->is_bad = true;
		*size = 0;
	}
	code_bytes(coder, id, *size);
}

static void code_image(struct coder *coder, struct kevents_image *image)
{
	code_u64(coder, &image->address);
	code_u64(coder, &image->size);
	code_u64(coder, &image->offset);
	code_u64(coder, &image->device);
	code_u64(coder, &image->inode);
	code_u64(coder, &image->generation);
	code_u32(coder, &image->protection);
	code_u32(coder, &image->is_shared);
	code_u32(coder, &image->verdict);
	code_build_id(coder, &image->build_id_size, image->build_id);
	code_string(coder, &image->path);
}

static void code_kernel(struct coder *coder, struct kevents_kernel *kernel)
{
	code_u32(coder, &kernel->kind);
	code_build_id(coder, &kernel->build_id_size, kernel->build_id);
	code_u64(coder, &kernel->address);
	code_u64(coder, &kernel->size);
	code_string(coder, &kernel->name);
}

static void code_cgroup(struct coder *coder, struct kevents_cgroup *cgroup)
{
	code_u32(coder, &cgroup->action);
	code_bool(coder, &cgroup->is_process);
	code_i32(coder, &cgroup->pid);
	code_i32(coder, &cgroup->tid);
	code_u64(coder, &cgroup->id);
	code_string(coder, &cgroup->path);
}

static void code_lost(struct coder *coder, struct kevents_lost *lost)
{
	code_u64(coder, &lost->count);
	code_u64(coder, &lost->since);
	code_u32(coder, &lost->why);
}

static void code_part(struct coder *coder, struct kevents_record *record)
{
	switch (record->type) {
	case KEVENTS_FORK:
		code_fork(coder, &record->fork);
		break;
	case KEVENTS_EXEC:
		code_exec(coder, &record->exec);
		break;
	case KEVENTS_EXIT:
		code_exit(coder, &record->exit);
		break;
	case KEVENTS_IMAGE_LOAD:
	case KEVENTS_IMAGE_UNLOAD:
	case KEVENTS_ANON_EXEC:
		code_image(coder, &record->image);
		break;
	case KEVENTS_KERNEL_LOAD:
	case KEVENTS_KERNEL_UNLOAD:
		code_kernel(coder, &record->kernel);
		break;
	case KEVENTS_COMM:
		code_name(coder, record->comm_change.old, sizeof(record->comm_change.old));
		break;
	case KEVENTS_CGROUP:
		code_cgroup(coder, &record->cgroup_change);
		break;
	case KEVENTS_LOST:
		code_lost(coder, &record->lost);
		break;
	default:
		coder->is_bad = true;
	}
}

void code_record(struct coder *coder, struct kevents_record *record)
{
	struct coder whole = *coder;
	size_t begin = coder->at;
	uint32_t size = 0;

	code_u32(coder, &size);
	if (!coder->is_writing) {
		if (coder->is_bad || size > coder->size - coder->at) {
			coder->is_bad = true;
			return;
		}
		coder->size = coder->at + size;
	}
	code_u32(coder, &record->type);
	code_u32(coder, &record->flags);
	code_u64(coder, &record->time);
	code_u32(coder, &record->cpu);
	code_i32(coder, &record->pid);
	code_i32(coder, &record->tid);
	code_i32(coder, &record->parent_pid);
	code_u32(coder, &record->uid);
	code_u64(coder, &record->cgroup);
	code_u64(coder, &record->start_time);
	code_name(coder, record->comm, sizeof(record->comm));
	code_part(coder, record);
	if (coder->is_writing && !coder->is_bad) {
		whole.at = begin;
		size = (uint32_t)(coder->at - begin - 4);
		code_u32(&whole, &size);
	} else if (!coder->is_writing) {
		if (coder->at != coder->size)
			coder->is_bad = true;
		coder->size = whole.size;
	}
}

static size_t length(const char *string)
{
	return string ? strlen(string) : 0;
}

size_t stored_size(const struct kevents_record *record)
{
	size_t strings = 0;

	switch (record->type) {
	case KEVENTS_EXEC:
		strings = length(record->exec.path) + record->exec.args_size;
		break;
	case KEVENTS_IMAGE_LOAD:
	case KEVENTS_IMAGE_UNLOAD:
	case KEVENTS_ANON_EXEC:
		strings = length(record->image.path);
		break;
	case KEVENTS_KERNEL_LOAD:
	case KEVENTS_KERNEL_UNLOAD:
		strings = length(record->kernel.name);
		break;
	case KEVENTS_CGROUP:
		strings = length(record->cgroup_change.path);
		break;
	default:
		break;
	}
	return 2 * sizeof(*record) + strings;
}
