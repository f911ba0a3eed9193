// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy_option.h"
#include "../enforce/scopes.h"
#include "cli.h"

int policy_option_wx(const char *subcommand, const char *name, struct engine_policy *policy)
{
	if (wx_by_name(name, &policy->wx))
		return usage_error(subcommand, "--wx %s: it is allow, audit or deny", name);
	return EXIT_OK;
}

int policy_option_scope(
	const char *subcommand, const char *assignment, struct engine_policy *policy)
{
	if (scope_set(assignment, &policy->scopes))
		return usage_error(subcommand,
			"%s: a scope and on or off, as in modules=off; the scopes are exec, mmap, "
			"mprotect, scripts, modules, firmware and kexec",
			assignment);
	return EXIT_OK;
}
