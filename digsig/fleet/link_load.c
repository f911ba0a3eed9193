// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The link of the command digsig: libnats, and what uses it, is in a module that is loaded when a link is opened. So the
 * program that starts the engine at boot, also in an initramfs, needs no library of the network.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include "link.h"

/* Each function under its own name. */
#define EACH_CALL(call) \
	call(fleet_link_open) call(fleet_link_close) call(fleet_link_is_connected) call(fleet_message_free) \
	call(fleet_link_last) call(fleet_link_publish) call(fleet_link_hear) call(fleet_link_read) \
	call(fleet_link_make_streams)

#define MEMBER(name) __typeof__(name) *name;
#define ROW(name) { #name, offsetof(struct calls, name) },

/* Of the module. They are there from the first fleet_link_open on that found it. */
static struct calls {
	EACH_CALL(MEMBER)
} calls;

static const struct {
	const char *name;
	size_t offset;
} rows[] = { EACH_CALL(ROW) };

/* The module is looked for where the program's RUNPATH says, in the build and once it is installed. It stays loaded. */
static int load(char *problem)
{
	void *module = dlopen(FLEET_LINK_MODULE, RTLD_NOW | RTLD_LOCAL);

	for (size_t i = 0; module && i < sizeof(rows) / sizeof(rows[0]); i++) {
		void *symbol = dlsym(module, rows[i].name);

		if (!symbol)
			module = NULL;
		*(void **)((char *)&calls + rows[i].offset) = symbol;
	}
	if (module)
		return 0;
	memset(&calls, 0, sizeof(calls));
	snprintf(problem, FLEET_LINK_PROBLEM, "what speaks to NATS servers cannot be loaded: %s", dlerror());
	return -ENOSYS;
}

int fleet_link_open(const struct fleet_link_settings *settings, struct fleet_link **link, char *problem)
{
	int err = calls.fleet_link_open ? 0 : load(problem);

	return err ? err : calls.fleet_link_open(settings, link, problem);
}

void fleet_link_close(struct fleet_link *link)
{
	/* Nothing was opened: there may be no module. */
	if (link)
		calls.fleet_link_close(link);
}

bool fleet_link_is_connected(const struct fleet_link *link)
{
	return link && calls.fleet_link_is_connected(link);
}

void fleet_message_free(struct fleet_message *message)
{
	if (calls.fleet_message_free)
		calls.fleet_message_free(message);
}

int fleet_link_last(struct fleet_link *link, const char *stream, const char *subject, size_t max,
	struct fleet_message *message, char *problem)
{
	return calls.fleet_link_last(link, stream, subject, max, message, problem);
}

int fleet_link_publish(struct fleet_link *link, const char *subject, const void *bytes, size_t size, __u64 last,
	char *problem)
{
	return calls.fleet_link_publish(link, subject, bytes, size, last, problem);
}

int fleet_link_hear(struct fleet_link *link, const char *subject, fleet_heard *heard, void *closure, char *problem)
{
	return calls.fleet_link_hear(link, subject, heard, closure, problem);
}

int fleet_link_read(struct fleet_link *link, const char *stream, const char *subject, __s64 since, bool follow,
	const volatile int *stop, fleet_visitor *visit, void *closure, char *problem)
{
	return calls.fleet_link_read(link, stream, subject, since, follow, stop, visit, closure, problem);
}

int fleet_link_make_streams(struct fleet_link *link, int replicas, char *problem)
{
	return calls.fleet_link_make_streams(link, replicas, problem);
}
