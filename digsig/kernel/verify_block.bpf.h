/* SPDX-License-Identifier: GPL-2.0 */
/* Decides about the signature block in a workspace, with the kernel's own CMS verifier. */
#ifndef DIGSIG_VERIFY_BLOCK_BPF_H
#define DIGSIG_VERIFY_BLOCK_BPF_H

#include "maps.bpf.h"
#include "../format/check.h"
#include "../format/sha256.h"

extern struct bpf_key *bpf_lookup_user_key(__u32 serial, __u64 flags) __ksym;
extern void bpf_key_put(struct bpf_key *key) __ksym;
extern int bpf_verify_pkcs7_signature(struct bpf_dynptr *data, struct bpf_dynptr *signature,
	struct bpf_key *keyring) __ksym;

struct verification {
	__u32 verdict; /* enum digsig_verdict */
	__u32 defect; /* enum digsig_defect, behind MALFORMED */
	__s32 error; /* negative errno of the kernel */
};

/* Remembers the keyring at first use; later: whether serial still names that very keyring. */
static __always_inline bool is_bound_keyring(struct digsig_settings *set, struct bpf_key *keyring)
{
	__u64 address = (__u64)keyring->key;

	__sync_val_compare_and_swap(&set->keyring_address, 0, address);
	return *(volatile __u64 *)&set->keyring_address == address;
}

/* A detached CMS against what it is about: 0 or the kernel's answer, a negative errno. */
static __always_inline int check_signature(struct bpf_dynptr *statement, struct bpf_dynptr *cms)
{
	struct digsig_settings *set = get_settings();
	struct bpf_key *keyring;
	int err = -EIO;

	if (!set)
		return -EINVAL;
	COUNT(signature_checks);
	keyring = bpf_lookup_user_key(set->keyring_serial, 0);
	if (!keyring)
		return -EIO;
	if (is_bound_keyring(set, keyring))
		err = bpf_verify_pkcs7_signature(statement, cms, keyring);
	bpf_key_put(keyring);
	return err;
}

/* What that answer means. */
static __always_inline __u32 signature_verdict(int error)
{
	switch (error) {
	case 0:
		return DIGSIG_VERDICT_OK;
	case -EKEYREJECTED:
	case -EBADMSG: /* not even well-formed CMS */
		return DIGSIG_VERDICT_BADSIG;
	case -ENOKEY:
	case -ENOPKG: /* an algorithm that this kernel lacks, so no key here is of it */
		return DIGSIG_VERDICT_UNKNOWNKEY;
	}
	return DIGSIG_VERDICT_FAULT;
}

/* The CMS in the workspace against the manifest. */
static int check_cms(struct workspace *workspace)
{
	struct bpf_dynptr manifest, cms;
	__u64 cms_size;

	if (bpf_dynptr_from_mem(workspace->block, DIGSIG_MANIFEST_SIZE, 0, &manifest))
		return -EINVAL;
	cms_size = workspace->cms_size;
	SHOW_VERIFIER(cms_size);
	if (cms_size > DIGSIG_CMS_MAX ||
		bpf_dynptr_from_mem(
			workspace->block + DIGSIG_MANIFEST_SIZE, cms_size, 0, &cms))
		return -EINVAL;
	return check_signature(&manifest, &cms);
}

/*
 * Functions that are not static are verified once, whoever calls them: that keeps the time to load
 * the engine short. The verifier then wants to see their pointers compared with NULL.
 */
__noinline int hash_message(struct workspace *workspace, __u64 index)
{
	SHOW_VERIFIER(index);
	if (!workspace || index > DIGSIG_BLOCK_MAX / 64)
		return 1;
	digsig_sha256_compress(
		workspace->state, workspace->block + index * 64, workspace->schedule);
	return 0;
}

/* bpf_loop callback */
static long hash_next_message(__u32 index, void *context)
{
	hash_message(*(struct workspace **)context, index);
	return 0;
}

/*
 * The SHA-256 that the whole file must have, into workspace->digest. The message block that ends
 * the hash goes behind the signature block, where the workspace has room.
 */
