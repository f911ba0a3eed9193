// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Changes a signed library while fanotify(7) holds up its mapping: pre-access FILE. A listener of
 * FAN_PRE_ACCESS (6.14) is asked between the check of a mapping and the mapping itself, and writes
 * to the file before it answers. 3: this kernel or file system has no such events.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/fanotify.h>
#include <sys/wait.h>
#include "code-page.h"

#ifndef FAN_PRE_ACCESS
#define FAN_PRE_ACCESS 0x00100000
#endif

#define EXIT_UNKNOWN 3

/* By a process that the listener does not have to wait for. */
static _Noreturn void use(const char *path, off_t word)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	void *page = map_code_page(file, word);

	if (page == MAP_FAILED)
		refused("mmap");
	call_code_page(page);
	exit(0);
}

static _Noreturn void change(const char *path, off_t word)
{
	int file = open(path, O_WRONLY | O_CLOEXEC);

	if (file < 0 || pwrite(file, INTRUDER_WORD, WORD_SIZE, word) != WORD_SIZE)
		refused("write");
	exit(0);
}

static void answer(int listener, const char *path, off_t word);

/* Who writes has to be answered himself meanwhile. */
static void have_changed(int listener, const char *path, off_t word)
{
	pid_t writer = fork();

	if (writer == 0)
		change(path, word);
	while (waitpid(writer, NULL, WNOHANG) == 0)
		answer(listener, NULL, 0);
}

/* Everything may go on; path: but not before that file was changed. */
static void answer(int listener, const char *path, off_t word)
{
	struct pollfd ready = {.fd = listener, .events = POLLIN};
	/* One event with its range, not two. */
	union {
		struct fanotify_event_metadata event;
		char room[64];
	} got;
	struct fanotify_response response = {.response = FAN_ALLOW};

	if (poll(&ready, 1, 100) <= 0 ||
		read(listener, &got, sizeof(got)) < (ssize_t)sizeof(got.event))
		return;
	if (path)
		have_changed(listener, path, word);
	response.fd = got.event.fd;
	if (write(listener, &response, sizeof(response)) < 0)
		refused("answer");
	close(got.event.fd);
}

int main(int argc, char **argv)
{
	int file = argc > 1 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1, listener, status = 0;
	bool is_attack = argc == 2;
	pid_t user;
	off_t word;

	if (file < 0)
		misused("pre-access FILE [COMMAND...]");
	word = is_attack ? find_word(file, LOYAL_WORD, WORD_SIZE) : 0;
	close(file);
	listener = fanotify_init(FAN_CLASS_PRE_CONTENT | FAN_CLOEXEC, O_RDONLY | O_LARGEFILE);
	if (listener < 0 ||
		fanotify_mark(listener, FAN_MARK_ADD, FAN_PRE_ACCESS, AT_FDCWD, argv[1]))
		return EXIT_UNKNOWN;
	user = fork();
	if (user == 0 && is_attack)
		use(argv[1], word);
	if (user == 0) {
		execvp(argv[2], argv + 2);
		refused(argv[2]);
	}
	while (waitpid(user, &status, WNOHANG) == 0)
		answer(listener, is_attack ? argv[1] : NULL, word);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
