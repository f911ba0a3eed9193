/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who a process is, as records told that know it: for those of perf events, which know its id alone.
 */
#ifndef KEVENTS_WATCH_WHO_H
#define KEVENTS_WATCH_WHO_H

#include "../kevents.h"

struct who;

struct who *who_new(void); /* NULL when memory is short */
void who_free(struct who *who);

/* From a record in which parent_pid, uid, cgroup, start_time and comm are filled in. */
void who_learn(struct who *who, const struct kevents_record *record);

/* The id is another process's from now on. */
void who_forget(struct who *who, int32_t pid);

/* Fills them in; a comm that is there stays. False: nothing is known of record->pid. */
bool who_fill(const struct who *who, struct kevents_record *record);

#endif
