// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What stands in these configurations is the whole of what a stolen host can do on the servers: it speaks below its own name,
 * hears its own answers and states, and gets single messages of two streams by direct gets. It makes no consumer, since those
 * cannot be bounded to a subject.
 *
 * Hosts have an account of their own, without streams. In one account with the streams a host could ask for a message, or report,
 * and name as the subject for the answer one that a stream takes: the server checks no right for that subject, and the answer
 * would be the last state of some group.
 */
#include <stdlib.h>
#include <string.h>
#include "server_config.h"

static void print_host(FILE *out, const struct server_host *host)
{
	char event[FLEET_SUBJECT_MAX], status[FLEET_SUBJECT_MAX], inbox[FLEET_SUBJECT_MAX];
	char of_group[FLEET_SUBJECT_MAX], of_host[FLEET_SUBJECT_MAX];

	fleet_event_subject(host->group, host->name, event);
	fleet_host_subject(host->group, host->name, status);
	fleet_inbox_prefix(host->name, inbox);
	fleet_state_subject(FLEET_GROUP, host->group, of_group);
	fleet_state_subject(FLEET_HOST, host->name, of_host);
	fprintf(out,
		"\t\t\t{ user: \"%s\", permissions: {\n"
		"\t\t\t\tpublish: { allow: [ \"%s\", \"%s\",\n"
		"\t\t\t\t\t\"$JS.API.DIRECT.GET." FLEET_STREAM_STATE ".%s\", \"$JS.API.DIRECT.GET." FLEET_STREAM_STATE ".%s\",\n"
		"\t\t\t\t\t\"$JS.API.DIRECT.GET." FLEET_STREAM_BLOBS ".digsig.blob.*.*\" ] }\n"
		"\t\t\t\tsubscribe: { allow: [ \"%s.>\", \"%s\", \"%s\" ] } } }\n",
		host->name, event, status, of_group, of_host, inbox, of_group, of_host);
}

/* What of the account FLEET hosts reach: as services, which are asked and answer; states also as they come. */
static const char *const services[] = {
	"$JS.API.DIRECT.GET." FLEET_STREAM_STATE ".>",
	"$JS.API.DIRECT.GET." FLEET_STREAM_BLOBS ".>",
	"digsig.event.>",
	"digsig.host.>",
};

#define STATES "digsig.state.>"

static void print_exports(FILE *out)
{
	fputs("\t\texports: [\n", out);
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		fprintf(out, "\t\t\t{ service: \"%s\", accounts: [ HOSTS ] }\n", services[i]);
	fputs("\t\t\t{ stream: \"" STATES "\", accounts: [ HOSTS ] }\n\t\t]\n", out);
}

static void print_imports(FILE *out)
{
	fputs("\t\timports: [\n", out);
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		fprintf(out, "\t\t\t{ service: { account: FLEET, subject: \"%s\" } }\n", services[i]);
	fputs("\t\t\t{ stream: { account: FLEET, subject: \"" STATES "\" } }\n\t\t]\n", out);
}

void server_print_accounts(FILE *out, const struct server_settings *settings, const struct server_hosts *hosts)
{
	fputs("# Written by digsig fleet server-config, which writes it anew; then: nats-server --signal reload\n"
	      "# The users are the names in the certificates: a DNS name, or an address of mail, of the subject's\n"
	      "# alternative names.\n"
	      "accounts: {\n\tFLEET: {\n\t\tjetstream: enabled\n",
		out);
	print_exports(out);
	fputs("\t\tusers: [\n", out);
	for (size_t i = 0; i < settings->admins.count; i++)
		fprintf(out, "\t\t\t{ user: \"%s\" }\n", settings->admins.values[i]);
	fputs("\t\t]\n\t}\n\tHOSTS: {\n", out);
	print_imports(out);
	fputs("\t\tusers: [\n", out);
	for (size_t i = 0; i < hosts->count; i++)
		print_host(out, &hosts->hosts[i]);
	fputs("\t\t]\n\t}\n}\n", out);
}

static void print_tls(FILE *out, const struct server_settings *settings, const char *indent, const char *check)
{
	fprintf(out,
		"%stls: {\n%s\tcert_file: \"%s/server.crt\"\n%s\tkey_file: \"%s/server.key\"\n%s\tca_file: \"%s/ca.crt\"\n"
		"%s\t%s: true\n%s\ttimeout: 5\n%s}\n",
		indent, indent, settings->tls, indent, settings->tls, indent, settings->tls, indent, check, indent, indent);
}

static void print_cluster(FILE *out, const struct server_settings *settings, const char *name)
{
	char *copy = strdup(settings->cluster), *rest = copy, *server;

	fprintf(out, "server_name: \"%s\"\ncluster: {\n\tname: digsig\n\tlisten: \"0.0.0.0:%u\"\n", name, settings->cluster_port);
	print_tls(out, settings, "\t", "verify");
	fputs("\troutes: [", out);
	while (copy && (server = strsep(&rest, ",")))
		if (strcmp(server, name))
			fprintf(out, " \"tls://%s:%u\"", server, settings->cluster_port);
	fputs(" ]\n}\n", out);
	free(copy);
}

void server_print_server(FILE *out, const struct server_settings *settings, const char *name)
{
	fprintf(out,
		"# Written by digsig fleet server-config.\n"
		"listen: \"0.0.0.0:%u\"\n"
		"jetstream: { store_dir: \"%s\" }\n",
		settings->port, settings->store);
	print_tls(out, settings, "", "verify_and_map");
	if (name)
		print_cluster(out, settings, name);
	fputs("include \"accounts.conf\"\n", out);
}
