// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Asks the engine the same questions very often, from many processes, and counts wrong answers:
 *
 *   soak exec COUNT PROCESSES GOOD BAD         start GOOD, and every tenth time BAD
 *   soak inodes COUNT PROCESSES GOOD BAD DIR   make a file, GOOD's bytes and BAD's by turns, map it
 *                                              as code, delete it
 *   soak race COUNT PROCESSES GOOD BAD DIR     COUNT rounds: new files, then every process at once
 *                                              maps and starts each of them
 *   soak map COUNT PROCESSES GOOD BAD          map BAD
 *
 * A right answer is: GOOD is mapped, or starts and leaves with 0; BAD gets EPERM. Want of memory
 * (ENOMEM, EAGAIN, a process killed) is no answer, and counted apart. Prints
 * "N right, N wrong, N no answer", then a line for the first wrong one.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "report.h"

#define FILES_A_ROUND 4

struct tally {
	long right, wrong, unanswered;
	char first_wrong[160];
	pthread_barrier_t barrier;
};

struct content {
	const char *path;
	char *bytes;
	size_t size;
};

static struct tally *tally;
static struct content good, bad;
static const char *directory;

static void answered(const char *what, bool is_good, int err)
{
	if (err == ENOMEM || err == EAGAIN) {
		__sync_fetch_and_add(&tally->unanswered, 1);
	} else if (err == (is_good ? 0 : EPERM)) {
		__sync_fetch_and_add(&tally->right, 1);
	} else if (!__sync_fetch_and_add(&tally->wrong, 1)) {
		snprintf(tally->first_wrong, sizeof(tally->first_wrong), "%s, %s: %s", what,
			is_good ? "good" : "bad", err ? strerror(err) : "let through");
	}
}

static void ask_map(const char *path, bool is_good)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *code;
	int err = 0;

	if (fd < 0) {
		answered("open", is_good, errno);
		return;
	}
	code = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	if (code == MAP_FAILED)
		err = errno;
	else
		munmap(code, 4096);
	close(fd);
	answered("mmap", is_good, err);
}

static void ask_exec(const char *path, bool is_good)
{
	char *arguments[] = { (char *)path, NULL }, *environment[] = { NULL };
	int status = 0;
	pid_t child;
	int err = posix_spawn(&child, path, NULL, NULL, arguments, environment);

	if (!err) {
		waitpid(child, &status, 0);
		if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
			err = ENOMEM;
		else if (status)
			err = ECHILD;
	}
	answered("exec", is_good, err);
}

static void read_content(struct content *content, const char *path)
{
	struct stat stat;
	int fd = open(path, O_RDONLY);

	content->path = path;
	if (fd < 0 || fstat(fd, &stat))
		refused(path);
	content->size = (size_t)stat.st_size;
	content->bytes = malloc(content->size);
	if (!content->bytes || read(fd, content->bytes, content->size) != stat.st_size)
		refused(path);
	close(fd);
}

static bool write_content(const struct content *content, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	bool done = fd >= 0 &&
		write(fd, content->bytes, content->size) == (ssize_t)content->size;

	if (fd >= 0)
		close(fd);
	return done;
}

static void work_exec(long count, int number)
{
	(void)number;
	for (long i = 0; i < count; i++)
		ask_exec(i % 10 ? good.path : bad.path, i % 10);
}

static void work_map(long count, int number)
{
	(void)number;
	for (long i = 0; i < count; i++)
		ask_map(bad.path, false);
}

static void work_inodes(long count, int number)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/soak.%d", directory, number);
	for (long i = 0; i < count; i++) {
		if (!write_content(i % 2 ? &good : &bad, path))
			refused(path);
		ask_map(path, i % 2);
		unlink(path);
	}
}

static void work_race(long rounds, int number)
{
	char path[128];

	for (long round = 0; round < rounds; round++) {
		for (int i = 0; number == 0 && i < FILES_A_ROUND; i++) {
			snprintf(path, sizeof(path), "%s/race.%ld.%d", directory, round, i);
			if (!write_content(i % 2 ? &good : &bad, path))
				refused(path);
		}
		pthread_barrier_wait(&tally->barrier);
		/* Each begins with another file, and half of them with starting it. */
		for (int i = 0; i < FILES_A_ROUND; i++) {
			int file = (i + number) % FILES_A_ROUND;

			snprintf(path, sizeof(path), "%s/race.%ld.%d", directory, round, file);
			if (number % 2)
				ask_exec(path, file % 2);
			ask_map(path, file % 2);
			if (!(number % 2))
				ask_exec(path, file % 2);
		}
		pthread_barrier_wait(&tally->barrier);
		for (int i = 0; number == 0 && i < FILES_A_ROUND; i++) {
			snprintf(path, sizeof(path), "%s/race.%ld.%d", directory, round, i);
			unlink(path);
		}
	}
}

static const struct kind {
	const char *name;
	void (*work)(long count, int number);
	bool is_shared; /* COUNT is for all processes together */
} kinds[] = {
	{ "exec", work_exec, true },
	{ "inodes", work_inodes, true },
	{ "race", work_race, false },
	{ "map", work_map, true },
};

int main(int argc, char **argv)
{
	const struct kind *kind = kinds;
	const struct kind *end = kinds + sizeof(kinds) / sizeof(*kinds);
	long count = argc > 2 ? atol(argv[2]) : 0;
	int processes = argc > 3 ? atoi(argv[3]) : 0, status, lost = 0;
	pthread_barrierattr_t shared;

	while (kind < end && argc > 1 && strcmp(kind->name, argv[1]))
		kind++;
	if (argc < 6 || kind == end || count < 1 || processes < 1)
		misused("soak exec|inodes|race|map COUNT PROCESSES GOOD BAD [DIR]");
	directory = argc > 6 ? argv[6] : "/tmp";
	read_content(&good, argv[4]);
	read_content(&bad, argv[5]);
	tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (tally == MAP_FAILED)
		refused("mmap");
	pthread_barrierattr_init(&shared);
	pthread_barrierattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
	pthread_barrier_init(&tally->barrier, &shared, (unsigned int)processes);
	for (int number = 0; number < processes; number++) {
		pid_t child = fork();

		if (child < 0)
			refused("fork");
		if (child == 0) {
			kind->work(kind->is_shared ? count / processes : count, number);
			_exit(0);
		}
	}
	while (wait(&status) > 0)
		lost += status != 0;
	printf("%ld right, %ld wrong, %ld no answer\n", tally->right, tally->wrong,
		tally->unanswered + lost);
	if (tally->wrong)
		printf("first wrong answer: %s\n", tally->first_wrong);
	return tally->wrong || (lost && kind->work == work_race) ? 1 : 0;
}
