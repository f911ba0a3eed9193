// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine.h"
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/resource.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>
#include "../../lib/file/same_version.h"
#include "../file/hash.h"
#include "../file/file_system_kind.h"
#include "../survey/candidate.h"
#include "cache.h"
#include "revoked.h"

#define QUESTIONS_MAX 1024 /* that wait for a thread */
#define EVENTS_MAX 1024 /* that wait for the handler: 1.2 MiB */
#define THREADS_MAX 64

/* Somebody waits in the kernel for an answer; fd is the file in question. */
struct question {
	int fd;
	pid_t pid;
	bool is_exec;
};

struct fanotify_engine {
	int fd, stop;
	struct fanotify_options options;
	struct fanotify_cache cache;
	struct fanotify_revoked revoked;

	pthread_mutex_t lock; /* of the questions */
	pthread_cond_t asked, taken;
	struct question questions[QUESTIONS_MAX];
	size_t first_question, question_count, question_room;
	bool is_ending;

	pthread_mutex_t event_lock;
	pthread_cond_t happened;
	struct digsig_event events[EVENTS_MAX];
	size_t first_event, event_count;
	__u64 events_lost;
	bool is_silent; /* no more events will come */

	_Atomic __u64 judged, cached, hashed, signature_checks, denied;
};

/* Cut to size; what is behind the text is zero already. */
static void copy_text(__u8 *out, size_t size, const char *text)
{
	size_t length = strlen(text);

	memcpy(out, text, length < size ? length : size - 1);
}

/* Name, parent and user of who asks: it waits, so /proc still has it. */
static void describe_asker(struct digsig_event *event, pid_t pid)
{
	char path[64], line[256], *end;
	FILE *file;

	event->pid = (__u32)pid;
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		if (!strncmp(line, "Name:\t", 6)) {
			line[strcspn(line, "\n")] = '\0';
			copy_text(event->comm, sizeof(event->comm), line + 6);
		} else if (!strncmp(line, "PPid:\t", 6)) {
			event->ppid = (__u32)strtoul(line + 6, &end, 10);
		} else if (!strncmp(line, "Uid:\t", 5)) {
			event->uid = (__u32)strtoul(line + 5, &end, 10);
			break;
		}
	}
	if (file)
		fclose(file);
}

static void describe_file(struct digsig_event *event, int fd, const struct stat *st)
{
	char link[64], path[PATH_MAX] = "";
	const char *text = path;
	ssize_t size;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	size = readlink(link, path, sizeof(path) - 1);
	if (size > 0)
		path[size] = '\0';
	if (size >= DIGSIG_PATH_SIZE) {
		text = strrchr(path, '/') + 1;
		event->flags |= DIGSIG_EVENT_PATH_CUT;
	}
	copy_text(event->path, sizeof(event->path), text);
	event->inode = st->st_ino;
	event->device = major(st->st_dev) << 20 | minor(st->st_dev);
}

static void describe_judgement(struct digsig_event *event, const struct file_judgement *judgement)
{
	const struct digsig_manifest *manifest;

	if (judgement->is_hashed) {
		memcpy(event->digest, judgement->digest, sizeof(event->digest));
		event->flags |= DIGSIG_EVENT_DIGEST;
	}
	event->defect = judgement->verdict == DIGSIG_VERDICT_MALFORMED
		? (__u32)judgement->block.defect
		: 0;
	if (judgement->block.defect || !judgement->block.size)
		return;
	manifest = signature_block_manifest(&judgement->block);
	event->epoch = digsig_le64(manifest->epoch);
	memcpy(event->identity, manifest->identity, sizeof(event->identity));
	memcpy(event->key_id, manifest->key_id, sizeof(event->key_id));
}

/* Hands the event to the handler's thread; nobody waits for that one. */
static void emit(struct fanotify_engine *engine, struct digsig_event *event)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	event->time = (__u64)now.tv_sec * 1000000000ULL + (__u64)now.tv_nsec;
	pthread_mutex_lock(&engine->event_lock);
	if (engine->event_count == EVENTS_MAX) {
		engine->events_lost++;
	} else {
		event->lost = engine->events_lost;
		engine->events[(engine->first_event + engine->event_count++) % EVENTS_MAX] = *event;
		pthread_cond_signal(&engine->happened);
	}
	pthread_mutex_unlock(&engine->event_lock);
}

