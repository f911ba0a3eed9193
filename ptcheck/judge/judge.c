// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The verdict. The first sector can be read in three ways: as a DOS table, as a boot sector, as another label. Where
 * one of them passes each check and the others fail, it decides. Where two pass, what they point to decides: the
 * boot sector's FAT, the table's first partition. Where none does, the rest of what signatures lie in is looked at.
 */
#include <stdio.h>
#include "../range.h"
#include "boot.h"
#include "bytes.h"
#include "dos.h"
#include "gpt.h"
#include "label.h"
#include "signature.h"

static struct ptcheck_reading reading(enum ptcheck_kind kind, const char *name)
{
	return (struct ptcheck_reading){
		.kind = kind,
		.name = name,
		.use = ptcheck_is_table(kind) ? "its partitions are what to use; the disk itself holds no file system" :
						"the disk itself is what to use; partitions that the kernel made of it are not real",
	};
}

static void decide(struct judgement *judgement, enum ptcheck_kind kind, const char *name, enum ptcheck_confidence confidence)
{
	struct ptcheck_result *result = judgement->result;

	result->verdict = ptcheck_is_table(kind) ? PTCHECK_TABLE : PTCHECK_WHOLE_DISK;
	result->confidence = confidence;
	result->readings[0] = reading(kind, name);
	result->reading_count = 1;
}

static void decide_kind(struct judgement *judgement, enum ptcheck_kind kind, enum ptcheck_confidence confidence)
{
	decide(judgement, kind, ptcheck_kind_name(kind), confidence);
}

/* Between a reading and another one. */
static void leave_open(struct judgement *judgement, enum ptcheck_kind one, enum ptcheck_kind other, const char *name)
{
	struct ptcheck_result *result = judgement->result;

	result->verdict = PTCHECK_AMBIGUOUS;
	result->confidence = PTCHECK_LIKELY;
	result->readings[0] = reading(one, ptcheck_kind_name(one));
	result->readings[1] = reading(other, name);
	result->reading_count = 2;
}

/* Between a table and that there is none. */
static void leave_open_none(struct judgement *judgement, enum ptcheck_kind table, const char *use)
{
	leave_open(judgement, table, PTCHECK_NONE, "no table");
	judgement->result->readings[1].use = use;
}

static void decide_none(struct judgement *judgement, enum ptcheck_verdict verdict, enum ptcheck_confidence confidence)
{
	judgement->result->verdict = verdict;
	judgement->result->confidence = confidence;
	judgement->result->reading_count = 0;
}

/* --- what signatures lie in: the head, behind the first sector, and the tail */

struct rest {
	bool is_whole; /* all of it was read */
	bool is_lost; /* some of it cannot be read */
	struct signature_found found[4];
	size_t count;
};

static bool want_range(struct judgement *judgement, __u64 begin, __u64 end, struct rest *rest)
{
	const struct view *view = &judgement->view;

	if (begin >= end || view_want(view, begin, (__u32)(end - begin)))
		return true;
	rest->is_whole = false;
	rest->is_lost |= view_is_lost(view, begin, (__u32)(end - begin));
	return false;
}

static __u64 head_end(const struct view *view)
{
	return view->disk->size && view->disk->size < SIGNATURE_HEAD ? view->disk->size : SIGNATURE_HEAD;
}

static __u64 tail_begin(const struct view *view)
{
	__u64 size = view->disk->size, begin = size > SIGNATURE_TAIL ? (size - SIGNATURE_TAIL) / 4096 * 4096 : 0;

	return begin > head_end(view) ? begin : head_end(view);
}

static struct rest read_rest(struct judgement *judgement)
{
	const struct view *view = &judgement->view;
	struct rest rest = { .is_whole = true };

	want_range(judgement, view_sector_size(view), head_end(view), &rest);
	if (view->disk->size)
		want_range(judgement, tail_begin(view), view->disk->size, &rest);
	rest.count = signature_find(view, 0, view->disk->size, rest.found, sizeof(rest.found) / sizeof(*rest.found));
	for (size_t i = 0; i < rest.count; i++)
		note(judgement, PTCHECK_OTHER, "signature", true, rest.found[i].offset, "%s", rest.found[i].name);
	if (!rest.count && rest.is_whole)
		note(judgement, PTCHECK_OTHER, "signature", false, 0, "none of a file system or volume");
	else if (!rest.count)
		note_not_read(judgement, PTCHECK_OTHER, "signature", view_sector_size(view));
	return rest;
}

