// SPDX-License-Identifier: GPL-2.0-or-later
/* The messages of before, for a target that the kernel has just enabled. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "../target/kernel_log.h"
#include "cli.h"
#include "target_words.h"

enum { LEVEL_INFO = 6 };

int hand_over(const struct target *target, const struct record *record)
{
	char text[TARGET_NAME_MAX + 40];
	__u64 sequence;
	int err;

	(void)record;
	snprintf(text, sizeof(text), "netcon: target %s enabled", target->name);
	err = kernel_log_put(LEVEL_INFO, text, &sequence);
	if (err)
		complain("/dev/kmsg: %s", strerror(-err));
	else
		printf("mark %llu\n", (unsigned long long)sequence);
	return EXIT_OK;
}
