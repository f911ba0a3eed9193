// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which partitions the kernel finds on images of disks.
 *
 *   kernel-partitions pack FOLDER     the images that FOLDER/list names, in one archive, to standard output
 *   kernel-partitions show            of each image in the archive at standard input a line
 *   kernel-partitions unpack FOLDER   the images in the archive at standard input
 *
 * A line is NAME<tab>LABEL<tab>PARTITION...: LABEL is what the kernel says to its log of the table, or "-" if it finds
 * none, or the error; a PARTITION is NUMBER:START+SIZE, in units of 512 bytes, as in sysfs.
 *
 * The archive has of each image a struct header, then an extent for each part that is not zero, and one of no bytes.
 * It is small where the images are sparse, which cpio's is not.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/loop.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE 4096

struct header {
	char name[120];
	uint64_t size;
	uint64_t sector_size;
};

struct extent {
	uint64_t offset;
	uint64_t size;
};

struct partition {
	unsigned long number;
	unsigned long long start, size;
};

static void die(const char *what)
{
	fprintf(stderr, "kernel-partitions: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* --- pack */

static void put(const void *bytes, size_t size)
{
	if (fwrite(bytes, size, 1, stdout) != 1)
		die("standard output");
}

static void pack_piece(const char *piece, uint64_t offset, uint64_t size)
{
	static const char zeros[PIECE];
	struct extent extent = { .offset = offset, .size = size };

	if (!memcmp(piece, zeros, size))
		return;
	put(&extent, sizeof(extent));
	put(piece, size);
}

static void pack_file(const char *name, unsigned int sector_size)
{
	struct header header = { .sector_size = sector_size };
	struct extent end = { 0 };
	struct stat status;
	off_t offset = 0;
	ssize_t got;
	char piece[PIECE];
	int fd = open(name, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &status) || strlen(name) >= sizeof(header.name))
		die(name);
	strcpy(header.name, name);
	header.size = (uint64_t)status.st_size;
	put(&header, sizeof(header));
	/* A hole of terabytes is not to be read. */
	while ((offset = lseek(fd, offset, SEEK_DATA)) >= 0) {
		offset &= ~(off_t)(PIECE - 1);
		got = pread(fd, piece, PIECE, offset);
		if (got <= 0)
			break;
		pack_piece(piece, (uint64_t)offset, (uint64_t)got);
		offset += PIECE;
	}
	put(&end, sizeof(end));
	close(fd);
}

static int pack(const char *folder)
{
	char name[256];
	unsigned int sector_size;
	FILE *list;

	if (chdir(folder))
		die(folder);
	list = fopen("list", "re");
	if (!list)
		die("list");
	while (fscanf(list, "%255s %u%*[^\n]", name, &sector_size) == 2)
		pack_file(name, sector_size);
	fclose(list);
	return 0;
}

/* --- unpack */

static void take(void *bytes, size_t size)
{
	if (fread(bytes, size, 1, stdin) != 1)
		die("standard input");
}

static int unpack_file(const struct header *header, const char *file_name)
{
	struct extent extent;
	char piece[PIECE];
	int fd = open(file_name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || ftruncate(fd, (off_t)header->size))
		die(file_name);
	for (;;) {
		take(&extent, sizeof(extent));
		if (!extent.size)
			return fd;
		if (extent.size > PIECE)
			die("an extent");
		take(piece, extent.size);
		if (pwrite(fd, piece, extent.size, (off_t)extent.offset) != (ssize_t)extent.size)
			die(file_name);
	}
}

static int unpack(const char *folder)
{
	struct header header;

	if (chdir(folder))
		die(folder);
	while (fread(&header, sizeof(header), 1, stdin) == 1)
		close(unpack_file(&header, header.name));
	return 0;
}

/* --- show */

static const char shown_file[] = "/tmp/kernel-partitions.img";
static int log_fd;
static char loop_name[16];

/* A device that nobody has; loop_name is then its name. */
static int free_loop(void)
{
	char path[32];
	int fd, number, control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);

	if (control < 0)
		die("/dev/loop-control");
	number = ioctl(control, LOOP_CTL_GET_FREE);
	close(control);
	if (number < 0)
		die("LOOP_CTL_GET_FREE");
	snprintf(loop_name, sizeof(loop_name), "loop%d", number);
	snprintf(path, sizeof(path), "/dev/%s", loop_name);
	/* devtmpfs makes the node a moment later. */
	for (int i = 0; (fd = open(path, O_RDWR | O_CLOEXEC)) < 0; i++) {
		if (i == 100)
			die(path);
		usleep(10000);
	}
	return fd;
}

