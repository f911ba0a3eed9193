/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A server of one console: a line to the machine, and any number of clients, of which one may write. One thread, one
 * loop; neither a client nor an observer may block it.
 */
#ifndef SCCON_SERVER_SERVER_H
#define SCCON_SERVER_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <linux/types.h>
#include "../channel/tls.h"
#include "../line/line.h"

struct json_object;

enum { SERVER_LISTENERS_MAX = 8 };

/* What a replay may have: it has to fit into what waits for a client. */
#define SERVER_REPLAY_MOST ((size_t)128 << 10)

/* When something happened. */
struct server_time {
	__u64 real; /* nanoseconds since 1970 */
	__u64 monotonic; /* nanoseconds of CLOCK_MONOTONIC */
};

/* Who sees what goes through. No function may block for long: the console waits. */
struct server_observer {
	void *context;

	/* Bytes that came from the machine, before any client has them. They are hostile. */
	void (*from_machine)(void *context, const void *bytes, size_t size, const struct server_time *time);

	/* Bytes that the line took. */
	void (*to_machine)(void *context, const void *bytes, size_t size, const struct server_time *time);

	/* What happened otherwise, in words that are safe for a terminal: the line went away, somebody writes. */
	void (*event)(void *context, const char *words, const struct server_time *time);

	/* The machine's end was told this size. */
	void (*window)(void *context, unsigned int rows, unsigned int columns);

	/*
	 * What is sent first to a client that attaches, so that it sees what the screen shows: *bytes is to be freed with free(3).
	 * rows and columns: of its terminal; 0: not known. More than SERVER_REPLAY_MOST is not sent. 0 or a negative errno.
	 */
	int (*replay)(void *context, unsigned int rows, unsigned int columns, void **bytes, size_t *size);

	/* SIGHUP: files are opened anew. */
	void (*reopen)(void *context);

	/*
	 * Called in each turn of the loop. Returns when it wants to be called again at the latest, of CLOCK_MONOTONIC in nanoseconds;
	 * the largest number: no matter. For what is written after a while.
	 */
	__u64 (*attend)(void *context, __u64 now);

	/* Adds members to what status says. */
	void (*add_status)(void *context, struct json_object *status);
};

struct server_settings {
	const char *name; /* of the console, for people */
	struct line_settings line;

	const char *socket; /* path of a unix socket; NULL: none */
	mode_t mode; /* of it */
	const char *group; /* of it, by name or number; NULL: that of the process */
	const char *const *tcp; /* "[ADDRESS:]PORT"; without an address 127.0.0.1 */
	size_t tcp_count;
	struct tls_settings tls; /* a certificate: TLS on each TCP socket, without which only the loopback may be used */

	unsigned int clients_most;
	__u64 buffer; /* bytes that may wait for a client before it misses some */
	bool is_verbose; /* says who comes and goes */

	const struct server_observer *observer;
};

struct server;

/*
 * Listens, where systemd passed no sockets. 0; or a negative errno with words, safe for a terminal. -EINVAL: the settings are wrong;
 * -EPERM: TCP beyond the loopback without TLS.
 */
int server_open(const struct server_settings *settings, struct server **server, char words[FAILURE_SIZE]);

/* Serves until SIGTERM or SIGINT, which the caller has not blocked; tells systemd when it is ready. 0 or a negative errno. */
int server_run(struct server *server);

/* Tells the clients that it ends, and frees it. NULL: nothing. */
void server_close(struct server *server);

#endif
