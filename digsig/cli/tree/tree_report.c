// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree_report.h"
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../../lib/command/progress.h"
#include "../../../lib/text/json.h"
#include "../../../lib/text/text.h"
#include "../cli.h"
#include "../signer_print.h"

#define LEFT_OUT_SHOWN 5

static bool is_well(const struct tree_finding *finding)
{
	return finding->outcome == TREE_DONE || finding->outcome == TREE_ALREADY;
}

static bool names_every_file(const struct tree_options *options)
{
	return options->is_verbose || options->is_dry_run;
}

bool tree_report_wants(const struct tree_report *report, const struct tree_finding *finding)
{
	return !is_well(finding) || names_every_file(report->options);
}

void tree_finding_print_json(
	const struct tree_words *words, const char *path, const struct tree_finding *finding)
{
	struct json_object *object = json_object_new_object();

	json_add_text(object, "path", path);
	json_add_text(object, "result", words->for_programs[finding->outcome]);
	if (finding->reason)
		json_add_text(object, "reason", finding->reason);
	if (finding->text[0])
		json_add_text(object, "message", finding->text);
	if (finding->signer)
		json_add_signer(object, finding->signer);
	json_put_line(object);
}

static void print_line(const struct tree_report *report, const char *path,
	const struct tree_finding *finding)
{
	const struct tree_words *words = report->job->words;
	const char *text = finding->text[0] ? finding->text
					    : words->for_people[finding->outcome];

	if (!is_well(finding) && !words->are_findings_output) {
		complain("%s: %s", path, text);
		return;
	}
	print_safely(stdout, path);
	printf(": ");
	print_safely(stdout, text);
	putchar('\n');
}

static int weight(const struct tree_report *report, int exit_code)
{
	const int *codes = report->job->exit_codes;
	int place = 0;

	while (codes[place] && codes[place] != exit_code)
		place++;
	return exit_code ? place : 1000;
}

static void count_reason(struct tree_report *report, const struct tree_finding *finding)
{
	struct tree_reason *grown;

	for (size_t i = 0; i < report->reason_count; i++) {
		struct tree_reason *reason = &report->reasons[i];

		if (reason->outcome == finding->outcome && !strcmp(reason->text, finding->text)) {
			reason->count++;
			return;
		}
	}
	grown = reallocarray(report->reasons, report->reason_count + 1, sizeof(*grown));
	if (grown) {
		report->reasons = grown;
		grown[report->reason_count] = (struct tree_reason){
			finding->outcome, finding->reason, strdup(finding->text), 1 };
	}
	if (grown && grown[report->reason_count].text)
		report->reason_count++;
	else
		report->is_out_of_memory = true;
}

void tree_report_add(
	struct tree_report *report, const char *path, const struct tree_finding *finding)
{
	const struct tree_options *options = report->options;

	report->counts[finding->outcome]++;
	if (weight(report, finding->exit_code) < weight(report, report->exit_code))
		report->exit_code = finding->exit_code;
	if (!is_well(finding))
		count_reason(report, finding);
	if (!tree_report_wants(report, finding))
		return;
	/* --quiet leaves the errors, where they are none of the output. */
	if (options->is_quiet && !options->is_json &&
		(is_well(finding) || report->job->words->are_findings_output))
		return;
	progress_clear();
	if (options->is_json)
		tree_finding_print_json(report->job->words, path, finding);
	else
		print_line(report, path, finding);
}

static void end_json(const struct tree_report *report, const struct tree_files *files,
	bool is_interrupted, __u64 left)
{
	const struct tree_words *words = report->job->words;
	struct json_object *line = json_object_new_object(), *summary = json_object_new_object();
	struct json_object *list = json_object_new_array();
	struct json_texts not_entered;

	for (int i = 0; i < TREE_OUTCOMES; i++)
		if (words->for_programs[i])
			json_add_number(summary, words->for_programs[i], report->counts[i]);
	json_add_number(summary, "not_reached", left);
	json_add_flag(summary, "interrupted", is_interrupted);
	json_add_number(summary, "files", files->seen);
	json_add_number(summary, "not_elf", files->not_elf);
	json_add_number(summary, "only_debug", files->only_debug);
	json_add_number(summary, "excluded", files->excluded);
	for (size_t i = 0; i < report->reason_count; i++) {
		const struct tree_reason *reason = &report->reasons[i];
		struct json_object *object = json_object_new_object();

		json_add_text(object, "result", words->for_programs[reason->outcome]);
		json_add_text(object, "reason", reason->word);
		json_add_text(object, "message", reason->text);
		json_add_number(object, "count", reason->count);
		json_object_array_add(list, object);
	}
	json_object_object_add(summary, "reasons", list);
	json_texts_begin(&not_entered);
	for (size_t i = 0; i < files->left_out_count; i++)
		json_texts_add(&not_entered, files->left_out[i]);
	json_texts_end(&not_entered, summary, "not_entered");
	json_object_object_add(line, "summary", summary);
	json_put_line(line);
}

static void print_reasons(const struct tree_report *report)
{
	for (size_t i = 0; i < report->reason_count; i++) {
		const struct tree_reason *reason = &report->reasons[i];

		printf("%8llu %s: ", (unsigned long long)reason->count,
			report->job->words->for_people[reason->outcome]);
		print_safely(stdout, reason->text);
		putchar('\n');
	}
}

static void print_left_out(const struct tree_files *files)
{
	for (size_t i = 0; i < files->left_out_count && i < LEFT_OUT_SHOWN; i++) {
		printf("not entered, another file system: ");
		print_safely(stdout, files->left_out[i]);
		puts(": see --all-file-systems");
	}
	if (files->left_out_count > LEFT_OUT_SHOWN)
		printf("not entered: %zu more\n", files->left_out_count - LEFT_OUT_SHOWN);
}

static void print_summary(const struct tree_report *report, const struct tree_files *files,
	bool is_interrupted, __u64 left)
{
	const struct tree_words *words = report->job->words;
	const char *separator = "";

	for (int i = 0; i < TREE_OUTCOMES; i++) {
		if (!words->for_people[i] || (i != TREE_DONE && !report->counts[i]))
			continue;
		printf("%s%llu %s", separator, (unsigned long long)report->counts[i],
			words->for_people[i]);
		separator = ", ";
	}
	printf("; of %llu files %llu are not ELF", (unsigned long long)files->seen,
		(unsigned long long)files->not_elf);
	if (files->only_debug)
		printf(", %llu hold only debug information",
			(unsigned long long)files->only_debug);
	if (files->excluded)
		printf(", %llu excluded", (unsigned long long)files->excluded);
	putchar('\n');
	print_reasons(report);
	print_left_out(files);
	if (is_interrupted)
		printf("interrupted, %llu files left: the same command goes on where this one "
		       "ended\n",
			(unsigned long long)left);
}

void tree_report_end(struct tree_report *report, const struct tree_files *files,
	bool is_interrupted, __u64 left)
{
	if (report->is_out_of_memory)
		complain("out of memory: the summary lacks reasons");
	if (report->options->is_json)
		end_json(report, files, is_interrupted, left);
	else if (!report->options->is_quiet)
		print_summary(report, files, is_interrupted, left);
}

void tree_report_free(struct tree_report *report)
{
	for (size_t i = 0; i < report->reason_count; i++)
		free(report->reasons[i].text);
	free(report->reasons);
}
