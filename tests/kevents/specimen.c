// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Does one of each of what kevents tells of, in this order, and exits with 7:
 *
 *   specimen FILE [DIRECTORY]
 *
 * a thread that ends; another name; FILE mapped executable, shown to madvise(2), and unmapped;
 * anonymous executable memory; with DIRECTORY, a control group below it, made, entered and removed;
 * and a child that is killed by SIGKILL. Prints its own id, the thread's, the child's and the
 * address of FILE.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void *run_thread(void *context)
{
	*(pid_t *)context = gettid();
	return NULL;
}

static pid_t make_thread(void)
{
	pthread_t thread;
	pid_t tid = 0;

	if (pthread_create(&thread, NULL, run_thread, &tid) || pthread_join(thread, NULL))
		die("pthread_create");
	return tid;
}

static void *map_and_unmap(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *memory;

	if (fd < 0)
		die(path);
	memory = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	if (memory == MAP_FAILED)
		die("mmap");
	close(fd);
	if (madvise(memory, 4096, MADV_DONTNEED) || munmap(memory, 4096))
		die("munmap");
	return memory;
}

static void write_word(const char *directory, const char *name, const char *word)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, word, strlen(word)) < 0)
		die(path);
	close(fd);
}

static void visit_cgroup(const char *parent)
{
	char path[4000];

	snprintf(path, sizeof(path), "%s/kevents-specimen", parent);
	if (mkdir(path, 0755))
		die(path);
	write_word(path, "cgroup.procs", "0");
	write_word(parent, "cgroup.procs", "0");
	if (rmdir(path))
		die(path);
}

static pid_t make_victim(void)
{
	pid_t child = fork();

	if (child < 0)
		die("fork");
	if (!child) {
		raise(SIGKILL);
		_exit(1);
	}
	waitpid(child, NULL, 0);
	return child;
}

int main(int argc, char **argv)
{
	void *address;
	pid_t tid;

	if (argc < 2)
		return 2;
	tid = make_thread();
	prctl(PR_SET_NAME, "other-name");
	address = map_and_unmap(argv[1]);
	if (mmap(NULL, 12288, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		    0) == MAP_FAILED)
		die("mmap");
	if (argc > 2)
		visit_cgroup(argv[2]);
	printf("%d %d %d %lx\n", getpid(), tid, make_victim(), (unsigned long)address);
	return 7;
}
