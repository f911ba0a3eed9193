// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tries to change a file's bytes by what needs no more than a descriptor for reading, or a shared
 * mapping made with one: change-unopened FILE CHANGED. CHANGED has the bytes that FILE is to have,
 * and can be written. Says how each way ended, and INTRUDER if one changed the file.
 */
#include <fcntl.h>
#include <linux/btrfs.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include "ring.h"

#define PAGE 4096

/* What these file systems have of their own; the kernel's headers do not tell. */
struct move_extent {
	__u32 reserved, donor;
	__u64 from, to, blocks, moved;
};
struct space {
	__s16 type, whence;
	__s64 start, size;
	__s32 system, pid, reserved[4];
};
struct exchange {
	__s32 file;
	__u32 padding;
	__u64 from, to, size, flags;
};
#define EXT4_IOC_MIGRATE _IO('f', 9)
#define EXT4_IOC_MOVE_EXT _IOWR('f', 15, struct move_extent)
#define EXT4_IOC_SWAP_BOOT _IO('f', 17)
#define IOC_UNRESVSP _IOW('X', 43, struct space)
#define IOC_ZERO_RANGE _IOW('X', 57, struct space)
#define XFS_IOC_EXCHANGE_RANGE _IOW('X', 129, struct exchange)

static int file, changed;
static off_t size;
static char *shared; /* the file, mapped to be read */
static char *before, *after;

static int dedupe(void)
{
	union {
		struct file_dedupe_range range;
		char room[sizeof(struct file_dedupe_range) + sizeof(struct file_dedupe_range_info)];
	} request = {.range = {.src_length = (__u64)size, .dest_count = 1}};
	struct file_dedupe_range_info *to = request.range.info;

	to->dest_fd = file;
	if (ioctl(changed, FIDEDUPERANGE, &request))
		return -1;
	if (to->status == FILE_DEDUPE_RANGE_DIFFERS)
		to->status = -EILSEQ;
	errno = -to->status;
	return errno ? -1 : 0;
}

static int register_buffer(void)
{
	struct iovec buffer = {shared, PAGE};
	static struct ring ring;

	open_ring(&ring);
	return (int)syscall(SYS_io_uring_register, ring.file, IORING_REGISTER_BUFFERS, &buffer, 1);
}

static int copy_to_mapping(void)
{
	struct iovec from = {after, PAGE}, to = {shared, PAGE};

	return (int)process_vm_writev(getpid(), &from, 1, &to, 1, 0);
}

static int poke_mapping(void)
{
	pid_t child = fork();
	int error;

	if (child == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	error = ptrace(PTRACE_POKEDATA, child, shared, 0L) ? errno : 0;
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	errno = error;
	return error ? -1 : 0;
}

static int write_memory(void)
{
	int memory = open("/proc/self/mem", O_RDWR | O_CLOEXEC);

	return (int)pwrite(memory, after, PAGE, (off_t)(unsigned long)shared);
}

static int defragment(void)
{
	struct btrfs_ioctl_vol_args whole = {0};

	return ioctl(file, BTRFS_IOC_DEFRAG, &whole);
}

static int ask_blocks(unsigned long request)
{
	struct space all = {.size = size};

	return ioctl(file, request, &all);
}

static int move_extent(void)
{
	struct move_extent all = {.donor = (__u32)changed, .blocks = 1};

	return ioctl(file, EXT4_IOC_MOVE_EXT, &all);
}

static int donate_extent(void)
{
	struct move_extent all = {.donor = (__u32)file, .blocks = 1};

	return ioctl(changed, EXT4_IOC_MOVE_EXT, &all);
}

static int exchange(int into, int with)
{
	struct exchange all = {.file = with, .size = (__u64)size};

	return ioctl(into, XFS_IOC_EXCHANGE_RANGE, &all);
}

static int clone_from(void)
{
	return ioctl(file, FICLONE, changed);
}

static int copy_range(void)
{
	return (int)copy_file_range(changed, NULL, file, NULL, (size_t)size, 0);
}

static int send(void)
{
	return (int)sendfile(file, changed, NULL, (size_t)size);
}

static int write_file(void)
{
	return (int)pwrite(file, after, (size_t)size, 0);
}

static int punch(void)
{
	return fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, PAGE);
}

static int zero(void)
{
	return fallocate(file, FALLOC_FL_ZERO_RANGE, 0, PAGE);
}

static int collapse(void)
{
	return fallocate(file, FALLOC_FL_COLLAPSE_RANGE, 0, PAGE);
}

