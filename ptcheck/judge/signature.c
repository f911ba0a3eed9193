// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytes.h"
#include "signature.h"

/* --- more than the signature, where that alone is short */

/*
 * LUKS: of version 1 each key slot is one of two numbers, of version 2 nothing is behind the checksum: a table that was
 * written over it breaks both, and cryptsetup refuses them.
 */
static bool check_luks(const __u8 *header)
{
	if (be16(header + 6) == 2)
		return is_filled(header + 480, 32, 0);
	for (unsigned int slot = 208; slot < 512; slot += 48)
		if (be32(header + slot) != 0x00ac71f3 && be32(header + slot) != 0x0000dead)
			return false;
	return be16(header + 6) == 1;
}

/* ext: the size of a block, and that there are blocks, inodes and a known revision. */
static bool check_ext(const __u8 *super)
{
	return le32(super + 24) <= 6 && le32(super + 4) && le32(super) && le32(super + 76) <= 1;
}

static bool check_xfs(const __u8 *super)
{
	__u32 block = be32(super + 4);

	return is_power_of_two(block) && block >= 512 && block <= 65536;
}

static bool check_f2fs(const __u8 *super)
{
	return le32(super + 16) == 12 || le32(super + 16) == 14 || le32(super + 16) == 16;
}

static bool check_squashfs(const __u8 *super)
{
	return is_power_of_two(le32(super + 12)) && le16(super + 28) == 4;
}

static bool check_cramfs(const __u8 *super)
{
	return !memcmp(super + 16, "Compressed ROMFS", 16);
}

static bool check_erofs(const __u8 *super)
{
	return super[12] >= 9 && super[12] <= 16;
}

static bool check_nilfs2(const __u8 *super)
{
	return le32(super) == 2 && le32(super + 20) <= 6;
}

static bool check_hfs(const __u8 *super)
{
	return be32(super + 20) && !(be32(super + 20) & 511);
}

static bool check_hfsplus(const __u8 *super)
{
	return (be16(super + 2) == 4 || be16(super + 2) == 5) && is_power_of_two(be32(super + 40)) && be32(super + 40) >= 512;
}

/* Of version 1.x. */
static bool check_md(const __u8 *super)
{
	return le32(super + 4) == 1;
}

static bool check_hpfs(const __u8 *super)
{
	return le32(super + 4) == 0xfa53e9c5;
}

static bool check_lvm2(const __u8 *label)
{
	return !memcmp(label + 24, "LVM2 001", 8);
}

/* --- the list */

struct signature {
	const char *name, *magic;
	__u32 length; /* of magic */
	__u32 offset; /* of magic, from the beginning */
	__u32 super, super_size; /* what check looks at, which magic is in */
	bool (*check)(const __u8 *super); /* NULL: magic is long enough */
	bool is_container;
};

#define MAGIC(bytes) .magic = (bytes), .length = sizeof(bytes) - 1
#define SUPER(begin, size, function) .super = (begin), .super_size = (size), .check = (function)

