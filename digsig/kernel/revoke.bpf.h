/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is not trusted any more. A revocation is looked at only where a verdict is given anew; what
 * inodes remember becomes void with the generations. None is ever taken back while the engine runs.
 */
#ifndef DIGSIG_REVOKE_BPF_H
#define DIGSIG_REVOKE_BPF_H

#include "verdict_cache.bpf.h"

/* Preallocated: as "trusted". Value: of REVOKE_BELOW the epoch, else 0. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, DIGSIG_REVOKED_MAX);
	__type(key, struct digsig_revoked);
	__type(value, __u64);
} revoked SEC(".maps");

static __always_inline __u64 *find_revoked(
	struct digsig_revoked *room, __u32 kind, const __u8 *subject, __u32 size)
{
	__builtin_memset(room, 0, sizeof(*room));
	room->kind = kind;
	__builtin_memcpy(room->subject, subject, size);
	return bpf_map_lookup_elem(&revoked, room);
}

/* Whoever signed a file, its key and its identity's epoch: OK, REVOKED or ROLLBACK. */
static __always_inline __u32 verdict_on_signer(
	struct digsig_revoked *room, const struct digsig_trusted *signed_as)
{
	__u64 *below;

	if (find_revoked(room, DIGSIG_REVOKE_KEY, signed_as->key_id, DIGSIG_KEY_ID_SIZE))
		return DIGSIG_VERDICT_REVOKED;
	below = find_revoked(
		room, DIGSIG_REVOKE_BELOW, signed_as->identity, DIGSIG_IDENTITY_SIZE);
	return below && signed_as->epoch < *(volatile __u64 *)below ? DIGSIG_VERDICT_ROLLBACK :
								      DIGSIG_VERDICT_OK;
}

/* What is left of an OK about the file in the workspace. */
static __always_inline __u32 verdict_if_not_revoked(struct workspace *workspace)
{
	struct digsig_settings *set = get_settings();

	if (!set || !*(volatile __u32 *)&set->revoked_count)
		return DIGSIG_VERDICT_OK;
	if (find_revoked(&workspace->revoked, DIGSIG_REVOKE_DIGEST, workspace->digest,
		    DIGSIG_DIGEST_SIZE))
		return DIGSIG_VERDICT_REVOKED;
	return verdict_on_signer(&workspace->revoked, &workspace->trusted);
}

/* An epoch only ever rises, whoever asks at the same time. False: it was as high already. */
static __always_inline bool raise_epoch(__u64 *below, __u64 epoch)
{
	for (int tries = 0; tries < 16; tries++) {
		__u64 now = *(volatile __u64 *)below;

		if (now >= epoch)
			return false;
		if (__sync_val_compare_and_swap(below, now, epoch) == now)
			return true;
	}
	return false;
}

static int add_revocation(
	struct digsig_settings *set, const struct digsig_revocation *asked, bool *is_new)
{
	__u64 epoch = asked->epoch, *below;
	/* An int: see trust_digest. */
	int err = (int)bpf_map_update_elem(&revoked, &asked->what, &epoch, BPF_NOEXIST);

	*is_new = !err;
	if (err == -EEXIST) {
		below = bpf_map_lookup_elem(&revoked, &asked->what);
		*is_new = below && raise_epoch(below, epoch);
		err = 0;
	}
	if (!*is_new)
		return err;
	/* In this order: a judgement that reads the new generation finds the revocation, too. */
	__sync_fetch_and_add(&set->revoked_count, 1);
	raise_generation(&set->generation);
	raise_generation(&set->refusal_generation);
	return 0;
}

/* What stands in request_block, copied before it is looked at. */
static void revoke(struct digsig_settings *set, struct digsig_reply *answer)
{
	struct digsig_request_block *block;
	struct workspace *workspace;
	struct digsig_revocation *asked;
	__u32 zero = 0;
	bool is_new;

	block = bpf_map_lookup_elem(&request_block, &zero);
	workspace = take_workspace();
	answer->error = -EBUSY;
	if (!block || !workspace)
		return;
	asked = (void *)workspace->block;
	bpf_probe_read_kernel(asked, sizeof(*asked), block->bytes);
	answer->error = -EINVAL;
	if (asked->what.kind >= DIGSIG_REVOKE_DIGEST && asked->what.kind <= DIGSIG_REVOKE_BELOW) {
		answer->error = add_revocation(set, asked, &is_new);
		answer->changed = !answer->error && is_new;
	}
	release_workspace(workspace);
}

#endif
