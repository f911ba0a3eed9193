// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Has faults, at a PREFETCH and at a load, in programs of several kinds: to see which of them are mended,
 * and that nothing else changes. Prints what happened, a word a line.
 *
 *   faulter KIND
 *
 * Built without libprefetch; with -DWITH_LIBRARY it installs the library's handler first.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "prefetch/experiment/experiment.h"
#ifdef WITH_LIBRARY
#include "prefetch/prefetch.h"
#endif

static const void *volatile address;
static sigjmp_buf back;
static char *volatile stack;
static volatile int calls, is_right;

static void say(const char *word)
{
	puts(word);
	fflush(stdout);
}

/* The first of such a kind. */
static const struct experiment_code *find(bool is_prefetch, bool is_of_file)
{
	const struct experiment_code *code = experiment_codes;

	while (code->is_prefetch != is_prefetch || code->is_of_file != is_of_file)
		code++;
	return code;
}

static const struct experiment_code *load(void)
{
	return find(false, false);
}

/* Each kind of prefetch, or what is not: the load. */
static void cause(const struct experiment_code *code)
{
	const char *step;

	if (experiment_cause(code, &address, &step)) {
		fprintf(stderr, "faulter: %s failed\n", step);
		exit(99);
	}
}

static void cause_prefetches(void)
{
	for (size_t i = 0; i < EXPERIMENT_CODES; i++)
		if (experiment_codes[i].is_prefetch && !experiment_codes[i].is_of_file)
			cause(&experiment_codes[i]);
}

/* Whether the handler asks the library first. */
static int asks_library;

static void handle(int number, siginfo_t *info, void *context)
{
	char here;

#ifdef WITH_LIBRARY
	if (asks_library && prefetch_handle_fault(info, context))
		return;
#endif
	(void)context;
	calls++;
	is_right = number == SIGSEGV && info->si_code == SEGV_MAPERR && info->si_addr == address &&
		   (!stack || (&here > stack && &here < stack + SIGSTKSZ * 4));
	siglongjmp(back, 1);
}

static void install(int flags)
{
	struct sigaction action = { .sa_sigaction = handle, .sa_flags = SA_SIGINFO | flags };

	sigaction(SIGSEGV, &action, NULL);
}

/* A handler of the program's own sees the load, and never a prefetch. */
static void with_a_handler(int flags)
{
	install(flags);
	cause_prefetches();
	say(calls ? "handler-called" : "mended");
	if (!sigsetjmp(back, 1))
		cause(load());
	say(calls == 1 && is_right ? "load-handled" : "load-lost");
	cause_prefetches();
	say(calls == 1 ? "mended" : "handler-called");
}

static void with_a_stack(void)
{
	stack_t alternative = { .ss_size = SIGSTKSZ * 4 };

	stack = alternative.ss_sp = malloc(alternative.ss_size);
	sigaltstack(&alternative, NULL);
	with_a_handler(SA_ONSTACK);
}

/* Once: the second load ends the program. */
static void once(void)
{
	install((int)SA_RESETHAND);
	cause_prefetches();
	if (!sigsetjmp(back, 1))
		cause(load());
	say(calls == 1 && is_right ? "load-handled" : "load-lost");
	cause(load());
	say("not-ended");
}

static void *in_a_thread(void *argument)
{
	cause_prefetches();
	return argument;
}

static void in_threads(void)
{
	pthread_t threads[8];

	for (int i = 0; i < 8; i++)
		pthread_create(&threads[i], NULL, in_a_thread, NULL);
	for (int i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
	say("mended");
}

/* What a child of vfork(2) does with its signals is not the parent's affair. */
static void beside_vfork(void)
{
	pid_t child;
	int status;

	install(0);
	child = vfork();
	if (!child) {
		signal(SIGSEGV, SIG_DFL);
		_exit(0);
	}
	waitpid(child, &status, 0);
	with_a_handler(0);
}

static void in_children(void)
{
	int status;
	pid_t child = fork();

	if (!child) {
		cause_prefetches();
		_exit(7);
	}
	waitpid(child, &status, 0);
	say(WIFEXITED(status) && WEXITSTATUS(status) == 7 ? "mended" : "child-died");
}

/* Not of the processor: sent. */
static void sent(void)
{
	cause_prefetches();
	kill(getpid(), SIGSEGV);
	say("not-ended");
}

/* What was not there is what should be executed. */
static void a_jump(void)
{
	void *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	void (*function)(void);

	memcpy(&function, &page, sizeof(page));
	function();
	say("not-ended");
}

/* Ignored: what is sent is, what an instruction causes is not. */
static void ignored(void)
{
	signal(SIGSEGV, SIG_IGN);
	kill(getpid(), SIGSEGV);
	cause_prefetches();
	say("mended");
	cause(load());
	say("not-ended");
}

/* On a processor without the erratum it faults nowhere. */
static void many_prefetches(void)
{
	for (uintptr_t i = 0; i < 30000000; i++)
		__builtin_prefetch((const void *)(i * 4096));
	say("ended");
}

static void each_prefetch(void)
{
	cause_prefetches();
	say("mended");
}

static void a_load(void)
{
	cause(load());
	say("not-ended");
}

static void behind_a_file(void)
{
	cause(find(true, true));
	say("mended");
}

static void a_load_behind_a_file(void)
{
	cause(find(false, true));
	say("not-ended");
}

static void a_handler(void)
{
	with_a_handler(0);
}

static void a_handler_without_its_mask(void)
{
	with_a_handler(SA_NODEFER);
}

static void a_handler_that_asks(void)
{
	asks_library = 1;
	with_a_handler(0);
}

static const struct {
	const char *name;
	void (*run)(void);
} kinds[] = {
	{ "prefetch", each_prefetch },
	{ "load", a_load },
	{ "file", behind_a_file },
	{ "file-load", a_load_behind_a_file },
	{ "handler", a_handler },
	{ "asks", a_handler_that_asks },
	{ "nodefer", a_handler_without_its_mask },
	{ "stack", with_a_stack },
	{ "once", once },
	{ "threads", in_threads },
	{ "vfork", beside_vfork },
	{ "fork", in_children },
	{ "sent", sent },
	{ "jump", a_jump },
	{ "ignored", ignored },
	{ "many", many_prefetches },
};

int main(int argc, char **argv)
{
	alarm(60);
#ifdef WITH_LIBRARY
	if (prefetch_handler_install())
		return 98;
#endif
	for (size_t i = 0; argc == 2 && i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(kinds[i].name, argv[1])) {
			kinds[i].run();
			return 0;
		}
	fputs("faulter: no such kind\n", stderr);
	return 97;
}