static void *hand_on_events(void *context)
{
	struct fanotify_engine *engine = context;
	struct digsig_event event;
	__u64 told = 0;

	pthread_mutex_lock(&engine->event_lock);
	for (;;) {
		while (!engine->event_count && !engine->is_silent)
			pthread_cond_wait(&engine->happened, &engine->event_lock);
		if (!engine->event_count)
			break;
		event = engine->events[engine->first_event];
		engine->first_event = (engine->first_event + 1) % EVENTS_MAX;
		engine->event_count--;
		pthread_mutex_unlock(&engine->event_lock);
		if (engine->options.handler)
			engine->options.handler(&event, event.lost - told, engine->options.context);
		told = event.lost;
		pthread_mutex_lock(&engine->event_lock);
	}
	pthread_mutex_unlock(&engine->event_lock);
	return NULL;
}

/*
 * A read lease is refused as long as anybody has the file open for writing, and makes whoever
 * wants to open it for writing wait: while it is held the bytes stay as they are.
 */
enum lease { LEASE_HELD, LEASE_WRITER, LEASE_NONE };

static enum lease take_lease(int fd)
{
	/* Who waits for the file makes the kernel send a signal: one that does nothing by itself. */
	if (fcntl(fd, F_SETSIG, SIGURG) || fcntl(fd, F_SETLEASE, F_RDLCK))
		return errno == EAGAIN ? LEASE_WRITER : LEASE_NONE;
	return LEASE_HELD;
}

/* Before the cache is asked: a verdict that is older than what is revoked now is none. */
static void keep_up_with_revoked(struct fanotify_engine *engine)
{
	const struct fanotify_options *options = &engine->options;
	struct revocation_problem problem;

	if (fanotify_revoked_refresh(&engine->revoked, &engine->cache, &problem) &&
		options->complain)
		options->complain(problem.text, options->context);
}

static void judge_afresh(struct fanotify_engine *engine, int fd, const struct stat *st,
	enum lease lease, struct file_judgement *judgement, struct digsig_event *event)
{
	struct stat after;
	int err = file_judge_known(
		fd, engine->options.trust, engine->options.known, NULL, judgement);

	event->error = err;
	if (judgement->signer)
		atomic_fetch_add(&engine->signature_checks, 1);
	/* The log names what it denies: whoever trusts it afterwards needs the digest. */
	if (!err && !judgement->is_hashed)
		judgement->is_hashed = !file_hash(
			fd, judgement->block.file_size, NULL, judgement->digest);
	atomic_fetch_add(&engine->hashed, judgement->is_hashed);
	if (!err)
		fanotify_revoked_judge(&engine->revoked, judgement);
	describe_judgement(event, judgement);
	event->verdict = judgement->verdict;
	if (fstat(fd, &after) || !is_same_version(st, &after) ||
		(lease == LEASE_HELD && fcntl(fd, F_GETLEASE) != F_RDLCK))
		event->verdict = DIGSIG_VERDICT_UNSTABLE;
}

static enum file_system_kind kind_of(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) ? FILE_SYSTEM_UNSTABLE
				: file_system_kind((unsigned long)fs.f_type);
}

/* Sets verdict, flags and what else is known of the file. */
static void judge(struct fanotify_engine *engine, int fd, const struct stat *st, enum lease lease,
	struct file_judgement *judgement, struct digsig_event *event)
{
	enum file_system_kind kind = kind_of(fd);
	enum digsig_verdict verdict;
	__u64 moment;

	event->verdict = DIGSIG_VERDICT_UNSTABLE;
	if (lease == LEASE_WRITER || kind == FILE_SYSTEM_UNSTABLE || kind == FILE_SYSTEM_PSEUDO)
		return;
	keep_up_with_revoked(engine);
	verdict = fanotify_cache_find(&engine->cache, st, &moment);
	if (verdict != DIGSIG_VERDICT_NONE) {
		atomic_fetch_add(&engine->cached, 1);
		event->verdict = verdict;
		event->flags |= DIGSIG_EVENT_CACHED;
		return;
	}
	judge_afresh(engine, fd, st, lease, judgement, event);
	if (lease == LEASE_HELD && kind == FILE_SYSTEM_STABLE &&
		event->verdict != DIGSIG_VERDICT_FAULT && event->verdict != DIGSIG_VERDICT_UNSTABLE)
		fanotify_cache_store(&engine->cache, st, event->verdict, moment);
}

