// SPDX-License-Identifier: GPL-2.0-or-later
/* What holds of every plan, tried with machines that nobody has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "ramswap/config/config.h"
#include "ramswap/facts/usable.h"
#include "ramswap/plan/print.h"
#include "ramswap_machine.h"

enum { ROUNDS = 20000 };

/* xorshift64: the same machines each time; a failure names the round's seed. */
static __u64 seed;

static __u64 draw(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static __u64 below(__u64 bound)
{
	return draw() % bound;
}

static bool one_in(__u64 count)
{
	return !below(count);
}

/* Sizes of all magnitudes, round ones, and the ends. */
static __u64 some_size(void)
{
	static const __u64 ends[] = { 0, 1, 4095, 4096, 1ULL << 20, 1ULL << 31, 1ULL << 32, 1ULL << 62, 1ULL << 63,
		~0ULL };

	if (one_in(12))
		return ends[below(sizeof(ends) / sizeof(*ends))];
	if (one_in(3))
		return draw() >> below(64);
	return (1 + below(4096)) * MB;
}

/* What machines have. */
static __u64 usual_size(void)
{
	return (64 + below(8192)) * MB;
}

static const char *pick(const char *const *words, size_t count)
{
	return words[below(count)];
}

#define PICK(...)                                                                                                      \
	pick((const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

struct text {
	char bytes[4096];
	size_t length;
};

static void put(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(struct text *text, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text->length +=
		(size_t)vsnprintf(text->bytes + text->length, sizeof(text->bytes) - text->length, format, arguments);
	va_end(arguments);
	assert_true(text->length < sizeof(text->bytes));
}

static void put_block(struct text *text, const char *kind, unsigned int number)
{
	static const char *const names[] = { "pmem", "ram", "vd" };
	bool is_pmem = !strcmp(kind, "pmem"), is_brd = !strcmp(kind, "brd");

	put(text, " %s:%s%u,%llu", kind,
		names[is_pmem	       ? 0 :
				is_brd ? 1 :
					 2],
		number, (unsigned long long)(some_size() / MB));
	if (one_in(3))
		put(text, ",sig=%s", PICK("ext4", "swap", "?", "crypto_LUKS"));
	if (one_in(4))
		put(text, ",label=%s", PICK("ramswap", "data", "\x1b[31m", "\xff\xfe"));
	if (one_in(8))
		put(text, ",holder=%s", PICK("dm-0", "vd0", "vd1"));
	if (one_in(8))
		put(text, ",mounted");
	if (one_in(12))
		put(text, ",partitions");
	if (one_in(12))
		put(text, ",readonly");
	if (is_pmem && one_in(3))
		put(text, ",node=%u", (unsigned int)below(4));
	if (is_pmem && !one_in(5))
		put(text, " space:pmem%u%s%s%s", number, one_in(2) ? ",legacy" : "", one_in(4) ? ",alt=ramswap" : "",
			one_in(3) ? ",node=1" : "");
	if (one_in(3))
		put(text, " swap:%s%u,%u,%d%s%s",
			names[is_pmem	       ? 0 :
					is_brd ? 1 :
						 2],
			number, (unsigned int)below(4096), one_in(9) ? 32767 - (int)below(3) : (int)below(300) - 5,
			one_in(2) ? ",ours" : "", one_in(3) ? ",rotating" : "");
}

static void put_zram(struct text *text, unsigned int number)
{
	bool is_ours = one_in(2);
	__u64 size = one_in(4) ? 0 : some_size() / MB;

	put(text, " zram:%u,%llu,%llu,%s%s%s", number, (unsigned long long)size,
		(unsigned long long)(one_in(4) ? 0 : some_size() / MB), PICK("lz4", "zstd", "lzo-rle"),
		is_ours ? ",ours" : "", one_in(3) ? ",canrecompress" : "");
	if (one_in(4))
		put(text, ",backing=/dev/vd%u", (unsigned int)below(3));
	if (size && one_in(2))
		put(text, " swap:zram%u,%llu,%d%s", number, (unsigned long long)size, (int)below(200) - 3,
			is_ours ? ",ours" : "");
}

static void put_machine(struct text *text)
{
	unsigned int numbers[3] = { 0 };

	put(text, "processors=%u release=%s", (unsigned int)below(one_in(9) ? 8192 : 16) + 1,
		PICK("6.1.0-50", "6.12.7", "7.2.13", "x"));
	for (__u64 i = below(5); i > 0; i--) {
		unsigned int kind = (unsigned int)below(3);

		put_block(text, kind == 0 ? "pmem" : kind == 1 ? "brd" : "disk", numbers[kind]++);
	}
	for (__u64 i = below(3), number = 0; number < i; number++)
		put_zram(text, (unsigned int)number);
	if (one_in(2)) {
		put(text, " node:0,cpu,%d,10", (int)below(6) - 1);
		for (unsigned int node = 1; node <= below(4); node++)
			put(text, " node:%u,%s,%d,%u", node, PICK("far", "cpu"), (int)below(6) - 1,
				(unsigned int)below(256));
	}
	for (__u64 i = below(3), number = 0; number < i; number++)
		put(text, " dax:dax%llu.0,%llu,%s,%d%s", (unsigned long long)number,
			(unsigned long long)(some_size() / MB), PICK("device_dax", "kmem", "x"), (int)below(4),
			one_in(2) ? ",ours" : "");
	if (one_in(4))
		put(text, " range:%s,%llu", PICK("legacy", "pmem", "soft", "crash"),
			(unsigned long long)(some_size() / MB));
	if (one_in(3))
		put(text, " %s",
			PICK("no-zram", "no-kmem", "no-pmem", "brd-module", "32-bit", "waited=3", "group-swap=0",
				"crash-loaded"));
	if (one_in(3))
		put(text, " hibernate resume=%s", PICK("0:0", "8:2", "200:1", "202:1"));
	if (one_in(3))
		put(text, " zswap=%s", PICK("on", "off"));
	if (one_in(3))
		put(text, " swappiness=%d page-cluster=%d demotion=%d watermark=%d", (int)below(200) - 1,
			(int)below(5) - 1, (int)below(3) - 1, (int)below(100) - 1);
	if (one_in(30))
		put(text, " %s",
			PICK("container", "crash-kernel", "read-only", "others=1", "others=6", "command=ramswap=0"));
}

static struct ramswap_facts *some_machine(struct text *text)
{
	struct ramswap_facts *facts;

	put_machine(text);
	facts = machine_make(text->bytes);
	/* Also what is no number of MB. */
	facts->memory.total = one_in(3) ? some_size() : usual_size();
	facts->memory.huge_reserved = one_in(4) ? some_size() : 0;
	facts->image_size = one_in(3) ? some_size() : 0;
	facts->page_size = one_in(9) ? 65536 : 4096;
	return facts;
}

static void some_settings(struct text *text, struct ramswap_settings *settings)
{
	struct ramswap_problem problem;

	put(text, "[zram]\n");
	if (one_in(3))
		put(text, "use=%s\n", PICK("yes", "no", "auto"));
	if (one_in(4))
		put(text, "size=%s\n",
			PICK("ram/2", "ram", "0", "100", "ram*50", "swap+far", "1/(ram-ram)", "2^62", "0.3",
				"min(ram,4096)"));
	if (one_in(4))
		put(text, "limit=%s\n", PICK("ram/2", "ram", "0", "100", "ram/100", "2^62", "0.001"));
	if (one_in(4))
		put(text, "algorithm=%s\n", PICK("lz4", "zstd", "zstd(level=3)", "nonsense"));
	if (one_in(5))
		put(text, "recompression=%s\n", PICK("none", "zstd", "deflate"));
	if (one_in(5))
		put(text, "recompress-after=1h\n");
	if (one_in(5))
		put(text, "writeback=/dev/%s\n", PICK("vd0", "vd1", "ram0", "zram0", "pmem0", "dm-0"));
	for (unsigned int i = 0; i < below(3); i++)
		put(text, "[source %s]\nuse=%s\n",
			PICK("pmem0", "pmem1", "namespace0.0", "ram0", "ram1", "dax0.0", "dax1.0"),
			PICK("yes", "no", "auto", "system-ram"));
	put(text, "[policy]\nabove-all=%s\n", one_in(5) ? "no" : "yes");
	if (one_in(5))
		put(text, "priority=%u\n", (unsigned int)below(one_in(3) ? 32768 : 300));
	if (one_in(4))
		put(text, "demotion=yes\n");
	if (one_in(4))
		put(text, "zswap-off=no\n");
	if (one_in(4))
		put(text, "swappiness=%u\npage-cluster=%u\nwatermark-scale-factor=50\n", (unsigned int)below(201),
			(unsigned int)below(6));
	if (one_in(4))
		put(text, "beside-others=yes\n");
	ramswap_settings_init(settings);
	if (config_parse("random", text->bytes, text->length, settings, &problem))
		fail_msg("%s", problem.text);
}

static double some_number(void)
{
	static const double ends[] = { 0, -1, 1e300, 1e-300 };

	if (one_in(20))
		return one_in(2) ? NAN : INFINITY;
	if (one_in(10))
		return ends[below(4)];
	return (double)below(1000000) / 1000;
}

static void some_measures(struct ramswap_measures *measures)
{
	static const char *const names[] = { "lz4", "zstd", "lzo-rle", "deflate", "842" };

	*measures = (struct ramswap_measures){ 0 };
	measures->zram_count = below(6);
	for (size_t i = 0; i < measures->zram_count; i++) {
		struct ramswap_measured *measured = &measures->zram[i];

		snprintf(measured->algorithm, sizeof(measured->algorithm), "%s", names[i]);
		measured->ratio = one_in(4) ? some_number() : 1 + (double)below(600) / 100;
		measured->write_ns = 1000 * some_number();
		measured->read_ns = 1000 * some_number();
	}
}

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
	struct text machine = { "", 0 }, conf = { "", 0 };
	struct ramswap_facts *facts;
	struct ramswap_settings settings;
	struct ramswap_measures measures;
	struct ramswap_plan *plan;
	bool is_measured;
	int err;

	seed = start;
	for (int i = 0; i < 4; i++)
		draw();
	facts = some_machine(&machine);
	some_settings(&conf, &settings);
	some_measures(&measures);
	is_measured = one_in(2);
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
	print_message("nothing %zu, set up %zu, refused %zu; carried out %zu\n", counts[RAMSWAP_NOTHING],
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
