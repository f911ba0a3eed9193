/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The link to the receiver, as the kernel has it now, and word of its changes. */
#ifndef KERNKIT_NETCON_SEND_LINK_H
#define KERNKIT_NETCON_SEND_LINK_H

#include <stdbool.h>
#include "../route/address.h"
#include "settle.h"

struct link;

/* interface: NULL: the one that the route uses. Both stay the caller's, and have to stay. 0 or a negative errno. */
int link_open(const union address *receiver, const char *interface, struct link **link);
void link_close(struct link *link); /* link may be NULL */

/* Readable when something has changed, of this link or another. */
int link_fd(const struct link *link);

/* What word of changes there was. It has been read then. */
struct link_news {
	bool is_any; /* the link should be looked at */
	bool is_loss; /* the interface that link_look saw lost its carrier, whatever it has now */
};

void link_read_news(struct link *link, struct link_news *news);

/* Word of neighbours, too: while one is waited for. */
void link_want_neighbours(struct link *link, bool is_wanted);

/* The link now. 0 or a negative errno; no route, interface or carrier is no error. */
int link_look(struct link *link, struct link_view *view);

/* The name of the interface that was seen last; "": none. */
const char *link_interface(const struct link *link);

/* Makes the kernel look for the neighbour that was seen last. 0 or a negative errno: -EPERM: without CAP_NET_ADMIN. */
int link_ask_neighbour(struct link *link);

#endif
