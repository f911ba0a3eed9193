/* SPDX-License-Identifier: GPL-2.0 */
/* What is judged at all can be switched, one scope at a time. */
#ifndef DIGSIG_SCOPE_BPF_H
#define DIGSIG_SCOPE_BPF_H

#include "maps.bpf.h"

/* The settings if the scope is switched on, else NULL. */
static __always_inline struct digsig_settings *settings_in_scope(__u32 scope)
{
	struct digsig_settings *set = get_settings();

	return set && set->scopes & scope ? set : NULL;
}

#endif
