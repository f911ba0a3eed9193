// SPDX-License-Identifier: GPL-2.0-or-later
#include "service.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "../../lib/command/complain.h"
#include "../../lib/file/read_small.h"
#include "../../lib/time/clock.h"
#include "config.h"

enum {
	NOTE_EVERY = 1000, /* milliseconds: what the host is told of events */
	CLOSE_SECONDS = 1, /* for acknowledgements */
};

static void report_host(void *closure, const char *text)
{
	(void)closure;
	complain("%s", text);
}

static void report_stream(void *closure, const char *text)
{
	(void)closure;
	complain("events: %s", text);
}

static void wake_linker(void *closure)
{
	const struct service *service = closure;

	eventfd_write(service->wake, 1);
}

static void *hold_link(void *closure)
{
	struct service *service = closure;
	struct pollfd wait = { .fd = service->wake, .events = POLLIN };
	eventfd_t unused;

	while (!atomic_load(&service->stops)) {
		unsigned int milliseconds = fleet_host_step(service->host);

		if (poll(&wait, 1, (int)milliseconds) > 0)
			eventfd_read(service->wake, &unused);
	}
	return NULL;
}

static bool read_boot(char *boot)
{
	size_t size;
	int err = file_read_small(AT_FDCWD, "/proc/sys/kernel/random/boot_id", boot, BOOT_SIZE, &size);

	if (err || size != BOOT_SIZE) {
		complain("/proc/sys/kernel/random/boot_id: %s", err ? strerror(-err) : "no UUID");
		return false;
	}
	boot[BOOT_SIZE - 1] = '\0'; /* the newline */
	return true;
}

/* Without a key no state is taken, and that is said of each; the events go on. */
static bool read_keys(struct service *service)
{
	const struct config_paths *paths = &service->config->fleet_trust;
	const char *bad_file = NULL;
	char text[512];

	if (trust_store_new(&service->fleet_keys)) {
		complain("out of memory");
		return false;
	}
	for (size_t i = 0; i < paths->count; i++) {
		int err = trust_store_add(service->fleet_keys, paths->path[i], &bad_file);

		if (!err)
			continue;
		trust_store_describe(paths->path[i], bad_file, err, text, sizeof(text));
		complain("%s", text);
	}
	return true;
}

static bool open_stream(struct service *service)
{
	const struct digsig_config *config = service->config;
	struct stream_settings settings = {
		.url = config->fleet_server,
		.subject_prefix = FLEET_EVENTS_PREFIX,
		.spool_limit = config->fleet_spool_size,
		.tls_ca = config->fleet_ca,
		.tls_certificate = config->fleet_certificate,
		.tls_key = config->fleet_key,
		.inbox_prefix = service->inbox_prefix,
		.report = report_stream,
	};
	int err;

	if (asprintf(&service->spool, "%s/events", service->folder) < 0) {
		service->spool = NULL;
		complain("out of memory");
		return false;
	}
	settings.spool = service->spool;
	err = stream_open(&settings, &service->stream);
	if (err)
		complain("%s: %s", service->spool, stream_open_problem(err));
	return !err;
}

static bool open_host(struct service *service)
{
	const struct digsig_config *config = service->config;
	const struct fleet_host_settings settings = {
		.group = config->fleet_group,
		.host = config->fleet_host,
		.folder = service->folder,
		.report_file = service->report_file,
		.fleet_keys = service->fleet_keys,
		.link = {
			.url = config->fleet_server,
			.ca = config->fleet_ca,
			.certificate = config->fleet_certificate,
			.key = config->fleet_key,
		},
		.facts = {
			.boot = service->boot,
			.kernel = service->machine.release,
			.machine = service->machine.machine,
			.version = KERNKIT_VERSION,
		},
		.wake = wake_linker,
		.report = report_host,
		.closure = service,
	};
	int err = fleet_host_open(&settings, &service->host);

	if (err)
		complain("%s: %s", service->folder, strerror(-err));
	return !err;
}

/* Events say less without it. */
static void open_packages(struct service *service)
{
	const char *given = getenv("DPKG_ADMINDIR"); /* as for dpkg itself */
	int err = package_index_new(
		"/", given && *given ? given : "/var/lib/dpkg", PACKAGE_INDEX_LOOK_EVERY, &service->packages);

	if (err)
		complain("events will name no packages: %s", strerror(-err));
}

static bool open_events(struct service *service)
{
	const struct fleet_events_settings settings = {
		.group = service->config->fleet_group,
		.host = service->config->fleet_host,
		.boot = service->boot,
		.folder = service->folder,
		.log_file = service->config->log_file,
		.log_keep = service->config->log_keep,
		.packages = service->packages,
		.stream = service->stream,
	};
	int err = fleet_events_open(&settings, &service->events);

	if (err)
		complain("%s/position: %s", service->folder, strerror(-err));
	return !err;
}

static bool start_linker(struct service *service)
{
	sigset_t all, before;
	int err;

	service->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (service->wake < 0) {
		complain("eventfd: %s", strerror(errno));
		return false;
	}
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	err = pthread_create(&service->linker, NULL, hold_link, service);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (err)
		complain("a thread cannot be started: %s", strerror(err));
	return !err;
}

static void close_parts(struct service *service)
{
	if (service->host)
		fleet_host_close(service->host);
	if (service->events)
		fleet_events_close(service->events);
	if (service->packages)
		package_index_free(service->packages);
	if (service->stream)
		stream_close(service->stream, CLOSE_SECONDS);
	if (service->wake >= 0)
		close(service->wake);
	trust_store_free(service->fleet_keys);
	free(service->spool);
}

int service_start(struct service *service, const struct digsig_config *config, const char *folder, const char *report_file)
{
	*service = (struct service){ .config = config, .folder = folder, .report_file = report_file, .wake = -1 };
	fleet_inbox_prefix(config->fleet_host, service->inbox_prefix);
	uname(&service->machine);
	open_packages(service);
	/* The host makes the folder. */
	if (read_boot(service->boot) && read_keys(service) && open_host(service) && open_stream(service) &&
		open_events(service) && start_linker(service))
		return 0;
	close_parts(service);
	return -1;
}

unsigned int service_step(struct service *service)
{
	unsigned int wait = fleet_events_step(service->events);
	__u64 now = clock_now() / CLOCK_MILLISECOND;
	struct status_events counts;

	if (now >= service->noted_at + NOTE_EVERY) {
		service->noted_at = now;
		fleet_events_counts(service->events, &counts);
		fleet_host_note_events(service->host, &counts, fleet_events_problem(service->events));
	}
	return wait;
}

void service_stop(struct service *service)
{
	atomic_store(&service->stops, true);
	wake_linker(service);
	pthread_join(service->linker, NULL);
	close_parts(service);
}

void service_leave(struct service *service)
{
	struct stream_counts counts;

	fleet_events_close(service->events);
	stream_counts(service->stream, &counts);
	/* It would wait for an attempt to connect; what the spool has is safe. */
	if (counts.is_connected)
		stream_close(service->stream, CLOSE_SECONDS);
}
