// SPDX-License-Identifier: GPL-2.0-or-later
/* netcon send: the kernel's messages over the network, those of before too. */
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>
#include "../../lib/text/duration.h"
#include "../../lib/text/text.h"
#include "../send/send.h"
#include "cli.h"

#define STATE_PATH "/var/lib/netcon/send"

struct settle_range {
	double min, max;
};

struct send_options {
	struct send_settings send;
	struct settle_range settle;
	bool verbose;
	const char *receiver; /* as the user wrote it */
	int told_err; /* of sending, as complained of */
};

/* "MIN,MAX" */
static int take_settle(void *field, char *value)
{
	struct settle_range *range = field, given;
	char *comma = strchr(value, ',');
	int err = -EINVAL;

	if (comma) {
		*comma = '\0';
		err = duration_parse(value, &given.min);
		if (!err)
			err = duration_parse(comma + 1, &given.max);
		*comma = ',';
	}
	if (err)
		return usage_error("--settle %s: MIN,MAX: each is " DURATION_RULE ", more than 0", value);
	if (given.min > given.max)
		return usage_error("--settle %s: MIN is more than MAX", value);
	*range = given;
	return 0;
}

static const struct command_option options[] = {
	{ OPTION_NUMBER, 0, "source-port", "PORT", "send from this port (6665, as kernels do)",
		OPTION_FIELD(struct send_options, send.source_port), .least = 1, .most = 65535 },
	{ OPTION_VALUE, 'i', "interface", "NAME", "send through this interface, not the one that the route names",
		OPTION_FIELD(struct send_options, send.interface) },
	{ OPTION_CALL, 0, "settle", "MIN,MAX",
		"before sending, wait until the link is stable for MIN and answers, at most MAX (1s,60s)",
		OPTION_FIELD(struct send_options, settle), .take = take_settle },
	{ OPTION_DURATION, 0, "resend", "DURATION",
		"after a loss of the link, send again what was sent so long before it (2s)",
		OPTION_FIELD(struct send_options, send.resend) },
	{ OPTION_NUMBER, 0, "rate", "N", "send at most N datagrams a second (1000)",
		OPTION_FIELD(struct send_options, send.rate), .least = 1, .most = 1000000 },
	{ OPTION_NUMBER, 0, "mtu", "BYTES", "fit datagrams into packets of so many bytes, not into the kernel's 1000",
		OPTION_FIELD(struct send_options, send.mtu), .least = SEND_MTU_MIN, .most = SEND_MTU_MAX },
	{ OPTION_VALUE, 0, "state", "FILE", "keep the place there (" STATE_PATH "); none: do not keep it",
		OPTION_FIELD(struct send_options, send.state_path), .offer = OFFER_FILES },
	{ OPTION_FLAG, 0, "once", NULL, "send what is there, and end", OPTION_FIELD(struct send_options, send.once) },
	{ OPTION_NUMBER, 0, "until", "SEQUENCE", "send the messages with lower sequence numbers, and end",
		OPTION_FIELD(struct send_options, send.until) },
	{ OPTION_FLAG, 0, "no-release", NULL, "do not put the kernel's release before each message",
		OPTION_FIELD(struct send_options, send.without_release) },
	{ OPTION_FLAG, 'v', "verbose", NULL, "say what is waited for and, at the end, what was sent",
		OPTION_FIELD(struct send_options, verbose) },
	{ 0 },
};

static const char *words_of_state(enum settle_state state)
{
	switch (state) {
	case SETTLE_NO_ROUTE:
		return "no route";
	case SETTLE_NO_CARRIER:
		return "no carrier";
	case SETTLE_UNSTABLE:
		return "the carrier is not stable";
	case SETTLE_UNANSWERED:
		return "the neighbour does not answer";
	case SETTLE_SETTLED:
	case SETTLE_GIVEN_UP:
		break;
	}
	return "";
}

/* Where there is no interface, the receiver is what the words are about. */
static const char *subject(const struct send_options *settings, const struct send_happening *happening)
{
	return *happening->interface ? happening->interface : settings->receiver;
}

