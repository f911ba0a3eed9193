/* SPDX-License-Identifier: GPL-2.0 */
/* The decision about one file: docs/enforcement.md tells it as a path. */
#ifndef DIGSIG_JUDGE_BPF_H
#define DIGSIG_JUDGE_BPF_H

#include "event.bpf.h"
#include "file_tail.bpf.h"
#include "in_use.bpf.h"
#include "layer.bpf.h"
#include "past_end.bpf.h"
#include "revoke.bpf.h"
#include "stability.bpf.h"

#define HASH_ALGO_SHA256 4

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
	result->defect = check_footer(workspace, 0);
	if (result->defect) {
		result->verdict = result->defect == DIGSIG_DEFECT_NO_FOOTER ?
			DIGSIG_VERDICT_UNSIGNED :
			DIGSIG_VERDICT_MALFORMED;
		return;
	}
	/* check_footer has bounded it; the next read overwrites the footer. */
	block_size = footer->block_size;
	result->error =
		read_file(workspace, file, workspace->file_size - block_size, block_size);
	if (result->error)
		return;
	/* verify_block overwrites it with the digest that must be; an event shows the real one. */
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
	/* Other files with these bytes are ok by it. Without room they are verified again. */
	trust_digest(workspace);
}

/* Judges the bytes whose hash is in the workspace: by that, then by the block at their end. */
static void judge_content(
	struct workspace *workspace, struct file *file, struct verification *result)
{
	struct digsig_trusted *known;

