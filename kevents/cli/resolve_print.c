// SPDX-License-Identifier: GPL-2.0-or-later
#include "resolve_print.h"
#include <inttypes.h>
#include <stdio.h>
#include "../../lib/text/json.h"
#include "../../lib/text/text.h"

static const char *kind_name(uint32_t kind)
{
	static const char *const names[] = {[KEVENTS_PLACE_IMAGE] = "image",
		[KEVENTS_PLACE_JIT] = "jit",
		[KEVENTS_PLACE_MEMORY] = "memory",
		[KEVENTS_PLACE_KERNEL] = "kernel"};

	return names[kind];
}

static const char *certainty_name(uint32_t certainty)
{
	static const char *const names[] = {[KEVENTS_CERTAIN] = "certain",
		[KEVENTS_POSSIBLE] = "possible",
		[KEVENTS_AMBIGUOUS] = "ambiguous"};

	return names[certainty];
}

static void print_doubt(const struct kevents_place *place)
{
	if (place->certainty == KEVENTS_AMBIGUOUS)
		printf("  (ambiguous: the latest of %" PRIu32 ")", place->candidates);
	else if (place->certainty == KEVENTS_POSSIBLE)
		fputs("  (possible: other code may have stood there)", stdout);
	if (place->is_after_loss)
		fputs("  (records were lost since)", stdout);
}

void print_place(
	const struct resolve_question *question, const struct kevents_place *place, bool colour)
{
	printf("%" PRId32 " 0x%" PRIx64 " %" PRIu64 ".%09" PRIu64 "  ", question->pid,
		question->address, question->time / 1000000000, question->time % 1000000000);
	if (place->symbol) {
		fputs(colour ? "\033[1m" : "", stdout);
		print_safely(stdout, place->symbol);
		fputs(colour ? "\033[0m" : "", stdout);
		printf("+0x%" PRIx64 "  ", place->symbol_offset);
	}
	print_safely(stdout, place->image);
	/* Of JIT code and of the kernel itself the image is no more than a word. */
	if (place->kind != KEVENTS_PLACE_JIT && place->size)
		printf("+0x%" PRIx64, place->offset);
	if (!place->symbol && place->why_no_symbol)
		printf("  (no symbol: %s)", place->why_no_symbol);
	print_doubt(place);
	putchar('\n');
}

static void add_hex(struct json_object *object, const char *name, uint64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%" PRIx64, number);
	json_add_string(object, name, text);
}

static void add_place(struct json_object *object, const struct kevents_place *place)
{
	char build_id[2 * KEVENTS_BUILD_ID_MAX + 1];

	json_add_string(object, "kind", kind_name(place->kind));
	json_add_string(object, "certainty", certainty_name(place->certainty));
	json_add_number(object, "candidates", place->candidates);
	json_add_flag(object, "after_loss", (int)place->is_after_loss);
	json_add_text(object, "comm", place->comm);
	json_add_text(object, "image", place->image);
	add_hex(object, "offset", place->offset);
	print_hex(build_id, place->build_id, place->build_id_size);
	json_add_string(object, "build_id", place->build_id_size ? build_id : NULL);
	json_add_text(object, "symbol", place->symbol);
	if (place->symbol)
		add_hex(object, "symbol_offset", place->symbol_offset);
	else
		json_add_string(object, "no_symbol", place->why_no_symbol);
	add_hex(object, "start", place->address);
	json_add_number(object, "size", place->size);
	json_add_number(object, "since", place->since);
}

void print_place_json(const struct resolve_question *question, const struct kevents_place *place,
	const char *error)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "pid", json_object_new_int(question->pid));
	add_hex(object, "address", question->address);
	json_add_number(object, "time", question->time);
	if (place)
		add_place(object, place);
	else
		json_add_string(object, "error", error);
	json_put_line(object);
}
