// SPDX-License-Identifier: GPL-2.0-or-later
/* What hosts say: events, their sums, statuses. All of it may be written by who has taken a host over. */
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "../../digsig/fleet/denials.h"
#include "../../digsig/fleet/host_status.h"
#include "../../digsig/fleet/timeline.h"

#define HEX "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define OTHER_HEX "ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
/* 2026-11-30T12:00:00Z */
#define NOON 1796040000LL

static struct fleet_message message_of(const char *subject, const char *text)
{
	struct fleet_message message = { .bytes = (char *)text, .size = strlen(text), .time = NOON * 1000000000 };

	snprintf(message.subject, sizeof(message.subject), "%s", subject);
	return message;
}

static int parse(const char *subject, const char *text, struct fleet_event *event)
{
	struct fleet_message message = message_of(subject, text);

	return fleet_event_parse(&message, event);
}

#define EVENT(sequence, entry) "{\"boot\":\"b\",\"sequence\":" #sequence ",\"host\":\"liar\",\"entry\":" entry "}"
#define JUDGED(action, verdict, path, digest)                                                                     \
	"{\"time\":\"2026-11-30T11:00:00.000001Z\",\"action\":\"" action "\",\"hook\":\"exec\",\"verdict\":\"" verdict \
	"\",\"path\":\"" path "\",\"digest\":\"" digest "\"}"

static void an_event_is_what_the_log_says(void **state)
{
	struct fleet_event event;

	(void)state;
	assert_int_equal(parse("digsig.event.web.w1.example.org", EVENT(7, JUDGED("denied", "tampered", "/bin/x", HEX)), &event), 0);
	assert_string_equal(event.group, "web");
	assert_string_equal(event.host, "w1.example.org"); /* by its subject, not by what it says */
	assert_int_equal(event.kind, FLEET_EVENT_JUDGED);
	assert_int_equal(event.sequence, 7);
	assert_true(event.is_denied);
	assert_int_equal(event.verdict, DIGSIG_VERDICT_TAMPERED);
	assert_string_equal(event.path, "/bin/x");
	assert_string_equal(event.package, "");
	assert_true(event.has_digest);
	assert_int_equal(event.digest[1], 0x11);
	assert_int_equal(event.time, NOON - 3600);
	fleet_event_free(&event);
}

static void times_that_cannot_be_are_the_servers(void **state)
{
	static const char *const times[] = { "\"2027-11-30T11:00:00Z\"", "\"2025-01-01T00:00:00Z\"", "\"yesterday\"", "17", "null" };
	char text[256];
	struct fleet_event event;

	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		snprintf(text, sizeof(text), "{\"entry\":{\"time\":%s,\"verdict\":\"unsigned\"}}", times[i]);
		assert_int_equal(parse("digsig.event.web.h", text, &event), 0);
		assert_int_equal(event.time, NOON);
		fleet_event_free(&event);
	}
}

static void what_is_no_event_is_refused(void **state)
{
	static const char *const subjects[] = { "digsig.event.web", "digsig.event..h", "digsig.event.web.", "digsig.event.We.h",
		"digsig.host.web.h", "digsig.event.web.a..b", "" };
	static const char *const texts[] = { "", "[]", "7", "{", "{\"entry\":7}", "{}", "{\"entry\":[]}",
		"{\"entry\":{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\":1}}}}}}}" };
	struct fleet_event event;
	char *large = malloc(FLEET_EVENT_SIZE_MAX + 2);

	(void)state;
	for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++)
		assert_int_equal(parse(subjects[i], EVENT(1, "{}"), &event), -EBADMSG);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(parse("digsig.event.web.h", texts[i], &event), -EBADMSG);
	memset(large, ' ', FLEET_EVENT_SIZE_MAX + 1);
	memcpy(large, "{\"entry\":{}}", 12);
	large[FLEET_EVENT_SIZE_MAX] = '\0';
	assert_int_equal(parse("digsig.event.web.h", large, &event), 0);
	fleet_event_free(&event);
	large[FLEET_EVENT_SIZE_MAX] = ' ';
	large[FLEET_EVENT_SIZE_MAX + 1] = '\0';
	assert_int_equal(parse("digsig.event.web.h", large, &event), -EBADMSG);
	free(large);
}

