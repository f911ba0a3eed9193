// SPDX-License-Identifier: GPL-2.0-or-later
/* Opening, connecting, and what is due when. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/time/clock.h"
#include "../fleet/handover.h"
#include "host_parts.h"

enum {
	CONNECT_LEAST = 500, /* milliseconds between attempts */
	CONNECT_MOST = 60000,
	CHECK_LEAST = 2000,
	FETCH_LEAST = 1000,
	FETCH_MOST = 120000,
	TIMEOUTS_MAX = 3, /* answers that did not come, until another connection is made */
	LOOK_AROUND = 1000, /* whether the connection is there still, and what digsigd says */
};

/* After a message was heard: the stream may not have it yet, or a server of the cluster that is asked may not. */
static const unsigned int look_delays[] = { 50, 200, 1000, 4000 };
enum { LOOKS = sizeof(look_delays) / sizeof(look_delays[0]) };

__u64 host_now(void)
{
	return clock_now() / CLOCK_MILLISECOND;
}

__u64 host_spread(unsigned int milliseconds)
{
	return milliseconds - milliseconds / 5 + arc4random_uniform(2 * (milliseconds / 5) + 1);
}

void host_changed(struct fleet_host *host)
{
	pthread_mutex_lock(&host->lock);
	host->changes++;
	pthread_mutex_unlock(&host->lock);
}

void host_problem(struct fleet_host *host, enum host_topic topic, const char *format, ...)
{
	char text[FLEET_HOST_PROBLEM], *known = host->problems[topic];
	bool is_new;
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	pthread_mutex_lock(&host->lock);
	is_new = strcmp(known, text) != 0;
	strcpy(known, text);
	host->changes += is_new;
	pthread_mutex_unlock(&host->lock);
	if (is_new && *text && host->settings.report)
		host->settings.report(host->settings.closure, text);
}

static void read_ready(struct fleet_host *host, enum fleet_scope scope, const char *file, const char *name)
{
	struct accepted *accepted = &host->accepted[scope];

	if (set_store_read(&host->store, file, &accepted->state))
		return;
	if (fleet_state_is_for(&accepted->state, scope, name))
		accepted->ready = accepted->state.manifest.sequence;
	else
		fleet_state_free(&accepted->state); /* the host was in another group, or had another name */
}

int fleet_host_open(const struct fleet_host_settings *settings, struct fleet_host **opened)
{
	struct fleet_host *host = calloc(1, sizeof(*host));
	int err = host ? set_store_open(settings->folder, &host->store) : -ENOMEM;

	if (err) {
		free(host);
		return err;
	}
	host->settings = *settings;
	fleet_inbox_prefix(settings->host, host->inbox_prefix);
	host->settings.link.inbox_prefix = host->inbox_prefix;
	host->settings.check_every = settings->check_every ? settings->check_every : FLEET_CHECK_EVERY;
	host->settings.status_every = settings->status_every ? settings->status_every : FLEET_STATUS_EVERY;
	host->connect_again = (struct backoff){ .least = CONNECT_LEAST, .most = CONNECT_MOST };
	host->check_again = (struct backoff){ .least = CHECK_LEAST, .most = host->settings.check_every };
	host->fetch_again = (struct backoff){ .least = FETCH_LEAST, .most = FETCH_MOST };
	pthread_mutex_init(&host->lock, NULL);
	read_ready(host, FLEET_GROUP, FLEET_GROUP_FILE, settings->group);
	read_ready(host, FLEET_HOST, FLEET_HOST_FILE, settings->host);
	*opened = host;
	return 0;
}

void fleet_host_close(struct fleet_host *host)
{
	if (host->link)
		fleet_link_close(host->link);
	set_store_close(&host->store);
	for (size_t i = 0; i < SCOPES; i++)
		fleet_state_free(&host->accepted[i].state);
	free(host->sent.stripped);
	pthread_mutex_destroy(&host->lock);
	free(host);
}

static void close_link(struct fleet_host *host)
{
	if (host->link)
		fleet_link_close(host->link);
	host->link = NULL;
	host->timeouts = 0;
	host->connect_at = host_now() + backoff_next(&host->connect_again);
}

void host_link_failed(struct fleet_host *host, int err, const char *problem)
{
	host_problem(host, TOPIC_LINK, "%s", problem);
	host->timeouts = err == -ETIMEDOUT ? host->timeouts + 1 : host->timeouts;
	if (err == -ENOTCONN || host->timeouts >= TIMEOUTS_MAX)
		close_link(host);
}

static void hear_scope(void *closure, enum fleet_scope scope)
{
	struct fleet_host *host = closure;

	atomic_store(&host->heard_at, (__s64)clock_read(CLOCK_REALTIME));
	atomic_fetch_or(&host->heard, 1U << scope);
	if (host->settings.wake)
		host->settings.wake(host->settings.closure);
}

/*
 * Nothing is done with the bytes: they were published, but the stream may have refused them. What it has is asked for. By a
 * thread of libnats.
 */
