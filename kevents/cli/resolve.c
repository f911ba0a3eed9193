// SPDX-License-Identifier: GPL-2.0-or-later
/* kevents resolve: what stood at an address of a process at a time. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "../../lib/text/number.h"
#include "../../lib/text/text.h"
#include "../../lib/time/clock.h"
#include "../maps.h"
#include "cli.h"
#include "resolve_print.h"
#include "snapshot.h"

enum { JIT_FILES_MAX = 64 };

struct jit_file {
	int32_t pid;
	const char *path;
};

struct resolve {
	struct kevents_maps *maps;
	const char *recording; /* NULL: now */
	struct jit_file files[JIT_FILES_MAX];
	size_t file_count;
	__u64 memory; /* MiB */
	uint64_t end; /* the time of a question without one; 0: now */
	bool json, no_color, colour, failed;
};

/* Seconds with up to nine digits behind the point, exactly: a double is not. */
static bool parse_time(const char *text, uint64_t *time)
{
	uint64_t part = 0, unit = 1000000000;
	__u64 seconds;

	if (number_read(&text, &seconds) || seconds > 1ULL << 33)
		return false;
	if (*text == '.')
		for (text++; *text >= '0' && *text <= '9' && unit > 1; text++) {
			unit /= 10;
			part += (uint64_t)(*text - '0') * unit;
		}
	*time = seconds * 1000000000 + part;
	return !*text;
}

static bool parse_question(const struct resolve *resolve, char *const *words, size_t count,
	struct resolve_question *question)
{
	__u64 pid, address;

	if (count < 2 || count > 3 || number_parse(words[0], 0, INT32_MAX, &pid) ||
		number_parse_hex(words[1], &address))
		return false;
	question->address = address;
	question->pid = (int32_t)pid;
	question->time = resolve->end;
	return count < 3 || parse_time(words[2], &question->time);
}

static void answer(struct resolve *resolve, struct resolve_question *question)
{
	struct kevents_place place;
	struct kevents_error error;
	int err;

	if (!question->time)
		question->time = clock_now();
	err = kevents_resolve(
		resolve->maps, question->pid, question->address, question->time, &place, &error);
	if (resolve->json)
		print_place_json(question, err ? NULL : &place, error.text);
	else if (!err)
		print_place(question, &place, resolve->colour);
	else
		complain("%s", error.text);
	resolve->failed |= err != 0;
}

/* -1: there are too many. */
static int split(char *line, char **words, int room)
{
	char *rest;
	int count = 0;

	for (char *word = strtok_r(line, " \t\r\n", &rest); word;
		word = strtok_r(NULL, " \t\r\n", &rest)) {
		if (count == room)
			return -1;
		words[count++] = word;
	}
	return count;
}

static int answer_lines(struct resolve *resolve)
{
	struct resolve_question question;
	char *line = NULL, *words[3];
	unsigned long number = 0;
	size_t room = 0;
	int code = EXIT_OK;

	while (code == EXIT_OK && getline(&line, &room, stdin) > 0) {
		int count = split(line, words, 3);

		number++;
		if (!count)
			continue;
		if (count < 0 || !parse_question(resolve, words, (size_t)count, &question)) {
			complain("line %lu: not PID ADDRESS [TIME]", number);
			code = EXIT_ERROR;
		} else {
			answer(resolve, &question);
		}
	}
	free(line);
	return code;
}

static int read_recording(struct resolve *resolve)
{
	bool is_stdin = !strcmp(resolve->recording, "-");
	int fd = is_stdin ? STDIN_FILENO : open(resolve->recording, O_RDONLY | O_CLOEXEC);
	struct kevents_maps_options options = {
		.size = sizeof(options), .memory = resolve->memory << 20};
	struct kevents_reader *reader = NULL;
	struct kevents_error error;
	int err;

	if (fd < 0) {
		complain("%s: %s", resolve->recording, strerror(errno));
		return EXIT_ERROR;
	}
	err = kevents_reader_new(fd, &reader, &error);
	if (!err)
		err = maps_of_recording(reader, &options, &resolve->maps, &resolve->end, &error);
	/* One that is cut off is good up to there. */
	if (err)
		complain("%s: %s", resolve->recording, error.text);
	kevents_reader_close(reader);
	if (!is_stdin)
		close(fd);
	return resolve->maps ? EXIT_OK : EXIT_ERROR;
}

