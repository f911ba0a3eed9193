/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A connection, and the two threads that use it. */
#ifndef KERNKIT_STREAM_SESSION_H
#define KERNKIT_STREAM_SESSION_H

#include "state.h"

enum { LISTEN = 200 }; /* milliseconds: how often who waits for acknowledgements looks around */

struct session {
	struct stream *stream;
	struct connection *connection;
};

/* Takes acknowledgements until the stream's is_broken, which it sets itself when the connection is. A thread's function. */
void *session_take_acknowledgements(void *session);

/* Whether a message waits for its answer, and no answer came, for longer than that. With lock. */
bool session_is_overdue(const struct stream *stream, unsigned int milliseconds);

#endif