/* A signature that the first sector itself has. */
static bool find_in_sector(const struct judgement *judgement, const __u8 *sector, struct signature_found *found)
{
	const struct ptcheck_block block = { 0, 512, 0, sector };
	const struct view view = { judgement->view.disk, &block, 1, judgement->view.wanted };

	return signature_find(&view, 0, 0, found, 1);
}

static bool is_named(const struct rest *rest, const char *name)
{
	for (size_t i = 0; i < rest->count; i++)
		if (!strcmp(rest->found[i].name, name))
			return true;
	return false;
}

static enum ptcheck_confidence confidence_of(const struct rest *rest)
{
	return rest->is_whole ? PTCHECK_CERTAIN : PTCHECK_LIKELY;
}

/* What is in a volume can show through where the volume's own signature is at the end. An image of a disc can be more. */
static void decide_by_signatures(struct judgement *judgement, const struct rest *rest)
{
	if (is_named(rest, "iso9660")) {
		decide(judgement, PTCHECK_OTHER, "iso9660", confidence_of(rest));
		if (rest->count > 1)
			judgement->result->also = "a hybrid image: it is of more than one file system";
	} else if (rest->count == 1 || (rest->found[0].is_container && rest->found[0].offset > SIGNATURE_HEAD)) {
		decide(judgement, PTCHECK_OTHER, rest->found[0].name, confidence_of(rest));
	} else {
		leave_open(judgement, PTCHECK_OTHER, PTCHECK_OTHER, rest->found[1].name);
		judgement->result->readings[0].name = rest->found[0].name;
	}
}

static bool is_filled_block(const struct ptcheck_block *block, __u8 byte)
{
	return block->err || is_filled(block->bytes, block->size, byte);
}

/* Whether all that was read behind the first sector is zero. */
static bool is_rest_empty(const struct view *view)
{
	for (size_t i = 0; i < view->count; i++)
		if (view->blocks[i].offset && !is_filled_block(&view->blocks[i], 0))
			return false;
	return true;
}

/* Whether all that was read is zero, or all is as erased flash is. */
static bool is_empty(const struct view *view)
{
	bool zero = true, ones = true;

	for (size_t i = 0; i < view->count; i++) {
		zero = zero && is_filled_block(&view->blocks[i], 0);
		ones = ones && is_filled_block(&view->blocks[i], 0xff);
	}
	return zero || ones;
}

/* --- GPT */

/* Both copies, as far as they are needed. */
struct gpt {
	struct gpt_header primary, backup;
};

static struct gpt read_gpt(struct judgement *judgement, bool must_be)
{
	struct gpt gpt = { .primary = gpt_primary(judgement, must_be) };

	if (!gpt.primary.is_valid || judgement->view.disk->thorough)
		gpt.backup = gpt_backup(judgement, must_be);
	return gpt;
}

static void decide_gpt(struct judgement *judgement, const struct gpt_header *header, enum ptcheck_confidence confidence,
	const char *also)
{
	decide_kind(judgement, PTCHECK_GPT, confidence);
	judgement->result->sector_size = header->sector_size;
	judgement->result->also = also;
}

/* The header at the beginning is whole. */
static void judge_primary(struct judgement *judgement, const struct gpt *gpt, const struct dos_table *dos)
{
	enum ptcheck_outcome entries = gpt_check_entries(judgement, &gpt->primary);

	decide_gpt(judgement, &gpt->primary, entries == PTCHECK_PASSED ? PTCHECK_CERTAIN : PTCHECK_LIKELY,
		dos->is_hybrid ? "a hybrid MBR: its other entries are for systems that do not know GPT" : NULL);
	if (entries == PTCHECK_FAILED)
		judgement->result->also = "its entries are damaged: the kernel makes no partitions of this without \"gpt\"";
	if (judgement->view.disk->thorough && !gpt->backup.is_valid && !gpt->backup.is_lost)
		judgement->result->confidence = PTCHECK_LIKELY;
}

/* Neither copy is whole: what the MBR says is all that there is. */
static void judge_wrecked(struct judgement *judgement, const struct gpt *gpt, const struct dos_table *dos)
{
	bool has_traces = gpt->primary.is_there || gpt->backup.is_there || gpt->primary.is_lost || gpt->backup.is_lost;

	if (!dos->is_hybrid)
		decide_kind(judgement, PTCHECK_GPT, PTCHECK_LIKELY);
	else if (has_traces)
		leave_open(judgement, PTCHECK_GPT, PTCHECK_DOS, "dos");
	else
		decide_kind(judgement, PTCHECK_DOS, PTCHECK_LIKELY);
	judgement->result->also = gpt->primary.is_lost && gpt->backup.is_lost ?
		"no header of a GPT could be read" : "no copy of a GPT is whole: the kernel makes no partitions of this";
}

