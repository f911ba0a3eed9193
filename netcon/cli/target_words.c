// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include "../../lib/text/text.h"
#include "target_words.h"

void print_target(const struct target *target)
{
	char local[ENDPOINT_TEXT_MAX], remote[ENDPOINT_TEXT_MAX], mac[TARGET_MAC_TEXT_MAX];

	print_safely(stdout, target->name);
	fputs(": ", stdout);
	print_safely(stdout, target->interface);
	printf(", %s to %s at %s\n", endpoint_print(local, &target->local), endpoint_print(remote, &target->remote),
		target_print_mac(mac, target->mac));
}
