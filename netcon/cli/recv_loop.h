/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the main thread of netcon recv does while the others receive: signals, time, and outputs that fail. */
#ifndef NETCON_RECV_LOOP_H
#define NETCON_RECV_LOOP_H

#include "../receive/receiver.h"

/* Before there are threads, so that no other one gets the signals that recv_loop takes. */
void recv_block_signals(void);

/*
 * Until SIGTERM or SIGINT, for duration seconds (0: without end), or until the receiver is done. print_counts: for SIGUSR1. An exit
 * code, having complained: EXIT_ERROR if standard output has failed.
 */
int recv_loop(struct receiver *receiver, struct output_set *outputs, double duration,
	void (*print_counts)(const struct receiver_counts *counts));

#endif
