// SPDX-License-Identifier: GPL-2.0-or-later
/* sccon serve: one console for several clients. */
#include <string.h>
#include "../server/server.h"
#include "cli.h"
#include "serve_record.h"

struct settings {
	struct server_settings server;
	struct record_settings record;
	struct option_list tcp;
	unsigned int mode;
};

static const struct option_word flows[] = {
	{ "none", LINE_FLOW_NONE },
	{ "rtscts", LINE_FLOW_RTSCTS },
	{ "xonxoff", LINE_FLOW_XONXOFF },
	{ NULL, 0 },
};

static const struct option_word parities[] = {
	{ "none", LINE_PARITY_NONE },
	{ "even", LINE_PARITY_EVEN },
	{ "odd", LINE_PARITY_ODD },
	{ "mark", LINE_PARITY_MARK },
	{ "space", LINE_PARITY_SPACE },
	{ NULL, 0 },
};

/* Octal, as chmod(1) has it. */
static int take_mode(void *field, char *value)
{
	unsigned int mode = 0;

	for (const char *digit = value; *digit; digit++) {
		if (*digit < '0' || *digit > '7' || mode > 0777 >> 3)
			return usage_error("--mode: %s: not three octal digits", value);
		mode = mode << 3 | (unsigned int)(*digit - '0');
	}
	if (!*value)
		return usage_error("--mode: three octal digits are missing");
	*(unsigned int *)field = mode;
	return EXIT_OK;
}

static const struct command_option options[] = {
	{ OPTION_VALUE, 's', "socket", "PATH", "listen on this unix socket",
		OPTION_FIELD(struct settings, server.socket), .offer = OFFER_FILES },
	{ OPTION_CALL, 0, "mode", "MODE", "who may connect to it, as chmod(1) has it (default: 600)",
		OPTION_FIELD(struct settings, mode), .take = take_mode },
	{ OPTION_VALUE, 0, "group", "GROUP", "whose the socket is", OPTION_FIELD(struct settings, server.group) },
	{ OPTION_LIST, 't', "tcp", "[ADDRESS:]PORT", "listen on TCP, too; without an address on 127.0.0.1",
		OPTION_FIELD(struct settings, tcp) },
	{ OPTION_VALUE, 0, "cert", "FILE", "TLS for TCP, with this certificate; beyond the loopback it has to be",
		OPTION_FIELD(struct settings, server.tls.certificate), .offer = OFFER_FILES },
	{ OPTION_VALUE, 0, "key", "FILE", "its key (default: in the same file)",
		OPTION_FIELD(struct settings, server.tls.key), .offer = OFFER_FILES },
	{ OPTION_VALUE, 0, "client-ca", "FILE", "only clients with a certificate of this CA",
		OPTION_FIELD(struct settings, server.tls.ca), .offer = OFFER_FILES },
	{ OPTION_NUMBER, 0, "speed", "N", "bits a second of a serial device; 0: as it is (default: 115200)",
		OPTION_FIELD(struct settings, server.line.speed), .least = 0, .most = 4000000 },
	{ OPTION_NUMBER, 0, "databits", "N", "data bits of a serial device: 5 to 8 (the default)",
		OPTION_FIELD(struct settings, server.line.data_bits), .least = LINE_DATA_BITS_LEAST, .most = LINE_DATA_BITS_USUAL },
	{ OPTION_WORD, 0, "parity", "KIND", "its parity: none (the default), even, odd, mark or space",
		OPTION_FIELD(struct settings, server.line.parity), .words = parities },
	{ OPTION_NUMBER, 0, "stopbits", "N", "its stop bits: 1 (the default) or 2",
		OPTION_FIELD(struct settings, server.line.stop_bits), .least = 1, .most = 2 },
	{ OPTION_WORD, 0, "flow", "KIND", "its flow control: none (the default), rtscts or xonxoff",
		OPTION_FIELD(struct settings, server.line.flow), .words = flows },
	{ OPTION_VALUE, 0, "name", "NAME", "what the console is called (default: LINE)",
		OPTION_FIELD(struct settings, server.name) },
	{ OPTION_NUMBER, 0, "clients", "N", "how many clients there may be (default: 64)",
		OPTION_FIELD(struct settings, server.clients_most), .least = 1, .most = 1000 },
	{ OPTION_SIZE, 0, "buffer", "SIZE", "what may wait for a slow client before it misses some (default: 1M)",
		OPTION_FIELD(struct settings, server.buffer), .least = 256 << 10, .most = 1 << 30 },
	{ OPTION_GROUP, OPTION_FIELD(struct settings, record), .group = record_options },
	{ OPTION_FLAG, 'v', "verbose", NULL, "say who comes and goes, and what the line does",
		OPTION_FIELD(struct settings, server.is_verbose) },
	{ 0 },
};

static int serve(const struct server_settings *settings)
{
	char words[FAILURE_SIZE];
	struct server *server;
	int err = server_open(settings, &server, words);

	if (err) {
		complain("%s", words);
		return EXIT_ERROR;
	}
	err = server_run(server);
	server_close(server);
	if (err)
		complain("%s", strerror(-err));
	return err ? EXIT_ERROR : EXIT_OK;
}

/* With what is kept of the console. */
static int record_and_serve(struct settings *settings)
{
	struct serve_record *record;
	struct server_observer observer;
	int code = serve_record_open(&settings->record, &record);

	if (code == EXIT_OK) {
		observer = serve_record_observer(record);
		settings->server.observer = &observer;
		code = serve(&settings->server);
	}
	serve_record_close(record);
	return code;
}

/* What the table of options cannot say. */
static int check(const struct settings *settings)
{
	if ((settings->server.tls.key || settings->server.tls.ca) && !settings->server.tls.certificate)
		return usage_error("--key and --client-ca are of no use without --cert");
	if ((settings->record.rotate || settings->record.rotate_age > 0 || settings->record.has_input) && !settings->record.log)
		return usage_error("--rotate, --rotate-age and --log-input are of no use without --log");
	return EXIT_OK;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct settings settings = {
		.server = { .line = LINE_SETTINGS_USUAL, .clients_most = 64, .buffer = 1 << 20 },
		.record = RECORD_SETTINGS_USUAL,
		.mode = 0600,
	};
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		goto out;
	settings.server.mode = settings.mode;
	settings.server.line.target = argv[0];
	settings.server.tcp = (const char *const *)settings.tcp.values;
	settings.server.tcp_count = settings.tcp.count;
	if (!settings.server.name)
		settings.server.name = argv[0];
	code = check(&settings);
	if (code == EXIT_OK)
		code = record_and_serve(&settings);
out:
	option_list_free(&settings.tcp);
	return code;
}

const struct command serve_command = {
	.name = "serve",
	.summary = "serve a console to several clients",
	.usage = "[-s PATH] [--mode MODE] [--group GROUP] [-t [ADDRESS:]PORT] [--cert FILE] [--key FILE] [--client-ca FILE] "
		 "[-l FILE] [OPTION...] LINE",
	.about = "Holds the machine's end of a console open, shows it to all who attach, and lets one of them write.\n"
		 "LINE: " LINE_RULE ".\n",
	.options = options,
	.notes = "Sockets that systemd passes are listened on, too.\n"
		 "Signals: SIGTERM and SIGINT end it, SIGHUP opens files anew.\n"
		 "Exit codes: 0 ended as asked; 2 usage; 3 could not serve.\n",
	.run = run,
	.arguments = "LINE",
	.most = 1,
	.offer = OFFER_FILES,
};