/* The MBR says that there is a GPT. False: there is none, and nothing to wait for. */
static bool judge_protected(struct judgement *judgement, const struct dos_table *dos)
{
	struct gpt gpt = read_gpt(judgement, true);

	if (gpt.primary.is_valid) {
		judge_primary(judgement, &gpt, dos);
		return true;
	}
	if (gpt.backup.is_valid) {
		decide_gpt(judgement, &gpt.backup, PTCHECK_LIKELY,
			"only the copy at the end is whole: the kernel does not use that without \"gpt\"");
		return true;
	}
	judge_wrecked(judgement, &gpt, dos);
	return judgement->result->wanted.size;
}

/*
 * A GPT that no MBR protects, if there is one: the kernel, libblkid and libfdisk take no notice of it. One whose
 * entries are whole is not what a file system has left over, unless that shows, too.
 */
static bool judge_unprotected(struct judgement *judgement, const struct rest *rest)
{
	struct gpt gpt = read_gpt(judgement, false);
	const struct gpt_header *header = gpt.primary.is_valid ? &gpt.primary : &gpt.backup;

	if (!header->is_valid)
		return false;
	if (rest->count) {
		leave_open(judgement, PTCHECK_GPT, PTCHECK_OTHER, rest->found[0].name);
	} else if (gpt.primary.is_valid && gpt_check_entries(judgement, header) == PTCHECK_PASSED) {
		decide_gpt(judgement, header, PTCHECK_LIKELY, "it has no protective MBR: the kernel takes no notice of it");
	} else {
		leave_open_none(judgement, PTCHECK_GPT, "the kernel takes no notice of a GPT without a protective MBR");
		judgement->result->sector_size = header->sector_size;
	}
	return true;
}

/* --- a boot sector and a DOS table in one sector */

/* Whether something that says what it is begins where the first partition does: 4096 bytes tell. */
static bool is_inhabited(struct judgement *judgement, const struct dos_table *dos)
{
	struct judgement unnoted = { .view = judgement->view };
	const __u8 *begin = view_want(&judgement->view, dos->first_start, 4096);
	struct signature_found found;
	bool inhabited;

	if (!begin) {
		note_not_read(judgement, PTCHECK_DOS, "partition-begins", dos->first_start);
		return false;
	}
	if (boot_read(&unnoted, begin, dos->first_size).grade == BOOT_COMPLETE)
		return note(judgement, PTCHECK_DOS, "partition-begins", true, dos->first_start, "with a boot sector");
	inhabited = signature_find(&judgement->view, dos->first_start, 0, &found, 1);
	return note(judgement, PTCHECK_DOS, "partition-begins", inhabited, dos->first_start, "with %s",
		inhabited ? found.name : "nothing that is known");
}

/*
 * Both pass each check that the sector allows, and the file system is alive. Where its boot sector has a copy, that
 * says which of them was written last; else what begins in the partition can only belong to the table.
 */
static void judge_alive_and_sane(struct judgement *judgement, const __u8 *sector, const struct boot_sector *boot,
	const struct dos_table *dos)
{
	enum boot_copy copy = boot_copy(judgement, boot, sector);

	if (copy == BOOT_SAME)
		decide_kind(judgement, boot->kind, PTCHECK_CERTAIN);
	else if (copy == BOOT_CHANGED || (copy == BOOT_NO_COPY && dos->first_size && is_inhabited(judgement, dos)))
		decide_kind(judgement, PTCHECK_DOS, PTCHECK_LIKELY);
	else
		leave_open(judgement, PTCHECK_DOS, boot->kind, ptcheck_kind_name(boot->kind));
}

static void judge_boot_and_entries(struct judgement *judgement, const __u8 *sector, const struct boot_sector *boot,
	const struct dos_table *dos)
{
	enum boot_life life = boot_life(judgement, boot);

	if (life == BOOT_DEAD)
		decide_kind(judgement, PTCHECK_DOS, dos->state == DOS_SANE ? PTCHECK_CERTAIN : PTCHECK_LIKELY);
	else if (life == BOOT_UNKNOWN)
		leave_open(judgement, PTCHECK_DOS, boot->kind, ptcheck_kind_name(boot->kind));
	else if (boot->kind == PTCHECK_EXFAT)
		/* Its checksum has the entries in it. */
		decide_kind(judgement, PTCHECK_EXFAT, PTCHECK_CERTAIN);
	else if (dos->state == DOS_SANE)
		judge_alive_and_sane(judgement, sector, boot, dos);
	else
		decide_kind(judgement, boot->kind, PTCHECK_LIKELY);
}

