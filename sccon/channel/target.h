/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a server of a console is, and connecting to it. */
#ifndef SCCON_CHANNEL_TARGET_H
#define SCCON_CHANNEL_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include "../../lib/text/endpoint.h"
#include "../protocol/failure.h"
#include "wait.h"

/* The grammar in words, for help and errors. */
#define TARGET_RULE "PATH of a unix socket, NAME of /run/sccon/NAME, HOST:PORT or tls:HOST:PORT"

enum { TARGET_PATH_SIZE = 108 }; /* of struct sockaddr_un */

struct target {
	bool is_local, has_tls;
	char path[TARGET_PATH_SIZE]; /* if is_local */
	struct endpoint endpoint; /* otherwise */
};

/* 0 and *target; -EINVAL: text is not that; -ENAMETOOLONG: a path that no socket can have. */
int target_parse(const char *text, struct target *target);

/*
 * A socket that is connected and does not block; or a negative errno, and what it means in words, safe for a terminal. It
 * is waited for some seconds: until deadline, of CLOCK_MONOTONIC in nanoseconds. Only the name of a host is looked up without the
 * waiter. -ECANCELED is what the waiter has to say if no other address is to be tried.
 */
int target_connect(
	const struct target *target, const struct waiter *waiter, unsigned long long deadline, char words[FAILURE_SIZE]);

#endif
