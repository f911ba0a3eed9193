// SPDX-License-Identifier: GPL-2.0-or-later
/* prefetch scan: the prefetches in ELF files. */
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/command/progress.h"
#include "../../lib/table/table.h"
#include "../../lib/text/flags.h"
#include "../../lib/text/json.h"
#include "../../lib/thread/pool.h"
#include "../scan/scan.h"
#include "cli.h"

struct scan_settings {
	bool each, odd, json, no_progress;
	unsigned int threads;
	struct table_settings table;
};

enum { FILE_NAME, ADDRESS, FUNCTION, KIND, INSTRUCTION, COUNT, ODD };

static const struct option_word columns[] = {
	{ "file", FILE_NAME | TABLE_CUT },
	{ "address", ADDRESS | TABLE_NUMBER },
	{ "function", FUNCTION | TABLE_CUT },
	{ "kind", KIND },
	{ "instruction", INSTRUCTION },
	{ "count", COUNT | TABLE_NUMBER },
	{ "odd", ODD },
	{ NULL, 0 },
};

static const struct command_option options[] = {
	{ OPTION_FLAG, 'e', "each", NULL, "a row for each instruction, not for each function and kind",
		OPTION_FIELD(struct scan_settings, each) },
	{ OPTION_FLAG, 0, "odd", NULL, "only those that are odd", OPTION_FIELD(struct scan_settings, odd) },
	{ OPTION_NUMBER, 'j', "jobs", "N", "so many files at once (as many as there are processors)",
		OPTION_FIELD(struct scan_settings, threads), .least = 1, .most = POOL_THREADS_MAX },
	{ OPTION_FLAG, 0, "json", NULL, "print one JSON object for each file that has one",
		OPTION_FIELD(struct scan_settings, json) },
	{ OPTION_FLAG, 0, "no-progress", NULL, "no progress bar", OPTION_FIELD(struct scan_settings, no_progress) },
	TABLE_OPTIONS(struct scan_settings, table, columns),
	{ 0 },
};

static const struct flag_word odds[] = {
	{ SCAN_SAME_LINE, "same-line" },
	{ SCAN_NEAR_LINE, "near-line" },
	{ SCAN_NO_PAGE, "no-page" },
	{ SCAN_AHEAD, "ahead" },
	{ 0, NULL },
};

struct scanned {
	char *path;
	int answer; /* of scan_file, or of open(2) */
	char message[SCAN_MESSAGE_MAX];
	struct scan_result result;
};

struct session {
	struct scan_settings settings;
	struct scanned *files;
	size_t count, room;
	atomic_size_t next, done;
	bool is_incomplete; /* something could not be read */
	unsigned long long found, found_in, looked_at;
};

static int add_file(struct session *session, const char *path)
{
	struct scanned *files;

	if (session->count == session->room) {
		size_t room = session->room ? 2 * session->room : 256;

		files = reallocarray(session->files, room, sizeof(*files));
		if (!files)
			return -ENOMEM;
		session->files = files;
		session->room = room;
	}
	session->files[session->count] = (struct scanned){ .path = strdup(path) };
	return session->files[session->count++].path ? 0 : -ENOMEM;
}

/* -ENOMEM, or -errno of fts_open; what cannot be read is said, and left out. */
static int collect(struct session *session, char **roots)
{
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, NULL);
	FTSENT *entry;
	int err = 0;

	if (!tree)
		return -errno;
	while (!err && (errno = 0, entry = fts_read(tree))) {
		if (entry->fts_info == FTS_F) {
			err = add_file(session, entry->fts_path);
		} else if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR || entry->fts_info == FTS_NS) {
			complain("%s: %s", entry->fts_path, strerror(entry->fts_errno));
			session->is_incomplete = true;
		}
	}
	if (!err && errno)
		err = -errno;
	fts_close(tree);
	return err;
}

static void scan_one(struct scanned *file)
{
	int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0) {
		file->answer = -errno;
		snprintf(file->message, sizeof(file->message), "%s", strerror(errno));
		return;
	}
	file->answer = scan_file(&file->result, fd, file->message);
	close(fd);
}

static void work(void *context)
{
	struct session *session = context;
	size_t i;

	while ((i = atomic_fetch_add(&session->next, 1)) < session->count) {
		scan_one(&session->files[i]);
		session->done++;
	}
}

static void tick(void *context)
{
	struct session *session = context;

	progress_update(session->done, session->count);
}

static void put_function(struct table *table, const struct scan_finding *finding, bool each)
{
	char offset[24] = "";

	if (each)
		snprintf(offset, sizeof(offset), "+0x%llx", (unsigned long long)(finding->address - finding->function));
	if (finding->name)
		table_put(table, FUNCTION, "%s%s", finding->name, offset);
	else
		table_put(table, FUNCTION, "0x%llx%s", (unsigned long long)finding->function, offset);
}

static void put_row(struct table *table, const struct scanned *file, const struct scan_finding *finding, bool each,
	unsigned int odd, size_t count)
{
	char text[64], operand[64];

	table_row(table);
	table_put(table, FILE_NAME, "%s", file->path);
	table_put(table, ADDRESS, "0x%llx", (unsigned long long)finding->address);
	put_function(table, finding, each);
	table_put(table, KIND, "%s", prefetch_kind_name(finding->prefetch.kind));
	print_operand(operand, sizeof(operand), &finding->prefetch);
	table_put(table, INSTRUCTION, "%s %s", prefetch_kind_name(finding->prefetch.kind), operand);
	table_put(table, COUNT, "%zu", count);
	flags_print(text, sizeof(text), odd, odds);
	table_put(table, ODD, "%s", text);
}

