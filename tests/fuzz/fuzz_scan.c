// SPDX-License-Identifier: GPL-2.0-or-later
/* Any bytes as an ELF file to scan: what is found lies in its code, in order. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "prefetch/scan/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char message[SCAN_MESSAGE_MAX] = "";
	struct scan_result result;
	int fd = memfd_create("elf", MFD_CLOEXEC), answer;

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	answer = scan_file(&result, fd, message);
	if (answer < 0 && !*message)
		abort();
	for (size_t i = 0; !answer && i < result.count; i++) {
		const struct scan_finding *finding = &result.findings[i];

		if (finding->prefetch.length > PREFETCH_LENGTH_MAX || finding->function > finding->address ||
			(finding->name && !strlen(finding->name)))
			abort();
	}
	if (!answer)
		scan_free(&result);
	close(fd);
	return 0;
}
