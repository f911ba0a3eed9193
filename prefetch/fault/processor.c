// SPDX-License-Identifier: GPL-2.0-or-later
#include "processor.h"
#include <cpuid.h>
#include <string.h>
#include "../prefetch.h"

void processor_read(struct processor *processor)
{
	unsigned int eax = 0, ebx = 0, ecx = 0, edx = 0;

	memset(processor, 0, sizeof(*processor));
	if (!__get_cpuid(0, &eax, &ebx, &ecx, &edx))
		return;
	memcpy(processor->vendor, &ebx, 4);
	memcpy(processor->vendor + 4, &edx, 4);
	memcpy(processor->vendor + 8, &ecx, 4);
	if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx))
		return;
	processor->family = eax >> 8 & 15;
	processor->model = eax >> 4 & 15;
	if (processor->family == 15) {
		processor->family += eax >> 20 & 255;
		processor->model |= (eax >> 16 & 15) << 4;
	}
}

int prefetch_processor_is_affected(const char *vendor, unsigned int family, unsigned int model)
{
	if (strncmp(vendor, "AuthenticAMD", 12))
		return 0;
	return family == 6 || (family == 15 && model < 0x40);
}
