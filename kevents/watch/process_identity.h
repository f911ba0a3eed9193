/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who a process is, as records told that know it: for those of perf events, which know its id alone.
 */
#ifndef KEVENTS_WATCH_PROCESS_IDENTITY_H
#define KEVENTS_WATCH_PROCESS_IDENTITY_H

#include "../kevents.h"

struct process_identities;

struct process_identities *process_identities_new(void); /* NULL when memory is short */
void process_identities_free(struct process_identities *identities);

/* From a record in which parent_pid, uid, cgroup, start_time and comm are filled in. */
void process_identities_learn(struct process_identities *identities, const struct kevents_record *record);

/* The id is another process's from now on. */
void process_identities_forget(struct process_identities *identities, int32_t pid);

/* Fills them in; a comm that is there stays. False: nothing is known of record->pid. */
bool process_identities_fill(const struct process_identities *identities, struct kevents_record *record);

#endif
