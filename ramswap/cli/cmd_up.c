// SPDX-License-Identifier: GPL-2.0-or-later
/* ramswap up: what ramswap plan says, carried out. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/command/interrupt.h"
#include "../../lib/text/size.h"
#include "../../lib/text/text.h"
#include "../apply/apply.h"
#include "cli.h"

struct up_settings {
	bool is_dry_run, is_at_boot;
	const char *config, *root;
};

static const struct command_option options[] = {
	{ OPTION_FLAG, 'n', "dry-run", NULL, "print the steps, and make none",
		OPTION_FIELD(struct up_settings, is_dry_run) },
	{ OPTION_FLAG, 0, "boot", NULL, "of a unit of systemd: lines for the journal",
		OPTION_FIELD(struct up_settings, is_at_boot) },
	{ OPTION_VALUE, 0, "config", "FILE", "in place of /etc/ramswap.conf and its drop-ins",
		OPTION_FIELD(struct up_settings, config), .offer = OFFER_FILES },
	{ OPTION_VALUE, 0, "root", "DIR", "of another machine, whose files are below DIR; with --dry-run",
		OPTION_FIELD(struct up_settings, root), .offer = OFFER_FOLDERS },
	{ 0 },
};

/* The levels of sd-daemon(3). */
enum level { LEVEL_ERROR = 3, LEVEL_WARNING = 4, LEVEL_INFO = 6 };

static void say(const struct up_settings *settings, enum level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void say(const struct up_settings *settings, enum level level, const char *format, ...)
{
	char text[2 * sizeof(((struct ramswap_problem *)NULL)->text)];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (settings->is_at_boot) {
		fprintf(stderr, "<%d>", level);
		print_safely(stderr, text);
		putc('\n', stderr);
	} else if (level == LEVEL_INFO) {
		print_safely(stdout, text);
		putchar('\n');
	} else {
		complain("%s%s", level == LEVEL_WARNING ? "warning: " : "", text);
	}
}

/* Those of one severity. */
static void say_reasons(const struct up_settings *settings, const struct ramswap_plan *plan,
	enum ramswap_severity severity, enum level level)
{
	for (size_t i = 0; i < plan->reason_count; i++) {
		const struct ramswap_reason *reason = &plan->reasons[i];

		if (reason->severity == severity)
			say(settings, level, "%s%s%s", reason->subject, *reason->subject ? ": " : "", reason->text);
	}
}

static const struct apply_operation *find_header(const struct apply_operations *operations, const char *device)
{
	for (size_t i = 0; i < operations->count; i++)
		if (operations->list[i].kind == APPLY_HEADER && !strcmp(operations->list[i].device, device))
			return &operations->list[i];
	return NULL;
}

/* What is new, in a line each. */
static void say_results(const struct up_settings *settings, const struct apply_operations *operations)
{
	for (size_t i = 0; i < operations->count; i++) {
		const struct apply_operation *operation = &operations->list[i];
		const struct apply_operation *header = find_header(operations, operation->device);
		char amount[16];

		size_print(amount, sizeof(amount), header ? (double)header->size : 0);
		if (operation->kind == APPLY_SWAPON)
			say(settings, LEVEL_INFO, "/dev/%s is swap: %s, priority %d", operation->device, amount,
				operation->priority);
		else if (operation->kind == APPLY_MEMORY)
			say(settings, LEVEL_INFO, "%s is memory of the kernel", operation->device);
		else if (operation->kind == APPLY_TUNING)
			say(settings, LEVEL_INFO, "/%s is %s", operation->path, operation->value);
	}
}

static void say_steps(const struct up_settings *settings, const struct apply_operations *operations)
{
	char words[RAMSWAP_PATH_MAX + 128];

	for (size_t i = 0; i < operations->count; i++) {
		apply_operation_print(&operations->list[i], words, sizeof(words));
		say(settings, LEVEL_INFO, "%s", words);
	}
}

/* An exit code. */
static int report(const struct up_settings *settings, const struct apply_prepared *prepared)
{
	const struct ramswap_plan *plan = prepared->plan;

	if (plan->answer == RAMSWAP_REFUSED) {
		say_reasons(settings, plan, RAMSWAP_REFUSAL, LEVEL_ERROR);
		return EXIT_REFUSED;
	}
	if (!prepared->operations.count) {
		if (plan->answer == RAMSWAP_NOTHING)
			say_reasons(settings, plan, RAMSWAP_REASON, LEVEL_INFO);
		say(settings, LEVEL_INFO, "nothing is to be done");
		return EXIT_OK;
	}
	say_reasons(settings, plan, RAMSWAP_WARNING, LEVEL_WARNING);
	if (settings->is_dry_run)
		say_steps(settings, &prepared->operations);
	else
		say_results(settings, &prepared->operations);
	return EXIT_OK;
}

static bool go_on(void *context, enum apply_moment moment, const char *words)
{
	(void)context;
	(void)moment;
	(void)words;
	return !interrupted;
}

static void note(void *context, const char *text)
{
	say(context, LEVEL_WARNING, "%s", text);
}

static int prepare_or_do(struct up_settings *settings, int root, struct apply_prepared *prepared,
	struct ramswap_problem *problem)
{
	const struct apply_watcher watcher = { .step = go_on, .note = note, .context = settings };

	if (settings->is_dry_run)
		return apply_prepare(root, settings->config, prepared, problem);
	interrupt_catch();
	return apply_up(root, settings->config, &watcher, prepared, problem);
}

static int up(struct up_settings *settings, int root)
{
	struct ramswap_problem problem = { "" };
	struct apply_prepared prepared;
	int err, code;

	if (!settings->is_dry_run && geteuid()) {
		say(settings, LEVEL_ERROR, "only root can do it; --dry-run says what it would be");
		return EXIT_ERROR;
	}
	err = prepare_or_do(settings, root, &prepared, &problem);
	if (err) {
		say(settings, LEVEL_ERROR, "%s", problem.text);
		interrupt_obey();
		return err == -EEXIST ? EXIT_REFUSED : EXIT_ERROR;
	}
	code = report(settings, &prepared);
	apply_prepared_free(&prepared);
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct up_settings settings = { 0 };
	int code, root;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	if (argc)
		return usage_error("%s: there are no arguments", argv[0]);
	if (settings.root && !settings.is_dry_run)
		return usage_error("--root: only with --dry-run");
	root = open(settings.root ? settings.root : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0) {
		say(&settings, LEVEL_ERROR, "%s: %s", settings.root, strerror(errno));
		return EXIT_ERROR;
	}
	code = up(&settings, root);
	close(root);
	return code;
}

const struct command up_command = {
	.name = "up",
	.summary = "set up what the plan says",
	.usage = "[OPTION...]",
	.about = "Carries out what ramswap plan says: all of it, or nothing. What is up already stays as it is.\n",
	.options = options,
	.notes = "Exit codes: 0 it is as planned; 2 usage; 3 it could not be done, and nothing was changed;\n"
		 "4 the plan is refused, or another one is up.\n",
	.run = run,
};
