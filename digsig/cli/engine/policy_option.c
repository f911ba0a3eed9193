// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy_option.h"
#include "../../enforce/scopes.h"
#include "../cli.h"

const struct option_word wx_words[] = {
	{ "allow", DIGSIG_WX_ALLOW },
	{ "audit", DIGSIG_WX_AUDIT },
	{ "deny", DIGSIG_WX_DENY },
	{ 0 },
};

#define SCOPE_WORDS(scope) { scope "=on", 0 }, { scope "=off", 0 }

const struct option_word scope_words[] = {
	SCOPE_WORDS("exec"),
	SCOPE_WORDS("mmap"),
	SCOPE_WORDS("mprotect"),
	SCOPE_WORDS("scripts"),
	SCOPE_WORDS("modules"),
	SCOPE_WORDS("firmware"),
	SCOPE_WORDS("kexec"),
	{ 0 },
};

int policy_option_scope(const char *assignment, struct engine_policy *policy)
{
	if (scope_set(assignment, &policy->scopes))
		return usage_error("%s: a scope and on or off, as in modules=off; the scopes are exec, mmap, "
				   "mprotect, scripts, modules, firmware and kexec",
			assignment);
	return EXIT_OK;
}