static int insert(void)
{
	return fallocate(file, FALLOC_FL_INSERT_RANGE, 0, PAGE);
}

static int cut(void)
{
	return ftruncate(file, 0);
}

static int unreserve(void)
{
	return ask_blocks(IOC_UNRESVSP);
}

static int zero_blocks(void)
{
	return ask_blocks(IOC_ZERO_RANGE);
}

static int swap_boot(void)
{
	return ioctl(file, EXT4_IOC_SWAP_BOOT);
}

static int migrate(void)
{
	return ioctl(file, EXT4_IOC_MIGRATE);
}

static int exchange_into(void)
{
	return exchange(file, changed);
}

static int exchange_from(void)
{
	return exchange(changed, file);
}

static int read_into(void)
{
	return (int)read(changed, shared, PAGE);
}

static int remove_pages(void)
{
	return madvise(shared, PAGE, MADV_REMOVE);
}

static int make_writable(void)
{
	return mprotect(shared, PAGE, PROT_READ | PROT_WRITE);
}

static const struct {
	const char *name;
	int (*try_it)(void);
} ways[] = {
	{"FICLONE", clone_from},
	{"copy_file_range", copy_range},
	{"sendfile", send},
	{"pwrite", write_file},
	{"FIDEDUPERANGE", dedupe},
	{"PUNCH_HOLE", punch},
	{"ZERO_RANGE", zero},
	{"COLLAPSE_RANGE", collapse},
	{"INSERT_RANGE", insert},
	{"ftruncate", cut},
	{"FS_IOC_UNRESVSP", unreserve},
	{"FS_IOC_ZERO_RANGE", zero_blocks},
	{"EXT4_IOC_MOVE_EXT", move_extent},
	{"EXT4_IOC_MOVE_EXT, as the donor", donate_extent},
	{"EXT4_IOC_SWAP_BOOT", swap_boot},
	{"EXT4_IOC_MIGRATE", migrate},
	{"XFS_IOC_EXCHANGE_RANGE", exchange_into},
	{"XFS_IOC_EXCHANGE_RANGE, the other way", exchange_from},
	{"BTRFS_IOC_DEFRAG", defragment},
	{"read", read_into},
	{"IORING_REGISTER_BUFFERS", register_buffer},
	{"process_vm_writev", copy_to_mapping},
	{"PTRACE_POKEDATA", poke_mapping},
	{"/proc/self/mem", write_memory},
	{"MADV_REMOVE", remove_pages},
	{"mprotect", make_writable},
};

/* Also what the disk has: the pages are let go of where that can be. */
static void compare(const char *path, const char *way)
{
	int fresh = open(path, O_RDONLY | O_CLOEXEC);

	if (memcmp(shared, before, (size_t)size))
		printf("INTRUDER changed what is mapped: %s\n", way);
	munmap(shared, (size_t)size);
	fsync(fresh);
	posix_fadvise(fresh, 0, 0, POSIX_FADV_DONTNEED);
	if (pread(fresh, after, (size_t)size, 0) != size || memcmp(after, before, (size_t)size))
		printf("INTRUDER changed the file: %s\n", way);
	close(fresh);
	shared = mmap(NULL, (size_t)size, PROT_READ, MAP_SHARED, file, 0);
	if (shared == MAP_FAILED || pread(changed, after, (size_t)size, 0) != size)
		refused("mmap");
}

int main(int argc, char **argv)
{
	struct stat status;

	file = argc == 3 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
	changed = argc == 3 ? open(argv[2], O_RDWR | O_CLOEXEC) : -1;
	if (file < 0 || changed < 0 || fstat(file, &status))
		misused("change-unopened FILE CHANGED");
	size = status.st_size;
	before = malloc((size_t)size);
	after = malloc((size_t)size);
	shared = mmap(NULL, (size_t)size, PROT_READ, MAP_SHARED, file, 0);
	if (shared == MAP_FAILED || pread(file, before, (size_t)size, 0) != size ||
		pread(changed, after, (size_t)size, 0) != size)
		refused(argv[1]);
	for (unsigned int way = 0; way < sizeof(ways) / sizeof(*ways); way++) {
		int result = ways[way].try_it();

		printf("%s: %s\n", ways[way].name, result < 0 ? strerrorname_np(errno) : "done");
		lseek(changed, 0, SEEK_SET);
		compare(argv[1], ways[way].name);
	}
	return 0;
}
