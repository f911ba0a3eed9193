// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A file system of one file, "program", that answers differently each time: the first opening reads
 * one file, the next the other, and so on. fuse-file DIRECTORY FIRST SECOND COMMAND... mounts it,
 * runs the command, and unmounts it. It speaks the kernel's protocol itself.
 */
#include <fcntl.h>
#include <linux/fuse.h>
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
	return &contents[openings % 2];
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
	const struct content *content = &contents[in->fh];
	size_t size = in->offset < content->size ? content->size - in->offset : 0;

	answer(device, asked, 0, content->bytes + (size ? in->offset : 0),
		size < in->size ? size : in->size);
}

static void serve_one(int device, const struct fuse_in_header *asked, const void *in)
{
	struct fuse_init_out init = { .major = FUSE_KERNEL_VERSION,
		.minor = FUSE_KERNEL_MINOR_VERSION,
		.max_write = 4096 };
	struct fuse_attr_out attribute = { .attr = attributes(asked->nodeid) };
	struct fuse_entry_out entry = { .nodeid = PROGRAM, .attr = attributes(PROGRAM) };
	struct fuse_open_out opened = { .fh = openings % 2 };

	switch (asked->opcode) {
	case FUSE_INIT:
		return answer(device, asked, 0, &init, sizeof(init));
	case FUSE_GETATTR:
		return answer(device, asked, 0, &attribute, sizeof(attribute));
	case FUSE_LOOKUP:
		if (strcmp(in, "program"))
			return answer(device, asked, -ENOENT, NULL, 0);
		return answer(device, asked, 0, &entry, sizeof(entry));
	case FUSE_OPEN:
		openings++;
		return answer(device, asked, 0, &opened, sizeof(opened));
	case FUSE_OPENDIR:
		return answer(device, asked, 0, &opened, sizeof(opened));
	case FUSE_READ:
		return answer_read(device, asked, in);
	case FUSE_RELEASE:
	case FUSE_RELEASEDIR:
		return answer(device, asked, 0, NULL, 0);
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		return; /* these want no answer */
	}
	answer(device, asked, -ENOSYS, NULL, 0);
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

	if (argc < 5)
		misused("fuse-file DIRECTORY FIRST SECOND COMMAND...");
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
