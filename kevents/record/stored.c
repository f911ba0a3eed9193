// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include "stored.h"

static const char header_magic[8] = "KEVENTS";

/* The checksum of what stands before it. */
static void code_crc(struct coder *coder, size_t begin)
{
	uint32_t computed = stored_crc(coder->bytes + begin, coder->at - begin), crc = computed;

	field_u32(coder, &crc);
	if (crc != computed)
		coder->is_bad = true;
}

void code_header(struct coder *coder, struct kevents_recording_info *info)
{
	uint32_t version = STORED_VERSION, size = STORED_HEADER_SIZE;
	size_t begin = coder->at;
	char magic[8];

	memcpy(magic, header_magic, sizeof(magic));
	field_bytes(coder, magic, sizeof(magic));
	field_u32(coder, &version);
	field_u32(coder, &size);
	if (memcmp(magic, header_magic, sizeof(magic)) != 0 || version != STORED_VERSION ||
		size != STORED_HEADER_SIZE)
		coder->is_bad = true;
	field_u64(coder, &info->monotonic);
	field_u64(coder, &info->realtime);
	field_u32(coder, &info->cpus);
	field_u32(coder, &info->page_size);
	field_u32(coder, &info->source);
	field_name(coder, info->machine, sizeof(info->machine));
	field_name(coder, info->release, sizeof(info->release));
	field_name(coder, info->host, sizeof(info->host));
	code_crc(coder, begin);
}

void code_block(struct coder *coder, struct stored_block *block)
{
	size_t begin = coder->at;

	field_u32(coder, &block->magic);
	field_u32(coder, &block->size);
	field_u32(coder, &block->count);
	field_u32(coder, &block->crc);
	field_u64(coder, &block->first_time);
	field_u64(coder, &block->last_time);
	code_crc(coder, begin);
	if (block->magic != STORED_BLOCK_MAGIC || block->size > STORED_BLOCK_MAX)
		coder->is_bad = true;
}

static void code_fork(struct coder *coder, struct kevents_fork *fork)
{
	field_i32(coder, &fork->child_pid);
	field_i32(coder, &fork->child_tid);
	field_i32(coder, &fork->child_parent_pid);
	field_bool(coder, &fork->is_thread);
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
	field_string(coder, &exec->path);
	field_blob(coder, &exec->args, &exec->args_size);
	field_u32(coder, &exec->args_missing);
	field_u32(coder, &exec->count);
	field_i32(coder, &exec->old_tid);
	if (!coder->is_bad && !args_are_whole(exec))
		coder->is_bad = true;
}

static void code_exit(struct coder *coder, struct kevents_exit *exit)
{
	field_u8(coder, &exit->status);
	field_u8(coder, &exit->signal);
	field_bool(coder, &exit->dumped_core);
	field_bool(coder, &exit->is_thread);
	field_bool(coder, &exit->is_status_known);
	field_u64(coder, &exit->run_time);
}

static void code_build_id(struct coder *coder, uint32_t *size, uint8_t id[KEVENTS_BUILD_ID_MAX])
{
	field_u32(coder, size);
	if (*size > KEVENTS_BUILD_ID_MAX) {
		coder->is_bad = true;
		*size = 0;
	}
	field_bytes(coder, id, *size);
}

static void code_image(struct coder *coder, struct kevents_image *image)
{
	field_u64(coder, &image->address);
	field_u64(coder, &image->size);
	field_u64(coder, &image->offset);
	field_u64(coder, &image->device);
	field_u64(coder, &image->inode);
	field_u64(coder, &image->generation);
	field_u32(coder, &image->protection);
	field_u32(coder, &image->is_shared);
	field_u32(coder, &image->verdict);
	code_build_id(coder, &image->build_id_size, image->build_id);
	field_string(coder, &image->path);
}

static void code_kernel(struct coder *coder, struct kevents_kernel *kernel)
{
	field_u32(coder, &kernel->kind);
	code_build_id(coder, &kernel->build_id_size, kernel->build_id);
	field_u64(coder, &kernel->address);
	field_u64(coder, &kernel->size);
	field_string(coder, &kernel->name);
}

static void code_cgroup(struct coder *coder, struct kevents_cgroup *cgroup)
{
	field_u32(coder, &cgroup->action);
	field_bool(coder, &cgroup->is_process);
	field_i32(coder, &cgroup->pid);
	field_i32(coder, &cgroup->tid);
	field_u64(coder, &cgroup->id);
	field_string(coder, &cgroup->path);
}

static void code_lost(struct coder *coder, struct kevents_lost *lost)
{
	field_u64(coder, &lost->count);
	field_u64(coder, &lost->since);
	field_u32(coder, &lost->why);
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
		field_name(coder, record->comm_change.old, sizeof(record->comm_change.old));
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

	/* Written as 0, and again when the record is there and its size is known. */
	field_u32(coder, &size);
	if (!coder->is_writing) {
		if (coder->is_bad || size > coder->size - coder->at) {
			coder->is_bad = true;
			return;
		}
		/* Until the record ends, nothing is read beyond it. */
		coder->size = coder->at + size;
	}
	field_u32(coder, &record->type);
	field_u32(coder, &record->flags);
	field_u64(coder, &record->time);
	field_u32(coder, &record->cpu);
	field_i32(coder, &record->pid);
	field_i32(coder, &record->tid);
	field_i32(coder, &record->parent_pid);
	field_u32(coder, &record->uid);
	field_u64(coder, &record->cgroup);
	field_u64(coder, &record->start_time);
	field_name(coder, record->comm, sizeof(record->comm));
	code_part(coder, record);
	if (coder->is_writing && !coder->is_bad) {
		whole.at = begin;
		size = (uint32_t)(coder->at - begin - 4);
		field_u32(&whole, &size);
	} else if (!coder->is_writing) {
		if (coder->at != coder->size)
			coder->is_bad = true;
		coder->size = whole.size;
	}
}

void code_sums(struct coder *coder, struct kevents_sums *sums)
{
	field_u64(coder, &sums->made);
	field_u64(coder, &sums->missed);
	field_u64(coder, &sums->delivered);
	field_u64(coder, &sums->unwanted);
	field_u64(coder, &sums->lost);
	field_u64(coder, &sums->incomplete);
	field_bool(coder, &sums->agree);
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
