// SPDX-License-Identifier: GPL-2.0-or-later
#include "known_digests.h"
#include "hash.h"

int file_judge_known(int fd, const struct trust_store *store, const struct known_digests *known,
	const struct file_progress *progress, struct file_judgement *judgement)
{
	int err = file_judge_watched(fd, store, 0, progress, judgement);

	if (err || !known)
		return err;
	if (!judgement->is_hashed)
		err = file_hash(fd, judgement->block.file_size, progress, judgement->digest);
	if (err) {
		judgement->verdict = DIGSIG_VERDICT_FAULT;
		return err;
	}
	judgement->is_hashed = true;
	if (known->contains(known->context, judgement->digest, &judgement->signed_as)) {
		judgement->verdict = DIGSIG_VERDICT_OK;
		judgement->flaw = FILE_FLAW_NONE;
	}
	return 0;
}
