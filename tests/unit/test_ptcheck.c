// SPDX-License-Identifier: GPL-2.0-or-later
/* What ptcheck says of disks, from their bytes. tests/cli/ptcheck.sh has those that real tools make. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include "tests/ptcheck/image.h"

enum { SECTOR = 512, BYTES = 256 << 10, DISK = 64 << 20, SECTORS = DISK / SECTOR };

/* --- disks */

static __u8 bytes[BYTES];
static struct image disk;
static struct ptcheck_result result;
static struct ptcheck_table table;

static void put16(size_t at, unsigned int number)
{
	bytes[at] = (__u8)number;
	bytes[at + 1] = (__u8)(number >> 8);
}

static void put32(size_t at, __u32 number)
{
	put16(at, number & 0xffff);
	put16(at + 2, number >> 16);
}

static void put64(size_t at, __u64 number)
{
	put32(at, (__u32)number);
	put32(at + 4, (__u32)(number >> 32));
}

static void begin(void)
{
	image_forget(&disk);
	memset(bytes, 0, sizeof(bytes));
	disk = (struct image){ .bytes = bytes, .size = sizeof(bytes), .disk = { .size = DISK, .sector_size = SECTOR } };
}

static void sign(size_t sector)
{
	put16(sector + 510, 0xaa55);
}

static void put_entry(size_t sector, unsigned int slot, unsigned int type, __u32 first, __u32 sectors)
{
	size_t at = sector + 446 + 16 * slot;

	bytes[at + 4] = (__u8)type;
	put32(at + 8, first);
	put32(at + 12, sectors);
	sign(sector);
}

/* A FAT16 of all the disk: 1 reserved sector, 2 FATs of 128 sectors, 512 root entries, clusters of 4 sectors. */
static void put_fat(size_t at, __u32 sectors, __u32 hidden)
{
	memcpy(bytes + at, "\xeb\x3c\x90mkfs.fat", 11);
	put16(at + 11, SECTOR);
	bytes[at + 13] = 4;
	put16(at + 14, 1);
	bytes[at + 16] = 2;
	put16(at + 17, 512);
	bytes[at + 21] = 0xf8;
	put16(at + 22, 128);
	put32(at + 28, hidden);
	put32(at + 32, sectors);
	sign(at);
}

/* Its FAT's first entry. */
static void put_life(size_t at)
{
	memcpy(bytes + at + SECTOR, "\xf8\xff\xff\xff", 4);
}

static void put_gpt(__u64 own, __u64 other, size_t at, size_t entries)
{
	memset(bytes + at, 0, SECTOR);
	memcpy(bytes + at, "EFI PART\0\0\1\0\\\0\0\0", 16);
	put64(at + 24, own);
	put64(at + 32, other);
	put64(at + 40, 34);
	put64(at + 48, SECTORS - 34);
	put64(at + 72, 2);
	put32(at + 80, 128);
	put32(at + 84, 128);
	put32(at + 88, (__u32)crc32(0, bytes + entries, 128 * 128));
	put32(at + 16, (__u32)crc32(0, bytes + at, 92));
}

/* The header of LUKS 1: its key slots are unused. */
static void put_luks(size_t at)
{
	memcpy(bytes + at, "LUKS\xba\xbe\0\1", 8);
	for (size_t slot = at + 208; slot < at + 512; slot += 48)
		memcpy(bytes + slot, "\0\0\xde\xad", 4);
}

static unsigned int judge(void)
{
	return image_judge(&disk, &result);
}

/* The verdict in words, and what it cost. */
static void is_verdict(enum ptcheck_verdict verdict, enum ptcheck_kind kind, enum ptcheck_confidence confidence,
	unsigned int reads)
{
	unsigned int did = judge();

	assert_int_equal(result.verdict, verdict);
	if (kind)
		assert_int_equal(result.readings[0].kind, kind);
	if (verdict != PTCHECK_AMBIGUOUS)
		assert_int_equal(result.confidence, confidence);
	assert_int_equal(did, reads);
}

static void is_ambiguous(enum ptcheck_kind one, enum ptcheck_kind other, unsigned int reads)
{
	is_verdict(PTCHECK_AMBIGUOUS, one, PTCHECK_LIKELY, reads);
	assert_int_equal(result.readings[1].kind, other);
}

static enum ptcheck_outcome outcome(enum ptcheck_kind kind, const char *name)
{
	for (size_t i = 0; i < result.check_count; i++)
		if (result.checks[i].kind == kind && !strcmp(result.checks[i].name, name))
			return result.checks[i].outcome;
	fail_msg("no check %s", name);
	return PTCHECK_NOT_READ;
}