/* Behind those of the same function as the first. */
static size_t end_of_function(const struct scan_result *result, size_t first)
{
	size_t end = first + 1;

	while (end < result->count && result->findings[end].function == result->findings[first].function)
		end++;
	return end;
}

static void put_functions(struct table *table, const struct scanned *file)
{
	const struct scan_result *result = &file->result;

	for (size_t first = 0, end; first < result->count; first = end) {
		end = end_of_function(result, first);
		for (unsigned int kind = 0; kind < PREFETCH_KINDS; kind++) {
			const struct scan_finding *one = NULL;
			unsigned int odd = 0;
			size_t count = 0;

			for (size_t i = first; i < end; i++)
				if (result->findings[i].prefetch.kind == kind) {
					one = one ? one : &result->findings[i];
					odd |= result->findings[i].odd;
					count++;
				}
			if (one)
				put_row(table, file, one, false, odd, count);
		}
	}
}

static void put_each(struct table *table, const struct scanned *file)
{
	for (size_t i = 0; i < file->result.count; i++)
		put_row(table, file, &file->result.findings[i], true, file->result.findings[i].odd, 1);
}

static struct json_object *json_of_finding(const struct scan_finding *finding)
{
	struct json_object *object = json_object_new_object();
	char operand[64];

	json_add_number(object, "address", finding->address);
	json_add_text(object, "name", finding->name);
	json_add_number(object, "function", finding->function);
	json_add_string(object, "kind", prefetch_kind_name(finding->prefetch.kind));
	print_operand(operand, sizeof(operand), &finding->prefetch);
	json_add_string(object, "operand", operand);
	json_add_number(object, "length", finding->prefetch.length);
	json_object_object_add(object, "odd", flags_json(finding->odd, odds));
	return object;
}

static void put_json(const struct scanned *file)
{
	struct json_object *object = json_object_new_object(), *list = json_object_new_array();

	json_add_text(object, "file", file->path);
	json_add_number(object, "bits", file->result.mode == PREFETCH_64 ? 64 : 32);
	for (size_t i = 0; i < file->result.count; i++)
		json_object_array_add(list, json_of_finding(&file->result.findings[i]));
	json_object_object_add(object, "prefetches", list);
	json_put_line(object);
}

/* Leaves those that are odd. */
static void keep_odd(struct scan_result *result)
{
	size_t kept = 0;

	for (size_t i = 0; i < result->count; i++)
		if (result->findings[i].odd)
			result->findings[kept++] = result->findings[i];
	result->count = kept;
}

static void sum_up(struct session *session)
{
	for (size_t i = 0; i < session->count; i++) {
		struct scanned *file = &session->files[i];

		if (file->answer < 0) {
			complain("%s: %s", file->path, file->message);
			session->is_incomplete = true;
		}
		if (file->answer)
			continue;
		if (session->settings.odd)
			keep_odd(&file->result);
		session->looked_at++;
		session->found += file->result.count;
		session->found_in += file->result.count != 0;
	}
}

static int print_all(struct session *session)
{
	const struct scan_settings *settings = &session->settings;
	bool explained = table_is_explained(&settings->table);
	struct table *table = NULL;
	int code = EXIT_OK;

	if (!settings->json)
		table = table_open(&settings->table, columns,
			settings->each ? "file,address,function,instruction,odd" : "file,function,kind,count,odd",
			EXIT_ERROR, &code);
	if (code)
		return code;
	for (size_t i = 0; i < session->count; i++) {
		const struct scanned *file = &session->files[i];

		if (file->answer || !file->result.count)
			continue;
		if (settings->json)
			put_json(file);
		else
			(settings->each ? put_each : put_functions)(table, file);
	}
	if (table)
		code = table_close(table);
	if (table && explained && !code)
		printf("%s%llu prefetch%s in %llu of %llu ELF files with x86 code\n", session->found ? "\n" : "",
			session->found, session->found == 1 ? "" : "es", session->found_in, session->looked_at);
	return code;
}

static int scan(struct session *session, char **roots)
{
	int err = collect(session, roots), code;

	if (!err) {
		progress_allow(!session->settings.no_progress);
		progress_begin("scan", PROGRESS_FILES);
		err = pool_run(session->settings.threads, work, tick, session);
		progress_end();
	}
	if (err) {
		complain("%s", strerror(-err));
		return EXIT_ERROR;
	}
	sum_up(session);
	code = print_all(session);
	if (code || session->is_incomplete)
		return EXIT_ERROR;
	return session->found ? EXIT_OK : EXIT_NO;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct session session = { 0 };
	int code;

	if (!options_take(command, &argc, &argv, &session.settings, &code))
		return code;
	code = scan(&session, argv);
	for (size_t i = 0; i < session.count; i++) {
		scan_free(&session.files[i].result);
		free(session.files[i].path);
	}
	free(session.files);
	return code;
}

const struct command scan_command = {
	.name = "scan",
	.summary = "list the prefetches in ELF files, and what is odd about them",
	.usage = "[OPTION...] FILE|FOLDER...",
	.about = "Lists the prefetches in the code of each ELF file, those below folders too, by\n"
		 "function, and says what is odd about one: same-line, near-line: it is about the\n"
		 "cache line of one before it; no-page: an address that is never accessible;\n"
		 "ahead: in a loop, ahead of what that is about, so behind its end in the last\n"
		 "rounds.\n",
	.options = options,
	.notes = "Exit codes: 0 there are some; 1 there is none; 2 usage; 3 something could not\n"
		 "be read.\n",
	.run = run,
	.arguments = "FILE",
	.most = ARGUMENTS_ANY,
	.offer = OFFER_FILES,
};
