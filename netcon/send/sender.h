/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of sending share: private to this folder. */
#ifndef KERNKIT_NETCON_SEND_SENDER_H
#define KERNKIT_NETCON_SEND_SENDER_H

#include <sys/utsname.h>
#include "kmsg.h"
#include "link.h"
#include "pace.h"
#include "place.h"
#include "resend.h"
#include "send.h"

struct sender {
	const struct send_settings *settings;
	struct send_result *result;
	char boot_id[BOOT_ID_SIZE + 1];
	char release[sizeof(((struct utsname *)NULL)->release)]; /* "": none is sent */
	struct kmsg kmsg;
	struct place_keeper *keeper; /* NULL: the place is not kept */
	struct link *link;
	int socket;

	enum { SENDER_WAITING, SENDER_SENDING, SENDER_DONE } phase;
	struct settle settle;
	struct pace pace;
	struct resend resend;
	__u64 look_time; /* when the link was looked at last */
	bool is_look_due;
	__u64 pause_end; /* nothing is sent before, after an error */

	bool has_next; /* false: the next record is the first that is read */
	__u64 next;
	__u64 start; /* next at the beginning */
	__u64 highest; /* result->next before anything was sent again */
	bool is_from_file; /* next is the file's, and no record of it was seen yet */
	int failing; /* of the last try, if that failed although there is a link; 0 */
	int told_failing; /* the same, as told last */
	bool is_refused; /* that nobody receives was told */
	bool lacks_link; /* that there is no link was told */
	enum settle_state told_state; /* what is waited for, as told */
	int keeper_err; /* of the keeper, as told */
};

/* The link now, not as it settled. 0 or a negative errno, and result->failed. */
int sender_look(struct sender *sender, struct link_view *view);

void sender_tell(const struct sender *sender, struct send_happening happening);

/*
 * Sending stops now, and the link has to settle. err: 0: the link was seen to be lost; otherwise of sending, by which it
 * was noticed late. 0 or a negative errno.
 */
int sender_interrupt(struct sender *sender, int err);

/* Waits until something happens, or for so long: 0 or a negative errno. The phase may be another one then. */
int sender_watch(struct sender *sender, __u64 wait, bool with_kmsg);

/* The socket has an error to tell: 0 or a negative errno. */
int sender_take_error(struct sender *sender);

/* A step of each phase. */
int sender_wait_for_link(struct sender *sender);
int sender_send_next(struct sender *sender);

#endif
