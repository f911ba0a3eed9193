// SPDX-License-Identifier: GPL-2.0-or-later
/* Facts, settings and measurements, and the plan that is expected of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "ramswap/config/config.h"
#include "ramswap/plan/print.h"
#include "ramswap_machine.h"
#include "ramswap_plan_cases.h"

/* Of a table all cases are tried, and then it fails. */
static size_t failures;

static void complain_of(const struct plan_case *test, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void complain_of(const struct plan_case *test, const char *format, ...)
{
	char text[2048];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	print_error("%s: %s\n", test->name, text);
	failures++;
}

static void take_settings(const char *conf, struct ramswap_settings *settings)
{
	char text[512];
	struct ramswap_problem problem;

	ramswap_settings_init(settings);
	snprintf(text, sizeof(text), "%s\n", conf);
	for (char *at = text; (at = strchr(at, '|'));)
		*at = '\n';
	if (config_parse("ramswap.conf", text, strlen(text), settings, &problem))
		fail_msg("%s", problem.text);
}

static void take_measures(const char *text, struct ramswap_measures *measures)
{
	int length;

	*measures = (struct ramswap_measures){ 0 };
	while (*text) {
		struct ramswap_measured *measured = &measures->zram[measures->zram_count++];

		if (sscanf(text, "%63[^:]:%lf:%lf:%lf%n", measured->algorithm, &measured->ratio, &measured->write_ns,
			    &measured->read_ns, &length) != 4)
			fail_msg("%s?", text);
		measured->pages = 4096;
		if (text[length] == ':') {
			int more;

			if (sscanf(text + length, ":%llu%n", &measured->pages, &more) != 1)
				fail_msg("%s?", text);
			length += more;
		}
		text += length + (text[length] == ' ');
	}
}

static size_t print_device(const struct ramswap_device *device, char *text, size_t size)
{
	size_t length =
		(size_t)snprintf(text, size, "%s %llu", *device->name ? device->name : "zram", device->size / MB);

	if (device->kind == RAMSWAP_ON_ZRAM)
		length += (size_t)snprintf(text + length, size - length, "/%llu", device->limit / MB);
	if (device->priority >= 0)
		length += (size_t)snprintf(text + length, size - length, "@%d", device->priority);
	length += (size_t)snprintf(text + length, size - length, "%s%s%s%s%s%s%s", *device->algorithm ? " " : "",
		device->algorithm, *device->recompression ? " +" : "", device->recompression,
		*device->writeback ? " >" : "", device->writeback, device->is_up ? " up" : "");
	return length;
}

static void compare_devices(const struct plan_case *test, const struct ramswap_plan *plan)
{
	char text[2048] = "";
	size_t length = 0;

	for (size_t i = 0; i < plan->device_count; i++) {
		if (i)
			length += (size_t)snprintf(text + length, sizeof(text) - length, "; ");
		length += print_device(&plan->devices[i], text + length, sizeof(text) - length);
	}
	if (strcmp(text, test->devices))
		complain_of(test, "devices are \"%s\" instead of \"%s\"", text, test->devices);
}

/* vm.page-cluster=0 goes without saying where there is swap of ours that is not up, or page-cluster was not 0. */
static void compare_tunings(
	const struct plan_case *test, const struct ramswap_facts *facts, const struct ramswap_plan *plan)
{
	char text[512] = "", expected[512];
	size_t length = 0;
	bool is_kept = !strcmp(test->tunings, "page-cluster kept") || strstr(test->tunings, "page-cluster"),
	     has_swap = false;

	for (size_t i = 0; i < plan->device_count; i++)
		has_swap = has_swap || plan->devices[i].kind != RAMSWAP_AS_MEMORY;
	for (size_t i = 0; i < plan->tuning_count; i++)
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%s=%s", i ? " " : "",
			plan->tunings[i].name, plan->tunings[i].value);
	snprintf(expected, sizeof(expected), "%s", strcmp(test->tunings, "page-cluster kept") ? test->tunings : "");
	if (!is_kept && has_swap && facts->page_cluster > 0) {
		bool goes_first = strncmp(expected, "zswap", 5) && strncmp(expected, "numa", 4);

		if (goes_first)
			snprintf(expected, sizeof(expected), "vm.page-cluster=0%s%s", *test->tunings ? " " : "",
				test->tunings);
		else
			snprintf(expected, sizeof(expected), "%s vm.page-cluster=0", test->tunings);
	}
	if (strcmp(text, expected))
		complain_of(test, "tunings are \"%s\" instead of \"%s\"", text, expected);
}