/* A script passes: its interpreter is asked about next. Of what is merely opened, only what could
 * be mapped as code is judged. */
static bool is_judged(const struct question *question, struct stat *st)
{
	__u8 head[CANDIDATE_HEAD_SIZE];
	ssize_t size;

	if (fstat(question->fd, st))
		return true;
	if (!S_ISREG(st->st_mode))
		return false;
	size = pread(question->fd, head, sizeof(head), 0);
	if (question->is_exec)
		return size < 2 || head[0] != '#' || head[1] != '!';
	return size < 0 || candidate_kind("", 0, head, (size_t)size) == CANDIDATE_ELF;
}

static void answer(struct fanotify_engine *engine, int fd, bool is_allowed)
{
	const struct fanotify_response response = { fd, is_allowed ? FAN_ALLOW : FAN_DENY };

	/* It fails when who asked was killed meanwhile: then nobody waits. */
	while (write(engine->fd, &response, sizeof(response)) < 0 && errno == EINTR)
		;
}

static void decide(struct fanotify_engine *engine, const struct question *question,
	struct file_judgement *judgement)
{
	enum digsig_mode mode = engine->options.mode;
	struct digsig_event event = { .mode = mode };
	struct stat st = { 0 };
	enum lease lease;

	if (!is_judged(question, &st)) {
		answer(engine, question->fd, true);
		return;
	}
	atomic_fetch_add(&engine->judged, 1);
	event.hook = question->is_exec ? DIGSIG_HOOK_EXEC : DIGSIG_HOOK_MMAP;
	lease = take_lease(question->fd);
	judge(engine, question->fd, &st, lease, judgement, &event);
	if (digsig_mode_denies(mode, event.verdict)) {
		event.flags |= DIGSIG_EVENT_DENIED;
		atomic_fetch_add(&engine->denied, 1);
	}
	if (event.verdict != DIGSIG_VERDICT_OK || !(event.flags & DIGSIG_EVENT_CACHED)) {
		describe_asker(&event, question->pid);
		describe_file(&event, question->fd, &st);
		emit(engine, &event);
	}
	answer(engine, question->fd, !(event.flags & DIGSIG_EVENT_DENIED));
	/* The descriptor's end ends the lease too: not before the answer. */
}

static void *answer_questions(void *context)
{
	struct fanotify_engine *engine = context;
	struct file_judgement *judgement = malloc(sizeof(*judgement));
	struct question question;

	for (;;) {
		pthread_mutex_lock(&engine->lock);
		while (!engine->question_count && !engine->is_ending)
			pthread_cond_wait(&engine->asked, &engine->lock);
		if (!engine->question_count)
			break;
		question = engine->questions[engine->first_question];
		engine->first_question = (engine->first_question + 1) % QUESTIONS_MAX;
		engine->question_count--;
		pthread_cond_signal(&engine->taken);
		pthread_mutex_unlock(&engine->lock);
		if (judgement)
			decide(engine, &question, judgement);
		else
			answer(engine, question.fd,
				!digsig_mode_denies(engine->options.mode, DIGSIG_VERDICT_FAULT));
		close(question.fd);
	}
	pthread_mutex_unlock(&engine->lock);
	free(judgement);
	return NULL;
}

static void ask(struct fanotify_engine *engine, const struct question *question)
{
	pthread_mutex_lock(&engine->lock);
	while (engine->question_count == engine->question_room)
		pthread_cond_wait(&engine->taken, &engine->lock);
	engine->questions[(engine->first_question + engine->question_count++) % QUESTIONS_MAX] =
		*question;
	pthread_cond_signal(&engine->asked);
	pthread_mutex_unlock(&engine->lock);
}

static void take(struct fanotify_engine *engine, const struct fanotify_event_metadata *event)
{
	const struct question question = { event->fd, event->pid,
		(event->mask & FAN_OPEN_EXEC_PERM) != 0 };
	struct stat st;

	if (event->mask & FAN_Q_OVERFLOW)
		fanotify_cache_forget_all(&engine->cache);
	if (event->fd < 0)
		return;
	if (event->mask & FAN_CLOSE_WRITE && !fstat(event->fd, &st))
		fanotify_cache_forget(&engine->cache, st.st_dev, st.st_ino);
	if (!(event->mask & (FAN_OPEN_EXEC_PERM | FAN_OPEN_PERM))) {
		close(event->fd);
	} else if (event->pid == getpid()) {
		/* Our own: nobody would answer if this thread did not. */
		answer(engine, event->fd, true);
		close(event->fd);
	} else {
		ask(engine, &question);
	}
}

