// SPDX-License-Identifier: GPL-2.0-or-later
#include "build.h"
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../file/kernel_module.h"
#include "builder.h"

int catalog_builder_new(struct catalog_builder **builder, unsigned int selection,
	catalog_complaint *complain, void *context)
{
	*builder = calloc(1, sizeof(**builder));
	if (!*builder)
		return -ENOMEM;
	(*builder)->selection = selection;
	(*builder)->complain = complain;
	(*builder)->context = context;
	return 0;
}

void catalog_builder_free(struct catalog_builder *builder)
{
	if (!builder)
		return;
	for (size_t i = 0; i < builder->count; i++)
		free(builder->candidates[i].path);
	free(builder->candidates);
	free(builder);
}

void catalog_builder_watch(struct catalog_builder *builder, const struct catalog_watch *watch)
{
	builder->watch = *watch;
}

int builder_tick(struct catalog_builder *builder)
{
	const struct catalog_watch *watch = &builder->watch;

	builder->paths++;
	if (watch->tick)
		watch->tick(watch->context, builder->paths);
	return watch->is_cancelled && *watch->is_cancelled ? -ECANCELED : 0;
}

void catalog_builder_count(const struct catalog_builder *builder, struct catalog_counts *counts)
{
	*counts = builder->counts;
}

void builder_note_failure(struct catalog_builder *builder, const char *path, int err)
{
	builder->counts.failed++;
	builder->complain(builder->context, path, err);
}

static bool is_wanted_by_name(unsigned int selection, const char *path)
{
	return selection & CATALOG_EVERYTHING ||
		(selection & CATALOG_FIRMWARE && strstr(path, "lib/firmware/"));
}

int builder_add_file(struct catalog_builder *builder, const char *path, const struct stat *st)
{
	struct candidate *candidate;

	if (builder->count == builder->room) {
		size_t room = builder->room ? 2 * builder->room : 4096;
		struct candidate *more =
			reallocarray(builder->candidates, room, sizeof(*more));

		if (!more)
			return -ENOMEM;
		builder->candidates = more;
		builder->room = room;
	}
	candidate = &builder->candidates[builder->count];
	*candidate = (struct candidate){
		.path = strdup(path),
		.device = st->st_dev,
		.inode = st->st_ino,
		.size = (__u64)st->st_size,
		.is_wanted_by_name = is_wanted_by_name(builder->selection, path),
		.is_named_as_module = kernel_module_is_named(path),
	};
	if (!candidate->path)
		return -ENOMEM;
	builder->count++;
	return 0;
}

static int add_entry(struct catalog_builder *builder, const FTSENT *entry)
{
	switch (entry->fts_info) {
	case FTS_F:
		return builder_add_file(builder, entry->fts_path, entry->fts_statp);
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		/* What goes away while a living system is walked is not missed. */
		if (entry->fts_errno == ENOENT && entry->fts_level > 0)
			builder->counts.gone++;
		else
			builder_note_failure(builder, entry->fts_path, -entry->fts_errno);
		break;
	case FTS_DEFAULT:
		if (entry->fts_level == 0)
			builder_note_failure(builder, entry->fts_path, -EINVAL);
		break;
	}
	return 0;
}

int catalog_builder_add(struct catalog_builder *builder, const char *path)
{
	char *roots[] = { (char *)path, NULL };
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR | FTS_XDEV, NULL);
	FTSENT *entry;
	int err = 0;

	if (!tree)
		return -errno;
	while (!err && (entry = fts_read(tree))) {
		err = add_entry(builder, entry);
		if (!err)
			err = builder_tick(builder);
	}
	fts_close(tree);
	return err;
}
