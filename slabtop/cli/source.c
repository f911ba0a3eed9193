// SPDX-License-Identifier: GPL-2.0-or-later
#include "source.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cli.h"
#include "config.h"

static int complain_open(const char *path, int err)
{
	if (err == -EACCES && !strcmp(path, SLABINFO))
		complain("%s: permission denied: run as root, or with CAP_DAC_READ_SEARCH", path);
	else if (err == -ENOENT && !strcmp(path, SLABINFO))
		complain("%s: not there: this kernel has no slab statistics, or /proc is not "
			 "mounted",
			path);
	else
		complain("%s: %s", path, strerror(-err));
	return EXIT_ERROR;
}

static int complain_read(const char *path, int err)
{
	if (err == -EPROTO)
		complain("%s: neither slabinfo nor a recording", path);
	else if (err == -EPROTONOSUPPORT)
		complain("%s: a version of slabinfo that is not known: 1.x and 2.x are", path);
	else if (err == -EFBIG)
		complain("%s: more than 64 MiB: this is no slabinfo", path);
	else
		return complain_open(path, err);
	return EXIT_ERROR;
}

int source_open(struct source *source, const char *path, const char *sysfs_path, __u64 page_size)
{
	*source = (struct source){
		.path = path ? path : SLABINFO,
		/* Another machine's caches are not this one's. */
		.sysfs_path = sysfs_path		       ? sysfs_path
			      : path && strcmp(path, SLABINFO) ? NULL
							       : SLAB_FOLDER,
		.page_size = page_size ? page_size : (__u64)sysconf(_SC_PAGESIZE),
	};
	source->fd = open(source->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	return source->fd < 0 ? complain_open(source->path, -errno) : EXIT_OK;
}

int source_open_recording(struct source *source, const char *path)
{
	struct slab_damage damage;
	int err;

	*source = (struct source){ .path = path, .fd = -1 };
	err = slab_recording_open(&source->recording, path, &damage);
	if (err == -EPROTO)
		complain("%s: not a recording: " SLABTOP_NAME " record makes one", path);
	else if (err == -ENODATA)
		complain("%s: there is no whole snapshot in it", path);
	else if (err)
		complain("%s: %s", path, strerror(-err));
	if (err)
		return EXIT_ERROR;
	if (damage.line && damage.is_cut)
		complain("%s: the last snapshot is cut off, in line %llu: the %zu before it are "
			 "used",
			path, (unsigned long long)damage.line,
			slab_recording_frames(source->recording));
	else if (damage.line)
		complain("%s: line %llu is damaged: what follows is left out, %zu snapshots are "
			 "used",
			path, (unsigned long long)damage.line,
			slab_recording_frames(source->recording));
	return EXIT_OK;
}

int source_open_any(struct source *source, const char *path)
{
	static const char magic[] = "slabtop recording";
	char start[sizeof(magic) - 1];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t got;

	if (fd < 0)
		return complain_open(path, -errno);
	got = read(fd, start, sizeof(start));
	close(fd);
	return got == (ssize_t)sizeof(start) && !memcmp(start, magic, sizeof(start))
		       ? source_open_recording(source, path)
		       : source_open(source, path, NULL, 0);
}

static int take_in(struct source *source)
{
	int err = slab_tracker_update(&source->tracker, &source->snapshot);

	if (err)
		complain("%s: %s", source->path, strerror(-err));
	return err ? EXIT_ERROR : EXIT_OK;
}

static int take_frame(struct source *source, size_t frame)
{
	int err = slab_recording_seek(source->recording, frame, &source->snapshot);

	if (err) {
		complain("%s: it has changed since it was opened: open it again", source->path);
		return EXIT_ERROR;
	}
	source->frame = frame;
	return take_in(source);
}

int source_refresh(struct source *source)
{
	int err;

	if (source->recording) {
		size_t next = source->tracker.updates ? source->frame + 1 : 0;

		return next < slab_recording_frames(source->recording) ? take_frame(source, next)
								       : EXIT_OK;
	}
	source->snapshot.page_size = source->page_size;
	err = slab_read(&source->snapshot, source->fd);
	return err ? complain_read(source->path, err) : take_in(source);
}

int source_seek(struct source *source, size_t frame)
{
	size_t from = frame >= SLAB_HISTORY ? frame - SLAB_HISTORY + 1 : 1;
	int code;

	if (source->tracker.updates && frame == source->frame + 1)
		return take_frame(source, frame);
	source_restart(source);
	code = take_frame(source, 0);
	for (; from <= frame && code == EXIT_OK; from++)
		code = take_frame(source, from);
	return code;
}

void source_restart(struct source *source)
{
	slab_tracker_free(&source->tracker);
	free(source->facts);
	source->facts = NULL;
	source->fact_count = 0;
}

/* Caches came or went: merged ones may have other names now. */
static void renew_facts(struct source *source)
{
	size_t count = source->tracker.next_id;

	slab_sysfs_free(source->sysfs);
	source->sysfs = NULL;
	if (source->sysfs_path)
		slab_sysfs_open(&source->sysfs, source->sysfs_path);
	free(source->facts);
	source->facts = calloc(count + 1, sizeof(*source->facts));
	source->fact_count = source->facts ? count : 0;
	source->facts_generation = source->tracker.generation;
}

static void look_up(struct source *source, const struct slab_track *track, struct facts *facts)
{
	const struct slab_recorded *recorded;
	const struct slab_facts *found;

	facts->is_valid = true;
	if (source->recording) {
		recorded = slab_recording_find(source->recording, track->now.name);
		if (!recorded)
			return;
		facts->kind = recorded->flag == 'r'   ? RECLAIMABLE
			      : recorded->flag == 'u' ? UNRECLAIMABLE
						      : UNKNOWN;
		facts->names = recorded->names;
		facts->name_count = recorded->name_count;
		return;
	}
	found = source->sysfs ? slab_sysfs_find(source->sysfs, track->now.name, SLAB_RECLAIMABLE)
			      : NULL;
	if (!found)
		return;
	facts->kind = found->flags & SLAB_RECLAIMABLE ? RECLAIMABLE : UNRECLAIMABLE;
	facts->names = found->names;
	facts->name_count = found->name_count;
}

const struct facts *source_facts(struct source *source, const struct slab_track *track)
{
	static const struct facts none;
	struct facts *facts;

	if (!source->facts || source->facts_generation != source->tracker.generation)
		renew_facts(source);
	if (track->id >= source->fact_count)
		return &none;
	facts = &source->facts[track->id];
	if (!facts->is_valid)
		look_up(source, track, facts);
	return facts;
}

const char *facts_other_name(
	const struct facts *facts, const struct slab_track *track, size_t number)
{
	for (size_t i = 0; i < facts->name_count; i++)
		if (strcmp(facts->names[i], track->now.name) && !number--)
			return facts->names[i];
	return NULL;
}

void source_close(struct source *source)
{
	source_restart(source);
	slab_snapshot_free(&source->snapshot);
	slab_sysfs_free(source->sysfs);
	slab_recording_free(source->recording);
	if (source->fd >= 0)
		close(source->fd);
}
