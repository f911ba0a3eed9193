// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "../../../lib/text/text.h"
#include "../cli.h"
#include "server_config.h"

void server_hosts_free(struct server_hosts *hosts)
{
	free(hosts->hosts);
	*hosts = (struct server_hosts){ 0 };
}

static int add_host(struct server_hosts *hosts, const char *name, const char *group)
{
	struct server_host *grown;

	/* Room is for a power of two. */
	if (!(hosts->count & (hosts->count - 1))) {
		grown = reallocarray(hosts->hosts, hosts->count ? 2 * hosts->count : 1, sizeof(*grown));
		if (!grown) {
			complain("out of memory");
			return EXIT_ERROR;
		}
		hosts->hosts = grown;
	}
	strcpy(hosts->hosts[hosts->count].name, name);
	strcpy(hosts->hosts[hosts->count++].group, group);
	return EXIT_OK;
}

static int take_line(const char *path, unsigned int number, char *line, struct server_hosts *hosts)
{
	char *rest = text_strip_remark(line), *name;

	if (!*rest)
		return EXIT_OK;
	name = strsep(&rest, " \t");
	if (rest)
		rest += strspn(rest, " \t");
	if (!rest || !fleet_is_host(name) || !fleet_is_group(rest)) {
		complain("%s:%u: expected \"HOST GROUP\", in small letters", path, number);
		return EXIT_ERROR;
	}
	return add_host(hosts, name, rest);
}

static int compare_prefixes(const void *one, const void *other)
{
	char prefixes[2][FLEET_SUBJECT_MAX];

	fleet_inbox_prefix(((const struct server_host *)one)->name, prefixes[0]);
	fleet_inbox_prefix(((const struct server_host *)other)->name, prefixes[1]);
	return strcmp(prefixes[0], prefixes[1]);
}

/* In the order of their names, of which each host has its own. */
static int sort(const char *path, struct server_hosts *hosts)
{
	if (!hosts->count) {
		complain("%s: no host in it", path);
		return EXIT_ERROR;
	}
	qsort(hosts->hosts, hosts->count, sizeof(*hosts->hosts), compare_prefixes);
	for (size_t i = 1; i < hosts->count; i++) {
		const char *before = hosts->hosts[i - 1].name, *name = hosts->hosts[i].name;

		if (compare_prefixes(&hosts->hosts[i - 1], &hosts->hosts[i]))
			continue;
		if (!strcmp(before, name))
			complain("%s: %s: is there twice", path, name);
		else
			complain("%s: %s and %s: differ in a dot and an underscore alone", path, before, name);
		return EXIT_ERROR;
	}
	return EXIT_OK;
}

int server_hosts_read(const char *path, struct server_hosts *hosts)
{
	bool is_input = !strcmp(path, "-");
	FILE *file = is_input ? stdin : fopen(path, "re");
	unsigned int number = 0;
	char *line = NULL;
	int code = EXIT_OK;
	size_t room = 0;

	*hosts = (struct server_hosts){ 0 };
	if (!file) {
		complain("%s: %s", path, strerror(errno));
		return EXIT_ERROR;
	}
	while (!code && getline(&line, &room, file) >= 0)
		code = take_line(path, ++number, line, hosts);
	if (!code && ferror(file)) {
		complain("%s: cannot be read", path);
		code = EXIT_ERROR;
	}
	free(line);
	if (!is_input)
		fclose(file);
	if (!code)
		code = sort(path, hosts);
	if (code)
		server_hosts_free(hosts);
	return code;
}
