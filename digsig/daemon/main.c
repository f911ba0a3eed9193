// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * digsigd: courier and log keeper. The engine needs neither: signed code runs without it. The main
 * thread keeps the log and speaks with systemd, a second one admits files (follow.h).
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <syslog.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#include <unistd.h>
#include "../../lib/command/command.h"
#include "../../lib/command/complain.h"
#include "../../lib/command/output.h"
#include "../../lib/command/start.h"
#include "../../lib/time/clock.h"
#include "../enforce/bring_up.h"
#include "../enforce/events.h"
#include "../enforce/posture.h"
#include "../enforce/preflight.h"
#include "fleet.h"
#include "follow.h"
#include "journal.h"
#include "keeper.h"
#include "rollback.h"

const char command_name[] = "digsigd";

#define RUN_DIRECTORY "/run/digsigd"

struct digsigd {
	const char *config_file; /* NULL: the usual one */
	struct digsig_config config;
	struct keeper keeper;
	struct rollback rollback;
	struct follower *follower;
	struct fleet_keeper *fleet; /* NULL: the machine is in none */
	struct engine engine;
	struct event_reader *reader; /* NULL: the engine does not run, or somebody else reads */
	const char *trouble; /* why there is no reader, in words */
	int signals; /* signalfd */
	__u64 last_tick; /* milliseconds */
	bool ftrace_is_off; /* that it is was told */
};

/* One digsigd at a time; the descriptor is the lock, as long as the process lives. */
static int take_instance_lock(void)
{
	int fd;

	/* Others read there what became of what a fleet says. */
	if ((mkdir(RUN_DIRECTORY, 0755) && errno != EEXIST) || chmod(RUN_DIRECTORY, 0755)) {
		tell(LOG_ERR, RUN_DIRECTORY ": %s", strerror(errno));
		return -1;
	}
	fd = open(RUN_DIRECTORY "/lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB)) {
		tell(LOG_ERR, RUN_DIRECTORY "/lock: %s",
			errno == EWOULDBLOCK ? "another digsigd is running" : strerror(errno));
		return -1;
	}
	return 0;
}

/* Whether the engine runs then, or may be started by hand later. */
static bool start_engine(const struct digsig_config *config)
{
	/* The fleet changes settings alone: what it points to stays the configuration's. */
	struct digsig_config with_fleet = *config;
	struct bring_up_trust trust = { 0 };
	struct bring_up_problem problem;
	struct running_code code;
	struct engine running;
	int err;

	if (!engine_open(&running)) {
		engine_close(&running);
		if (engine_catch_up(&problem))
			tell(LOG_ERR, "revocations: %s", problem.text);
		return true;
	}
	if (boot_is_switched_off()) {
		tell(LOG_NOTICE, "digsig=off is on the kernel's command line: the engine is not "
				 "started");
		return true;
	}
	fleet_from_config(&with_fleet, &trust);
	err = trust_from_config(&with_fleet, &trust, &problem);
	if (*trust.fleet.problem)
		tell(LOG_ERR, "fleet: %s", trust.fleet.problem);
	if (!err)
		err = engine_bring_up(&with_fleet, &trust, false, &code, &problem);
	bring_up_trust_free(&trust);
	if (!err && *problem.text)
		tell(LOG_ERR, "fleet: %s", problem.text);
	if (!err)
		tell(LOG_NOTICE,
			"the engine is started, mode %s; of %zu files that run already %zu are not ok",
			engine_mode_name(with_fleet.mode), code.files, code.not_ok);
	/* -EEXIST: somebody else started it since it was looked for. */
	if (!err || err == -EEXIST)
		return true;
	for (unsigned int bit = 1; bit && bit <= problem.lacks; bit <<= 1)
		if (problem.lacks & bit)
			tell(LOG_ERR, "start: %s", preflight_remedy(bit));
	if (!problem.lacks)
		tell(LOG_ERR, "start: %s", problem.text);
	return false;
}

static void take_event(const struct digsig_event *event, __u64 lost, void *context)
{
	struct digsigd *daemon = context;

	keeper_take(event, lost, &daemon->keeper);
	if (daemon->fleet && event->verdict != DIGSIG_VERDICT_OK && event->mode != DIGSIG_MODE_ENFORCING &&
		!(event->flags & DIGSIG_EVENT_DENIED))
		fleet_keeper_count(daemon->fleet);
	if (daemon->config.rollback)
		rollback_take(&daemon->rollback, &daemon->engine, event);
}