static void hear_group(void *closure, const char *subject, const void *bytes, size_t size)
{
	(void)subject;
	(void)bytes;
	(void)size;
	hear_scope(closure, FLEET_GROUP);
}

static void hear_host(void *closure, const char *subject, const void *bytes, size_t size)
{
	(void)subject;
	(void)bytes;
	(void)size;
	hear_scope(closure, FLEET_HOST);
}

static int subscribe(struct fleet_host *host, char *problem)
{
	char subject[FLEET_SUBJECT_MAX];
	int err;

	fleet_state_subject(FLEET_GROUP, host->settings.group, subject);
	err = fleet_link_hear(host->link, subject, hear_group, host, problem);
	if (err)
		return err;
	fleet_state_subject(FLEET_HOST, host->settings.host, subject);
	return fleet_link_hear(host->link, subject, hear_host, host, problem);
}

static void connect_link(struct fleet_host *host)
{
	char problem[FLEET_LINK_PROBLEM] = "";
	int err = fleet_link_open(&host->settings.link, &host->link, problem);

	if (err)
		host->link = NULL;
	else
		err = subscribe(host, problem);
	if (err) {
		host_problem(host, TOPIC_LINK, "%s", problem);
		close_link(host);
		return;
	}
	host_problem(host, TOPIC_LINK, "%s", "");
	/* What was published meanwhile was not heard. */
	host->check_at = host->fetch_at = 0;
	/* Thousands may have come back at once. */
	host->sent.due_at = host_now() + arc4random_uniform(STATUS_LEAST);
}

/* Whether there is a connection. */
static bool hold_link(struct fleet_host *host)
{
	if (host->link && !fleet_link_is_connected(host->link)) {
		host_problem(host, TOPIC_LINK, "the connection was lost");
		close_link(host);
	}
	if (!host->link && host_now() >= host->connect_at)
		connect_link(host);
	return host->link != NULL;
}

/* After a message was heard: until the stream has one that was not looked at. */
static void look(struct fleet_host *host)
{
	unsigned int heard = atomic_exchange(&host->heard, 0);
	__u64 before[SCOPES];

	if (heard) {
		host->looks_for |= heard;
		host->looked = 0;
		host->look_at = 0;
	}
	if (!host->looks_for || host_now() < host->look_at)
		return;
	for (size_t i = 0; i < SCOPES; i++)
		before[i] = host->accepted[i].message;
	host_check(host, host->looks_for);
	for (size_t i = 0; i < SCOPES; i++)
		if (host->accepted[i].message != before[i])
			host->looks_for &= ~(1U << i);
	if (host->looked == LOOKS)
		host->looks_for = 0;
	else
		host->look_at = host_now() + look_delays[host->looked++];
}

static void check_regularly(struct fleet_host *host)
{
	if (host_now() < host->check_at)
		return;
	if (!host_check(host, 1U << FLEET_GROUP | 1U << FLEET_HOST)) {
		host->check_at = host_now() + backoff_next(&host->check_again);
		return;
	}
	host->check_at = host_now() + host_spread(host->settings.check_every);
	/* It works again: the next loss begins with short waits. */
	backoff_reset(&host->check_again);
	backoff_reset(&host->connect_again);
}

static unsigned int until(__u64 time, unsigned int most)
{
	__u64 now = host_now();

	if (time <= now)
		return 0;
	return time - now < most ? (unsigned int)(time - now) : most;
}

unsigned int fleet_host_step(struct fleet_host *host)
{
	unsigned int wait = 0;

	if (!hold_link(host))
		return until(host->connect_at, LOOK_AROUND);
	look(host);
	if (host->link)
		check_regularly(host);
	if (host->link && host->is_incomplete && host_now() >= host->fetch_at)
		host_fetch(host);
	if (host->link)
		wait = host_tell(host);
	if (!host->link)
		return until(host->connect_at, LOOK_AROUND);
	if (atomic_load(&host->heard))
		return 0;
	if (host->looks_for)
		wait = until(host->look_at, wait);
	if (host->is_incomplete)
		wait = until(host->fetch_at, wait);
	return until(host->check_at, wait);
}

void fleet_host_note_events(struct fleet_host *host, const struct status_events *events, const char *problem)
{
	pthread_mutex_lock(&host->lock);
	host->changes += events->refused != host->events.refused || events->lost != host->events.lost;
	host->events = *events;
	pthread_mutex_unlock(&host->lock);
	host_problem(host, TOPIC_EVENTS, "%s", problem);
}

__u64 fleet_host_ready(const struct fleet_host *host)
{
	return host->accepted[FLEET_GROUP].ready;
}

const char *fleet_host_problem(struct fleet_host *host)
{
	for (size_t i = 0; i < HOST_TOPICS; i++)
		if (*host->problems[i])
			return host->problems[i];
	return "";
}

bool fleet_host_is_connected(const struct fleet_host *host)
{
	return host->link != NULL;
}