/* Each read() has one message of the kernel's: level,number,time,-;TEXT. */
static void read_label(char *label, size_t size)
{
	char message[8192], *text, prefix[20];
	ssize_t got;

	snprintf(label, size, "-");
	snprintf(prefix, sizeof(prefix), " %s:", loop_name);
	for (;;) {
		got = read(log_fd, message, sizeof(message) - 1);
		if (got < 0 && errno == EPIPE)
			continue;
		if (got <= 0)
			return;
		message[got] = '\0';
		text = strchr(message, ';');
		if (!text || strncmp(text + 1, prefix, strlen(prefix)))
			continue;
		text += 1 + strlen(prefix);
		text[strcspn(text, "\n")] = '\0';
		snprintf(label, size, "%s", *text == ' ' ? text + 1 : text);
		if (!*label)
			snprintf(label, size, "none");
	}
}

static unsigned long long read_number(const char *partition, const char *name)
{
	char path[600];
	unsigned long long number = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/block/%s/%s/%s", loop_name, partition, name);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (fscanf(file, "%llu", &number) != 1)
		number = 0;
	fclose(file);
	return number;
}

static int by_number(const void *left, const void *right)
{
	const struct partition *a = left, *b = right;

	return (a->number > b->number) - (a->number < b->number);
}

static size_t read_partitions(struct partition *partitions, size_t most)
{
	char path[32];
	size_t count = 0, length = strlen(loop_name);
	struct dirent *entry;
	DIR *folder;

	snprintf(path, sizeof(path), "/sys/block/%s", loop_name);
	folder = opendir(path);
	if (!folder)
		die(path);
	while (count < most && (entry = readdir(folder))) {
		if (strncmp(entry->d_name, loop_name, length) || entry->d_name[length] != 'p')
			continue;
		partitions[count++] = (struct partition){
			.number = strtoul(entry->d_name + length + 1, NULL, 10),
			.start = read_number(entry->d_name, "start"),
			.size = read_number(entry->d_name, "size"),
		};
	}
	closedir(folder);
	qsort(partitions, count, sizeof(*partitions), by_number);
	return count;
}

static void show_loop(const char *name)
{
	static struct partition partitions[256];
	char label[2048];
	size_t count = read_partitions(partitions, sizeof(partitions) / sizeof(*partitions));

	read_label(label, sizeof(label));
	printf("%s\t%s\t", name, label);
	for (size_t i = 0; i < count; i++)
		printf("%s%lu:%llu+%llu", i ? " " : "", partitions[i].number, partitions[i].start, partitions[i].size);
	putchar('\n');
}

static void show_file(const struct header *header)
{
	struct loop_config config = {
		.fd = (__u32)unpack_file(header, shown_file),
		.block_size = (__u32)header->sector_size,
		.info.lo_flags = LO_FLAGS_PARTSCAN | LO_FLAGS_READ_ONLY,
	};
	int loop = free_loop();

	lseek(log_fd, 0, SEEK_END);
	if (ioctl(loop, LOOP_CONFIGURE, &config)) {
		printf("%s\t%s\t\n", header->name, strerror(errno));
	} else {
		show_loop(header->name);
		ioctl(loop, LOOP_CLR_FD);
	}
	close(loop);
	close((int)config.fd);
	unlink(shown_file);
}

static int show(void)
{
	struct header header;

	log_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (log_fd < 0)
		die("/dev/kmsg");
	while (fread(&header, sizeof(header), 1, stdin) == 1)
		show_file(&header);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "pack"))
		return pack(argv[2]);
	if (argc == 2 && !strcmp(argv[1], "show"))
		return show();
	if (argc == 3 && !strcmp(argv[1], "unpack"))
		return unpack(argv[2]);
	fputs("usage: kernel-partitions pack FOLDER | show | unpack FOLDER\n", stderr);
	return 2;
}
