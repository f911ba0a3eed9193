// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any bytes as a disk: the first 16 say how large it is, of which sectors, what of it cannot be read, and whether the
 * judgement is thorough. Then every kind of list of it.
 */
#include <stdint.h>
#include <string.h>
#include "tests/ptcheck/image.h"

enum { HEAD = 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const __u32 sector_sizes[] = { 0, 512, 1024, 2048, 4096, 520, 0xffffffff, 1 };
	struct image image = { 0 };
	struct ptcheck_result result;
	struct ptcheck_table table;

	if (size < HEAD)
		return 0;
	image.bytes = data + HEAD;
	image.size = size - HEAD;
	image.disk.sector_size = sector_sizes[data[0] & 7];
	image.disk.thorough = data[0] & 8;
	/* As large as its bytes, unknown, or anything. */
	if (data[0] & 16)
		memcpy(&image.disk.size, data + 8, 8);
	else if (data[0] & 32)
		image.disk.size = image.size;
	if (data[0] & 64) {
		image.lost_from = (__u64)data[1] << 9;
		image.lost_to = image.lost_from + ((__u64)data[2] << 9);
	}
	image_judge(&image, &result);
	for (enum ptcheck_kind kind = PTCHECK_NONE; kind < PTCHECK_KINDS; kind++)
		image_list(&image, kind, &table);
	image_forget(&image);
	return 0;
}
