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

static void put32be(size_t at, __u32 number)
{
	put32(at, __builtin_bswap32(number));
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

/* After a change of the header. */
static void seal_gpt(size_t at)
{
	put32(at + 16, 0);
	put32(at + 16, (__u32)crc32(0, bytes + at, 92));
}

static void put_ext(void)
{
	put16(1080, 0xef53);
	put32(1024, 16);
	put32(1028, 64);
}

/* Of version 1: version 0 is 0.90. */
static void put_md(size_t at, __u32 version)
{
	put32(at, 0xa92b4efc);
	put32(at + 4, version);
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

static void an_active_partition_is_one(void **state)
{
	(void)state;
	begin();
	put_entry(0, 0, 0x83, 2048, 4096);
	bytes[446] = 0x80;
	is_verdict(PTCHECK_TABLE, PTCHECK_DOS, PTCHECK_CERTAIN, 1);
	image_list(&disk, PTCHECK_DOS, &table);
	assert_int_equal(table.partitions[0].flags, PTCHECK_ACTIVE);
}

static void nothing_is_certain_of_an_unknown_size(void **state)
{
	(void)state;
	begin();
	put_entry(0, 0, 0x83, 2048, 4096);
	disk.disk.size = 0;
	is_verdict(PTCHECK_TABLE, PTCHECK_DOS, PTCHECK_LIKELY, 1);
	assert_int_equal(outcome(PTCHECK_DOS, "entries-within-disk"), PTCHECK_NOT_READ);
}

static void a_sector_size_that_cannot_be_is_unknown(void **state)
{
	static const __u32 sizes[] = { 0, 256, 768, 8192 };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		begin();
		put_entry(0, 0, 0x83, 2048, 4096);
		disk.disk.sector_size = sizes[i];
		is_verdict(PTCHECK_TABLE, PTCHECK_DOS, PTCHECK_CERTAIN, 1);
		assert_int_equal(result.sector_size, SECTOR);
	}
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
	/* Something that is not known lies behind it. */
	bytes[40000] = 1;
	image_forget(&disk);
	is_verdict(PTCHECK_TABLE, PTCHECK_DOS, PTCHECK_LIKELY, 3);
	begin();
	sign(0);
	put_ext();
	is_verdict(PTCHECK_WHOLE_DISK, PTCHECK_OTHER, PTCHECK_CERTAIN, 3);
	assert_string_equal(result.readings[0].name, "ext");
	/* One entry of the whole disk says no more. */
	put_entry(0, 0, 0x83, 0, SECTORS);
	image_forget(&disk);
	is_verdict(PTCHECK_WHOLE_DISK, PTCHECK_OTHER, PTCHECK_CERTAIN, 3);
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
	/* And what mformat writes, of whole cylinders. */
	put_entry(0, 0, 0x0e, 0, SECTORS - 1000);
	image_forget(&disk);
	is_verdict(PTCHECK_WHOLE_DISK, PTCHECK_FAT16, PTCHECK_CERTAIN, 1);
	put_entry(0, 1, 0x0e, 2048, 2048);
	image_forget(&disk);
	is_verdict(PTCHECK_TABLE, PTCHECK_DOS, PTCHECK_LIKELY, 2);
}

static void fats_of_all_formatters_pass(void **state)
{
	/* A long jump, one FAT, few root entries, a removable disk. */
	static const struct {
		size_t at;
		unsigned int number;
	} cases[] = { { 0, 0x3ce9 }, { 16, 0x0001 }, { 17, 16 }, { 21, 0x80f0 } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		begin();
		put_fat(0, SECTORS, 0);
		put16(cases[i].at, cases[i].number);
		is_verdict(PTCHECK_WHOLE_DISK, PTCHECK_FAT16, PTCHECK_CERTAIN, 1);
	}
	begin();
	disk.disk.sector_size = 4096;
	put_fat(0, SECTORS / 8, 0);
	put16(11, 4096);
	is_verdict(PTCHECK_WHOLE_DISK, PTCHECK_FAT12, PTCHECK_CERTAIN, 1);
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
	put_fat(0, 289 + 4 * 4085 - 1, 0);
	is_verdict(PTCHECK_WHOLE_DISK, PTCHECK_FAT12, PTCHECK_CERTAIN, 1);
	put_fat(0, 289 + 4 * 4085, 0);
	image_forget(&disk);
	is_verdict(PTCHECK_WHOLE_DISK, PTCHECK_FAT16, PTCHECK_CERTAIN, 1);
}

static void a_fat_has_room_for_its_clusters(void **state)
{
	static const struct {
		__u32 length, clusters;
		const char *check;
		enum ptcheck_outcome outcome;
	} cases[] = {
		{ 128, 32766, "fat-covers-clusters", PTCHECK_PASSED },
		{ 128, 32767, "fat-covers-clusters", PTCHECK_FAILED },
		{ 256, 65524, "clusters", PTCHECK_PASSED },
		{ 256, 65525, "clusters", PTCHECK_FAILED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		begin();
		disk.disk.size = 4ULL * DISK;
		put_fat(0, 33 + 2 * cases[i].length + 4 * cases[i].clusters, 0);
		put16(22, cases[i].length);
		judge();
		assert_int_equal(outcome(PTCHECK_FAT16, cases[i].check), cases[i].outcome);
	}
}

/* Its formatter's name is there, but nothing to count clusters with. */
static void a_fat_without_cluster_size_has_no_clusters(void **state)
{
	(void)state;
	begin();
	put_fat(0, SECTORS, 0);
	memcpy(bytes + 54, "FAT16   ", 8);
	bytes[13] = 0;
	judge();
	assert_int_equal(outcome(PTCHECK_FAT12, "clusters"), PTCHECK_FAILED);
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
	/* The first byte of a living one is that of the boot sector. */
	put_both();
	put_life(0);
	bytes[SECTOR] = 0xf0;
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

/* On the disk, not in the table; an extended one is none. */
static void the_first_partition_is_what_decides(void **state)
{
	(void)state;
	put_both();
	put_life(0);
	put_entry(0, 0, 0x83, 4096, 4096);
	put_entry(0, 1, 0x83, 480, 100);
	put_luks(480 * SECTOR);
	is_verdict(PTCHECK_TABLE, PTCHECK_DOS, PTCHECK_LIKELY, 3);
	put_entry(0, 1, 0x0f, 480, 100);
	image_forget(&disk);
	is_ambiguous(PTCHECK_DOS, PTCHECK_FAT16, 3);
	put_both();
	put_life(0);
	put_entry(0, 0, 0x0f, 480, 4096);
	is_ambiguous(PTCHECK_DOS, PTCHECK_FAT16, 2);
}

static void a_protective_entry_without_a_gpt_leaves_the_fat(void **state)
{
	(void)state;
	put_both();
	put_life(0);
	put_entry(0, 0, 0xee, 1, SECTORS - 1);
	is_verdict(PTCHECK_WHOLE_DISK, PTCHECK_FAT16, PTCHECK_CERTAIN, 3);
	assert_null(result.also);
	/* Other entries are somebody's. */
	put_entry(0, 1, 0x0c, 480, 4096);
	image_forget(&disk);
	judge();
	assert_int_equal(result.verdict, PTCHECK_AMBIGUOUS);
	assert_int_equal(result.readings[1].kind, PTCHECK_FAT16);
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
	/* All entries are compared. */
	put_fat32();
	put_entry(0, 0, 0x0c, 4096, 4096);
	memcpy(bytes + 6 * SECTOR, bytes, SECTOR);
	put_entry(0, 1, 0x0c, 8192, 4096);
	is_verdict(PTCHECK_TABLE, PTCHECK_DOS, PTCHECK_LIKELY, 2);
}

static void a_copy_lies_in_front_of_the_fats(void **state)
{
	(void)state;
	put_fat32();
	put16(50, 32);
	put_entry(0, 0, 0x0c, 480, 4096);
	put_luks(480 * SECTOR);
	is_verdict(PTCHECK_TABLE, PTCHECK_DOS, PTCHECK_LIKELY, 3);
	/* Far in front of them it needs a read of its own. */
	put_fat32();
	put16(14, 16384);
	put_entry(0, 0, 0x0c, 480, 4096);
	is_verdict(PTCHECK_TABLE, PTCHECK_DOS, PTCHECK_CERTAIN, 2);
}

/* An NTFS and a table; the MFT is in the fourth cluster of 8 sectors, the copy of the boot sector behind the end. */
static void put_ntfs(void)
{
	begin();
	disk.disk.size = BYTES;
	memcpy(bytes, "\xeb\x52\x90NTFS    ", 11);
	put16(11, SECTOR);
	bytes[13] = 8;
	bytes[21] = 0xf8;
	put64(40, BYTES / SECTOR - 1);
	put64(48, 4);
	put64(56, 2);
	put_entry(0, 0, 0x07, 256, 128);
	memcpy(bytes + 32 * SECTOR, "FILE", 4);
}

static void put_copy_of_ntfs(void)
{
	memcpy(bytes + BYTES - SECTOR, bytes, SECTOR);
}

static void the_copy_of_an_ntfs_is_at_its_end(void **state)
{
	(void)state;
	put_ntfs();
	put_copy_of_ntfs();
	is_verdict(PTCHECK_WHOLE_DISK, PTCHECK_NTFS, PTCHECK_CERTAIN, 3);
	put_ntfs();
	put_copy_of_ntfs();
	put_entry(0, 0, 0x07, 256, 127);
	is_verdict(PTCHECK_TABLE, PTCHECK_DOS, PTCHECK_LIKELY, 3);
	put_ntfs();
	bytes[32 * SECTOR] = 'B';
	is_verdict(PTCHECK_TABLE, PTCHECK_DOS, PTCHECK_CERTAIN, 2);
	/* What begins in the partition says nothing if there should be a copy. */
	put_ntfs();
	put_luks(256 * SECTOR);
	is_ambiguous(PTCHECK_DOS, PTCHECK_NTFS, 3);
}

static void clusters_of_an_ntfs(void **state)
{
	static const __u8 sizes[] = { 1, 128, 0xf9 };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes); i++) {
		put_ntfs();
		bytes[13] = sizes[i];
		put64(48, sizes[i] == 1 ? 128 : 1);
		memcpy(bytes + 128 * SECTOR, "FILE", 4);
		put_copy_of_ntfs();
		is_verdict(PTCHECK_WHOLE_DISK, PTCHECK_NTFS, PTCHECK_CERTAIN, 3);
	}
	/* The MFT lies where the file system has ended. */
	put_ntfs();
	put64(40, 504);
	put64(48, 63);
	judge();
	assert_int_equal(outcome(PTCHECK_NTFS, "mft"), PTCHECK_FAILED);
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
	/* It is mounted, and a percentage is in use. */
	put_exfat();
	bytes[106] = 2;
	bytes[112] = 50;
	is_verdict(PTCHECK_WHOLE_DISK, PTCHECK_EXFAT, PTCHECK_CERTAIN, 2);
	put_exfat();
	put32(80, 200);
	judge();
	assert_int_equal(outcome(PTCHECK_EXFAT, "fat"), PTCHECK_FAILED);
}

static void two_faults_of_the_entries_leave_it_open(void **state)
{
	(void)state;
	begin();
	put_entry(0, 0, 0x83, 2048, 0xffffffff);
	put_entry(0, 1, 0x83, 4096, 0xffffffff);
	is_ambiguous(PTCHECK_DOS, PTCHECK_NONE, 3);
	begin();
	put_entry(0, 0, 0x83, 4096, 4096);
	put_entry(0, 1, 0x83, 2048, 0xffffffff);
	is_ambiguous(PTCHECK_DOS, PTCHECK_NONE, 3);
}

/* Its checksum would tell, but a table that is sane is one. */
static void a_table_over_an_xfs_is_likely(void **state)
{
	(void)state;
	begin();
	memcpy(bytes, "XFSB\0\0\x10\0", 8);
	put_entry(0, 0, 0x83, 2048, 2048);
	is_verdict(PTCHECK_TABLE, PTCHECK_DOS, PTCHECK_LIKELY, 1);
}

/* A place that no number of 64 bits has is outside, and not at the beginning. */
static void a_place_beyond_64_bits_is_outside(void **state)
{
	(void)state;
	begin();
	bytes[436] = bytes[438] = 0x80;
	put32(444, 0x00000002);
	put32(448, 0x00080000);
	bytes[508] = 0xda;
	bytes[509] = 0xbe;
	image_list(&disk, PTCHECK_SUN, &table);
	assert_int_equal(table.count, 1);
	assert_true(table.partitions[0].flags & PTCHECK_OUTSIDE);
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
	put_md(0, 1);
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
	assert_null(result.also);
	/* A hybrid is one, too. */
	put_whole_gpt();
	put_entry(0, 1, 0x0c, 2048, 2048);
	is_verdict(PTCHECK_TABLE, PTCHECK_GPT, PTCHECK_CERTAIN, 2);
	assert_non_null(result.also);
	assert_int_equal(outcome(PTCHECK_DOS, "entries-disjoint"), PTCHECK_PASSED);
	/* It needs no size of the disk. */
	disk.disk.size = 0;
	image_forget(&disk);
	is_verdict(PTCHECK_TABLE, PTCHECK_GPT, PTCHECK_CERTAIN, 2);
	/* What protects it begins behind the MBR. */
	put_whole_gpt();
	put_entry(0, 0, 0xee, 2048, 2048);
	judge();
	assert_int_equal(outcome(PTCHECK_DOS, "protective-entry"), PTCHECK_FAILED);
	/* Its entries count. */
	put_whole_gpt();
	bytes[1100] ^= 1;
	is_verdict(PTCHECK_TABLE, PTCHECK_GPT, PTCHECK_LIKELY, 2);
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

/* Of headers whose checksum is right. */
static void each_field_of_a_header_counts(void **state)
{
	static const struct {
		size_t at;
		__u64 number;
		const char *fails;
	} cases[] = {
		{ 24, 2, "own-place" },
		{ 40, SECTORS - 33, "usable-within-disk" },
		{ 48, SECTORS, "usable-within-disk" },
		{ 72, SECTORS - 31, "entry-array" },
		{ 80, 192ULL << 32 | 128, "entry-array" },
		{ 80, 128ULL << 32 | 32768, "entry-array" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		put_whole_gpt();
		put64(SECTOR + cases[i].at, cases[i].number);
		seal_gpt(SECTOR);
		judge();
		assert_int_equal(outcome(PTCHECK_GPT, "header-crc"), PTCHECK_PASSED);
		assert_int_equal(outcome(PTCHECK_GPT, cases[i].fails), PTCHECK_FAILED);
		assert_int_equal(result.confidence, PTCHECK_LIKELY);
	}
}

/* Entries beside the one of a GPT that is not there: the kernel makes no partitions of them. */
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

/* A disk as large as the bytes, so that they have its end. */
static void put_gpt_twice(void)
{
	put_whole_gpt();
	disk.disk.size = BYTES;
	put_gpt(BYTES / SECTOR - 1, 1, BYTES - SECTOR, 2 * SECTOR);
	put64(BYTES - SECTOR + 48, BYTES / SECTOR - 34);
	seal_gpt(BYTES - SECTOR);
	put64(SECTOR + 48, BYTES / SECTOR - 34);
	seal_gpt(SECTOR);
}

static void the_copy_at_the_end_is_used(void **state)
{
	(void)state;
	put_gpt_twice();
	/* An image that does not end with a sector. */
	disk.disk.size += 100;
	bytes[SECTOR] = 'x';
	is_verdict(PTCHECK_TABLE, PTCHECK_GPT, PTCHECK_LIKELY, 3);
	assert_non_null(result.also);
	image_list(&disk, PTCHECK_GPT, &table);
	assert_int_equal(table.count, 1);
	assert_non_null(table.also);
}

static void thorough_looks_at_all_of_a_gpt(void **state)
{
	static const size_t places[] = { 1100, BYTES - SECTOR, BYTES - SECTOR + 24 };

	(void)state;
	put_gpt_twice();
	disk.disk.thorough = true;
	is_verdict(PTCHECK_TABLE, PTCHECK_GPT, PTCHECK_CERTAIN, 3);
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		put_gpt_twice();
		disk.disk.thorough = true;
		bytes[places[i]] ^= 1;
		is_verdict(PTCHECK_TABLE, PTCHECK_GPT, PTCHECK_LIKELY, 3);
	}
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
	seal_gpt(4096);
	is_verdict(PTCHECK_TABLE, PTCHECK_GPT, PTCHECK_CERTAIN, 2);
	assert_int_equal(result.sector_size, 4096);
}

/* --- tables of other systems */

static void put_sun(void)
{
	__u16 sum = 0;

	begin();
	put32be(188, 0x600ddeee);
	bytes[143] = 4;
	bytes[151] = 5;
	put32be(436, 16 << 16 | 63);
	put32be(444, 1);
	put32be(448, 1008);
	put32be(464, SECTORS);
	put16(508, 0xbeda);
	for (size_t i = 0; i < 510; i += 2)
		sum ^= (__u16)(bytes[i] | bytes[i + 1] << 8);
	put16(510, sum);
}

static void the_label_of_a_sun(void **state)
{
	(void)state;
	put_sun();
	is_verdict(PTCHECK_TABLE, PTCHECK_SUN, PTCHECK_CERTAIN, 1);
	image_list(&disk, PTCHECK_SUN, &table);
	assert_int_equal(table.count, 2);
	assert_int_equal(table.partitions[0].start, 16 * 63 * SECTOR);
	assert_int_equal(table.partitions[0].size, 1008 * SECTOR);
	assert_int_equal(table.partitions[0].flags, 0);
	assert_int_equal(table.partitions[1].number, 3);
	assert_int_equal(table.partitions[1].flags, PTCHECK_WHOLE);
	put_sun();
	bytes[0] = 1;
	is_verdict(PTCHECK_UNKNOWN, PTCHECK_NONE, PTCHECK_CERTAIN, 3);
}

static void put_sgi_entry(unsigned int slot, __u32 first, __u32 sectors, __u32 type)
{
	put32be(312 + 12 * slot, sectors);
	put32be(316 + 12 * slot, first);
	put32be(320 + 12 * slot, type);
}

static void put_sgi(void)
{
	__u32 sum = 0, number;

	begin();
	put32be(0, 0x0be5a941);
	put_sgi_entry(0, 5000, 1000, 10);
	put_sgi_entry(8, 0, 4096, 0);
	put_sgi_entry(10, 0, SECTORS, 6);
	for (size_t i = 0; i < 512; i += 4) {
		memcpy(&number, bytes + i, 4);
		sum += be32toh(number);
	}
	put32be(504, -sum);
}

static void the_header_of_an_sgi(void **state)
{
	(void)state;
	put_sgi();
	is_verdict(PTCHECK_TABLE, PTCHECK_SGI, PTCHECK_CERTAIN, 1);
	image_list(&disk, PTCHECK_SGI, &table);
	assert_int_equal(table.count, 3);
	assert_int_equal(table.partitions[0].start, 5000 * SECTOR);
	assert_int_equal(table.partitions[0].flags, 0);
	assert_int_equal(table.partitions[1].number, 9);
	assert_int_equal(table.partitions[1].flags, PTCHECK_WHOLE);
	assert_int_equal(table.partitions[2].flags, PTCHECK_WHOLE);
	put_sgi();
	bytes[4] = 1;
	is_verdict(PTCHECK_UNKNOWN, PTCHECK_NONE, PTCHECK_CERTAIN, 3);
}

/* The second slice begins behind the first; the third is the disk, unused. */
static void put_bsd(size_t at, unsigned int slices)
{
	__u16 sum = 0;

	begin();
	put32(at, 0x82564557);
	put32(at + 132, 0x82564557);
	put16(at + 138, slices);
	put32(at + 148, 1000);
	put32(at + 152, 16);
	bytes[at + 160] = 7;
	put32(at + 164, 500);
	put32(at + 168, 1016);
	bytes[at + 176] = 1;
	put32(at + 180, SECTORS);
	for (size_t i = at; i < at + 148 + 16 * slices; i += 2)
		sum ^= (__u16)(bytes[i] | bytes[i + 1] << 8);
	put16(at + 136, sum);
}

static void the_label_of_a_bsd(void **state)
{
	(void)state;
	put_bsd(512, 22);
	is_verdict(PTCHECK_TABLE, PTCHECK_BSD, PTCHECK_CERTAIN, 2);
	image_list(&disk, PTCHECK_BSD, &table);
	assert_int_equal(table.count, 2);
	assert_int_equal(table.partitions[1].start, 1016 * SECTOR);
	assert_int_equal(table.partitions[1].size, 500 * SECTOR);
	put_bsd(64, 8);
	is_verdict(PTCHECK_TABLE, PTCHECK_BSD, PTCHECK_CERTAIN, 1);
	image_list(&disk, PTCHECK_BSD, &table);
	assert_int_equal(table.count, 2);
	/* It is the one that is listed if there are two. */
	memcpy(bytes + 512, bytes + 64, 148 + 8 * 16);
	bytes[512 + 176] = 0;
	image_forget(&disk);
	image_list(&disk, PTCHECK_BSD, &table);
	assert_int_equal(table.count, 2);
	put_bsd(512, 23);
	is_verdict(PTCHECK_UNKNOWN, PTCHECK_NONE, PTCHECK_CERTAIN, 3);
	/* As parted sums it. */
	put_bsd(512, 8);
	bytes[512 + 136] ^= 1;
	is_verdict(PTCHECK_TABLE, PTCHECK_BSD, PTCHECK_LIKELY, 2);
}

static void put_mac(__u32 entries)
{
	begin();
	memcpy(bytes, "ER\2\0", 4);
	for (size_t at = 512; at <= 1024; at += 512) {
		memcpy(bytes + at, "PM", 2);
		put32be(at + 4, entries);
		put32be(at + 8, at == 512 ? 1 : 64);
		put32be(at + 12, at == 512 ? 63 : 1000);
		memcpy(bytes + at + 48, at == 512 ? "Apple_partition_map" : "Apple_HFS", 9);
	}
}

static void the_map_of_an_apple(void **state)
{
	(void)state;
	put_mac(2);
	is_verdict(PTCHECK_TABLE, PTCHECK_MAC, PTCHECK_CERTAIN, 2);
	image_list(&disk, PTCHECK_MAC, &table);
	assert_null(table.fault);
	assert_int_equal(table.count, 2);
	assert_int_equal(table.partitions[1].start, 64 * SECTOR);
	assert_string_equal(table.partitions[1].type, "Apple_HFS");
	put_mac(0);
	is_verdict(PTCHECK_UNKNOWN, PTCHECK_NONE, PTCHECK_CERTAIN, 3);
	put_mac(257);
	is_verdict(PTCHECK_UNKNOWN, PTCHECK_NONE, PTCHECK_CERTAIN, 3);
}

/* In the last place where it may be. */
static void put_amiga(__u32 count)
{
	const size_t at = 15 * SECTOR, part = 17 * SECTOR;

	begin();
	memcpy(bytes + at, "RDSK", 4);
	put32be(at + 4, count);
	put32be(at + 16, 512);
	put32be(at + 28, 17);
	put32be(at + 8, -(0x5244534b + count + 512 + 17));
	memcpy(bytes + part, "PART", 4);
	put32be(part + 16, 0xffffffff);
	put32be(part + 140, 2);
	put32be(part + 148, 32);
	put32be(part + 164, 10);
	put32be(part + 168, 19);
}

static void the_rigid_disk_block_of_an_amiga(void **state)
{
	(void)state;
	put_amiga(64);
	is_verdict(PTCHECK_TABLE, PTCHECK_AMIGA, PTCHECK_CERTAIN, 2);
	image_list(&disk, PTCHECK_AMIGA, &table);
	assert_null(table.fault);
	assert_int_equal(table.count, 1);
	assert_int_equal(table.partitions[0].start, 640 * SECTOR);
	assert_int_equal(table.partitions[0].size, 640 * SECTOR);
	/* Backwards, and further than a number counts. */
	put_amiga(64);
	put32be(17 * SECTOR + 168, 8);
	image_list(&disk, PTCHECK_AMIGA, &table);
	assert_int_equal(table.partitions[0].flags, PTCHECK_OUTSIDE);
	assert_int_equal(table.partitions[0].size, 0);
	put_amiga(64);
	put32be(17 * SECTOR + 140, 1U << 31);
	put32be(17 * SECTOR + 148, 1U << 29);
	image_list(&disk, PTCHECK_AMIGA, &table);
	assert_int_equal(table.partitions[0].flags, PTCHECK_OUTSIDE);
	put_amiga(0x7fffffff);
	is_verdict(PTCHECK_UNKNOWN, PTCHECK_NONE, PTCHECK_CERTAIN, 3);
	put_amiga(64);
	bytes[17 * SECTOR] = 'F';
	image_list(&disk, PTCHECK_AMIGA, &table);
	assert_non_null(table.fault);
	assert_int_equal(table.count, 0);
}

static void the_volume_label_of_a_dasd(void **state)
{
	(void)state;
	for (size_t at = 1024; at <= 8192; at *= 2) {
		begin();
		memcpy(bytes + at, "\xe5\xd6\xd3\xf1\xe5\xd6\xd3\xf1", 8);
		is_verdict(PTCHECK_TABLE, PTCHECK_DASD, PTCHECK_CERTAIN, 2);
		image_list(&disk, PTCHECK_DASD, &table);
		assert_non_null(table.fault);
	}
}

static void put_atari(const char *second)
{
	begin();
	put32be(0x1c2, SECTORS);
	memcpy(bytes + 0x1c6, "\1GEM", 4);
	put32be(0x1ca, 2048);
	put32be(0x1ce, SECTORS - 2048);
	memcpy(bytes + 0x1d2, second, 4);
}

static void the_table_of_an_atari(void **state)
{
	(void)state;
	put_atari("\0\0\0\0");
	is_verdict(PTCHECK_TABLE, PTCHECK_ATARI, PTCHECK_LIKELY, 3);
	image_list(&disk, PTCHECK_ATARI, &table);
	assert_int_equal(table.count, 1);
	assert_string_equal(table.partitions[0].type, "GEM");
	put_atari("\1G M");
	is_verdict(PTCHECK_UNKNOWN, PTCHECK_NONE, PTCHECK_CERTAIN, 3);
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
	put_md(at, 1);
	put_ext();
	is_verdict(PTCHECK_WHOLE_DISK, PTCHECK_OTHER, PTCHECK_CERTAIN, 3);
	assert_string_equal(result.readings[0].name, "md");
}

/* Of a disk that ends within what their places are rounded to. */
static void what_lies_at_the_end_is_found(void **state)
{
	static const struct {
		size_t at;
		__u32 first, second;
		const char *name;
	} cases[] = {
		{ 0x20000, 0xa92b4efc, 0, "md" },
		{ 0x20000, 0xfc4e2ba9, 0, "md" },
		{ 488 * SECTOR, 0xa92b4efc, 1, "md" },
		{ 508 * SECTOR, 0xde11de11, 0, "BIOS-RAID" },
		{ 508 * SECTOR, 0x11de11de, 0, "BIOS-RAID" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		begin();
		disk.disk.size = BYTES - 3 * SECTOR;
		put32(cases[i].at, cases[i].first);
		put32(cases[i].at + 4, cases[i].second);
		is_verdict(PTCHECK_WHOLE_DISK, PTCHECK_OTHER, PTCHECK_CERTAIN, 3);
		assert_string_equal(result.readings[0].name, cases[i].name);
	}
}

/* A volume at the beginning does not contain what lies beside its superblock. */
static void two_signatures_leave_it_open(void **state)
{
	(void)state;
	begin();
	put_md(4096, 1);
	put_ext();
	is_ambiguous(PTCHECK_OTHER, PTCHECK_OTHER, 3);
	assert_string_equal(result.readings[0].name, "md");
	assert_string_equal(result.readings[1].name, "ext");
	/* But not two of one file system. */
	begin();
	memcpy(bytes + 34817, "NSR0", 4);
	memcpy(bytes + 36865, "NSR0", 4);
	is_verdict(PTCHECK_WHOLE_DISK, PTCHECK_OTHER, PTCHECK_CERTAIN, 3);
}

static void blocks_of_an_ext_are_at_most_64k(void **state)
{
	(void)state;
	begin();
	put_ext();
	put32(1048, 6);
	is_verdict(PTCHECK_WHOLE_DISK, PTCHECK_OTHER, PTCHECK_CERTAIN, 3);
	put32(1048, 7);
	image_forget(&disk);
	is_verdict(PTCHECK_UNKNOWN, PTCHECK_NONE, PTCHECK_CERTAIN, 3);
}

static void thorough_finds_what_one_sector_hides(void **state)
{
	(void)state;
	begin();
	put_entry(0, 0, 0x83, 2048, 4096);
	put_md(4096, 1);
	is_verdict(PTCHECK_TABLE, PTCHECK_DOS, PTCHECK_CERTAIN, 1);
	disk.disk.thorough = true;
	judge();
	assert_int_equal(result.verdict, PTCHECK_AMBIGUOUS);
	assert_string_equal(result.readings[1].name, "md");
	/* But not what lies in a partition. */
	begin();
	put_entry(0, 0, 0x83, 8, 4096);
	put_md(4096, 1);
	disk.disk.thorough = true;
	judge();
	assert_int_equal(result.verdict, PTCHECK_TABLE);
	/* Right behind one. */
	put_entry(0, 0, 0x83, 1, 7);
	image_forget(&disk);
	judge();
	assert_int_equal(result.verdict, PTCHECK_AMBIGUOUS);
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

static void what_is_lost_in_part_is_not_wanted(void **state)
{
	const struct ptcheck_block blocks[] = { { 0, SECTOR, 0, bytes }, { 2 * SECTOR, SECTOR, -EIO, NULL } };

	(void)state;
	begin();
	assert_int_equal(ptcheck_judge(&result, &disk.disk, blocks, 2), 1);
	assert_int_equal(result.verdict, PTCHECK_UNREADABLE);
	assert_int_equal(result.wanted.offset, DISK - 132 * 1024);
	/* One sector does not make a disk empty. */
	assert_int_equal(ptcheck_judge(&result, &disk.disk, blocks, 1), 1);
	assert_int_equal(result.verdict, PTCHECK_UNKNOWN);
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

/* OS/2 uses the last two entries of a link, others leave something there; of two links the first counts. */
static void a_link_has_four_entries(void **state)
{
	(void)state;
	begin();
	put_entry(0, 0, 0x05, 200, 200);
	put_entry(200 * SECTOR, 0, 0x83, 2, 10);
	put_entry(200 * SECTOR, 1, 0x83, 1000, 10);
	put_entry(200 * SECTOR, 2, 0x83, 150, 50);
	put_entry(200 * SECTOR, 3, 0x83, 150, 51);
	image_list(&disk, PTCHECK_DOS, &table);
	assert_null(table.fault);
	assert_int_equal(table.count, 4);
	assert_int_equal(table.partitions[2].start, 1200 * SECTOR);
	assert_int_equal(table.partitions[3].size, 50 * SECTOR);
	put_entry(200 * SECTOR, 1, 0x05, 50, 50);
	put_entry(200 * SECTOR, 2, 0x05, 100, 50);
	put_entry(250 * SECTOR, 0, 0x83, 1, 20);
	put_entry(300 * SECTOR, 0, 0x83, 1, 30);
	image_forget(&disk);
	image_list(&disk, PTCHECK_DOS, &table);
	assert_int_equal(table.count, 3);
	assert_int_equal(table.partitions[2].size, 20 * SECTOR);
	/* A link needs a signature. */
	bytes[250 * SECTOR + 511] = 0;
	image_forget(&disk);
	image_list(&disk, PTCHECK_DOS, &table);
	assert_non_null(table.fault);
	assert_int_equal(table.count, 2);
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
	begin();
	put_entry(0, 0, 0x83, 100, 50);
	put_entry(0, 1, 0x83, 50, 50);
	image_list(&disk, PTCHECK_DOS, &table);
	assert_int_equal(table.partitions[0].flags | table.partitions[1].flags, 0);
}

/* An entry that ends before it begins has no place, and so overlaps none. */
static void an_entry_without_a_place_overlaps_none(void **state)
{
	(void)state;
	put_whole_gpt();
	memcpy(bytes + 1152, bytes + 1024, 128);
	put64(1024 + 32, 4096);
	put64(1152 + 32, 0);
	put_gpt(1, SECTORS - 1, SECTOR, 2 * SECTOR);
	image_list(&disk, PTCHECK_GPT, &table);
	assert_int_equal(table.count, 2);
	assert_int_equal(table.partitions[0].flags, PTCHECK_OUTSIDE);
	assert_int_equal(table.partitions[1].flags, 0);
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

static void names_of_a_gpt_have_all_lengths(void **state)
{
	static const __u16 units[] = { 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff };

	(void)state;
	put_whole_gpt();
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		put16(1080 + 2 * i, units[i]);
	put_gpt(1, SECTORS - 1, SECTOR, 2 * SECTOR);
	image_list(&disk, PTCHECK_GPT, &table);
	assert_string_equal(table.partitions[0].name,
		"\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf");
	/* All of its room, half a pair at the end, and what could be the other half behind it. */
	put_whole_gpt();
	memset(bytes + 1080, 1, 70);
	put32(1150, 0xdc00d83d);
	put_gpt(1, SECTORS - 1, SECTOR, 2 * SECTOR);
	image_list(&disk, PTCHECK_GPT, &table);
	assert_int_equal(table.count, 2);
	assert_int_equal(strlen(table.partitions[0].name), 35 * 2 + 3);
	assert_string_equal(table.partitions[0].name + 70, "\xef\xbf\xbd");
}

/* Fewer entries than a sector has. */
static void entries_of_a_gpt_are_read_in_whole_sectors(void **state)
{
	(void)state;
	put_whole_gpt();
	put32(SECTOR + 80, 3);
	put32(SECTOR + 88, (__u32)crc32(0, bytes + 2 * SECTOR, 3 * 128));
	seal_gpt(SECTOR);
	image_list(&disk, PTCHECK_GPT, &table);
	assert_null(table.fault);
	assert_int_equal(table.count, 1);
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
		cmocka_unit_test(an_active_partition_is_one),
		cmocka_unit_test(nothing_is_certain_of_an_unknown_size),
		cmocka_unit_test(a_sector_size_that_cannot_be_is_unknown),
		cmocka_unit_test(no_signature_or_no_indicator_is_no_table),
		cmocka_unit_test(an_empty_table_is_one),
		cmocka_unit_test(a_fat_without_entries_needs_one_sector),
		cmocka_unit_test(fats_of_all_formatters_pass),
		cmocka_unit_test(each_field_of_a_fat_counts),
		cmocka_unit_test(the_kind_of_fat_is_its_clusters),
		cmocka_unit_test(a_fat_has_room_for_its_clusters),
		cmocka_unit_test(a_fat_without_cluster_size_has_no_clusters),
		cmocka_unit_test(a_dead_fat_leaves_the_table),
		cmocka_unit_test(a_living_fat_and_a_table_are_ambiguous),
		cmocka_unit_test(what_begins_in_the_partition_decides),
		cmocka_unit_test(a_partition_within_living_fats_is_ambiguous),
		cmocka_unit_test(the_first_partition_is_what_decides),
		cmocka_unit_test(a_protective_entry_without_a_gpt_leaves_the_fat),
		cmocka_unit_test(the_copy_of_a_boot_sector_says_which_is_newer),
		cmocka_unit_test(a_copy_lies_in_front_of_the_fats),
		cmocka_unit_test(the_copy_of_an_ntfs_is_at_its_end),
		cmocka_unit_test(clusters_of_an_ntfs),
		cmocka_unit_test(the_checksum_of_an_exfat_decides),
		cmocka_unit_test(two_faults_of_the_entries_leave_it_open),
		cmocka_unit_test(a_table_over_an_xfs_is_likely),
		cmocka_unit_test(a_place_beyond_64_bits_is_outside),
		cmocka_unit_test(a_volume_in_the_first_sector_is_seen),
		cmocka_unit_test(an_aix_volume_is_no_table),
		cmocka_unit_test(a_gpt_needs_its_header),
		cmocka_unit_test(each_byte_of_a_header_counts),
		cmocka_unit_test(each_field_of_a_header_counts),
		cmocka_unit_test(other_entries_without_a_gpt),
		cmocka_unit_test(the_copy_at_the_end_is_used),
		cmocka_unit_test(thorough_looks_at_all_of_a_gpt),
		cmocka_unit_test(a_gpt_without_a_protective_entry_is_likely),
		cmocka_unit_test(a_gpt_of_4096_is_found_in_an_image),
		cmocka_unit_test(the_label_of_a_sun),
		cmocka_unit_test(the_header_of_an_sgi),
		cmocka_unit_test(the_label_of_a_bsd),
		cmocka_unit_test(the_map_of_an_apple),
		cmocka_unit_test(the_rigid_disk_block_of_an_amiga),
		cmocka_unit_test(the_volume_label_of_a_dasd),
		cmocka_unit_test(the_table_of_an_atari),
		cmocka_unit_test(empty_is_all_that_was_read),
		cmocka_unit_test(a_member_of_an_array_wins_over_what_it_contains),
		cmocka_unit_test(what_lies_at_the_end_is_found),
		cmocka_unit_test(two_signatures_leave_it_open),
		cmocka_unit_test(blocks_of_an_ext_are_at_most_64k),
		cmocka_unit_test(thorough_finds_what_one_sector_hides),
		cmocka_unit_test(a_first_sector_that_is_lost_leaves_the_rest),
		cmocka_unit_test(nothing_is_empty_that_was_not_read),
		cmocka_unit_test(what_is_lost_in_part_is_not_wanted),
		cmocka_unit_test(losing_a_sector_makes_nothing_certain),
		cmocka_unit_test(sizes_have_all_of_64_bits),
		cmocka_unit_test(logical_partitions_are_a_chain),
		cmocka_unit_test(a_link_has_four_entries),
		cmocka_unit_test(a_chain_that_comes_back_ends),
		cmocka_unit_test(a_chain_without_an_end_ends),
		cmocka_unit_test(overlaps_are_marked),
		cmocka_unit_test(an_entry_without_a_place_overlaps_none),
		cmocka_unit_test(names_of_a_gpt_are_utf_8),
		cmocka_unit_test(names_of_a_gpt_have_all_lengths),
		cmocka_unit_test(entries_of_a_gpt_are_read_in_whole_sectors),
		cmocka_unit_test(an_entry_that_changed_is_not_listed),
		cmocka_unit_test(changed_bytes_break_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
