// SPDX-License-Identifier: GPL-2.0-or-later
#include "event_text.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "../format/inspect.h"
#include "../../lib/text/json.h"
#include "../../lib/text/text.h"
#include "engine.h"
#include "events.h"

/* Nanoseconds since 1970; text has room for 40. */
static void print_wall_time(char *text, __s64 ns)
{
	char seconds[32];

	print_time(seconds, (__u64)(ns / 1000000000));
	seconds[strcspn(seconds, "Z")] = 0;
	snprintf(text, 40, "%s.%06uZ", seconds, (unsigned int)(ns % 1000000000 / 1000));
}

static __s64 nanoseconds(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* Why the verdict, as far as the kernel said. A static string. */
static const char *event_reason(const struct digsig_event *event)
{
	if (event->hook == DIGSIG_HOOK_WRITE)
		return "mapped as code, so it may not be opened for writing";
	if (event->hook == DIGSIG_HOOK_WX)
		return "memory of this program is executable, and is or was writable";
	if (event->hook == DIGSIG_HOOK_MPROTECT && event->error == -EAGAIN)
		return "made executable without having been judged as code before";
	if (event->hook >= DIGSIG_HOOK_MODULE && event->hook <= DIGSIG_HOOK_KEXEC && !event->inode)
		return "it comes from memory, not from a file that could be judged";
	if (event->hook == DIGSIG_HOOK_LOCK)
		return "the engine is locked";
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

	json_add_text(object, name, raw && *raw ? raw : NULL);
	free(raw);
}

static void add_hex(struct json_object *object, const char *name, const __u8 *bytes, size_t size)
{
	char text[2 * DIGSIG_DIGEST_SIZE + 1];

	print_hex(text, bytes, size);
	json_object_object_add(
		object, name, is_set(bytes, size) ? json_object_new_string(text) : NULL);
}

/* What repeats have in common. */
static void add_deed(struct json_object *object, const struct digsig_event *event)
{
	json_add_string(object, "action", event->flags & DIGSIG_EVENT_DENIED ? "denied" : "allowed");
	json_add_string(object, "hook", event_hook_name(event->hook));
	json_add_string(object, "verdict", digsig_verdict_name((enum digsig_verdict)event->verdict));
	json_add_string(object, "reason", event_reason(event));
	add_text(object, "path", event->path, sizeof(event->path));
	json_add_flag(object, "path_cut", event->flags & DIGSIG_EVENT_PATH_CUT);
}

struct json_object *event_to_json(const struct digsig_event *event, __u64 lost)
{
	struct json_object *object = json_object_new_object();
	char when[40];

	if (!object)
		return NULL;
	print_wall_time(when, nanoseconds(CLOCK_REALTIME) - nanoseconds(CLOCK_BOOTTIME) +
				      (__s64)event->time);
	json_add_string(object, "time", when);
	json_add_number(object, "boot_ns", event->time);
	add_deed(object, event);
	json_add_number(object, "pid", event->pid);
	json_add_number(object, "ppid", event->ppid);
	json_add_number(object, "uid", event->uid);
	add_text(object, "comm", event->comm, sizeof(event->comm));
	add_hex(object, "digest", event->digest, sizeof(event->digest));
	add_text(object, "identity", event->identity, sizeof(event->identity));
	json_add_number(object, "epoch", event->epoch);
	add_hex(object, "key_id", event->key_id, sizeof(event->key_id));
	json_add_number(object, "device", event->device);
	json_add_number(object, "inode", event->inode);
	json_add_string(object, "mode", engine_mode_name(event->mode));
	json_add_flag(object, "cached", event->flags & DIGSIG_EVENT_CACHED);
	json_add_flag(object, "catalog", event->flags & DIGSIG_EVENT_CATALOG);
	json_add_number(object, "lost_before", lost);
	return object;
}

struct json_object *event_note(const char *note, __u64 count, __u64 serial,
	const struct digsig_event *event, const char *reason)
{
	struct json_object *object = json_object_new_object();
	char when[40];

	if (!object)
		return NULL;
	print_wall_time(when, nanoseconds(CLOCK_REALTIME));
	json_add_string(object, "time", when);
	json_add_string(object, "note", note);
	json_add_number(object, "count", count);
	json_add_number(object, "serial", serial);
	if (event) {
		json_add_number(object, "boot_ns", event->time);
		add_deed(object, event);
	} else if (reason) {
		json_add_string(object, "reason", reason);
	}
	return object;
}

bool event_is_same_entry(struct json_object *one, struct json_object *other)
{
	static const char *const names[] = { "note", "serial", "boot_ns", "hook", "pid", "inode" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct json_object *first = json_object_object_get(one, names[i]);
		struct json_object *second = json_object_object_get(other, names[i]);

		if (!first != !second ||
			(first && strcmp(json_object_get_string(first),
					  json_object_get_string(second))))
			return false;
	}
	return true;
}

/* A member as text; "?" if it is not there. */
static const char *member(struct json_object *entry, const char *name)
{
	struct json_object *value = json_object_object_get(entry, name);

	return value ? json_object_get_string(value) : "?";
}

static __u64 number(struct json_object *entry, const char *name)
{
	return json_object_get_uint64(json_object_object_get(entry, name));
}

static void print_note(FILE *out, struct json_object *entry, const char *note)
{
	__u64 count = number(entry, "count");

	if (!strcmp(note, "repeated"))
		fprintf(out, "(repeated %llu time%s: %s %s %s %s)", (unsigned long long)count,
			text_plural(count), member(entry, "action"), member(entry, "verdict"),
			member(entry, "hook"), member(entry, "path"));
	else if (!strcmp(note, "lost"))
		fprintf(out, "(%llu event%s lost here: the log was not read in time)",
			(unsigned long long)count, text_plural(count));
	else
		fprintf(out, "(%llu event%s could not be written here: %s)",
			(unsigned long long)count, text_plural(count), member(entry, "reason"));
}

void event_print_words(FILE *out, struct json_object *entry, bool colour)
{
	struct json_object *note = json_object_object_get(entry, "note");
	const char *action = member(entry, "action"), *verdict = member(entry, "verdict");
	const char *tint = !strcmp(action, "denied") ? "\033[1;31m" :
		!strcmp(verdict, "ok") ? "\033[32m" :
					 "\033[33m";

	if (note) {
		print_note(out, entry, json_object_get_string(note));
		return;
	}
	/* Texts that are not ours were made harmless when they became JSON. */
	fprintf(out, "%s%-7s %-10s%s %-8s %s  pid %s %s uid %s", colour ? tint : "", action, verdict,
		colour ? "\033[0m" : "", member(entry, "hook"), member(entry, "path"),
		member(entry, "pid"), member(entry, "comm"), member(entry, "uid"));
	if (strcmp(verdict, "ok"))
		fprintf(out, ": %s", member(entry, "reason"));
	else if (json_object_get_boolean(json_object_object_get(entry, "catalog")))
		fputs(": by a catalog", out);
}

void event_print_line(FILE *out, struct json_object *entry, bool colour)
{
	__u64 lost = number(entry, "lost_before");

	if (lost)
		fprintf(out, "(%llu event%s lost here: the log was not read in time)\n",
			(unsigned long long)lost, text_plural(lost));
	fprintf(out, "%s ", member(entry, "time"));
	event_print_words(out, entry, colour);
	fputc('\n', out);
}
