// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytes.h"
#include "label.h"

/* --- Sun: the exclusive or of its 256 numbers is zero */

static bool is_sun(struct judgement *judgement, const __u8 *sector)
{
	__u16 sum = 0;

	if (be16(sector + 508) != 0xdabe)
		return false;
	for (unsigned int i = 0; i < 512; i += 2)
		sum ^= be16(sector + i);
	note(judgement, PTCHECK_SUN, "signature", true, 508, "da be");
	return note(judgement, PTCHECK_SUN, "checksum", !sum, 510, "%04x", be16(sector + 510));
}

/* --- SGI: the sum of its 128 numbers is zero */

static bool is_sgi(struct judgement *judgement, const __u8 *sector)
{
	__u32 sum = 0;

	if (be32(sector) != 0x0be5a941)
		return false;
	for (unsigned int i = 0; i < 512; i += 4)
		sum += be32(sector + i);
	note(judgement, PTCHECK_SGI, "signature", true, 0, "0b e5 a9 41");
	return note(judgement, PTCHECK_SGI, "checksum", !sum, 504, "%08x", be32(sector + 504));
}

/* --- BSD: two signatures, and the exclusive or up to the last slice is zero, but parted computes another one */

static bool is_bsd_at(const struct view *view, __u32 place)
{
	const __u8 *label = view_bytes(view, place, BSD_LABEL);

	return label && le32(label) == 0x82564557 && le32(label + 132) == 0x82564557 && le16(label + 138) <= BSD_SLICES &&
		view_bytes(view, place, BSD_LABEL + le16(label + 138) * 16U);
}

__u32 label_find_bsd(const struct view *view)
{
	return is_bsd_at(view, 64) ? 64 : is_bsd_at(view, 512) ? 512 : 0;
}

static struct label read_bsd(struct judgement *judgement, __u32 place)
{
	const __u8 *label = view_bytes(&judgement->view, place, BSD_LABEL);
	__u16 sum = 0;

	if (!is_bsd_at(&judgement->view, place))
		return (struct label){ 0 };
	for (__u32 i = 0; i < BSD_LABEL + le16(label + 138) * 16U; i += 2)
		sum ^= le16(label + i);
	note(judgement, PTCHECK_BSD, "signature", true, place, "57 45 56 82, twice");
	return (struct label){ PTCHECK_BSD,
		note(judgement, PTCHECK_BSD, "checksum", !sum, place + 136, "%04x", le16(label + 136)) };
}

/* --- PC-98: a name in the boot code; its table is in the next sector */

static bool is_pc98(struct judgement *judgement, const __u8 *sector)
{
	return !memcmp(sector + 4, "IPL1", 4) && has_boot_signature(sector) &&
		note(judgement, PTCHECK_PC98, "signature", true, 4, "IPL1");
}

/* --- Apple: a driver descriptor, and the map's own entry in the next block */

static bool is_mac(struct judgement *judgement)
{
	const __u8 *descriptor = view_bytes(&judgement->view, 0, 4), *entry;
	__u32 size;

	if (!descriptor || be16(descriptor) != 0x4552)
		return false;
	/* Hybrid images have the one of 2048 in their descriptor, and maps for 512 and 2048. */
	size = be16(descriptor + 2) == 2048 ? 2048 : 512;
	entry = view_bytes(&judgement->view, size, 64);
	if (!entry)
		return false;
	note(judgement, PTCHECK_MAC, "signature", true, 0, "45 52, blocks of %u bytes", size);
	return note(judgement, PTCHECK_MAC, "map-signature", be16(entry) == 0x504d, size, "%02x %02x", entry[0], entry[1]) &&
		note(judgement, PTCHECK_MAC, "map-entries", be32(entry + 4) - 1 < 256, size + 4, "%u", be32(entry + 4));
}

/* --- Amiga: a block of the first 16, whose numbers have the sum zero */

static bool is_rigid_disk_block(const __u8 *block)
{
	__u32 count, sum = 0;

	if (!block || memcmp(block, "RDSK", 4))
		return false;
	count = be32(block + 4);
	if (count < 64 || count > 128)
		return false;
	for (__u32 i = 0; i < count; i++)
		sum += be32(block + 4 * i);
	return !sum;
}

