/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads the engine's ring buffer. There is one reader at a time: what one has read is gone from
 * the buffer.
 *
 * Where a reader is stands in two places, and both outlive it. The buffer's consumer position, in
 * the kernel, moves on after the handler has returned for an event. EVENT_READER_FILE, which is
 * also the lock, names the event for which the handler returned last and how many losses were
 * told. So a reader that was killed, at whatever instruction, leaves the next one to begin with the
 * event that it was handling, or with the one behind it; never is one left out, and only the event
 * during whose handling it was killed is handed on a second time.
 */
#ifndef DIGSIG_ENFORCE_EVENTS_H
#define DIGSIG_ENFORCE_EVENTS_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>
#include "engine.h"

#define EVENT_READER_FILE "/run/digsig.log.lock"

/* lost: how many events were dropped between the one before and this one. */
typedef void event_handler(const struct digsig_event *event, __u64 lost, void *context);

struct event_reader;

/* -EBUSY: another process is reading. The engine must stay open as long as the reader. */
int event_reader_new(const struct engine *engine, event_handler *handler, void *context,
	struct event_reader **reader);
/* Frees it and lets the next reader in; NULL: does nothing. */
void event_reader_free(struct event_reader *reader);

/*
 * Hands on what is there, some hundreds at most; waits for more if there is nothing and timeout_ms
 * is not 0 (-1: for as long as it takes). Returns how many events, or a negative errno (-EINTR: a
 * signal).
 */
int event_reader_read(struct event_reader *reader, int timeout_ms);

/* Is readable when there are events; owned by the reader. */
int event_reader_fd(const struct event_reader *reader);

/* How many of total, the engine's count of lost events, no event has told of yet. */
__u64 event_reader_untold(const struct event_reader *reader, __u64 total);

/* From now on they count as told. */
void event_reader_tell_lost(struct event_reader *reader, __u64 total);

/* Who reads the log. */
struct event_reader_owner {
	pid_t pid;
	bool is_daemon; /* digsigd, which keeps a log; else digsig log, which prints it */
	char log_file[PATH_MAX]; /* digsigd's file of JSON lines; empty: it has none */
};

/* Lets others know that this reader is digsigd; log_file may be NULL. */
void event_reader_announce(struct event_reader *reader, const char *log_file);

/* Who the reader is at the moment. -ENOENT: nobody. */
int event_reader_find(struct event_reader_owner *owner);

/* "exec", "mmap", "write", "lock"; "?" for another number. A static string. */
const char *event_hook_name(unsigned int hook);

#endif