/* --- tables */

static void a_sane_table_needs_one_sector(void **state)
{
	(void)state;
	begin();
	put_entry(0, 0, 0x83, 2048, 4096);
	put_entry(0, 3, 0x0c, 8192, SECTORS - 8192);
	is_verdict(PTCHECK_TABLE, PTCHECK_DOS, PTCHECK_CERTAIN, 1);
	assert_int_equal(outcome(PTCHECK_DOS, "entries-within-disk"), PTCHECK_PASSED);
}

/* Each of them is a table that the kernel uses; nothing else is there. */
static void a_doubtful_table_is_likely(void **state)
{
	static const struct {
		__u32 type, first, sectors, first2, sectors2;
		const char *fails;
	} cases[] = {
		{ 0x83, 2048, SECTORS - 2047, 0, 0, "entries-within-disk" },
		{ 0x83, 2048, 0xffffffff, 0, 0, "entries-within-disk" },
		{ 0x83, 0xffffffff, 0xffffffff, 0, 0, "entries-within-disk" },
		{ 0x83, 2048, 4096, 6143, 1, "entries-disjoint" },
		{ 0x00, 2048, 4096, 0, 0, "entry-types" },
		{ 0x83, 0, 4096, 0, 0, "entries-behind-table" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		begin();
		put_entry(0, 0, cases[i].type, cases[i].first, cases[i].sectors);
		put_entry(0, 1, 0x83, cases[i].first2, cases[i].sectors2);
		is_verdict(PTCHECK_TABLE, PTCHECK_DOS, PTCHECK_LIKELY, 3);
		assert_int_equal(outcome(PTCHECK_DOS, cases[i].fails), PTCHECK_FAILED);
	}
}

static void entries_that_touch_do_not_overlap(void **state)
{
	(void)state;
	begin();
	put_entry(0, 0, 0x83, 2048, 4096);
	put_entry(0, 1, 0x83, 6144, 1);
	put_entry(0, 2, 0x83, 2047, 1);
	is_verdict(PTCHECK_TABLE, PTCHECK_DOS, PTCHECK_CERTAIN, 1);
}

static void no_signature_or_no_indicator_is_no_table(void **state)
{
	(void)state;
	begin();
	put_entry(0, 0, 0x83, 2048, 4096);
	bytes[510] = 0x54;
	is_verdict(PTCHECK_UNKNOWN, PTCHECK_NONE, PTCHECK_CERTAIN, 3);
	for (unsigned int slot = 0; slot < 4; slot++) {
		begin();
		put_entry(0, 0, 0x83, 2048, 4096);
		bytes[446 + 16 * slot] = 0x01;
		is_verdict(PTCHECK_UNKNOWN, PTCHECK_NONE, PTCHECK_CERTAIN, 3);
		assert_int_equal(outcome(PTCHECK_DOS, "boot-indicators"), PTCHECK_FAILED);
	}
}

static void an_empty_table_is_one(void **state)
{
	(void)state;
	begin();
	sign(0);
	is_verdict(PTCHECK_TABLE, PTCHECK_DOS, PTCHECK_CERTAIN, 3);
	begin();
	sign(0);
	put16(1080, 0xef53);
	put32(1024, 16);
	put32(1028, 64);
	is_verdict(PTCHECK_WHOLE_DISK, PTCHECK_OTHER, PTCHECK_CERTAIN, 3);
	assert_string_equal(result.readings[0].name, "ext");
}

/* --- a boot sector */

static void a_fat_without_entries_needs_one_sector(void **state)
{
	(void)state;
	begin();
	put_fat(0, SECTORS, 0);
	is_verdict(PTCHECK_WHOLE_DISK, PTCHECK_FAT16, PTCHECK_CERTAIN, 1);
	/* Text of a boot loader in the place of the table. */
	memset(bytes + 446, 'x', 64);
	image_forget(&disk);
	is_verdict(PTCHECK_WHOLE_DISK, PTCHECK_FAT16, PTCHECK_CERTAIN, 1);
	/* What mkfs.fat --mbr writes: the kernel makes a partition of it that begins at sector 0. */
	begin();
	put_fat(0, SECTORS, 0);
	put_entry(0, 0, 0x0e, 0, SECTORS);
	is_verdict(PTCHECK_WHOLE_DISK, PTCHECK_FAT16, PTCHECK_CERTAIN, 1);
}

static void each_field_of_a_fat_counts(void **state)
{
	static const struct {
		size_t at;
		__u8 byte;
		const char *fails;
	} cases[] = {
		{ 0, 0x12, "jump" },
		{ 14, 0, "reserved-sectors" },
		{ 16, 0, "fats" },
		{ 16, 3, "fats" },
		{ 17, 1, "root-entries" },
		{ 35, 0x80, "size" },
		{ 22, 1, "fat-covers-clusters" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		begin();
		put_fat(0, SECTORS, 0);
		put_life(0);
		bytes[cases[i].at] = cases[i].byte;
		judge();
		assert_int_equal(outcome(PTCHECK_FAT16, cases[i].fails), PTCHECK_FAILED);
		assert_true(result.verdict != PTCHECK_WHOLE_DISK || result.confidence == PTCHECK_LIKELY);
	}
	/* Without these it is none at all. */
	static const size_t none[] = { 12, 13, 21 };

	for (size_t i = 0; i < 3; i++) {
		begin();
		put_fat(0, SECTORS, 0);
		bytes[none[i]] = 0x33;
		judge();
		assert_int_equal(result.verdict, PTCHECK_TABLE);
	}
}

static void the_kind_of_fat_is_its_clusters(void **state)
{
	(void)state;
	begin();
	/* 289 sectors before the clusters of four. */
	put_fat(0, 289 + 4 * 4084, 0);
	is_verdict(PTCHECK_WHOLE_DISK, PTCHECK_FAT12, PTCHECK_CERTAIN, 1);
	put_fat(0, 289 + 4 * 4085, 0);
	image_forget(&disk);
	is_verdict(PTCHECK_WHOLE_DISK, PTCHECK_FAT16, PTCHECK_CERTAIN, 1);
}

/* --- both */

static void put_both(void)
{
	begin();
	put_fat(0, SECTORS, 0);
	put_entry(0, 0, 0x0c, 480, 4096);
}

static void a_dead_fat_leaves_the_table(void **state)
{
	(void)state;
	put_both();
	is_verdict(PTCHECK_TABLE, PTCHECK_DOS, PTCHECK_CERTAIN, 2);
}

static void a_living_fat_and_a_table_are_ambiguous(void **state)
{
	(void)state;
	put_both();
	put_life(0);
	is_ambiguous(PTCHECK_DOS, PTCHECK_FAT16, 3);
	/* Nobody can tell where the FAT cannot be read. */
	put_both();
	put_life(0);
	disk.lost_from = SECTOR;
	disk.lost_to = 2 * SECTOR;
	is_ambiguous(PTCHECK_DOS, PTCHECK_FAT16, 2);
}

static void what_begins_in_the_partition_decides(void **state)
{
	(void)state;
	put_both();
	put_life(0);
	put_fat(480 * SECTOR, 4096, 480);
	bytes[480 * SECTOR + 22] = 16;
	is_verdict(PTCHECK_TABLE, PTCHECK_DOS, PTCHECK_LIKELY, 3);
	put_both();
	put_life(0);
	put_luks(480 * SECTOR);
	is_verdict(PTCHECK_TABLE, PTCHECK_DOS, PTCHECK_LIKELY, 3);
	/* A file system that is larger than the partition is not the partition's. */
	put_both();
	put_life(0);
	put_fat(480 * SECTOR, 4097, 480);
	bytes[480 * SECTOR + 22] = 16;
	is_ambiguous(PTCHECK_DOS, PTCHECK_FAT16, 3);
}

/* A new table does not mind where the FATs were. */
static void a_partition_within_living_fats_is_ambiguous(void **state)
{
	(void)state;
	put_both();
	put_life(0);
	put_entry(0, 0, 0x0c, 63, 4096);
	is_ambiguous(PTCHECK_DOS, PTCHECK_FAT16, 3);
}

/* A FAT32 of 32 reserved sectors and 1000 of each FAT, with a copy of its boot sector in sector 6. */
static void put_fat32(void)
{
	begin();
	put_fat(0, SECTORS, 0);
	bytes[13] = 1;
	put16(14, 32);
	put16(17, 0);
	put16(22, 0);
	put32(36, 1024);
	put16(50, 6);
	memcpy(bytes + 32 * SECTOR, "\xf8\xff\xff\x0f", 4);
}

static void the_copy_of_a_boot_sector_says_which_is_newer(void **state)
{
	(void)state;
	put_fat32();
	put_entry(0, 0, 0x0c, 4096, 4096);
	memcpy(bytes + 6 * SECTOR, bytes, SECTOR);
	is_verdict(PTCHECK_WHOLE_DISK, PTCHECK_FAT32, PTCHECK_CERTAIN, 2);
	put_fat32();
	memcpy(bytes + 6 * SECTOR, bytes, SECTOR);
	put_entry(0, 0, 0x0c, 4096, 4096);
	is_verdict(PTCHECK_TABLE, PTCHECK_DOS, PTCHECK_LIKELY, 2);
	/* A copy that is none says nothing. */
	put_fat32();
	put_entry(0, 0, 0x0c, 4096, 4096);
	is_ambiguous(PTCHECK_DOS, PTCHECK_FAT32, 2);
}

/* exFAT's checksum has the boot sector in it. */
static void put_exfat(void)
{
	__u32 sum = 0;

	begin();
	memcpy(bytes, "\xeb\x76\x90""EXFAT   ", 11);
	put64(72, SECTORS);
	put32(80, 24);
	put32(88, 200);
	bytes[108] = 9;
	bytes[110] = 1;
	put_entry(0, 0, 0x07, 4096, 4096);
	for (size_t i = 0; i < 11 * SECTOR; i++)
		if (i != 106 && i != 107 && i != 112)
			sum = (sum << 31 | sum >> 1) + bytes[i];
	for (size_t i = 0; i < SECTOR; i += 4)
		put32(11 * SECTOR + i, sum);
}

static void the_checksum_of_an_exfat_decides(void **state)
{
	(void)state;
	put_exfat();
	is_verdict(PTCHECK_WHOLE_DISK, PTCHECK_EXFAT, PTCHECK_CERTAIN, 2);
	put_exfat();
	put_entry(0, 0, 0x07, 4096, 4095);
	is_verdict(PTCHECK_TABLE, PTCHECK_DOS, PTCHECK_CERTAIN, 2);
}

static void two_faults_of_the_entries_leave_it_open(void **state)
{
	(void)state;
	begin();
	put_entry(0, 0, 0x83, 2048, 0xffffffff);
	put_entry(0, 1, 0x83, 4096, 0xffffffff);
	is_ambiguous(PTCHECK_DOS, PTCHECK_NONE, 3);
}

static void a_volume_in_the_first_sector_is_seen(void **state)
{
	(void)state;
	begin();
	put_luks(0);
	is_verdict(PTCHECK_WHOLE_DISK, PTCHECK_OTHER, PTCHECK_CERTAIN, 1);
	/* A table over it breaks the slot that begins at 448. */
	put_entry(0, 0, 0x83, 2048, 2048);
	image_forget(&disk);
	is_verdict(PTCHECK_TABLE, PTCHECK_DOS, PTCHECK_CERTAIN, 1);
	/* Not so one of an array, which has nothing there. */
	begin();
	put32(0, 0xa92b4efc);
	put32(4, 1);
	put_entry(0, 0, 0x83, 2048, 2048);
	is_ambiguous(PTCHECK_DOS, PTCHECK_OTHER, 1);
}

/* The kernel takes the number at the beginning for AIX if the volume's own is there, too. */
static void an_aix_volume_is_no_table(void **state)
{
	(void)state;
	begin();
	put_entry(0, 0, 0x41, 2048, 2048);
	memcpy(bytes, "\xc9\xc2\xd4\xc1", 4);
	is_verdict(PTCHECK_TABLE, PTCHECK_DOS, PTCHECK_LIKELY, 3);
	memcpy(bytes + 7 * SECTOR, "_LVM", 4);
	image_forget(&disk);
	is_verdict(PTCHECK_WHOLE_DISK, PTCHECK_OTHER, PTCHECK_CERTAIN, 3);
}

/* --- GPT */

static void put_whole_gpt(void)
{
	begin();
	put_entry(0, 0, 0xee, 1, SECTORS - 1);
	memcpy(bytes + 1024, "\xaf\x3d\xc6\x0f\x83\x84\x72\x47\x8e\x79\x3d\x69\xd8\x47\x7d\xe4", 16);
	memset(bytes + 1040, 7, 16);
	put64(1056, 2048);
	put64(1064, 4095);
	memcpy(bytes + 1080, "\x3d\xd8\0\xde\x41\0\x3d\xd8\xe9\0", 10);
	put_gpt(1, SECTORS - 1, SECTOR, 2 * SECTOR);
}

static void a_gpt_needs_its_header(void **state)
{
	(void)state;
	put_whole_gpt();
	is_verdict(PTCHECK_TABLE, PTCHECK_GPT, PTCHECK_CERTAIN, 2);
	/* A hybrid is one, too. */
	put_whole_gpt();
	put_entry(0, 1, 0x0c, 2048, 2048);
	is_verdict(PTCHECK_TABLE, PTCHECK_GPT, PTCHECK_CERTAIN, 2);
	assert_non_null(result.also);
}

static void each_byte_of_a_header_counts(void **state)
{
	(void)state;
	for (size_t at = 0; at < 92; at++) {
		put_whole_gpt();
		bytes[SECTOR + at] ^= 1;
		is_verdict(PTCHECK_TABLE, PTCHECK_GPT, PTCHECK_LIKELY, 3);
		assert_non_null(result.also);
		image_list(&disk, PTCHECK_GPT, &table);
		assert_non_null(table.fault);
	}
}

/* Entries beside the one of a GPT that is not there: the kernel makes no partitions of them. */
/* Its entries lie outside the disk. */
static void a_gpt_has_its_entries_on_the_disk(void **state)
{
	(void)state;
	put_whole_gpt();
	put64(SECTOR + 72, SECTORS - 31);
	put32(SECTOR + 16, 0);
	put32(SECTOR + 16, (__u32)crc32(0, bytes + SECTOR, 92));
	judge();
	assert_int_equal(outcome(PTCHECK_GPT, "header-crc"), PTCHECK_PASSED);
	assert_int_equal(outcome(PTCHECK_GPT, "entry-array"), PTCHECK_FAILED);
	assert_int_equal(result.confidence, PTCHECK_LIKELY);
}

static void other_entries_without_a_gpt(void **state)
{
	(void)state;
	begin();
	put_entry(0, 0, 0xee, 1, 2047);
	put_entry(0, 1, 0x83, 2048, 2048);
	is_verdict(PTCHECK_TABLE, PTCHECK_DOS, PTCHECK_LIKELY, 3);
	assert_non_null(result.also);
	/* What is left of one leaves it open. */
	memcpy(bytes + SECTOR, "EFI PART", 8);
	image_forget(&disk);
	is_ambiguous(PTCHECK_GPT, PTCHECK_DOS, 3);
}

static void the_copy_at_the_end_is_used(void **state)
{
	(void)state;
	put_whole_gpt();
	/* A disk as large as the bytes, so that they have its end. */
	disk.disk.size = BYTES;
	put_gpt(BYTES / SECTOR - 1, 1, BYTES - SECTOR, 2 * SECTOR);
	put64(BYTES - SECTOR + 48, BYTES / SECTOR - 34);
	put32(BYTES - SECTOR + 16, 0);
	put32(BYTES - SECTOR + 16, (__u32)crc32(0, bytes + BYTES - SECTOR, 92));
	bytes[SECTOR] = 'x';
	is_verdict(PTCHECK_TABLE, PTCHECK_GPT, PTCHECK_LIKELY, 3);
	assert_non_null(result.also);
	image_list(&disk, PTCHECK_GPT, &table);
	assert_int_equal(table.count, 1);
	assert_non_null(table.also);
}

static void a_gpt_without_a_protective_entry_is_likely(void **state)
{
	(void)state;
	put_whole_gpt();
	memset(bytes, 0, SECTOR);
	judge();
	assert_int_equal(result.verdict, PTCHECK_TABLE);
	assert_int_equal(result.readings[0].kind, PTCHECK_GPT);
	assert_int_equal(result.confidence, PTCHECK_LIKELY);
	assert_non_null(result.also);
	/* Its entries are not its own any more. */
	put_whole_gpt();
	memset(bytes, 0, SECTOR);
	bytes[1100] ^= 1;
	judge();
	assert_int_equal(result.verdict, PTCHECK_AMBIGUOUS);
	assert_int_equal(result.readings[1].kind, PTCHECK_NONE);
	/* Something else is there, too. */
	put_whole_gpt();
	memset(bytes, 0, SECTOR);
	memcpy(bytes + 65600, "_BHRfS_M", 8);
	judge();
	assert_int_equal(result.verdict, PTCHECK_AMBIGUOUS);
	assert_string_equal(result.readings[1].name, "btrfs");
}

static void a_gpt_of_4096_is_found_in_an_image(void **state)
{
	(void)state;
	begin();
	disk.disk.sector_size = 0;
	put_entry(0, 0, 0xee, 1, DISK / 4096 - 1);
	put_gpt(1, DISK / 4096 - 1, 4096, 2 * 4096);
	put64(4096 + 48, DISK / 4096 - 6);
	put32(4096 + 16, 0);
	put32(4096 + 16, (__u32)crc32(0, bytes + 4096, 92));
	is_verdict(PTCHECK_TABLE, PTCHECK_GPT, PTCHECK_CERTAIN, 2);
	assert_int_equal(result.sector_size, 4096);
}

/* --- neither */

static void empty_is_all_that_was_read(void **state)
{
	(void)state;
	begin();
	is_verdict(PTCHECK_EMPTY, PTCHECK_NONE, PTCHECK_CERTAIN, 3);
	begin();
	memset(bytes, 0xff, sizeof(bytes));
	disk.disk.size = BYTES;
	is_verdict(PTCHECK_EMPTY, PTCHECK_NONE, PTCHECK_CERTAIN, 3);
	begin();
	bytes[40000] = 1;
	is_verdict(PTCHECK_UNKNOWN, PTCHECK_NONE, PTCHECK_CERTAIN, 3);
}

static void a_member_of_an_array_wins_over_what_it_contains(void **state)
{
	size_t at;

	(void)state;
	begin();
	disk.disk.size = BYTES;
	at = (BYTES / 512 - 16) / 8 * 8 * 512;
	put32(at, 0xa92b4efc);
	put32(at + 4, 1);
	put16(1080, 0xef53);
	put32(1024, 16);
	put32(1028, 64);
	is_verdict(PTCHECK_WHOLE_DISK, PTCHECK_OTHER, PTCHECK_CERTAIN, 3);
	assert_string_equal(result.readings[0].name, "md");
}

static void thorough_finds_what_one_sector_hides(void **state)
{
	(void)state;
	begin();
	put_entry(0, 0, 0x83, 2048, 4096);
	put32(4096, 0xa92b4efc);
	put32(4100, 1);
	is_verdict(PTCHECK_TABLE, PTCHECK_DOS, PTCHECK_CERTAIN, 1);
	disk.disk.thorough = true;
	judge();
	assert_int_equal(result.verdict, PTCHECK_AMBIGUOUS);
	assert_string_equal(result.readings[1].name, "md");
	/* But not what lies in a partition. */
	begin();
	put_entry(0, 0, 0x83, 8, 4096);
	put32(4096, 0xa92b4efc);
	put32(4100, 1);
	disk.disk.thorough = true;
	judge();
	assert_int_equal(result.verdict, PTCHECK_TABLE);
}

/* --- what cannot be read */

static void a_first_sector_that_is_lost_leaves_the_rest(void **state)
{
	(void)state;
	begin();
	disk.lost_to = SECTOR;
	is_verdict(PTCHECK_UNREADABLE, PTCHECK_NONE, PTCHECK_LIKELY, 3);
	put_whole_gpt();
	disk.lost_to = SECTOR;
	judge();
	assert_int_equal(result.verdict, PTCHECK_TABLE);
	assert_int_equal(result.readings[0].kind, PTCHECK_GPT);
	assert_int_equal(result.confidence, PTCHECK_LIKELY);
}

static void nothing_is_empty_that_was_not_read(void **state)
{
	(void)state;
	begin();
	disk.lost_from = 32768;
	disk.lost_to = 33280;
	judge();
	assert_int_equal(result.verdict, PTCHECK_UNREADABLE);
}

/* Whatever is lost, no verdict is certain because of it that was not without. */
static void losing_a_sector_makes_nothing_certain(void **state)
{
	(void)state;
	for (unsigned int sector = 0; sector < 8; sector++)
		for (unsigned int what = 0; what < 3; what++) {
			if (what == 0)
				put_both();
			else if (what == 1)
				put_whole_gpt();
			else
				begin();
			if (what == 0)
				put_life(0);
			disk.lost_from = sector * SECTOR;
			disk.lost_to = disk.lost_from + SECTOR;
			judge();
			if (what == 0)
				assert_int_not_equal(result.verdict, PTCHECK_WHOLE_DISK);
			if (what == 2)
				assert_int_not_equal(result.verdict, PTCHECK_EMPTY);
		}
}

static void sizes_have_all_of_64_bits(void **state)
{
	static const __u64 sizes[] = { ~0ULL, ~0ULL - 511, ~0ULL - 4095, 1ULL << 63, 1, 511, 512, 513, 1024, 4096, 8192, 16384 };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		for (unsigned int thorough = 0; thorough < 2; thorough++) {
			put_whole_gpt();
			disk.disk.size = sizes[i];
			disk.disk.thorough = thorough;
			judge();
			put_both();
			disk.disk.size = sizes[i];
			disk.disk.thorough = thorough;
			judge();
			image_list(&disk, PTCHECK_DOS, &table);
			image_list(&disk, PTCHECK_GPT, &table);
		}
	image_forget(&disk);
}

/* --- lists */

static void logical_partitions_are_a_chain(void **state)
{
	(void)state;
	begin();
	put_entry(0, 0, 0x83, 100, 50);
	put_entry(0, 1, 0x0f, 200, 200);
	put_entry(200 * SECTOR, 0, 0x83, 2, 48);
	put_entry(200 * SECTOR, 1, 0x05, 50, 50);
	put_entry(250 * SECTOR, 0, 0x82, 2, 20);
	image_list(&disk, PTCHECK_DOS, &table);
	assert_null(table.fault);
	assert_int_equal(table.count, 4);
	assert_int_equal(table.partitions[1].flags, PTCHECK_EXTENDED);
	assert_int_equal(table.partitions[2].number, 5);
	assert_int_equal(table.partitions[2].start, 202 * SECTOR);
	assert_int_equal(table.partitions[2].flags, PTCHECK_LOGICAL);
	assert_int_equal(table.partitions[3].number, 6);
	assert_int_equal(table.partitions[3].start, 252 * SECTOR);
	assert_int_equal(table.partitions[3].size, 20 * SECTOR);
	/* The first of them reaches over the table of the second. */
	put_entry(200 * SECTOR, 0, 0x83, 2, 49);
	image_forget(&disk);
	image_list(&disk, PTCHECK_DOS, &table);
	assert_int_equal(table.partitions[2].flags, PTCHECK_LOGICAL | PTCHECK_HOLDS_LINK);
}

static void a_chain_that_comes_back_ends(void **state)
{
	(void)state;
	begin();
	put_entry(0, 0, 0x05, 200, 200);
	put_entry(200 * SECTOR, 0, 0x83, 2, 48);
	put_entry(200 * SECTOR, 1, 0x05, 50, 50);
	put_entry(250 * SECTOR, 0, 0x83, 2, 20);
	put_entry(250 * SECTOR, 1, 0x05, 0, 50);
	image_list(&disk, PTCHECK_DOS, &table);
	assert_non_null(table.fault);
	assert_int_equal(table.count, 3);
	/* Into what is not there. */
	put_entry(250 * SECTOR, 1, 0x05, 0xffffffff, 50);
	image_forget(&disk);
	image_list(&disk, PTCHECK_DOS, &table);
	assert_non_null(table.fault);
	assert_int_equal(table.count, 3);
}

/* Each link points to the next sector, further than the kernel counts. */
static void a_chain_without_an_end_ends(void **state)
{
	(void)state;
	begin();
	put_entry(0, 0, 0x05, 100, SECTORS - 100);
	for (__u32 i = 100; i < 500; i++)
		put_entry((size_t)i * SECTOR, 1, 0x05, i - 99, 1);
	image_list(&disk, PTCHECK_DOS, &table);
	assert_non_null(table.fault);
	begin();
	put_entry(0, 0, 0x05, 100, SECTORS - 100);
	for (__u32 i = 100; i < 500; i++) {
		put_entry((size_t)i * SECTOR, 0, 0x83, 1000, 1);
		put_entry((size_t)i * SECTOR, 1, 0x05, i - 99, 1);
	}
	image_list(&disk, PTCHECK_DOS, &table);
	assert_non_null(table.fault);
	assert_int_equal(table.count, 1 + 251);
}

static void overlaps_are_marked(void **state)
{
	(void)state;
	begin();
	put_entry(0, 0, 0x83, 100, 50);
	put_entry(0, 1, 0x83, 149, 50);
	put_entry(0, 2, 0x83, 199, 0xffffffff);
	image_list(&disk, PTCHECK_DOS, &table);
	assert_int_equal(table.partitions[0].flags, PTCHECK_OVERLAPS);
	assert_int_equal(table.partitions[1].flags, PTCHECK_OVERLAPS);
	assert_int_equal(table.partitions[2].flags, PTCHECK_OUTSIDE);
}

static void names_of_a_gpt_are_utf_8(void **state)
{
	(void)state;
	put_whole_gpt();
	judge();
	image_list(&disk, PTCHECK_GPT, &table);
	assert_int_equal(table.count, 1);
	assert_string_equal(table.partitions[0].type, "0fc63daf-8483-4772-8e79-3d69d8477de4");
	assert_string_equal(table.partitions[0].uuid, "07070707-0707-0707-0707-070707070707");
	/* A pair, a letter, half a pair, a letter. */
	assert_string_equal(table.partitions[0].name, "\xf0\x9f\x98\x80""A\xef\xbf\xbd\xc3\xa9");
	assert_int_equal(table.partitions[0].start, 2048 * SECTOR);
	assert_int_equal(table.partitions[0].size, 2048 * SECTOR);
}

static void an_entry_that_changed_is_not_listed(void **state)
{
	(void)state;
	put_whole_gpt();
	bytes[1064]++;
	judge();
	image_list(&disk, PTCHECK_GPT, &table);
	assert_int_equal(table.count, 0);
	assert_non_null(table.fault);
}

/* --- any bytes */

/* Real structures with a few bytes of them changed; what must hold is in image.c. */
static void changed_bytes_break_nothing(void **state)
{
	unsigned int seed = 20261129;

	(void)state;
	for (unsigned int i = 0; i < 20000; i++) {
		switch (i % 3) {
		case 0:
			put_both();
			put_life(0);
			break;
		case 1:
			put_whole_gpt();
			break;
		default:
			begin();
			put_entry(0, 1, 0x0f, 200, 200);
			put_entry(200 * SECTOR, 0, 0x83, 2, 48);
			put_entry(200 * SECTOR, 1, 0x05, 50, 50);
		}
		for (unsigned int k = 0; k < 3; k++)
			bytes[(unsigned int)rand_r(&seed) % 1536] ^= (__u8)(1 << (rand_r(&seed) % 8));
		judge();
		image_list(&disk, i % 3 == 1 ? PTCHECK_GPT : PTCHECK_DOS, &table);
	}
	image_forget(&disk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sane_table_needs_one_sector),
		cmocka_unit_test(a_doubtful_table_is_likely),
		cmocka_unit_test(entries_that_touch_do_not_overlap),
		cmocka_unit_test(no_signature_or_no_indicator_is_no_table),
		cmocka_unit_test(an_empty_table_is_one),
		cmocka_unit_test(a_fat_without_entries_needs_one_sector),
		cmocka_unit_test(each_field_of_a_fat_counts),
		cmocka_unit_test(the_kind_of_fat_is_its_clusters),
		cmocka_unit_test(a_dead_fat_leaves_the_table),
		cmocka_unit_test(a_living_fat_and_a_table_are_ambiguous),
		cmocka_unit_test(what_begins_in_the_partition_decides),
		cmocka_unit_test(a_partition_within_living_fats_is_ambiguous),
		cmocka_unit_test(the_copy_of_a_boot_sector_says_which_is_newer),
		cmocka_unit_test(the_checksum_of_an_exfat_decides),
		cmocka_unit_test(two_faults_of_the_entries_leave_it_open),
		cmocka_unit_test(a_volume_in_the_first_sector_is_seen),
		cmocka_unit_test(an_aix_volume_is_no_table),
		cmocka_unit_test(a_gpt_needs_its_header),
		cmocka_unit_test(each_byte_of_a_header_counts),
		cmocka_unit_test(a_gpt_has_its_entries_on_the_disk),
		cmocka_unit_test(other_entries_without_a_gpt),
		cmocka_unit_test(the_copy_at_the_end_is_used),
		cmocka_unit_test(a_gpt_without_a_protective_entry_is_likely),
		cmocka_unit_test(a_gpt_of_4096_is_found_in_an_image),
		cmocka_unit_test(empty_is_all_that_was_read),
		cmocka_unit_test(a_member_of_an_array_wins_over_what_it_contains),
		cmocka_unit_test(thorough_finds_what_one_sector_hides),
		cmocka_unit_test(a_first_sector_that_is_lost_leaves_the_rest),
		cmocka_unit_test(nothing_is_empty_that_was_not_read),
		cmocka_unit_test(losing_a_sector_makes_nothing_certain),
		cmocka_unit_test(sizes_have_all_of_64_bits),
		cmocka_unit_test(logical_partitions_are_a_chain),
		cmocka_unit_test(a_chain_that_comes_back_ends),
		cmocka_unit_test(a_chain_without_an_end_ends),
		cmocka_unit_test(overlaps_are_marked),
		cmocka_unit_test(names_of_a_gpt_are_utf_8),
		cmocka_unit_test(an_entry_that_changed_is_not_listed),
		cmocka_unit_test(changed_bytes_break_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
