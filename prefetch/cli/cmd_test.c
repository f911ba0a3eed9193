// SPDX-License-Identifier: GPL-2.0-or-later
/* prefetch test: whether this processor has the erratum, and what mends it here. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "../../lib/table/table.h"
#include "../../lib/text/json.h"
#include "../experiment/experiment.h"
#include "../fault/processor.h"
#include "../prefetch.h"
#include "cli.h"

struct test_settings {
	bool json;
	struct table_settings table;
};

enum { FAULT, KERNEL, LIBRARY };

static const struct option_word columns[] = {
	{ "fault", FAULT },
	{ "kernel", KERNEL },
	{ "library", LIBRARY },
	{ NULL, 0 },
};

static const struct command_option options[] = {
	{ OPTION_FLAG, 0, "json", NULL, "print one JSON object", OPTION_FIELD(struct test_settings, json) },
	TABLE_OPTIONS(struct test_settings, table, columns),
	{ 0 },
};

static const char *word_of(const struct experiment_code *code, enum experiment_result result)
{
	switch (result) {
	case EXPERIMENT_MENDED:
		return "mended";
	case EXPERIMENT_SIGNAL:
		return code->is_of_file ? "SIGBUS" : "SIGSEGV";
	case EXPERIMENT_WRONG_SIGNAL:
		return "wrong signal";
	default:
		return "not tried";
	}
}

struct results {
	struct processor processor;
	struct utsname system;
	bool is_affected, has_module;
	/* By the code, as it is and with the library's handler. */
	enum experiment_result kernel[EXPERIMENT_CODES], library[EXPERIMENT_CODES];
	/* All prefetches but those behind the end of a file; those; what is none has its signal. */
	bool kernel_mends, kernel_mends_files, library_mends, is_right;
};

static void count_result(struct results *results, size_t i)
{
	const struct experiment_code *code = &experiment_codes[i];
	bool *kernel = code->is_of_file ? &results->kernel_mends_files : &results->kernel_mends;

	if (code->is_prefetch) {
		*kernel &= results->kernel[i] == EXPERIMENT_MENDED;
		results->library_mends &= results->library[i] == EXPERIMENT_MENDED;
	} else {
		results->is_right &=
			results->kernel[i] == EXPERIMENT_SIGNAL && results->library[i] == EXPERIMENT_SIGNAL;
	}
}

/* False, having complained: it could not be tried. */
static bool try_all(struct results *results)
{
	results->kernel_mends = results->kernel_mends_files = results->library_mends = results->is_right = true;
	for (size_t i = 0; i < EXPERIMENT_CODES; i++) {
		const char *reason;

		results->kernel[i] = experiment_run(&experiment_codes[i], NULL, &reason);
		if (!reason)
			results->library[i] = experiment_run(&experiment_codes[i], prefetch_handle_fault, &reason);
		if (reason) {
			complain("the experiment cannot be made here: %s: %s", reason, strerror(errno));
			return false;
		}
		count_result(results, i);
	}
	return true;
}

static void describe(char *text, size_t size, const struct results *results)
{
	if (!results->is_right)
		snprintf(text, size, "a fault of a load is not reported as it should be: something here is wrong");
	else if (!results->is_affected)
		snprintf(text, size, "nothing is to be mended: this processor does not have the erratum");
	else if (results->kernel_mends && results->kernel_mends_files)
		snprintf(text, size, "the kernel mends it");
	else if (results->kernel_mends)
		snprintf(text, size,
			"the kernel mends it, but behind the end of a file: for that use prefetch run or libprefetch");
	else
		snprintf(text, size,
			"the kernel does not mend it: load prefetch_fixup, or use prefetch run or libprefetch");
}

static void print_as_json(const struct results *results)
{
	struct json_object *object = json_object_new_object(), *list = json_object_new_array();
	char verdict[128];

	describe(verdict, sizeof(verdict), results);
	json_add_string(object, "vendor", results->processor.vendor);
	json_add_number(object, "family", results->processor.family);
	json_add_number(object, "model", results->processor.model);
	json_add_flag(object, "affected", results->is_affected);
	json_add_string(object, "kernel", results->system.release);
	json_add_flag(object, "module", results->has_module);
	json_add_flag(object, "kernel_mends", results->kernel_mends);
	json_add_flag(object, "kernel_mends_files", results->kernel_mends_files);
	json_add_flag(object, "library_mends", results->library_mends);
	for (size_t i = 0; i < EXPERIMENT_CODES; i++) {
		struct json_object *row = json_object_new_object();

		json_add_string(row, "fault", experiment_codes[i].name);
		json_add_string(row, "kernel", word_of(&experiment_codes[i], results->kernel[i]));
		json_add_string(row, "library", word_of(&experiment_codes[i], results->library[i]));
		json_object_array_add(list, row);
	}
	json_object_object_add(object, "faults", list);
	json_add_string(object, "verdict", verdict);
	json_put_line(object);
}

static int print_as_text(const struct results *results, const struct table_settings *settings)
{
	bool explained = table_is_explained(settings);
	struct table *table;
	char verdict[128];
	int code;

	table = table_open(settings, columns, "fault,kernel,library", EXIT_ERROR, &code);
	if (!table)
		return code;
	if (explained)
		printf("processor: %s, family %u, model %u: %s the erratum\nkernel: %s%s\n\n",
			results->processor.vendor, results->processor.family, results->processor.model,
			results->is_affected ? "has" : "does not have", results->system.release,
			results->has_module ? ", with the module prefetch_fixup" : "");
	for (size_t i = 0; i < EXPERIMENT_CODES; i++) {
		table_row(table);
		table_put(table, FAULT, "%s", experiment_codes[i].name);
		table_put(table, KERNEL, "%s", word_of(&experiment_codes[i], results->kernel[i]));
		table_put(table, LIBRARY, "%s", word_of(&experiment_codes[i], results->library[i]));
	}
	code = table_close(table);
	describe(verdict, sizeof(verdict), results);
	if (explained && !code)
		printf("\n%s\n", verdict);
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct test_settings settings = { 0 };
	struct results results = { 0 };
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	processor_read(&results.processor);
	results.is_affected = prefetch_processor_is_affected(
		results.processor.vendor, results.processor.family, results.processor.model);
	uname(&results.system);
	results.has_module = !access("/sys/module/prefetch_fixup", F_OK);
	if (!try_all(&results))
		return EXIT_ERROR;
	if (settings.json)
		print_as_json(&results);
	else if ((code = print_as_text(&results, &settings.table)))
		return code;
	if (!results.is_right)
		return EXIT_ERROR;
	return results.is_affected && !results.kernel_mends ? EXIT_NO : EXIT_OK;
}

const struct command test_command = {
	.name = "test",
	.summary = "tell whether this processor has the erratum, and what mends it",
	.usage = "[OPTION...]",
	.about = "Tells whether this processor can report a fault for a prefetch, and makes the\n"
		 "kernel judge such faults, whatever the processor is: what the kernel does with\n"
		 "them, and what it does with the handler of libprefetch. The last are loads,\n"
		 "which is to have its signal.\n",
	.options = options,
	.notes = "Exit codes: 0 nothing is to be mended, or the kernel mends it; 1 the kernel does\n"
		 "not mend what this processor has; 2 usage; 3 could not be tried.\n",
	.run = run,
};
