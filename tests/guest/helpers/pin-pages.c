// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Holds a page of a file, which neither a mapping nor a descriptor of it shows afterwards, and
 * changes a word in it when it is told to: pin-pages HOW FILE OLD NEW COMMAND... The command writes
 * a line to its descriptor 3 when the word is to be changed, and reads a line from there when it
 * is.
 *
 *   ring          by a buffer that is registered with io_uring
 *   direct SLOW   by a read past the page cache that is under way
 *   async SLOW    the same by io_submit(2)
 *   other SLOW    by process_vm_writev(2), which waits for the page that it is to copy
 *
 * SLOW is the program of a "fuse-file -w", whose content has the word NEW where FILE has OLD: it
 * answers no read before it is told to.
 */
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include "code-page.h"
#include "ring.h"

struct pin {
	const char *how, *slow;
	char *page; /* where it was mapped */
	off_t word; /* its place in the file */
	pthread_t reader;
	bool was_changed;
	struct ring ring;
};

/* What a registered buffer's address was when it was registered stays its name in the ring. */
static void register_page(struct pin *pin)
{
	struct iovec buffer = {.iov_base = pin->page, .iov_len = CODE_PAGE_SIZE};

	open_ring(&pin->ring);
	if (syscall(SYS_io_uring_register, pin->ring.file, IORING_REGISTER_BUFFERS, &buffer, 1))
		refused("io_uring_register");
}

static void write_registered(struct pin *pin, const char *word)
{
	struct io_uring_sqe entry = {
		.opcode = IORING_OP_READ_FIXED,
		.addr = (__u64)(unsigned long)(pin->page + pin->word % CODE_PAGE_SIZE),
		.len = (__u32)strlen(word),
	};
	int source[2];

	if (pipe(source) || write(source[1], word, strlen(word)) < 0)
		refused("pipe");
	entry.fd = source[0];
	if (ask_ring(&pin->ring, &entry) < 0)
		refused("io_uring");
}

static void read_async(int slow, struct pin *pin)
{
	struct iocb request = {.aio_lio_opcode = IOCB_CMD_PREAD,
		.aio_fildes = (__u32)slow,
		.aio_buf = (__u64)(unsigned long)pin->page,
		.aio_nbytes = CODE_PAGE_SIZE,
		.aio_offset = pin->word & -CODE_PAGE_SIZE};
	struct iocb *requests[] = {&request};
	aio_context_t context = 0;
	struct io_event event;

	if (syscall(SYS_io_setup, 1, &context) ||
		syscall(SYS_io_submit, context, 1, requests) != 1 ||
		syscall(SYS_io_getevents, context, 1, 1, &event, NULL) != 1)
		refused("io_submit");
}

static void copy_to_other(int slow, struct pin *pin)
{
	struct iovec from = {.iov_len = CODE_PAGE_SIZE}, to = {pin->page, CODE_PAGE_SIZE};

	from.iov_base = mmap(
		NULL, CODE_PAGE_SIZE, PROT_READ, MAP_SHARED, slow, pin->word & -CODE_PAGE_SIZE);
	if (from.iov_base == MAP_FAILED ||
		process_vm_writev(getpid(), &from, 1, &to, 1, 0) != CODE_PAGE_SIZE)
		refused("process_vm_writev");
}

/* Until the slow file answers. */
static void *fill_page(void *argument)
{
	struct pin *pin = argument;
	bool is_direct = strcmp(pin->how, "other");
	int slow = open(pin->slow, O_RDONLY | O_CLOEXEC | (is_direct ? O_DIRECT : 0));

	if (slow < 0)
		refused(pin->slow);
	if (!is_direct)
		copy_to_other(slow, pin);
	else if (!strcmp(pin->how, "async"))
		read_async(slow, pin);
	else if (pread(slow, pin->page, CODE_PAGE_SIZE, pin->word & -CODE_PAGE_SIZE) !=
		 CODE_PAGE_SIZE)
		refused("read");
	return NULL;
}

/* Looks up a name beside the slow file: 0 if it is there. */
static int look_beside(const char *slow, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%.*s/%s", (int)(strrchr(slow, '/') - slow), slow, name);
	return access(path, F_OK);
}

static void hold(struct pin *pin, int file)
{
	pin->page = mmap(NULL, CODE_PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, file,
		pin->word & -CODE_PAGE_SIZE);
	if (pin->page == MAP_FAILED)
		refused("mmap");
	if (pin->slow) {
		if (pthread_create(&pin->reader, NULL, fill_page, pin))
			refused("pthread_create");
		while (look_beside(pin->slow, "waiting"))
			usleep(10000);
	} else {
		register_page(pin);
	}
	munmap(pin->page, CODE_PAGE_SIZE);
}

static void change(struct pin *pin, const char *word)
{
	if (!pin->slow) {
		write_registered(pin, word);
	} else if (!pin->was_changed) {
		look_beside(pin->slow, "answer");
		pthread_join(pin->reader, NULL);
	}
	pin->was_changed = true;
}

/* What the command ends with. */
static int serve(struct pin *pin, const char *word, char **command)
{
	int pair[2], status;
	char line[8];
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		refused("socketpair");
	child = fork();
	if (child == 0) {
		dup2(pair[1], 3);
		execvp(command[0], command);
		refused(command[0]);
	}
	close(pair[1]);
	while (read(pair[0], line, sizeof(line)) > 0) {
		change(pin, word);
		if (write(pair[0], "\n", 1) != 1)
			break;
	}
	if (child < 0 || waitpid(child, &status, 0) < 0)
		refused("fork");
	change(pin, word); /* a process does not end while a read of it is under way */
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	bool is_slow = argc > 1 && strcmp(argv[1], "ring");
	struct pin pin = {.how = argv[1], .slow = is_slow ? argv[2] : NULL};
	int file;

	argv += is_slow;
	if (argc < 6 + is_slow || strlen(argv[3]) != strlen(argv[4]))
		misused("pin-pages ring|direct SLOW|async SLOW|other SLOW FILE OLD NEW COMMAND...");
	file = open(argv[2], O_RDWR | O_CLOEXEC);
	if (file < 0)
		refused(argv[2]);
	pin.word = find_word(file, argv[3], strlen(argv[3]));
	hold(&pin, file);
	close(file);
	return serve(&pin, argv[4], argv + 5);
}
