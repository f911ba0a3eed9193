// SPDX-License-Identifier: GPL-2.0-or-later
/* prefetch explain: what the faults in a log or a core file were. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "../../lib/command/output.h"
#include "../../lib/text/json.h"
#include "../../lib/text/number.h"
#include "../../lib/text/text.h"
#include "../explain/core.h"
#include "../explain/log.h"
#include "../fault/processor.h"
#include "cli.h"
#include "instruction.h"

struct explain_settings {
	unsigned int mode;
	const char *processor;
	bool json;
};

static const struct command_option options[] = {
	{ OPTION_WORD, 'm', "mode", "BITS", "the code is of 16, 32 or 64 bits, if it cannot be told",
		OPTION_FIELD(struct explain_settings, mode), .words = mode_words },
	{ OPTION_VALUE, 'c', "cpu", "FAMILY:MODEL", "it happened on this processor of AMD's; \"this\": on this machine",
		OPTION_FIELD(struct explain_settings, processor) },
	{ OPTION_FLAG, 0, "json", NULL, "print one JSON object a line", OPTION_FIELD(struct explain_settings, json) },
	{ 0 },
};

/* What is being explained. */
struct session {
	struct explain_settings settings;
	struct explained_processor processor; /* what the user says; otherwise the log */
	const struct log_reader *log; /* NULL: it is no log */
	unsigned long long faults, prefetches;
};

static const char *const verdict_words[] = {
	[VERDICT_PREFETCH] = "prefetch",
	[VERDICT_OTHER] = "other",
	[VERDICT_UNKNOWN] = "unknown",
};

static void put_json(const struct record *record, const struct explanation *explanation, const char *instruction)
{
	struct json_object *object = json_object_new_object();

	if (*record->name)
		json_add_text(object, "program", record->name);
	if (record->known & RECORD_KNOWS_PID)
		json_add_number(object, "pid", record->pid);
	if (record->known & RECORD_KNOWS_ADDRESS)
		json_add_number(object, "address", record->address);
	if (record->known & RECORD_KNOWS_IP)
		json_add_number(object, "ip", record->ip);
	if (record->known & RECORD_KNOWS_ERROR)
		json_add_number(object, "error", record->error);
	if (*instruction)
		json_add_string(object, "instruction", instruction);
	if (explanation->has_operand)
		json_add_number(object, "operand", explanation->operand);
	json_add_string(object, "verdict", verdict_words[explanation->verdict]);
	json_add_flag(object, "erratum", explanation->is_erratum);
	json_add_string(object, "reason", explanation->reason);
	json_add_string(object, "advice", explanation->advice);
	json_put_line(object);
}

static void put_text(const struct record *record, const struct explanation *explanation, const char *instruction)
{
	print_safely(stdout, *record->name ? record->name : "code");
	if (record->known & RECORD_KNOWS_PID)
		printf("[%llu]", (unsigned long long)record->pid);
	if (record->known & RECORD_KNOWS_ADDRESS)
		printf(": a fault at 0x%llx", (unsigned long long)record->address);
	if (record->known & RECORD_KNOWS_IP)
		printf(": code at 0x%llx", (unsigned long long)record->ip);
	if (*instruction)
		printf(": %s", instruction);
	printf("\n    %s: %s\n",
		explanation->verdict == VERDICT_PREFETCH ? "prefetch" :
		explanation->verdict == VERDICT_OTHER	 ? "not a prefetch" :
							   "cannot be told",
		explanation->reason);
	if (explanation->has_operand)
		printf("    its address is 0x%llx\n", (unsigned long long)explanation->operand);
	if (explanation->advice)
		printf("    %s\n", explanation->advice);
}

static void explain(void *context, const struct record *record)
{
	struct session *session = context;
	struct explanation explanation;
	char instruction[128] = "";

	record_explain(&explanation, record, session->settings.mode,
		session->processor.is_known || !session->log ? &session->processor : &session->log->processor);
	session->faults++;
	session->prefetches += explanation.verdict == VERDICT_PREFETCH;
	if (record->code_size && explanation.verdict != VERDICT_UNKNOWN)
		print_instruction(instruction, sizeof(instruction), record->code, record->code_size, explanation.mode,
			record->ip);
	(session->settings.json ? put_json : put_text)(record, &explanation, instruction);
	output_flush();
}

static int explain_log(struct session *session, FILE *file, const char *name)
{
	struct log_reader reader = { .found = explain, .context = session };
	char *line = NULL;
	size_t room = 0;
	ssize_t size;
	int code = EXIT_OK;

	session->log = &reader;
	while ((size = getline(&line, &room, file)) > 0) {
		while (size && (line[size - 1] == '\n' || line[size - 1] == '\r'))
			line[--size] = '\0';
		for (ssize_t i = 0; i < size; i++)
			line[i] = line[i] ? line[i] : '?';
		log_read_line(&reader, line);
	}
	if (ferror(file)) {
		complain("%s: %s", name, strerror(errno));
		code = EXIT_ERROR;
	}
	log_end(&reader);
	session->log = NULL;
	free(line);
	return code;
}

