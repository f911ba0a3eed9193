// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include "boot.h"
#include "bytes.h"

/* A boot sector that is being read. */
struct reader {
	struct judgement *judgement;
	const __u8 *sector;
	__u64 room;
	struct boot_sector boot;
	bool is_complete;
};

/* Notes a check, and that one failed. */
#define CHECK(reader, name, passed, offset, ...)                                                   \
	((reader)->is_complete &=                                                                  \
		note((reader)->judgement, (reader)->boot.kind, name, passed, offset, __VA_ARGS__))

static void check_size(struct reader *reader, __u64 sectors, __u32 sector_size, __u64 offset)
{
	bool fits = !__builtin_mul_overflow(sectors, (__u64)sector_size, &reader->boot.size);

	CHECK(reader, "size", sectors && fits && (!reader->room || reader->boot.size <= reader->room), offset,
		"%llu sectors of %u bytes%s", (unsigned long long)sectors, sector_size,
		!reader->room ? "" : fits && reader->boot.size <= reader->room ? ", within the disk" :
										 ", more than the disk has");
}

static void check_signature(struct reader *reader)
{
	CHECK(reader, "signature", has_boot_signature(reader->sector), 510, "%02x %02x",
		reader->sector[510], reader->sector[511]);
}

/* --- FAT */

struct fat {
	__u32 sector_size, cluster_sectors, reserved, fats, roots, length;
	__u64 sectors;
	bool is_32;
};

static struct fat fat_fields(const __u8 *sector)
{
	struct fat fat = {
		.sector_size = le16(sector + 11),
		.cluster_sectors = sector[13],
		.reserved = le16(sector + 14),
		.fats = sector[16],
		.roots = le16(sector + 17),
		.sectors = le16(sector + 19) ? le16(sector + 19) : le32(sector + 32),
		.length = le16(sector + 22),
	};

	if (!fat.length) {
		fat.is_32 = true;
		fat.length = le32(sector + 36);
	}
	return fat;
}

/* Where the clusters begin, in sectors. */
static __u64 fat_data_start(const struct fat *fat)
{
	return fat->reserved + (__u64)fat->fats * fat->length +
		(fat->sector_size ? ((__u64)fat->roots * 32 + fat->sector_size - 1) / fat->sector_size : 0);
}

static __u64 fat_clusters(const struct fat *fat)
{
	__u64 start = fat_data_start(fat);

	return fat->sectors > start && fat->cluster_sectors ? (fat->sectors - start) / fat->cluster_sectors : 0;
}

static enum ptcheck_kind fat_kind(const struct fat *fat)
{
	if (fat->is_32)
		return PTCHECK_FAT32;
	return fat_clusters(fat) < 4085 ? PTCHECK_FAT12 : PTCHECK_FAT16;
}

/* Whether a FAT has an entry for each cluster, and those two that stand for none. */
static bool fat_is_long_enough(const struct fat *fat, enum ptcheck_kind kind)
{
	__u64 half_bytes = kind == PTCHECK_FAT12 ? 3 : kind == PTCHECK_FAT16 ? 4 : 8;

	return (fat_clusters(fat) + 2) * half_bytes <= (__u64)fat->length * fat->sector_size * 2;
}

static void check_fat_clusters(struct reader *reader, const struct fat *fat)
{
	__u64 clusters = fat_clusters(fat);
	bool fits = reader->boot.kind == PTCHECK_FAT32 ? clusters < 0x0ffffff5 : clusters < 65525;

	CHECK(reader, "fat-length", fat->length, fat->is_32 ? 36 : 22, "%u sectors", fat->length);
	CHECK(reader, "root-entries", fat->is_32 ? !fat->roots : fat->roots && fat->sector_size && !(fat->roots * 32 % fat->sector_size), 17,
		"%u", fat->roots);
	CHECK(reader, "clusters", clusters && fits, 32, "%llu clusters behind sector %llu", (unsigned long long)clusters,
		(unsigned long long)fat_data_start(fat));
	CHECK(reader, "fat-covers-clusters", fat_is_long_enough(fat, reader->boot.kind), 22, "%u sectors for %llu clusters",
		fat->length, (unsigned long long)clusters);
}

static bool has_media(const __u8 *sector)
{
	return sector[21] == 0xf0 || sector[21] >= 0xf8;
}

/* By its fields, or by the name that formatters write, though no driver looks at it. */
static bool looks_like_fat(const struct fat *fat, const __u8 *sector)
{
	if (is_sector_size(fat->sector_size) && is_power_of_two(fat->cluster_sectors) && has_media(sector))
		return true;
	return !memcmp(sector + 54, "FAT1", 4) || !memcmp(sector + 82, "FAT32 ", 6);
}

/*
 * The jump at the beginning is what all formatters write and Linux does not look at; the other bytes are what its
 * driver and those of others go by.
 */