static void members_of_wrong_types_are_none(void **state)
{
	struct fleet_event event;

	(void)state;
	assert_int_equal(parse("digsig.event.web.h",
		"{\"boot\":7,\"sequence\":\"9\",\"entry\":{\"note\":[],\"path\":{},\"verdict\":\"unsigned\",\"digest\":\"00\"}}", &event), 0);
	assert_string_equal(event.boot, "");
	assert_int_equal(event.sequence, 0);
	assert_string_equal(event.path, "");
	assert_false(event.has_digest);
	assert_int_equal(event.kind, FLEET_EVENT_JUDGED);
	fleet_event_free(&event);
	assert_int_equal(parse("digsig.event.web.h", "{\"entry\":{\"verdict\":\"excellent\"}}", &event), 0);
	assert_int_equal(event.kind, FLEET_EVENT_OTHER);
	fleet_event_free(&event);
}

static void add(struct fleet_denials *denials, const char *host, const char *text)
{
	char subject[64];
	struct fleet_event event;

	snprintf(subject, sizeof(subject), "digsig.event.web.%s", host);
	assert_int_equal(parse(subject, text, &event), 0);
	assert_int_equal(fleet_denials_add(denials, &event), 0);
	fleet_event_free(&event);
}

static struct fleet_denials *new_denials(void)
{
	struct fleet_denials *denials;

	assert_int_equal(fleet_denials_new(&denials), 0);
	return denials;
}

static void the_same_file_on_two_hosts_is_one(void **state)
{
	struct fleet_denials *denials = new_denials();
	struct fleet_denial **list;
	size_t count;

	(void)state;
	add(denials, "a", EVENT(1, JUDGED("denied", "unsigned", "/bin/x", HEX)));
	add(denials, "a", EVENT(2, JUDGED("allowed", "unsigned", "/bin/x", HEX)));
	add(denials, "b", EVENT(1, JUDGED("denied", "unsigned", "/bin/x", HEX)));
	add(denials, "b", EVENT(2, JUDGED("denied", "unsigned", "/bin/x", OTHER_HEX)));
	add(denials, "b", EVENT(3, JUDGED("denied", "tampered", "/bin/x", HEX)));
	add(denials, "b", EVENT(4, JUDGED("allowed", "ok", "/bin/y", HEX)));
	list = fleet_denials_list(denials, &count);
	assert_int_equal(count, 3);
	assert_int_equal(list[0]->hosts, 2);
	assert_int_equal(list[0]->denied, 2);
	assert_int_equal(list[0]->would_deny, 1);
	assert_int_equal(list[0]->verdict, DIGSIG_VERDICT_UNSIGNED);
	assert_int_equal(list[0]->digest[0], 0x00);
	assert_int_equal(list[1]->hosts, 1);
	assert_int_equal(list[2]->hosts, 1);
	free(list);
	fleet_denials_free(denials);
}

static void what_comes_twice_counts_once(void **state)
{
	struct fleet_denials *denials = new_denials();
	struct fleet_denial **list;
	size_t count;

	(void)state;
	add(denials, "a", EVENT(1, JUDGED("denied", "unsigned", "/bin/x", HEX)));
	add(denials, "a", EVENT(1, JUDGED("denied", "unsigned", "/bin/x", HEX)));
	add(denials, "b", EVENT(1, JUDGED("denied", "unsigned", "/bin/x", HEX)));
	list = fleet_denials_list(denials, &count);
	assert_int_equal(count, 1);
	assert_int_equal(list[0]->denied, 2);
	assert_int_equal(fleet_denials_sums(denials).twice, 1);
	assert_int_equal(fleet_denials_sums(denials).events, 2);
	free(list);
	fleet_denials_free(denials);
}

#define REPEATED(count) \
	"{\"note\":\"repeated\",\"count\":" #count ",\"action\":\"denied\",\"hook\":\"exec\",\"verdict\":\"unsigned\",\"path\":\"/bin/x\"}"

static void repeats_belong_to_the_hosts_last_file(void **state)
{
	struct fleet_denials *denials = new_denials();
	struct fleet_denial **list;
	size_t count;

	(void)state;
	add(denials, "a", EVENT(1, JUDGED("denied", "unsigned", "/bin/x", HEX)));
	add(denials, "b", EVENT(1, JUDGED("denied", "unsigned", "/bin/x", OTHER_HEX)));
	add(denials, "a", EVENT(2, REPEATED(40)));
	add(denials, "c", EVENT(1, REPEATED(5))); /* what was repeated is not known there */
	list = fleet_denials_list(denials, &count);
	assert_int_equal(count, 3);
	assert_int_equal(list[0]->denied, 41);
	assert_int_equal(list[0]->digest[0], 0x00);
	assert_int_equal(list[1]->denied, 5);
	assert_false(list[1]->has_digest);
	assert_int_equal(list[2]->denied, 1);
	free(list);
	fleet_denials_free(denials);
}