/* --- neither */

static bool judge_label(struct judgement *judgement, struct label label)
{
	if (!label.kind)
		return false;
	decide_kind(judgement, label.kind, label.is_certain ? PTCHECK_CERTAIN : PTCHECK_LIKELY);
	/* What was wanted before need not be read any more. */
	judgement->result->wanted.size = 0;
	return true;
}

static void judge_nothing(struct judgement *judgement, const struct rest *rest)
{
	enum ptcheck_verdict verdict = rest->is_whole && is_empty(&judgement->view) ? PTCHECK_EMPTY : PTCHECK_UNKNOWN;

	decide_none(judgement, rest->is_lost ? PTCHECK_UNREADABLE : verdict, confidence_of(rest));
}

/* There is no table of entries, and no boot sector; what else is there? */
static void judge_rest(struct judgement *judgement, const __u8 *sector, const struct dos_table *dos)
{
	struct rest rest = read_rest(judgement);

	if (judge_unprotected(judgement, &rest) || judge_label(judgement, label_in_head(judgement)))
		return;
	if (rest.count)
		decide_by_signatures(judgement, &rest);
	else if (dos->state == DOS_EMPTY)
		decide_kind(judgement, PTCHECK_DOS, is_rest_empty(&judgement->view) ? confidence_of(&rest) : PTCHECK_LIKELY);
	else if (label_is_atari(judgement, sector))
		decide_kind(judgement, PTCHECK_ATARI, PTCHECK_LIKELY);
	else
		judge_nothing(judgement, &rest);
}

/* A boot sector of which a check fails, and no entries: is there more of the file system than that? */
static void judge_partial_boot(struct judgement *judgement, const struct boot_sector *boot)
{
	struct rest rest = { 0 };
	enum boot_life life;

	/* Most FATs begin in what has to be read if they are dead. */
	want_range(judgement, view_sector_size(&judgement->view), head_end(&judgement->view), &rest);
	life = boot_life(judgement, boot);
	if (life != BOOT_DEAD) {
		decide_kind(judgement, boot->kind, PTCHECK_LIKELY);
		return;
	}
	rest = read_rest(judgement);
	if (rest.count)
		decide_by_signatures(judgement, &rest);
	else
		judge_nothing(judgement, &rest);
}

/* Entries of which a check fails: of a hybrid image, of a disk that was cut off, or by chance. */
static void judge_doubtful(struct judgement *judgement, const struct dos_table *dos)
{
	struct rest rest = read_rest(judgement);

	decide_kind(judgement, PTCHECK_DOS, PTCHECK_LIKELY);
	if (dos->has_ee)
		judgement->result->also = "an entry of type ee: the kernel makes no partitions of this";
	if (is_named(&rest, "iso9660")) {
		judgement->result->also = "a hybrid image: the disk itself is an iso9660, too";
	} else if (rest.count && (dos->state == DOS_WHOLE || (dos->has_aix_magic && is_named(&rest, "AIX")))) {
		decide_by_signatures(judgement, &rest);
	} else if (rest.count) {
		leave_open(judgement, PTCHECK_DOS, PTCHECK_OTHER, rest.found[0].name);
	} else if (dos->state == DOS_UNLIKELY) {
		leave_open_none(judgement, PTCHECK_DOS, "the bytes are there by chance");
	}
}

/* --- what the verdict does not need */

static bool is_in_partition(const struct dos_table *dos, __u64 offset, __u32 sector_size)
{
	for (unsigned int i = 0; i < DOS_ENTRIES; i++) {
		__u64 first = (__u64)dos->entries[i].first * sector_size, size = (__u64)dos->entries[i].sectors * sector_size;

		if (range_has(first, size, offset))
			return true;
	}
	return false;
}

/* Below a sane table: what lies in front of its partitions and behind them. */
static void judge_thoroughly(struct judgement *judgement, const struct dos_table *dos)
{
	struct rest rest = read_rest(judgement);

	for (size_t i = 0; i < rest.count; i++)
		if (!is_in_partition(dos, rest.found[i].offset, view_sector_size(&judgement->view))) {
			leave_open(judgement, PTCHECK_DOS, PTCHECK_OTHER, rest.found[i].name);
			return;
		}
}

/* --- all of it */

static bool has_entries(const struct dos_table *dos)
{
	return dos->state == DOS_UNLIKELY || dos->state == DOS_DOUBTFUL || dos->state == DOS_SANE;
}

