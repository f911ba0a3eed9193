/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Code for the kernel itself, and for devices: modules, another kernel, firmware. What comes out of
 * a file is judged as a file, while the kernel lets nobody write it. What comes out of memory cannot
 * be judged: to the mode it is like an unsigned file.
 */
#ifndef DIGSIG_KERNEL_CODE_BPF_H
#define DIGSIG_KERNEL_CODE_BPF_H

#include "judge.bpf.h"
#include "scope.bpf.h"

/* Whether id is that enumerator of the running kernel's. */
#define IS_ID(type, id, name)                                                                     \
	(bpf_core_enum_value_exists(enum type, name) && (id) == bpf_core_enum_value(enum type, name))

struct kernel_code {
	__u32 scope; /* enum digsig_scope; 0: not code */
	__u32 hook; /* enum digsig_hook */
};

#define MODULE_CODE ((struct kernel_code){ DIGSIG_SCOPE_MODULES, DIGSIG_HOOK_MODULE })
#define FIRMWARE_CODE ((struct kernel_code){ DIGSIG_SCOPE_FIRMWARE, DIGSIG_HOOK_FIRMWARE })
#define KEXEC_CODE ((struct kernel_code){ DIGSIG_SCOPE_KEXEC, DIGSIG_HOOK_KEXEC })

static __always_inline struct kernel_code code_read(__u32 id)
{
	if (IS_ID(kernel_read_file_id, id, READING_MODULE) ||
		IS_ID(kernel_read_file_id, id, READING_MODULE_COMPRESSED))
		return MODULE_CODE;
	if (IS_ID(kernel_read_file_id, id, READING_FIRMWARE))
		return FIRMWARE_CODE;
	if (IS_ID(kernel_read_file_id, id, READING_KEXEC_IMAGE) ||
		IS_ID(kernel_read_file_id, id, READING_KEXEC_INITRAMFS))
		return KEXEC_CODE;
	return (struct kernel_code){ 0, 0 };
}

static __always_inline struct kernel_code code_loaded(__u32 id)
{
	if (IS_ID(kernel_load_data_id, id, LOADING_MODULE) ||
		IS_ID(kernel_load_data_id, id, LOADING_MODULE_COMPRESSED))
		return MODULE_CODE;
	if (IS_ID(kernel_load_data_id, id, LOADING_FIRMWARE))
		return FIRMWARE_CODE;
	if (IS_ID(kernel_load_data_id, id, LOADING_KEXEC_IMAGE) ||
		IS_ID(kernel_load_data_id, id, LOADING_KEXEC_INITRAMFS))
		return KEXEC_CODE;
	return (struct kernel_code){ 0, 0 };
}

/* finit_module(2), kexec_file_load(2), a driver's firmware */
SEC("lsm.s/kernel_read_file")
int BPF_PROG(digsig_kernel_read, struct file *file, __u32 id)
{
	struct kernel_code code = code_read(id);
	struct digsig_settings *set = settings_in_scope(code.scope);

	return set ? judge_file(set, file, code.hook) : 0;
}

/* init_module(2), kexec_load(2), firmware that user space brings */
SEC("lsm/kernel_load_data")
int BPF_PROG(digsig_kernel_load, __u32 id)
{
	struct kernel_code code = code_loaded(id);
	struct judgement judgement = { .hook = code.hook };
	struct digsig_settings *set = settings_in_scope(code.scope);
	bool denied;

	if (!set)
		return 0;
	COUNT(judged);
	judgement.result.verdict = DIGSIG_VERDICT_UNSIGNED;
	denied = decide(set, &judgement);
	emit_event_alone(set, &judgement);
	return answer_if(denied, -EPERM);
}

#endif