#define OF_PACKAGE(package) \
	"{\"action\":\"denied\",\"hook\":\"exec\",\"verdict\":\"unsigned\",\"path\":\"/bin/x\",\"package\":\"" package "\",\"digest\":\"" HEX "\"}"

static void the_package_is_what_the_first_host_says_that_knows_it(void **state)
{
	struct fleet_denials *denials = new_denials();
	struct fleet_denial **list;
	size_t count;

	(void)state;
	add(denials, "a", EVENT(1, JUDGED("denied", "unsigned", "/bin/x", HEX)));
	list = fleet_denials_list(denials, &count);
	assert_int_equal(count, 1);
	assert_string_equal(list[0]->package, "");
	add(denials, "b", EVENT(1, OF_PACKAGE("coreutils")));
	assert_string_equal(list[0]->package, "coreutils");
	add(denials, "b", EVENT(2, OF_PACKAGE("other")));
	add(denials, "a", EVENT(2, REPEATED(40)));
	assert_string_equal(list[0]->package, "coreutils");
	assert_int_equal(list[0]->denied, 43);
	free(list);
	fleet_denials_free(denials);
}

static void losses_are_counted(void **state)
{
	struct fleet_denials *denials = new_denials();
	size_t count;

	(void)state;
	add(denials, "a", EVENT(1, "{\"note\":\"lost\",\"count\":12}"));
	add(denials, "a", EVENT(2, "{\"note\":\"unwritten\",\"count\":3}"));
	assert_int_equal(fleet_denials_sums(denials).lost, 15);
	assert_null(fleet_denials_list(denials, &count));
	assert_int_equal(count, 0);
	fleet_denials_free(denials);
}

static void steps_of_time_hold_what_fell_into_them(void **state)
{
	struct fleet_timeline timeline;
	struct fleet_event event = { .kind = FLEET_EVENT_JUDGED, .count = 2, .is_denied = true };

	(void)state;
	fleet_timeline_init(&timeline, 1000, 1000 + FLEET_TIMELINE_STEPS * 10 - 1);
	assert_int_equal(timeline.step, 10);
	event.time = 1000;
	fleet_timeline_add(&timeline, &event);
	event.time = 1019;
	event.is_denied = false;
	fleet_timeline_add(&timeline, &event);
	event.time = 999;
	fleet_timeline_add(&timeline, &event);
	event.time = 1000 + FLEET_TIMELINE_STEPS * 10;
	fleet_timeline_add(&timeline, &event);
	event.kind = FLEET_EVENT_LOST;
	event.time = 1000;
	fleet_timeline_add(&timeline, &event);
	assert_int_equal(timeline.denied[0], 2);
	assert_int_equal(timeline.would_deny[1], 2);
	assert_int_equal(timeline.outside, 4);
}

static int parse_status(const char *text, struct fleet_host_status *status)
{
	struct fleet_message message = message_of("digsig.host.web.w1", text);

	return fleet_host_status_parse(&message, status);
}

static const char whole_status[] =
	"{\"host\":\"liar\",\"kernel\":\"6.12\",\"version\":\"1\",\"clock_offset\":-7,\"events\":{\"lost\":2,\"refused\":1,\"waiting\":9},"
	"\"digsigd\":{\"group\":{\"sequence\":41},\"host\":{\"sequence\":3},\"stale\":false,\"at_next_start\":[\"trust\"],\"refused\":null,"
	"\"engine\":{\"running\":true,\"locked\":true,\"mode\":\"enforcing\",\"denied\":5,\"would_deny\":6,\"events_lost\":4}},"
	"\"spool\":{\"group_sequence\":42,\"problem\":null}}";

static void a_status_is_what_the_host_says(void **state)
{
	struct fleet_host_status status;

	(void)state;
	assert_int_equal(parse_status(whole_status, &status), 0);
	assert_string_equal(status.host, "w1");
	assert_string_equal(status.kernel, "6.12");
	assert_int_equal(status.clock_offset, -7);
	assert_int_equal(status.lost, 7);
	assert_int_equal(status.waiting, 9);
	assert_int_equal(status.group_sequence, 41);
	assert_int_equal(status.host_sequence, 3);
	assert_int_equal(status.fetched_sequence, 42);
	assert_true(status.is_running && status.is_locked && status.has_engine);
	assert_string_equal(status.mode, "enforcing");
	assert_string_equal(status.problem, "");
	assert_non_null(status.at_next_start);
	assert_int_equal(status.seen, NOON);
	fleet_host_status_free(&status);
}

