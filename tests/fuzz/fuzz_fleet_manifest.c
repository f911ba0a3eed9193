// SPDX-License-Identifier: GPL-2.0-or-later
/* The state of a fleet: what is taken reads the same once it is written. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "digsig/fleet/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_again(const struct fleet_manifest *manifest)
{
	char *text = fleet_manifest_print(manifest), *text_again;
	struct fleet_manifest again;
	struct fleet_problem problem;

	/* Each line is at most as long as it was read. */
	if (!text || fleet_manifest_parse(text, strlen(text), &again, &problem))
		abort();
	text_again = fleet_manifest_print(&again);
	if (!text_again || strcmp(text, text_again) || again.made != manifest->made ||
		again.valid_until != manifest->valid_until || again.blob_count != manifest->blob_count)
		abort();
	free(text);
	free(text_again);
	fleet_manifest_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fleet_manifest manifest, merged;
	struct fleet_problem problem;

	if (fleet_manifest_parse((const char *)data, size, &manifest, &problem))
		return 0;
	check_again(&manifest);
	if (fleet_manifest_merge(&manifest, &manifest, &merged))
		abort();
	check_again(&merged);
	fleet_manifest_free(&merged);
	fleet_manifest_free(&manifest);
	return 0;
}
