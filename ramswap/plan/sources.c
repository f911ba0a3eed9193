// SPDX-License-Identifier: GPL-2.0-or-later
#include "sources.h"
#include <string.h>
#include "parts.h"

enum ramswap_use plan_use(struct plan_draft *draft, const char *name, const char *other_name)
{
	enum ramswap_use use = RAMSWAP_USE_AUTO;

	for (size_t i = 0; i < draft->settings->source_count && i < RAMSWAP_SOURCES_MAX; i++) {
		const struct ramswap_source *source = &draft->settings->sources[i];

		if (strcmp(source->name, name) && (!other_name || strcmp(source->name, other_name)))
			continue;
		draft->is_settings_entry_known[i] = true;
		/* Of two that contradict each other, no counts. */
		if (source->use != RAMSWAP_USE_AUTO && use != RAMSWAP_USE_NO)
			use = source->use;
	}
	return use;
}

void plan_unknown_sources(struct plan_draft *draft)
{
	for (size_t i = 0; i < draft->settings->source_count && i < RAMSWAP_SOURCES_MAX; i++) {
		const struct ramswap_source *source = &draft->settings->sources[i];

		if (draft->is_settings_entry_known[i])
			continue;
		if (source->use == RAMSWAP_USE_YES || source->use == RAMSWAP_USE_SYSTEM_RAM)
			plan_say(draft, RAMSWAP_REFUSAL, "source-missing", source->name,
				"[source %s] is to be used, and this machine has none of that name: ramswap sources "
				"lists them",
				source->name);
		else
			plan_say(draft, RAMSWAP_REASON, "source-unknown", source->name,
				"[source %s] names nothing that this machine has", source->name);
	}
}

const struct ramswap_node *plan_node(const struct ramswap_facts *facts, int node)
{
	for (size_t i = 0; i < facts->node_count; i++)
		if (node >= 0 && facts->nodes[i].id == (unsigned int)node)
			return &facts->nodes[i];
	return NULL;
}

unsigned int plan_node_distance(const struct ramswap_facts *facts, int number)
{
	const struct ramswap_node *node = plan_node(facts, number);
	unsigned int nearest = ~0U;
	size_t index;

	if (!node)
		return nearest;
	index = (size_t)(node - facts->nodes);
	for (size_t i = 0; i < facts->node_count && index < RAMSWAP_NODES_MAX; i++) {
		unsigned int distance = facts->nodes[i].distances[index];

		if (facts->nodes[i].has_processors && distance && distance < nearest)
			nearest = distance;
	}
	return nearest;
}

bool plan_is_far_node(const struct ramswap_node *node)
{
	return node->is_online && node->has_memory && !node->has_processors;
}
