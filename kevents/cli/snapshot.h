/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Maps of what runs now, and of recordings. */
#ifndef KEVENTS_CLI_SNAPSHOT_H
#define KEVENTS_CLI_SNAPSHOT_H

#include "../maps.h"

/*
 * Of a process as it is now, or of all (pid 0), with what its JIT compiler has written. No watch is
 * begun, so no right is needed but that to look at the process. 0, or a negative errno with *error:
 * -ESRCH: there is no such process.
 */
int maps_of_running(int32_t pid, struct kevents_maps **maps, struct kevents_error *error);

/*
 * Of all records of a recording; *end is the time of the last. When it is damaged, *maps is what
 * came before; the error is returned all the same.
 */
int maps_of_recording(struct kevents_reader *reader, struct kevents_maps_options *options,
	struct kevents_maps **maps, uint64_t *end, struct kevents_error *error);

#endif
