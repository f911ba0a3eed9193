// SPDX-License-Identifier: GPL-2.0-or-later
/* ramswap maintain: writes back and recompresses what is idle in our zram devices. Once; a timer calls it again. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "../../lib/command/interrupt.h"
#include "../../lib/text/json.h"
#include "../../lib/text/text.h"
#include "../../lib/time/clock.h"
#include "../config/config.h"
#include "../state/lock.h"
#include "../status/status.h"
#include "../upkeep/run.h"
#include "cli.h"
#include "root.h"

/* How long another ramswap may take until this gives up. */
#define LOCK_SECONDS 10.0

struct maintain_settings {
	const char *root, *config;
	bool json, is_dry;
};

static const struct command_option options[] = {
	{ OPTION_FLAG, 0, "dry-run", NULL, "only say what would be done", OPTION_FIELD(struct maintain_settings, is_dry) },
	{ OPTION_FLAG, 0, "json", NULL, "print a JSON object", OPTION_FIELD(struct maintain_settings, json) },
	{ OPTION_VALUE, 0, "config", "FILE", "the settings of this file alone, not those of " CONFIG_FILE " and its drop-ins",
		OPTION_FIELD(struct maintain_settings, config), .offer = OFFER_FILES },
	ROOT_OPTION(struct maintain_settings, root),
	{ 0 },
};

/* One upkeep. */
struct maintenance {
	const struct maintain_settings *settings;
	int root;
	__u64 now, boot; /* seconds: since 1970, of CLOCK_BOOTTIME */
	struct ramswap_settings config;
	struct ramswap_facts *facts;
	struct past past;
	struct upkeep_plan plan;
	struct json_object *list; /* of devices; NULL: text */
};

static bool is_interrupted(void)
{
	return interrupted;
}

static struct json_object *reasons_json(const struct upkeep_device *device)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < device->reason_count; i++) {
		struct json_object *reason = json_object_new_object();

		json_add_string(reason, "code", device->reasons[i].code);
		json_add_string(reason, "text", device->reasons[i].text);
		json_object_array_add(list, reason);
	}
	return list;
}

/* result: NULL: nothing was done, since it is a dry run. */
static struct json_object *device_json(const struct upkeep_device *device, const struct upkeep_result *result)
{
	struct json_object *object = json_object_new_object();
	char name[32];

	snprintf(name, sizeof(name), "zram%u", device->zram->number);
	json_add_string(object, "name", name);
	json_add_text(object, "backing", *device->zram->backing ? device->zram->backing : NULL);
	json_add_number(object, "idle_seconds", device->age);
	json_add_flag(object, "recompresses", device->recompresses);
	json_add_flag(object, "writes_back", device->writes_back);
	json_add_flag(object, "paused", device->is_paused);
	json_add_number(object, "came_back", status_times(device->came_back, UPKEEP_BLOCK));
	json_add_number(object, "were_back", status_times(device->were_back, UPKEEP_BLOCK));
	json_object_object_add(object, "reasons", reasons_json(device));
	if (!result)
		return object;
	json_add_string(object, "end", upkeep_end_word(result->end));
	json_add_number(object, "written", result->written);
	json_add_number(object, "recompressed", result->recompressed);
	json_object_object_add(object, "freed", json_object_new_int64(result->freed));
	return object;
}

static const char *end_text(enum upkeep_end end)
{
	static const char *const texts[] = {
		[UPKEEP_NOT_WANTED] = "",
		[UPKEEP_ALL] = ": all that were idle",
		[UPKEEP_BUDGET] = ": then the budget was spent",
		[UPKEEP_NOT_YET] = ": pages were marked, and are looked at the next time",
		[UPKEEP_DEVICE_FULL] = ": then the backing device was full",
		[UPKEEP_STOPPED] = ": then it was stopped",
		[UPKEEP_FAILED] = ": then it failed",
	};

	return texts[end];
}

static void print_plan(const struct upkeep_device *device)
{
	const char *what = "nothing would be done";

	if (device->writes_back)
		what = "idle pages would be written back";
	else if (device->recompresses)
		what = "idle pages would be compressed again";
	printf("zram%u: %s.\n", device->zram->number, what);
}

static void print_result(const struct upkeep_device *device, const struct upkeep_result *result)
{
	char one[16], other[16];

	printf("zram%u: ", device->zram->number);
	if (device->recompresses)
		printf("what is compressed takes %s less; ", status_print_size(one, result->recompressed));
	if (device->writes_back)
		printf("%s were written back%s; ", status_print_size(one, result->written), end_text(result->end));
	if (device->recompresses || device->writes_back)
		printf("%s of memory are free for it.\n", status_print_signed(other, result->freed));
	else
		puts("nothing was done.");
}

static void print_device(const struct upkeep_device *device, const struct upkeep_result *result)
{
	if (result)
		print_result(device, result);
	else
		print_plan(device);
	for (size_t i = 0; i < device->reason_count; i++)
		printf("  %s\n", device->reasons[i].text);
}

static void put_device(struct maintenance *work, const struct upkeep_device *device, const struct upkeep_result *result)
{
	if (work->list)
		json_object_array_add(work->list, device_json(device, result));
	else
		print_device(device, result);
}

