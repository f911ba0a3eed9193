// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * For LD_PRELOAD: handles the faults of a program that knows nothing of it. The program's own handlers of
 * SIGSEGV and SIGBUS come second, whenever they are installed.
 */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>
#include "../prefetch.h"
#include "chain.h"

/*
 * Whose actions chain.c knows. A child of vfork(2) has this memory, and actions of its own: what it
 * changes is not put here.
 */
static pid_t owner;

static void become_owner(void)
{
	owner = getpid();
}

__attribute__((constructor)) static void begin(void)
{
	void *real = dlsym(RTLD_NEXT, "sigaction");

	if (!real)
		return;
	__builtin_memcpy(&chain_sigaction, &real, sizeof(real));
	become_owner();
	pthread_atfork(NULL, NULL, become_owner);
	prefetch_handler_install();
}

int sigaction(int number, const struct sigaction *action, struct sigaction *old)
{
	int err;

	/* Called by another library's constructor, before ours. */
	if (chain_sigaction == sigaction)
		begin();
	if (!chain_has(number) || owner != getpid())
		return chain_sigaction(number, action, old);
	err = chain_exchange(number, action, old);
	if (!err)
		return 0;
	errno = -err;
	return -1;
}

static sighandler_t set_handler(int number, sighandler_t handler, int flags)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags }, old;

	/* As the C library's: a signal is in its own mask, where its handler does not allow it again. */
	if (!(flags & SA_NODEFER))
		sigaddset(&action.sa_mask, number);
	return sigaction(number, &action, &old) ? SIG_ERR : old.sa_handler;
}

sighandler_t signal(int number, sighandler_t handler)
{
	return set_handler(number, handler, SA_RESTART);
}

sighandler_t bsd_signal(int number, sighandler_t handler);
sighandler_t bsd_signal(int number, sighandler_t handler)
{
	return signal(number, handler);
}

sighandler_t ssignal(int number, sighandler_t handler)
{
	return signal(number, handler);
}

sighandler_t __sysv_signal(int number, sighandler_t handler)
{
	return set_handler(number, handler, (int)(SA_RESETHAND | SA_NODEFER));
}

sighandler_t sysv_signal(int number, sighandler_t handler)
{
	return __sysv_signal(number, handler);
}
