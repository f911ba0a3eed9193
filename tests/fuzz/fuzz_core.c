// SPDX-License-Identifier: GPL-2.0-or-later
/* Any bytes as a core file. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "prefetch/explain/core.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char message[CORE_MESSAGE_MAX] = "";
	struct explained_processor nobody = { 0 };
	struct explanation explanation;
	struct record record;
	int fd = memfd_create("core", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	if (core_read(&record, fd, message)) {
		if (!*message)
			abort();
	} else {
		record_explain(&explanation, &record, RECORD_MODE_UNKNOWN, &nobody);
		if (!explanation.reason)
			abort();
	}
	close(fd);
	return 0;
}
