// SPDX-License-Identifier: GPL-2.0-or-later
#include "criteria.h"
#include <ctype.h>
#include <stddef.h>

#define VALUE(name, expression)                                                                    \
	static double name(const struct slab_track *track, __u64 page_size)                        \
	{                                                                                          \
		(void)page_size;                                                                   \
		return (double)(expression);                                                       \
	}

VALUE(active_objects, track->now.active_objs)
VALUE(objects_per_slab, track->now.objs_per_slab)
VALUE(cache_size, slab_cache_bytes(&track->now, page_size))
VALUE(slabs, track->now.num_slabs)
VALUE(active_slabs, track->now.active_slabs)
VALUE(objects, track->now.num_objs)
VALUE(pages_per_slab, track->now.pages_per_slab)
VALUE(object_size, track->now.obj_size)
/* As it is shown, so that what looks the same stays in the order of the kernel. */
VALUE(utilization, track->now.num_objs ? (__u64)(100.0 * (double)track->now.active_objs /
						 (double)track->now.num_objs)
				       : 0)
VALUE(growth_rate, slab_growth_rate(track))
VALUE(growth_total, slab_growth_total(track))

const struct criterion criteria[] = {
	{ 'o', "number of objects (the default)", objects },
	{ 'a', "number of active objects", active_objects },
	{ 'b', "objects per slab", objects_per_slab },
	{ 'c', "cache size", cache_size },
	{ 'l', "number of slabs", slabs },
	{ 'v', "(non display) number of active slabs", active_slabs },
	{ 'n', "name", NULL },
	{ 'p', "(non display) pages per slab", pages_per_slab },
	{ 's', "object size", object_size },
	{ 'u', "cache utilization", utilization },
	{ 'g', "growth per second", growth_rate },
	{ 't', "growth since the start, in total", growth_total },
	{ 0, NULL, NULL },
};

const struct criterion *find_criterion(char letter)
{
	for (const struct criterion *criterion = criteria; criterion->letter; criterion++)
		if (criterion->letter == tolower((unsigned char)letter))
			return criterion;
	return NULL;
}

bool is_of_growth(const struct criterion *criterion)
{
	return criterion->value == growth_rate || criterion->value == growth_total;
}
