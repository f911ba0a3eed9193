/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps the log: from an event to the journal and the file. */
#ifndef DIGSIG_DAEMON_KEEPER_H
#define DIGSIG_DAEMON_KEEPER_H

#include <json-c/json.h>
#include "../config/config.h"
#include "../kernel/engine.h"
#include "log_file.h"
#include "state.h"

struct keeper {
	struct daemon_state *state;
	struct log_file file;
	bool has_file;
	unsigned int rate;
	struct json_object *last; /* what the file ended with when it was taken up; NULL: nothing */
};

/* The configuration must live until the next call; state is not freed by keeper_close. */
void keeper_configure(
	struct keeper *keeper, struct daemon_state *state, const struct digsig_config *config);
/* Repeats that were not written stay counted in state: call keeper_flush first to write them. */
void keeper_close(struct keeper *keeper);

/* An event_handler; the context is the keeper. */
void keeper_take(const struct digsig_event *event, __u64 lost, void *context);

/*
 * Until this is called, an entry that is what the file ended with is not written again: that is for
 * the event and the notes which a killed digsigd may just have written.
 */
void keeper_forget_last(struct keeper *keeper);

/* Once a second: tells of repeats, and of what could not be written. */
void keeper_tick(struct keeper *keeper);
/* Tells of all repeats, whose time has not come too. */
void keeper_flush(struct keeper *keeper);

/* The engine lost count events, in all total, and no event came after them. */
void keeper_note_lost(struct keeper *keeper, __u64 count, __u64 total);

#endif
