// SPDX-License-Identifier: GPL-2.0-or-later
#include "event_text.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "../enforce/events.h"
#include "../format/inspect.h"
#include "text.h"

/* The event's time on the wall clock; time has room for 40. */
static void print_event_time(char *text, __u64 boot_ns)
{
	struct timespec wall, boot;
	char seconds[32];
	__s64 ns;

	clock_gettime(CLOCK_REALTIME, &wall);
	clock_gettime(CLOCK_BOOTTIME, &boot);
	ns = (wall.tv_sec - boot.tv_sec) * 1000000000LL + wall.tv_nsec - boot.tv_nsec +
		(__s64)boot_ns;
	print_time(seconds, (__u64)(ns / 1000000000));
	seconds[strcspn(seconds, "Z")] = 0;
	snprintf(text, 40, "%s.%06uZ", seconds, (unsigned int)(ns % 1000000000 / 1000));
}

/* More than the verdict says by itself, where the kernel knows more. */
const char *event_reason(const struct digsig_event *event)
{
	if (event->hook == DIGSIG_HOOK_WRITE)
		return "mapped as code, so it may not be opened for writing";
	if (event->verdict == DIGSIG_VERDICT_MALFORMED && event->defect)
		return digsig_defect_meaning((enum digsig_defect)event->defect);
	if (event->verdict == DIGSIG_VERDICT_UNKNOWNKEY && event->error == -ENOPKG)
		return "signed with an algorithm that this kernel cannot check";
	if (event->verdict == DIGSIG_VERDICT_FAULT && event->error == -EINVAL)
		return "the kernel's IMA does not hash with SHA-256: ima_hash=sha256 on its command "
		       "line";
	if (event->verdict == DIGSIG_VERDICT_FAULT && event->error == -EBUSY)
		return "too many first uses at the same moment: try again";
	return digsig_verdict_meaning((enum digsig_verdict)event->verdict);
}

static bool is_set(const __u8 *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i])
			return true;
	return false;
}

static void add_text(struct json_object *object, const char *name, const __u8 *bytes, size_t size)
{
	char *raw = strndup((const char *)bytes, size);
	char *text = raw ? safe_text(raw) : NULL;

	json_object_object_add(
		object, name, text && *text ? json_object_new_string(text) : NULL);
	free(text);
	free(raw);
}

static void add_hex(struct json_object *object, const char *name, const __u8 *bytes, size_t size)
{
	char text[2 * DIGSIG_DIGEST_SIZE + 1];

	print_hex(text, bytes, size);
	json_object_object_add(
		object, name, is_set(bytes, size) ? json_object_new_string(text) : NULL);
}

static void add_number(struct json_object *object, const char *name, __u64 number)
{
	json_object_object_add(object, name, json_object_new_uint64(number));
}

static void add_string(struct json_object *object, const char *name, const char *text)
{
	json_object_object_add(object, name, json_object_new_string(text));
}

struct json_object *event_to_json(const struct digsig_event *event, __u64 lost)
{
	struct json_object *object = json_object_new_object();
	char when[40];

	print_event_time(when, event->time);
	add_string(object, "time", when);
	add_string(object, "action", event->flags & DIGSIG_EVENT_DENIED ? "denied" : "allowed");
	add_string(object, "hook", event_hook_name(event->hook));
	add_string(object, "verdict", digsig_verdict_name((enum digsig_verdict)event->verdict));
	add_string(object, "reason", event_reason(event));
	add_text(object, "path", event->path, sizeof(event->path));
	json_object_object_add(object, "path_cut",
		json_object_new_boolean(event->flags & DIGSIG_EVENT_PATH_CUT));
	add_number(object, "pid", event->pid);
	add_number(object, "ppid", event->ppid);
	add_number(object, "uid", event->uid);
	add_text(object, "comm", event->comm, sizeof(event->comm));
	add_hex(object, "digest", event->digest, sizeof(event->digest));
	add_text(object, "identity", event->identity, sizeof(event->identity));
	add_number(object, "epoch", event->epoch);
	add_hex(object, "key_id", event->key_id, sizeof(event->key_id));
	add_number(object, "device", event->device);
	add_number(object, "inode", event->inode);
	add_string(object, "mode", engine_mode_name(event->mode));
	json_object_object_add(object, "cached",
		json_object_new_boolean(event->flags & DIGSIG_EVENT_CACHED));
	add_number(object, "lost_before", lost);
	return object;
}

void event_print_json(const struct digsig_event *event, __u64 lost)
{
	struct json_object *object = event_to_json(event, lost);

	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN));
	json_object_put(object);
}

void event_print_line(const struct digsig_event *event, __u64 lost, bool colour)
{
	bool denied = event->flags & DIGSIG_EVENT_DENIED;
	const char *tint = denied ? "\033[1;31m" :
		event->verdict == DIGSIG_VERDICT_OK ? "\033[32m" :
						      "\033[33m";
	char when[40];

	if (lost)
		printf("(%llu event%s lost here: the log was not read in time)\n",
			(unsigned long long)lost, lost == 1 ? "" : "s");
	print_event_time(when, event->time);
	printf("%s %s%-7s %-10s%s %-5s ", when, colour ? tint : "",
		denied ? "denied" : "allowed",
		digsig_verdict_name((enum digsig_verdict)event->verdict), colour ? "\033[0m" : "",
		event_hook_name(event->hook));
	print_safely(stdout, (const char *)event->path);
	printf("  pid %u ", event->pid);
	print_safely(stdout, (const char *)event->comm);
	printf(" uid %u", event->uid);
	if (event->verdict != DIGSIG_VERDICT_OK)
		printf(": %s", event_reason(event));
	putchar('\n');
}
