// SPDX-License-Identifier: GPL-2.0-or-later
/* kevents report: a recording as a page. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/file/write_whole.h"
#include "../report/model.h"
#include "../report/page.h"
#include "cli.h"

static int read_records(
	const char *input, struct kevents_reader *reader, struct report_model *model, bool *is_whole)
{
	struct kevents_recording_info info;
	struct kevents_record record;
	struct kevents_error error;
	int got, err;

	kevents_reader_info(reader, &info);
	err = model_init(model, &info);
	while (!err && (got = kevents_read(reader, &record, &error)) == 1)
		err = model_add(model, &record);
	if (err) {
		complain("%s: %s", input, strerror(-err));
		return EXIT_ERROR;
	}
	/* What came before the damage is worth a page. */
	*is_whole = got == 0;
	model->has_sums = !kevents_reader_get_sums(reader, &model->sums);
	if (got < 0)
		complain("%s: %s", input, error.text);
	return EXIT_OK;
}

static int write_page(struct report_model *model, const char *output, uint32_t most)
{
	bool is_stdout = !strcmp(output, "-");
	char *bytes = NULL;
	size_t size = 0;
	FILE *page = is_stdout ? stdout : open_memstream(&bytes, &size);
	uint32_t omitted = 0;
	int err = page ? model_choose(model, most, &omitted) : -ENOMEM;

	if (!err)
		err = page_print(model, omitted, page);
	if (page && !is_stdout && fclose(page) && !err)
		err = -ENOMEM;
	if (!is_stdout && !err)
		err = file_write_whole(output, bytes, size);
	free(bytes);
	if (!err)
		return EXIT_OK;
	complain("%s: %s", is_stdout ? "stdout" : output, strerror(-err));
	return EXIT_ERROR;
}

static int report(const char *input, const char *output, uint32_t most)
{
	bool is_stdin = !strcmp(input, "-"), is_whole = false;
	int fd = is_stdin ? STDIN_FILENO : open(input, O_RDONLY | O_CLOEXEC);
	static struct report_model model; /* large */
	struct kevents_reader *reader = NULL;
	struct kevents_error error;
	int code = EXIT_ERROR;

	if (fd < 0) {
		complain("%s: %s", input, strerror(errno));
		return EXIT_ERROR;
	}
	if (kevents_reader_new(fd, &reader, &error))
		complain("%s: %s", input, error.text);
	else
		code = read_records(input, reader, &model, &is_whole);
	if (code == EXIT_OK)
		code = write_page(&model, output, most);
	model_free(&model);
	kevents_reader_close(reader);
	if (!is_stdin)
		close(fd);
	return code == EXIT_OK && !is_whole ? EXIT_ERROR : code;
}

struct report_settings {
	const char *output;
	unsigned int processes;
};

static const struct command_option options[] = {
	{ OPTION_VALUE, 'o', "output", "PAGE", "where it goes, \"-\" for stdout",
		OPTION_FIELD(struct report_settings, output), .offer = OFFER_FILES },
	{ OPTION_NUMBER, 0, "processes", "COUNT",
		"show about that many, those that lived longest (default: 100000)",
		OPTION_FIELD(struct report_settings, processes), .least = 1, .most = 10000000 },
	{ 0 },
};

static int run(const struct command *command, int argc, char **argv)
{
	struct report_settings settings = {.processes = 100000};
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	if (!settings.output)
		return usage_error("-o PAGE is needed");
	return report(argv[0], settings.output, settings.processes);
}

const struct command report_command = {
	.name = "report",
	.summary = "make a page of a recording",
	.usage = "[OPTION...] FILE -o PAGE",
	.about = "Makes one HTML page of a recording, \"-\" for stdin: rates over time, and the processes as a\n"
		 "tree in time, to be searched. The page needs nothing else, no server and no network.\n",
	.options = options,
	.run = run,
	.arguments = "FILE",
	.most = 1,
	.offer = OFFER_FILES,
};
