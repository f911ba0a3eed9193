// SPDX-License-Identifier: GPL-2.0-or-later
/* ramswap down: what ramswap up made, taken back. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/command/interrupt.h"
#include "../../lib/command/progress.h"
#include "../../lib/text/size.h"
#include "../../lib/text/text.h"
#include "../apply/apply.h"
#include "cli.h"

/* Seconds: enough for what a slow disk has. */
#define TIMEOUT 600.0

struct down_settings {
	struct apply_down_settings apply;
	bool is_dry_run;
	const char *root;
};

static const struct command_option options[] = {
	{ OPTION_FLAG, 'n', "dry-run", NULL, "print the steps and the sums, and make none",
		OPTION_FIELD(struct down_settings, is_dry_run) },
	{ OPTION_FLAG, 'f', "force", NULL, "try though it may not fit into memory; it stops before that is full",
		OPTION_FIELD(struct down_settings, apply.is_forced) },
	{ OPTION_FLAG, 0, "for-hibernation", NULL, "only swap whose pages are lost when the power is off: all but zram",
		OPTION_FIELD(struct down_settings, apply.for_hibernation) },
	{ OPTION_DURATION, 't', "timeout", "SECONDS", "how long it may take: 600; after it devices stay in use",
		OPTION_FIELD(struct down_settings, apply.timeout) },
	{ OPTION_VALUE, 0, "root", "DIR", "of another machine, whose files are below DIR; with --dry-run",
		OPTION_FIELD(struct down_settings, root), .offer = OFFER_FOLDERS },
	{ 0 },
};

static bool go_on(void *context, enum apply_moment moment, const char *words)
{
	(void)context;
	(void)moment;
	(void)words;
	return !interrupted;
}

/* The name of the work that is shown. */
struct work {
	char name[RAMSWAP_NAME_MAX + 8];
};

static bool show(void *context, const char *device, __u64 done, __u64 total)
{
	struct work *work = context;
	char name[sizeof(work->name)];

	snprintf(name, sizeof(name), "/dev/%s", device);
	if (strcmp(name, work->name)) {
		strcpy(work->name, name);
		progress_begin(work->name, PROGRESS_BYTES);
	}
	progress_update(done, total);
	return !interrupted;
}

static void note(void *context, const char *text)
{
	(void)context;
	complain("%s", text);
}

static void say_results(const struct apply_down *down)
{
	for (size_t i = down->steps.count; i-- > 0;) {
		const struct state_step *step = &down->steps.steps[i];

		if (step->kind == STATE_SWAP)
			printf("%s is no swap any more\n", step->name);
		else if (step->kind == STATE_MEMORY)
			printf("%s is no memory of the kernel any more\n", step->name);
	}
	if (!down->steps.count)
		puts("nothing is to be taken back");
}

static void say_amount(const char *what, __u64 bytes)
{
	char amount[16];

	size_print(amount, sizeof(amount), (double)bytes);
	printf("%s: %s\n", what, amount);
}

static void say_plan(const struct apply_down *down)
{
	const struct apply_room *room = &down->room;
	char words[256];

	if (!down->steps.count) {
		puts("nothing is to be taken back");
		return;
	}
	for (size_t i = down->steps.count; i-- > 0;) {
		apply_step_print(&down->steps.steps[i], words, sizeof(words));
		puts(words);
	}
	say_amount("in use", room->used);
	say_amount("needed, with 5 % more and what must stay free", room->used ? room->needed : 0);
	say_amount("memory that is available", room->available);
	say_amount("free in other swap devices", room->other_free);
}

static int failed(int err, const struct ramswap_problem *problem)
{
	complain("%s", problem->text);
	interrupt_obey();
	return err == -ENOSPC || err == -ENOENT ? EXIT_REFUSED : EXIT_ERROR;
}

/* Refused is what down would refuse, too. */
static int rehearse(const struct down_settings *settings, int root)
{
	struct ramswap_problem problem = { "" };
	struct apply_down down;
	int err = apply_down_prepare(root, &settings->apply, &down, &problem);

	if (err)
		return failed(err, &problem);
	say_plan(&down);
	err = apply_down_refuse(&settings->apply, &down, &problem);
	apply_down_free(&down);
	return err ? failed(err, &problem) : EXIT_OK;
}

static int take_down(const struct down_settings *settings, int root)
{
	struct work work = { "" };
	const struct apply_watcher watcher = { .step = go_on, .progress = show, .note = note, .context = &work };
	struct ramswap_problem problem = { "" };
	struct apply_down down;
	int err;

	if (geteuid()) {
		complain("only root can do it; --dry-run says what it would be");
		return EXIT_ERROR;
	}
	interrupt_catch();
	progress_allow(true);
	err = apply_down(root, &settings->apply, &watcher, &down, &problem);
	progress_end();
	if (err)
		return failed(err, &problem);
	say_results(&down);
	apply_down_free(&down);
	return EXIT_OK;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct down_settings settings = { .apply.timeout = TIMEOUT };
	int code, root;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	if (settings.root && !settings.is_dry_run)
		return usage_error("--root: only with --dry-run");
	if (settings.apply.for_hibernation && argc)
		return usage_error("--for-hibernation says itself which devices go: name none");
	settings.apply.devices = argv;
	settings.apply.device_count = (size_t)argc;
	root = open(settings.root ? settings.root : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0) {
		complain("%s: %s", settings.root, strerror(errno));
		return EXIT_ERROR;
	}
	code = settings.is_dry_run ? rehearse(&settings, root) : take_down(&settings, root);
	close(root);
	return code;
}

const struct command down_command = {
	.name = "down",
	.summary = "take back what up made",
	.usage = "[OPTION...] [DEVICE...]",
	.about = "Takes back what ramswap up made: swap devices, and with the last of them the kernel's settings\n"
		 "that were changed. It is refused if what is in them has no room in memory and in other swap.\n"
		 "Ctrl-C stops it: the device that is worked on stays in use as before, and nothing is lost.\n",
	.options = options,
	.notes = "Exit codes: 0 it is taken back; 2 usage; 3 it could not be done: devices that are not gone are\n"
		 "in use as before; 4 it is refused: there is no room, or DEVICE is none of ramswap's.\n",
	.run = run,
	.most = ARGUMENTS_ANY,
	.offer = OFFER_FILES,
};