static void put_end(struct maintenance *work)
{
	const struct upkeep_plan *plan = &work->plan;
	__u64 used = budget_used(&plan->budget, work->now);
	struct json_object *object, *budget;
	char one[16], other[16];

	if (!work->list) {
		if (plan->has_budget)
			printf("%s of the %s that may be written in 24 hours were written.\n", status_print_size(one, used),
				status_print_size(other, plan->daily));
		return;
	}
	object = json_object_new_object();
	json_object_object_add(object, "devices", work->list);
	budget = plan->has_budget ? json_object_new_object() : NULL;
	if (budget) {
		json_add_number(budget, "daily", plan->daily);
		json_add_number(budget, "written", used);
		json_add_number(budget, "left", plan->left);
	}
	json_object_object_add(object, "budget", budget);
	json_put_line(object);
}

static int run_device(struct maintenance *work, struct upkeep_device *device)
{
	struct ramswap_problem problem;
	struct upkeep_result result;
	int code = EXIT_OK;

	if (work->settings->is_dry) {
		put_device(work, device, NULL);
		return EXIT_OK;
	}
	if (upkeep_run(work->root, &work->plan, device, &work->past, work->now, work->boot, is_interrupted, &result,
		    &problem)) {
		complain("%s", problem.text);
		code = EXIT_ERROR;
	}
	put_device(work, device, &result);
	if (past_write(work->root, &work->past, &problem)) {
		complain("%s", problem.text);
		code = EXIT_ERROR;
	}
	return code;
}

static int run_all(struct maintenance *work)
{
	int code = EXIT_OK;

	if (!work->plan.device_count && !work->list)
		puts("There is no zram device of ramswap's.");
	for (size_t i = 0; i < work->plan.device_count && !interrupted; i++)
		if (run_device(work, &work->plan.devices[i]))
			code = EXIT_ERROR;
	put_end(work);
	return code;
}

/* All that is decided from. An exit code, having complained. */
static int prepare(struct maintenance *work)
{
	struct ramswap_problem problem;
	struct budget budget = { 0 };
	int err;

	work->facts = root_read(work->root, RAMSWAP_READ_ZRAM);
	if (!work->facts)
		return EXIT_ERROR;
	err = config_load(work->root, work->settings->config, &work->config, &problem);
	if (!err)
		err = past_read(work->root, &work->past, &problem);
	if (!err && work->config.writeback_daily)
		err = budget_read(work->root, work->now, &budget, &problem);
	if (!err) {
		err = upkeep_decide(work->facts, &work->config, &budget, &work->past, work->now, &work->plan);
		snprintf(problem.text, sizeof(problem.text), "%s", strerror(ENOMEM));
	}
	if (err)
		complain("%s", problem.text);
	return err ? EXIT_ERROR : EXIT_OK;
}

static bool has_devices(int root, bool *is_known)
{
	struct ramswap_facts *facts = root_read(root, RAMSWAP_READ_ZRAM);
	bool has = false;

	*is_known = facts;
	for (size_t i = 0; facts && i < facts->zram_count; i++)
		has |= facts->zrams[i].is_ours;
	ramswap_facts_free(facts);
	return has;
}

/* The lock, so that up and down do not work on the same devices: -1: none is needed; *code: it could not be had. */
static int take_lock(const struct maintenance *work, int *code)
{
	struct ramswap_problem problem;
	bool is_known;
	int lock;

	/* Where nothing is ours nothing is made, not even a folder for the lock. */
	if (work->settings->is_dry || !has_devices(work->root, &is_known)) {
		*code = work->settings->is_dry || is_known ? EXIT_OK : EXIT_ERROR;
		return -1;
	}
	lock = state_lock(work->root, LOCK_SECONDS, &problem);
	if (lock < 0)
		complain("%s", problem.text);
	*code = lock < 0 ? EXIT_ERROR : EXIT_OK;
	return lock;
}

static int maintain(struct maintenance *work)
{
	int code, lock = take_lock(work, &code);

	if (!code)
		code = prepare(work);
	if (!code) {
		work->list = work->settings->json ? json_object_new_array() : NULL;
		interrupt_catch();
		code = run_all(work);
	}
	if (lock >= 0)
		close(lock);
	upkeep_plan_free(&work->plan);
	ramswap_facts_free(work->facts);
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct maintain_settings settings = { 0 };
	struct maintenance work = { .settings = &settings };
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	if (settings.root && !settings.is_dry)
		return usage_error("--root is for --dry-run: only the running machine can be changed");
	work.root = root_open(settings.root);
	if (work.root < 0)
		return EXIT_ERROR;
	work.now = clock_read(CLOCK_REALTIME) / CLOCK_SECOND;
	work.boot = clock_read(CLOCK_BOOTTIME) / CLOCK_SECOND;
	code = maintain(&work);
	close(work.root);
	interrupt_obey();
	return code;
}

const struct command maintain_command = {
	.name = "maintain",
	.summary = "write back and recompress what is idle in zram",
	.usage = "[--dry-run] [--json] [--config FILE]\n"
		 "--dry-run --root DIR [--json] [--config FILE]",
	.about = "Marks the pages in ramswap's zram devices that were not touched for long (idle-after), compresses\n"
		 "them again where the kernel can, and writes them back to the backing device, those that do not\n"
		 "compress first, within the budget of 24 hours. If much of what was written back comes back, nothing\n"
		 "more is. ramswap-maintain.timer calls it.\n",
	.options = options,
	.notes = "Exit codes: 0 done, also if there is nothing to do; 2 usage; 3 something could not be done.\n",
	.run = run,
};