/* Reads what is there. 0; or a negative errno when the kernel will say no more. */
static int read_questions(struct fanotify_engine *engine)
{
	/* Each event brings a descriptor: few at a time. */
	char buffer[32 * sizeof(struct fanotify_event_metadata)]
		__attribute__((aligned(__alignof__(struct fanotify_event_metadata))));
	const struct fanotify_event_metadata *event = (const void *)buffer;
	ssize_t size = read(engine->fd, buffer, sizeof(buffer));

	if (size < 0) {
		/* Out of descriptors: the kernel has denied that one. */
		if (errno == EAGAIN || errno == EINTR || errno == EMFILE || errno == ENFILE ||
			errno == ENOMEM || errno == ENOENT || errno == EACCES || errno == ETXTBSY)
			return 0;
		return -errno;
	}
	for (; FAN_EVENT_OK(event, size); event = FAN_EVENT_NEXT(event, size)) {
		if (event->vers != FANOTIFY_METADATA_VERSION)
			return -EPROTO;
		take(engine, event);
	}
	return 0;
}

int fanotify_engine_run(struct fanotify_engine *engine)
{
	struct pollfd polls[] = { { engine->fd, POLLIN, 0 }, { engine->stop, POLLIN, 0 } };
	pthread_t threads[THREADS_MAX], teller;
	unsigned int started = 0;
	int err = 0;

	engine->is_ending = engine->is_silent = false;
	if (pthread_create(&teller, NULL, hand_on_events, engine))
		return -EAGAIN;
	while (started < engine->options.threads &&
		!pthread_create(&threads[started], NULL, answer_questions, engine))
		started++;
	if (!started)
		err = -EAGAIN;
	while (!err) {
		if (poll(polls, 2, -1) < 0 && errno != EINTR)
			err = -errno;
		if (polls[1].revents)
			break;
		if (polls[0].revents)
			err = read_questions(engine);
	}
	/* First those who answer end, which make events; then who hands on what events are left. */
	pthread_mutex_lock(&engine->lock);
	engine->is_ending = true;
	pthread_cond_broadcast(&engine->asked);
	pthread_mutex_unlock(&engine->lock);
	for (unsigned int i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	pthread_mutex_lock(&engine->event_lock);
	engine->is_silent = true;
	pthread_cond_broadcast(&engine->happened);
	pthread_mutex_unlock(&engine->event_lock);
	pthread_join(teller, NULL);
	return err;
}

void fanotify_engine_stop(struct fanotify_engine *engine)
{
	const __u64 one = 1;

	if (write(engine->stop, &one, sizeof(one)) < 0)
		return; /* it is full: stopped already */
}

static int mark_file_system(struct fanotify_engine *engine, const char *path, __u64 mask)
{
	return fanotify_mark(engine->fd, FAN_MARK_ADD | FAN_MARK_FILESYSTEM, mask, AT_FDCWD, path)
		? -errno
		: 0;
}

/* A mark for each folder: events come for the files in it, not for those in its folders. */
static int mark_libraries(struct fanotify_engine *engine, const char *path)
{
	char *roots[] = { (char *)path, NULL };
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, NULL);
	const FTSENT *entry;
	int err = tree ? mark_file_system(engine, path, FAN_CLOSE_WRITE) : -errno;

	while (!err && (entry = fts_read(tree))) {
		if (entry->fts_info == FTS_NS && entry->fts_level == 0)
			err = -entry->fts_errno;
		if (entry->fts_info == FTS_D &&
			fanotify_mark(engine->fd, FAN_MARK_ADD,
				FAN_OPEN_PERM | FAN_EVENT_ON_CHILD, AT_FDCWD, entry->fts_accpath) &&
			errno != ENOENT)
			err = -errno;
	}
	if (tree)
		fts_close(tree);
	return err;
}

