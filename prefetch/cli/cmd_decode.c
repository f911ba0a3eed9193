// SPDX-License-Identifier: GPL-2.0-or-later
/* prefetch decode: whether bytes are a PREFETCH. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/json.h"
#include "../../lib/text/text.h"
#include "../decode.h"
#include "cli.h"

struct decode_settings {
	unsigned int mode;
	bool new, json, list;
};

static const struct command_option options[] = {
	{ OPTION_WORD, 'm', "mode", "BITS", "the code is of 16, 32 or 64 bits (64)",
		OPTION_FIELD(struct decode_settings, mode), .words = mode_words },
	{ OPTION_FLAG, 0, "new", NULL, "also those that only recent processors know",
		OPTION_FIELD(struct decode_settings, new) },
	{ OPTION_FLAG, 0, "list", NULL, "print the encodings that it knows",
		OPTION_FIELD(struct decode_settings, list) },
	{ OPTION_FLAG, 0, "json", NULL, "print one JSON object a line", OPTION_FIELD(struct decode_settings, json) },
	{ 0 },
};

static const char *const reasons[] = {
	[-PREFETCH_IS_OTHER] = "another instruction",
	[-PREFETCH_IS_LOCKED] = "LOCK before a prefetch: an invalid opcode",
	[-PREFETCH_IS_REGISTER] = "a register as operand: does nothing",
	[-PREFETCH_IS_RESERVED] = "a reserved hint: does nothing",
	[-PREFETCH_IS_TOO_LONG] = "more than 15 bytes",
};

static void put_json(const char *text, int answer, const struct prefetch *prefetch, bool by_kernel)
{
	struct json_object *object = json_object_new_object();
	char operand[64];

	json_add_text(object, "bytes", text);
	json_add_flag(object, "prefetch", !answer);
	if (!answer) {
		print_operand(operand, sizeof(operand), prefetch);
		json_add_string(object, "instruction", prefetch_kind_name(prefetch->kind));
		json_add_string(object, "operand", operand);
		json_add_number(object, "length", prefetch->length);
	} else if (answer < 0) {
		json_add_string(object, "reason", reasons[-answer]);
	} else {
		json_add_number(object, "needs", (__u64)answer);
	}
	json_add_flag(object, "kernel_rule", by_kernel);
	json_put_line(object);
}

static void put_text(const char *text, int answer, const struct prefetch *prefetch, bool by_kernel)
{
	char operand[64];

	print_safely(stdout, text);
	if (!answer) {
		print_operand(operand, sizeof(operand), prefetch);
		printf(": %s %s, %u bytes\n", prefetch_kind_name(prefetch->kind), operand, prefetch->length);
		return;
	}
	if (answer > 0)
		printf(": cut off: %d more byte%s needed", answer, answer == 1 ? "" : "s");
	else
		printf(": no prefetch: %s", reasons[-answer]);
	puts(by_kernel ? "; is_prefetch() of the kernel takes it for one" : "");
}

/* Hexadecimal digits, with or without spaces, \x and 0x. The number of bytes; -1: it is not that. */
static int read_bytes(const char *text, __u8 *bytes, size_t room)
{
	size_t count = 0;

	while (*text) {
		if (isspace((unsigned char)*text)) {
			text++;
			continue;
		}
		if ((text[0] == '\\' && text[1] == 'x') || (text[0] == '0' && text[1] == 'x'))
			text += 2;
		if (count == room || !*text || !parse_hex((const char[]){ text[0], text[1], 0 }, &bytes[count], 1))
			return -1;
		count++;
		text += 2;
	}
	return count ? (int)count : -1;
}

enum { BYTES_MAX = 64 };

/* EXIT_OK, EXIT_NO, or EXIT_ERROR, having complained. */
static int judge(const char *text, const struct decode_settings *settings)
{
	unsigned int mode = settings->mode | (settings->new ? PREFETCH_NEW : 0);
	struct prefetch prefetch;
	__u8 bytes[BYTES_MAX];
	int count = read_bytes(text, bytes, sizeof(bytes)), answer;
	bool by_kernel;

	if (count < 0) {
		complain("%s: no bytes in hexadecimal digits, of which there may be %d", text, BYTES_MAX);
		return EXIT_ERROR;
	}
	answer = prefetch_decode(bytes, (size_t)count, mode, &prefetch);
	by_kernel = prefetch_kernel_rule(bytes, (size_t)count, mode);
	(settings->json ? put_json : put_text)(text, answer, &prefetch, by_kernel);
	return answer ? EXIT_NO : EXIT_OK;
}

/* Of several: an error counts most, then that one is a prefetch. */
static int add_code(int all, int one)
{
	return one == EXIT_ERROR || (one == EXIT_OK && all == EXIT_NO) ? one : all;
}

static int judge_lines(const struct decode_settings *settings)
{
	int code = EXIT_NO;
	char *line = NULL;
	size_t room = 0;
	ssize_t size;

	while ((size = getline(&line, &room, stdin)) > 0) {
		if (line[size - 1] == '\n')
			line[size - 1] = '\0';
		if (!line[strspn(line, " \t\r")])
			continue;
		code = add_code(code, judge(line, settings));
	}
	if (ferror(stdin)) {
		complain("standard input: %s", strerror(errno));
		code = EXIT_ERROR;
	}
	free(line);
	return code;
}

/* What the decoder itself says of each encoding. */
static int list_encodings(void)
{
	static const __u8 opcodes[] = { 0x18, 0x0d };

	for (size_t i = 0; i < sizeof(opcodes); i++)
		for (unsigned int number = 0; number < 8; number++) {
			/* RIP-relative, which all are defined for. */
			__u8 bytes[] = { 0x0f, opcodes[i], (__u8)(number << 3 | 5), 0, 0, 0, 0 };
			struct prefetch prefetch;
			bool is_old = !prefetch_decode(bytes, sizeof(bytes), PREFETCH_64, &prefetch);

			if (is_old || !prefetch_decode(bytes, sizeof(bytes), PREFETCH_64 | PREFETCH_NEW, &prefetch))
				printf("0f %02x /%u  %s%s\n", opcodes[i], number, prefetch_kind_name(prefetch.kind),
					is_old ? "" : " (new)");
		}
	return EXIT_OK;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct decode_settings settings = { .mode = PREFETCH_64 };
	int code, all = EXIT_NO;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	if (settings.list)
		return argc ? usage_error("--list takes no bytes") : list_encodings();
	if (!argc || (argc == 1 && !strcmp(argv[0], "-")))
		return judge_lines(&settings);
	for (int i = 0; i < argc; i++)
		all = add_code(all, judge(argv[i], &settings));
	return all;
}

const struct command decode_command = {
	.name = "decode",
	.summary = "tell whether bytes are a prefetch",
	.usage = "[OPTION...] [BYTES...]",
	.about = "Tells whether the instruction at the beginning of each BYTES, hexadecimal digits,\n"
		 "is a prefetch; without any, that of each line of standard input. Also says where\n"
		 "is_prefetch() of the kernel answers otherwise.\n",
	.options = options,
	.notes = "Exit codes: 0 at least one is a prefetch; 1 none is; 2 usage; 3 what is no bytes.\n",
	.run = run,
	.most = ARGUMENTS_ANY,
};
