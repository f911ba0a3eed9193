// SPDX-License-Identifier: GPL-2.0-or-later
#include "words.h"
#include <stddef.h>
#include <string.h>
#include "config.h"

const struct config_word config_modes[] = {
	{ "monitor", DIGSIG_MODE_MONITOR },
	{ "permissive", DIGSIG_MODE_PERMISSIVE },
	{ "enforcing", DIGSIG_MODE_ENFORCING },
	{ 0 },
};

const struct config_word config_wx_policies[] = {
	{ "allow", DIGSIG_WX_ALLOW },
	{ "audit", DIGSIG_WX_AUDIT },
	{ "deny", DIGSIG_WX_DENY },
	{ 0 },
};

const struct config_word config_expiries[] = {
	{ "warn", CONFIG_EXPIRY_WARN },
	{ "ignore", CONFIG_EXPIRY_IGNORE },
	{ "refuse", CONFIG_EXPIRY_REFUSE },
	{ 0 },
};

const struct config_word config_scopes[] = {
	{ "exec", DIGSIG_SCOPE_EXEC },
	{ "mmap", DIGSIG_SCOPE_MMAP },
	{ "mprotect", DIGSIG_SCOPE_MPROTECT },
	{ "scripts", DIGSIG_SCOPE_SCRIPTS },
	{ "modules", DIGSIG_SCOPE_MODULES },
	{ "firmware", DIGSIG_SCOPE_FIRMWARE },
	{ "kexec", DIGSIG_SCOPE_KEXEC },
	{ 0 },
};

bool config_word_value(const struct config_word *words, const char *name, unsigned int *value)
{
	for (; words->name; words++)
		if (!strcmp(words->name, name)) {
			*value = words->value;
			return true;
		}
	return false;
}

const char *config_word_name(const struct config_word *words, unsigned int value)
{
	for (; words->name; words++)
		if (words->value == value)
			return words->name;
	return NULL;
}
