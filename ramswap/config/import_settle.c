// SPDX-License-Identifier: GPL-2.0-or-later
/* The devices of zram-generator as settings of ramswap. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "../../lib/text/number.h"
#include "expression.h"
#include "import_parts.h"
#include "lines.h"

/* The expressions of several devices, joined. */
struct sum {
	char text[4 * IMPORT_VALUE_MAX];
	size_t count;
};

struct settling {
	__u64 ram; /* MiB */
	struct imported *imported;
	struct ramswap_problem *problem;
	const struct generator_device *first; /* of those that are made, and are swap */
	size_t count; /* of them */
	struct sum size, limit;
	size_t unlimited; /* those without a limit */
};

static bool is_given(const struct import_value *value)
{
	return *value->where;
}

/* What zram-generator would not take either. */
static int refuse(struct settling *settling, const struct import_value *value, const char *name, const char *rule)
{
	return config_fail(settling->problem, -EINVAL, "%.300s: %s = %.100s: zram-generator wants %s", value->where,
		name, value->text, rule);
}

/* A number of MiB, or "none": then *number is that for none. False: it is neither. */
static bool parse_limit(const struct import_value *value, __u64 none, __u64 *number)
{
	if (is_given(value) && strcmp(value->text, "none"))
		return !number_parse(value->text, 0, ~0ULL, number);
	*number = none;
	return true;
}

static int check_memory_limit(struct settling *settling, const struct generator_device *device, bool *is_made)
{
	const struct import_value *value = &device->values[GENERATOR_MEMORY_LIMIT];
	__u64 limit;

	if (!parse_limit(value, ~0ULL, &limit))
		return refuse(settling, value, "host-memory-limit", "a number of MiB, or none");
	*is_made = limit >= settling->ram;
	if (!is_given(value) || limit == ~0ULL)
		return 0;
	return import_note(settling->imported, value->where,
		"host-memory-limit = %.40s: this machine has %llu MiB, so zram%llu is %s; ramswap.conf is for one machine",
		value->text, (unsigned long long)settling->ram, (unsigned long long)device->number,
		*is_made ? "made" : "not made");
}

static int check_file_system(struct settling *settling, const struct generator_device *device, bool *is_swap)
{
	const struct import_value *mount_point = &device->values[GENERATOR_MOUNT_POINT];
	const struct import_value *type = &device->values[GENERATOR_FS_TYPE];
	const struct import_value *value = *mount_point->text ? mount_point : type;

	*is_swap = !*mount_point->text && (!*type->text || !strcmp(type->text, "swap"));
	if (*is_swap)
		return 0;
	return import_note(settling->imported, value->where,
		"%s = %.100s: zram%llu is no swap, and ramswap makes no file systems: leave it to zram-generator, and give "
		"beside-others = yes in [policy]",
		value == type ? "fs-type" : "mount-point", value->text, (unsigned long long)device->number);
}

/* zram-fraction and max-zram-size, which come before zram-size. */
static int join_fraction(struct settling *settling, const struct generator_device *device, char *text, size_t size)
{
	const struct import_value *fraction = &device->values[GENERATOR_FRACTION];
	const struct import_value *most = &device->values[GENERATOR_MAX_SIZE];
	const char *factor = is_given(fraction) ? fraction->text : "0.5";
	double number;
	__u64 limit;

	if (decimal_parse(factor, 0, 1e6, &number))
		return refuse(settling, fraction, "zram-fraction", "a number of at least 0");
	if (!parse_limit(most, ~0ULL, &limit))
		return refuse(settling, most, "max-zram-size", "a number of MiB, or none");
	if (!is_given(most))
		limit = 4096;
	if (limit == ~0ULL)
		snprintf(text, size, "ram * %.100s", factor);
	else
		snprintf(text, size, "min(ram * %.100s, %llu)", factor, (unsigned long long)limit);
	return 0;
}

static int find_size(struct settling *settling, const struct generator_device *device, struct import_value *size)
{
	const struct import_value *value = &device->values[GENERATOR_SIZE];
	const struct import_value *fraction = &device->values[GENERATOR_FRACTION];
	int err;

	if (is_given(fraction) || is_given(&device->values[GENERATOR_MAX_SIZE])) {
		err = join_fraction(settling, device, size->text, sizeof(size->text));
		if (!err && is_given(value))
			err = import_note(settling->imported, value->where,
				"zram-size = %.100s: zram-fraction and max-zram-size come before it", value->text);
		value = is_given(fraction) ? fraction : &device->values[GENERATOR_MAX_SIZE];
		strcpy(size->where, value->where);
		return err;
	}
	if (is_given(value)) {
		*size = *value;
		return 0;
	}
	strcpy(size->where, device->where);
	strcpy(size->text, "min(ram / 2, 4096)");
	return 0;
}