/* What comes through a pipe, as a file. */
static int spool(FILE *file)
{
	static char part[1 << 16];
	int fd = memfd_create("core", MFD_CLOEXEC);
	size_t size;

	while (fd >= 0 && (size = fread(part, 1, sizeof(part), file)) > 0)
		if (write(fd, part, size) != (ssize_t)size) {
			close(fd);
			return -1;
		}
	return fd;
}

static int explain_core(struct session *session, FILE *file, const char *name)
{
	bool is_seekable = lseek(fileno(file), 0, SEEK_SET) == 0;
	int fd = is_seekable ? fileno(file) : spool(file), err;
	char message[CORE_MESSAGE_MAX] = "";
	struct record record;

	if (fd < 0) {
		complain("%s: %s", name, strerror(errno));
		return EXIT_ERROR;
	}
	err = core_read(&record, fd, message);
	if (err)
		complain("%s: %s", name, message);
	else
		explain(session, &record);
	if (!is_seekable)
		close(fd);
	return err ? EXIT_ERROR : EXIT_OK;
}

/* How systemd-coredump and others keep them. */
static bool is_compressed(const char *beginning)
{
	static const char magics[][5] = { "\x28\xb5\x2f\xfd", "\xfd\x37\x7a\x58", "\x04\x22\x4d\x18", "\x1f\x8b\x08" };

	for (size_t i = 0; i < sizeof(magics) / sizeof(*magics); i++)
		if (!strncmp(beginning, magics[i], strlen(magics[i])))
			return true;
	return false;
}

/* By its first bytes it is a core file or a log. They are put back for the reader. */
static int explain_stream(struct session *session, FILE *file, const char *name)
{
	static char buffer[1 << 16];
	char beginning[5] = "";
	size_t size = 0;
	int byte;

	/* With a buffer of more than that, so many can be put back. */
	setvbuf(file, buffer, _IOFBF, sizeof(buffer));
	while (size < 4 && (byte = getc(file)) != EOF)
		beginning[size++] = (char)byte;
	if (is_compressed(beginning)) {
		complain("%s: it is compressed: unpack it first, or use coredumpctl dump", name);
		return EXIT_ERROR;
	}
	while (size)
		ungetc((unsigned char)beginning[--size], file);
	return !strncmp(beginning, "\177ELF", 4) ? explain_core(session, file, name) : explain_log(session, file, name);
}

static int explain_file(struct session *session, const char *name)
{
	FILE *file;
	int code;

	if (!strcmp(name, "-"))
		return explain_stream(session, stdin, "standard input");
	file = fopen(name, "re");
	if (!file) {
		complain("%s: %s", name, strerror(errno));
		return EXIT_ERROR;
	}
	code = explain_stream(session, file, name);
	fclose(file);
	return code;
}

static int read_processor(struct explained_processor *processor, const char *text)
{
	struct processor this;
	__u64 family, model;
	const char *at = text;

	if (!text)
		return EXIT_OK;
	if (!strcmp(text, "this")) {
		processor_read(&this);
		*processor = processor_of(!strcmp(this.vendor, "AuthenticAMD"), this.family, this.model);
	} else if (number_read(&at, &family) || *at++ != ':' || number_parse(at, 0, 0xfff, &model) || family > 0xfff) {
		return usage_error("--cpu %s: \"this\" or FAMILY:MODEL, decimal numbers", text);
	} else {
		*processor = processor_of(true, (unsigned int)family, (unsigned int)model);
	}
	return EXIT_OK;
}

static int run(const struct command *command, int argc, char **argv)
{
	static char standard_input[] = "-";
	struct session session = { .settings.mode = RECORD_MODE_UNKNOWN };
	char *only = standard_input;
	int code, all = EXIT_OK;

	if (!options_take(command, &argc, &argv, &session.settings, &code))
		return code;
	code = read_processor(&session.processor, session.settings.processor);
	if (code)
		return code;
	if (!argc) {
		argc = 1;
		argv = &only;
	}
	for (int i = 0; i < argc; i++)
		if (explain_file(&session, argv[i]))
			all = EXIT_ERROR;
	if (!all && !session.faults && !session.settings.json)
		fputs("no fault is reported there\n", stdout);
	return all ? all : session.prefetches ? EXIT_OK : EXIT_NO;
}

const struct command explain_command = {
	.name = "explain",
	.summary = "tell what the faults in a log or a core file were",
	.usage = "[OPTION...] [FILE...]",
	.about = "Reads each FILE, standard input if there is none or it is \"-\": the kernel's log\n"
		 "(dmesg, journalctl -k) with its lines \"segfault at\", its oopses and their lines\n"
		 "\"Code:\"; or a core file. Tells of each fault which instruction had it, whether\n"
		 "that is a prefetch, whether it is the processor's erratum, and what to do.\n",
	.options = options,
	.notes = "Exit codes: 0 a fault was that of a prefetch; 1 none was; 2 usage; 3 something\n"
		 "could not be read.\n",
	.run = run,
	.most = ARGUMENTS_ANY,
	.offer = OFFER_FILES,
};
