/* SPDX-License-Identifier: GPL-2.0 */
/* Executable memory of processes. */
#ifndef KEVENTS_IMAGE_BPF_H
#define KEVENTS_IMAGE_BPF_H

#include "begin.bpf.h"
#include "path.bpf.h"
#include "twice.bpf.h"

#define VM_EXEC 0x00000004
#define PAGE_SHIFT 12

#if defined(__TARGET_ARCH_x86)
#define SYSTEM_CALL(regs) BPF_CORE_READ(regs, orig_ax)
#define IS_MADVISE(number) ((number) == 28 || (number) == 219 || (number) == 440)
#elif defined(__TARGET_ARCH_arm64)
#define SYSTEM_CALL(regs) BPF_CORE_READ(regs, syscallno)
#define IS_MADVISE(number) ((number) == 233 || (number) == 220 || (number) == 440)
#endif

static __always_inline void put_range(struct event *event, struct vm_area_struct *vma,
	unsigned long begin, unsigned long end)
{
	struct event_image *image = &event->image;

	image->address = begin;
	image->size = end - begin;
	image->offset = 0;
	image->inode = 0;
	image->device = 0;
	image->generation = 0;
	image->vm_flags = vma->vm_flags;
	image->path_size = 0;
	image->is_deleted = 0;
	image->is_heap = 0;
	image->reserved = 0;
	image->in_exec = is_wanted_type(KEVENTS_EXEC) &&
		is_in_exec(bpf_get_current_task_btf());
}

static __always_inline void put_file(struct event *event, struct vm_area_struct *vma,
	unsigned long begin, struct file *file)
{
	struct event_image *image = &event->image;
	struct inode *inode = BPF_CORE_READ(file, f_inode);

	image->offset = (BPF_CORE_READ(vma, vm_pgoff) << PAGE_SHIFT) + begin -
		BPF_CORE_READ(vma, vm_start);
	image->inode = BPF_CORE_READ(inode, i_ino);
	image->device = BPF_CORE_READ(inode, i_sb, s_dev);
	image->generation = BPF_CORE_READ(inode, i_generation);
	image->is_deleted = is_unlinked(file);
}

static __always_inline void put_text(
	struct event *event, struct path_scratch *scratch, __u64 size, const __u64 room)
{
	__u64 at = scratch->at;

	SHOW_VERIFIER(at);
	SHOW_VERIFIER(size);
	if (at > PATH_END || size > room || bpf_probe_read_kernel(event->text, size,
		scratch->bytes + at)) {
		event->flags |= KEVENTS_PATH_CUT;
		return;
	}
	event->image.path_size = size;
	if (scratch->is_cut)
		event->flags |= KEVENTS_PATH_CUT;
}

#define SEND_FILE(room)                                                                           \
	do {                                                                                       \
		struct event *event = begin_event(type, task, room);                               \
                                                                                                   \
		if (!event)                                                                        \
			break;                                                                     \
		put_range(event, vma, begin, end);                                                 \
		put_file(event, vma, begin, file);                                                 \
		put_text(event, scratch, size, room);                                              \
		bpf_ringbuf_submit(event, 0);                                                      \
	} while (0)

static __always_inline void send_file(__u32 type, struct vm_area_struct *vma, struct file *file,
	unsigned long begin, unsigned long end)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct path_scratch *scratch = take_scratch();
	__u64 size;

	if (!scratch) {
		count_unmade();
		return;
	}
	size = read_path(scratch, file);
	if (size <= 128)
		SEND_FILE(128);
	else
		SEND_FILE(EVENT_TEXT_LARGE);
	give_back(scratch);
}

#define SPECIAL_NAME_SIZE 32

/* The kernel's own pages, "[vdso]", have a name; nobody else's has one that begins so. */
static __always_inline long read_special_name(
	struct vm_area_struct *vma, char name[SPECIAL_NAME_SIZE])
{
	struct vm_special_mapping *special = vma->vm_private_data;
	long size;

	if (!vma->vm_ops || !special)
		return 0;
	size = bpf_probe_read_kernel_str(name, SPECIAL_NAME_SIZE, BPF_CORE_READ(special, name));
	return size < 2 || name[0] != '[' ? 0 : size - 1;
}

static void send_anonymous(struct vm_area_struct *vma)
{
	char name[SPECIAL_NAME_SIZE] = {0};
	long size = read_special_name(vma, name);
	__u32 type = size ? KEVENTS_IMAGE_LOAD : KEVENTS_ANON_EXEC;
	struct mm_struct *mm = vma->vm_mm;
	struct event *event;

	if (!is_wanted_type(type))
		return;
	event = begin_event(type, bpf_get_current_task_btf(), SPECIAL_NAME_SIZE);
	if (!event)
		return;
	put_range(event, vma, vma->vm_start, vma->vm_end);
	__builtin_memcpy(event->text, name, SPECIAL_NAME_SIZE);
	event->image.path_size = size;
	event->image.is_heap = vma->vm_start < mm->brk && vma->vm_end > mm->start_brk;
	bpf_ringbuf_submit(event, 0);
}

/* Called for each new mapping, and after each mprotect(2), also when no perf event is open. */
static __always_inline int map_hook(struct vm_area_struct *vma)
{
	struct task_struct *task = bpf_get_current_task_btf();

	if (!is_mine(KEVENTS_IMAGE_LOAD, task->pid, vma->vm_start))
		return 0;
	if (!(vma->vm_flags & VM_EXEC) || !is_wanted_process(task) || !is_wanted_task(task))
		return 0;
	if (!vma->vm_file)
		send_anonymous(vma);
	else if (is_wanted_type(KEVENTS_IMAGE_LOAD))
		send_file(KEVENTS_IMAGE_LOAD, vma, vma->vm_file, vma->vm_start, vma->vm_end);
	return 0;
}

SEC("fentry/perf_event_mmap")
int BPF_PROG(on_map, struct vm_area_struct *vma)
{
	return map_hook(vma);
}

SEC("fentry/perf_event_mmap")
int BPF_PROG(on_map_second, struct vm_area_struct *vma)
{
	return map_hook(vma);
}

/*
 * Called wherever pages of a file go out of a mapping. Not those of an exec or an exit, which leave
 * memory that is not theirs any more, nor of madvise(2), after which the mapping is still there.
 */
static __always_inline int unmap_hook(
	struct vm_area_struct *vma, unsigned long begin, unsigned long end)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct pt_regs *regs;

	if (!is_mine(KEVENTS_IMAGE_UNLOAD, task->pid, begin))
		return 0;
	if (!(vma->vm_flags & VM_EXEC) || task->mm != vma->vm_mm || task->flags & PF_EXITING ||
		!is_wanted(KEVENTS_IMAGE_UNLOAD, task))
		return 0;
	regs = (struct pt_regs *)bpf_task_pt_regs(task);
	if (IS_MADVISE(SYSTEM_CALL(regs)))
		return 0;
	send_file(KEVENTS_IMAGE_UNLOAD, vma, vma->vm_file, begin, end);
	return 0;
}

SEC("fentry/uprobe_munmap")
int BPF_PROG(on_unmap, struct vm_area_struct *vma, unsigned long begin, unsigned long end)
{
	return unmap_hook(vma, begin, end);
}

SEC("fentry/uprobe_munmap")
int BPF_PROG(on_unmap_second, struct vm_area_struct *vma, unsigned long begin, unsigned long end)
{
	return unmap_hook(vma, begin, end);
}

#endif
