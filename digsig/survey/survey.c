// SPDX-License-Identifier: GPL-2.0-or-later
#include "survey.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>
#include "../catalog/detached.h"
#include "../file/fd_source.h"
#include "../file/stability.h"
#include "inode_set.h"

/* A folder that waits to be read. */
struct folder {
	struct folder *next;
	dev_t device; /* of the folder it was found in; 0: a root */
	char path[];
};

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
	pthread_mutex_t lock; /* of all that follows but the atomic numbers */
	pthread_cond_t change; /* folders, busy or running */
	struct folder *folders;
	unsigned int busy; /* threads that may still find folders */
	unsigned int running; /* threads that have not ended */
	struct inode_set seen;
	struct task *tasks;
	size_t task_count, task_room, entry_room;
	int err;
	atomic_bool is_given_up;
	atomic_size_t next_task;
	_Atomic __u64 done, total;
};

static bool is_given_up(struct survey_work *work)
{
	const volatile sig_atomic_t *is_cancelled = work->options->is_cancelled;

	if (is_cancelled && *is_cancelled)
		atomic_store(&work->is_given_up, true);
	return atomic_load(&work->is_given_up);
}

static void give_up(struct survey_work *work, int err)
{
	pthread_mutex_lock(&work->lock);
	work->err = work->err ? work->err : err;
	pthread_mutex_unlock(&work->lock);
	atomic_store(&work->is_given_up, true);
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

	if (err || !options->trust || judgement->verdict == DIGSIG_VERDICT_OK)
		return err;
	return detached_judge(fd, path, options->trust, progress, judgement, &detached);
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

/* name is looked up in directory; path is the same file, for people. */
static void look_at_file(struct survey_work *work, int directory, const char *name,
	const char *path, bool is_unstable)
{
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
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
	if (kind == CANDIDATE_OBJECT)
		count_candidate(work, kind);
	else if (kind != CANDIDATE_NONE && work->options->kinds & 1U << kind)
		judge_or_queue(work, path, fd, &st, kind, is_unstable);
out:
	close(fd);
}

static void add_folder(struct survey_work *work, const char *path, dev_t device)
{
	size_t size = strlen(path) + 1;
	struct folder *folder = malloc(sizeof(*folder) + size);

	if (!folder) {
		give_up(work, -ENOMEM);
		return;
	}
	folder->device = device;
	memcpy(folder->path, path, size);
	pthread_mutex_lock(&work->lock);
	folder->next = work->folders;
	work->folders = folder;
	pthread_cond_signal(&work->change);
	pthread_mutex_unlock(&work->lock);
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

/* Whether to go into a folder that was just opened; sets *is_unstable. */
static bool is_entered(struct survey_work *work, const struct folder *folder, int fd,
	const struct stat *st, bool *is_unstable)
{
	enum file_system_kind kind = FILE_SYSTEM_UNSTABLE;
	struct statfs fs;
	int is_new;

	if (!fstatfs(fd, &fs))
		kind = file_system_kind((unsigned long)fs.f_type);
	*is_unstable = kind == FILE_SYSTEM_UNSTABLE || kind == FILE_SYSTEM_PSEUDO;
	if (folder->device && folder->device != st->st_dev) {
		if (kind == FILE_SYSTEM_PSEUDO)
			return false;
		if (kind == FILE_SYSTEM_UNSTABLE) {
			leave_out(work, folder->path);
			return false;
		}
	}
	pthread_mutex_lock(&work->lock);
	is_new = inode_set_add(&work->seen, st->st_dev, st->st_ino);
	pthread_mutex_unlock(&work->lock);
	if (is_new < 0)
		give_up(work, is_new);
	return is_new > 0;
}

static void look_at_name(struct survey_work *work, const struct folder *folder, DIR *directory,
	const struct dirent *entry, const struct stat *st, bool is_unstable)
{
	unsigned char type = entry->d_type;
	char path[PATH_MAX];
	struct stat found;

	if (type == DT_UNKNOWN &&
		!fstatat(dirfd(directory), entry->d_name, &found, AT_SYMLINK_NOFOLLOW))
		type = IFTODT(found.st_mode);
	if (type != DT_DIR && type != DT_REG)
		return;
	if (snprintf(path, sizeof(path), "%s/%s", !strcmp(folder->path, "/") ? "" : folder->path,
		    entry->d_name) >= (int)sizeof(path))
		note_unreadable(work, folder->path, CANDIDATE_NONE, -ENAMETOOLONG);
	else if (type == DT_DIR)
		add_folder(work, path, st->st_dev);
	else
		look_at_file(work, dirfd(directory), entry->d_name, path, is_unstable);
}

static void read_folder(struct survey_work *work, const struct folder *folder)
{
	int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
	int fd = open(folder->path, flags);
	const struct dirent *entry;
	bool is_unstable = false;
	DIR *directory = NULL;
	struct stat st;

	if (fd < 0 || fstat(fd, &st)) {
		if (errno != ELOOP && errno != ENOTDIR)
			note_unreadable(work, folder->path, CANDIDATE_NONE, -errno);
	} else if (is_entered(work, folder, fd, &st, &is_unstable)) {
		directory = fdopendir(fd);
	}
	if (!directory) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while (!is_given_up(work) && (entry = readdir(directory)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			look_at_name(work, folder, directory, entry, &st, is_unstable);
	closedir(directory);
}

/* The next folder to read; NULL: there is none, and nobody is left who could find one. */
static struct folder *take_folder(struct survey_work *work)
{
	struct folder *folder;

	pthread_mutex_lock(&work->lock);
	work->busy--;
	while (!work->folders && work->busy)
		pthread_cond_wait(&work->change, &work->lock);
	folder = work->folders;
	if (folder) {
		work->folders = folder->next;
		work->busy++;
	} else {
		pthread_cond_broadcast(&work->change);
	}
	pthread_mutex_unlock(&work->lock);
	return folder;
}

static void end_thread(struct survey_work *work)
{
	pthread_mutex_lock(&work->lock);
	work->running--;
	pthread_cond_broadcast(&work->change);
	pthread_mutex_unlock(&work->lock);
}

static void *look(void *context)
{
	struct survey_work *work = context;
	struct folder *folder;

	while ((folder = take_folder(work))) {
		if (!is_given_up(work))
			read_folder(work, folder);
		free(folder);
	}
	end_thread(work);
	return NULL;
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

static void *hash(void *context)
{
	struct survey_work *work = context;
	size_t at;

	while (!is_given_up(work) && (at = atomic_fetch_add(&work->next_task, 1)) < work->task_count)
		carry_out(work, &work->tasks[at]);
	end_thread(work);
	return NULL;
}

/* Runs body in all threads, and tells the caller's caller how far it is until they have ended. */
static int run_threads(struct survey_work *work, void *(*body)(void *), enum survey_phase phase)
{
	unsigned int wanted = work->options->threads, started = 0;
	pthread_t threads[256];

	if (wanted > 256)
		wanted = 256;
	pthread_mutex_lock(&work->lock);
	work->running = work->busy = wanted;
	pthread_mutex_unlock(&work->lock);
	while (started < wanted && !pthread_create(&threads[started], NULL, body, work))
		started++;
	pthread_mutex_lock(&work->lock);
	work->running -= wanted - started;
	work->busy -= wanted - started;
	pthread_cond_broadcast(&work->change);
	while (work->running) {
		struct timespec until;

		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += 100 * 1000 * 1000;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		pthread_cond_timedwait(&work->change, &work->lock, &until);
		if (!work->options->report)
			continue;
		pthread_mutex_unlock(&work->lock);
		work->options->report(work->options->context, phase, atomic_load(&work->done),
			atomic_load(&work->total));
		pthread_mutex_lock(&work->lock);
	}
	pthread_mutex_unlock(&work->lock);
	for (unsigned int i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	return started ? 0 : -EAGAIN;
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

static void begin_at(struct survey_work *work, const char *root)
{
	enum file_system_kind kind = FILE_SYSTEM_UNSTABLE;
	struct statfs fs;
	struct stat st;

	if (lstat(root, &st)) {
		note_unreadable(work, root, CANDIDATE_NONE, -errno);
	} else if (S_ISDIR(st.st_mode)) {
		add_folder(work, root, 0);
	} else if (S_ISREG(st.st_mode)) {
		if (!statfs(root, &fs))
			kind = file_system_kind((unsigned long)fs.f_type);
		look_at_file(work, AT_FDCWD, root, root,
			kind == FILE_SYSTEM_UNSTABLE || kind == FILE_SYSTEM_PSEUDO);
	}
}

static void clean_up(struct survey_work *work)
{
	while (work->folders) {
		struct folder *folder = work->folders;

		work->folders = folder->next;
		free(folder);
	}
	for (size_t i = 0; i < work->task_count; i++)
		free(work->tasks[i].path);
	free(work->tasks);
	inode_set_free(&work->seen);
	pthread_cond_destroy(&work->change);
	pthread_mutex_destroy(&work->lock);
}

int survey(const struct survey_options *given, struct survey_result *result)
{
	struct survey_options options = *given;
	struct survey_work work = { .options = &options, .result = result };
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	int err;

	*result = (struct survey_result){ 0 };
	if (!options.threads)
		options.threads = processors > 0 ? (unsigned int)processors : 1;
	pthread_mutex_init(&work.lock, NULL);
	pthread_cond_init(&work.change, NULL);
	for (size_t i = 0; i < options.root_count; i++)
		begin_at(&work, options.roots[i]);
	atomic_store(&work.total, guess_files(&options));
	err = run_threads(&work, look, SURVEY_LOOKING);
	result->files = atomic_load(&work.done);
	if (!err && work.task_count) {
		__u64 total = 0;

		for (size_t i = 0; i < work.task_count; i++)
			total += work.tasks[i].size;
		/* The largest first, so that no thread is left alone with one at the end. */
		qsort(work.tasks, work.task_count, sizeof(*work.tasks), compare_tasks);
		atomic_store(&work.done, 0);
		atomic_store(&work.total, total);
		err = run_threads(&work, hash, SURVEY_HASHING);
	}
	if (!err)
		err = work.err;
	if (!err && atomic_load(&work.is_given_up))
		err = -ECANCELED;
	if (result->count)
		qsort(result->entries, result->count, sizeof(*result->entries), compare_entries);
	clean_up(&work);
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
