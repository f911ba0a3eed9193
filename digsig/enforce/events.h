/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads the engine's ring buffer. There is one reader at a time: what one has read is gone from
 * the buffer.
 */
#ifndef DIGSIG_ENFORCE_EVENTS_H
#define DIGSIG_ENFORCE_EVENTS_H

#include "engine.h"

/* lost: how many events were dropped between the one before and this one. */
typedef void event_handler(const struct digsig_event *event, __u64 lost, void *context);

struct event_reader;

/* -EBUSY: another process is reading. The engine must stay open as long as the reader. */
int event_reader_new(const struct engine *engine, event_handler *handler, void *context,
	struct event_reader **reader);
void event_reader_free(struct event_reader *reader);

/* Hands on what is there; waits for more if there is nothing and timeout_ms is not 0 (-1: for as
 * long as it takes). Returns how many events, or a negative errno (-EINTR: a signal). */
int event_reader_read(struct event_reader *reader, int timeout_ms);

/* "exec", "mmap", "write", "lock"; "?" for another number. A static string. */
const char *event_hook_name(unsigned int hook);

#endif
