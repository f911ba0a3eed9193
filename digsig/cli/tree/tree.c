// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree.h"
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include "../../../lib/command/interrupt.h"
#include "../../../lib/command/progress.h"
#include "../../../lib/thread/pool.h"
#include "../cli.h"
#include "../rewrite.h"
#include "tree_report.h"

/* Larger files keep a processor busy each, and take 22 MiB of memory while they are rewritten. */
#define SMALL_FILE_MAX ((__u64)32 << 20)
#define DESCRIPTORS_WANTED 65536
#define PATIENCE_MS 500

/* A finding on its way from the thread that made it to the one that says it. */
struct message {
	struct message *next;
	const char *path;
	struct tree_finding finding;
};

struct run {
	const struct tree_job *job;
	struct tree_files files;
	struct tree_report report;
	pthread_mutex_t lock; /* of the messages and the counts */
	struct message *first, **end;
	__u64 counts[TREE_OUTCOMES]; /* of what needs no message */
	atomic_size_t next, finished;
	size_t limit; /* of the files that are worked on now */
	_Atomic __u64 done; /* bytes */
	__u64 total;
	char name[64]; /* what the progress bar says */
	struct replacement_group *group; /* NULL: nothing is replaced, or one by one */
	int names_error; /* the group's new names are not on the disk: a negative errno */
	bool is_out_of_memory;
};

/* How much of one file is done. */
struct file_share {
	struct run *run;
	__u64 size, reported;
};

static void add_share(void *context, __u64 done, __u64 total)
{
	struct file_share *share = context;

	(void)total;
	/* A file that is looked at and then signed is passed twice: that counts once. */
	if (done > share->size)
		done = share->size;
	if (done <= share->reported)
		return;
	atomic_fetch_add(&share->run->done, done - share->reported);
	share->reported = done;
}

static void send(struct run *run, const char *path, const struct tree_finding *finding)
{
	struct message *message = NULL;

	if (finding->outcome == TREE_GONE)
		return;
	if (tree_report_wants(&run->report, finding))
		message = malloc(sizeof(*message));
	if (message)
		*message = (struct message){ NULL, path, *finding };
	pthread_mutex_lock(&run->lock);
	if (message) {
		*run->end = message;
		run->end = &message->next;
	} else {
		run->counts[finding->outcome]++;
		run->is_out_of_memory |= tree_report_wants(&run->report, finding);
	}
	pthread_mutex_unlock(&run->lock);
}

static void finish_file(
	struct run *run, const struct tree_file *file, const struct tree_finding *finding)
{
	send(run, file->names->path, finding);
	atomic_fetch_add(&run->finished, 1);
}

/* For the group: what became of a file that was left to it. */
static void settled(void *context, const void *owner, const struct file_problem *problem)
{
	struct tree_finding finding = { 0 };

	if (problem)
		tree_find_problem(&finding, problem);
	finish_file(context, owner, &finding);
}

static void work(void *context)
{
	struct run *run = context;

	while (!interrupted) {
		size_t at = atomic_fetch_add(&run->next, 1);
		const struct tree_file *file;
		struct tree_finding finding = { 0 };
		struct file_share share = { run, 0, 0 };
		struct file_progress progress = { add_share, &share };
		struct tree_means means = { &progress, run->group, NULL };

		if (at >= run->limit)
			break;
		file = &run->files.files[at];
		share.size = file->names->size;
		means.owner = file;
		run->job->work(run->job->context, file, &means, &finding);
		if (finding.outcome == TREE_GONE && interrupted)
			break;
		add_share(&share, share.size, share.size);
		if (finding.outcome != TREE_LATER)
			finish_file(run, file, &finding);
	}
}

static void say_messages(struct run *run)
{
	struct message *message;

	pthread_mutex_lock(&run->lock);
	message = run->first;
	run->first = NULL;
	run->end = &run->first;
	pthread_mutex_unlock(&run->lock);
	while (message) {
		struct message *next = message->next;

		tree_report_add(&run->report, message->path, &message->finding);
		free(message);
		message = next;
	}
}

static void tick(void *context)
{
	struct run *run = context;

	say_messages(run);
	snprintf(run->name, sizeof(run->name), "%s, %zu of %zu files", run->job->words->work,
		atomic_load(&run->finished), run->files.count);
	progress_update(atomic_load(&run->done), run->total);
}

static int work_on_range(struct run *run, size_t from, size_t to, unsigned int threads)
{
	if (from == to || interrupted)
		return 0;
	atomic_store(&run->next, from);
	run->limit = to;
	return pool_run(threads, work, tick, run);
}

/* One more than processors: one waits for the disk at a time. */
static unsigned int threads_that_replace(unsigned int threads)
{
	if (!threads)
		threads = pool_processors() + 1;
	return threads < POOL_THREADS_MAX ? threads : POOL_THREADS_MAX;
}

static struct replacement_group *make_group(struct run *run, unsigned int threads)
{
	const struct replacement_group_plan plan = { threads_that_replace(threads), PATIENCE_MS,
		settled, run };
	struct rlimit limit;

