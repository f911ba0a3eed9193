// SPDX-License-Identifier: GPL-2.0-or-later
#include "replacement_group.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include "../../lib/time/clock.h"

/* A round is due when so much waits for it. */
#define ROUND_FILES 256
#define ROUND_BYTES ((off_t)32 << 20) /* of the disk, which has old and new until the round is over */
#define ROUND_NAMED 16 /* files that a kill would leave behind: they have a name from the beginning */

#define DESCRIPTORS_A_FILE 3 /* old, new, and their folder */
#define DESCRIPTORS_ELSEWHERE 64 /* open at the same time for other reasons */

/* A new version that waits for its names. */
struct member {
	struct member *next;
	struct replacement replacement;
	const void *owner;
	dev_t device;
	int err;
};

/* What waits for the next round, or is in one. */
struct batch {
	struct member *first, **end;
	size_t descriptors, named;
	off_t bytes;
	long long since; /* the first came, in milliseconds */
};

/* A file system that has new names. */
struct volume {
	struct volume *next;
	dev_t device;
	int directory; /* one of its folders, open */
};

struct replacement_group {
	struct replacement_group_plan plan;
	size_t descriptors_max; /* of a batch */
	pthread_mutex_t lock; /* of what follows */
	struct batch waiting;
	struct volume *volumes; /* few */
	int err; /* of the names, the first */
	size_t settled; /* files, so far */
	size_t rounds; /* that are on, or whose files are being settled */
	pthread_cond_t round_over;
	/* Held while a round is on: who comes to the next one meanwhile comes to one together. */
	pthread_mutex_t turn;
};

/* Each of the threads may have a batch of its own in the end of a round, while another one fills. */
static size_t descriptors_for(unsigned int batches)
{
	const size_t wanted = ROUND_FILES * DESCRIPTORS_A_FILE;
	struct rlimit limit;
	rlim_t each;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur <= DESCRIPTORS_ELSEWHERE)
		return 1;
	each = (limit.rlim_cur - DESCRIPTORS_ELSEWHERE) / batches;
	return each < wanted ? (size_t)each : wanted;
}

struct replacement_group *replacement_group_new(const struct replacement_group_plan *plan)
{
	struct replacement_group *group = calloc(1, sizeof(*group));

	if (!group)
		return NULL;
	group->plan = *plan;
	group->descriptors_max = descriptors_for(plan->threads + 1);
	group->waiting.end = &group->waiting.first;
	pthread_mutex_init(&group->lock, NULL);
	pthread_mutex_init(&group->turn, NULL);
	pthread_cond_init(&group->round_over, NULL);
	return group;
}

static bool is_due(const struct replacement_group *group)
{
	const struct batch *waiting = &group->waiting;

	return waiting->first &&
		(waiting->descriptors >= group->descriptors_max ||
			waiting->bytes >= ROUND_BYTES || waiting->named >= ROUND_NAMED ||
			(long long)(clock_now() / CLOCK_MILLISECOND) - waiting->since >= group->plan.patience);
}

static size_t count_descriptors(const struct replacement *replacement)
{
	size_t count = DESCRIPTORS_A_FILE - 1;

	for (size_t i = 0; i < replacement->name_count; i++)
		count += !replacement->names[i].is_shared;
	return count;
}

static struct batch take_waiting(struct replacement_group *group)
{
	struct batch taken = group->waiting;

	group->waiting = (struct batch){ 0 };
	group->waiting.end = &group->waiting.first;
	return taken;
}

/* Brings the files of one file system to the disk; from is the first of them. */
static void sync_volume(struct member *from)
{
	struct member *member = from->next;
	bool is_alone, is_good;

	while (member && member->device != from->device)
		member = member->next;
	is_alone = !member;
	is_good = !is_alone && !syncfs(from->replacement.target);
	for (member = from; member; member = member->next) {
		if (member->device != from->device)
			continue;
		/* After an error each is asked for: it may be another's that could not be written. */
		member->err = !is_good && fsync(member->replacement.target) ? -errno : 0;
	}
}

static bool is_first_of_volume(const struct batch *batch, const struct member *member)
{
	const struct member *at = batch->first;

	while (at != member && at->device != member->device)
		at = at->next;
	return at == member;
}

static void sync_batch(const struct batch *batch)
{
	for (struct member *member = batch->first; member; member = member->next)
		if (is_first_of_volume(batch, member))
			sync_volume(member);
}

