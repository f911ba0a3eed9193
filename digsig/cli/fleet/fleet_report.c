// SPDX-License-Identifier: GPL-2.0-or-later
/* digsig fleet report: the fleet as one page. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "../../fleet/timeline.h"
#include "../../../lib/file/write_whole.h"
#include "../../../lib/page/page.h"
#include "../../../lib/text/json.h"
#include "../cli.h"
#include "denied.h"
#include "fleet_commands.h"
#include "fleet_option.h"
#include "hosts.h"
#include "fleet_page_files.h"

enum { PROGRAMS_MAX = 5000 }; /* in the page */

struct report_settings {
	struct fleet_options fleet;
	struct denied_filter filter;
	const char *output;
	double silent_after;
};

static const struct command_option options[] = {
	{ OPTION_VALUE, 'o', "output", "FILE", "the page; - is the standard output", OPTION_FIELD(struct report_settings, output),
		.offer = OFFER_FILES },
	{ OPTION_DURATION, 0, "since", "TIME", "events of the last TIME; 7d", OPTION_FIELD(struct report_settings, filter.since) },
	{ OPTION_VALUE, 'g', "group", "GROUP", "only hosts of that group", OPTION_FIELD(struct report_settings, filter.group) },
	{ OPTION_DURATION, 0, "silent-after", "TIME", "a host that said nothing for so long is silent; 15m",
		OPTION_FIELD(struct report_settings, silent_after) },
	{ OPTION_GROUP, OPTION_FIELD(struct report_settings, fleet), .group = fleet_option_table },
	{ 0 },
};

static const struct page_files files = {
	.title = "DigSig: the fleet",
	.css = page_css,
	.html = page_html,
	.js = page_js,
	.css_size = sizeof(page_css),
	.html_size = sizeof(page_html),
	.js_size = sizeof(page_js),
};

static struct json_object *host_json(const struct fleet_host_row *row)
{
	const struct fleet_host_status *status = &row->status;
	struct json_object *object = json_object_new_object();
	__u64 newest = row->newest.group_sequence, own = status->group_sequence;

	json_add_string(object, "host", status->host);
	json_add_string(object, "group", status->group);
	json_add_string(object, "state", fleet_host_state_name(row->state));
	json_add_text(object, "mode", status->is_running ? status->mode : "");
	json_add_flag(object, "locked", status->is_locked);
	json_add_number(object, "sequence", own);
	json_add_number(object, "behind", newest > own ? newest - own : 0);
	json_add_number(object, "lost", status->lost);
	json_add_text(object, "kernel", status->kernel);
	json_add_number(object, "seen", (__u64)status->seen);
	json_add_text(object, "problem", status->problem);
	return object;
}

static struct json_object *steps_json(const __u64 *steps)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < FLEET_TIMELINE_STEPS; i++)
		json_object_array_add(array, json_object_new_uint64(steps[i]));
	return array;
}

static void add_timeline(struct json_object *object, const struct fleet_timeline *timeline)
{
	struct json_object *member = json_object_new_object();

	json_add_number(member, "begin", (__u64)timeline->begin);
	json_add_number(member, "step", (__u64)timeline->step);
	json_object_object_add(member, "denied", steps_json(timeline->denied));
	json_object_object_add(member, "would_deny", steps_json(timeline->would_deny));
	json_object_object_add(object, "timeline", member);
}

static void add_programs(struct json_object *object, const struct fleet_denials *denials)
{
	struct json_object *array = json_object_new_array();
	size_t count;
	struct fleet_denial **list = fleet_denials_list(denials, &count);

	for (size_t i = 0; i < count && i < PROGRAMS_MAX; i++)
		json_object_array_add(array, denied_json(list[i]));
	json_object_object_add(object, "programs", array);
	json_add_number(object, "programs_left_out", count > PROGRAMS_MAX ? count - PROGRAMS_MAX : 0);
	free(list);
}

static struct json_object *page_data(
	const struct fleet_hosts *hosts, const struct fleet_denials *denials, const struct fleet_timeline *timeline)
{
	struct json_object *object = json_object_new_object(), *array = json_object_new_array();

	for (size_t i = 0; i < hosts->count; i++)
		json_object_array_add(array, host_json(&hosts->rows[i]));
	json_object_object_add(object, "hosts", array);
	json_add_number(object, "made", (__u64)time(NULL));
	json_add_number(object, "lost", fleet_denials_sums(denials).lost);
	add_timeline(object, timeline);
	add_programs(object, denials);
	return object;
}

/* The page in memory: a file is written as a whole or not at all. */
static int print_page(struct json_object *object, char **text, size_t *size)
{
	FILE *out = open_memstream(text, size);
	struct page page;
	int err = out ? page_begin(&page, &files, out) : -ENOMEM;

	if (!err) {
		page_put_json(out, object);
		page_end(&page);
	}
	if (out && fclose(out) && !err)
		err = -ENOMEM;
	return err;
}

static int write_page(const struct report_settings *settings, struct json_object *object)
{
	char *text = NULL;
	size_t size = 0;
	int err = print_page(object, &text, &size);

	if (!err && !strcmp(settings->output, "-"))
		fwrite(text, 1, size, stdout);
	else if (!err)
		err = file_write_whole(settings->output, text, size);
	free(text);
	if (err)
		complain("%s: %s", settings->output, strerror(-err));
	return err ? EXIT_ERROR : EXIT_OK;
}

static bool add_to_timeline(void *closure, const struct fleet_event *event)
{
	fleet_timeline_add(closure, event);
	return true;
}

static int read_all(const struct report_settings *settings, struct fleet_link *link, struct fleet_hosts *hosts,
	struct fleet_denials *denials, struct fleet_timeline *timeline)
{
	struct denied_reading reading = { &settings->filter, denials, add_to_timeline, timeline, .follow = false };
	__s64 now = time(NULL);
	int code = fleet_hosts_read(link, settings->filter.group, NULL, settings->silent_after, hosts);

	if (code)
		return code;
	fleet_timeline_init(timeline, now - (__s64)settings->filter.since, now + 1);
	code = denied_read(link, &reading);
	if (!code)
		denied_warn(&reading);
	return code;
}

static int report_over(const struct report_settings *settings, struct fleet_link *link)
{
	struct fleet_hosts hosts = { 0 };
	struct fleet_denials *denials;
	struct fleet_timeline timeline;
	struct json_object *object;
	int code;

	if (fleet_denials_new(&denials)) {
		complain("fleet: out of memory");
		return EXIT_ERROR;
	}
	code = read_all(settings, link, &hosts, denials, &timeline);
	if (!code) {
		object = page_data(&hosts, denials, &timeline);
		code = write_page(settings, object);
		json_object_put(object);
	}
	fleet_hosts_free(&hosts);
	fleet_denials_free(denials);
	return code;
}

static int report(const struct report_settings *settings)
{
	struct fleet_link *link;
	int code = fleet_option_open(&settings->fleet, &link);

	if (code)
		return code;
	code = report_over(settings, link);
	fleet_link_close(link);
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct report_settings settings = { .filter.since = 7 * 86400, .silent_after = FLEET_SILENT_AFTER };
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	if (!settings.output)
		return usage_error("--output is missing");
	code = fleet_names_check(settings.filter.group, NULL);
	return code ? code : report(&settings);
}

const struct command fleet_report_command = {
	.name = "report",
	.summary = "write a page that shows the fleet",
	.usage = "[OPTION...] -o FILE",
	.about = "Writes one page of HTML that needs nothing else: hosts by state and how far behind they are, denials over\n"
		 "time and by program.\n",
	.options = options,
	.run = run,
};
