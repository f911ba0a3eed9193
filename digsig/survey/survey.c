// SPDX-License-Identifier: GPL-2.0-or-later
#include "survey.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>
#include "../../lib/thread/pool.h"
#include "../catalog/detached.h"
#include "../file/fd_source.h"
#include "../tree/walk.h"

/* A file that has to be read as a whole. */
struct task {
	char *path;
	__u64 size;
	enum candidate_kind kind;
	bool is_unstable;
};

struct survey_work {
	const struct survey_options *options;
	struct survey_result *result;
	enum survey_phase phase;
	pthread_mutex_t lock; /* of all that follows but the atomic numbers */
	struct task *tasks;
	size_t task_count, task_room, entry_room;
	int err;
	atomic_size_t next_task;
	_Atomic __u64 done, total;
};

static bool is_cancelled(const struct survey_work *work)
{
	return work->options->is_cancelled && *work->options->is_cancelled;
}

/* Makes room for one more element of size bytes; NULL when memory is short. */
static void *room_for_one(void *array, size_t count, size_t *room, size_t size)
{
	void *grown;

	if (count < *room)
		return array;
	grown = reallocarray(array, *room ? 2 * *room : 256, size);
	if (grown)
		*room = *room ? 2 * *room : 256;
	return grown;
}

static void add_entry(struct survey_work *work, const struct survey_entry *entry)
{
	struct survey_result *result = work->result;
	struct survey_entry *entries;
	char *path = strdup(entry->path);

	pthread_mutex_lock(&work->lock);
	entries = room_for_one(
		result->entries, result->count, &work->entry_room, sizeof(*entries));
	if (entries)
		result->entries = entries;
	if (entries && path) {
		entries[result->count] = *entry;
		entries[result->count++].path = path;
	} else {
		work->err = -ENOMEM;
		free(path);
	}
	pthread_mutex_unlock(&work->lock);
}

/* A file that vanished was never there; another error is a file that nobody can vouch for. */
static void note_unreadable(
	struct survey_work *work, const char *path, enum candidate_kind kind, int err)
{
	struct survey_entry entry = { .path = (char *)path, .kind = kind,
		.verdict = DIGSIG_VERDICT_FAULT, .error = -err };

	if (err == -ENOENT || err == -ESTALE)
		return;
	pthread_mutex_lock(&work->lock);
	work->result->unreadable++;
	pthread_mutex_unlock(&work->lock);
	if (kind != CANDIDATE_NONE)
		add_entry(work, &entry);
}

static void add_task(struct survey_work *work, const struct task *task)
{
	struct task *tasks;
	char *path = strdup(task->path);

	pthread_mutex_lock(&work->lock);
	tasks = room_for_one(work->tasks, work->task_count, &work->task_room, sizeof(*tasks));
	if (tasks)
		work->tasks = tasks;
	if (tasks && path) {
		tasks[work->task_count] = *task;
		tasks[work->task_count++].path = path;
	} else {
		work->err = -ENOMEM;
		free(path);
	}
	pthread_mutex_unlock(&work->lock);
}

static void count_candidate(struct survey_work *work, enum candidate_kind kind)
{
	pthread_mutex_lock(&work->lock);
	work->result->found[kind]++;
	pthread_mutex_unlock(&work->lock);
}

static void conclude(struct survey_work *work, const char *path, int fd, enum candidate_kind kind,
	const struct file_judgement *judgement)
{
	struct survey_entry entry = { .path = (char *)path, .kind = kind,
		.verdict = judgement->verdict, .flaw = judgement->flaw };

	if (judgement->verdict == DIGSIG_VERDICT_OK) {
		pthread_mutex_lock(&work->lock);
		work->result->accepted[kind]++;
		pthread_mutex_unlock(&work->lock);
		return;
	}
	entry.can_carry = judgement->verdict == DIGSIG_VERDICT_UNSIGNED &&
		kind == CANDIDATE_ELF &&
		candidate_can_carry_block(fd, judgement->block.file_size);
	add_entry(work, &entry);
}

/* As the engine does when digsigd has admitted what it finds: FILE.digsig counts as well. */
static int judge(const struct survey_work *work, const char *path, int fd,
	const struct file_progress *progress, struct file_judgement *judgement)
{
	const struct survey_options *options = work->options;
	struct detached_finding detached;
	int err = file_judge_known(fd, options->trust, options->known, progress, judgement);

	if (!err && options->trust && judgement->verdict != DIGSIG_VERDICT_OK)
		err = detached_judge(fd, path, options->trust, progress, judgement, &detached);
	if (!err && options->revoked)
		revocations_judge(options->revoked, judgement);
	return err;
}