/* Says that a file system has new names that are not on the disk yet. */
static void note_names(struct replacement_group *group, const struct member *member)
{
	struct volume *volume;

	pthread_mutex_lock(&group->lock);
	for (volume = group->volumes; volume; volume = volume->next)
		if (volume->device == member->device)
			break;
	if (!volume) {
		volume = calloc(1, sizeof(*volume));
		if (volume) {
			volume->device = member->device;
			volume->directory = fcntl(member->replacement.names[0].directory,
				F_DUPFD_CLOEXEC, 0);
			volume->next = group->volumes;
			group->volumes = volume;
		}
		if (!group->err && (!volume || volume->directory < 0))
			group->err = volume ? -errno : -ENOMEM;
	}
	pthread_mutex_unlock(&group->lock);
}

static void settle(struct replacement_group *group, struct member *member)
{
	struct file_problem problem = { 0 };
	int err = member->err;

	if (err)
		file_problem_set(&problem, FILE_PROBLEM_WRITE, err);
	else
		err = replacement_publish(&member->replacement, &problem);
	if (!err)
		note_names(group, member);
	replacement_close(&member->replacement);
	group->plan.settled(group->plan.context, member->owner, err ? &problem : NULL);
	free(member);
}

static size_t settle_batch(struct replacement_group *group, struct batch *batch)
{
	size_t count = 0;

	while (batch->first) {
		struct member *member = batch->first;

		batch->first = member->next;
		settle(group, member);
		count++;
	}
	return count;
}

/* A round, if one is due, or if there is anything at all. */
static void run_round(struct replacement_group *group, bool is_due_now)
{
	struct batch batch = { 0 };
	size_t count;

	pthread_mutex_lock(&group->turn);
	pthread_mutex_lock(&group->lock);
	/* Another thread may have taken what was seen here. */
	if (is_due_now || is_due(group))
		batch = take_waiting(group);
	group->rounds++;
	pthread_mutex_unlock(&group->lock);
	sync_batch(&batch);
	pthread_mutex_unlock(&group->turn);
	count = settle_batch(group, &batch);
	pthread_mutex_lock(&group->lock);
	group->settled += count;
	group->rounds--;
	pthread_cond_broadcast(&group->round_over);
	pthread_mutex_unlock(&group->lock);
}

size_t replacement_group_settled(struct replacement_group *group)
{
	size_t settled = 0;

	if (group) {
		pthread_mutex_lock(&group->lock);
		settled = group->settled;
		pthread_mutex_unlock(&group->lock);
	}
	return settled;
}

bool replacement_group_make_room(struct replacement_group *group, size_t settled)
{
	bool result;

	if (!group)
		return false;
	run_round(group, true);
	pthread_mutex_lock(&group->lock);
	while (group->rounds)
		pthread_cond_wait(&group->round_over, &group->lock);
	result = group->settled != settled;
	pthread_mutex_unlock(&group->lock);
	return result;
}

/* Whether a round is due now. */
static bool add_member(struct replacement_group *group, struct member *member, off_t size)
{
	struct batch *waiting = &group->waiting;
	bool result;

	pthread_mutex_lock(&group->lock);
	if (!waiting->first)
		waiting->since = (long long)(clock_now() / CLOCK_MILLISECOND);
	*waiting->end = member;
	waiting->end = &member->next;
	waiting->descriptors += count_descriptors(&member->replacement);
	waiting->bytes += size;
	waiting->named += member->replacement.names[0].temporary[0] != '\0';
	result = is_due(group);
	pthread_mutex_unlock(&group->lock);
	return result;
}

int replacement_group_add(struct replacement_group *group, struct replacement *replacement,
	const void *owner, struct file_problem *problem)
{
	struct member *member = NULL;
	struct stat st;
	int err = replacement_complete(replacement, problem);

	if (!err) {
		member = calloc(1, sizeof(*member));
		if (!member)
			err = file_problem_set(problem, FILE_PROBLEM_WRITE, -ENOMEM);
		else if (fstat(replacement->target, &st))
			err = file_problem_set(problem, FILE_PROBLEM_WRITE, -errno);
	}
	if (err) {
		free(member);
		replacement_close(replacement);
		return err;
	}
	member->replacement = *replacement;
	member->owner = owner;
	member->device = st.st_dev;
	if (add_member(group, member, st.st_size))
		run_round(group, false);
	return 0;
}

int replacement_group_finish(struct replacement_group *group)
{
	int err;

	run_round(group, true);
	err = group->err;
	for (struct volume *volume = group->volumes; volume; volume = volume->next)
		if (volume->directory >= 0 && syncfs(volume->directory) && !err)
			err = -errno;
	return err;
}

void replacement_group_free(struct replacement_group *group)
{
	if (!group)
		return;
	while (group->volumes) {
		struct volume *volume = group->volumes;

		group->volumes = volume->next;
		if (volume->directory >= 0)
			close(volume->directory);
		free(volume);
	}
	pthread_cond_destroy(&group->round_over);
	pthread_mutex_destroy(&group->turn);
	pthread_mutex_destroy(&group->lock);
	free(group);
}
