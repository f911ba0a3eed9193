// SPDX-License-Identifier: GPL-2.0-or-later
/* Any bytes as a recording: every frame that it is said to have can be gone to, in any order. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "slabtop/slab/recording.h"

static void play(struct slab_recording *recording)
{
	struct slab_snapshot snapshot = { 0 };
	size_t frames = slab_recording_frames(recording);

	for (size_t i = 0; i < frames; i++)
		if (slab_recording_seek(recording, i, &snapshot))
			abort();
	for (size_t i = frames; i-- > 0;)
		if (slab_recording_seek(recording, i, &snapshot))
			abort();
	for (size_t i = 0; i < snapshot.count; i++)
		if (!slab_recording_find(recording, snapshot.caches[i].name))
			abort();
	slab_snapshot_free(&snapshot);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slab_recording *recording;
	struct slab_damage damage;
	char path[64];
	int fd = memfd_create("recording", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (!slab_recording_open(&recording, path, &damage)) {
		if (!slab_recording_frames(recording))
			abort();
		play(recording);
		slab_recording_free(recording);
	}
	close(fd);
	return 0;
}
