// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "image.h"

/* No table is larger than this. */
#define LARGEST (4U << 20)

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}

static void add(struct image *image, struct ptcheck_block block)
{
	if (image->count == image->room) {
		image->room = image->room ? 2 * image->room : 16;
		image->blocks = reallocarray(image->blocks, image->room, sizeof(block));
		must(image->blocks, "there is memory");
	}
	image->blocks[image->count++] = block;
}

static bool was_read(const struct image *image, const struct ptcheck_range *wanted)
{
	for (size_t i = 0; i < image->count; i++)
		if (image->blocks[i].offset == wanted->offset && image->blocks[i].size == wanted->size)
			return true;
	return false;
}

void image_read(struct image *image, const struct ptcheck_range *wanted)
{
	struct ptcheck_block block = { wanted->offset, wanted->size, 0, NULL };
	__u8 *bytes;

	must(!was_read(image, wanted), "nothing is wanted twice");
	must(wanted->size && wanted->size <= LARGEST, "what is wanted is small");
	must(wanted->offset + wanted->size > wanted->offset, "what is wanted does not overflow");
	must(!image->disk.size || wanted->offset + wanted->size <= image->disk.size, "what is wanted is on the disk");
	if (wanted->offset < image->lost_to && wanted->offset + wanted->size > image->lost_from) {
		block.err = -EIO;
		add(image, block);
		return;
	}
	bytes = calloc(1, wanted->size);
	must(bytes, "there is memory");
	if (wanted->offset < image->size)
		memcpy(bytes, image->bytes + wanted->offset,
			image->size - wanted->offset < wanted->size ? image->size - wanted->offset : wanted->size);
	block.bytes = bytes;
	add(image, block);
}

void image_check_result(const struct image *image, const struct ptcheck_result *result)
{
	bool is_table = result->reading_count && ptcheck_is_table(result->readings[0].kind);

	must(result->check_count <= PTCHECK_CHECKS_MAX, "the checks have room");
	must((result->verdict == PTCHECK_TABLE) == (result->reading_count == 1 && is_table), "a table is one reading");
	must((result->verdict == PTCHECK_WHOLE_DISK) == (result->reading_count == 1 && !is_table), "so is a whole disk");
	must((result->verdict == PTCHECK_AMBIGUOUS) == (result->reading_count == 2), "what is ambiguous is two");
	for (unsigned int i = 0; i < result->reading_count; i++)
		must(result->readings[i].name && result->readings[i].use, "a reading has words");
	for (size_t i = 0; i < result->check_count; i++) {
		must(memchr(result->checks[i].detail, 0, sizeof(result->checks[i].detail)), "a detail ends");
		must(result->checks[i].outcome != PTCHECK_NOT_READ || !*result->checks[i].detail, "what was not read has none");
	}
	(void)image;
}

void image_check_table(const struct image *image, const struct ptcheck_table *table)
{
	must(table->count <= PTCHECK_PARTITIONS_MAX, "the partitions have room");
	for (size_t i = 0; i < table->count; i++) {
		const struct ptcheck_partition *partition = &table->partitions[i];
		__u64 end;
		bool fits = !__builtin_add_overflow(partition->start, partition->size, &end) &&
			(!image->disk.size || end <= image->disk.size);

		must(partition->number && partition->number < PTCHECK_PARTITIONS_MAX, "a partition has a number");
		must(fits || partition->flags & PTCHECK_OUTSIDE, "what is outside says so");
		must(memchr(partition->name, 0, sizeof(partition->name)) && memchr(partition->type, 0, sizeof(partition->type)) &&
				memchr(partition->uuid, 0, sizeof(partition->uuid)),
			"text ends");
		for (size_t k = 0; k < i; k++)
			must(table->partitions[k].number != partition->number, "no two have one number");
	}
}

unsigned int image_judge(struct image *image, struct ptcheck_result *result)
{
	unsigned int reads = 0;

	while (ptcheck_judge(result, &image->disk, image->blocks, image->count)) {
		image_check_result(image, result);
		must(++reads <= PTCHECK_READS_MAX, "a judgement ends");
		image_read(image, &result->wanted);
	}
	image_check_result(image, result);
	must(!result->wanted.size, "at the end nothing is wanted");
	return reads;
}

unsigned int image_list(struct image *image, enum ptcheck_kind kind, struct ptcheck_table *table)
{
	unsigned int reads = 0;

	while (ptcheck_list(table, kind, &image->disk, image->blocks, image->count)) {
		image_check_table(image, table);
		must(++reads <= PTCHECK_LIST_READS_MAX, "a list ends");
		image_read(image, &table->wanted);
	}
	image_check_table(image, table);
	return reads;
}

void image_forget(struct image *image)
{
	for (size_t i = 0; i < image->count; i++)
		free((void *)image->blocks[i].bytes);
	free(image->blocks);
	image->blocks = NULL;
	image->count = image->room = 0;
}
