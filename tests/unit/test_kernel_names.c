// SPDX-License-Identifier: GPL-2.0-or-later
/* Names in the kernel's BTF: as libbpf finds them, and in bytes that are damaged. */
#include "support.h"
#include <bpf/btf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "kevents/watch/kernel_names.h"

static struct btf *kernel;

static void as_libbpf(void **state)
{
	struct kernel_name names[] = {{"task_struct", BTF_KIND_STRUCT, 0},
		{"task_struct", BTF_KIND_FUNC, 0},
		{"btf_trace_sched_process_exec", BTF_KIND_TYPEDEF, 0},
		{"perf_event_mmap", BTF_KIND_FUNC, 0},
		{"there is no such name", BTF_KIND_FUNC, 0}};

	(void)state;
	if (!kernel)
		skip();
	assert_int_equal(kernel_names_find(names, 5), 0);
	for (size_t i = 0; i < 5; i++) {
		int id = btf__find_by_name_kind(kernel, names[i].name, names[i].kind);

		assert_int_equal(names[i].id, id > 0 ? id : 0);
	}
	assert_true(names[0].id);
	assert_false(names[4].id);
}

/* Whatever is cut off or overwritten: an error, or nothing that is not there; never a crash. */
static void damaged(void **state)
{
	struct btf *small = btf__new_empty();
	struct kernel_name name = {"second", BTF_KIND_TYPEDEF, 0};
	const uint8_t *bytes;
	uint32_t size;

	(void)state;
	assert_true(btf__add_int(small, "first", 4, 0) > 0);
	assert_true(btf__add_typedef(small, "second", 1) > 0);
	bytes = btf__raw_data(small, &size);
	assert_int_equal(kernel_names_find_in(&name, 1, bytes, size), 0);
	assert_int_equal(name.id, 2);
	for (uint32_t cut = 0; cut < size; cut++) {
		uint8_t *part = malloc(cut ? cut : 1); /* so that a sanitizer sees its end */

		memcpy(part, bytes, cut);
		assert_int_equal(kernel_names_find_in(&name, 1, part, cut), -EBADMSG);
		free(part);
	}
	for (uint32_t at = 0; at < size; at++) {
		uint8_t *changed = malloc(size);

		memcpy(changed, bytes, size);
		for (int value = 0; value < 256; value++) {
			changed[at] = (uint8_t)value;
			kernel_names_find_in(&name, 1, changed, size);
		}
		free(changed);
	}
	btf__free(small);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(as_libbpf), cmocka_unit_test(damaged)};
	int failed;

	kernel = btf__load_vmlinux_btf();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	btf__free(kernel);
	return failed;
}
