// SPDX-License-Identifier: GPL-2.0-or-later
#include "inode_set.h"
#include <errno.h>
#include <stdlib.h>

static struct inode_id *find_place(
	struct inode_id *places, size_t room, __u64 device, __u64 inode)
{
	size_t at = (size_t)((device * 0x9e3779b97f4a7c15ULL + inode) * 0xff51afd7ed558ccdULL >> 20);

	for (;; at++) {
		struct inode_id *place = &places[at & (room - 1)];

		if ((place->device == device && place->inode == inode) ||
			(!place->device && !place->inode))
			return place;
	}
}

static int grow(struct inode_set *set)
{
	size_t room = set->room ? 2 * set->room : 1024;
	struct inode_id *places = calloc(room, sizeof(*places));

	if (!places)
		return -ENOMEM;
	for (size_t i = 0; i < set->room; i++) {
		const struct inode_id *old = &set->places[i];

		if (old->device || old->inode)
			*find_place(places, room, old->device, old->inode) = *old;
	}
	free(set->places);
	set->places = places;
	set->room = room;
	return 0;
}

int inode_set_add(struct inode_set *set, __u64 device, __u64 inode)
{
	struct inode_id *place;

	if (!device && !inode)
		return 1;
	if (2 * set->count >= set->room && grow(set))
		return -ENOMEM;
	place = find_place(set->places, set->room, device, inode);
	if (place->device || place->inode)
		return 0;
	*place = (struct inode_id){ device, inode };
	set->count++;
	return 1;
}

void inode_set_free(struct inode_set *set)
{
	free(set->places);
	*set = (struct inode_set){ 0 };
}