	result->verdict = DIGSIG_VERDICT_FAULT;
	__builtin_memset(&workspace->trusted, 0, sizeof(workspace->trusted));
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
 * The file's SHA-256. Hashing takes long and heeds no signal, so it is bounded: by the size of a file
 * and, for all but root, by what a user has hashed at the same time. It needs no workspace, of which
 * there are only so many. 0, or why not: -E2BIG: too large; -EBUSY: too much at once.
 */
static int hash_file(struct digsig_settings *set, struct file *file, __u64 size, __u8 *digest)
{
	__u64 *under_way = NULL;
	long algorithm;

	if (size > set->max_file_size)
		return -E2BIG;
	/* Counted before the comparison: two that begin at once see each other. */
	under_way = begin_hash(size);
	if (!under_way)
		return -EBUSY;
	if (*(volatile __u64 *)under_way > set->max_file_size && (__u32)bpf_get_current_uid_gid()) {
		__sync_fetch_and_sub(under_way, size);
		return -EBUSY;
	}
	algorithm = bpf_ima_file_hash(file, digest, DIGSIG_DIGEST_SIZE);
	__sync_fetch_and_sub(under_way, size);
	COUNT(hashed);
	if (algorithm == HASH_ALGO_SHA256)
		return 0;
	COUNT(unhashed);
	return algorithm < 0 ? algorithm : -EINVAL;
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
	if (!digsig_mode_denies(set->mode, judgement->result.verdict))
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

/* Whether the bytes can be judged now, and nobody changes them while the word stays what it is. */
static __always_inline bool can_be_judged(
	struct file *file, const struct pages *pages, __u64 word)
{
	if (pages->stability == LAYERED)
		return is_below_stable(pages);
	if (pages->stability != STABLE || is_open_for_writing(file->f_inode))
		return false;
	return !may_be_written(pages->inode, pages->place, word);
}

/* Hashes and judges. Fills in all of the judgement; its workspace is the caller's to release. */
static __always_inline void judge_bytes(
	struct digsig_settings *set, struct file *file, struct judgement *judgement)
{
	__u64 size = BPF_CORE_READ(file, f_inode, i_size);
	__u8 digest[DIGSIG_DIGEST_SIZE] = {};

	judgement->result.error = hash_file(set, file, size, digest);
	judgement->result.verdict = judgement->result.error == -E2BIG ? DIGSIG_VERDICT_UNSIGNED :
									DIGSIG_VERDICT_FAULT;
	if (judgement->result.error)
		return;
	judgement->result.error = -EBUSY;
	judgement->workspace = take_workspace();
	if (!judgement->workspace)
		return;
	judgement->result.error = 0;
	judgement->workspace->file_size = size;
	__builtin_memcpy(judgement->workspace->digest, digest, sizeof(digest));
	judge_content(judgement->workspace, file, &judgement->result);
}

/* Remembers the verdict. False: the bytes may have changed since the word was read. */
static __always_inline bool remember(
	__u64 *cache, __u64 word, __u32 generation, const struct judgement *judgement)
{
	__u32 verdict = judgement->result.verdict;

	if (verdict == DIGSIG_VERDICT_FAULT || !judgement->workspace)
		return true;
	return store_verdict(
		cache, word, generation, verdict_to_store(verdict, judgement->workspace));
}

/* A file whose inode carries no verdict that counts. */
static int judge_anew(struct digsig_settings *set, struct file *file, __u32 hook, __u64 *cache,
	const struct pages *pages)
{
	struct judgement judgement = { .hook = hook };
	/* Read first: what is loaded or revoked during the judgement voids the verdict. */
	__u32 generation = *(volatile __u32 *)&set->generation;
	__u32 refusal_generation = *(volatile __u32 *)&set->refusal_generation;
	bool is_layered = pages->stability == LAYERED, is_same = true;
	struct layer *layer = NULL;
	__u64 word, writes = 0;
	int answer;

	if (pages->stability == MEMORY && hook == DIGSIG_HOOK_MMAP)
		return 0; /* see wx.bpf.h; executed as a program it is a file like others */
	if (is_layered && pages->place) {
		writes = writes_of(pages->place);
		layer = begin_layer(file, pages, cache, writes);
	}
	/* In order: the word first, then who has the inode open for writing. */
	word = __sync_fetch_and_add(cache, 0);
	judgement.result.verdict = DIGSIG_VERDICT_UNSTABLE;
	if (!can_be_judged(file, pages, word))
		return conclude(set, file, &judgement);
	judge_bytes(set, file, &judgement);
	/* After the hash, which brought the last page into memory. */
	if (judgement.result.verdict == DIGSIG_VERDICT_OK)
		is_same = !is_used_past_end(pages->inode);
	else
		generation = refusal_generation;
	if (is_same && is_layered)
		is_same = is_below_unchanged(file, pages, writes);
	if (is_same && (!is_layered || is_layer_of(layer, writes)))
		is_same = remember(cache, word, generation, &judgement);
	/* What was judged may not be what would run. */
	if (!is_same && judgement.result.verdict != DIGSIG_VERDICT_FAULT)
		judgement.result.verdict = DIGSIG_VERDICT_UNSTABLE;
	answer = conclude(set, file, &judgement);
	if (judgement.workspace)
		release_workspace(judgement.workspace);
	return answer;
}

/* 0: run it; -EPERM. pages: the file's. */
static __always_inline int judge_pages(
	struct digsig_settings *set, struct file *file, __u32 hook, const struct pages *pages)
{
	struct judgement judgement = { .hook = hook };
	__u64 *cache = inode_word(file->f_inode);
	__u32 verdict = DIGSIG_VERDICT_NONE;

	COUNT(judged);
	if (!cache) {
		judgement.result.verdict = DIGSIG_VERDICT_FAULT;
		judgement.result.error = -ENOMEM;
		return conclude(set, file, &judgement);
	}
	/* A mere read: libc's inode is asked by all CPUs at once, and a write would move its line. */
	if (pages->stability != LAYERED || is_layer_current(file, pages))
		verdict = cached_verdict(*(volatile __u64 *)cache, set);
	if (verdict == DIGSIG_VERDICT_NONE)
		return judge_anew(set, file, hook, cache, pages);
	COUNT(cached);
	if (verdict == DIGSIG_VERDICT_OK)
		return 0;
	judgement.result.verdict = verdict;
	judgement.flags = DIGSIG_EVENT_CACHED;
	return conclude(set, file, &judgement);
}

/* The same for a file that is read, not mapped. */
static __always_inline int judge_file(struct digsig_settings *set, struct file *file, __u32 hook)
{
	struct pages pages = pages_of(file);

	return judge_pages(set, file, hook, &pages);
}

/* The same for a file that is about to be mapped as code. */
static __always_inline int judge_mapping(struct digsig_settings *set, struct file *file, __u32 hook)
{
	struct pages pages = pages_of(file);

	if (pages.stability == LAYERED)
		note(pages.place, NOTED_CODE);
	/* Before the verdict is read: see in_use.bpf.h. */
	if (pages.stability != MEMORY) /* shmat(2) maps it in a way of its own */
		begin_mapping(pages.inode, pages.place, pages.place_index);
	return judge_pages(set, file, hook, &pages);
}

#endif
