// SPDX-License-Identifier: GPL-2.0-or-later
/* digsig-fleetd: see digsig-fleetd(8). */
#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>
#include "../../lib/command/command.h"
#include "../../lib/command/complain.h"
#include "../../lib/command/output.h"
#include "../../lib/command/start.h"
#include "../../lib/time/clock.h"
#include "../fleet/handover.h"
#include "service.h"

const char command_name[] = "digsig-fleetd";

enum { TELL_EVERY = 10000 }; /* milliseconds: systemd */

struct fleetd {
	const char *config_file; /* NULL: the usual one */
	const char *folder, *report_file;
	struct digsig_config config;
	struct service service;
	int signals; /* signalfd */
	__u64 told_at;
};

/* Whether it can be worked with; if not, having complained. */
static bool is_complete(const struct digsig_config *config)
{
	if (!config->fleet_host)
		complain("the machine's host name is no name of a fleet's host: set host in [fleet]");
	else if (!config->fleet_server)
		complain("no server is set in [fleet]: see digsig.conf(5)");
	else if (!config->fleet_certificate != !config->fleet_key)
		complain("certificate and key in [fleet]: one is of no use without the other");
	else
		return true;
	return false;
}

static bool load_config(const struct fleetd *fleetd, struct digsig_config *config)
{
	struct config_problem problem;

	if (config_load(fleetd->config_file, config, &problem)) {
		complain("%s", problem.text);
		return false;
	}
	return true;
}

static int start_service(struct fleetd *fleetd)
{
	return service_start(&fleetd->service, &fleetd->config, fleetd->folder, fleetd->report_file);
}

/* All is made anew: a connection with new certificates too. Whether to go on. */
static bool reload(struct fleetd *fleetd)
{
	struct digsig_config config;
	bool goes_on = true;

	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%llu", (unsigned long long)clock_now() / CLOCK_MILLISECOND * 1000);
	if (load_config(fleetd, &config)) {
		if (config.fleet_group && is_complete(&config)) {
			service_stop(&fleetd->service);
			config_free(&fleetd->config);
			fleetd->config = config;
			goes_on = !start_service(fleetd);
		} else {
			complain("the configuration stays as it was: to leave the fleet, stop digsig-fleetd");
			config_free(&config);
		}
	}
	sd_notify(0, "READY=1");
	return goes_on;
}

static void tell_systemd(struct fleetd *fleetd)
{
	struct status_events counts;

	fleetd->told_at = clock_now() / CLOCK_MILLISECOND;
	fleet_events_counts(fleetd->service.events, &counts);
	sd_notifyf(0, "WATCHDOG=1\nSTATUS=%llu events of this boot: %llu acknowledged, %llu waiting, %llu refused, %llu lost",
		(unsigned long long)counts.put, (unsigned long long)counts.acknowledged, (unsigned long long)counts.waiting,
		(unsigned long long)counts.refused, (unsigned long long)counts.lost);
}

/* Until a signal ends it. 0; or an exit code. */
static int serve(struct fleetd *fleetd)
{
	struct pollfd wait = { .fd = fleetd->signals, .events = POLLIN };
	struct signalfd_siginfo got;

	for (;;) {
		unsigned int milliseconds = service_step(&fleetd->service);

		if (clock_now() / CLOCK_MILLISECOND >= fleetd->told_at + TELL_EVERY)
			tell_systemd(fleetd);
		if (poll(&wait, 1, (int)milliseconds) <= 0 || read(fleetd->signals, &got, sizeof(got)) != (ssize_t)sizeof(got))
			continue;
		if (got.ssi_signo != SIGHUP)
			return EXIT_SUCCESS;
		if (!reload(fleetd))
			return EXIT_FAILURE;
	}
}

static int catch_signals(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int run(struct fleetd *fleetd)
{
	int code;

	fleetd->signals = catch_signals();
	if (fleetd->signals < 0) {
		complain("signalfd: %s", strerror(errno));
		return EXIT_FAILURE;
	}
	if (start_service(fleetd))
		return EXIT_FAILURE;
	sd_notify(0, "READY=1");
	code = serve(fleetd);
	if (code)
		return code;
	sd_notify(0, "STOPPING=1");
	service_leave(&fleetd->service);
	/* The thread of the connection may wait for a server: what it does is complete on disk, or not there. */
	_exit(EXIT_SUCCESS);
}

static const struct command_option options[] = {
	{ OPTION_VALUE, 0, "config", "FILE", "read FILE instead of /etc/digsig/digsig.conf",
		OPTION_FIELD(struct fleetd, config_file), .offer = OFFER_FILES },
	{ OPTION_VALUE, 0, "folder", "DIR", "hand over in DIR instead of " FLEET_SPOOL,
		OPTION_FIELD(struct fleetd, folder), .offer = OFFER_FOLDERS },
	{ OPTION_VALUE, 0, "report", "FILE", "send on FILE as what digsigd says, instead of " FLEET_REPORT,
		OPTION_FIELD(struct fleetd, report_file), .offer = OFFER_FILES },
	{ 0 },
};

static const struct command fleetd_command = {
	.name = command_name,
	.usage = "[--config FILE] [--folder DIR] [--report FILE]",
	.about = "Fetches what the state of this machine's group names, for digsigd, which checks it and decides; and publishes\n"
		 "what digsigd logs, as [fleet] in digsig.conf says. Needs no rights. Stays in the foreground. SIGHUP: begins\n"
		 "anew with the configuration as it is then.\n",
	.options = options,
};

int main(int argc, char **argv)
{
	struct fleetd fleetd = { .folder = FLEET_SPOOL, .report_file = FLEET_REPORT };
	int status;

	command_start();
	if (!options_take(&fleetd_command, &argc, &argv, &fleetd, &status))
		return output_finish(status, EXIT_FAILURE);
	/* Many threads that do little: an arena for each would be most of the memory. */
	mallopt(M_ARENA_MAX, 1);
	umask(027);
	if (!load_config(&fleetd, &fleetd.config))
		return EXIT_FAILURE;
	if (!fleetd.config.fleet_group) {
		complain("no group is set in [fleet] of digsig.conf: this machine is in no fleet");
		status = EXIT_SUCCESS;
	} else {
		status = is_complete(&fleetd.config) ? run(&fleetd) : EXIT_FAILURE;
	}
	config_free(&fleetd.config);
	return status;
}
