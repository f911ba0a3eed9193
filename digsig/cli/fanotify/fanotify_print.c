// SPDX-License-Identifier: GPL-2.0-or-later
#include "fanotify_print.h"
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <unistd.h>
#include "../../fanotify/state.h"
#include "../../../lib/text/json.h"
#include "../../../lib/text/text.h"

static const char *const judged[] = {
	"programs, interpreters and loaders at exec",
	"ELF files when they are opened in library folders",
};

/* Keep true with docs/fanotify.md. */
static const char *const not_judged[] = {
	"libraries and code mapped from anywhere else (ld.so PROGRAM, LD_PRELOAD)",
	"programs in memory (memfd) and on file systems that are not marked",
	"scripts (their interpreter is)",
	"memory made executable by mprotect",
	"kernel modules, firmware and kexec",
	"root stopping the engine: when its process ends, everything runs",
};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

bool fanotify_is_alone(void)
{
	struct fanotify_state state;

	return access(DIGSIG_PIN_DIRECTORY, F_OK) && errno == ENOENT &&
		!fanotify_state_read(&state);
}

static void print_list(const char *title, const char *const *items, size_t count)
{
	printf("%-12s", title);
	for (size_t i = 0; i < count; i++)
		printf("%s%s", i ? "; " : "", items[i]);
	putchar('\n');
}

static const char *mode_of(const struct fanotify_state *state)
{
	const char *mode = engine_mode_name(state->mode);

	return mode ? mode : "?";
}

static void print_words(const struct fanotify_state *state)
{
	const struct digsig_counters *decisions = &state->counters.decisions;
	char since[32];

	print_time(since, state->start_time);
	printf("%-12s%s, since %s\n", "mode", mode_of(state), since);
	printf("%-12sfanotify: THE WEAKER ONE, in user space, process %u: if it is stopped or "
	       "killed, everything runs\n",
		"engine", state->pid);
	print_list("judged", judged, COUNT_OF(judged));
	print_list("not judged", not_judged, COUNT_OF(not_judged));
	printf("%-12s%u file system%s and %u library folder%s marked\n", "where",
		state->file_systems, state->file_systems == 1 ? "" : "s", state->libraries,
		state->libraries == 1 ? "" : "s");
	printf("%-12s%u certificate%s\n", "trust", state->certificates,
		state->certificates == 1 ? "" : "s");
	printf("%-12s%llu, of them %llu from the cache; %llu files hashed, %llu signatures "
	       "checked, %llu denied\n",
		"decisions", (unsigned long long)decisions->judged,
		(unsigned long long)decisions->cached, (unsigned long long)decisions->hashed,
		(unsigned long long)decisions->signature_checks,
		(unsigned long long)decisions->denied);
	printf("%-12s%llu\n", "events lost", (unsigned long long)state->counters.events_lost);
}

static void print_json(const struct fanotify_state *state)
{
	const struct digsig_counters *decisions = &state->counters.decisions;
	struct json_object *object = json_object_new_object();
	char since[32];

	print_time(since, state->start_time);
	json_add_flag(object, "running", true);
	json_object_object_add(object, "engine", json_object_new_string("fanotify"));
	json_object_object_add(object, "mode", json_object_new_string(mode_of(state)));
	json_object_object_add(object, "since", json_object_new_string(since));
	json_add_number(object, "pid", state->pid);
	json_add_list(object, "judged", judged, COUNT_OF(judged));
	json_add_list(object, "not_judged", not_judged, COUNT_OF(not_judged));
	json_add_number(object, "file_systems", state->file_systems);
	json_add_number(object, "library_folders", state->libraries);
	json_add_number(object, "certificates", state->certificates);
	json_add_number(object, "decisions", decisions->judged);
	json_add_number(object, "decisions_cached", decisions->cached);
	json_add_number(object, "files_hashed", decisions->hashed);
	json_add_number(object, "signatures_checked", decisions->signature_checks);
	json_add_number(object, "denied", decisions->denied);
	json_add_number(object, "events_lost", state->counters.events_lost);
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN));
	json_object_put(object);
}

void fanotify_print_status(bool json)
{
	struct fanotify_state state;

	if (fanotify_state_read(&state))
		return;
	if (json)
		print_json(&state);
	else
		print_words(&state);
}
