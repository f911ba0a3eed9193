// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Subscriptions. libnats may still call back after a link is closed, and it is done with a subscription of its own accord when
 * the connection breaks: who is the last, it or the link, frees what belongs to one.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "link_nats.h"

struct fleet_hearing {
	struct fleet_hearing *next;
	natsSubscription *subscription;
	pthread_mutex_t lock; /* of what follows */
	fleet_heard *heard; /* NULL: nobody hears any more */
	void *closure;
	int users; /* the link, and libnats */
};

static void hear(natsConnection *nats, natsSubscription *subscription, natsMsg *message, void *closure)
{
	struct fleet_hearing *hearing = closure;

	(void)nats;
	(void)subscription;
	pthread_mutex_lock(&hearing->lock);
	if (hearing->heard)
		hearing->heard(hearing->closure, natsMsg_GetSubject(message), natsMsg_GetData(message),
			(size_t)natsMsg_GetDataLength(message));
	pthread_mutex_unlock(&hearing->lock);
	natsMsg_Destroy(message);
}

static void let_go(void *closure)
{
	struct fleet_hearing *hearing = closure;
	bool is_last;

	pthread_mutex_lock(&hearing->lock);
	is_last = !--hearing->users;
	pthread_mutex_unlock(&hearing->lock);
	if (!is_last)
		return;
	pthread_mutex_destroy(&hearing->lock);
	free(hearing);
}

/* Whether the server allows it is known once it has answered to what is sent behind it. */
static natsStatus wait_for_server(struct fleet_link *link, const char *subject)
{
	natsStatus status = natsConnection_FlushTimeout(link->nats, LINK_MILLISECONDS);
	const char *text = NULL;

	if (!status && natsConnection_GetLastError(link->nats, &text) == NATS_NOT_PERMITTED && text &&
		strstr(text, subject))
		status = NATS_NOT_PERMITTED;
	return status;
}

int fleet_link_hear(struct fleet_link *link, const char *subject, fleet_heard *heard, void *closure, char *problem)
{
	struct fleet_hearing *hearing = calloc(1, sizeof(*hearing));
	natsStatus status;

	if (!hearing)
		return link_fail(link, NATS_NO_MEMORY, subject, problem);
	pthread_mutex_init(&hearing->lock, NULL);
	hearing->heard = heard;
	hearing->closure = closure;
	status = natsConnection_Subscribe(&hearing->subscription, link->nats, subject, hear, hearing);
	hearing->users = 1;
	if (status) {
		let_go(hearing);
		return link_fail(link, status, subject, problem);
	}
	hearing->next = link->hearings;
	link->hearings = hearing;
	/* It cannot be told when libnats is done with one that broke already: that one is never freed. */
	hearing->users = 2;
	natsSubscription_SetOnCompleteCB(hearing->subscription, let_go, hearing);
	status = wait_for_server(link, subject);
	return status ? link_fail(link, status, subject, problem) : 0;
}

void link_stop_hearing(struct fleet_link *link)
{
	while (link->hearings) {
		struct fleet_hearing *hearing = link->hearings;
		natsSubscription *subscription = hearing->subscription;

		link->hearings = hearing->next;
		pthread_mutex_lock(&hearing->lock);
		hearing->heard = NULL;
		pthread_mutex_unlock(&hearing->lock);
		let_go(hearing);
		natsSubscription_Destroy(subscription);
	}
}
