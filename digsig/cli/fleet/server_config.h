/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Configurations of nats-server for a fleet: who may do what. */
#ifndef DIGSIG_CLI_FLEET_SERVER_CONFIG_H
#define DIGSIG_CLI_FLEET_SERVER_CONFIG_H

#include <stdio.h>
#include "../../../lib/command/options.h"
#include "../../fleet/names.h"

struct server_host {
	char name[FLEET_HOST_MAX + 1], group[FLEET_GROUP_MAX + 1];
};

struct server_hosts {
	struct server_host *hosts; /* owned */
	size_t count;
};

/*
 * Reads lines "HOST GROUP", with remarks behind a #, from a file ("-": the standard input). No host may be there twice, and
 * no two whose names differ in dots and underscores alone: they would hear each other's answers. Complains itself; returns an
 * exit code.
 */
int server_hosts_read(const char *path, struct server_hosts *hosts);
void server_hosts_free(struct server_hosts *hosts);

struct server_settings {
	const char *tls, *store; /* folders on the servers */
	unsigned int port, cluster_port;
	struct option_list admins; /* names in administrators' certificates */
	const char *cluster; /* names of the servers, with commas between them; NULL: one server */
};

/* The accounts, which each server includes. */
void server_print_accounts(FILE *out, const struct server_settings *settings, const struct server_hosts *hosts);

/* What one server has besides; name NULL: it is the only one. */
void server_print_server(FILE *out, const struct server_settings *settings, const char *name);

#endif
