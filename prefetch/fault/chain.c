// SPDX-License-Identifier: GPL-2.0-or-later
#include "chain.h"
#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "../prefetch.h"

int (*chain_sigaction)(int number, const struct sigaction *action, struct sigaction *old) = sigaction;

/* The program's action. The version is odd while it is being changed, and another one afterwards. */
struct chain {
	struct sigaction next;
	atomic_uint version;
	atomic_flag changing;
};

static struct chain of_segv = { .changing = ATOMIC_FLAG_INIT }, of_bus = { .changing = ATOMIC_FLAG_INIT };
static atomic_bool installed;

static struct chain *chain_of(int number)
{
	return number == SIGSEGV ? &of_segv : &of_bus;
}

bool chain_has(int number)
{
	return number == SIGSEGV || number == SIGBUS;
}

static struct sigaction next_action(struct chain *chain)
{
	struct sigaction action;
	unsigned int before;

	do {
		while ((before = atomic_load(&chain->version)) & 1)
			sched_yield();
		action = chain->next;
		atomic_thread_fence(memory_order_acquire);
	} while (before != atomic_load(&chain->version));
	return action;
}

static bool is_function(const struct sigaction *action)
{
	return action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN;
}

static void handle(int number, siginfo_t *info, void *context);

/* Ours runs on the stack and with the mask that the program wants for its own. */
static int tell_kernel(int number, const struct sigaction *action)
{
	struct sigaction ours = { .sa_flags = SA_SIGINFO | SA_ONSTACK };

	if (is_function(action)) {
		ours = *action;
		ours.sa_flags = (action->sa_flags | SA_SIGINFO) & ~(int)SA_RESETHAND;
	}
	ours.sa_sigaction = handle;
	return chain_sigaction(number, &ours, NULL) ? -errno : 0;
}

int chain_exchange(int number, const struct sigaction *action, struct sigaction *old)
{
	struct chain *chain = chain_of(number);
	struct sigaction before, after;
	sigset_t all, mask;
	int err = 0;

	/* A handler that interrupts this would wait for it for ever. */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &mask);
	while (atomic_flag_test_and_set(&chain->changing))
		sched_yield();
	/* action and old may be the same. */
	before = chain->next;
	if (action) {
		after = *action;
		err = tell_kernel(number, &after);
	}
	if (action && !err) {
		chain->version++;
		chain->next = after;
		chain->version++;
	}
	if (old && !err)
		*old = before;
	atomic_flag_clear(&chain->changing);
	pthread_sigmask(SIG_SETMASK, &mask, NULL);
	return err;
}

/* As if there were no handler: the process ends, now or when the instruction runs again. */
static void end_by_default(int number, siginfo_t *info)
{
	struct sigaction action = { .sa_handler = SIG_DFL };

	chain_sigaction(number, &action, NULL);
	/* Sent by a process, not caused by an instruction: it does not come again by itself. */
	if (info->si_code <= 0)
		syscall(SYS_rt_tgsigqueueinfo, getpid(), syscall(SYS_gettid), number, info);
}

static void pass_on(int number, siginfo_t *info, void *context)
{
	struct sigaction action = next_action(chain_of(number));

	/* What an instruction causes cannot be ignored. */
	if (action.sa_handler == SIG_DFL || (action.sa_handler == SIG_IGN && info->si_code > 0)) {
		end_by_default(number, info);
		return;
	}
	if (action.sa_handler == SIG_IGN)
		return;
	if (action.sa_flags & (int)SA_RESETHAND) {
		struct sigaction once = { .sa_handler = SIG_DFL };

		chain_exchange(number, &once, NULL);
	}
	if (action.sa_flags & SA_SIGINFO)
		action.sa_sigaction(number, info, context);
	else
		action.sa_handler(number);
}

static void handle(int number, siginfo_t *info, void *context)
{
	if (!prefetch_handle_fault(info, context))
		pass_on(number, info, context);
}

static int install(int number)
{
	struct sigaction action;

	if (chain_sigaction(number, NULL, &action))
		return -errno;
	return chain_exchange(number, &action, NULL);
}

int prefetch_handler_install(void)
{
	int err;

	if (atomic_exchange(&installed, true))
		return -EALREADY;
	err = install(SIGSEGV);
	return err ? err : install(SIGBUS);
}