static int read_what_runs(struct resolve *resolve, int32_t pid)
{
	struct kevents_error error;

	if (!maps_of_running(pid, &resolve->maps, &error))
		return EXIT_OK;
	complain("%s", error.text);
	return EXIT_ERROR;
}

static int read_jit_files(struct resolve *resolve)
{
	struct kevents_error error;

	for (size_t i = 0; i < resolve->file_count; i++) {
		int err = kevents_maps_read_jit(
			resolve->maps, resolve->files[i].pid, resolve->files[i].path, &error);

		if (err)
			complain("%s", error.text);
		if (err && err != -EBADMSG)
			return EXIT_ERROR;
		resolve->failed |= err != 0;
	}
	return EXIT_OK;
}

static int answer_all(struct resolve *resolve, char **words, size_t count)
{
	struct resolve_question question = {0};
	int code;

	if (count && !parse_question(resolve, words, count, &question))
		return usage_error("PID ADDRESS [TIME] is needed: a number, a hexadecimal "
					      "one, and seconds");
	if (resolve->recording && !count && !strcmp(resolve->recording, "-"))
		return usage_error("stdin cannot be both the recording and the questions");
	code = resolve->recording ? read_recording(resolve) :
				    read_what_runs(resolve, count ? question.pid : 0);
	if (code == EXIT_OK)
		code = read_jit_files(resolve);
	if (code == EXIT_OK && !count)
		code = answer_lines(resolve);
	else if (code == EXIT_OK && parse_question(resolve, words, count, &question))
		answer(resolve, &question);
	return code == EXIT_OK && resolve->failed ? EXIT_ERROR : code;
}

static bool add_jit_file(struct resolve *resolve, char *text)
{
	char *equals = strchr(text, '=');
	__u64 pid;

	if (!equals || resolve->file_count == JIT_FILES_MAX)
		return false;
	*equals = 0;
	if (number_parse(text, 0, INT32_MAX, &pid) || !equals[1])
		return false;
	resolve->files[resolve->file_count++] = (struct jit_file){(int32_t)pid, equals + 1};
	return true;
}

static int take_jit(void *resolve, char *text)
{
	return add_jit_file(resolve, text) ? 0 : usage_error("--jit %s: PID=FILE is needed", text);
}

static const struct command_option options[] = {
	{ OPTION_VALUE, 'r', "recording", "FILE", "by a recording of kevents record, \"-\" for stdin",
		OPTION_FIELD(struct resolve, recording), .offer = OFFER_FILES },
	{ OPTION_CALL, 0, "jit", "PID=FILE",
		"with a recording: a jitdump or perf map that this process wrote; may be repeated",
		.take = take_jit },
	{ OPTION_NUMBER, 0, "memory", "MIB", "for the maps of a recording (default: 1024)",
		OPTION_FIELD(struct resolve, memory), .least = 1, .most = 1 << 20 },
	{ OPTION_FLAG, 0, "json", NULL, "print one JSON object a line", OPTION_FIELD(struct resolve, json) },
	{ OPTION_FLAG, 0, "no-color", NULL, "no colour (also: NO_COLOR)",
		OPTION_FIELD(struct resolve, no_color) },
	{ 0 },
};

static int run(const struct command *command, int argc, char **argv)
{
	struct resolve resolve = {.memory = 1024};
	int code;

	if (!options_take(command, &argc, &argv, &resolve, &code))
		return code;
	if (resolve.file_count && !resolve.recording)
		return usage_error("--jit is for recordings: of what runs, the files are found");
	resolve.colour = colour_wanted(resolve.no_color);
	code = answer_all(&resolve, argv, (size_t)argc);
	kevents_maps_close(resolve.maps);
	return code;
}

const struct command resolve_command = {
	.name = "resolve",
	.summary = "say what stood at an address",
	.usage = "[OPTION...] PID ADDRESS [TIME]\n[OPTION...] <QUESTIONS",
	.about = "Says which file, which function of it, or which code made at run time stood at an address\n"
		 "of a process: now, or by a recording at a time. ADDRESS is hexadecimal; TIME is in seconds\n"
		 "of CLOCK_MONOTONIC, as of perf record -k mono; without one, now or the end of the recording.\n"
		 "QUESTIONS are lines of the same three words.\n",
	.options = options,
	.run = run,
	.most = ARGUMENTS_ANY,
};
