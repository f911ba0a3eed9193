// SPDX-License-Identifier: GPL-2.0-or-later
/* What has become of the files that the log speaks of. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../catalog/detached.h"
#include "../file/hash.h"
#include "learned.h"

static enum learned_now compare(
	const struct learned_entry *entry, const __u8 digest[DIGSIG_DIGEST_SIZE])
{
	if (!entry->has_digest)
		return LEARNED_PRESENT;
	return memcmp(entry->digest, digest, sizeof(entry->digest)) ? LEARNED_CHANGED
								     : LEARNED_SAME;
}

static int look_at(struct learned_entry *entry, int fd, const struct trust_store *store,
	const struct known_digests *known, const struct revocations *revoked)
{
	struct detached_finding detached;
	struct file_judgement judgement;
	__u8 head[CANDIDATE_HEAD_SIZE];
	struct stat st;
	ssize_t size;
	int err;

	if (fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -ENOENT;
	size = pread(fd, head, sizeof(head), 0);
	if (size < 0)
		return -errno;
	entry->kind = candidate_kind(entry->path, st.st_mode, head, (size_t)size);
	err = file_judge_known(fd, store, known, NULL, &judgement);
	if (!err && store && judgement.verdict != DIGSIG_VERDICT_OK)
		err = detached_judge(fd, entry->path, store, NULL, &judgement, &detached);
	if (!err && !judgement.is_hashed)
		err = file_hash(fd, judgement.block.file_size, NULL, judgement.digest);
	if (err)
		return err;
	revocations_judge(revoked, &judgement);
	/* Without a trust: it bears a signature that fits its bytes, whoever's it is. */
	if (judgement.verdict == DIGSIG_VERDICT_OK || judgement.verdict == DIGSIG_VERDICT_NONE)
		entry->now = LEARNED_TRUSTED;
	else
		entry->now = compare(entry, judgement.digest);
	entry->can_carry = judgement.verdict == DIGSIG_VERDICT_UNSIGNED &&
		entry->kind == CANDIDATE_ELF &&
		candidate_can_carry_block(fd, judgement.block.file_size);
	return 0;
}

void learned_look(struct learned *learned, const struct trust_store *store,
	const struct known_digests *known, const struct revocations *revoked)
{
	for (size_t i = 0; i < learned->count; i++) {
		struct learned_entry *entry = &learned->entries[i];
		int fd, err;

		if (entry->path_is_cut || *entry->path != '/') {
			entry->now = LEARNED_NAMELESS;
			continue;
		}
		fd = open(entry->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
		err = fd < 0 ? -errno : look_at(entry, fd, store, known, revoked);
		if (fd >= 0)
			close(fd);
		if (err == -ENOENT || err == -ENOTDIR)
			entry->now = LEARNED_GONE;
		else if (err)
			entry->now = LEARNED_UNREADABLE;
	}
}