	/* The more files wait open, the fewer rounds; it stays this process's own. */
	if (!getrlimit(RLIMIT_NOFILE, &limit) && limit.rlim_cur < DESCRIPTORS_WANTED) {
		limit.rlim_cur = limit.rlim_max < DESCRIPTORS_WANTED ? limit.rlim_max
								     : DESCRIPTORS_WANTED;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	return replacement_group_new(&plan);
}

static int work_on_files(struct run *run, unsigned int threads)
{
	size_t large = 0;
	int err;

	for (size_t i = 0; i < run->files.count; i++) {
		run->total += run->files.files[i].names->size;
		large += run->files.files[i].names->size > SMALL_FILE_MAX;
	}
	progress_begin(run->name, PROGRESS_BYTES);
	err = work_on_range(run, 0, large, threads);
	if (!err)
		err = work_on_range(run, large, run->files.count,
			run->group ? threads_that_replace(threads) : threads);
	if (run->group)
		run->names_error = replacement_group_finish(run->group);
	say_messages(run);
	progress_end();
	for (int i = 0; i < TREE_OUTCOMES; i++)
		run->report.counts[i] += run->counts[i];
	return err;
}

static void report_unreadable(struct run *run)
{
	for (size_t i = 0; i < run->files.unreadable_count; i++) {
		const struct tree_trouble *trouble = &run->files.unreadable[i];
		struct tree_finding finding = { .outcome = TREE_FAILED, .exit_code = EXIT_ERROR,
			.reason = "open" };

		snprintf(finding.text, sizeof(finding.text), "cannot be opened: %s",
			strerror(trouble->error));
		tree_report_add(&run->report, trouble->path, &finding);
	}
}

static int conclude(struct run *run, int err)
{
	size_t left = run->files.count - atomic_load(&run->finished);
	int code = EXIT_OK;

	/* They count already; a crash could still take them back. */
	if (run->names_error) {
		complain("the new names could not be synced to the disk: %s",
			strerror(-run->names_error));
		code = EXIT_REWRITE_FAILED;
	}
	if (err) {
		/* Interrupted before it was known what there is to do: the signal says enough. */
		if (err != -ECANCELED)
			complain("%s", strerror(-err));
		return EXIT_ERROR;
	}
	if (run->is_out_of_memory)
		complain("out of memory: not every file that failed was named");
	tree_report_end(&run->report, &run->files, interrupted, left);
	if (run->report.exit_code)
		return run->report.exit_code;
	return !code && run->is_out_of_memory ? EXIT_ERROR : code;
}

int tree_run(const struct tree_options *options, const struct tree_job *job, char **roots,
	int root_count)
{
	const struct tree_selection selection = {
		.roots = roots,
		.root_count = (size_t)root_count,
		.include = { options->include.values, options->include.count },
		.exclude = { options->exclude.values, options->exclude.count },
		.leave_out_debug = job->leave_out_debug,
		.all_file_systems = options->all_file_systems,
		.output_inode = job->output_inode,
		.output_device = job->output_device,
		.threads = options->threads,
		.tick = progress_tick,
		.is_cancelled = &interrupted,
	};
	struct run run = { .job = job, .report = { .options = options, .job = job } };
	int err, code = EXIT_OK;

	run.end = &run.first;
	pthread_mutex_init(&run.lock, NULL);
	progress_allow(!options->is_quiet);
	if (job->replaces && !options->is_dry_run)
		run.group = make_group(&run, options->threads);
	progress_begin("looking", PROGRESS_FILES);
	err = tree_collect(&selection, &run.files);
	progress_end();
	if (!err) {
		report_unreadable(&run);
		if (job->prepare)
			code = job->prepare(job->context, &run.files);
	}
	if (!err && !code)
		err = work_on_files(&run, options->threads);
	if (!code)
		code = conclude(&run, err);
	tree_report_free(&run.report);
	tree_files_free(&run.files);
	replacement_group_free(run.group);
	pthread_mutex_destroy(&run.lock);
	return code;
}

static const char *problem_word(enum file_problem_kind kind)
{
	static const char *const words[] = {
		[FILE_PROBLEM_OPEN] = "open",
		[FILE_PROBLEM_READ] = "read",
		[FILE_PROBLEM_NOT_REGULAR] = "not-regular",
		[FILE_PROBLEM_REFUSED] = "refused",
		[FILE_PROBLEM_BLOCK] = "malformed",
		[FILE_PROBLEM_TAMPERED] = "tampered",
		[FILE_PROBLEM_NOT_RESTORABLE] = "not-restorable",
		[FILE_PROBLEM_UNSIGNED] = "unsigned",
		[FILE_PROBLEM_HARD_LINKS] = "hard-links",
		[FILE_PROBLEM_OUTSIDE_LINK] = "outside-link",
		[FILE_PROBLEM_IMMUTABLE] = "immutable",
		[FILE_PROBLEM_SIGNER] = "key",
		[FILE_PROBLEM_CHANGED] = "changed",
		[FILE_PROBLEM_CREATE] = "create",
		[FILE_PROBLEM_WRITE] = "write",
		[FILE_PROBLEM_ATTRIBUTES] = "attributes",
		[FILE_PROBLEM_RENAME] = "rename",
		[FILE_PROBLEM_CANCELLED] = "cancelled",
	};

	return kind < sizeof(words) / sizeof(words[0]) && words[kind] ? words[kind] : "unknown";
}

void tree_find_problem(struct tree_finding *finding, const struct file_problem *problem)
{
	finding->reason = problem_word(problem->kind);
	finding->exit_code = rewrite_exit_code(problem);
	file_problem_describe(problem, finding->text, sizeof(finding->text));
	switch (problem->kind) {
	case FILE_PROBLEM_OPEN:
	case FILE_PROBLEM_CHANGED:
		finding->outcome = problem->error == ENOENT ? TREE_GONE : TREE_FAILED;
		break;
	case FILE_PROBLEM_CANCELLED:
		finding->outcome = TREE_GONE;
		break;
	case FILE_PROBLEM_REFUSED:
		finding->outcome = TREE_UNSUPPORTED;
		break;
	default:
		finding->outcome = TREE_FAILED;
	}
}
