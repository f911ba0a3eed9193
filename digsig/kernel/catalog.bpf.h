/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Admits a part of a catalog: copied first, checked then, and if a trusted key signed it all its
 * digests go into "trusted", within one request. Or takes them out of it again.
 */
#ifndef DIGSIG_CATALOG_BPF_H
#define DIGSIG_CATALOG_BPF_H

#include "revoke.bpf.h"
#include "verify_block.bpf.h"
#include "../format/catalog.h"

/*
 * The part while it is checked and taken over: frozen, so that nobody changes it meanwhile. One part
 * at a time: taken is a lock that nobody waits for. The room behind the part lets the verifier
 * believe in offsets that it knows only roughly.
 */
struct catalog_copy {
	__u32 taken;
	__u32 count; /* digests */
	__u32 cms_size;
	__u32 in_order; /* digests found to be larger than the one before */
	__u32 changed; /* digests that were not trusted before, or are not any more */
	__s32 error; /* why not all were */
	struct digsig_trusted entry; /* what each digest gets */
	struct digsig_revoked revoked; /* what is looked up */
	__u8 bytes[DIGSIG_CATALOG_PART_MAX + 4096];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct catalog_copy);
} catalog_copy SEC(".maps");

static __always_inline __u8 *catalog_digest(struct catalog_copy *part, __u64 index)
{
	SHOW_VERIFIER(index);
	if (index >= DIGSIG_CATALOG_DIGESTS_MAX)
		return NULL;
	return part->bytes + DIGSIG_CATALOG_HEADER_SIZE + index * DIGSIG_DIGEST_SIZE;
}

/* The rules about everything but the digests; then count, part_size and cms_size are bounded. */
__noinline int check_catalog(struct catalog_copy *part, __u64 size)
{
	const struct digsig_catalog_header *header;
	const struct digsig_catalog_footer *footer;
	enum digsig_catalog_defect defect;
	__u64 at, count, cms_size;

	SHOW_VERIFIER(size);
	if (!part || size < DIGSIG_CATALOG_PART_MIN || size > DIGSIG_CATALOG_PART_MAX)
		return DIGSIG_CATALOG_SIZE;
	header = (const void *)part->bytes;
	defect = digsig_catalog_check_header(header);
	if (defect)
		return defect;
	if (header->part_size != size)
		return DIGSIG_CATALOG_SIZE;
	count = header->count;
	footer = (const void *)(part->bytes + size - DIGSIG_CATALOG_FOOTER_SIZE);
	defect = digsig_catalog_check_footer(footer, count, size);
	if (defect)
		return defect;
	cms_size = footer->cms_size;
	at = digsig_catalog_signed_size(count);
	/* For the verifier: the count, and so this, is bounded since the check of the header. */
	SHOW_VERIFIER(at);
	if (at > DIGSIG_CATALOG_PART_MAX)
		return DIGSIG_CATALOG_SIZE;
	if (digsig_check_cms_length(part->bytes + at, cms_size))
		return DIGSIG_CATALOG_CMS;
	if (digsig_check_padding(part->bytes + size - DIGSIG_CATALOG_FOOTER_SIZE - 64, cms_size))
		return DIGSIG_CATALOG_PADDING;
	SHOW_VERIFIER(count);
	if (count > DIGSIG_CATALOG_DIGESTS_MAX ||
		digsig_catalog_check_filler(
			part->bytes + DIGSIG_CATALOG_HEADER_SIZE + count * DIGSIG_DIGEST_SIZE, count))
		return DIGSIG_CATALOG_PADDING;
	part->count = count;
	part->cms_size = cms_size;
	return DIGSIG_CATALOG_GOOD;
}

/*
 * bpf_loop callback: each digest against the one before. Counted in the map, not on the stack, where
 * the verifier would follow the count from round to round.
 */
static long check_order(__u32 round, void *context)
{
	struct catalog_copy *part = *(struct catalog_copy **)context;
	const __u8 *before = catalog_digest(part, round);
	const __u8 *after = catalog_digest(part, (__u64)round + 1);

	if (!before || !after || !digsig_catalog_ascends(before, after))
		return 1;
	part->in_order++;
	return 0;
}

/*
 * A digest that is trusted already. Of two catalogs with it, it counts as that of the later one, so
 * that the earlier can go when the later has replaced it; what a block vouches for is the block's.
 */
static __always_inline int reassign_digest(struct catalog_copy *part, const __u8 *digest)
{
	struct digsig_trusted *known = bpf_map_lookup_elem(&trusted, digest);

	if (!known || !(known->flags & DIGSIG_TRUSTED_BY_CATALOG) ||
		known->catalog == part->entry.catalog)
		return 0;
	return (int)bpf_map_update_elem(&trusted, digest, &part->entry, BPF_EXIST);
}

/* bpf_loop callback */
static long trust_next(__u32 round, void *context)
{
	struct catalog_copy *part = *(struct catalog_copy **)context;
	const __u8 *digest = catalog_digest(part, round);
	int err;

	if (!digest)
		return 1;
	/* An int: see trust_digest. */
	err = (int)bpf_map_update_elem(&trusted, digest, &part->entry, BPF_NOEXIST);
	if (!err)
		part->changed++;
	else if (err == -EEXIST)
		err = reassign_digest(part, digest);
	part->error = err;
	return err ? 1 : 0;
}