static const struct ramswap_reason *find_reason(const struct ramswap_plan *plan, const char *code)
{
	for (size_t i = 0; i < plan->reason_count; i++)
		if (!strcmp(plan->reasons[i].code, code))
			return &plan->reasons[i];
	return NULL;
}

static bool has_reason(const struct ramswap_plan *plan, char letter, const char *code)
{
	static const char letters[] = {
		[RAMSWAP_REASON] = 'R', [RAMSWAP_WARNING] = 'W', [RAMSWAP_ADVICE] = 'A', [RAMSWAP_REFUSAL] = 'X'
	};

	for (size_t i = 0; i < plan->reason_count; i++)
		if (!strcmp(plan->reasons[i].code, code) && letters[plan->reasons[i].severity] == letter)
			return true;
	return false;
}

static void compare_codes(const struct plan_case *test, const struct ramswap_plan *plan)
{
	char text[512], *at = text, *word;

	snprintf(text, sizeof(text), "%s", test->codes);
	while ((word = strsep(&at, " "))) {
		if (!*word)
			continue;
		if (*word == '!' && find_reason(plan, word + 1))
			complain_of(test, "there is %s: %s", word + 1, find_reason(plan, word + 1)->text);
		if (*word != '!' && !has_reason(plan, *word, word + 2))
			complain_of(test, "there is no %s", word);
	}
}

static struct ramswap_plan *make_plan(const struct ramswap_facts *facts, const char *conf, const char *measures_text)
{
	struct ramswap_settings settings;
	struct ramswap_measures measures;
	struct ramswap_plan *plan;
	int err;

	take_settings(conf, &settings);
	take_measures(measures_text, &measures);
	err = ramswap_plan_make(facts, &settings, measures.zram_count ? &measures : NULL, &plan);
	assert_non_null(plan);
	assert_int_equal(err, find_reason(plan, "bad-expression") ? -EINVAL : 0);
	return plan;
}

static void decisions(void **state)
{
	(void)state;
	failures = 0;
	for (size_t i = 0; i < plan_case_count; i++) {
		struct ramswap_facts *facts = machine_make(plan_cases[i].machine);
		struct ramswap_plan *plan = make_plan(facts, plan_cases[i].conf, plan_cases[i].measures);

		compare_codes(&plan_cases[i], plan);
		if (plan->answer != plan_cases[i].answer)
			complain_of(&plan_cases[i], "the answer is %d", plan->answer);
		compare_devices(&plan_cases[i], plan);
		compare_tunings(&plan_cases[i], facts, plan);
		ramswap_plan_free(plan);
		machine_free(facts);
	}
	assert_int_equal(failures, 0);
}

/* The same devices, and all of them up. */
static void compare_again(
	const struct plan_case *test, const struct ramswap_plan *plan, const struct ramswap_plan *again)
{
	if (again->device_count != plan->device_count)
		complain_of(test, "%zu devices, and then %zu", plan->device_count, again->device_count);
	for (size_t i = 0; i < again->device_count && i < plan->device_count; i++)
		if (!again->devices[i].is_up || again->devices[i].size != plan->devices[i].size ||
			again->devices[i].priority != plan->devices[i].priority)
			complain_of(test, "%s is not up as it was planned", again->devices[i].name);
	if (again->tuning_count)
		complain_of(test, "%s is tuned again", again->tunings->name);
	if (plan->device_count && !plan_is_done(again))
		complain_of(test, "it is not done");
}

/* After ramswap up there is nothing to do, in every case, also where nobody measures again. */
static void once_is_enough(void **state)
{
	(void)state;
	failures = 0;
	for (size_t i = 0; i < plan_case_count; i++) {
		struct ramswap_facts *facts = machine_make(plan_cases[i].machine);
		struct ramswap_plan *plan = make_plan(facts, plan_cases[i].conf, plan_cases[i].measures), *again;

		if (!find_reason(plan, "differs")) {
			machine_apply(facts, plan);
			again = make_plan(facts, plan_cases[i].conf, plan->device_count ? "" : plan_cases[i].measures);
			compare_again(&plan_cases[i], plan, again);
			ramswap_plan_free(again);
		}
		ramswap_plan_free(plan);
		machine_free(facts);
	}
	assert_int_equal(failures, 0);
}