/* The first one alone as it is; two: "(A) + (B)". */
static void add_to(struct sum *sum, const char *text)
{
	char before[sizeof(sum->text)];

	if (!sum->count++) {
		snprintf(sum->text, sizeof(sum->text), "%s", text);
		return;
	}
	strcpy(before, sum->text);
	snprintf(sum->text, sizeof(sum->text), sum->count == 2 ? "(%.380s) + (%.380s)" : "%.380s + (%.380s)", before,
		text);
}

/* What it comes to here. *is_known: zram-generator's expressions are not all ramswap's. */
static int evaluate(struct settling *settling, const struct import_value *value, const char *name, double *number,
	bool *is_known)
{
	const struct expression_variable variables[] = { { "ram", (double)settling->ram } };
	char words[256];

	*is_known = !expression_evaluate(value->text, variables, 1, number, words, sizeof(words));
	if (*is_known)
		return 0;
	return import_note(settling->imported, value->where, "%s = %.100s: left out, the plan decides: %s", name,
		value->text, words);
}

static int add_size(struct settling *settling, const struct generator_device *device, bool *is_made)
{
	struct import_value size = { "", "" };
	double number = 1;
	bool is_known;
	int err = find_size(settling, device, &size);

	if (!err)
		err = evaluate(settling, &size, "zram-size", &number, &is_known);
	if (err)
		return err;
	*is_made = !is_known || number > 0;
	if (!*is_made)
		return import_note(settling->imported, size.where, "%.100s: that is 0 here, so zram%llu is not made",
			size.text, (unsigned long long)device->number);
	if (is_known)
		add_to(&settling->size, size.text);
	return 0;
}

static int add_limit(struct settling *settling, const struct generator_device *device)
{
	const struct import_value *value = &device->values[GENERATOR_RESIDENT_LIMIT];
	double number = 0;
	bool is_known = true;
	int err = is_given(value) ? evaluate(settling, value, "zram-resident-limit", &number, &is_known) : 0;

	if (number > 0)
		add_to(&settling->limit, value->text);
	else if (is_known)
		settling->unlimited++;
	if (!err && is_given(value) && is_known && number == 0)
		err = import_note(settling->imported, value->where,
			"zram-resident-limit = %.100s: no limit: ramswap always sets one, and the plan decides which",
			value->text);
	return err;
}

static int take_device(struct settling *settling, const struct generator_device *device)
{
	bool is_made = false, is_swap = false;
	int err = check_memory_limit(settling, device, &is_made);

	if (!err && is_made)
		err = check_file_system(settling, device, &is_swap);
	if (!err && is_made && is_swap)
		err = add_size(settling, device, &is_made);
	if (err || !is_made || !is_swap)
		return err;
	settling->count++;
	if (!settling->first)
		settling->first = device;
	else
		err = import_note(settling->imported, device->where,
			"zram%llu: ramswap sets up one device, as large as all, with the keys of zram%llu",
			(unsigned long long)device->number, (unsigned long long)settling->first->number);
	return err ? err : add_limit(settling, device);
}

static int set_limit(struct settling *settling)
{
	const struct import_value *value = &settling->first->values[GENERATOR_RESIDENT_LIMIT];

	if (!settling->limit.count)
		return 0;
	if (settling->unlimited)
		return import_note(settling->imported, value->where,
			"zram-resident-limit: left out, the plan decides: not all of the devices have one");
	return import_set(settling->imported, "zram", "limit", settling->limit.text, value, "zram-resident-limit");
}

static int set_all(struct settling *settling)
{
	struct import_value size = { "", "" };
	int err = 0;

	settling->imported->settings.zram = settling->count ? RAMSWAP_USE_YES : RAMSWAP_USE_NO;
	if (!settling->count)
		return 0;
	strcpy(size.where, settling->first->where);
	snprintf(size.text, sizeof(size.text), "%.190s", settling->size.text);
	if (settling->size.count)
		err = import_set(settling->imported, "zram", "size", settling->size.text, &size, "zram-size");
	if (!err)
		err = set_limit(settling);
	if (!err)
		err = generator_set_keys(settling->first, settling->imported, settling->problem);
	return err;
}

int generator_settle(const struct generator_config *config, __u64 ram, struct imported *imported, size_t *count,
	struct ramswap_problem *problem)
{
	struct settling settling = { .ram = ram, .imported = imported, .problem = problem };
	int err = 0;

	for (size_t i = 0; i < config->count && !err; i++)
		err = take_device(&settling, &config->devices[i]);
	if (!err)
		err = set_all(&settling);
	*count = settling.count;
	return err;
}
