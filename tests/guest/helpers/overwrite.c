// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Opens a file for writing, up to three times, and changes the word of speak.h in it: overwrite HOW
 * FILE; "cut" cuts the file off by truncate(2), which opens nothing. Otherwise HOW is the call that
 * opens: write, both, openat2, again (through /proc/self/fd), trunc, creat, handle
 * (open_by_handle_at(2)), ring (by io_uring); or how it is changed then, which is by pwrite(2)
 * otherwise: clone (FICLONE from a file beside it), range (copy_file_range(2) from there).
 */
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "report.h"
#include "ring.h"
#include "speak.h"

#define TRIES 3

static char content[1 << 20];

static int open_again(const char *path)
{
	char name[64];
	int file = open(path, O_PATH | O_CLOEXEC);

	snprintf(name, sizeof(name), "/proc/self/fd/%d", file);
	return open(name, O_WRONLY);
}

static int open_handle(const char *path)
{
	union {
		struct file_handle handle;
		char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} name = {.handle = {.handle_bytes = MAX_HANDLE_SZ}};
	int mount, id;

	if (name_to_handle_at(AT_FDCWD, path, &name.handle, &id, 0))
		refused("name_to_handle_at");
	mount = open(path, O_RDONLY);
	return open_by_handle_at(mount, &name.handle, O_RDWR);
}

static int open_by_ring(const char *path)
{
	static struct ring ring;
	struct io_uring_sqe entry = {.opcode = IORING_OP_OPENAT,
		.fd = AT_FDCWD,
		.addr = (__u64)(unsigned long)path,
		.open_flags = O_RDWR};

	if (!ring.queue)
		open_ring(&ring);
	return ask_ring(&ring, &entry);
}

/* From a file beside it, whose blocks it shares afterwards where it was cloned. */
static bool copy_from_beside(const char *how, const char *path, int file, ssize_t size)
{
	char name[256];
	int source;

	snprintf(name, sizeof(name), "%s.changed", path);
	source = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
	unlink(name);
	if (source < 0 || write(source, content, (size_t)size) != size)
		refused(name);
	if (!strcmp(how, "clone"))
		return !ioctl(file, FICLONE, source);
	lseek(source, 0, SEEK_SET);
	return copy_file_range(source, NULL, file, NULL, (size_t)size, 0) == size;
}

static bool change(const char *how, const char *path, int file, ssize_t size)
{
	if (!strcmp(how, "clone") || !strcmp(how, "range"))
		return copy_from_beside(how, path, file, size);
	return pwrite(file, content, (size_t)size, 0) == size;
}

static int open_for_writing(const char *how, const char *path)
{
	struct open_how rdwr = {.flags = O_RDWR};

	if (!strcmp(how, "write"))
		return open(path, O_WRONLY);
	if (!strcmp(how, "both") || !strcmp(how, "clone") || !strcmp(how, "range"))
		return open(path, O_RDWR);
	if (!strcmp(how, "openat2"))
		return (int)syscall(SYS_openat2, AT_FDCWD, path, &rdwr, sizeof(rdwr));
	if (!strcmp(how, "again"))
		return open_again(path);
	if (!strcmp(how, "trunc"))
		return open(path, O_WRONLY | O_TRUNC);
	if (!strcmp(how, "creat"))
		return creat(path, 0666);
	if (!strcmp(how, "handle"))
		return open_handle(path);
	if (!strcmp(how, "ring"))
		return open_by_ring(path);
	misused("overwrite write|both|openat2|again|trunc|creat|handle|ring|clone|range FILE");
}

int main(int argc, char **argv)
{
	int file = argc == 3 ? open(argv[2], O_RDONLY) : -1;
	ssize_t size;
	char *word;

	if (argc != 3)
		misused("overwrite HOW FILE");
	if (!strcmp(argv[1], "cut")) {
		if (truncate(argv[2], 0))
			refused("truncate");
		return 0;
	}
	size = file < 0 ? -1 : read(file, content, sizeof(content));
	word = size < 0 ? NULL : memmem(content, (size_t)size, LOYAL_WORD, WORD_SIZE);
	if (!word)
		misused("overwrite HOW FILE: with the word in it");
	memcpy(word, INTRUDER_WORD, WORD_SIZE);
	close(file);
	for (int i = 0; i < TRIES; i++) {
		file = open_for_writing(argv[1], argv[2]);
		if (file >= 0)
			break;
	}
	if (file < 0 || !change(argv[1], argv[2], file, size))
		refused(argv[2]);
	return 0;
}