static void open_reader(struct digsigd *daemon)
{
	int err = engine_open(&daemon->engine);

	daemon->trouble = "the engine is not running";
	if (err)
		return;
	err = event_reader_new(&daemon->engine, take_event, daemon, &daemon->reader);
	if (err) {
		daemon->trouble = err == -EBUSY ? "digsig log reads the events at the moment" :
						  "the events cannot be read";
		engine_close(&daemon->engine);
		return;
	}
	event_reader_announce(daemon->reader, daemon->config.log_file);
}

static void close_reader(struct digsigd *daemon)
{
	if (!daemon->reader)
		return;
	event_reader_free(daemon->reader);
	daemon->reader = NULL;
	engine_close(&daemon->engine);
}

/* The buffer has been read to its end: what was lost after the last event shows in the settings. */
static void look_for_losses(struct digsigd *daemon)
{
	struct digsig_status status;
	__u64 count, total;

	if (engine_read_status(&daemon->engine, &status))
		return;
	total = status.settings.events_lost;
	count = event_reader_untold(daemon->reader, total);
	if (!count)
		return;
	keeper_note_lost(&daemon->keeper, count, total);
	event_reader_tell_lost(daemon->reader, total);
}

static void tell_status(struct digsigd *daemon)
{
	struct follower_report report = { 0 };

	if (daemon->follower)
		report = follower_ask(daemon->follower);
	sd_notifyf(0, "WATCHDOG=1\nSTATUS=%s%s%lu files admitted, %lu refused, %lu failed",
		daemon->reader ? "" : daemon->trouble, daemon->reader ? "" : "; ", report.admitted,
		report.refused, report.failed);
}

/* Nothing is judged while it is off, and nobody else would say so. */
static void look_at_ftrace(struct digsigd *daemon)
{
	bool is_off = posture_ftrace_is_off("/");

	if (is_off && !daemon->ftrace_is_off)
		tell(LOG_CRIT, "kernel.ftrace_enabled is 0: the kernel does not ask the engine, "
			       "everything runs: sysctl kernel.ftrace_enabled=1");
	else if (!is_off && daemon->ftrace_is_off)
		tell(LOG_NOTICE, "kernel.ftrace_enabled is 1: the engine judges again");
	daemon->ftrace_is_off = is_off;
}

static void tick(struct digsigd *daemon)
{
	daemon->last_tick = clock_now() / CLOCK_MILLISECOND;
	if (daemon->reader && engine_is_gone(&daemon->engine)) {
		tell(LOG_NOTICE, "the engine was stopped");
		close_reader(daemon);
	}
	if (!daemon->reader)
		open_reader(daemon);
	if (daemon->reader)
		look_at_ftrace(daemon);
	keeper_tick(&daemon->keeper);
	keeper_forget_last(&daemon->keeper);
	tell_status(daemon);
}

static bool is_same_list(const struct config_paths *one, const struct config_paths *other)
{
	for (size_t i = 0; i < one->count && i < other->count; i++)
		if (strcmp(one->path[i], other->path[i]))
			return false;
	return one->count == other->count;
}

static void restart_follower(struct digsigd *daemon)
{
	int err;

	follower_stop(daemon->follower);
	daemon->follower = NULL;
	err = follower_start(&daemon->config.roots, &daemon->follower);
	if (err)
		tell(LOG_ERR, "files cannot be followed: %s", strerror(-err));
}

static void start_fleet(struct digsigd *daemon)
{
	int err = daemon->config.fleet_group ? fleet_keeper_start(&daemon->config, &daemon->fleet) : 0;

	if (err)
		tell(LOG_ERR, "fleet: %s", strerror(-err));
}

static void stop_fleet(struct digsigd *daemon)
{
	fleet_keeper_stop(daemon->fleet);
	daemon->fleet = NULL;
}

/* What the engine itself was started with stays until it is started again. */
static void reload(struct digsigd *daemon)
{
	struct config_problem problem;
	struct digsig_config config;
	bool new_roots;

	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%llu",
		(unsigned long long)clock_now() / CLOCK_MILLISECOND * 1000);
	if (config_load(daemon->config_file, &config, &problem)) {
		tell(LOG_ERR, "%s: the configuration stays as it was", problem.text);
	} else {
		new_roots = !is_same_list(&config.roots, &daemon->config.roots);
		keeper_close(&daemon->keeper);
		stop_fleet(daemon);
		config_free(&daemon->config);
		daemon->config = config;
		start_fleet(daemon);
		keeper_configure(&daemon->keeper, daemon->keeper.state, &daemon->config);
		keeper_forget_last(&daemon->keeper);
		if (daemon->reader)
			event_reader_announce(daemon->reader, daemon->config.log_file);
		if (new_roots)
			restart_follower(daemon);
		tell(LOG_NOTICE, "the configuration was read again");
	}
	sd_notify(0, "READY=1");
}