bool label_find_amiga(const struct view *view, __u32 *place)
{
	for (__u32 i = 0; i < 16; i++)
		if (is_rigid_disk_block(view_bytes(view, i * 512, 512))) {
			*place = i * 512;
			return true;
		}
	return false;
}

static bool is_amiga(struct judgement *judgement)
{
	__u32 place;

	return label_find_amiga(&judgement->view, &place) &&
		note(judgement, PTCHECK_AMIGA, "rigid-disk-block", true, place, "RDSK, its checksum is right");
}

/* --- DASD: a volume label in EBCDIC in the third block of 512 to 4096 bytes */

static bool is_volume_label(const __u8 *label)
{
	static const __u8 ldl[] = { 0xd3, 0xd5, 0xe7, 0xf1 }, cms[] = { 0xc3, 0xd4, 0xe2, 0xf1 },
			  cdl[] = { 0xe5, 0xd6, 0xd3, 0xf1, 0xe5, 0xd6, 0xd3, 0xf1 };

	return label && (!memcmp(label, ldl, sizeof(ldl)) || !memcmp(label, cms, sizeof(cms)) || !memcmp(label, cdl, sizeof(cdl)));
}

static __u32 find_dasd(const struct view *view)
{
	for (__u32 place = 1024; place <= 8192; place *= 2)
		if (is_volume_label(view_bytes(view, place, 8)))
			return place;
	return 0;
}

static bool is_dasd(struct judgement *judgement)
{
	__u32 place = find_dasd(&judgement->view);

	return place && note(judgement, PTCHECK_DASD, "volume-label", true, place, "blocks of %u bytes", place / 2);
}

/* --- Atari: nothing but entries that make sense */

/* Of ASCII, whatever the locale. */
static bool is_letter_or_digit(__u8 byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

bool label_is_atari_entry(const __u8 *entry, __u64 sectors)
{
	__u64 end = (__u64)be32(entry + 4) + be32(entry + 8);

	return entry[0] & 1 && is_letter_or_digit(entry[1]) && is_letter_or_digit(entry[2]) && is_letter_or_digit(entry[3]) &&
		be32(entry + 4) &&
		be32(entry + 8) && (!sectors || end <= sectors);
}

bool label_is_atari(struct judgement *judgement, const __u8 *sector)
{
	__u64 sectors = judgement->view.disk->size / 512;
	__u32 size = be32(sector + 0x1c2), bad = be32(sector + 0x1f6), bad_count = be32(sector + 0x1fa);
	unsigned int good = 0, wrong = 0;

	for (unsigned int i = 0; i < ATARI_ENTRIES; i++) {
		const __u8 *entry = sector + ATARI_TABLE + 12 * i;

		if (label_is_atari_entry(entry, sectors))
			good++;
		else if (entry[0] & 1)
			wrong++;
	}
	if (!good || wrong)
		return false;
	note(judgement, PTCHECK_ATARI, "entries", true, ATARI_TABLE, "%u that make sense", good);
	return note(judgement, PTCHECK_ATARI, "disk-size", size && (!sectors || size <= sectors), 0x1c2, "%u sectors", size) &&
		note(judgement, PTCHECK_ATARI, "bad-sectors", !bad_count || (bad && bad + (__u64)bad_count <= size), 0x1f6,
			"%u from sector %u", bad_count, bad);
}

struct label label_in_first_sector(struct judgement *judgement, const __u8 *sector)
{
	if (is_sun(judgement, sector))
		return (struct label){ PTCHECK_SUN, true };
	if (is_sgi(judgement, sector))
		return (struct label){ PTCHECK_SGI, true };
	if (is_pc98(judgement, sector))
		return (struct label){ PTCHECK_PC98, true };
	return read_bsd(judgement, 64);
}

struct label label_in_head(struct judgement *judgement)
{
	if (is_mac(judgement))
		return (struct label){ PTCHECK_MAC, true };
	if (is_amiga(judgement))
		return (struct label){ PTCHECK_AMIGA, true };
	if (is_dasd(judgement))
		return (struct label){ PTCHECK_DASD, true };
	return read_bsd(judgement, 512);
}
