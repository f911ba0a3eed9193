/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the main thread of netcon recv does while the others receive: signals, time, and outputs that fail. */
#ifndef NETCON_RECV_LOOP_H
#define NETCON_RECV_LOOP_H

#include "../output/metrics.h"
#include "../receive/receiver.h"

/* Before there are threads, so that no other one gets the signals that recv_loop takes. */
void recv_block_signals(void);

/*
 * Until SIGTERM or SIGINT, for duration seconds (0: without end), until the receiver is done, or standard output has
 * failed. metrics is written when it is time, if it has a path. print_counts: for SIGUSR1.
 */
void recv_loop(struct receiver *receiver, struct output_set *outputs, double duration, struct metrics_file *metrics,
	void (*print_counts)(const struct receiver_counts *counts));

#endif
