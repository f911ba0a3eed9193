/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sends the records of /dev/kmsg over the network in the format of netconsole, those of before too. It waits until
 * the link has settled, keeps its place in a file, sends again what a loss of the link may have taken, and
 * paces itself. Reading /dev/kmsg never makes the kernel wait.
 *
 * To each message it adds a line of the dictionary, " netcon_boot_id=UUID", of /proc/sys/kernel/random/boot_id.
 */
#ifndef KERNKIT_NETCON_SEND_H
#define KERNKIT_NETCON_SEND_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>
#include "../route/address.h"
#include "settle.h"

/* No end: for the until of the settings. */
#define SEND_WITHOUT_END (~0ULL)

/* What a message has to fit into: the header of a datagram with the longest release alone takes half of it. */
enum { SEND_MTU_MIN = 400, SEND_MTU_MAX = 65535 };

/* What happens meanwhile. */
enum send_event {
	SEND_READY, /* /dev/kmsg, the state file and the socket are open */
	SEND_WAITING, /* for the link; state says for what: each time that this changes */
	SEND_WITHOUT_LINK, /* settle_max has passed without one: it goes on waiting, unless it is to stop then */
	SEND_SETTLED, /* it sends from now on */
	SEND_UNSETTLED, /* settle_max has passed; state is what it waited for. It sends nevertheless */
	SEND_INTERRUPTED, /* the link was lost; with err that was noticed by it. It waits again */
	SEND_FAILING, /* err, of sending, with a link that is good: it tries again. Told once for each error */
	SEND_OVERWRITTEN, /* count records were overwritten before they were read */
	SEND_REFUSED, /* nobody receives at the address; told once after each SEND_SETTLED */
	SEND_STATE_IGNORED, /* err: -EBADMSG: the file is damaged; -ERANGE: the kernel has no such record */
	SEND_STATE_NOT_WRITTEN, /* err; told once for each error */
};

struct send_happening {
	enum send_event what;
	enum settle_state state;
	const char *interface; /* its name; "": there is no route */
	__u64 count;
	int err; /* negative, or 0 */
};

struct send_settings {
	union address receiver; /* with its port */
	const char *interface; /* NULL: the one that the route uses */
	unsigned int source_port; /* 0: any */
	double settle_min, settle_max; /* seconds; settle.h says what they are for */
	double resend; /* seconds: what was sent so long before a loss was seen is sent again; of a neighbour a minute */
	const char *state_path; /* NULL: the place is not kept */
	unsigned int rate; /* datagrams a second, at least 1 */
	unsigned int mtu; /* bytes of a packet, IP and UDP headers included; 0: datagrams of 1000 bytes, as the kernel's */
	bool without_release;
	bool once; /* return when all that is there is sent */
	__u64 until; /* return when all records below this sequence number are sent; SEND_WITHOUT_END */
	int stop_fd; /* return when this can be read, such as a signalfd; -1: never */
	void (*happened)(const struct send_happening *happening, void *context); /* NULL: nobody wants to know */
	void *context;
};

/* In the order in which they are opened. */
enum send_part { SEND_NO_PART, SEND_BOOT_ID, SEND_KMSG, SEND_STATE, SEND_LINK, SEND_SOCKET };

struct send_result {
	enum send_part failed; /* what the error is about */
	__u64 next; /* the sequence number to go on from; of no meaning before anything was sent */
	__u64 messages, datagrams; /* sent, repeated ones included */
	__u64 repeated; /* messages that were sent once more */
	__u64 overwritten; /* records that came too late to be read */
	__u64 skipped; /* records that were not understood */
	__u64 interruptions;
};

#define SEND_SETTINGS_USUAL                                                                        \
	{                                                                                          \
		.source_port = 6665, .settle_min = 1, .settle_max = 60, .resend = 2, .rate = 1000, \
		.until = SEND_WITHOUT_END, .stop_fd = -1                                           \
	}

/*
 * Sends until the settings say that it is enough: 0. Otherwise a negative errno, and result->failed. It blocks, and
 * starts a thread if there is a state_path; signals should be blocked. result is filled in both cases.
 *
 * With once: -ENETDOWN, SEND_LINK: there was no link for settle_max; -EHOSTUNREACH, SEND_LINK: the neighbour did
 * not answer until the end, so that nothing has arrived: the state is as it was before.
 */
int send_records(const struct send_settings *settings, struct send_result *result);

/*
 * "ADDRESS", "ADDRESS:PORT", "[V6ADDRESS]", "[V6ADDRESS]:PORT", "V6ADDRESS", or a name in place of the address.
 * port: where none is given. 0 and *receiver; -EINVAL: text is none of these; -ENXIO: there is no such address, *why
 * in words of the C library, which stay.
 */
int send_receiver_find(const char *text, unsigned int port, union address *receiver, const char **why);

#endif
