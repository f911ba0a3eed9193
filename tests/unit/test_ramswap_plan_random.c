// SPDX-License-Identifier: GPL-2.0-or-later
/* What holds of every plan, tried with machines that nobody has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "ramswap/facts/usable.h"
#include "ramswap/plan/print.h"
#include "ramswap_machine.h"
#include "ramswap_random.h"

/* A failure names the start of its round: RAMSWAP_SEED=START tries that alone. */
enum { ROUNDS = 20000 };

/* What was planned, and of what. */
struct trial {
	__u64 seed;
	const struct ramswap_facts *facts;
	const struct ramswap_settings *settings;
	const struct ramswap_measures *measures;
	const struct ramswap_plan *plan;
	const char *machine, *conf;
};

static void check(const struct trial *trial, bool holds, const char *what)
{
	if (holds)
		return;
	print_error("%s\nmachine: %s, RAM %llu\n%s", what, trial->machine,
		(unsigned long long)trial->facts->memory.total, trial->conf);
	for (size_t i = 0; i < trial->plan->device_count; i++)
		print_error("device %s: size %llu limit %llu priority %d worst %llu up %d\n",
			trial->plan->devices[i].name, (unsigned long long)trial->plan->devices[i].size,
			(unsigned long long)trial->plan->devices[i].limit, trial->plan->devices[i].priority,
			(unsigned long long)trial->plan->devices[i].cost_worst, trial->plan->devices[i].is_up);
	for (size_t i = 0; i < trial->plan->reason_count; i++)
		print_error("%s %s: %s\n", plan_severity_word(trial->plan->reasons[i].severity),
			trial->plan->reasons[i].code, trial->plan->reasons[i].text);
	fail_msg("seed %llu", (unsigned long long)trial->seed);
}

static bool has_subject(const struct ramswap_plan *plan, const char *subject)
{
	for (size_t i = 0; i < plan->reason_count; i++)
		if (!strcmp(plan->reasons[i].subject, subject))
			return true;
	return false;
}

static bool has_code(const struct ramswap_plan *plan, const char *code)
{
	for (size_t i = 0; i < plan->reason_count; i++)
		if (!strcmp(plan->reasons[i].code, code))
			return true;
	return false;
}

static void check_answer(const struct trial *trial)
{
	const struct ramswap_plan *plan = trial->plan;
	bool is_refused = false;

	for (size_t i = 0; i < plan->reason_count; i++)
		is_refused = is_refused || plan->reasons[i].severity == RAMSWAP_REFUSAL;
	check(trial, is_refused == (plan->answer == RAMSWAP_REFUSED), "a plan is refused if there is a refusal");
	check(trial, (plan->device_count || plan->tuning_count) == (plan->answer == RAMSWAP_SET_UP),
		"a plan with something in it is to be set up");
	check(trial, plan->reason_count, "each plan has a reason");
	if (trial->facts->is_container || trial->facts->is_crash_kernel)
		check(trial, plan->answer == RAMSWAP_NOTHING, "nothing is done in containers and crash kernels");
}

static void check_reasons(const struct trial *trial)
{
	const struct ramswap_plan *plan = trial->plan;

	for (size_t i = 0; i < plan->reason_count; i++) {
		const char *code = plan->reasons[i].code;

		check(trial, *code && strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(code),
			"a code is a word");
		check(trial, strlen(plan->reasons[i].text) > 10, "a reason is a sentence");
		check(trial, !strstr(plan->reasons[i].text, "nan") && !strstr(plan->reasons[i].text, "inf "),
			"numbers are numbers");
	}
	for (size_t i = 0; i < plan->device_count; i++)
		check(trial, has_subject(plan, plan->devices[i].name) || has_subject(plan, "zram"),
			"each device has a reason");
	for (size_t i = 0; i < plan->tuning_count; i++) {
		check(trial, has_subject(plan, plan->tunings[i].name), "each tuning has a reason");
		check(trial, strcmp(plan->tunings[i].value, plan->tunings[i].was), "a tuning changes something");
	}
}

