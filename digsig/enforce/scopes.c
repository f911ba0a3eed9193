// SPDX-License-Identifier: GPL-2.0-or-later
#include "scopes.h"
#include <errno.h>
#include <string.h>

struct scope {
	const char *name;
	const char *judged; /* switched on */
	const char *not_judged; /* switched off */
};

/* In the order of the bits of enum digsig_scope. */
static const struct scope scopes[] = {
	{ "exec", "programs and interpreters at exec", "programs and interpreters at exec" },
	{ "mmap", "loaders and libraries when mapped as code",
		"loaders and libraries when mapped as code" },
	{ "mprotect", "mapped files that mprotect makes executable",
		"mapped files that mprotect makes executable" },
	{ "scripts", "scripts that begin with #!, and AT_EXECVE_CHECK",
		"scripts that begin with #! (their interpreter is), and AT_EXECVE_CHECK" },
	{ "modules", "kernel modules", "kernel modules" },
	{ "firmware", "firmware", "firmware" },
	{ "kexec", "kernels for kexec", "kernels for kexec" },
};

#define SCOPE_COUNT (sizeof(scopes) / sizeof(scopes[0]))

static const char *const wx_names[] = {
	[DIGSIG_WX_ALLOW] = "allow",
	[DIGSIG_WX_AUDIT] = "audit",
	[DIGSIG_WX_DENY] = "deny",
};

const char *scope_name(unsigned int bit)
{
	return bit < SCOPE_COUNT ? scopes[bit].name : NULL;
}

/* enum digsig_scope; 0: no such scope. */
static unsigned int scope_by_name(const char *name)
{
	for (unsigned int bit = 0; bit < SCOPE_COUNT; bit++)
		if (!strcmp(name, scopes[bit].name))
			return 1u << bit;
	return 0;
}

const char *wx_name(unsigned int wx)
{
	return wx <= DIGSIG_WX_DENY ? wx_names[wx] : NULL;
}

int scope_set(const char *assignment, unsigned int *set)
{
	const char *value = strchr(assignment, '=');
	char name[16] = "";
	unsigned int scope;

	if (!value || (size_t)(value - assignment) >= sizeof(name))
		return -EINVAL;
	memcpy(name, assignment, (size_t)(value - assignment));
	scope = scope_by_name(name);
	if (!scope)
		return -EINVAL;
	if (!strcmp(value, "=on"))
		*set |= scope;
	else if (!strcmp(value, "=off"))
		*set &= ~scope;
	else
		return -EINVAL;
	return 0;
}

size_t scopes_judged(const struct digsig_settings *settings, const char *words[SCOPE_WORDS_MAX])
{
	size_t count = 0;

	for (unsigned int bit = 0; bit < SCOPE_COUNT; bit++)
		if (settings->scopes & 1u << bit)
			words[count++] = scopes[bit].judged;
	if (settings->wx == DIGSIG_WX_DENY)
		words[count++] = "memory that is writable and executable, unless signed with --wx";
	return count;
}

size_t scopes_not_judged(
	const struct digsig_settings *settings, const char *words[SCOPE_WORDS_MAX])
{
	size_t count = 0;

	for (unsigned int bit = 0; bit < SCOPE_COUNT; bit++)
		if (!(settings->scopes & 1u << bit))
			words[count++] = scopes[bit].not_judged;
	if (settings->wx == DIGSIG_WX_AUDIT)
		words[count++] = "memory that is writable and executable (it is logged)";
	if (settings->wx == DIGSIG_WX_ALLOW)
		words[count++] = "memory that is writable and executable";
	words[count++] = "what a signed interpreter reads by itself (sh FILE)";
	if (!settings->is_locked)
		words[count++] = "root stopping the engine";
	return count;
}
