/* SPDX-License-Identifier: GPL-2.0 */
/* The decision about one file: docs/enforcement.md tells it as a path. */
#ifndef DIGSIG_JUDGE_BPF_H
#define DIGSIG_JUDGE_BPF_H

#include "event.bpf.h"
#include "file_tail.bpf.h"
#include "revoke.bpf.h"
#include "stability.bpf.h"
#include "verdict_cache.bpf.h"

#define HASH_ALGO_SHA256 4

static __always_inline bool is_denied(__u32 mode, __u32 verdict)
{
	if (verdict == DIGSIG_VERDICT_OK || mode == DIGSIG_MODE_MONITOR)
		return false;
	if (mode == DIGSIG_MODE_PERMISSIVE)
		return verdict != DIGSIG_VERDICT_UNSIGNED && verdict != DIGSIG_VERDICT_UNSTABLE &&
			verdict != DIGSIG_VERDICT_FAULT;
	return true;
}

/* Judges by the block at the file's end; workspace->digest holds the file's real hash. */
static void judge_block(
	struct workspace *workspace, struct file *file, struct verification *result)
{
	const struct digsig_footer *footer = (const void *)workspace->block;
	__u64 real[4];
	__u32 block_size;

	if (workspace->file_size < DIGSIG_BLOCK_MIN) {
		result->verdict = DIGSIG_VERDICT_UNSIGNED;
		return;
	}
	result->error = read_file(workspace, file, workspace->file_size - DIGSIG_FOOTER_SIZE,
		DIGSIG_FOOTER_SIZE);
	if (result->error)
		return;
	result->defect = digsig_check_footer(footer, workspace->file_size);
	if (result->defect) {
		result->verdict = result->defect == DIGSIG_DEFECT_NO_FOOTER ?
			DIGSIG_VERDICT_UNSIGNED :
			DIGSIG_VERDICT_MALFORMED;
		return;
	}
	block_size = footer->block_size;
	result->error =
		read_file(workspace, file, workspace->file_size - block_size, block_size);
	if (result->error)
		return;
	__builtin_memcpy(real, workspace->digest, sizeof(real));
	verify_block(workspace, block_size, result);
	if (result->verdict != DIGSIG_VERDICT_OK) {
		__builtin_memcpy(workspace->digest, real, sizeof(real));
		return;
	}
	if (!digsig_all_equal(workspace->digest, real, sizeof(real))) {
		__builtin_memcpy(workspace->digest, real, sizeof(real));
		result->verdict = DIGSIG_VERDICT_TAMPERED;
		return;
	}
	trust_digest(workspace);
}

/* Judges the bytes as they are now: by their hash, then by the block at their end. */
static void judge_content(
	struct workspace *workspace, struct file *file, struct verification *result)
{
	struct digsig_trusted *known;
	long algorithm;

	result->verdict = DIGSIG_VERDICT_FAULT;
	workspace->file_size = BPF_CORE_READ(file, f_inode, i_size);
	__builtin_memset(&workspace->trusted, 0, sizeof(workspace->trusted));
	algorithm = bpf_ima_file_hash(file, workspace->digest, sizeof(workspace->digest));
	COUNT(hashed);
	if (algorithm != HASH_ALGO_SHA256) {
		COUNT(unhashed);
		result->error = algorithm < 0 ? algorithm : -EINVAL;
		return;
	}
	known = bpf_map_lookup_elem(&trusted, workspace->digest);
	if (known) {
		__builtin_memcpy(&workspace->trusted, known, sizeof(*known));
		result->verdict = DIGSIG_VERDICT_OK;
	} else {
		judge_block(workspace, file, result);
	}
	if (result->verdict == DIGSIG_VERDICT_OK)
		result->verdict = verdict_if_not_revoked(workspace);
}

/*
 * A hook's answer. The branch is kept, so that the verifier sees two constants: made into
 * arithmetic, it is any number to that of 6.12.
 */
static __always_inline int answer_if(bool denied, int error)
{
	if (!denied)
		return 0;
	asm volatile("");
	return error;
}

/* What the mode makes of the verdict. */
static __always_inline bool decide(struct digsig_settings *set, struct judgement *judgement)
{
	if (!is_denied(set->mode, judgement->result.verdict))
		return false;
	COUNT(denied);
	judgement->flags |= DIGSIG_EVENT_DENIED;
	return true;
}

static __always_inline int conclude(
	struct digsig_settings *set, struct file *file, struct judgement *judgement)
{
	bool denied = decide(set, judgement);
	bool cached = judgement->flags & DIGSIG_EVENT_CACHED;

	if (judgement->result.verdict != DIGSIG_VERDICT_OK || !cached)
		emit_event(set, file, judgement);
	return answer_if(denied, -EPERM);
}

/* The verdict as the inode remembers it. */
static __always_inline __u32 verdict_to_store(__u32 verdict, const struct workspace *workspace)
{
	bool writes = verdict == DIGSIG_VERDICT_OK && workspace->trusted.flags & DIGSIG_FLAG_WX;

	return verdict | (writes ? WRITES_OWN_CODE : 0);
}

/* 0: run it; -EPERM. */
static __always_inline int judge_file(struct digsig_settings *set, struct file *file, __u32 hook)
{
	struct judgement judgement = { .hook = hook };
	struct inode *inode = file->f_inode;
	__u32 generation, refusal_generation, verdict;
	enum stability stability;
	__u64 *cache, word;
	int answer;

	COUNT(judged);
	generation = *(volatile __u32 *)&set->generation;
	refusal_generation = *(volatile __u32 *)&set->refusal_generation;
	cache = bpf_inode_storage_get(
		&inode_verdict, inode, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	/* A mere read: libc's inode is asked by all CPUs at once, and a write would move its line. */
	word = cache ? *(volatile __u64 *)cache : 0;
	verdict = cached_verdict(word, set);
	if (verdict != DIGSIG_VERDICT_NONE) {
		COUNT(cached);
		if (verdict == DIGSIG_VERDICT_OK)
			return 0;
		judgement.result.verdict = verdict;
		judgement.flags = DIGSIG_EVENT_CACHED;
		return conclude(set, file, &judgement);
	}

	/* Once more, and in order: the word first, then who has the inode open for writing. */
	word = cache ? __sync_fetch_and_add(cache, 0) : 0;
	stability = file_stability(inode);
	if (stability == MEMORY && hook == DIGSIG_HOOK_MMAP)
		return 0; /* see wx.bpf.h; executed as a program it is a file like others */
	judgement.result.verdict = DIGSIG_VERDICT_UNSTABLE;
	if (stability == UNSTABLE || stability == MEMORY || is_open_for_writing(inode))
		return conclude(set, file, &judgement);

	judgement.result.verdict = DIGSIG_VERDICT_FAULT;
	judgement.result.error = -EBUSY;
	judgement.workspace = take_workspace();
	if (!judgement.workspace)
		return conclude(set, file, &judgement);
	judgement.result.error = 0;
	judge_content(judgement.workspace, file, &judgement.result);
	if (judgement.result.verdict != DIGSIG_VERDICT_OK)
		generation = refusal_generation;
	if (cache && stability == STABLE && judgement.result.verdict != DIGSIG_VERDICT_FAULT &&
		!store_verdict(cache, word, generation,
			verdict_to_store(judgement.result.verdict, judgement.workspace)))
		judgement.result.verdict = DIGSIG_VERDICT_UNSTABLE;
	answer = conclude(set, file, &judgement);
	release_workspace(judgement.workspace);
	return answer;
}

#endif
