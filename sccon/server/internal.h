/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of a server, for each other. */
#ifndef SCCON_SERVER_INTERNAL_H
#define SCCON_SERVER_INTERNAL_H

#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include "../../lib/time/clock.h"
#include "../channel/channel.h"
#include "../channel/target.h"
#include "../protocol/frame.h"
#include "../protocol/queue.h"
#include "server.h"
#include "token.h"

/* What waits for the machine. While there is no room for a frame, the writer is not read from. */
#define INPUT_MOST ((size_t)64 << 10)

/* Beside the data that waits for a client: for answers and notices. */
#define CONTROL_ROOM ((size_t)256 << 10)

/* How long a client may take to say who it is. */
#define HELLO_TIME (10 * CLOCK_SECOND)

/* Clients that have not said hello, or are told to go. One more, and the oldest of them goes. */
enum { STRANGERS_MOST = 16 };

enum { WHO_SIZE = 256 };

struct listener {
	int fd;
	bool is_local, has_tls;
	char path[TARGET_PATH_SIZE]; /* to be removed at the end; "": not */
	dev_t device;
	ino_t inode;
};

enum session_state { SESSION_HANDSHAKE, SESSION_GREETING, SESSION_HELLO, SESSION_OPEN, SESSION_ENDING };

/* The server's end of a client. */
struct session {
	__u64 id;
	struct channel channel;
	enum session_state state;
	bool is_watching;
	bool awaits_window; /* it watches when it has told its window, which is to come next */
	bool wants_replay;
	bool is_closed; /* to be freed */
	bool is_gone; /* poll(2) says so; something of it may be left to be read */
	bool has_hung_up; /* all of it was read */
	bool is_blocked; /* a whole frame is there that cannot be taken yet */
	bool has_shut; /* nothing more is sent to it */
	bool is_deaf; /* nothing can be sent to it */
	char from[WHO_SIZE], who[WHO_SIZE]; /* safe for a terminal */
	__u8 in[FRAME_MOST];
	size_t used;
	struct queue out;
	struct frame_window window; /* 0 x 0: not told */
	__u64 since; /* seconds since 1970 */
	__u64 deadline; /* for saying hello, or to take what it is told at the end */
	__u64 sent, received; /* bytes of data */
	__u64 missed, missed_ever; /* bytes that it did not get, of which it was not told yet, and all */
	__u64 notices_missed;
	__u64 discarded, discarded_said; /* bytes that did not go to the machine, of which it was not told; when it was last */
};

struct server_counters {
	__u64 from_machine, to_machine;
	__u64 discarded; /* bytes to the machine that nobody took: not from the writer, or the line was away */
	__u64 missed; /* bytes from the machine that a client did not get, each client counted */
	__u64 connections, connections_refused, strangers; /* strangers: did not speak the protocol */
	__u64 breaks, takeovers;
	__u64 line_came, line_went;
};

struct server {
	const struct server_settings *settings;
	struct line *line;
	struct queue input; /* to the machine */
	struct listener listeners[SERVER_LISTENERS_MAX];
	size_t listener_count;
	struct ssl_ctx_st *tls;
	struct session **sessions;
	size_t session_count;
	__u64 last_id;
	struct token token;
	struct server_counters counters;
	struct server_time started;
	__u64 accept_again; /* after there were no descriptors left */
	bool is_ending;
};

/* listen.c: opens all sockets. 0 or a negative errno, with words. */
int server_listen(struct server *server, char words[FAILURE_SIZE]);
void server_unlisten(struct server *server);

/* accept.c: all that wait there. */
void server_accept(struct server *server, const struct listener *listener, __u64 now);

/* session.c */
int session_fd(const struct server *server, const struct session *session);
bool session_is_ready(const struct server *server, const struct session *session); /* without poll(2) */
short session_events(const struct server *server, const struct session *session);
void session_attend(struct server *server, struct session *session, short revents, __u64 now);
__u64 session_due(const struct session *session);
/* Closes it at the end of the turn: what is in the queue is not sent. */
void session_drop(struct server *server, struct session *session);
void session_free(struct session *session);
/* Sends the reason, and closes it when that is sent. */
void session_end(struct server *server, struct session *session, __u64 now, const char *reason);

/* deliver.c: what goes to clients. */
void session_describe(char who[WHO_SIZE], const char *format, ...) __attribute__((format(printf, 2, 3)));
void session_put(struct session *session, enum frame_type type, const void *payload, size_t size);
/* In as many frames as it takes. */
void session_put_pieces(struct session *session, enum frame_type type, const char *bytes, size_t size);
void session_notice(struct session *session, const char *format, ...) __attribute__((format(printf, 2, 3)));
void session_say_missed(const struct server *server, struct session *session);
void session_say_discarded(struct session *session, __u64 now, const char *why);
void server_deliver(struct server *server, const void *bytes, size_t size);
void session_replay(struct server *server, struct session *session);
/* Tells the observer, all that watch but one, and with --verbose standard error. */
void server_event(struct server *server, const struct session *but, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* With --verbose on standard error alone: what strangers do is nobody's business who watches. */
void server_log(const struct server *server, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* dispatch.c: a frame of a client; false: it is to be taken later. */
bool session_dispatch(struct server *server, struct session *session, const struct frame *frame, __u64 now);
void session_release(struct server *server, struct session *session);
struct session *server_session(const struct server *server, __u64 id);

/* machine.c: the line. */
void server_attend_line(struct server *server, short revents, __u64 now);
struct server_time server_now(void);

/* status.c */
void session_send_status(struct server *server, struct session *session);

#endif