static void tell_state_file(const struct send_options *settings, const struct send_happening *happening)
{
	const char *path = settings->send.state_path;

	if (happening->what == SEND_STATE_NOT_WRITTEN)
		complain("%s: %s: after a restart messages may be sent again", path, strerror(-happening->err));
	else if (happening->err == -EBADMSG)
		complain("%s: not a state file, or a damaged one: ignored: sending from the oldest message", path);
	else if (happening->err == -ERANGE)
		complain("%s: the kernel has no message of that number yet: ignored: sending from the oldest", path);
	else
		complain("%s: %s: ignored: sending from the oldest message", path, strerror(-happening->err));
}

/* An error that comes each time anew is said once. */
static void tell_trouble(struct send_options *settings, const struct send_happening *happening)
{
	if (happening->err && happening->err != settings->told_err)
		complain("%s: %s: trying again", settings->receiver, strerror(-happening->err));
	if (settings->verbose && happening->what == SEND_INTERRUPTED)
		complain("%s: the link was lost", subject(settings, happening));
	settings->told_err = happening->err;
}

/* For systemctl status, and with --verbose for everybody. */
static void tell_progress(const struct send_options *settings, const struct send_happening *happening)
{
	char *text = NULL, *safe = NULL;

	if (happening->what == SEND_WAITING) {
		if (asprintf(&text, "waiting: %s: %s", subject(settings, happening), words_of_state(happening->state)) < 0)
			return;
	} else if (asprintf(&text, "sending to %s through %s", settings->receiver, happening->interface) < 0) {
		return;
	}
	if (settings->verbose)
		complain("%s", text);
	safe = safe_text(text);
	if (safe)
		sd_notifyf(0, "STATUS=%s", safe);
	free(safe);
	free(text);
}

static void tell(const struct send_happening *happening, void *context)
{
	struct send_options *settings = context;
	const char *name = subject(settings, happening);

	switch (happening->what) {
	case SEND_READY:
		sd_notify(0, "READY=1");
		break;
	case SEND_WITHOUT_LINK:
		complain("%s: %s for %g s%s", name, words_of_state(happening->state), settings->settle.max,
			settings->send.once ? "" : ": waiting for it");
		break;
	case SEND_UNSETTLED:
		complain("%s: has not settled in %g s: %s: sending nevertheless", name, settings->settle.max,
			words_of_state(happening->state));
		tell_progress(settings, happening);
		break;
	case SEND_WAITING:
	case SEND_SETTLED:
		tell_progress(settings, happening);
		break;
	case SEND_INTERRUPTED:
	case SEND_FAILING:
		tell_trouble(settings, happening);
		break;
	case SEND_OVERWRITTEN:
		complain("/dev/kmsg: the kernel overwrote %llu message%s before sending: lost",
			(unsigned long long)happening->count, text_plural(happening->count));
		break;
	case SEND_REFUSED:
		complain("%s: nobody receives there: sending nevertheless", settings->receiver);
		break;
	case SEND_STATE_IGNORED:
	case SEND_STATE_NOT_WRITTEN:
		tell_state_file(settings, happening);
		break;
	}
}

static void complain_of_link(const struct send_options *settings, int err)
{
	if (err == -ENETDOWN)
		complain("%s: there is no link: not all was sent", settings->receiver);
	else if (err == -EHOSTUNREACH)
		complain("%s: the neighbour on the way does not answer: nothing has arrived", settings->receiver);
	else
		complain("%s: the kernel does not say how to reach it: %s", settings->receiver, strerror(-err));
}

static void complain_of_socket(const struct send_options *settings, int err)
{
	unsigned int port = settings->send.source_port;

	if (err == -EADDRINUSE)
		complain("port %u: another program uses it: choose another with --source-port", port);
	else if (err == -EACCES && port < 1024)
		complain("port %u: not permitted: choose one above 1023 with --source-port", port);
	else if (err == -ENODEV)
		complain("%s: no such interface", settings->send.interface);
	else
		complain("%s: %s", settings->receiver, strerror(-err));
}