/* What has to be hashed waits for the second phase; the rest is decided by the file's end. */
static void judge_or_queue(struct survey_work *work, const char *path, int fd,
	const struct stat *st, enum candidate_kind kind, bool is_unstable)
{
	struct task task = { (char *)path, (__u64)st->st_size, kind, is_unstable };
	struct file_judgement judgement;
	int err = 0;

	count_candidate(work, kind);
	if (work->options->known) {
		add_task(work, &task);
		return;
	}
	err = signature_block_read(fd, &judgement.block);
	if (!err && judgement.block.defect != DIGSIG_DEFECT_NO_FOOTER) {
		add_task(work, &task);
		return;
	}
	if (!err)
		err = judge(work, path, fd, NULL, &judgement);
	if (!err && is_unstable && judgement.verdict == DIGSIG_VERDICT_OK)
		judgement.verdict = DIGSIG_VERDICT_UNSTABLE;
	if (err)
		note_unreadable(work, path, kind, err);
	else
		conclude(work, path, fd, kind, &judgement);
}

static void look_at_file(void *context, const struct tree_entry *entry)
{
	struct survey_work *work = context;
	const char *name = entry->name, *path = entry->path;
	bool is_unstable = entry->file_system == FILE_SYSTEM_UNSTABLE ||
		entry->file_system == FILE_SYSTEM_PSEUDO;
	int fd = openat(entry->directory, name,
		O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	__u8 head[CANDIDATE_HEAD_SIZE];
	enum candidate_kind kind;
	struct stat st;
	ssize_t size;

	atomic_fetch_add(&work->done, 1);
	if (fd < 0) {
		/* Replaced by a symbolic link: not the file that was found. */
		if (errno != ELOOP)
			note_unreadable(work, path, CANDIDATE_NONE, -errno);
		return;
	}
	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		goto out;
	size = pread(fd, head, sizeof(head), 0);
	if (size < 0) {
		note_unreadable(work, path, CANDIDATE_NONE, -errno);
		goto out;
	}
	kind = candidate_kind(name, st.st_mode, head, (size_t)size);
	if ((kind == CANDIDATE_ELF || kind == CANDIDATE_MODULE) &&
		candidate_has_only_debug(fd, (__u64)st.st_size))
		kind = CANDIDATE_OBJECT;
	if (kind == CANDIDATE_OBJECT)
		count_candidate(work, kind);
	else if (kind != CANDIDATE_NONE && work->options->kinds & 1U << kind)
		judge_or_queue(work, path, fd, &st, kind, is_unstable);
out:
	close(fd);
}

static void leave_out(struct survey_work *work, const char *path)
{
	struct survey_result *result = work->result;
	char *copy = strdup(path), **grown;

	pthread_mutex_lock(&work->lock);
	grown = reallocarray(result->left_out, result->left_out_count + 1, sizeof(*grown));
	if (grown)
		result->left_out = grown;
	if (grown && copy)
		grown[result->left_out_count++] = copy;
	else
		free(copy);
	pthread_mutex_unlock(&work->lock);
}

/* Pseudo file systems hold nothing that runs; of what can change unseen, the user is told. */
static bool crosses_into(void *context, const char *path, enum file_system_kind kind)
{
	if (kind == FILE_SYSTEM_UNSTABLE)
		leave_out(context, path);
	return kind != FILE_SYSTEM_UNSTABLE && kind != FILE_SYSTEM_PSEUDO;
}

static void cannot_look(void *context, const char *path, int err)
{
	note_unreadable(context, path, CANDIDATE_NONE, err);
}

struct task_progress {
	struct survey_work *work;
	__u64 reported;
};

static void add_progress(void *context, __u64 done, __u64 total)
{
	struct task_progress *progress = context;

	(void)total;
	atomic_fetch_add(&progress->work->done, done - progress->reported);
	progress->reported = done;
}

static void carry_out(struct survey_work *work, const struct task *task)
{
	int fd = open(task->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	struct task_progress progress = { work, 0 };
	const struct file_progress watched = { .report = add_progress, .context = &progress };
	struct file_judgement judgement;
	int err;

	if (fd < 0) {
		note_unreadable(work, task->path, task->kind, -errno);
		return;
	}
	err = judge(work, task->path, fd, &watched, &judgement);
	if (err) {
		note_unreadable(work, task->path, task->kind, err);
	} else {
		if (task->is_unstable && judgement.verdict == DIGSIG_VERDICT_OK)
			judgement.verdict = DIGSIG_VERDICT_UNSTABLE;
		conclude(work, task->path, fd, task->kind, &judgement);
	}
	if (task->size > progress.reported)
		atomic_fetch_add(&work->done, task->size - progress.reported);
	close(fd);
}

static void hash(void *context)
{
	struct survey_work *work = context;
	size_t at;

	while (!is_cancelled(work) && (at = atomic_fetch_add(&work->next_task, 1)) < work->task_count)
		carry_out(work, &work->tasks[at]);
}

static void report(void *context)
{
	struct survey_work *work = context;

	if (work->options->report)
		work->options->report(work->options->context, work->phase,
			atomic_load(&work->done), atomic_load(&work->total));
}

static int compare_tasks(const void *a, const void *b)
{
	const struct task *one = a, *other = b;

	return one->size < other->size ? 1 : one->size > other->size ? -1 : 0;
}

static int compare_entries(const void *a, const void *b)
{
	const struct survey_entry *one = a, *other = b;

	return strcmp(one->path, other->path);
}

/* How many files there are is known of a whole file system alone: the inodes in use. */
static __u64 guess_files(const struct survey_options *options)
{
	struct statfs fs;

	if (options->root_count != 1 || strcmp(options->roots[0], "/") || statfs("/", &fs))
		return 0;
	return fs.f_files > fs.f_ffree ? fs.f_files - fs.f_ffree : 0;
}

static int look(struct survey_work *work)
{
	const struct survey_options *options = work->options;
	const struct tree_walk walk = {
		.roots = options->roots,
		.root_count = options->root_count,
		.threads = options->threads,
		.file = look_at_file,
		.crosses = crosses_into,
		.unreadable = cannot_look,
		.tick = report,
		.context = work,
		.is_cancelled = options->is_cancelled,
	};

	work->phase = SURVEY_LOOKING;
	atomic_store(&work->total, guess_files(options));
	return tree_walk(&walk);
}

static int hash_what_is_signed(struct survey_work *work)
{
	__u64 total = 0;

	for (size_t i = 0; i < work->task_count; i++)
		total += work->tasks[i].size;
	/* The largest first, so that no thread is left alone with one at the end. */
	qsort(work->tasks, work->task_count, sizeof(*work->tasks), compare_tasks);
	work->phase = SURVEY_HASHING;
	atomic_store(&work->done, 0);
	atomic_store(&work->total, total);
	return pool_run(work->options->threads, hash, report, work);
}

int survey(const struct survey_options *options, struct survey_result *result)
{
	struct survey_work work = { .options = options, .result = result };
	int err;

	*result = (struct survey_result){ 0 };
	pthread_mutex_init(&work.lock, NULL);
	err = look(&work);
	result->files = atomic_load(&work.done);
	if (!err && work.task_count)
		err = hash_what_is_signed(&work);
	if (!err)
		err = work.err;
	if (!err && is_cancelled(&work))
		err = -ECANCELED;
	if (result->count)
		qsort(result->entries, result->count, sizeof(*result->entries), compare_entries);
	for (size_t i = 0; i < work.task_count; i++)
		free(work.tasks[i].path);
	free(work.tasks);
	pthread_mutex_destroy(&work.lock);
	return err;
}

void survey_free(struct survey_result *result)
{
	for (size_t i = 0; i < result->count; i++)
		free(result->entries[i].path);
	for (size_t i = 0; i < result->left_out_count; i++)
		free(result->left_out[i]);
	for (size_t i = 0; i < result->name_count; i++)
		free(result->names[i]);
	free(result->entries);
	free(result->left_out);
	free(result->names);
	*result = (struct survey_result){ 0 };
}

struct survey_entry *survey_find(const struct survey_result *result, const char *path)
{
	const struct survey_entry key = { .path = (char *)path };

	if (!result->count)
		return NULL;
	return bsearch(&key, result->entries, result->count, sizeof(key), compare_entries);
}