static int mark_all(struct fanotify_engine *engine, struct fanotify_failure *failure)
{
	const struct fanotify_options *options = &engine->options;
	int err = 0;

	failure->step = FANOTIFY_STEP_LIBRARY;
	for (size_t i = 0; !err && i < options->library_count; i++) {
		failure->path = options->libraries[i];
		err = mark_libraries(engine, failure->path);
	}
	if (err)
		return err;
	failure->step = FANOTIFY_STEP_FILE_SYSTEM;
	for (size_t i = 0; !err && i < options->file_system_count; i++) {
		failure->path = options->file_systems[i];
		err = mark_file_system(
			engine, failure->path, FAN_OPEN_EXEC_PERM | FAN_CLOSE_WRITE);
	}
	return err;
}

/* Every question that waits is a descriptor: as many as may be, and room for the rest. */
static size_t room_for_questions(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return 64;
	if (limit.rlim_cur < 2 * QUESTIONS_MAX && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max < 2 * QUESTIONS_MAX ? limit.rlim_max
								    : 2 * QUESTIONS_MAX;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	return limit.rlim_cur / 2 < QUESTIONS_MAX ? limit.rlim_cur / 2 : QUESTIONS_MAX;
}

/* What OpenSSL reads and sets up at its first use, it does now, while nobody waits. */
static void warm_up(const struct fanotify_options *options)
{
	struct file_judgement *judgement = malloc(sizeof(*judgement));
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	if (judgement && fd >= 0)
		file_judge(fd, options->trust, FILE_JUDGE_ALWAYS_HASH, judgement);
	if (fd >= 0)
		close(fd);
	free(judgement);
}

/* A store that cannot be read keeps the engine from starting, as it does the one in the kernel. */
static int read_revoked(struct fanotify_engine *engine, struct fanotify_failure *failure)
{
	int err = fanotify_revoked_refresh(
		&engine->revoked, &engine->cache, &failure->problem);

	if (err)
		failure->step = FANOTIFY_STEP_REVOKED;
	return err;
}

int fanotify_engine_open(struct fanotify_options *options, struct fanotify_engine **engine,
	struct fanotify_failure *failure)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	struct fanotify_engine *made = calloc(1, sizeof(*made));
	int err;

	*failure = (struct fanotify_failure){ .step = FANOTIFY_STEP_INIT };
	if (!made)
		return -ENOMEM;
	made->options = *options;
	made->fd = made->stop = -1;
	fanotify_revoked_init(&made->revoked, options->revoked_path, &options->revoked);
	if (!made->options.threads)
		made->options.threads = processors > 2 ? (unsigned int)processors : 2;
	if (made->options.threads > THREADS_MAX)
		made->options.threads = THREADS_MAX;
	fanotify_cache_init(&made->cache);
	pthread_mutex_init(&made->lock, NULL);
	pthread_mutex_init(&made->event_lock, NULL);
	pthread_cond_init(&made->asked, NULL);
	pthread_cond_init(&made->taken, NULL);
	pthread_cond_init(&made->happened, NULL);
	made->question_room = room_for_questions();
	err = read_revoked(made, failure);
	if (err) {
		fanotify_engine_close(made);
		return err;
	}
	warm_up(options);
	made->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	/* Unlimited: a question that finds the queue full would be answered with yes. */
	made->fd = fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC | FAN_NONBLOCK |
			FAN_UNLIMITED_QUEUE | FAN_UNLIMITED_MARKS,
		O_RDONLY | O_CLOEXEC | O_LARGEFILE);
	err = made->fd < 0 || made->stop < 0 ? -errno : mark_all(made, failure);
	if (err) {
		fanotify_engine_close(made);
		return err;
	}
	*engine = made;
	return 0;
}

void fanotify_engine_close(struct fanotify_engine *engine)
{
	if (!engine)
		return;
	if (engine->fd >= 0)
		close(engine->fd);
	if (engine->stop >= 0)
		close(engine->stop);
	fanotify_revoked_free(&engine->revoked);
	free(engine);
}

void fanotify_engine_count(struct fanotify_engine *engine, struct fanotify_counters *counters)
{
	*counters = (struct fanotify_counters){ 0 };
	counters->decisions.judged = atomic_load(&engine->judged);
	counters->decisions.cached = atomic_load(&engine->cached);
	counters->decisions.hashed = atomic_load(&engine->hashed);
	counters->decisions.signature_checks = atomic_load(&engine->signature_checks);
	counters->decisions.denied = atomic_load(&engine->denied);
	pthread_mutex_lock(&engine->event_lock);
	counters->events_lost = engine->events_lost;
	pthread_mutex_unlock(&engine->event_lock);
}
