// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "../../../lib/file/write_whole.h"
#include "../../../lib/text/text.h"
#include "../cli.h"
#include "fleet_commands.h"
#include "server_config.h"

struct config_settings {
	struct server_settings server;
	const char *hosts, *output;
};

#define FIELD(member) OPTION_FIELD(struct config_settings, member)

static const struct command_option options[] = {
	{ OPTION_VALUE, 0, "hosts", "FILE", "the hosts: lines \"HOST GROUP\" (-: standard input)", FIELD(hosts),
		.offer = OFFER_FILES },
	{ OPTION_LIST, 0, "admin", "NAME", "the name in an administrator's certificate; may be repeated",
		FIELD(server.admins) },
	{ OPTION_VALUE, 0, "output", "DIR", "where the configurations are written (default: here)", FIELD(output),
		.offer = OFFER_FOLDERS },
	{ OPTION_VALUE, 0, "cluster", "A,B,C", "one for each of these servers, which are a cluster", FIELD(server.cluster) },
	{ OPTION_VALUE, 0, "tls", "DIR", "where servers have ca.crt, server.crt and server.key (default: /etc/nats/digsig)",
		FIELD(server.tls) },
	{ OPTION_VALUE, 0, "store", "DIR", "where servers keep messages (default: /var/lib/nats/digsig)", FIELD(server.store) },
	{ OPTION_NUMBER, 0, "port", "N", "for clients (default: 4222)", FIELD(server.port), .least = 1, .most = 65535 },
	{ OPTION_NUMBER, 0, "cluster-port", "N", "for the other servers (default: 6222)", FIELD(server.cluster_port), .least = 1,
		.most = 65535 },
	{ 0 },
};

/* What can stand in a configuration between quotes. */
static bool is_plain(const char *text, const char *besides)
{
	for (; *text; text++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_", *text) && !strchr(besides, *text))
			return false;
	return true;
}

static int check(const struct config_settings *settings)
{
	const struct server_settings *server = &settings->server;

	if (!settings->hosts)
		return usage_error("--hosts is missing");
	if (!server->admins.count)
		return usage_error("--admin is missing: nobody could publish");
	for (size_t i = 0; i < server->admins.count; i++)
		if (!*server->admins.values[i] || !is_plain(server->admins.values[i], "@+"))
			return usage_error("--admin %s: not the DNS name or address in a certificate", server->admins.values[i]);
	if (!is_plain(server->tls, "/+ ") || !is_plain(server->store, "/+ "))
		return usage_error("--tls and --store: a character that a configuration cannot have");
	if (server->cluster && (!*server->cluster || !is_plain(server->cluster, ",") || strstr(server->cluster, ",,")))
		return usage_error("--cluster: expected names of servers with commas between them");
	return EXIT_OK;
}

/* Prints into a file of the folder. name: of the server; NULL: it is the accounts. */
static int write_one(const struct config_settings *settings, const struct server_hosts *hosts, const char *file, const char *name,
	bool is_alone)
{
	char path[PATH_MAX], *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int err = out ? 0 : -ENOMEM;

	if (snprintf(path, sizeof(path), "%s/%s.conf", settings->output, file) >= (int)sizeof(path))
		err = -ENAMETOOLONG;
	if (out && hosts)
		server_print_accounts(out, &settings->server, hosts);
	else if (out)
		server_print_server(out, &settings->server, is_alone ? NULL : name);
	if (out && fclose(out))
		err = -ENOMEM;
	if (!err)
		err = file_write_whole(path, text, size);
	free(text);
	if (err) {
		complain("%s: cannot be written: %s", path, strerror(-err));
		return EXIT_ERROR;
	}
	print_safely(stdout, path);
	putchar('\n');
	return EXIT_OK;
}

static int write_servers(const struct config_settings *settings)
{
	char *copy, *rest, *name;
	int code = EXIT_OK;

	if (!settings->server.cluster)
		return write_one(settings, NULL, "nats-server", NULL, true);
	copy = strdup(settings->server.cluster);
	for (rest = copy; !code && rest && (name = strsep(&rest, ","));)
		code = write_one(settings, NULL, name, name, false);
	free(copy);
	return code;
}

/* A user has one name. */
static int check_admins(const struct config_settings *settings, const struct server_hosts *hosts)
{
	for (size_t i = 0; i < settings->server.admins.count; i++)
		for (size_t j = 0; j < hosts->count; j++)
			if (!strcmp(settings->server.admins.values[i], hosts->hosts[j].name))
				return usage_error("--admin %s: a host is called so", hosts->hosts[j].name);
	return EXIT_OK;
}

static int write_all(const struct config_settings *settings)
{
	struct server_hosts hosts;
	int code = server_hosts_read(settings->hosts, &hosts);

	if (code)
		return code;
	code = check_admins(settings, &hosts);
	if (!code && mkdir(settings->output, 0777) && errno != EEXIST) {
		complain("%s: cannot be made: %s", settings->output, strerror(errno));
		code = EXIT_ERROR;
	}
	if (!code)
		code = write_one(settings, &hosts, "accounts", NULL, true);
	if (!code)
		code = write_servers(settings);
	server_hosts_free(&hosts);
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct config_settings settings = {
		.output = ".",
		.server = { .tls = "/etc/nats/digsig", .store = "/var/lib/nats/digsig", .port = 4222, .cluster_port = 6222 },
	};
	int code;

	if (options_take(command, &argc, &argv, &settings, &code)) {
		code = check(&settings);
		if (!code)
			code = write_all(&settings);
	}
	option_list_free(&settings.server.admins);
	return code;
}

const struct command fleet_server_config_command = {
	.name = "server-config",
	.summary = "write configurations of nats-server, with each host's rights",
	.usage = "--hosts FILE --admin NAME [OPTION...]",
	.about = "Writes accounts.conf, which says what each host and administrator may do, and nats-server.conf,\n"
		 "or a NAME.conf for each server of a cluster. Who somebody is stands in a certificate: TLS with\n"
		 "certificates on both sides is what these servers take, and nothing else.\n",
	.options = options,
	.run = run,
};