/* Whether to go on. */
static bool take_signal(struct digsigd *daemon)
{
	struct signalfd_siginfo signal;

	if (read(daemon->signals, &signal, sizeof(signal)) != (ssize_t)sizeof(signal))
		return true;
	if (signal.ssi_signo == SIGHUP) {
		reload(daemon);
		return true;
	}
	return false;
}

/* Some of the events, and what is due; whether to go on. */
static bool serve(struct digsigd *daemon)
{
	struct pollfd wait[] = {
		{ .fd = daemon->signals, .events = POLLIN },
		{ .fd = daemon->reader ? event_reader_fd(daemon->reader) : -1, .events = POLLIN },
	};
	__u64 passed = clock_now() / CLOCK_MILLISECOND - daemon->last_tick;
	int count = 0;

	poll(wait, 2, passed < 1000 ? (int)(1000 - passed) : 0);
	if (wait[0].revents && !take_signal(daemon))
		return false;
	if (daemon->reader) {
		count = event_reader_read(daemon->reader, 0);
		if (count < 0 && count != -EINTR)
			tell(LOG_ERR, "the events cannot be read: %s", strerror(-count));
	}
	if (clock_now() / CLOCK_MILLISECOND - daemon->last_tick >= 1000) {
		if (daemon->reader && !count)
			look_for_losses(daemon);
		tick(daemon);
	}
	return true;
}

static int run(struct digsigd *daemon)
{
	struct daemon_state *state = daemon_state_open(RUN_DIRECTORY "/state");
	int err;

	if (!state) {
		tell(LOG_ERR, RUN_DIRECTORY "/state: %s", strerror(errno));
		return EXIT_FAILURE;
	}
	keeper_configure(&daemon->keeper, state, &daemon->config);
	err = follower_start(&daemon->config.roots, &daemon->follower);
	if (err) {
		tell(LOG_ERR, "files cannot be followed: %s", strerror(-err));
		return EXIT_FAILURE;
	}
	open_reader(daemon);
	start_fleet(daemon);
	sd_notify(0, "READY=1");
	tell_status(daemon);
	daemon->last_tick = clock_now() / CLOCK_MILLISECOND;
	while (serve(daemon))
		;
	sd_notify(0, "STOPPING=1");
	follower_stop(daemon->follower);
	stop_fleet(daemon);
	/* In a storm there is no end of them: the rest waits in the buffer. */
	for (int i = 0; i < 64 && daemon->reader; i++)
		if (event_reader_read(daemon->reader, 0) <= 0)
			break;
	keeper_flush(&daemon->keeper);
	close_reader(daemon);
	rollback_free(&daemon->rollback);
	keeper_close(&daemon->keeper);
	return EXIT_SUCCESS;
}

static const struct command_option options[] = {
	{ OPTION_VALUE, 0, "config", "FILE", "read FILE instead",
		OPTION_FIELD(struct digsigd, config_file), .offer = OFFER_FILES },
	{ 0 },
};

static const struct command digsigd_command = {
	.name = command_name,
	.usage = "[--config FILE]",
	.about = "Starts the engine as /etc/digsig/digsig.conf says, unless it runs; admits what is signed\n"
		 "below the roots, and what is installed there; writes what the engine sees to the journal\n"
		 "and to a file. Stays in the foreground. SIGHUP: reads the configuration again.\n",
	.options = options,
};

/* Before any thread: it inherits the mask. */
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

int main(int argc, char **argv)
{
	struct digsigd daemon = { 0 };
	struct config_problem problem;
	int status;

	command_start();
	if (!options_take(&digsigd_command, &argc, &argv, &daemon, &status))
		return output_finish(status, EXIT_FAILURE);
	umask(027);
	if (config_load(daemon.config_file, &daemon.config, &problem)) {
		tell(LOG_ERR, "%s", problem.text);
		return EXIT_FAILURE;
	}
	daemon.signals = catch_signals();
	status = EXIT_FAILURE;
	if (daemon.signals < 0)
		tell(LOG_ERR, "signalfd: %s", strerror(errno));
	else if (!take_instance_lock() && start_engine(&daemon.config))
		status = run(&daemon);
	config_free(&daemon.config);
	return status;
}