static void judge_boot(struct judgement *judgement, const __u8 *sector, const struct boot_sector *boot,
	const struct dos_table *dos)
{
	if (has_entries(dos))
		judge_boot_and_entries(judgement, sector, boot, dos);
	else if (boot->grade == BOOT_PARTIAL)
		judge_partial_boot(judgement, boot);
	else
		decide_kind(judgement, boot->kind, PTCHECK_CERTAIN);
}

/* A volume whose header is the first sector. */
static void judge_container(struct judgement *judgement, const struct signature_found *found, const struct dos_table *dos)
{
	note(judgement, PTCHECK_OTHER, "signature", true, found->offset, "%s", found->name);
	if (dos->state == DOS_SANE)
		leave_open(judgement, PTCHECK_DOS, PTCHECK_OTHER, found->name);
	else
		decide(judgement, PTCHECK_OTHER, found->name, PTCHECK_CERTAIN);
}

/* found: what else the sector begins with, such as XFS, whose checksum a table breaks; NULL: nothing. */
static void judge_sane(struct judgement *judgement, const struct dos_table *dos, const struct signature_found *found)
{
	decide_kind(judgement, PTCHECK_DOS, found ? PTCHECK_LIKELY : PTCHECK_CERTAIN);
	if (found)
		note(judgement, PTCHECK_OTHER, "signature", true, found->offset, "%s", found->name);
	if (judgement->view.disk->thorough)
		judge_thoroughly(judgement, dos);
}

static void judge_sector(struct judgement *judgement, const __u8 *sector)
{
	struct dos_table dos = dos_read(judgement, sector);
	struct boot_sector boot = boot_read(judgement, sector, judgement->view.disk->size);
	struct signature_found found;
	bool is_found;

	if (dos.has_protective && (judge_protected(judgement, &dos) || !boot.grade))
		return;
	judgement->result->also = NULL;
	/* An entry for a GPT that is not there is nobody's partition. */
	if (dos.has_protective && !dos.is_hybrid)
		dos.state = DOS_EMPTY;
	is_found = find_in_sector(judgement, sector, &found);
	if (is_found && found.is_container)
		judge_container(judgement, &found, &dos);
	else if (boot.grade)
		judge_boot(judgement, sector, &boot, &dos);
	else if (dos.state == DOS_SANE)
		judge_sane(judgement, &dos, is_found ? &found : NULL);
	else if (has_entries(&dos) || dos.state == DOS_WHOLE)
		judge_doubtful(judgement, &dos);
	else if (!judge_label(judgement, label_in_first_sector(judgement, sector)))
		judge_rest(judgement, sector, &dos);
}

/* The first sector cannot be read: what is elsewhere can still tell. */
static void judge_without_sector(struct judgement *judgement)
{
	struct rest rest;

	note_not_read(judgement, PTCHECK_DOS, "signature", 510);
	rest = read_rest(judgement);
	if (judge_unprotected(judgement, &rest)) {
		judgement->result->also = "its protective MBR cannot be read: the kernel makes no partitions of it";
	} else if (rest.count) {
		decide_by_signatures(judgement, &rest);
		judgement->result->confidence = PTCHECK_LIKELY;
	} else {
		decide_none(judgement, PTCHECK_UNREADABLE, PTCHECK_LIKELY);
	}
}

int ptcheck_judge(struct ptcheck_result *result, const struct ptcheck_disk *disk,
	const struct ptcheck_block *blocks, size_t count)
{
	const struct ptcheck_disk known = view_disk(disk);
	struct judgement judgement = {
		.view = { &known, blocks, count, &result->wanted },
		.result = result,
	};
	const __u8 *sector;
	__u32 size;

	/* The checks alone are large, and only those that are counted are read. */
	memset(result, 0, offsetof(struct ptcheck_result, checks));
	result->check_count = 0;
	size = view_sector_size(&judgement.view);
	result->sector_size = size;
	/* What is shorter than a sector can have 512 bytes of it. */
	if (known.size && known.size < size)
		size = (__u32)known.size;
	view_want(&judgement.view, 0, size);
	sector = view_bytes(&judgement.view, 0, 512);
	if (sector)
		judge_sector(&judgement, sector);
	else if (view_bytes(&judgement.view, 0, size))
		decide_none(&judgement, is_empty(&judgement.view) ? PTCHECK_EMPTY : PTCHECK_UNKNOWN, PTCHECK_CERTAIN);
	else if (view_is_lost(&judgement.view, 0, size))
		judge_without_sector(&judgement);
	/* Without a size nothing can be seen to end within the disk; a checksum needs none. */
	if ((result->wanted.size && !known.thorough) || (!known.size && result->readings[0].kind != PTCHECK_GPT))
		result->confidence = PTCHECK_LIKELY;
	return result->wanted.size != 0;
}