static void check_priorities(const struct trial *trial)
{
	const struct ramswap_plan *plan = trial->plan;
	bool is_fresh = true;
	int last = INT32_MAX;

	for (size_t i = 0; i < plan->device_count; i++)
		is_fresh = is_fresh && (plan->devices[i].kind == RAMSWAP_AS_MEMORY || !plan->devices[i].is_up);
	for (size_t i = 0; i < plan->device_count; i++) {
		int priority = plan->devices[i].priority;

		if (plan->devices[i].kind == RAMSWAP_AS_MEMORY)
			continue;
		check(trial, priority >= 0 && priority <= RAMSWAP_PRIORITY_MOST, "a priority is one of swapon(2)");
		for (size_t k = 0; k < i; k++)
			check(trial,
				plan->devices[k].priority != priority ||
					(plan->devices[k].is_up && plan->devices[i].is_up),
				"priorities are unique");
		for (size_t k = 0; trial->settings->above_all && k < trial->facts->swap_count; k++)
			check(trial, trial->facts->swaps[k].is_ours || trial->facts->swaps[k].priority < priority,
				"ours are above all");
		check(trial, !is_fresh || priority < last, "the first is used first");
		last = priority;
	}
}

static bool is_asked(const struct ramswap_settings *settings, const char *name, enum ramswap_use use)
{
	for (size_t i = 0; i < settings->source_count; i++)
		if (!strcmp(settings->sources[i].name, name) && settings->sources[i].use == use)
			return true;
	return false;
}

static void check_taken(const struct trial *trial, const struct ramswap_device *device)
{
	const struct ramswap_block *block = *device->name ? ramswap_find_block(trial->facts, device->name) : NULL;
	char why[FACTS_REASON_MAX + 1];
	enum source_state state;

	check(trial, device->kind != RAMSWAP_ON_BRD || is_asked(trial->settings, device->name, RAMSWAP_USE_YES),
		"a RAM disk is taken on demand alone");
	check(trial,
		device->kind != RAMSWAP_AS_MEMORY || is_asked(trial->settings, device->name, RAMSWAP_USE_SYSTEM_RAM),
		"memory is made on demand alone");
	check(trial, !is_asked(trial->settings, device->name, RAMSWAP_USE_NO), "what is unwanted is not taken");
	if (!block)
		return;
	state = facts_block_usable(trial->facts, block, why, sizeof(why));
	check(trial, state == SOURCE_USABLE || state == SOURCE_OURS, "only what is usable, or ours, is taken");
	check(trial, !device->is_up || state == SOURCE_OURS, "what is up is ours");
}

/* One that is has the size that the facts say, which may be nonsense. */
static bool is_in_use(const struct ramswap_facts *facts, const char *name)
{
	for (size_t i = 0; i < facts->swap_count; i++)
		if (!strcmp(facts->swaps[i].device, name))
			return true;
	for (size_t i = 0; i < facts->dax_count; i++)
		if (!strcmp(facts->daxes[i].name, name) && !strcmp(facts->daxes[i].driver, "kmem"))
			return true;
	return false;
}

static void check_devices(const struct trial *trial)
{
	const struct ramswap_plan *plan = trial->plan;
	__u64 worst = 0, page = trial->facts->page_size;

	for (size_t i = 0; i < plan->device_count; i++) {
		const struct ramswap_device *device = &plan->devices[i];

		check_taken(trial, device);
		check(trial, device->size > 0 || is_in_use(trial->facts, device->name), "a device has a size");
		check(trial, device->cost_empty <= device->cost_expected && device->cost_expected <= device->cost_worst,
			"costs grow");
		check(trial, device->gain_expected <= device->size, "no device gains more than it has");
		worst += device->cost_worst;
		check(trial, worst >= device->cost_worst && worst <= trial->facts->memory.total,
			"all costs fit into RAM");
		if (device->kind != RAMSWAP_ON_ZRAM)
			continue;
		check(trial, device->limit > 0 && device->limit < trial->facts->memory.total, "zram has a limit");
		check(trial, device->is_up || (!(device->size % page) && !(device->limit % page)),
			"zram's sizes are of pages");
		check(trial, device->ratio >= 1 && device->ratio < 1e9, "a ratio is one");
	}
}

static void check_writeback(const struct trial *trial)
{
	for (size_t i = 0; i < trial->plan->device_count; i++) {
		const char *path = trial->plan->devices[i].writeback;
		const struct ramswap_block *block = *path ? ramswap_find_block(trial->facts, path + 5) : NULL;

		if (!*path)
			continue;
		check(trial, block && block->kind != RAMSWAP_ZRAM && block->kind != RAMSWAP_BRD,
			"writeback goes to no RAM");
		for (size_t k = 0; k < trial->plan->device_count; k++)
			check(trial, strcmp(trial->plan->devices[k].name, path + 5), "writeback goes to no swap");
	}
}

