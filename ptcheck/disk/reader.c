// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "reader.h"

struct disk_reader {
	int fd, channel; /* channel: to the child; -1: there is none */
	int milliseconds;
	pid_t child;
	void *bytes; /* shared with the child */
};

struct request {
	__u64 offset;
	__u32 size;
};

/* All but two: who reads the parent's output would wait for a child that is left behind. */
static void close_all_but(int one, int other)
{
	unsigned int first = (unsigned int)(one < other ? one : other), last = (unsigned int)(one < other ? other : one);

	if (first)
		close_range(0, first - 1, 0);
	if (last - first > 1)
		close_range(first + 1, last - 1, 0);
	close_range(last + 1, ~0U, 0);
}

/* The child: nothing but reading, until its parent is gone. */
static _Noreturn void serve(const struct disk_reader *reader, int channel)
{
	struct request request;

	close_all_but(reader->fd, channel);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (recv(channel, &request, sizeof(request), 0) == sizeof(request)) {
		ssize_t got = pread(reader->fd, reader->bytes, request.size, (off_t)request.offset);
		long answer = got < 0 ? -errno : got;

		if (send(channel, &answer, sizeof(answer), MSG_NOSIGNAL) != sizeof(answer))
			break;
	}
	_exit(0);
}

static int start(struct disk_reader *reader)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -errno;
	reader->child = fork();
	if (!reader->child) {
		close(pair[0]);
		serve(reader, pair[1]);
	}
	close(pair[1]);
	reader->channel = pair[0];
	if (reader->child > 0)
		return 0;
	close(pair[0]);
	reader->channel = -1;
	return -EAGAIN;
}

/* A child that is stuck ends when the device answers, and nobody waits for it here. */
static void stop(struct disk_reader *reader, bool is_stuck)
{
	if (reader->channel < 0)
		return;
	close(reader->channel);
	reader->channel = -1;
	kill(reader->child, SIGKILL);
	waitpid(reader->child, NULL, is_stuck ? WNOHANG : 0);
}

struct disk_reader *reader_open(int fd, double timeout)
{
	struct disk_reader *reader = calloc(1, sizeof(*reader));
	int err;

	if (!reader)
		return NULL;
	reader->fd = fd;
	reader->channel = -1;
	reader->milliseconds = timeout < 1e6 ? (int)(timeout * 1000) : 1000000000;
	reader->bytes = mmap(NULL, READER_MOST, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (reader->bytes != MAP_FAILED) {
		err = start(reader);
		if (!err)
			return reader;
		munmap(reader->bytes, READER_MOST);
		errno = -err;
	}
	err = errno;
	free(reader);
	errno = err;
	return NULL;
}

static long wait_for(struct disk_reader *reader)
{
	struct pollfd channel = { .fd = reader->channel, .events = POLLIN };
	long answer;
	int ready;

	do {
		ready = poll(&channel, 1, reader->milliseconds);
	} while (ready < 0 && errno == EINTR);
	if (ready == 1 && recv(reader->channel, &answer, sizeof(answer), 0) == sizeof(answer))
		return answer;
	/* The next read has another child, and other memory: the old one may still be written to. */
	stop(reader, true);
	munmap(reader->bytes, READER_MOST);
	reader->bytes = mmap(NULL, READER_MOST, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return ready ? -EIO : -ETIMEDOUT;
}

long reader_read(struct disk_reader *reader, __u64 offset, __u32 size, const void **bytes)
{
	struct request request = { offset, size };
	long answer;
	int err = reader->bytes == MAP_FAILED ? -ENOMEM : reader->channel < 0 ? start(reader) : 0;

	if (err)
		return err;
	if (send(reader->channel, &request, sizeof(request), MSG_NOSIGNAL) != sizeof(request))
		return -errno;
	answer = wait_for(reader);
	*bytes = reader->bytes;
	return answer;
}

void reader_close(struct disk_reader *reader)
{
	if (!reader)
		return;
	stop(reader, false);
	if (reader->bytes != MAP_FAILED)
		munmap(reader->bytes, READER_MOST);
	free(reader);
}