static void read_fat(struct reader *reader)
{
	const __u8 *sector = reader->sector;
	struct fat fat = fat_fields(sector);

	if (!looks_like_fat(&fat, sector))
		return;
	reader->boot.kind = fat_kind(&fat);
	CHECK(reader, "jump", (sector[0] == 0xeb && sector[2] == 0x90) || sector[0] == 0xe9 || !sector[0], 0,
		"%02x %02x %02x", sector[0], sector[1], sector[2]);
	CHECK(reader, "bytes-per-sector", is_sector_size(fat.sector_size), 11, "%u", fat.sector_size);
	CHECK(reader, "sectors-per-cluster", is_power_of_two(fat.cluster_sectors), 13, "%u", fat.cluster_sectors);
	CHECK(reader, "reserved-sectors", fat.reserved, 14, "%u", fat.reserved);
	CHECK(reader, "fats", fat.fats == 1 || fat.fats == 2, 16, "%u", fat.fats);
	CHECK(reader, "media", has_media(sector), 21, "%02x", sector[21]);
	check_size(reader, fat.sectors, fat.sector_size, 32);
	check_fat_clusters(reader, &fat);
	reader->boot.media = sector[21];
	reader->boot.sector_size = fat.sector_size;
	reader->boot.alive_offset = (__u64)fat.reserved * fat.sector_size;
	if (fat.is_32 && le16(sector + 50) && le16(sector + 50) < fat.reserved)
		reader->boot.copy_offset = (__u64)le16(sector + 50) * fat.sector_size;
}

/* --- NTFS and exFAT: their names are in place of the formatter's */

static void read_ntfs(struct reader *reader)
{
	const __u8 *sector = reader->sector;
	__u32 said = le16(sector + 11), cluster_sectors = sector[13];
	bool has_size = is_power_of_two(said) && said >= 256 && said <= 4096, fits;
	__u32 sector_size = has_size ? said : 512;
	__u64 cluster = le64(sector + 48), start = 0;

	/* More than 128 is the negative of a power of two. */
	if (cluster_sectors > 128)
		cluster_sectors = 1U << ((256 - cluster_sectors) & 31);
	reader->boot.kind = PTCHECK_NTFS;
	CHECK(reader, "name", true, 3, "NTFS");
	CHECK(reader, "bytes-per-sector", has_size, 11, "%u", said);
	CHECK(reader, "sectors-per-cluster", is_power_of_two(cluster_sectors), 13, "%u", cluster_sectors);
	CHECK(reader, "no-fat", is_filled(sector + 14, 7, 0) && !le16(sector + 22), 14, "reserved, FATs, root entries");
	check_size(reader, le64(sector + 40), sector_size, 40);
	fits = !__builtin_mul_overflow(cluster, (__u64)cluster_sectors * sector_size, &start) &&
		start < reader->boot.size;
	CHECK(reader, "mft", cluster && fits, 48, "cluster %llu", (unsigned long long)cluster);
	check_signature(reader);
	reader->boot.sector_size = sector_size;
	reader->boot.alive_offset = start;
	/* Behind the last of its sectors. */
	reader->boot.copy_offset = reader->boot.size;
}

static void read_exfat(struct reader *reader)
{
	const __u8 *sector = reader->sector;
	__u32 shift = sector[108], cluster_shift = sector[109], fat = le32(sector + 80), heap = le32(sector + 88);
	__u64 sectors = le64(sector + 72);
	bool has_size = shift >= 9 && shift <= 12;
	__u32 sector_size = has_size ? 1U << shift : 512;

	reader->boot.kind = PTCHECK_EXFAT;
	CHECK(reader, "name", true, 3, "EXFAT");
	CHECK(reader, "zeros", is_filled(sector + 11, 53, 0), 11, "bytes 11 to 63");
	CHECK(reader, "bytes-per-sector", has_size, 108, "2^%u", shift);
	CHECK(reader, "sectors-per-cluster", shift + cluster_shift <= 25, 109, "2^%u", cluster_shift);
	CHECK(reader, "fats", sector[110] == 1 || sector[110] == 2, 110, "%u", sector[110]);
	check_size(reader, sectors, sector_size, 72);
	CHECK(reader, "fat", fat >= 24 && fat < heap && heap < sectors, 80, "sector %u, clusters from %u", fat, heap);
	check_signature(reader);
	reader->boot.sector_size = sector_size;
}

struct boot_sector boot_read(struct judgement *judgement, const __u8 *sector, __u64 room)
{
	struct reader reader = {
		.judgement = judgement,
		.sector = sector,
		.room = room,
		.is_complete = true,
	};

	if (!memcmp(sector + 3, "NTFS    ", 8))
		read_ntfs(&reader);
	else if (!memcmp(sector + 3, "EXFAT   ", 8))
		read_exfat(&reader);
	else
		read_fat(&reader);
	if (reader.boot.kind)
		reader.boot.grade = reader.is_complete ? BOOT_COMPLETE : BOOT_PARTIAL;
	return reader.boot;
}