/* What a user reads has the numbers in it. */
static void words(void **state)
{
	static const struct {
		const char *machine, *conf, *code, *words;
	} texts[] = {
		{ "ram=1024", "", "zram-limit", "MemTotal 1.0G less 0 in huge pages" },
		{ "ram=1024", "", "zram-size", "341.0M x the ratio 2.00" },
		{ "ram=1024 swap:sda2,1024,32767", "", "priority-taken", "/dev/sda2 has priority 32767" },
		{ "ram=1024 pmem:pmem0,300,sig=ext4,label=data space:pmem0,legacy", "", "source-unusable",
			"ext4 is on it, labelled data" },
		{ "ram=1024 zram:0,0,0,lz4", "[zram]|algorithm=lzo", "algorithm-unknown", "lz4, lz4hc, zstd, deflate" },
		{ "ram=1024", "[zram]|size=1/0", "bad-expression", "size=1/0: column" },
		{ "ram=1024 zram:0,511,341,lz4,ours swap:zram0,511,100,ours", "[zram]|size=256", "differs",
			"size 511.0M instead of 256.0M" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct ramswap_facts *facts = machine_make(texts[i].machine);
		struct ramswap_plan *plan = make_plan(facts, texts[i].conf, "");
		const struct ramswap_reason *reason = find_reason(plan, texts[i].code);

		if (!reason || !strstr(reason->text, texts[i].words))
			fail_msg("%s: %s", texts[i].code, reason ? reason->text : "there is none");
		ramswap_plan_free(plan);
		machine_free(facts);
	}
}

static void printing(void **state)
{
	struct ramswap_facts *facts = machine_make("ram=1024 pmem:pmem0,300 space:pmem0,legacy zswap=on");
	struct ramswap_plan *plan = make_plan(facts, "[zram]|algorithm=zstd(level=3)", "");
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	struct json_object *object = plan_json(plan), *member;

	(void)state;
	assert_non_null(out);
	plan_print(out, plan, 80, false);
	fclose(out);
	assert_non_null(strstr(text, "To set up: 2 swap devices of 811.0M, 2 settings of the kernel.\n"));
	assert_non_null(strstr(text, "\n  zswap/enabled: N, now Y\n"));
	assert_null(strchr(text, '\033'));
	for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1)
		if (end - line > 80 && strncmp(line, "  pmem0 ", 8) && strncmp(line, "  zram (new)", 12))
			fail_msg("too long: %.*s", (int)(end - line), line);
	free(text);
	assert_true(json_object_object_get_ex(object, "devices", &member));
	assert_int_equal(json_object_array_length(member), 2);
	member = json_object_array_get_idx(member, 1);
	assert_null(json_object_object_get(member, "name"));
	assert_int_equal(json_object_get_uint64(json_object_object_get(member, "limit")), 341 * MB);
	assert_string_equal(json_object_get_string(json_object_object_get(member, "algorithm")), "zstd(level=3)");
	json_object_put(object);
	ramswap_plan_free(plan);
	machine_free(facts);
}

/* How many of the next allocations succeed; -1: all. */
static int allocations = -1;

void *__real_calloc(size_t count, size_t size);
void *__real_reallocarray(void *array, size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_reallocarray(void *array, size_t count, size_t size);

static bool is_short(void)
{
	if (allocations > 0)
		allocations--;
	return !allocations;
}

void *__wrap_calloc(size_t count, size_t size)
{
	return is_short() ? NULL : __real_calloc(count, size);
}

void *__wrap_reallocarray(void *array, size_t count, size_t size)
{
	return is_short() ? NULL : __real_reallocarray(array, count, size);
}

/* At whichever allocation memory runs short: no plan, and no half of one. */
static void memory_runs_short(void **state)
{
	struct ramswap_facts *facts =
		machine_make("ram=1024 pmem:pmem0,300 space:pmem0,legacy zswap=on hibernate waited=3");
	struct ramswap_settings settings;
	struct ramswap_plan *plan;
	int tries = 0, err;

	(void)state;
	take_settings("[policy]|swappiness=100", &settings);
	do {
		allocations = ++tries;
		err = ramswap_plan_make(facts, &settings, NULL, &plan);
		allocations = -1;
		assert_true(err == -ENOMEM ? !plan : !err && plan);
	} while (err && tries < 1000);
	assert_true(tries > 5 && tries < 1000);
	ramswap_plan_free(plan);
	machine_free(facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decisions),
		cmocka_unit_test(once_is_enough),
		cmocka_unit_test(words),
		cmocka_unit_test(printing),
		cmocka_unit_test(memory_runs_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
