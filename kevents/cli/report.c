// SPDX-License-Identifier: GPL-2.0-or-later
/* kevents report: a recording as a page. */
#include "report.h"
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/file/write_whole.h"
#include "../report/model.h"
#include "../report/page.h"
#include "cli.h"
#include "config.h"

static const char help[] =
	"usage: kevents report [OPTION...] FILE -o PAGE\n"
	"Makes one HTML page of a recording, \"-\" for stdin: rates over time, and the processes as a\n"
	"tree in time, to be searched. The page needs nothing else, no server and no network.\n\n"
	"  -o, --output PAGE      where it goes, \"-\" for stdout\n"
	"      --processes COUNT  show about that many, those that lived longest; default 100000\n"
	"  -h, --help             this\n"
	"  -V, --version          which version this is\n";

enum { OPTION_PROCESSES = 256 };

static const struct option long_options[] = {
	{"help", no_argument, NULL, 'h'},
	{"output", required_argument, NULL, 'o'},
	{"processes", required_argument, NULL, OPTION_PROCESSES},
	{"version", no_argument, NULL, 'V'},
	{NULL, 0, NULL, 0},
};

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
	if (is_stdout && !err && (fflush(stdout) || ferror(stdout)))
		err = -EIO;
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

static bool parse_count(const char *text, uint32_t *count)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	*count = (uint32_t)number;
	return *text >= '0' && *text <= '9' && !*end && number && number <= 10000000;
}

int cmd_report(int argc, char **argv, const char *name)
{
	const char *output = NULL;
	uint32_t most = 100000;
	int option;

	while ((option = getopt_long(argc, argv, "ho:V", long_options, NULL)) != -1) {
		switch (option) {
		case 'o':
			output = optarg;
			break;
		case OPTION_PROCESSES:
			if (!parse_count(optarg, &most))
				return usage_error(name, "--processes %s: not a number of them", optarg);
			break;
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
	if (argc - optind != 1)
		return usage_error(name, "one recording is needed");
	if (!output)
		return usage_error(name, "-o PAGE is needed");
	return report(argv[optind], output, most);
}
