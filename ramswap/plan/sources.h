/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What [source NAME] says of the memory that a machine has. */
#ifndef RAMSWAP_PLAN_SOURCES_H
#define RAMSWAP_PLAN_SOURCES_H

#include "draft.h"

/* Of a source that has one name or two ("pmem0", "namespace0.0"; else NULL). Notes that it was asked for. */
enum ramswap_use plan_use(struct plan_draft *draft, const char *name, const char *other_name);

/* How far a node is from the nearest one that has processors; ~0U: nobody knows. */
unsigned int plan_node_distance(const struct ramswap_facts *facts, int node);

/* A node by its number; NULL: there is none. */
const struct ramswap_node *plan_node(const struct ramswap_facts *facts, int node);

/* Memory that is the kernel's own and on the other side of a slow link: a node that has memory and no processors. */
bool plan_is_far_node(const struct ramswap_node *node);

#endif
