// SPDX-License-Identifier: GPL-2.0-or-later
/* kevents resolve: what stood at an address of a process at a time. */
#include "resolve.h"
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "../../lib/text/text.h"
#include "../maps.h"
#include "cli.h"
#include "config.h"
#include "resolve_words.h"
#include "snapshot.h"

static const char help[] =
	"usage: kevents resolve [OPTION...] PID ADDRESS [TIME]\n"
	"       kevents resolve [OPTION...] <QUESTIONS\n"
	"Says which file, which function of it, or which code made at run time stood at an address\n"
	"of a process: now, or by a recording at a time. ADDRESS is hexadecimal; TIME is in seconds\n"
	"of CLOCK_MONOTONIC, as of perf record -k mono; without one, now or the end of the recording.\n"
	"QUESTIONS are lines of the same three words.\n\n"
	"  -r, --recording FILE  by a recording of kevents record, \"-\" for stdin\n"
	"      --jit PID=FILE    with a recording: a jitdump or perf map that this process wrote;\n"
	"                        several are possible\n"
	"      --memory MIB      for the maps of a recording; default 1024\n"
	"      --json            a JSON object a line\n"
	"      --no-color        no colour\n"
	"  -h, --help            this\n"
	"  -V, --version         which version this is\n";

enum { JIT_FILES_MAX = 64, OPTION_JIT = 256, OPTION_JSON, OPTION_MEMORY, OPTION_NO_COLOR };

static const struct option long_options[] = {
	{"help", no_argument, NULL, 'h'},
	{"jit", required_argument, NULL, OPTION_JIT},
	{"json", no_argument, NULL, OPTION_JSON},
	{"memory", required_argument, NULL, OPTION_MEMORY},
	{"no-color", no_argument, NULL, OPTION_NO_COLOR},
	{"recording", required_argument, NULL, 'r'},
	{"version", no_argument, NULL, 'V'},
	{NULL, 0, NULL, 0},
};

struct jit_file {
	int32_t pid;
	const char *path;
};

struct resolve {
	struct kevents_maps *maps;
	const char *recording; /* NULL: now */
	struct jit_file files[JIT_FILES_MAX];
	size_t file_count;
	uint64_t memory; /* MiB */
	uint64_t end; /* the time of a question without one; 0: now */
	bool json, colour, failed;
};

static bool parse_number(const char *text, int base, uint64_t most, uint64_t *number)
{
	char *end;

	errno = 0;
	*number = strtoull(text, &end, base);
	return end != text && !*end && !errno && *number <= most && *text != '-' && *text != ' ';
}

/* Seconds with up to nine digits behind the point, exactly. */
static bool parse_time(const char *text, uint64_t *time)
{
	uint64_t seconds, part = 0, unit = 1000000000;
	const char *point = strchr(text, '.');
	char whole[24];
	size_t length = point ? (size_t)(point - text) : strlen(text);

	if (!length || length >= sizeof(whole))
		return false;
	memcpy(whole, text, length);
	whole[length] = 0;
	if (!parse_number(whole, 10, 1ULL << 33, &seconds))
		return false;
	for (const char *at = point ? point + 1 : ""; *at; at++) {
		if (*at < '0' || *at > '9' || unit == 1)
			return false;
		unit /= 10;
		part += (uint64_t)(*at - '0') * unit;
	}
	*time = seconds * 1000000000 + part;
	return true;
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000ULL + (uint64_t)now.tv_nsec;
}

static bool parse_question(const struct resolve *resolve, char *const *words, size_t count,
	struct resolve_question *question)
{
	uint64_t pid;

	if (count < 2 || count > 3 || !parse_number(words[0], 10, INT32_MAX, &pid) ||
		!parse_number(words[1], 16, UINT64_MAX, &question->address))
		return false;
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
		question->time = now_ns();
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

static int run(struct resolve *resolve, char **words, size_t count)
{
	struct resolve_question question = {0};
	int code;

	if (count && !parse_question(resolve, words, count, &question))
		return usage_error("resolve", "PID ADDRESS [TIME] is needed: a number, a hexadecimal "
					      "one, and seconds");
	if (resolve->recording && !count && !strcmp(resolve->recording, "-"))
		return usage_error("resolve", "stdin cannot be both the recording and the questions");
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
	uint64_t pid;

	if (!equals || resolve->file_count == JIT_FILES_MAX)
		return false;
	*equals = 0;
	if (!parse_number(text, 10, INT32_MAX, &pid) || !equals[1])
		return false;
	resolve->files[resolve->file_count++] = (struct jit_file){(int32_t)pid, equals + 1};
	return true;
}

/* -1: to go on; else an exit code. */
static int take_option(struct resolve *resolve, int option, bool *no_color)
{
	switch (option) {
	case 'r':
		resolve->recording = optarg;
		return -1;
	case OPTION_JIT:
		if (add_jit_file(resolve, optarg))
			return -1;
		return usage_error("resolve", "--jit %s: PID=FILE is needed", optarg);
	case OPTION_MEMORY:
		if (parse_number(optarg, 10, 1 << 20, &resolve->memory) && resolve->memory)
			return -1;
		return usage_error("resolve", "--memory %s: not a number of MiB", optarg);
	case OPTION_JSON:
		resolve->json = true;
		return -1;
	case OPTION_NO_COLOR:
		*no_color = true;
		return -1;
	case 'h':
		fputs(help, stdout);
		return EXIT_OK;
	case 'V':
		printf("kevents %s\n", KERNKIT_VERSION);
		return EXIT_OK;
	default:
		return EXIT_USAGE;
	}
}

int cmd_resolve(int argc, char **argv, const char *name)
{
	struct resolve resolve = {.memory = 1024};
	bool no_color = false;
	int option, code;

	(void)name;
	while ((option = getopt_long(argc, argv, "hr:V", long_options, NULL)) != -1) {
		code = take_option(&resolve, option, &no_color);
		if (code >= 0)
			return code;
	}
	if (resolve.file_count && !resolve.recording)
		return usage_error("resolve", "--jit is for recordings: of what runs, the files are "
					      "found");
	resolve.colour = colour_wanted(no_color);
	code = run(&resolve, argv + optind, (size_t)(argc - optind));
	kevents_maps_close(resolve.maps);
	if (code == EXIT_OK && (fflush(stdout) || ferror(stdout))) {
		complain("stdout: %s", strerror(errno));
		return EXIT_ERROR;
	}
	return code;
}
