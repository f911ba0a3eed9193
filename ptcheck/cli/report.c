// SPDX-License-Identifier: GPL-2.0-or-later
#include "report.h"
#include <errno.h>
#include <stdio.h>
#include "../../lib/text/json.h"
#include "../../lib/text/text.h"
#include "cli.h"

static const char *name_confidence(const struct ptcheck_result *result)
{
	return result->confidence == PTCHECK_CERTAIN ? "certain" : "likely";
}

static bool has_confidence(const struct ptcheck_result *result)
{
	return result->verdict != PTCHECK_AMBIGUOUS && result->verdict != PTCHECK_UNREADABLE;
}

/* --- text */

static void print_readings(const struct ptcheck_result *result)
{
	char words[64];

	if (result->reading_count > 1)
		for (unsigned int i = 0; i < result->reading_count; i++) {
			name_reading(words, sizeof(words), &result->readings[i]);
			printf("  %s %s: %s\n", i ? "or" : "either", words, result->readings[i].use);
		}
	if (result->also)
		printf("  %s\n", result->also);
}

static void print_check(const struct ptcheck_check *check)
{
	static const char *const outcomes[] = {
		[PTCHECK_PASSED] = "yes",
		[PTCHECK_FAILED] = "NO",
		[PTCHECK_NOT_READ] = "-",
	};

	printf("    %-3s  %-20s  at %-7llu  %s\n", outcomes[check->outcome], check->name, (unsigned long long)check->offset,
		check->outcome == PTCHECK_NOT_READ ? "not read" : check->detail);
}

static void print_checks(const struct ptcheck_result *result)
{
	for (enum ptcheck_kind kind = PTCHECK_NONE; kind < PTCHECK_KINDS; kind++) {
		bool is_first = true;

		for (size_t i = 0; i < result->check_count; i++) {
			if (result->checks[i].kind != kind)
				continue;
			if (is_first)
				printf("  as %s:\n", kind == PTCHECK_OTHER ? "something else" : ptcheck_kind_name(kind));
			is_first = false;
			print_check(&result->checks[i]);
		}
	}
}

void report_text(const char *path, const struct disk *disk, const struct ptcheck_result *result, bool explains)
{
	char words[64];

	name_verdict(words, sizeof(words), result);
	print_safely(stdout, path);
	printf(": %s%s%s (%u read%s, %llu sector%s)\n", words, has_confidence(result) ? ", " : "",
		has_confidence(result) ? name_confidence(result) : "", disk->reads, text_plural(disk->reads),
		(unsigned long long)disk->sectors, text_plural(disk->sectors));
	print_readings(result);
	if (explains)
		print_checks(result);
}

/* --- JSON */

static struct json_object *json_of_reading(const struct ptcheck_reading *reading)
{
	struct json_object *object = json_object_new_object();

	json_add_string(object, "verdict", ptcheck_is_table(reading->kind) ? "table" : reading->kind ? "whole-disk" : "none");
	json_add_string(object, "kind", ptcheck_kind_name(reading->kind));
	json_add_string(object, "name", reading->name);
	json_add_string(object, "use", reading->use);
	return object;
}

static struct json_object *json_of_check(const struct ptcheck_check *check)
{
	static const char *const outcomes[] = {
		[PTCHECK_PASSED] = "passed",
		[PTCHECK_FAILED] = "failed",
		[PTCHECK_NOT_READ] = "not-read",
	};
	struct json_object *object = json_object_new_object();

	json_add_string(object, "reading", ptcheck_kind_name(check->kind));
	json_add_string(object, "check", check->name);
	json_add_string(object, "outcome", outcomes[check->outcome]);
	json_add_number(object, "offset", check->offset);
	json_add_string(object, "found", check->outcome == PTCHECK_NOT_READ ? NULL : check->detail);
	return object;
}

static struct json_object *json_of_errors(const struct disk *disk)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < disk->count; i++) {
		const struct ptcheck_block *block = &disk->blocks[i];
		struct json_object *object;

		if (!block->err || block->err == -ENODATA)
			continue;
		object = json_object_new_object();
		json_add_number(object, "offset", block->offset);
		json_add_number(object, "size", block->size);
		json_add_string(object, "error", read_error(block->err));
		json_object_array_add(list, object);
	}
	return list;
}

void report_json(const char *path, const struct disk *disk, const struct ptcheck_result *result)
{
	struct json_object *object = json_object_new_object(), *readings = json_object_new_array(),
			   *checks = json_object_new_array();
	bool is_one = result->reading_count == 1;

	json_add_text(object, "device", path);
	json_add_string(object, "verdict", ptcheck_verdict_name(result->verdict));
	json_add_string(object, "kind", is_one ? ptcheck_kind_name(result->readings[0].kind) : NULL);
	json_add_string(object, "name", is_one ? result->readings[0].name : NULL);
	json_add_string(object, "confidence", has_confidence(result) ? name_confidence(result) : NULL);
	json_add_string(object, "also", result->also);
	json_add_number(object, "sector_size", result->sector_size);
	json_add_number(object, "reads", disk->reads);
	json_add_number(object, "sectors", disk->sectors);
	for (unsigned int i = 0; i < result->reading_count; i++)
		json_object_array_add(readings, json_of_reading(&result->readings[i]));
	json_object_object_add(object, "readings", readings);
	for (size_t i = 0; i < result->check_count; i++)
		json_object_array_add(checks, json_of_check(&result->checks[i]));
	json_object_object_add(object, "checks", checks);
	json_object_object_add(object, "errors", json_of_errors(disk));
	json_put_line(object);
}

/* --- for udev */

void report_export(const struct ptcheck_result *result)
{
	printf("PTCHECK_VERDICT=%s\n", ptcheck_verdict_name(result->verdict));
	if (result->reading_count == 1)
		printf("PTCHECK_KIND=%s\nPTCHECK_NAME=%s\n", ptcheck_kind_name(result->readings[0].kind), result->readings[0].name);
	if (has_confidence(result))
		printf("PTCHECK_CONFIDENCE=%s\n", name_confidence(result));
}
