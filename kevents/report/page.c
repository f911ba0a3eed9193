// SPDX-License-Identifier: GPL-2.0-or-later
#include "page.h"
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/random.h>
#include "../../lib/text/text.h"
#include "page_files.h"

/* safe: UTF-8 without control characters; a page must see none of its own characters. */
static void print_safe_string(FILE *out, const char *safe)
{
	putc('"', out);
	for (const char *at = safe; *at; at++) {
		if (*at == '<' || *at == '>' || *at == '&' || *at == '\'')
			fprintf(out, "\\u%04x", (unsigned char)*at);
		else if (*at == '"' || *at == '\\')
			fprintf(out, "\\%c", *at);
		else
			putc(*at, out);
	}
	putc('"', out);
}

static void print_string(FILE *out, const char *text)
{
	char *safe = safe_text(text);

	print_safe_string(out, safe ? safe : "?");
	free(safe);
}

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
	print_string(out, info->host);
	fputs(",\"release\":", out);
	print_string(out, info->release);
	fputs(",\"machine\":", out);
	print_string(out, info->machine);
	fputs(",\"source\":", out);
	print_string(out, source_name(info->source));
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
		print_safe_string(out, model->strings[i]);
	}
	putc(']', out);
	err = print_processes(model, out);
	putc('}', out);
	return err;
}

/* Only a script that has this number runs in the page, should any markup get in after all. */
static int make_nonce(char *nonce)
{
	uint8_t bytes[16];

	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		return -EIO;
	print_hex(nonce, bytes, sizeof(bytes));
	return 0;
}

int page_print(const struct report_model *model, uint32_t omitted, FILE *out)
{
	char nonce[33];
	int err = make_nonce(nonce);

	if (err)
		return err;
	fprintf(out,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		"script-src 'nonce-%s'; style-src 'nonce-%s'; base-uri 'none'; form-action "
		"'none'\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<title>kevents</title>\n<style nonce=\"%s\">\n",
		nonce, nonce, nonce);
	fwrite(page_css, 1, sizeof(page_css), out);
	fputs("</style>\n", out);
	fwrite(page_html, 1, sizeof(page_html), out);
	fputs("<script type=\"application/json\" id=\"data\">\n", out);
	err = print_data(model, omitted, out);
	fprintf(out, "\n</script>\n<script nonce=\"%s\">\n", nonce);
	fwrite(page_js, 1, sizeof(page_js), out);
	fputs("</script>\n</html>\n", out);
	return err;
}
