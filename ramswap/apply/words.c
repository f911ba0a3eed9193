// SPDX-License-Identifier: GPL-2.0-or-later
/* Operations and steps, as people are told of them. */
#include <stdio.h>
#include <string.h>
#include "../../lib/text/size.h"
#include "internal.h"

static void print_header(const struct apply_operation *operation, char *text, size_t size)
{
	char amount[16];

	size_print(amount, sizeof(amount), (double)operation->size);
	snprintf(text, size, "write a swap header for %s to /dev/%s", amount, operation->device);
}

void apply_operation_print(const struct apply_operation *operation, char *text, size_t size)
{
	const char *device = operation->device;

	switch (operation->kind) {
	case APPLY_MODULE:
		snprintf(text, size, "load the module %s%s%s", device, *operation->value ? " " : "", operation->value);
		break;
	case APPLY_ZRAM:
		snprintf(text, size, "make the device %s", device);
		break;
	case APPLY_ATTRIBUTE:
		snprintf(text, size, "write %s to /sys/block/%s/%s", operation->value, device, operation->path);
		break;
	case APPLY_BACKING:
		snprintf(text, size, "write %s to /sys/block/%s/backing_dev", operation->value, device);
		break;
	case APPLY_HEADER:
		print_header(operation, text, size);
		break;
	case APPLY_SWAPON:
		snprintf(text, size, "swap on /dev/%s with priority %d", device, operation->priority);
		break;
	case APPLY_MEMORY:
		snprintf(text, size, "make %s memory of the kernel", device);
		break;
	case APPLY_TUNING:
		snprintf(text, size, "write %s to /%s", operation->value, operation->path);
		break;
	}
}

void apply_step_print(const struct state_step *step, char *text, size_t size)
{
	switch (step->kind) {
	case STATE_ADDING:
	case STATE_ZRAM:
		snprintf(text, size, "remove %s", step->name);
		break;
	case STATE_MODULE:
		snprintf(text, size, "unload the module %s", step->name);
		break;
	case STATE_SWAP:
		snprintf(text, size, "swap off %s", step->name);
		break;
	case STATE_MEMORY:
		snprintf(text, size, "take %s out of the kernel's memory", step->name);
		break;
	case STATE_TUNED:
		snprintf(text, size, "write %s to /%s again", step->was, step->name);
		break;
	}
}