/* What contains others comes first. */
static const struct signature signatures[] = {
	{ .name = "LUKS", MAGIC("LUKS\xba\xbe"), SUPER(0, 512, check_luks), .is_container = true },
	{ .name = "LUKS", MAGIC("SKUL\xba\xbe"), .offset = 0x4000, .is_container = true },
	{ .name = "LUKS", MAGIC("SKUL\xba\xbe"), .offset = 0x8000, .is_container = true },
	{ .name = "LUKS", MAGIC("SKUL\xba\xbe"), .offset = 0x10000, .is_container = true },
	{ .name = "BitLocker", MAGIC("-FVE-FS-"), .offset = 3, .is_container = true },
	/* Of a removable disk, which looks like a FAT32: what its format is called, as a GUID. */
	{ .name = "BitLocker", MAGIC("\x3b\xd6\x67\x49\x29\x2e\xd8\x4a\x83\x99\xf6\xa3\x39\xe3\xd0\x01"), .offset = 424,
		.is_container = true },
	{ .name = "AIX", MAGIC("_LVM"), .offset = 7 * 512, .is_container = true },
	{ .name = "LVM2", MAGIC("LABELONE"), .offset = 0, SUPER(0, 32, check_lvm2), .is_container = true },
	{ .name = "LVM2", MAGIC("LABELONE"), .offset = 512, SUPER(512, 32, check_lvm2), .is_container = true },
	{ .name = "LVM2", MAGIC("LABELONE"), .offset = 1024, SUPER(1024, 32, check_lvm2), .is_container = true },
	{ .name = "LVM2", MAGIC("LABELONE"), .offset = 1536, SUPER(1536, 32, check_lvm2), .is_container = true },
	{ .name = "md", MAGIC("\xfc\x4e\x2b\xa9"), .offset = 0, SUPER(0, 8, check_md), .is_container = true },
	{ .name = "md", MAGIC("\xfc\x4e\x2b\xa9"), .offset = 4096, SUPER(4096, 8, check_md), .is_container = true },
	{ .name = "bcache", MAGIC("\xc6\x85\x73\xf6\x4e\x1a\x45\xca\x82\x65\xf5\x7f\x48\xba\x6d\x81"), .offset = 4120,
		.is_container = true },
	{ .name = "ext", MAGIC("\x53\xef"), .offset = 1080, SUPER(1024, 256, check_ext) },
	{ .name = "xfs", MAGIC("XFSB"), SUPER(0, 128, check_xfs) },
	{ .name = "btrfs", MAGIC("_BHRfS_M"), .offset = 65600 },
	{ .name = "f2fs", MAGIC("\x10\x20\xf5\xf2"), .offset = 1024, SUPER(1024, 64, check_f2fs) },
	{ .name = "bcachefs", MAGIC("\xc6\x85\x73\xf6\x66\xce\x90\xa9\xd9\x6a\x60\xcf\x80\x3d\xf7\xef"), .offset = 4120 },
	{ .name = "cramfs", MAGIC("\x45\x3d\xcd\x28"), SUPER(0, 32, check_cramfs) },
	{ .name = "ufs", MAGIC("\x54\x19\x01\0"), .offset = 9564 },
	{ .name = "ufs", MAGIC("\x19\x01\x54\x19"), .offset = 66908 },
	{ .name = "ocfs2", MAGIC("OCFSV2"), .offset = 8192 },
	{ .name = "swap", MAGIC("SWAPSPACE2"), .offset = 4086 },
	{ .name = "swap", MAGIC("SWAPSPACE2"), .offset = 16374 },
	{ .name = "swap", MAGIC("SWAPSPACE2"), .offset = 65526 },
	{ .name = "swap", MAGIC("SWAP-SPACE"), .offset = 4086 },
	{ .name = "swap", MAGIC("S1SUSPEND\0"), .offset = 4086 },
	{ .name = "iso9660", MAGIC("CD001\1"), .offset = 32769 },
	{ .name = "udf", MAGIC("BEA01\1"), .offset = 32769 },
	{ .name = "udf", MAGIC("NSR0"), .offset = 34817 },
	{ .name = "udf", MAGIC("NSR0"), .offset = 36865 },
	{ .name = "squashfs", MAGIC("hsqs"), SUPER(0, 32, check_squashfs) },
	{ .name = "erofs", MAGIC("\xe2\xe1\xf5\xe0"), .offset = 1024, SUPER(1024, 64, check_erofs) },
	{ .name = "jfs", MAGIC("JFS1"), .offset = 32768 },
	{ .name = "reiserfs", MAGIC("ReIsErFs"), .offset = 65588 },
	{ .name = "reiserfs", MAGIC("ReIsEr2Fs"), .offset = 65588 },
	{ .name = "reiserfs", MAGIC("ReIsEr3Fs"), .offset = 65588 },
	{ .name = "nilfs2", MAGIC("\x34\x34"), .offset = 1030, SUPER(1024, 64, check_nilfs2) },
	{ .name = "gfs2", MAGIC("\x01\x16\x19\x70\0\0\0\x01"), .offset = 65536 },
	{ .name = "hfs", MAGIC("BD"), .offset = 1024, SUPER(1024, 64, check_hfs) },
	{ .name = "hfsplus", MAGIC("H+"), .offset = 1024, SUPER(1024, 64, check_hfsplus) },
	{ .name = "hfsplus", MAGIC("HX"), .offset = 1024, SUPER(1024, 64, check_hfsplus) },
	{ .name = "apfs", MAGIC("NXSB"), .offset = 32 },
	{ .name = "refs", MAGIC("ReFS\0\0\0\0"), .offset = 3 },
	{ .name = "hpfs", MAGIC("\x49\xe8\x95\xf9"), .offset = 8192, SUPER(8192, 8, check_hpfs) },
};

static bool matches(const struct view *view, __u64 base, const struct signature *signature)
{
	const __u8 *magic = view_bytes(view, base + signature->offset, signature->length), *super;

	if (!magic || memcmp(magic, signature->magic, signature->length))
		return false;
	if (!signature->check)
		return true;
	super = view_bytes(view, base + signature->super, signature->super_size);
	return super && signature->check(super);
}

/* --- those of which the place depends on the end */

static bool is_md_at(const struct view *view, __u64 offset, bool is_old)
{
	const __u8 *super = view_bytes(view, offset, 8);

	if (!super)
		return false;
	/* 0.90 is in the byte order of the machine that made it. */
	if (is_old)
		return (le32(super) == 0xa92b4efc && !le32(super + 4)) || (be32(super) == 0xa92b4efc && !be32(super + 4));
	return le32(super) == 0xa92b4efc && check_md(super);
}

/* RAID of a BIOS, which Linux assembles: DDF, and Intel's. */
static bool is_bios_raid(const struct view *view, __u64 end)
{
	const __u8 *ddf = view_bytes(view, end - 512, 4), *intel = view_bytes(view, end - 1024, 32);

	return (ddf && (be32(ddf) == 0xde11de11 || le32(ddf) == 0xde11de11)) ||
		(intel && !memcmp(intel, "Intel Raid ISM Cfg Sig. ", 24));
}

static const char *find_at_end(const struct view *view, __u64 base, __u64 size, __u64 *offset)
{
	__u64 old = (size & ~0xffffULL) - 0x10000, new = (size / 512 - 16) / 8 * 8 * 512;

	if (size >= 0x20000 && is_md_at(view, base + old, true)) {
		*offset = old;
		return "md";
	}
	if (size >= 16384 && is_md_at(view, base + new, false)) {
		*offset = new;
		return "md";
	}
	*offset = size - 1024;
	return size >= 1024 && is_bios_raid(view, base + size) ? "BIOS-RAID" : NULL;
}

/* UDF begins as ISO 9660 does, and can be both. */
static bool is_listed(const struct signature_found *found, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(found[i].name, name))
			return true;
	return false;
}

size_t signature_find(const struct view *view, __u64 base, __u64 size, struct signature_found *found, size_t most)
{
	size_t count = 0;
	const char *name;
	__u64 offset;

	if (size && count < most && (name = find_at_end(view, base, size, &offset)))
		found[count++] = (struct signature_found){ name, offset, true };
	for (size_t i = 0; i < sizeof(signatures) / sizeof(*signatures) && count < most; i++)
		if (!is_listed(found, count, signatures[i].name) && matches(view, base, &signatures[i]))
			found[count++] = (struct signature_found){ signatures[i].name, signatures[i].offset,
				signatures[i].is_container };
	return count;
}
