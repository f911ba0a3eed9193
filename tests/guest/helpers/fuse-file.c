// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A file system of one file, "program", that answers differently each time: the first opening reads
 * one file, the next the other, and so on. fuse-file [-p|-w] DIRECTORY FIRST SECOND COMMAND... mounts
 * it, runs the command, and unmounts it. It speaks the kernel's protocol itself. -p: read(2) always
 * reads the first file, and a page that is mapped the second one. -w: a read waits until somebody looks
 * up the name "answer"; while one waits, there is a file "waiting".
 */
#include <fcntl.h>
#include <linux/fuse.h>
#include <stdbool.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "report.h"

#define PROGRAM 2 /* the file's inode number; the directory's is FUSE_ROOT_ID */

struct content {
	char *bytes;
	size_t size;
};

static struct content contents[2];
static unsigned int openings;
static bool by_page, waits;

/* The read that waits, if any. */
static struct {
	struct fuse_in_header asked;
	struct fuse_read_in in;
	bool is_there;
} waiting;

static void load(struct content *content, const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;

	if (file < 0 || fstat(file, &status))
		refused(path);
	content->size = (size_t)status.st_size;
	content->bytes = malloc(content->size);
	if (!content->bytes ||
		read(file, content->bytes, content->size) != (ssize_t)content->size)
		refused(path);
	close(file);
}

/* Until it is opened: what the next opening will read. */
static const struct content *next_content(void)
{
	return &contents[by_page ? 0 : openings % 2];
}

static struct fuse_attr attributes(__u64 node)
{
	return (struct fuse_attr){
		.ino = node,
		.size = node == PROGRAM ? next_content()->size : 0,
		.mode = node == PROGRAM ? S_IFREG | 0755 : S_IFDIR | 0755,
		.nlink = 1,
		.blksize = 4096,
	};
}

static void answer(int device, const struct fuse_in_header *asked, int error, const void *data, size_t size)
{
	static char reply[sizeof(struct fuse_out_header) + 1024 * 1024];
	struct fuse_out_header header = {
		.len = (__u32)(sizeof(header) + size),
		.error = error,
		.unique = asked->unique,
	};

	memcpy(reply, &header, sizeof(header));
	if (size)
		memcpy(reply + sizeof(header), data, size);
	if (write(device, reply, header.len) < 0 && errno != ENOENT)
		perror("fuse-file: write");
}

static void answer_read(int device, const struct fuse_in_header *asked, const struct fuse_read_in *in)
{
	/* Reads past the page cache name the files of who reads; those that fill it do not. */
	bool is_page = by_page && !(in->read_flags & FUSE_READ_LOCKOWNER);
	const struct content *content = &contents[by_page ? is_page : in->fh];
	size_t size = in->offset < content->size ? content->size - in->offset : 0;

	if (waits && !waiting.is_there) {
		waiting.asked = *asked;
		waiting.in = *in;
		waiting.is_there = true;
		return;
	}
	waiting.is_there = false;
	answer(device, asked, 0, content->bytes + (size ? in->offset : 0),
		size < in->size ? size : in->size);
}

/* Whether there is a file of that name. */
static bool look_up(int device, const char *name)
{
	if (!strcmp(name, "answer") && waiting.is_there)
		answer_read(device, &waiting.asked, &waiting.in);
	return !strcmp(name, "program") || (!strcmp(name, "waiting") && waiting.is_there);
}

static void serve_one(int device, const struct fuse_in_header *asked, const void *in)
{
	struct fuse_init_out init = { .major = FUSE_KERNEL_VERSION,
		.minor = FUSE_KERNEL_MINOR_VERSION,
		.flags = FUSE_ASYNC_DIO,
		.max_write = 4096 };
	struct fuse_attr_out attribute = { .attr = attributes(asked->nodeid) };
	struct fuse_entry_out entry = { .nodeid = PROGRAM, .attr = attributes(PROGRAM) };
	struct fuse_open_out opened = { .fh = openings % 2,
		.open_flags = by_page && asked->opcode == FUSE_OPEN ? FOPEN_DIRECT_IO : 0 };
	struct fuse_statfs_out statistics = { .st = { .bsize = 4096, .namelen = 255 } };

	switch (asked->opcode) {
	case FUSE_INIT:
		answer(device, asked, 0, &init, sizeof(init));
		break;
	case FUSE_GETATTR:
		answer(device, asked, 0, &attribute, sizeof(attribute));
		break;
	case FUSE_LOOKUP:
		if (look_up(device, in))
			answer(device, asked, 0, &entry, sizeof(entry));
		else
			answer(device, asked, -ENOENT, NULL, 0);
		break;
	case FUSE_OPEN:
		openings++;
		answer(device, asked, 0, &opened, sizeof(opened));
		break;
	case FUSE_OPENDIR:
		answer(device, asked, 0, &opened, sizeof(opened));
		break;
	case FUSE_STATFS:
		answer(device, asked, 0, &statistics, sizeof(statistics));
		break;
	case FUSE_READ:
		answer_read(device, asked, in);
		break;
	case FUSE_RELEASE:
	case FUSE_RELEASEDIR:
		answer(device, asked, 0, NULL, 0);
		break;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		break; /* these want no answer */
	default:
		answer(device, asked, -ENOSYS, NULL, 0);
	}
}

static void serve(int device)
{
	static char request[FUSE_MIN_READ_BUFFER + 1024 * 1024];
	const struct fuse_in_header *asked = (const void *)request;

	while (read(device, request, sizeof(request)) >= (ssize_t)sizeof(*asked))
		serve_one(device, asked, request + sizeof(*asked));
	exit(0); /* ENODEV: it was unmounted */
}

int main(int argc, char **argv)
{
	int device = open("/dev/fuse", O_RDWR | O_CLOEXEC), status;
	char options[128];
	pid_t command;

	by_page = argc > 1 && !strcmp(argv[1], "-p");
	waits = argc > 1 && !strcmp(argv[1], "-w");
	argv += by_page || waits;
	if (argc < 5 + (by_page || waits))
		misused("fuse-file [-p|-w] DIRECTORY FIRST SECOND COMMAND...");
	load(&contents[0], argv[2]);
	load(&contents[1], argv[3]);
	snprintf(options, sizeof(options), "fd=%d,rootmode=40755,user_id=0,group_id=0,allow_other", device);
	if (device < 0 || mount("fuse-file", argv[1], "fuse", 0, options))
		refused("mount");
	if (fork() == 0)
		serve(device);
	close(device);
	command = fork();
	if (command == 0) {
		execvp(argv[4], argv + 4);
		refused(argv[4]);
	}
	if (command < 0 || waitpid(command, &status, 0) < 0)
		refused("fork");
	umount2(argv[1], MNT_DETACH);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