static void an_empty_status_is_one_without_an_engine(void **state)
{
	static const char *const texts[] = { "{}", "{\"digsigd\":null}", "{\"digsigd\":7,\"events\":[],\"spool\":\"x\"}",
		"{\"digsigd\":{\"engine\":[],\"at_next_start\":{}}}" };
	struct fleet_host_status status;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_int_equal(parse_status(texts[i], &status), 0);
		assert_false(status.has_engine);
		assert_string_equal(status.mode, "");
		assert_string_equal(status.problem, "");
		assert_null(status.at_next_start);
		fleet_host_status_free(&status);
	}
	assert_int_equal(parse_status("[]", &status), -EBADMSG);
}

static void hosts_are_judged_by_what_is_worst(void **state)
{
	struct fleet_newest newest = { 41, 3 };
	struct fleet_host_status status;

	(void)state;
	assert_int_equal(parse_status(whole_status, &status), 0);
	assert_int_equal(fleet_host_judge(&status, &newest, NOON, 60), FLEET_HOST_NEXT_START);
	newest.host_sequence = 4;
	assert_int_equal(fleet_host_judge(&status, &newest, NOON, 60), FLEET_HOST_BEHIND);
	newest = (struct fleet_newest){ 42, 3 };
	assert_int_equal(fleet_host_judge(&status, &newest, NOON, 60), FLEET_HOST_BEHIND);
	status.is_stale = true;
	assert_int_equal(fleet_host_judge(&status, &newest, NOON, 60), FLEET_HOST_STALE);
	status.problem = "expired";
	assert_int_equal(fleet_host_judge(&status, &newest, NOON, 60), FLEET_HOST_REFUSED);
	status.is_running = false;
	assert_int_equal(fleet_host_judge(&status, &newest, NOON, 60), FLEET_HOST_NO_ENGINE);
	assert_int_equal(fleet_host_judge(&status, &newest, NOON + 60, 60), FLEET_HOST_NO_ENGINE);
	assert_int_equal(fleet_host_judge(&status, &newest, NOON + 61, 60), FLEET_HOST_SILENT);
	status.is_running = true;
	status.is_stale = false;
	status.at_next_start = NULL;
	newest.group_sequence = 41;
	assert_int_equal(fleet_host_judge(&status, &newest, NOON, 60), FLEET_HOST_CURRENT); /* it complained of an older one */
	assert_string_equal(fleet_host_state_name(FLEET_HOST_CURRENT), "current");
	fleet_host_status_free(&status);
}

static void subjects_name_groups_and_hosts(void **state)
{
	char group[FLEET_GROUP_MAX + 1], host[FLEET_HOST_MAX + 1], subject[1024];

	(void)state;
	assert_true(fleet_subject_names("p.web.a.b", "p.", group, host));
	assert_string_equal(group, "web");
	assert_string_equal(host, "a.b");
	assert_false(fleet_subject_names("p.web", "p.", group, host));
	assert_false(fleet_subject_names("q.web.a", "p.", group, host));
	assert_false(fleet_subject_names("p.web.", "p.", group, host));
	memset(subject, 'a', sizeof(subject));
	memcpy(subject, "p.", 2);
	subject[2 + FLEET_GROUP_MAX + 1] = '.';
	subject[sizeof(subject) - 1] = '\0';
	assert_false(fleet_subject_names(subject, "p.", group, host));
	memcpy(subject + 2, "web.", 4);
	assert_false(fleet_subject_names(subject, "p.", group, host));
	subject[6 + FLEET_HOST_MAX] = '\0';
	subject[2 + FLEET_GROUP_MAX + 1] = 'a';
	assert_true(fleet_subject_names(subject, "p.", group, host));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_is_what_the_log_says),
		cmocka_unit_test(times_that_cannot_be_are_the_servers),
		cmocka_unit_test(what_is_no_event_is_refused),
		cmocka_unit_test(members_of_wrong_types_are_none),
		cmocka_unit_test(the_same_file_on_two_hosts_is_one),
		cmocka_unit_test(what_comes_twice_counts_once),
		cmocka_unit_test(repeats_belong_to_the_hosts_last_file),
		cmocka_unit_test(the_package_is_what_the_first_host_says_that_knows_it),
		cmocka_unit_test(losses_are_counted),
		cmocka_unit_test(steps_of_time_hold_what_fell_into_them),
		cmocka_unit_test(a_status_is_what_the_host_says),
		cmocka_unit_test(an_empty_status_is_one_without_an_engine),
		cmocka_unit_test(hosts_are_judged_by_what_is_worst),
		cmocka_unit_test(subjects_name_groups_and_hosts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