static int complain_of_failure(const struct send_options *settings, enum send_part part, int err)
{
	switch (part) {
	case SEND_BOOT_ID:
		complain("/proc/sys/kernel/random/boot_id: %s: is /proc mounted?", strerror(-err));
		break;
	case SEND_KMSG:
		complain("/dev/kmsg: %s%s", strerror(-err), err == -EPERM || err == -EACCES ? ": it takes CAP_SYSLOG" : "");
		break;
	case SEND_STATE:
		complain("%s: %s: choose another with --state, or --state none", settings->send.state_path, strerror(-err));
		break;
	case SEND_LINK:
		complain_of_link(settings, err);
		break;
	case SEND_SOCKET:
		complain_of_socket(settings, err);
		break;
	case SEND_NO_PART:
		complain("%s", strerror(-err));
		break;
	}
	return EXIT_ERROR;
}

static void say_totals(const struct send_result *result)
{
	complain("%llu message%s sent in %llu datagram%s, %llu of them again after %llu interruption%s; lost: %llu",
		(unsigned long long)result->messages, text_plural(result->messages),
		(unsigned long long)result->datagrams, text_plural(result->datagrams),
		(unsigned long long)result->repeated, (unsigned long long)result->interruptions,
		text_plural(result->interruptions), (unsigned long long)(result->overwritten + result->skipped));
}

/* Before any thread: it inherits the mask. */
static int catch_signals(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int find_receiver(struct send_options *settings)
{
	const char *why;
	int err = send_receiver_find(settings->receiver, NETCON_PORT, &settings->send.receiver, &why);

	if (err == -EINVAL)
		return usage_error("%s: it is ADDRESS[:PORT], [V6ADDRESS]:PORT for IPv6", settings->receiver);
	if (!err)
		return EXIT_OK;
	complain("%s: %s", settings->receiver, why);
	return EXIT_ERROR;
}

/* What the table of options cannot say. */
static int check(struct send_options *settings)
{
	if (settings->send.interface && (!*settings->send.interface || strlen(settings->send.interface) >= IF_NAMESIZE))
		return usage_error("--interface %s: not the name of an interface", settings->send.interface);
	if (!strcmp(settings->send.state_path, "none"))
		settings->send.state_path = NULL;
	settings->send.settle_min = settings->settle.min;
	settings->send.settle_max = settings->settle.max;
	return find_receiver(settings);
}

static int run(const struct command *command, int argc, char **argv)
{
	struct send_options settings = { .send = SEND_SETTINGS_USUAL, .settle = { 1, 60 } };
	struct send_result result;
	int code, err;

	settings.send.state_path = STATE_PATH;
	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	settings.receiver = argv[0];
	code = check(&settings);
	if (code)
		return code;
	settings.send.stop_fd = catch_signals();
	settings.send.happened = tell;
	settings.send.context = &settings;
	err = send_records(&settings.send, &result);
	sd_notify(0, "STOPPING=1");
	if (err)
		code = complain_of_failure(&settings, result.failed, err);
	if (settings.verbose)
		say_totals(&result);
	close(settings.send.stop_fd);
	return code;
}

const struct command send_command = {
	.name = "send",
	.summary = "send this kernel's messages, those of before too",
	.usage = "[OPTION...] ADDRESS[:PORT]",
	.about = "Sends the messages of the running kernel to ADDRESS, port 6666 if none is given, in the\n"
		 "extended format of netconsole: first those that /dev/kmsg still has, then each new one,\n"
		 "until it is told to end by a signal. It waits until the link has settled, and keeps its\n"
		 "place, so that a restart or a loss of the link leaves no hole.\n",
	.options = options,
	.notes = "ADDRESS is a name, an address, or [ADDRESS] of IPv6. Reading /dev/kmsg takes CAP_SYSLOG.\n"
		 "Exit codes: 0 sent, or told to end; 2 usage; 3 it could not be done.\n",
	.run = run,
	.arguments = "ADDRESS",
	.most = 1,
};
