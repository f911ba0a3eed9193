// SPDX-License-Identifier: GPL-2.0-or-later
#include "revoked.h"
#include <errno.h>
#include <string.h>
#include "../../lib/file/same_version.h"

void fanotify_revoked_init(
	struct fanotify_revoked *revoked, const char *path, struct revocations *list)
{
	*revoked = (struct fanotify_revoked){ .path = path, .list = *list };
	pthread_rwlock_init(&revoked->lock, NULL);
	*list = (struct revocations){ 0 };
}

void fanotify_revoked_free(struct fanotify_revoked *revoked)
{
	revocations_free(&revoked->list);
	pthread_rwlock_destroy(&revoked->lock);
}

static void look_at(const char *path, struct stat *st)
{
	if (stat(path, st))
		memset(st, 0, sizeof(*st));
}

/* Adds what is new in the file. Under the lock, for writing. */
static int read_again(struct fanotify_revoked *revoked, struct revocation_problem *problem)
{
	struct revocations more;
	int err = revocation_store_read(revoked->path, &more, problem), is_new = 0;

	for (size_t i = 0; err >= 0 && i < more.count; i++) {
		err = revocations_add(&revoked->list, &more.entries[i]);
		is_new |= err > 0;
		if (err < 0)
			list_fail(problem, err, "%.400s: %s", revoked->path, strerror(-err));
	}
	revocations_free(&more);
	return err < 0 ? err : is_new;
}

int fanotify_revoked_refresh(struct fanotify_revoked *revoked, struct fanotify_cache *cache,
	struct revocation_problem *problem)
{
	struct stat now;
	bool is_known;
	int result = 0;

	if (!revoked->path)
		return 0;
	look_at(revoked->path, &now);
	pthread_rwlock_rdlock(&revoked->lock);
	is_known = is_same_version(&now, &revoked->seen);
	pthread_rwlock_unlock(&revoked->lock);
	if (is_known)
		return 0;
	pthread_rwlock_wrlock(&revoked->lock);
	/* Looked at before it is read: a change in between is seen the next time. */
	look_at(revoked->path, &now);
	if (!is_same_version(&now, &revoked->seen)) {
		result = read_again(revoked, problem);
		if (result)
			fanotify_cache_forget_all(cache);
		revoked->seen = now;
	}
	pthread_rwlock_unlock(&revoked->lock);
	return result < 0 ? result : 0;
}

void fanotify_revoked_judge(struct fanotify_revoked *revoked, struct file_judgement *judgement)
{
	pthread_rwlock_rdlock(&revoked->lock);
	revocations_judge(&revoked->list, judgement);
	pthread_rwlock_unlock(&revoked->lock);
}
