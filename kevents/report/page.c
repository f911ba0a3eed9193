// SPDX-License-Identifier: GPL-2.0-or-later
#include "page.h"
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include "../../lib/page/page.h"
#include "page_files.h"

/* In microseconds, from the beginning of the recording; before it, less than 0. */
static int64_t since_begin(const struct report_model *model, uint64_t time)
{
	return ((int64_t)time - (int64_t)model->begin) / 1000;
}

static const char *source_name(uint32_t source)
{
	return source == KEVENTS_SOURCE_BPF    ? "BPF"
	       : source == KEVENTS_SOURCE_PERF ? "perf events"
					       : "";
}

static void print_facts(const struct report_model *model, uint32_t omitted, FILE *out)
{
	const struct kevents_recording_info *info = &model->info;
	uint64_t begin =
		model->begin ? model->begin - info->monotonic + info->realtime : info->realtime;

	fputs("{\"host\":", out);
	page_put_string(out, info->host);
	fputs(",\"release\":", out);
	page_put_string(out, info->release);
	fputs(",\"machine\":", out);
	page_put_string(out, info->machine);
	fputs(",\"source\":", out);
	page_put_string(out, source_name(info->source));
	fprintf(out,
		",\"cpus\":%" PRIu32 ",\"begin\":%" PRIu64 ",\"monotonic\":%" PRIu64
		",\"duration\":%" PRId64 ",\"records\":%" PRIu64 ",\"lost\":%" PRIu64
		",\"omitted\":%" PRIu32,
		info->cpus, begin / 1000000, model->begin / 1000, since_begin(model, model->end),
		model->records, model->lost, omitted);
}

static void print_account(const struct report_model *model, FILE *out)
{
	const struct kevents_sums *sums = &model->sums;

	if (!model->has_sums)
		return;
	fprintf(out,
		",\"account\":{\"made\":%" PRIu64 ",\"missed\":%" PRIu64 ",\"delivered\":%" PRIu64
		",\"unwanted\":%" PRIu64 ",\"lost\":%" PRIu64 ",\"incomplete\":%" PRIu64
		",\"agree\":%s}",
		sums->made, sums->missed, sums->delivered, sums->unwanted, sums->lost,
		sums->incomplete, sums->agree ? "true" : "false");
}

static void print_rates(const struct report_model *model, FILE *out)
{
	static const char *const names[REPORT_RATES] = {
		"fork", "thread", "exec", "exit", "load", "unload", "anon", "kernel", "lost"};
	uint64_t span = model->end > model->begin ? model->end - model->begin : 0;
	size_t bins = (size_t)(span / model->bin_width) + 1;

	fprintf(out, ",\"width\":%" PRIu64 ",\"rates\":{", model->bin_width / 1000);
	for (size_t rate = 0; rate < REPORT_RATES; rate++) {
		fprintf(out, "%s\"%s\":[", rate ? "," : "", names[rate]);
		for (size_t i = 0; i < bins && i < REPORT_BINS; i++)
			fprintf(out, "%s%" PRIu64, i ? "," : "", model->bins[rate][i]);
		putc(']', out);
	}
	putc('}', out);
}

/* How it ended: "" while it runs, and if nobody knows; else a number or a signal. */
static void print_end(const struct report_process *process, FILE *out)
{
	const struct kevents_exit *exit = &process->exit;

	if (!process->end || !exit->is_status_known)
		fputs("\"\"", out);
	else if (exit->signal)
		fprintf(out, "\"signal %u%s\"", exit->signal, exit->dumped_core ? ", core" : "");
	else
		fprintf(out, "%u", exit->status);
}

static void print_process(const struct report_model *model, const struct report_process *process,
	const uint32_t *places, FILE *out)
{
	fprintf(out, "[%" PRId32 ",%" PRId64 ",%" PRId64 ",", process->pid,
		process->parent == REPORT_NONE ? -1 : (int64_t)places[process->parent],
		since_begin(model, process->begin));
	if (process->end)
		fprintf(out, "%" PRId64, since_begin(model, process->end));
	else
		fputs("null", out);
	putc(',', out);
	print_end(process, out);
	fprintf(out, ",%d,%" PRIu32 ",%" PRIu32 ",[", process->is_found | process->is_kernel << 1,
		process->threads, process->images);
	for (uint32_t i = 0; i < process->exec_count; i++)
		fprintf(out, "%s%" PRId64 ",%" PRIu32 ",%" PRIu32, i ? "," : "",
			since_begin(model, process->execs[i].time), process->execs[i].comm,
			process->execs[i].args);
	fputs("]]", out);
}

static int print_processes(const struct report_model *model, FILE *out)
{
	uint32_t *places = calloc(model->process_count + 1, sizeof(*places)), count = 0;

	if (!places)
		return -ENOMEM;
	for (uint32_t i = 0; i < model->process_count; i++)
		if (model->processes[i].is_kept)
			places[i] = count++;
	fputs(",\"processes\":[", out);
	for (uint32_t i = 0; i < model->process_count; i++) {
		if (!model->processes[i].is_kept)
			continue;
		fputs(places[i] ? ",\n" : "", out);
		print_process(model, &model->processes[i], places, out);
	}
	putc(']', out);
	free(places);
	return 0;
}

static int print_data(const struct report_model *model, uint32_t omitted, FILE *out)
{
	int err;

	print_facts(model, omitted, out);
	print_account(model, out);
	print_rates(model, out);
	fputs(",\"strings\":[", out);
	for (uint32_t i = 0; i < model->string_count; i++) {
		fputs(i ? ",\n" : "", out);
		page_put_safe_string(out, model->strings[i]);
	}
	putc(']', out);
	err = print_processes(model, out);
	putc('}', out);
	return err;
}

static const struct page_files files = {
	.title = "kevents",
	.css = page_css,
	.html = page_html,
	.js = page_js,
	.css_size = sizeof(page_css),
	.html_size = sizeof(page_html),
	.js_size = sizeof(page_js),
};

int page_print(const struct report_model *model, uint32_t omitted, FILE *out)
{
	struct page page;
	int err = page_begin(&page, &files, out);

	if (err)
		return err;
	err = print_data(model, omitted, out);
	page_end(&page);
	return err;
}
