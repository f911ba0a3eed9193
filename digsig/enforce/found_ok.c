// SPDX-License-Identifier: GPL-2.0-or-later
#include "found_ok.h"
#include <bpf/bpf.h>
#include <errno.h>
#include <sys/mman.h>
#include "../kernel/engine.h"

int engine_open_verdicts(void)
{
	int verdicts = bpf_obj_get(DIGSIG_PIN_DIRECTORY "/inode_verdict");

	return verdicts < 0 ? -errno : verdicts;
}

/* The engine judges whoever maps, this process too. */
bool engine_finds_ok(int verdicts, int fd)
{
	void *mapped = mmap(NULL, 1, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	__u64 word;

	if (mapped == MAP_FAILED)
		return false;
	munmap(mapped, 1);
	return !bpf_map_lookup_elem(verdicts, &fd, &word) &&
		(word & DIGSIG_WORD_VERDICT_MASK) == DIGSIG_VERDICT_OK;
}
