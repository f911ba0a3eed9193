// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include "../../lib/text/text.h"
#include "../target/console.h"
#include "target_words.h"

void print_target(const struct target *target)
{
	char local[ADDRESS_TEXT_MAX], remote[ADDRESS_TEXT_MAX], mac[TARGET_MAC_TEXT_MAX];

	print_safely(stdout, target->name);
	fputs(": ", stdout);
	print_safely(stdout, target->interface);
	printf(", %s to %s at %s\n", address_print_with_port(local, &target->local),
		address_print_with_port(remote, &target->remote), target_print_mac(mac, target->mac));
}

void warn_of_panic(const struct target *target)
{
	int seconds;

	if (!console_loses_panic(&seconds))
		return;
	print_safely(stdout, target->name);
	printf(": a panic will not be sent: with kernel.panic = %d this kernel restarts before: "
	       "sysctl kernel.panic=0\n", seconds);
}