/* --- what a boot sector points to */

/* The first entry of a FAT repeats the media byte, and is one's otherwise. */
static bool is_first_entry(const __u8 *fat, enum ptcheck_kind kind, __u8 media)
{
	if (fat[0] != media || (fat[1] & 0x0f) != 0x0f)
		return false;
	if (kind == PTCHECK_FAT12)
		return true;
	return fat[1] == 0xff && (kind != PTCHECK_FAT32 || (fat[2] == 0xff && (fat[3] & 0x0f) == 0x0f));
}

static __u32 exfat_sum(__u32 sum, const __u8 *bytes, __u32 size)
{
	for (__u32 i = 0; i < size; i++)
		sum = (sum << 31 | sum >> 1) + bytes[i];
	return sum;
}

/* Of eleven sectors, but for three bytes of the first that change; the twelfth is full of it. */
static __u32 exfat_checksum(const __u8 *first, const __u8 *others, __u32 sector_size)
{
	__u32 sum = exfat_sum(0, first, 106);

	sum = exfat_sum(sum, first + 108, 4);
	sum = exfat_sum(sum, first + 113, sector_size - 113);
	return exfat_sum(sum, others, 10 * sector_size);
}

static enum boot_life exfat_life(struct judgement *judgement, const struct boot_sector *boot)
{
	__u32 size = boot->sector_size, sum;
	const __u8 *first = view_want(&judgement->view, 0, size), *others = view_want(&judgement->view, size, 11 * size);
	bool is_right;

	if (!first || !others) {
		note_not_read(judgement, PTCHECK_EXFAT, "boot-checksum", 11 * size);
		return BOOT_UNKNOWN;
	}
	sum = exfat_checksum(first, others, size);
	is_right = note(judgement, PTCHECK_EXFAT, "boot-checksum", le32(others + 10 * size) == sum, 11 * size, "%08x", sum);
	return is_right ? BOOT_ALIVE : BOOT_DEAD;
}

/* Whole sectors of the disk that have an offset and a copy of the boot sector near it: one read for both. */
static struct ptcheck_range life_range(const struct judgement *judgement, const struct boot_sector *boot)
{
	__u32 sector_size = view_sector_size(&judgement->view);
	__u64 begin = boot->alive_offset, end = boot->alive_offset + 4;

	if (boot->copy_offset && boot->copy_offset < begin && begin - boot->copy_offset <= 64 << 10)
		begin = boot->copy_offset;
	begin = begin / sector_size * sector_size;
	end = (end + sector_size - 1) / sector_size * sector_size;
	return (struct ptcheck_range){ begin, (__u32)(end - begin) };
}

enum boot_life boot_life(struct judgement *judgement, const struct boot_sector *boot)
{
	const char *name = boot->kind == PTCHECK_NTFS ? "mft-record" : "fat-entry-0";
	struct ptcheck_range range = life_range(judgement, boot);
	const __u8 *bytes;
	bool is_alive;

	if (boot->kind == PTCHECK_EXFAT)
		return exfat_life(judgement, boot);
	view_want(&judgement->view, range.offset, range.size);
	bytes = view_bytes(&judgement->view, boot->alive_offset, 4);
	if (!bytes) {
		note_not_read(judgement, boot->kind, name, boot->alive_offset);
		return BOOT_UNKNOWN;
	}
	is_alive = boot->kind == PTCHECK_NTFS ? !memcmp(bytes, "FILE", 4) : is_first_entry(bytes, boot->kind, boot->media);
	note(judgement, boot->kind, name, is_alive, boot->alive_offset, "%02x %02x %02x %02x", bytes[0], bytes[1], bytes[2],
		bytes[3]);
	return is_alive ? BOOT_ALIVE : BOOT_DEAD;
}

enum boot_copy boot_copy(struct judgement *judgement, const struct boot_sector *boot, const __u8 *sector)
{
	__u32 sector_size = view_sector_size(&judgement->view);
	const __u8 *copy;
	bool is_same;

	if (!boot->copy_offset)
		return BOOT_NO_COPY;
	view_want(&judgement->view, boot->copy_offset / sector_size * sector_size, sector_size);
	copy = view_bytes(&judgement->view, boot->copy_offset, 512);
	if (!copy) {
		note_not_read(judgement, boot->kind, "copy", boot->copy_offset);
		return BOOT_NO_COPY;
	}
	/* The fields of all, from the name of the formatter to the number of hidden sectors. */
	if (!note(judgement, boot->kind, "copy", !memcmp(copy + 3, sector + 3, 25), boot->copy_offset, "of the boot sector"))
		return BOOT_WRECKED;
	is_same = !memcmp(copy + 446, sector + 446, 64);
	note(judgement, boot->kind, "copy-of-entries", is_same, boot->copy_offset + 446, "%s",
		is_same ? "the copy has them, too" : "the copy has other bytes there");
	return is_same ? BOOT_SAME : BOOT_CHANGED;
}