__noinline int resume_file_digest(struct workspace *workspace, __u64 block_size)
{
	const struct digsig_manifest *manifest;

	SHOW_VERIFIER(block_size);
	if (!workspace || block_size > DIGSIG_BLOCK_MAX)
		return 1;
	manifest = (const void *)workspace->block;
	for (int i = 0; i < 8; i++)
		workspace->state[i] = manifest->chaining_value[i];
	digsig_sha256_final_message(
		workspace->block + block_size, manifest->content_size + block_size);
	bpf_loop(block_size / 64 + 1, hash_next_message, &workspace, 0);
	digsig_sha256_digest(workspace->state, workspace->digest);
	return 0;
}

/* The footer at that place of the workspace's block: enum digsig_defect. */
__noinline int check_footer(struct workspace *workspace, __u64 at)
{
	SHOW_VERIFIER(at);
	if (!workspace || at > DIGSIG_BLOCK_MAX - DIGSIG_FOOTER_SIZE)
		return DIGSIG_DEFECT_BLOCK_SIZE;
	return digsig_check_footer((const void *)(workspace->block + at), workspace->file_size);
}

/* The rules of the format, on a block of block_size bytes in the workspace: enum digsig_defect. */
__noinline int check_block(struct workspace *workspace, __u64 block_size)
{
	const struct digsig_footer *footer;
	enum digsig_defect defect;
	__u32 cms_size;

	SHOW_VERIFIER(block_size);
	if (!workspace || block_size < DIGSIG_BLOCK_MIN || block_size > DIGSIG_BLOCK_MAX)
		return DIGSIG_DEFECT_BLOCK_SIZE;
	defect = check_footer(workspace, block_size - DIGSIG_FOOTER_SIZE);
	footer = (const void *)(workspace->block + block_size - DIGSIG_FOOTER_SIZE);
	if (!defect && footer->block_size != block_size)
		defect = DIGSIG_DEFECT_BLOCK_SIZE;
	cms_size = footer->cms_size;
	if (!defect)
		defect = digsig_check_cms_length(workspace->block + DIGSIG_MANIFEST_SIZE, cms_size);
	if (!defect)
		defect = digsig_check_padding(
			workspace->block + block_size - DIGSIG_FOOTER_SIZE - 64, cms_size);
	if (!defect)
		defect = digsig_check_manifest(
			(const void *)workspace->block, block_size, workspace->file_size);
	workspace->cms_size = cms_size;
	return defect;
}

/*
 * Judges the block of block_size bytes in the workspace, which stood at the end of a file of
 * workspace->file_size bytes. On OK workspace->digest is the SHA-256 that the file must have to be
 * the signed one, and workspace->trusted what the manifest says of it.
 */
static void verify_block(
	struct workspace *workspace, __u32 block_size, struct verification *result)
{
	const struct digsig_manifest *manifest = (const void *)workspace->block;

	result->verdict = DIGSIG_VERDICT_FAULT;
	result->error = 0;
	result->defect = check_block(workspace, block_size);
	if (result->defect) {
		result->verdict = result->defect == DIGSIG_DEFECT_NO_FOOTER ?
			DIGSIG_VERDICT_UNSIGNED :
			DIGSIG_VERDICT_MALFORMED;
		return;
	}
	workspace->trusted.flags = manifest->flags;
	workspace->trusted.epoch = manifest->epoch;
	__builtin_memcpy(
		workspace->trusted.identity, manifest->identity, sizeof(manifest->identity));
	__builtin_memcpy(workspace->trusted.key_id, manifest->key_id, sizeof(manifest->key_id));

	result->error = check_cms(workspace);
	result->verdict = signature_verdict(result->error);
	if (result->verdict == DIGSIG_VERDICT_OK)
		resume_file_digest(workspace, block_size);
}

/*
 * The digest in the workspace is that of a file which a trusted key signed. Returns 0 also if it was
 * known; -E2BIG: there is no room.
 */
static __always_inline int trust_digest(struct workspace *workspace)
{
	struct digsig_settings *set = get_settings();
	/* An int: before 6.4 the upper half of the answer is not what the type of the helper says. */
	int err = (int)bpf_map_update_elem(
		&trusted, workspace->digest, &workspace->trusted, BPF_NOEXIST);

	if (!err && set)
		__sync_fetch_and_add(&set->trusted_count, 1);
	return err == -EEXIST ? 0 : err;
}

#endif
