// SPDX-License-Identifier: GPL-2.0-or-later
#include "../../lib/text/json.h"
#include "print.h"

/* Text that may be missing: "" is null. */
static void add_optional(struct json_object *object, const char *name, const char *text)
{
	json_add_text(object, name, *text ? text : NULL);
}

static struct json_object *device_json(const struct ramswap_device *device)
{
	struct json_object *object = json_object_new_object();
	bool is_zram = device->kind == RAMSWAP_ON_ZRAM;

	add_optional(object, "name", device->name);
	json_add_string(object, "kind", plan_kind_word(device->kind));
	json_add_flag(object, "up", device->is_up);
	json_add_number(object, "size", device->size);
	json_object_object_add(object, "limit", is_zram ? json_object_new_uint64(device->limit) : NULL);
	json_object_object_add(
		object, "priority", device->priority >= 0 ? json_object_new_int(device->priority) : NULL);
	add_optional(object, "algorithm", device->algorithm);
	add_optional(object, "recompression", device->recompression);
	add_optional(object, "writeback", device->writeback);
	json_add_number(object, "cost_empty", device->cost_empty);
	json_add_number(object, "cost_expected", device->cost_expected);
	json_add_number(object, "cost_worst", device->cost_worst);
	json_add_number(object, "gain_expected", device->gain_expected);
	json_object_object_add(object, "ratio", is_zram ? json_object_new_double(device->ratio) : NULL);
	json_add_flag(object, "measured", device->is_measured);
	return object;
}

static struct json_object *tuning_json(const struct ramswap_tuning *tuning)
{
	struct json_object *object = json_object_new_object();

	json_add_text(object, "path", tuning->path);
	json_add_text(object, "name", tuning->name);
	json_add_text(object, "value", tuning->value);
	json_add_text(object, "was", tuning->was);
	return object;
}

static struct json_object *reason_json(const struct ramswap_reason *reason)
{
	struct json_object *object = json_object_new_object();

	json_add_string(object, "severity", plan_severity_word(reason->severity));
	json_add_string(object, "code", reason->code);
	add_optional(object, "subject", reason->subject);
	json_add_text(object, "text", reason->text);
	return object;
}

static const char *answer_word(enum ramswap_answer answer)
{
	switch (answer) {
	case RAMSWAP_SET_UP:
		return "set-up";
	case RAMSWAP_REFUSED:
		return "refused";
	default:
		return "nothing";
	}
}

struct json_object *plan_json(const struct ramswap_plan *plan)
{
	struct json_object *object = json_object_new_object(), *devices = json_object_new_array(),
			   *tunings = json_object_new_array(), *reasons = json_object_new_array();

	json_add_string(object, "answer", answer_word(plan->answer));
	json_add_flag(object, "done", plan_is_done(plan));
	for (size_t i = 0; i < plan->device_count; i++)
		json_object_array_add(devices, device_json(&plan->devices[i]));
	for (size_t i = 0; i < plan->tuning_count; i++)
		json_object_array_add(tunings, tuning_json(&plan->tunings[i]));
	for (size_t i = 0; i < plan->reason_count; i++)
		json_object_array_add(reasons, reason_json(&plan->reasons[i]));
	json_object_object_add(object, "devices", devices);
	json_object_object_add(object, "tunings", tunings);
	json_object_object_add(object, "reasons", reasons);
	return object;
}
