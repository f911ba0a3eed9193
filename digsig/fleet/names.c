// SPDX-License-Identifier: GPL-2.0-or-later
#include "names.h"
#include <stdio.h>
#include <string.h>
#include "../../lib/text/text.h"

const char *fleet_scope_name(enum fleet_scope scope)
{
	return scope == FLEET_GROUP ? "group" : "host";
}

void fleet_state_subject(enum fleet_scope scope, const char *name, char *subject)
{
	snprintf(subject, FLEET_SUBJECT_MAX, "digsig.state.%s.%s", fleet_scope_name(scope), name);
}

void fleet_blob_subject(const __u8 digest[DIGSIG_DIGEST_SIZE], unsigned int part, char *subject)
{
	char hex[2 * DIGSIG_DIGEST_SIZE + 1];

	print_hex(hex, digest, DIGSIG_DIGEST_SIZE);
	snprintf(subject, FLEET_SUBJECT_MAX, "digsig.blob.%s.%u", hex, part);
}

void fleet_host_subject(const char *group, const char *host, char *subject)
{
	snprintf(subject, FLEET_SUBJECT_MAX, "digsig.host.%s.%s", group, host);
}

void fleet_event_subject(const char *group, const char *host, char *subject)
{
	snprintf(subject, FLEET_SUBJECT_MAX, "digsig.event.%s.%s", group, host);
}

bool fleet_subject_names(const char *subject, const char *prefix, char *group, char *host)
{
	const char *names = subject + strlen(prefix), *dot;
	size_t size;

	if (strncmp(subject, prefix, strlen(prefix)) || !(dot = strchr(names, '.')))
		return false;
	size = (size_t)(dot - names);
	if (size > FLEET_GROUP_MAX || strlen(dot + 1) > FLEET_HOST_MAX)
		return false;
	memcpy(group, names, size);
	group[size] = '\0';
	strcpy(host, dot + 1);
	return fleet_is_group(group) && fleet_is_host(host);
}

void fleet_inbox_prefix(const char *host, char *prefix)
{
	int size = snprintf(prefix, FLEET_SUBJECT_MAX, "_INBOX_%s", host);

	for (int i = 0; i < size; i++)
		if (prefix[i] == '.')
			prefix[i] = '_';
}
