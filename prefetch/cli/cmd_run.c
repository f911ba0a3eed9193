// SPDX-License-Identifier: GPL-2.0-or-later
/* prefetch run: a program under a supervisor that mends its faults. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "../decode.h"
#include "../run/supervisor.h"
#include "cli.h"

/* As of env(1), nohup(1) and the shell: of what could not be started. */
enum { EXIT_NOT_SUPERVISED = 125, EXIT_NOT_EXECUTABLE = 126, EXIT_NOT_FOUND = 127 };

struct run_settings {
	bool log;
};

static const struct command_option options[] = {
	{ OPTION_FLAG, 'l', "log", NULL, "print a line for each fault that is mended, and how many there were",
		OPTION_FIELD(struct run_settings, log) },
	{ 0 },
};

static void say(int thread, const struct prefetch *prefetch, __u64 ip, __u64 address, const char *what)
{
	char operand[64];

	print_operand(operand, sizeof(operand), prefetch);
	complain("thread %d: a fault at 0x%llx of %s %s at 0x%llx: %s", thread, (unsigned long long)address,
		prefetch_kind_name(prefetch->kind), operand, (unsigned long long)ip, what);
}

static void say_mended(int thread, const struct prefetch *prefetch, __u64 ip, __u64 address)
{
	say(thread, prefetch, ip, address, "mended");
}

static void say_given_up(int thread, const struct prefetch *prefetch, __u64 ip, __u64 address)
{
	say(thread, prefetch, ip, address, "the same again and again: not mended any more");
}

static void say_how_many(__u64 mended)
{
	complain("%llu fault%s mended", (unsigned long long)mended, mended == 1 ? "" : "s");
}

static int run(const struct command *command, int argc, char **argv)
{
	static const struct supervisor_report report = { say_mended, say_given_up, say_how_many };
	struct run_settings settings = { 0 };
	int code, err;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	err = supervise_this_process(settings.log ? &report : NULL);
	if (err) {
		complain("%s is not started, since it could not be supervised: %s%s", argv[0], strerror(-err),
			err == -EPERM ? ": is this process traced already, or ptrace forbidden?" : "");
		return EXIT_NOT_SUPERVISED;
	}
	execvp(argv[0], argv);
	err = errno;
	complain("%s: %s", argv[0], strerror(err));
	return err == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
}

const struct command run_command = {
	.name = "run",
	.summary = "run a program, and mend its faults at a prefetch",
	.usage = "[OPTION...] COMMAND [ARGUMENT...]",
	.about = "Runs COMMAND, supervised: a SIGSEGV or SIGBUS whose instruction is a prefetch\n"
		 "does not reach it, nor anything that it starts. Everything else is as without:\n"
		 "COMMAND has the same parent and process number; its signals and its exit code\n"
		 "are its own.\n",
	.options = options,
	.notes = "Exit codes: those of COMMAND; 2 usage; 125 it could not be supervised, and was\n"
		 "not started; 126 it could not be started; 127 there is no such command.\n",
	.run = run,
	.arguments = "COMMAND",
	.most = ARGUMENTS_ANY,
	.runs_command = true,
	.offer = OFFER_FILES,
};