/* bpf_loop callback */
static long distrust_next(__u32 round, void *context)
{
	struct catalog_copy *part = *(struct catalog_copy **)context;
	const __u8 *digest = catalog_digest(part, round);
	struct digsig_trusted *known;

	if (!digest)
		return 1;
	known = bpf_map_lookup_elem(&trusted, digest);
	if (!known || !(known->flags & DIGSIG_TRUSTED_BY_CATALOG) ||
		known->catalog != part->entry.catalog)
		return 0;
	part->error = (int)bpf_map_delete_elem(&trusted, digest);
	if (part->error)
		return 1;
	part->changed++;
	return 0;
}

static __always_inline int check_catalog_cms(struct catalog_copy *part)
{
	struct bpf_dynptr statement, cms;
	__u64 size = digsig_catalog_signed_size(part->count), cms_size = part->cms_size;

	SHOW_VERIFIER(size);
	SHOW_VERIFIER(cms_size);
	if (size > DIGSIG_CATALOG_PART_MAX - DIGSIG_CMS_MAX || cms_size > DIGSIG_CMS_MAX)
		return -EINVAL;
	if (bpf_dynptr_from_mem(part->bytes, size, 0, &statement) ||
		bpf_dynptr_from_mem(part->bytes + size, cms_size, 0, &cms))
		return -EINVAL;
	return check_signature(&statement, &cms);
}

/* The end of the CMS is the end of the signature: no two parts have the same, but by chance. */
static __always_inline __u64 catalog_name(const struct catalog_copy *part)
{
	__u64 at = digsig_catalog_signed_size(part->count) + (__u64)part->cms_size;
	__u64 name;

	SHOW_VERIFIER(at);
	if (at < sizeof(name) || at > DIGSIG_CATALOG_PART_MAX)
		return 0;
	__builtin_memcpy(&name, part->bytes + at - sizeof(name), sizeof(name));
	return name;
}

static void describe_catalog(struct catalog_copy *part)
{
	const struct digsig_catalog_header *header = (const void *)part->bytes;

	part->entry.catalog = catalog_name(part);
	part->entry.flags = DIGSIG_TRUSTED_BY_CATALOG;
	part->entry.epoch = header->epoch;
	__builtin_memcpy(part->entry.key_id, header->key_id, sizeof(header->key_id));
	__builtin_memcpy(part->entry.identity, header->identity, sizeof(header->identity));
}

/* What was refused so far may be in the catalog, so those verdicts are void. */
static __always_inline void note_trusted(struct digsig_settings *set, __u32 added)
{
	if (!added)
		return;
	__sync_fetch_and_add(&set->trusted_count, added);
	raise_generation(&set->refusal_generation);
}

/*
 * What was ok so far may have been so by the catalog alone. A judgement that is under way has read
 * the old generation before it looked, so what it stores is void as well.
 */
static __always_inline void note_distrusted(struct digsig_settings *set, __u32 removed)
{
	if (!removed)
		return;
	__sync_fetch_and_add(&set->trusted_count, -(__u64)removed);
	raise_generation(&set->generation);
}

static void take_copy(struct digsig_settings *set, struct catalog_copy *part, __u32 size,
	bool unload, struct digsig_reply *answer)
{
	answer->error = 0;
	answer->verdict = DIGSIG_VERDICT_MALFORMED;
	answer->defect = check_catalog(part, size);
	if (answer->defect)
		return;
	/* The first digest has none before it. */
	part->in_order = 1;
	bpf_loop(part->count - 1, check_order, &part, 0);
	if (part->in_order != part->count) {
		answer->defect = DIGSIG_CATALOG_ORDER;
		return;
	}
	answer->error = check_catalog_cms(part);
	answer->verdict = signature_verdict(answer->error);
	if (answer->verdict != DIGSIG_VERDICT_OK)
		return;
	describe_catalog(part);
	/* A part of a revoked key can still be taken out. */
	if (!unload)
		answer->verdict = verdict_on_signer(&part->revoked, &part->entry);
	if (answer->verdict != DIGSIG_VERDICT_OK)
		return;
	part->changed = 0;
	part->error = 0;
	if (unload) {
		bpf_loop(part->count, distrust_next, &part, 0);
		note_distrusted(set, part->changed);
	} else {
		bpf_loop(part->count, trust_next, &part, 0);
		note_trusted(set, part->changed);
	}
	answer->error = part->error;
	answer->changed = part->changed;
}

/* A small part comes in request_block, so that a detached signature does not cost a copy of 1 MiB. */
static __always_inline long copy_part(struct catalog_copy *part, __u64 size)
{
	struct digsig_request_catalog *large;
	struct digsig_request_block *small;
	__u32 zero = 0;

	if (size > DIGSIG_CATALOG_PART_MAX)
		return -EINVAL;
	if (size <= DIGSIG_BLOCK_MAX) {
		small = bpf_map_lookup_elem(&request_block, &zero);
		return small ? bpf_probe_read_kernel(part->bytes, size, small->bytes) : -EINVAL;
	}
	large = bpf_map_lookup_elem(&request_catalog, &zero);
	return large ? bpf_probe_read_kernel(part->bytes, size, large->bytes) : -EINVAL;
}

/* size: of the part that was handed over. unload: trust no longer what it brought. */
static void take_catalog(
	struct digsig_settings *set, __u64 size, bool unload, struct digsig_reply *answer)
{
	struct catalog_copy *part;
	__u32 zero = 0;

	part = bpf_map_lookup_elem(&catalog_copy, &zero);
	answer->error = -EBUSY;
	if (!part || __sync_val_compare_and_swap(&part->taken, 0, 1))
		return;
	SHOW_VERIFIER(size);
	answer->error = copy_part(part, size);
	if (!answer->error)
		take_copy(set, part, size, unload, answer);
	__sync_lock_test_and_set(&part->taken, 0);
}

#endif