static bool has_zram(const struct ramswap_plan *plan)
{
	for (size_t i = 0; i < plan->device_count; i++)
		if (plan->devices[i].kind == RAMSWAP_ON_ZRAM)
			return true;
	return false;
}

/* Carries it out, plans again, and finds nothing to do. */
static void check_again(const struct trial *trial)
{
	struct ramswap_facts *facts = machine_make(trial->machine);
	struct trial again = *trial;
	struct ramswap_plan *plan;
	bool is_up;

	facts->memory = trial->facts->memory;
	facts->image_size = trial->facts->image_size;
	facts->page_size = trial->facts->page_size;
	machine_apply(facts, trial->plan);
	/* Nobody measures again, unless that is why there is no zram. */
	ramswap_plan_make(facts, trial->settings, has_zram(trial->plan) ? NULL : trial->measures, &plan);
	assert_non_null(plan);
	is_up = plan->answer == trial->plan->answer || !trial->plan->device_count;
	for (size_t i = 0; i < plan->device_count; i++)
		is_up = is_up && plan->devices[i].is_up;
	again.plan = plan;
	again.facts = facts;
	check(&again, is_up && plan->device_count == trial->plan->device_count, "what was set up is up");
	check(&again, !plan->tuning_count, "what was tuned is tuned");
	ramswap_plan_free(plan);
	machine_free(facts);
}

static void check_printing(const struct trial *trial)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	struct json_object *object = plan_json(trial->plan);

	assert_non_null(out);
	plan_print(out, trial->plan, 80, false);
	fclose(out);
	check(trial, size > 10 && !strchr(text, '\033') && text[size - 1] == '\n', "it can be printed");
	check(trial, json_object_array_length(json_object_object_get(object, "reasons")) == trial->plan->reason_count,
		"JSON has all reasons");
	free(text);
	json_object_put(object);
}

static void one(__u64 start, size_t counts[3], size_t *again)
{
	struct random_text machine = { "", 0 }, conf = { "", 0 };
	struct ramswap_facts *facts;
	struct ramswap_settings settings;
	struct ramswap_measures measures;
	struct ramswap_plan *plan;
	bool is_measured;
	int err;

	random_begin(start);
	facts = random_machine(&machine);
	random_settings(&conf, &settings);
	random_measures(&measures);
	is_measured = measures.zram_count % 2;
	err = ramswap_plan_make(facts, &settings, is_measured ? &measures : NULL, &plan);
	assert_non_null(plan);
	{
		const struct trial trial = { start, facts, &settings, is_measured ? &measures : NULL, plan,
			machine.bytes, conf.bytes };

		check(&trial, err == (has_code(plan, "bad-expression") ? -EINVAL : 0),
			"an expression that is none is an error");
		check_answer(&trial);
		check_reasons(&trial);
		check_priorities(&trial);
		check_devices(&trial);
		check_writeback(&trial);
		check_printing(&trial);
		/* What is known at up alone may fail there. */
		if (plan->answer == RAMSWAP_SET_UP && !has_code(plan, "differs") &&
			!has_code(plan, "algorithm-checked-at-up")) {
			check_again(&trial);
			++*again;
		}
	}
	counts[plan->answer]++;
	ramswap_plan_free(plan);
	machine_free(facts);
}

static void invariants(void **state)
{
	size_t counts[3] = { 0 }, again = 0;
	const char *only = getenv("RAMSWAP_SEED");

	(void)state;
	if (only) {
		one(strtoull(only, NULL, 10), counts, &again);
		return;
	}
	for (__u64 i = 1; i <= ROUNDS; i++)
		one(i * 0x9e3779b97f4a7c15, counts, &again);
	print_message("# nothing %zu, set up %zu, refused %zu; carried out %zu\n", counts[RAMSWAP_NOTHING],
		counts[RAMSWAP_SET_UP], counts[RAMSWAP_REFUSED], again);
	/* Otherwise the machines say nothing. */
	assert_true(
		counts[RAMSWAP_NOTHING] > ROUNDS / 20 && counts[RAMSWAP_SET_UP] > ROUNDS / 5 && again > ROUNDS / 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(invariants) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
